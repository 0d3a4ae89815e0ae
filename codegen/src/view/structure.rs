//! The view of a struct: of a model, type, variant, index or projection.

use super::{
    computed, constraints, contexts, defaults, docs, field_types, json, layout, near_constants, rust, transforms,
    upgrades,
};
use crate::model::{
    Constraint, Default, DeriveMacro, Extras, Field, FieldRole, KeyAttribute, Model, ModelSet, Named, NamedKind,
    StdTrait, StoredForm, Type,
};
use dyntastic_templates::{
    AliasView, ChecksView, DerivesView, FakeView, FieldJsonView, FieldView, PatternView, RoleView, SealView,
    StructView, TransformView, WrittenView,
};
use heck::ToUpperCamelCase;

/// The attribute kind of a field, with its text for docs.
pub(super) struct Role {
    pub(super) role: RoleView,
    pub(super) text: &'static str,
    /// Whether the stored text must be the text that a write makes.
    pub(super) is_checked: bool,
}

const HASH_KEY: &str = "the table's hash key";
const RANGE_KEY: &str = "the table's range key";

/// The attribute kind of a field in its model's table.
pub(super) fn role(model: &Model, field: &Field) -> Option<Role> {
    let shared = model.sharing.is_some();
    if model.hash_key.determines(&field.name) {
        let text = match (shared, field.key_only) {
            (false, _) => HASH_KEY,
            (true, false) => "part of the table's hash key",
            (true, true) => "part of the table's hash key, and stored only there",
        };
        return Some(Role {
            role: RoleView::HashKey { key_only: field.key_only },
            text,
            is_checked: model.is_checked_key(field),
        });
    }
    let range_fields = model.range_fields();
    if let Some(position) = range_fields.iter().position(|of| of.name == field.name) {
        let text = match (shared, field.key_only) {
            (false, _) => RANGE_KEY,
            (true, false) => "part of the table's range key",
            (true, true) => "part of the table's range key, and stored only there",
        };
        let role = range_role(&model.name, (position, range_fields.len()), model.range_key.as_slice(), field);
        return Some(Role { role, text, is_checked: model.is_checked_key(field) });
    }
    if field.key_only {
        let text = "part of a key of an index, and stored only there";
        return Some(Role { role: RoleView::HashKey { key_only: true }, text, is_checked: false });
    }
    let (role, text) = match field.role? {
        FieldRole::Version => (RoleView::Version, "the count of the item's writes"),
        FieldRole::Counter => (RoleView::Counter, "a counter"),
        FieldRole::DeletedAt => (RoleView::DeletedAt, "the time when the item was deleted"),
        FieldRole::Sequence => (RoleView::LastNumber, "the last number of a sequence"),
        _ => return None,
    };
    Some(Role { role, text, is_checked: false })
}

/// The attribute kind of a field in a range key, by its position and the key's number of fields.
pub(super) fn range_role(
    source: &str,
    (position, count): (usize, usize),
    range_key: &[KeyAttribute],
    field: &Field,
) -> RoleView {
    RoleView::RangeKey {
        source: source.to_owned(),
        position,
        is_ordered: !range_key.iter().any(|key| key.is_unordered_at(&field.name)),
        is_in_other_form: range_key.iter().any(|key| key.is_in_other_form(&field.name)),
        is_last: position + 1 == count,
        key_only: field.key_only,
    }
}

/// The attribute kind of a range key that is compared as a whole.
pub(super) fn raw_range_role(source: &str) -> RoleView {
    RoleView::RangeKey {
        source: source.to_owned(),
        position: 0,
        is_ordered: true,
        is_in_other_form: false,
        is_last: true,
        key_only: false,
    }
}

/// The settings of a struct besides its fields.
#[derive(Default)]
pub(super) struct Rules<'m> {
    /// The path of a function that checks the whole struct.
    pub(super) validate: Option<&'m String>,
    pub(super) on_read: bool,
    pub(super) keeps_unknown: bool,
    pub(super) extras: Option<&'m Extras>,
    /// Whether the struct is `Copy`.
    pub(super) is_copy: bool,
    /// The model, if the fields may be its keys.
    pub(super) model: Option<&'m Model>,
}

