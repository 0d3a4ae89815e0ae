//! Checks constraints against their field's type, against each other, and against the default.

use super::defaults;
use super::holds::{self, contradictions};
use super::paths::rust_path;
use super::resolver::Resolver;
use super::scope::Scope;
use crate::diagnostic::{Code, Diagnostic, Place, did_you_mean, ours};
use crate::model::{Constraint, Default, Literal, Scalar, TextFormat, TimeKind, Transform, Type};
use crate::node::{Kind, Node, plain_number};
use crate::schema::{ConstraintDecl, ConstraintValue, FieldDecl, Spanned};
use crate::sources::Span;
use crate::text::show;
use std::collections::HashSet;

const FORMATS: &[(&str, TextFormat)] = &[
    ("email", TextFormat::Email),
    ("url", TextFormat::Url),
    ("hostname", TextFormat::Hostname),
    ("uuid", TextFormat::Uuid),
    ("ipv4", TextFormat::Ipv4),
    ("ipv6", TextFormat::Ipv6),
    ("slug", TextFormat::Slug),
    ("e164", TextFormat::E164),
];

/// The transforms of a field, and its constraints except those that compare it with other fields.
pub(crate) fn resolve(
    declared: &FieldDecl,
    ty: &Type,
    default: &Default,
    resolver: &mut Resolver<'_>,
) -> Option<(Vec<Transform>, Vec<Constraint>)> {
    let start = resolver.found.mark();
    let present = ty.present();
    if let Some(transform) = declared.transform.first().filter(|_| *present != Type::Scalar(Scalar::String)) {
        let diagnostic = only_strings(transform.span, "the field has another type");
        resolver.report(match present {
            Type::List(_) | Type::Set(_) => diagnostic.help("write it for each element: `items: { transform: … }`"),
            Type::Map(_) => diagnostic.help("write it for each value: `values: { transform: … }`"),
            _ => diagnostic.help("leave `transform` out, or give the field the type `string`"),
        });
    }
    let mut constraints = of_type(&declared.constraints, present, resolver);
    if let Some(empty) = &declared.empty
        && resolver.keep(may_be_empty(empty.span, ty)).is_some()
    {
        constraints.insert(0, (empty.span, Constraint::NotEmpty));
    }
    if let Some(written) = declared.format.as_ref().filter(|_| *present == Type::Scalar(Scalar::String)) {
        constraints.extend(resolver.keep(format(written)).map(|format| (written.span, format)));
    }
    let transform: Vec<Transform> = declared.transform.iter().map(|transform| transform.value).collect();
    if contradictions(&constraints, present, &transform, resolver).is_some() {
        default_holds(declared, ty, default, &constraints, resolver);
    }
    let constraints = constraints.into_iter().map(|(_, constraint)| constraint).collect();
    resolver.found.is_sound_since(start).then_some((transform, constraints))
}

/// Whether a default satisfies the constraints of its field, and its transforms would not change it.
fn default_holds(
    declared: &FieldDecl,
    ty: &Type,
    default: &Default,
    constraints: &Placed,
    resolver: &mut Resolver<'_>,
) {
    let literal = holds::written(default, ty, declared.default.is_some());
    let factory = match default {
        Default::Factory(factory) => Some(*factory),
        _ => None,
    };
    for (span, constraint) in constraints {
        let holds = literal.as_ref().is_none_or(|literal| holds::holds(constraint, literal))
            && factory.is_none_or(|factory| holds::factory_holds(constraint, factory));
        if !holds {
            let broken = |message, label| Diagnostic::new(Code::BadConstraint, message).at(*span, label);
            let by_default = || broken("the default breaks a constraint of its field", "the default violates this");
            resolver.report(match (&declared.default, &declared.role) {
                (Some(default), _) => {
                    by_default().help("change the default, or the constraint").related(default.span(), "the default")
                }
                (None, Some(role)) => {
                    broken("the field's role breaks a constraint of it", "the value in a new item violates this")
                        .help("drop the constraint, or the role")
                        .related(role.span, "the role sets the value in a new item")
                }
                (None, None) => by_default().help("change the constraint, or write another default"),
            });
        }
    }
    let text = match &literal {
        Some(Literal::Text(text)) => Some(text.as_str()),
        _ => factory.and_then(holds::sample),
    };
    let broken =
        declared.transform.iter().find(|of| text.is_some_and(|text| holds::transformed(text, &[of.value]) != text));
    if let (Some(transform), Some(default)) = (broken, &declared.default) {
        let diagnostic = Diagnostic::new(Code::BadConstraint, "the field's transforms would change its default")
            .at(transform.span, "this changes it")
            .related(default.span(), "the default")
            .help(match factory {
                Some(_) => "drop the transform, or the default: the factory makes other texts",
                None => "write the transformed default, or drop the transform",
            });
        resolver.report(diagnostic);
    }
}

