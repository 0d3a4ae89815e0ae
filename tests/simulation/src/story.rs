//! The text of a failure: the seed, the rule, and all events in the order of time.

use crate::shrink::Failure;
use crate::store::value::{Item, Value};
use std::fmt;
use std::sync::Arc;

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { schedule, broken, ended } = self;
        writeln!(f, "seed {}: {broken}", schedule.seed)?;
        // The order of events at the same time: operations begin, requests are sent, items change, operations end.
        let mut lines: Vec<(u64, u8, String)> = Vec::new();
        for record in &ended.records {
            let number = record.number;
            lines.push((record.sent, 0, format!("operation {number} begins: {:?}", record.operation)));
            lines.push((record.at, 3, format!("operation {number} ends: {:?}", record.report.status)));
        }
        for request in &ended.state.requests {
            let fault = request.fault.map_or_else(String::new, |fault| format!(" [{fault}]"));
            let by = request.by.map_or_else(String::new, |by| by.to_string());
            let (ordinal, operation, answer) = (request.ordinal, &request.operation, &request.answer);
            lines.push((request.at, 1, format!("  {by}: request {ordinal}, {operation}{fault} -> {answer}")));
        }
        for effect in &ended.state.store.history {
            let by = effect.by.map_or_else(|| "the store".to_owned(), |by| by.to_string());
            let (before, after) = (item(effect.before.as_ref()), item(effect.after.as_ref()));
            lines.push((effect.at, 2, format!("    {by}: {} {:?}: {before} -> {after}", effect.table, effect.key)));
        }
        lines.sort_by_key(|(at, order, _)| (*at, *order));
        for (at, _, line) in lines {
            writeln!(f, "{at:>6} ms  {line}")?;
        }
        Ok(())
    }
}

fn item(item: Option<&Arc<Item>>) -> String {
    let Some(item) = item else { return "none".to_owned() };
    let left_out = ["pk", "sk", "id", "created_at", "updated_at"];
    let attributes = item.iter().filter(|(name, _)| !left_out.contains(&name.as_str()));
    let texts: Vec<String> = attributes.map(|(name, value)| format!("{name}={}", short(value))).collect();
    format!("{{{}}}", texts.join(" "))
}

fn short(value: &Value) -> String {
    match value {
        Value::S(text) => text.clone(),
        Value::N(number) => number.text(),
        Value::B(bytes) => format!("{} bytes", bytes.0.len()),
        other => format!("{other:?}"),
    }
}
