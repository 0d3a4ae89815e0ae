//! The rights of services as plain data.

use super::operations::{Access, On, accesses, creating, ensuring};
use crate::model::{Computed, Index, KeyAttribute, MadeOf, Model, ModelSet, Operation, Service, Use};
use crate::tables::{TableSetting, setting};

/// What a service may do. From [`services`](crate::services()).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceRights {
    /// The name of its entry in `services:`; empty for all models and collections.
    pub name: String,
    /// Its documentation.
    pub doc: Option<String>,
    /// Each request that it may send.
    pub rights: Vec<Right>,
}

/// One action on one resource ("Actions, resources, and condition keys for Amazon DynamoDB", Service Authorization
/// Reference).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Right {
    /// The action without its service, such as `GetItem`.
    pub action: &'static str,
    /// The name of the table.
    pub table: TableSetting,
    /// The region of the table, if it is not the client's.
    pub region: Option<TableSetting>,
    /// The part of the table.
    pub of: RightOf,
    /// The hash keys of the items, with `*` for any text: `CUSTOMER#*`. `None` for all.
    pub leading_keys: Option<String>,
    /// The attributes that a request may name; `None` for all.
    pub attributes: Option<Vec<String>>,
}

/// The part of a table that a right is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RightOf {
    /// The table.
    Table,
    /// The index with this name.
    Index(String),
    /// The table's streams.
    Stream,
    /// Every resource: the action takes no other.
    Everything,
    /// The role of IAM that this service of AWS makes for itself in an account.
    ServiceLinkedRole(ServiceLinkedRole),
}

/// A role that a service of AWS makes for itself in an account, at the first request that needs it ("Create a service-linked
/// role", IAM User Guide).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceLinkedRole {
    /// The service.
    pub service: &'static str,
    /// The name of its role.
    pub name: &'static str,
}

/// The rights of each service of the schema.
pub(crate) fn of_services(set: &ModelSet) -> Vec<ServiceRights> {
    set.services.iter().map(|service| of_service(service, set)).collect()
}

/// The rights to all reads and writes of all models.
pub(crate) fn all(set: &ModelSet, uses: Vec<Use>) -> ServiceRights {
    let collections = set.collections.iter().map(|of| of.type_name.clone()).collect();
    let name = String::new();
    let (streams, auto_create, ensure_tables) = (Vec::new(), false, false);
    of_service(&Service { name, doc: None, uses, collections, streams, auto_create, ensure_tables }, set)
}

fn of_service(service: &Service, set: &ModelSet) -> ServiceRights {
    let mut found = Found::default();
    let model = |name: &str| set.models.iter().find(|model| model.name == name);
    for of in &service.uses {
        let Some(model) = model(&of.model) else { continue };
        for operation in &of.operations {
            let attributes = of.fields.as_ref().map(|fields| attributes(fields, operation, model));
            for access in accesses(operation, model, set) {
                // Whole items are more than some fields.
                if attributes.is_none() || access.on != On::Guards && access.action != "GetItem" {
                    found.add(access, model, attributes.as_ref());
                }
            }
        }
        let makes_items = |of: &Operation| !of.is_read() && !matches!(of, Operation::Delete | Operation::Check);
        if service.auto_create && model.described.auto_create && of.operations.iter().any(makes_items) {
            for access in creating(model) {
                found.add(access, model, None);
            }
        }
    }
    let members = service.collections.iter().filter_map(|name| set.collections.iter().find(|of| of.type_name == *name));
    for (collection, member) in members.flat_map(|of| of.members.iter().map(move |member| (of, member))) {
        let Some(model) = model(&member.model) else { continue };
        let index = collection
            .index
            .as_ref()
            .and_then(|(name, _)| model.indexes.iter().position(|index| index.index_name == *name));
        found.add(Access { action: "Query", on: index.map_or(On::Items, On::Index) }, model, None);
    }
    for model in service.streams.iter().filter_map(|name| model(name)) {
        for action in ["DescribeStream", "GetRecords", "GetShardIterator"] {
            found.push(right(action, model, RightOf::Stream));
        }
        found.push(right("ListStreams", model, RightOf::Everything));
    }
    for model in set.models.iter().filter(|_| service.ensure_tables) {
        for access in ensuring(model) {
            found.add(access, model, None);
        }
    }
    ServiceRights { name: service.name.clone(), doc: service.doc.clone(), rights: found.0 }
}

/// Rights, each once.
#[derive(Default)]
struct Found(Vec<Right>);

impl Found {
    fn push(&mut self, right: Right) {
        if !self.0.contains(&right) {
            self.0.push(right);
        }
    }

