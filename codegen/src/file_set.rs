//! The output in memory, and its differences from a folder.

mod earlier;
mod place;
mod write;

use crate::diagnostic::Diagnostics;
pub(crate) use place::read;
use place::{at, is_same_text};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

/// Generated files: each has a relative path, with `/` between its parts, and a text.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use dyntastic_codegen::{Form, Options, Sources, generate};
///
/// let mut sources = Sources::new();
/// sources.read("models.yaml")?;
/// let files = generate(&sources, &Options::new(Form::Module))?;
/// files.write_to("src/models")?;
/// assert!(files.compare("src/models")?.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileSet {
    files: BTreeMap<String, String>,
    warnings: Diagnostics,
    /// Whether it is a page about the schema, which may be beside the code of the same schema.
    is_page: bool,
}

/// The result of [`FileSet::write_to`]. Each list is in the order of the paths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// Files that are new or whose text changed.
    pub written: Vec<String>,
    /// Files that already had this text, and were not touched.
    pub unchanged: Vec<String>,
    /// Files of an earlier run that are no longer part of the output, and were deleted.
    pub removed: Vec<String>,
}

/// A difference between a file in a folder and the output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// The file has another text than the output, apart from line ends.
    Changed {
        /// The file's path in the folder.
        path: String,
        /// The file's text in the folder.
        found: String,
        /// The file's text in the output.
        expected: String,
    },
    /// The output has the file, but the folder does not.
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

    /// A page as the only file.
    #[cfg(feature = "catalog")]
    pub(crate) fn of_page(path: &str, text: String) -> Self {
        Self { files: BTreeMap::from([(path.to_owned(), text)]), is_page: true, ..Self::default() }
    }

    pub(crate) fn with_warnings(self, warnings: Diagnostics) -> Self {
        Self { warnings, ..self }
    }

    /// The schema's warnings: valid parts that are probably not as intended.
    pub fn warnings(&self) -> &Diagnostics {
        &self.warnings
    }

    /// The path and text of each file, in the order of the paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The text of the file at `path`.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// The differences between a folder's files and these, in the order of the paths.
    ///
    /// Line ends are not a difference, since Git may check files out with the system's (`core.autocrlf`). A file that
    /// the generator did not write counts only at the path of one of these files. An orphaned file is one that a root
    /// (`mod.rs`, `src/lib.rs`) of the same schema declares; a copy of a generated file is not orphaned.
    ///
    /// # Errors
    ///
    /// A file or folder cannot be read.
    pub fn compare(&self, folder: impl AsRef<Path>) -> io::Result<Vec<Difference>> {
        self.differences(folder.as_ref(), false)
    }

    /// The differences as in [`compare`](Self::compare). With `replace`, the files of another schema's output are
    /// orphaned too.
    fn differences(&self, folder: &Path, replace: bool) -> io::Result<Vec<Difference>> {
        let mut differences = Vec::new();
        let empty = self.empty_folders(folder);
        for (path, expected) in &self.files {
            let file = folder.join(path);
            if file.parent().is_some_and(|parent| empty.contains(parent)) {
                differences.push(Difference::Missing { path: path.clone() });
                continue;
            }
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

    /// The folders of these files that hold nothing, or are not there: nobody needs to look for each file in them.
    fn empty_folders(&self, folder: &Path) -> BTreeSet<PathBuf> {
        let folders = self.files.keys().filter_map(|path| folder.join(path).parent().map(Path::to_owned));
        let folders: BTreeSet<PathBuf> = folders.collect();
        let is_empty = |folder: &PathBuf| match folder.read_dir() {
            Ok(mut entries) => entries.next().is_none(),
            Err(error) => error.kind() == io::ErrorKind::NotFound && !folder.is_symlink(),
        };
        folders.into_iter().filter(is_empty).collect()
    }
}
