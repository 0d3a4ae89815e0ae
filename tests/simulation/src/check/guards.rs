//! Checks that guards and owners are one to one.

use super::items::GUARD;
use super::{Broken, has_left, text};
use crate::run::Ended;
use crate::store::value::{Item, Value};
use std::collections::BTreeMap;

/// The unique fields of the models, and their unique combinations, by table and discriminator.
const UNIQUE: [(&str, &str, &[&[&str]]); 3] = [
    ("shop", "Member", &[&["email"], &["nick"], &["seat", "tier"]]),
    ("club", "Member", &[&["email"]]),
    ("club", "Pass", &[&["code"]]),
];
/// The time, in seconds, before which the time to live of the simulator's expired items has ended.
const EXPIRED_BEFORE: i64 = 2_000_000_000;

/// The hash key and the range key of an item.
type Owner<'i> = (&'i str, &'i str);
/// A model, and fields with their values.
type Unique<'i> = (&'i str, Vec<(&'i str, &'i str)>);

pub(super) fn check(ended: &Ended, broken: &mut Vec<Broken>) {
    for (name, table) in &ended.state.store.tables {
        // The values of items with the items that have them, and the owners that guards name.
        let mut owners: BTreeMap<Unique<'_>, Vec<Owner<'_>>> = BTreeMap::new();
        let mut guards: Vec<(&str, Owner<'_>)> = Vec::new();
        let key = |item| (text(item, "pk").unwrap_or_default(), text(item, "sk").unwrap_or_default());
        for item in table.items.values().filter(|item| !is_expired(item) && !has_left(item)) {
            for (_, kind, fields) in
                UNIQUE.iter().filter(|(of, kind, _)| of == name && text(item, "kind") == Some(kind))
            {
                for fields in *fields {
                    let values: Option<Vec<_>> =
                        fields.iter().map(|field| Some((*field, text(item, field)?))).collect();
                    if let Some(values) = values {
                        owners.entry((kind, values)).or_default().push(key(item));
                    }
                }
            }
            if text(item, "kind") == Some(GUARD) {
                let owner = |name| text(item, name).unwrap_or_default();
                guards.push((key(item).0, (owner("unique_owner"), owner("unique_owner_range"))));
            }
        }
        for ((kind, values), owners) in owners {
            if owners.len() > 1 {
                let how = format!("{} items of {kind} in {name} have {values:?}: {owners:?}", owners.len());
                broken.push(Broken { rule: "a unique value has one owner", how });
            }
            let guard =
                guards.iter().position(|(guard, owner)| owners.contains(owner) && *guard == guard_of(kind, &values));
            match guard {
                Some(guard) => drop(guards.swap_remove(guard)),
                None => {
                    let how = format!("{values:?} of {kind} in {name} have no guard; their owner is {owners:?}");
                    broken.push(Broken { rule: "a unique value has a guard", how });
                }
            }
        }
        // The next owner of a value takes over the guard of an expired owner.
        let is_expired_owner =
            |owner: &(&str, &str)| table.items.values().any(|item| key(item) == *owner && is_expired(item));
        for (guard, owner) in guards.iter().filter(|(_, owner)| !is_expired_owner(owner)) {
            let how = format!("{guard} in {name} names {owner:?}, which does not have this value");
            broken.push(Broken { rule: "a guard has an owner", how });
        }
    }
}

/// The hash key of the guard of these values.
fn guard_of(kind: &str, values: &[(&str, &str)]) -> String {
    let (fields, values): (Vec<&str>, Vec<&str>) = values.iter().copied().unzip();
    format!("{GUARD}#{kind}#{}#{}", fields.join("%2C"), values.join("#"))
}

fn is_expired(item: &Item) -> bool {
    let ends = item.get("ends_at").and_then(Value::integer);
    ends.is_some_and(|ends| ends < EXPIRED_BEFORE)
}
