//! Secondary indexes: of DynamoDB's tables, and as the models see them.

use super::compare::Comparison;
use super::side::Side;
use super::tables::KEPT;
use super::{Change, ChangeCode, Level, keys};
use crate::model::{Index, IndexDefinition, Model, SharedTable, When};
use crate::schema::{IndexDecl, ModelDecl, SharedTableDecl};
use crate::sources::Span;
use crate::text::show;
use std::collections::BTreeSet;

/// Compares the indexes of a shared table.
pub(super) fn compare_shared(
    (was, old): (&SharedTable, &SharedTableDecl),
    (is, new): (&SharedTable, &SharedTableDecl),
    found: &mut Comparison<'_>,
) {
    let span = |decl: &SharedTableDecl, name: &str| {
        let is_of =
            |index: &&crate::schema::SharedIndexDecl| index.index_name.as_ref().unwrap_or(&index.name).value == name;
        decl.indexes.iter().find(is_of).map_or(decl.name.span, |index| index.name.span)
    };
    let of = format!("table `{}`", show(&is.name));
    let old_spans = |name: &str| span(old, name);
    let new_spans = |name: &str| span(new, name);
    let old = Definitions { own: &was.table.indexes, all: &was.table.indexes, span: &old_spans };
    let new = Definitions { own: &is.table.indexes, all: &is.table.indexes, span: &new_spans };
    compare_definitions(&old, &new, &of, found);
}

/// Compares the indexes of a model: those of its own table, and its keys in those of a shared one.
pub(super) fn compare(old: (&Model, &ModelDecl), new: (&Model, &ModelDecl), found: &mut Comparison<'_>) {
    let ((was, old_decl), (is, new_decl)) = (old, new);
    let own_span = |decl: &ModelDecl, of: &Model, name: &str| {
        let position = of.indexes.iter().position(|index| index.index_name == name);
        let index: Option<&IndexDecl> = position.and_then(|at| decl.indexes.get(at));
        index.map_or(decl.name.span, |index| index.name.span)
    };
    if was.sharing.is_none() && is.sharing.is_none() {
        let old_spans = |name: &str| own_span(old_decl, was, name);
        let new_spans = |name: &str| own_span(new_decl, is, name);
        let of = format!("model `{}`", is.name);
        let old = Definitions { own: &was.table.indexes, all: &was.described.indexes, span: &old_spans };
        let new = Definitions { own: &is.table.indexes, all: &is.described.indexes, span: &new_spans };
        compare_definitions(&old, &new, &of, found);
    }
    let span = |decl: &ModelDecl, index: &Index| {
        let keys =
            decl.index_keys.iter().find(|keys| keys.name.value == index.name || keys.name.value == index.index_name);
        keys.map_or(decl.name.span, |keys| keys.name.span)
    };
    for after in &is.indexes {
        let Some(before) = was.indexes.iter().find(|before| before.index_name == after.index_name) else {
            if is.sharing.is_some() {
                let message = format!("model `{}` is in the index `{}` now", is.name, show(&after.index_name));
                let change = Change::new(ChangeCode::IndexAdded, message)
                    .breaks(Level::Index)
                    .new_at(span(new_decl, after), "new")
                    .old_at(old_decl.name.span, "without it")
                    .note("items written before are not in it until they are written again")
                    .help("save every item of the model again once the previous release has stopped");
                found.add(change);
            }
            continue;
        };
        keys::compare_index((was, before, old_decl), (is, after, new_decl), found);
        if !is_same_when((found.old, &before.when), (found.new, &after.when)) {
            let message =
                format!("model `{}` is in the index `{}` under another condition", is.name, show(&after.index_name));
            let change = Change::new(ChangeCode::IndexCondition, message)
                .breaks(Level::Index)
                .new_at(span(new_decl, after), "the condition now")
                .old_at(span(old_decl, before), "the condition before")
                .note("an item written before stays in the index, or outside, until it is written again")
                .help("save every item of the model again once the previous release has stopped");
            found.add(change);
        }
        if before.name != after.name {
            let message =
                format!("the index `{}` of model `{}` has another name in Rust", show(&after.index_name), is.name);
            let change = Change::new(ChangeCode::IndexChanged, message)
                .breaks(Level::Api)
                .new_at(own_span(new_decl, is, &after.index_name), "now")
                .old_at(own_span(old_decl, was, &before.index_name), "before");
            found.add(change);
        }
    }
    let is_gone = |before: &&Index| !is.indexes.iter().any(|after| after.index_name == before.index_name);
    for before in was.indexes.iter().filter(|_| was.sharing.is_some() && is.sharing.is_some()).filter(is_gone) {
        let message = format!("model `{}` is no longer in the index `{}`", is.name, show(&before.index_name));
        let change = Change::new(ChangeCode::IndexRemoved, message)
            .breaks(Level::Api)
            .new_at(new_decl.name.span, "without it")
            .old_at(span(old_decl, before), "the index before");
        found.add(change);
    }
}

