//! The output in memory, and how a folder differs from it.

mod earlier;
mod place;
mod write;

use crate::diagnostic::Diagnostics;
pub(crate) use place::read;
use place::{at, is_same_text};
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// Generated files: path, relative with `/` between its parts, and text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileSet {
    files: BTreeMap<String, String>,
    warnings: Diagnostics,
}

/// What [`FileSet::write_to`] did, each list in the order of the paths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// Files that are new or whose text changed.
    pub written: Vec<String>,
    /// Files that already had this text and were left alone.
    pub unchanged: Vec<String>,
    /// Files of an earlier run that nothing in the schema asks for any more, now deleted.
    pub removed: Vec<String>,
}

/// How a file in a folder differs from the output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// The file's text is not that of the output, its line ends aside; `found` is its text.
    Changed {
        /// The file's path in the folder.
        path: String,
        /// The file's text as it is.
        found: String,
        /// The file's text as it should be.
        expected: String,
    },
    /// The output has the file and the folder has not.
    Missing {
        /// The file's path in the folder.
        path: String,
    },
    /// An earlier run wrote the file, and the output no longer has it.
    Orphaned {
        /// The file's path in the folder.
        path: String,
    },
}

impl Difference {
    /// The file's path in the folder.
    pub fn path(&self) -> &str {
        match self {
            Difference::Changed { path, .. } | Difference::Missing { path } | Difference::Orphaned { path } => path,
        }
    }
}

impl FileSet {
    pub(crate) fn insert(&mut self, path: impl Into<String>, text: String) {
        self.files.insert(path.into(), text);
    }

    pub(crate) fn with_warnings(self, warnings: Diagnostics) -> Self {
        Self { warnings, ..self }
    }

    /// What the schema says and hardly means.
    pub fn warnings(&self) -> &Diagnostics {
        &self.warnings
    }

    /// The files in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The text of a file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// How the folder's files differ from these, in the order of the paths. Line ends are no difference: Git checks
    /// files out with those of the system (`core.autocrlf`). Files that the generator did not write count only where
    /// they stand in the place of one of these. An orphaned file is one that a root (`mod.rs`, `src/lib.rs`) of the
    /// same schema declares; a copy that somebody made of a generated file is none.
    ///
    /// # Errors
    ///
    /// A file or folder cannot be read.
    pub fn compare(&self, folder: impl AsRef<Path>) -> io::Result<Vec<Difference>> {
        self.differences(folder.as_ref(), false)
    }

    /// As [`compare`](Self::compare) says; also files of another schema's output are orphaned that this one replaces.
    fn differences(&self, folder: &Path, replace: bool) -> io::Result<Vec<Difference>> {
        let mut differences = Vec::new();
        for (path, expected) in &self.files {
            let file = folder.join(path);
            match read(&file).map_err(|error| at(&file, &error))? {
                Some(found) if is_same_text(&found, expected) => {}
                Some(found) => differences.push(Difference::Changed {
                    path: path.clone(),
                    found: String::from_utf8_lossy(&found).into_owned(),
                    expected: expected.clone(),
                }),
                None => differences.push(Difference::Missing { path: path.clone() }),
            }
        }
        for path in self.orphans(folder, replace) {
            differences.push(Difference::Orphaned { path });
        }
        differences.sort_by(|one, other| one.path().cmp(other.path()));
        Ok(differences)
    }
}
