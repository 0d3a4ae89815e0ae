//! Replicas of tables, in front of a DynamoDB in memory that has them: no engine does.

mod world;

use crate::canned::{answering, answering_in, error};
use crate::engine::{Engine, db};
use crate::table_plans::{PLAIN, kinds, plan};
use dyntastic::prelude::*;
use dyntastic::serde_json::{Value, json};
use dyntastic::tables::{self, Progress};
use dyntastic::{Error, KeyAttribute, Replica, StreamView, Table, TableClass};
use dyntastic_tests::tables::{EncryptedEverywhere, Everywhere};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use world::{FULL, SEEN, World, asked, dynamodb, dynamodb_of, dynamodb_replicated, dynamodb_with};

const STREAMED: Table = PLAIN.stream(StreamView::NewAndOldImages);
/// In all regions of the table, that of the client too.
const GLOBAL: Table =
    STREAMED.replicas(&[Replica::new("eu-west-1"), Replica::new("us-east-1"), Replica::new("us-east-2")]);

fn texts(plan: &tables::Plan) -> Vec<String> {
    plan.changes().iter().map(ToString::to_string).collect()
}

#[tokio::test(start_paused = true)]
async fn replicas_are_created_one_after_the_other() {
    let (db, requests) = dynamodb();
    let planned = plan(&db, GLOBAL).await;
    assert_eq!(kinds(&planned), ["create_table", "create_replica", "create_replica"]);
    let created = "  + create the replica in eu-west-1, of about 0 items\n  + create the replica in us-east-2, of";
    assert!(planned.to_string().contains(created), "{planned}");
    tables::ensure(&db, &[GLOBAL]).await.unwrap();
    assert_eq!(asked(&requests), ["Create eu-west-1", "Create us-east-2"]);
    assert!(plan(&db, GLOBAL).await.is_empty());
    tables::ensure(&db, &[GLOBAL]).await.unwrap();
    assert_eq!(asked(&requests).len(), 2);

    let (db, requests) = dynamodb();
    Everywhere::create_table(&db).await.unwrap();
    assert_eq!(asked(&requests), ["Create eu-west-1", "Create us-east-2"]);
    assert!(plan(&db, Everywhere::TABLE).await.is_empty());

    let (db, requests) = dynamodb();
    Everywhere::create_table(&db).no_wait().await.unwrap();
    assert!(asked(&requests).is_empty(), "a table that is being created takes no replicas");
}

/// In another region of the table, a write would make a table of its own.
#[tokio::test(start_paused = true)]
async fn no_write_creates_a_table_with_replicas() {
    let (db, requests) = answering(|_, _, _| error("ResourceNotFoundException"));
    let item = Everywhere { id: "1".to_owned() };
    let saved = item.save(&db).await.unwrap_err();
    assert!(saved.is_not_found(), "{saved}");
    db.transaction().put(&item).await.unwrap_err();
    db.batch_write().put(&item).await.unwrap_err();
    let requests = requests.lock().unwrap();
    assert!(!requests.iter().any(|(operation, _)| operation == "CreateTable"), "{requests:?}");
}