/// A struct with a builder.
pub(super) fn built(set: &ModelSet, name: &str, doc: &[String], fields: &[Field], rules: &Rules<'_>) -> StructView {
    let role = |field: &Field| rules.model.and_then(|model| role(model, field));
    let mut view = plain(set, name, (name, doc), fields, role);
    for (view, field) in view.fields.iter_mut().zip(fields) {
        view.check = constraints::calls(set, field);
        view.functions = constraints::functions(field);
        view.check.0.splice(0..0, rules.model.map(|model| constraints::key_calls(model, field)).unwrap_or_default());
        // An increment checks the bounds of a counter.
        view.is_key = role(field).is_some_and(|of| !matches!(of.role, RoleView::Counter | RoleView::LastNumber));
    }
    if set.fakes {
        view.is_faked = true;
        for (view, field) in view.fields.iter_mut().zip(fields) {
            view.fake = fake(rules.model, field);
        }
    }
    if rules.keeps_unknown {
        view.unknown = rust::free_name("unknown", |name| fields.iter().any(|field| field.name == name));
        view.made = rules.model.map(layout::made).unwrap_or_default();
        // The SDK's values do not implement `Eq`.
        view.derives.traits.retain(|name| !matches!(*name, "Eq" | "Hash"));
    }
    view.key_lengths = rules.model.map(constraints::key_lengths).unwrap_or_default();
    view.time_orders = constraints::time_orders(fields);
    view.validate = rules.validate.cloned();
    view.validate_on_read = rules.on_read;
    view.before_write = rules.model.and_then(|model| model.hooks.before_write.clone());
    view.after_read = rules.model.and_then(|model| model.hooks.after_read.clone());
    view.json_names = json::names(set, fields);
    if let Some(model) = rules.model {
        view = contexts::within(model, view, fields);
    }
    view.is_transformed = view.fields.iter().any(|field| field.transform.is_some());
    view.layout = rules.model.and_then(|model| layout::layout(set, model));
    view.stored_key = rules.model.and_then(|model| layout::stored_key(set, model, None));
    view.computed = rules.model.map(|model| computed::views(set, model)).unwrap_or_default();
    view.seals = rules.model.map(seals).unwrap_or_default();
    view.upgrades = rules.model.and_then(upgrades::upgrades);
    view.versioned = rules.model.and_then(|model| upgrades::versioned(model, true));
    place_required(&mut view.fields);
    view.state = rust::free_generic("S", name, fields);
    let computed = rules.model.into_iter().flat_map(|model| &model.computed).map(|of| &of.field);
    view.aliases = fields.iter().chain(computed).filter_map(alias).collect();
    view.patterns = fields.iter().filter_map(pattern).collect();
    let asked = rules.extras.is_some_and(|extras| extras.derives(StdTrait::Default));
    if asked || !view.fields.iter().any(|field| field.is_required) {
        // A derive would not know the schema's defaults.
        match view.fields.iter().any(|field| field.has_default_function) {
            false => view.derives.traits.push("Default"),
            true => view.has_default = true,
        }
    }
    if rules.is_copy {
        view.derives.traits.push("Copy");
    }
    if let Some(extras) = rules.extras {
        let implemented = [(view.has_default, "Default"), (view.hides, "Debug")];
        let implemented: Vec<&str> = implemented.into_iter().filter(|(is, _)| *is).map(|(_, name)| name).collect();
        view.derives.others = others(&view.derives, &implemented, extras);
        view.attributes.clone_from(&extras.attributes);
    }
    view
}

