//! Schema files as text. They are read once and kept, so that diagnostics can point into them.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The schema files of one model set, in the order in which they were added.
///
/// All files together make one set: a model may be in any of them, and a name may be defined only once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    files: Vec<Source>,
    /// The files that were read.
    read: BTreeSet<Identity>,
    /// The paths of the files and folders that others include.
    included: BTreeSet<PathBuf>,
}

/// One schema file: its name, as diagnostics and headers show it, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) text: String,
    /// The offset of the first byte that is not UTF-8; the text has U+FFFD there.
    pub(crate) not_utf8_at: Option<usize>,
}

/// A range of bytes in one file of [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Span {
    pub(crate) file: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// A place in a schema file: line and column, both from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// The lines of schema files: the names of the files, and the offsets of their line ends.
pub(crate) struct Lines(Vec<(String, Vec<usize>)>);

impl Lines {
    /// The line of a place, such as `models.yaml:12`.
    pub(crate) fn of(&self, span: Span) -> String {
        self.0.get(span.file).map_or_else(String::new, |(name, ends)| {
            let line = ends.partition_point(|end| *end < span.start) + 1;
            format!("{name}:{line}")
        })
    }
}

impl Sources {
    /// Sources without files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a schema's bytes under the name that diagnostics show.
    ///
    /// A byte order mark is dropped and CRLF line ends count as LF. Bytes that are not UTF-8 become a diagnostic of
    /// [`generate`](crate::generate).
    pub fn add(&mut self, name: impl Into<String>, bytes: impl AsRef<[u8]>) -> &mut Self {
        let bytes = bytes.as_ref();
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let valid = std::str::from_utf8(bytes);
        let crlf = |prefix: &[u8]| prefix.windows(2).filter(|pair| pair == b"\r\n").count();
        self.files.push(Source {
            name: name.into(),
            not_utf8_at: valid.err().map(|error| {
                let at = error.valid_up_to();
                at - crlf(bytes.get(..at).unwrap_or_default())
            }),
            text: String::from_utf8_lossy(bytes).replace("\r\n", "\n"),
        });
        self
    }

    /// Adds a schema's bytes, unless there is a schema of this name.
    pub(crate) fn add_once(&mut self, name: String, bytes: Vec<u8>) {
        if !self.files.iter().any(|file| file.name == name) {
            self.add(name, bytes);
        }
    }

    /// Reads a schema file, or every `.yaml` and `.yml` file directly in a folder (also in capitals), in the order of
    /// their names. A file that was already read, by any path or link, is skipped.
    ///
    /// # Errors
    ///
    /// The file or folder cannot be read, or a folder holds no schema file.
    pub fn read(&mut self, path: impl AsRef<Path>) -> io::Result<&mut Self> {
        let path = path.as_ref();
        if path.is_dir() {
            for file in schema_files(path)? {
                self.read_file(&file)?;
            }
        } else {
            self.read_file(path)?;
        }
        Ok(self)
    }

    fn read_file(&mut self, file: &Path) -> io::Result<()> {
        // What has no identity cannot be read twice.
        if identity(file).map_or(true, |identity| self.read.insert(identity)) {
            self.add(display_name(file), read_schema_file(file)?);
        }
        Ok(())
    }

    /// The path that a file means by a relative one: it is relative to the file's folder.
    pub(crate) fn beside(&self, file: usize, path: &str) -> PathBuf {
        Path::new(self.name(file)).parent().unwrap_or(Path::new("")).join(path)
    }

    /// Notes that a file or folder that another file includes was read.
    pub(crate) fn note_included(&mut self, path: &Path) {
        self.included.insert(path.to_owned());
    }

    /// The paths of the files and folders that others include.
    pub(crate) fn included(&self) -> &BTreeSet<PathBuf> {
        &self.included
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, &Source)> {
        self.files.iter().enumerate()
    }

    pub(crate) fn get(&self, file: usize) -> Option<&Source> {
        self.files.get(file)
    }

    pub(crate) fn name(&self, file: usize) -> &str {
        self.get(file).map_or("", |source| source.name.as_str())
    }

    /// The lines of all files.
    pub(crate) fn lines(&self) -> Lines {
        let of = |source: &Source| {
            let ends = source.text.match_indices('\n').map(|(at, _)| at).collect();
            (source.name.clone(), ends)
        };
        Lines(self.files.iter().map(of).collect())
    }

    pub(crate) fn position(&self, file: usize, offset: usize) -> Position {
        let text = self.get(file).map_or("", |source| source.text.as_str());
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Position {
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or("").chars().count() + 1,
        }
    }
}

/// What a file is, whichever of its names a path has: links lead to one file.
#[cfg(unix)]
type Identity = (u64, u64);
#[cfg(not(unix))]
type Identity = PathBuf;

#[cfg(unix)]
fn identity(file: &Path) -> io::Result<Identity> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(file).map(|found| (found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn identity(file: &Path) -> io::Result<Identity> {
    std::fs::canonicalize(file)
}

/// The `.yaml` and `.yml` files directly in a folder (also in capitals), in the order of their names.
///
/// # Errors
///
/// The folder cannot be read, or holds no such file.
pub fn schema_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let is_schema =
            path.extension().is_some_and(|e| e.eq_ignore_ascii_case("yaml") || e.eq_ignore_ascii_case("yml"));
        if is_schema && path.is_file() {
            files.push(path);
        }
    }
    if files.is_empty() {
        let message = "the folder holds no .yaml or .yml file";
        return Err(io::Error::new(io::ErrorKind::NotFound, message));
    }
    files.sort();
    Ok(files)
}

/// The most bytes of a schema file.
const LARGEST_FILE: u64 = 16 << 20;

/// The bytes of a schema file.
///
/// # Errors
///
/// The system's error, or a file of more than 16 MiB, which no schema needs.
pub fn read_schema_file(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST_FILE + 1).read_to_end(&mut bytes)?;
    match u64::try_from(bytes.len()).is_ok_and(|length| length <= LARGEST_FILE) {
        true => Ok(bytes),
        false => Err(io::Error::new(io::ErrorKind::FileTooLarge, "the file has more than 16 MiB")),
    }
}

fn display_name(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_from_one() {
        let mut sources = Sources::new();
        sources.add("a.yaml", "ä: 1\r\nbö: x\n");
        assert_eq!(sources.position(0, 0), Position { line: 1, column: 1 });
        assert_eq!(sources.position(0, "ä: 1\nbö".len()), Position { line: 2, column: 3 });
    }

    #[test]
    fn a_byte_order_mark_is_dropped_and_bad_bytes_are_found() {
        let mut sources = Sources::new();
        sources.add("a.yaml", b"\xef\xbb\xbfa: 1\r\nb: \xff\n");
        let source = sources.get(0).unwrap();
        assert_eq!(source.text, "a: 1\nb: \u{fffd}\n");
        assert_eq!(source.not_utf8_at, Some(8));
    }
}
