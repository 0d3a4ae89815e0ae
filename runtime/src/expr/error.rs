//! Mistakes in expressions, reported before a request is sent.

use crate::ground::{JsonNames, Path, WriteError};

/// An expression that DynamoDB would refuse ("Constraints in Amazon DynamoDB", Expression parameters).
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ExpressionError {
    /// An expression has more than 4,096 bytes of text.
    #[error("an expression has at most 4096 bytes, this one has {0}")]
    TooLong(usize),
    /// The expressions of a request have more than 300 operators and functions.
    #[error("an expression has at most 300 operators and functions, this one has {0}")]
    TooManyOperators(usize),
    /// A document path is more than 50 names and indexes deep.
    #[error("{0}: a path is at most 50 names deep")]
    TooDeep(Path),
    /// An attribute is compared with itself.
    #[error("{0}: an attribute cannot be compared with itself")]
    SameOperand(Path),
    /// IN takes 1 to 100 values.
    #[error("{0}: is_in takes 1 to 100 values, not {1}")]
    InValues(Path, usize),
    /// Two actions of an update change the same value, or one changes a part of the other's value.
    #[error("{0} and {1}: two actions of one update cannot change the same value, or a part of it")]
    Overlap(Path, Path),
    /// An update has no actions.
    #[error("an update needs at least one action")]
    NoActions,
    /// A value that is stored as an absent attribute (`None`, an empty set) cannot be compared.
    #[error("{0}: an absent value cannot be compared: use exists or not_exists")]
    Absent(Path),
    /// A part of a key is compared with an attribute. It can only be compared with values.
    #[error("{0}: a part of a key can be compared with values, not with attributes")]
    NotAValue(Path),
    /// A searchable field is compared with an attribute, or where there are no hashes.
    #[error("{0}: a searchable field can be compared with values, and not in a vector search")]
    Searched(Path),
}

/// The reason why an expression cannot be written.
#[derive(Debug)]
pub(crate) enum UnwritableExpression {
    /// DynamoDB would refuse an expression of the model.
    Refused { model: &'static str, error: ExpressionError },
    /// DynamoDB cannot hold a value.
    Value(WriteError),
}

impl UnwritableExpression {
    /// The same error with the names of the model's fields in JSON.
    pub(crate) fn named(self, json_names: JsonNames) -> Self {
        match self {
            Self::Value(error) => Self::Value(error.named(json_names)),
            refused => refused,
        }
    }
}

impl From<WriteError> for UnwritableExpression {
    fn from(error: WriteError) -> Self {
        Self::Value(error)
    }
}
