//! The views of shared tables, and of their collections.

use super::index::hash_parameters;
use super::model::table_view;
use super::{contexts, docs, field_types, json, layout, rust, structure, transforms};
use crate::model::{Collection, KeyKind, Model, ModelSet, SharedTable, Sizes, differ_much, distinct};
use crate::terms::FieldRole;
use crate::text::show;
use dyntastic_templates::{
    CollectionView, HashFieldView, MemberView, RawKeyView, RoleFieldView, RoleView, SharedTableView, TyView,
};
use heck::ToSnakeCase;

/// The models of a shared table.
fn models<'m>(set: &'m ModelSet, table: &SharedTable) -> Vec<(&'m Model, &'m [(String, String)])> {
    let of_table = set.models.iter().filter_map(|model| {
        let sharing = model.sharing.as_ref().filter(|sharing| sharing.table == table.name)?;
        (sharing.by_key || !sharing.discriminator.is_empty()).then_some((model, sharing.discriminator.as_slice()))
    });
    of_table.collect()
}

/// The doc of a variant of a table's enum.
fn variant_doc(model: &Model, values: &[(String, String)]) -> String {
    let texts = values.iter().map(|(attribute, value)| format!("`{}` is `{}`", show(attribute), show(value)));
    match values {
        [] => format!(" An item whose key begins as that of [`{}`].", docs::link(&model.name)),
        _ => format!(" An item whose {}.", texts.collect::<Vec<_>>().join(" and ")),
    }
}

/// The view of a shared table; `None` without a discriminator.
pub(crate) fn shared_table_view(set: &ModelSet, table: &SharedTable) -> Option<SharedTableView> {
    let name = table.type_name.clone()?;
    let models = models(set, table);
    let keys = std::iter::once(&table.hash_key).chain(&table.range_key);
    let of = set.described(table);
    let own = table_view(
        of,
        (&table.hash_key.0, table.hash_key.1),
        table.range_key.as_ref().map(|(name, kind)| (name.as_str(), *kind)),
    );
    let mut doc = table.doc.clone();
    if doc.is_empty() {
        doc.push(format!("An item of {}, of any model.", docs::table(&of.name)));
    }
    Some(SharedTableView {
        name_literal: rust::literal(&name),
        doc: docs::lines(&doc),
        keys: keys
            .zip([RoleView::HashKey { key_only: false }, structure::raw_range_role(&name)])
            .zip('A'..='Z')
            .map(raw_key)
            .collect(),
        discriminator: table.discriminator.iter().map(|name| rust::literal(name)).collect(),
        models: models
            .iter()
            .map(|(model, values)| MemberView {
                model: model.name.clone(),
                variant: variant(&model.name),
                field: String::new(),
                single: false,
                values: values.iter().map(|(_, value)| rust::literal(value)).collect(),
                json_name: rust::literal(match values {
                    [(_, value)] => value,
                    _ => &model.name,
                }),
                doc: rust::literal(&variant_doc(model, values)),
            })
            .collect(),
        has_contexts: models.iter().any(|(model, _)| model.context.is_some()),
        is_plain: models.iter().all(|(model, _)| !model.is_unique()),
        deleted_at: models.iter().find_map(|(model, _)| model.role(FieldRole::DeletedAt)).map(|field| RoleFieldView {
            method: "deleted_at",
            ty: field_types::value_type(field),
            attribute: rust::literal(&field.attribute),
        }),
        expires: models.first().is_some_and(|(model, _)| model.table.ttl.is_some()),
        has_large_variant: differ_much(
            models
                .iter()
                .map(|(model, _)| set.sizes.of_fields(&model.fields, model.keeps_unknown))
                .chain([Sizes::of_attributes()]),
        ),
        json: json::shared_table(set, table, models.iter().map(|(model, _)| *model)),
        table: own,
        name,
    })
}

/// The variant of a model in its table's enum. The names `Unknown` and `A` are taken: the enum has a variant and a
/// constant with them.
fn variant(model: &str) -> String {
    rust::free_name(model, |name| matches!(name, "A" | "Unknown"))
}

fn raw_key((((attribute, kind), role), parameter): ((&(String, KeyKind), RoleView), char)) -> RawKeyView {
    RawKeyView {
        ident: rust::identifier(&ident(attribute)),
        attribute: rust::literal(attribute),
        doc: rust::literal(&format!(" The key attribute `{}`.", show(attribute))),
        ty: match kind {
            KeyKind::String => TyView::String,
            KeyKind::Number => TyView::Primitive("i128"),
            KeyKind::Binary => TyView::OfCrate("bytes", "Bytes"),
        },
        role,
        parameter,
    }
}

/// The identifier for an attribute. An attribute whose name cannot be one gets a descriptive name.
fn ident(attribute: &str) -> String {
    let name = attribute.to_snake_case();
    let is_name = name.chars().next().is_some_and(|first| first.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_name { name } else { format!("key_{}", name.chars().filter(char::is_ascii_alphanumeric).collect::<String>()) }
}

/// The view of a collection.
pub(crate) fn collection_view(set: &ModelSet, collection: &Collection) -> CollectionView {
    let name = collection.type_name.clone();
    let fields = distinct(collection.hash_key.fields());
    let context = collection.context.as_ref();
    let parameters = hash_parameters(context, &fields);
    let range_key = collection.range_key.as_ref().map(|key| raw_key(((key, structure::raw_range_role(&name)), 'B')));
    let member = |member: &crate::model::Member| {
        let many = if member.single { "item" } else { "items" };
        MemberView {
            model: member.model.clone(),
            variant: variant(&member.model),
            field: rust::identifier(&member.name),
            single: member.single,
            values: Vec::new(),
            json_name: String::new(),
            doc: rust::literal(&format!(" The {many} of the model [`{}`].", docs::link(&member.model))),
        }
    };
    let mut made_keys = layout::keys([(&collection.hash_key, false)]);
    made_keys.extend(collection.range_key.iter().map(|(attribute, _)| layout::own_range_key(attribute)));
    let mut doc = collection.doc.clone();
    if doc.is_empty() {
        let models: Vec<String> =
            collection.members.iter().map(|member| format!("[`{}`]", docs::link(&member.model))).collect();
        let key = docs::hash_key(&collection.hash_key);
        doc.push(format!("The items of {} with the hash key {key}.", models.join(", ")));
    }
    let local =
        |name: &str| set.models.iter().flat_map(|model| &model.indexes).any(|of| of.local && of.index_name == name);
    CollectionView {
        doc: docs::lines(&doc),
        client: contexts::client(context),
        item: collection.item.clone(),
        others: rust::free_name("others", |name| collection.members.iter().any(|member| member.name == name)),
        members: collection.members.iter().map(member).collect(),
        parameters: parameters
            .into_iter()
            .zip(&fields)
            .map(|(parameter, field)| HashFieldView {
                transforms: transforms::body(set, field),
                value: parameter,
                attribute: rust::literal(&field.attribute),
            })
            .collect(),
        range_key,
        made_keys,
        index: collection
            .index
            .as_ref()
            .map(|(name, keys)| (rust::literal(name), keys.iter().map(|key| rust::literal(key)).collect())),
        json: json::collection(set),
        is_consistent: collection.index.as_ref().is_none_or(|(name, _)| local(name)),
        name,
    }
}
