//! Whether the values that one type stores can be read as another type. The rules are those of the runtime's readers.

use super::side::{Defined, Side};
use crate::model::{
    DecimalType, EnumType, EnumValue, Field, Int, KeyKind, Named, NamedKind, Scalar, StoredForm, TimeKind, Type,
};
use std::collections::HashSet;

/// A type of one side, and the stored form of its values.
#[derive(Clone, Copy)]
pub(super) struct Stored<'t> {
    pub(super) side: &'t Side<'t>,
    pub(super) ty: &'t Type,
    pub(super) form: &'t StoredForm,
}

impl<'t> Stored<'t> {
    /// The values of a field, if it has one.
    pub(super) fn of(side: &'t Side<'t>, field: &'t Field) -> Self {
        Self { side, ty: field.ty.present(), form: &field.form }
    }

    fn inner(self, ty: &'t Type) -> Self {
        Self { ty, form: &StoredForm::Own, ..self }
    }

    fn is_epoch(self) -> bool {
        matches!(self.form, StoredForm::EpochSeconds | StoredForm::EpochMillis) && matches!(self.ty, Type::Scalar(_))
    }

    fn definition(self) -> Option<&'t Defined<'t>> {
        match self.ty {
            Type::Named(Named { name, .. }) => self.side.types.get(name.as_str()),
            _ => None,
        }
    }

