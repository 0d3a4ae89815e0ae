//! The view of one model.

use super::index::{hash_parameters, index_view, key_attribute, secondary_index};
use super::query::query_view;
use super::structure::{self, Role, Rules, role, written};
use super::{docs, layout, rust};
use crate::model::{
    Default, Factory, Field, FieldRole, Int, KeyKind, Model, ModelSet, Named, NamedKind, ProjectionStruct, Scalar,
    Setting, StreamView, Table, TableClass, Type,
};
use dyntastic_templates::{KeyFieldView, ModelView, ProjectionView, RolesView, TableView};

/// What the template of a model places.
pub(crate) fn model_view(set: &ModelSet, model: &Model) -> ModelView {
    let table = docs::table(&model.table.name);
    let rules = Rules {
        validate: model.validate.as_ref(),
        on_read: model.validate_on_read,
        keeps_unknown: model.keeps_unknown,
        extras: Some(&model.extras),
        model: Some(model),
    };
    ModelView {
        of: structure::built(set, &model.name, &docs::model(model, &table), &model.fields, &rules),
        key_fields: table_keys(model),
        hash_parameters: hash_parameters(&model.hash_fields()),
        has_range_key: model.range_key.is_some(),
        table: table_view(
            &model.table,
            (&model.hash_key.attribute, model.hash_key.kind),
            model.range_key.as_ref().map(|key| (key.attribute.as_str(), key.kind)),
        ),
        layout: layout::layout(model),
        has_discriminator: model.has_discriminator(),
        roles: roles_view(model),
        required: required(model),
        defaults: defaults(model),
        is_unique: model.unique().next().is_some(),
        expires: model.table.ttl.is_some(),
        queries: model.queries.iter().map(query_view).collect(),
        projections: model.projections.iter().map(|projection| projection_view(set, model, projection)).collect(),
        indexes: model.indexes.iter().map(|index| index_view(set, model, index)).collect(),
    }
}

/// What the template of a projection places.
fn projection_view(set: &ModelSet, model: &Model, projection: &ProjectionStruct) -> ProjectionView {
    let doc = docs::projection(model, projection);
    let of = structure::plain(set, &model.name, (&projection.type_name, &doc), &projection.fields, |field| {
        role(model, field)
    });
    ProjectionView { of, model: model.name.clone() }
}

/// The fields of the key of a model's table.
pub(super) fn table_keys(model: &Model) -> Vec<KeyFieldView> {
    let fields: Vec<&Field> = model.hash_fields().into_iter().chain(model.range_fields()).collect();
    let types: Vec<String> = fields.iter().map(|field| rust::ty(&field.ty)).collect();
    let parameter = |number: usize| {
        let wanted = if fields.len() == 1 { "T".to_owned() } else { format!("T{}", number + 1) };
        rust::free_generic(&wanted, types.iter().map(String::as_str))
    };
    let views = fields.iter().enumerate();
    views.map(|(number, field)| key_field(field, parameter(number), role(model, field))).collect()
}

fn key_field(field: &Field, parameter: String, role: Option<Role>) -> KeyFieldView {
    KeyFieldView {
        ident: rust::identifier(&field.name),
        parameter,
        doc: docs::lines(&docs::field(field, role.map(|role| role.text))),
        ty: rust::ty(&field.ty),
        written: written(field),
        read: match rust::wrapper(field) {
            None => format!("key({})?", rust::literal(&field.attribute)),
            Some(wrapper) => format!("key::<{wrapper}<_>>({})?.0", rust::literal(&field.attribute)),
        },
        attribute: rust::literal(&field.attribute),
        debug_name: rust::literal(&field.name),
        sensitive: field.sensitive,
        is_copy: rust::is_copy(&field.ty),
        is_own: matches!(field.ty, Type::Named(Named { kind: NamedKind::Rust { .. }, .. })),
    }
}

/// The attributes of the fields that have no default and are no keys, as literals.
fn required(model: &Model) -> Vec<String> {
    let required = values(model).filter(|field| field.default == Default::Required);
    required.map(|field| rust::literal(&field.attribute)).collect()
}

/// The defaults of the other fields, as calls; writes set those that they keep by themselves.
fn defaults(model: &Model) -> Vec<String> {
    values(model).filter_map(|field| default(model, field)).collect()
}

/// The fields that are no keys, and that writes do not keep.
fn values(model: &Model) -> impl Iterator<Item = &Field> {
    let is_kept = |field: &&Field| matches!(field.role, Some(FieldRole::Version | FieldRole::UpdatedAt));
    let keys = model.hash_fields().into_iter().chain(model.range_fields());
    let keys: Vec<&str> = keys.map(|field| field.name.as_str()).collect();
    model.fields.iter().filter(move |field| !is_kept(field) && !keys.contains(&field.name.as_str()))
}

fn default(model: &Model, field: &Field) -> Option<String> {
    let attribute = format!("Self::A.{}", rust::identifier(&field.name));
    let call = match field.default {
        Default::Absent | Default::Required => return None,
        Default::Factory(_) => "factory",
        Default::Empty | Default::Literal(_) if rust::has_default_function(&field.default) => "literal",
        Default::Empty | Default::Literal(_) => return Some(format!("of_type({attribute})")),
    };
    let value = format!("{}Values::default_{}()", model.name, field.name);
    let value = rust::wrapper(field).map_or(value.clone(), |wrapper| format!("{wrapper}({value})"));
    Some(format!("{call}({attribute}, {value})"))
}

