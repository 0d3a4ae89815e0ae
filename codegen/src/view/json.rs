//! What serde and schemars are told of structs and fields.

use super::rust;
use crate::model::{
    Constraint, Default, Field, Literal, ModelSet, RenameAll, Scalar, TextFormat, TimeKind, TimeTypes, Type,
};

/// The module that writes values as the text that they are stored as.
const TEXT: &str = "::dyntastic::item::text";

/// The derives of a struct or union for JSON.
pub(super) fn derives(set: &ModelSet) -> impl Iterator<Item = &'static str> {
    let serde = set.serde.map(|_| ["::dyntastic::serde::Serialize", "::dyntastic::serde::Deserialize"]);
    let schemars = set.json_schema.then_some("::dyntastic::schemars::JsonSchema");
    serde.into_iter().flatten().chain(schemars)
}

/// The attributes that those derives read on a struct or union, with serde's others of its own.
pub(super) fn attributes(set: &ModelSet, more: &str) -> Vec<String> {
    let mut attributes = Vec::new();
    if set.serde.is_some() {
        attributes.push(format!("#[serde(crate = \"::dyntastic::serde\"{more})]"));
    }
    if set.json_schema {
        attributes.push("#[schemars(crate = \"::dyntastic::schemars\")]".to_owned());
    }
    attributes
}

/// The same for a struct with these fields, which are a part of `owner` or of that itself.
pub(super) fn struct_attributes(set: &ModelSet, owner: &str, fields: &[Field]) -> Vec<String> {
    let mut attributes = attributes(set, rename_all(set));
    if set.json_schema {
        let defaulted = fields.iter().filter(|of| is_written_as_text(&of.ty) && has_function(set, of));
        attributes.extend(defaulted.map(|field| {
            let name = rust::literal(&set.json_name(&rust::identifier(&field.name)));
            format!("#[schemars(transform = {TEXT}::defaulted({name}, {owner}Values::default_{}()))]", field.name)
        }));
    }
    attributes
}

/// How serde spells the names of a struct's fields.
fn rename_all(set: &ModelSet) -> &'static str {
    match set.serde.flatten() {
        None => "",
        Some(RenameAll::Camel) => ", rename_all = \"camelCase\"",
        Some(RenameAll::Pascal) => ", rename_all = \"PascalCase\"",
        Some(RenameAll::Kebab) => ", rename_all = \"kebab-case\"",
        Some(RenameAll::Screaming) => ", rename_all = \"SCREAMING_SNAKE_CASE\"",
    }
}

/// The attributes of a field that is no part of the JSON.
pub(super) fn skipped(set: &ModelSet) -> Vec<String> {
    set.serde.map(|_| "#[serde(skip)]".to_owned()).into_iter().collect()
}

/// Whether serde has a function for a field's default.
fn has_function(set: &ModelSet, field: &Field) -> bool {
    set.serde.is_some() && rust::has_default_function(&field.default)
}

/// The attributes of a field of the struct `owner`.
pub(super) fn field_attributes(set: &ModelSet, owner: &str, field: &Field) -> Vec<String> {
    let mut attributes = Vec::new();
    if set.serde.is_some() {
        match field.default {
            Default::Required | Default::Absent => {}
            _ if rust::has_default_function(&field.default) => {
                attributes.push(format!("#[serde(default = \"{owner}Values::default_{}\")]", field.name));
            }
            _ => attributes.push("#[serde(default)]".to_owned()),
        }
    }
    if set.serde.is_some() && is_written_as_text(&field.ty) {
        let default = if matches!(field.ty, Type::Optional(_)) { ", default" } else { "" };
        attributes.push(format!("#[serde(with = \"{TEXT}\"{default})]"));
        if set.json_schema && (!default.is_empty() || has_function(set, field)) {
            // Else schemars would write the default out, with serde under its own name.
            attributes.push("#[schemars(!default)]".to_owned());
        }
    }
    if set.json_schema {
        if let Some(stand_in) = stand_in(&field.ty) {
            attributes.push(format!("#[schemars(with = {})]", rust::literal(&stand_in)));
        }
        let nullable = matches!(field.ty, Type::Optional(_));
        let keywords: Vec<String> = field.constraints.iter().filter_map(|of| keyword(of, nullable)).collect();
        if !keywords.is_empty() {
            attributes.push(format!("#[schemars(extend({}))]", keywords.join(", ")));
        }
        for inner in field.constraints.iter().filter_map(of_elements) {
            attributes.push(format!("#[schemars(inner({inner}))]"));
        }
    }
    attributes
}

