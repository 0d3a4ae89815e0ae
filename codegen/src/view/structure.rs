//! The view of a struct, whatever it is emitted for.

use super::{constraints, docs, json, layout, rust};
use crate::model::{Default, Extras, Field, FieldRole, Model, ModelSet, Named, Type};
use dyntastic_templates::{FieldView, StructView};
use heck::ToUpperCamelCase;

/// What the roles of fields are among the attributes of a struct, and in docs.
pub(super) struct Role {
    /// The type, such as `RangeKey<Event>`.
    pub(super) ty: String,
    pub(super) text: &'static str,
    /// Whether it has to be stored as it is written.
    pub(super) is_checked: bool,
}

const HASH_KEY: &str = "the table's hash key";
const RANGE_KEY: &str = "the table's range key";

/// What a field is in its model's table.
pub(super) fn role(model: &Model, field: &Field) -> Option<Role> {
    let shared = model.sharing.is_some();
    if model.hash_key.has(&field.name) {
        let text = if shared { "part of the table's hash key" } else { HASH_KEY };
        return Some(Role { ty: "HashKey".to_owned(), text, is_checked: model.is_checked_key(field) });
    }
    let range_fields = model.range_fields();
    if let Some(position) = range_fields.iter().position(|of| of.name == field.name) {
        let text = if shared { "part of the table's range key" } else { RANGE_KEY };
        let ty = range_role(&model.name, position, position + 1 == range_fields.len());
        return Some(Role { ty, text, is_checked: model.is_checked_key(field) });
    }
    let is_version = field.role == Some(FieldRole::Version);
    is_version.then(|| Role { ty: "Version".to_owned(), text: "the count of the item's writes", is_checked: false })
}

/// The role of a field of a range key, by its place among the others.
pub(super) fn range_role(source: &str, position: usize, is_last: bool) -> String {
    let leading = if is_last { "" } else { "Leading" };
    match position {
        0 => format!("{leading}RangeKey<{source}>"),
        position => format!("{leading}RangeKey<{source}, {position}>"),
    }
}

/// What a schema says of a struct beside its fields.
#[derive(Default)]
pub(super) struct Rules<'m> {
    /// The path of a function that checks the whole struct.
    pub(super) validate: Option<&'m String>,
    pub(super) on_read: bool,
    pub(super) keeps_unknown: bool,
    pub(super) extras: Option<&'m Extras>,
    /// The model whose keys the fields may be.
    pub(super) model: Option<&'m Model>,
}

/// A struct with a builder.
pub(super) fn built(set: &ModelSet, name: &str, doc: &[String], fields: &[Field], rules: &Rules<'_>) -> StructView {
    let role = |field: &Field| rules.model.and_then(|model| role(model, field));
    let mut view = plain(set, name, (name, doc), fields, role);
    for (view, field) in view.fields.iter_mut().zip(fields) {
        let key = rules.model.map_or("", |model| constraints::key_call(model, field));
        view.check = format!("{key}{}", constraints::calls(set, field));
        view.is_key = role(field).is_some();
    }
    if rules.keeps_unknown {
        view.unknown = rust::free_name("unknown", |name| fields.iter().any(|field| field.name == name));
        view.unknown_attributes = json::skipped(set);
        view.made = rules.model.map(layout::made).unwrap_or_default();
        // The SDK's values have no equality of all.
        view.derives.retain(|path| !matches!(path.as_str(), "Eq" | "Hash"));
    }
    view.checks = rules.model.map(constraints::key_lengths).unwrap_or_default();
    view.checks.extend(constraints::of_struct(fields, rules.validate));
    view.validate_on_read = rules.on_read;
    view.stored_key = rules.model.and_then(layout::stored_key);
    view.has_builder = true;
    place_required(&mut view.fields);
    view.state = rust::free_generic("S", view.fields.iter().map(|field| field.ty.as_str()));
    if !view.fields.iter().any(|field| field.is_required) {
        match view.fields.iter().any(|field| field.has_default_function) {
            false => view.derives.push("Default".to_owned()),
            true => view.has_default = true,
        }
    }
    if let Some(extras) = rules.extras {
        let implemented = [(view.has_default, "Default"), (view.hides, "Debug")];
        let implemented = implemented.into_iter().filter(|(is, _)| *is).map(|(_, name)| name);
        extend(&mut view.derives, implemented, &mut view.attributes, extras);
    }
    view
}

/// Gives each required field its type and its place in the builder's state: tuples of up to eight.
fn place_required(fields: &mut [FieldView]) {
    let mut required: Vec<&mut FieldView> = fields.iter_mut().filter(|field| field.is_required).collect();
    let mut tuples = 1;
    while tuples * TUPLE < required.len() {
        tuples *= TUPLE;
    }
    let mut taken = vec!["None".to_owned(), "Self".to_owned()];
    for (number, field) in required.iter_mut().enumerate() {
        let wanted = field.name.to_upper_camel_case();
        field.marker = wanted.clone();
        let mut other = 2;
        while taken.contains(&field.marker) {
            field.marker = format!("{wanted}{other}");
            other += 1;
        }
        taken.push(field.marker.clone());
        let mut size = tuples;
        while size > 0 {
            field.place.push(number / size % TUPLE);
            size /= TUPLE;
        }
    }
}

/// How many elements a tuple of a builder's state has at most (`dyntastic::builder`).
const TUPLE: usize = 8;

