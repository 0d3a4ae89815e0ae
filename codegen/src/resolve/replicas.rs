//! The replicas of a table in other regions ("DynamoDB global tables", version 2019.11.21). What they need may stand in
//! another model of the table.

use super::resolver::Resolver;
use super::table::{is_region_of_aws, kms_key, region_name};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Replica;
use crate::schema::{BillingMode, ReplicaDecl, SettingDecl, Spanned, TableDecl};
use crate::sources::Span;
use crate::terms::{Encryption, StreamView};
use crate::text::show;
use std::collections::HashMap;

/// The regions of the table in their order; `None` if the schema does not say.
pub(super) fn resolve(table: &TableDecl, resolver: &mut Resolver<'_>) -> Option<Vec<Replica>> {
    let declared = table.create.replicas.as_ref()?;
    let whole = resolver.tables.all_of(table);
    let first = whole.iter().find(|of| of.create.replicas.as_ref().is_some_and(|of| !of.value.is_empty()));
    // What the whole table lacks is one mistake.
    if first.is_some_and(|first| std::ptr::eq(*first, table)) {
        check_stream(declared.span, &whole, resolver);
        check_billing(declared.span, &whole, resolver);
        check_creation(declared.span, &whole, resolver);
    }
    if !declared.value.is_empty() {
        check_own_region(table, resolver);
    }
    let table_key = whole.iter().find_map(|of| of.create.kms_key.as_ref());
    let mut seen: HashMap<&str, &ReplicaDecl> = HashMap::new();
    for replica in &declared.value {
        check(replica, table, table_key, resolver);
        if let Some(first) = seen.insert(&replica.region.value, replica) {
            let diagnostic = Diagnostic::new(Code::DuplicateKey, "a table has one replica in a region");
            let diagnostic =
                diagnostic.at(replica.region.span, "the second one").related(first.region.span, "the first");
            resolver.report(diagnostic.help("remove one of them"));
        }
    }
    let mut replicas: Vec<Replica> = declared.value.iter().map(replica).collect();
    replicas.sort_by(|one, other| one.region.cmp(&other.region));
    Some(replicas)
}

fn replica(of: &ReplicaDecl) -> Replica {
    Replica {
        region: of.region.value.clone(),
        kms_key: of.kms_key.as_ref().map(|key| key.value.clone()),
        table_class: of.table_class,
    }
}

/// "How DynamoDB global tables work": items are copied by the stream.
fn check_stream(replicas: Span, whole: &[&TableDecl], resolver: &mut Resolver<'_>) {
    if whole.iter().any(|of| of.create.stream == Some(StreamView::NewAndOldImages)) {
        return;
    }
    let mut diagnostic = Diagnostic::new(Code::TableConflict, "replicas need a stream of new and old images")
        .at(replicas, "DynamoDB copies items by the stream");
    if let Some(stream) = whole.iter().find_map(|of| written(of, "stream")) {
        diagnostic = diagnostic.related(stream.span, "another stream");
    }
    resolver.report(diagnostic.help("write `stream: new_and_old_images` beside `replicas`"));
}

/// Provisioned replicas need auto scaling, for which there is no word here.
fn check_billing(replicas: Span, whole: &[&TableDecl], resolver: &mut Resolver<'_>) {
    let provisioned = |of: &&TableDecl| {
        let mode = of.create.billing_mode.as_ref().filter(|mode| mode.value == BillingMode::Provisioned);
        of.create.throughput.as_ref().map(|throughput| throughput.span).or(mode.map(|mode| mode.span))
    };
    let Some(provisioned) = whole.iter().find_map(provisioned) else { return };
    resolver.report(
        Diagnostic::new(Code::TableConflict, "a table with replicas is paid per request")
            .at(replicas, "provisioned replicas need auto scaling, which schemas do not have")
            .related(provisioned, "it is provisioned")
            .help("drop `billing_mode` and `throughput`, or `replicas`"),
    );
}

