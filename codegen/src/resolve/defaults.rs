//! A field's default against its type.

use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::model::{Default, Factory, Int, Literal, Scalar, Type};
use crate::node::{Kind, Node};
use crate::read::show;
use crate::schema::{DefaultDecl, Spanned};
use crate::sources::Span;
use base64::Engine;

const FACTORIES: &[&str] = &["uuid_v4", "uuid_v7", "ulid", "now", "today"];

/// The default of a field of this type.
pub(crate) fn resolve(declared: Option<&DefaultDecl>, ty: &Type) -> Result<Default, Diagnostic> {
    let Some(declared) = declared else {
        return Ok(match ty {
            Type::Optional(_) => Default::Absent,
            Type::List(_) | Type::Set(_) | Type::Map(_) => Default::Empty,
            Type::Scalar(_) | Type::Json => Default::Required,
        });
    };
    if let Type::Optional(_) = ty {
        return Err(Diagnostic::new(Code::DefaultNotAllowed, "an optional field cannot have a default")
            .at(declared.span(), "an absent value would read back as this")
            .help("drop the `?` so that the field always has a value, or drop the default"));
    }
    match declared {
        DefaultDecl::Factory(name) => factory(name, ty).map(Default::Factory),
        DefaultDecl::Plain(node) => match named_factory(node, ty) {
            Some(name) => factory(&name, ty).map(Default::Factory),
            None => value(node, ty),
        },
        DefaultDecl::Value(node) => value(node, ty),
    }
}

impl DefaultDecl {
    fn span(&self) -> Span {
        match self {
            DefaultDecl::Plain(node) | DefaultDecl::Value(node) => node.span,
            DefaultDecl::Factory(name) => name.span,
        }
    }
}

fn value(node: &Node, ty: &Type) -> Result<Default, Diagnostic> {
    Ok(match literal(node, ty)? {
        Literal::Text(text) if text.is_empty() => Default::Empty,
        Literal::List(items) | Literal::Set(items) if items.is_empty() => Default::Empty,
        Literal::Map(entries) if entries.is_empty() => Default::Empty,
        literal => Default::Literal(literal),
    })
}

/// The name of a factory that stands where a literal could; JSON text is always a literal.
fn named_factory(node: &Node, ty: &Type) -> Option<Spanned<String>> {
    let text = node.as_text()?;
    let named = FACTORIES.contains(&text) && !matches!(ty, Type::Json);
    named.then(|| Spanned { value: text.to_owned(), span: node.span })
}

fn factory(name: &Spanned<String>, ty: &Type) -> Result<Factory, Diagnostic> {
    let factory = match (name.value.as_str(), ty) {
        ("uuid_v4", Type::Scalar(Scalar::Uuid)) => Factory::UuidV4,
        ("uuid_v7", Type::Scalar(Scalar::Uuid)) => Factory::UuidV7,
        ("uuid_v4", Type::Scalar(Scalar::String)) => Factory::UuidV4Text,
        ("uuid_v7", Type::Scalar(Scalar::String)) => Factory::UuidV7Text,
        ("ulid", Type::Scalar(Scalar::String)) => Factory::UlidText,
        ("now", Type::Scalar(Scalar::DateTime)) => Factory::Now,
        ("today", Type::Scalar(Scalar::Date)) => Factory::Today,
        (known, _) if FACTORIES.contains(&known) => {
            let makes = match known {
                "now" => "a datetime",
                "today" => "a date",
                "ulid" => "text",
                _ => "a uuid, or its text",
            };
            let text = matches!(ty, Type::Scalar(Scalar::String));
            return Err(Diagnostic::new(
                Code::BadDefault,
                format!("the factory `{known}` does not fit the field's type"),
            )
            .at(name.span, format!("it makes {makes}"))
            .maybe_help(text.then(|| format!("for the text itself, write `default: {{ value: {known} }}`"))));
        }
        (unknown, _) => {
            return Err(Diagnostic::new(Code::BadDefault, format!("there is no factory `{}`", show(unknown)))
                .at(name.span, "unknown factory")
                .help(
                    did_you_mean(unknown, FACTORIES.iter().copied())
                        .unwrap_or_else(|| format!("the factories are {}", FACTORIES.join(", "))),
                ));
        }
    };
    Ok(factory)
}

fn literal(node: &Node, ty: &Type) -> Result<Literal, Diagnostic> {
    match ty {
        Type::Scalar(scalar) => scalar_literal(node, *scalar),
        Type::Json => Ok(Literal::Json(json(node)?)),
        Type::Optional(_) if node.value().is_null() => Ok(Literal::None),
        Type::Optional(inner) => Ok(Literal::Some(Box::new(literal(node, inner)?))),
        Type::List(inner) => Ok(Literal::List(elements(node, "a list", |node| literal(node, inner))?)),
        Type::Set(inner) => {
            let items = elements(node, "a list of distinct values", |node| scalar_literal(node, *inner))?;
            for (at, item) in items.iter().enumerate() {
                if items.iter().take(at).any(|earlier| earlier == item) {
                    return Err(unfit(node, "a set of distinct values", "one of them stands twice"));
                }
            }
            Ok(Literal::Set(items))
        }
        Type::Map(inner) => match &node.kind {
            Kind::Map(entries) => entries
                .iter()
                .map(|entry| Ok((entry.key.clone(), literal(&entry.value, inner)?)))
                .collect::<Result<_, _>>()
                .map(Literal::Map),
            _ => Err(unfit(node, "a map", node.describe())),
        },
    }
}

