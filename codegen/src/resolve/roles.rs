//! The roles of fields, which writes keep.

use super::resolver::Resolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Default, Factory, Field, Int, Literal, Scalar, StoredForm, TimeKind, Type};
use crate::schema::{FieldDecl, Spanned};
use crate::sources::Span;
use crate::terms::{DecimalType, FieldRole};
use crate::text::show;

/// Applies a role to a field's default and stored form.
pub(crate) fn apply(
    decl: &FieldDecl,
    ty: &Type,
    default: &mut Default,
    form: &mut StoredForm,
) -> Result<(), Diagnostic> {
    let from_field = decl.ttl.as_ref().filter(|ttl| ttl.from.is_some() && decl.role.is_none());
    let ttl = from_field.map(|ttl| Spanned { value: FieldRole::Ttl, span: ttl.span });
    let Some(role) = decl.role.as_ref().or(ttl.as_ref()) else { return Ok(()) };
    let name = name(role.value);
    let refuse = |label: &str, help: &str| {
        Diagnostic::new(Code::BadRole, format!("the field `{}` cannot have the role `{name}`", show(&decl.name.value)))
            .at(role.span, label)
            .help(help)
    };
    let time = match ty.present() {
        Type::Scalar(Scalar::Time(TimeKind::DateTime, types)) => Some(*types),
        _ => None,
    };
    match (role.value, time) {
        (FieldRole::Version, _) => {
            if !matches!(ty, Type::Scalar(Scalar::Int(Int::U32 | Int::U64))) {
                return Err(refuse("a version counts writes", "give it the type u64, or u32"));
            }
            if decl.default.is_some() {
                return Err(refuse("a version begins with 0", "drop its default"));
            }
            *default = Default::Literal(Literal::Int("0".to_owned()));
        }
        (FieldRole::SchemaVersion, _) => {
            if *ty != Type::Scalar(Scalar::Int(Int::U32)) {
                return Err(refuse("a schema version is a number", "give it the type u32"));
            }
            if decl.default.is_some() || decl.unique.is_some() || !decl.constraints.is_empty() {
                return Err(refuse("writes set it", "leave out its default and its constraints"));
            }
            if decl.format.is_some() || decl.key_only.is_some() {
                return Err(refuse("it is stored as a number", "leave out `format` and `stored`"));
            }
        }
        (FieldRole::Counter, _) => {
            let zero = match ty {
                Type::Scalar(Scalar::Int(_)) => Literal::Int("0".to_owned()),
                Type::Scalar(Scalar::Decimal(of)) => Literal::Decimal("0".to_owned(), *of),
                _ => return Err(refuse("a counter counts exactly", "give it the type of an integer, or decimal")),
            };
            // No condition of DynamoDB counts digits: a sum that is stored could have more than its type reads.
            if *ty == Type::Scalar(Scalar::Decimal(DecimalType::RustDecimal))
                && !decl.constraints.iter().any(|constraint| constraint.key.value == "multiple_of")
            {
                return Err(refuse(
                    "its sums could have more than the 28 digits of the type",
                    "say the digits behind the point, such as `multiple_of: 0.01`, or count in an integer",
                ));
            }
            if decl.unique.is_some() || decl.key_only.is_some() || decl.seal.span().is_some() || decl.format.is_some() {
                return Err(refuse(
                    "DynamoDB adds to a number that is stored as it is",
                    "leave out `unique`, `stored`, `format`, `encrypt` and `compress`",
                ));
            }
            if *default == Default::Required {
                *default = Default::Literal(zero);
            }
        }
        (FieldRole::Sequence, _) => *default = last_before(decl, ty)?,
        (_, None) => return Err(refuse("it holds a time", "give it the type datetime, or `datetime?`")),
        (FieldRole::DeletedAt, Some(_)) => {
            if !matches!(ty, Type::Optional(_)) {
                return Err(refuse("an item that is not deleted has none", "give it the type `datetime?`"));
            }
            if decl.default.is_some() || decl.unique.is_some() || decl.key_only.is_some() || decl.seal.span().is_some()
            {
                return Err(refuse(
                    "reads find it out by its attribute",
                    "leave out `default`, `unique`, `stored`, `encrypt` and `compress`",
                ));
            }
        }
        (FieldRole::CreatedAt | FieldRole::UpdatedAt, Some(types)) => {
            if *default == Default::Required {
                *default = Default::Factory(Factory::Now(types));
            }
        }
        (FieldRole::Ttl, Some(types)) => {
            let lifetime = decl.ttl.as_ref().filter(|ttl| ttl.from.is_none()).map(|ttl| ttl.after.value);
            match decl.format {
                None => *form = StoredForm::EpochSeconds,
                Some(_) if *form == StoredForm::EpochSeconds => {}
                Some(_) => return Err(refuse("DynamoDB reads seconds", "drop its format, or write epoch_seconds")),
            }
            if let Some(seconds) = lifetime {
                if decl.default.is_some() {
                    return Err(refuse("every write sets it", "drop its default"));
                }
                if *default == Default::Required {
                    *default = Default::Factory(Factory::Expiry(types, seconds));
                }
            }
        }
    }
    Ok(())
}

