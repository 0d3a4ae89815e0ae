//! Collections: the items of several models with the same hash key.

use super::names;
use super::resolver::Resolver;
use super::shared_tables::{Shared, Tables};
use super::{Resolved, doc};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::model::{Collection, Context, Index, KeyAttribute, Member, Model, Projection, Shards};
use crate::schema::{CollectionDecl, ModelDecl, SettingDecl, Spanned};
use crate::text::show;
use heck::ToSnakeCase;

/// The collections; those with mistakes are left out.
pub(crate) fn resolve(models: &[Resolved<'_>], tables: &Tables<'_>, resolver: &mut Resolver<'_>) -> Vec<Collection> {
    let schema = resolver.schema;
    let one = |declared| collection(declared, models, tables, resolver);
    schema.collections.iter().filter_map(one).collect()
}

fn collection(
    declared: &CollectionDecl,
    models: &[Resolved<'_>],
    tables: &Tables<'_>,
    resolver: &mut Resolver<'_>,
) -> Option<Collection> {
    let type_name = resolver.keep(names::type_name(&declared.name, "collection"))?;
    for suffix in ["", "Attributes"] {
        let origin = format!("collection `{}`", show(&declared.name.value));
        resolver.take(&format!("{type_name}{suffix}"), origin, declared.name.span)?;
    }
    let doc = doc::resolve(declared.doc.as_ref(), resolver);
    if tables.is_broken(&declared.table.value) {
        return None;
    }
    let refuse =
        |name: &Spanned<String>, message: String| Diagnostic::new(Code::BadCollection, message).at(name.span, "");
    let Some(table) = tables.iter().find(|table| table.declared.name.value == declared.table.value) else {
        let help = did_you_mean(&declared.table.value, tables.iter().map(|table| table.declared.name.value.as_str()));
        let message = format!("there is no table `{}` under `tables:`", show(&declared.table.value));
        resolver.report(Diagnostic::new(Code::BadCollection, message).at(declared.table.span, "no such entry").help(
            help.unwrap_or_else(|| "define it there, with its keys: `hash_key: { pk: string }`".to_owned().into()),
        ));
        return None;
    };
    let Some(item) = table.resolved.type_name.clone() else {
        let diagnostic = Diagnostic::new(Code::BadCollection, "the table has no discriminator")
            .at(declared.table.span, "no attribute names an item's model")
            .related(table.declared.name.span, "the table")
            .help("write `discriminator: kind` in the table");
        resolver.report(diagnostic);
        return None;
    };
    if declared.models.is_empty() {
        resolver.report(
            Diagnostic::new(Code::BadCollection, "a collection needs models")
                .at(declared.name.span, "it has none")
                .help("list them: `models: [Customer, Order]`"),
        );
        return None;
    }
    let mut members: Vec<Member> = Vec::new();
    let mut first: Option<(&Spanned<String>, Keys<'_>)> = None;
    let start = resolver.found.mark();
    let mut complete = true;
    for name in &declared.models {
        let of_table = models
            .iter()
            .filter(|(_, model)| model.sharing.as_ref().is_some_and(|sharing| sharing.table == table.resolved.name));
        let Some((_, model)) = of_table.clone().find(|(decl, _)| decl.name.value == name.value) else {
            // The model has mistakes, which are reported already.
            complete = false;
            let is_broken = resolver.schema.broken.models.contains(&name.value)
                || resolver
                    .schema
                    .models
                    .iter()
                    .any(|declared| declared.name.value == name.value && names_table(declared, table));
            if is_broken {
                continue;
            }
            let help = did_you_mean(&name.value, of_table.map(|(decl, _)| decl.name.value.as_str()));
            let message =
                format!("`{}` is not a model of the table `{}`", show(&name.value), show(&table.resolved.name));
            resolver.report(
                Diagnostic::new(Code::BadCollection, message)
                    .at(name.span, "no such model")
                    .help(help.unwrap_or_else(|| "name a model whose `table:` is this one".to_owned().into())),
            );
            continue;
        };
        let Some(keys) = keys(declared, model) else {
            let message = format!("model `{}` is not in the index", show(&name.value));
            let help = "write the templates of its key under the model's `indexes:`";
            resolver
                .report(Diagnostic::new(Code::BadCollection, message).at(name.span, "it has no key there").help(help));
            continue;
        };
        if let Some(index) = keys.index.filter(|index| !matches!(index.projection, Projection::All)) {
            let message = format!("the index `{}` does not hold whole items", show(&index.name));
            let diagnostic = Diagnostic::new(Code::BadCollection, message)
                .at(declared.index.as_ref().map_or(name.span, |index| index.span), "a collection reads whole items")
                .related(table.declared.name.span, "its table")
                .help("write `projection: all` in the index, or read it with the models' own queries");
            resolver.report(diagnostic);
            return None;
        }
        if keys.hash.is_hash() {
            let message = "a collection cannot have the hashes of a searchable field as its hash key";
            let diagnostic = Diagnostic::new(Code::BadCollection, message)
                .at(declared.index.as_ref().map_or(name.span, |index| index.span), "an index by hashes")
                .help("leave the collection out, and read the index with the models' own queries");
            resolver.report(diagnostic);
            return None;
        }
        if let Some((first_name, first_keys)) = &first
            && let Some((made, help)) = difference(keys.hash, first_keys.hash)
        {
            let message = "the models of a collection have the same hash key";
            let diagnostic = Diagnostic::new(Code::BadCollection, message)
                .at(name.span, made(keys.hash))
                .related(first_name.span, made(first_keys.hash))
                .help(help);
            resolver.report(diagnostic);
        }
        if let Some((first_name, first_keys)) = &first
            && let Some((own, other)) =
                keys.hash.fields().zip(first_keys.hash.fields()).find(|(own, other)| own.transform != other.transform)
        {
            let message = "the models of a collection transform the fields of the hash key in the same way";
            let diagnostic = Diagnostic::new(Code::BadCollection, message)
                .at(name.span, format!("another `transform` of `{}`", show(&own.name)))
                .related(first_name.span, format!("than of `{}` here", show(&other.name)))
                .help("give both fields the same `transform:`, for example with a scalar or a mixin");
            resolver.report(diagnostic);
        }
        if let Some((first_name, _)) = &first {
            let context = |name: &Spanned<String>| Some(context(name, models)?.name.as_str());
            let (own, other) = (context(name), context(first_name));
            if own != other {
                let label = |context: Option<&str>| match context {
                    Some(context) => format!("a model of the context `{context}`"),
                    None => "a model without a context".to_owned(),
                };
                let diagnostic =
                    Diagnostic::new(Code::BadContext, "the models of a collection have the same context, or none")
                        .at(name.span, label(own))
                        .related(first_name.span, label(other))
                        .help("leave it out, or give both models the same `context:`");
                resolver.report(diagnostic);
            }
        }
        let single = keys.range.iter().all(|range| range.fields().all(|field| keys.hash.determines(&field.name)));
        let own = model.name.to_snake_case();
        let name_of = if single { own } else { plural(&own) };
        if members.iter().any(|member| member.name == name_of) {
            resolver.report(
                refuse(name, format!("two members would be called `{name_of}`")).help("rename one of the models"),
            );
        }
        members.push(Member { model: model.name.clone(), name: name_of, single });
        first.get_or_insert((name, keys));
    }
    let (first, keys) = first?;
    (complete && resolver.found.is_sound_since(start)).then(|| Collection {
        type_name,
        doc,
        context: context(first, models).cloned(),
        item,
        hash_key: without_choice(keys.hash),
        range_key: keys.range.map(|key| (key.attribute.clone(), key.kind)),
        index: keys
            .index
            .map(|index| (index.index_name.clone(), index.keys().map(|key| key.attribute.clone()).collect())),
        members,
    })
}

/// The hash key as all members have it: each chooses the shards of its items by fields of its own.
fn without_choice(hash_key: &KeyAttribute) -> KeyAttribute {
    let shards = hash_key.shards.as_ref().map(|shards| Shards { count: shards.count, by: Vec::new() });
    KeyAttribute { shards, ..hash_key.clone() }
}

/// What is said of a key in the label of a diagnostic.
type Label = fn(&KeyAttribute) -> String;

/// The context of a model, by the model's name in the schema.
fn context<'m>(name: &Spanned<String>, models: &'m [Resolved<'_>]) -> Option<&'m Context> {
    models.iter().find(|(decl, _)| decl.name.value == name.value)?.1.context.as_ref()
}

/// How two hash keys differ: the label of each, and what to do. Different numbers of shards are a mistake already.
fn difference(one: &KeyAttribute, other: &KeyAttribute) -> Option<(Label, &'static str)> {
    let text = |key: &KeyAttribute| format!("made as `{}`", show(&key.text()));
    let shards = |key: &KeyAttribute| match &key.shards {
        Some(shards) => format!("in {} shards", shards.count),
        None => "not in shards".to_owned(),
    };
    if one.text() != other.text() {
        return Some((text, "leave it out, or make its hash key of the same text and fields"));
    }
    (one.shards.is_some() != other.shards.is_some())
        .then_some((shards, "leave it out, or give both hash keys the same `shards:`"))
}

/// Whether a model is declared to be in a table.
fn names_table(declared: &ModelDecl, table: &Shared<'_>) -> bool {
    matches!(&declared.table.name, Some(SettingDecl::Value(name)) if name.value == table.declared.name.value)
}

/// The keys of a member of a collection.
struct Keys<'m> {
    hash: &'m KeyAttribute,
    range: Option<&'m KeyAttribute>,
    index: Option<&'m Index>,
}

fn keys<'m>(declared: &CollectionDecl, model: &'m Model) -> Option<Keys<'m>> {
    let Some(name) = &declared.index else {
        return Some(Keys { hash: &model.hash_key, range: model.range_key.as_ref(), index: None });
    };
    let index = model.indexes.iter().find(|index| index.name == name.value.to_snake_case())?;
    Some(Keys { hash: index.hash_key.first()?, range: index.range_key.first(), index: Some(index) })
}

/// An English plural.
fn plural(name: &str) -> String {
    match name.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{stem}ies"),
        _ if name.ends_with(['s', 'x', 'z']) || name.ends_with("ch") || name.ends_with("sh") => format!("{name}es"),
        _ => format!("{name}s"),
    }
}
