//! The sizes of items in DynamoDB, by the rules of its page "DynamoDB item sizes and formats".

use crate::model::{
    Computation, Computed, Constraint, EnumValue, Field, KeyAttribute, KeyPart, MadeOf, Model, ModelSet, Named,
    NamedKind, Scalar, StoredForm, TextFormat, TimeKind, Type, TypeDefinition,
};
use std::iter::Sum;
use std::ops::Add;

/// The size of a value or an item, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Size {
    /// An estimate by the types and the constraints.
    pub(crate) usual: u64,
    /// What the constraints allow with texts of one byte per character. What no constraint bounds counts as nothing.
    pub(crate) allowed: u64,
}

/// A text without `max_length`, and half of the longest one with it.
const USUAL_TEXT: u64 = 20;
const LONG_TEXT: u64 = 500;
const USUAL_BYTES: u64 = 100;
const USUAL_JSON: u64 = 100;
/// The elements of a collection without `max_items`, and half of the most with it.
const USUAL_ELEMENTS: u64 = 3;
const MANY_ELEMENTS: u64 = 20;
/// A list or a map, without its elements.
const COLLECTION: u64 = 3;
/// Each element of a list or a map, besides its value.
const ELEMENT: u64 = 1;
/// The bytes before a sealed value, and those around the value in them.
const SEAL: u64 = 14;
/// The bytes of the hash of a searchable value.
const HASH: u64 = 32;
/// What an encrypted value has besides, without the name of its key and the id of its data key.
const ENCRYPTION: u64 = 52;
/// An id such as `2026-11`. One that AWS KMS makes has some 200 bytes.
const DATA_KEY_ID: u64 = 7;
/// The digits of a float or a decimal.
const USUAL_DIGITS: u64 = 8;
const MOST_DIGITS: u64 = 38;

/// The sizes of the items of a schema.
pub(crate) struct ItemSizes<'m> {
    set: &'m ModelSet,
}

impl<'m> ItemSizes<'m> {
    pub(crate) fn new(set: &'m ModelSet) -> Self {
        Self { set }
    }

    /// The size of a model's items.
    pub(crate) fn item(&self, model: &'m Model) -> Size {
        self.attributes(model).into_iter().map(|(_, size)| size).sum()
    }

    /// The attributes of a model's items, each with its size and its name.
    pub(crate) fn attributes(&self, model: &'m Model) -> Vec<(&'m str, Size)> {
        let stored = model.fields.iter().filter(|field| !field.key_only);
        let fields = stored.map(|field| (field.attribute.as_str(), self.attribute(field)));
        let hashes = model.fields.iter().filter_map(Field::hash).map(|name| (name, Size::of(length(name) + HASH)));
        let made = made_keys(model).map(|key| (key.attribute.as_str(), key_attribute(key, self)));
        let discriminator = model.sharing.iter().flat_map(|sharing| &sharing.discriminator);
        let discriminator = discriminator.map(|(name, value)| (name.as_str(), Size::of(length(name) + length(value))));
        let version =
            model.versions.iter().map(|of| (of.attribute.as_str(), Size::of(length(&of.attribute) + number(2))));
        let computed = model.computed.iter().map(|of| (of.field.attribute.as_str(), self.computed(of)));
        fields.chain(hashes).chain(computed).chain(made).chain(discriminator).chain(version).collect()
    }

    /// The size of a field's attribute, with its name.
    pub(crate) fn attribute(&self, field: &'m Field) -> Size {
        match field.key_only {
            true => Size::default(),
            false => Size::of(length(&field.attribute)) + self.stored(field),
        }
    }

    /// The size of a computed attribute, with its name. That of a text is the size of its parts.
    fn computed(&self, of: &'m Computed) -> Size {
        let name = Size::of(length(&of.field.attribute));
        match &of.by {
            Computation::Function { .. } | Computation::Expiry { .. } => name + self.field(&of.field, &mut Vec::new()),
            Computation::Text { parts, end } => name + template(parts, end, self),
        }
    }

    /// The size of a field's value as it is stored.
    fn stored(&self, field: &'m Field) -> Size {
        let value = self.field(field, &mut Vec::new());
        let Some(seal) = &field.seal else { return value };
        let encryption = seal.encryption.as_ref().map(|of| ENCRYPTION + length(&of.key) + DATA_KEY_ID);
        let added = SEAL + encryption.unwrap_or_default();
        match seal.is_compressed {
            // What becomes of it depends on the values, so that no constraint bounds it either.
            true => Size { usual: value.usual.min(USUAL_BYTES) + added, allowed: added },
            false => value + Size::of(added),
        }
    }

    fn field(&self, field: &'m Field, open: &mut Vec<&'m str>) -> Size {
        let digits = field.integers().map(|(least, most)| digits(least).max(digits(most)));
        match (&field.form, digits) {
            (StoredForm::Own, Some(digits)) => Size { usual: number(digits.div_ceil(2)), allowed: number(digits) },
            (StoredForm::EpochSeconds, _) => Size::of(number(10)),
            (StoredForm::EpochMillis, _) => Size::of(number(13)),
            (StoredForm::ZeroOrOne, _) => Size::of(number(1)),
            (StoredForm::Digits(digits), _) => Size::of(count(*digits)),
            (StoredForm::Pattern(pattern), _) => Size::of(count(pattern.width())),
            _ => self.value(field.ty.present(), &field.constraints, open),
        }
    }

