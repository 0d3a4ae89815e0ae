//! The keys of tables and indexes, and their key templates.

use super::{Field, KeyKind};

/// The separator of the parts of a key, if no template has another one. The runtime's `layout` explains it.
pub(crate) const SEPARATOR: char = '#';

/// The placeholder of a field: a character that no schema has.
const PLACE: &str = "\0";

/// A key attribute of a table or an index.
#[derive(Debug, Clone)]
pub(crate) struct KeyAttribute {
    /// Its name in DynamoDB.
    pub(crate) attribute: String,
    pub(crate) kind: KeyKind,
    pub(crate) made_of: MadeOf,
    /// The character that ends each field of a template.
    pub(crate) separator: char,
    /// Whether the keys need not sort as the fields do.
    pub(crate) is_unordered: bool,
}

/// The content of a key attribute.
#[derive(Debug, Clone)]
pub(crate) enum MadeOf {
    /// It is a field.
    Field(Field),
    /// It has the value of a field that is also stored under another name.
    Copy(Field),
    /// It is text with fields in it.
    Template { parts: Vec<KeyPart>, end: String },
}

/// A field in a key, and the text before it.
#[derive(Debug, Clone)]
pub(crate) struct KeyPart {
    pub(crate) before: String,
    pub(crate) field: Field,
}

/// A part of a key between separators, for comparisons of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Segment {
    Text(String),
    /// A field, after some text.
    Field(String, String),
    /// Anything, with separators too.
    Anything,
}

impl KeyAttribute {
    pub(crate) fn of_field(field: Field, kind: KeyKind) -> Self {
        Self::of(field.attribute.clone(), kind, MadeOf::Field(field))
    }

    /// A key attribute that is one field.
    pub(crate) fn of(attribute: String, kind: KeyKind, made_of: MadeOf) -> Self {
        Self { attribute, kind, made_of, separator: SEPARATOR, is_unordered: false }
    }

    /// Whether the order of the field's values is not that of the keys: it is a text of any width, and others follow.
    pub(crate) fn is_unordered_at(&self, field: &str) -> bool {
        self.is_unordered && self.leading_texts().any(|leading| leading.name == field)
    }

    /// The texts of any width that others follow.
    pub(crate) fn leading_texts(&self) -> impl Iterator<Item = &Field> {
        let (parts, end) = match &self.made_of {
            MadeOf::Template { parts, end } => (parts.as_slice(), end.as_str()),
            MadeOf::Field(_) | MadeOf::Copy(_) => (&[][..], ""),
        };
        let leading = parts.len().saturating_sub(usize::from(end.is_empty()));
        parts.iter().take(leading).map(|part| &part.field).filter(|field| field.is_text_of_any_width())
    }

