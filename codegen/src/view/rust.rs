//! The model's types, values and names as Rust code.

use crate::model::{
    DecimalType, Default, Factory, Field, Literal, Named, NamedKind, Scalar, StoredForm, TimeKind, TimeTypes, Type,
};
use heck::ToSnakeCase;

/// Rust's keywords of every edition, strict and reserved ("Keywords", The Rust Reference).
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true",
    "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// The keywords that `r#` cannot make identifiers.
const NEVER_RAW: &[&str] = &["crate", "self", "super"];

/// Names that modules do not have: those of roots, of devices on Windows, and of what code names without a path
/// (crates, and the tools of attributes).
const RESERVED_FILES: &[&str] = &[
    "alloc",
    "clippy",
    "core",
    "dyntastic",
    "rustfmt",
    "std",
    "aux",
    "com0",
    "com1",
    "com2",
    "com3",
    "com4",
    "com5",
    "com6",
    "com7",
    "com8",
    "com9",
    "con",
    "lib",
    "lpt0",
    "lpt1",
    "lpt2",
    "lpt3",
    "lpt4",
    "lpt5",
    "lpt6",
    "lpt7",
    "lpt8",
    "lpt9",
    "main",
    "mod",
    "nul",
    "prn",
];

/// Whether a derive macro of std has this name.
pub(crate) fn is_derive(name: &str) -> bool {
    const DERIVES: &[&str] = &["Clone", "Copy", "Debug", "Default", "Eq", "Hash", "Ord", "PartialEq", "PartialOrd"];
    DERIVES.contains(&name)
}

/// A name in snake case as an identifier.
pub(crate) fn identifier(name: &str) -> String {
    if NEVER_RAW.contains(&name) {
        format!("{name}_")
    } else if KEYWORDS.contains(&name) {
        format!("r#{name}")
    } else {
        name.to_owned()
    }
}

/// `wanted`, with underscores until `taken` has no such name.
pub(crate) fn free_name(wanted: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut name = wanted.to_owned();
    while taken(&name) {
        name.push('_');
    }
    name
}

/// The module of each of these definitions, in their order: also the name of its file.
pub(crate) fn module_names<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut taken = std::collections::HashSet::new();
    names
        .map(|name| {
            let snake = name.to_snake_case();
            let name = free_name(&snake, |name| {
                KEYWORDS.contains(&name) || RESERVED_FILES.contains(&name) || taken.contains(name)
            });
            taken.insert(name.clone());
            name
        })
        .collect()
}

/// Text as a string literal. Everything that could end it or be misread is escaped.
pub(crate) fn literal(text: &str) -> String {
    format!("{text:?}")
}

/// The path of a type.
pub(crate) fn ty(of: &Type) -> String {
    match of {
        Type::Scalar(of) => scalar(*of).to_owned(),
        Type::Json => "::dyntastic::serde_json::Value".to_owned(),
        Type::List(of) => format!("::std::vec::Vec<{}>", ty(of)),
        Type::Set(of) => format!("::std::collections::BTreeSet<{}>", ty(of)),
        Type::Map(of) => format!("::std::collections::BTreeMap<::std::string::String, {}>", ty(of)),
        Type::Optional(of) => optional(&ty(of)),
        Type::Named(Named { name, boxed: true, .. }) => format!("::std::boxed::Box<{name}>"),
        Type::Named(Named { name, .. }) => name.clone(),
    }
}

/// The path of the type that a field's attribute has: that of its value, as it is stored.
pub(crate) fn value_type(field: &Field) -> String {
    let value = match field.ty.present() {
        Type::Named(named) => named.name.clone(),
        present => ty(present),
    };
    match wrapper(field) {
        Some(wrapper) => format!("{wrapper}<{value}>"),
        None => value,
    }
}

/// The type that says that a value is stored in another form than its own.
pub(crate) fn wrapper(field: &Field) -> Option<&'static str> {
    match field.form {
        StoredForm::Own => None,
        StoredForm::EpochSeconds => Some("::dyntastic::item::EpochSeconds"),
        StoredForm::EpochMillis => Some("::dyntastic::item::EpochMillis"),
        StoredForm::Pydantic => Some("::dyntastic::item::Pydantic"),
    }
}

