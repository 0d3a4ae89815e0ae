//! The attributes of serde and schemars on structs and fields.

use super::{defaults, field_types, near_constants, rust};
use crate::model::{
    Constraint, Default, Field, Int, JsonName, Literal, Model, ModelSet, RenameAll, Scalar, SharedTable, TextFormat,
    TimeKind, TimeTypes, Type, UnionType,
};
use dyntastic_templates::{
    DefaultedView, ElementsView, FieldJsonView, JsonDefault, JsonNamesView, JsonView, Keyword, KeywordView, TyView,
};

/// The attributes of a union.
pub(super) fn union(set: &ModelSet, of: &UnionType) -> JsonView {
    let tag = set.serde.map(|_| rust::literal(&of.tag));
    JsonView { serde: set.serde.is_some(), schemars: set.json_schema, tag, ..JsonView::default() }
}

/// The attributes of the enum of a table's models. A discriminator of one attribute distinguishes them in JSON too, unless
/// a model has a field of its name.
pub(super) fn shared_table<'m>(
    set: &ModelSet,
    table: &SharedTable,
    mut models: impl Iterator<Item = &'m Model>,
) -> JsonView {
    let tag = match table.discriminator.as_slice() {
        [only] => set.serde.map(|_| only),
        _ => None,
    };
    let is_free = |tag: &&String| {
        !models.any(|model| model.fields.iter().any(|field| field.json_name.text() == Some(tag.as_str())))
    };
    let tag = tag.filter(is_free).map(|tag| rust::literal(tag));
    JsonView { serde: set.serde.is_some(), schemars: set.json_schema, tag, ..JsonView::default() }
}

/// The attributes of a collection.
pub(super) fn collection(set: &ModelSet) -> JsonView {
    let rename_all = set.serde.flatten().map(rename_all);
    JsonView { serde: set.serde.is_some(), schemars: set.json_schema, rename_all, ..JsonView::default() }
}

/// The attributes of a struct with these fields: `owner` itself, or a struct with some of its fields.
pub(super) fn structure(set: &ModelSet, owner: &str, fields: &[Field]) -> JsonView {
    let is_separate = |of: &&Field| set.json_schema && has_other_form(set, owner, &of.ty) && of.has_default();
    let separate = |of: &Field| {
        Some(DefaultedView {
            json_name: rust::literal(of.json_name.text()?),
            name: of.name.clone(),
            empty: (!has_function(set, of)).then(|| field_types::ty(&of.ty)),
        })
    };
    JsonView {
        serde: set.serde.is_some(),
        schemars: set.json_schema,
        rename_all: set.serde.flatten().map(rename_all),
        tag: None,
        is_defaulted: false,
        denies_unknown: false,
        owner: owner.to_owned(),
        defaulted: fields.iter().filter(is_separate).filter_map(separate).collect(),
    }
}

/// The names of a struct's fields in JSON, if they differ from the attributes' names.
pub(super) fn names(set: &ModelSet, fields: &[Field]) -> Option<JsonNamesView> {
    let rename_all = set.serde?;
    // What is not in JSON is called there as in DynamoDB.
    let of = |field: &Field| {
        let name = field.json_name.text().unwrap_or(&field.attribute);
        (field.attribute.clone(), name.to_owned())
    };
    let names: Vec<(String, String)> = fields.iter().map(of).collect();
    if names.iter().all(|(attribute, name)| attribute == name) {
        return None;
    }
    let is_other = |(attribute, name): &&(String, String)| {
        rename_all.map_or_else(|| attribute.clone(), |case| case.apply(attribute)) != *name
    };
    let literals = |(attribute, name): &(String, String)| (rust::literal(attribute), rust::literal(name));
    let case = match rename_all {
        None => "same",
        Some(RenameAll::Camel) => "camel_case",
        Some(RenameAll::Pascal) => "pascal_case",
        Some(RenameAll::Kebab) => "kebab_case",
        Some(RenameAll::Screaming) => "screaming_snake_case",
    };
    Some(JsonNamesView { case, others: names.iter().filter(is_other).map(literals).collect() })
}

