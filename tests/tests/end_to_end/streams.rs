//! Records of DynamoDB Streams, from the service and from Lambda events.

use crate::engine::{Engine, config, db, url};
use dyntastic::aws_lambda_events::event::dynamodb::Event;
use dyntastic::aws_sdk_dynamodb as sdk;
use dyntastic::aws_sdk_dynamodbstreams as streams_sdk;
use dyntastic::chrono::{TimeZone, Utc};
use dyntastic::item::ReadErrorKind;
use dyntastic::serde_json::{self, json};
use dyntastic::streams::{Change, KeyChange, NewImage, OldImage, Operation, Record};
use dyntastic::{Client, Error};
use dyntastic_tests::streams::{AuditItemKey, Both, BothKey, Login, LoginKey, Newest, NewestKey, Oldest, OldestKey};
use streams_sdk::types::ShardIteratorType;

/// All records of a table's stream so far.
async fn records(db: &Client, table: &str) -> Vec<Record> {
    let sdk = config().await;
    let credentials = sdk::config::Credentials::new("local", "local", None, None, "tests");
    let client = streams_sdk::Client::from_conf(
        streams_sdk::Config::builder()
            .behavior_version(streams_sdk::config::BehaviorVersion::latest())
            .region(sdk.region().cloned())
            .credentials_provider(credentials)
            .endpoint_url(url().await)
            .build(),
    );
    let described = db.sdk().describe_table().table_name(table).send().await.unwrap();
    let arn = described.table().and_then(|table| table.latest_stream_arn()).unwrap().to_owned();
    let stream = client.describe_stream().stream_arn(&arn).send().await.unwrap();
    let mut found = Vec::new();
    for shard in stream.stream_description().unwrap().shards() {
        let request = client.get_shard_iterator().stream_arn(&arn).shard_id(shard.shard_id().unwrap());
        let iterator = request.shard_iterator_type(ShardIteratorType::TrimHorizon).send().await.unwrap();
        let read = client.get_records().set_shard_iterator(iterator.shard_iterator).send().await.unwrap();
        found.extend(read.records.into_iter().flatten().map(|record| Record::try_from(record).unwrap()));
    }
    found
}

/// The name of a model's table in this test.
fn table(request: &sdk::operation::get_item::builders::GetItemFluentBuilder) -> String {
    request.get_table_name().clone().unwrap()
}

#[tokio::test]
async fn changes_are_read_as_the_stream_holds_them() {
    if !Engine::current().has_streams() {
        return;
    }
    let db = db().await;
    let mut both = Both::builder().id("a").count(1_u32).tags(["x"]).extra(json!({ "a": [1, null] })).build().unwrap();
    both.photo = Some(vec![1, 2].into());
    both.save(&db).await.unwrap();
    let before = both.clone();
    both.update(&db, Both::A.count.add(1_u32)).await.unwrap();
    both.delete(&db).await.unwrap();
    let name = table(&Both::get(&db, "a").into_inner().unwrap());
    let records = records(&db, &name).await;
    assert!(records.iter().all(|record| record.sequence_number().is_some() && !record.is_expired()));
    let changes: Vec<Change<Both>> = records.into_iter().map(|record| record.change::<Both>().unwrap()).collect();
    let expected =
        [Change::Inserted(before.clone()), Change::Modified { old: before, new: both.clone() }, Change::Removed(both)];
    assert_eq!(changes, expected);
}

