//! Types, fields and constraints.

use super::literals::literal;
use crate::model::{
    Constraint, DecimalType, Default, EnumType, EnumValue, Factory, Field, Named, NamedKind, Scalar, Seal, StoredForm,
    TimeComparison, TimeKind, TimeOrder, TimeTypes, Type,
};
use serde_json::{Value, json};

pub(super) fn field(of: &Field) -> Value {
    json!({
        "name": of.name,
        "attribute": of.attribute,
        "ty": ty(&of.ty),
        "form": form(&of.form),
        "cut": of.precision.map(|of| format!("{of:?}")),
        "checked_precision": of.checked_precision().map(|of| format!("{of:?}")),
        "transform": of.transform.iter().map(|of| format!("{of:?}")).collect::<Vec<_>>(),
        "key_only": of.key_only,
        "absent_if_empty": of.is_absent_if_empty(),
        "constraints": of.checks().map(constraint).collect::<Vec<_>>(),
        "order": of.order.iter().map(order).collect::<Vec<_>>(),
        "default": default(&of.default),
        "is_sorted": of.is_sorted(),
        "seal": of.seal.as_ref().map(seal),
    })
}

/// The attribute with the hashes of a searchable field, which is stored as `of`.
pub(super) fn hash(name: &str, attribute: &str, of: &str) -> Value {
    json!({
        "name": name,
        "attribute": attribute,
        "ty": { "Optional": { "Scalar": "Bytes" } },
        "form": "Own",
        "cut": null,
        "checked_precision": null,
        "transform": [],
        "key_only": false,
        "absent_if_empty": false,
        "constraints": [],
        "order": [],
        "default": "Absent",
        "is_sorted": true,
        "json": name,
        "is_in_json": true,
        "hash_of": of,
    })
}

fn seal(of: &Seal) -> Value {
    json!({
        "is_compressed": of.is_compressed,
        "key": of.encryption.as_ref().map(|encryption| &encryption.key),
        "reads_unencrypted": of.encryption.as_ref().is_some_and(|encryption| encryption.reads_unencrypted),
    })
}

fn ty(of: &Type) -> Value {
    match of {
        Type::Scalar(of) => json!({ "Scalar": scalar(*of) }),
        Type::Json => json!("Json"),
        Type::List(of) => json!({ "List": ty(of) }),
        Type::Set(of) => json!({ "Set": ty(of) }),
        Type::Map(of) => json!({ "Map": ty(of) }),
        Type::Vector(dimensions) => json!({ "Vector": dimensions }),
        Type::Optional(of) => json!({ "Optional": ty(of) }),
        Type::Named(Named { name, kind: NamedKind::Rust { .. }, .. }) => json!({ "Rust": name }),
        Type::Named(Named { name, .. }) => json!({ "Named": name }),
    }
}

fn scalar(of: Scalar) -> String {
    match of {
        Scalar::Int(int) => format!("{int:?}"),
        Scalar::Decimal(DecimalType::RustDecimal) => "Decimal".to_owned(),
        Scalar::Decimal(DecimalType::Bigdecimal) => "BigDecimal".to_owned(),
        Scalar::Time(kind, types) => {
            let library = match types {
                TimeTypes::Chrono => "Chrono",
                TimeTypes::Time => "Time",
                TimeTypes::Jiff => "Jiff",
            };
            let kind = match kind {
                TimeKind::DateTime => "Datetime",
                TimeKind::Date => "Date",
                TimeKind::Time => "Clock",
                TimeKind::NaiveDateTime => "Naive",
                TimeKind::Duration => "Duration",
            };
            format!("{library}{kind}")
        }
        other => format!("{other:?}"),
    }
}

fn form(of: &StoredForm) -> Value {
    match of {
        StoredForm::Pattern(pattern) => json!({ "Pattern": pattern.text }),
        StoredForm::Digits(digits) => json!({ "Digits": digits }),
        other => json!(format!("{other:?}")),
    }
}

fn default(of: &Default) -> Value {
    match of {
        Default::Required => json!("Required"),
        Default::Absent => json!("Absent"),
        Default::Empty => json!("Empty"),
        Default::Literal(of) => json!({ "Literal": literal(of) }),
        Default::Factory(of) => json!({ "Factory": match of {
            Factory::Now(_) => json!("Now"),
            Factory::Today(_) => json!("Today"),
            Factory::Expiry(_, seconds) => json!({ "Expiry": seconds }),
            other => json!(format!("{other:?}")),
        } }),
    }
}

fn order(of: &TimeOrder) -> Value {
    json!({ "is_after": of.comparison == TimeComparison::After, "attribute": of.attribute })
}

fn constraint(of: &Constraint) -> Value {
    let all = |of: &[Constraint]| of.iter().map(constraint).collect::<Vec<_>>();
    match of {
        Constraint::NotEmpty => json!("NotEmpty"),
        Constraint::MinLength(of) => json!({ "MinLength": of }),
        Constraint::MaxLength(of) => json!({ "MaxLength": of }),
        Constraint::Pattern(of) => json!({ "Pattern": of }),
        Constraint::Format(of) => json!({ "Format": format!("{of:?}") }),
        Constraint::OneOf(of) => json!({ "OneOf": of }),
        Constraint::Minimum(of) => json!({ "Minimum": literal(of) }),
        Constraint::Maximum(of) => json!({ "Maximum": literal(of) }),
        Constraint::ExclusiveMinimum(of) => json!({ "ExclusiveMinimum": literal(of) }),
        Constraint::ExclusiveMaximum(of) => json!({ "ExclusiveMaximum": literal(of) }),
        Constraint::MultipleOf(of) => json!({ "MultipleOf": literal(of) }),
        Constraint::MinItems(of) => json!({ "MinItems": of }),
        Constraint::MaxItems(of) => json!({ "MaxItems": of }),
        Constraint::UniqueItems => json!("UniqueItems"),
        Constraint::Past => json!("Past"),
        Constraint::Future => json!("Future"),
        Constraint::Custom(path) => json!({ "Custom": path }),
        Constraint::Items(of) => json!({ "Items": all(of) }),
        Constraint::Keys(of) => json!({ "Keys": all(of) }),
        Constraint::Values(of) => json!({ "Values": all(of) }),
        Constraint::Present(of) => json!({ "Present": all(of) }),
        Constraint::Transform(of) => json!({ "Transform": format!("{of:?}") }),
    }
}

pub(super) fn enumeration(of: &EnumType) -> Value {
    let variants: Vec<Value> = of
        .variants
        .iter()
        .map(|variant| {
            let value = match &variant.value {
                EnumValue::Text(text) => json!({ "Text": text }),
                EnumValue::Number(number) => json!({ "Number": number }),
            };
            json!({ "name": variant.name, "value": value, "json_name": variant.json_name })
        })
        .collect();
    json!({ "name": of.name, "other": of.other, "ignores_case": of.ignores_case, "variants": variants })
}