/// The path of an optional type.
pub(crate) fn optional(of: &str) -> String {
    format!("::std::option::Option<{of}>")
}

fn scalar(of: Scalar) -> &'static str {
    match of {
        Scalar::String => "::std::string::String",
        Scalar::Bool => "bool",
        Scalar::Int(int) => int.range().0,
        Scalar::F32 => "f32",
        Scalar::F64 => "f64",
        Scalar::Bytes => "::dyntastic::bytes::Bytes",
        Scalar::Decimal(DecimalType::RustDecimal) => "::dyntastic::rust_decimal::Decimal",
        Scalar::Decimal(DecimalType::Bigdecimal) => "::dyntastic::bigdecimal::BigDecimal",
        Scalar::Uuid => "::dyntastic::uuid::Uuid",
        Scalar::Ulid => "::dyntastic::ulid::Ulid",
        Scalar::Url => "::dyntastic::url::Url",
        Scalar::Ipv4 => "::std::net::Ipv4Addr",
        Scalar::Ipv6 => "::std::net::Ipv6Addr",
        Scalar::Ip => "::std::net::IpAddr",
        Scalar::Ipv4Net => "::dyntastic::ipnet::Ipv4Net",
        Scalar::Ipv6Net => "::dyntastic::ipnet::Ipv6Net",
        Scalar::IpNet => "::dyntastic::ipnet::IpNet",
        Scalar::Time(kind, types) => time_type(kind, types),
    }
}

fn time_type(kind: TimeKind, types: TimeTypes) -> &'static str {
    match (types, kind) {
        (TimeTypes::Chrono, TimeKind::DateTime) => "::dyntastic::chrono::DateTime<::dyntastic::chrono::Utc>",
        (TimeTypes::Chrono, TimeKind::Date) => "::dyntastic::chrono::NaiveDate",
        (TimeTypes::Chrono, TimeKind::Time) => "::dyntastic::chrono::NaiveTime",
        (TimeTypes::Chrono, TimeKind::NaiveDateTime) => "::dyntastic::chrono::NaiveDateTime",
        (TimeTypes::Chrono, TimeKind::Duration) => "::dyntastic::chrono::TimeDelta",
        (TimeTypes::Time, TimeKind::DateTime) => "::dyntastic::time::OffsetDateTime",
        (TimeTypes::Time, TimeKind::Date) => "::dyntastic::time::Date",
        (TimeTypes::Time, TimeKind::Time) => "::dyntastic::time::Time",
        (TimeTypes::Time, TimeKind::NaiveDateTime) => "::dyntastic::time::PrimitiveDateTime",
        (TimeTypes::Time, TimeKind::Duration) => "::dyntastic::time::Duration",
        (TimeTypes::Jiff, TimeKind::DateTime) => "::dyntastic::jiff::Timestamp",
        (TimeTypes::Jiff, TimeKind::Date) => "::dyntastic::jiff::civil::Date",
        (TimeTypes::Jiff, TimeKind::Time) => "::dyntastic::jiff::civil::Time",
        (TimeTypes::Jiff, TimeKind::NaiveDateTime) => "::dyntastic::jiff::civil::DateTime",
        (TimeTypes::Jiff, TimeKind::Duration) => "::dyntastic::jiff::SignedDuration",
    }
}

/// Whether a lint finds the type of an attribute of this type too complex (clippy's `type_complexity`, by its own
/// count: ten for each type, times its depth).
pub(crate) fn is_complex(of: &Type) -> bool {
    fn score(of: &Type, depth: u32) -> u32 {
        let own = 10 * depth;
        match of {
            Type::List(inner) | Type::Set(inner) | Type::Optional(inner) => own + score(inner, depth + 1),
            Type::Map(inner) => own + 10 * (depth + 1) + score(inner, depth + 1),
            // At most a type with an argument, such as a datetime with its zone.
            Type::Scalar(_) | Type::Json | Type::Named(_) => own + 10 * (depth + 1),
        }
    }
    score(of, 2) + 50 > 250
}

