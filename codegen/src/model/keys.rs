//! The keys of tables and indexes, and their key templates.

use super::key_parts::KeyPart;
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
    /// The shards of a hash key, whose number ends the text.
    pub(crate) shards: Option<Shards>,
}

/// The shards of a hash key: its items are under as many keys.
#[derive(Debug, Clone)]
pub(crate) struct Shards {
    pub(crate) count: usize,
    /// The fields whose texts choose an item's shard.
    pub(crate) by: Vec<Field>,
}

impl Shards {
    /// The maximum number of bytes that they add to a key: the separator and the last number.
    pub(crate) fn length(&self, separator: char) -> usize {
        separator.len_utf8() + self.count.saturating_sub(1).to_string().len()
    }

    /// The names of the fields that choose an item's shard.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.by.iter().map(|field| field.name.as_str()).collect()
    }

    /// Whether they divide items in the same way.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.count == other.count && self.names() == other.names()
    }
}

/// The content of a key attribute.
#[derive(Debug, Clone)]
pub(crate) enum MadeOf {
    /// It is a field.
    Field(Field),
    /// It has the value of a field that is also stored under another name.
    Copy(Field),
    /// It is the hash of a searchable field.
    Hash(Field),
    /// It is text with fields in it.
    Template { parts: Vec<KeyPart>, end: String },
}

/// A part of a key between separators, for comparisons of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Segment {
    Text(String),
    /// Fields beside each other, after some text.
    Fields {
        before: String,
        names: Vec<String>,
        is_open: bool,
    },
    /// Anything, with separators too.
    Anything,
}

impl KeyAttribute {
    pub(crate) fn of_field(field: Field, kind: KeyKind) -> Self {
        Self::of(field.attribute.clone(), kind, MadeOf::Field(field))
    }

    /// A key attribute that is one field.
    pub(crate) fn of(attribute: String, kind: KeyKind, made_of: MadeOf) -> Self {
        Self { attribute, kind, made_of, separator: SEPARATOR, is_unordered: false, shards: None }
    }

    /// Whether the order of the field's values is not that of the keys: its texts do not sort, or it is a text of any
    /// width and others follow.
    pub(crate) fn is_unordered_at(&self, field: &str) -> bool {
        let is_unsorted = |part: &&KeyPart| !part.sorts();
        let mut unsorted = self.leading_texts().chain(self.parts().iter().filter(is_unsorted));
        self.is_unordered && unsorted.any(|part| part.field.name == field)
    }

    /// Whether the text of the field in the key has another form than its attribute.
    pub(crate) fn is_in_other_form(&self, field: &str) -> bool {
        self.parts().iter().any(|part| part.field.name == field && part.is_in_other_form())
    }

    /// The texts of any width that others follow.
    pub(crate) fn leading_texts(&self) -> impl Iterator<Item = &KeyPart> {
        let is_open = matches!(&self.made_of, MadeOf::Template { end, .. } if end.is_empty());
        let leading = self.parts().len().saturating_sub(usize::from(is_open));
        self.parts().iter().take(leading).filter(|part| part.is_text_of_any_width())
    }

    /// The fields in its text.
    pub(crate) fn parts(&self) -> &[KeyPart] {
        match &self.made_of {
            MadeOf::Template { parts, .. } => parts,
            MadeOf::Field(_) | MadeOf::Copy(_) | MadeOf::Hash(_) => &[],
        }
    }

