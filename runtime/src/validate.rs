//! Constraints on values, checked before anything is sent.

use crate::item::Path;
use std::fmt;

/// Every constraint that a model's values break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violations {
    model: &'static str,
    violations: Vec<Violation>,
}

/// A constraint that a value breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    path: Path,
    code: &'static str,
    message: String,
}

impl Violation {
    /// Where the value stands.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The constraint, such as `key_empty`.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// What the constraint asks for.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl Violations {
    /// None yet.
    pub fn new(model: &'static str) -> Self {
        Self { model, violations: Vec::new() }
    }

    /// A hash key of text or bytes has 1 to 2,048 bytes ("Constraints in Amazon DynamoDB", Partition key
    /// length).
    pub fn hash_key(&mut self, attribute: &str, value: &impl AsRef<[u8]>) {
        self.key(attribute, value.as_ref().len(), 2048, "hash key");
    }

    /// A range key of text or bytes has 1 to 1,024 bytes ("Constraints in Amazon DynamoDB", Sort key length).
    pub fn range_key(&mut self, attribute: &str, value: &impl AsRef<[u8]>) {
        self.key(attribute, value.as_ref().len(), 1024, "range key");
    }

    fn key(&mut self, attribute: &str, length: usize, most: usize, what: &str) {
        let (code, message) = match length {
            0 => ("key_empty", format!("a {what} must not be empty")),
            length if length > most => {
                ("key_too_long", format!("a {what} has at most {most} bytes, this one has {length}"))
            }
            _ => return,
        };
        self.violations.push(Violation { path: Path::from(attribute), code, message });
    }

    /// An error if there are any.
    ///
    /// # Errors
    ///
    /// The violations themselves.
    pub fn finish(self) -> Result<(), Self> {
        if self.violations.is_empty() { Ok(()) } else { Err(self) }
    }

    /// The model.
    pub fn model(&self) -> &'static str {
        self.model
    }

    /// The violations one by one.
    pub fn iter(&self) -> impl Iterator<Item = &Violation> {
        self.violations.iter()
    }
}

/// One line a violation: `User.user_id: a hash key must not be empty`.
impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, violation) in self.violations.iter().enumerate() {
            if position > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{}: {}", crate::item::qualified(self.model, &violation.path), violation.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Violations {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_a_length() {
        let mut violations = Violations::new("User");
        violations.hash_key("id", &"x".repeat(2048));
        violations.range_key("at", &"x".repeat(1024));
        assert_eq!(violations.clone().finish(), Ok(()));
        violations.hash_key("id", &"x".repeat(2049));
        violations.range_key("at", &"");
        let found = violations.finish().unwrap_err();
        assert_eq!(
            found.to_string(),
            "User.id: a hash key has at most 2048 bytes, this one has 2049\nUser.at: a range key must not be empty"
        );
        assert_eq!(found.iter().map(Violation::code).collect::<Vec<_>>(), ["key_too_long", "key_empty"]);
    }
}
