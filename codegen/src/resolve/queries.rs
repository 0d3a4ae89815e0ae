//! A model's named queries. Each uses the table's keys or an index, never a scan.

use super::doc;
use super::names::{self, Namespace};
use super::resolver::Resolver;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::model::{Comparison, Field, Index, KeyAttribute, Model, Query, RangeOperator, Shards, StoredForm};
use crate::schema::{ComparisonDecl, FieldDecl, ModelDecl, QueryDecl, Spanned};
use crate::terms::FieldRole;
use crate::text::show;

/// The methods that every model has.
const METHODS: &[&str] = &[
    "batch_get",
    "builder",
    "create_table",
    "delete",
    "delete_by_key",
    "delete_partition",
    "delete_table",
    "find",
    "get",
    "insert",
    "key",
    "query",
    "refresh",
    "rekey",
    "replace",
    "save",
    "scan",
    "table_exists",
    "update",
    "update_by_key",
    "update_without_refresh",
    "validate",
    "clone",
    "clone_from",
    "eq",
    "ne",
    "fmt",
    "hash",
];

/// Methods of models with a context, and names that mean other methods.
const OF_CONTEXTS: &[&str] = &["as_ref", "borrow", "changes_to", "context", "deref", "fake", "fake_in", "new"];

/// The table or index that a query reads.
struct Source<'s> {
    type_name: &'s str,
    text: String,
    shards: Option<&'s Shards>,
    hash_key: Vec<&'s Field>,
    range_key: Vec<&'s Field>,
    /// The key attributes that the fields are in.
    range_keys: &'s [KeyAttribute],
}

/// The queries; `None` if one has a mistake.
pub(crate) fn resolve(declared: &ModelDecl, model: &Model, resolver: &mut Resolver<'_>) -> Option<Vec<Query>> {
    let indexes = model.indexes.as_slice();
    let has_methods = !indexes.is_empty() || !model.computed.is_empty() || model.context.is_some();
    if declared.queries.is_empty() && !has_methods {
        return Some(Vec::new());
    }
    let mut methods = Namespace::default();
    for method in METHODS {
        resolver.keep(methods.take(method, "a method that every model has".to_owned(), declared.name.span));
    }
    for index in indexes {
        for method in [format!("query_{}", index.name), format!("scan_{}", index.name)] {
            resolver.keep(methods.take(&method, format!("a method of the index `{}`", index.name), declared.name.span));
        }
    }
    if model.role(FieldRole::DeletedAt).is_some() {
        for method in ["soft_delete", "soft_delete_by_key", "restore"] {
            let origin = "a method of each model with the role `deleted_at`".to_owned();
            resolver.keep(methods.take(method, origin, declared.name.span));
        }
    }
    for (name, role) in counters(declared) {
        let (method, of) = match role {
            FieldRole::Sequence => (format!("{}_sequence", name.value), "sequence"),
            _ => (format!("increment_{}", name.value), "counter"),
        };
        resolver.keep(methods.take(&method, format!("a method of the {of} `{}`", show(&name.value)), name.span));
    }
    for (decl, of) in declared.computed.iter().zip(&model.computed) {
        let origin = format!("the method of the computed field `{}`", show(&decl.name.value));
        resolver.keep(methods.take(&of.field.name, origin, decl.name.span))?;
    }
    if let (Some(context), Some(name)) = (&model.context, &declared.context) {
        let own = OF_CONTEXTS.iter().map(|method| (*method, "a method of each model with a context".to_owned()));
        let getter = |field: &'_ Field| format!("the method of the field `{}` of its context", show(&field.name));
        let getters = context.fields.iter().map(|field| (field.name.as_str(), getter(field)));
        for (method, origin) in own.chain(getters) {
            resolver.keep(methods.take(method, origin, name.span))?;
        }
    }
    let table = || Source {
        type_name: &model.name,
        text: "the table".to_owned(),
        shards: model.hash_key.shards.as_ref(),
        hash_key: model.hash_fields(),
        range_key: model.range_fields(),
        range_keys: model.range_key.as_slice(),
    };
    let source = |name: Option<&Spanned<String>>| match name {
        None => Ok(table()),
        Some(name) => index(name, declared, indexes),
    };
    let mut queries = Vec::with_capacity(declared.queries.len());
    for name in declared.queries.iter().flat_map(|query| &query.reads) {
        resolver.found.extend(unknown_read(name, declared));
    }
    for query in &declared.queries {
        let source = resolver.keep(source(query.index.as_ref()));
        queries.extend(source.and_then(|source| resolve_one(query, &source, &mut methods, resolver)));
    }
    (queries.len() == declared.queries.len()).then_some(queries)
}

