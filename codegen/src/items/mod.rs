//! The models of a schema as the runtime's room `dynamic` takes them: for the commands on items, which have a schema
//! and no emitted code. The types that read this JSON are in `runtime/src/dynamic/description.rs`.

mod keys;
mod literals;
mod types;

use crate::model::{
    Computation, Computed, Default, Field, FieldRole, Index, KeyAttribute, KeyKind, MadeOf, Model, ModelSet,
    Projection, SchemaVersions, StructType, Type, TypeDefinition, UnionType, UnionVariant, UpgradeStep,
};
use crate::tables::{self, TableDescription};
use keys::{key_checks, key_lengths, layout, made, stored_key, templates};
use serde_json::{Map, Value, json};

/// The models of a schema, for commands on their items. From [`items`](crate::items()).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ItemsDescription {
    /// The models, in the schema's order.
    pub models: Vec<ItemModel>,
    /// The tables of the schema, each once.
    pub tables: Vec<TableDescription>,
    /// The description that the runtime's `dynamic::Schema` reads.
    pub json: String,
}

/// A model with a table.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ItemModel {
    /// Its name.
    pub name: String,
    /// The index of its table in [`ItemsDescription::tables`].
    pub table: usize,
}

/// The models of a schema.
pub(crate) fn describe(set: &ModelSet) -> ItemsDescription {
    let whole = set.whole_tables();
    let table = |model: &Model| whole.iter().position(|table| table.table.is_same(&model.table)).unwrap_or(usize::MAX);
    let mut types: Map<String, Value> =
        set.types.iter().map(|of| (of.name().to_owned(), definition(set, of))).collect();
    for of in set.types.iter().flat_map(TypeDefinition::structs) {
        types.insert(of.name.clone(), json!({ "Struct": struct_type(set, of) }));
    }
    let models: Vec<Value> = set.models.iter().map(|of| model(set, of)).collect();
    ItemsDescription {
        models: set.models.iter().map(|of| ItemModel { name: of.name.clone(), table: table(of) }).collect(),
        tables: tables::describe(set),
        json: json!({ "models": models, "types": types, "serde": set.serde.is_some() }).to_string(),
    }
}

fn model(set: &ModelSet, of: &Model) -> Value {
    let mut structure = structure(set, &of.name, &of.fields, Some(of));
    add_hashes(&mut structure, of);
    add_computed(&mut structure, set, of);
    merge(
        &mut structure,
        json!({
            "keeps_unknown": of.keeps_unknown,
            "validate": of.validate,
            "validate_on_read": of.validate_on_read,
            "made": made(of),
            "key_lengths": key_lengths(of),
        }),
    );
    let position = |name: &str| of.fields.iter().position(|field| field.name == name);
    let positions = |fields: Vec<&Field>| fields.iter().filter_map(|field| position(&field.name)).collect::<Vec<_>>();
    let role = |role| of.role(role).and_then(|field| position(&field.name));
    json!({
        "structure": structure,
        "hash": positions(of.hash_fields()),
        "range": positions(of.range_fields()),
        "unordered": unordered(of.range_key.as_slice(), &of.range_fields()),
        "in_other_form": in_other_form(of.range_key.as_slice(), &of.range_fields()),
        "layout": layout(set, of),
        "computed": of.computed.iter().map(computed).collect::<Vec<_>>(),
        "stored_key": stored_key(of),
        "before_write": of.hooks.before_write,
        "version": role(FieldRole::Version),
        "counters": positions(of.fields.iter().filter(|field| field.role.is_some_and(FieldRole::counts)).collect()),
        "created_at": role(FieldRole::CreatedAt),
        "updated_at": role(FieldRole::UpdatedAt),
        "deleted_at": role(FieldRole::DeletedAt),
        "lifetime": of.fields.iter().enumerate().find_map(|(at, field)| Some((at, field.lifetime?))),
        "versions": of.versions.as_ref().map(|versions| upgrades(of, versions)),
        "indexes": of.indexes.iter().map(|index| self::index(of, index)).collect::<Vec<_>>(),
        "queries": queries(of),
        "vector_indexes": of.vector_indexes.iter().map(|of| [&of.name, &of.definition.index_name]).collect::<Vec<_>>(),
    })
}

