//! The parts of expressions without their types.

use super::document_path::DocumentPath;
use crate::codec::{ToAttribute, write_value};
use crate::description::{Seal, Seals};
use crate::ground::WriteError;
use aws_sdk_dynamodb::types::AttributeValue;
use std::fmt;

/// A value in an expression. An unwritable value is reported when the expression is written.
#[derive(Clone, PartialEq)]
pub(crate) enum Term {
    Path(DocumentPath),
    /// An attribute for which the model may have no field.
    Attribute(String),
    /// `None` is an absent value.
    Value(Result<Option<AttributeValue>, WriteError>),
    /// A value of an attribute that is sealed before it is sent, or its hash.
    Unsealed(Box<Unsealed>),
    /// A term that a searchable attribute is compared with. A condition of a known model has the hash in its place.
    Searched(Box<Term>),
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

/// A value that is not sealed yet.
#[derive(Clone, PartialEq)]
pub(crate) struct Unsealed {
    pub(crate) value: AttributeValue,
    pub(crate) seal: &'static Seal,
    /// The seals of the model.
    pub(crate) of: Seals,
    /// Whether the hash of the value is sent, and not the value.
    pub(crate) is_hashed: bool,
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

    /// Adds the paths that the term is calculated from.
    pub(super) fn paths<'t>(&'t self, paths: &mut Vec<&'t DocumentPath>) {
        match self {
            Term::Path(path) => paths.push(path),
            Term::Attribute(_) | Term::Value(_) | Term::Unsealed(_) => {}
            Term::Searched(of) => of.paths(paths),
            Term::Call { arguments, .. } => arguments.iter().for_each(|argument| argument.paths(paths)),
            Term::Arithmetic { left, right, .. } => [left, right].into_iter().for_each(|side| side.paths(paths)),
        }
    }

    pub(crate) fn arithmetic(left: Term, operator: &'static str, right: Term) -> Self {
        Term::Arithmetic { left: Box::new(left), operator, right: Box::new(right) }
    }
}

/// Shows the structure and the attributes. Values are left out: no text holds them.
impl fmt::Debug for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Term::Path(path) => write!(f, "{}", path.to_item_path()),
            Term::Attribute(name) => f.write_str(name),
            Term::Value(_) | Term::Unsealed(_) | Term::Searched(_) => f.write_str("…"),
            Term::Call { function, arguments } => {
                let mut call = f.debug_tuple(function);
                for argument in arguments {
                    call.field(argument);
                }
                call.finish()
            }
            Term::Arithmetic { left, operator, right } => write!(f, "{left:?} {operator} {right:?}"),
        }
    }
}
