//! Records of DynamoDB Streams, from the service and from Lambda events.

use crate::engine::{Engine, config, db, url};
use dyntastic::aws_lambda_events::event::dynamodb::Event as LambdaEvent;
use dyntastic::aws_sdk_dynamodb as sdk;
use dyntastic::aws_sdk_dynamodbstreams as streams_sdk;
use dyntastic::chrono::{TimeZone, Utc};
use dyntastic::codec::ReadErrorKind;
use dyntastic::model::Streamed;
use dyntastic::prelude::*;
use dyntastic::serde_json::{self, json};
use dyntastic::streams::{Change, Event, KeyChange, NewImage, OldImage, Operation, Record, View};
use dyntastic::{Client, Error};
use dyntastic_tests::discriminators::{Customer, Line, Order};
use dyntastic_tests::streams::{
    Access, AccessKey, AuditItemKey, Both, BothKey, Grant, GrantKey, LeagueItem, Login, LoginKey, Member, Newest,
    NewestKey, Oldest, OldestKey, Post, PostKey, Score, Step, StepKey, Tally,
};
use streams_sdk::types::ShardIteratorType;

/// A client of the engine's streams.
pub async fn client() -> streams_sdk::Client {
    let sdk = config().await;
    let credentials = sdk::config::Credentials::new("local", "local", None, None, "tests");
    streams_sdk::Client::from_conf(
        streams_sdk::Config::builder()
            .behavior_version(streams_sdk::config::BehaviorVersion::latest())
            .region(sdk.region().cloned())
            .credentials_provider(credentials)
            .endpoint_url(url().await)
            .build(),
    )
}

/// All records of a table's stream so far.
async fn records(db: &Client, table: &str) -> Vec<Record> {
    let client = client().await;
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
    let changes: Vec<Change<Both>> =
        records.into_iter().map(|record| record.change::<Both>().unwrap().unwrap()).collect();
    let expected =
        [Change::Inserted(before.clone()), Change::Modified { old: before, new: both.clone() }, Change::Removed(both)];
    assert_eq!(changes, expected);
}

#[tokio::test]
async fn each_attribute_of_a_discriminator_tells_the_model_of_a_record() {
    if !Engine::current().has_streams() {
        return;
    }
    let db = db().await;
    let order = Order::builder().customer("c").number(1).build().unwrap();
    let line = Line::builder().customer("c").number(1).line(2).product("p").build().unwrap();
    order.save(&db).await.unwrap();
    line.save(&db).await.unwrap();
    let name = table(&Order::get(&db, ("c", 1)).into_inner().unwrap());
    let records = records(&db, &name).await;
    let orders: Vec<_> = records.iter().map(|record| record.clone().change::<Order>().unwrap()).collect();
    assert_eq!(orders, [Some(Change::Inserted(order)), None]);
    let lines: Vec<_> = records.iter().map(|record| record.clone().change::<Line>().unwrap()).collect();
    assert_eq!(lines, [None, Some(Change::Inserted(line))]);
    let customers = records.iter().map(|record| record.clone().change::<Customer>().unwrap());
    assert!(customers.into_iter().all(|change| change.is_none()));
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
    let changes = records(&db, &name).await.into_iter().map(|record| record.change::<Newest>().unwrap().unwrap());
    let key = NewestKey { id: "n".to_owned(), at };
    assert_eq!(changes.collect::<Vec<_>>(), [NewImage::Inserted(newest), NewImage::Removed(key)]);

    let oldest = Oldest::builder().id(7_u64).text("one").build().unwrap();
    oldest.save(&db).await.unwrap();
    oldest.delete(&db).await.unwrap();
    let name = table(&Oldest::get(&db, 7_u64).into_inner().unwrap());
    let changes = records(&db, &name).await.into_iter().map(|record| record.change::<Oldest>().unwrap().unwrap());
    assert_eq!(changes.collect::<Vec<_>>(), [OldImage::Inserted(OldestKey { id: 7 }), OldImage::Removed(oldest)]);

    let login = Login::builder().user("ada").number(-12).device("phone").build().unwrap();
    login.save(&db).await.unwrap();
    let name = table(&Login::get(&db, &login).into_inner().unwrap());
    let records = records(&db, &name).await;
    let [record] = records.as_slice() else { unreachable!("{records:?}") };
    let key = LoginKey { user: "ada".to_owned(), number: -12, device: "phone".to_owned() };
    assert_eq!(record.clone().change::<Login>().unwrap(), Some(KeyChange::Inserted(key)));
    let raw = AuditItemKey { pk: "USER#ada".to_owned(), sk: "LOGIN#-9999999987#phone".to_owned() };
    assert_eq!(record.clone().change::<dyntastic_tests::streams::AuditItem>().unwrap(), Some(KeyChange::Inserted(raw)));
    assert_eq!(record.clone().change::<Tally>().unwrap(), None);
}

