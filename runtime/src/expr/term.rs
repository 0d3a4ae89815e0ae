//! The untyped pieces of expressions.

use super::document_path::DocumentPath;
use crate::carrier::write_value;
use crate::item::{ToAttribute, WriteError};
use aws_sdk_dynamodb::types::AttributeValue;

/// A value in an expression. What cannot be written is told when the expression is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Term {
    Path(DocumentPath),
    /// `None` is an absent value.
    Value(Result<Option<AttributeValue>, WriteError>),
    Call {
        function: &'static str,
        arguments: Vec<Term>,
    },
    Arithmetic {
        left: Box<Term>,
        operator: &'static str,
        right: Box<Term>,
    },
}

impl Term {
    pub(crate) fn value<T: ToAttribute + ?Sized>(value: &T) -> Self {
        Term::Value(if value.is_absent() { Ok(None) } else { write_value(value).map(Some) })
    }

    pub(crate) fn attribute_value(value: AttributeValue) -> Self {
        Term::Value(Ok(Some(value)))
    }

    pub(crate) fn call(function: &'static str, arguments: Vec<Term>) -> Self {
        Term::Call { function, arguments }
    }

    pub(crate) fn arithmetic(left: Term, operator: &'static str, right: Term) -> Self {
        Term::Arithmetic { left: Box::new(left), operator, right: Box::new(right) }
    }
}
