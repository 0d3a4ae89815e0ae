//! The shape of fields, and of the types that a schema defines.

use super::keys::{Keys, What};
use super::reader::{Reader, value_span, wrong_kind};
use super::seals::seal;
use super::sequence::{self, sequence};
use super::ttl::{self, ttl};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::node::{Entry, Kind, Node};
use crate::schema::{
    ConstraintDecl, ConstraintValue, DefaultDecl, EnumDecl, ExtrasDecl, FieldDecl, FieldJsonDecl, SealDecl,
    SequenceDecl, Spanned, StructDecl, StructKind, UnionDecl, UnionVariantDecl, VariantDecl, VariantKind,
};
use crate::terms::Transform;
use crate::text::show;

const VARIANTS: &str = "variants: { card: { fields: { number: string } }, cash: {} }";

/// An entry of `types:`.
pub(super) fn structure(entry: &Entry, reader: &mut Reader) -> Option<StructDecl> {
    let name = Spanned { value: entry.key.clone(), span: entry.key_span };
    let what = What::named(Place::Struct, "type", entry);
    let form = format!("{}: {{ fields: {{ street: string, city: string }} }}", show(&entry.key));
    let mut keys = Keys::of(&entry.value, what, name.span, &form, reader)?;
    let rust = keys.take("rust");
    let (doc, extras) = match rust {
        Some(_) => {
            ["doc", "derive", "attributes"].iter().for_each(|key| belongs_to_app(key, &mut keys));
            (None, ExtrasDecl::default())
        }
        None => (keys.text("doc"), keys.extras()),
    };
    let kind = match rust {
        Some(path) => {
            let (key, eq) = (keys.value("key"), keys.value("eq"));
            let path = keys.reader.text(path);
            path.map(|path| StructKind::Rust { path, key, eq: eq.is_some_and(|eq| eq.value) })
        }
        None => {
            let validate = keys.text("validate");
            let unknown = keys.value("unknown_attributes").map(|of| of.value).unwrap_or_default();
            let patch = keys.text("patch");
            let mixins = keys.texts("mixins");
            let listed = fields_of(&mut keys, !mixins.is_empty());
            listed.map(|fields| StructKind::Fields { fields, mixins, validate, unknown_attributes: unknown, patch })
        }
    };
    keys.finish();
    Some(StructDecl { name, doc, extras, kind: kind? })
}

/// Reports a key that describes emitted code, in a type for which none is emitted.
fn belongs_to_app(key: &'static str, keys: &mut Keys<'_, '_>) {
    if let Some(entry) = keys.take(key) {
        let message = format!("`{key}` has no effect on a type of the app");
        let diagnostic =
            Diagnostic::new(Code::UnknownKey, message).at(entry.key_span, "`rust:` names a type of the app");
        keys.reader.report(diagnostic.help("drop it, and write it at the type itself, in the app's code"));
    }
}

/// An entry of `enums:`: a list of variants, or `{ doc: …, other: true, variants: […] }`.
pub(super) fn enumeration(entry: &Entry, reader: &mut Reader) -> Option<EnumDecl> {
    let name = Spanned { value: entry.key.clone(), span: entry.key_span };
    if let Kind::List(items) = &entry.value.kind {
        let variants: Vec<_> = items.iter().filter_map(|item| variant(item, reader)).collect();
        let is_broken = variants.len() < items.len();
        let extras = ExtrasDecl::default();
        return Some(EnumDecl {
            is_broken,
            name,
            doc: None,
            extras,
            other: false,
            ignore_case: None,
            json: None,
            variants,
        });
    }
    if entry.value.as_text().is_some() {
        let help = format!("list the variants: `{}: [small, large]`", show(&entry.key));
        reader.report(wrong_kind(entry, "a list of variants").help(help));
        return None;
    }
    let what = What::named(Place::Enum, "enum", entry);
    let form = format!("{}: [small, large]", show(&entry.key));
    let mut keys = Keys::of(&entry.value, what, name.span, &form, reader)?;
    let doc = keys.text("doc");
    let extras = keys.extras();
    let other = keys.value("other").is_some_and(|other| other.value);
    let ignore_case = keys.value("ignore_case").filter(|ignore| ignore.value);
    let json = keys.value("serde");
    let listed: Vec<String> = keys.rest().filter_map(mapped_variant).take(3).collect();
    let listed = if listed.is_empty() { "small, large".to_owned() } else { listed.join(", ") };
    let help =
        format!("list the variants: `{}: [{listed}]`, or under `variants:`, beside other keys", show(&entry.key));
    let variants = keys.require("variants", &help).and_then(|entry| match &entry.value.kind {
        Kind::List(items) => {
            let variants: Vec<_> = items.iter().filter_map(|item| variant(item, keys.reader)).collect();
            Some((variants.len() < items.len(), variants))
        }
        _ => {
            keys.reader.report(wrong_kind(entry, "a list of variants").help("such as `variants: [small, large]`"));
            None
        }
    });
    keys.finish();
    let (is_broken, variants) = variants?;
    Some(EnumDecl { is_broken, name, doc, extras, other, ignore_case, json, variants })
}

