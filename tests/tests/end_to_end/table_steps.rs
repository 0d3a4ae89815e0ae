//! Changes of tables in front of canned answers: what is sent, waited for and done again, where no engine shows it.

use crate::canned::{Requests, answering, error};
use crate::table_plans::{BY_NAME, PLAIN, kinds, plan, refused};
use dyntastic::serde_json::{Value, json};
use dyntastic::tables::{self, Progress};
use dyntastic::{KeyAttribute, StreamView, Table, TableClass};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The description of a table in front of canned answers.
fn described(status: &str, indexes: &Value) -> Value {
    json!({ "Table": {
        "TableName": "planned",
        "TableArn": "arn:aws:dynamodb:us-east-1:1:table/planned",
        "TableStatus": status,
        "ItemCount": 40,
        "KeySchema": [{ "AttributeName": "id", "KeyType": "HASH" }],
        "AttributeDefinitions": [
            { "AttributeName": "id", "AttributeType": "S" },
            { "AttributeName": "name", "AttributeType": "S" }
        ],
        "BillingModeSummary": { "BillingMode": "PAY_PER_REQUEST" },
        "GlobalSecondaryIndexes": indexes,
    } })
}

fn index(status: &str, items: u32) -> Value {
    json!([{
        "IndexName": "by_name",
        "IndexStatus": status,
        "ItemCount": items,
        "KeySchema": [{ "AttributeName": "name", "KeyType": "HASH" }],
        "Projection": { "ProjectionType": "ALL" }
    }])
}

fn count(requests: &Requests, operation: &str) -> usize {
    requests.lock().unwrap().iter().filter(|(sent, _)| sent == operation).count()
}

/// An index takes as long as it takes, and what is seen of it is told.
#[tokio::test(start_paused = true)]
async fn a_long_back_fill_is_waited_for() {
    let (db, requests) = answering(|operation, _, before| match (operation, before) {
        ("DescribeTable", 0..2) => (200, described("ACTIVE", &json!([]))),
        ("DescribeTable", 2) => (200, described("UPDATING", &index("CREATING", 0))),
        ("DescribeTable", 3..600) => (200, described("ACTIVE", &index("CREATING", 17))),
        ("DescribeTable", _) => (200, described("ACTIVE", &index("ACTIVE", 40))),
        _ => (200, json!({})),
    });
    let told = Arc::new(Mutex::new(Vec::new()));
    let tells = told.clone();
    let table = PLAIN.indexes(&[BY_NAME]);
    tables::ensure(&db, &[table])
        .on_progress(move |progress| {
            if let Progress::Waits { table, status, index, indexed, items, .. } = progress {
                let seen = format!("{table} {status} {index:?} {indexed}/{items}");
                tells.lock().unwrap().push(seen);
            }
        })
        .await
        .unwrap();
    let told = told.lock().unwrap();
    assert_eq!(told.first().unwrap(), "planned CREATING Some(\"by_name\") 0/40");
    assert_eq!(told.last().unwrap(), "planned CREATING Some(\"by_name\") 17/40");
    assert_eq!(count(&requests, "UpdateTable"), 1);
}

/// What another process is creating is not there yet.
#[tokio::test(start_paused = true)]
async fn what_another_process_creates_is_waited_for() {
    let creating = || {
        answering(|operation, _, before| match (operation, before) {
            ("DescribeTable", 0..2) => (200, described("CREATING", &index("CREATING", 0))),
            ("DescribeTable", 2..9) => (200, described("ACTIVE", &index("CREATING", 17))),
            ("DescribeTable", _) => (200, described("ACTIVE", &index("ACTIVE", 40))),
            _ => (200, json!({})),
        })
    };
    let table = PLAIN.indexes(&[BY_NAME]);
    let (db, requests) = creating();
    tables::ensure(&db, &[table]).await.unwrap();
    assert_eq!((count(&requests, "DescribeTable"), count(&requests, "UpdateTable")), (10, 0));

    let (db, _) = creating();
    let texts = ["wait until the table is created", "wait until the table is created"];
    for text in texts.into_iter().chain(["wait until the index `by_name` is built"]) {
        let planned = plan(&db, table).await;
        assert_eq!(kinds(&planned), ["await"]);
        assert_eq!(planned.changes()[0].to_string(), text);
    }
    let left = plan(&db, table).await.apply().await.unwrap();
    assert!(left.is_empty(), "{left}");
}

