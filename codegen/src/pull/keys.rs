//! Key templates, found by comparing the keys of a model's items.

use super::guess::{Guess, Member};
use super::live::{LiveItem, LiveValue, text};
use super::texts::{self, TextType};
use crate::text;
use heck::ToSnakeCase;
use std::collections::BTreeMap;

/// The characters that may separate the fields of a key, the most usual first.
const SEPARATORS: &[char] = &['#', '|', '/', ':', '_', '.', '-'];

/// A key attribute of a model.
#[derive(Debug, Clone)]
pub(super) struct Template {
    pub(super) attribute: String,
    pub(super) parts: Vec<Part>,
    /// Whether keys need not sort as the fields do.
    pub(super) is_unordered: bool,
}

/// A piece of a key.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    Text(String),
    /// The field of an attribute, in a form.
    Field {
        attribute: String,
        form: String,
    },
    /// A field that only the key has.
    Own {
        name: String,
        ty: TextType,
    },
}

/// The separator of an attribute: the first one that splits the texts of a model in the same way, with a text that all
/// of the model's keys have.
pub(super) fn separator(attribute: &str, models: &[&[&LiveItem]]) -> char {
    let splits = |separator: &&char| {
        models.iter().any(|items| {
            let texts: Vec<&str> = items.iter().filter_map(|item| text(item, attribute)).collect();
            columns(&texts, **separator).is_some_and(|columns| {
                let mut places = columns.iter().enumerate();
                columns.len() > 1 && places.any(|(place, column)| is_constant(column, place).is_some())
            })
        })
    };
    SEPARATORS.iter().find(splits).copied().unwrap_or('#')
}

/// The texts between separators, by their place; `None` if the texts have different numbers of them.
fn columns<'t>(texts: &[&'t str], separator: char) -> Option<Vec<Vec<&'t str>>> {
    let count = texts.first()?.split(separator).count();
    let mut columns: Vec<Vec<&str>> = vec![Vec::with_capacity(texts.len()); count];
    for text in texts {
        if text.split(separator).count() != count {
            return None;
        }
        for (column, part) in columns.iter_mut().zip(text.split(separator)) {
            column.push(part);
        }
    }
    Some(columns)
}

/// The text that all of them are, if it is a word and not a value.
fn is_constant<'t>(column: &[&'t str], place: usize) -> Option<&'t str> {
    let first = *column.first()?;
    let word = first.trim_start_matches(['$', '@', '_']).trim_end_matches(SEPARATORS);
    // One key does not show which words are values. In most designs, every second one is.
    let is_certain = column.len() > 1 || place.is_multiple_of(2) && word.bytes().all(|byte| !byte.is_ascii_digit());
    let is_word = word.is_empty() || text::is_word(word) && is_certain;
    (is_word && column.iter().all(|text| *text == first)).then_some(first)
}

/// The maximum number of fields of a range key.
const MOST_IN_RANGE_KEY: usize = 4;

/// What a template is made from.
pub(super) struct Source<'s> {
    pub(super) items: &'s [&'s LiveItem],
    pub(super) members: &'s BTreeMap<String, Member>,
    /// The attributes that no template uses: keys of the table, and the discriminator.
    pub(super) excluded: &'s [&'s str],
    /// The attributes that a template uses if no other one has the value: keys of indexes.
    pub(super) last: &'s [&'s str],
    /// Whether it is a key of the table, which may have fields of its own.
    pub(super) is_of_table: bool,
    pub(super) is_range: bool,
    /// Whether its texts tell the model from others, and no field may have them.
    pub(super) tells: bool,
}

impl Source<'_> {
    /// Whether the texts of a part have different lengths.
    fn is_of_any_width(&self, part: &Part) -> bool {
        match part {
            Part::Own { ty, .. } => *ty == TextType::String,
            Part::Field { attribute, form } => {
                let guess = self.members.get(attribute).map(|member| &member.guess);
                form.is_empty() && matches!(guess, Some(Guess::Text(TextType::String) | Guess::Variants(_)))
            }
            Part::Text(_) => false,
        }
    }
}

