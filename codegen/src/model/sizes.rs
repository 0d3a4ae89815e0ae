//! Estimates the sizes of values in memory, in bytes.

use super::{DecimalType, Field, Int, Named, NamedKind, Scalar, StructType, TimeKind, TimeTypes, Type, TypeDefinition};
use std::collections::{HashMap, HashSet};

/// The difference between the two largest variants of an enum from which clippy's `large_enum_variant` warns (200
/// bytes), minus the error of this estimate.
const LARGE: usize = 180;

/// Whether the largest variant of an enum is much larger than the others; `variants` are their sizes in bytes.
pub(crate) fn differ_much(variants: impl Iterator<Item = usize>) -> bool {
    let mut sizes: Vec<usize> = variants.collect();
    sizes.sort_unstable();
    match sizes.as_slice() {
        [.., second, largest] => largest.saturating_sub(*second) >= LARGE,
        _ => false,
    }
}

/// The layouts of the types that a schema defines, by their names.
#[derive(Debug, Default)]
pub(crate) struct Sizes(HashMap<String, Layout>);

#[derive(Debug, Clone, Copy)]
struct Layout {
    size: usize,
    align: usize,
    /// Whether it has an unused bit pattern, so that its `Option` is not larger.
    spare: bool,
}

/// The maximum size. Larger types all count as this, since the sizes of nested types can grow exponentially.
const MOST: usize = 1 << 30;

/// Texts, lists and maps: three words.
const WORDS: Layout = Layout::new(24, 8, true);

/// A map of the SDK's attributes by their names.
const ATTRIBUTES: Layout = Layout::new(48, 8, true);

impl Sizes {
    /// The layouts of these types; each is computed once.
    pub(crate) fn of(definitions: &[TypeDefinition]) -> Self {
        let mut parts: HashMap<&str, Part<'_>> = HashMap::new();
        for definition in definitions {
            parts.extend(definition.structs().iter().map(|of| (of.name.as_str(), Part::Struct(of))));
            if let TypeDefinition::Union(of) = definition {
                let held = of.variants.iter().filter_map(|variant| variant.of.as_deref()).collect();
                parts.insert(&of.name, Part::Union(held));
            }
        }
        let mut sizes = Self::default();
        // A type comes after the types that it holds. The path is a list rather than recursion, since a chain of types
        // may be longer than the stack is deep.
        let mut open: Vec<(&str, bool)> = definitions.iter().map(|definition| (definition.name(), false)).collect();
        let mut seen = HashSet::new();
        while let Some((name, are_held_known)) = open.pop() {
            let Some(part) = parts.get(name) else { continue };
            if are_held_known {
                let layout = sizes.part(part);
                sizes.0.insert(name.to_owned(), layout);
            } else if seen.insert(name) {
                open.push((name, true));
                open.extend(part.held().map(|held| (held, false)));
            }
        }
        sizes
    }

    /// The size of a struct or union of the schema; 0 for an unknown name.
    pub(crate) fn of_definition(&self, name: &str) -> usize {
        self.0.get(name).map_or(0, |layout| layout.size)
    }

    /// The size of a struct with these fields.
    pub(crate) fn of_fields(&self, fields: &[Field], keeps_unknown: bool) -> usize {
        self.fields(fields, keeps_unknown).size
    }

    /// The size of the map of attributes without a field.
    pub(crate) fn of_attributes() -> usize {
        ATTRIBUTES.size
    }

    fn part(&self, part: &Part<'_>) -> Layout {
        match part {
            Part::Struct(of) => self.fields(&of.fields, of.keeps_unknown),
            Part::Union(held) => {
                let held = held.iter().filter_map(|name| self.0.get(*name));
                let of = held.fold(Layout::new(0, 1, true), |of, held| of.beside(*held));
                Layout::new((of.size + of.align).next_multiple_of(of.align), of.align, true)
            }
        }
    }

    fn fields(&self, fields: &[Field], keeps_unknown: bool) -> Layout {
        let layouts = fields.iter().map(|field| self.ty(&field.ty)).chain(keeps_unknown.then_some(ATTRIBUTES));
        let of = layouts.fold(Layout::new(0, 1, false), |of, field| {
            let size = of.size.saturating_add(field.size).min(MOST);
            Layout::new(size, of.align.max(field.align), of.spare || field.spare)
        });
        Layout { size: of.size.next_multiple_of(of.align), ..of }
    }

