//! The rights of services.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use dyntastic_codegen::{Right, Sources, services};
use std::path::PathBuf;

const OPERATIONS: [&str; 9] =
    ["get", "batch_get", "query", "scan", "query_by_note", "scan_by_note", "insert", "update", "delete"];

/// The rights of a service with these operations on the entries of a golden case, on some fields or on all.
fn rights(operations: &[&str], fields: Option<&str>) -> Vec<Right> {
    rights_on("queries", "Entry", operations, fields)
}

fn rights_on(case: &str, model: &str, operations: &[&str], fields: Option<&str>) -> Vec<Right> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../tests/cases/{case}/models.yaml"));
    let fields = fields.map(|fields| format!(", fields: {fields}")).unwrap_or_default();
    let used = format!("{{ {model}: {{ operations: [{}]{fields} }} }}", operations.join(", "));
    let mut sources = Sources::new();
    sources.add("models.yaml", std::fs::read_to_string(file).unwrap());
    sources.add("services.yaml", format!("dyntastic: 1\nservices: {{ tried: {{ models: {used} }} }}\n"));
    let all = services(&sources).unwrap_or_else(|mistakes| panic!("{}", mistakes.render(false)));
    all.into_iter().find(|service| service.name == "tried").unwrap().rights
}

/// An operation has no right because another one of the service needs it: an update does not touch the key of an index
/// that only a query reads.
#[test]
fn the_rights_of_two_operations_are_those_of_each() {
    for (fields, operations) in [
        (None, &OPERATIONS[..]),
        (Some("[text, length]"), &["batch_get", "query", "scan", "query_by_note", "scan_by_note", "update"]),
    ] {
        let pairs = operations.iter().flat_map(|one| operations.iter().map(move |other| (one, other)));
        for (one, other) in pairs.filter(|(one, other)| one != other) {
            let each = [rights(&[one], fields), rights(&[other], fields)].concat();
            let both = rights(&[one, other], fields);
            assert!(each.iter().all(|right| both.contains(right)), "{one}, {other}: {both:#?}");
            for right in &both {
                assert!(each.contains(right), "{one}, {other}: neither needs {right:?}");
            }
        }
    }
}

/// Filters and queries compare the hash of a searchable field.
#[test]
fn some_fields_of_a_service_may_be_searchable() {
    for operations in [&["scan"][..], &["query_by_email"], &["scan_by_tax", "batch_get"], &["update"]] {
        for right in rights_on("seals", "Account", operations, Some("[opened, email]")) {
            let attributes = right.attributes.unwrap();
            assert!(["opened", "email", "email_hash"].iter().all(|name| attributes.contains(&(*name).to_owned())));
        }
    }
}