/// A variant in map form, `small: 1`, rewritten in this language.
fn mapped_variant(entry: &Entry) -> Option<String> {
    let Kind::Scalar { text, .. } = &entry.value.kind else { return None };
    Some(match entry.value.is_null() || *text == entry.key {
        true => show(&entry.key),
        false => format!("{{ name: {}, value: {} }}", show(&entry.key), show(text)),
    })
}

/// `pending`, or `{ name: pending, value: P, doc: … }`.
fn variant(node: &Node, reader: &mut Reader) -> Option<VariantDecl> {
    if let Some(name) = node.as_text() {
        let name = Spanned { value: name.to_owned(), span: node.span };
        return Some(VariantDecl { name, doc: None, value: None });
    }
    if !matches!(node.kind, Kind::Map(_)) {
        let help = match (&node.kind, node.to::<i64>()) {
            (Kind::Scalar { text, .. }, Some(_)) => {
                format!("name it, and store it as this value: `{{ name: large, value: {text} }}`")
            }
            _ => "such as `paid`, or `{ name: paid, value: 2 }`".to_owned(),
        };
        let diagnostic = Diagnostic::new(Code::WrongKind, "a variant is a name, or a map")
            .at(node.span, format!("expected a name, found {}", node.describe()))
            .help(help);
        reader.report(diagnostic);
        return None;
    }
    let form = "{ name: paid, value: 2 }";
    let mut keys = Keys::of(node, What::of(Place::Variant, "the variant"), node.span, form, reader)?;
    let listed = keys.rest().find_map(mapped_variant).filter(|listed| listed.starts_with('{'));
    let help = format!("name it: `{}`", listed.as_deref().unwrap_or(form));
    let name = keys.require("name", &help);
    let name = name.and_then(|entry| keys.reader.text(entry));
    let doc = keys.text("doc");
    let value = keys.take("value").map(|entry| entry.value.clone());
    keys.finish();
    Some(VariantDecl { name: name?, doc, value })
}

/// An entry of `unions:`.
pub(super) fn union(entry: &Entry, reader: &mut Reader) -> Option<UnionDecl> {
    let name = Spanned { value: entry.key.clone(), span: entry.key_span };
    let what = What::named(Place::Union, "union", entry);
    let form = format!("{}: {{ tag: kind, variants: {{ … }} }}", show(&entry.key));
    let mut keys = Keys::of(&entry.value, what, name.span, &form, reader)?;
    let doc = keys.text("doc");
    let extras = keys.extras();
    let help = "name the attribute that distinguishes the variants: `tag: kind`";
    let tag = keys.require("tag", help).and_then(|entry| keys.reader.text(entry));
    let help = "list the variants: `variants: { card: { fields: { number: string } } }`";
    let variants = keys
        .require("variants", help)
        .and_then(|entry| keys.reader.map_entries(&entry.value, "`variants`", entry.key_span, VARIANTS));
    keys.finish();
    let declared = variants?.len();
    let variants: Vec<_> = variants?.iter().filter_map(|entry| union_variant(entry, reader)).collect();
    (variants.len() == declared).then_some(UnionDecl { name, doc, extras, tag: tag?, variants })
}

/// `card: CardDetails`, or `card: { value: CARD, fields: { … } }`.
fn union_variant(entry: &Entry, reader: &mut Reader) -> Option<UnionVariantDecl> {
    let name = Spanned { value: entry.key.clone(), span: entry.key_span };
    if matches!(entry.value.kind, Kind::Scalar { .. }) && !entry.value.is_null() {
        let kind = VariantKind::Type(reader.text(entry)?);
        return Some(UnionVariantDecl { name, doc: None, value: None, kind });
    }
    let what = What::named(Place::UnionVariant, "variant", entry);
    let form = format!("{}: {{ fields: {{ number: string }} }}", show(&entry.key));
    let mut keys = Keys::of(&entry.value, what, name.span, &form, reader)?;
    let doc = keys.text("doc");
    let value = keys.text("value");
    let kind = match (keys.take("type"), keys.take("fields")) {
        (Some(ty), None) => VariantKind::Type(keys.reader.text(ty)?),
        (None, Some(listed)) => VariantKind::Fields(field_list(listed, keys.reader)?),
        (None, None) => VariantKind::Fields(Vec::new()),
        (Some(ty), Some(_)) => {
            let diagnostic = Diagnostic::new(Code::BadValue, "a variant has a type, or fields of its own")
                .at(value_span(ty), "it has both")
                .help("drop one of them");
            keys.reader.report(diagnostic);
            return None;
        }
    };
    keys.finish();
    Some(UnionVariantDecl { name, doc, value, kind })
}

