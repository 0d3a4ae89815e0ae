//! The formats of stored times, of one field or of all fields of a type.

use super::resolver::Resolver;
use crate::diagnostic::{Code, Diagnostic, Place, did_you_mean, ours};
use crate::model::{Scalar, StoredForm, TimeKind, Type};
use crate::schema::Spanned;
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
            let help = help.unwrap_or_else(|| format!("the types are {}", names.join(", ")));
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
            Ok(forms.iter().find(|(of, _)| of == kind).map_or(StoredForm::Own, |(_, form)| *form))
        }
        (Type::Scalar(Scalar::Time(kind, _)), Some(format)) => form(format, *kind),
        // The format of a string is a constraint.
        (Type::Scalar(Scalar::String), _) | (_, None) => Ok(StoredForm::Own),
        (_, Some(format)) => Err(Diagnostic::new(Code::TypeNotAllowed, "only strings and times have formats")
            .at(format.span, "the field has another type")
            .help("leave `format` out, or give the field the type of the format")),
    }
}

fn form(format: &Spanned<String>, kind: TimeKind) -> Result<StoredForm, Diagnostic> {
    let is_number = |form: StoredForm| matches!(form, StoredForm::EpochSeconds | StoredForm::EpochMillis);
    let taken = FORMATS.iter().filter(|(_, form)| kind == TimeKind::DateTime || !is_number(*form));
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
            .help(help.unwrap_or_else(|| format!("the formats are {}", names.join(", ")))));
    };
    Ok(match kind {
        // Pydantic writes them in the same form as the default.
        TimeKind::Date | TimeKind::Duration => StoredForm::Own,
        _ => *form,
    })
}
