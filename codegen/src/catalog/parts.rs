//! Projections and inputs as data.

use super::entries::{CatalogPart, CatalogPartKind};
use super::fields;
use crate::model::{Field, Model};

/// The projections of a model, and then its inputs.
pub(super) fn of(model: &Model) -> Vec<CatalogPart> {
    let part = |kind, name: &str, doc: &[String], of: &[Field]| CatalogPart {
        name: name.to_owned(),
        doc: doc.to_vec(),
        kind,
        fields: of.iter().map(|field| fields::of(field).name).collect(),
    };
    let projections =
        model.projections.iter().map(|of| part(CatalogPartKind::Projection, &of.type_name, &of.doc, &of.fields));
    let create = model.inputs.create.iter().map(|of| part(CatalogPartKind::Create, &of.type_name, &[], &of.fields));
    let patch = model.inputs.patch.iter().map(|of| part(CatalogPartKind::Patch, &of.type_name, &[], &of.fields));
    projections.chain(create).chain(patch).collect()
}
