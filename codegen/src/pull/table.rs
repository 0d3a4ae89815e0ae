//! The schema of one table: a model with a table of its own, or the models of a shared table.

use super::fields::{Fields, Use};
use super::groups;
use super::guess::{Guess, Member};
use super::live::LiveTable;
use super::models::{self, Model, of_kind};
use super::names::Names;
use super::settings::{index_settings, left, unseen_ttl, vector_index_settings};
use super::{Parts, Shape, shared, sizes};
use crate::tables::TableKeyKind;
use crate::text::scalar;
use std::fmt::Write;

/// Writes the parts of the schema for a table.
pub(super) fn write(table: &LiveTable, shape: Shape, parts: &mut Parts) {
    let groups = match shape {
        Shape::Models => groups::of(table),
        Shape::One => groups::one(table),
    };
    let mut models = models::of_table(table, &groups);
    if shape == Shape::One {
        models.iter_mut().for_each(|model| model.templates.clear());
    }
    let is_own =
        groups.discriminator.is_none() && models.len() <= 1 && models.iter().all(|model| model.templates.is_empty());
    match is_own {
        true => write_own(table, models.first(), shape, parts),
        false => shared::write(table, &groups, &models, parts),
    }
}

/// A model with a table of its own.
fn write_own(table: &LiveTable, model: Option<&Model<'_>>, shape: Shape, parts: &mut Parts) {
    let mut own_names = Names::default();
    let index_names: Vec<String> =
        table.indexes.iter().map(|index| own_names.member_name(&index.name, "index")).collect();
    let vectors = table.vector_indexes.iter().filter(|index| table.dimensions(&index.attribute).is_some());
    let vector_names: Vec<String> = vectors.map(|index| own_names.member_name(&index.name, "index")).collect();
    let all_names: Vec<String> = index_names.iter().chain(&vector_names).cloned().collect();
    let name = parts.type_names.model_name(&table.name, &all_names);
    let mut fields = match model {
        Some(model) => model.fields(&name, table, None, "      ", parts).0,
        None => Fields::default(),
    };
    for (attribute, kind) in table.all_keys() {
        if !fields.of.contains_key(attribute) {
            let is_of_table = table.key.attributes().any(|(key, _)| key == attribute);
            let member = Member { guess: Guess::Json, present: usize::from(is_of_table), of: 1 };
            fields.add(
                &name,
                attribute,
                &of_kind(&member, kind),
                Use { is_key: true, is_described: true, ..Use::default() },
                "      ",
                parts,
            );
        }
    }
    if let Some((attribute, member, of)) = unseen_ttl(table, |attribute| fields.of.contains_key(attribute)) {
        fields.add(&name, attribute, &member, of, "      ", parts);
    }
    for attribute in table.projected() {
        if !fields.of.contains_key(attribute) {
            let member = Member { guess: Guess::Json, present: 0, of: table.items.len().max(1) };
            fields.add(&name, attribute, &member, Use::default(), "      ", parts);
        }
    }
    for index in &table.vector_indexes {
        if !fields.of.contains_key(&index.attribute) {
            let member = Member { guess: Guess::Vector(index.dimensions), present: 0, of: 1 };
            let of = Use { is_described: true, ..Use::default() };
            fields.add(&name, &index.attribute, &member, of, "      ", parts);
        }
    }
    let of = |attributes: &[(String, TableKeyKind)]| {
        let names: Vec<String> =
            attributes.iter().filter_map(|(name, _)| fields.of.get(name)).map(|name| scalar(name)).collect();
        if let [only] = names.as_slice() { only.clone() } else { format!("[{}]", names.join(", ")) }
    };
    let mut text = format!("  {name}:\n    # {} items of the sample.\n", table.items.len());
    if shape == Shape::One {
        text.push_str("    # Neither an attribute nor the keys tell the models of the items apart.\n");
    }
    text.push_str(&table.settings("    ", Some("table")));
    let _ = writeln!(text, "    hash_key: {}", of(&table.key.hash_key));
    if !table.key.range_key.is_empty() {
        let _ = writeln!(text, "    range_key: {}", of(&table.key.range_key));
    }
    text.push_str("    unknown_attributes: keep\n");
    text.push_str(&model.map(|model| sizes::hint(model.items)).unwrap_or_default());
    left(&fields, "    ", &mut text);
    let _ = write!(text, "    fields:\n{}", fields.lines);
    if !table.indexes.is_empty() {
        text.push_str("    indexes:\n");
        for (index, name) in table.indexes.iter().zip(&index_names) {
            let hash = if index.is_local {
                "local: true".to_owned()
            } else {
                format!("hash_key: {}", of(&index.key.hash_key))
            };
            let range = if index.key.range_key.is_empty() {
                String::new()
            } else {
                format!(", range_key: {}", of(&index.key.range_key))
            };
            let known = |attribute: &String| fields.of.get(attribute).map(|name| scalar(name));
            let _ = writeln!(text, "      {}: {{ {hash}{range}{} }}", scalar(name), index_settings(index, "", known));
        }
    }
    let vectors = table.vector_indexes.iter().filter(|index| table.dimensions(&index.attribute).is_some());
    for (at, index) in vectors.enumerate() {
        if at == 0 {
            text.push_str("    vector_indexes:\n");
        }
        let known = |attribute: &String| fields.of.get(attribute).map(|name| scalar(name));
        let name = vector_names.get(at).map_or("", String::as_str);
        let _ = writeln!(text, "      {}: {{ {} }}", scalar(name), vector_index_settings(index, known));
    }
    let _ = writeln!(parts.models, "{text}");
}
