//! The shape of `inputs:`, the structs that clients send.

use super::keys::{Keys, What};
use super::model::names;
use super::reader::{Reader, wrong_kind};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::node::{Entry, Kind};
use crate::schema::{InputDecl, InputsDecl};

const INPUTS: &str = "inputs: { create: CreateUser, patch: UserPatch }";

/// `{ create: CreateUser, patch: UserPatch }`.
pub(super) fn inputs(entry: &Entry, reader: &mut Reader) -> InputsDecl {
    let what = What::of(Place::Inputs, "`inputs`");
    let Some(mut keys) = Keys::of(&entry.value, what, entry.key_span, INPUTS, reader) else {
        return InputsDecl::default();
    };
    let create = keys.take("create").and_then(|entry| input(entry, keys.reader));
    let patch = keys.take("patch").and_then(|entry| input(entry, keys.reader));
    keys.finish();
    if matches!(&entry.value.kind, Kind::Map(entries) if entries.is_empty()) {
        let diagnostic = Diagnostic::new(Code::MissingKey, "`inputs` has neither `create` nor `patch`")
            .at(entry.key_span, "nothing would be emitted")
            .help(format!("such as `{INPUTS}`, or leave it out"));
        reader.report(diagnostic);
    }
    InputsDecl { create, patch }
}

/// A name, or `{ name: CreateUser, without: [owner] }`.
fn input(entry: &Entry, reader: &mut Reader) -> Option<InputDecl> {
    if !matches!(entry.value.kind, Kind::Map(_)) {
        return Some(InputDecl { name: reader.text(entry)?, without: Vec::new() });
    }
    let what = What::named(Place::Other, "input", entry);
    let form = format!("{}: {{ name: CreateUser, without: [owner] }}", entry.key);
    let mut keys = Keys::of(&entry.value, what, entry.key_span, &form, reader)?;
    let name =
        keys.require("name", "name the struct, such as `name: CreateUser`").and_then(|entry| keys.reader.text(entry));
    let without = match keys.take("without") {
        Some(entry) => match &entry.value.kind {
            Kind::List(items) => names(items, entry, keys.reader),
            _ => {
                let diagnostic = wrong_kind(entry, "a list of fields").help("such as `without: [owner]`");
                keys.reader.report(diagnostic);
                Vec::new()
            }
        },
        None => Vec::new(),
    };
    keys.finish();
    Some(InputDecl { name: name?, without })
}
