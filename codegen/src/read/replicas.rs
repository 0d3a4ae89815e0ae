//! The shape of `replicas:`: a list of regions, or a map of regions to the settings of each replica.

use super::keys::{Keys, What};
use super::reader::{Reader, wrong_kind};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::node::{Entry, Kind, Node};
use crate::schema::{ReplicaDecl, Spanned};
use crate::text::show;

const FORM: &str = "replicas: [us-east-1, eu-west-1]";

pub(super) fn read(entry: &Entry, reader: &mut Reader) -> Option<Spanned<Vec<ReplicaDecl>>> {
    let replicas = match &entry.value.kind {
        Kind::List(regions) => {
            let of = |region: &Node| Entry { value: region.clone(), ..entry.clone() };
            let plain = |region| ReplicaDecl { region, kms_key: None, table_class: None, is_broken: false };
            if let Some(mistake) = regions.iter().find_map(no_region) {
                reader.report(mistake);
                return None;
            }
            regions.iter().filter_map(|region| reader.text(&of(region)).map(plain)).collect()
        }
        Kind::Map(entries) if is_variable(entries) => {
            reader.report(variable(&entry.value, entries));
            return None;
        }
        Kind::Map(entries) => entries.iter().filter_map(|entry| with_settings(entry, reader)).collect(),
        Kind::Scalar { .. } => {
            let expected = "a list of regions, or a map of them";
            reader.report(wrong_kind(entry, expected).help(format!("write it as `{FORM}`; `[]` is none")));
            return None;
        }
    };
    Some(Spanned { value: replicas, span: entry.key_span })
}

/// What stands in the list and is no region, whatever its text.
fn no_region(item: &Node) -> Option<Diagnostic> {
    match &item.kind {
        Kind::Map(entries) if is_variable(entries) => Some(variable(item, entries)),
        // `[eu-west-1: {}]` is a list of a map.
        Kind::Map(entries) => {
            let name = entries.first().map_or("eu-west-1", |entry| entry.key.as_str());
            let mistake = Diagnostic::new(Code::WrongKind, "regions with settings are a map, and no list")
                .at(item.span, "a map in the list");
            Some(mistake.help(format!("write `replicas: {{ {}: {{ … }} }}`, without a list around it", show(name))))
        }
        Kind::List(items) => {
            let names: Vec<String> = items.iter().filter_map(Node::as_text).map(show).collect();
            let form = if names.is_empty() { FORM.to_owned() } else { format!("replicas: [{}]", names.join(", ")) };
            let mistake =
                Diagnostic::new(Code::WrongKind, "the regions are one list").at(item.span, "a list in the list");
            Some(mistake.help(format!("write `{form}`")))
        }
        Kind::Scalar { .. } => None,
    }
}

/// Whether a map is that of a setting that a variable decides.
fn is_variable(entries: &[Entry]) -> bool {
    let is_setting = |entry: &Entry| matches!(entry.key.as_str(), "env" | "default") && entry.value.as_text().is_some();
    entries.iter().any(|entry| entry.key == "env") && entries.iter().all(is_setting)
}

/// `{ env: REGION }` in place of a region.
fn variable(node: &Node, entries: &[Entry]) -> Diagnostic {
    let default = entries.iter().find(|entry| entry.key == "default").and_then(|entry| entry.value.as_text());
    let form = default.map_or_else(|| FORM.to_owned(), |region| format!("replicas: [{}]", show(region)));
    Diagnostic::new(Code::WrongKind, "no variable names the regions of a table").at(node.span, "a variable").help(
        format!("write the regions: `{form}`; a variable may name the table's own one, `region:` beside `create:`"),
    )
}

fn with_settings(entry: &Entry, reader: &mut Reader) -> Option<ReplicaDecl> {
    let what = What::named(Place::Replica, "the replica", entry);
    let form = format!("{}: {{ table_class: standard_infrequent_access }}", entry.key);
    let start = reader.found.mark();
    let mut keys = Keys::of(&entry.value, what, entry.key_span, &form, reader)?;
    let mut replica = ReplicaDecl {
        region: Spanned { value: entry.key.clone(), span: entry.key_span },
        kms_key: keys.text("kms_key"),
        table_class: keys.value("table_class").map(|spanned| spanned.value),
        is_broken: false,
    };
    keys.finish();
    replica.is_broken = !reader.found.is_sound_since(start);
    Some(replica)
}
