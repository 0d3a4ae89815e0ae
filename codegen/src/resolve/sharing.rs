//! A model in a table that it shares: how its keys are made, and that they are nobody else's.

use super::keys::Keys;
use super::names::{self, Namespace};
use super::shared_tables::{Shared, Tables};
use super::templates::{self, Place};
use super::unique::{self, GUARD};
use super::{Resolved, keep};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::model::{
    Field, Index, IndexDefinition, KeyAttribute, KeyKind, MadeOf, Model, Projection, Sharing, Table, may_meet,
    stands_among,
};
use crate::schema::{FieldDecl, KeyDecl, ModelDecl, SettingDecl, Spanned, TemplateDecl};
use crate::sources::Span;
use crate::text::show;
use heck::ToUpperCamelCase;
use std::collections::HashMap;

/// Each field is an argument of what makes the key.
const MOST_HASH_FIELDS: usize = 16;

/// What a shared table makes of a model.
pub(crate) struct Placed {
    pub(crate) table: Table,
    pub(crate) keys: Keys,
    pub(crate) indexes: Vec<Index>,
    pub(crate) sharing: Option<Sharing>,
}

/// The model's place in its table; `None` if there is a mistake in it.
pub(crate) fn resolve(
    declared: &ModelDecl,
    key: &KeyDecl,
    name: &str,
    fields: &[(&FieldDecl, Field)],
    tables: &Tables<'_>,
    namespace: &mut Namespace,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Placed> {
    if matches!(&declared.table.name, Some(SettingDecl::Value(name)) if tables.is_broken(&name.value)) {
        return None;
    }
    let shared = keep(find(declared, tables), diagnostics)?;
    let table = &shared.resolved;
    let definition = |(attribute, kind): &(String, KeyKind)| (attribute.clone(), *kind);
    let attributes: Vec<_> = std::iter::once(&table.hash_key).chain(&table.range_key).map(definition).collect();
    let before = diagnostics.len();
    let mut keys = made(key, &attributes, &[], fields, diagnostics)?.into_iter();
    let (hash_key, range_key) = (keys.next()?, keys.next());
    let mut indexes: Vec<Index> = Vec::with_capacity(declared.index_keys.len());
    for key in &declared.index_keys {
        let earlier = indexes.iter().flat_map(Index::keys);
        let known: Vec<&KeyAttribute> = [&hash_key].into_iter().chain(&range_key).chain(earlier).collect();
        let index = index(key, declared, name, (shared, &known), fields, namespace, diagnostics);
        indexes.extend(index);
    }
    let discriminator = table.discriminator.as_ref().map(|attribute| {
        let value = declared.discriminator.as_ref().unwrap_or(&declared.name);
        (attribute.clone(), value.value.clone())
    });
    if let (None, Some(value)) = (&discriminator, &declared.discriminator) {
        let message = format!("the table `{}` has no discriminator", show(&table.name));
        let diagnostic = Diagnostic::new(Code::BadValue, message).at(value.span, "nothing says this");
        diagnostics.push(diagnostic.help("leave it out, or say `discriminator: kind` of the table"));
    }
    if let Some((_, value)) = &discriminator
        && (value == GUARD || value.contains('#'))
    {
        let span = declared.discriminator.as_ref().unwrap_or(&declared.name).span;
        let message = "the discriminator cannot say this";
        let label = format!("`{GUARD}` tells guards of unique values, and `#` separates the parts of their keys");
        let help = "give the model another one: `discriminator: CUSTOMER`";
        diagnostics.push(Diagnostic::new(Code::BadValue, message).at(span, label).help(help));
    }
    let made: Vec<&KeyAttribute> =
        [&hash_key].into_iter().chain(&range_key).chain(indexes.iter().flat_map(Index::keys)).collect();
    check_attributes(&made, discriminator.as_ref(), fields, diagnostics);
    unique::check(declared, shared, fields, diagnostics);
    let sharing = Some(Sharing { table: table.name.clone(), discriminator, mixed: false });
    (diagnostics.len() == before).then(|| Placed {
        table: table.table.clone(),
        keys: (hash_key, range_key),
        indexes,
        sharing,
    })
}

/// The entry of `tables:` that a model names.
fn find<'t, 's>(declared: &ModelDecl, tables: &'t [Shared<'s>]) -> Result<&'t Shared<'s>, Diagnostic> {
    let Some(SettingDecl::Value(name)) = &declared.table.name else {
        let key = declared.key.as_ref().map_or(declared.name.span, |key| key.name.span);
        return Err(Diagnostic::new(Code::TableConflict, "the keys of a shared table are made, and none is named")
            .at(key, "`key` says how they are made")
            .help("name an entry of `tables:`, `table: shop`, or say `hash_key:` for a table of the model's own"));
    };
    tables.iter().find(|table| table.declared.name.value == name.value).ok_or_else(|| {
        let help = did_you_mean(&name.value, tables.iter().map(|table| table.declared.name.value.as_str()));
        Diagnostic::new(Code::TableConflict, format!("there is no table `{}` under `tables:`", show(&name.value)))
            .at(name.span, "no such entry")
            .help(help.unwrap_or_else(|| "define it there, with its keys: `hash_key: { pk: string }`".to_owned()))
    })
}

