//! The forms of fields in the texts of keys.

use super::{Field, KeyKind, Named, NamedKind, Scalar, StoredForm, TimeKind, Type};

/// The form of a field in the text of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PartForm {
    Text,
    /// An integer, with its maximum number of digits.
    Integer(usize),
}

impl Field {
    /// Its form in the text of a key; `None` if it cannot be in one.
    pub(crate) fn part_form(&self) -> Option<PartForm> {
        if matches!(self.form, StoredForm::EpochSeconds | StoredForm::EpochMillis) {
            return Some(PartForm::Integer(19));
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

    /// Whether its text in a key has any width and sorts as its values do, so that another field after it may disturb
    /// their order.
    pub(crate) fn is_text_of_any_width(&self) -> bool {
        self.part_form() == Some(PartForm::Text)
            && !matches!(self.ty.present(), Type::Scalar(Scalar::Uuid | Scalar::Ulid | Scalar::Time(..)))
    }

    /// The minimum number of bytes of a field in the text of a key, if it is not a string.
    pub(crate) fn least_part_length(&self) -> usize {
        match (self.part_form(), self.ty.present()) {
            (Some(PartForm::Integer(digits)), _) => digits,
            (_, Type::Scalar(Scalar::Uuid)) => 36,
            (_, Type::Scalar(Scalar::Ulid)) => 26,
            (_, Type::Scalar(Scalar::Time(TimeKind::Date, _))) => 10,
            // A time without a fraction.
            (_, Type::Scalar(Scalar::Time(TimeKind::Time, _))) => 8,
            (_, Type::Scalar(Scalar::Time(..))) => 19,
            _ => 0,
        }
    }
}
