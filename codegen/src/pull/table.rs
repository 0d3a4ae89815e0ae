//! The schema of one table: a model with a table of its own, or the models of a shared table.

use super::fields::{Fields, Use};
use super::groups::{self, Groups};
use super::guess::{self, Guess, Member};
use super::keys::{self, Part, Source, Template};
use super::live::{LiveIndex, LiveItem, LiveKeyType, LiveTable};
use super::names::quoted;
use super::{Parts, Shape, texts};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A model of the table.
struct Model<'t> {
    /// The value of the discriminator, or the beginning of its keys.
    title: &'t str,
    items: &'t [&'t LiveItem],
    members: BTreeMap<String, Member>,
    /// The templates of key attributes.
    templates: BTreeMap<&'t str, Template>,
}

/// Writes the parts of the schema for a table.
pub(super) fn write(table: &LiveTable, shape: Shape, parts: &mut Parts) {
    let groups = match shape {
        Shape::Models => groups::of(table),
        Shape::One => groups::one(table),
    };
    let mut models: Vec<Model<'_>> =
        groups.models.iter().map(|(title, items)| model(table, &groups, title, items)).collect();
    agree(&mut models);
    if shape == Shape::One {
        models.iter_mut().for_each(|model| model.templates.clear());
    }
    let is_own =
        groups.discriminator.is_none() && models.len() <= 1 && models.iter().all(|model| model.templates.is_empty());
    match is_own {
        true => write_own(table, models.first(), shape, parts),
        false => write_shared(table, &groups, &models, parts),
    }
}

