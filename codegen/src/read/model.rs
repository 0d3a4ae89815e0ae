//! The shape of a model: its keys, indexes, projections and queries.

use super::allow::allow;
use super::hints::{items, rate, rates, reads, size};
use super::inputs::inputs;
use super::keys::{Keys, What};
use super::reader::{Reader, value_span, wrong_kind};
use super::shared_table;
use super::table::{table, throughput};
use super::types::fields_of;
use super::unique::unique;
use super::upgrades::upgrades;
use super::vector_index::vector_index;
use crate::diagnostic::{Code, Diagnostic, Ours, Place, did_you_mean, nearest, ours};
use crate::node::{Entry, Kind, Node};
use crate::schema::*;
use crate::sources::Span;
use crate::terms::*;
use crate::text::show;
use std::collections::HashMap;

const INDEXES: &str = "indexes: { by_email: { hash_key: email } }";
const VECTOR_INDEXES: &str = "vector_indexes: { by_embedding: { vector: embedding, distance: cosine } }";
const QUERIES: &str = "queries: { since: { range: { ge: since } } }";

pub(super) fn model(entry: &Entry, reader: &mut Reader) -> Option<ModelDecl> {
    let name = Spanned { value: entry.key.clone(), span: entry.key_span };
    let what = What::named(Place::Model, "model", entry);
    let form = format!("{}: {{ table: …, hash_key: …, fields: {{ … }} }}", show(&entry.key));
    let mut keys = Keys::of(&entry.value, what, name.span, &form, reader)?;
    let doc = keys.text("doc");
    let extras = keys.extras();
    let table = keys
        .require("table", "name the table: `table: users`")
        .map(|entry| table(entry, keys.reader))
        .unwrap_or_default();
    let key = keys.take("key").map(|entry| shared_table::key(entry, keys.reader));
    let (hash_key, range_key) = match key {
        Some(_) => (None, None),
        None => {
            let help = "name the field that is the table's hash key (its partition key), or say with `key:` how the keys \
                        of a shared table are made";
            let hash_key = keys.require("hash_key", help).and_then(|entry| keys.reader.text(entry));
            (hash_key, keys.text("range_key"))
        }
    };
    let discriminator = if key.is_some() { keys.take("discriminator") } else { None };
    let discriminator = discriminator.and_then(|entry| shared_table::discriminator(entry, keys.reader));
    let validate = keys.text("validate");
    let hooks = HooksDecl { before_write: keys.text("before_write"), after_read: keys.text("after_read") };
    let validate_on_read = keys.value("validate_on_read").is_some_and(|on| on.value);
    let check_keys_on_read = keys.value("check_keys_on_read").is_none_or(|on| on.value);
    let unknown_attributes = keys.value("unknown_attributes").map(|of| of.value).unwrap_or_default();
    let listed = keys
        .take("indexes")
        .and_then(|entry| keys.reader.map_entries(&entry.value, "`indexes`", entry.key_span, INDEXES))
        .unwrap_or_default();
    let (indexes, index_keys) = match key {
        Some(_) => (Vec::new(), listed.iter().filter_map(|entry| shared_table::key(entry, keys.reader)).collect()),
        None => (listed.iter().map(|entry| index(entry, keys.reader)).collect(), Vec::new()),
    };
    let vector_indexes = keys
        .take("vector_indexes")
        .and_then(|entry| keys.reader.map_entries(&entry.value, "`vector_indexes`", entry.key_span, VECTOR_INDEXES))
        .unwrap_or_default()
        .iter()
        .filter_map(|entry| vector_index(entry, keys.reader))
        .collect();
    let projections = keys
        .take("projections")
        .and_then(|entry| {
            let form = "projections: { label: [name, price] }";
            keys.reader.map_entries(&entry.value, "`projections`", entry.key_span, form)
        })
        .unwrap_or_default()
        .iter()
        .filter_map(|entry| projection_struct(entry, keys.reader))
        .collect();
    let queries = keys
        .take("queries")
        .and_then(|entry| keys.reader.map_entries(&entry.value, "`queries`", entry.key_span, QUERIES))
        .unwrap_or_default()
        .iter()
        .filter_map(|entry| query(entry, keys.reader))
        .collect();
    let upgrades = keys.take("upgrades").map(|entry| upgrades(entry, keys.reader)).unwrap_or_default();
    let unique = keys.take("unique").map(|entry| unique(entry, keys.reader)).unwrap_or_default();
    let inputs = keys.take("inputs").map(|entry| inputs(entry, keys.reader)).unwrap_or_default();
    let allow = allow(&mut keys);
    let (size, rate) = (size(&mut keys), rates(&mut keys));
    let mixins = keys.texts("mixins");
    let context = keys.text("context");
    let declared = fields_of(&mut keys, !mixins.is_empty() || context.is_some());
    keys.finish();
    Some(ModelDecl {
        name,
        doc,
        extras,
        table,
        hash_key,
        range_key,
        key: key.flatten(),
        index_keys,
        discriminator,
        fields: declared?,
        computed: Vec::new(),
        mixins,
        context,
        upgrades,
        unique,
        validate,
        hooks,
        validate_on_read,
        check_keys_on_read,
        unknown_attributes,
        indexes,
        vector_indexes,
        projections,
        queries,
        inputs,
        allow,
        size,
        rate,
    })
}