fn lambda(name: &str, image: &str, count: serde_json::Value) -> serde_json::Value {
    json!({
        "eventID": "1", "eventName": name, "eventVersion": "1.0", "eventSource": "aws:dynamodb", "awsRegion": "us-east-1",
        "eventSourceARN": "arn:aws:dynamodb:us-east-1:123456789012:table/both/stream/2026-01-01T00:00:00.000",
        "dynamodb": {
            "ApproximateCreationDateTime": 1_790_000_000, "Keys": { "id": { "S": "a" } },
            image: {
                "id": { "S": "a" }, "count": count, "tags": { "SS": ["x", "y"] }, "photo": { "B": "AQI=" },
                "extra": { "M": { "list": { "L": [{ "BOOL": true }, { "NULL": true }, { "N": "1.5" }] } } },
            },
            "SequenceNumber": "111", "SizeBytes": 26, "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
        "userIdentity": { "type": "Service", "principalId": "dynamodb.amazonaws.com" },
    })
}

/// A record of a Lambda event, by its own type and by that of `aws_lambda_events`.
#[derive(Clone)]
struct LambdaRecord {
    own: Record,
    foreign: Record,
}

impl std::ops::Deref for LambdaRecord {
    type Target = Record;

    fn deref(&self) -> &Record {
        &self.own
    }
}

impl LambdaRecord {
    /// The change, which is the same by both types.
    fn change<M>(self) -> dyntastic::Result<Option<<M::View as View<M>>::Change>>
    where
        M: Streamed<View: View<M, Change: PartialEq + std::fmt::Debug>>,
    {
        let (own, foreign) = (self.own.change::<M>(), self.foreign.change::<M>());
        assert_eq!(own.as_ref().ok(), foreign.as_ref().ok());
        assert_eq!(own.as_ref().err().map(Error::to_string), foreign.as_ref().err().map(Error::to_string));
        own
    }
}

fn record(event: serde_json::Value) -> LambdaRecord {
    let event = json!({ "Records": [event] });
    let own: Event = serde_json::from_str(&serde_json::to_string_pretty(&event).unwrap()).unwrap();
    let own = own.into_records().remove(0).unwrap();
    let mut foreign: LambdaEvent = serde_json::from_value(event).unwrap();
    let foreign = Record::try_from(foreign.records.remove(0)).unwrap();
    let told = |of: &Record| {
        let images = [of.old_image().unwrap(), of.new_image().unwrap()];
        (of.table().map(str::to_owned), of.keys().clone(), images, of.written_at(), format!("{of:?}"))
    };
    assert_eq!(told(&own), told(&foreign));
    LambdaRecord { own, foreign }
}

#[tokio::test]
async fn a_lambda_event_is_read_as_the_service_is() {
    let inserted = record(lambda("INSERT", "NewImage", json!({ "N": "7" })));
    assert!(!inserted.is_expired());
    assert_eq!((inserted.operation(), inserted.sequence_number()), (Operation::Inserted, Some("111")));
    let Some(Change::Inserted(both)) = inserted.change::<Both>().unwrap() else { unreachable!() };
    assert_eq!((both.count, both.photo.as_deref()), (7, Some(&[1, 2][..])));
    assert_eq!(both.extra, Some(json!({ "list": [true, null, 1.5] })));

    let expired = record(lambda("REMOVE", "OldImage", json!({ "N": "7" })));
    assert!(expired.is_expired());
    assert_eq!(
        format!("{:?}", *expired),
        "Record { operation: Removed, sequence_number: Some(\"111\"), is_expired: true, .. }"
    );
    assert_eq!(expired.change::<Both>().unwrap(), Some(Change::Removed(both)));

    let damaged = record(lambda("INSERT", "NewImage", json!({ "S": "7" }))).change::<Both>().unwrap_err();
    assert_eq!(
        damaged.to_string(),
        "Both.count: expected N, found S, in the stream record with the sequence number 111 and the event id 1"
    );
    let Error::DamagedRecord(record_of_it) = &damaged else { unreachable!("{damaged:?}") };
    assert_eq!((record_of_it.sequence_number(), record_of_it.event_id()), (Some("111"), Some("1")));
    assert_eq!(record_of_it.keys()["id"].as_s().unwrap(), "a");
    assert!(!format!("{damaged:?}").contains("\"a\""), "{damaged:?}");
    let without = record(lambda("MODIFY", "NewImage", json!({ "N": "7" }))).change::<Both>().unwrap_err();
    let Error::DamagedRecord(without) = &without else { unreachable!("{without:?}") };
    assert_eq!(*without.error().kind(), ReadErrorKind::NoImage);
    assert_eq!(BothKey::from("a").id, "a");
}

#[tokio::test]
async fn a_shared_tables_records_are_of_one_model_each() {
    if !Engine::current().has_streams() {
        return;
    }
    let db = db().await;
    let member = Member::builder().team("t").name("ada").email("a@x").build().unwrap();
    let score = Score::builder().team("t").game(1_u32).score(3_u32).build().unwrap();
    member.insert(&db).await.unwrap();
    score.save(&db).await.unwrap();
    score.delete(&db).await.unwrap();
    let name = table(&Score::get(&db, &score).into_inner().unwrap());
    let records = records(&db, &name).await;
    // The member, the guard of its email, and the score twice.
    assert_eq!(records.len(), 4);
    let all = records.iter().map(|record| record.clone().change::<LeagueItem>().unwrap());
    assert!(all.clone().all(|change| change.is_some()));
    let guards = all.filter(|change| matches!(change, Some(Change::Inserted(LeagueItem::Unknown(_)))));
    assert_eq!(guards.count(), 1);
    let members: Vec<_> = records.iter().filter_map(|record| record.clone().change::<Member>().unwrap()).collect();
    assert_eq!(members, [Change::Inserted(member)]);
    let scores: Vec<_> = records.iter().filter_map(|record| record.clone().change::<Score>().unwrap()).collect();
    assert_eq!(scores, [Change::Inserted(score.clone()), Change::Removed(score)]);
}

/// A record of a shared table, with these images.
fn shared(name: &str, sk: &str, old: Option<serde_json::Value>, new: Option<serde_json::Value>) -> LambdaRecord {
    let mut stream = json!({ "Keys": { "pk": { "S": "USER#ada" }, "sk": { "S": sk } }, "SequenceNumber": "7",
        "SizeBytes": 1, "ApproximateCreationDateTime": 1_790_000_000 });
    for (image, item) in [("OldImage", old), ("NewImage", new)] {
        if let Some(item) = item {
            stream[image] = item;
        }
    }
    record(json!({
        "eventID": "e", "eventName": name, "eventVersion": "1.0", "eventSource": "aws:dynamodb", "awsRegion": "us-east-1",
        "dynamodb": stream, "userIdentity": { "type": "Service", "principalId": "dynamodb.amazonaws.com" },
    }))
}

/// A whole score, except for what the discriminator says.
fn image(kind: Option<&str>, score: u32) -> serde_json::Value {
    let mut image = json!({
        "pk": { "S": "TEAM#t" }, "sk": { "S": "SCORE#0000000001" }, "team": { "S": "t" }, "game": { "N": "1" },
        "score": { "N": score.to_string() },
    });
    if let Some(kind) = kind {
        image["kind"] = json!({ "S": kind });
    }
    image
}

#[tokio::test]
async fn an_image_is_of_the_model_that_its_discriminator_tells() {
    let own = |score| Some(image(Some("Score"), score));
    let score = |score: u32| Score::builder().team("t").game(1_u32).score(score).build().unwrap();
    let change = |name, old, new| shared(name, "SCORE#0000000001", old, new).change::<Score>().unwrap();
    for kind in [Some("Member"), Some("UNIQUE"), Some("Visit"), None] {
        let foreign = || Some(image(kind, 9));
        assert_eq!(change("INSERT", None, foreign()), None, "{kind:?}");
        assert_eq!(change("REMOVE", foreign(), None), None, "{kind:?}");
        assert_eq!(change("MODIFY", foreign(), foreign()), None, "{kind:?}");
        // One model's item in place of another's.
        assert_eq!(change("MODIFY", foreign(), own(2)), Some(Change::Inserted(score(2))), "{kind:?}");
        assert_eq!(change("MODIFY", own(1), foreign()), Some(Change::Removed(score(1))), "{kind:?}");
    }
    assert_eq!(change("INSERT", None, own(1)), Some(Change::Inserted(score(1))));
    assert_eq!(change("MODIFY", own(1), own(2)), Some(Change::Modified { old: score(1), new: score(2) }));
    assert_eq!(change("REMOVE", own(1), None), Some(Change::Removed(score(1))), "its time to live has ended");

    let mut damaged = image(Some("Score"), 1);
    damaged["game"] = json!({ "S": "one" });
    let error = shared("INSERT", "SCORE#0000000001", None, Some(damaged)).change::<Score>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "Score.game: expected N, found S, in the stream record with the sequence number 7 and the event id e"
    );
    // Without the image that the stream should hold, the key tells.
    assert_eq!(shared("INSERT", "STEP#0000000007", None, None).change::<Post>().unwrap(), None);
    let without = shared("INSERT", "POST#0000000007", None, None).change::<Post>().unwrap_err();
    let Error::DamagedRecord(error) = without else { unreachable!("{without:?}") };
    assert_eq!(*error.error().kind(), ReadErrorKind::NoImage);
}

