//! Fields as data: their types, stored forms and constraints in words.

use super::entries::CatalogField;
use crate::model::{
    Computed, Default, Field, FieldRole, KeyKind, Named, NamedKind, Scalar, Seal, StoredForm, TimeKind, Type,
};
use crate::text::show;
use crate::view::{constraint_texts, default_text};

/// A field.
pub(super) fn of(field: &Field) -> CatalogField {
    let default = match &field.default {
        Default::Required | Default::Absent => None,
        Default::Empty => Some("empty".to_owned()),
        of => default_text(of).or_else(|| Some("as the schema has it".to_owned())),
    };
    CatalogField {
        name: field.name.clone(),
        attribute: field.attribute.clone(),
        json: field.json_name.text().map(str::to_owned),
        ty: type_text(&field.ty),
        named_type: field.ty.parts().find_map(|part| match part {
            Type::Named(Named { name, kind, .. }) if !matches!(kind, NamedKind::Rust { .. }) => Some(name.clone()),
            _ => None,
        }),
        stored: stored(field),
        doc: field.doc.clone(),
        constraints: constraint_texts(field),
        optional: matches!(field.ty, Type::Optional(_)),
        default,
        role: field.role.map(role),
        unique: field.unique,
        sensitive: field.sensitive,
        sealed: field.seal.as_ref().map(Seal::text),
        key_only: field.key_only,
        computed: None,
    }
}

/// A computed field.
pub(super) fn computed(of: &Computed) -> CatalogField {
    CatalogField { computed: Some(of.by.text()), json: None, default: None, ..self::of(&of.field) }
}

fn role(of: FieldRole) -> &'static str {
    match of {
        FieldRole::Version => "version",
        FieldRole::CreatedAt => "created_at",
        FieldRole::UpdatedAt => "updated_at",
        FieldRole::DeletedAt => "deleted_at",
        FieldRole::Ttl => "ttl",
        FieldRole::SchemaVersion => "schema_version",
        FieldRole::Counter => "counter",
        FieldRole::Sequence => "sequence",
    }
}

/// A type as a schema has it.
pub(super) fn type_text(of: &Type) -> String {
    match of {
        Type::Scalar(scalar) => scalar_text(*scalar).to_owned(),
        Type::Json => "json".to_owned(),
        Type::List(of) => format!("list<{}>", type_text(of)),
        Type::Set(of) => format!("set<{}>", type_text(of)),
        Type::Map(of) => format!("map<string, {}>", type_text(of)),
        Type::Vector(dimensions) => format!("vector<{dimensions}>"),
        Type::Optional(of) => format!("{}?", type_text(of)),
        Type::Named(named) => named.name.clone(),
    }
}

fn scalar_text(of: Scalar) -> &'static str {
    match of {
        Scalar::String => "string",
        Scalar::Bool => "bool",
        Scalar::Int(int) => int.name(),
        Scalar::F32 => "f32",
        Scalar::F64 => "f64",
        Scalar::Decimal(_) => "decimal",
        Scalar::Bytes => "bytes",
        Scalar::Uuid => "uuid",
        Scalar::Ulid => "ulid",
        Scalar::Url => "url",
        Scalar::Ipv4 => "ipv4",
        Scalar::Ipv6 => "ipv6",
        Scalar::Ip => "ip",
        Scalar::Ipv4Net => "ipv4net",
        Scalar::Ipv6Net => "ipv6net",
        Scalar::IpNet => "ipnet",
        Scalar::Time(TimeKind::DateTime, _) => "datetime",
        Scalar::Time(TimeKind::Date, _) => "date",
        Scalar::Time(TimeKind::Time, _) => "time",
        Scalar::Time(TimeKind::NaiveDateTime, _) => "naive_datetime",
        Scalar::Time(TimeKind::Duration, _) => "duration",
    }
}

