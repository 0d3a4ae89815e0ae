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
            let with_settings = |region: &Node| match &region.kind {
                Kind::Map(entries) => Some(settings_in_a_list(region, entries)),
                _ => None,
            };
            if let Some(mistake) = regions.iter().find_map(with_settings) {
                reader.report(mistake);
                return None;
            }
            regions.iter().filter_map(|region| reader.text(&of(region)).map(plain)).collect()
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

/// `[eu-west-1: {}]` is a list of a map.
fn settings_in_a_list(region: &Node, entries: &[Entry]) -> Diagnostic {
    let name = entries.first().map_or("eu-west-1", |entry| entry.key.as_str());
    Diagnostic::new(Code::WrongKind, "regions with settings are a map, and no list")
        .at(region.span, "a map in the list")
        .help(format!("write `replicas: {{ {}: {{ … }} }}`, without a list around it", show(name)))
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
