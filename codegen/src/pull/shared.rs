//! The models of a shared table.

use super::Parts;
use super::fields::Use;
use super::groups::Groups;
use super::guess::{Guess, Member};
use super::keys::Part;
use super::live::LiveTable;
use super::models::{Model, of_kind};
use super::names::{Names, quoted};
use super::settings::{index_settings, key_type, left};
use crate::tables::TableKeyKind;
use std::fmt::Write;

/// The models of a shared table.
pub(super) fn write(table: &LiveTable, groups: &Groups<'_>, models: &[Model<'_>], parts: &mut Parts) {
    let entry = parts.table_names.member_name(&table.name, "table");
    let one = |keys: &[(String, TableKeyKind)]| {
        let keys: Vec<String> =
            keys.iter().map(|(name, kind)| format!("{}: {}", quoted(name), key_type(*kind))).collect();
        format!("{{ {} }}", keys.join(", "))
    };
    let mut text = format!("  {entry}:\n    # {} items of the sample.\n", table.items.len());
    text.push_str(&table.settings("    ", None));
    if groups.guards > 0 {
        let _ = writeln!(
            text,
            "    # {} more items reserve unique values: write `unique: true` on their fields.",
            groups.guards
        );
    }
    let _ = writeln!(text, "    hash_key: {}", one(&table.key.hash_key));
    if !table.key.range_key.is_empty() {
        let _ = writeln!(text, "    range_key: {}", one(&table.key.range_key));
    }
    match &groups.discriminator {
        Some(attribute) => {
            let _ = writeln!(text, "    discriminator: {}", quoted(attribute));
        }
        None if models.len() > 1 => text.push_str("    discriminator: by_key\n"),
        None => {}
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
            let settings = index_settings(index, name, |attribute| Some(quoted(attribute)));
            let _ = writeln!(text, "      {name}: {{ {hash}{range}{settings} }}");
        }
    }
    parts.tables.push_str(&text);
    let is_stored = |attribute: &&String| models.iter().any(|model| model.members.contains_key(*attribute));
    let unseen: Vec<&String> = table.projected().into_iter().filter(|attribute| !is_stored(attribute)).collect();
    for (number, model) in models.iter().enumerate() {
        let unseen = if number == 0 { unseen.as_slice() } else { &[] };
        write_model(table, &entry, groups, (model, &names, unseen), parts);
    }
}

fn write_model(
    table: &LiveTable,
    entry: &str,
    groups: &Groups<'_>,
    (model, indexes, unseen): (&Model<'_>, &[String], &[&String]),
    parts: &mut Parts,
) {
    let title = if model.title.is_empty() { &table.name } else { model.title };
    let name =
        parts.type_names.type_name(title.trim_matches(|character: char| !character.is_ascii_alphanumeric()), "Item");
    let (mut fields, own) = model.fields(&name, table, groups.discriminator.as_deref(), "      ", parts);
    for (attribute, kind) in table.key.attributes() {
        if !model.templates.contains_key(attribute.as_str()) && !fields.of.contains_key(attribute) {
            let member = Member { guess: Guess::Json, present: 1, of: 1 };
            fields.add(
                &name,
                attribute,
                &of_kind(&member, *kind),
                Use { is_key: true, ..Use::default() },
                "      ",
                parts,
            );
        }
    }
    for attribute in unseen {
        let member = Member { guess: Guess::Json, present: 0, of: table.items.len() };
        fields.add(&name, attribute, &member, Use::default(), "      ", parts);
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
        let text = quoted(&text);
        Some(match template.is_unordered {
            true => format!("{{ template: {text}, unordered: true }}"),
            false => text,
        })
    };
    let keys = |key: &mut dyn Iterator<Item = &(String, TableKeyKind)>| -> Option<String> {
        let keys: Option<Vec<String>> =
            key.map(|(name, _)| Some(format!("{}: {}", quoted(name), template(name)?))).collect();
        keys.map(|keys| format!("{{ {} }}", keys.join(", ")))
    };
    let mut text =
        format!("  {name}:\n    # {} of {} items.\n    table: {entry}\n", model.items.len(), table.items.len());
    if groups.discriminator.is_some() {
        let _ = writeln!(text, "    discriminator: {}", quoted(model.title));
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
        let _ = match model.unprojected(table, index) {
            None => writeln!(in_indexes, "      {index_name}: {keys}"),
            Some(attribute) => writeln!(
                in_indexes,
                "      # {index_name}: {keys}  # the index does not hold {}, which the key is made of",
                quoted(attribute)
            ),
        };
    }
    if in_indexes.lines().all(|line| line.trim_start().starts_with('#')) {
        text.push_str(&in_indexes);
    } else {
        let _ = write!(text, "    indexes:\n{in_indexes}");
    }
    text.push_str("    unknown_attributes: keep\n");
    left(&fields, "    ", &mut text);
    let body = if fields.lines.is_empty() { " {}\n".to_owned() } else { format!("\n{}", fields.lines) };
    let _ = writeln!(text, "    fields:{body}");
    parts.models.push_str(&text);
}
