//! The fields in the texts of keys, and the forms that they have there.

use super::{
    Constraint, Field, KeyKind, Named, NamedKind, Precision, Scalar, StoredForm, TimeKind, TimePattern, Transform, Type,
};

/// A field in a key, and the text before it.
#[derive(Debug, Clone)]
pub(crate) struct KeyPart {
    pub(crate) before: String,
    pub(crate) field: Field,
    pub(crate) form: PartForm,
    /// Its form as the schema states it: `date` in `{at:date}`.
    pub(crate) stated: Option<String>,
    /// Whether it is the last part, and its values hold the separator.
    pub(crate) is_open: bool,
    /// Whether another field is beside it, without a separator between them.
    pub(crate) is_beside: bool,
}

/// The form of a field in the text of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PartForm {
    /// As it is stored.
    Text,
    Lowercase,
    Uppercase,
    /// An integer, padded to so many digits; the digits of a negative one are complements.
    Integer(usize),
    /// An integer of so many digits, without a sign.
    Digits(usize),
    /// An integer without padding.
    Plain,
    Time(TimeForm),
}

/// The form of a time in the text of a key, if it is not the stored one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TimeForm {
    EpochSeconds,
    EpochMillis,
    Pydantic,
    /// The text of this pattern.
    Pattern(TimePattern),
}

impl KeyPart {
    /// Its text as the schema has it: the text before it, and the field in braces.
    pub(crate) fn text(&self) -> String {
        let form = self.stated.as_ref().map(|form| format!(":{form}")).unwrap_or_default();
        format!("{}{{{}{form}}}", self.before, self.field.name)
    }

    /// Whether several values of the field have one text, so that a key does not determine the value.
    pub(crate) fn is_partial(&self) -> bool {
        match &self.form {
            PartForm::Text | PartForm::Integer(_) | PartForm::Digits(_) | PartForm::Plain => false,
            PartForm::Lowercase | PartForm::Uppercase => !self.is_case_known(),
            PartForm::Time(form) => {
                let digits = self.field.fraction_digits();
                match form {
                    TimeForm::EpochSeconds => digits > 0,
                    TimeForm::EpochMillis => digits > 3,
                    TimeForm::Pydantic => digits > 6,
                    TimeForm::Pattern(pattern) => !pattern.has_all(self.is_of(TimeKind::Date), digits),
                }
            }
        }
    }

    /// Whether its texts sort as the values do, if they have a fixed width or nothing follows them.
    pub(crate) fn sorts(&self) -> bool {
        match &self.form {
            PartForm::Plain | PartForm::Time(TimeForm::Pydantic) => false,
            PartForm::Time(TimeForm::Pattern(pattern)) => pattern.sorts() && !self.is_partial(),
            _ => !self.is_partial(),
        }
    }

    /// Whether its text has another form than the attribute, so that no beginning of the attribute is one of the text.
    pub(crate) fn is_in_other_form(&self) -> bool {
        matches!(self.form, PartForm::Time(_))
    }

    /// Whether its text in a key has any width and sorts as its values do, so that another field after it may disturb
    /// their order.
    pub(crate) fn is_text_of_any_width(&self) -> bool {
        matches!(self.form, PartForm::Text | PartForm::Lowercase | PartForm::Uppercase)
            && !matches!(self.field.ty.present(), Type::Scalar(Scalar::Uuid | Scalar::Ulid | Scalar::Time(..)))
            && self.width().is_none()
    }

    /// Whether a character that sorts before the separator must be refused in it: others follow it, and it may be any text.
    pub(crate) fn is_leading(&self) -> bool {
        self.is_text_of_any_width() && !self.field.has_known_texts()
    }

