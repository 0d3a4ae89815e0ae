//! The stored forms that `format:` states, of one field, or of all fields of a type of times.

use super::precision;
use super::resolver::Resolver;
use super::{time_patterns, widths};
use crate::diagnostic::{Code, Diagnostic, Place, did_you_mean, ours};
use crate::model::{Constraint, Default, Field, FieldRole, Precision, Scalar, StoredForm, TimeKind, Type};
use crate::schema::{FieldDecl, Spanned};
use crate::text::show;

const KINDS: &[(&str, TimeKind)] = &[
    ("datetime", TimeKind::DateTime),
    ("date", TimeKind::Date),
    ("time", TimeKind::Time),
    ("naive_datetime", TimeKind::NaiveDateTime),
    ("duration", TimeKind::Duration),
];

const FORMATS: &[(&str, StoredForm)] = &[
    ("iso8601", StoredForm::Own),
    ("pydantic", StoredForm::Pydantic),
    ("epoch_seconds", StoredForm::EpochSeconds),
    ("epoch_millis", StoredForm::EpochMillis),
];

/// The default forms of the types of times, for fields without a format.
pub(crate) fn of_types(
    declared: &[(Spanned<String>, Spanned<String>)],
    resolver: &mut Resolver<'_>,
) -> Vec<(TimeKind, StoredForm)> {
    let mut forms: Vec<(TimeKind, StoredForm)> = Vec::with_capacity(declared.len());
    for (ty, format) in declared {
        let Some((_, kind)) = KINDS.iter().find(|(name, _)| *name == ty.value) else {
            let help = did_you_mean(&ty.value, KINDS.iter().map(|(name, _)| *name));
            let message = format!("`{}` is not a type of a time", show(&ty.value));
            let names: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
            let help = help.unwrap_or_else(|| format!("the types are {}", names.join(", ")).into());
            resolver.report(Diagnostic::new(Code::BadValue, message).at(ty.span, "it has no formats").help(help));
            continue;
        };
        let Some(form) = resolver.keep(form(format, *kind)) else { continue };
        if forms.iter().any(|(other, earlier)| other == kind && *earlier != form) {
            let message = "the schema's files differ in `formats`";
            resolver.report(
                Diagnostic::new(Code::BadValue, message)
                    .at(format.span, "another value here")
                    .help("set it in one file, or to the same value in all of them"),
            );
        }
        forms.push((*kind, form));
    }
    forms
}

/// The stored form of a field.
pub(crate) fn of_field(
    format: Option<&Spanned<String>>,
    ty: &Type,
    forms: &[(TimeKind, StoredForm)],
) -> Result<StoredForm, Diagnostic> {
    match (ty.present(), format) {
        (Type::Scalar(Scalar::Time(kind, _)), None) => {
            Ok(forms.iter().find(|(of, _)| of == kind).map_or(StoredForm::Own, |(_, form)| form.clone()))
        }
        (Type::Scalar(Scalar::Time(kind, _)), Some(format)) => form(format, *kind),
        // The format of a string is a constraint.
        (Type::Scalar(Scalar::String), _) | (_, None) => Ok(StoredForm::Own),
        (ty, Some(format)) => of_type(format, ty),
    }
}

/// The stored form of a type that is neither text nor a time.
fn of_type(format: &Spanned<String>, ty: &Type) -> Result<StoredForm, Diagnostic> {
    let (what, found, help) = match (ty, format.value.as_str()) {
        (Type::Scalar(Scalar::Int(_)), text) => {
            let found =
                if text == "text" { Some(StoredForm::Text) } else { widths::digits(text).map(StoredForm::Digits) };
            ("an integer", found, "the formats are text, and a number of digits such as '06'")
        }
        (Type::Scalar(Scalar::F32 | Scalar::F64 | Scalar::Decimal(_)), text) => {
            ("a number with a fraction", (text == "text").then_some(StoredForm::Text), "the format is text")
        }
        (Type::Scalar(Scalar::Bool), text) => {
            let found = match text {
                "number" => Some(StoredForm::ZeroOrOne),
                "text" => Some(StoredForm::Text),
                _ => None,
            };
            ("a bool", found, "the formats are number, which is 0 or 1, and text, which is `true` or `false`")
        }
        (Type::Json, text) => ("json", (text == "text").then_some(StoredForm::Text), "the format is text"),
        (Type::Set(_), text) => ("a set", (text == "list").then_some(StoredForm::List), "the format is list"),
        _ => {
            return Err(Diagnostic::new(Code::TypeNotAllowed, "the type has no formats")
                .at(format.span, "strings, numbers, booleans, times, sets and json have")
                .help("leave `format` out, or give the field the type of the format"));
        }
    };
    found.ok_or_else(|| {
        Diagnostic::new(Code::BadValue, format!("there is no format `{}` of {what}", show(&format.value)))
            .at(format.span, "unknown format")
            .help(help)
    })
}

