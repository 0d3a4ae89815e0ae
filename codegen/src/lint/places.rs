//! Models with their declarations, which know the places.

use crate::model::{Field, Index, KeyAttribute, Model, ModelSet, Query, TypeDefinition};
use crate::schema::{
    AllowDecl, FieldDecl, KeyDecl, ModelDecl, QueryDecl, Schema, SharedTableDecl, StructKind, UnionDecl, VariantKind,
};
use crate::sources::Span;
use crate::terms::FieldRole;
use std::collections::HashMap;

/// A model and its declaration.
pub(super) struct Place<'s> {
    pub(super) model: &'s Model,
    pub(super) decl: &'s ModelDecl,
    /// Its shared table.
    pub(super) table: Option<&'s SharedTableDecl>,
}

/// An index of a model, and its places.
pub(super) struct IndexPlace<'s> {
    pub(super) index: &'s Index,
    /// Its name in the schema.
    pub(super) name: &'s str,
    /// The place where the model names it.
    pub(super) span: Span,
    /// The place of its hash key.
    pub(super) hash_key: Span,
    /// The `allow:` of the index and of what it is in.
    pub(super) allow: Vec<&'s [AllowDecl]>,
}

/// A field and its declaration.
pub(super) type Entry<'s> = (&'s Field, &'s FieldDecl);

pub(super) fn models<'s>(set: &'s ModelSet, schema: &'s Schema) -> Vec<Place<'s>> {
    let place = |(model, decl): (&'s Model, &'s ModelDecl)| {
        let shared = model.sharing.as_ref().map(|sharing| sharing.table.as_str());
        let table = schema.tables.iter().find(|table| Some(table.name.value.as_str()) == shared);
        Place { model, decl, table }
    };
    set.models.iter().zip(&schema.models).map(place).collect()
}

impl<'s> Place<'s> {
    /// The `allow:` of the model and its table.
    pub(super) fn allow(&self) -> Vec<&'s [AllowDecl]> {
        let of_table = self.table.map(|table| table.allow.as_slice());
        [self.decl.allow.as_slice()].into_iter().chain(of_table).collect()
    }

    /// The `allow:` of its keys in the table.
    pub(super) fn allow_of_key(&self) -> Vec<&'s [AllowDecl]> {
        self.decl.key.iter().map(|key| key.allow.as_slice()).chain(self.allow()).collect()
    }

    /// The place of its hash key.
    pub(super) fn hash_key(&self) -> Span {
        let template = self.decl.key.as_ref().map(|key| template(key, &self.model.hash_key));
        template.or(self.decl.hash_key.as_ref().map(|key| key.span)).unwrap_or(self.decl.name.span)
    }

    pub(super) fn indexes(&self) -> Vec<IndexPlace<'s>> {
        let own = self.decl.indexes.iter().zip(&self.model.indexes).map(|(decl, index)| IndexPlace {
            index,
            name: &decl.name.value,
            span: decl.name.span,
            hash_key: decl.hash_key.first().map_or(decl.name.span, |key| key.span),
            allow: [decl.allow.as_slice()].into_iter().chain(self.allow()).collect(),
        });
        let of_shared = self.decl.index_keys.iter().zip(&self.model.indexes).map(|(decl, index)| IndexPlace {
            index,
            name: &decl.name.value,
            span: decl.name.span,
            hash_key: index.hash_key.first().map_or(decl.name.span, |key| template(decl, key)),
            allow: [decl.allow.as_slice()].into_iter().chain(self.allow_of_index(decl)).chain(self.allow()).collect(),
        });
        own.chain(of_shared).collect()
    }

    fn allow_of_index(&self, key: &KeyDecl) -> Option<&'s [AllowDecl]> {
        let mut indexes = self.table?.indexes.iter();
        indexes.find(|index| index.name.value == key.name.value).map(|index| index.allow.as_slice())
    }

    pub(super) fn queries(&self) -> impl Iterator<Item = (&'s Query, &'s QueryDecl)> {
        self.model.queries.iter().zip(&self.decl.queries)
    }

    /// Its fields with their declarations.
    pub(super) fn fields(&self) -> Vec<Entry<'s>> {
        let is_field = |decl: &&FieldDecl| decl.role.as_ref().is_none_or(|of| of.value != FieldRole::SchemaVersion);
        self.model.fields.iter().zip(self.decl.fields.iter().filter(is_field)).collect()
    }

    /// Whether a query reads this index.
    pub(super) fn reads(&self, index: &Index) -> bool {
        self.model.queries.iter().any(|query| query.source == index.type_name)
    }
}

/// The place of a key's template; that of the key's name, if the template is the one of another key.
fn template(key: &KeyDecl, of: &KeyAttribute) -> Span {
    let template = key.templates.iter().find(|template| template.attribute.value == of.attribute);
    template.map_or(key.name.span, |template| template.text.span)
}

/// The fields of each struct under `types:`, and those of all variants of each union, by the names in Rust.
pub(super) fn structs<'s>(set: &'s ModelSet, schema: &'s Schema) -> HashMap<&'s str, Vec<Entry<'s>>> {
    let mut found: HashMap<&str, Vec<Entry<'s>>> = HashMap::new();
    let structs = set.types.iter().filter_map(|of| if let TypeDefinition::Struct(of) = of { Some(of) } else { None });
    let decls = schema.types.iter().filter_map(|decl| match &decl.kind {
        StructKind::Fields { fields, .. } => Some(fields),
        StructKind::Rust { .. } => None,
    });
    for (of, decls) in structs.zip(decls) {
        found.insert(of.name.as_str(), of.fields.iter().zip(decls).collect());
    }
    let unions = set.types.iter().filter_map(|of| if let TypeDefinition::Union(of) = of { Some(of) } else { None });
    for (of, decl) in unions.zip(&schema.unions) {
        let own = of.structs.iter().zip(variants(decl)).flat_map(|(variant, decls)| variant.fields.iter().zip(decls));
        let others = of.variants.iter().filter_map(|variant| found.get(variant.of.as_deref()?)).flatten().copied();
        let fields = own.chain(others).collect();
        found.insert(of.name.as_str(), fields);
    }
    found
}

/// The fields of the variants that have some.
fn variants(decl: &UnionDecl) -> impl Iterator<Item = &Vec<FieldDecl>> {
    decl.variants.iter().filter_map(|variant| match &variant.kind {
        VariantKind::Fields(fields) if !fields.is_empty() => Some(fields),
        _ => None,
    })
}
