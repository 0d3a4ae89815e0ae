//! Changes as Markdown, for a comment.

use super::{Change, Changes};
use crate::diagnostic::Label;
use crate::sources::Sources;

pub(super) fn markdown(changes: &Changes) -> String {
    if changes.list.is_empty() {
        return "**Schema:** no change of items, tables and code.\n".to_owned();
    }
    let rows: String = changes.list.iter().map(|change| row(changes, change)).collect();
    format!(
        "**Schema:** {}\n\n| level | change | new | old | what to do |\n|---|---|---|---|---|\n{rows}",
        changes.count()
    )
}

fn row(changes: &Changes, change: &Change) -> String {
    let place = |sources: &Sources, label: &Option<Label>| {
        label.as_ref().map_or_else(String::new, |label| {
            let at = sources.position(label.span.file, label.span.start);
            format!("{}:{}", sources.name(label.span.file), at.line)
        })
    };
    let says = change.breaks.iter().map(|level| level.meaning().to_owned()).chain(change.notes.iter().cloned());
    let says: String = says.map(|note| format!("<br>{}", cell(&note))).collect();
    format!(
        "| {} | {} ({}){says} | {} | {} | {} |\n",
        change.level(),
        cell(&change.message),
        change.code,
        cell(&place(&changes.new, &change.new)),
        cell(&place(&changes.old, &change.old)),
        cell(&change.help.join("; "))
    )
}

/// Text from a schema in a cell. Code keeps its backticks; nothing in it is HTML or ends the cell.
fn cell(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('|', "\\|").replace('\n', " ")
}