/// The template of a key attribute; `None` if the keys have no common form.
pub(super) fn template(attribute: &str, separator: char, source: &Source<'_>) -> Option<Template> {
    let holders: Vec<&LiveItem> = source.items.iter().copied().filter(|item| item.contains_key(attribute)).collect();
    let texts: Option<Vec<&str>> = holders.iter().map(|item| text(item, attribute)).collect();
    let columns = columns(&texts?, separator)?;
    let mut parts: Vec<Part> = Vec::new();
    let mut word = String::new();
    let mut is_unordered = false;
    let count = columns.len();
    for (place, column) in columns.iter().enumerate() {
        if place > 0 {
            push(&mut parts, &separator.to_string());
        }
        if column.iter().any(|text| text.is_empty()) {
            match column.iter().all(|text| text.is_empty()) {
                true => continue,
                false => return None,
            }
        }
        let constant = is_constant(column, place);
        let found = if constant.is_some() && source.tells { None } else { field(column, &holders, constant, source) };
        if let Some((before, field, unsorted)) = found {
            push(&mut parts, before);
            let is_followed = place + 1 < count && source.is_of_any_width(&field);
            is_unordered |= source.is_range && (unsorted || is_followed && is_out_of_order(column, separator));
            parts.push(field);
            continue;
        }
        if let Some(constant) = constant {
            push(&mut parts, constant);
            word = constant.to_snake_case();
            continue;
        }
        if !source.is_of_table {
            return None;
        }
        let (before, rest) = cuts(column).pop().unwrap_or_default();
        push(&mut parts, before);
        let name = if before.is_empty() { &word } else { before };
        let name = own_name(name, attribute, place, &parts);
        let field = Part::Own { name, ty: of_key(&rest, separator) };
        let is_followed = place + 1 < count && source.is_of_any_width(&field);
        is_unordered |= source.is_range && is_followed && is_out_of_order(&rest, separator);
        parts.push(field);
    }
    let fields = parts.iter().filter(|part| !matches!(part, Part::Text(_))).count();
    if source.is_of_table && source.is_range && fields > MOST_IN_RANGE_KEY {
        return None;
    }
    Some(Template { attribute: attribute.to_owned(), parts, is_unordered })
}

/// The type of a part of a key. A text that would not be written in the same way is a string.
fn of_key(column: &[&str], separator: char) -> TextType {
    match texts::of(column) {
        ty @ (TextType::Uuid | TextType::Ulid | TextType::Date) if separator != '-' || ty == TextType::Ulid => ty,
        _ => TextType::String,
    }
}

/// Whether a text of the column has a character that sorts before the separator, or the separator is after letters.
fn is_out_of_order(column: &[&str], separator: char) -> bool {
    separator > '/' || column.iter().any(|text| text.contains(|character| character < separator))
}

fn push(parts: &mut Vec<Part>, text: &str) {
    if text.is_empty() {
        return;
    }
    match parts.last_mut() {
        Some(Part::Text(last)) => last.push_str(text),
        _ => parts.push(Part::Text(text.to_owned())),
    }
}

/// The name of a field that only the key has, by the word before it: `user_id` after `USER#`.
fn own_name(word: &str, attribute: &str, place: usize, parts: &[Part]) -> String {
    let word = word.to_snake_case();
    let name = if word.ends_with("id") { word.clone() } else { format!("{word}_id") };
    let is_taken = parts.iter().any(|part| matches!(part, Part::Own { name: taken, .. } if *taken == name));
    match text::is_word(&word) && !is_taken {
        true => name,
        false => format!("{}_{}", attribute.to_snake_case(), place + 1),
    }
}

