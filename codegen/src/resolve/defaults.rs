//! Checks a field's default against its type.

use super::scope::Scope;
use super::times;
use crate::diagnostic::{Code, Diagnostic, Help, Ours, Place, did_you_mean, nearest, ours};
use crate::model::{DecimalType, Default, Factory, Int, Literal, Named, NamedKind, Scalar, TimeKind, Type};
use crate::node::{Kind, Node, plain_number};
use crate::schema::{ConstraintValue, DefaultDecl, FieldDecl, Spanned};
use crate::sources::Span;
use crate::text::show;
use base64::Engine;
use std::collections::HashSet;

const FACTORIES: &[&str] = &["uuid_v4", "uuid_v7", "ulid", "now", "today"];

/// The default of a field of this type.
pub(crate) fn resolve(decl: &FieldDecl, ty: &Type, scope: &Scope) -> Result<Default, Diagnostic> {
    let Some(declared) = &decl.default else {
        return Ok(match ty {
            Type::Optional(_) => Default::Absent,
            _ if needs_items(decl) => Default::Required,
            Type::List(_) | Type::Set(_) | Type::Map(_) => Default::Empty,
            Type::Scalar(_) | Type::Json | Type::Vector(_) | Type::Named(_) => Default::Required,
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
            None => value(node, ty, scope),
        },
        DefaultDecl::Value(node) => value(node, ty, scope),
    }
}

/// Whether a field's constraints say that it is no empty collection.
pub(super) fn needs_items(decl: &FieldDecl) -> bool {
    let least = decl.constraints.iter().find(|constraint| constraint.key.value == "min_items");
    least.is_some_and(|least| match &least.value {
        ConstraintValue::Node(node) => node.whole().is_some_and(|least| least > 0),
        ConstraintValue::Nested(_) | ConstraintValue::Transforms(_) => false,
    })
}

fn value(node: &Node, ty: &Type, scope: &Scope) -> Result<Default, Diagnostic> {
    if let Type::Named(named) = ty
        && !matches!(named.kind, NamedKind::Enum { .. })
    {
        return of_struct(node, named, scope).map(|()| Default::Empty);
    }
    Ok(match literal(node, ty, scope)? {
        Literal::Text(text) if text.is_empty() => Default::Empty,
        Literal::List(items) | Literal::Set(items) if items.is_empty() => Default::Empty,
        Literal::Map(entries) if entries.is_empty() => Default::Empty,
        literal => Default::Literal(literal),
    })
}

/// The default of a struct: all its fields have their defaults.
fn of_struct(node: &Node, named: &Named, scope: &Scope) -> Result<(), Diagnostic> {
    if !scope.has_default(named) {
        let message = format!("a `{}` has no default", named.name);
        return Err(Diagnostic::new(Code::DefaultNotAllowed, message)
            .at(node.span, "not all of its fields have defaults")
            .help("give each of its fields a default, or make this field optional"));
    }
    match &node.kind {
        Kind::Map(entries) if entries.is_empty() => Ok(()),
        _ => Err(unfit(node, "`{}`", "the default of a struct is `{}`: the defaults of all its fields")),
    }
}

/// The factory that a node names. JSON text is always a literal.
/// The factory that a default names.
pub(super) fn named_factory(node: &Node, ty: &Type) -> Option<Spanned<String>> {
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
        ("ulid", Type::Scalar(Scalar::Ulid)) => Factory::Ulid,
        ("ulid", Type::Scalar(Scalar::String)) => Factory::UlidText,
        ("now", Type::Scalar(Scalar::Time(TimeKind::DateTime, types))) => Factory::Now(*types),
        ("today", Type::Scalar(Scalar::Time(TimeKind::Date, types))) => Factory::Today(*types),
        (known, _) if FACTORIES.contains(&known) => {
            let makes = match known {
                "now" => "a datetime",
                "today" => "a date",
                "ulid" => "a ulid, or its text",
                _ => "a uuid, or its text",
            };
            let text = matches!(ty, Type::Scalar(Scalar::String));
            return Err(Diagnostic::new(
                Code::BadDefault,
                format!("the factory `{known}` does not fit the field's type"),
            )
            .at(name.span, format!("it makes {makes}"))
            .help(match text {
                true => format!("for the text itself, write `default: {{ value: {known} }}`"),
                false => "write a value of the field's type, or leave the default out".to_owned(),
            }));
        }
        (unknown, _) => {
            return Err(Diagnostic::new(Code::BadDefault, format!("there is no factory `{}`", show(unknown)))
                .at(name.span, "unknown factory")
                .help(match (meant_factory(unknown), ours(&[Place::Factory], unknown)) {
                    (Some(factory), _) => Ours::Near(factory).help(""),
                    (None, Some(ours)) => ours.help(""),
                    (None, None) => format!("the factories are {}", FACTORIES.join(", ")).into(),
                }));
        }
    };
    Ok(factory)
}