/// A model with a table of its own names none of those that are shared, neither by its entry nor by its name in DynamoDB, and
/// guards no unique values there.
pub(crate) fn check_own(
    declared: &ModelDecl,
    own: Option<&Table>,
    tables: &[Shared<'_>],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let names = |table: &&Shared<'_>| match &declared.table.name {
        Some(SettingDecl::Value(name)) if name.value == table.declared.name.value => true,
        _ => own.is_some_and(|own| own.is_same(&table.resolved.table)),
    };
    if let Some(name) = &declared.table.name
        && let Some(table) = tables.iter().find(names)
    {
        let diagnostic = Diagnostic::new(Code::TableConflict, "the models of a shared table say how its keys are made")
            .at(name.span(), "this table is shared")
            .related(table.declared.name.span, "defined here")
            .help("say `key:` rather than `hash_key:`, such as `key: { pk: 'USER#{user_id}' }`");
        diagnostics.push(diagnostic);
    }
    if let Some(span) = declared.fields.iter().find_map(|field| field.unique) {
        let message = "the values of a unique field are guarded by items of their own";
        let diagnostic = Diagnostic::new(Code::BadUnique, message)
            .at(span, "in this table, they could not be told from the model's")
            .help("define the table under `tables:`, with a discriminator, and say `key:` in the model");
        diagnostics.push(diagnostic);
    }
}

/// Each key attribute, as its template makes it.
fn made(
    key: &KeyDecl,
    attributes: &[(String, KeyKind)],
    known: &[&KeyAttribute],
    fields: &[(&FieldDecl, Field)],
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Vec<KeyAttribute>> {
    let before = diagnostics.len();
    let place = if known.is_empty() { Place::Table } else { Place::Index };
    for template in &key.templates {
        let name = &template.attribute.value;
        if !attributes.iter().any(|(attribute, _)| attribute == name) {
            let help = did_you_mean(name, attributes.iter().map(|(attribute, _)| attribute.as_str()));
            let all: Vec<&str> = attributes.iter().map(|(attribute, _)| attribute.as_str()).collect();
            let diagnostic = Diagnostic::new(Code::BadKeyTemplate, format!("`{}` is no key here", show(name)))
                .at(template.attribute.span, "the table declares its keys under `tables:`")
                .help(help.unwrap_or_else(|| format!("the keys are {}", all.join(", "))));
            diagnostics.push(diagnostic);
        }
    }
    let mut keys = Vec::with_capacity(attributes.len());
    for (attribute, kind) in attributes {
        let declared: Option<&TemplateDecl> =
            key.templates.iter().find(|template| template.attribute.value == *attribute);
        // What is a key of the table too is made once.
        let known = known.iter().find(|key| key.attribute == *attribute);
        let (declared, known) = match (declared, known) {
            (None, Some(known)) => {
                keys.push((*known).clone());
                continue;
            }
            (declared, known) => (declared, known),
        };
        let Some(declared) = declared else {
            let diagnostic = Diagnostic::new(Code::BadKeyTemplate, format!("nothing makes `{}`", show(attribute)))
                .at(key.name.span, "each key attribute has a template")
                .help(format!("such as `{}: 'USER#{{user_id}}'`", show(attribute)));
            diagnostics.push(diagnostic);
            continue;
        };
        let made = keep(templates::resolve(declared, *kind, place, fields), diagnostics);
        if let (Some(made), Some(known)) = (&made, known)
            && made.text() != known.text()
        {
            let message = format!("`{}` is made in two ways", show(attribute));
            let diagnostic = Diagnostic::new(Code::BadKeyTemplate, message)
                .at(declared.text.span, format!("elsewhere as `{}`", show(&known.text())))
                .help("an attribute has one value: leave it out here, or make it the same");
            diagnostics.push(diagnostic);
        }
        keys.extend(made);
    }
    if keys.first().is_some_and(|key| crate::model::distinct(key.fields()).len() > MOST_HASH_FIELDS) {
        let message = format!("a hash key is made of at most {MOST_HASH_FIELDS} fields");
        let diagnostic = Diagnostic::new(Code::BadKeyTemplate, message).at(key.name.span, "there are more");
        diagnostics
            .push(diagnostic.help("put some of them together in one field, or leave out what tells no items apart"));
    }
    if let Some(range_key) = keys.get(1) {
        let hash_key = keys.first();
        let ranged = range_key.fields().filter(|field| !hash_key.is_some_and(|key| key.has(&field.name)));
        if crate::model::distinct(ranged).len() > 4 {
            let message = "a range key is made of at most four fields beside those of the hash key";
            let diagnostic = Diagnostic::new(Code::BadKeyTemplate, message).at(key.name.span, "there are more");
            diagnostics.push(diagnostic.help("make it of fewer, or put some of them into the hash key"));
        }
    }
    (diagnostics.len() == before).then_some(keys)
}

fn index(
    key: &KeyDecl,
    declared: &ModelDecl,
    model: &str,
    (shared, known): (&Shared<'_>, &[&KeyAttribute]),
    fields: &[(&FieldDecl, Field)],
    namespace: &mut Namespace,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Index> {
    let position = shared.declared.indexes.iter().position(|index| index.name.value == key.name.value);
    let definition: Option<&IndexDefinition> = position.and_then(|at| shared.resolved.table.indexes.get(at));
    let Some(definition) = definition else {
        let names = shared.declared.indexes.iter().map(|index| index.name.value.as_str());
        let help = did_you_mean(&key.name.value, names);
        let diagnostic = Diagnostic::new(Code::BadIndex, format!("the table has no index `{}`", show(&key.name.value)))
            .at(key.name.span, "no such index")
            .help(help.unwrap_or_else(|| "declare it under the table's `indexes:`".to_owned()));
        diagnostics.push(diagnostic);
        return None;
    };
    let attributes: Vec<(String, KeyKind)> = definition.hash_key.iter().chain(&definition.range_key).cloned().collect();
    let mut keys = made(key, &attributes, known, fields, diagnostics)?.into_iter();
    let hash_key = keys.next()?;
    let name = keep(names::member_name(&key.name, "index"), diagnostics)?;
    let type_name = format!("{model}{}", name.to_upper_camel_case());
    let origin = format!("the index `{}` of model `{}`", show(&key.name.value), show(&declared.name.value));
    keep(namespace.take(&type_name, origin.clone(), key.name.span), diagnostics)?;
    keep(namespace.take(&format!("{type_name}Values"), origin.clone(), key.name.span), diagnostics)?;
    if !definition.range_key.is_empty() {
        keep(namespace.take(&format!("{type_name}Attributes"), origin, key.name.span), diagnostics)?;
    }
    Some(Index {
        name,
        type_name,
        index_name: definition.index_name.clone(),
        local: definition.local,
        hash_key: vec![hash_key],
        range_key: keys.collect(),
        mixed: false,
        projection: Projection::All,
        throughput: definition.throughput,
    })
}

/// No field is stored where a key or the discriminator is, unless it is that key.
fn check_attributes(
    keys: &[&KeyAttribute],
    discriminator: Option<&(String, String)>,
    fields: &[(&FieldDecl, Field)],
    diagnostics: &mut Vec<Diagnostic>,
) {
    for (decl, field) in fields {
        let is_key = |key: &&&KeyAttribute| {
            key.attribute == field.attribute && !matches!(&key.made_of, MadeOf::Field(of) if of.name == field.name)
        };
        let is_discriminator = discriminator.is_some_and(|(attribute, _)| *attribute == field.attribute);
        if keys.iter().any(|key| is_key(&key)) || is_discriminator {
            let message = format!("the field `{}` is stored where the table has something else", show(&field.name));
            let diagnostic = Diagnostic::new(Code::DuplicateAttribute, message)
                .at(decl.attribute.as_ref().unwrap_or(&decl.name).span, "a key, or the discriminator")
                .help("give the field another name in DynamoDB with `attribute:`");
            diagnostics.push(diagnostic);
        }
    }
}

/// Models of one table have keys that are never the same, and each knows whether others stand among its own.
pub(crate) fn tell_apart(models: &mut [Resolved<'_>], tables: &[Shared<'_>], diagnostics: &mut Vec<Diagnostic>) {
    meet_elsewhere(models, tables, diagnostics);
    for table in tables {
        let of_table = |model: &Model| model.sharing.as_ref().is_some_and(|of| of.table == table.resolved.name);
        let positions: Vec<usize> =
            models.iter().enumerate().filter(|(_, (_, model))| of_table(model)).map(|(at, _)| at).collect();
        if positions.len() > 1 && table.resolved.discriminator.is_none() {
            let message = format!("several models are in the table `{}`", show(&table.declared.name.value));
            let diagnostic = Diagnostic::new(Code::TableConflict, message)
                .at(table.declared.name.span, "nothing tells which model an item is of")
                .help("name an attribute for that, `discriminator: kind`");
            diagnostics.push(diagnostic);
        }
        same_discriminator(models, &positions, diagnostics);
        for (number, one) in positions.iter().enumerate() {
            for other in positions.iter().skip(number + 1) {
                if let (Some((decl, one)), Some((other_decl, other))) = (models.get(*one), models.get(*other)) {
                    diagnostics.extend(meet((decl, one), (other_decl, other)));
                }
            }
        }
        let of_table: Vec<&Resolved<'_>> = positions.iter().filter_map(|position| models.get(*position)).collect();
        diagnostics.extend(unique::meet_guards(&of_table));
        let mut mixed: Vec<(usize, bool, Vec<bool>)> = Vec::new();
        for position in &positions {
            let Some((_, model)) = models.get(*position) else { continue };
            let others = || {
                let others = positions.iter().filter(|other| *other != position);
                others.filter_map(|other| models.get(*other)).map(|(_, model)| model)
            };
            let own = others().any(|other| {
                is_among((&model.hash_key, model.range_key.as_ref()), (&other.hash_key, other.range_key.as_ref()))
            });
            let indexes = model.indexes.iter().map(|index| {
                // By a key of the table, models are in the index whether they name it or not.
                let of_table = |key: &KeyAttribute| {
                    let keys = std::iter::once(&model.hash_key).chain(&model.range_key);
                    keys.into_iter().any(|own| own.attribute == key.attribute)
                };
                if !index.local && index.keys().any(of_table) {
                    return true;
                }
                let of_others = others().flat_map(|other| &other.indexes);
                let mut same = of_others.filter(|other| other.index_name == index.index_name);
                let keys = index.hash_key.first().map(|hash| (hash, index.range_key.first()));
                same.any(|other| match (keys, other.hash_key.first()) {
                    (Some(own), Some(hash)) => is_among(own, (hash, other.range_key.first())),
                    _ => false,
                })
            });
            mixed.push((*position, own, indexes.collect()));
        }
        for (position, own, indexes) in mixed {
            let Some((_, model)) = models.get_mut(position) else { continue };
            if let Some(sharing) = &mut model.sharing {
                sharing.mixed = own;
            }
            for (index, mixed) in model.indexes.iter_mut().zip(indexes) {
                index.mixed = mixed;
            }
        }
    }
}

/// Models of two entries that are one table in DynamoDB: an item that both may be is of one discriminator, and has one key.
fn meet_elsewhere(models: &[Resolved<'_>], tables: &[Shared<'_>], diagnostics: &mut Vec<Diagnostic>) {
    let of_table = |table: &Shared<'_>| {
        let name = table.resolved.name.clone();
        models.iter().filter(move |(_, model)| model.sharing.as_ref().is_some_and(|of| of.table == name))
    };
    for (number, table) in tables.iter().enumerate() {
        for first in tables.iter().take(number).filter(|first| first.resolved.table.is_same(&table.resolved.table)) {
            for (decl, model) in of_table(table) {
                for (first_decl, first) in of_table(first) {
                    let says = |model: &Model| model.sharing.as_ref().and_then(|of| of.discriminator.clone());
                    let keys = |model: &Model| model.keys().map(KeyAttribute::text).collect::<Vec<_>>();
                    match (says(model) == says(first), keys(model) == keys(first)) {
                        // The same items, seen by two models.
                        (true, true) => {}
                        (true, false) => diagnostics.push(one_discriminator(decl, first_decl)),
                        (false, _) => diagnostics.extend(meet((first_decl, first), (decl, model))),
                    }
                }
            }
        }
    }
}

/// Each model of a table has a value of the discriminator that no other has.
fn same_discriminator(models: &[Resolved<'_>], positions: &[usize], diagnostics: &mut Vec<Diagnostic>) {
    let mut first_of: HashMap<&str, &ModelDecl> = HashMap::new();
    for (decl, model) in positions.iter().filter_map(|position| models.get(*position)) {
        let Some((_, value)) = model.sharing.as_ref().and_then(|sharing| sharing.discriminator.as_ref()) else {
            continue;
        };
        let first = first_of.insert(value, decl);
        diagnostics.extend(first.map(|first| one_discriminator(decl, first)));
    }
}

fn one_discriminator(decl: &ModelDecl, first: &ModelDecl) -> Diagnostic {
    fn says(decl: &ModelDecl) -> &Spanned<String> {
        decl.discriminator.as_ref().unwrap_or(&decl.name)
    }
    let message = format!("two models of one table have the discriminator `{}`", show(&says(decl).value));
    Diagnostic::new(Code::TableConflict, message)
        .at(says(decl).span, "an item of this model would be read as the other's")
        .related(says(first).span, "the other")
        .help("give each model a `discriminator:` of its own")
}

/// Whether other items may stand among those that a query by the hash key reads.
fn is_among(
    (hash_key, range_key): (&KeyAttribute, Option<&KeyAttribute>),
    (other_hash, other_range): (&KeyAttribute, Option<&KeyAttribute>),
) -> bool {
    may_meet(hash_key, other_hash)
        && match (range_key, other_range) {
            (Some(own), Some(other)) => stands_among(other, own, hash_key),
            _ => true,
        }
}

fn meet((decl, one): (&ModelDecl, &Model), (other_decl, other): (&ModelDecl, &Model)) -> Option<Diagnostic> {
    let ranges = match (&one.range_key, &other.range_key) {
        (Some(one), Some(other)) => may_meet(one, other),
        _ => true,
    };
    if !(ranges && may_meet(&one.hash_key, &other.hash_key)) {
        return None;
    }
    let message = format!(
        "an item of model `{}` and one of model `{}` may have one key",
        show(&decl.name.value),
        show(&other_decl.name.value)
    );
    let diagnostic = Diagnostic::new(Code::KeysMeet, message)
        .at(key_span(other_decl), made_as(other))
        .related(key_span(decl), made_as(one))
        .help("begin one of the keys with a text of the model's own, such as `ORDER#`");
    Some(diagnostic)
}

/// How a model's keys are made, for a label.
pub(super) fn made_as(model: &Model) -> String {
    let keys = std::iter::once(&model.hash_key).chain(&model.range_key);
    let texts: Vec<String> = keys.map(|key| format!("`{}`", show(&key.text()))).collect();
    format!("made as {}", texts.join(" and "))
}

/// Where a model says how its keys are made.
pub(super) fn key_span(decl: &ModelDecl) -> Span {
    decl.key.as_ref().map_or(decl.name.span, |key| key.name.span)
}