/// Checks that an empty value can count as absent.
fn may_be_empty(span: Span, ty: &Type) -> Result<(), Diagnostic> {
    let refuse = |message: &str, label: &str, help: &str| {
        Err(Diagnostic::new(Code::BadConstraint, message).at(span, label).help(help))
    };
    match (ty, ty.present()) {
        (_, present) if !matches!(present, Type::Scalar(Scalar::String | Scalar::Bytes)) => {
            refuse("only strings and bytes can be empty", "the field has another type", "leave `empty` out")
        }
        (Type::Optional(_), _) => Ok(()),
        (ty, _) => {
            let name = if *ty == Type::Scalar(Scalar::Bytes) { "bytes" } else { "string" };
            let help = format!("leave `empty` out, or make the field optional: `type: {name}?`");
            refuse("a required field cannot be absent", "the field is not optional", &help)
        }
    }
}

fn only_strings(span: Span, label: &str) -> Diagnostic {
    Diagnostic::new(Code::BadConstraint, "only strings can be transformed").at(span, label)
}

pub(super) type Placed = Vec<(Span, Constraint)>;

fn of_type(declared: &[ConstraintDecl], ty: &Type, resolver: &mut Resolver<'_>) -> Placed {
    let mut found = Vec::new();
    for declared in declared {
        // Comparisons with other fields are checked once all fields are known.
        if matches!(declared.key.value, "after" | "before") {
            continue;
        }
        let constraint = match &declared.value {
            ConstraintValue::Node(node) => resolver.keep(one(&declared.key, node, ty, &resolver.scope)),
            ConstraintValue::Nested(nested) => self::nested(&declared.key, nested, ty, resolver),
            ConstraintValue::Transforms(transforms) => {
                if *ty == Type::Scalar(Scalar::String) {
                    found.extend(transforms.iter().map(|of| (of.span, Constraint::Transform(of.value))));
                } else {
                    let diagnostic = only_strings(declared.key.span, "the elements have another type");
                    resolver.report(diagnostic.help("leave `transform` out"));
                }
                None
            }
        };
        found.extend(constraint.map(|constraint| (declared.key.span, constraint)));
    }
    found
}

fn nested(
    key: &Spanned<&'static str>,
    declared: &[ConstraintDecl],
    ty: &Type,
    resolver: &mut Resolver<'_>,
) -> Option<Constraint> {
    let text = Type::Scalar(Scalar::String);
    let (element, wrap): (&Type, fn(Vec<Constraint>) -> Constraint) = match (key.value, ty) {
        ("items", Type::List(element) | Type::Set(element)) => (element, Constraint::Items),
        ("keys", Type::Map(_)) => (&text, Constraint::Keys),
        ("values", Type::Map(value)) => (value, Constraint::Values),
        ("items", _) => {
            resolver.report(unfit(key, "a list or a set has items", ty));
            return None;
        }
        _ => {
            resolver.report(unfit(key, "a map has keys and values", ty));
            return None;
        }
    };
    if let Some(compared) = declared.iter().find(|of| matches!(of.key.value, "after" | "before")) {
        let message = format!("`{}` compares a field with another one, and elements are no fields", compared.key.value);
        let diagnostic = Diagnostic::new(Code::BadConstraint, message).at(compared.key.span, "this names a field");
        resolver
            .report(diagnostic.help("compare the times in a function of the app: `validate: crate::checks::times`"));
        return None;
    }
    if let Some(transform) = declared.iter().find(|of| key.value == "keys" && of.key.value == "transform") {
        let message = "the keys of a map cannot be transformed";
        let diagnostic = Diagnostic::new(Code::BadConstraint, message)
            .at(key.span, "two keys could become one, and an entry would be lost")
            .related(transform.key.span, "the transform")
            .help("check them instead, such as `keys: { pattern: \"^[a-z]+$\" }`");
        resolver.report(diagnostic);
        return None;
    }
    let mut found = of_type(declared, element.present(), resolver);
    found.sort_by_key(|(_, constraint)| !matches!(constraint, Constraint::Transform(_)));
    contradictions(&found, element.present(), &[], resolver);
    let found: Vec<Constraint> = found.into_iter().map(|(_, constraint)| constraint).collect();
    Some(match element {
        Type::Optional(_) => wrap(vec![Constraint::Present(found)]),
        _ => wrap(found),
    })
}