/// The stored form of a field's value: a type of DynamoDB's API, and the form of its text.
fn stored(field: &Field) -> String {
    if field.key_only {
        return "only in a key".to_owned();
    }
    if let Some(seal) = &field.seal {
        let key = seal.encryption.as_ref().map(|encryption| format!(" with the key `{}`", encryption.key));
        let hash = field.hash().map(|hash| format!("; its hash is `{}`", show(hash).replace('`', "'")));
        return format!("B, {}{}{}", seal.text(), key.unwrap_or_default(), hash.unwrap_or_default());
    }
    let ty = field.ty.present();
    let pattern = |pattern: &str| format!("S, `{}`", show(pattern).replace('`', "'"));
    match &field.form {
        StoredForm::Own => own(ty),
        StoredForm::Nanos => "S, with nine digits of fraction".to_owned(),
        StoredForm::EpochSeconds => "N, seconds since 1970".to_owned(),
        StoredForm::EpochMillis => "N, milliseconds since 1970".to_owned(),
        StoredForm::Pydantic => "S, without a fraction of 0".to_owned(),
        StoredForm::Pattern(of) => pattern(&of.text),
        StoredForm::Text => match ty {
            Type::Json => "S, JSON".to_owned(),
            Type::Scalar(Scalar::Bool) => "S, `true` or `false`".to_owned(),
            _ => "S, a number".to_owned(),
        },
        StoredForm::Digits(digits) => format!("S, {digits} digits"),
        StoredForm::ZeroOrOne => "N, 0 or 1".to_owned(),
        StoredForm::List => match ty {
            Type::Set(of) => format!("L of {}", own(of)),
            _ => "L".to_owned(),
        },
    }
}

/// The stored form of a type.
fn own(ty: &Type) -> String {
    let letter = |kind: Option<KeyKind>| match kind {
        Some(KeyKind::String) => "S",
        Some(KeyKind::Number) => "N",
        Some(KeyKind::Binary) => "B",
        None => "its own",
    };
    match ty {
        Type::Scalar(Scalar::Bool) => "BOOL".to_owned(),
        Type::Scalar(Scalar::F32 | Scalar::F64) => "N".to_owned(),
        Type::Scalar(Scalar::Time(TimeKind::DateTime, _)) => "S, `2026-01-31T12:30:00.250000Z`".to_owned(),
        Type::Scalar(Scalar::Time(TimeKind::NaiveDateTime, _)) => "S, `2026-01-31T12:30:00.250000`".to_owned(),
        Type::Scalar(Scalar::Time(TimeKind::Date, _)) => "S, `2026-01-31`".to_owned(),
        Type::Scalar(Scalar::Time(TimeKind::Time, _)) => "S, `12:30:00.250000`".to_owned(),
        Type::Scalar(Scalar::Time(TimeKind::Duration, _)) => "S, `PT1M30S`".to_owned(),
        Type::Scalar(_) => letter(ty.key_kind()).to_owned(),
        Type::Json => "any".to_owned(),
        Type::List(of) => format!("L of {}", element(of)),
        Type::Map(of) => format!("M of {}", element(of)),
        Type::Vector(dimensions) => format!("L of {dimensions} N"),
        Type::Set(of) => match of.key_kind() {
            Some(KeyKind::Number) => "NS".to_owned(),
            Some(KeyKind::Binary) => "BS".to_owned(),
            _ => "SS".to_owned(),
        },
        Type::Optional(of) => own(of),
        Type::Named(Named { kind: NamedKind::Struct | NamedKind::Union, .. }) => "M".to_owned(),
        Type::Named(_) => letter(ty.key_kind()).to_owned(),
    }
}

/// The stored form of an element; one that is absent is NULL.
fn element(of: &Type) -> String {
    let own = own(of);
    let own = own.split(',').next().unwrap_or_default().to_owned();
    match of {
        Type::Optional(_) => format!("{own} or NULL"),
        _ => own,
    }
}
