//! Why a seed file was not loaded.

use crate::ops::Error;
use std::fmt;
use std::path::Path;

/// What is wrong with a seed file. Its text names the file, and each item and field with a mistake in a line of its own.
#[derive(Debug)]
pub struct SeedError {
    file: String,
    mistakes: Vec<String>,
    written: usize,
    source: Option<Box<Error>>,
}

impl SeedError {
    pub(super) fn new(file: &Path, mistakes: Vec<String>) -> Self {
        Self { file: file.display().to_string(), mistakes, written: 0, source: None }
    }

    /// DynamoDB has refused an item, or was not reached.
    pub(super) fn unwritten(file: &Path, place: &str, error: Error, written: usize) -> Self {
        let before = match written {
            0 => String::new(),
            1 => " (1 item before it is written)".to_owned(),
            many => format!(" ({many} items before it are written)"),
        };
        let mistake = format!("{place}: it was not written: {error}{before}");
        Self { written, source: Some(Box::new(error)), ..Self::new(file, vec![mistake]) }
    }

    /// The mistakes, such as `User[1].email: it is an e-mail address`.
    pub fn mistakes(&self) -> &[String] {
        &self.mistakes
    }

    /// The number of items that were written before the one that failed. It is 0 if the file has mistakes.
    pub fn written(&self) -> usize {
        self.written
    }
}

impl fmt::Display for SeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, mistake) in self.mistakes.iter().enumerate() {
            let end = if number == 0 { "" } else { "\n" };
            write!(f, "{end}{}: {mistake}", self.file)?;
        }
        Ok(())
    }
}

impl std::error::Error for SeedError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|error| error as _)
    }
}