    /// The number of characters of its text, if all texts have as many.
    pub(crate) fn width(&self) -> Option<usize> {
        match (&self.form, self.field.ty.present()) {
            (PartForm::Digits(digits), _) => Some(*digits),
            (PartForm::Integer(digits), Type::Scalar(Scalar::Int(_))) if !self.field.has_negatives() => Some(*digits),
            (PartForm::Time(TimeForm::EpochSeconds), _) => Some(10),
            (PartForm::Time(TimeForm::EpochMillis), _) => Some(13),
            (PartForm::Time(TimeForm::Pattern(pattern)), _) => Some(pattern.width()),
            (PartForm::Integer(_) | PartForm::Plain | PartForm::Time(TimeForm::Pydantic), _) => None,
            (PartForm::Text, _) if self.field.form.is_text_of_its_own() => match &self.field.form {
                StoredForm::Digits(digits) => Some(*digits),
                StoredForm::Pattern(pattern) => Some(pattern.width()),
                _ => None,
            },
            (_, Type::Scalar(Scalar::Uuid)) => Some(36),
            (_, Type::Scalar(Scalar::Ulid)) => Some(26),
            (_, Type::Scalar(Scalar::Time(kind, _))) => {
                let fraction = match &self.field.form {
                    StoredForm::Nanos => 9,
                    StoredForm::Own => 6,
                    _ => return None,
                };
                match kind {
                    TimeKind::Date => Some(10),
                    TimeKind::Time => Some("12:30:00.".len() + fraction),
                    TimeKind::NaiveDateTime => Some("2026-01-31T12:30:00.".len() + fraction),
                    TimeKind::DateTime => Some("2026-01-31T12:30:00.Z".len() + fraction),
                    TimeKind::Duration => None,
                }
            }
            (PartForm::Text, Type::Scalar(Scalar::String)) => self.field.text_length(),
            _ => None,
        }
    }

    /// Whether a text of another width must be refused: the order of the key, or the field beside this one, needs it.
    pub(crate) fn has_checked_width(&self, sorts: bool) -> bool {
        let is_epoch = matches!(self.form, PartForm::Time(TimeForm::EpochSeconds | TimeForm::EpochMillis));
        self.is_beside || is_epoch && sorts
    }

    /// The minimum number of bytes of its text, if the field is not a string.
    pub(crate) fn least_length(&self) -> usize {
        match (&self.form, self.field.ty.present()) {
            (PartForm::Integer(digits) | PartForm::Digits(digits), _) => *digits,
            (PartForm::Plain | PartForm::Time(TimeForm::EpochSeconds | TimeForm::EpochMillis), _) => 1,
            (PartForm::Time(TimeForm::Pattern(pattern)), _) => pattern.sample.len(),
            (PartForm::Text, _) if self.field.form.is_text_of_its_own() => match &self.field.form {
                StoredForm::Digits(digits) => *digits,
                StoredForm::Pattern(pattern) => pattern.sample.len(),
                _ => 1,
            },
            (_, Type::Scalar(Scalar::Uuid)) => 36,
            (_, Type::Scalar(Scalar::Ulid)) => 26,
            (_, Type::Scalar(Scalar::Time(TimeKind::Date, _))) => 10,
            // A time without a fraction.
            (_, Type::Scalar(Scalar::Time(TimeKind::Time, _))) => 8,
            (_, Type::Scalar(Scalar::Time(..))) => 19,
            _ => 0,
        }
    }

    /// A text that shows which punctuation marks its texts have, if the field is neither a string nor an enum.
    pub(crate) fn sample(&self) -> Option<&str> {
        match (&self.form, self.field.ty.present()) {
            (PartForm::Digits(_), _) => None,
            (PartForm::Integer(_) | PartForm::Plain, Type::Scalar(Scalar::Int(_))) => {
                self.field.has_negatives().then_some("-1")
            }
            (PartForm::Integer(_) | PartForm::Plain, _) => (!self.field.has_known_texts()).then_some("-1"),
            (PartForm::Time(TimeForm::EpochSeconds | TimeForm::EpochMillis), _) => Some("-1"),
            (PartForm::Time(TimeForm::Pattern(pattern)), _) => Some(&pattern.sample),
            (PartForm::Text, ty) if self.field.form.is_text_of_its_own() => match (&self.field.form, ty) {
                (StoredForm::Pattern(pattern), _) => Some(&pattern.sample),
                (StoredForm::Digits(_), _) | (_, Type::Scalar(Scalar::Bool)) => None,
                (_, Type::Scalar(Scalar::Int(_))) => self.field.has_negatives().then_some("-1"),
                _ => Some("-1.5"),
            },
            (_, Type::Scalar(Scalar::Uuid)) => Some("67e55044-10b1-426f-9247-bb680e5fe0c8"),
            (_, Type::Scalar(Scalar::Time(TimeKind::Date, _))) => Some("2026-01-31"),
            (_, Type::Scalar(Scalar::Time(TimeKind::Time, _))) => Some("12:30:00.250000"),
            (_, Type::Scalar(Scalar::Time(TimeKind::NaiveDateTime, _))) => Some("2026-01-31T12:30:00.250000"),
            (_, Type::Scalar(Scalar::Time(..))) => Some("2026-01-31T12:30:00.250000Z"),
            _ => None,
        }
    }

