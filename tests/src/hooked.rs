//! The hooks of the models in `hooks`, which count their calls.

use crate::hooks::{Contact, Label, Page};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

static CALLS: Mutex<BTreeMap<(Hook, String), usize>> = Mutex::new(BTreeMap::new());

/// A hook of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hook {
    /// `before_write`.
    BeforeWrite,
    /// `after_read`.
    AfterRead,
}

fn count(hook: Hook, id: &str) {
    let mut calls = CALLS.lock().unwrap_or_else(PoisonError::into_inner);
    *calls.entry((hook, id.to_owned())).or_default() += 1;
}

/// How often the hook was called for the item with an id, since this was last asked.
pub fn calls(hook: Hook, id: &str) -> usize {
    CALLS.lock().unwrap_or_else(PoisonError::into_inner).remove(&(hook, id.to_owned())).unwrap_or(0)
}

/// Leaves an item of any model as it is.
pub fn unchanged<M>(_: &mut M) {}

/// Counts the words of a title, and forgets what is shown. The titles `key` and `range` change the key.
pub fn count_words(page: &mut Page) {
    count(Hook::BeforeWrite, &page.page_id);
    page.words = u32::try_from(page.title.split_whitespace().count()).unwrap_or(u32::MAX);
    page.shown = None;
    match page.title.as_str() {
        "key" => page.page_id.push('!'),
        "range" => page.at += 1,
        "long" => page.title = "long".repeat(20),
        title if title.starts_with("too ") => page.title = title.chars().take(40).collect(),
        _ => {}
    }
}

/// Shows the title. The title `read` changes the key.
pub fn show_title(page: &mut Page) {
    count(Hook::AfterRead, &page.page_id);
    page.shown = Some(page.title.to_uppercase());
    if page.title == "read" {
        page.at += 1;
    }
}

/// Shows the name of a label in capitals.
pub fn in_capitals(label: &mut Label) {
    label.name = label.name.to_uppercase();
}

/// Brings the e-mail address into one form. The note `version` changes the version.
pub fn normalise(contact: &mut Contact) {
    count(Hook::BeforeWrite, &contact.contact_id);
    contact.email = contact.email.trim().to_lowercase();
    contact.company = contact.company.to_uppercase();
    if contact.note.as_deref() == Some("version") {
        contact.version += 1;
    }
}

/// Gives a contact without a note one. That of the company `READ` is too long, and `AGAIN` changes the version.
pub fn fill_note(contact: &mut Contact) {
    count(Hook::AfterRead, &contact.contact_id);
    if contact.note.is_none() {
        contact.note = Some(format!("at {}", contact.company));
    }
    if contact.company == "AGAIN" {
        contact.version += 1;
    }
    if contact.company == "READ" {
        contact.note = Some("a note that is longer than it may be".to_owned());
    }
}
