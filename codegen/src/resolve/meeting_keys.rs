//! Checks that items of different models of one table never have the same key.

use super::resolver::Resolver;
use super::shared_tables::Shared;
use super::unique;
use super::{Resolved, by_key};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{KeyAttribute, Model, may_be_among, may_meet};
use crate::schema::{DiscriminatorDecl, ModelDecl};
use crate::sources::Span;
use crate::text::show;
use std::collections::HashMap;

/// Reports keys that may be equal, and sets for each model whether foreign items may be among its own.
pub(crate) fn distinguish(models: &mut [Resolved<'_>], tables: &[Shared<'_>], resolver: &mut Resolver<'_>) {
    meet_elsewhere(models, tables, resolver);
    for table in tables {
        let of_table = |model: &Model| model.sharing.as_ref().is_some_and(|of| of.table == table.resolved.name);
        let positions: Vec<usize> =
            models.iter().enumerate().filter(|(_, (_, model))| of_table(model)).map(|(at, _)| at).collect();
        if positions.len() > 1 && table.resolved.discriminator.is_empty() && !table.resolved.by_key {
            let message = format!("several models are in the table `{}`", show(&table.declared.name.value));
            let diagnostic = Diagnostic::new(Code::TableConflict, message)
                .at(table.declared.name.span, "no attribute names an item's model")
                .help("name an attribute for that, `discriminator: kind`")
                .help("or let their keys tell them, `discriminator: by_key`");
            resolver.report(diagnostic);
        }
        same_discriminator(models, &positions, resolver);
        for (number, one) in positions.iter().enumerate() {
            for other in positions.iter().skip(number + 1) {
                if let (Some((decl, one)), Some((other_decl, other))) = (models.get(*one), models.get(*other)) {
                    resolver.found.extend(match table.resolved.by_key {
                        true => by_key::meet((decl, one), (other_decl, other)),
                        false => meet((decl, one), (other_decl, other)),
                    });
                }
            }
        }
        let of_table: Vec<&Resolved<'_>> = positions.iter().filter_map(|position| models.get(*position)).collect();
        resolver.found.extend(unique::meet_guards(&of_table));
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
                // An index by a key of the table has the items of all models, whether they name it or not.
                let of_table = |key: &KeyAttribute| {
                    let keys = std::iter::once(&model.hash_key).chain(&model.range_key);
                    keys.into_iter().any(|own| own.attribute == key.attribute)
                };
                let is_of_table = !index.local && index.keys().any(of_table);
                let of_others = others().flat_map(|other| &other.indexes);
                let mut same = of_others.filter(|other| other.index_name == index.index_name);
                if table.resolved.by_key {
                    return is_of_table && positions.len() > 1 || same.any(|other| by_key::is_among(index, other));
                }
                if is_of_table {
                    return true;
                }
                let keys = index.hash_key.first().map(|hash| (hash, index.range_key.first()));
                same.any(|other| match (keys, other.hash_key.first()) {
                    (Some(own), Some(hash)) => is_among(own, (hash, other.range_key.first())),
                    _ => false,
                })
            });
            let indexes: Vec<bool> = indexes.collect();
            if let Some(resolved) = models.get(*position).filter(|_| table.resolved.by_key) {
                resolver.found.extend(by_key::unreadable(resolved, table, &indexes));
            }
            mixed.push((*position, own && !table.resolved.by_key, indexes));
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

/// Checks the models of two entries that are one table in DynamoDB. Two models may share items if they have the same
/// discriminator and the same key.
fn meet_elsewhere(models: &[Resolved<'_>], tables: &[Shared<'_>], resolver: &mut Resolver<'_>) {
    let of_table = |table: &Shared<'_>| {
        let name = table.resolved.name.clone();
        models.iter().filter(move |(_, model)| model.sharing.as_ref().is_some_and(|of| of.table == name))
    };
    for (number, table) in tables.iter().enumerate() {
        for first in tables.iter().take(number).filter(|first| first.resolved.table.is_same(&table.resolved.table)) {
            for resolved in of_table(table) {
                let (decl, model) = resolved;
                for (first_decl, first) in of_table(first) {
                    let says = |model: &Model| model.sharing.as_ref().map(|of| of.discriminator.clone());
                    let mut keys = model.keys().zip(first.keys());
                    match (says(model) == says(first), keys.all(|(one, other)| one.is_same(other))) {
                        // Both models describe the same items.
                        (true, true) => {}
                        (true, false) if table.resolved.by_key => {
                            resolver.found.extend(by_key::meet((first_decl, first), (decl, model)));
                        }
                        (true, false) => resolver.report(one_discriminator(resolved, first_decl)),
                        (false, _) => resolver.found.extend(meet((first_decl, first), (decl, model))),
                    }
                }
            }
        }
    }
}

/// Checks that each model of a table has a discriminator of its own.
fn same_discriminator(models: &[Resolved<'_>], positions: &[usize], resolver: &mut Resolver<'_>) {
    let mut first_of: HashMap<&[(String, String)], &Resolved<'_>> = HashMap::new();
    for resolved in positions.iter().filter_map(|position| models.get(*position)) {
        let (_, model) = resolved;
        let Some(values) = model.sharing.as_ref().map(|sharing| sharing.discriminator.as_slice()) else { continue };
        if values.is_empty() {
            continue;
        }
        let first = first_of.insert(values, resolved);
        resolver.found.extend(first.map(|(first, _)| one_discriminator(resolved, first)));
    }
}

fn one_discriminator((decl, model): &Resolved<'_>, first: &ModelDecl) -> Diagnostic {
    let span = |decl: &ModelDecl| decl.discriminator.as_ref().map_or(decl.name.span, DiscriminatorDecl::span);
    let values = match model.sharing.as_ref().map(|sharing| sharing.discriminator.as_slice()).unwrap_or_default() {
        [(_, value)] => show(value),
        several => {
            let texts = several.iter().map(|(name, value)| format!("{}: {}", show(name), show(value)));
            texts.collect::<Vec<_>>().join(", ")
        }
    };
    let message = format!("two models of one table have the discriminator `{values}`");
    Diagnostic::new(Code::TableConflict, message)
        .at(span(decl), "an item of this model would be read as one of the other model")
        .related(span(first), "the other")
        .help("give each model a `discriminator:` of its own")
}

/// Whether a query by the model's hash key may read foreign items.
fn is_among(
    (hash_key, range_key): (&KeyAttribute, Option<&KeyAttribute>),
    (other_hash, other_range): (&KeyAttribute, Option<&KeyAttribute>),
) -> bool {
    may_meet(hash_key, other_hash)
        && match (range_key, other_range) {
            (Some(own), Some(other)) => may_be_among(other, own, hash_key),
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
        "an item of model `{}` and one of model `{}` may have the same key",
        show(&decl.name.value),
        show(&other_decl.name.value)
    );
    let diagnostic = Diagnostic::new(Code::KeysMeet, message)
        .at(key_span(other_decl), made_as(other))
        .related(key_span(decl), made_as(one))
        .help("begin one of the keys with a text of the model's own, such as `ORDER#`");
    Some(diagnostic)
}

/// The templates of a model's keys, for a label.
pub(super) fn made_as(model: &Model) -> String {
    let keys = std::iter::once(&model.hash_key).chain(&model.range_key);
    let texts: Vec<String> = keys.map(|key| format!("`{}`", show(&key.text()))).collect();
    format!("made as {}", texts.join(" and "))
}

/// The place of a model's key templates.
pub(super) fn key_span(decl: &ModelDecl) -> Span {
    decl.key.as_ref().map_or(decl.name.span, |key| key.name.span)
}
