//! Computed attributes: values that are made of an item's fields, and stored with it.

use super::key_part::KeyPart;
use super::key_template::KeyTemplate;
use super::when::When;
use crate::ground::{Names, WriteError};
use aws_sdk_dynamodb::types::AttributeValue;
use std::fmt;

/// A text with fields in it, such as `{first} {last}`. Emitted code holds it as a constant.
///
/// Unlike a key, it takes any values: they may be empty, and hold any character.
#[derive(Debug, Clone, Copy)]
pub struct TextTemplate {
    pub(crate) parts: &'static [KeyPart],
    pub(crate) end: &'static str,
}

impl TextTemplate {
    /// `parts` are its fields, each with the text before it; `end` is the text after the last field.
    pub const fn new(parts: &'static [KeyPart], end: &'static str) -> Self {
        Self { parts, end }
    }

    /// Makes the text of stored values; `None` if a field has no value.
    fn render<'v>(&self, value_of: &dyn Fn(&'static str) -> Option<&'v AttributeValue>) -> Option<AttributeValue> {
        let mut text = String::new();
        for part in self.parts {
            let (AttributeValue::S(stored) | AttributeValue::N(stored)) = value_of(part.field)? else { return None };
            part.append(&mut text, stored);
        }
        text.push_str(self.end);
        Some(AttributeValue::S(text))
    }
}

/// How a computed attribute is made of the item's fields. Emitted code holds it as a constant.
#[derive(Debug, Clone, Copy)]
pub struct Computation {
    pub(crate) attribute: &'static str,
    rule: Rule,
}

#[derive(Debug, Clone, Copy)]
enum Rule {
    Text(TextTemplate),
    Function(Names, Function),
}

/// A function that computes an attribute of stored fields; `None` if the value is stored without an attribute.
pub(crate) type Function = fn(&ComputedFrom<'_>) -> Result<Option<AttributeValue>, WriteError>;

/// The stored fields that an attribute is computed from.
pub struct ComputedFrom<'v> {
    pub(crate) value_of: &'v dyn Fn(&'static str) -> Option<&'v AttributeValue>,
}

impl fmt::Debug for ComputedFrom<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ComputedFrom").finish_non_exhaustive()
    }
}

impl Computation {
    /// An attribute with a text.
    pub const fn text(attribute: &'static str, template: TextTemplate) -> Self {
        Self { attribute, rule: Rule::Text(template) }
    }

    /// An attribute that a function computes from these attributes.
    pub const fn function(attribute: &'static str, of: Names, function: Function) -> Self {
        Self { attribute, rule: Rule::Function(of, function) }
    }

    /// The template of a text; `None` for a function.
    pub(crate) const fn template(&self) -> Option<&TextTemplate> {
        match &self.rule {
            Rule::Text(template) => Some(template),
            Rule::Function(..) => None,
        }
    }

    /// The attributes that it is made of.
    pub(crate) fn made_of(&self) -> impl Iterator<Item = &'static str> + use<> {
        let (parts, names): (&'static [KeyPart], Names) = match self.rule {
            Rule::Text(template) => (template.parts, &[]),
            Rule::Function(names, _) => (&[], names),
        };
        parts.iter().map(|part| part.field).chain(names.iter().copied())
    }

    /// Makes the value of stored fields; `None` if it is stored without an attribute.
    pub(crate) fn render<'v>(
        &self,
        value_of: &'v dyn Fn(&'static str) -> Option<&'v AttributeValue>,
    ) -> Result<Option<AttributeValue>, WriteError> {
        match &self.rule {
            Rule::Text(template) => Ok(template.render(value_of)),
            Rule::Function(_, function) => {
                function(&ComputedFrom { value_of }).map_err(|error| error.within_name(self.attribute))
            }
        }
    }
}

/// An attribute that is made of fields: a key of an index, or a computed attribute.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Made {
    Key(&'static KeyTemplate),
    Computed(&'static Computation),
}

impl Made {
    pub(crate) fn attribute(&self) -> &'static str {
        match self {
            Made::Key(template) => template.attribute,
            Made::Computed(computation) => computation.attribute,
        }
    }

    /// The conditions under which an item has it.
    pub(crate) fn when(&self) -> &'static [When] {
        match self {
            Made::Key(template) => template.when,
            Made::Computed(_) => &[],
        }
    }

    /// The fields that decide about it: those that it is made of, and those of its conditions.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.made_of().chain(self.when().iter().map(|when| when.field))
    }

    /// The fields that it is made of.
    pub(crate) fn made_of(&self) -> impl Iterator<Item = &'static str> + use<> {
        let (of_key, of_value) = match *self {
            Made::Key(template) => (Some(template.made_of()), None),
            Made::Computed(computation) => (None, Some(computation.made_of())),
        };
        of_key.into_iter().flatten().chain(of_value.into_iter().flatten())
    }

    /// Whether it is absent where a field is absent.
    pub(crate) fn needs_every_field(&self) -> bool {
        match self {
            Made::Key(_) => true,
            Made::Computed(computation) => computation.template().is_some(),
        }
    }

    /// Makes the value; `None` if the item has none.
    pub(crate) fn render<'v>(
        &self,
        value_of: &'v dyn Fn(&'static str) -> Option<&'v AttributeValue>,
    ) -> Result<Option<AttributeValue>, WriteError> {
        match self {
            Made::Key(template) => template.render(value_of),
            Made::Computed(computation) => computation.render(value_of),
        }
    }
}
