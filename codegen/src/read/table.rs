//! The shape of a table.

use super::fields::{Fields, What, map_entries, text, value, value_span};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::node::{Entry, Kind};
use crate::schema::{CreateDecl, SettingDecl, Spanned, TableDecl};
use crate::terms::Throughput;

pub(super) fn table(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> TableDecl {
    if !matches!(entry.value.kind, Kind::Map(_)) {
        return TableDecl { name: text(entry, diagnostics).map(SettingDecl::Value), ..TableDecl::default() };
    }
    // `table: { env: … }` is the short form of `table: { name: { env: … } }`.
    if matches!(&entry.value.kind, Kind::Map(entries) if entries.iter().any(|e| e.key == "env")) {
        return TableDecl { name: setting(entry, diagnostics), ..TableDecl::default() };
    }
    let what = What::of(Place::Table, "`table`");
    let Some(mut fields) = Fields::of(&entry.value, what, entry.key_span, "table: users", diagnostics) else {
        return TableDecl::default();
    };
    let table = settings(&mut fields, diagnostics);
    if table.name.is_none() {
        fields.require("name", "name the table: `table: { name: users }`");
    }
    fields.finish(diagnostics);
    table
}

/// What a map says of a table: its name and place, and how it is created.
pub(super) fn settings(fields: &mut Fields<'_>, diagnostics: &mut Vec<Diagnostic>) -> TableDecl {
    TableDecl {
        name: fields.take("name").and_then(|entry| setting(entry, diagnostics)),
        region: fields.take("region").and_then(|entry| setting(entry, diagnostics)),
        host: fields.take("host").and_then(|entry| setting(entry, diagnostics)),
        auto_create: fields.value("auto_create", diagnostics).map(|spanned| spanned.value),
        create: fields.take("create").map(|entry| create(entry, diagnostics)).unwrap_or_default(),
    }
}

fn setting(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Option<SettingDecl> {
    if !matches!(entry.value.kind, Kind::Map(_)) {
        return text(entry, diagnostics).map(SettingDecl::Value);
    }
    let what = What::of(Place::Other, format!("`{}`", entry.key));
    let form = format!("{}: {{ env: USERS_TABLE, default: users }}", entry.key);
    let mut fields = Fields::of(&entry.value, what, entry.key_span, &form, diagnostics)?;
    let variable = fields
        .require("env", "name the environment variable: `{ env: USERS_TABLE, default: users }`")
        .and_then(|entry| text(entry, diagnostics));
    let default = fields.text("default", diagnostics);
    fields.finish(diagnostics);
    Some(SettingDecl::Env { variable: variable?, default })
}

fn create(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> CreateDecl {
    let what = What::of(Place::Create, "`create`");
    let form = "create: { billing_mode: pay_per_request }";
    let Some(mut fields) = Fields::of(&entry.value, what, entry.key_span, form, diagnostics) else {
        return CreateDecl::default();
    };
    let create = CreateDecl {
        billing_mode: fields.value("billing_mode", diagnostics),
        throughput: fields.take("throughput").and_then(|entry| throughput(entry, diagnostics)),
        table_class: fields.value("table_class", diagnostics).map(|spanned| spanned.value),
        deletion_protection: fields.value("deletion_protection", diagnostics).map(|spanned| spanned.value),
        stream: fields.value("stream", diagnostics).map(|spanned| spanned.value),
        tags: fields.take("tags").map(|entry| tags(entry, diagnostics)).unwrap_or_default(),
    };
    fields.finish(diagnostics);
    create
}

pub(super) fn throughput(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Option<Spanned<Throughput>> {
    let what = What::of(Place::Throughput, "`throughput`");
    let form = "throughput: { read: 5, write: 5 }";
    let mut fields = Fields::of(&entry.value, what, entry.key_span, form, diagnostics)?;
    let help = "capacity units a second: `throughput: { read: 5, write: 5 }`";
    let mut units = |key| {
        let entry = fields.require(key, help)?;
        let units: u32 = value(entry, diagnostics)?.value;
        if units == 0 {
            let diagnostic = Diagnostic::new(Code::BadValue, format!("`{key}` must be at least 1"))
                .at(value_span(entry), "no capacity")
                .help(format!("such as `{key}: 5`; a table that is paid per request has no `throughput` at all"));
            diagnostics.push(diagnostic);
        }
        Some(units)
    };
    let (read, write) = (units("read"), units("write"));
    fields.finish(diagnostics);
    Some(Spanned { value: Throughput { read: read?, write: write? }, span: entry.key_span })
}

fn tags(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Vec<(Spanned<String>, Spanned<String>)> {
    let form = "tags: { team: shop }";
    let entries = map_entries(&entry.value, "`tags`", entry.key_span, form, diagnostics).unwrap_or_default();
    entries
        .iter()
        .filter_map(|entry| {
            let key = Spanned { value: entry.key.clone(), span: entry.key_span };
            Some((key, text(entry, diagnostics)?))
        })
        .collect()
}