pub(crate) fn literal(node: &Node, ty: &Type, scope: &Scope) -> Result<Literal, Diagnostic> {
    match ty {
        Type::Scalar(scalar) => scalar_literal(node, *scalar),
        Type::Json => Ok(Literal::Json(json(node)?)),
        Type::Optional(_) if node.is_null() => Ok(Literal::None),
        Type::Optional(inner) => Ok(Literal::Some(Box::new(literal(node, inner, scope)?))),
        Type::List(inner) => Ok(Literal::List(elements(node, "a list", |node| literal(node, inner, scope))?)),
        Type::Set(inner) => {
            let items = elements(node, "a list of distinct values", |node| literal(node, inner, scope))?;
            let mut seen = HashSet::with_capacity(items.len());
            for item in &items {
                if !seen.insert(format!("{item:?}")) {
                    return Err(refuse(
                        node,
                        "it holds a value twice",
                        "remove one of them: a set holds each value once",
                    ));
                }
            }
            Ok(Literal::Set(items))
        }
        Type::Map(inner) => match &node.kind {
            Kind::Map(entries) => entries
                .iter()
                .map(|entry| Ok((entry.key.clone(), literal(&entry.value, inner, scope)?)))
                .collect::<Result<_, _>>()
                .map(Literal::Map),
            _ => Err(unfit(node, "a map", "such as `default: { apples: 3 }`, or `{}`")),
        },
        Type::Vector(_) => {
            let help = "leave the default out; a vector that an item may lack is optional: `vector<1536>?`";
            Err(refuse(node, "a vector has no default", help))
        }
        Type::Named(named) => variant(node, named, scope),
    }
}

fn variant(node: &Node, named: &Named, scope: &Scope) -> Result<Literal, Diagnostic> {
    let variants = scope.variants(named);
    if variants.is_empty() {
        let help = "leave the default out: only the app can set it";
        return Err(refuse(node, "the schema cannot write out a value of this type", help));
    }
    let names = || variants.iter().map(|(written, _)| written.as_str());
    let written = node.as_text().unwrap_or_default();
    match variants.iter().find(|(name, _)| name == written) {
        Some((_, variant)) => Ok(Literal::Variant(named.name.clone(), variant.clone())),
        None => {
            let help = did_you_mean(written, names());
            let help =
                help.unwrap_or_else(|| format!("the variants are {}", names().collect::<Vec<_>>().join(", ")).into());
            Err(unfit(node, "a variant of the enum", help))
        }
    }
}

fn elements(
    node: &Node,
    expected: &str,
    element: impl Fn(&Node) -> Result<Literal, Diagnostic>,
) -> Result<Vec<Literal>, Diagnostic> {
    match &node.kind {
        Kind::List(items) => items.iter().map(element).collect(),
        _ => Err(unfit(node, expected, "such as `default: []`, or values in the brackets")),
    }
}