fn unfit(key: &Spanned<&'static str>, why: &str, ty: &Type) -> Diagnostic {
    let message = format!("`{}` does not fit the type", key.value);
    let bound = if key.value.contains("min") {
        ("min_length", "minimum", "min_items")
    } else {
        ("max_length", "maximum", "max_items")
    };
    let is_bound = key.value.contains("min") || key.value.contains("max");
    let help = match ty {
        Type::Scalar(Scalar::String) if is_bound => format!("a string has `{}`", bound.0),
        Type::Scalar(Scalar::Int(_) | Scalar::F32 | Scalar::F64 | Scalar::Decimal(_)) if is_bound => {
            format!("a number has `{}`", bound.1)
        }
        Type::List(_) | Type::Set(_) | Type::Map(_) if is_bound => {
            format!(
                "write `{}` for the number of its elements, or `{}` under `items:` for each element",
                bound.2, key.value
            )
        }
        Type::Scalar(Scalar::String) => {
            "a string has `min_length`, `max_length`, `pattern`, `one_of` and `format`".to_owned()
        }
        Type::Scalar(Scalar::Int(_) | Scalar::F32 | Scalar::F64 | Scalar::Decimal(_)) => {
            "a number has `minimum`, `maximum` and `multiple_of`".to_owned()
        }
        Type::Scalar(Scalar::Time(..)) => "a time has `past`, `future`, `after` and `before`".to_owned(),
        Type::List(_) | Type::Set(_) => "a list or set has `min_items`, `max_items`, and `items:` for each".to_owned(),
        Type::Map(_) => "a map has `min_items`, `max_items`, and `keys:` and `values:` for each".to_owned(),
        _ => "leave it out, or write `validate: crate::checks::…` for a function of your own".to_owned(),
    };
    Diagnostic::new(Code::BadConstraint, message).at(key.span, why).help(help)
}

fn one(key: &Spanned<&'static str>, node: &Node, ty: &Type, scope: &Scope) -> Result<Constraint, Diagnostic> {
    let bad = |expected: &str, help: &str| {
        Diagnostic::new(Code::BadValue, format!("`{}` must be {expected}", key.value))
            .at(node.span, format!("expected {expected}, found {}", node.describe()))
            .help(help)
    };
    let count = || {
        let expected = match node.whole() {
            Some(number) if number > 0 => format!("a whole number of at most {}", u64::MAX),
            _ => "a whole number of at least 0".to_owned(),
        };
        node.to::<u64>().ok_or_else(|| bad(&expected, &format!("such as `{}: 1`", key.value)))
    };
    let yes = |constraint| match node.to::<bool>() {
        Some(true) => Ok(constraint),
        _ => Err(bad("`true`", &format!("write `{}: true`, or leave it out", key.value))),
    };
    let is_text = *ty == Type::Scalar(Scalar::String);
    let is_number = matches!(ty, Type::Scalar(Scalar::Int(_) | Scalar::F32 | Scalar::F64 | Scalar::Decimal(_)));
    let is_collection = matches!(ty, Type::List(_) | Type::Set(_) | Type::Map(_));
    let is_time = matches!(ty, Type::Scalar(Scalar::Time(kind, _)) if is_moment(*kind));
    let number = |wrap: fn(Literal) -> Constraint| {
        let literal = defaults::literal(node, ty, scope).map_err(|_| {
            if let Kind::Scalar { text, plain: false } = &node.kind
                && let Some(number) = plain_number(text)
                && defaults::literal(&Node::plain(node.span, &number), ty, scope).is_ok()
            {
                return bad("a number", &format!("drop the quotes: `{}: {}`", key.value, show(&number)));
            }
            let (expected, help) = match ty {
                Type::Scalar(Scalar::Int(int)) => {
                    let (min, max) = int.range();
                    (
                        format!("an integer from {min} to {max}, the range of {}", int.name()),
                        format!("such as `{}: 1`", key.value),
                    )
                }
                Type::Scalar(Scalar::F32) => (
                    "0, or a number from 1.5e-45 to 3.4e38, the range of f32".to_owned(),
                    format!("such as `{}: 0.5`, or give the field the type `f64`", key.value),
                ),
                Type::Scalar(Scalar::F64) => (
                    "0, or a number from 5e-324 to 1.7e308, the range of f64".to_owned(),
                    format!("such as `{}: 0.5`", key.value),
                ),
                _ => ("a number of the field's type".to_owned(), format!("such as `{}: 0.5`", key.value)),
            };
            bad(&expected, &help)
        });
        literal.map(wrap)
    };
    match key.value {
        "min_length" | "max_length" | "pattern" | "one_of" | "format" if !is_text => {
            Err(unfit(key, "it is for strings only", ty))
        }
        "minimum" | "maximum" | "exclusive_minimum" | "exclusive_maximum" | "multiple_of" if !is_number => {
            Err(unfit(key, "it is for numbers only", ty))
        }
        "min_items" | "max_items" if !is_collection => Err(unfit(key, "it is for lists, sets and maps only", ty)),
        "unique_items" if !matches!(ty, Type::List(_)) => Err(unfit(key, "it is for lists only", ty)),
        "past" | "future" if !is_time => Err(unfit(key, "it is for dates and datetimes only", ty)),
        "min_length" => count().map(Constraint::MinLength),
        "max_length" => count().map(Constraint::MaxLength),
        "pattern" => pattern(node),
        "format" => {
            let text = node.as_text().ok_or_else(|| bad("the name of a format", "such as `format: email`"))?;
            format(&Spanned { value: text.to_owned(), span: node.span })
        }
        "one_of" => match &node.kind {
            Kind::List(items) if !items.is_empty() => {
                let text = |item: &Node| {
                    item.as_text().map(str::to_owned).ok_or_else(|| {
                        Diagnostic::new(Code::BadValue, "`one_of` must be a list of texts")
                            .at(item.span, format!("expected text, found {}", item.describe()))
                            .help("put its values in quotes: `one_of: [\"1\", \"2\"]`")
                    })
                };
                let texts = items.iter().map(text).collect::<Result<Vec<String>, _>>()?;
                let mut seen = HashSet::new();
                let again = items.iter().zip(&texts).find(|(_, text)| !seen.insert(*text));
                again.map_or(Ok(()), |(item, text)| {
                    let message = format!("`one_of` has `{}` twice", show(text));
                    Err(Diagnostic::new(Code::BadConstraint, message).at(item.span, "the same again").help("drop it"))
                })?;
                Ok(Constraint::OneOf(texts))
            }
            _ => Err(bad("a list of at least one text", "such as `one_of: [small, large]`")),
        },
        "minimum" => number(Constraint::Minimum),
        "maximum" => number(Constraint::Maximum),
        "exclusive_minimum" => number(Constraint::ExclusiveMinimum),
        "exclusive_maximum" => number(Constraint::ExclusiveMaximum),
        "multiple_of" => match number(Constraint::MultipleOf)? {
            Constraint::MultipleOf(literal) if !holds::is_positive(&literal) => {
                Err(bad("a number greater than 0", "such as `multiple_of: 5`"))
            }
            constraint => Ok(constraint),
        },
        "min_items" => count().map(Constraint::MinItems),
        "max_items" => count().map(Constraint::MaxItems),
        "unique_items" => yes(Constraint::UniqueItems),
        "past" => yes(Constraint::Past),
        "future" => yes(Constraint::Future),
        _ => {
            let path = node
                .as_text()
                .ok_or_else(|| bad("the path of a function", "such as `validate: crate::checks::name`"))?;
            let path = Spanned { value: path.to_owned(), span: node.span };
            rust_path(&path, "function").map(Constraint::Custom)
        }
    }
}

