//! The model's types, values and names as Rust code.

use crate::model::{Default, Factory, Literal, Model, Scalar, Type};
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

/// Names that a module's file cannot have: those of roots, and of devices on Windows.
const RESERVED_FILES: &[&str] = &[
    "aux", "com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "con", "lib", "lpt0",
    "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "main", "mod", "nul", "prn",
];

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

/// The module of each model, in the order of the models: also the name of its file.
pub(crate) fn module_names(models: &[Model]) -> Vec<String> {
    let mut taken = std::collections::HashSet::new();
    models
        .iter()
        .map(|model| {
            let snake = model.name.to_snake_case();
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
        Type::Set(of) => format!("::std::collections::BTreeSet<{}>", scalar(*of)),
        Type::Map(of) => format!("::std::collections::BTreeMap<::std::string::String, {}>", ty(of)),
        Type::Optional(of) => optional(&ty(of)),
    }
}

/// The path of a field's type where it has a value: without `Option`.
pub(crate) fn present(of: &Type) -> String {
    match of {
        Type::Optional(inner) => ty(inner),
        other => ty(other),
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
        Scalar::Uuid => "::dyntastic::uuid::Uuid",
        Scalar::DateTime => "::dyntastic::chrono::DateTime<::dyntastic::chrono::Utc>",
        Scalar::Date => "::dyntastic::chrono::NaiveDate",
    }
}

/// Whether values of the type are copied rather than cloned.
pub(crate) fn is_copy(of: &Type) -> bool {
    !matches!(of, Type::Scalar(Scalar::String | Scalar::Bytes)) && matches!(of, Type::Scalar(_))
}

/// What turns an `Option` into a value with the default: `.unwrap_or(0)`; nothing where there is none.
pub(crate) fn or_default(default: &Default) -> String {
    match default {
        Default::Required | Default::Absent => String::new(),
        Default::Empty => ".unwrap_or_default()".to_owned(),
        Default::Literal(of @ (Literal::Bool(_) | Literal::Int(_) | Literal::F32(_) | Literal::F64(_))) => {
            format!(".unwrap_or({})", value(of))
        }
        Default::Literal(of) => format!(".unwrap_or_else(|| {})", value(of)),
        Default::Factory(of) => format!(".unwrap_or_else(::dyntastic::factory::{})", factory(*of)),
    }
}

/// A literal as an expression.
fn value(of: &Literal) -> String {
    let list = |items: &[Literal]| items.iter().map(value).collect::<Vec<_>>().join(", ");
    match of {
        Literal::Text(text) => format!("::std::string::String::from({})", literal(text)),
        Literal::Bool(value) => value.to_string(),
        Literal::Int(digits) => digits.clone(),
        Literal::F32(value) => format!("{value:?}"),
        Literal::F64(value) => format!("{value:?}"),
        Literal::Bytes(bytes) => format!("::dyntastic::bytes::Bytes::from_static(&{bytes:?})"),
        Literal::Uuid(value) => format!("::dyntastic::uuid::Uuid::from_u128({value:#034x})"),
        Literal::DateTime(micros) => format!("::dyntastic::factory::datetime({micros})"),
        Literal::Date { year, month, day } => {
            format!("::dyntastic::factory::date({year}, {month}, {day})")
        }
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

fn factory(of: Factory) -> &'static str {
    match of {
        Factory::UuidV4 => "uuid_v4",
        Factory::UuidV7 => "uuid_v7",
        Factory::UuidV4Text => "uuid_v4_text",
        Factory::UuidV7Text => "uuid_v7_text",
        Factory::UlidText => "ulid_text",
        Factory::Now => "now",
        Factory::Today => "today",
    }
}

/// A default as docs name it, where it is short.
pub(crate) fn default_text(default: &Default) -> String {
    match default {
        Default::Factory(of) => format!("the factory `{}` makes one", factory(*of).trim_end_matches("_text")),
        Default::Literal(of @ (Literal::Bool(_) | Literal::Int(_) | Literal::F32(_) | Literal::F64(_))) => {
            format!("it is `{}`", value(of))
        }
        Default::Empty => "it is empty".to_owned(),
        _ => "it has its default".to_owned(),
    }
}

/// Whether a literal holds a float.
pub(crate) fn has_float(default: &Default) -> bool {
    fn float(of: &Literal) -> bool {
        match of {
            Literal::F32(_) | Literal::F64(_) => true,
            Literal::List(items) | Literal::Set(items) => items.iter().any(float),
            Literal::Map(entries) => entries.iter().any(|(_, item)| float(item)),
            Literal::Some(inner) => float(inner),
            _ => false,
        }
    }
    matches!(default, Default::Literal(of) if float(of))
}