/// The value of serde's `rename_all`.
fn rename_all(of: RenameAll) -> &'static str {
    match of {
        RenameAll::Camel => "camelCase",
        RenameAll::Pascal => "PascalCase",
        RenameAll::Kebab => "kebab-case",
        RenameAll::Screaming => "SCREAMING_SNAKE_CASE",
    }
}

/// Whether serde has a function for a field's default.
fn has_function(set: &ModelSet, field: &Field) -> bool {
    set.serde.is_some() && defaults::has_default_function(&field.default)
}

/// The attributes of a field of the struct `owner`.
pub(super) fn field(set: &ModelSet, owner: &str, field: &Field) -> FieldJsonView {
    let default = if set.serde.is_none() || !field.has_default() {
        None
    } else if has_function(set, field) {
        Some(JsonDefault::Function(owner.to_owned(), field.name.clone()))
    } else {
        Some(JsonDefault::OfType)
    };
    if set.serde.is_some() && field.json_name == JsonName::Skipped {
        return FieldJsonView { is_skipped: true, default, ..FieldJsonView::default() };
    }
    let has_other_form = set.serde.is_some() && has_other_form(set, owner, &field.ty);
    let nullable = matches!(field.ty, Type::Optional(_));
    let mut view = FieldJsonView {
        rename: match &field.json_name {
            JsonName::Own(name) => set.serde.map(|_| rust::literal(name)),
            JsonName::Derived(_) | JsonName::Skipped => None,
        },
        default,
        has_other_form,
        may_lack: has_other_form && nullable,
        // Otherwise schemars would write the default with serde's own form of the type.
        hides_default: has_other_form && set.json_schema && field.default != Default::Required,
        ..FieldJsonView::default()
    };
    if set.json_schema {
        view.stand_in = stand_in(&field.ty, set.in_unions.contains(owner));
        view.keywords = field.checks().filter_map(|of| keyword(of, nullable)).collect();
        view.elements = field.constraints.iter().filter_map(of_elements).collect();
    }
    view
}

/// Whether the type needs another form in JSON: its own form is not the text that other programs expect, or a union
/// cannot read it. Serde buffers a union's values until it knows the variant, and cannot buffer integers of 128 bits.
fn has_other_form(set: &ModelSet, owner: &str, ty: &Type) -> bool {
    let in_union = set.in_unions.contains(owner);
    ty.parts().any(|part| match part {
        Type::Scalar(Scalar::Time(_, TimeTypes::Time) | Scalar::Time(TimeKind::Duration, _)) => true,
        part => in_union && is_wide(part),
    })
}

fn is_wide(part: &Type) -> bool {
    matches!(part, Type::Scalar(Scalar::Int(Int::I128 | Int::U128)))
}

/// A type with the same JSON Schema, for a type that schemars does not know; `None` if schemars knows it.
fn stand_in(ty: &Type, in_union: bool) -> Option<TyView> {
    let is_unknown = |part: &Type| match part {
        Type::Scalar(Scalar::Ulid | Scalar::Ipv4Net | Scalar::Ipv6Net | Scalar::IpNet) => true,
        Type::Scalar(Scalar::Time(kind, types)) => *types == TimeTypes::Time || *kind == TimeKind::Duration,
        part => in_union && is_wide(part),
    };
    ty.parts().any(is_unknown).then(|| stand_in_of(ty))
}

fn stand_in_of(ty: &Type) -> TyView {
    let inner = |of: &Type| Box::new(stand_in_of(of));
    match ty {
        Type::List(of) => TyView::List(inner(of)),
        Type::Set(of) => TyView::Set(inner(of)),
        Type::Map(of) => TyView::Map(inner(of)),
        Type::Vector(_) => field_types::ty(ty),
        Type::Optional(of) => TyView::Optional(inner(of)),
        wide if is_wide(wide) => TyView::Wide(Box::new(field_types::ty(wide))),
        _ => TyView::String,
    }
}