#[tokio::test(start_paused = true)]
async fn a_limit_ends_the_wait_for_an_index() {
    let (db, _) = answering(|operation, _, _| match operation {
        "DescribeTable" => (200, described("ACTIVE", &index("CREATING", 0))),
        _ => (200, json!({})),
    });
    let table = PLAIN.indexes(&[BY_NAME]).stream(StreamView::KeysOnly);
    let error = tables::ensure(&db, &[table]).wait_limit(Duration::from_secs(60)).await.unwrap_err();
    assert_eq!(error.to_string(), "the table planned is CREATING the index by_name after 60 s");
}

/// Another process comes first: its change is found when the table is read again.
#[tokio::test(start_paused = true)]
async fn fault_a_change_that_another_process_makes_is_not_an_error() {
    for code in ["LimitExceededException", "ResourceInUseException", "ValidationException"] {
        let (db, requests) = answering(move |operation, _, before| match (operation, before) {
            ("DescribeTable", 0..2) => (200, described("ACTIVE", &json!([]))),
            ("DescribeTable", 2..9) => (200, described("UPDATING", &index("CREATING", 0))),
            ("DescribeTable", _) => (200, described("ACTIVE", &index("ACTIVE", 40))),
            ("UpdateTable", _) => error(code),
            _ => (200, json!({})),
        });
        tables::ensure(&db, &[PLAIN.indexes(&[BY_NAME])]).await.unwrap();
        // The SDK itself sends a request again that exceeds a limit.
        let sent = if code == "LimitExceededException" { 3 } else { 1 };
        assert_eq!(count(&requests, "UpdateTable"), sent, "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn fault_a_change_that_is_refused_each_time_is_an_error() {
    for (code, least) in [("ValidationException", 2), ("LimitExceededException", 10), ("AccessDeniedException", 1)] {
        let (db, requests) = answering(move |operation, _, _| match operation {
            "DescribeTable" => (200, described("ACTIVE", &json!([]))),
            "UpdateTable" => error(code),
            _ => (200, json!({})),
        });
        let refused = tables::ensure(&db, &[PLAIN.indexes(&[BY_NAME])]).await.unwrap_err();
        assert_eq!(refused.code(), Some(code));
        assert!(count(&requests, "UpdateTable") >= least, "{code}");
    }
}

/// A setting that an engine accepts and forgets is requested once, and is left.
#[tokio::test(start_paused = true)]
async fn a_forgotten_setting_is_left_in_the_plan() {
    let (db, requests) = answering(|operation, _, _| match operation {
        "DescribeTable" => (200, described("ACTIVE", &json!([]))),
        _ => (200, json!({})),
    });
    let table = PLAIN.table_class(TableClass::StandardInfrequentAccess);
    let left = plan(&db, table).await.apply().await.unwrap();
    assert_eq!(kinds(&left), ["table_class"]);
    assert_eq!(count(&requests, "UpdateTable"), 1);

    let error = plan(&db, PLAIN.indexes(&[BY_NAME])).await.apply().await.unwrap_err();
    assert!(error.to_string().contains("is ACTIVE, without the requested change, after 30 s"), "{error}");
}

/// DynamoDB answers before every reader sees a setting.
#[tokio::test(start_paused = true)]
async fn a_setting_that_is_seen_late_is_done() {
    let (db, requests) = answering(|operation, _, before| match (operation, before) {
        ("DescribeTable", _) => (200, described("ACTIVE", &json!([]))),
        ("ListTagsOfResource", 0..7) => (200, json!({ "Tags": [] })),
        ("ListTagsOfResource", _) => (200, json!({ "Tags": [{ "Key": "a", "Value": "1" }] })),
        _ => (200, json!({})),
    });
    let left = plan(&db, PLAIN.tags(&[("a", "1")])).await.apply().await.unwrap();
    assert!(left.is_empty(), "{left}");
    assert_eq!(count(&requests, "TagResource"), 1);
}

fn time_to_live(attribute: &str, status: &str) -> (u16, Value) {
    (200, json!({ "TimeToLiveDescription": { "AttributeName": attribute, "TimeToLiveStatus": status } }))
}

/// What DynamoDB allows only later is left, with its refusal, and does not keep the rest from being done.
#[tokio::test(start_paused = true)]
async fn a_change_that_comes_too_soon_is_left_and_the_others_are_done() {
    let sent = Mutex::new(Vec::new());
    let (db, requests) = answering(move |operation, _, before| {
        let mut sent = sent.lock().unwrap();
        sent.push(operation.to_owned());
        let is_sent = |operation: &str| sent.iter().any(|sent| sent == operation);
        match (operation, before) {
            ("DescribeTable", _) => (200, described("ACTIVE", &json!([]))),
            ("DescribeTimeToLive", _) if is_sent("UpdateTimeToLive") => time_to_live("old", "DISABLING"),
            ("DescribeTimeToLive", _) => time_to_live("old", "ENABLED"),
            ("UpdateTimeToLive", 1..) => error("ValidationException"),
            ("UpdateTable", _) => error("LimitExceededException"),
            ("ListTagsOfResource", _) if is_sent("TagResource") => {
                (200, json!({ "Tags": [{ "Key": "a", "Value": "1" }] }))
            }
            _ => (200, json!({})),
        }
    });
    let begin = tokio::time::Instant::now();
    let told = Arc::new(Mutex::new(Vec::new()));
    let tells = told.clone();
    let table = PLAIN.ttl("new").provisioned(1, 1).tags(&[("a", "1")]);
    let apply = plan(&db, table).await.apply().on_progress(move |progress| {
        if let Progress::Refused { change, reason, .. } = progress {
            tells.lock().unwrap().push((change.kind(), (*reason).to_owned()));
        }
    });
    let left = apply.await.unwrap();
    assert_eq!(kinds(&left), ["billing_mode", "time_to_live"]);
    let told = told.lock().unwrap().clone();
    let [(billing, limit), (time_to_live, hour)] = &*told else { unreachable!("{told:?}") };
    assert_eq!((*billing, *time_to_live), ("billing_mode", "time_to_live"));
    assert!(limit.contains("LimitExceededException") && hour.contains("ValidationException"), "{told:?}");
    assert_eq!(count(&requests, "TagResource"), 1);
    assert!(begin.elapsed() < Duration::from_secs(60), "{:?}", begin.elapsed());

    // A start goes on only with what it needs.
    let error = tables::ensure(&db, &[PLAIN.ttl("new")]).await.unwrap_err();
    assert_eq!(error.code(), Some("ValidationException"));
}

/// An index is built for hours, in which some readings of the table fail.
#[tokio::test(start_paused = true)]
async fn fault_a_reading_that_fails_does_not_end_a_wait() {
    for code in ["InternalServerError", "ThrottlingException"] {
        let (db, requests) = answering(move |operation, _, before| match (operation, before) {
            ("DescribeTable", 0..2) => (200, described("ACTIVE", &json!([]))),
            ("DescribeTable", 10..20) | ("DescribeTimeToLive", 2..9) => error(code),
            ("DescribeTable", 2..30) => (200, described("UPDATING", &index("CREATING", 0))),
            ("DescribeTable", _) => (200, described("ACTIVE", &index("ACTIVE", 40))),
            _ => (200, json!({})),
        });
        tables::ensure(&db, &[PLAIN.indexes(&[BY_NAME])]).await.unwrap();
        assert_eq!(count(&requests, "UpdateTable"), 1, "{code}");
    }
    let (db, _) = answering(|operation, _, before| match (operation, before) {
        ("DescribeTable", 0..2) => (200, described("ACTIVE", &json!([]))),
        ("DescribeTable", _) => error("InternalServerError"),
        _ => (200, json!({})),
    });
    let refused = tables::ensure(&db, &[PLAIN.indexes(&[BY_NAME])]).await.unwrap_err();
    assert_eq!(refused.code(), Some("InternalServerError"));
}

/// A switch to provisioned units has the units of each index, and point-in-time recovery waits until a new table has
/// backups.
#[tokio::test(start_paused = true)]
async fn requests_have_what_dynamodb_wants() {
    let (db, requests) = answering(|operation, _, before| match (operation, before) {
        ("DescribeTable", _) => (200, described("ACTIVE", &index("ACTIVE", 1))),
        ("DescribeContinuousBackups", _) => (200, json!({})),
        ("UpdateContinuousBackups", 0..3) => error("ContinuousBackupsUnavailableException"),
        ("ListTagsOfResource", before) if before % 2 == 0 => {
            (200, json!({ "Tags": [{ "Key": "a", "Value": "1" }], "NextToken": "n" }))
        }
        ("ListTagsOfResource", _) => (200, json!({ "Tags": [{ "Key": "b", "Value": "2" }] })),
        _ => (200, json!({})),
    });
    let table = PLAIN.indexes(&[BY_NAME]).provisioned(3, 4).point_in_time_recovery(true);
    let left = plan(&db, table.tags(&[("a", "1"), ("b", "3")])).await.apply().await.unwrap();
    assert_eq!(kinds(&left), ["billing_mode", "point_in_time_recovery", "tags"]);
    let sent = |operation: &str| -> Vec<Value> {
        let requests = requests.lock().unwrap();
        requests.iter().filter(|(sent, _)| sent == operation).map(|(_, body)| body.clone()).collect()
    };
    let units = json!({ "ReadCapacityUnits": 3, "WriteCapacityUnits": 4 });
    let update = json!({
        "TableName": "planned",
        "BillingMode": "PROVISIONED",
        "ProvisionedThroughput": units,
        "GlobalSecondaryIndexUpdates": [{ "Update": { "IndexName": "by_name", "ProvisionedThroughput": units } }],
    });
    assert_eq!(sent("UpdateTable"), [update]);
    assert_eq!(sent("UpdateContinuousBackups").len(), 4);
    assert_eq!(sent("TagResource")[0]["Tags"], json!([{ "Key": "b", "Value": "3" }]));
}

/// The tables of one name in two regions are two tables, also for deletions.
#[tokio::test]
async fn a_deletion_is_of_one_place() {
    let (db, requests) = answering(|operation, _, _| match operation {
        "DescribeTable" => (200, described("ACTIVE", &index("ACTIVE", 1))),
        _ => (200, json!({})),
    });
    let tables = [PLAIN, PLAIN.region(dyntastic::Setting::value("eu-west-1"))];
    let planned = tables::plan(&db, &tables).await.unwrap();
    let names: Vec<String> = planned.changes().iter().map(tables::Change::name).collect();
    assert_eq!(names, ["planned/by_name", "planned@eu-west-1/by_name"]);
    assert!(planned.to_string().contains("\nplanned in eu-west-1\n"), "{planned}");
    assert_eq!(count(&requests, "UpdateTable"), 0);
}

/// A table that another process creates again with the old key is not deleted again.
#[tokio::test(start_paused = true)]
async fn fault_a_deletion_is_done_once() {
    let (db, requests) = answering(|operation, _, before| match (operation, before) {
        ("DescribeTable", 3) => error("ResourceNotFoundException"),
        ("DescribeTable", _) => (200, described("ACTIVE", &json!([]))),
        _ => (200, json!({})),
    });
    let planned = plan(&db, Table::named("planned", KeyAttribute::number("id"))).await;
    let error = planned.apply().allow_deletion("planned").await.unwrap_err();
    assert!(refused(&error, "replace_table"), "{error}");
    assert_eq!(count(&requests, "DeleteTable"), 1);
}

/// A table that another process deletes between two requests is a missing one.
#[tokio::test(start_paused = true)]
async fn fault_a_table_that_is_deleted_while_it_is_read_is_missing() {
    for code in ["ResourceNotFoundException", "TableNotFoundException"] {
        let (db, requests) = answering(move |operation, _, before| match (operation, before) {
            ("DescribeTable", 2) => error("ResourceNotFoundException"),
            ("DescribeTable", _) => (200, described("ACTIVE", &json!([]))),
            ("DescribeTimeToLive", 0..2) => error(code),
            ("CreateTable", 0) => error("ResourceInUseException"),
            _ => (200, json!({})),
        });
        let planned = plan(&db, PLAIN).await;
        assert_eq!(kinds(&planned), ["create_table"]);
        assert!(planned.apply().await.unwrap().is_empty());
        assert_eq!(count(&requests, "CreateTable"), 2, "{code}");
    }
}

/// A new table gets its policy with its creation, and one that DynamoDB returns in another form is the same.
#[tokio::test(start_paused = true)]
async fn a_policy_is_created_with_its_table_and_compared_by_its_meaning() {
    const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"dynamodb:GetItem","Resource":"*"}]}"#;
    let returned = json!({
        "Version": "2012-10-17",
        "Statement": { "Action": ["dynamodb:GetItem"], "Effect": "Allow", "Resource": "*",
            "Principal": { "AWS": ["arn:aws:iam::123456789012:root"] } },
    });
    let (db, requests) = answering(move |operation, _, before| match (operation, before) {
        ("DescribeTable", 0..2) => error("ResourceNotFoundException"),
        ("DescribeTable", _) => (200, described("ACTIVE", &json!([]))),
        ("GetResourcePolicy", _) => (200, json!({ "Policy": returned.to_string(), "RevisionId": "1" })),
        _ => (200, json!({})),
    });
    let table = PLAIN.resource_policy(POLICY);
    tables::ensure(&db, &[table]).await.unwrap();
    assert!(plan(&db, table).await.is_empty());
    assert_eq!(count(&requests, "PutResourcePolicy"), 0);
    let created = requests.lock().unwrap().iter().find(|(sent, _)| sent == "CreateTable").unwrap().1.clone();
    assert_eq!(created["ResourcePolicy"], POLICY);
    // Nothing is taken away at the start of an app.
    tables::ensure(&db, &[PLAIN.resource_policy("")]).await.unwrap();
    assert_eq!(count(&requests, "DeleteResourcePolicy"), 0);
    assert_eq!(kinds(&plan(&db, PLAIN.resource_policy("")).await), ["resource_policy"]);
}

