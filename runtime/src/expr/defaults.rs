//! The defaults of a model's fields.

use super::term::Term;
use crate::codec::ToAttribute;
use crate::ground::Names;
use crate::validate::Transforms;
use aws_sdk_dynamodb::types::AttributeValue;

/// The required and the defaulted fields of a model without its keys. [`TableItem::REQUIRED`](crate::TableItem::REQUIRED) and
/// [`TableItem::defaults`](crate::TableItem::defaults) name them.
#[derive(Debug, Default)]
pub struct Defaults {
    fields: Vec<(&'static str, Absent)>,
}

/// The meaning of an absent field.
#[derive(Debug)]
enum Absent {
    /// The item cannot be read.
    Required,
    Literal(Term),
    /// A new value of a factory each time.
    Factory(Term),
}

impl Defaults {
    /// Adds an attribute with the default of its Rust type.
    pub fn of_type<T: ToAttribute + Default>(&mut self, attribute: &'static str) {
        self.literal(attribute, T::default());
    }

    /// Adds an attribute whose default is always this value.
    pub fn literal<T: ToAttribute>(&mut self, attribute: &'static str, value: T) {
        self.fields.push((attribute, Absent::Literal(Term::value(&value))));
    }

    /// Adds an attribute whose default a factory makes. `value` is a new one.
    pub fn factory<T: ToAttribute>(&mut self, attribute: &'static str, value: T) {
        self.fields.push((attribute, Absent::Factory(Term::value(&value))));
    }

    /// Adds an attribute whose default a factory makes, and the schema's transforms change.
    pub fn transformed<T: ToAttribute>(&mut self, attribute: &'static str, mut value: T, change: Transforms<T>) {
        change(&mut value);
        self.factory(attribute, value);
    }

    /// Replaces the default of an attribute by a value that a write makes.
    pub(crate) fn replace(&mut self, attribute: &'static str, value: Term) {
        self.fields.retain(|(name, _)| *name != attribute);
        self.fields.push((attribute, Absent::Factory(value)));
    }

    /// The required fields, which have no defaults.
    pub(crate) fn required(names: Names) -> Self {
        Self { fields: names.iter().map(|attribute| (*attribute, Absent::Required)).collect() }
    }

    /// The names of the required fields.
    pub(crate) fn of_required(&self) -> impl Iterator<Item = &'static str> {
        self.fields.iter().filter(|(_, absent)| matches!(absent, Absent::Required)).map(|(attribute, _)| *attribute)
    }

    /// The fields with defaults that are stored.
    pub(crate) fn stored(&self) -> impl Iterator<Item = (&'static str, &Term)> {
        self.fields.iter().filter_map(|(attribute, absent)| Some((*attribute, absent.term()?)))
    }

    /// The default of a field in its stored form.
    pub(crate) fn term(&self, attribute: &str) -> Option<&Term> {
        self.find(attribute)?.term()
    }

    /// Whether a factory makes the default of any field.
    pub(crate) fn are_made(&self) -> bool {
        self.fields.iter().any(|(_, absent)| matches!(absent, Absent::Factory(_)))
    }

    /// Whether a factory makes the default of this field.
    pub(crate) fn is_made(&self, attribute: &str) -> bool {
        matches!(self.find(attribute), Some(Absent::Factory(_)))
    }

    /// Whether an absent field always reads as this value.
    pub(crate) fn reads_as(&self, attribute: &str, value: &AttributeValue) -> bool {
        match self.find(attribute) {
            Some(Absent::Literal(Term::Value(Ok(Some(default))))) => default == value,
            _ => false,
        }
    }

    fn find(&self, attribute: &str) -> Option<&Absent> {
        self.fields.iter().find(|(name, _)| *name == attribute).map(|(_, absent)| absent)
    }
}

impl Absent {
    fn term(&self) -> Option<&Term> {
        match self {
            Absent::Literal(term) | Absent::Factory(term) if *term != Term::Value(Ok(None)) => Some(term),
            _ => None,
        }
    }
}
