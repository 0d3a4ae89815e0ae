//! Changes for people, drawn as diagnostics are.

use super::{Change, Changes, Level};
use crate::diagnostic::snippet;
use annotate_snippets::{Group, Level as Drawn, Renderer};

pub(super) fn render(changes: &Changes, colour: bool) -> String {
    if changes.list.is_empty() {
        return "no change: items, tables and code stay the same\n".to_owned();
    }
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut text = String::new();
    for change in &changes.list {
        text.push_str(&renderer.render(&report(changes, change)));
        text.push_str("\n\n");
    }
    text.push_str(&changes.count());
    text.push('\n');
    text
}

/// One change as text, without the closing count.
pub(super) fn render_one(changes: &Changes, change: &Change) -> String {
    Renderer::plain().render(&report(changes, change))
}

fn report<'a>(changes: &'a Changes, change: &'a Change) -> Vec<Group<'a>> {
    let drawn = match change.level() {
        Level::Compatible => Drawn::NOTE,
        Level::Api | Level::Rollout | Level::Index => Drawn::WARNING,
        Level::Default | Level::Unreadable | Level::Keys | Level::Table => Drawn::ERROR,
    };
    let title = drawn.with_name(change.level().as_str()).primary_title(&change.message).id(change.code.as_str());
    let mut group = Group::with_title(title);
    let new = change.new.as_ref().and_then(|label| snippet(&changes.new, label.span.file, &[(label, true)]));
    let is_only = new.is_none();
    let old = change.old.as_ref().and_then(|label| snippet(&changes.old, label.span.file, &[(label, is_only)]));
    group = group.elements(new).elements(old);
    group = group.elements(change.breaks.iter().map(|level| Drawn::NOTE.message(level.meaning())));
    group = group.elements(change.notes.iter().map(|note| Drawn::NOTE.message(note)));
    group = group.elements(change.help.iter().map(|help| Drawn::HELP.message(help)));
    vec![group]
}