    fn ty(&self, ty: &Type) -> Layout {
        match ty {
            Type::Optional(inner) => {
                let inner = self.ty(inner);
                if inner.spare {
                    return inner;
                }
                Layout::new(inner.size + inner.align, inner.align, true)
            }
            Type::List(_) => WORDS,
            Type::Set(_) | Type::Map(_) => Layout { spare: false, ..WORDS },
            Type::Json => Layout::new(32, 8, true),
            Type::Vector(_) => Layout::new(8, 8, true),
            Type::Named(Named { boxed: true, .. }) => Layout::new(8, 8, true),
            Type::Named(Named { kind: NamedKind::Enum { other: false, .. }, .. }) => Layout::new(1, 1, true),
            Type::Named(Named { kind: NamedKind::Enum { number: true, .. }, .. }) => Layout::new(16, 8, true),
            // The size of a user's type is unknown.
            Type::Named(named) => self.0.get(&named.name).copied().unwrap_or(WORDS),
            Type::Scalar(scalar) => of_scalar(*scalar),
        }
    }
}

/// A type of the schema, by its parts.
enum Part<'m> {
    Struct(&'m StructType),
    /// The structs that the variants hold.
    Union(Vec<&'m str>),
}

impl<'m> Part<'m> {
    /// The types that it holds by value.
    fn held(&self) -> impl Iterator<Item = &'m str> {
        let (fields, held): (&'m [Field], &[&'m str]) = match self {
            Part::Struct(of) => (&of.fields, &[]),
            Part::Union(held) => (&[], held),
        };
        let of_field = |field: &'m Field| match field.ty.present() {
            Type::Named(Named { name, boxed: false, .. }) => Some(name.as_str()),
            _ => None,
        };
        fields.iter().filter_map(of_field).chain(held.to_vec())
    }
}

impl Layout {
    const fn new(size: usize, align: usize, spare: bool) -> Self {
        Self { size, align, spare }
    }

    /// The layout that holds either type, as an enum of both.
    fn beside(self, other: Self) -> Self {
        Self { size: self.size.max(other.size), align: self.align.max(other.align), spare: true }
    }
}

fn of_scalar(of: Scalar) -> Layout {
    let (size, align, spare) = match of {
        Scalar::String => return WORDS,
        Scalar::Bool => (1, 1, true),
        Scalar::Int(Int::I8 | Int::U8) => (1, 1, false),
        Scalar::Int(Int::I16 | Int::U16) => (2, 2, false),
        Scalar::Int(Int::I32 | Int::U32) | Scalar::F32 => (4, 4, false),
        Scalar::Int(Int::I64 | Int::U64) | Scalar::F64 => (8, 8, false),
        Scalar::Int(Int::I128 | Int::U128) | Scalar::Ulid => (16, 16, false),
        Scalar::Bytes => (32, 8, true),
        Scalar::Decimal(DecimalType::RustDecimal) => (16, 4, false),
        Scalar::Decimal(DecimalType::Bigdecimal) => (40, 8, true),
        Scalar::Uuid | Scalar::Ipv6 => (16, 1, false),
        Scalar::Url => (88, 8, true),
        Scalar::Ipv4 => (4, 1, false),
        Scalar::Ip => (17, 1, true),
        Scalar::Ipv4Net => (5, 1, false),
        Scalar::Ipv6Net => (17, 1, false),
        Scalar::IpNet => (18, 1, true),
        Scalar::Time(kind, types) => return of_time(kind, types),
    };
    Layout::new(size, align, spare)
}

fn of_time(kind: TimeKind, types: TimeTypes) -> Layout {
    let (size, align, spare) = match (kind, types) {
        (TimeKind::DateTime | TimeKind::NaiveDateTime, TimeTypes::Chrono) => (12, 4, true),
        (TimeKind::DateTime, TimeTypes::Time) => (16, 4, true),
        (TimeKind::NaiveDateTime, TimeTypes::Time) => (12, 4, true),
        (TimeKind::DateTime, TimeTypes::Jiff) => (16, 8, false),
        (TimeKind::NaiveDateTime, TimeTypes::Jiff) => (12, 4, false),
        (TimeKind::Date, TimeTypes::Chrono | TimeTypes::Time) => (4, 4, true),
        (TimeKind::Date, TimeTypes::Jiff) => (4, 2, false),
        (TimeKind::Time, TimeTypes::Time) => (8, 4, true),
        (TimeKind::Time, TimeTypes::Chrono | TimeTypes::Jiff) => (8, 4, false),
        (TimeKind::Duration, TimeTypes::Time) => (16, 8, true),
        (TimeKind::Duration, TimeTypes::Chrono | TimeTypes::Jiff) => (16, 8, false),
    };
    Layout::new(size, align, spare)
}