#[tokio::test]
async fn one_image_or_the_keys_alone_are_typed_as_what_they_are() {
    if !Engine::current().has_streams() {
        return;
    }
    let db = db().await;
    let at = Utc.with_ymd_and_hms(2024, 2, 1, 12, 0, 0).unwrap();
    let newest = Newest::builder().id("n").at(at).text("one").build().unwrap();
    newest.save(&db).await.unwrap();
    newest.delete(&db).await.unwrap();
    let name = table(&Newest::get(&db, &newest).into_inner().unwrap());
    let changes = records(&db, &name).await.into_iter().map(|record| record.change::<Newest>().unwrap());
    let key = NewestKey { id: "n".to_owned(), at };
    assert_eq!(changes.collect::<Vec<_>>(), [NewImage::Inserted(newest), NewImage::Removed(key)]);

    let oldest = Oldest::builder().id(7_u64).text("one").build().unwrap();
    oldest.save(&db).await.unwrap();
    oldest.delete(&db).await.unwrap();
    let name = table(&Oldest::get(&db, 7_u64).into_inner().unwrap());
    let changes = records(&db, &name).await.into_iter().map(|record| record.change::<Oldest>().unwrap());
    assert_eq!(changes.collect::<Vec<_>>(), [OldImage::Inserted(OldestKey { id: 7 }), OldImage::Removed(oldest)]);

    let login = Login::builder().user("ada").number(-12).device("phone").build().unwrap();
    login.save(&db).await.unwrap();
    let name = table(&Login::get(&db, &login).into_inner().unwrap());
    let records = records(&db, &name).await;
    let [record] = records.as_slice() else { unreachable!("{records:?}") };
    let key = LoginKey { user: "ada".to_owned(), number: -12, device: "phone".to_owned() };
    assert_eq!(record.clone().change::<Login>().unwrap(), KeyChange::Inserted(key));
    let raw = AuditItemKey { pk: "USER#ada".to_owned(), sk: "LOGIN#-9999999987#phone".to_owned() };
    assert_eq!(record.clone().change::<dyntastic_tests::streams::AuditItem>().unwrap(), KeyChange::Inserted(raw));
    let error = record.clone().change::<dyntastic_tests::streams::Tally>().unwrap_err();
    assert_eq!(error.to_string(), "Tally.pk: expected a key of the model: it is not made so");
}

fn lambda(name: &str, image: &str, count: serde_json::Value) -> serde_json::Value {
    json!({
        "eventID": "1", "eventName": name, "eventVersion": "1.0", "eventSource": "aws:dynamodb", "awsRegion": "us-east-1",
        "dynamodb": {
            "Keys": { "id": { "S": "a" } },
            image: {
                "id": { "S": "a" }, "count": count, "tags": { "SS": ["x", "y"] }, "photo": { "B": "AQI=" },
                "extra": { "M": { "list": { "L": [{ "BOOL": true }, { "NULL": true }, { "N": "1.5" }] } } },
            },
            "SequenceNumber": "111", "SizeBytes": 26, "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
        "userIdentity": { "type": "Service", "principalId": "dynamodb.amazonaws.com" },
    })
}

fn record(event: serde_json::Value) -> Record {
    let mut event: Event = serde_json::from_value(json!({ "Records": [event] })).unwrap();
    Record::try_from(event.records.remove(0)).unwrap()
}

#[tokio::test]
async fn a_lambda_event_is_read_as_the_service_is() {
    let inserted = record(lambda("INSERT", "NewImage", json!({ "N": "7" })));
    assert!(!inserted.is_expired());
    assert_eq!((inserted.operation(), inserted.sequence_number()), (Operation::Inserted, Some("111")));
    let Change::Inserted(both) = inserted.change::<Both>().unwrap() else { unreachable!() };
    assert_eq!((both.count, both.photo.as_deref()), (7, Some(&[1, 2][..])));
    assert_eq!(both.extra, Some(json!({ "list": [true, null, 1.5] })));

    let expired = record(lambda("REMOVE", "OldImage", json!({ "N": "7" })));
    assert!(expired.is_expired());
    assert_eq!(
        format!("{expired:?}"),
        "Record { operation: Removed, sequence_number: Some(\"111\"), is_expired: true, .. }"
    );
    assert_eq!(expired.change::<Both>().unwrap(), Change::Removed(both));

    let damaged = record(lambda("INSERT", "NewImage", json!({ "S": "7" }))).change::<Both>().unwrap_err();
    assert_eq!(damaged.to_string(), "Both.count: expected N, found S");
    let without = record(lambda("MODIFY", "NewImage", json!({ "N": "7" }))).change::<Both>().unwrap_err();
    assert!(matches!(&without, Error::Read(error) if *error.kind() == ReadErrorKind::Missing), "{without:?}");
    assert_eq!(BothKey::from("a").id, "a");
}