/// The names of the fields that increments change.
fn counters(declared: &ModelDecl) -> impl Iterator<Item = (&Spanned<String>, FieldRole)> {
    let counter = |field: &'_ FieldDecl| field.role.as_ref().map(|role| role.value).filter(|role| role.counts());
    declared.fields.iter().filter_map(move |field| Some((&field.name, counter(field)?)))
}

/// A field under `reads:` that the model does not have.
fn unknown_read(name: &Spanned<String>, declared: &ModelDecl) -> Option<Diagnostic> {
    let names = || declared.fields.iter().chain(&declared.computed).map(|field| field.name.value.as_str());
    if names().any(|field| field == name.value) {
        return None;
    }
    let message = format!("model `{}` has no field `{}`", show(&declared.name.value), show(&name.value));
    let help = did_you_mean(&name.value, names());
    let diagnostic = Diagnostic::new(Code::UnknownKeyField, message).at(name.span, "no such field");
    Some(
        diagnostic
            .help(help.unwrap_or_else(|| "name fields of the model, by their names in the schema".to_owned().into())),
    )
}

fn index<'s>(name: &Spanned<String>, declared: &ModelDecl, indexes: &'s [Index]) -> Result<Source<'s>, Diagnostic> {
    let of_shared = declared.index_keys.iter().map(|index| index.name.value.as_str());
    let names: Vec<&str> = declared.indexes.iter().map(|index| index.name.value.as_str()).chain(of_shared).collect();
    let position = names.iter().position(|index| *index == name.value);
    let Some(index) = position.and_then(|position| indexes.get(position)) else {
        let message = format!("there is no index `{}`", show(&name.value));
        if declared.vector_indexes.iter().any(|index| index.name.value == name.value) {
            let help = format!("leave it out: the code has `search_{}` for it", show(&name.value));
            return Err(Diagnostic::new(Code::UnknownKeyField, message)
                .at(name.span, "a vector index is searched, not queried")
                .help(help));
        }
        let help = did_you_mean(&name.value, names);
        return Err(Diagnostic::new(Code::UnknownKeyField, message)
            .at(name.span, "no such index")
            .help(help.unwrap_or_else(|| "name one of the model's `indexes:`".to_owned().into())));
    };
    Ok(Source {
        type_name: &index.type_name,
        text: format!("the index `{}`", index.index_name),
        shards: index.hash_key.first().and_then(|key| key.shards.as_ref()),
        hash_key: index.hash_fields(),
        range_key: index.compared_fields(),
        range_keys: &index.range_key,
    })
}

fn resolve_one(
    declared: &QueryDecl,
    source: &Source<'_>,
    methods: &mut Namespace,
    resolver: &mut Resolver<'_>,
) -> Option<Query> {
    let name = resolver.keep(names::member_name(&declared.name, "query"))?;
    resolver.keep(methods.take(&name, format!("query `{}`", show(&declared.name.value)), declared.name.span))?;
    if let Some(limit) = declared.limit.as_ref().filter(|limit| limit.value == 0) {
        let diagnostic = Diagnostic::new(Code::BadValue, "`limit` is at least 1").at(limit.span, "no item");
        resolver.report(diagnostic.help("such as `limit: 100`, or leave it out"));
        return None;
    }
    let range = range(source, &declared.range, resolver)?;
    Some(Query {
        name,
        doc: doc::resolve(declared.doc.as_ref(), resolver),
        source: source.type_name.to_owned(),
        source_text: source.text.clone(),
        hash_key: source.hash_key.iter().map(|field| (*field).clone()).collect(),
        shards: source.shards.filter(|shards| !is_in_one(shards, source, &range)).map(|shards| shards.count),
        range,
        order: declared.order,
        limit: declared.limit.as_ref().map(|limit| limit.value),
    })
}

/// Whether the conditions of a query determine the shard.
fn is_in_one(shards: &Shards, source: &Source<'_>, range: &[Comparison]) -> bool {
    let hash = source.hash_key.iter().map(|field| &field.name);
    let equal = range.iter().filter(|asked| asked.operator == RangeOperator::Eq).map(|asked| &asked.range_key.name);
    let known: Vec<&String> = hash.chain(equal).collect();
    shards.by.iter().all(|field| known.contains(&&field.name))
}

