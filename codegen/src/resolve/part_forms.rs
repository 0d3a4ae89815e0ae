//! The stated forms of fields in key templates: `{number:06}`, `{email:lower}`, `{at:date}`.

use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::model::{
    Constraint, Field, Int, KeyPart, Literal, Named, NamedKind, PartForm, Scalar, Specifier, StoredForm, TimeForm,
    TimeKind, TimePattern, Type,
};
use crate::schema::TemplateDecl;
use crate::text::show;

/// The maximum number of digits of a number in DynamoDB.
const MOST_DIGITS: usize = 38;

/// The form of a field in a template: the stated one, or that of its type.
pub(super) fn resolve(declared: &TemplateDecl, field: &Field, stated: Option<&str>) -> Result<PartForm, Diagnostic> {
    let Some(stated) = stated else {
        return field.part_form().ok_or_else(|| {
            let message = format!("the field `{}` cannot be a part of a key", show(&field.name));
            Diagnostic::new(Code::BadKeyTemplate, message)
                .at(declared.text.span, "the text of its type does not sort like its values")
                .help("strings, integers, dates and times, uuids, ulids and enums do")
        });
    };
    if field.form.is_text_of_its_own() {
        return Err(refuse(declared, field, stated, "the field's `format` says its text, which the key has too")
            .help(format!("write `{{{}}}`", show(&field.name))));
    }
    match field.ty.present() {
        Type::Scalar(Scalar::Time(kind @ (TimeKind::DateTime | TimeKind::NaiveDateTime | TimeKind::Date), _)) => {
            time(declared, field, *kind, stated)
        }
        Type::Scalar(Scalar::Int(int)) => integer(declared, field, *int, stated),
        Type::Scalar(Scalar::String | Scalar::Uuid | Scalar::Ulid)
        | Type::Named(Named { kind: NamedKind::Enum { number: false, .. }, .. }) => match stated {
            "lower" => Ok(PartForm::Lowercase),
            "upper" => Ok(PartForm::Uppercase),
            _ => Err(unknown(declared, field, stated, &["lower", "upper"])),
        },
        _ => Err(refuse(declared, field, stated, "texts, integers, dates and datetimes have other forms")
            .help(format!("write `{{{}}}`", show(&field.name)))),
    }
}

fn refuse(declared: &TemplateDecl, field: &Field, stated: &str, why: &str) -> Diagnostic {
    let message = format!("the field `{}` cannot have the form `{}` in a key", show(&field.name), show(stated));
    Diagnostic::new(Code::BadKeyTemplate, message).at(declared.text.span, why)
}

/// The mistake that there is no such form.
fn unknown(declared: &TemplateDecl, field: &Field, stated: &str, words: &[&str]) -> Diagnostic {
    let all = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    let expected = if words.len() > 1 { "expected one of " } else { "expected " };
    let diagnostic = refuse(declared, field, stated, &format!("{expected}{all}"));
    let help = did_you_mean(stated, words.iter().copied());
    let first = || format!("such as `{{{}:{}}}`", show(&field.name), words.first().copied().unwrap_or_default());
    diagnostic.help(help.unwrap_or_else(first))
}

/// `{number:06}`, or `{number:plain}`.
fn integer(declared: &TemplateDecl, field: &Field, int: Int, stated: &str) -> Result<PartForm, Diagnostic> {
    if stated == "plain" {
        return Ok(PartForm::Plain);
    }
    let digits = stated.strip_prefix('0').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let digits = digits.and_then(|digits| digits.parse().ok()).filter(|digits| (1..=MOST_DIGITS).contains(digits));
    let Some(digits) = digits else {
        let label = "expected a number of digits from `01` to `038`, or `plain`";
        let help = format!("such as `{{{}:06}}`", show(&field.name));
        return Err(refuse(declared, field, stated, label).help(help));
    };
    let (least, most) = bounds(field, int);
    let largest = 10_i128.pow(u32::try_from(digits).unwrap_or_default()) - 1;
    let too_large = (most > largest).then(|| (largest + 1, format!("maximum: {largest}")));
    let negative = (least < 0).then(|| (-1, "minimum: 0".to_owned()));
    match too_large.or(negative) {
        None => Ok(PartForm::Digits(digits)),
        Some((value, bound)) => {
            let label = format!("its value `{value}` is not a text of {digits} digits");
            Err(refuse(declared, field, stated, &label)
                .help(format!("give the field `{bound}`, or write `{{{}}}`", show(&field.name))))
        }
    }
}

