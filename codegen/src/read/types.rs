//! The shape of fields, and of the types that a schema defines.

use super::fields::{Fields, What, map_entries, text, value, value_span, wrong_kind};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::node::{Entry, Kind, Node};
use crate::schema::{
    ConstraintDecl, ConstraintValue, DefaultDecl, EnumDecl, ExtrasDecl, FieldDecl, Spanned, StructDecl, StructKind,
    UnionDecl, UnionVariantDecl, VariantDecl, VariantKind,
};
use crate::terms::Transform;
use crate::text::show;

const VARIANTS: &str = "variants: { card: { fields: { number: string } }, cash: {} }";

/// An entry of `types:`.
pub(super) fn structure(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Option<StructDecl> {
    let name = Spanned { value: entry.key.clone(), span: entry.key_span };
    let what = What::named(Place::Struct, "type", entry);
    let form = format!("{}: {{ fields: {{ street: string, city: string }} }}", show(&entry.key));
    let mut fields = Fields::of(&entry.value, what, name.span, &form, diagnostics)?;
    let doc = fields.text("doc", diagnostics);
    let extras = fields.extras(diagnostics);
    let kind = match fields.take("rust") {
        Some(path) => {
            let (key, eq) = (fields.value("key", diagnostics), fields.value("eq", diagnostics));
            let path = text(path, diagnostics);
            path.map(|path| StructKind::Rust { path, key, eq: eq.is_some_and(|eq| eq.value) })
        }
        None => {
            let validate = fields.text("validate", diagnostics);
            let unknown = fields.value("unknown_attributes", diagnostics).map(|of| of.value).unwrap_or_default();
            let listed = fields_of(&mut fields, diagnostics);
            listed.map(|fields| StructKind::Fields { fields, validate, unknown_attributes: unknown })
        }
    };
    fields.finish(diagnostics);
    Some(StructDecl { name, doc, extras, kind: kind? })
}

/// An entry of `enums:`: a list of variants, or `{ doc: …, other: true, variants: […] }`.
pub(super) fn enumeration(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Option<EnumDecl> {
    let name = Spanned { value: entry.key.clone(), span: entry.key_span };
    if let Kind::List(items) = &entry.value.kind {
        let variants: Vec<_> = items.iter().filter_map(|item| variant(item, diagnostics)).collect();
        let is_broken = variants.len() < items.len();
        return Some(EnumDecl { is_broken, name, doc: None, extras: ExtrasDecl::default(), other: false, variants });
    }
    if entry.value.as_text().is_some() {
        let help = format!("list the variants: `{}: [small, large]`", show(&entry.key));
        diagnostics.push(wrong_kind(entry, "a list of variants").help(help));
        return None;
    }
    let what = What::named(Place::Enum, "enum", entry);
    let form = format!("{}: [small, large]", show(&entry.key));
    let mut fields = Fields::of(&entry.value, what, name.span, &form, diagnostics)?;
    let doc = fields.text("doc", diagnostics);
    let extras = fields.extras(diagnostics);
    let other = fields.value("other", diagnostics).is_some_and(|other| other.value);
    let listed: Vec<String> = fields.rest().filter_map(mapped_variant).take(3).collect();
    let listed = if listed.is_empty() { "small, large".to_owned() } else { listed.join(", ") };
    let help =
        format!("list the variants: `{}: [{listed}]`, or under `variants:`, beside other keys", show(&entry.key));
    let variants = fields.require("variants", &help).and_then(|entry| match &entry.value.kind {
        Kind::List(items) => {
            let variants: Vec<_> = items.iter().filter_map(|item| variant(item, diagnostics)).collect();
            Some((variants.len() < items.len(), variants))
        }
        _ => {
            diagnostics.push(wrong_kind(entry, "a list of variants").help("such as `variants: [small, large]`"));
            None
        }
    });
    fields.finish(diagnostics);
    let (is_broken, variants) = variants?;
    Some(EnumDecl { is_broken, name, doc, extras, other, variants })
}

/// A variant of a map, `small: 1`, as it is written here.
fn mapped_variant(entry: &Entry) -> Option<String> {
    let Kind::Scalar { text, .. } = &entry.value.kind else { return None };
    Some(match entry.value.value().is_null() || *text == entry.key {
        true => show(&entry.key),
        false => format!("{{ name: {}, value: {} }}", show(&entry.key), show(text)),
    })
}

/// `pending`, or `{ name: pending, value: P, doc: … }`.
fn variant(node: &Node, diagnostics: &mut Vec<Diagnostic>) -> Option<VariantDecl> {
    if let Some(name) = node.as_text() {
        let name = Spanned { value: name.to_owned(), span: node.span };
        return Some(VariantDecl { name, doc: None, value: None });
    }
    if !matches!(node.kind, Kind::Map(_)) {
        let help = match (&node.kind, node.to::<i64>()) {
            (Kind::Scalar { text, .. }, Some(_)) => {
                format!("name it, and store it as that: `{{ name: large, value: {text} }}`")
            }
            _ => "such as `paid`, or `{ name: paid, value: 2 }`".to_owned(),
        };
        let diagnostic = Diagnostic::new(Code::WrongKind, "a variant is a name, or a map")
            .at(node.span, format!("expected a name, found {}", node.describe()))
            .help(help);
        diagnostics.push(diagnostic);
        return None;
    }
    let form = "{ name: paid, value: 2 }";
    let mut fields = Fields::of(node, What::of(Place::Variant, "the variant"), node.span, form, diagnostics)?;
    let listed = fields.rest().find_map(mapped_variant).filter(|listed| listed.starts_with('{'));
    let help = format!("name it: `{}`", listed.as_deref().unwrap_or(form));
    let name = fields.require("name", &help);
    let name = name.and_then(|entry| text(entry, diagnostics));
    let doc = fields.text("doc", diagnostics);
    let value = fields.take("value").map(|entry| entry.value.clone());
    fields.finish(diagnostics);
    Some(VariantDecl { name: name?, doc, value })
}

/// An entry of `unions:`.
pub(super) fn union(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Option<UnionDecl> {
    let name = Spanned { value: entry.key.clone(), span: entry.key_span };
    let what = What::named(Place::Union, "union", entry);
    let form = format!("{}: {{ tag: kind, variants: {{ … }} }}", show(&entry.key));
    let mut fields = Fields::of(&entry.value, what, name.span, &form, diagnostics)?;
    let doc = fields.text("doc", diagnostics);
    let extras = fields.extras(diagnostics);
    let help = "name the attribute that tells the variants apart: `tag: kind`";
    let tag = fields.require("tag", help).and_then(|entry| text(entry, diagnostics));
    let help = "list the variants: `variants: { card: { fields: { number: string } } }`";
    let variants = fields
        .require("variants", help)
        .and_then(|entry| map_entries(&entry.value, "`variants`", entry.key_span, VARIANTS, diagnostics));
    fields.finish(diagnostics);
    let declared = variants?.len();
    let variants: Vec<_> = variants?.iter().filter_map(|entry| union_variant(entry, diagnostics)).collect();
    (variants.len() == declared).then_some(UnionDecl { name, doc, extras, tag: tag?, variants })
}

/// `card: CardDetails`, or `card: { value: CARD, fields: { … } }`.
fn union_variant(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Option<UnionVariantDecl> {
    let name = Spanned { value: entry.key.clone(), span: entry.key_span };
    if matches!(entry.value.kind, Kind::Scalar { .. }) && !entry.value.value().is_null() {
        let kind = VariantKind::Type(text(entry, diagnostics)?);
        return Some(UnionVariantDecl { name, doc: None, value: None, kind });
    }
    let what = What::named(Place::UnionVariant, "variant", entry);
    let form = format!("{}: {{ fields: {{ number: string }} }}", show(&entry.key));
    let mut fields = Fields::of(&entry.value, what, name.span, &form, diagnostics)?;
    let doc = fields.text("doc", diagnostics);
    let value = fields.text("value", diagnostics);
    let kind = match (fields.take("type"), fields.take("fields")) {
        (Some(ty), None) => VariantKind::Type(text(ty, diagnostics)?),
        (None, Some(listed)) => VariantKind::Fields(field_list(listed, diagnostics)?),
        (None, None) => VariantKind::Fields(Vec::new()),
        (Some(ty), Some(_)) => {
            let diagnostic = Diagnostic::new(Code::BadValue, "a variant has a type, or fields of its own")
                .at(value_span(ty), "it has both")
                .help("drop one of them");
            diagnostics.push(diagnostic);
            return None;
        }
    };
    fields.finish(diagnostics);
    Some(UnionVariantDecl { name, doc, value, kind })
}

/// The `fields:` of a model or type; `None` where they are no map. They are read last: what has not been asked for by then is no
/// key of it.
pub(super) fn fields_of(fields: &mut Fields<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<Vec<FieldDecl>> {
    let first =
        fields.rest().find(|entry| entry.key != "fields").map_or("user_id".to_owned(), |entry| show(&entry.key));
    let listed = fields.require("fields", &format!("list the fields: `fields: {{ {first}: string }}`"));
    // Those that stand beside it are told in the end.
    field_list(listed?, diagnostics).filter(|_| fields.not_indented().is_none())
}

fn field_list(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Option<Vec<FieldDecl>> {
    let form = match &entry.value.kind {
        Kind::List(items) => items.first().and_then(listed_field),
        _ => None,
    };
    let form = format!("fields: {{ {}, … }}", form.unwrap_or_else(|| "id: string".to_owned()));
    let entries = map_entries(&entry.value, "`fields`", entry.key_span, &form, diagnostics)?;
    if entries.is_empty() && diagnostics.iter().any(|told| told.is_in(entry.value.span)) {
        return None;
    }
    Some(entries.iter().filter_map(|entry| field(entry, diagnostics)).collect())
}

/// A field of a list, `{ name: id, type: string }`, as it is written here.
fn listed_field(item: &Node) -> Option<String> {
    let Kind::Map(entries) = &item.kind else { return None };
    let text = |key: &str| entries.iter().find(|entry| entry.key == key).and_then(|entry| entry.value.as_text());
    Some(format!("{}: {}", show(text("name")?), show(text("type")?)))
}

fn field(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Option<FieldDecl> {
    let name = Spanned { value: entry.key.clone(), span: entry.key_span };
    if matches!(entry.value.kind, Kind::Scalar { .. }) {
        let ty = match entry.value.value().is_null() {
            true => {
                diagnostics.push(wrong_kind(entry, "a type").help("such as `string`, or `{ type: string, … }`"));
                None
            }
            false => text(entry, diagnostics),
        };
        return Some(FieldDecl::of_type(name, ty));
    }
    let form = format!("{}: string", show(&entry.key));
    let mut fields = Fields::of(&entry.value, field_what(entry), name.span, &form, diagnostics)?;
    let help = "give its type: `type: string`; a struct is an entry of `types:`, and its name a type";
    let ty = fields.require("type", help).and_then(|entry| text(entry, diagnostics));
    // One mistake: the type that belongs to it would be another.
    let ty = ty.filter(|_| !types_its_items(entry));
    let declared = FieldDecl {
        doc: fields.text("doc", diagnostics),
        attribute: fields.text("attribute", diagnostics),
        format: fields.text("format", diagnostics),
        transform: fields.take("transform").map(|entry| transforms(entry, diagnostics)).unwrap_or_default(),
        sensitive: fields.value("sensitive", diagnostics).is_some_and(|sensitive| sensitive.value),
        role: fields.value("role", diagnostics),
        unique: fields.value("unique", diagnostics).filter(|unique| unique.value).map(|unique| unique.span),
        extras: ExtrasDecl { attributes: fields.texts("attributes", diagnostics), ..ExtrasDecl::default() },
        default: fields.take("default").and_then(|entry| default(entry, diagnostics)),
        constraints: constraints(&mut fields, diagnostics),
        ..FieldDecl::of_type(name, ty)
    };
    fields.finish(diagnostics);
    Some(declared)
}

/// Whether a field says what it holds as JSON Schema does, `items: { type: string }`.
fn types_its_items(entry: &Entry) -> bool {
    let Kind::Map(entries) = &entry.value.kind else { return false };
    let items = entries.iter().find(|entry| entry.key == "items").map(|items| &items.value.kind);
    matches!(items, Some(Kind::Map(items)) if items.iter().any(|entry| entry.key == "type"))
}

/// What a field is, with the words that fit its type.
fn field_what(entry: &Entry) -> What {
    let what = What::named(Place::Field, "field", entry);
    let Kind::Map(entries) = &entry.value.kind else { return what };
    let ty = entries.iter().find(|entry| entry.key == "type").and_then(|entry| entry.value.as_text());
    let name = ty.unwrap_or_default().split(['<', '?']).next().unwrap_or_default().trim();
    match name {
        "string" => what.at(Place::TextField),
        "list" | "set" | "map" => what.at(Place::CollectionField),
        _ => what,
    }
}

/// `trim`, or `[trim, lowercase]`.
fn transforms(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Vec<Spanned<Transform>> {
    match &entry.value.kind {
        Kind::List(items) => {
            let of = |item: &Node| Entry { value: item.clone(), ..entry.clone() };
            items.iter().filter_map(|item| value(&of(item), diagnostics)).collect()
        }
        _ => value(entry, diagnostics).into_iter().collect(),
    }
}

/// The constraints that a field, an element, a key or a value has.
const CONSTRAINTS: &[&str] = &[
    "min_length",
    "max_length",
    "pattern",
    "one_of",
    "minimum",
    "maximum",
    "exclusive_minimum",
    "exclusive_maximum",
    "multiple_of",
    "min_items",
    "max_items",
    "unique_items",
    "past",
    "future",
    "after",
    "before",
    "validate",
];

fn constraints(fields: &mut Fields<'_>, diagnostics: &mut Vec<Diagnostic>) -> Vec<ConstraintDecl> {
    let mut found = Vec::new();
    for key in CONSTRAINTS {
        if let Some(entry) = fields.take(key) {
            let key = Spanned { value: *key, span: entry.key_span };
            found.push(ConstraintDecl { key, value: ConstraintValue::Node(entry.value.clone()) });
        }
    }
    for key in ["items", "keys", "values"] {
        let Some(entry) = fields.take(key) else { continue };
        let (what, form) =
            (What::of(Place::Field, format!("`{key}`")).at(Place::Items), format!("{key}: {{ min_length: 1 }}"));
        let Some(mut inner) = Fields::of(&entry.value, what, entry.key_span, &form, diagnostics) else {
            continue;
        };
        let mut nested = constraints(&mut inner, diagnostics);
        if let Some(format) = inner.take("format") {
            let key = Spanned { value: "format", span: format.key_span };
            nested.push(ConstraintDecl { key, value: ConstraintValue::Node(format.value.clone()) });
        }
        inner.finish(diagnostics);
        let key = Spanned { value: key, span: entry.key_span };
        found.push(ConstraintDecl { key, value: ConstraintValue::Nested(nested) });
    }
    found
}

impl FieldDecl {
    fn of_type(name: Spanned<String>, ty: Option<Spanned<String>>) -> Self {
        Self {
            name,
            doc: None,
            ty,
            attribute: None,
            format: None,
            transform: Vec::new(),
            sensitive: false,
            role: None,
            unique: None,
            extras: ExtrasDecl::default(),
            constraints: Vec::new(),
            default: None,
        }
    }
}

fn default(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Option<DefaultDecl> {
    match &entry.value.kind {
        Kind::Map(entries) => match entries.as_slice() {
            [only] if only.key == "factory" => text(only, diagnostics).map(DefaultDecl::Factory),
            [only] if only.key == "value" => Some(DefaultDecl::Value(only.value.clone())),
            _ => Some(DefaultDecl::Value(entry.value.clone())),
        },
        _ => Some(DefaultDecl::Plain(entry.value.clone())),
    }
}