    fn add(&mut self, Access { action, on }: Access, model: &Model, attributes: Option<&Vec<String>>) {
        let of_table = |leading_keys| Right { leading_keys, ..right(action, model, RightOf::Table) };
        let of_index = |index: &Index| RightOf::Index(index.index_name.clone());
        let rights = match on {
            On::Items => vec![of_table(leading_keys(&model.hash_key))],
            On::Guards => guards(model).into_iter().map(|keys| of_table(Some(keys))).collect(),
            On::Progress => vec![of_table(Some("DYNTASTIC#MIGRATION#*".to_owned()))],
            On::Table => vec![of_table(None)],
            On::Replica(at) => {
                let replica = model.described.replicas.iter().flatten().nth(at);
                let region = replica.map(|replica| TableSetting::Value(replica.region.clone()));
                let of = |region| Right { region: Some(region), ..of_table(None) };
                region.map(of).into_iter().collect()
            }
            On::Role(role) => vec![right(action, model, RightOf::ServiceLinkedRole(role))],
            On::Index(at) => {
                let index = model.indexes.get(at);
                let keys = index.filter(|of| of.hash_key.len() == 1).and_then(|of| leading_keys(of.hash_key.first()?));
                let of = |index| Right { leading_keys: keys.clone(), ..right(action, model, of_index(index)) };
                index.map(of).into_iter().collect()
            }
            On::VectorIndex(at) => {
                let name = model.vector_indexes.get(at).map(|index| index.definition.index_name.clone());
                name.map(|name| right(action, model, RightOf::Index(name))).into_iter().collect()
            }
            On::WholeIndex(at) => {
                model.indexes.get(at).map(|index| right(action, model, of_index(index))).into_iter().collect()
            }
        };
        for right in rights {
            self.push(Right { attributes: attributes.cloned(), ..right });
        }
    }
}

fn right(action: &'static str, model: &Model, of: RightOf) -> Right {
    let table = &model.table;
    let region = table.region.as_ref().map(setting);
    Right { action, table: setting(&table.name), region, of, leading_keys: None, attributes: None }
}

/// The hash keys of a template: its text up to its first field, or to the number of the shard.
fn leading_keys(key: &KeyAttribute) -> Option<String> {
    let MadeOf::Template { parts, end } = &key.made_of else { return None };
    match parts.first() {
        None if key.shards.is_some() => Some(format!("{}{}*", literal(end), literal(&key.separator.to_string()))),
        None => Some(literal(end)),
        Some(first) if first.before.is_empty() => None,
        Some(first) => Some(literal(&first.before) + "*"),
    }
}

/// A text as the pattern that only it matches ("IAM JSON policy elements: Variables and tags", Special characters).
pub(super) fn literal(text: &str) -> String {
    let escaped = |of: char| match of {
        '*' | '?' | '$' => format!("${{{of}}}"),
        other => other.to_string(),
    };
    text.chars().map(escaped).collect()
}

/// The hash keys of the guards of each unique value, as the runtime makes them.
fn guards(model: &Model) -> Vec<String> {
    let discriminator = model.sharing.iter().flat_map(|of| &of.discriminator).map(|(_, value)| value.as_str());
    let discriminator = escaped(&discriminator.collect::<Vec<_>>().join("#"));
    let one = model.unique().map(|field| escaped(&field.attribute));
    let several = model.unique_together.iter().map(|fields| {
        let names: Vec<String> = fields.iter().map(|field| escaped(&field.attribute)).collect();
        names.join("%2C")
    });
    one.chain(several).map(|fields| literal(&format!("UNIQUE#{discriminator}#{fields}#")) + "*").collect()
}

fn escaped(name: &str) -> String {
    name.replace('%', "%25").replace('#', "%23")
}

/// The attributes that an operation on some fields names: also those that every request on the model does.
fn attributes(fields: &[String], operation: &Operation, model: &Model) -> Vec<String> {
    let is_updated = *operation == Operation::Update;
    let is_listed = |name: &str| fields.iter().any(|field| field == name);
    let keys = model.keys().map(|key| key.attribute.as_str());
    let discriminator = model.sharing.iter().flat_map(|of| &of.discriminator).map(|(name, _)| name.as_str());
    let own = model.attributes().filter(|field| is_listed(&field.name) || field.role.is_some() && is_updated);
    let own = own.filter(|field| !field.key_only);
    let own = own.flat_map(|field| [field.attribute.as_str()].into_iter().chain(field.hash()));
    let queried = model.indexes.iter().enumerate().filter(|(at, index)| {
        let is_queried = *operation == Operation::QueryIndex(*at);
        let conditions = index.when.iter().map(|when| &when.field);
        let mut parts = index.keys().flat_map(KeyAttribute::checked).chain(conditions);
        is_queried || is_updated && parts.any(|field| is_listed(&field.name))
    });
    let is_made = |of: &&Computed| is_updated && of.by.fields().iter().any(|field| is_listed(&field.name));
    let computed = model.computed.iter().filter(is_made).map(|of| of.field.attribute.as_str());
    let of_indexes = queried.flat_map(|(_, index)| index.keys()).map(|key| key.attribute.as_str());
    let mut names: Vec<String> = Vec::new();
    for name in keys.chain(discriminator).chain(own).chain(computed).chain(of_indexes) {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}
