//! The stated forms of fields in key templates and computed texts: `{number:06}`, `{email:lower}`, `{at:date}`.

use super::{time_patterns, widths};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::model::{
    Field, KeyPart, Named, NamedKind, PartForm, Scalar, Specifier, StoredForm, TimeForm, TimeKind, Type,
};
use crate::sources::Span;
use crate::text::show;

/// A text with fields in it.
pub(super) struct Text {
    pub(super) span: Span,
    /// "key", or "text".
    pub(super) what: &'static str,
    pub(super) code: Code,
    /// Whether its integers with a number of digits have no more of them.
    pub(super) is_key: bool,
}

/// The form of a field in a text: the stated one, or that of its type.
pub(super) fn resolve(text: &Text, field: &Field, stated: Option<&str>) -> Result<PartForm, Diagnostic> {
    let Some(stated) = stated else {
        return field.part_form().ok_or_else(|| {
            let message = format!("the field `{}` cannot be a part of a {}", show(&field.name), text.what);
            let label = match text.is_key {
                true => "the text of its type does not sort like its values",
                false => "the values of its type have no one text",
            };
            Diagnostic::new(text.code, message)
                .at(text.span, label)
                .help("strings, integers, dates and times, uuids, ulids and enums do")
        });
    };
    if field.form.is_text_of_its_own() {
        return Err(refuse(
            text,
            field,
            stated,
            &format!("the field's `format` says its text, which the {} has too", text.what),
        )
        .help(format!("write `{{{}}}`", show(&field.name))));
    }
    match field.ty.present() {
        Type::Scalar(Scalar::Time(kind @ (TimeKind::DateTime | TimeKind::NaiveDateTime | TimeKind::Date), _)) => {
            time(text, field, *kind, stated)
        }
        Type::Scalar(Scalar::Int(_)) => integer(text, field, stated),
        Type::Scalar(Scalar::String | Scalar::Uuid | Scalar::Ulid)
        | Type::Named(Named { kind: NamedKind::Enum { number: false, .. }, .. }) => match stated {
            "lower" => Ok(PartForm::Lowercase),
            "upper" => Ok(PartForm::Uppercase),
            _ => Err(unknown(text, field, stated, &["lower", "upper"])),
        },
        _ => Err(refuse(text, field, stated, "texts, integers, dates and datetimes have other forms")
            .help(format!("write `{{{}}}`", show(&field.name)))),
    }
}

fn refuse(text: &Text, field: &Field, stated: &str, why: &str) -> Diagnostic {
    let (name, form) = (show(&field.name), show(stated));
    let message = format!("the field `{name}` cannot have the form `{form}` in a {}", text.what);
    Diagnostic::new(text.code, message).at(text.span, why)
}

/// The mistake that there is no such form.
fn unknown(text: &Text, field: &Field, stated: &str, words: &[&str]) -> Diagnostic {
    let all = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    let expected = if words.len() > 1 { "expected one of " } else { "expected " };
    let diagnostic = refuse(text, field, stated, &format!("{expected}{all}"));
    let help = did_you_mean(stated, words.iter().copied());
    let first = || format!("such as `{{{}:{}}}`", show(&field.name), words.first().copied().unwrap_or_default()).into();
    diagnostic.help(help.unwrap_or_else(first))
}

/// `{number:06}`, or `{number:plain}`.
fn integer(text: &Text, field: &Field, stated: &str) -> Result<PartForm, Diagnostic> {
    if stated == "plain" {
        return Ok(PartForm::Plain);
    }
    let Some(digits) = widths::digits(stated) else {
        let label = "expected a number of digits from `01` to `038`, or `plain`";
        let help = format!("such as `{{{}:06}}`", show(&field.name));
        return Err(refuse(text, field, stated, label).help(help));
    };
    match widths::unfit(field, digits).filter(|_| text.is_key) {
        None => Ok(PartForm::Digits(digits)),
        Some((value, bound)) => {
            let label = format!("its value `{value}` is not a text of {digits} digits");
            Err(refuse(text, field, stated, &label)
                .help(format!("give the field `{bound}`, or write `{{{}}}`", show(&field.name))))
        }
    }
}