    /// The fields in it.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &Field> {
        let (one, parts): (_, &[KeyPart]) = match &self.made_of {
            MadeOf::Field(field) | MadeOf::Copy(field) => (Some(field), &[]),
            MadeOf::Template { parts, .. } => (None, parts),
        };
        one.into_iter().chain(parts.iter().map(|part| &part.field))
    }

    /// Whether the field is in it.
    pub(crate) fn has(&self, field: &str) -> bool {
        self.fields().any(|part| part.name == field)
    }

    /// Its text, with `{field}` for each field.
    pub(crate) fn text(&self) -> String {
        match &self.made_of {
            MadeOf::Field(field) => field.attribute.clone(),
            MadeOf::Copy(field) => format!("{{{}}}", field.name),
            MadeOf::Template { parts, end } => {
                let parts = parts.iter().map(|part| format!("{}{{{}}}", part.before, part.field.name));
                parts.collect::<String>() + end
            }
        }
    }

    /// The text before its first field, and whether that is the whole key.
    fn beginning(&self) -> (&str, bool) {
        match &self.made_of {
            MadeOf::Field(_) | MadeOf::Copy(_) => ("", false),
            MadeOf::Template { parts, end } => parts.first().map_or((end, true), |part| (&part.before, false)),
        }
    }

    /// Its parts between separators.
    pub(crate) fn segments(&self) -> Vec<Segment> {
        let MadeOf::Template { parts, end } = &self.made_of else { return vec![Segment::Anything] };
        let mut fields = parts.iter().map(|part| part.field.name.clone());
        let text: String = parts.iter().flat_map(|part| [part.before.as_str(), PLACE]).chain([end.as_str()]).collect();
        let segment = |text: &str| match text.strip_suffix(PLACE) {
            Some(before) => Segment::Field(before.to_owned(), fields.next().unwrap_or_default()),
            None => Segment::Text(text.to_owned()),
        };
        text.split(self.separator).map(segment).collect()
    }

    /// Whether the key may be equal to `text`, which has no separators.
    pub(crate) fn may_be(&self, text: &str) -> bool {
        if self.separator != SEPARATOR {
            return match self.beginning() {
                (own, true) => own == text,
                (beginning, false) => text.starts_with(beginning),
            };
        }
        match self.segments().as_slice() {
            [only] => only.meets(&Segment::Text(text.to_owned())),
            _ => false,
        }
    }

    /// Whether the key may begin with `text` and the separator `#`.
    pub(crate) fn may_begin_with(&self, text: &str) -> bool {
        if self.separator != SEPARATOR {
            let text = format!("{text}{SEPARATOR}");
            return match self.beginning() {
                (own, true) => own.starts_with(&text),
                (beginning, false) => begin_alike(beginning, &text),
            };
        }
        match self.segments().as_slice() {
            [Segment::Anything] => true,
            [first, _, ..] => first.meets(&Segment::Text(text.to_owned())),
            _ => false,
        }
    }
}

impl Segment {
    /// Whether two keys may have the same text in this part.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Segment::Anything, _) | (_, Segment::Anything) => true,
            (Segment::Text(one), Segment::Text(other)) => one == other,
            (Segment::Text(text), Segment::Field(before, _)) | (Segment::Field(before, _), Segment::Text(text)) => {
                text.starts_with(before.as_str())
            }
            (Segment::Field(one, _), Segment::Field(other, _)) => begin_alike(one, other),
        }
    }

    /// Whether the text of this part may begin with `text`.
    fn begins_with(&self, text: &str) -> bool {
        match self {
            Segment::Anything => true,
            Segment::Text(own) => own.starts_with(text),
            Segment::Field(before, _) => begin_alike(before, text),
        }
    }
}

fn begin_alike(one: &str, other: &str) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

/// Whether no key of the one template begins as a key of the other: the texts before their first fields tell them
/// apart.
pub(crate) fn begin_apart(one: &KeyAttribute, other: &KeyAttribute) -> bool {
    let ((one, is_one), (other, is_other)) = (one.beginning(), other.beginning());
    match (is_one, is_other) {
        (true, true) => one != other,
        (true, false) => !one.starts_with(other),
        (false, true) => !other.starts_with(one),
        (false, false) => !begin_alike(one, other),
    }
}

/// Whether two keys may be equal.
pub(crate) fn may_meet(one: &KeyAttribute, other: &KeyAttribute) -> bool {
    // Values may hold the separator of the other.
    if one.separator != other.separator {
        return !begin_apart(one, other);
    }
    let (one, other) = (one.segments(), other.segments());
    let anything = one.contains(&Segment::Anything) || other.contains(&Segment::Anything);
    anything || one.len() == other.len() && one.iter().zip(&other).all(|(one, other)| one.meets(other))
}

/// Whether a query of the own model may read another range key. The query reads the range keys that begin with the
/// template's text before the first field that is not in the hash key.
pub(crate) fn may_be_among(other: &KeyAttribute, own: &KeyAttribute, hash_key: &KeyAttribute) -> bool {
    if own.separator != other.separator {
        return !begin_apart(own, other);
    }
    let (own, other) = (own.segments(), other.segments());
    if own.contains(&Segment::Anything) || other.contains(&Segment::Anything) {
        return true;
    }
    for (position, segment) in own.iter().enumerate() {
        let Some(met) = other.get(position) else { return false };
        match segment {
            Segment::Field(before, field) if !hash_key.has(field) => return met.begins_with(before),
            segment if !segment.meets(met) => return false,
            _ => {}
        }
    }
    own.len() == other.len()
}