#[tokio::test]
async fn a_record_without_an_image_is_of_the_model_whose_keys_are_made_so() {
    let post = || json!({ "kind": { "S": "Post" }, "user": { "S": "ada" }, "number": { "N": "7" } });
    let removed = |sk| shared("REMOVE", sk, None, None).change::<Post>().unwrap();
    let key = || PostKey { user: "ada".to_owned(), number: 7 };
    assert_eq!(removed("POST#0000000007"), Some(NewImage::Removed(key())));
    for foreign in ["STEP#0000000007", "POST#7", "POST#000000000x", "POST#0000000007#x", "POST#", "UNIQUE", "é"] {
        assert_eq!(removed(foreign), None, "{foreign}");
    }
    let written = |kind: &str| {
        let mut image = post();
        image["kind"]["S"] = json!(kind);
        shared("MODIFY", "POST#0000000007", None, Some(image)).change::<Post>().unwrap()
    };
    assert_eq!(written("Post"), Some(NewImage::Modified(Post::builder().user("ada").number(7_u32).build().unwrap())));
    assert_eq!(written("Step"), None);

    let inserted = |sk| shared("INSERT", sk, None, None).change::<Step>().unwrap();
    let key = StepKey { user: "ada".to_owned(), number: 7 };
    assert_eq!(inserted("STEP#0000000007"), Some(OldImage::Inserted(key)));
    assert_eq!(inserted("POST#0000000007"), None);
    let old = shared("REMOVE", "STEP#0000000007", Some(post()), None).change::<Step>().unwrap();
    assert_eq!(old, None);

    // A number beyond those of the field is no other model's.
    let error = shared("REMOVE", "POST#9999999999", None, None).change::<Post>().unwrap_err();
    assert!(matches!(error, Error::DamagedRecord(_)) && error.to_string().contains("Post.number"), "{error}");
}

