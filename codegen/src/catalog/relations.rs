//! The fields that name an item of another model.

use super::entries::Relation;
use crate::model::{Field, Model, ModelSet};
use heck::ToSnakeCase;
use std::collections::HashMap;

/// The relations of a schema, in the order of its models and their fields.
pub(super) fn of(set: &ModelSet) -> Vec<Relation> {
    let mut by_name: HashMap<String, Vec<(&Model, &Field)>> = HashMap::new();
    for model in &set.models {
        let Some(field) = only_key_field(model) else { continue };
        for name in names(model, field) {
            by_name.entry(name).or_default().push((model, field));
        }
    }
    let mut relations = Vec::new();
    for model in &set.models {
        for field in &model.fields {
            let targets = by_name.get(&field.name).map(Vec::as_slice).unwrap_or_default();
            let is_other = |(target, of): &&(&Model, &Field)| {
                target.name != model.name
                    && is_within(model, target)
                    && of.ty == *field.ty.present()
                    && of.form == field.form
            };
            // A model whose name is in the field's is meant first.
            let is_meant = |(target, _): &&(&Model, &Field)| field.name.starts_with(&target.name.to_snake_case());
            let mut others = targets.iter().filter(is_other);
            let target = others.clone().find(is_meant).or_else(|| others.next());
            relations.extend(target.map(|(target, of)| Relation {
                model: model.name.clone(),
                field: field.name.clone(),
                target: target.name.clone(),
                target_field: of.name.clone(),
            }));
        }
    }
    relations
}

/// Whether items of one model name those of the other: in a context, those of the same client.
fn is_within(model: &Model, target: &Model) -> bool {
    let name = |model: &'_ Model| model.context.as_ref().map(|context| context.name.clone());
    target.context.is_none() || name(model) == name(target)
}

/// The field of a model's key, if it is the only one beside those of the context.
fn only_key_field(model: &Model) -> Option<&Field> {
    let mut fields = model.key_fields();
    fields.retain(|field| !model.is_of_context(field));
    match fields.as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

/// The names of fields that name an item of a model by its only key field.
fn names(model: &Model, field: &Field) -> Vec<String> {
    let of = model.name.to_snake_case();
    match field.name.as_str() {
        "id" => vec![format!("{of}_id"), of],
        // These name values of many kinds.
        "key" | "name" | "type" | "kind" | "slug" | "code" | "date" | "day" | "at" | "number" => Vec::new(),
        name => vec![name.to_owned(), of],
    }
}