    /// The fields in it.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &Field> {
        let one = match &self.made_of {
            MadeOf::Field(field) | MadeOf::Copy(field) | MadeOf::Hash(field) => Some(field),
            MadeOf::Template { .. } => None,
        };
        one.into_iter().chain(self.parts().iter().map(|part| &part.field))
    }

    /// The fields in it that range conditions compare: those before the first one whose end only a later field of one
    /// width tells.
    pub(crate) fn compared(&self) -> impl Iterator<Item = &Field> {
        let is_unended = |(at, part): (usize, &KeyPart)| {
            part.width().is_none() && self.parts().get(at + 1).is_some_and(|next| next.before.is_empty())
        };
        let unended = self.parts().iter().enumerate().position(is_unended);
        self.fields().take(unended.unwrap_or(usize::MAX))
    }

    /// Whether the field is in it.
    pub(crate) fn has(&self, field: &str) -> bool {
        self.fields().any(|part| part.name == field)
    }

    /// Whether it is the hash of a searchable field.
    pub(crate) fn is_hash(&self) -> bool {
        matches!(self.made_of, MadeOf::Hash(_))
    }

    /// Whether it is an attribute of an item without a template: a field, or the hash of one.
    pub(crate) fn is_stored(&self) -> bool {
        matches!(self.made_of, MadeOf::Field(_) | MadeOf::Hash(_))
    }

    /// Whether it determines the value of the field.
    pub(crate) fn determines(&self, field: &str) -> bool {
        match self.parts() {
            [] => self.has(field) && !self.is_hash(),
            parts => parts.iter().any(|part| part.field.name == field && !part.is_partial()),
        }
    }

    /// The maximum number of bytes that its shards add to it.
    pub(crate) fn shards_length(&self) -> usize {
        self.shards.as_ref().map_or(0, |shards| shards.length(self.separator))
    }

    /// The fields that choose an item's shard.
    pub(crate) fn sharded_by(&self) -> impl Iterator<Item = &Field> {
        self.shards.iter().flat_map(|shards| &shards.by)
    }

    /// The fields that its check needs: those in it, then those that choose the shard.
    pub(crate) fn checked(&self) -> impl Iterator<Item = &Field> {
        self.fields().chain(self.sharded_by())
    }

    /// Whether the field is in it, or chooses the shard.
    pub(crate) fn needs(&self, field: &str) -> bool {
        self.has(field) || self.sharded_by().any(|by| by.name == field)
    }

    /// Whether the other key has the same text, and its items the same shards.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.text() == other.text()
            && match (&self.shards, &other.shards) {
                (Some(own), Some(other)) => own.is_same(other),
                (own, other) => own.is_none() && other.is_none(),
            }
    }

    /// Its text, with `{field}` for each field, without the number of the shard.
    pub(crate) fn text(&self) -> String {
        match &self.made_of {
            MadeOf::Field(field) => field.attribute.clone(),
            MadeOf::Copy(field) => format!("{{{}}}", field.name),
            MadeOf::Hash(_) => self.attribute.clone(),
            MadeOf::Template { parts, end } => parts.iter().map(KeyPart::text).collect::<String>() + end,
        }
    }

    /// The text before its first field, and whether that is the whole key.
    fn beginning(&self) -> (&str, bool) {
        match &self.made_of {
            MadeOf::Field(_) | MadeOf::Copy(_) | MadeOf::Hash(_) => ("", false),
            MadeOf::Template { parts, end } => {
                parts.first().map_or((end, self.shards.is_none()), |part| (&part.before, false))
            }
        }
    }

    /// Its parts between separators.
    pub(crate) fn segments(&self) -> Vec<Segment> {
        let MadeOf::Template { parts, end } = &self.made_of else { return vec![Segment::Anything] };
        let mut fields = parts.iter();
        let text: String = parts.iter().flat_map(|part| [part.before.as_str(), PLACE]).chain([end.as_str()]).collect();
        let segment = |text: &str| {
            let before = text.trim_end_matches(PLACE);
            let of: Vec<&KeyPart> = fields.by_ref().take(text.len() - before.len()).collect();
            match of.is_empty() {
                true => Segment::Text(text.to_owned()),
                false => Segment::Fields {
                    before: before.to_owned(),
                    names: of.iter().map(|part| part.field.name.clone()).collect(),
                    is_open: of.iter().any(|part| part.is_open),
                },
            }
        };
        let segments = text.split(self.separator).map(segment);
        let mut segments: Vec<Segment> = segments.collect();
        if self.shards.is_some() {
            segments.push(Segment::Fields { before: String::new(), names: Vec::new(), is_open: false });
        }
        segments
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
            (Segment::Text(text), Segment::Fields { before, .. })
            | (Segment::Fields { before, .. }, Segment::Text(text)) => text.starts_with(before.as_str()),
            (Segment::Fields { before: one, .. }, Segment::Fields { before: other, .. }) => begin_alike(one, other),
        }
    }

    /// Whether the text of this part may begin with `text`.
    fn begins_with(&self, text: &str) -> bool {
        match self {
            Segment::Anything => true,
            Segment::Text(own) => own.starts_with(text),
            Segment::Fields { before, .. } => begin_alike(before, text),
        }
    }

    /// Whether its text may hold separators.
    fn is_open(&self) -> bool {
        matches!(self, Segment::Anything | Segment::Fields { is_open: true, .. })
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
    let is_open = |shorter: &[Segment], longer: &[Segment]| {
        shorter.len() <= longer.len() && shorter.last().is_some_and(Segment::is_open)
    };
    let lengths = one.len() == other.len() || is_open(&one, &other) || is_open(&other, &one);
    anything || lengths && one.iter().zip(&other).all(|(one, other)| one.meets(other))
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
        let Some(met) = other.get(position) else { return other.last().is_some_and(Segment::is_open) };
        match segment {
            Segment::Fields { before, names, .. } if !names.iter().all(|field| hash_key.determines(field)) => {
                return met.begins_with(before);
            }
            segment if !segment.meets(met) => return false,
            _ => {}
        }
    }
    own.len() == other.len() || own.last().is_some_and(Segment::is_open) || other.last().is_some_and(Segment::is_open)
}