/// A table that is in another region of its list gets its replica from there, whatever creates tables here.
#[tokio::test(start_paused = true)]
async fn a_table_that_is_in_another_region_is_not_created_on_its_own() {
    let (db, requests) = dynamodb_with(json!({ "eu-west-1": { "TableStatus": "ACTIVE" } }));
    let planned = tables::plan(&db, &[Everywhere::TABLE]).await.map(drop);
    let ensured = tables::ensure(&db, &[Everywhere::TABLE]).await;
    for refused in [planned, ensured, Everywhere::create_table(&db).await] {
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains("the table everywhere is in eu-west-1 already, and not in us-east-1"), "{refused}");
    }
    assert!(!requests.lock().unwrap().iter().any(|(operation, _)| operation == "CreateTable"));

    // Another process may have created the table here too since it was missed here.
    let (db, requests) = answering_in(|region, operation, _, before| match (operation, region, before) {
        ("DescribeTable", "us-east-1", 0) => error("ResourceNotFoundException"),
        ("DescribeTable", ..) => (200, json!({ "Table": { "TableStatus": "ACTIVE" } })),
        ("CreateTable", ..) => error("ResourceInUseException"),
        _ => (200, json!({})),
    });
    tables::plan(&db, &[Everywhere::TABLE]).await.unwrap();
    assert!(Everywhere::create_table(&db).await.unwrap_err().is_conflict());
    assert!(!requests.lock().unwrap().iter().any(|(operation, _)| operation == "UpdateTable"));

    // An engine without replicas has a table of its own in each region.
    let arn = "arn:aws:dynamodb:ddblocal:000000000000:table/everywhere";
    let (db, _) = dynamodb_with(json!({ "eu-west-1": { "TableStatus": "ACTIVE", "TableArn": arn } }));
    Everywhere::create_table(&db).await.unwrap();

    // An endpoint of one region does not tell of others.
    let (db, _) = answering_in(|region, _, _, _| match region {
        "us-east-1" => error("ResourceNotFoundException"),
        _ => error("InvalidSignatureException"),
    });
    let unsaid = tables::plan(&db, &[Everywhere::TABLE]).await.unwrap_err().to_string();
    assert!(unsaid.contains("has to be looked for in eu-west-1") && unsaid.contains("an endpoint"), "{unsaid}");

    // One that is being deleted there is none.
    let (db, _) = dynamodb_with(json!({ "eu-west-1": { "TableStatus": "DELETING" } }));
    Everywhere::create_table(&db).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_is_missing_is_created_and_what_is_not_listed_stays_unless_its_deletion_is_named() {
    const CREATED: &str = "create the replica in us-east-2, of about 40 items";
    const TWO: Table = STREAMED.replicas(&[Replica::new("ap-south-1"), Replica::new("eu-west-1")]);
    let (db, requests) = dynamodb();
    tables::ensure(&db, &[TWO]).await.unwrap();
    let planned = plan(&db, GLOBAL).await;
    assert_eq!((texts(&planned), kinds(&planned)), (vec![CREATED.to_owned()], vec!["create_replica"]));
    let kept = "\n1 change\nkept: the replica in ap-south-1 of planned, which the schema does not list \
                (to delete it: planned/replica:ap-south-1)";
    assert!(planned.to_string().ends_with(kept), "{planned}");
    let [deletion] = planned.kept() else { panic!("{planned}") };
    assert!(deletion.is_destructive() && !deletion.is_replacement());
    assert_eq!((deletion.name().as_str(), deletion.replica()), ("planned/replica:ap-south-1", Some("ap-south-1")));

    tables::ensure(&db, &[GLOBAL]).await.unwrap();
    assert_eq!(asked(&requests)[2..], ["Create us-east-2"]);
    let left = plan(&db, GLOBAL).await.apply().await.unwrap();
    assert_eq!((left.changes().len(), left.kept().len(), asked(&requests).len()), (0, 1, 3));
    let left = left.apply().allow_deletion("planned/replica:ap-south-1").await.unwrap();
    assert!(left.is_empty() && left.kept().is_empty(), "{left}");
    assert_eq!(asked(&requests)[3..], ["Delete ap-south-1"]);

    // A schema without a word for replicas does not speak of them.
    let (silent, none) = (plan(&db, STREAMED).await, plan(&db, STREAMED.replicas(&[])).await);
    assert!(silent.is_empty() && silent.kept().is_empty() && none.is_empty());
    assert_eq!(none.kept().len(), 2);
}