/// Whether values of the type are copied rather than cloned.
pub(crate) fn is_copy(of: &Type) -> bool {
    match of {
        Type::Scalar(Scalar::String | Scalar::Bytes | Scalar::Url | Scalar::Decimal(DecimalType::Bigdecimal)) => false,
        Type::Scalar(_) => true,
        Type::Named(Named { kind: NamedKind::Enum { number, other }, .. }) => *number || !other,
        _ => false,
    }
}

/// `wanted`, or another name of a type parameter, which none of these types mentions.
pub(crate) fn free_generic<'t>(wanted: &str, types: impl Iterator<Item = &'t str> + Clone) -> String {
    let is_mentioned = |name: &str| {
        let mut words = types.clone().flat_map(|ty| ty.split(|c: char| !c.is_alphanumeric() && c != '_'));
        words.any(|word| word == name)
    };
    let mut name = wanted.to_owned();
    let mut number = 1;
    while is_mentioned(&name) {
        name = format!("{wanted}{number}");
        number += 1;
    }
    name
}

/// Whether a function makes a default: it has one, which is not that of its Rust type.
pub(crate) fn has_default_function(default: &Default) -> bool {
    match default {
        Default::Required | Default::Absent | Default::Empty | Default::Literal(Literal::Bool(false)) => false,
        Default::Literal(Literal::Int(digits)) => digits != "0",
        Default::Literal(Literal::F32(value)) => *value != 0.0 || value.is_sign_negative(),
        Default::Literal(Literal::F64(value)) => *value != 0.0 || value.is_sign_negative(),
        Default::Literal(_) | Default::Factory(_) => true,
    }
}

/// The expression of a default; empty where there is none.
pub(crate) fn default_value(default: &Default) -> String {
    match default {
        Default::Required => String::new(),
        Default::Absent => "None".to_owned(),
        Default::Empty => "::std::default::Default::default()".to_owned(),
        Default::Literal(of) => value(of),
        Default::Factory(of) => format!("{}()", factory_path(*of)),
    }
}

/// A number that a schema writes out, for docs.
pub(crate) fn literal_text(of: &Literal) -> String {
    match of {
        Literal::Decimal(text, _) => text.clone(),
        of => value(of),
    }
}

/// A literal as an expression.
pub(crate) fn value(of: &Literal) -> String {
    let list = |items: &[Literal]| items.iter().map(value).collect::<Vec<_>>().join(", ");
    match of {
        Literal::Text(text) => format!("::std::string::String::from({})", literal(text)),
        Literal::Bool(value) => value.to_string(),
        Literal::Int(digits) => digits.clone(),
        Literal::F32(value) => format!("{value:?}"),
        Literal::F64(value) => format!("{value:?}"),
        Literal::Bytes(bytes) => format!("::dyntastic::bytes::Bytes::from_static(&{bytes:?})"),
        Literal::Uuid(value) => format!("::dyntastic::uuid::Uuid::from_u128({value:#034x})"),
        Literal::Decimal(text, DecimalType::RustDecimal) => {
            format!("::dyntastic::factory::decimal({})", literal(text))
        }
        Literal::Decimal(text, DecimalType::Bigdecimal) => {
            format!("::dyntastic::factory::big_decimal({})", literal(text))
        }
        Literal::Time(micros, kind, types) => format!("{}({micros})", time_factory(time_function(*kind), *types)),
        Literal::Date { year, month, day, types } => {
            format!("{}({year}, {month}, {day})", time_factory("date", *types))
        }
        Literal::Variant(name, variant) => format!("{name}::{variant}"),
        Literal::Json(text) => format!("::dyntastic::factory::json({})", literal(text)),
        Literal::List(items) => format!("::std::vec::Vec::from([{}])", list(items)),
        Literal::Set(items) => format!("::std::collections::BTreeSet::from([{}])", list(items)),
        Literal::Map(entries) => {
            let entry = |(key, item): &(String, Literal)| {
                format!("(::std::string::String::from({}), {})", literal(key), value(item))
            };
            format!(
                "::std::collections::BTreeMap::from([{}])",
                entries.iter().map(entry).collect::<Vec<_>>().join(", ")
            )
        }
        Literal::None => "None".to_owned(),
        Literal::Some(inner) => format!("Some({})", value(inner)),
    }
}

