//! Errors of reading and writing items: the place and the cause. No error holds the value.

use super::json_names::JsonNames;
use super::path::{Path, Segment, qualified};
use super::read_error_kind::ReadErrorKind;
use super::violations::Violations;
use super::write_error_kind::WriteErrorKind;
use std::fmt;

/// A stored item that cannot be read as its model.
///
/// It says the place ([`path`](Self::path)) and the cause ([`kind`](Self::kind)), and never holds the value.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadError(Box<Located<ReadErrorKind>>);

/// A value that DynamoDB cannot store.
///
/// It says the place ([`path`](Self::path)) and the cause ([`kind`](Self::kind)), and never holds the value.
#[derive(Debug, Clone, PartialEq)]
pub struct WriteError(Box<Located<WriteErrorKind>>);

#[derive(Debug, Clone, PartialEq)]
struct Located<K> {
    model: &'static str,
    /// The names of the model's fields in JSON, if violations are made of the error.
    json_names: JsonNames,
    path: Path,
    kind: K,
}

macro_rules! located_error {
    ($error:ident, $kind:ident) => {
        impl $error {
            pub(crate) fn new(kind: $kind) -> Self {
                Self(Box::new(Located { model: "", json_names: JsonNames::SAME, path: Path::default(), kind }))
            }

            /// The name of the model; empty until an operation adds it.
            pub fn model(&self) -> &'static str {
                self.0.model
            }

            /// The place of the value in the item.
            pub fn path(&self) -> &Path {
                &self.0.path
            }

            /// The cause.
            pub fn kind(&self) -> &$kind {
                &self.0.kind
            }

            pub(crate) fn of(mut self, model: &'static str) -> Self {
                self.0.model = model;
                self
            }

            pub(crate) fn within(mut self, segment: Segment) -> Self {
                self.0.path.push_outer(segment);
                self
            }

            pub(crate) fn within_name(self, name: &str) -> Self {
                self.within(Segment::Name(name.to_owned()))
            }
        }

        impl fmt::Display for $error {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}: {}", qualified(self.0.model, &self.0.path), self.0.kind)
            }
        }

        impl std::error::Error for $error {}
    };
}

located_error!(ReadError, ReadErrorKind);
located_error!(WriteError, WriteErrorKind);

impl ReadError {
    /// The same error of a value inside of the value at a path.
    pub(crate) fn inside(mut self, path: &Path) -> Self {
        self.0.path.push_outer_path(path);
        self
    }

    pub(crate) fn type_mismatch(expected: &'static str, found: &'static str) -> Self {
        Self::new(ReadErrorKind::Type { expected, found })
    }

    /// Removes the texts of the key from the error, because the key is sensitive.
    #[must_use]
    pub fn hidden(mut self) -> Self {
        if let ReadErrorKind::OtherKey { stored, written } = &mut self.0.kind {
            (*stored, *written) = (String::new(), String::new());
        }
        if let ReadErrorKind::KeyForm { stored, .. } = &mut self.0.kind {
            stored.clear();
        }
        self
    }

    /// The same error as one of the upgrade from a schema version.
    pub(crate) fn of_upgrade(mut self, from: u32) -> Self {
        let kind = std::mem::replace(&mut self.0.kind, ReadErrorKind::Missing);
        self.0.kind = ReadErrorKind::Upgrade { from, kind: Box::new(kind) };
        self
    }

    /// Turns an error about an element of a set into one about the set: `S` becomes `SS`.
    pub(crate) fn of_set(mut self) -> Self {
        let set = |element: &'static str| match element {
            "S" => "SS",
            "N" => "NS",
            "B" => "BS",
            other => other,
        };
        if let ReadErrorKind::Type { expected, found } = &mut self.0.kind {
            (*expected, *found) = (set(expected), set(found));
        }
        self
    }

    /// An error for a value of the right attribute type that is no value of the type `expected`.
    ///
    /// The reason must not hold the value: errors are logged.
    ///
    /// ```
    /// use dyntastic::ReadError;
    ///
    /// let error = ReadError::value("even number", "it is odd");
    /// assert_eq!(error.kind().to_string(), "expected even number: it is odd");
    /// ```
    pub fn value(expected: &'static str, reason: impl fmt::Display) -> Self {
        Self::new(ReadErrorKind::Value { expected, reason: reason.to_string() })
    }
}

impl WriteError {
    /// The same error with the names of the model's fields in JSON.
    pub(crate) fn named(mut self, json_names: JsonNames) -> Self {
        self.0.json_names = json_names;
        self
    }

    /// The error as violations, if it is about a value that no key may hold.
    pub(crate) fn as_violations(&self) -> Option<Violations> {
        let (code, parameters) = self.kind().as_violation()?;
        let mut violations = Violations::new(self.model());
        violations.add(code, self.kind().to_string(), parameters);
        Some(violations.inside(self.path(), self.path()).of_model(self.model(), self.0.json_names))
    }
}
