//! The view of one model.

use super::index::{hash_parameters, index_view, key_attribute, secondary_index, units};
use super::inputs::create_view;
use super::query::query_view;
use super::structure::{self, Rules, role, written_transformed};
use super::vector_index::{vector_definition, vector_index_view};
use super::{contexts, defaults, docs, field_types, named_types, patches, rust, transforms, upgrades};
use crate::model::{
    Default, Factory, Field, FieldRole, Int, KeyKind, Literal, Maximum, Model, ModelSet, Named, NamedKind,
    ProjectionStruct, Replica, Scalar, Setting, StreamView, Table, TableClass, Type,
};
use dyntastic_templates::{
    CounterView, DefaultView, KeyFieldView, LifetimeView, Made, MaximumView, ModelView, ProjectionView, ReplicaView,
    RoleFieldView, RolesView, SequenceView, SettingView, StampView, StructView, TableView, VersionView,
};
use heck::ToUpperCamelCase;
use std::collections::BTreeSet;

/// The view of a model.
pub(crate) fn model_view(set: &ModelSet, model: &Model) -> ModelView {
    let table = docs::table(&model.table.name);
    let rules = Rules {
        validate: model.validate.as_ref(),
        on_read: model.validate_on_read,
        keeps_unknown: model.keeps_unknown,
        extras: Some(&model.extras),
        model: Some(model),
        is_copy: false,
    };
    let of = structure::built(set, &model.name, &docs::model(model, &table), &model.fields, &rules);
    ModelView {
        key_fields: table_keys(set, model),
        client: contexts::client(model.context.as_ref()),
        hash_parameters: hash_parameters(model.context.as_ref(), &model.hash_fields()),
        has_range_key: model.range_key.is_some(),
        table: table_view(
            &model.described,
            (&model.hash_key.attribute, model.hash_key.kind),
            model.range_key.as_ref().map(|key| (key.attribute.as_str(), key.kind)),
        ),
        has_discriminator: model.has_discriminator(),
        roles: roles_view(model),
        required: required(model),
        defaults: defaults_of(set, model),
        is_unique: model.is_unique(),
        expires: model.table.ttl.is_some(),
        queries: model.queries.iter().map(|query| query_view(model.context.as_ref(), query)).collect(),
        projections: model.projections.iter().map(|projection| projection_view(set, model, projection)).collect(),
        indexes: model.indexes.iter().map(|index| index_view(set, model, index)).collect(),
        vector_indexes: model.vector_indexes.iter().map(|index| vector_index_view(set, model, index)).collect(),
        create: model.inputs.create.as_ref().map(|input| create_view(set, model, input, &of)),
        patch: model.inputs.patch.as_ref().map(|input| patches::of_model(set, model, input)),
        of,
    }
}

/// The view of a projection.
fn projection_view(set: &ModelSet, model: &Model, projection: &ProjectionStruct) -> ProjectionView {
    let doc = docs::projection(model, projection);
    let of = structure::plain(set, &model.name, (&projection.type_name, &doc), &projection.fields, |field| {
        role(model, field)
    });
    let of = contexts::within(model, of, &projection.fields);
    ProjectionView { of: StructView { versioned: upgrades::versioned(model, true), ..of }, model: model.name.clone() }
}

/// The fields of the key of a model's table.
pub(super) fn table_keys(set: &ModelSet, model: &Model) -> Vec<KeyFieldView> {
    let fields = model.key_fields();
    let mut taken: BTreeSet<String> = named_types(fields.iter().copied()).into_iter().map(str::to_owned).collect();
    taken.extend(KEY_NAMES.map(str::to_owned));
    taken.extend([model.name.clone(), format!("{}Key", model.name)]);
    let mut views = Vec::with_capacity(fields.len());
    for field in fields {
        let mut parameter = field.name.to_upper_camel_case();
        while !taken.insert(parameter.clone()) {
            parameter.push_str("Value");
        }
        views.push(key_field(set, model, field, parameter));
    }
    views
}

/// Names that the type parameters of a key's fields do not have, or the code around them would need paths. The
/// parameters have the names of the fields, so that the compiler's error about a value that is no key names the fields.
const KEY_NAMES: [&str; 8] = ["Attribute", "Client", "Item", "ItemWriter", "Key", "Model", "Self", "Table"];