/// The `fields:` of a model or type; `None` if they are not a map. They are read last: by then, every unread key is
/// unknown.
/// They may be left out if it takes fields of others.
pub(super) fn fields_of(keys: &mut Keys<'_, '_>, takes_others: bool) -> Option<Vec<FieldDecl>> {
    if takes_others && !keys.rest().any(|entry| entry.key == "fields") {
        return Some(Vec::new());
    }
    let first = keys.rest().find(|entry| entry.key != "fields").map_or("user_id".to_owned(), |entry| show(&entry.key));
    let listed = keys.require("fields", &format!("list the fields: `fields: {{ {first}: string }}`"));
    // Fields beside `fields:` are reported at the end.
    field_list(listed?, keys.reader).filter(|_| keys.not_indented().is_none())
}

fn field_list(entry: &Entry, reader: &mut Reader) -> Option<Vec<FieldDecl>> {
    let form = match &entry.value.kind {
        Kind::List(items) => items.first().and_then(listed_field),
        _ => None,
    };
    let form = format!("fields: {{ {}, … }}", form.unwrap_or_else(|| "id: string".to_owned()));
    let entries = reader.map_entries(&entry.value, "`fields`", entry.key_span, &form)?;
    if entries.is_empty() && reader.found.iter().any(|diagnostic| diagnostic.is_in(entry.value.span)) {
        return None;
    }
    Some(entries.iter().filter_map(|entry| field(entry, reader)).collect())
}

/// A field in list form, `{ name: id, type: string }`, rewritten in this language.
fn listed_field(item: &Node) -> Option<String> {
    let Kind::Map(entries) = &item.kind else { return None };
    let text = |key: &str| entries.iter().find(|entry| entry.key == key).and_then(|entry| entry.value.as_text());
    Some(format!("{}: {}", show(text("name")?), show(text("type")?)))
}

fn field(entry: &Entry, reader: &mut Reader) -> Option<FieldDecl> {
    let name = Spanned { value: entry.key.clone(), span: entry.key_span };
    if matches!(entry.value.kind, Kind::Scalar { .. }) {
        let ty = match entry.value.is_null() {
            true => {
                reader.report(wrong_kind(entry, "a type").help("such as `string`, or `{ type: string, … }`"));
                None
            }
            false => reader.text(entry),
        };
        return Some(FieldDecl::of_type(name, ty));
    }
    let form = format!("{}: string", show(&entry.key));
    let mut keys = Keys::of(&entry.value, field_what(entry), name.span, &form, reader)?;
    let help = "give its type: `type: string`; a struct is an entry of `types:`, and its name a type";
    let ty = keys.require("type", help).and_then(|entry| keys.reader.text(entry));
    // This is one mistake; the wrong type would be a second one.
    let ty = ty.filter(|_| !types_its_items(entry));
    let declared = FieldDecl {
        doc: keys.text("doc"),
        attribute: keys.text("attribute"),
        format: keys.text("format"),
        empty: keys.value("empty"),
        precision: keys.value("precision"),
        transform: keys.take("transform").map(|entry| transforms(entry, keys.reader)).unwrap_or_default(),
        sensitive: keys.value("sensitive").is_some_and(|sensitive| sensitive.value),
        fake: keys.text("fake"),
        seal: seal(&mut keys),
        key_only: keys.value::<bool>("stored").filter(|stored| !stored.value).map(|stored| stored.span),
        role: keys.value("role"),
        sequence: sequence(&mut keys),
        ttl: ttl(&mut keys),
        unique: keys.value("unique").filter(|unique| unique.value).map(|unique| unique.span),
        computed: keys.text("computed"),
        json: keys.take("serde").and_then(|entry| field_json(entry, keys.reader)).unwrap_or_default(),
        extras: ExtrasDecl { attributes: keys.texts("attributes"), ..ExtrasDecl::default() },
        default: keys.take("default").and_then(|entry| default(entry, keys.reader)),
        constraints: constraints(&mut keys),
        ..FieldDecl::of_type(name, ty)
    };
    keys.finish();
    Some(ttl::with_role(sequence::with_role(declared, reader), reader))
}

/// `{ skip: true }`, or `{ name: emailAddress }`.
fn field_json(entry: &Entry, reader: &mut Reader) -> Option<FieldJsonDecl> {
    let span = entry.key_span;
    let what = What::of(Place::FieldJson, "the `serde` of a field");
    let mut keys = Keys::of(&entry.value, what, span, "serde: { name: emailAddress }", reader)?;
    let skip = keys.value("skip").filter(|skip| skip.value).map(|skip| skip.span);
    let name = keys.text("name");
    keys.finish();
    Some(FieldJsonDecl { span: Some(span), skip, name })
}