/// Checks that a field's form stores its values and defaults as they are.
pub(super) fn check(decl: &FieldDecl, field: &Field) -> Result<(), Diagnostic> {
    let Some(format) = &decl.format else { return Ok(()) };
    let refuse = |message: &str, label: &str, help: &str| {
        Err(Diagnostic::new(Code::BadConstraint, message).at(format.span, label).help(help))
    };
    match (&field.form, field.ty.present()) {
        _ if field.role == Some(FieldRole::Version) => {
            refuse("a version is stored as a number", "writes count it", "leave the format out")
        }
        (StoredForm::Digits(digits), _) => fits(format, field, *digits),
        (StoredForm::List, _) if field.constraints.iter().any(Constraint::transforms) => refuse(
            "the elements of a set with `format: list` have no transforms",
            "the format",
            "leave one of them out, or give the field the type `list<…>`",
        ),
        (StoredForm::Pattern(pattern), _) if field.precision.is_none() && field.role.is_none() => {
            let is_cut = |kept: Precision| match &field.default {
                Default::Factory(_) => precision::digits(kept) < 6,
                Default::Literal(literal) => precision::is_finer(literal, kept),
                _ => false,
            };
            match pattern.precision().filter(|kept| is_cut(*kept)).filter(|_| field.ty.present().has_fraction()) {
                None => Ok(()),
                Some(kept) => {
                    let kept = if precision::digits(kept) == 0 { "seconds" } else { "millis" };
                    let help = format!("write `precision: {kept}`, or more digits of fraction in the pattern");
                    refuse("the default is finer than its format", "this has fewer digits of fraction", &help)
                }
            }
        }
        _ => Ok(()),
    }
}

/// Checks that all values of an integer have at most so many digits, and no sign.
fn fits(format: &Spanned<String>, field: &Field, digits: usize) -> Result<(), Diagnostic> {
    match widths::unfit(field, digits) {
        None => Ok(()),
        Some((value, bound)) => {
            Err(Diagnostic::new(Code::BadConstraint, format!("not all values have a text of {digits} digits"))
                .at(format.span, format!("`{value}` has none"))
                .help(format!("give the field `{bound}`, or write `format: text`")))
        }
    }
}

/// The form of the pattern of a time.
fn of_pattern(format: &Spanned<String>, kind: TimeKind) -> Result<StoredForm, Diagnostic> {
    let refuse = |why: &str, help: &str| {
        let message = format!("`{}` is no pattern of this type", show(&format.value));
        Err(Diagnostic::new(Code::BadValue, message).at(format.span, why).help(help))
    };
    let is_date = kind == TimeKind::Date;
    let specifiers = match is_date {
        true => "the specifiers of a date are `%Y`, `%m` and `%d`",
        false => "the specifiers are `%Y`, `%m`, `%d`, `%H`, `%M`, `%S`, `%3f`, `%6f` and `%9f`",
    };
    match time_patterns::parse(&format.value, kind) {
        Err(why) => refuse(&why, specifiers),
        Ok(pattern) if !pattern.is_whole(is_date) => match is_date {
            true => refuse("it does not have the whole date", "it needs `%Y`, `%m` and `%d`"),
            false => refuse("it does not have the whole time", "it needs all of `%Y`, `%m`, `%d`, `%H`, `%M` and `%S`"),
        },
        Ok(pattern) => Ok(StoredForm::Pattern(pattern)),
    }
}

fn form(format: &Spanned<String>, kind: TimeKind) -> Result<StoredForm, Diagnostic> {
    if format.value.contains('%') && !matches!(kind, TimeKind::Time | TimeKind::Duration) {
        return of_pattern(format, kind);
    }
    let is_number = |form: &StoredForm| matches!(form, StoredForm::EpochSeconds | StoredForm::EpochMillis);
    let taken = FORMATS.iter().filter(|(_, form)| kind == TimeKind::DateTime || !is_number(form));
    let found = taken.clone().find(|(name, _)| *name == format.value);
    let Some((_, form)) = found else {
        let ty = KINDS.iter().find(|(_, of)| *of == kind).map_or("time", |(name, _)| name);
        let meant = ours(&[Place::TimeFormat], &format.value)
            .filter(|ours| taken.clone().any(|(name, _)| ours.word() == Some(name)));
        let help = meant.map(|ours| ours.help(""));
        let help = help.or_else(|| did_you_mean(&format.value, taken.clone().map(|(name, _)| *name)));
        let names: Vec<&str> = taken.map(|(name, _)| *name).collect();
        return Err(Diagnostic::new(Code::BadValue, format!("there is no format `{}` of a {ty}", show(&format.value)))
            .at(format.span, "unknown format")
            .help(help.unwrap_or_else(|| format!("the formats are {}", names.join(", ")).into())));
    };
    Ok(match kind {
        // Pydantic writes them in the same form as the default.
        TimeKind::Date | TimeKind::Duration => StoredForm::Own,
        _ => form.clone(),
    })
}