fn key_field(set: &ModelSet, model: &Model, field: &Field, parameter: String) -> KeyFieldView {
    KeyFieldView {
        ident: rust::identifier(&field.name),
        parameter,
        doc: docs::lines(&docs::field(field, role(model, field).map(|role| role.text))),
        ty: field_types::ty(&field.ty),
        written: written_transformed(set, &model.name, "self", field),
        form: field_types::form(field),
        attribute: rust::literal(&field.attribute),
        debug_name: rust::literal(&field.name),
        sensitive: field.sensitive,
        is_copy: field.ty.is_copy(),
        is_own: matches!(field.ty, Type::Named(Named { kind: NamedKind::Rust { .. }, .. })),
        is_of_context: model.is_of_context(field),
    }
}

/// The attributes of the fields without a default that are not keys, as literals.
fn required(model: &Model) -> Vec<String> {
    let is_required = |field: &&Field| field.default == Default::Required || field.key_only;
    let required = values(model).filter(is_required);
    required.map(|field| rust::literal(&field.attribute)).collect()
}

/// The defaults of the other fields. Fields with a role are left out, since writes set them.
fn defaults_of(set: &ModelSet, model: &Model) -> Vec<DefaultView> {
    values(model).filter(|field| !field.key_only).filter_map(|field| default(set, model, field)).collect()
}

/// The fields that are not keys and have no role.
fn values(model: &Model) -> impl Iterator<Item = &Field> {
    let is_kept = |field: &&Field| {
        field.lifetime.is_some() || matches!(field.role, Some(FieldRole::Version | FieldRole::UpdatedAt))
    };
    let keys: Vec<&str> = model.key_fields().into_iter().map(|field| field.name.as_str()).collect();
    model.fields.iter().filter(move |field| !is_kept(field) && !keys.contains(&field.name.as_str()))
}

fn default(set: &ModelSet, model: &Model, field: &Field) -> Option<DefaultView> {
    let made = match field.default {
        Default::Absent | Default::Required => return None,
        Default::Factory(_) => Made::Factory,
        Default::Empty | Default::Literal(_) if defaults::has_default_function(&field.default) => Made::Literal,
        Default::Empty | Default::Literal(_) => Made::OfType,
    };
    // What a schema writes out is as transforms leave it.
    let transform = (made == Made::Factory).then(|| transforms::of_field(set, &model.name, field)).flatten();
    Some(DefaultView {
        name: field.name.clone(),
        attribute: rust::literal(&field.attribute),
        ty: field_types::value_type(field),
        made,
        form: field_types::form(field),
        transform,
    })
}

/// The view of the fields with a role.
fn roles_view(model: &Model) -> Option<RolesView> {
    let version = model.role(FieldRole::Version);
    let created_at = model.role(FieldRole::CreatedAt);
    let updated_at = model.role(FieldRole::UpdatedAt);
    let is_new = required(model).is_empty();
    let counter = |field| counter(field, is_new);
    let counters: Vec<CounterView> = model.fields.iter().filter_map(counter).collect();
    let deleted_at = model.role(FieldRole::DeletedAt);
    let stamps = [("version", version), ("created_at", created_at), ("updated_at", updated_at)];
    let methods = stamps.into_iter().chain([("deleted_at", deleted_at)]);
    let field = |(method, field): (_, Option<&Field>)| {
        let field = field?;
        Some(RoleFieldView { method, ty: field_types::value_type(field), attribute: rust::literal(&field.attribute) })
    };
    let fields: Vec<RoleFieldView> = methods.filter_map(field).collect();
    let version = version.map(|field| VersionView {
        ident: rust::identifier(&field.name),
        is_u64: field.ty == Type::Scalar(Scalar::Int(Int::U64)),
    });
    let stamp = |field: &Field| match field.ty.present() {
        Type::Scalar(Scalar::Time(_, types)) => Some(StampView {
            ident: rust::identifier(&field.name),
            optional: matches!(field.ty, Type::Optional(_)),
            now: defaults::made(Factory::Now(*types)),
        }),
        _ => None,
    };
    let (created_at, updated_at) = (created_at.and_then(stamp), updated_at.and_then(stamp));
    let deleted_at = deleted_at.map(|field| rust::identifier(&field.name));
    let lifetime = model.fields.iter().find_map(lifetime);
    let is_kept = !fields.is_empty() || !counters.is_empty() || lifetime.is_some();
    is_kept.then_some(RolesView { fields, version, created_at, updated_at, deleted_at, lifetime, counters })
}