/// Texts that the model makes of no fields, though each part by itself reads as one.
#[tokio::test]
async fn a_key_that_the_model_makes_of_no_fields_is_none_of_its_own() {
    let login = |sk| shared("REMOVE", sk, None, None).change::<Login>().unwrap();
    let key = |number| Some(KeyChange::Removed(LoginKey { user: "ada".to_owned(), number, device: "d".to_owned() }));
    assert_eq!(login("LOGIN#0000000000#d"), key(0));
    assert_eq!(login("LOGIN#-9999999998#d"), key(-1));
    for foreign in ["LOGIN#-9999999999#d", "LOGIN#-0000000000x#d", "LOGIN#-#d", "LOGIN#0000000000#"] {
        assert_eq!(login(foreign), None, "{foreign}");
    }
    // A field that stands in both keys has one value.
    let grant = |sk| shared("REMOVE", sk, None, None).change::<Grant>().unwrap();
    let key = GrantKey { user: "ada".to_owned(), role: "admin".to_owned() };
    assert_eq!(grant("GRANT#ada#admin"), Some(KeyChange::Removed(key)));
    assert_eq!(grant("GRANT#bob#admin"), None);
}

/// The key of the record is not the key that its fields make, so a write by the fields would change another item.
#[tokio::test]
async fn a_key_that_another_writer_spelled_is_an_error() {
    let change = |sk| shared("REMOVE", sk, None, None).change::<Access>();
    let ours = "ACCESS#00000000-0000-0000-0000-000000000abc";
    let key = AccessKey { user: "ada".to_owned(), door: dyntastic::uuid::Uuid::from_u128(0xABC) };
    assert_eq!(change(ours).unwrap(), Some(KeyChange::Removed(key)));
    for theirs in ["ACCESS#00000000-0000-0000-0000-000000000ABC", "ACCESS#00000000000000000000000000000abc"] {
        let error = change(theirs).unwrap_err();
        assert!(matches!(error, Error::DamagedRecord(_)), "{error:?}");
        assert!(error.to_string().contains(&format!("`{theirs}` rather than `{ours}`")), "{error}");
    }
}
