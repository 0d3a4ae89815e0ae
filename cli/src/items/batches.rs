//! The lines of a file in batches of items with different keys.

use super::super::Stop;
use super::line::{Mistake, Read, Writer, text};
use super::of_file;
use std::collections::HashSet;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader};
use std::path::Path;

/// A line, and what is read of it: nothing in an empty one.
pub(super) type ReadLine = (Vec<u8>, Result<Option<Read>, Vec<Mistake>>);

/// The lines of a file.
pub(super) struct Lines<'p> {
    path: &'p Path,
    from: BufReader<File>,
    is_first: bool,
    /// The first line of the next batch, whose key is also in the one before.
    left: Option<ReadLine>,
}

impl<'p> Lines<'p> {
    /// The lines from the file's current place; `is_first` if that is its beginning.
    pub(super) fn new(path: &'p Path, file: File, is_first: bool) -> Self {
        Self { path, from: BufReader::new(file), is_first, left: None }
    }

    /// The next lines. No two have one key, so that they can be written at the same time.
    pub(super) fn batch(&mut self, writer: &Writer<'_>, most: usize) -> Result<Vec<ReadLine>, Stop> {
        let mut batch: Vec<ReadLine> = self.left.take().into_iter().collect();
        let mut keys: HashSet<u64> = batch.iter().filter_map(|(_, read)| key_of(read)).collect();
        while batch.len() < most {
            let mut line = Vec::new();
            if self.from.read_until(b'\n', &mut line).map_err(of_file(self.path))? == 0 {
                break;
            }
            let read = match text(&line, std::mem::take(&mut self.is_first)) {
                Ok(text) if text.trim().is_empty() => Ok(None),
                Ok(text) => writer.read(text).map(Some),
                Err(reason) => Err(vec![reason.into()]),
            };
            if key_of(&read).is_some_and(|key| !keys.insert(key)) {
                self.left = Some((line, read));
                break;
            }
            batch.push((line, read));
        }
        Ok(batch)
    }
}

/// The hash of an item's key.
pub(super) fn key_of(read: &Result<Option<Read>, Vec<Mistake>>) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    read.as_ref().ok()?.as_ref()?.key.as_ref()?.hash(&mut hasher);
    Some(hasher.finish())
}