/// A keyword of JSON Schema.
fn keyword(constraint: &Constraint, nullable: bool) -> Option<KeywordView> {
    let one = |name, value| Some(KeywordView { name, value: Keyword::One(value) });
    let number = |name, bound| json_number(bound).and_then(|bound| one(name, bound));
    let size = |name, size: &dyn ToString| one(name, json_size(size)?);
    match constraint {
        Constraint::NotEmpty => size("minLength", &1),
        Constraint::MinLength(least) => size("minLength", least),
        Constraint::MaxLength(most) => size("maxLength", most),
        Constraint::Pattern(text) => one("pattern", rust::literal(text)),
        Constraint::Format(format) => one("format", rust::literal(json_format(*format)?)),
        Constraint::OneOf(values) => {
            let values = values.iter().map(|value| rust::literal(value)).collect();
            Some(KeywordView { name: "enum", value: Keyword::AnyOf(values, nullable) })
        }
        Constraint::Minimum(bound) => number("minimum", bound),
        Constraint::Maximum(bound) => number("maximum", bound),
        Constraint::ExclusiveMinimum(bound) => number("exclusiveMinimum", bound),
        Constraint::ExclusiveMaximum(bound) => number("exclusiveMaximum", bound),
        Constraint::MultipleOf(of) => number("multipleOf", of),
        Constraint::MinItems(least) => size("minItems", least),
        Constraint::MaxItems(most) => size("maxItems", most),
        Constraint::UniqueItems => one("uniqueItems", true.to_string()),
        _ => None,
    }
}

fn json_format(format: TextFormat) -> Option<&'static str> {
    match format {
        TextFormat::Email => Some("email"),
        TextFormat::Url => Some("uri"),
        TextFormat::Hostname => Some("hostname"),
        TextFormat::Uuid => Some("uuid"),
        TextFormat::Ipv4 => Some("ipv4"),
        TextFormat::Ipv6 => Some("ipv6"),
        TextFormat::Slug | TextFormat::E164 => None,
    }
}

/// A bound as a number in JSON; `None` if JSON Schema cannot express it. Decimals are text in JSON, which has no
/// bounds, and serde_json's numbers have at most 64 bits.
fn json_number(bound: &Literal) -> Option<String> {
    match bound {
        Literal::Decimal(..) => None,
        Literal::Int(digits) if digits.parse::<i32>().is_ok() => Some(digits.clone()),
        Literal::Int(digits) if digits.parse::<i64>().is_ok() => Some(format!("{digits}i64")),
        Literal::Int(digits) => digits.parse::<u64>().is_ok().then(|| format!("{digits}u64")),
        bound => Some(near_constants::in_attribute(bound)),
    }
}

/// A length or a number of elements, as a literal of a type that holds it.
fn json_size(size: &dyn ToString) -> Option<String> {
    json_number(&Literal::Int(size.to_string()))
}

/// The constraints of a list's elements, as far as schemars' `inner` can express them.
fn of_elements(constraint: &Constraint) -> Option<ElementsView> {
    let Constraint::Items(inner) = constraint else { return None };
    let mut view = ElementsView::default();
    for constraint in inner {
        match constraint {
            Constraint::MinLength(least) => view.length.extend(json_size(least).map(|least| ("min", least))),
            Constraint::MaxLength(most) => view.length.extend(json_size(most).map(|most| ("max", most))),
            Constraint::Pattern(text) => view.pattern = Some(rust::literal(text)),
            Constraint::Minimum(bound) => view.range.extend(json_number(bound).map(|bound| ("min", bound))),
            Constraint::Maximum(bound) => view.range.extend(json_number(bound).map(|bound| ("max", bound))),
            _ => {}
        }
    }
    let is_empty = view.length.is_empty() && view.range.is_empty() && view.pattern.is_none();
    (!is_empty).then_some(view)
}
