//! The key templates of a model in a shared table.

use super::draft::Draft;
use super::keys::Keys;
use super::names;
use super::resolver::Resolver;
use super::shared_tables::{Shared, Tables};
use super::templates::{self, Place};
use super::unique;
use super::{discriminators, separators, shards, shared_projections, when};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::model::{Field, Index, IndexDefinition, KeyAttribute, KeyKind, MadeOf, Sharing, Table};
use crate::schema::{FieldDecl, KeyDecl, ModelDecl, SettingDecl, TemplateDecl};
use crate::text::show;
use heck::ToUpperCamelCase;

/// The maximum number of fields in a hash key: each is an argument of the emitted functions.
const MOST_HASH_FIELDS: usize = 16;

/// A model's keys and indexes in a shared table.
pub(crate) struct Placed {
    pub(crate) table: Table,
    pub(crate) keys: Keys,
    pub(crate) indexes: Vec<Index>,
    pub(crate) sharing: Option<Sharing>,
}

/// The model's keys and indexes in its table; `None` if one has a mistake.
pub(super) fn resolve(
    model: &Draft<'_>,
    key: &KeyDecl,
    tables: &Tables<'_>,
    resolver: &mut Resolver<'_>,
) -> Option<Placed> {
    let Draft { declared, fields, .. } = *model;
    if matches!(&declared.table.name, Some(SettingDecl::Value(name)) if tables.is_broken(&name.value)) {
        return None;
    }
    let shared = resolver.keep(find(declared, tables))?;
    check_settings(declared, shared, resolver);
    let table = &shared.resolved;
    let definition = |(attribute, kind): &(String, KeyKind)| (attribute.clone(), *kind);
    let attributes: Vec<_> = std::iter::once(&table.hash_key).chain(&table.range_key).map(definition).collect();
    let start = resolver.found.mark();
    let mut keys = made(key, &attributes, (&[], &[]), (shared, model), resolver)?.into_iter();
    let (hash_key, range_key) = (keys.next()?, keys.next());
    resolver.found.extend(key.when.as_ref().map(when::of_table));
    let mut indexes: Vec<Index> = Vec::with_capacity(declared.index_keys.len());
    for key in &declared.index_keys {
        let earlier = indexes.iter().flat_map(Index::keys);
        let known: Vec<&KeyAttribute> = [&hash_key].into_iter().chain(&range_key).chain(earlier).collect();
        let of_table: Vec<&KeyAttribute> = [&hash_key].into_iter().chain(&range_key).collect();
        let index = index(key, model, shared, (&of_table, &known, &indexes), resolver);
        indexes.extend(index);
    }
    let discriminator = discriminators::of_model(declared, shared, resolver);
    let made: Vec<&KeyAttribute> =
        [&hash_key].into_iter().chain(&range_key).chain(indexes.iter().flat_map(Index::keys)).collect();
    check_attributes(&made, &discriminator, model.attributes, resolver);
    unique::check(declared, shared, fields, resolver);
    let sharing = Some(Sharing { table: table.name.clone(), discriminator, by_key: table.by_key, mixed: false });
    resolver.found.is_sound_since(start).then(|| Placed {
        table: table.table.clone(),
        keys: (hash_key, range_key),
        indexes,
        sharing,
    })
}

/// The settings of a shared table are those of its entry, and nothing would set those of one of its models.
fn check_settings(declared: &ModelDecl, shared: &Shared<'_>, resolver: &mut Resolver<'_>) {
    let table = &declared.table;
    let mut places = [&table.region, &table.host].into_iter().flatten().map(SettingDecl::span);
    let Some(span) = places.next().or_else(|| Some(table.written.first()?.span)) else { return };
    let name = &shared.declared.name;
    resolver.report(
        Diagnostic::new(Code::TableConflict, "a model has no settings of its own for a shared table")
            .at(span, "a setting of the table")
            .related(name.span, "the table")
            .help(format!("write it under `{}:` in `tables:`", show(&name.value))),
    );
}

/// The entry of `tables:` that a model names.
fn find<'t, 's>(declared: &ModelDecl, tables: &'t [Shared<'s>]) -> Result<&'t Shared<'s>, Diagnostic> {
    let Some(SettingDecl::Value(name)) = &declared.table.name else {
        let key = declared.key.as_ref().map_or(declared.name.span, |key| key.name.span);
        return Err(Diagnostic::new(Code::TableConflict, "the model has a `key`, but no shared table")
            .at(key, "`key` makes the keys of a shared table")
            .help("name an entry of `tables:`, `table: shop`, or write `hash_key:` for a table of the model's own"));
    };
    tables.iter().find(|table| table.declared.name.value == name.value).ok_or_else(|| {
        let help = did_you_mean(&name.value, tables.iter().map(|table| table.declared.name.value.as_str()));
        Diagnostic::new(Code::TableConflict, format!("there is no table `{}` under `tables:`", show(&name.value)))
            .at(name.span, "no such entry")
            .help(
                help.unwrap_or_else(|| "define it there, with its keys: `hash_key: { pk: string }`".to_owned().into()),
            )
    })
}

