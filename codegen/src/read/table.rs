//! The shape of a table.

use super::keys::{Keys, What};
use super::reader::{Reader, value_span};
use super::{replicas, resource_policy};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::node::{Entry, Kind};
use crate::schema::{CreateDecl, SettingDecl, Spanned, TableDecl};
use crate::terms::{Maximum, Throughput};

pub(super) fn table(entry: &Entry, reader: &mut Reader) -> TableDecl {
    if !matches!(entry.value.kind, Kind::Map(_)) {
        return TableDecl { name: reader.text(entry).map(SettingDecl::Value), ..TableDecl::default() };
    }
    // `table: { env: … }` is the short form of `table: { name: { env: … } }`.
    if matches!(&entry.value.kind, Kind::Map(entries) if entries.iter().any(|e| e.key == "env")) {
        return TableDecl { name: setting(entry, reader), ..TableDecl::default() };
    }
    let what = What::of(Place::Table, "`table`");
    let Some(mut keys) = Keys::of(&entry.value, what, entry.key_span, "table: users", reader) else {
        return TableDecl::default();
    };
    let table = settings(&mut keys);
    if table.name.is_none() {
        keys.require("name", "name the table: `table: { name: users }`");
    }
    keys.finish();
    table
}

/// The settings of a table in a map: its name, its region and host, and its creation.
pub(super) fn settings(keys: &mut Keys<'_, '_>) -> TableDecl {
    let create_keys: &[Entry] = match keys.take("create").map(|entry| &entry.value.kind) {
        Some(Kind::Map(entries)) => entries,
        _ => &[],
    };
    let written = keys.take("auto_create").into_iter().chain(create_keys);
    let written = written.map(|entry| Spanned { value: entry.key.clone(), span: entry.key_span }).collect();
    TableDecl {
        written,
        name: keys.take("name").and_then(|entry| setting(entry, keys.reader)),
        region: keys.take("region").and_then(|entry| setting(entry, keys.reader)),
        host: keys.take("host").and_then(|entry| setting(entry, keys.reader)),
        auto_create: keys.value("auto_create").map(|spanned| spanned.value),
        create: keys.take("create").map(|entry| create(entry, keys.reader)).unwrap_or_default(),
    }
}

fn setting(entry: &Entry, reader: &mut Reader) -> Option<SettingDecl> {
    if !matches!(entry.value.kind, Kind::Map(_)) {
        return reader.text(entry).map(SettingDecl::Value);
    }
    let what = What::of(Place::Other, format!("`{}`", entry.key));
    let form = format!("{}: {{ env: USERS_TABLE, default: users }}", entry.key);
    let mut keys = Keys::of(&entry.value, what, entry.key_span, &form, reader)?;
    let variable = keys
        .require("env", "name the environment variable: `{ env: USERS_TABLE, default: users }`")
        .and_then(|entry| keys.reader.text(entry));
    let default = keys.text("default");
    keys.finish();
    Some(SettingDecl::Env { variable: variable?, default })
}

fn create(entry: &Entry, reader: &mut Reader) -> CreateDecl {
    let what = What::of(Place::Create, "`create`");
    let form = "create: { billing_mode: pay_per_request }";
    let Some(mut keys) = Keys::of(&entry.value, what, entry.key_span, form, reader) else {
        return CreateDecl::default();
    };
    let create = CreateDecl {
        billing_mode: keys.value("billing_mode"),
        throughput: keys.take("throughput").and_then(|entry| throughput(entry, keys.reader)),
        table_class: keys.value("table_class").map(|spanned| spanned.value),
        deletion_protection: keys.value("deletion_protection").map(|spanned| spanned.value),
        point_in_time_recovery: keys.value("point_in_time_recovery").map(|spanned| spanned.value),
        contributor_insights: keys.value("contributor_insights").map(|spanned| spanned.value),
        kms_key: keys.text("kms_key"),
        on_demand_maximum: keys.take("on_demand_maximum").and_then(|entry| maximum(entry, keys.reader)),
        warm_throughput: keys.take("warm_throughput").and_then(|entry| throughput(entry, keys.reader)),
        resource_policy: keys.take("resource_policy").and_then(|entry| resource_policy::read(entry, keys.reader)),
        replicas: keys.take("replicas").and_then(|entry| replicas::read(entry, keys.reader)),
        stream: keys.value("stream").map(|spanned| spanned.value),
        tags: keys.take("tags").map(|entry| tags(entry, keys.reader)).unwrap_or_default(),
    };
    keys.finish();
    create
}

