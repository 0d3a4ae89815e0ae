//! The open files, with the texts that their editors have.

use super::paths;
use super::positions::{Encoding, Lines};
use lsp_types::{TextDocumentContentChangeEvent, TextDocumentItem, Uri};
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// An open file. Its text has LF as its line ends.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) uri: Uri,
    pub(super) version: i32,
    pub(super) text: String,
    /// Whether the editor's text has CRLF as its line ends.
    pub(super) has_crlf: bool,
}

/// The open files by their names.
#[derive(Debug, Default)]
pub(super) struct Documents(BTreeMap<String, Document>);

impl Documents {
    pub(super) fn open(&mut self, item: TextDocumentItem) {
        let has_crlf = item.text.contains("\r\n");
        let text = with_lf(&item.text);
        self.0.insert(paths::name(&item.uri), Document { uri: item.uri, version: item.version, text, has_crlf });
    }

    pub(super) fn close(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// Applies changes of ranges or of the whole text, one after the other.
    pub(super) fn change(
        &mut self,
        name: &str,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
        encoding: Encoding,
    ) {
        let Some(document) = self.0.get_mut(name) else { return };
        document.version = version;
        for change in changes {
            let text = with_lf(&change.text);
            match change.range {
                None => document.text = text,
                Some(range) => {
                    let lines = Lines::new(&document.text, encoding);
                    let start = lines.offset(range.start);
                    let end = lines.offset(range.end).max(start);
                    document.text.replace_range(start..end, &text);
                }
            }
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Document> {
        self.0.get(name)
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    /// The files of a path, each with its name and text: the editor's text, or else the file's.
    pub(super) fn read(&self, path: &Path) -> io::Result<Vec<(String, Vec<u8>)>> {
        let paths = match path.is_dir() {
            true => dyntastic_codegen::schema_files(path)?,
            false => vec![path.to_owned()],
        };
        let read = |path: &std::path::PathBuf| {
            let name = paths::normal(path);
            let bytes = match self.0.get(&name) {
                Some(document) => document.text.clone().into_bytes(),
                None => dyntastic_codegen::read_schema_file(path)?,
            };
            Ok((name, bytes))
        };
        paths.iter().map(read).collect()
    }
}

fn with_lf(text: &str) -> String {
    text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n")
}