fn elements(
    node: &Node,
    expected: &str,
    element: impl Fn(&Node) -> Result<Literal, Diagnostic>,
) -> Result<Vec<Literal>, Diagnostic> {
    match &node.kind {
        Kind::List(items) => items.iter().map(element).collect(),
        _ => Err(unfit(node, expected, node.describe())),
    }
}

fn scalar_literal(node: &Node, scalar: Scalar) -> Result<Literal, Diagnostic> {
    let text = |expected: &str| node.as_text().ok_or_else(|| unfit(node, expected, node.describe()));
    match scalar {
        Scalar::String => {
            text("text").map(|text| Literal::Text(text.to_owned())).map_err(|diagnostic| match node.kind {
                Kind::Scalar { .. } => diagnostic.help("put it in quotes to make it text"),
                _ => diagnostic,
            })
        }
        Scalar::Bool => node.to().map(Literal::Bool).ok_or_else(|| unfit(node, "true or false", node.describe())),
        Scalar::Int(int) => int_literal(node, int),
        Scalar::F32 => float(node, "f32").and_then(|value| match value as f32 {
            narrow if narrow.is_finite() => Ok(Literal::F32(narrow)),
            _ => Err(unfit(node, "a number", "out of an f32's range")),
        }),
        Scalar::F64 => float(node, "f64").map(Literal::F64),
        Scalar::Bytes => {
            let text = text("base64 text")?;
            let bytes = base64::engine::general_purpose::STANDARD.decode(text);
            bytes.map(Literal::Bytes).map_err(|error| unfit(node, "base64 text", &error.to_string()))
        }
        Scalar::Uuid => {
            let parsed = uuid::Uuid::try_parse(text("a uuid")?);
            parsed.map(|uuid| Literal::Uuid(uuid.as_u128())).map_err(|error| unfit(node, "a uuid", &error.to_string()))
        }
        Scalar::DateTime => {
            let parsed = chrono::DateTime::parse_from_rfc3339(text("a datetime")?);
            parsed
                .map(|datetime| Literal::DateTime(datetime.timestamp_micros()))
                .map_err(|error| unfit(node, "a datetime such as `2024-01-31T12:00:00Z`", &error.to_string()))
        }
        Scalar::Date => {
            use chrono::Datelike;
            let parsed = chrono::NaiveDate::parse_from_str(text("a date")?, "%Y-%m-%d");
            parsed
                .ok()
                .filter(|date| (0..=9999).contains(&date.year()))
                .map(|date| Literal::Date { year: date.year(), month: date.month(), day: date.day() })
                .ok_or_else(|| unfit(node, "a date such as `2024-01-31`", "something else"))
        }
    }
}

fn int_literal(node: &Node, int: Int) -> Result<Literal, Diagnostic> {
    let (name, min, max) = int.range();
    let value: Option<i128> = node.to::<i64>().map(i128::from).or_else(|| node.to::<u64>().map(i128::from));
    match value {
        Some(value) if (min..=max).contains(&value) => Ok(Literal::Int(value.to_string())),
        Some(_) => Err(unfit(
            node,
            &format!("an integer from {min} to {max}, the range of {name}"),
            "a number out of that range",
        )),
        None => Err(unfit(node, "an integer", node.describe())),
    }
}

fn float(node: &Node, name: &str) -> Result<f64, Diagnostic> {
    let value: Option<f64> = node.to::<f64>().or_else(|| node.to::<i64>().map(|integer| integer as f64));
    match value {
        Some(value) if value.is_finite() => Ok(value),
        Some(_) => Err(unfit(node, &format!("a finite {name}"), "infinity or not-a-number, which DynamoDB refuses")),
        None => Err(unfit(node, "a number", node.describe())),
    }
}

fn json(node: &Node) -> Result<String, Diagnostic> {
    let not_json = || unfit(node, "a JSON value", "a number that JSON does not have");
    if !is_finite(node) {
        return Err(not_json());
    }
    let value: serde_json::Value = node.to().ok_or_else(not_json)?;
    serde_json::to_string(&value).map_err(|_| not_json())
}

/// Whether no number in the value is YAML's infinity or not-a-number, which JSON would turn into null.
fn is_finite(node: &Node) -> bool {
    match &node.kind {
        Kind::Scalar { .. } => node.value().as_f64().is_none_or(f64::is_finite),
        Kind::List(items) => items.iter().all(is_finite),
        Kind::Map(entries) => entries.iter().all(|entry| is_finite(&entry.value)),
    }
}

fn unfit(node: &Node, expected: &str, found: &str) -> Diagnostic {
    let span = match node.kind {
        Kind::Scalar { .. } => node.span,
        _ => Span { end: node.span.end.min(node.span.start + 1), ..node.span },
    };
    Diagnostic::new(Code::BadDefault, "the default does not fit the field's type")
        .at(span, format!("expected {expected}, found {found}"))
}

impl Int {
    pub(crate) fn range(self) -> (&'static str, i128, i128) {
        match self {
            Int::I8 => ("i8", i8::MIN.into(), i8::MAX.into()),
            Int::I16 => ("i16", i16::MIN.into(), i16::MAX.into()),
            Int::I32 => ("i32", i32::MIN.into(), i32::MAX.into()),
            Int::I64 => ("i64", i64::MIN.into(), i64::MAX.into()),
            Int::U8 => ("u8", 0, u8::MAX.into()),
            Int::U16 => ("u16", 0, u16::MAX.into()),
            Int::U32 => ("u32", 0, u32::MAX.into()),
            Int::U64 => ("u64", 0, u64::MAX.into()),
        }
    }
}