    fn is_of(&self, wanted: TimeKind) -> bool {
        matches!(self.field.ty.present(), Type::Scalar(Scalar::Time(kind, _)) if *kind == wanted)
    }

    /// Whether the field's values differ in more than case: they are written in this case, or in one case only.
    fn is_case_known(&self) -> bool {
        let transform = match self.form {
            PartForm::Uppercase => Transform::Uppercase,
            _ => Transform::Lowercase,
        };
        matches!(self.field.ty.present(), Type::Scalar(Scalar::Uuid | Scalar::Ulid))
            || self.field.transform.contains(&transform)
    }
}

impl Field {
    /// Its form in the text of a key, if the schema states none; `None` if it cannot be in one.
    pub(crate) fn part_form(&self) -> Option<PartForm> {
        if matches!(self.form, StoredForm::EpochSeconds | StoredForm::EpochMillis) {
            return Some(PartForm::Integer(19));
        }
        if self.form.is_text_of_its_own() {
            // A float rounds, so that an item could not be found again.
            let is_float = matches!(self.ty.present(), Type::Scalar(scalar) if scalar.is_float());
            return self.key_kind().filter(|_| !is_float).map(|_| PartForm::Text);
        }
        Some(match self.ty.present() {
            Type::Scalar(Scalar::Int(int)) => PartForm::Integer(int.digits()),
            Type::Scalar(Scalar::String | Scalar::Uuid | Scalar::Ulid) => PartForm::Text,
            Type::Scalar(Scalar::Time(kind, _)) if *kind != TimeKind::Duration => PartForm::Text,
            Type::Named(Named { kind: NamedKind::Enum { number, .. }, .. }) => match number {
                true => PartForm::Integer(19),
                false => PartForm::Text,
            },
            Type::Named(Named { kind: NamedKind::Rust { key: Some(KeyKind::String), .. }, .. }) => PartForm::Text,
            _ => return None,
        })
    }

    /// The digits of a fraction of a second that its times may have.
    fn fraction_digits(&self) -> usize {
        match (&self.form, self.precision) {
            (StoredForm::EpochSeconds, _) | (_, Some(Precision::Seconds)) => 0,
            (StoredForm::EpochMillis, _) | (_, Some(Precision::Millis)) => 3,
            (StoredForm::Nanos, _) | (_, Some(Precision::Nanos)) => 9,
            (_, Some(Precision::Micros) | None) => 6,
        }
    }

    /// Whether it has only the texts that the schema names: those of an enum's variants, or allowed ones.
    pub(crate) fn has_known_texts(&self) -> bool {
        matches!(self.ty.present(), Type::Named(Named { kind: NamedKind::Enum { other: false, .. }, .. }))
            || self.constraints.iter().any(|constraint| matches!(constraint, Constraint::OneOf(_)))
    }

    /// The number of characters of its texts, if its constraints fix it.
    fn text_length(&self) -> Option<usize> {
        let length = |wanted: fn(&Constraint) -> Option<u64>| self.constraints.iter().find_map(wanted);
        let least = length(|constraint| match constraint {
            Constraint::MinLength(length) => Some(*length),
            _ => None,
        });
        let most = length(|constraint| match constraint {
            Constraint::MaxLength(length) => Some(*length),
            _ => None,
        });
        most.filter(|most| least == Some(*most) && *most > 0).and_then(|most| usize::try_from(most).ok())
    }
}