/// What writes keep, and how.
fn roles_view(model: &Model) -> Option<RolesView> {
    let version = model.role(FieldRole::Version);
    let created_at = model.role(FieldRole::CreatedAt);
    let updated_at = model.role(FieldRole::UpdatedAt);
    if [version, created_at, updated_at].iter().all(Option::is_none) {
        return None;
    }
    let mut code = "::dyntastic::Roles::NONE".to_owned();
    for (name, field) in [("version", version), ("created_at", created_at), ("updated_at", updated_at)] {
        let ty = field.map(|field| (rust::value_type(field), rust::literal(&field.attribute)));
        code.extend(ty.map(|(ty, attribute)| format!(".{name}::<{ty}>({attribute})")));
    }
    let mut stamps = Vec::new();
    stamps.extend(version.map(|field| {
        let ident = rust::identifier(&field.name);
        format!("item.{ident} = item.{ident}.saturating_add(1);")
    }));
    let now = |field: &Field| {
        let now = match field.ty.present() {
            Type::Scalar(Scalar::Time(_, types)) => rust::default_value(&Default::Factory(Factory::Now(*types))),
            _ => String::new(),
        };
        if matches!(field.ty, Type::Optional(_)) { format!("Some({now})") } else { now }
    };
    stamps.extend(created_at.map(|field| {
        let ident = rust::identifier(&field.name);
        let condition = match field.ty {
            Type::Optional(_) => format!("is_new || item.{ident}.is_none()"),
            _ => "is_new".to_owned(),
        };
        format!("if {condition} {{ item.{ident} = {}; }}", now(field))
    }));
    stamps.extend(updated_at.map(|field| format!("item.{} = {};", rust::identifier(&field.name), now(field))));
    Some(RolesView {
        code,
        version: version.map(|field| {
            let ident = rust::identifier(&field.name);
            match field.ty {
                Type::Scalar(Scalar::Int(Int::U64)) => format!("self.{ident}"),
                _ => format!("self.{ident}.into()"),
            }
        }),
        tells_new: created_at.is_some(),
        stamps,
    })
}

/// A table: what names it, and its constant.
pub(super) fn table_view(table: &Table, hash_key: (&str, KeyKind), range_key: Option<(&str, KeyKind)>) -> TableView {
    let attribute = |(name, kind): (&str, KeyKind)| key_attribute(&(name.to_owned(), kind));
    let mut settings: Vec<String> =
        range_key.map(|key| format!(".range_key({})", attribute(key))).into_iter().collect();
    settings.extend(table_settings(table));
    let stream = table.stream.map(|view| match view {
        StreamView::KeysOnly => "StreamedKeysOnly",
        StreamView::NewImage => "StreamedNew",
        StreamView::OldImage => "StreamedOld",
        StreamView::NewAndOldImages => "StreamedNewAndOld",
    });
    let new = match &table.name {
        Setting::Value(name) => ("named", rust::literal(name)),
        name @ Setting::Env { .. } => ("new", setting(name)),
    };
    TableView { new: new.0, name: new.1, hash_key: attribute(hash_key), stream, settings }
}

fn table_settings(table: &Table) -> Vec<String> {
    let mut settings = Vec::new();
    settings.extend(table.region.as_ref().map(|region| format!(".region({})", setting(region))));
    settings.extend(table.host.as_ref().map(|host| format!(".host({})", setting(host))));
    if !table.auto_create {
        settings.push(".auto_create(false)".to_owned());
    }
    settings.extend(table.throughput.map(|units| format!(".provisioned({}, {})", units.read, units.write)));
    if table.table_class == TableClass::StandardInfrequentAccess {
        settings.push(".table_class(::dyntastic::TableClass::StandardInfrequentAccess)".to_owned());
    }
    if table.deletion_protection {
        settings.push(".deletion_protection(true)".to_owned());
    }
    settings.extend(table.stream.map(|view| format!(".stream(::dyntastic::StreamView::{})", stream_view(view))));
    settings.extend(table.ttl.as_ref().map(|attribute| format!(".ttl({})", rust::literal(attribute))));
    if !table.tags.is_empty() {
        let tag = |(key, value): &(String, String)| format!("({}, {})", rust::literal(key), rust::literal(value));
        settings.push(format!(".tags(&[{}])", table.tags.iter().map(tag).collect::<Vec<_>>().join(", ")));
    }
    if !table.indexes.is_empty() {
        let indexes: Vec<String> = table.indexes.iter().map(secondary_index).collect();
        settings.push(format!(".indexes(&[{}])", indexes.join(", ")));
    }
    settings
}

fn stream_view(view: StreamView) -> &'static str {
    match view {
        StreamView::KeysOnly => "KeysOnly",
        StreamView::NewImage => "NewImage",
        StreamView::OldImage => "OldImage",
        StreamView::NewAndOldImages => "NewAndOldImages",
    }
}

fn setting(of: &Setting) -> String {
    match of {
        Setting::Value(value) => format!("::dyntastic::Setting::value({})", rust::literal(value)),
        Setting::Env { variable, default: None } => format!("::dyntastic::Setting::env({})", rust::literal(variable)),
        Setting::Env { variable, default: Some(default) } => {
            format!("::dyntastic::Setting::env_or({}, {})", rust::literal(variable), rust::literal(default))
        }
    }
}
