//! The comparison of two schemas: what is matched with what, and the changes found so far.

use super::side::Side;
use super::{Change, Level, api, definitions, models, tables};
use crate::model::Table;
use std::collections::BTreeSet;

/// A comparison under way.
pub(super) struct Comparison<'s> {
    pub(super) old: &'s Side<'s>,
    pub(super) new: &'s Side<'s>,
    changes: Vec<Change>,
    /// The names of definitions that fields hold before and after.
    pairs: BTreeSet<(String, String)>,
    /// The tables before and after that several models may have, and whose settings are compared.
    tables: Vec<(&'s Table, &'s Table)>,
    /// Whether all derived names in JSON change, which is one change.
    pub(super) is_renamed_in_json: bool,
}

impl<'s> Comparison<'s> {
    pub(super) fn add(&mut self, change: Change) {
        self.changes.push(change);
    }

    /// The place of the next change.
    pub(super) fn mark(&self) -> usize {
        self.changes.len()
    }

    /// Takes into account that an upgrade changes the items of which the changes since the mark speak.
    pub(super) fn upgraded_since(&mut self, mark: usize, levels: &[Level]) {
        let since = self.changes.split_off(mark.min(self.changes.len()));
        self.changes.extend(since.into_iter().map(|change| change.upgraded(levels)));
    }

    /// Notes that a model was in the one table, and is in the other. Returns whether it is the first one.
    pub(super) fn pair_tables(&mut self, old: &'s Table, new: &'s Table) -> bool {
        let is_new = !self.tables.iter().any(|(was, is)| was.is_same(old) && is.is_same(new));
        self.tables.extend(is_new.then_some((old, new)));
        is_new
    }

    /// Notes that a field held the one definition, and holds the other.
    pub(super) fn pair(&mut self, old: &str, new: &str) {
        self.pairs.insert((old.to_owned(), new.to_owned()));
    }
}

/// The changes between two schemas, in the order of the definitions.
pub(super) fn compare(old: &Side<'_>, new: &Side<'_>) -> Vec<Change> {
    let is_renamed_in_json = matches!((old.set.serde, new.set.serde), (Some(was), Some(is)) if was != is);
    let (changes, pairs, tables) = (Vec::new(), BTreeSet::new(), Vec::new());
    let mut found = Comparison { old, new, changes, pairs, tables, is_renamed_in_json };
    api::compare_settings(&mut found);
    tables::compare_shared(&mut found);
    models::compare(&mut found);
    api::compare_collections(&mut found);
    api::compare_contexts(&mut found);
    let same: Vec<&str> = new.types.keys().copied().filter(|name| old.types.contains_key(name)).collect();
    same.into_iter().for_each(|name| found.pair(name, name));
    let mut done = BTreeSet::new();
    while let Some((was, is)) = found.pairs.iter().find(|pair| !done.contains(*pair)).cloned() {
        definitions::compare(&was, &is, &mut found);
        done.insert((was, is));
    }
    let paired_new: BTreeSet<String> = done.iter().map(|(_, is)| is.clone()).collect();
    let paired_old: BTreeSet<String> = done.into_iter().map(|(was, _)| was).collect();
    definitions::compare_names(&paired_old, &paired_new, &mut found);
    found.changes
}