fn model<'t>(table: &'t LiveTable, groups: &'t Groups<'t>, title: &'t str, items: &'t [&'t LiveItem]) -> Model<'t> {
    let members = guess::members(items.iter().copied());
    let all: Vec<Vec<&LiveItem>> = groups.models.values().cloned().collect();
    let of_table: Vec<&str> = table.key.attributes().map(|(name, _)| name.as_str()).collect();
    let of_indexes = table.indexes.iter().flat_map(|index| index.key.attributes());
    let mut excluded: Vec<&str> = of_table.clone();
    excluded.extend(groups.discriminator.as_deref());
    let last: Vec<&str> =
        table.indexes.iter().flat_map(|index| index.key.attributes()).map(|(name, _)| name.as_str()).collect();
    let mut templates = BTreeMap::new();
    for (attribute, kind) in table.key.attributes().chain(of_indexes) {
        let is_of_table = of_table.contains(&attribute.as_str());
        if *kind != LiveKeyType::String || templates.contains_key(attribute.as_str()) {
            continue;
        }
        let is_range = table.key.range_key.iter().chain(table.indexes.iter().flat_map(|index| &index.key.range_key));
        let is_range = is_range.into_iter().any(|(name, _)| name == attribute);
        let source = Source { items, members: &members, excluded: &excluded, last: &last, is_of_table, is_range };
        let template = keys::template(attribute, keys::separator(attribute, &all), &source);
        templates.extend(template.filter(|template| is_made(template, items)).map(|made| (attribute.as_str(), made)));
    }
    let has_field = |template: &Template| template.parts.iter().any(|part| !matches!(part, Part::Text(_)));
    let is_field =
        |name: &String| !templates.contains_key(name.as_str()) && Some(name) != groups.discriminator.as_ref();
    if !templates.values().any(has_field) && !members.keys().any(is_field) {
        templates.clear();
    }
    Model { title, items, members, templates }
}

/// Whether a template makes more than the attribute is: a field that only the key has would be the attribute itself.
/// Each item with all of its fields must have the key.
fn is_made(template: &Template, items: &[&LiveItem]) -> bool {
    let is_whole = match template.parts.as_slice() {
        [Part::Own { .. }] => true,
        [Part::Field { attribute, .. }] => *attribute == template.attribute,
        _ => false,
    };
    let has_fields = |item: &&&LiveItem| {
        template.parts.iter().all(|part| match part {
            Part::Field { attribute, .. } => item.contains_key(attribute),
            Part::Text(_) | Part::Own { .. } => true,
        })
    };
    !is_whole && items.iter().filter(has_fields).all(|item| item.contains_key(&template.attribute))
}

/// A field in several templates has one form of its type: the templates that need another one are dropped. Widths need
/// a bound of the field, so one width is kept.
fn agree(models: &mut [Model<'_>]) {
    for model in models {
        let mut widths: BTreeMap<String, String> = BTreeMap::new();
        model.templates.retain(|_, template| {
            template.parts.iter().all(|part| match part {
                Part::Field { attribute, form } if form.starts_with(":0") => {
                    widths.entry(attribute.clone()).or_insert_with(|| form.clone()) == form
                }
                _ => true,
            })
        });
    }
}

impl Model<'_> {
    /// The fields of the model, with those of its keys.
    fn fields(
        &self,
        name: &str,
        table: &LiveTable,
        discriminator: Option<&str>,
        indent: &str,
        parts: &mut Parts,
    ) -> (Fields, BTreeMap<String, String>) {
        let mut fields = Fields::default();
        let keys: Vec<(&str, LiveKeyType)> = table.all_keys();
        for (attribute, member) in &self.members {
            if self.templates.contains_key(attribute.as_str()) || Some(attribute.as_str()) == discriminator {
                continue;
            }
            let is_key = keys.iter().any(|(key, _)| key == attribute);
            let is_part = self
                .templates
                .values()
                .flat_map(|template| &template.parts)
                .any(|part| matches!(part, Part::Field { attribute: of, .. } if of == attribute));
            let of = Use {
                settings: self.settings(attribute),
                is_key: is_key || is_part && !self.is_only_a_day(attribute),
                is_ttl: table.ttl.as_deref() == Some(attribute.as_str()) && !is_key,
            };
            let member = match keys.iter().find(|(key, _)| key == attribute) {
                Some((_, kind)) => &of_kind(member, *kind),
                None => member,
            };
            fields.add(name, attribute, member, of, indent, parts);
        }
        let mut own = BTreeMap::new();
        for template in self.templates.values() {
            for part in &template.parts {
                if let Part::Own { name, ty } = part {
                    let field = fields.add_own(name, *ty, self.items.len(), indent);
                    own.insert(format!("{}/{name}", template.attribute), field);
                }
            }
        }
        (fields, own)
    }

    /// An attribute that the table's key is made of and an index does not hold.
    fn unprojected(&self, table: &LiveTable, index: &LiveIndex) -> Option<&String> {
        let include = index.include.as_ref()?;
        let templates = table.key.attributes().filter_map(|(name, _)| self.templates.get(name.as_str()));
        let mut attributes = templates.flat_map(|template| &template.parts).filter_map(|part| match part {
            Part::Field { attribute, .. } => Some(attribute),
            Part::Text(_) | Part::Own { .. } => None,
        });
        attributes.find(|attribute| {
            !include.contains(attribute) && !index.key.attributes().any(|(name, _)| name == *attribute)
        })
    }

    /// Whether keys have the field's day only, so that it may keep its type.
    fn is_only_a_day(&self, attribute: &str) -> bool {
        let parts = self.templates.values().flat_map(|template| &template.parts);
        let mut forms = parts.filter_map(|part| match part {
            Part::Field { attribute: of, form } if of == attribute => Some(form),
            _ => None,
        });
        forms.all(|form| form == ":date")
    }

    /// The bounds that the widths of its templates need.
    fn settings(&self, attribute: &str) -> Vec<String> {
        let width = self.templates.values().flat_map(|template| &template.parts).find_map(|part| match part {
            Part::Field { attribute: of, form } if of == attribute => form.strip_prefix(":0")?.parse::<usize>().ok(),
            _ => None,
        });
        width.map_or_else(Vec::new, |width| vec![format!("maximum: {}", "9".repeat(width))])
    }
}

/// The type of a plain key attribute, which DynamoDB says.
fn of_kind(member: &Member, kind: LiveKeyType) -> Member {
    let guess = match (kind, &member.guess) {
        (LiveKeyType::String, Guess::Text(_)) => member.guess.clone(),
        (LiveKeyType::String, _) => Guess::Text(texts::TextType::String),
        (LiveKeyType::Number, Guess::Integer { .. } | Guess::Decimal { .. }) => member.guess.clone(),
        (LiveKeyType::Number, Guess::EpochSeconds | Guess::EpochMillis) => {
            Guess::Integer { wide: false, negative: false }
        }
        (LiveKeyType::Number, _) => Guess::Decimal { wide: false },
        (LiveKeyType::Binary, _) => Guess::Bytes,
    };
    Member { guess, ..member.clone() }
}

fn key_type(kind: LiveKeyType) -> &'static str {
    match kind {
        LiveKeyType::String => "string",
        LiveKeyType::Number => "number",
        LiveKeyType::Binary => "binary",
    }
}

impl LiveTable {
    /// The attributes that indexes hold besides keys, without repetition.
    fn projected(&self) -> Vec<&String> {
        let mut found: Vec<&String> = Vec::new();
        for attribute in self.indexes.iter().filter_map(|index| index.include.as_ref()).flatten() {
            if !found.contains(&attribute) {
                found.push(attribute);
            }
        }
        found
    }

    /// The key attributes of the table and its indexes, without repetition.
    fn all_keys(&self) -> Vec<(&str, LiveKeyType)> {
        let mut keys: Vec<(&str, LiveKeyType)> = Vec::new();
        for (name, kind) in self.key.attributes().chain(self.indexes.iter().flat_map(|index| index.key.attributes())) {
            if !keys.iter().any(|(key, _)| key == name) {
                keys.push((name, *kind));
            }
        }
        keys
    }

