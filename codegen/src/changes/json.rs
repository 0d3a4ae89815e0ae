//! Changes for programs: one JSON object per line.

use super::{Changes, render};
use crate::diagnostic::JsonLabel;
use serde::Serialize;

#[derive(Serialize)]
struct JsonChange<'a> {
    code: &'static str,
    level: &'static str,
    breaks: Vec<&'static str>,
    message: &'a str,
    new: Option<JsonLabel<'a>>,
    old: Option<JsonLabel<'a>>,
    notes: &'a [String],
    help: &'a [String],
    rendered: String,
}

pub(super) fn json_lines(changes: &Changes) -> String {
    let mut text = String::new();
    for change in &changes.list {
        let json = JsonChange {
            code: change.code.as_str(),
            level: change.level().as_str(),
            breaks: change.breaks.iter().map(|level| level.as_str()).collect(),
            message: &change.message,
            new: change.new.as_ref().map(|label| JsonLabel::new(&changes.new, label)),
            old: change.old.as_ref().map(|label| JsonLabel::new(&changes.old, label)),
            notes: &change.notes,
            help: &change.help,
            rendered: render::render_one(changes, change),
        };
        // The object holds strings and numbers only, so JSON cannot refuse it.
        text.push_str(&serde_json::to_string(&json).unwrap_or_default());
        text.push('\n');
    }
    text
}
