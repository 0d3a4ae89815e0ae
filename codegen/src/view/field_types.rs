//! The views of the types of fields.

use crate::model::{DecimalType, Field, Named, Scalar, StoredForm, TimeKind, TimeTypes, Type};
use dyntastic_templates::{FormView, TyView};

/// A type.
pub(super) fn ty(of: &Type) -> TyView {
    let boxed = |of: &Type| Box::new(ty(of));
    match of {
        Type::Scalar(of) => scalar(*of),
        Type::Json => TyView::OfCrate("serde_json", "Value"),
        Type::List(of) => TyView::List(boxed(of)),
        Type::Set(of) => TyView::Set(boxed(of)),
        Type::Map(of) => TyView::Map(boxed(of)),
        Type::Vector(dimensions) => TyView::Vector(*dimensions),
        Type::Optional(of) => ty(of).optional(),
        Type::Named(Named { name, boxed: true, .. }) => TyView::Boxed(name.clone()),
        Type::Named(Named { name, .. }) => TyView::Named(name.clone()),
    }
}

/// The type of a field.
pub(super) fn of_field(field: &Field) -> TyView {
    match (&field.alias, &field.ty) {
        (Some(alias), Type::Optional(_)) => TyView::Named(alias.clone()).optional(),
        (Some(alias), _) => TyView::Named(alias.clone()),
        (None, ty) => self::ty(ty),
    }
}

/// The type of a field's attribute: the type of its stored value.
pub(super) fn value_type(field: &Field) -> TyView {
    let value = match (&field.alias, field.ty.present()) {
        (Some(alias), _) => TyView::Named(alias.clone()),
        (None, Type::Named(named)) => TyView::Named(named.name.clone()),
        (None, present) => ty(present),
    };
    match form(field) {
        Some(form) => TyView::Stored(form, Box::new(value)),
        None => value,
    }
}

/// The runtime's type of the stored form, if it is not the form of the field's type.
pub(super) fn form(field: &Field) -> Option<FormView> {
    let (name, argument) = match &field.form {
        StoredForm::Own => return None,
        StoredForm::Nanos => ("Nanos", None),
        StoredForm::EpochSeconds => ("EpochSeconds", None),
        StoredForm::EpochMillis => ("EpochMillis", None),
        StoredForm::Pydantic => ("Pydantic", None),
        StoredForm::Pattern(_) => ("Patterned", field.pattern_type.clone()),
        StoredForm::Text => ("Text", None),
        StoredForm::Digits(digits) => ("Digits", Some(digits.to_string())),
        StoredForm::ZeroOrOne => ("ZeroOrOne", None),
        StoredForm::List => ("Listed", None),
    };
    Some(FormView { name, argument, is_copy: field.ty.present().is_copy() })
}

/// Whether checks are of the value in the type that states the stored form.
pub(super) fn is_held(field: &Field) -> bool {
    matches!(field.form, StoredForm::Text | StoredForm::Digits(_) | StoredForm::ZeroOrOne | StoredForm::List)
}

fn scalar(of: Scalar) -> TyView {
    match of {
        Scalar::String => TyView::String,
        Scalar::Bool => TyView::Primitive("bool"),
        Scalar::Int(int) => TyView::Primitive(int.name()),
        Scalar::F32 => TyView::Primitive("f32"),
        Scalar::F64 => TyView::Primitive("f64"),
        Scalar::Bytes => TyView::OfCrate("bytes", "Bytes"),
        Scalar::Decimal(DecimalType::RustDecimal) => TyView::OfCrate("rust_decimal", "Decimal"),
        Scalar::Decimal(DecimalType::Bigdecimal) => TyView::OfCrate("bigdecimal", "BigDecimal"),
        Scalar::Uuid => TyView::OfCrate("uuid", "Uuid"),
        Scalar::Ulid => TyView::OfCrate("ulid", "Ulid"),
        Scalar::Url => TyView::OfCrate("url", "Url"),
        Scalar::Ipv4 => TyView::Net("Ipv4Addr"),
        Scalar::Ipv6 => TyView::Net("Ipv6Addr"),
        Scalar::Ip => TyView::Net("IpAddr"),
        Scalar::Ipv4Net => TyView::OfCrate("ipnet", "Ipv4Net"),
        Scalar::Ipv6Net => TyView::OfCrate("ipnet", "Ipv6Net"),
        Scalar::IpNet => TyView::OfCrate("ipnet", "IpNet"),
        Scalar::Time(kind, types) => time(kind, types),
    }
}

fn time(kind: TimeKind, types: TimeTypes) -> TyView {
    match (types, kind) {
        (TimeTypes::Chrono, TimeKind::DateTime) => TyView::ChronoDateTime,
        (TimeTypes::Chrono, TimeKind::Date) => TyView::OfCrate("chrono", "NaiveDate"),
        (TimeTypes::Chrono, TimeKind::Time) => TyView::OfCrate("chrono", "NaiveTime"),
        (TimeTypes::Chrono, TimeKind::NaiveDateTime) => TyView::OfCrate("chrono", "NaiveDateTime"),
        (TimeTypes::Chrono, TimeKind::Duration) => TyView::OfCrate("chrono", "TimeDelta"),
        (TimeTypes::Time, TimeKind::DateTime) => TyView::OfCrate("time", "OffsetDateTime"),
        (TimeTypes::Time, TimeKind::Date) => TyView::OfCrate("time", "Date"),
        (TimeTypes::Time, TimeKind::Time) => TyView::OfCrate("time", "Time"),
        (TimeTypes::Time, TimeKind::NaiveDateTime) => TyView::OfCrate("time", "PrimitiveDateTime"),
        (TimeTypes::Time, TimeKind::Duration) => TyView::OfCrate("time", "Duration"),
        (TimeTypes::Jiff, TimeKind::DateTime) => TyView::OfCrate("jiff", "Timestamp"),
        (TimeTypes::Jiff, TimeKind::Date) => TyView::Civil("Date"),
        (TimeTypes::Jiff, TimeKind::Time) => TyView::Civil("Time"),
        (TimeTypes::Jiff, TimeKind::NaiveDateTime) => TyView::Civil("DateTime"),
        (TimeTypes::Jiff, TimeKind::Duration) => TyView::OfCrate("jiff", "SignedDuration"),
    }
}