pub(super) fn throughput(entry: &Entry, reader: &mut Reader) -> Option<Spanned<Throughput>> {
    let name = &entry.key;
    let what = What::of(Place::Throughput, format!("`{name}`"));
    let form = format!("{name}: {{ read: 5, write: 5 }}");
    let mut keys = Keys::of(&entry.value, what, entry.key_span, &form, reader)?;
    let help = format!("capacity units per second: `{form}`");
    let zero = match name.as_str() {
        "throughput" => "a table that is paid per request has no `throughput` at all".to_owned(),
        other => format!("a table without `{other}` has that of every table"),
    };
    let mut of = |key| keys.require(key, &help).and_then(|entry| units(entry, &zero, keys.reader));
    let (read, write) = (of("read"), of("write"));
    keys.finish();
    // Whether a table has a throughput does not depend on a mistake in it.
    let throughput = Throughput { read: read.unwrap_or(1), write: write.unwrap_or(1) };
    Some(Spanned { value: throughput, span: entry.key_span })
}

/// Units, which are at least 1. `zero` says what stands for none.
fn units(entry: &Entry, zero: &str, reader: &mut Reader) -> Option<u32> {
    let units: u32 = reader.value(entry)?.value;
    if units == 0 {
        let key = &entry.key;
        let diagnostic = Diagnostic::new(Code::BadValue, format!("`{key}` must be at least 1"))
            .at(value_span(entry), "no capacity")
            .help(format!("such as `{key}: 5`; {zero}"));
        reader.report(diagnostic);
    }
    Some(units)
}

/// "OnDemandThroughput": the maximum of reads, of writes, or of both.
fn maximum(entry: &Entry, reader: &mut Reader) -> Option<Spanned<Maximum>> {
    let what = What::of(Place::Throughput, "`on_demand_maximum`");
    let form = "on_demand_maximum: { read: 1000, write: 500 }";
    let mut keys = Keys::of(&entry.value, what, entry.key_span, form, reader)?;
    let mut of = |key| {
        let zero = format!("leave `{key}` out if nothing limits it");
        keys.take(key).map(|entry| units(entry, &zero, keys.reader).unwrap_or(1))
    };
    let maximum = Maximum { read: of("read"), write: of("write") };
    if matches!(&entry.value.kind, Kind::Map(entries) if entries.is_empty()) {
        let diagnostic = Diagnostic::new(Code::MissingKey, "`on_demand_maximum` limits nothing")
            .at(entry.key_span, "neither reads nor writes")
            .help("request units per second: `on_demand_maximum: { read: 1000 }`, or of `write`, or of both");
        keys.reader.report(diagnostic);
    }
    keys.finish();
    Some(Spanned { value: maximum, span: entry.key_span })
}

fn tags(entry: &Entry, reader: &mut Reader) -> Vec<(Spanned<String>, Spanned<String>)> {
    let form = "tags: { team: shop }";
    let entries = reader.map_entries(&entry.value, "`tags`", entry.key_span, form).unwrap_or_default();
    entries
        .iter()
        .filter_map(|entry| {
            let key = Spanned { value: entry.key.clone(), span: entry.key_span };
            Some((key, reader.text(entry)?))
        })
        .collect()
}