fn query(entry: &Entry, reader: &mut Reader) -> Option<QueryDecl> {
    let name = Spanned { value: entry.key.clone(), span: entry.key_span };
    let what = What::named(Place::Query, "query", entry);
    let mut keys = Keys::of(&entry.value, what, name.span, QUERIES, reader)?;
    let start = keys.reader.found.mark();
    let declared = QueryDecl {
        name,
        doc: keys.text("doc"),
        index: keys.text("index"),
        range: keys.take("range").map(|entry| range(entry, keys.reader)).unwrap_or_default(),
        order: keys.value("order").map(|order| order.value),
        limit: keys.value("limit"),
        reads: reads(&mut keys),
        allow: allow(&mut keys),
        rate: rate("rate", &mut keys),
        items: items(&mut keys),
    };
    keys.finish();
    reader.found.is_sound_since(start).then_some(declared)
}

/// `{ ge: since }`, or a list with a comparison for each attribute of the range key.
fn range(entry: &Entry, reader: &mut Reader) -> Vec<ComparisonDecl> {
    match &entry.value.kind {
        Kind::List(items) => items
            .iter()
            .filter_map(|item| {
                let span = if item.span.start == item.span.end { entry.key_span } else { item.span };
                comparison(item, span, reader)
            })
            .collect(),
        _ => comparison(&entry.value, value_span(entry), reader).into_iter().collect(),
    }
}

/// `{ ge: since }`, or `{ between: [from, to] }`.
fn comparison(node: &Node, span: Span, reader: &mut Reader) -> Option<ComparisonDecl> {
    let entries = reader.map_entries(node, "`range`", span, "range: { ge: since }")?;
    let [only] = entries else {
        let diagnostic = Diagnostic::new(Code::BadValue, "`range` is one comparison")
            .at(span, format!("expected one entry, found {}", entries.len()))
            .help("such as `range: { ge: since }`, or `range: { between: [from, to] }`");
        reader.report(diagnostic);
        return None;
    };
    let operator = Node::plain(only.key_span, &only.key).to::<RangeOperator>();
    let Some(operator) = operator else {
        let diagnostic =
            Diagnostic::new(Code::BadValue, format!("`{}` is not a comparison of a range key", show(&only.key)))
                .at(only.key_span, "expected eq, lt, le, gt, ge, between or begins_with");
        let words = ["eq", "lt", "le", "gt", "ge", "between", "begins_with"];
        let signs = [("=", "eq"), ("==", "eq"), ("<", "lt"), ("<=", "le"), (">", "gt"), (">=", "ge")];
        let sign = signs.iter().find(|(sign, _)| *sign == only.key).map(|(_, word)| Ours::Is(word));
        let help = sign.or_else(|| ours(&[Place::Value("RangeOperator")], &only.key)).map(|ours| ours.help(""));
        let help = help.or_else(|| did_you_mean(&only.key, words));
        reader.report(diagnostic.help(help.unwrap_or_else(|| "such as `range: { ge: since }`".to_owned().into())));
        return None;
    };
    let parameters: Vec<Spanned<String>> = match &only.value.kind {
        Kind::List(items) => items.iter().filter_map(name).collect(),
        _ => reader.text(only).into_iter().collect(),
    };
    let wanted = if operator == RangeOperator::Between { 2 } else { 1 };
    if parameters.len() != wanted {
        let diagnostic = Diagnostic::new(Code::BadValue, "the comparison names its parameters")
            .at(value_span(only), format!("expected {wanted} of them"))
            .help("such as `ge: since`, or `between: [from, to]`");
        reader.report(diagnostic);
        return None;
    }
    Some(ComparisonDecl { operator: Spanned { value: operator, span: only.key_span }, parameters })
}

fn name(node: &Node) -> Option<Spanned<String>> {
    node.as_text().map(|name| Spanned { value: name.to_owned(), span: node.span })
}