fn scalar_literal(node: &Node, scalar: Scalar) -> Result<Literal, Diagnostic> {
    let text = |expected, help| node.as_text().ok_or_else(|| unfit(node, expected, help));
    match scalar {
        Scalar::String => text("text", "put it in quotes to make it text").map(|text| Literal::Text(text.to_owned())),
        Scalar::Bool => node.to().map(Literal::Bool).ok_or_else(|| {
            let meant = node.as_text().and_then(|text| ours(&[Place::Value("bool")], text)).and_then(Ours::word);
            let help = meant
                .map_or("`default: true`, or `default: false`".to_owned(), |word| format!("write `default: {word}`"));
            unfit(node, "`true` or `false`", help)
        }),
        Scalar::Int(int) => int_literal(node, int),
        Scalar::F32 => float(node, "f32").and_then(|value| match value as f32 {
            narrow if narrow == 0.0 && value != 0.0 => Err(too_small(node, "f32", "give the field the type `f64`")),
            narrow if narrow.is_finite() => Ok(Literal::F32(narrow)),
            _ => Err(unfit(node, "a number of at most 3.4e38, the range of f32", "give the field the type `f64`")),
        }),
        Scalar::F64 => float(node, "f64").map(Literal::F64),
        Scalar::Bytes => {
            let help = "bytes are written in base64, such as `aGVsbG8=` for the bytes of `hello`";
            let bytes = base64::engine::general_purpose::STANDARD.decode(text("base64 text", help)?);
            bytes.map(Literal::Bytes).map_err(|_| unfit(node, "base64 text", help))
        }
        Scalar::Uuid => {
            let unfit = || {
                let factory = node.as_text().and_then(meant_factory);
                let help = factory.map(|factory| format!("did you mean the factory `{factory}`?"));
                let help = help.unwrap_or_else(|| {
                    "such as `6f1c2a34-0b5d-4c8e-9a7f-112233445566`, or a factory: `default: uuid_v4`".to_owned()
                });
                unfit(node, "a uuid", help)
            };
            let parsed = uuid::Uuid::try_parse(node.as_text().ok_or_else(unfit)?);
            parsed.map(|uuid| Literal::Uuid(uuid.as_u128())).map_err(|_| unfit())
        }
        Scalar::Decimal(decimal) => decimal_literal(node, decimal),
        Scalar::Time(kind, types) => times::literal(node, kind, types),
        Scalar::Ulid
        | Scalar::Url
        | Scalar::Ipv4
        | Scalar::Ipv6
        | Scalar::Ip
        | Scalar::Ipv4Net
        | Scalar::Ipv6Net
        | Scalar::IpNet => {
            Err(Diagnostic::new(Code::DefaultNotAllowed, "a field of this type cannot have a default in the schema")
                .at(node.span, "the schema cannot write out a value of the type")
                .help("make the field optional, or let the app set the value"))
        }
    }
}

fn int_literal(node: &Node, int: Int) -> Result<Literal, Diagnostic> {
    let (min, max) = int.range();
    let quoted = match &node.kind {
        // Other YAML parsers stop at 64 bits, so wider integers may be in quotes.
        Kind::Scalar { text, plain: false } if matches!(int, Int::I128 | Int::U128) => text.parse::<i128>().ok(),
        _ => None,
    };
    match node.whole().or(quoted) {
        Some(value) if (min..=max).contains(&value) => Ok(Literal::Int(value.to_string())),
        Some(_) => {
            let expected = format!("an integer from {min} to {max}, the range of {}", int.name());
            let help = match int {
                Int::I128 | Int::U128 => "write a number in that range: DynamoDB has no longer ones",
                _ => "write a number in that range, or give the field a wider type such as `i64`",
            };
            Err(unfit(node, &expected, help))
        }
        None => Err(unfit(node, "an integer", "such as `default: 0`")),
    }
}

