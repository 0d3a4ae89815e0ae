//! Reads the files that schemas include.

use crate::diagnostic::{Code, Diagnostic};
use crate::read;
use crate::sources::Sources;
use std::io;
use std::path::Path;

/// Adds the files that the sources' `include:` name, and those that these name, by a function. Returns a diagnostic for
/// each that cannot be read.
pub(crate) fn read_included(
    sources: &mut Sources,
    add: impl Fn(&mut Sources, &Path) -> io::Result<()>,
) -> Vec<Diagnostic> {
    let mut unreadable = Vec::new();
    let mut file = 0;
    while let Some(source) = sources.get(file) {
        for included in read::includes(file, source) {
            let path = sources.beside(file, &included.value);
            if let Err(error) =
                is_file_or_folder(&path).and_then(|()| add(sources, &path)).map(|()| sources.note_included(&path))
            {
                let diagnostic = Diagnostic::new(Code::Unreadable, format!("cannot read {}: {error}", path.display()))
                    .at(included.span, "included here")
                    .help("paths are relative to the folder of this file");
                unreadable.push(diagnostic);
            }
        }
        file += 1;
    }
    unreadable
}

/// Refuses devices and pipes, which may have no end or no beginning. A file that is not on the disk may be in a revision.
fn is_file_or_folder(path: &Path) -> io::Result<()> {
    match path.metadata() {
        Ok(of) if !of.is_file() && !of.is_dir() => {
            Err(io::Error::new(io::ErrorKind::InvalidInput, "it is neither a file nor a folder"))
        }
        _ => Ok(()),
    }
}