    /// The settings of `create:`.
    fn create(&self) -> Vec<String> {
        let mut settings = Vec::new();
        if let Some((read, write)) = self.throughput {
            settings.push("billing_mode: provisioned".to_owned());
            settings.push(format!("throughput: {{ read: {read}, write: {write} }}"));
        }
        if self.infrequent_access {
            settings.push("table_class: standard_infrequent_access".to_owned());
        }
        if self.deletion_protection {
            settings.push("deletion_protection: true".to_owned());
        }
        if self.point_in_time_recovery {
            settings.push("point_in_time_recovery: true".to_owned());
        }
        settings.extend(self.stream.as_ref().map(|view| format!("stream: {view}")));
        if !self.tags.is_empty() {
            let tags: Vec<String> =
                self.tags.iter().map(|(tag, value)| format!("{}: {}", quoted(tag), string(value))).collect();
            settings.push(format!("tags: {{ {} }}", tags.join(", ")));
        }
        settings
    }

    /// The lines of the table's name and settings.
    fn settings(&self, indent: &str, key: Option<&str>) -> String {
        let create = self.create();
        let mut lines = String::new();
        let _ = match (key, create.is_empty()) {
            (Some(key), true) => writeln!(lines, "{indent}{key}: {}", quoted(&self.name)),
            (Some(key), false) => write!(
                lines,
                "{indent}{key}:\n{indent}  name: {}\n{indent}  create: {{ {} }}\n",
                quoted(&self.name),
                create.join(", ")
            ),
            (None, true) => writeln!(lines, "{indent}name: {}", quoted(&self.name)),
            (None, false) => {
                write!(lines, "{indent}name: {}\n{indent}create: {{ {} }}\n", quoted(&self.name), create.join(", "))
            }
        };
        lines
    }
}

/// A text that YAML must not read as another type.
fn string(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// A model with a table of its own.
fn write_own(table: &LiveTable, model: Option<&Model<'_>>, shape: Shape, parts: &mut Parts) {
    let name = parts.type_names.type_name(&table.name, "Item");
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
                Use { is_key: true, ..Use::default() },
                "      ",
                parts,
            );
        }
    }
    for attribute in table.projected() {
        if !fields.of.contains_key(attribute) {
            let member = Member { guess: Guess::Json, present: 0, of: table.items.len().max(1) };
            fields.add(&name, attribute, &member, Use::default(), "      ", parts);
        }
    }
    let of = |attributes: &[(String, LiveKeyType)]| {
        let names: Vec<String> =
            attributes.iter().filter_map(|(name, _)| fields.of.get(name)).map(|name| quoted(name)).collect();
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
    left(&fields, "    ", &mut text);
    let _ = write!(text, "    fields:\n{}", fields.lines);
    if !table.indexes.is_empty() {
        text.push_str("    indexes:\n");
        let mut names = super::Names::default();
        for index in &table.indexes {
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
            let known = |attribute: &String| fields.of.get(attribute).map(|name| quoted(name));
            let _ = writeln!(
                text,
                "      {}: {{ {hash}{range}{} }}",
                names.member_name(&index.name, "index"),
                index_settings(index, "", known)
            );
        }
    }
    let _ = writeln!(parts.models, "{text}");
}

/// The name, projection and throughput of an index.
fn index_settings(index: &LiveIndex, name: &str, known: impl Fn(&String) -> Option<String>) -> String {
    let mut text = if name == index.name { String::new() } else { format!(", name: {}", quoted(&index.name)) };
    match &index.include {
        None => {}
        Some(include) if include.is_empty() => text.push_str(", projection: keys_only"),
        Some(include) => {
            let names: Vec<String> = include.iter().filter_map(known).collect();
            let _ = match names.is_empty() {
                true => write!(text, ", projection: keys_only"),
                false => write!(text, ", projection: [{}]", names.join(", ")),
            };
        }
    }
    if let Some((read, write)) = index.throughput {
        let _ = write!(text, ", throughput: {{ read: {read}, write: {write} }}");
    }
    text
}

fn left(fields: &Fields, indent: &str, text: &mut String) {
    if !fields.left.is_empty() {
        let names: Vec<String> = fields.left.iter().map(|name| quoted(name)).collect();
        let _ = writeln!(text, "{indent}# Without a field, as values of several types have none: {}", names.join(", "));
    }
}

/// The models of a shared table.
fn write_shared(table: &LiveTable, groups: &Groups<'_>, models: &[Model<'_>], parts: &mut Parts) {
    let entry = parts.table_names.member_name(&table.name, "table");
    let one = |keys: &[(String, LiveKeyType)]| {
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
    let mut index_names = super::Names::default();
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
    let keys = |key: &mut dyn Iterator<Item = &(String, LiveKeyType)>| -> Option<String> {
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