/// The last number before the first one of a sequence.
fn last_before(decl: &FieldDecl, ty: &Type) -> Result<Default, Diagnostic> {
    let refuse = |span: Option<Span>, label: &str, help: &str| {
        let message = format!("the field `{}` cannot hold the last number of a sequence", show(&decl.name.value));
        let span = span.or(decl.role.as_ref().map(|role| role.span)).unwrap_or(decl.name.span);
        Err(Diagnostic::new(Code::BadRole, message).at(span, label).help(help))
    };
    let int = match ty {
        Type::Scalar(Scalar::Int(int)) if !matches!(int, Int::I128 | Int::U128) => *int,
        _ => {
            return refuse(
                None,
                "its numbers are integers",
                "give it the type u64, or another integer of up to 64 bits",
            );
        }
    };
    if let Some(default) = &decl.default {
        return refuse(Some(default.span()), "the first number decides", "write `sequence: { start: 1000 }`");
    }
    if decl.unique.is_some() || decl.key_only.is_some() || decl.seal.span().is_some() || decl.format.is_some() {
        return refuse(
            None,
            "DynamoDB adds to a number that is stored as it is",
            "leave out `unique`, `stored`, `format`, `encrypt` and `compress`",
        );
    }
    if let Some(block) = decl.sequence.block.as_ref().filter(|block| block.value == 0) {
        return refuse(
            Some(block.span),
            "a request reserves at least 1 number",
            "such as `block: 100`, or leave it out",
        );
    }
    let start = decl.sequence.start.as_ref();
    let last = start.map_or(1, |start| i128::from(start.value)) - 1;
    let (least, largest) = int.range();
    if last < least || last >= largest {
        let help = format!("start with a number from {} to {largest}", least + 1);
        return refuse(start.map(|start| start.span), "the number before it is stored, and has to fit the type", &help);
    }
    let block = decl.sequence.block.as_ref().filter(|block| last + i128::from(block.value) > largest);
    if let Some(block) = block {
        let help = format!("reserve at most {} at a time, or use a wider type", largest - last);
        return refuse(Some(block.span), "no whole block fits the type", &help);
    }
    Ok(Default::Literal(Literal::Int(last.to_string())))
}

/// Checks that the constraints of a sequence allow its first block, and the numbers in it.
pub(super) fn check_numbers(decl: &FieldDecl, field: &Field) -> Result<(), Diagnostic> {
    let (Some(block), Some((_, most)), Default::Literal(Literal::Int(last))) =
        (field.block, field.integers(), &field.default)
    else {
        return Ok(());
    };
    let refuse = |key: &str, label: &str, help: &str| {
        let constraint = decl.constraints.iter().find(|of| of.key.value == key);
        let message = format!("the field `{}` cannot hold the last number of a sequence", show(&decl.name.value));
        let span = constraint.map_or(decl.name.span, |of| of.key.span);
        Err(Diagnostic::new(Code::BadRole, message).at(span, label).help(help))
    };
    if decl.constraints.iter().any(|of| of.key.value == "multiple_of") {
        return refuse("multiple_of", "the next number is always 1 more", "leave it out");
    }
    let last: i128 = last.parse().unwrap_or_default();
    if last + i128::from(block) <= most {
        return Ok(());
    }
    let exclusive = decl.constraints.iter().any(|of| of.key.value == "exclusive_maximum");
    let key = if exclusive { "exclusive_maximum" } else { "maximum" };
    let help = match most - last {
        ..=0 => "allow larger numbers, or start with a smaller one".to_owned(),
        left => format!("reserve at most {left} at a time, or allow larger numbers"),
    };
    refuse(key, "no whole block has numbers up to it", &help)
}

/// How many numbers of a sequence a request reserves.
pub(super) fn block(decl: &FieldDecl) -> Option<u32> {
    let is_sequence = decl.role.as_ref().is_some_and(|role| role.value == FieldRole::Sequence);
    is_sequence.then(|| decl.sequence.block.as_ref().map_or(1, |block| block.value))
}