/// Checks that a model with its own table does not name a shared one, by its entry or by its name in DynamoDB, and has
/// no unique fields.
pub(crate) fn check_own(declared: &ModelDecl, own: Option<&Table>, tables: &[Shared<'_>], resolver: &mut Resolver<'_>) {
    let names = |table: &&Shared<'_>| match &declared.table.name {
        Some(SettingDecl::Value(name)) if name.value == table.declared.name.value => true,
        _ => own.is_some_and(|own| own.is_same(&table.resolved.table)),
    };
    if let Some(name) = &declared.table.name
        && let Some(table) = tables.iter().find(names)
    {
        let diagnostic = Diagnostic::new(Code::TableConflict, "the models of a shared table make its keys with `key`")
            .at(name.span(), "this table is shared")
            .related(table.declared.name.span, "defined here")
            .help("write `key:` instead of `hash_key:`, such as `key: { pk: 'USER#{user_id}' }`");
        resolver.report(diagnostic);
    }
    if let Some(span) = declared.unique_span() {
        let message = "the values of a unique field are guarded by items of their own";
        let diagnostic = Diagnostic::new(Code::BadUnique, message)
            .at(span, "in this table, they could not be distinguished from the model's items")
            .help("define the table under `tables:`, with a discriminator, and write `key:` in the model");
        resolver.report(diagnostic);
    }
}

/// Each key attribute with its template. `of_table` are the keys of the table, for an index, and `known` has those that
/// are made elsewhere already.
fn made(
    key: &KeyDecl,
    attributes: &[(String, KeyKind)],
    (of_table, known): (&[&KeyAttribute], &[&KeyAttribute]),
    (shared, model): (&Shared<'_>, &Draft<'_>),
    resolver: &mut Resolver<'_>,
) -> Option<Vec<KeyAttribute>> {
    let start = resolver.found.mark();
    for template in &key.templates {
        let name = &template.attribute.value;
        if !attributes.iter().any(|(attribute, _)| attribute == name) {
            let help = did_you_mean(name, attributes.iter().map(|(attribute, _)| attribute.as_str()));
            let all: Vec<&str> = attributes.iter().map(|(attribute, _)| attribute.as_str()).collect();
            let diagnostic = Diagnostic::new(Code::BadKeyTemplate, format!("`{}` is not a key here", show(name)))
                .at(template.attribute.span, "the table declares its keys under `tables:`")
                .help(help.unwrap_or_else(|| format!("the keys are {}", all.join(", ")).into()));
            resolver.report(diagnostic);
        }
    }
    let mut keys = Vec::with_capacity(attributes.len());
    for (at, (attribute, kind)) in attributes.iter().enumerate() {
        let place = match (known.is_empty(), at) {
            (true, _) => Place::Table,
            (false, 0) => Place::IndexHash,
            (false, _) => Place::IndexRange,
        };
        let declared: Option<&TemplateDecl> =
            key.templates.iter().find(|template| template.attribute.value == *attribute);
        // An attribute that is also a key of the table has one template.
        let known = known.iter().find(|key| key.attribute == *attribute);
        let (declared, known) = match (declared, known) {
            (None, Some(known)) => {
                keys.push((*known).clone());
                continue;
            }
            (declared, known) => (declared, known),
        };
        let Some(declared) = declared else {
            if key.is_broken {
                return None;
            }
            let diagnostic = Diagnostic::new(Code::BadKeyTemplate, format!("`{}` has no template", show(attribute)))
                .at(key.name.span, "each key attribute needs a template")
                .help(format!("such as `{}: 'USER#{{user_id}}'`", show(attribute)));
            resolver.report(diagnostic);
            continue;
        };
        let separator = separators::of_attribute(attribute, &shared.separators);
        let made = resolver.keep(templates::resolve(declared, *kind, place, separator, model));
        if let (Some(made), Some(known)) = (&made, known)
            && made.text() != known.text()
        {
            let message = format!("`{}` has two templates", show(attribute));
            let diagnostic = Diagnostic::new(Code::BadKeyTemplate, message)
                .at(declared.text.span, format!("elsewhere as `{}`", show(&known.text())))
                .help("an attribute has one value: leave it out here, or make it the same");
            resolver.report(diagnostic);
        }
        keys.extend(made);
    }
    if keys.len() == attributes.len() {
        shards::set(&mut keys, key, (of_table, known), model, resolver);
    }
    if keys.first().is_some_and(|key| crate::model::distinct(key.fields()).len() > MOST_HASH_FIELDS) {
        let message = format!("a hash key is made of at most {MOST_HASH_FIELDS} fields");
        let diagnostic = Diagnostic::new(Code::BadKeyTemplate, message).at(key.name.span, "there are more");
        resolver.report(
            diagnostic.help("combine some of them in one field, or leave out those that do not distinguish items"),
        );
    }
    if let Some(range_key) = keys.get(1) {
        let hash_key = keys.first();
        let ranged = range_key.fields().filter(|field| !hash_key.is_some_and(|key| key.determines(&field.name)));
        if crate::model::distinct(ranged).len() > 4 {
            let message = "a range key is made of at most four fields that are not in the hash key";
            let diagnostic = Diagnostic::new(Code::BadKeyTemplate, message).at(key.name.span, "there are more");
            resolver.report(diagnostic.help("make it of fewer, or put some of them into the hash key"));
        }
    }
    resolver.found.is_sound_since(start).then_some(keys)
}