    fn value(&self, ty: &'m Type, constraints: &'m [Constraint], open: &mut Vec<&'m str>) -> Size {
        match ty {
            Type::Scalar(scalar) => of_scalar(*scalar, constraints),
            Type::Json => Size { usual: USUAL_JSON, allowed: COLLECTION },
            // A number has about eight digits.
            Type::Vector(dimensions) => Size::of(COLLECTION + u64::from(*dimensions) * (number(8) + ELEMENT)),
            Type::Optional(inner) => self.value(inner, present(constraints), open),
            Type::List(inner) => {
                let element = self.value(inner, items(constraints), open) + Size::of(ELEMENT);
                Size::of(COLLECTION) + elements(element, constraints)
            }
            Type::Set(inner) => elements(self.value(inner, items(constraints), open), constraints),
            Type::Map(inner) => {
                let name = of_scalar(Scalar::String, nested(constraints, |of| matches!(of, Constraint::Keys(_))));
                let values = nested(constraints, |of| matches!(of, Constraint::Values(_)));
                let element = self.value(inner, values, open) + name + Size::of(ELEMENT);
                Size::of(COLLECTION) + elements(element, constraints)
            }
            Type::Named(Named { kind: NamedKind::Rust { .. }, .. }) => Size { usual: USUAL_TEXT, allowed: 0 },
            // A type that can hold itself does so rarely.
            Type::Named(Named { name, .. }) if open.contains(&name.as_str()) => Size::default(),
            Type::Named(Named { name, .. }) => {
                open.push(name);
                let size = self.definition(name, open);
                open.pop();
                size
            }
        }
    }

    fn definition(&self, name: &str, open: &mut Vec<&'m str>) -> Size {
        let Some(definition) = self.set.types.iter().find(|of| of.name() == name) else { return Size::default() };
        let fields = |fields: &'m [Field], open: &mut Vec<&'m str>| -> Size {
            let of = |field: &'m Field| Size::of(length(&field.attribute) + ELEMENT) + self.field(field, open);
            fields.iter().map(of).sum()
        };
        match definition {
            TypeDefinition::Struct(of) => Size::of(COLLECTION) + fields(&of.fields, open),
            TypeDefinition::Enum(of) => of.variants.iter().fold(Size::default(), |most, variant| {
                most.max(Size::of(match &variant.value {
                    EnumValue::Text(text) => length(text),
                    EnumValue::Number(value) => number(digits(i128::from(*value))),
                }))
            }),
            TypeDefinition::Union(of) => {
                let tag = |value: &str| Size::of(COLLECTION + ELEMENT + length(&of.tag) + length(value));
                of.variants.iter().fold(Size::default(), |most, variant| {
                    let own = of.structs.iter().find(|own| Some(&own.name) == variant.of.as_ref());
                    let content = match (own, &variant.of) {
                        (Some(own), _) => fields(&own.fields, open),
                        (None, Some(name)) => self.definition(name, open),
                        (None, None) => Size::default(),
                    };
                    most.max(tag(&variant.value) + content)
                })
            }
        }
    }
}

/// The key attributes that are made of fields, each once.
fn made_keys(model: &Model) -> impl Iterator<Item = &KeyAttribute> {
    let all = || model.keys().chain(model.indexes.iter().flat_map(|index| index.keys()));
    let is_first =
        move |(at, key): &(usize, &KeyAttribute)| !all().take(*at).any(|earlier| earlier.attribute == key.attribute);
    let made = all().enumerate().filter(is_first).map(|(_, key)| key);
    made.filter(|key| !key.is_stored())
}

/// The size of a key attribute with its name.
pub(crate) fn key_attribute<'m>(key: &'m KeyAttribute, sizes: &ItemSizes<'m>) -> Size {
    let content = match &key.made_of {
        MadeOf::Field(field) | MadeOf::Copy(field) => sizes.field(field, &mut Vec::new()),
        MadeOf::Hash(_) => Size::of(HASH),
        MadeOf::Template { parts, end } => template(parts, end, sizes),
    };
    Size::of(length(&key.attribute)) + content + Size::of(count(key.shards_length()))
}

/// The size of a text with fields in it.
fn template<'m>(parts: &'m [KeyPart], end: &'m str, sizes: &ItemSizes<'m>) -> Size {
    let part = |part: &'m KeyPart| Size::of(length(&part.before)) + key_part(part, sizes);
    parts.iter().map(part).sum::<Size>() + Size::of(length(end))
}