/// How the values of a field are made up.
fn fake(model: Option<&Model>, field: &Field) -> Option<FakeView> {
    use FieldRole::{Counter, DeletedAt, Sequence, Version};
    if matches!(field.role, Some(Version | Counter | DeletedAt | Sequence)) {
        return None;
    }
    // The client of a context sets its fields, so that the rest of the key has to differ.
    let is_of_context = |model: &Model| {
        model.context.as_ref().is_some_and(|context| context.fields.iter().any(|of| of.name == field.name))
    };
    Some(FakeView {
        is_sometimes: match field.default {
            Default::Absent => true,
            Default::Required | Default::Factory(_) => false,
            // What a factory makes, also inside a struct, is another value each time.
            _ => !matches!(field.ty.present(), Type::Named(Named { kind: NamedKind::Struct | NamedKind::Union, .. })),
        },
        function: field.fake.clone(),
        is_unique: model.is_some_and(|model| model.is_in_unique(&field.name)),
        is_key: model.is_some_and(|model| model.is_key(field) && !is_of_context(model)) && field.fake.is_none(),
        is_future: field.role == Some(FieldRole::Ttl) && !field.constraints.contains(&Constraint::Future),
    })
}

/// Gives each required field its marker type and its place in the builder's state, nested tuples of up to eight.
fn place_required(fields: &mut [FieldView]) {
    let mut required: Vec<&mut FieldView> =
        fields.iter_mut().filter(|field| field.is_required && !field.is_of_context).collect();
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

/// The maximum number of elements of a tuple in a builder's state (`dyntastic::builder`).
pub(super) const TUPLE: usize = 8;

/// A struct without a builder: `owner` itself, or a struct with some of its fields.
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
        article: docs::article(name),
        context: None,
        doc: docs::lines(doc),
        aliases: Vec::new(),
        patterns: Vec::new(),
        derives: derives(set, fields),
        json: json::structure(set, owner, fields),
        attributes: Vec::new(),
        hides: fields.iter().any(|field| field.sensitive),
        has_default: false,
        fields: fields
            .iter()
            .map(|field| FieldView {
                json: json::field(set, owner, field),
                attributes: field.extras.attributes.clone(),
                ..field_view(set, owner, field, role(field))
            })
            .collect(),
        state: String::new(),
        key_lengths: Vec::new(),
        time_orders: Vec::new(),
        validate: None,
        unknown: String::new(),
        json_names: None,
        layout: None,
        made: Vec::new(),
        stored_key: None,
        validate_on_read: false,
        before_write: None,
        after_read: None,
        is_transformed: false,
        is_faked: false,
        computed: Vec::new(),
        seals: Vec::new(),
        upgrades: None,
        versioned: None,
    }
}

/// The alias of a field's type.
fn alias(field: &Field) -> Option<AliasView> {
    let (name, ty) = (field.alias.clone()?, field_types::ty(field.ty.present()));
    Some(AliasView { name, field: field.name.clone(), ty })
}

/// The pattern of a field's stored times.
fn pattern(field: &Field) -> Option<PatternView> {
    let StoredForm::Pattern(pattern) = &field.form else { return None };
    Some(PatternView {
        name: field.pattern_type.clone()?,
        field: field.name.clone(),
        text: rust::literal(&pattern.text),
        sorts: pattern.sorts(),
    })
}

/// The user's derives, without the traits that are already derived or implemented.
pub(super) fn others(derives: &DerivesView, implemented: &[&str], extras: &Extras) -> Vec<String> {
    let is_there = |found: DeriveMacro<'_>| match found {
        DeriveMacro::Std(name) => implemented.contains(&name) || derives.traits.contains(&name),
        DeriveMacro::Serde(_) => derives.serde,
        DeriveMacro::JsonSchema => derives.schemars,
        DeriveMacro::Other(_) => false,
    };
    let mut found: Vec<DeriveMacro<'_>> = Vec::new();
    let mut paths = Vec::new();
    for path in &extras.derive {
        let of = DeriveMacro::of(path);
        if !is_there(of) && !found.contains(&of) {
            found.push(of);
            paths.push(path.clone());
        }
    }
    paths
}

/// The traits that a struct with these fields derives.
fn derives(set: &ModelSet, fields: &[Field]) -> DerivesView {
    let hides = fields.iter().any(|field| field.sensitive);
    let debug = (!hides).then_some("Debug");
    let eq = set.is_eq(fields).then_some(["Eq", "Hash"]);
    let traits = debug.into_iter().chain(["Clone", "PartialEq"]).chain(eq.into_iter().flatten()).collect();
    DerivesView {
        is_of_context: false,
        traits,
        serde: set.serde.is_some(),
        schemars: set.json_schema,
        others: Vec::new(),
    }
}