/// A key of an index: a field, or a list of fields.
fn index_key(entry: &Entry, reader: &mut Reader) -> Vec<Spanned<String>> {
    let Kind::List(items) = &entry.value.kind else {
        return reader.text(entry).into_iter().collect();
    };
    names(items, entry, reader)
}

/// The names in a list, each once.
pub(super) fn names(items: &[Node], entry: &Entry, reader: &mut Reader) -> Vec<Spanned<String>> {
    for item in items.iter().filter(|item| item.as_text().is_none()) {
        let diagnostic = Diagnostic::new(Code::WrongKind, format!("`{}` lists names", show(&entry.key)))
            .at(item.span, format!("expected a name, found {}", item.describe()))
            .help(format!("list the names alone: `{}: [name, price]`", show(&entry.key)));
        reader.report(diagnostic);
    }
    let mut listed: HashMap<&str, Span> = HashMap::new();
    let mut found = Vec::with_capacity(items.len());
    for item in items {
        let Some(text) = item.as_text() else { continue };
        if let Some(first) = listed.get(text) {
            let message = format!("`{}` lists `{}` twice", show(&entry.key), show(text));
            let diagnostic = Diagnostic::new(Code::BadValue, message)
                .at(item.span, "the same again")
                .related(*first, "the first time")
                .help("remove one of them");
            reader.report(diagnostic);
        } else {
            listed.insert(text, item.span);
            found.extend(name(item));
        }
    }
    found
}

/// `[name, price]`, or `{ doc: …, fields: [name, price] }`.
fn projection_struct(entry: &Entry, reader: &mut Reader) -> Option<ProjectionStructDecl> {
    let name = Spanned { value: entry.key.clone(), span: entry.key_span };
    if let Kind::List(items) = &entry.value.kind {
        return Some(ProjectionStructDecl { name, doc: None, fields: names(items, entry, reader) });
    }
    let what = What::named(Place::Projection, "projection", entry);
    let form = format!("{}: [name, price]", show(&entry.key));
    let mut keys = Keys::of(&entry.value, what, name.span, &form, reader)?;
    let doc = keys.text("doc");
    let listed = keys.require("fields", "list the fields: `fields: [name, price]`");
    keys.finish();
    let listed = listed?;
    match &listed.value.kind {
        Kind::List(items) => Some(ProjectionStructDecl { name, doc, fields: names(items, listed, reader) }),
        _ => {
            reader.report(wrong_kind(listed, "a list of fields").help("such as `fields: [name, price]`"));
            None
        }
    }
}

fn index(entry: &Entry, reader: &mut Reader) -> IndexDecl {
    let start = reader.found.mark();
    let what = What::named(Place::Index, "index", entry);
    let form = format!("{}: {{ hash_key: {} }}", show(&entry.key), show(entry.value.as_text().unwrap_or("email")));
    let name = Spanned { value: entry.key.clone(), span: entry.key_span };
    let Some(mut keys) = Keys::of(&entry.value, what, name.span, &form, reader) else {
        return IndexDecl::broken(name);
    };
    let declared = IndexDecl {
        is_broken: false,
        name,
        index_name: keys.text("name"),
        hash_key: keys.take("hash_key").map(|entry| index_key(entry, keys.reader)).unwrap_or_default(),
        range_key: keys.take("range_key").map(|entry| index_key(entry, keys.reader)).unwrap_or_default(),
        local: keys.value("local").is_some_and(|local| local.value),
        projection: keys
            .take("projection")
            .and_then(|entry| projection(entry, keys.reader))
            .unwrap_or(ProjectionDecl::All),
        throughput: keys.take("throughput").and_then(|entry| throughput(entry, keys.reader)),
        allow: allow(&mut keys),
    };
    keys.finish();
    IndexDecl { is_broken: !reader.found.is_sound_since(start), ..declared }
}

pub(super) fn projection(entry: &Entry, reader: &mut Reader) -> Option<ProjectionDecl> {
    let node = &entry.value;
    match (&node.kind, node.as_text()) {
        (Kind::List(items), _) => Some(ProjectionDecl::Include(names(items, entry, reader))),
        (_, Some("all")) => Some(ProjectionDecl::All),
        (_, Some("keys_only")) => Some(ProjectionDecl::KeysOnly),
        _ => {
            let diagnostic =
                Diagnostic::new(Code::BadValue, "`projection` must be `all`, `keys_only` or a list of fields")
                    .at(value_span(entry), format!("found {}", node.describe()))
                    .help(match nearest(node.as_text().unwrap_or_default(), ["all", "keys_only"]) {
                        Some(word) => format!("write `projection: {word}`"),
                        None => "such as `projection: [name]`, for the keys and the field `name`".to_owned(),
                    });
            reader.report(diagnostic);
            None
        }
    }
}
