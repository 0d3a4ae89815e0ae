//! The third stage: it turns the model into views, which hold the names, literals and flags for the templates. No Rust
//! is written here.

mod computed;
mod constraints;
mod contexts;
mod defaults;
mod docs;
mod field_types;
mod imports;
mod index;
mod inputs;
mod json;
mod layout;
mod model;
mod near_constants;
mod patches;
mod query;
mod rust;
mod shared_table;
mod structure;
mod tables;
mod transforms;
mod types;
mod upgrades;
mod vector_index;

#[cfg(feature = "catalog")]
pub(crate) use constraints::texts as constraint_texts;
pub(crate) use contexts::context_view;
#[cfg(feature = "catalog")]
pub(crate) use defaults::default_text;
pub(crate) use imports::imports_view;
pub(crate) use model::model_view;
pub(crate) use rust::module_names;
#[cfg(feature = "catalog")]
pub(crate) use rust::{free_name, identifier};
pub(crate) use shared_table::{collection_view, shared_table_view};
pub(crate) use tables::tables_view;
pub(crate) use types::{enum_view, type_view, union_view};

use crate::model::{
    Constraint, DecimalType, Default, Factory, Field, ModelSet, NamedKind, Scalar, TextFormat, TimeTypes, Type,
};
use std::collections::BTreeSet;

/// The runtime's features that the emitted code of a model set uses.
pub(crate) fn features(set: &ModelSet) -> Vec<&'static str> {
    let mut features = BTreeSet::new();
    features.extend(set.serde.map(|_| "serde"));
    features.extend(set.json_schema.then_some("schemars"));
    features.extend(set.fakes.then_some("fake"));
    for field in set.fields() {
        features.extend(field.ty.parts().filter_map(feature));
        features.extend(match field.default {
            Default::Factory(Factory::UuidV4Text | Factory::UuidV7Text) => Some("uuid"),
            Default::Factory(Factory::UlidText) => Some("ulid"),
            _ => None,
        });
        add_features(&field.constraints, &mut features);
        if let Some(seal) = &field.seal {
            features.extend(seal.encryption.as_ref().map(|_| "encryption"));
            features.extend(seal.is_compressed.then_some("compression"));
        }
    }
    features.into_iter().collect()
}

fn add_features(constraints: &[Constraint], features: &mut BTreeSet<&'static str>) {
    for constraint in constraints {
        match constraint {
            Constraint::Pattern(_) => drop(features.insert("pattern")),
            Constraint::Format(TextFormat::Email) => drop(features.insert("email")),
            Constraint::Format(TextFormat::Url) => drop(features.insert("url")),
            Constraint::Format(TextFormat::Uuid) => drop(features.insert("uuid")),
            Constraint::Items(inner)
            | Constraint::Keys(inner)
            | Constraint::Values(inner)
            | Constraint::Present(inner) => add_features(inner, features),
            _ => {}
        }
    }
}

fn feature(part: &Type) -> Option<&'static str> {
    let scalar = match part {
        Type::Json => return Some("json"),
        Type::Scalar(scalar) => scalar,
        _ => return None,
    };
    Some(match scalar {
        Scalar::Uuid => "uuid",
        Scalar::Ulid => "ulid",
        Scalar::Url => "url",
        Scalar::Ipv4Net | Scalar::Ipv6Net | Scalar::IpNet => "ipnet",
        Scalar::Decimal(DecimalType::RustDecimal) => "decimal",
        Scalar::Decimal(DecimalType::Bigdecimal) => "bigdecimal",
        Scalar::Time(_, TimeTypes::Chrono) => "chrono",
        Scalar::Time(_, TimeTypes::Time) => "time",
        Scalar::Time(_, TimeTypes::Jiff) => "jiff",
        _ => return None,
    })
}

/// The names of the types of the schema that these fields hold, in order.
pub(crate) fn named_types<'f>(fields: impl IntoIterator<Item = &'f Field>) -> BTreeSet<&'f str> {
    let parts = fields.into_iter().flat_map(|field| field.ty.parts());
    let named = parts.filter_map(|part| match part {
        Type::Named(named) if !matches!(named.kind, NamedKind::Rust { .. }) => Some(named.name.as_str()),
        _ => None,
    });
    named.collect()
}