/// Checks that the items with sequences do not expire: their numbers would begin anew.
pub(super) fn check_lasting(
    fields: &[(&FieldDecl, Field)],
    computed: &[(&FieldDecl, Field)],
    resolver: &mut Resolver<'_>,
) -> Option<()> {
    let of = |role: FieldRole| fields.iter().find_map(|(decl, _)| decl.role.as_ref().filter(|of| of.value == role));
    let ttl = of(FieldRole::Ttl).map(|role| role.span).or_else(|| computed.iter().find_map(expiry));
    let (Some(ttl), Some(sequence)) = (ttl, of(FieldRole::Sequence)) else { return Some(()) };
    let diagnostic = Diagnostic::new(Code::BadRole, "the items of a model with a sequence cannot expire")
        .at(sequence.span, "its numbers would begin anew")
        .related(ttl, "the items expire");
    resolver.report(diagnostic.help("keep the sequence in a model of its own"));
    None
}

/// A mistake if a key is made of a field that every write changes: the write would leave the old item under the old
/// key.
pub(crate) fn changing(field: &Field, key: Span) -> Option<Diagnostic> {
    let (role, label) = match field.role? {
        role @ (FieldRole::Version | FieldRole::UpdatedAt) => {
            (role, "every write changes it, but a write cannot move an item")
        }
        role @ (FieldRole::Counter | FieldRole::Sequence) => {
            (role, "increments change it, but an update cannot move an item")
        }
        role @ FieldRole::DeletedAt => (role, "`soft_delete` changes it, but an update cannot move an item"),
        role @ FieldRole::SchemaVersion => (role, "upgrades change it, and the struct does not have it"),
        role @ FieldRole::Ttl if field.lifetime.is_some() => {
            (role, "every write changes it, but a write cannot move an item")
        }
        FieldRole::CreatedAt | FieldRole::Ttl => return None,
    };
    let message = format!("a key cannot be made of `{}`, whose role is `{}`", show(&field.name), name(role));
    let diagnostic = Diagnostic::new(Code::BadRole, message).at(key, label);
    Some(diagnostic.help("make the key of other fields"))
}

/// The place of a lifetime that counts from a field.
fn expiry((decl, _): &(&FieldDecl, Field)) -> Option<Span> {
    decl.ttl.as_ref().map(|ttl| ttl.span)
}

/// Checks that at most one field has each role, apart from counters and sequences.
pub(crate) fn check_once(
    fields: &[(&FieldDecl, Field)],
    computed: &[(&FieldDecl, Field)],
    resolver: &mut Resolver<'_>,
) -> Option<()> {
    let expires = fields.iter().find(|(decl, _)| decl.role.as_ref().is_some_and(|of| of.value == FieldRole::Ttl));
    let mut ends = expires.map(|(decl, _)| decl.name.span).into_iter().chain(computed.iter().filter_map(expiry));
    if let (Some(first), Some(second)) = (ends.next(), ends.next()) {
        let diagnostic = Diagnostic::new(Code::BadRole, "two fields hold the time to live");
        let diagnostic = diagnostic.at(second, "the second").related(first, "the first");
        resolver.report(diagnostic.help("drop one of them: DynamoDB reads one attribute of a table"));
        return None;
    }
    let mut earlier: Vec<&FieldDecl> = Vec::new();
    for (decl, _) in fields {
        let Some(role) = decl.role.as_ref().filter(|role| !role.value.counts()) else { continue };
        let same = |first: &&&FieldDecl| first.role.as_ref().is_some_and(|first| first.value == role.value);
        let first = earlier.iter().find(same).map_or(Ok(()), |first| {
            Err(Diagnostic::new(Code::BadRole, format!("two fields have the role `{}`", name(role.value)))
                .at(role.span, "the second")
                .related(first.name.span, "the first")
                .help("drop one of them: a model has each role once"))
        });
        resolver.keep(first)?;
        earlier.push(decl);
    }
    Some(())
}

/// Reports roles and unique fields in structs that are not models.
pub(crate) fn refuse(fields: &[FieldDecl], resolver: &mut Resolver<'_>) {
    for field in fields {
        let role = field.role.as_ref().map(|role| (Code::BadRole, "has a role", role.span));
        let unique = field.unique.map(|span| (Code::BadUnique, "is unique", span));
        for (code, what, span) in role.into_iter().chain(unique) {
            let message = format!("the field `{}` {what}, but is not a field of a model", show(&field.name.value));
            let diagnostic = Diagnostic::new(code, message).at(span, "writes keep only fields of models");
            resolver.report(diagnostic.help("leave it out here; a field of the model itself can have it"));
        }
    }
}

fn name(role: FieldRole) -> &'static str {
    match role {
        FieldRole::Version => "version",
        FieldRole::CreatedAt => "created_at",
        FieldRole::UpdatedAt => "updated_at",
        FieldRole::DeletedAt => "deleted_at",
        FieldRole::Ttl => "ttl",
        FieldRole::SchemaVersion => "schema_version",
        FieldRole::Counter => "counter",
        FieldRole::Sequence => "sequence",
    }
}