/// A write in another region of the list would make a table of its own.
fn check_creation(replicas: Span, whole: &[&TableDecl], resolver: &mut Resolver<'_>) {
    let Some(created) = whole.iter().find(|of| of.auto_create == Some(true)) else { return };
    let mut diagnostic = Diagnostic::new(Code::TableConflict, "no write creates a table with replicas")
        .at(replicas, "the table may be in another of these regions");
    if let Some(auto_create) = written(created, "auto_create") {
        diagnostic = diagnostic.related(auto_create.span, "a write is to create it");
    }
    resolver.report(diagnostic.help("drop `auto_create`: `dyntastic apply` and `tables::ensure` create the table"));
}

fn written<'t>(table: &'t TableDecl, key: &str) -> Option<&'t Spanned<String>> {
    table.written.iter().find(|written| written.value == key)
}

/// The list names every region of the table, so that it means the same from each of them.
fn check_own_region(table: &TableDecl, resolver: &mut Resolver<'_>) {
    let (Some(replicas), Some(SettingDecl::Value(own))) = (&table.create.replicas, &table.region) else { return };
    // What is no region is another mistake.
    if region_name(own).is_err() || replicas.value.iter().any(|replica| replica.region.value == own.value) {
        return;
    }
    resolver.report(
        Diagnostic::new(Code::TableConflict, "`replicas` lacks the region of the table")
            .at(replicas.span, "it names every region in which the table is")
            .related(own.span, "the table's region")
            .help(format!("add `{}` to `replicas`", show(&own.value))),
    );
}

fn is_own(replica: &ReplicaDecl, table: &TableDecl) -> bool {
    matches!(&table.region, Some(SettingDecl::Value(own)) if own.value == replica.region.value)
}

fn check(replica: &ReplicaDecl, table: &TableDecl, table_key: Option<&Spanned<String>>, resolver: &mut Resolver<'_>) {
    let region = &replica.region;
    let mistake = region_name(region).err().or_else(|| {
        let mistake = Diagnostic::new(Code::BadValue, "this is not the name of a region")
            .at(region.span, "a region's name is words and a number");
        (!is_region_of_aws(&region.value)).then(|| mistake.help("such as `eu-west-1`"))
    });
    resolver.found.extend(mistake);
    if let Some(key) = &replica.kms_key {
        let mistake = kms_key(key).err();
        let elsewhere = key.value.split(':').nth(3).filter(|of| mistake.is_none() && *of != region.value);
        if elsewhere.is_some() {
            resolver.report(
                Diagnostic::new(Code::BadValue, "this key is in another region than its replica")
                    .at(key.span, "the fourth part of its ARN is its region")
                    .related(region.span, "the replica")
                    .help("name a key of the replica's region, such as `alias/shop`"),
            );
        }
        resolver.found.extend(mistake);
    }
    if !replica.is_broken {
        check_encryption(replica, is_own(replica, table), table_key, resolver);
    }
}

/// "DynamoDB global tables security": all replicas have keys of one kind. A key that AWS owns or manages is in every
/// region.
fn check_encryption(
    replica: &ReplicaDecl,
    is_own: bool,
    table_key: Option<&Spanned<String>>,
    resolver: &mut Resolver<'_>,
) {
    let own = Encryption::by(table_key.map(|key| key.value.as_str()));
    let is = replica.kms_key.as_ref().map(|of| (Encryption::by(Some(&of.value)), of.span));
    let (message, span, label, help) = match is {
        None if own == Encryption::Customer && !is_own => (
            "this replica needs a KMS key of its own",
            replica.region.span,
            "a replica without a key",
            format!("write it as `{}: {{ kms_key: alias/shop }}`, with a key of that region", replica.region.value),
        ),
        Some((of, span)) if of != own => (
            "the table and its replica have keys of different kinds",
            span,
            "the replica's key",
            match own {
                Encryption::Customer => "name a key of your own, as for the table".to_owned(),
                _ => "drop it, or write `kms_key` with a key of the same kind beside `replicas`".to_owned(),
            },
        ),
        _ => return,
    };
    let mut diagnostic = Diagnostic::new(Code::TableConflict, message).at(span, label);
    if let Some(key) = table_key {
        diagnostic = diagnostic.related(key.span, "the table's key");
    }
    resolver.report(diagnostic.help(help));
}
