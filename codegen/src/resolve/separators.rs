//! The characters that end the fields in the keys of a shared table.

use crate::model::SEPARATOR;
use crate::schema::{ModelDecl, Schema, SettingDecl, SharedTableDecl};
use crate::sources::Span;

/// The character that ends the fields in the templates of one key attribute.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Separator<'s> {
    attribute: &'s str,
    pub(crate) character: char,
    /// The first template with a field that it ends; `None` for the default.
    pub(crate) template: Option<Span>,
}

/// The separators of a table's keys and indexes: of each attribute, the first character after a field.
pub(crate) fn of_table<'s>(table: &SharedTableDecl, schema: &'s Schema) -> Vec<Separator<'s>> {
    let is_in = |model: &&ModelDecl| matches!(&model.table.name, Some(SettingDecl::Value(name)) if name.value == table.name.value);
    let keys = schema.models.iter().filter(is_in).flat_map(|model| model.key.iter().chain(&model.index_keys));
    let mut separators: Vec<Separator<'_>> = Vec::new();
    for template in keys.flat_map(|key| &key.templates) {
        let attribute = template.attribute.value.as_str();
        let after = template.text.value.split('}').skip(1).find_map(|after| after.chars().next());
        if let Some(character) = after.filter(|c| is_separator(*c))
            && !separators.iter().any(|separator| separator.attribute == attribute)
        {
            separators.push(Separator { attribute, character, template: Some(template.text.span) });
        }
    }
    separators
}

/// The separator of an attribute.
pub(crate) fn of_attribute<'s>(attribute: &'s str, separators: &[Separator<'s>]) -> Separator<'s> {
    let found = separators.iter().find(|separator| separator.attribute == attribute);
    found.copied().unwrap_or(Separator { attribute, character: SEPARATOR, template: None })
}

/// Whether a character can end a field. A letter or a digit is in most values.
pub(crate) fn is_separator(character: char) -> bool {
    character.is_ascii_punctuation() && !matches!(character, '{' | '}')
}
