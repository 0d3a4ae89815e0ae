//! The values in conditions and calculations, as the schema's transforms change stored values.

use super::outer::Outer;
use super::term::Term;
use super::untyped::Untyped;
use aws_sdk_dynamodb::types::AttributeValue;

impl Untyped<'_> {
    /// Whether the stored values are transformed.
    fn is_transformed(&self) -> bool {
        !self.outer.is_empty() || self.rules.transform().is_some()
    }

    fn stored_form(&self, value: AttributeValue) -> AttributeValue {
        let own = match self.rules.transform() {
            Some(change) => change(value),
            None => value,
        };
        self.transform_in_outer(own)
    }

    /// The stored form of a value that is set in collections, as the transforms of their elements change it.
    pub(super) fn transform_in_outer(&self, value: AttributeValue) -> AttributeValue {
        Outer::transformed(self.outer, self.path, value)
    }

    /// A calculated list or default, with the given values in it transformed.
    pub(super) fn transformed_term(&self, term: Term) -> Term {
        match term {
            Term::Value(Ok(Some(value))) if self.is_transformed() => Term::attribute_value(self.stored_form(value)),
            Term::Call { function: function @ ("list_append" | "if_not_exists"), arguments } => {
                let arguments = arguments.into_iter().map(|argument| self.transformed_term(argument)).collect();
                Term::Call { function, arguments }
            }
            other => other,
        }
    }

    /// The beginning of a stored text. White space at its end is inside the text, so that `trim` keeps it.
    pub(super) fn prefix(&self, term: Term) -> Term {
        match term {
            Term::Value(Ok(Some(AttributeValue::S(text)))) if self.is_transformed() => {
                Term::attribute_value(self.within(text.trim_end(), &text))
            }
            other => other,
        }
    }

    /// A part of a stored text, with white space at both ends, or an element of a stored collection.
    pub(super) fn part(&self, term: Term) -> Term {
        let is_text = |text: &str| self.rules.has(AttributeValue::S(text.to_owned()));
        match term {
            Term::Value(Ok(Some(value))) if self.is_transformed() => Term::attribute_value(match value {
                AttributeValue::S(text) if is_text(&text) => self.within(text.trim(), &text),
                element => self.element(element),
            }),
            other => other,
        }
    }

    /// `text` with its `inner` part transformed. Transforms leave nothing of white space alone, which is kept. A letter
    /// follows the part while it is transformed, since the lower case of a Σ at the end of a word is another letter.
    fn within(&self, inner: &str, text: &str) -> AttributeValue {
        AttributeValue::S(match self.stored_form(AttributeValue::S(format!("{inner}a"))) {
            AttributeValue::S(mut changed) if !inner.is_empty() => {
                changed.pop();
                text.replacen(inner, &changed, 1)
            }
            _ => text.to_owned(),
        })
    }

    fn element(&self, element: AttributeValue) -> AttributeValue {
        let sets = match &element {
            AttributeValue::S(text) => Some(AttributeValue::Ss(vec![text.clone()])),
            AttributeValue::N(text) => Some(AttributeValue::Ns(vec![text.clone()])),
            AttributeValue::B(bytes) => Some(AttributeValue::Bs(vec![bytes.clone()])),
            _ => None,
        };
        let holds = |collection: &AttributeValue| self.rules.has(collection.clone());
        let collection = sets.into_iter().chain([AttributeValue::L(vec![element.clone()])]).find(holds);
        let changed = match collection.map(|collection| self.stored_form(collection)) {
            Some(AttributeValue::Ss(texts)) => texts.into_iter().next().map(AttributeValue::S),
            Some(AttributeValue::Ns(texts)) => texts.into_iter().next().map(AttributeValue::N),
            Some(AttributeValue::Bs(bytes)) => bytes.into_iter().next().map(AttributeValue::B),
            Some(AttributeValue::L(elements)) => elements.into_iter().next(),
            _ => None,
        };
        changed.unwrap_or(element)
    }
}