fn index(
    key: &KeyDecl,
    model: &Draft<'_>,
    shared: &Shared<'_>,
    (of_table, known, earlier): (&[&KeyAttribute], &[&KeyAttribute], &[Index]),
    resolver: &mut Resolver<'_>,
) -> Option<Index> {
    let position = shared.declared.indexes.iter().position(|index| index.name.value == key.name.value);
    let definition: Option<&IndexDefinition> = position.and_then(|at| shared.resolved.table.indexes.get(at));
    let Some(definition) = definition else {
        let names = shared.declared.indexes.iter().map(|index| index.name.value.as_str());
        let help = did_you_mean(&key.name.value, names);
        let diagnostic = Diagnostic::new(Code::BadIndex, format!("the table has no index `{}`", show(&key.name.value)))
            .at(key.name.span, "no such index")
            .help(help.unwrap_or_else(|| "declare it under the table's `indexes:`".to_owned().into()));
        resolver.report(diagnostic);
        return None;
    };
    let attributes: Vec<(String, KeyKind)> = definition.hash_key.iter().chain(&definition.range_key).cloned().collect();
    let keys = made(key, &attributes, (of_table, known), (shared, model), resolver)?;
    let when = when::resolve(key, &keys, of_table, earlier, model, resolver)?;
    let projection = shared_projections::of_model(key, definition, (of_table, &keys), model, shared, resolver)?;
    let mut keys = keys.into_iter();
    let hash_key = keys.next()?;
    let name = resolver.keep(names::member_name(&key.name, "index"))?;
    let type_name = format!("{}{}", model.name, name.to_upper_camel_case());
    let origin = format!("the index `{}` of model `{}`", show(&key.name.value), show(&model.declared.name.value));
    resolver.take(&type_name, origin.clone(), key.name.span)?;
    resolver.take(&format!("{type_name}Values"), origin.clone(), key.name.span)?;
    if !definition.range_key.is_empty() {
        resolver.take(&format!("{type_name}Attributes"), origin, key.name.span)?;
    }
    Some(Index {
        name,
        type_name,
        index_name: definition.index_name.clone(),
        local: definition.local,
        hash_key: vec![hash_key],
        range_key: keys.collect(),
        mixed: false,
        projection,
        when,
        throughput: definition.throughput,
    })
}

/// Checks that no field is stored under the name of a key or of the discriminator, unless it is that key.
fn check_attributes(
    keys: &[&KeyAttribute],
    discriminator: &[(String, String)],
    fields: &[(&FieldDecl, Field)],
    resolver: &mut Resolver<'_>,
) {
    for (decl, field) in fields {
        let is_key = |key: &&&KeyAttribute| {
            key.attribute == field.attribute && !matches!(&key.made_of, MadeOf::Field(of) if of.name == field.name)
        };
        let is_discriminator = discriminator.iter().any(|(attribute, _)| *attribute == field.attribute);
        if keys.iter().any(|key| is_key(&key)) || is_discriminator {
            let message = format!("the field `{}` is stored under a name that the table uses", show(&field.name));
            let diagnostic = Diagnostic::new(Code::DuplicateAttribute, message)
                .at(decl.attribute.as_ref().unwrap_or(&decl.name).span, "a key, or the discriminator")
                .help("give the field another name in DynamoDB with `attribute:`");
            resolver.report(diagnostic);
        }
    }
}