/// The view of a field; `owner` is the struct with the functions of its fields.
pub(super) fn field_view(set: &ModelSet, owner: &str, field: &Field, role: Option<Role>) -> FieldView {
    let transform = transforms::of_field(set, owner, field);
    let ident = rust::identifier(&field.name);
    let ty = field_types::of_field(field);
    let optional = field.default == Default::Absent;
    let is_checked_key = role.as_ref().is_some_and(|role| role.is_checked);
    FieldView {
        setter: if ident == "build" { "build_".to_owned() } else { ident.clone() },
        name: field.name.clone(),
        doc: docs::lines(&docs::field(field, role.as_ref().map(|role| role.text))),
        value: field_types::value_type(field),
        role: kind(field, role),
        held: if optional { ty.clone() } else { ty.clone().optional() },
        attribute: rust::literal(&field.attribute),
        form: field_types::form(field),
        is_checked_key,
        written: written("self", field),
        is_required: field.default == Default::Required,
        is_of_context: false,
        marker: String::new(),
        place: Vec::new(),
        optional,
        default: defaults::default_value(&field.default),
        setter_doc: Vec::new(),
        json: FieldJsonView::default(),
        attributes: Vec::new(),
        debug_name: rust::literal(&field.name),
        sensitive: field.sensitive,
        key_only: field.key_only,
        has_default_function: defaults::has_default_function(&field.default),
        has_near_default: near_constants::in_default(&field.default),
        has_near_bound: near_constants::in_constraints(&field.constraints),
        check: ChecksView::default(),
        functions: ChecksView::default(),
        is_boxed: matches!(field.ty.present(), Type::Named(Named { boxed: true, .. })),
        is_key: false,
        transforms: match &transform {
            Some(TransformView::OfField(..)) => transforms::body(set, field),
            _ => Vec::new(),
        },
        fake: None,
        transform,
        ident,
        ty,
    }
}

/// The attribute kind of a field.
fn kind(field: &Field, role: Option<Role>) -> RoleView {
    let kind = match (role, &field.default) {
        (Some(role), _) => role.role,
        (None, Default::Required) => RoleView::Plain,
        (None, Default::Absent) if field.is_absent_if_empty() => RoleView::NonEmpty,
        (None, Default::Absent) => RoleView::Optional,
        (None, _) => RoleView::Defaulted,
    };
    match (&field.seal, field.hash()) {
        (None, _) => kind,
        (Some(_), None) => RoleView::Sealed(Box::new(kind)),
        (Some(_), Some(_)) => RoleView::Searchable(Box::new(kind)),
    }
}

/// The sealed fields of a model.
fn seals(model: &Model) -> Vec<SealView> {
    let seal = |field: &Field| {
        let seal = field.seal.as_ref()?;
        Some(SealView {
            attribute: rust::literal(&field.attribute),
            is_compressed: seal.is_compressed,
            key: seal.encryption.as_ref().map(|encryption| rust::literal(&encryption.key)),
            reads_unencrypted: seal.encryption.as_ref().is_some_and(|encryption| encryption.reads_unencrypted),
            hash: field.hash().map(rust::literal),
        })
    };
    model.fields.iter().filter_map(seal).collect()
}

/// The expression of a field's written value; `owner` is the identifier of the struct's value.
pub(super) fn written(owner: &'static str, field: &Field) -> WrittenView {
    WrittenView {
        owner,
        ident: rust::identifier(&field.name),
        form: field_types::form(field),
        optional: matches!(field.ty, Type::Optional(_)),
        transform: None,
    }
}

/// The same for a value without its transforms; `name` is the struct with the functions of its fields.
pub(super) fn written_transformed(set: &ModelSet, name: &str, owner: &'static str, field: &Field) -> WrittenView {
    // The form cuts times itself.
    let is_cut = matches!(field.form, StoredForm::EpochSeconds | StoredForm::EpochMillis);
    let transform = (!is_cut).then(|| transforms::of_field(set, name, field)).flatten();
    WrittenView { transform, ..written(owner, field) }
}
