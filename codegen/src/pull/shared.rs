//! The models of a shared table.

use super::fields::Use;
use super::groups::Groups;
use super::guess::{Guess, Member};
use super::keys::Part;
use super::live::{LiveIndex, LiveTable};
use super::models::{Model, of_kind};
use super::names::Names;
use super::settings::{Unseen, index_settings, key_type, left, unseen_ttl};
use super::{Parts, sizes};
use crate::tables::TableKeyKind;
use crate::text::scalar;
use std::fmt::Write;

/// The models of a shared table.
pub(super) fn write(table: &LiveTable, groups: &Groups<'_>, models: &[Model<'_>], parts: &mut Parts) {
    let entry = parts.table_names.member_name(&table.name, "table");
    let one = |keys: &[(String, TableKeyKind)]| {
        let keys: Vec<String> =
            keys.iter().map(|(name, kind)| format!("{}: {}", scalar(name), key_type(*kind))).collect();
        format!("{{ {} }}", keys.join(", "))
    };
    let mut text = format!("  {}:\n    # {} items of the sample.\n", scalar(&entry), table.items.len());
    text.push_str(&table.settings("    ", None));
    let (own, of_onetable) = groups.guards;
    if own > 0 {
        let _ = writeln!(text, "    # {own} more items reserve unique values: write `unique: true` on their fields.");
    }
    if of_onetable > 0 {
        let _ =
            writeln!(text, "    # {of_onetable} more items reserve unique values of OneTable: they are of no model.");
    }
    let _ = writeln!(text, "    hash_key: {}", one(&table.key.hash_key));
    if !table.key.range_key.is_empty() {
        let _ = writeln!(text, "    range_key: {}", one(&table.key.range_key));
    }
    match &groups.discriminator {
        Some(attribute) => {
            let _ = writeln!(text, "    discriminator: {}", scalar(attribute));
        }
        None if models.len() > 1 => text.push_str("    discriminator: by_key\n"),
        None => {}
    }
    for index in &table.vector_indexes {
        let _ = writeln!(
            text,
            "    # Without its vector index {}: models of a shared table have none.",
            scalar(&index.name)
        );
    }
    let mut index_names = Names::default();
    let names: Vec<String> = table.indexes.iter().map(|index| index_names.member_name(&index.name, "index")).collect();
    if !table.indexes.is_empty() {
        text.push_str("    indexes:\n");
        for (index, name) in table.indexes.iter().zip(&names) {
            let hash = if index.is_local {
                "local: true".to_owned()
            } else {
                format!("hash_key: {}", one(&index.key.hash_key))
            };
            let range = if index.key.range_key.is_empty() {
                String::new()
            } else {
                format!(", range_key: {}", one(&index.key.range_key))
            };
            let settings = index_settings(index, name, |attribute| Some(scalar(attribute)));
            let _ = writeln!(text, "      {}: {{ {hash}{range}{settings} }}", scalar(name));
        }
    }
    parts.tables.push_str(&text);
    let is_stored = |attribute: &&String| models.iter().any(|model| model.members.contains_key(*attribute));
    let ttl = unseen_ttl(table, |attribute| {
        is_stored(&attribute) || table.all_keys().iter().any(|(key, _)| *key == attribute.as_str())
    });
    let is_unseen = |attribute: &&String| !is_stored(attribute) && table.ttl.as_ref() != Some(*attribute);
    let projected = table.projected().into_iter().filter(is_unseen);
    let projected = projected.map(|attribute| {
        let member = Member { guess: Guess::Json, present: 0, of: table.items.len() };
        (attribute, member, Use::default())
    });
    let unseen: Vec<Unseen<'_>> = ttl.into_iter().chain(projected).collect();
    parts.type_names.take_table(&entry);
    let of_model = |model: &Model<'_>| {
        let title = if model.title.is_empty() { &table.name } else { model.title };
        let title = title.trim_matches(|character: char| !character.is_ascii_alphanumeric());
        parts.type_names.model_name(title, &names)
    };
    // The names of models come before those of their parts.
    let model_names: Vec<String> = models.iter().map(of_model).collect();
    for (number, (model, name)) in models.iter().zip(&model_names).enumerate() {
        let unseen = if number == 0 { unseen.as_slice() } else { &[] };
        write_model(table, (&entry, name), groups, (model, &names, unseen), parts);
    }
}