fn structure(set: &ModelSet, name: &str, fields: &[Field], model: Option<&Model>) -> Value {
    let json = set.serde.is_some();
    let taken: Vec<&str> = fields.iter().filter_map(|field| field.json_name.text()).collect();
    let described: Vec<Value> = fields
        .iter()
        .map(|field| {
            let mut described = types::field(field);
            let is_in_json = field.json_name.text().is_some();
            // Without a name in JSON, a field still has to have a place in exports.
            let name = match field.json_name.text() {
                Some(name) if json => name.to_owned(),
                _ => Some(&field.name)
                    .filter(|name| is_in_json || !taken.contains(&name.as_str()))
                    .unwrap_or(&field.attribute)
                    .clone(),
            };
            merge(
                &mut described,
                json!({
                    "json": name,
                    // An attribute of the app's own may change how serde takes the field.
                    "is_in_json": is_in_json && !field.extras.attributes.iter().any(|of| of.contains("serde")),
                    "is_checked_key": model.is_some_and(|model| model.is_checked_key(field)),
                    "key_checks": model.map(|model| key_checks(model, field)).unwrap_or_default(),
                }),
            );
            described
        })
        .collect();
    let others: Vec<(&str, &str)> = match json {
        true => fields
            .iter()
            .map(|field| (field.attribute.as_str(), field.json_name.text().unwrap_or(&field.attribute)))
            .collect(),
        false => Vec::new(),
    };
    json!({
        "name": name,
        "fields": described,
        "json_names": others.iter().filter(|(attribute, name)| attribute != name).collect::<Vec<_>>(),
        "in_union": set.in_unions.contains(name),
    })
}

/// Adds a field for each attribute with hashes, after all others: the command takes them as they are stored.
fn add_hashes(structure: &mut Value, of: &Model) {
    let Some(Value::Array(fields)) = structure.get_mut("fields") else { return };
    for (field, hash) in of.fields.iter().filter_map(|field| Some((field, field.hash()?))) {
        let taken =
            |name: &str, fields: &[Value]| fields.iter().any(|of| ["json", "name"].iter().any(|key| of[key] == name));
        let mut name = hash.to_owned();
        while taken(&name, fields) {
            name.push('_');
        }
        fields.push(types::hash(&name, hash, &field.attribute));
    }
}

/// Adds the computed fields, after all others: the command takes them as they are stored.
fn add_computed(structure: &mut Value, set: &ModelSet, of: &Model) {
    let Some(Value::Array(fields)) = structure.get_mut("fields") else { return };
    for Computed { field, .. } in &of.computed {
        let ty = Type::Optional(Box::new(field.ty.present().clone()));
        let field = Field { ty, default: Default::Absent, ..field.clone() };
        let mut described = types::field(&field);
        let json = field.json_name.text().filter(|_| set.serde.is_some()).unwrap_or(&field.name);
        merge(
            &mut described,
            json!({ "json": json, "is_in_json": true, "key_checks": key_checks(of, &field), "computed": true }),
        );
        fields.push(described);
    }
}

/// How a field is computed, by attributes.
fn computed(of: &Computed) -> Value {
    let attribute = &of.field.attribute;
    match &of.by {
        Computation::Text { parts, end } => {
            let made_of = MadeOf::Template { parts: parts.clone(), end: end.clone() };
            let key = KeyAttribute::of(attribute.clone(), KeyKind::String, made_of);
            json!({ "attribute": attribute, "template": templates(std::iter::once((&key, false))).pop() })
        }
        Computation::Function { path, .. } => {
            let of: Vec<&String> = of.by.fields().iter().map(|field| &field.attribute).collect();
            json!({ "attribute": attribute, "function": path, "of": of })
        }
        Computation::Expiry { seconds, from } => {
            json!({ "attribute": attribute, "after": seconds, "from": from.attribute })
        }
    }
}

/// The place of a field in a model's structure: the fields, the hashes, and the computed fields.
fn position(model: &Model, field: &Field) -> Option<usize> {
    let own = model.fields.iter().position(|of| of.name == field.name);
    let hashes = model.fields.iter().filter(|field| field.hash().is_some()).count();
    let computed = || model.computed.iter().position(|of| of.field.name == field.name);
    own.or_else(|| computed().map(|at| model.fields.len() + hashes + at))
}

/// The positions of an index's hash key among the fields of [`add_hashes`] and the others.
fn hash_positions(model: &Model, index: &Index) -> Vec<usize> {
    let hashed = || model.fields.iter().filter(|field| field.hash().is_some());
    let mut positions = Vec::new();
    for key in &index.hash_key {
        for field in key.fields() {
            let position = match key.is_hash() {
                true => hashed().position(|of| of.name == field.name).map(|at| model.fields.len() + at),
                false => position(model, field),
            };
            positions.extend(position.filter(|position| !positions.contains(position)));
        }
    }
    positions
}

