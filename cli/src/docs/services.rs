//! The services of the page: what each may do, on what.

use super::anchors;
use super::html::Html;
use super::tables::joined;
use dyntastic_codegen::{Catalog, CatalogTable, Right, RightOf, ServiceRights, TableSetting};

/// A service.
pub(super) struct ServiceView {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) doc: Html,
    /// Its rights, those on the same items together.
    pub(super) rights: Vec<RightsView>,
}

/// Rights on the same items and attributes.
pub(super) struct RightsView {
    /// The table, index or stream.
    pub(super) of: Html,
    pub(super) actions: Html,
    pub(super) items: Html,
    pub(super) attributes: Html,
}

/// The services of a schema, in their order.
pub(super) fn of(catalog: &Catalog, tables: &[String]) -> Vec<ServiceView> {
    let view = |service: &ServiceRights| ServiceView {
        id: format!("service.{}", anchors::slug(&service.name)),
        name: service.name.clone(),
        doc: service.doc.as_deref().map(|doc| Html::markdown(&[doc.to_owned()])).unwrap_or_default(),
        rights: grouped(&service.rights).iter().map(|rights| rights_view(rights, catalog, tables)).collect(),
    };
    catalog.services.iter().map(view).collect()
}

/// The rights that differ only in their actions, together.
fn grouped(rights: &[Right]) -> Vec<Vec<&Right>> {
    let is_of_table = |of: &Right| !matches!(of.of, RightOf::Everything | RightOf::ServiceLinkedRole(_));
    let is_same = |one: &Right, other: &Right| {
        let is_same_table = !is_of_table(one) || (&one.table, &one.region) == (&other.table, &other.region);
        one.of == other.of
            && is_same_table
            && (&one.leading_keys, &one.attributes) == (&other.leading_keys, &other.attributes)
    };
    let mut groups: Vec<Vec<&Right>> = Vec::new();
    for right in rights {
        match groups.iter_mut().find(|group| group.first().is_some_and(|first| is_same(first, right))) {
            Some(group) if group.iter().any(|of| of.action == right.action) => {}
            Some(group) => group.push(right),
            None => groups.push(vec![right]),
        }
    }
    groups
}

fn rights_view(rights: &[&Right], catalog: &Catalog, tables: &[String]) -> RightsView {
    let codes = |texts: Vec<&str>| joined(texts.into_iter().map(|text| Html::element("code", text)).collect());
    let first = rights.first();
    RightsView {
        of: first.map(|first| place(first, catalog, tables)).unwrap_or_default(),
        actions: codes(rights.iter().map(|right| right.action).collect()),
        items: match first.and_then(|first| first.leading_keys.as_deref()) {
            Some(keys) => Html::markup("those with the hash key <code>{}</code>", &[keys]),
            None => Html::text("all"),
        },
        attributes: match first.and_then(|first| first.attributes.as_ref()) {
            Some(attributes) => codes(attributes.iter().map(String::as_str).collect()),
            None => Html::text("all"),
        },
    }
}

/// What a right is on, with a link to it.
fn place(right: &Right, catalog: &Catalog, tables: &[String]) -> Html {
    let of_name = || catalog.tables.iter().zip(tables).filter(|(table, _)| table.description.name == right.table);
    let own = of_name().find(|(table, _)| table.description.region == right.region);
    // A replica is the table in another region.
    let is_replica = |table: &CatalogTable, region: &TableSetting| {
        let mut replicas = table.description.replicas.iter().flatten();
        replicas.any(|replica| TableSetting::Value(replica.region.clone()) == *region)
    };
    let of_replica = || right.region.as_ref().and_then(|region| of_name().find(|(table, _)| is_replica(table, region)));
    let Some((table, id)) = own.or_else(of_replica) else { return Html::text("everything") };
    let elsewhere = match (&right.region, &own) {
        (Some(TableSetting::Value(region)), None) => Html::markup(" in <code>{}</code>", &[region]),
        _ => Html::default(),
    };
    let name = anchors::table_name(table);
    match &right.of {
        RightOf::Table => [Html::text("table "), Html::link(id, &name), elsewhere].into_iter().collect(),
        RightOf::Index(index) => {
            let link = Html::link(&format!("{id}.index.{}", anchors::slug(index)), index);
            [Html::text("index "), link, Html::text(" of "), Html::link(id, &name)].into_iter().collect()
        }
        RightOf::Stream => [Html::text("stream of "), Html::link(id, &name)].into_iter().collect(),
        RightOf::Everything => Html::text("everything"),
        RightOf::ServiceLinkedRole(role) => Html::markup("the role <code>{}</code> of IAM", &[role.name]),
    }
}