/// Whether the library's own form in JSON is not the text that others expect.
fn is_written_as_text(ty: &Type) -> bool {
    matches!(ty.present(), Type::Scalar(Scalar::Time(_, TimeTypes::Time) | Scalar::Time(TimeKind::Duration, _)))
}

/// The type whose schema stands for one that schemars does not know: `None` where it knows all.
fn stand_in(ty: &Type) -> Option<String> {
    let is_unknown = |part: &Type| match part {
        Type::Scalar(Scalar::Ulid | Scalar::Ipv4Net | Scalar::Ipv6Net | Scalar::IpNet) => true,
        Type::Scalar(Scalar::Time(kind, types)) => *types == TimeTypes::Time || *kind == TimeKind::Duration,
        _ => false,
    };
    ty.parts().any(is_unknown).then(|| as_text(ty))
}

fn as_text(ty: &Type) -> String {
    match ty {
        Type::List(of) => format!("::std::vec::Vec<{}>", as_text(of)),
        Type::Set(of) => format!("::std::collections::BTreeSet<{}>", as_text(of)),
        Type::Map(of) => format!("::std::collections::BTreeMap<::std::string::String, {}>", as_text(of)),
        Type::Optional(of) => rust::optional(&as_text(of)),
        _ => "::std::string::String".to_owned(),
    }
}

/// A keyword of JSON Schema, as schemars' `extend` takes it.
fn keyword(constraint: &Constraint, nullable: bool) -> Option<String> {
    let number = |keyword: &str, bound: &Literal| json_number(bound).map(|bound| format!("\"{keyword}\" = {bound}"));
    Some(match constraint {
        Constraint::MinLength(least) => format!("\"minLength\" = {least}"),
        Constraint::MaxLength(most) => format!("\"maxLength\" = {most}"),
        Constraint::Pattern(text) => format!("\"pattern\" = {}", rust::literal(text)),
        Constraint::Format(format) => format!("\"format\" = \"{}\"", json_format(*format)?),
        Constraint::OneOf(values) => {
            let values = values.iter().map(|value| rust::literal(value));
            let values = values.chain(nullable.then(|| "null".to_owned()));
            format!("\"enum\" = [{}]", values.collect::<Vec<_>>().join(", "))
        }
        Constraint::Minimum(bound) => return number("minimum", bound),
        Constraint::Maximum(bound) => return number("maximum", bound),
        Constraint::ExclusiveMinimum(bound) => return number("exclusiveMinimum", bound),
        Constraint::ExclusiveMaximum(bound) => return number("exclusiveMaximum", bound),
        Constraint::MultipleOf(of) => return number("multipleOf", of),
        Constraint::MinItems(least) => format!("\"minItems\" = {least}"),
        Constraint::MaxItems(most) => format!("\"maxItems\" = {most}"),
        Constraint::UniqueItems => "\"uniqueItems\" = true".to_owned(),
        _ => return None,
    })
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

/// A bound as a number of JSON: of a type that holds it. Decimals are text in JSON, which has no bounds, and no number of
/// serde_json has more than 64 bits.
fn json_number(bound: &Literal) -> Option<String> {
    match bound {
        Literal::Decimal(..) => None,
        Literal::Int(digits) if digits.parse::<i32>().is_ok() => Some(digits.clone()),
        Literal::Int(digits) if digits.parse::<i64>().is_ok() => Some(format!("{digits}i64")),
        Literal::Int(digits) => digits.parse::<u64>().is_ok().then(|| format!("{digits}u64")),
        bound => Some(rust::value(bound)),
    }
}

/// The constraints of a list's elements, as schemars' `inner` takes them: each of its words once.
fn of_elements(constraint: &Constraint) -> Option<String> {
    let Constraint::Items(inner) = constraint else { return None };
    let (mut length, mut range, mut pattern) = (Vec::new(), Vec::new(), None);
    for constraint in inner {
        match constraint {
            Constraint::MinLength(least) => length.push(format!("min = {least}")),
            Constraint::MaxLength(most) => length.push(format!("max = {most}")),
            Constraint::Pattern(text) => pattern = Some(format!("regex(pattern = {})", rust::literal(text))),
            Constraint::Minimum(bound) => range.extend(json_number(bound).map(|bound| format!("min = {bound}"))),
            Constraint::Maximum(bound) => range.extend(json_number(bound).map(|bound| format!("max = {bound}"))),
            _ => {}
        }
    }
    let bounds = [("length", length), ("range", range)].into_iter().filter(|(_, bounds)| !bounds.is_empty());
    let parts: Vec<String> =
        bounds.map(|(word, bounds)| format!("{word}({})", bounds.join(", "))).chain(pattern).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