/// The literal keeps the digits as they are written.
fn decimal_literal(node: &Node, decimal: DecimalType) -> Result<Literal, Diagnostic> {
    let text = match &node.kind {
        Kind::Scalar { text, .. } => text.as_str(),
        _ => return Err(unfit(node, "a decimal number", "such as `default: 9.99`")),
    };
    if text.contains(['e', 'E']) && text.parse::<f64>().is_ok() {
        let label = format!("expected a decimal number without an exponent, found {}", node.describe());
        return Err(refuse(node, &label, "write all of its digits, such as `1500` for `1.5e+3`"));
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) {
        return Err(unfit(node, "a decimal number", "such as `default: 9.99`"));
    }
    let significant = format!("{whole}{fraction}").trim_start_matches('0').len();
    let most = match decimal {
        DecimalType::RustDecimal => 28,
        DecimalType::Bigdecimal => 38,
    };
    if significant > most || fraction.len() > most {
        let help =
            "shorten it, or choose `decimal: bigdecimal` at the top of the file, for all of DynamoDB's 38 digits";
        return Err(unfit(node, &format!("at most {most} digits"), help));
    }
    Ok(Literal::Decimal(text.to_owned(), decimal))
}

fn float(node: &Node, name: &str) -> Result<f64, Diagnostic> {
    match node.number() {
        Some(0.0) if is_not_zero(node) => Err(too_small(node, name, "write 0, or a larger number")),
        Some(value) if value.is_finite() => Ok(value),
        Some(_) if is_not_zero(node) => {
            Err(unfit(node, "a number of at most 1.7e308, the range of f64", "write a smaller number"))
        }
        Some(_) => Err(unfit(
            node,
            &format!("a finite {name}"),
            "write a number: DynamoDB has no infinity, and no not-a-number",
        )),
        None => Err(unfit(node, "a number", "such as `default: 0.5`")),
    }
}

/// Whether a digit other than 0 is written before the exponent.
fn is_not_zero(node: &Node) -> bool {
    let Kind::Scalar { text, .. } = &node.kind else { return false };
    text.bytes().take_while(|byte| !matches!(byte, b'e' | b'E')).any(|byte| matches!(byte, b'1'..=b'9'))
}

fn too_small(node: &Node, name: &str, help: &str) -> Diagnostic {
    unfit(node, &format!("0, or a number that {name} does not round to 0"), help)
}

fn json(node: &Node) -> Result<String, Diagnostic> {
    let value = node.json().map_err(|number| match number.whole() {
        Some(_) => refuse(
            number,
            "JSON keeps whole numbers from -9223372036854775808 to 18446744073709551615",
            "put it in quotes to make it text, or write a fraction to round it, such as `1.0e+20`",
        ),
        None if is_not_zero(number) => refuse(
            number,
            "JSON keeps numbers of at most 1.7e308",
            "write a smaller number, or put it in quotes to make it text",
        ),
        None => refuse(number, "JSON has no such number", "write a number, or `null`: JSON has no infinity"),
    })?;
    Ok(value.to_string())
}

/// The mistake that a default has another kind than expected, or no value.
fn unfit(node: &Node, expected: &str, help: impl Into<Help>) -> Diagnostic {
    let unquoted = match &node.kind {
        // A number, or `true`, in quotes.
        Kind::Scalar { text, plain: false } if Node::plain(node.span, text).as_text().is_none() => {
            let number = plain_number(text);
            Some(format!("drop the quotes: `default: {}`", show(number.as_deref().unwrap_or(text))))
        }
        _ => None,
    };
    let help = match unquoted {
        _ if node.is_null() => "leave `default` out; a field that may be absent has a `?` after its type".into(),
        Some(unquoted) => unquoted.into(),
        None => help.into(),
    };
    refuse(node, &format!("expected {expected}, found {}", node.describe()), help)
}

fn refuse(node: &Node, label: &str, help: impl Into<Help>) -> Diagnostic {
    let span = match node.kind {
        Kind::Scalar { .. } => node.span,
        _ => Span { end: node.span.end.min(node.span.start + 1), ..node.span },
    };
    Diagnostic::new(Code::BadDefault, "the default does not fit the field's type").at(span, label).help(help)
}

/// The factory that a word probably means.
fn meant_factory(written: &str) -> Option<&'static str> {
    ours(&[Place::Factory], written).and_then(Ours::word).or_else(|| nearest(written, FACTORIES.iter().copied()))
}