fn merge(into: &mut Value, other: Value) {
    if let (Value::Object(into), Value::Object(other)) = (into, other) {
        into.extend(other);
    }
}

fn definition(set: &ModelSet, of: &TypeDefinition) -> Value {
    match of {
        TypeDefinition::Struct(of) => json!({ "Struct": struct_type(set, of) }),
        TypeDefinition::Union(of) => json!({ "Union": union(of) }),
        TypeDefinition::Enum(of) => json!({ "Enum": types::enumeration(of) }),
    }
}

fn struct_type(set: &ModelSet, of: &StructType) -> Value {
    let mut structure = structure(set, &of.name, &of.fields, None);
    merge(&mut structure, json!({ "keeps_unknown": of.keeps_unknown, "validate": of.validate }));
    structure
}

fn union(of: &UnionType) -> Value {
    let variant = |of: &UnionVariant| json!({ "value": of.value, "of": of.of });
    let variants: Vec<Value> = of.variants.iter().map(variant).collect();
    json!({ "name": of.name, "tag": of.tag, "variants": variants })
}

fn upgrades(model: &Model, versions: &SchemaVersions) -> Value {
    let keys: Vec<&str> = model.keys().map(|key| key.attribute.as_str()).collect();
    let step = |step: &UpgradeStep| match step {
        UpgradeStep::Rename { from, to } => json!({ "Rename": [from, to] }),
        UpgradeStep::Split { attribute, parts, end } => json!({ "Split": [attribute, parts, end] }),
        UpgradeStep::Convert { attribute, to } => json!({ "Convert": [attribute, format!("{to:?}")] }),
        UpgradeStep::Default { field, value } => {
            json!({ "Default": [types::field(field), value.as_ref().map(literals::literal)] })
        }
        UpgradeStep::Remove { attribute } => json!({ "Remove": attribute }),
        UpgradeStep::Function { path } => json!({ "Function": path }),
    };
    let all: Vec<Vec<Value>> = versions.upgrades.iter().map(|steps| steps.iter().map(step).collect()).collect();
    json!({ "attribute": versions.attribute, "first": versions.first, "keys": keys, "upgrades": all })
}

fn index(model: &Model, index: &Index) -> Value {
    let positions = |fields: Vec<&Field>| fields.iter().filter_map(|of| position(model, of)).collect::<Vec<_>>();
    let made = match model.sharing {
        None => Vec::new(),
        Some(_) => templates(
            index.hash_key.iter().map(|key| (key, false)).chain(index.range_key.iter().map(|key| (key, true))),
        ),
    };
    let compared = index.compared_fields();
    json!({
        "name": index.name,
        "type_name": index.type_name,
        "index_name": index.index_name,
        "local": index.local,
        "keys": index.keys().map(|key| &key.attribute).collect::<Vec<_>>(),
        "hash": hash_positions(model, index),
        "range": positions(compared.clone()),
        "unordered": unordered(&index.range_key, &compared),
        "in_other_form": in_other_form(&index.range_key, &compared),
        "templates": made,
        "mixed": index.mixed,
        "is_whole": matches!(index.projection, Projection::All),
    })
}

/// The names of the fields whose order is not that of the keys.
fn unordered<'f>(keys: &[KeyAttribute], fields: &[&'f Field]) -> Vec<&'f str> {
    let is = |field: &&&Field| keys.iter().any(|key| key.is_unordered_at(&field.name)) || !field.is_sorted();
    fields.iter().filter(is).map(|field| field.name.as_str()).collect()
}

/// The names of the fields with another text in the key, so that no beginning of a value is one of the key.
fn in_other_form<'f>(keys: &[KeyAttribute], fields: &[&'f Field]) -> Vec<&'f str> {
    let is = |field: &&&Field| keys.iter().any(|key| key.is_in_other_form(&field.name));
    fields.iter().filter(is).map(|field| field.name.as_str()).collect()
}

/// The access patterns: a name for a source, and the order.
fn queries(model: &Model) -> Vec<Value> {
    let one = |query: &crate::model::Query| {
        let range: Vec<Value> = query
            .range
            .iter()
            .map(|asked| {
                let field = position(model, &asked.range_key);
                json!({ "field": field, "operator": format!("{:?}", asked.operator), "parameters": asked.parameters })
            })
            .collect();
        json!({
            "name": query.name,
            "source": query.source,
            "range": range,
            "descending": query.order == Some(crate::model::Order::Descending),
            "limit": query.limit,
        })
    };
    model.queries.iter().map(one).collect()
}

/// Whether a key attribute is a field of its own name.
fn is_field(key: &KeyAttribute) -> bool {
    key.is_stored()
}
