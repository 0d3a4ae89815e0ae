//! The third stage: the model to the strings that the templates place.

mod docs;
mod index;
mod model;
mod query;
mod rust;

pub(crate) use model::model_view;
pub(crate) use rust::module_names;

use crate::model::{Default, Factory, ModelSet, Scalar};
use std::collections::BTreeSet;

/// The runtime's features that the emitted code of a model set uses.
pub(crate) fn features(set: &ModelSet) -> Vec<&'static str> {
    let mut features = BTreeSet::new();
    for field in set.models.iter().flat_map(|model| &model.fields) {
        let mut json = false;
        field.ty.visit(
            &mut |scalar| match scalar {
                Scalar::Uuid => drop(features.insert("uuid")),
                Scalar::DateTime | Scalar::Date => drop(features.insert("chrono")),
                _ => {}
            },
            &mut || json = true,
        );
        if json {
            features.insert("json");
        }
        match field.default {
            Default::Factory(Factory::UuidV4Text | Factory::UuidV7Text) => drop(features.insert("uuid")),
            Default::Factory(Factory::UlidText) => drop(features.insert("ulid")),
            _ => {}
        }
    }
    features.into_iter().collect()
}