/// Whatever a schema lists, and wherever it is compared: no replica is deleted that nobody has named, least of all the table
/// in the region where it was made.
#[tokio::test(start_paused = true)]
async fn no_region_is_deleted_by_a_list_that_lacks_it() {
    const LISTS: [&[Replica]; 4] = [
        &[],
        &[Replica::new("us-east-1")],
        &[Replica::new("us-east-1"), Replica::new("us-east-2")],
        &[Replica::new("us-east-2")],
    ];
    for list in LISTS {
        let (db, requests) = dynamodb();
        tables::ensure(&db, &[GLOBAL]).await.unwrap();
        let planned = plan(&db, STREAMED.replicas(list)).await;
        assert!(planned.changes().is_empty(), "{planned}");
        planned.apply().await.unwrap();
        assert_eq!(asked(&requests).len(), 2, "{list:?}");

        // Nor with a table that is replaced.
        let other = STREAMED.range_key(KeyAttribute::string("at")).replicas(list);
        let refused = plan(&db, other).await.apply().allow_deletion("planned").await.unwrap_err().to_string();
        assert!(refused.contains("the schema does not list eu-west-1"), "{refused}");
        assert_eq!(asked(&requests).len(), 2, "{list:?}");
        let planned = plan(&db, other).await;
        let names = planned.changes()[0].deletions();
        assert!(names.contains(&"planned/replica:eu-west-1".to_owned()), "{names:?}");
        let left = names.into_iter().fold(planned.apply(), tables::Apply::allow_deletion).await.unwrap();
        assert!(left.is_empty() && left.kept().is_empty(), "{left}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_replica_that_could_not_be_created_is_an_error_with_its_region() {
    const NOWHERE: Table = STREAMED.replicas(&[Replica::new(FULL)]);
    let (db, requests) = dynamodb();
    let failed = tables::ensure(&db, &[NOWHERE]).await.unwrap_err();
    assert!(matches!(failed, Error::TablesDiffer { .. }), "{failed}");
    assert!(failed.to_string().contains("the replica in eu-south-1"), "{failed}");
    assert!(failed.to_string().contains("(the region is full)"), "{failed}");
    let planned = plan(&db, NOWHERE).await;
    assert_eq!(kinds(&planned), ["replace_replica"]);
    assert!(planned.changes()[0].is_destructive());
    assert!(planned.apply().await.unwrap_err().to_string().contains("DynamoDB could not create it"));
    assert_eq!(asked(&requests), ["Create eu-south-1"]);
    // It is created anew, which fails again, is not tried for ever, and is not done.
    let done = Arc::new(Mutex::new(Vec::new()));
    let tells = done.clone();
    let applied = plan(&db, NOWHERE).await.apply().on_progress(move |progress| {
        if let Progress::Done(change) = progress {
            tells.lock().unwrap().push(change.kind());
        }
    });
    let again = applied.allow_deletion("planned/replica:eu-south-1").await.unwrap_err();
    assert_eq!(*done.lock().unwrap(), ["replace_replica"]);
    assert!(again.to_string().contains("eu-south-1"), "{again}");
    assert_eq!(asked(&requests)[1..], ["Delete eu-south-1", "Create eu-south-1"]);
}

/// The client's region may be one of the list: its entry has the key and the class of the table there.
#[tokio::test(start_paused = true)]
async fn the_table_has_the_settings_of_the_replica_in_its_region() {
    const OWN: Replica =
        Replica::new("us-east-1").kms_key("alias/own").table_class(TableClass::StandardInfrequentAccess);
    const OTHER: Replica = Replica::new("eu-west-1").kms_key("alias/other");
    const TABLE: Table = STREAMED.kms_key("alias/shop").replicas(&[OWN, OTHER]);
    let (db, requests) = dynamodb();
    tables::ensure(&db, &[TABLE]).await.unwrap();
    let requests = requests.lock().unwrap();
    let created = &requests.iter().find(|(operation, _)| operation == "CreateTable").unwrap().1;
    assert_eq!(created["SSESpecification"]["KMSMasterKeyId"], "alias/own");
    assert_eq!(created["TableClass"], "STANDARD_INFREQUENT_ACCESS");
    let replicas: Vec<&Value> = requests.iter().filter_map(|(_, body)| body.get("ReplicaUpdates")).collect();
    // DynamoDB would give the replica the class of the table here, and the schema says another one.
    let created = json!([{ "Create": {
        "RegionName": "eu-west-1", "KMSMasterKeyId": "alias/other", "TableClassOverride": "STANDARD"
    } }]);
    assert_eq!(replicas, [&created]);
}

/// After CreateTable, each replica is waited for, and nothing else is read.
#[tokio::test(start_paused = true)]
async fn a_created_table_is_not_compared_before_its_replicas_are_created() {
    let (db, requests) = dynamodb();
    Everywhere::create_table(&db).await.unwrap();
    let read: Vec<String> = requests.lock().unwrap().iter().map(|(operation, _)| operation.clone()).collect();
    assert!(
        !read.iter().any(|operation| operation != "DescribeTable" && operation.starts_with("Describe")),
        "{read:?}"
    );
    // Two of other regions, two of the new table, and those of the waits.
    let described = read.iter().filter(|operation| *operation == "DescribeTable").count();
    assert!(described <= 4 + 2 * (SEEN as usize + 1), "{described}");
}

#[tokio::test(start_paused = true)]
async fn another_class_of_a_replica_is_set_in_place() {
    let (db, requests) = dynamodb();
    EncryptedEverywhere::create_table(&db).await.unwrap();
    const CHANGED: Table = EncryptedEverywhere::TABLE.replicas(&[
        Replica::new("eu-west-1").kms_key("alias/shop").table_class(TableClass::StandardInfrequentAccess),
        Replica::new("us-east-2").kms_key("alias/shop"),
    ]);
    let planned = plan(&db, CHANGED).await;
    assert_eq!(
        (kinds(&planned), texts(&planned)),
        (vec!["replica"], vec!["change the replica in eu-west-1; infrequent access".to_owned()])
    );
    let uncompared: Vec<&str> = planned.uncompared().collect();
    assert!(uncompared[1].starts_with("the KMS keys of the replicas of encrypted-everywhere: "), "{uncompared:?}");
    tables::ensure(&db, &[CHANGED]).await.unwrap();
    assert_eq!(asked(&requests)[2..], ["Update eu-west-1"]);
    assert!(plan(&db, CHANGED).await.is_empty());
}

/// DynamoDB allows two changes of a class in 30 days: the rest is done, and this one is left.
#[tokio::test(start_paused = true)]
async fn a_replica_that_may_be_changed_only_later_is_left_and_the_rest_is_done() {
    const CHANGED: Table = STREAMED.tags(&[("a", "1")]).replicas(&[
        Replica::new("us-east-1"),
        Replica::new("eu-west-1").table_class(TableClass::StandardInfrequentAccess),
        Replica::new("us-east-2"),
        Replica::new("us-west-2"),
    ]);
    let (db, requests) = dynamodb_of(World { is_limited: true, ..World::default() });
    let standard = Replica::new("eu-west-1").table_class(TableClass::Standard);
    let begun: Table = STREAMED.replicas(Box::leak(Box::new([Replica::new("us-east-1"), standard])));
    tables::ensure(&db, &[begun]).await.unwrap();
    let refused = Arc::new(Mutex::new(Vec::new()));
    let tells = refused.clone();
    let left = plan(&db, CHANGED).await.apply().on_progress(move |progress| {
        if let Progress::Refused { change, reason, .. } = progress {
            tells.lock().unwrap().push((change.kind(), (*reason).to_owned()));
        }
    });
    let left = left.await.unwrap();
    assert!(kinds(&left).contains(&"replica") && !kinds(&left).contains(&"create_replica"), "{left}");
    let refused = refused.lock().unwrap().clone();
    assert!(matches!(&*refused, [("replica", reason)] if reason.contains("LimitExceededException")), "{refused:?}");
    assert_eq!(asked(&requests).iter().filter(|asked| asked.starts_with("Create")).count(), 3);
}

/// DeleteTable would leave the replicas behind.
#[tokio::test(start_paused = true)]
async fn a_table_is_replaced_with_its_replicas() {
    let (db, requests) = dynamodb();
    tables::ensure(&db, &[GLOBAL]).await.unwrap();
    let other = GLOBAL.range_key(KeyAttribute::string("at"));
    let planned = plan(&db, other).await;
    let text = "delete the table with its items (about 40), also in eu-west-1, us-east-2, and create it anew: it has hash key \
                `id` (string), and should have hash key `id` (string), range key `at` (string)";
    assert_eq!(texts(&planned), [text]);
    let left = planned.apply().allow_deletion("planned").await.unwrap();
    assert!(left.is_empty(), "{left}");
    let expected = ["Delete eu-west-1", "Delete us-east-2", "Create eu-west-1", "Create us-east-2"];
    assert_eq!(asked(&requests)[2..], expected);
    let requests = requests.lock().unwrap();
    assert_eq!(requests.iter().filter(|(operation, _)| operation == "DeleteTable").count(), 1);
}

/// What refuses a part of the deletion refuses all of it, before the first replica is gone.
#[tokio::test(start_paused = true)]
async fn a_deletion_that_a_region_refuses_deletes_nothing() {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let refusals = [
        (true, json!({}), "the table is protected against deletion"),
        (
            false,
            json!({ "us-east-2": { "DeletionProtectionEnabled": true } }),
            "protected against deletion in us-east-2",
        ),
        (
            false,
            json!({ "us-east-2": { "CreationDateTime": now - 3600 } }),
            "has been in us-east-2 for less than 24 hours",
        ),
        // The client's region may be the new one.
        (
            false,
            json!({ "us-east-1": { "CreationDateTime": now - 3600 } }),
            "has been in us-east-1 for less than 24 hours",
        ),
    ];
    for (is_protected, in_regions, why) in refusals {
        let (db, requests) = dynamodb_replicated(in_regions);
        let table = if is_protected { GLOBAL.deletion_protection(true) } else { GLOBAL };
        tables::ensure(&db, &[table]).await.unwrap();
        let other = GLOBAL.range_key(KeyAttribute::string("at"));
        let refused = plan(&db, other).await.apply().allow_deletion("planned").await.unwrap_err().to_string();
        assert!(refused.contains(why), "{refused}");
        assert_eq!(asked(&requests), ["Create eu-west-1", "Create us-east-2"]);
    }
    let (db, _) = dynamodb_replicated(json!({ "us-east-2": { "CreationDateTime": now - 25 * 3600 } }));
    tables::ensure(&db, &[GLOBAL]).await.unwrap();
    let other = GLOBAL.range_key(KeyAttribute::string("at"));
    assert!(plan(&db, other).await.apply().allow_deletion("planned").await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_wait_for_a_replica_is_told_and_has_a_limit() {
    let creating = json!({ "Table": {
        "TableName": "planned",
        "TableArn": "arn:aws:dynamodb:us-east-1:1:table/planned",
        "TableStatus": "UPDATING",
        "KeySchema": [{ "AttributeName": "id", "KeyType": "HASH" }],
        "AttributeDefinitions": [{ "AttributeName": "id", "AttributeType": "S" }],
        "BillingModeSummary": { "BillingMode": "PAY_PER_REQUEST" },
        "StreamSpecification": { "StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES" },
        "Replicas": [
            { "RegionName": "us-east-1", "ReplicaStatus": "ACTIVE" },
            { "RegionName": "eu-west-1", "ReplicaStatus": "CREATING" },
            { "RegionName": "us-east-2", "ReplicaStatus": "ACTIVE" },
        ],
    } });
    let (db, _) = answering(move |operation, _, _| match operation {
        "DescribeTable" => (200, creating.clone()),
        _ => (200, json!({})),
    });
    let planned = plan(&db, GLOBAL).await;
    assert_eq!(
        (kinds(&planned), texts(&planned)),
        (vec!["await"], vec!["wait until the replica in eu-west-1 is created".to_owned()])
    );
    let told = Arc::new(Mutex::new(Vec::new()));
    let tells = told.clone();
    let limited = planned.apply().wait_limit(Duration::from_secs(60)).on_progress(move |progress| {
        if let Progress::Waits { replica: Some(region), status, .. } = progress {
            tells.lock().unwrap().push(format!("{status} {region}"));
        }
    });
    let error = limited.await.unwrap_err();
    assert_eq!(error.to_string(), "the table planned is CREATING the replica in eu-west-1 after 60 s");
    assert_eq!(told.lock().unwrap()[0], "CREATING eu-west-1");
}

/// An engine for tests has no replicas, and apps run on it nevertheless.
#[tokio::test]
async fn an_engine_without_replicas_goes_without() {
    let db = db().await;
    // Replicas need a stream.
    if Engine::current().has_replicas() || !Engine::current().has_streams() {
        return;
    }
    Everywhere::create_table(&db).await.unwrap();
    tables::ensure(&db, &[Everywhere::TABLE, GLOBAL]).await.unwrap();
    let refused = Arc::new(Mutex::new(0));
    let count = refused.clone();
    let planned = plan(&db, Everywhere::TABLE).await;
    let is_seen = planned.is_empty();
    let says = |plan: &tables::Plan| {
        plan.uncompared().any(|of| of.starts_with("the replicas of ") && of.ends_with("has none"))
    };
    assert_eq!(says(&planned), is_seen, "{planned}");
    // An engine that names no region of AWS has none. Of others, only the refusal says it.
    assert!(is_seen || !matches!(Engine::current(), Engine::Embedded | Engine::DynamoDbLocal), "{planned}");
    let left = planned.apply().on_progress(move |progress| {
        *count.lock().unwrap() += u32::from(matches!(progress, Progress::Refused { .. }));
    });
    let left = left.await.unwrap();
    assert!(left.is_empty() && says(&left), "{left}");
    assert_eq!(*refused.lock().unwrap() > 0, !is_seen);
}