/// What an engine does not know, and a key that an alias names, are not said to be as the schema says.
#[tokio::test(start_paused = true)]
async fn what_cannot_be_compared_is_named() {
    const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[]}"#;
    let (db, _) = answering(|operation, _, _| match operation {
        "DescribeTable" => {
            let mut table = described("ACTIVE", &json!([]));
            table["Table"]["SSEDescription"] = json!({ "KMSMasterKeyArn": "arn:aws:kms:us-east-1:1:key/k" });
            (200, table)
        }
        _ => error("UnknownOperationException"),
    });
    let table = PLAIN
        .tags(&[("a", "1")])
        .point_in_time_recovery(true)
        .contributor_insights(false)
        .warm_throughput(12_000, 4_000)
        .resource_policy(POLICY)
        .kms_key("alias/k");
    let planned = plan(&db, table).await;
    assert!(planned.is_empty(), "{planned}");
    let engine = "this engine does not report it";
    let alias = "DynamoDB tells the key of a table, and not whether an alias is one of this key";
    let uncompared = [
        format!("the tags of planned: {engine}"),
        format!("the point-in-time recovery of planned: {engine}"),
        format!("the contributor insights of planned: {engine}"),
        format!("the warm throughput of planned: {engine}"),
        format!("the resource policy of planned: {engine}"),
        format!("the KMS key of planned: {alias}"),
    ];
    assert_eq!(planned.uncompared().collect::<Vec<_>>(), uncompared);
    let text = format!(
        "nothing to do: the tables are as the schema says\nnot compared: {}",
        uncompared.join("\nnot compared: ")
    );
    assert_eq!(planned.to_string(), text);
    // Of what the schema does not say, and of a table that is to be created, there is nothing to compare.
    assert_eq!(plan(&db, PLAIN).await.uncompared().count(), 0);
    let (missing, _) = answering(|_, _, _| error("ResourceNotFoundException"));
    assert_eq!(plan(&missing, table).await.uncompared().count(), 0);
}

/// The key that AWS manages for DynamoDB is not named, and a maximum may be of reads alone.
#[tokio::test(start_paused = true)]
async fn a_created_table_has_the_settings_as_dynamodb_takes_them() {
    for (key, encryption) in [
        ("alias/aws/dynamodb", json!({ "Enabled": true, "SSEType": "KMS" })),
        ("alias/shop", json!({ "Enabled": true, "SSEType": "KMS", "KMSMasterKeyId": "alias/shop" })),
    ] {
        let (db, requests) = answering(|operation, _, before| match (operation, before) {
            ("DescribeTable", 0..2) => error("ResourceNotFoundException"),
            ("DescribeTable", _) => (200, described("ACTIVE", &json!([]))),
            _ => (200, json!({})),
        });
        let table = PLAIN.kms_key(key).on_demand_maximum(Some(5), None);
        drop(tables::ensure(&db, &[table]).wait_limit(Duration::from_secs(1)).await);
        let created = requests.lock().unwrap().iter().find(|(sent, _)| sent == "CreateTable").unwrap().1.clone();
        assert_eq!(created["SSESpecification"], encryption);
        assert_eq!(created["OnDemandThroughput"], json!({ "MaxReadRequestUnits": 5 }));
    }
}
