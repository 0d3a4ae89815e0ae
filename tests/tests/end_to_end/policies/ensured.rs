//! The rights of `ensure_tables` before an engine that keeps no setting of a table, so that each is read and set: no engine
//! keeps all of them.

use super::judge::Judge;
use super::request::{Authorization, authorizations};
use super::service;
use crate::canned::{answering_in, error};
use dyntastic::serde_json::{Value, json};
use dyntastic::{Client, TableItem, tables};
use dyntastic_codegen::{PolicyScope, Right, TableSetting, iam};
use dyntastic_tests::roles;
use dyntastic_tests::tables::{EncryptedEverywhere, Full, NotCreated, Plain, Writer};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// The description of a created table that has lost its settings.
fn bare(created: &Value) -> Value {
    let name = created["TableName"].as_str().unwrap();
    json!({ "Table": {
        "TableName": name,
        "TableArn": format!("arn:aws:dynamodb:us-east-1:000000000000:table/{name}"),
        "TableStatus": "ACTIVE",
        "KeySchema": created["KeySchema"],
        "AttributeDefinitions": created["AttributeDefinitions"],
        "GlobalSecondaryIndexes": created["GlobalSecondaryIndexes"],
        "Replicas": [],
        "ProvisionedThroughput": { "ReadCapacityUnits": 7, "WriteCapacityUnits": 7 },
    } })
}

/// The requests by region and operation.
type Requests = Arc<Mutex<Vec<(String, String, Value)>>>;

fn forgetful() -> (Client, Requests) {
    let tables: Mutex<HashMap<String, Value>> = Mutex::default();
    let requests = Requests::default();
    let seen = requests.clone();
    let (db, _) = answering_in(move |region, operation, body, _| {
        let mut tables = tables.lock().unwrap();
        seen.lock().unwrap().push((region.to_owned(), operation.to_owned(), body.clone()));
        match operation {
            "DescribeTable" if region != "us-east-1" => error("ResourceNotFoundException"),
            "CreateTable" => {
                tables.insert(body["TableName"].as_str().unwrap().to_owned(), bare(body));
                (200, json!({}))
            }
            "DescribeTable" => match tables.get(body["TableName"].as_str().unwrap()) {
                Some(table) => (200, table.clone()),
                None => error("ResourceNotFoundException"),
            },
            // A replica is waited for until it is there.
            "UpdateTable" => {
                let table = tables.get_mut(body["TableName"].as_str().unwrap()).unwrap();
                let created = body["ReplicaUpdates"].as_array().into_iter().flatten();
                let replicas = table["Table"]["Replicas"].as_array_mut().unwrap();
                replicas.extend(created.map(|update| update["Create"].clone()));
                (200, json!({}))
            }
            "GetResourcePolicy" => error("PolicyNotFoundException"),
            _ => (200, json!({})),
        }
    });
    (db, requests)
}

/// The rights on these tables of a service that ensures all of its schema.
fn rights(case: &'static str, tables: &[&str]) -> Vec<Right> {
    let mut rights = service(case, "ensure_tables: true").rights();
    rights.retain(|right| matches!(&right.table, TableSetting::Value(name) if tables.contains(&name.as_str())));
    rights
}

#[tokio::test(start_paused = true)]
async fn ensured_tables_need_exactly_the_rights_of_their_service() {
    let of_settings = [Plain::TABLE, Full::TABLE, NotCreated::TABLE, EncryptedEverywhere::TABLE, Writer::TABLE];
    for (case, tables, names) in [
        ("roles", roles::TABLES, &["pages", "sessions"][..]),
        ("tables", &of_settings, &["plain", "full", "not-created", "encrypted-everywhere", "library"]),
    ] {
        let rights = rights(case, names);
        let (db, requests) = forgetful();
        tables::ensure(&db, tables).await.unwrap();
        let requests = requests.lock().unwrap();
        let asked = requests.iter().flat_map(|(region, operation, body)| {
            let asked = authorizations(operation, body, &HashMap::new()).into_iter();
            asked.map(move |of| Authorization { resource: of.resource.replacen("us-east-1", region, 1), ..of })
        });
        let asked: Vec<Authorization> = asked.collect();
        let refused = |rights: &[Right]| {
            // Replicas are in other regions than their tables.
            let scope = PolicyScope { region: "us-east-1".to_owned(), ..PolicyScope::default() };
            let policy = iam(rights, &scope, super::value);
            let judge = Judge::new(&policy, HashMap::new());
            asked.iter().filter(|asked| !judge.allows(asked)).map(|asked| asked.action.clone()).collect::<Vec<_>>()
        };
        assert!(refused(&rights).is_empty(), "{case}: {:?}", refused(&rights));
        for (at, left_out) in rights.iter().enumerate() {
            let mut others = rights.clone();
            others.remove(at);
            assert!(!refused(&others).is_empty(), "{case}: the policy needs no {left_out:?}");
        }
    }
}

/// A service that only makes tables has no right to items.
#[test]
fn a_service_that_makes_tables_is_not_one_of_all_models() {
    let rights = service("roles", "ensure_tables: true").rights();
    assert!(rights.iter().all(|right| right.action.contains("Table") || right.action.contains("TimeToLive")));
    let silent = service("roles", "auto_create: true").rights();
    assert!(silent.iter().any(|right| right.action == "GetItem"));
}