/// The path of the function that makes a default.
fn factory_path(of: Factory) -> String {
    match of {
        Factory::Now(types) | Factory::Today(types) => time_factory(factory(of), types),
        of => format!("::dyntastic::factory::{}", factory(of)),
    }
}

fn factory(of: Factory) -> &'static str {
    match of {
        Factory::UuidV4 => "uuid_v4",
        Factory::UuidV7 => "uuid_v7",
        Factory::UuidV4Text => "uuid_v4_text",
        Factory::UuidV7Text => "uuid_v7_text",
        Factory::Ulid => "ulid",
        Factory::UlidText => "ulid_text",
        Factory::Now(_) => "now",
        Factory::Today(_) => "today",
    }
}

fn time_factory(function: &str, types: TimeTypes) -> String {
    let module = match types {
        TimeTypes::Chrono => "",
        TimeTypes::Time => "with_time::",
        TimeTypes::Jiff => "with_jiff::",
    };
    format!("::dyntastic::factory::{module}{function}")
}

fn time_function(kind: TimeKind) -> &'static str {
    match kind {
        TimeKind::DateTime => "datetime",
        TimeKind::Date => "date",
        TimeKind::Time => "time",
        TimeKind::NaiveDateTime => "naive_datetime",
        TimeKind::Duration => "duration",
    }
}

/// A default as docs name it; `None` where there is none, or where it is long.
pub(crate) fn default_text(default: &Default) -> Option<String> {
    match default {
        Default::Factory(of) => Some(format!("made by `{}`", factory(*of).trim_end_matches("_text"))),
        Default::Literal(
            of @ (Literal::Bool(_) | Literal::Int(_) | Literal::F32(_) | Literal::F64(_) | Literal::Variant(..)),
        ) => Some(format!("`{}`", value(of))),
        Default::Literal(Literal::Text(text)) if text.len() < 40 && !text.contains('`') => {
            Some(format!("`{}`", literal(text)))
        }
        Default::Literal(_) | Default::Empty | Default::Required | Default::Absent => None,
    }
}

/// Whether a default has a float that looks like a well-known constant (clippy's `approx_constant`): in the digits that are
/// written, it is one of them.
pub(crate) fn is_near_constant(default: &Default) -> bool {
    use std::f64::consts;
    const CONSTANTS: [f64; 18] = [
        consts::E,
        consts::FRAC_1_PI,
        consts::FRAC_1_SQRT_2,
        consts::FRAC_2_PI,
        consts::FRAC_2_SQRT_PI,
        consts::FRAC_PI_2,
        consts::FRAC_PI_3,
        consts::FRAC_PI_4,
        consts::FRAC_PI_6,
        consts::FRAC_PI_8,
        consts::LN_2,
        consts::LN_10,
        consts::LOG10_2,
        consts::LOG10_E,
        consts::LOG2_10,
        consts::LOG2_E,
        consts::PI,
        consts::SQRT_2,
    ];
    fn is_near(written: &str) -> bool {
        let digits = written.split_once('.').map_or(0, |(_, digits)| digits.len());
        let value: f64 = written.parse().unwrap_or_default();
        let last = 10_f64.powi(-i32::try_from(digits).unwrap_or(i32::MAX));
        digits > 1 && CONSTANTS.iter().chain(&[consts::TAU]).any(|of| (of - value.abs()).abs() < last)
    }
    fn has_near(of: &Literal) -> bool {
        match of {
            Literal::F32(value) => is_near(&format!("{value:?}")),
            Literal::F64(value) => is_near(&format!("{value:?}")),
            Literal::List(items) | Literal::Set(items) => items.iter().any(has_near),
            Literal::Map(entries) => entries.iter().any(|(_, item)| has_near(item)),
            Literal::Some(inner) => has_near(inner),
            _ => false,
        }
    }
    matches!(default, Default::Literal(of) if has_near(of))
}