/// The minimum and the maximum of an integer by its type and its constraints.
pub(super) fn bounds(field: &Field, int: Int) -> (i128, i128) {
    let value = |literal: &Literal| match literal {
        Literal::Int(digits) => digits.parse::<i128>().ok(),
        _ => None,
    };
    let (mut least, mut most) = int.range();
    for constraint in &field.constraints {
        match constraint {
            Constraint::Minimum(bound) => least = value(bound).unwrap_or(least).max(least),
            Constraint::ExclusiveMinimum(bound) => least = value(bound).map_or(least, |bound| bound + 1).max(least),
            Constraint::Maximum(bound) => most = value(bound).unwrap_or(most).min(most),
            Constraint::ExclusiveMaximum(bound) => most = value(bound).map_or(most, |bound| bound - 1).min(most),
            _ => {}
        }
    }
    (least, most)
}

/// `{at:date}`, `{at:epoch}`, or `{at:%Y-%m}`.
fn time(declared: &TemplateDecl, field: &Field, kind: TimeKind, stated: &str) -> Result<PartForm, Diagnostic> {
    let words: &[&str] = match kind {
        TimeKind::DateTime => &["iso", "date", "epoch", "epoch_millis", "pydantic"],
        TimeKind::NaiveDateTime => &["iso", "date", "pydantic"],
        _ => &["iso"],
    };
    if stated.contains('%') {
        return pattern(stated, kind).map(|pattern| PartForm::Time(TimeForm::Pattern(pattern))).map_err(|why| {
            refuse(declared, field, stated, &why).help(match kind {
                TimeKind::Date => "the specifiers of a date are `%Y`, `%m` and `%d`",
                _ => "the specifiers are `%Y`, `%m`, `%d`, `%H`, `%M`, `%S`, `%3f`, `%6f` and `%9f`",
            })
        });
    }
    if !words.contains(&stated) {
        let diagnostic = unknown(declared, field, stated, words);
        return Err(diagnostic.help("or a pattern, such as `%Y-%m-%d`"));
    }
    let is_own = matches!(field.form, StoredForm::Own | StoredForm::Nanos);
    let of_pattern = |text: &str| match pattern(text, kind) {
        Ok(pattern) => Ok(PartForm::Time(TimeForm::Pattern(pattern))),
        Err(why) => Err(refuse(declared, field, stated, &why)),
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

/// Parses a pattern; the error says what is wrong with it.
pub(super) fn pattern(text: &str, kind: TimeKind) -> Result<TimePattern, String> {
    let (mut specifiers, mut sample) = (Vec::new(), String::new());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '%' {
            sample.push(character);
            continue;
        }
        let (specifier, of_sample) = match characters.next() {
            Some('Y') => (Specifier::Year, "2026"),
            Some('m') => (Specifier::Month, "01"),
            Some('d') => (Specifier::Day, "31"),
            Some('H') => (Specifier::Hour, "12"),
            Some('M') => (Specifier::Minute, "30"),
            Some('S') => (Specifier::Second, "00"),
            Some('3') if characters.next() == Some('f') => (Specifier::Fraction(3), "250"),
            Some('6') if characters.next() == Some('f') => (Specifier::Fraction(6), "250000"),
            Some('9') if characters.next() == Some('f') => (Specifier::Fraction(9), "250000000"),
            Some(other) => return Err(format!("`%{}` is no specifier", show(&other.to_string()))),
            None => return Err("nothing follows the last `%`".to_owned()),
        };
        if kind == TimeKind::Date && specifier > Specifier::Day {
            return Err("a date has no time of day".to_owned());
        }
        if specifiers.iter().any(|earlier| is_same(*earlier, specifier)) {
            return Err("a component is there twice".to_owned());
        }
        specifiers.push(specifier);
        sample.push_str(of_sample);
    }
    match specifiers.is_empty() {
        true => Err("no component of the time is in it".to_owned()),
        false => Ok(TimePattern { text: text.to_owned(), specifiers, sample }),
    }
}

fn is_same(one: Specifier, other: Specifier) -> bool {
    matches!((one, other), (Specifier::Fraction(_), Specifier::Fraction(_))) || one == other
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
