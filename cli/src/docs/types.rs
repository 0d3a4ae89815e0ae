//! The schema's own types in the page.

use super::anchors;
use super::html::Html;
use super::models::{FieldsView, field};
use dyntastic_codegen::{Catalog, CatalogType, CatalogTypeKind, CatalogVariant};
use std::collections::HashSet;

/// A type.
pub(super) struct TypeView {
    pub(super) id: String,
    pub(super) name: String,
    /// What it is, and how it is stored.
    pub(super) kind: Html,
    pub(super) doc: Html,
    pub(super) fields: Option<FieldsView>,
    pub(super) variants: Vec<VariantView>,
    /// The head of the column of stored values.
    pub(super) value_head: String,
}

/// A variant of an enum or a union.
pub(super) struct VariantView {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) path: String,
    pub(super) value: String,
    pub(super) of: Html,
    pub(super) doc: Html,
}

/// The types of a catalog, in their order.
pub(super) fn of(catalog: &Catalog, types: &HashSet<&str>) -> Vec<TypeView> {
    catalog.types.iter().map(|of| view(of, types)).collect()
}

fn view(of: &CatalogType, types: &HashSet<&str>) -> TypeView {
    let id = anchors::ty(&of.name);
    let (mut kind, mut value_head) = (String::new(), String::new());
    let mut fields = None;
    let mut variants = Vec::new();
    match &of.kind {
        CatalogTypeKind::Struct { fields: own, keeps_unknown } => {
            kind.push_str("A struct, stored as a map");
            if *keeps_unknown {
                kind.push_str("; a save keeps attributes without a field");
            }
            let rows = own.iter().map(|own| field(&id, &of.name, own, None, &[], types)).collect();
            fields = Some(FieldsView { label: format!("Fields of {}", of.name), rows });
        }
        CatalogTypeKind::Enum { variants: own, other, ignores_case } => {
            kind.push_str("An enum");
            if *other {
                kind.push_str(", which keeps other values");
            }
            if *ignores_case {
                kind.push_str(", read in any case");
            }
            value_head.push_str("Stored as");
            variants = own.iter().map(|own| variant(&id, &of.name, own)).collect();
        }
        CatalogTypeKind::Union { tag, variants: own } => {
            kind.push_str(&format!("A union, stored as a map whose `{}` names the variant", tag.replace('`', "'")));
            value_head.clone_from(tag);
            variants = own.iter().map(|own| variant(&id, &of.name, own)).collect();
        }
        _ => {}
    }
    kind.push('.');
    TypeView {
        name: of.name.clone(),
        kind: Html::coded(&kind),
        doc: Html::markdown(&of.doc),
        fields,
        variants,
        value_head,
        id,
    }
}

fn variant(id: &str, owner: &str, of: &CatalogVariant) -> VariantView {
    VariantView {
        id: format!("{id}.{}", of.name),
        name: of.name.clone(),
        path: format!("{owner}::{}", of.name),
        value: of.value.clone(),
        of: of.of.as_ref().map(|name| Html::link(&anchors::ty(name), name)).unwrap_or_default(),
        doc: Html::markdown(&of.doc),
    }
}