/// The comparisons of a query with the range key's attributes, in their order. All except the last are equalities.
fn range(source: &Source<'_>, declared: &[ComparisonDecl], resolver: &mut Resolver<'_>) -> Option<Vec<Comparison>> {
    let mut taken = Namespace::default();
    let mut comparisons = Vec::with_capacity(declared.len());
    for (position, comparison) in declared.iter().enumerate() {
        let ComparisonDecl { operator, parameters } = comparison;
        let Some(range_key) = source.range_key.get(position) else {
            resolver.report(not_served(source, operator));
            return None;
        };
        let has_no_beginning = range_key.is_number() || range_key.form == StoredForm::Text;
        if operator.value == RangeOperator::BeginsWith && has_no_beginning {
            let message = "`begins_with` compares the beginning of text or bytes";
            let diagnostic =
                Diagnostic::new(Code::TypeNotAllowed, message).at(operator.span, "the range key is a number");
            resolver.report(diagnostic.help(match range_key.form {
                StoredForm::Text => "the texts of numbers do not sort as numbers: compare whole values with `eq`",
                _ => "ask for a range of numbers: `between: [from, to]`",
            }));
            return None;
        }
        if !range_key.is_sorted() && !matches!(operator.value, RangeOperator::Eq | RangeOperator::BeginsWith) {
            let (message, label, why) = match range_key.form {
                StoredForm::Pydantic => (
                    "the texts of times with the format `pydantic` do not sort by time",
                    "expected eq or begins_with",
                    "`12:00:00Z` comes after `12:00:00.5Z`",
                ),
                StoredForm::Pattern(_) => (
                    "the texts of this pattern do not sort by time",
                    "expected eq or begins_with",
                    "a component of the time is before a larger one",
                ),
                _ => ("numbers with the format `text` do not sort as numbers", "expected eq", "`9` sorts after `10`"),
            };
            let diagnostic = Diagnostic::new(Code::TypeNotAllowed, message)
                .at(operator.span, label)
                .help(format!("{why}: give the field another format for this query"));
            resolver.report(diagnostic);
            return None;
        }
        if operator.value == RangeOperator::BeginsWith
            && source.range_keys.iter().any(|key| key.is_in_other_form(&range_key.name))
        {
            let message = format!("the key has `{}` in another form than its attribute", show(&range_key.name));
            let diagnostic = Diagnostic::new(Code::TypeNotAllowed, message)
                .at(operator.span, "no beginning of the attribute is one of the key")
                .help("compare whole values: `between: [from, to]`");
            resolver.report(diagnostic);
            return None;
        }
        if source.range_keys.iter().any(|key| key.is_unordered_at(&range_key.name))
            && !matches!(operator.value, RangeOperator::Eq | RangeOperator::BeginsWith)
        {
            let message = format!("the key does not sort as the field `{}`", show(&range_key.name));
            let diagnostic = Diagnostic::new(Code::TypeNotAllowed, message)
                .at(operator.span, "expected eq or begins_with")
                .help("its template has `unordered: true`");
            resolver.report(diagnostic);
            return None;
        }
        if operator.value != RangeOperator::Eq && position + 1 < declared.len() {
            let message = "all comparisons of a range but the last are `eq`";
            resolver.report(
                Diagnostic::new(Code::BadValue, message)
                    .at(operator.span, "others follow this one")
                    .help("a range key of several attributes is sorted by the first, then by the next"),
            );
            return None;
        }
        let mut names = Vec::with_capacity(parameters.len());
        for parameter in parameters {
            let name = resolver.keep(names::member_name(parameter, "parameter"))?;
            resolver.keep(taken.take(&name, format!("parameter `{}`", show(&parameter.value)), parameter.span))?;
            names.push(name);
        }
        let range_key = (*range_key).clone();
        comparisons.push(Comparison { operator: operator.value, range_key, parameters: names });
    }
    Some(comparisons)
}

fn not_served(source: &Source<'_>, operator: &Spanned<RangeOperator>) -> Diagnostic {
    let message = match source.range_key.len() {
        0 => format!("{} has no range key to compare", source.text),
        1 => format!("the range key of {} is one attribute", source.text),
        more => format!("the range key of {} has {more} attributes", source.text),
    };
    Diagnostic::new(Code::UnknownKeyField, message)
        .at(operator.span, "no key serves this, and a query never becomes a scan")
        .help("name an index with a range key for it, with `index:`")
}