/// The texts before which a field may begin: nothing, and each common beginning up to a punctuation mark, with the rest
/// of each text.
fn cuts<'t>(column: &[&'t str]) -> Vec<(&'t str, Vec<&'t str>)> {
    let first = column.first().copied().unwrap_or_default();
    let common = column.iter().fold(first.len(), |length, text| {
        first.bytes().zip(text.bytes()).take(length).take_while(|(one, other)| one == other).count()
    });
    let mut found = vec![("", column.to_vec())];
    for (at, mark) in first.char_indices().take_while(|(at, _)| *at < common) {
        let end = at + mark.len_utf8();
        let is_cut = matches!(mark, '_' | '-' | ':' | '=' | '.') && column.len() > 1;
        let before = first.get(..end).filter(|before| is_cut && text::is_word(before.trim_end_matches(mark)));
        if let Some(before) = before.filter(|before| column.iter().all(|text| text.len() > before.len())) {
            found.push((before, column.iter().map(|text| text.get(end..).unwrap_or_default()).collect()));
        }
    }
    found
}

/// The field whose values the texts are, with the text before it, and whether its texts do not sort as it does.
fn field<'t>(
    column: &[&'t str],
    items: &[&LiveItem],
    constant: Option<&str>,
    source: &Source<'_>,
) -> Option<(&'t str, Part, bool)> {
    let is_everywhere = |name: &str| items.iter().all(|item| item.get(name).is_some_and(|of| *of != LiveValue::Null));
    let mut candidates: Vec<(&String, &Member)> = source
        .members
        .iter()
        .filter(|(_, member)| !source.is_of_table || member.present == member.of)
        .filter(|(name, _)| !source.excluded.contains(&name.as_str()) && is_everywhere(name))
        .collect();
    candidates.retain(|(name, _)| constant.is_none() || !source.last.contains(&name.as_str()));
    candidates.sort_by_key(|(name, _)| source.last.contains(&name.as_str()));
    // One item shows nothing about a word that is also a value.
    if constant.is_some() && items.len() < 2 {
        return None;
    }
    let mut found = None;
    for (before, texts) in cuts(column) {
        for (name, member) in &candidates {
            let values: Vec<&LiveValue> = items.iter().filter_map(|item| item.get(*name)).collect();
            let Some((form, unsorted)) = form(&texts, &values, &member.guess, source.is_of_table) else { continue };
            let is_own = form.is_empty();
            let part = (before, Part::Field { attribute: (*name).clone(), form }, unsorted);
            // The own text of a field is better than another form of it.
            if is_own {
                return Some(part);
            }
            found.get_or_insert(part);
        }
    }
    found.filter(|_| constant.is_none())
}

/// The form in which the texts are the values, and whether they do not sort as the values do.
fn form(texts: &[&str], values: &[&LiveValue], guess: &Guess, is_of_table: bool) -> Option<(String, bool)> {
    let all = |is: &dyn Fn(&str, &str) -> bool| {
        texts.len() == values.len()
            && texts.iter().zip(values).all(|(text, value)| match value {
                LiveValue::Text(value) | LiveValue::Number(value) => is(text, value),
                _ => false,
            })
    };
    match guess {
        Guess::Text(ty) => {
            if all(&|text, value| text == value) {
                return Some((String::new(), false));
            }
            if is_of_table {
                return None;
            }
            if *ty == TextType::String && all(&|text, value| text == value.to_lowercase()) {
                return Some((":lower".to_owned(), true));
            }
            if *ty == TextType::String && all(&|text, value| text == value.to_uppercase()) {
                return Some((":upper".to_owned(), true));
            }
            // A key has the text of a pattern as it is.
            let is_day = matches!(ty, TextType::Datetime(of) | TextType::NaiveDatetime(of) if !of.has_pattern());
            (is_day && all(&|text, value| value.get(..10) == Some(text))).then(|| (":date".to_owned(), true))
        }
        Guess::Variants(_) => all(&|text, value| text == value).then(|| (String::new(), false)),
        Guess::Integer { wide: false, negative: false, .. } => {
            let width = texts.first()?.len();
            if width <= 18
                && texts.iter().any(|text| text.starts_with('0'))
                && all(&|text, value| {
                    text.len() == width
                        && value.len() <= width
                        && text.trim_start_matches('0') == value.trim_start_matches('0')
                })
            {
                return Some((format!(":0{width}"), false));
            }
            all(&|text, value| text == value).then(|| (":plain".to_owned(), true))
        }
        _ => None,
    }
}
