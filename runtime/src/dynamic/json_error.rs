//! The mistakes of JSON that is no item of a model.

use crate::ground::{Path, Segment, Violation, Violations};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

/// JSON that is no item of the model: all its mistakes, each with its place.
#[derive(Debug)]
pub struct JsonError {
    pub(super) mistakes: Vec<Mistake>,
}

/// A mistake in JSON.
#[derive(Debug)]
pub(super) struct Mistake {
    path: Path,
    reason: String,
    /// The place in the value at the path, in bytes, for text that is no JSON.
    offset: usize,
}

impl JsonError {
    pub(super) fn new(reason: impl fmt::Display) -> Self {
        Self { mistakes: vec![Mistake { path: Path::default(), reason: reason.to_string(), offset: 0 }] }
    }

    pub(super) fn within(mut self, segment: Segment) -> Self {
        self.mistakes.iter_mut().for_each(|of| of.path.push_outer(segment.clone()));
        self
    }

    /// The constraints that values break.
    pub(super) fn of(violations: Violations) -> Self {
        let mistake = |of: &Violation| {
            let reason = match of.json_path().segments().next().is_none() {
                // A key that is made of fields has no place in JSON.
                true if of.path().segments().next().is_some() => format!("{}: {}", of.path(), of.message()),
                _ => of.message().to_owned(),
            };
            Mistake { path: of.json_path().clone(), reason, offset: 0 }
        };
        Self { mistakes: violations.iter().map(mistake).collect() }
    }

    /// The mistakes of another error, and then these.
    pub(super) fn after(self, other: Option<Self>) -> Self {
        let before = other.into_iter().flat_map(|other| other.mistakes);
        Self { mistakes: before.chain(self.mistakes).collect() }
    }

    /// All values, or the mistakes of all results.
    pub(super) fn all<T, C: FromIterator<T>>(results: impl Iterator<Item = Result<T, Self>>) -> Result<C, Self> {
        let mut mistakes = Vec::new();
        let values = results.filter_map(|result| result.map_err(|error| mistakes.extend(error.mistakes)).ok());
        let values = values.collect();
        if mistakes.is_empty() { Ok(values) } else { Err(Self { mistakes }) }
    }

    /// The mistakes, each with the offset of its value in the JSON that was read, in bytes.
    pub fn places(&self, json: &str) -> Vec<(usize, String)> {
        let place = |of: &Mistake| (place(json, &of.path).saturating_add(of.offset), of.to_string());
        self.mistakes.iter().map(place).collect()
    }
}

/// The offset of the value at a path; of the innermost value around it that is there.
fn place(json: &str, path: &Path) -> usize {
    let mut value = json.trim_start_matches([' ', '\t', '\r', '\n']);
    for segment in path.segments() {
        let inner = match segment {
            Segment::Name(name) => serde_json::from_str::<HashMap<Cow<'_, str>, &RawValue>>(value)
                .ok()
                .and_then(|entries| entries.get(name.as_str()).copied()),
            Segment::Index(index) => {
                serde_json::from_str::<Vec<&RawValue>>(value).ok().and_then(|values| values.get(*index).copied())
            }
        };
        match inner {
            Some(inner) => value = inner.get(),
            None => break,
        }
    }
    value.as_ptr().addr().saturating_sub(json.as_ptr().addr())
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.to_string() {
            path if path.is_empty() => f.write_str(&self.reason),
            path => write!(f, "{path}: {}", self.reason),
        }
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, mistake) in self.mistakes.iter().enumerate() {
            write!(f, "{}{mistake}", if index > 0 { "; " } else { "" })?;
        }
        Ok(())
    }
}

impl std::error::Error for JsonError {}

/// The place is that of the value, except in text that is no JSON.
impl From<serde_json::Error> for JsonError {
    fn from(error: serde_json::Error) -> Self {
        let text = error.to_string();
        let text = text.split(" at line ").next().unwrap_or(&text);
        // A type that serde expects, in the words of JSON.
        let expected = text.strip_prefix("invalid type: ").and_then(|text| text.rsplit_once(", expected "));
        let mut of = match expected {
            Some((_, "an object")) => Self::new("a value is an object, in { }"),
            Some((_, "a sequence")) => Self::new("a value is a list, in [ ]"),
            Some((_, "a string")) => Self::new("a value is a text"),
            _ if error.is_eof() => Self::new("it is no JSON: it ends too early"),
            _ if text == "number out of range" => Self::new("a number is outside the range of 64 bits"),
            _ if text == "recursion limit exceeded" => Self::new("it has more than 127 levels"),
            _ if error.is_syntax() => Self::new(format_args!("it is no JSON: {text}")),
            _ => Self::new(text),
        };
        if error.is_syntax() || error.is_eof() {
            of.mistakes.iter_mut().for_each(|of| of.offset = error.column().saturating_sub(1));
        }
        of
    }
}