/// A struct without a builder, which is a part of `owner` or that itself.
pub(super) fn plain(
    set: &ModelSet,
    owner: &str,
    (name, doc): (&str, &[String]),
    fields: &[Field],
    role: impl Fn(&Field) -> Option<Role>,
) -> StructView {
    StructView {
        name: name.to_owned(),
        name_literal: rust::literal(name),
        link: docs::link(name),
        article: if name.starts_with(['A', 'E', 'I', 'O']) { "an" } else { "a" },
        doc: docs::lines(doc),
        derives: derives(set, fields),
        attributes: json::struct_attributes(set, owner, fields),
        hides: fields.iter().any(|field| field.sensitive),
        has_default: false,
        fields: fields
            .iter()
            .map(|field| FieldView { attributes: attributes(set, owner, field), ..field_view(field, role(field)) })
            .collect(),
        is_complex: fields.iter().any(|field| rust::is_complex(&field.ty)),
        has_builder: false,
        state: String::new(),
        checks: Vec::new(),
        unknown: String::new(),
        made: Vec::new(),
        unknown_attributes: Vec::new(),
        stored_key: None,
        validate_on_read: false,
    }
}

/// Adds what the user wants beside what is there already: traits that are derived, or implemented otherwise.
pub(super) fn extend<'i>(
    derives: &mut Vec<String>,
    implemented: impl IntoIterator<Item = &'i str>,
    attributes: &mut Vec<String>,
    extras: &Extras,
) {
    let implemented: Vec<&str> = implemented.into_iter().collect();
    for path in &extras.derive {
        let name = path.rsplit("::").next().unwrap_or(path);
        if !implemented.contains(&name) && !derives.iter().any(|derived| derived.rsplit("::").next() == Some(name)) {
            derives.push(path.clone());
        }
    }
    attributes.extend(extras.attributes.iter().cloned());
}

/// The attributes of a field: the user's, and those for JSON.
fn attributes(set: &ModelSet, owner: &str, field: &Field) -> Vec<String> {
    let mut attributes = json::field_attributes(set, owner, field);
    attributes.extend(field.extras.attributes.iter().cloned());
    attributes
}

/// The traits that a struct with these fields derives.
fn derives(set: &ModelSet, fields: &[Field]) -> Vec<String> {
    let hides = fields.iter().any(|field| field.sensitive);
    let debug = (!hides).then_some("Debug");
    let eq = set.is_eq(fields).then_some(["Eq", "Hash"]);
    let own = debug.into_iter().chain(["Clone", "PartialEq"]).chain(eq.into_iter().flatten());
    own.chain(json::derives(set)).map(str::to_owned).collect()
}

pub(super) fn field_view(field: &Field, role: Option<Role>) -> FieldView {
    let ident = rust::identifier(&field.name);
    let ty = rust::ty(&field.ty);
    let optional = field.default == Default::Absent;
    let is_checked = role.as_ref().is_some_and(|role| role.is_checked);
    FieldView {
        setter: if ident == "build" { "build_".to_owned() } else { ident.clone() },
        name: field.name.clone(),
        doc: docs::lines(&docs::field(field, role.as_ref().map(|role| role.text))),
        value: rust::value_type(field),
        role: match (role, &field.default) {
            (Some(role), _) => role.ty,
            (None, Default::Required) => "Plain".to_owned(),
            (None, Default::Absent) => "Optional".to_owned(),
            (None, _) => "Defaulted".to_owned(),
        },
        held: if optional { ty.clone() } else { rust::optional(&ty) },
        attribute: rust::literal(&field.attribute),
        read: read(field, &ident, is_checked),
        written: written(field),
        is_required: field.default == Default::Required,
        marker: String::new(),
        place: Vec::new(),
        optional,
        default: rust::default_value(&field.default),
        setter_doc: Vec::new(),
        attributes: Vec::new(),
        debug_name: rust::literal(&field.name),
        sensitive: field.sensitive,
        has_default_function: rust::has_default_function(&field.default),
        is_near_constant: rust::is_near_constant(&field.default),
        check: String::new(),
        is_boxed: matches!(field.ty.present(), Type::Named(Named { boxed: true, .. })),
        is_key: false,
        transformed: constraints::transformed(field),
        ident,
        ty,
    }
}

/// How a field is read once the reader is at it; of a key that is checked, its text has to be what is written.
fn read(field: &Field, ident: &str, is_checked: bool) -> String {
    let hidden = if is_checked && field.sensitive { ".map_err(::dyntastic::ReadError::hidden)" } else { "" };
    match (rust::wrapper(field), is_checked) {
        (None, false) => format!("read(&mut self.{ident})"),
        (None, true) => format!("read_key(&mut self.{ident}){hidden}"),
        (Some(wrapper), is_checked) => {
            let value = if is_checked { "key_value" } else { "value" };
            format!("{value}::<{wrapper}<_>>(){hidden}.map(|of| self.{ident} = of.map(|of| of.0))")
        }
    }
}

/// The expression of the value that is written.
pub(super) fn written(field: &Field) -> String {
    written_of("self", field)
}

/// The same of a struct by its name.
pub(super) fn written_of(owner: &str, field: &Field) -> String {
    let ident = rust::identifier(&field.name);
    match (rust::wrapper(field), &field.ty) {
        (None, _) => format!("&{owner}.{ident}"),
        (Some(wrapper), Type::Optional(_)) => format!("&{owner}.{ident}.map({wrapper})"),
        (Some(wrapper), _) => format!("&{wrapper}({owner}.{ident})"),
    }
}
