//! Checks that a counter changes by what increments add to it, and by nothing else, and that a client of a context refuses
//! the items of another.

use super::Broken;
use crate::operation::Operation;
use crate::run::Ended;
use crate::store::Effect;
use crate::store::value::{Item, Value};

pub(super) fn check(ended: &Ended, broken: &mut Vec<Broken>) {
    for effect in ended.state.store.history.iter().filter(|effect| effect.table == "tallies") {
        let operation = ended.records.iter().find(|record| Some(record.number) == effect.by).map(|of| &of.operation);
        let Effect { key, by, before, after: Some(after), .. } = effect else { continue };
        if let Some(Operation::MisplaceTally { .. }) = operation {
            let rule = "a client of a context refuses the items of another";
            broken.push(Broken { rule, how: format!("{key:?}, by {by:?}") });
        }
        let added = match (operation, before) {
            (Some(Operation::CountTally { by, .. }), _) => i64::from(*by),
            (_, Some(_)) => 0,
            // A deleted item may be saved as it was read.
            (_, None) => continue,
        };
        let before = before.as_deref().map(hits).unwrap_or_default();
        if hits(after) != before + added {
            let how = format!("{key:?}, by {by:?}: {before} and {added} are {}", hits(after));
            broken.push(Broken { rule: "only increments change a counter", how });
        }
    }
}

fn hits(item: &Item) -> i64 {
    item.get("hits").and_then(Value::integer).unwrap_or_default()
}
