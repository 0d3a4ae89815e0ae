//! The views of computed fields.

use super::{constraints, defaults, docs, field_types, layout, rust, structure};
use crate::model::{Computation, Computed, Field, Model, ModelSet, Scalar, Type};
use dyntastic_templates::{ArgumentView, ComputationView, ComputedView, KeyPartView};

/// The computed fields of a model.
pub(super) fn views(set: &ModelSet, model: &Model) -> Vec<ComputedView> {
    model.computed.iter().map(|of| view(set, model, of)).collect()
}

fn view(set: &ModelSet, model: &Model, of: &Computed) -> ComputedView {
    let field = &of.field;
    let optional = matches!(field.ty, Type::Optional(_));
    let mut check = constraints::calls(set, field);
    check.0.splice(0..0, constraints::key_calls(model, field));
    ComputedView {
        ident: rust::identifier(&field.name),
        doc: docs::lines(&docs::computed(of)),
        ty: field_types::of_field(field),
        value: field_types::value_type(field),
        attribute: rust::literal(&field.attribute),
        form: field_types::form(field),
        optional,
        check,
        by: match &of.by {
            Computation::Text { parts, end } => ComputationView::Text {
                constant: constant(&field.name),
                parts: parts
                    .iter()
                    .map(|part| KeyPartView::Part {
                        before: rust::literal(&part.before),
                        attribute: rust::literal(&part.field.attribute),
                        form: layout::part_form(part, false),
                        is_partial: false,
                        is_open: false,
                        width: None,
                    })
                    .collect(),
                end: rust::literal(end),
                values: parts.iter().map(|part| structure::written("self", &part.field)).collect(),
            },
            Computation::Expiry { seconds, from } => ComputationView::Expiry {
                module: match from.ty.present() {
                    Type::Scalar(Scalar::Time(_, types)) => defaults::module(*types),
                    _ => "",
                },
                seconds: rust::grouped(*seconds),
                from: argument(from),
            },
            Computation::Function { path, of: arguments } => ComputationView::Function {
                path: path.clone(),
                names: of.by.fields().iter().map(|field| rust::literal(&field.attribute)).collect(),
                arguments: arguments.iter().map(argument).collect(),
            },
        },
    }
}

fn argument(field: &Field) -> ArgumentView {
    let (form, optional) = (field_types::form(field), matches!(field.ty, Type::Optional(_)));
    // DynamoDB does not store an empty set.
    let is_collection = matches!(field.ty, Type::List(_) | Type::Set(_) | Type::Map(_));
    let ty = match form {
        None => field_types::of_field(field),
        Some(_) if optional => field_types::value_type(field).optional(),
        Some(_) => field_types::value_type(field),
    };
    ArgumentView {
        ident: rust::identifier(&field.name),
        attribute: rust::literal(&field.attribute),
        ty: if is_collection { ty.optional() } else { ty },
        form,
        optional,
        is_collection,
    }
}

/// The constants that a model has anyway: a constant of its own with the name would hide them.
const TAKEN: [&str; 10] =
    ["A", "JSON_NAMES", "LAYOUT", "NAME", "REQUIRED", "ROLES", "SEALS", "TABLE", "TRANSFORM", "UPGRADES"];

/// The identifier of the constant with the template of a text.
fn constant(name: &str) -> String {
    rust::free_name(&name.to_uppercase(), |name| TAKEN.contains(&name))
}
