//! Files in a folder.

use std::fs;
use std::io;
use std::path::Path;

/// The file's bytes; `None` without a file.
pub(crate) fn read(file: &Path) -> io::Result<Option<Vec<u8>>> {
    // Opening a pipe would wait for its writer.
    match fs::metadata(file) {
        Ok(found) if found.is_file() => fs::read(file).map(Some),
        Ok(found) if found.is_dir() => Err(io::Error::new(io::ErrorKind::IsADirectory, "a folder is in its place")),
        Ok(_) => Err(io::Error::new(io::ErrorKind::InvalidInput, "something that is not a file is in its place")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether the bytes are this text, apart from line ends.
pub(super) fn is_same_text(found: &[u8], text: &str) -> bool {
    found == text.as_bytes() || std::str::from_utf8(found).is_ok_and(|found| found.replace("\r\n", "\n") == text)
}

/// Whether the text is empty or zeros, as a crash of the machine may leave a file.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c == '\0' || c.is_whitespace())
}

/// A symbolic link on the path from the folder to the file, or in the file's place.
pub(super) fn link_on_the_way(folder: &Path, path: &str) -> Option<std::path::PathBuf> {
    let mut way = folder.to_owned();
    path.split('/').find_map(|part| {
        way.push(part);
        way.is_symlink().then(|| way.clone())
    })
}

/// The error if something else than a folder is in the folder's place, or on the way to it.
pub(super) fn refuse_no_folder(folder: &Path) -> io::Result<()> {
    let Some((place, found)) = folder.ancestors().find_map(|place| Some((place, fs::symlink_metadata(place).ok()?)))
    else {
        return Ok(());
    };
    let message = if place.is_dir() {
        return Ok(());
    } else if found.is_symlink() {
        "a symbolic link that leads to no folder: delete it, or choose another folder"
    } else {
        "not a folder: choose another one for the output"
    };
    Err(at(place, &io::Error::new(io::ErrorKind::NotADirectory, message)))
}

/// The error with the file's path.
pub(super) fn at(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