fn is_same_when((old, was): (&Side<'_>, &[When]), (new, is): (&Side<'_>, &[When])) -> bool {
    let values =
        |side: &Side<'_>, of: &When| -> BTreeSet<String> { of.values.iter().map(|value| side.stored(value)).collect() };
    let same = |one: &When, other: &When| {
        one.field.attribute == other.field.attribute
            && one.field.transform == other.field.transform
            && values(old, one) == values(new, other)
    };
    was.len() == is.len() && was.iter().all(|one| is.iter().any(|other| same(one, other)))
}

/// The indexes that a model or an entry of `tables:` defines.
struct Definitions<'s> {
    own: &'s [IndexDefinition],
    /// With those that other models define in the same table.
    all: &'s [IndexDefinition],
    /// The place of an index by its name in DynamoDB.
    span: &'s dyn Fn(&str) -> Span,
}

impl Definitions<'_> {
    fn find<'d>(definitions: &'d [IndexDefinition], name: &str) -> Option<&'d IndexDefinition> {
        definitions.iter().find(|of| of.index_name == name)
    }
}

fn compare_definitions(was: &Definitions<'_>, is: &Definitions<'_>, of: &str, found: &mut Comparison<'_>) {
    let (old, new) = (was.span, is.span);
    let local = |of: &IndexDefinition| if of.local { Level::Table } else { Level::Index };
    let local_help = |change: Change| {
        change
            .note("DynamoDB makes local indexes with their table, and cannot change them later")
            .help("give the new table another name, and copy the items; or use a global index")
    };
    for after in is.own {
        let name = show(&after.index_name);
        let Some(before) = Definitions::find(was.all, &after.index_name) else {
            let change = Change::new(ChangeCode::IndexAdded, format!("the index `{name}` of {of} is new"))
                .breaks(local(after))
                .new_at(new(&after.index_name), "new");
            found.add(match after.local {
                true => local_help(change),
                false => change.help("create it, and wait until it is active, before this release runs"),
            });
            continue;
        };
        let keys = |of: &IndexDefinition| (of.local, of.hash_key.clone(), of.range_key.clone());
        let include = |of: &IndexDefinition| {
            let mut include = of.include.clone();
            include.iter_mut().for_each(|names| names.sort());
            include
        };
        let what = match (keys(before) != keys(after), include(before) != include(after)) {
            (false, false) => {
                if Definitions::find(was.own, &after.index_name).is_none() {
                    let message = format!("the index `{name}` of {of} is new");
                    let change = Change::new(ChangeCode::IndexAdded, message).new_at(new(&after.index_name), "new");
                    found.add(change.note("the table has it already, by another model"));
                }
                if before.throughput != after.throughput {
                    let change = Change::new(
                        ChangeCode::TableSetting,
                        format!("the throughput of the index `{name}` of {of} changes"),
                    )
                    .new_at(new(&after.index_name), "now")
                    .old_at(old(&before.index_name), "before")
                    .note(KEPT);
                    found.add(change);
                }
                continue;
            }
            (true, false) => "has other keys",
            (false, true) => "holds other attributes",
            (true, true) => "has other keys and other attributes",
        };
        let change = Change::new(ChangeCode::IndexChanged, format!("the index `{name}` of {of} {what}"))
            .breaks(local(after).max(local(before)))
            .new_at(new(&after.index_name), "the index now")
            .old_at(old(&before.index_name), "the index before");
        found.add(match after.local || before.local {
            true => local_help(change),
            false => change.help(
                "DynamoDB cannot change an index: give the new one another `name`, create it, and delete the old one \
                 once the previous release has stopped",
            ),
        });
    }
    for before in was.own.iter().filter(|before| Definitions::find(is.own, &before.index_name).is_none()) {
        let is_kept = Definitions::find(is.all, &before.index_name).is_some();
        let message = format!("the index `{}` of {of} is gone", show(&before.index_name));
        let change = Change::new(ChangeCode::IndexRemoved, message)
            .breaks(Level::Api)
            .breaks_if(before.local && !is_kept, Level::Table)
            .old_at(old(&before.index_name), "the index before");
        found.add(match before.local {
            _ if is_kept => change.note("the table keeps it, for another model"),
            true => local_help(change),
            false => change.help("delete it once the previous release has stopped"),
        });
    }
}
