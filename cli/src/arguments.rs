//! The values of arguments, with errors in the words of the command.

use clap::builder::{PathBufValueParser, TypedValueParser};
use std::path::{Path, PathBuf};

/// What `--out` names. `-` is refused: in other places it is standard output, and here it would be a file of this name.
pub(super) fn out() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| match path == Path::new("-") {
        true => Err("`-` is no file or folder here; `./-` is one of this name"),
        false => Ok(path),
    })
}

/// Capacity units per second.
#[cfg(feature = "tables")]
pub(super) fn units(text: &str) -> Result<u32, String> {
    let units = text.parse().ok().filter(|units| *units > 0);
    units.ok_or_else(|| format!("units per second are a whole number from 1 to {}, such as 100", u32::MAX))
}

/// A number of items.
#[cfg(feature = "tables")]
pub(super) fn items(text: &str) -> Result<usize, &'static str> {
    text.parse().map_err(|_| "the number of items is a whole number, such as 100")
}

/// A port of this machine.
#[cfg(feature = "local")]
pub(super) fn port(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| format!("a port is a whole number from 0 to {}, such as 8000", u16::MAX))
}

/// The name of a table.
#[cfg(feature = "tables")]
pub(super) fn table(text: &str) -> Result<String, &'static str> {
    match text.trim().is_empty() {
        true => Err("the name of a table is not empty"),
        false => Ok(text.to_owned()),
    }
}
