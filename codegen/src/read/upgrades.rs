//! The shape of `upgrades:`.

use super::keys::{Keys, What};
use super::model::names;
use super::reader::{Reader, value_span, wrong_kind};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::node::{Entry, Kind};
use crate::schema::{Spanned, UpgradeDecl, UpgradeStepDecl};
use crate::text::show;

const UPGRADES: &str = "upgrades: { 1: { rename: { fullName: name } }, 2: crate::upgrades::v2_to_v3 }";

/// The upgrades by the versions whose items they change.
pub(super) fn upgrades(entry: &Entry, reader: &mut Reader) -> Vec<UpgradeDecl> {
    let entries = reader.map_entries(&entry.value, "`upgrades`", entry.key_span, UPGRADES).unwrap_or_default();
    entries.iter().filter_map(|entry| upgrade(entry, reader)).collect()
}

fn upgrade(entry: &Entry, reader: &mut Reader) -> Option<UpgradeDecl> {
    let from = entry.key.parse::<u32>().ok().filter(|from| (1..u32::MAX).contains(from));
    let Some(from) = from else {
        let message = format!("`{}` is no schema version", show(&entry.key));
        let diagnostic = Diagnostic::new(Code::BadValue, message)
            .at(entry.key_span, "expected the version whose items it changes, such as `1`")
            .help(format!("write it as `{UPGRADES}`"));
        reader.report(diagnostic);
        return None;
    };
    let from = Spanned { value: from, span: entry.key_span };
    if let Some(path) = entry.value.as_text() {
        let path = Spanned { value: path.to_owned(), span: entry.value.span };
        return Some(UpgradeDecl { from, steps: vec![UpgradeStepDecl::Function { path }] });
    }
    let what = What::named(Place::Other, "upgrade", entry);
    let form = format!("{}: {{ rename: {{ fullName: name }} }}", entry.key);
    let empty = UpgradeDecl { from: Spanned { value: from.value, span: from.span }, steps: Vec::new() };
    let Some(mut keys) = Keys::of(&entry.value, what, entry.key_span, &form, reader) else { return Some(empty) };
    for key in ["rename", "split", "convert", "default", "remove", "function"] {
        keys.take(key);
    }
    keys.finish();
    let Kind::Map(entries) = &entry.value.kind else {
        let diagnostic = Diagnostic::new(Code::MissingKey, format!("the upgrade from version {} is empty", from.value));
        reader.report(diagnostic.at(from.span, "nothing is changed").help(format!("such as `{form}`")));
        return Some(empty);
    };
    // The order of the changes is that of the schema.
    Some(UpgradeDecl { from, steps: entries.iter().flat_map(|entry| steps(entry, reader)).collect() })
}

fn steps(entry: &Entry, reader: &mut Reader) -> Vec<UpgradeStepDecl> {
    match entry.key.as_str() {
        "rename" => each(entry, "rename: { fullName: name }", reader, |from, entry, reader| {
            Some(UpgradeStepDecl::Rename { from, to: reader.text(entry)? })
        }),
        "split" => each(entry, "split: { owner: 'USER#{owner_id}' }", reader, |attribute, entry, reader| {
            Some(UpgradeStepDecl::Split { attribute, template: reader.text(entry)? })
        }),
        "convert" => each(entry, "convert: { age: number }", reader, |attribute, entry, reader| {
            Some(UpgradeStepDecl::Convert { attribute, to: reader.value(entry)? })
        }),
        "default" => each(entry, "default: { plan: free }", reader, |attribute, entry, reader| {
            if entry.value.is_null() {
                let diagnostic = Diagnostic::new(Code::MissingKey, format!("`{}` has no value", show(&entry.key)));
                reader.report(diagnostic.at(value_span(entry), "nothing would be set").help("write a value after it"));
                return None;
            }
            Some(UpgradeStepDecl::Default { attribute, value: entry.value.clone() })
        }),
        "remove" => {
            let removed = match &entry.value.kind {
                Kind::List(items) => names(items, entry, reader),
                _ if entry.value.as_text().is_some() => reader.text(entry).into_iter().collect(),
                _ => {
                    reader.report(wrong_kind(entry, "a list of attributes").help("such as `remove: [legacy]`"));
                    Vec::new()
                }
            };
            removed.into_iter().map(|attribute| UpgradeStepDecl::Remove { attribute }).collect()
        }
        "function" => reader.text(entry).map(|path| UpgradeStepDecl::Function { path }).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// One change for each entry of a map.
fn each(
    entry: &Entry,
    form: &str,
    reader: &mut Reader,
    step: impl Fn(Spanned<String>, &Entry, &mut Reader) -> Option<UpgradeStepDecl>,
) -> Vec<UpgradeStepDecl> {
    let what = format!("`{}`", entry.key);
    let entries = reader.map_entries(&entry.value, &what, entry.key_span, form).unwrap_or_default();
    let mut steps = Vec::new();
    for entry in entries {
        let name = Spanned { value: entry.key.clone(), span: entry.key_span };
        steps.extend(step(name, entry, reader));
    }
    steps
}