fn key_part<'m>(part: &'m KeyPart, sizes: &ItemSizes<'m>) -> Size {
    match (part.width(), part.field.ty.present()) {
        (Some(width), _) => Size::of(count(width)),
        (None, Type::Scalar(Scalar::Int(int))) => Size::of(count(int.digits())),
        (None, _) => sizes.field(&part.field, &mut Vec::new()),
    }
}

fn of_scalar(scalar: Scalar, constraints: &[Constraint]) -> Size {
    match scalar {
        Scalar::String => text(constraints, USUAL_TEXT),
        Scalar::Url => text(constraints, 60),
        Scalar::Bytes => text(constraints, USUAL_BYTES),
        Scalar::Bool => Size::of(1),
        Scalar::Int(int) => {
            let digits = count(int.digits());
            Size { usual: number(digits.div_ceil(2)), allowed: number(digits) }
        }
        Scalar::F32 | Scalar::F64 | Scalar::Decimal(_) => {
            Size { usual: number(USUAL_DIGITS), allowed: number(MOST_DIGITS) }
        }
        Scalar::Uuid => Size::of(36),
        Scalar::Ulid => Size::of(26),
        Scalar::Ipv4 => Size { usual: 13, allowed: 15 },
        Scalar::Ipv6 | Scalar::Ip => Size { usual: 30, allowed: 39 },
        Scalar::Ipv4Net => Size { usual: 15, allowed: 18 },
        Scalar::Ipv6Net | Scalar::IpNet => Size { usual: 32, allowed: 43 },
        Scalar::Time(kind, _) => Size::of(match kind {
            TimeKind::DateTime => 27,
            TimeKind::NaiveDateTime => 26,
            TimeKind::Date => 10,
            TimeKind::Time => 15,
            TimeKind::Duration => 8,
        }),
    }
}

/// A text or bytes; `usual` is for one without `max_length`.
fn text(constraints: &[Constraint], usual: u64) -> Size {
    let (mut least, mut most, mut usual) = (0, None, usual);
    for constraint in constraints {
        match constraint {
            Constraint::OneOf(texts) => {
                return Size::of(texts.iter().map(|text| length(text)).max().unwrap_or_default());
            }
            Constraint::MinLength(length) => least = *length,
            Constraint::MaxLength(length) => most = Some(*length),
            Constraint::Format(format) => {
                usual = match format {
                    TextFormat::Uuid => 36,
                    TextFormat::Url => 60,
                    TextFormat::Ipv6 => 30,
                    TextFormat::Ipv4 | TextFormat::E164 => 13,
                    TextFormat::Email | TextFormat::Hostname | TextFormat::Slug => USUAL_TEXT,
                }
            }
            _ => {}
        }
    }
    let usual = most.map_or(usual, |most: u64| most.div_ceil(2).min(LONG_TEXT)).max(least);
    Size { usual, allowed: most.unwrap_or(least) }
}

/// The elements of a collection.
fn elements(one: Size, constraints: &[Constraint]) -> Size {
    let (mut least, mut most) = (0, None);
    for constraint in constraints {
        match constraint {
            Constraint::MinItems(items) => least = *items,
            Constraint::MaxItems(items) => most = Some(*items),
            _ => {}
        }
    }
    let usual = most.map_or(USUAL_ELEMENTS, |most: u64| most.div_ceil(2).min(MANY_ELEMENTS)).max(least);
    let times = |size: u64, number: u64| size.saturating_mul(number);
    Size { usual: times(one.usual, usual), allowed: times(one.allowed, most.unwrap_or(least)) }
}

/// The constraints of elements, of keys or of values.
fn nested(constraints: &[Constraint], is_wanted: impl Fn(&Constraint) -> bool) -> &[Constraint] {
    match constraints.iter().find(|of| is_wanted(of)) {
        Some(Constraint::Items(of) | Constraint::Keys(of) | Constraint::Values(of) | Constraint::Present(of)) => of,
        _ => &[],
    }
}

fn items(constraints: &[Constraint]) -> &[Constraint] {
    nested(constraints, |of| matches!(of, Constraint::Items(_)))
}

fn present(constraints: &[Constraint]) -> &[Constraint] {
    nested(constraints, |of| matches!(of, Constraint::Present(_)))
}

/// The bytes of a number with so many digits: one for each two of them, and one more.
fn number(digits: u64) -> u64 {
    digits.min(MOST_DIGITS).div_ceil(2) + 1
}

fn digits(value: i128) -> u64 {
    u64::from(value.unsigned_abs().checked_ilog10().unwrap_or_default()) + 1
}

fn length(text: &str) -> u64 {
    count(text.len())
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

impl Size {
    fn of(size: u64) -> Self {
        Self { usual: size, allowed: size }
    }

    fn max(self, other: Self) -> Self {
        Self { usual: self.usual.max(other.usual), allowed: self.allowed.max(other.allowed) }
    }
}

impl Add for Size {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { usual: self.usual.saturating_add(other.usual), allowed: self.allowed.saturating_add(other.allowed) }
    }
}

impl Sum for Size {
    fn sum<I: Iterator<Item = Self>>(sizes: I) -> Self {
        sizes.fold(Self::default(), Add::add)
    }
}
