//! The models of a table: their members, and the templates of their keys.

use super::fields::{Fields, Use};
use super::groups::Groups;
use super::guess::{self, Guess, Member};
use super::keys::{self, Part, Source, Template};
use super::live::{LiveIndex, LiveItem, LiveTable, text};
use super::{Parts, texts};
use crate::tables::TableKeyKind;
use crate::text;
use std::collections::BTreeMap;

/// A model of the table.
pub(super) struct Model<'t> {
    /// The value of the discriminator, or the beginning of its keys.
    pub(super) title: &'t str,
    pub(super) items: &'t [&'t LiveItem],
    pub(super) members: BTreeMap<String, Member>,
    /// The templates of key attributes.
    pub(super) templates: BTreeMap<&'t str, Template>,
    /// Whether its keys tell it from other models of the table.
    pub(super) is_told_by_keys: bool,
}

/// The models of a table.
pub(super) fn of_table<'t>(table: &'t LiveTable, groups: &'t Groups<'t>) -> Vec<Model<'t>> {
    let all: Vec<&[&LiveItem]> = groups.models.values().map(Vec::as_slice).collect();
    let separators: BTreeMap<&str, char> =
        table.all_keys().into_iter().map(|(name, _)| (name, keys::separator(name, &all))).collect();
    let mut models: Vec<Model<'_>> =
        groups.models.iter().map(|(title, items)| model(table, groups, &separators, (title, items))).collect();
    models.iter_mut().for_each(agree);
    for (attribute, separator) in separators {
        keep_separable(&mut models, attribute, separator);
    }
    let is_of_table = |attribute: &str| table.key.attributes().any(|(name, _)| name == attribute);
    let has_marks = |template: &Template| {
        let has_mark = |text: &str| !text.chars().all(char::is_alphanumeric);
        template.parts.iter().any(|part| matches!(part, Part::Text(text) if has_mark(text)))
    };
    let mut of_table = models.iter().flat_map(|model| &model.templates).filter(|(name, _)| is_of_table(name));
    // Without templates with punctuation marks, a word that all keys have is a value of the sample.
    if !models.iter().any(|model| model.is_told_by_keys) && !of_table.any(|(_, template)| has_marks(template)) {
        models.iter_mut().for_each(|model| model.templates.retain(|_, template| word(template).is_none()));
    }
    models
}

/// Drops the templates of an attribute whose values hold the separator that the schema has: the character after a field
/// of any of the templates, or `#`.
fn keep_separable(models: &mut [Model<'_>], attribute: &str, separator: char) {
    let is_ended =
        |template: &&Template| template.parts.iter().rev().skip(1).any(|part| !matches!(part, Part::Text(_)));
    if separator == '#' || models.iter().filter_map(|model| model.templates.get(attribute)).any(|of| is_ended(&of)) {
        return;
    }
    let holds = |item: &&LiveItem| text(item, attribute).is_some_and(|text| text.contains('#'));
    for model in models.iter_mut().filter(|model| model.items.iter().any(holds)) {
        model.templates.remove(attribute);
    }
}

fn model<'t>(
    table: &'t LiveTable,
    groups: &'t Groups<'t>,
    separators: &BTreeMap<&str, char>,
    (title, items): (&'t str, &'t [&'t LiveItem]),
) -> Model<'t> {
    let members = guess::members(items.iter().copied());
    let of_table: Vec<&str> = table.key.attributes().map(|(name, _)| name.as_str()).collect();
    let last: Vec<&str> =
        table.indexes.iter().flat_map(|index| index.key.attributes()).map(|(name, _)| name.as_str()).collect();
    let mut excluded: Vec<&str> = of_table.clone();
    excluded.extend(groups.discriminator.as_deref());
    let mut templates = BTreeMap::new();
    let is_told_by_keys = groups.discriminator.is_none() && groups.models.len() > 1;
    for (attribute, _) in table.all_keys().into_iter().filter(|(_, kind)| *kind == TableKeyKind::String) {
        let is_of_table = of_table.contains(&attribute);
        let ranges = table.key.range_key.iter().chain(table.indexes.iter().flat_map(|index| &index.key.range_key));
        let is_range = ranges.into_iter().any(|(name, _)| name == attribute);
        let tells = is_of_table && is_told_by_keys;
        let source =
            Source { items, members: &members, excluded: &excluded, last: &last, is_of_table, is_range, tells };
        let template = keys::template(attribute, separators.get(attribute).copied().unwrap_or('#'), &source);
        let template = template.filter(|template| is_made(template, items) && (is_of_table || !is_value(template)));
        templates.extend(template.map(|made| (attribute, made)));
    }
    let has_field = |template: &Template| template.parts.iter().any(|part| !matches!(part, Part::Text(_)));
    let is_field =
        |name: &String| !templates.contains_key(name.as_str()) && Some(name) != groups.discriminator.as_ref();
    if !templates.values().any(has_field) && !members.keys().any(is_field) {
        templates.clear();
    }
    Model { title, items, members, templates, is_told_by_keys }
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

/// Whether a template is a word that all items have by chance, such as the state of an index of states: words that
/// designs of keys have are in capitals, or have punctuation marks.
fn is_value(template: &Template) -> bool {
    word(template).is_some_and(|word| word.contains(|character: char| character.is_ascii_lowercase()))
}

/// The word that a template is.
fn word(template: &Template) -> Option<&str> {
    match template.parts.as_slice() {
        [Part::Text(text)] if text::is_word(text) => Some(text),
        _ => None,
    }
}

/// A field in several templates has one form of its type: the templates that need another one are dropped. Widths need
/// a bound of the field, so one width is kept.
fn agree(model: &mut Model<'_>) {
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

impl Model<'_> {
    /// The fields of the model, with those of its keys.
    pub(super) fn fields(
        &self,
        name: &str,
        table: &LiveTable,
        discriminator: Option<&str>,
        indent: &str,
        parts: &mut Parts,
    ) -> (Fields, BTreeMap<String, String>) {
        let mut fields = Fields::default();
        let keys: Vec<(&str, TableKeyKind)> = table.all_keys();
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
                is_ttl: table.ttl.as_deref() == Some(attribute.as_str()),
                is_described: false,
            };
            let member = match keys.iter().find(|(key, _)| key == attribute) {
                Some((_, kind)) => &of_kind(member, *kind),
                None => match table.dimensions(attribute) {
                    Some(dimensions) => &Member { guess: Guess::Vector(dimensions), ..member.clone() },
                    None => member,
                },
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
    pub(super) fn unprojected(&self, table: &LiveTable, index: &LiveIndex) -> Option<&String> {
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
pub(super) fn of_kind(member: &Member, kind: TableKeyKind) -> Member {
    let guess = match (kind, &member.guess) {
        (TableKeyKind::String, Guess::Text(_)) => member.guess.clone(),
        (TableKeyKind::String, _) => Guess::Text(texts::TextType::String),
        (TableKeyKind::Number, Guess::Integer { .. } | Guess::Decimal { .. }) => member.guess.clone(),
        (TableKeyKind::Number, Guess::EpochSeconds | Guess::EpochMillis) => {
            Guess::Integer { wide: false, negative: false, is_time: false }
        }
        (TableKeyKind::Number, _) => Guess::Decimal { wide: false },
        (TableKeyKind::Binary, _) => Guess::Bytes,
    };
    Member { guess, ..member.clone() }
}
