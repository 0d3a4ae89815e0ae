//! The shape of fields, and of the types that a schema defines.

use super::fields::{Fields, map_entries, text, value, value_span, wrong_kind};
use super::show;
use crate::diagnostic::{Code, Diagnostic};
use crate::node::{Entry, Kind, Node};
use crate::schema::{
    ConstraintDecl, ConstraintValue, DefaultDecl, EnumDecl, ExtrasDecl, FieldDecl, Spanned, StructDecl, StructKind,
    Transform, UnionDecl, UnionVariantDecl, VariantDecl, VariantKind,
};

/// An entry of `types:`.
pub(super) fn structure(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Option<StructDecl> {
    let name = Spanned { value: entry.key.clone(), span: entry.key_span };
    let mut fields = Fields::of(&entry.value, format!("type `{}`", show(&entry.key)), name.span, diagnostics)?;
    let doc = fields.text("doc", diagnostics);
    let extras = fields.extras(diagnostics);
    let kind = match fields.take("rust") {
        Some(path) => StructKind::Rust {
            path: text(path, diagnostics)?,
            key: fields.value("key", diagnostics),
            eq: fields.value("eq", diagnostics).is_some_and(|eq| eq.value),
        },
        None => StructKind::Fields {
            fields: fields_of(&mut fields, diagnostics)?,
            validate: fields.text("validate", diagnostics),
            unknown_attributes: fields.value("unknown_attributes", diagnostics).map(|of| of.value).unwrap_or_default(),
        },
    };
    fields.finish(diagnostics);
    Some(StructDecl { name, doc, extras, kind })
}

/// An entry of `enums:`: a list of variants, or `{ doc: …, other: true, variants: […] }`.
pub(super) fn enumeration(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Option<EnumDecl> {
    let name = Spanned { value: entry.key.clone(), span: entry.key_span };
    if let Kind::List(items) = &entry.value.kind {
        let variants = items.iter().filter_map(|item| variant(item, diagnostics)).collect();
        return Some(EnumDecl { name, doc: None, extras: ExtrasDecl::default(), other: false, variants });
    }
    let mut fields = Fields::of(&entry.value, format!("enum `{}`", show(&entry.key)), name.span, diagnostics)?;
    let doc = fields.text("doc", diagnostics);
    let extras = fields.extras(diagnostics);
    let other = fields.value("other", diagnostics).is_some_and(|other| other.value);
    let help = "list the variants: `variants: [pending, paid]`";
    let variants = fields.require("variants", help, diagnostics).and_then(|entry| match &entry.value.kind {
        Kind::List(items) => Some(items.iter().filter_map(|item| variant(item, diagnostics)).collect()),
        _ => {
            diagnostics.push(wrong_kind(entry, "a list of variants"));
            None
        }
    });
    fields.finish(diagnostics);
    Some(EnumDecl { name, doc, extras, other, variants: variants? })
}

/// `pending`, or `{ name: pending, value: P, doc: … }`.
fn variant(node: &Node, diagnostics: &mut Vec<Diagnostic>) -> Option<VariantDecl> {
    if let Some(name) = node.as_text() {
        let name = Spanned { value: name.to_owned(), span: node.span };
        return Some(VariantDecl { name, doc: None, value: None });
    }
    if !matches!(node.kind, Kind::Map(_)) {
        let diagnostic = Diagnostic::new(Code::WrongKind, "a variant is a name, or a map")
            .at(node.span, format!("expected a name, found {}", node.describe()))
            .help("such as `paid`, or `{ name: paid, value: 2 }`");
        diagnostics.push(diagnostic);
        return None;
    }
    let mut fields = Fields::of(node, "the variant".to_owned(), node.span, diagnostics)?;
    let name = fields.require("name", "name it: `{ name: paid, value: 2 }`", diagnostics);
    let declared = VariantDecl {
        name: name.and_then(|entry| text(entry, diagnostics))?,
        doc: fields.text("doc", diagnostics),
        value: fields.take("value").map(|entry| entry.value.clone()),
    };
    fields.finish(diagnostics);
    Some(declared)
}

/// An entry of `unions:`.
pub(super) fn union(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Option<UnionDecl> {
    let name = Spanned { value: entry.key.clone(), span: entry.key_span };
    let mut fields = Fields::of(&entry.value, format!("union `{}`", show(&entry.key)), name.span, diagnostics)?;
    let doc = fields.text("doc", diagnostics);
    let extras = fields.extras(diagnostics);
    let help = "name the attribute that tells the variants apart: `tag: kind`";
    let tag = fields.require("tag", help, diagnostics).and_then(|entry| text(entry, diagnostics));
    let help = "list the variants: `variants: { card: { fields: { number: string } } }`";
    let variants = fields
        .require("variants", help, diagnostics)
        .and_then(|entry| map_entries(&entry.value, "`variants`", entry.key_span, diagnostics));
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
    let mut fields = Fields::of(&entry.value, format!("variant `{}`", show(&entry.key)), name.span, diagnostics)?;
    let doc = fields.text("doc", diagnostics);
    let value = fields.text("value", diagnostics);
    let kind = match (fields.take("type"), fields.take("fields")) {
        (Some(ty), None) => VariantKind::Type(text(ty, diagnostics)?),
        (None, Some(listed)) => VariantKind::Fields(field_list(listed, diagnostics)?),
        (None, None) => VariantKind::Fields(Vec::new()),
        (Some(ty), Some(_)) => {
            let diagnostic = Diagnostic::new(Code::BadValue, "a variant has a type, or fields of its own")
                .at(value_span(ty), "it has both");
            diagnostics.push(diagnostic);
            return None;
        }
    };
    fields.finish(diagnostics);
    Some(UnionVariantDecl { name, doc, value, kind })
}

/// The `fields:` of a model or type; `None` where they are no map.
pub(super) fn fields_of(fields: &mut Fields<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<Vec<FieldDecl>> {
    let listed = fields.require("fields", "list the fields: `fields: { user_id: string }`", diagnostics);
    field_list(listed?, diagnostics)
}

fn field_list(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Option<Vec<FieldDecl>> {
    let entries = map_entries(&entry.value, "`fields`", entry.key_span, diagnostics)?;
    Some(entries.iter().filter_map(|entry| field(entry, diagnostics)).collect())
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
    let mut fields = Fields::of(&entry.value, format!("field `{}`", show(&entry.key)), name.span, diagnostics)?;
    let ty =
        fields.require("type", "give its type: `type: string`", diagnostics).and_then(|entry| text(entry, diagnostics));
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
        let Some(mut inner) = Fields::of(&entry.value, format!("`{key}`"), entry.key_span, diagnostics) else {
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