/// `{at:date}`, `{at:epoch}`, or `{at:%Y-%m}`.
fn time(text: &Text, field: &Field, kind: TimeKind, stated: &str) -> Result<PartForm, Diagnostic> {
    let words: &[&str] = match kind {
        TimeKind::DateTime => &["iso", "date", "epoch", "epoch_millis", "pydantic"],
        TimeKind::NaiveDateTime => &["iso", "date", "pydantic"],
        _ => &["iso"],
    };
    if stated.contains('%') {
        return time_patterns::parse(stated, kind).map(|pattern| PartForm::Time(TimeForm::Pattern(pattern))).map_err(
            |why| {
                refuse(text, field, stated, &why).help(match kind {
                    TimeKind::Date => "the specifiers of a date are `%Y`, `%m` and `%d`",
                    _ => "the specifiers are `%Y`, `%m`, `%d`, `%H`, `%M`, `%S`, `%3f`, `%6f` and `%9f`",
                })
            },
        );
    }
    if !words.contains(&stated) {
        let diagnostic = unknown(text, field, stated, words);
        return Err(diagnostic.help("or a pattern, such as `%Y-%m-%d`"));
    }
    let is_own = matches!(field.form, StoredForm::Own | StoredForm::Nanos);
    let of_pattern = |pattern: &str| match time_patterns::parse(pattern, kind) {
        Ok(pattern) => Ok(PartForm::Time(TimeForm::Pattern(pattern))),
        Err(why) => Err(refuse(text, field, stated, &why)),
    };
    match (stated, kind) {
        ("iso", _) if is_own => Ok(PartForm::Text),
        ("iso", TimeKind::NaiveDateTime) => of_pattern("%Y-%m-%dT%H:%M:%S.%6f"),
        ("iso", _) => of_pattern("%Y-%m-%dT%H:%M:%S.%6fZ"),
        ("date", _) => of_pattern("%Y-%m-%d"),
        ("epoch", _) => Ok(PartForm::Time(TimeForm::EpochSeconds)),
        ("epoch_millis", _) => Ok(PartForm::Time(TimeForm::EpochMillis)),
        _ if field.form == StoredForm::Pydantic => Ok(PartForm::Text),
        _ => Ok(PartForm::Time(TimeForm::Pydantic)),
    }
}

/// Why the texts of a field do not sort as its values do.
pub(super) fn disorder(part: &KeyPart) -> Option<String> {
    if part.sorts() {
        return None;
    }
    Some(match one_text(part) {
        Some((one, other)) => format!("`{one}` and `{other}` have one text"),
        None => match part.form {
            PartForm::Plain => "`9` sorts after `10`",
            PartForm::Time(TimeForm::Pydantic) => "`12:00:00Z` sorts after `12:00:00.5Z`",
            _ => "a component of the time is before a larger one",
        }
        .to_owned(),
    })
}

/// Two values of a field that have one text in a key.
pub(super) fn one_text(part: &KeyPart) -> Option<(&'static str, &'static str)> {
    part.is_partial().then_some(match &part.form {
        PartForm::Lowercase | PartForm::Uppercase => ("ann", "Ann"),
        PartForm::Time(TimeForm::Pattern(pattern)) if pattern.specifiers.contains(&Specifier::Second) => {
            ("12:30:00.000001", "12:30:00.000002")
        }
        PartForm::Time(TimeForm::Pattern(pattern)) if !pattern.specifiers.contains(&Specifier::Day) => {
            ("2026-01-30", "2026-01-31")
        }
        PartForm::Time(TimeForm::Pattern(_)) => ("2026-01-31T12:30:00Z", "2026-01-31T12:30:01Z"),
        _ => ("12:30:00.000001", "12:30:00.000002"),
    })
}