/// Whether a field has the type of its elements as in JSON Schema, `items: { type: string }`.
fn types_its_items(entry: &Entry) -> bool {
    let Kind::Map(entries) = &entry.value.kind else { return false };
    let items = entries.iter().find(|entry| entry.key == "items").map(|items| &items.value.kind);
    matches!(items, Some(Kind::Map(items)) if items.iter().any(|entry| entry.key == "type"))
}

/// A field as a map, with the synonyms for its type.
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
pub(super) fn transforms(entry: &Entry, reader: &mut Reader) -> Vec<Spanned<Transform>> {
    let Kind::List(items) = &entry.value.kind else {
        return reader.value(entry).into_iter().collect();
    };
    if items.is_empty() {
        let diagnostic = Diagnostic::new(Code::BadConstraint, "`transform` names no transform")
            .at(value_span(entry), "it is empty")
            .help("leave it out, or write one, such as `transform: trim`");
        reader.report(diagnostic);
    }
    let of = |item: &Node| Entry { value: item.clone(), ..entry.clone() };
    let mut found: Vec<Spanned<Transform>> = Vec::with_capacity(items.len());
    for item in items {
        let Some(transform): Option<Spanned<Transform>> = reader.value(&of(item)) else { continue };
        let is_case = |transform| matches!(transform, Transform::Lowercase | Transform::Uppercase);
        let first = found.iter().find_map(|first| match first.value {
            same if same == transform.value => Some((first.span, "a transform is listed twice", "remove one of them")),
            other if is_case(other) && is_case(transform.value) => {
                Some((first.span, "a text has one case", "remove one of them: the last decides"))
            }
            _ => None,
        });
        match first {
            Some((first, message, help)) => {
                let diagnostic = Diagnostic::new(Code::BadConstraint, message).at(transform.span, "the second");
                reader.report(diagnostic.related(first, "the first").help(help));
            }
            None => found.push(transform),
        }
    }
    found
}

pub(super) fn constraints(keys: &mut Keys<'_, '_>) -> Vec<ConstraintDecl> {
    let mut found = Vec::new();
    for key in ConstraintDecl::SIMPLE {
        if let Some(entry) = keys.take(key) {
            let key = Spanned { value: *key, span: entry.key_span };
            found.push(ConstraintDecl { key, value: ConstraintValue::Node(entry.value.clone()) });
        }
    }
    for key in ConstraintDecl::NESTED {
        let Some(entry) = keys.take(key) else { continue };
        let (what, form) =
            (What::of(Place::Field, format!("`{key}`")).at(Place::Items), format!("{key}: {{ min_length: 1 }}"));
        let Some(mut inner) = Keys::of(&entry.value, what, entry.key_span, &form, keys.reader) else {
            continue;
        };
        let mut nested = constraints(&mut inner);
        if let Some(format) = inner.take("format") {
            let key = Spanned { value: "format", span: format.key_span };
            nested.push(ConstraintDecl { key, value: ConstraintValue::Node(format.value.clone()) });
        }
        if let Some(transform) = inner.take("transform") {
            let key = Spanned { value: "transform", span: transform.key_span };
            let value = ConstraintValue::Transforms(transforms(transform, inner.reader));
            nested.push(ConstraintDecl { key, value });
        }
        inner.finish();
        let key = Spanned { value: key, span: entry.key_span };
        found.push(ConstraintDecl { key, value: ConstraintValue::Nested(nested) });
    }
    found
}

impl FieldDecl {
    pub(super) fn of_type(name: Spanned<String>, ty: Option<Spanned<String>>) -> Self {
        Self {
            name,
            doc: None,
            ty,
            attribute: None,
            format: None,
            empty: None,
            precision: None,
            transform: Vec::new(),
            sensitive: false,
            fake: None,
            seal: SealDecl::default(),
            key_only: None,
            role: None,
            sequence: SequenceDecl::default(),
            ttl: None,
            unique: None,
            computed: None,
            json: FieldJsonDecl::default(),
            extras: ExtrasDecl::default(),
            constraints: Vec::new(),
            default: None,
        }
    }
}

fn default(entry: &Entry, reader: &mut Reader) -> Option<DefaultDecl> {
    match &entry.value.kind {
        Kind::Map(entries) => match entries.as_slice() {
            [only] if only.key == "factory" => reader.text(only).map(DefaultDecl::Factory),
            [only] if only.key == "value" => Some(DefaultDecl::Value(only.value.clone())),
            _ => Some(DefaultDecl::Value(entry.value.clone())),
        },
        _ => Some(DefaultDecl::Plain(entry.value.clone())),
    }
}
