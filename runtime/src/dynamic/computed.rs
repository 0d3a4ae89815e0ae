//! Computed fields of models that are known only at run time: texts are made, and functions are those of the program.

use super::description::{ComputedDescription, ModelDescription, Structure};
use super::layout::template;
use super::leaked;
use super::model::DynamicItem;
use super::value::Written;
use crate::codec::{ItemWriter, ToAttribute, ValueWriter};
use crate::description::{Computation, ComputedFrom, TextTemplate};
use crate::ground::{WriteError, WriteErrorKind};
use aws_sdk_dynamodb::types::AttributeValue;

pub(super) fn computed(of: &'static ModelDescription) -> &'static [Computation] {
    leaked::all(of.computed.iter().map(|of| match of {
        ComputedDescription::Text { attribute, template: text } => {
            let made = template(text);
            Computation::text(attribute, TextTemplate::new(made.parts, made.end))
        }
        ComputedDescription::Function { attribute, of, .. } => {
            let of = leaked::all(of.iter().map(String::as_str));
            Computation::function(attribute, of, no_function)
        }
        ComputedDescription::Expiry { attribute, from, .. } => {
            Computation::function(attribute, leaked::all(std::iter::once(from.as_str())), no_function)
        }
    }))
}

/// A model without emitted code has no updates, which would compute a field anew.
fn no_function(_: &ComputedFrom<'_>) -> Result<Option<AttributeValue>, WriteError> {
    Err(WriteError::new(WriteErrorKind::NotComputed("a model without emitted code has no functions".into())))
}

/// A value that cannot be stored.
#[derive(Debug)]
struct Refused(WriteError);

impl ToAttribute for Refused {
    fn write(&self, _: ValueWriter<'_>) -> Result<(), WriteError> {
        Err(self.0.clone())
    }
}

impl DynamicItem {
    /// Writes the computed attributes. A copy has the values of the functions.
    pub(super) fn write_computed(&self, writer: &mut ItemWriter<'_>) {
        let structure = &self.model.of.structure;
        let value_of = |attribute: &str| {
            let position = structure.fields.iter().position(|field| field.attribute == attribute)?;
            let field = structure.fields.get(position)?;
            Some(Written(Structure::present(self.model.schema, field), self.value.fields.get(position)?))
        };
        for (computation, of) in self.model.layout.computed.iter().zip(&self.model.of.computed) {
            let attribute = computation.attribute;
            let refusal = match of {
                ComputedDescription::Text { .. } => {
                    let fields: Option<Vec<_>> = computation.made_of().map(value_of).collect();
                    let text = fields.zip(computation.template()).and_then(|(fields, template)| {
                        let fields: Vec<_> = fields.iter().map(|field| field as &dyn ToAttribute).collect();
                        template.optional_text(&fields)
                    });
                    let value = AttributeValue::S(text.clone().unwrap_or_default());
                    writer.attribute(attribute, &text);
                    text.and_then(|_| self.model.table.check_index_keys(attribute, &value).err())
                }
                ComputedDescription::Expiry { from, after, .. } => {
                    let seconds = value_of(from).and_then(|of| of.1.seconds());
                    let ends = seconds.map(|seconds| seconds.saturating_add_unsigned(*after));
                    writer.attribute(attribute, &ends);
                    None
                }
                ComputedDescription::Function { .. } if self.is_as_it_is => {
                    writer.attribute(attribute, &value_of(attribute));
                    None
                }
                ComputedDescription::Function { function, .. } => {
                    let why = format!("`{function}` of the program computes it: write the item with the program");
                    Some(WriteError::new(WriteErrorKind::NotComputed(why.into())))
                }
            };
            if let Some(error) = refusal {
                writer.attribute(attribute, &Refused(error));
            }
        }
    }
}