/// Whether an index has the items of all models, as a key of the table is a key of it: DynamoDB filters a query by
/// attributes that are not its keys.
fn is_of_table_keys(table: &LiveTable, index: &LiveIndex) -> bool {
    let is_of_table = |name: &String| table.key.attributes().any(|(key, _)| key == name);
    !index.is_local && index.key.attributes().any(|(name, _)| is_of_table(name))
}

fn write_model(
    table: &LiveTable,
    (entry, name): (&str, &str),
    groups: &Groups<'_>,
    (model, indexes, unseen): (&Model<'_>, &[String], &[Unseen<'_>]),
    parts: &mut Parts,
) {
    let (mut fields, own) = model.fields(name, table, groups.discriminator.as_deref(), "      ", parts);
    for (attribute, kind) in table.key.attributes() {
        if !model.templates.contains_key(attribute.as_str()) && !fields.of.contains_key(attribute) {
            let member = Member { guess: Guess::Json, present: 1, of: 1 };
            fields.add(
                name,
                attribute,
                &of_kind(&member, *kind),
                Use { is_key: true, is_described: true, ..Use::default() },
                "      ",
                parts,
            );
        }
    }
    for (attribute, member, of) in unseen {
        fields.add(name, attribute, member, of.clone(), "      ", parts);
    }
    let template = |attribute: &String| -> Option<String> {
        let Some(template) = model.templates.get(attribute.as_str()) else {
            return fields.of.get(attribute).map(|name| format!("'{{{name}}}'"));
        };
        let mut text = String::new();
        for part in &template.parts {
            match part {
                Part::Text(part) => text.push_str(part),
                Part::Field { attribute, form } => {
                    let _ = write!(text, "{{{}{form}}}", fields.of.get(attribute)?);
                }
                Part::Own { name, .. } => {
                    let _ = write!(text, "{{{}}}", own.get(&format!("{attribute}/{name}"))?);
                }
            }
        }
        let text = scalar(&text);
        Some(match template.is_unordered {
            true => format!("{{ template: {text}, unordered: true }}"),
            false => text,
        })
    };
    let keys = |key: &mut dyn Iterator<Item = &(String, TableKeyKind)>| -> Option<String> {
        let keys: Option<Vec<String>> =
            key.map(|(name, _)| Some(format!("{}: {}", scalar(name), template(name)?))).collect();
        keys.map(|keys| format!("{{ {} }}", keys.join(", ")))
    };
    let mut text = format!(
        "  {name}:\n    # {} of {} items.\n    table: {}\n",
        model.items.len(),
        table.items.len(),
        scalar(entry)
    );
    if groups.discriminator.is_some() {
        let _ = writeln!(text, "    discriminator: {}", scalar(model.title));
    }
    let Some(key) = keys(&mut table.key.attributes()) else { return };
    let _ = writeln!(text, "    key: {key}");
    let mut in_indexes = String::new();
    for (index, index_name) in table.indexes.iter().zip(indexes) {
        let is_in = index
            .key
            .attributes()
            .all(|(name, _)| model.members.contains_key(name) || table.key.attributes().any(|(key, _)| key == name));
        let own = index
            .key
            .attributes()
            .filter(|(name, _)| !(index.is_local && index.key.hash_key.iter().any(|(key, _)| key == name)));
        let Some(keys) = keys(&mut own.into_iter()).filter(|_| is_in) else { continue };
        let index_name = scalar(index_name);
        if model.is_told_by_keys && is_of_table_keys(table, index) {
            let _ =
                writeln!(in_indexes, "      # {index_name}: {keys}  # the keys do not tell the models in this index");
            continue;
        }
        let _ = match model.unprojected(table, index) {
            None => writeln!(in_indexes, "      {index_name}: {keys}"),
            Some(attribute) => writeln!(
                in_indexes,
                "      # {index_name}: {keys}  # the index does not hold {}, which the key is made of",
                scalar(attribute)
            ),
        };
    }
    if in_indexes.lines().all(|line| line.trim_start().starts_with('#')) {
        text.push_str(&in_indexes);
    } else {
        let _ = write!(text, "    indexes:\n{in_indexes}");
    }
    text.push_str("    unknown_attributes: keep\n");
    text.push_str(&sizes::hint(model.items));
    left(&fields, "    ", &mut text);
    let body = if fields.lines.is_empty() { " {}\n".to_owned() } else { format!("\n{}", fields.lines) };
    let _ = writeln!(text, "    fields:{body}");
    parts.models.push_str(&text);
}