/// Whether a kind of time can be compared with the current time.
pub(crate) fn is_moment(kind: TimeKind) -> bool {
    matches!(kind, TimeKind::DateTime | TimeKind::NaiveDateTime | TimeKind::Date)
}

fn pattern(node: &Node) -> Result<Constraint, Diagnostic> {
    let refuse = |why: String| {
        Diagnostic::new(Code::BadConstraint, "the pattern is not a regular expression").at(node.span, why)
    };
    let text = node.as_text().ok_or_else(|| refuse(format!("found {}", node.describe())).help("put it in quotes"))?;
    // The form of JavaScript: with the slashes, an anchor inside them would never match.
    let inner = text.strip_prefix('/').and_then(|text| text.strip_suffix('/'));
    if let Some(inner) = inner.filter(|inner| inner.starts_with('^') || inner.ends_with('$')) {
        let help = format!("write the text between them: `pattern: '{}'`", show(inner));
        return Err(refuse("the slashes around it belong to another language".to_owned()).help(help));
    }
    match regex::Regex::new(text) {
        Ok(_) => Ok(Constraint::Pattern(text.to_owned())),
        Err(error) => {
            let text = error.to_string();
            let last = text.lines().last().unwrap_or_default();
            let help = "fix it, or put a `\\` before each literal character, such as `\\[`; the syntax is that of the crate `regex`";
            Err(refuse(show(last.trim_start_matches("error: "))).help(help))
        }
    }
}

fn format(written: &Spanned<String>) -> Result<Constraint, Diagnostic> {
    let names = || FORMATS.iter().map(|(name, _)| *name);
    let found = FORMATS.iter().find(|(name, _)| *name == written.value);
    found.map(|(_, format)| Constraint::Format(*format)).ok_or_else(|| {
        let help = ours(&[Place::TextFormat], &written.value).map(|ours| ours.help(""));
        let help = help.or_else(|| did_you_mean(&written.value, names()));
        Diagnostic::new(Code::BadValue, format!("there is no format `{}` of a string", show(&written.value)))
            .at(written.span, "unknown format")
            .help(help.unwrap_or_else(|| format!("the formats are {}", names().collect::<Vec<_>>().join(", ")).into()))
    })
}