/// The time to live that each write sets.
fn lifetime(field: &Field) -> Option<LifetimeView> {
    let (seconds, Type::Scalar(Scalar::Time(_, types))) = (field.lifetime?, field.ty.present()) else { return None };
    Some(LifetimeView {
        ident: rust::identifier(&field.name),
        attribute: rust::literal(&field.attribute),
        seconds: rust::grouped(seconds),
        optional: matches!(field.ty, Type::Optional(_)),
        value: defaults::made(Factory::Expiry(*types, seconds)),
    })
}

/// A counter or a sequence; `is_new` says whether it can create its item.
fn counter(field: &Field, is_new: bool) -> Option<CounterView> {
    field.role.filter(|role| role.counts())?;
    let Default::Literal(Literal::Int(start) | Literal::Decimal(start, _)) = &field.default else { return None };
    Some(CounterView {
        name: field.name.clone(),
        ident: rust::identifier(&field.name),
        ty: field_types::value_type(field),
        attribute: rust::literal(&field.attribute),
        start: rust::literal(start),
        sequence: field.block.map(|block| SequenceView { block, is_new }),
    })
}

/// The view of a table's constant.
pub(super) fn table_view(table: &Table, hash_key: (&str, KeyKind), range_key: Option<(&str, KeyKind)>) -> TableView {
    TableView {
        name: setting(&table.name),
        hash_key: key_attribute(hash_key.0, hash_key.1),
        range_key: range_key.map(|(attribute, kind)| key_attribute(attribute, kind)),
        region: table.region.as_ref().map(setting),
        host: table.host.as_ref().map(setting),
        auto_create: table.auto_create,
        throughput: table.throughput.map(units),
        is_infrequent: table.class() == TableClass::StandardInfrequentAccess,
        deletion_protection: table.deletion_protection,
        point_in_time_recovery: table.point_in_time_recovery,
        contributor_insights: table.contributor_insights,
        kms_key: table.kms_key.as_ref().map(|key| rust::literal(key)),
        on_demand_maximum: match table.on_demand_maximum {
            Maximum { read: None, write: None } => None,
            Maximum { read, write } => Some(MaximumView { read, write }),
        },
        warm_throughput: table.warm_throughput.map(units),
        resource_policy: table.resource_policy.as_ref().map(|policy| rust::json_literal(&policy.json())),
        replicas: table.replicas.as_ref().map(|replicas| replicas.iter().map(replica).collect()),
        stream: table.stream.map(stream),
        ttl: table.ttl.as_ref().map(|attribute| rust::literal(attribute)),
        tags: table.tags.iter().map(|(key, value)| (rust::literal(key), rust::literal(value))).collect(),
        indexes: table.indexes.iter().map(secondary_index).collect(),
        vector_indexes: table.vector_indexes.iter().map(vector_definition).collect(),
    }
}

fn replica(of: &Replica) -> ReplicaView {
    ReplicaView {
        region: rust::literal(&of.region),
        kms_key: of.kms_key.as_ref().map(|key| rust::literal(key)),
        is_infrequent: of.table_class.map(|class| class == TableClass::StandardInfrequentAccess),
    }
}

fn stream(of: StreamView) -> dyntastic_templates::StreamView {
    use dyntastic_templates::StreamView as View;
    match of {
        StreamView::KeysOnly => View::Keys,
        StreamView::NewImage => View::New,
        StreamView::OldImage => View::Old,
        StreamView::NewAndOldImages => View::NewAndOld,
    }
}

fn setting(of: &Setting) -> SettingView {
    match of {
        Setting::Value(value) => SettingView::Value(rust::literal(value)),
        Setting::Env { variable, default: None } => SettingView::Env(rust::literal(variable)),
        Setting::Env { variable, default: Some(default) } => {
            SettingView::EnvOr(rust::literal(variable), rust::literal(default))
        }
    }
}
