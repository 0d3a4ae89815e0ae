//! Checks that no number of a sequence is given out twice, and that each was reserved.

use super::Broken;
use crate::claim::Claim;
use crate::names;
use crate::run::Ended;
use crate::store::value::Value;
use std::collections::BTreeMap;

pub(super) fn check(ended: &Ended, broken: &mut Vec<Broken>) {
    let mut given = BTreeMap::new();
    for record in &ended.records {
        for claim in &record.report.claims {
            let Claim::Took(id, numbers) = claim else { continue };
            if !numbers.is_sorted_by(|one, other| one < other) {
                let how = format!("operation {} got {numbers:?}", record.number);
                broken.push(Broken { rule: "the numbers of a handle rise", how });
            }
            for number in numbers {
                if let Some(other) = given.insert((*id, *number), record.number) {
                    let how = format!("operations {other} and {} got {number} of {id}", record.number);
                    broken.push(Broken { rule: "no number is given out twice", how });
                }
            }
        }
    }
    for ((id, number), by) in given {
        let place = names::numbers(id);
        let item = ended.state.store.tables.get(place.table).and_then(|table| table.items.get(&place.key));
        let last = item.and_then(|item| item.get("last")).and_then(Value::integer).unwrap_or_default();
        if number == 0 || i64::try_from(number).is_ok_and(|number| number > last) {
            let how = format!("operation {by} got {number} of {id}, and {last} are reserved");
            broken.push(Broken { rule: "each number is reserved", how });
        }
    }
}
