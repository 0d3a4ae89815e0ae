//! The precision of times.

use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Default, Literal, Precision, StoredForm, Type};
use crate::schema::FieldDecl;

/// The precision to which a field's times are cut. Nanoseconds are another stored form, and cut nothing. Numbers of
/// seconds and of milliseconds cut what is finer, and so do patterns of the times that writes set.
pub(crate) fn apply(
    decl: &FieldDecl,
    ty: &Type,
    default: &Default,
    form: &mut StoredForm,
) -> Result<Option<Precision>, Diagnostic> {
    let Some(precision) = &decl.precision else {
        return Ok(match form {
            StoredForm::EpochSeconds => Some(Precision::Seconds),
            StoredForm::EpochMillis => Some(Precision::Millis),
            StoredForm::Pattern(pattern) if decl.role.is_some() && ty.present().has_fraction() => {
                pattern.precision().filter(|kept| digits(*kept) < digits(Precision::Micros))
            }
            _ => None,
        });
    };
    let refuse = |message: &str, label: &str, help: &str| {
        Err(Diagnostic::new(Code::BadConstraint, message).at(precision.span, label).help(help))
    };
    if !ty.parts().any(Type::has_fraction) {
        let help = "leave it out: only datetimes and times have a precision, and durations are stored as they are";
        return refuse("the type has no `precision`", "the field holds no datetime or time", help);
    }
    if let Some(role) = &decl.role {
        let help = "leave one of them out";
        return refuse("a field with a role has no `precision`", "writes set the time of this field", help)
            .map_err(|diagnostic: Diagnostic| diagnostic.related(role.span, "the role"));
    }
    match (&*form, precision.value) {
        (StoredForm::EpochSeconds | StoredForm::EpochMillis, _) => {
            let help = "leave it out, or the format: texts keep up to nanoseconds";
            return refuse("the format says the precision", "`epoch_seconds` and `epoch_millis` have their own", help);
        }
        (StoredForm::Pattern(pattern), value)
            if pattern.precision().is_some_and(|kept| digits(kept) < digits(value)) =>
        {
            let help = "write another precision, or more digits of fraction in the pattern";
            return refuse("the pattern has fewer digits than this precision", "the format cuts more", help);
        }
        (StoredForm::Pattern(_), Precision::Nanos) => return Ok(None),
        (StoredForm::Pydantic, Precision::Nanos) => {
            let help = "write `format: iso8601`, or another precision";
            return refuse("Pydantic's form has no nanoseconds", "it has microseconds", help);
        }
        (_, Precision::Nanos) if !ty.present().has_fraction() => {
            let help = "write another precision: `micros`, `millis` or `seconds`";
            return refuse("elements have no nanoseconds", "only a field's own value can have them", help);
        }
        (_, Precision::Nanos) => {
            *form = StoredForm::Nanos;
            return Ok(None);
        }
        _ => {}
    }
    if let (Default::Literal(literal), Some(written)) = (default, &decl.default)
        && is_finer(literal, precision.value)
    {
        return refuse("the default is finer than its `precision`", "this cuts it", "change one of them")
            .map_err(|diagnostic: Diagnostic| diagnostic.related(written.span(), "the default"));
    }
    Ok(Some(precision.value))
}

/// The digits of fraction of a precision.
pub(crate) fn digits(precision: Precision) -> u8 {
    match precision {
        Precision::Seconds => 0,
        Precision::Millis => 3,
        Precision::Micros => 6,
        Precision::Nanos => 9,
    }
}

/// Whether a precision would cut a literal, which is in microseconds.
pub(crate) fn is_finer(literal: &Literal, precision: Precision) -> bool {
    let micros = match precision {
        Precision::Seconds => 1_000_000,
        Precision::Millis => 1_000,
        Precision::Micros | Precision::Nanos => 1,
    };
    match literal {
        Literal::Time(of, ..) => of % micros != 0,
        Literal::List(items) | Literal::Set(items) => items.iter().any(|item| is_finer(item, precision)),
        Literal::Map(entries) => entries.iter().any(|(_, value)| is_finer(value, precision)),
        Literal::Some(inner) => is_finer(inner, precision),
        _ => false,
    }
}