    fn enumeration(self) -> Option<&'t EnumType> {
        match self.definition() {
            Some(Defined::Enum(of, _)) => Some(of),
            _ => None,
        }
    }

    /// The attribute type, if the value is a scalar of DynamoDB.
    fn kind(self) -> Option<KeyKind> {
        self.form.key_kind(self.ty)
    }

    /// Whether a number, a boolean or JSON is stored as text.
    fn is_text(self) -> bool {
        matches!(self.form, StoredForm::Text | StoredForm::Digits(_))
    }

    /// Whether it reads all values of the other one as they are.
    ///
    /// Two definitions of one kind are compared by themselves, so they read each other here.
    pub(super) fn reads(self, other: Self) -> bool {
        match (self.ty, other.ty) {
            (Type::Optional(own), Type::Optional(written)) => self.inner(own).reads(other.inner(written)),
            (Type::Optional(own), _) => self.inner(own).reads(other),
            (Type::Json, Type::Json) => self.form == other.form,
            (Type::Scalar(Scalar::String), Type::Json) => other.is_text(),
            // A text that is stored as it is would be parsed.
            (Type::Json, _) if self.is_text() && other.kind() == Some(KeyKind::String) => false,
            (Type::Json, _) => other.is_json(&mut HashSet::new()),
            (Type::List(own), Type::Vector(_)) => {
                self.inner(own).reads(Self { ty: &Type::Scalar(Scalar::F32), form: &StoredForm::Own, ..other })
            }
            (Type::Vector(own), Type::Vector(written)) => own == written,
            // An absent element is NULL.
            (_, Type::Optional(_)) => false,
            (Type::List(own), Type::List(written)) | (Type::Map(own), Type::Map(written)) => {
                self.inner(own).reads(other.inner(written))
            }
            (Type::List(own), Type::Set(written)) if *other.form == StoredForm::List => {
                self.inner(own).reads(other.inner(written))
            }
            (Type::Set(_), Type::Set(_)) if *other.form == StoredForm::List && *self.form != StoredForm::List => false,
            (Type::Set(own), Type::Set(written)) => {
                let (own, written) = (self.inner(own), other.inner(written));
                own.kind() == written.kind() && own.reads(written)
            }
            (Type::Scalar(own), Type::Scalar(written)) => self.scalar_reads(*own, other, *written),
            (Type::Scalar(Scalar::String), Type::Named(_)) => other.kind() == Some(KeyKind::String),
            (Type::Scalar(scalar), Type::Named(_)) => other.enumeration().is_some_and(|of| reads_numbers(*scalar, of)),
            (Type::Named(own), Type::Named(written)) => match (own.kind, written.kind) {
                (NamedKind::Rust { key: own_key, .. }, NamedKind::Rust { key: written_key, .. }) => {
                    own.name == written.name && own_key == written_key
                }
                (NamedKind::Enum { number: own, .. }, NamedKind::Enum { number: written, .. }) => own == written,
                (NamedKind::Struct, NamedKind::Struct) | (NamedKind::Union, NamedKind::Union) => true,
                _ => false,
            },
            (Type::Named(Named { kind: NamedKind::Enum { number, other: true, .. }, .. }), Type::Scalar(written)) => {
                match (number, other.kind()) {
                    (false, Some(KeyKind::String)) => true,
                    (true, Some(KeyKind::Number)) => other.is_epoch() || is_within(*written, Int::I64),
                    _ => false,
                }
            }
            _ => false,
        }
    }

    fn scalar_reads(self, own: Scalar, other: Self, written: Scalar) -> bool {
        let kinds = (own_kind(own), own_kind(written));
        match (self.is_epoch(), other.is_epoch()) {
            (true, true) => return self.form == other.form && kinds.0 == kinds.1,
            // A number of seconds is also read from the text of a time.
            (true, false) => {
                return matches!(kinds.1, Some(TimeKind::DateTime | TimeKind::NaiveDateTime))
                    && self.reads_time(TimeKind::DateTime, other);
            }
            (false, true) => return matches!(own, Scalar::Int(Int::I64 | Int::I128)),
            (false, false) => {}
        }
        if own != Scalar::String && !self.reads_form(own, other, written) {
            return false;
        }
        match (own, written) {
            (Scalar::String, _) => other.kind() == Some(KeyKind::String),
            (Scalar::Int(own), Scalar::Int(_)) => is_within(written, own),
            (Scalar::F64, Scalar::F32 | Scalar::F64) | (Scalar::F32, Scalar::F32) => true,
            // A float keeps all digits of small integers.
            (Scalar::F64, Scalar::Int(int)) => int.range().1 <= 1 << 53,
            (Scalar::F32, Scalar::Int(int)) => int.range().1 <= 1 << 24,
            (Scalar::Decimal(own), Scalar::Decimal(written)) => own == written || own == DecimalType::Bigdecimal,
            (Scalar::Decimal(DecimalType::RustDecimal), Scalar::Int(int)) => int.range().1 <= u64::MAX.into(),
            (Scalar::Decimal(DecimalType::Bigdecimal), Scalar::Int(_) | Scalar::F32 | Scalar::F64) => true,
            (Scalar::Time(own, _), Scalar::Time(written, _)) => {
                // Without an offset, a time is UTC.
                own == written || (own == TimeKind::DateTime && written == TimeKind::NaiveDateTime)
            }
            (Scalar::Ip, Scalar::Ipv4 | Scalar::Ipv6) | (Scalar::IpNet, Scalar::Ipv4Net | Scalar::Ipv6Net) => true,
            _ => own == written,
        }
    }

    /// Whether it reads the form of the other one, if the types allow it.
    fn reads_form(self, own: Scalar, other: Self, written: Scalar) -> bool {
        match (own, written) {
            (Scalar::Bool, Scalar::Bool) => *self.form != StoredForm::Own || *other.form == StoredForm::Own,
            (Scalar::Time(kind, _), Scalar::Time(..)) => self.reads_time(kind, other),
            _ => self.is_text() || !other.is_text(),
        }
    }

    /// Whether a time that is stored as text reads the texts of the other one.
    fn reads_time(self, kind: TimeKind, other: Self) -> bool {
        match (self.form, other.form) {
            (StoredForm::Pattern(own), StoredForm::Pattern(written)) if own.text == written.text => true,
            (StoredForm::Pattern(own), StoredForm::Pattern(written)) => {
                written.is_iso(kind) && (own.sorts() || own.shape() != written.shape())
            }
            (StoredForm::Pattern(own), _) => own.sorts() || !own.is_shaped_as_iso(),
            (_, StoredForm::Pattern(written)) => written.is_iso(kind),
            _ => true,
        }
    }

    /// Whether JSON can hold all its values. JSON has no bytes, no sets and no large exact numbers.
    fn is_json(self, seen: &mut HashSet<&'t str>) -> bool {
        if self.is_epoch() || self.form.is_text_of_its_own() || *self.form == StoredForm::ZeroOrOne {
            return *self.ty != Type::Json;
        }
        match self.ty {
            Type::Json => true,
            Type::Set(inner) if *self.form == StoredForm::List => self.inner(inner).is_json(seen),
            Type::Scalar(Scalar::Bytes | Scalar::Decimal(_) | Scalar::Int(Int::I128 | Int::U128)) => false,
            Type::Scalar(_) | Type::Vector(_) => true,
            Type::Set(_) => false,
            Type::List(inner) | Type::Map(inner) | Type::Optional(inner) => self.inner(inner).is_json(seen),
            Type::Named(Named { name, .. }) => {
                if !seen.insert(name) {
                    return true;
                }
                let held = |name: &'t str, seen: &mut HashSet<&'t str>| match self.side.types.get(name) {
                    Some(Defined::Struct(of)) => {
                        of.fields.iter().all(|entry| Stored::of(self.side, entry.field).is_json(seen))
                    }
                    _ => false,
                };
                match self.definition() {
                    None => false,
                    Some(Defined::Enum(..)) => true,
                    Some(Defined::Struct(_)) => held(name, seen),
                    Some(Defined::Union(of, _)) => {
                        of.variants.iter().filter_map(|variant| variant.of.as_deref()).all(|of| held(of, seen))
                    }
                }
            }
        }
    }
}

/// The kind of a time.
fn own_kind(scalar: Scalar) -> Option<TimeKind> {
    match scalar {
        Scalar::Time(kind, _) => Some(kind),
        _ => None,
    }
}

/// Whether all values of a scalar are in the range of an integer type.
fn is_within(scalar: Scalar, int: Int) -> bool {
    let Scalar::Int(written) = scalar else { return false };
    let ((least, most), (written_least, written_most)) = (int.range(), written.range());
    least <= written_least && written_most <= most
}

/// Whether a scalar reads the numbers of an enum.
fn reads_numbers(scalar: Scalar, of: &EnumType) -> bool {
    let numbers = of.variants.iter().map(|variant| match variant.value {
        EnumValue::Number(number) => Some(i128::from(number)),
        EnumValue::Text(_) => None,
    });
    let (least, most) = match scalar {
        Scalar::Int(int) => int.range(),
        Scalar::Decimal(_) => Int::I64.range(),
        Scalar::F64 => (-(1 << 53), 1 << 53),
        _ => return false,
    };
    let holds_others = !of.other || (least <= i64::MIN.into() && i128::from(i64::MAX) <= most);
    holds_others && numbers.into_iter().all(|number| number.is_some_and(|number| (least..=most).contains(&number)))
}
