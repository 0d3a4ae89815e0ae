//! Every operation fetches the data keys that it needs: each one here is the first of its client, and all values are of
//! other clients' data keys.

use super::*;
use crate::engine::{Engine, config};
use dyntastic::Error;
use dyntastic::aws_sdk_dynamodbstreams::types::{AttributeValue as StreamValue, OperationType, Record as SdkRecord};
use dyntastic::aws_sdk_dynamodbstreams::types::{StreamRecord, StreamViewType};
use dyntastic::keys::{DataKey, KeyFuture, KeyProvider};
use dyntastic::serde_json::{self, json};
use dyntastic::streams::{Change, Event, Record};
use dyntastic_tests::seals::{AsEncrypted, CardPapers, CardPatch, Level};
use futures_util::TryStreamExt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::time::sleep;

/// A key service. Each client of it writes with a data key of its own, and has to ask for those of others.
#[derive(Debug)]
struct Service(u32);

impl Service {
    fn start() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }

    async fn key(&self, id: &[u8]) -> Result<DataKey, dyntastic::keys::KeyError> {
        sleep(Duration::from_millis(1)).await;
        let mut secret = [1; 32];
        secret.iter_mut().zip(id).for_each(|(byte, of)| *byte = *of);
        DataKey::new(id, secret)
    }
}

impl KeyProvider for Service {
    fn current(&self) -> KeyFuture<'_> {
        Box::pin(async { self.key(&self.0.to_be_bytes()).await })
    }

    fn stored<'a>(&'a self, id: &'a [u8]) -> KeyFuture<'a> {
        Box::pin(self.key(id))
    }

    fn search(&self) -> KeyFuture<'_> {
        Box::pin(self.key(b"search"))
    }
}

/// Makes clients of the same tables, each of which knows no data key.
async fn clients() -> impl Fn() -> Client {
    let (builder, config) = (isolated(), config().await);
    move || {
        let names = ["personal", "medical", "notes", "cards"];
        let with = |builder: dyntastic::ClientBuilder, name| builder.encryption_key(name, Service::start());
        names.into_iter().fold(builder.clone(), with).from_conf(config.clone())
    }
}

/// Runs operations one after the other, each on a client of its own.
macro_rules! each {
    ($client:ident: $($name:literal => |$db:ident| $operation:expr;)*) => {
        $({
            let $db = $client();
            let done: Result<_, Error> = async { $operation.await }.await;
            done.unwrap_or_else(|error| panic!("{}: {error}", $name));
        })*
    };
}

/// Cards have a unique field, and their table a time to live.
fn has_what_cards_need() -> bool {
    Engine::current().has_transactions() && Engine::current().has_time_to_live()
}

const KEY: (&str, i32) = ("c", 1);

#[tokio::test]
async fn every_operation_fetches_the_data_keys_that_it_needs() {
    if !has_what_cards_need() {
        return;
    }
    let client = clients().await;
    each!(client:
        "save, which creates the table" => |db| card(1).save(&db);
        "save" => |db| card(2).save(&db);
        "insert" => |db| card(3).insert(&db);
        "replace" => |db| card(3).replace(&db);
        "save with a version" => |db| async { secret(1).save(&db).await };
        "save with a condition" => |db| card(3).save(&db).condition(Card::A.title.eq("t"));
        "save whose condition fails" => |db| card(3).save(&db).condition(Card::A.title.eq("u")).if_matches();
        "batch write" => |db| db.batch_write().put(&paper("p")).put(&paper("q"));
        "save of more" => |db| async { card(4).save(&db).await?; card(5).save(&db).await };
        "batch writer" => |db| async {
            let mut writer = db.batch_writer();
            writer.put(&paper("s")).await?;
            writer.flush().await
        };
        "get" => |db| Card::get(&db, KEY);
        "get with a consistent read" => |db| Card::get(&db, KEY).consistent_read();
        "find" => |db| Card::find(&db, KEY);
        "refresh" => |db| async { card(1).refresh(&db).await };
        "query" => |db| Card::query(&db, "c").page_size(2).all();
        "stream of a query" => |db| Card::query(&db, "c").page_size(2).stream().try_collect::<Vec<_>>();
        "first" => |db| Card::query(&db, "c").first();
        "one" => |db| Secret::query(&db, "o").one();
        "page" => |db| Card::query(&db, "c").limit(2).page();
        "query of an index with whole items" => |db| Card::query_by_owner(&db, "o").full().all();
        "query of an index" => |db| Secret::query_by_level(&db, Level::Low).all();
        "query of a collection" => |db| CardPapers::query(&db, "c");
        "scan" => |db| Card::scan(&db).all();
        "parallel scan" => |db| Card::scan(&db).segments(2).all();
        "stream of a parallel scan" => |db| Card::scan(&db).segments(2).stream().try_collect::<Vec<_>>();
        "batch get" => |db| Card::batch_get(&db, [KEY, ("c", 2)]);
        "batch get in order" => |db| Card::batch_get(&db, [KEY, ("c", 99), KEY]).in_order();
        "stream of a batch get" => |db| Card::batch_get(&db, [KEY]).stream().try_collect::<Vec<_>>();
        "batch get of two models" => |db| db.batch_get().keys::<Card>([KEY]).keys::<Secret>([("o", Decimal::ONE)]);
        "update by key" => |db| Card::update_by_key(&db, KEY, Card::A.title.set("u"));
        "update that seals" => |db| Card::update_by_key(&db, KEY, Card::A.digits.set("4712"));
        "update" => |db| async { card(1).update(&db, Card::A.title.set("u")).await };
        "update without refresh" => |db| card(1).update_without_refresh(&db, Card::A.digits.set("4713"));
        "update that returns the old item" => |db| Card::update_by_key(&db, KEY, Card::A.title.set("v")).return_old();
        "update with a condition" => |db|
            Card::update_by_key(&db, KEY, Card::A.digits.set("1")).condition(Card::A.digits.exists());
        "update whose condition fails" => |db|
            Card::update_by_key(&db, KEY, Card::A.digits.set("1")).condition(Card::A.digits.not_exists()).if_matches();
        "save with a condition on a hash" => |db| card(3).save(&db).condition(Card::A.digits.eq("4711"));
        "update with a condition on a hash" => |db|
            Card::update_by_key(&db, ("c", 3), Card::A.digits.set("5")).condition(Card::A.digits.eq("4711"));
        "update of something else with a condition on a hash" => |db|
            Card::update_by_key(&db, ("c", 3), Card::A.title.set("t")).condition(Card::A.digits.eq("5"));
        "patch that changes nothing, with a condition on a hash" => |db|
            Card::update_by_key(&db, ("c", 3), CardPatch::default()).condition(Card::A.digits.is_in(["5", "6"]));
        "delete with a condition on a hash" => |db|
            card(3).delete(&db).condition(Card::A.digits.eq("6")).if_matches();
        "query by a hash" => |db| Card::query_by_digits(&db, "5").all();
        "page of a query by a hash" => |db| Card::query_by_digits(&db, "5").limit(1).page();
        "count by a hash" => |db| Card::query_by_digits(&db, "5").count();
        "stream of a query by a hash" => |db| Card::query_by_digits(&db, "5").stream().try_collect::<Vec<_>>();
        "scan by a hash" => |db| Card::scan(&db).filter(Card::A.digits.ne("5")).all();
        "parallel scan by a hash" => |db| Card::scan(&db).filter(Card::A.digits.eq("5")).segments(2).all();
        "upsert" => |db| {
            let set = (Card::A.owner.set("o"), Card::A.title.set("t"), Card::A.digits.set("4711"));
            Card::update_by_key(&db, ("c", 6), set).upsert()
        };
        "migration" => |db| dyntastic::migrate::<Paper>(&db, "m");
        "delete that returns the old item" => |db| Card::delete_by_key(&db, ("c", 5)).return_old();
        "delete of an item that returns it" => |db| card(4).delete(&db).return_old();
    );
    each!(client:
        "transaction" => |db| db.transaction()
            .put(&card(7))
            .insert(&paper("r"))
            .update::<Card>(KEY, Card::A.digits.set("4714"))
            .check::<Card>(("c", 2), Card::A.digits.exists());
        "transaction with a condition on a hash" => |db| db.transaction()
            .put(&card(12))
            .check::<Card>(("c", 2), Card::A.digits.eq("4711"));
        "transaction of a function" => |db| db.transact(async |actions| {
            actions.put(&card(8));
            Ok::<_, Error>(())
        });
        "transaction in chunks" => |db| db.transaction().put(&card(9)).put(&card(10)).in_chunks_of(1);
        "read of a transaction" => |db| db.transact_get((Card::key(KEY), Secret::key(("o", Decimal::ONE))));
        "update of a unique field" => |db| Card::update_by_key(&db, KEY, Card::A.email.set("c@x"));
        "save with a unique field" => |db| async {
            let mut card = card(1);
            card.email = Some("d@x".to_owned());
            card.save(&db).await
        };
        "rekey" => |db| Card::rekey(&db, ("c", 9), &card(11));
    );
    let cards = Card::query(&client(), "c").all().await.unwrap();
    assert!(cards.iter().all(|card| card.digits.is_some()), "{}", cards.len());
    assert!(cards.len() >= 4);
}

/// The item that has refused a write comes with the error.
#[tokio::test]
async fn items_of_errors_can_be_read_too() {
    if !has_what_cards_need() || !Engine::current().returns_existing() {
        return;
    }
    let client = clients().await;
    card(1).save(&client()).await.unwrap();
    let read = |error: Error, name: &str| {
        let failed = match error {
            Error::ConditionFailed(failed) | Error::AlreadyExists(failed) => failed,
            other => panic!("{name}: {other}"),
        };
        let existing = failed.existing::<Card>().unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(existing.unwrap(), card(1), "{name}");
    };
    let (condition, set) = (|| Card::A.title.eq("other"), || Card::A.digits.set("1"));
    let (save, insert, update, delete) = (client(), client(), client(), client());
    read(card(1).save(&save).condition(condition()).return_existing().await.unwrap_err(), "save");
    read(card(1).insert(&insert).return_existing().await.unwrap_err(), "insert");
    let updated = Card::update_by_key(&update, KEY, set()).condition(condition()).return_existing();
    read(updated.await.unwrap_err(), "update");
    read(card(1).delete(&delete).condition(condition()).return_existing().await.unwrap_err(), "delete");
}

/// What migrations and updates of items of an earlier schema version read first.
#[tokio::test]
async fn items_are_opened_before_they_are_changed() {
    if !has_what_cards_need() {
        return;
    }
    let client = clients().await;
    let old = || AsEncrypted { id: "a".to_owned(), value: "hunter2".to_owned() };
    old().save(&client()).await.unwrap();
    let rewrite = dyntastic::migrate::<AsEncrypted>(&client(), "change").progress_table("progress");
    let done = rewrite.change(|item| {
        item.value = "hunter3".to_owned();
    });
    assert_eq!(done.await.unwrap().counts.written, 1);
    assert_eq!(AsEncrypted::get(&client(), "a").await.unwrap().value, "hunter3");

    paper("p").save(&client()).await.unwrap();
    let table = crate::engine::table_name::<Paper>(&client());
    let key =
        [("pk", "CARD#c"), ("sk", "PAPER#p")].map(|(name, value)| (name.to_owned(), AttributeValue::S(value.into())));
    let request = client().sdk().update_item().table_name(table).set_key(Some(key.into()));
    let names = request.expression_attribute_names("#h", "heading").expression_attribute_names("#c", "content");
    // `content` is what was `body`: bound to another name, so only a plain value can be there.
    let earlier = names.update_expression("SET #h = title, #c = :text REMOVE v, title, body, pages");
    let earlier = earlier.expression_attribute_values(":text", AttributeValue::S("old".into()));
    earlier.send().await.unwrap();
    let updated = Paper::update_by_key(&client(), ("c", "p"), Paper::A.title.set("u")).await.unwrap();
    assert_eq!((updated.body.as_str(), updated.title.as_str()), ("old", "u"));
    assert_eq!(Paper::get(&client(), ("c", "p")).await.unwrap(), updated);
}

#[tokio::test]
async fn records_of_a_stream_are_read_with_the_keys_of_a_client() {
    let client = clients().await;
    secret(1).save(&client()).await.unwrap();
    let (db, key) = (client(), [("owner", AttributeValue::S("o".into())), ("number", AttributeValue::N("1".into()))]);
    let key = key.map(|(name, value)| (name.to_owned(), value));
    let stored = db.sdk().get_item().table_name(crate::engine::table_name::<Secret>(&db)).set_key(Some(key.into()));
    let stored = stored.send().await.unwrap().item.unwrap();
    let in_stream = |value: &AttributeValue| match value {
        AttributeValue::S(text) => StreamValue::S(text.clone()),
        AttributeValue::N(number) => StreamValue::N(number.clone()),
        AttributeValue::B(bytes) => StreamValue::B(bytes.as_ref().to_vec().into()),
        AttributeValue::Bool(value) => StreamValue::Bool(*value),
        AttributeValue::Null(value) => StreamValue::Null(*value),
        other => panic!("{other:?}"),
    };
    let of_stream: std::collections::HashMap<_, _> =
        stored.iter().map(|(name, value)| (name.clone(), in_stream(value))).collect();
    let keys = of_stream.iter().filter(|(name, _)| ["owner", "number"].contains(&name.as_str()));
    let content = StreamRecord::builder()
        .set_keys(Some(keys.map(|(name, value)| (name.clone(), value.clone())).collect()))
        .set_new_image(Some(of_stream))
        .stream_view_type(StreamViewType::NewAndOldImages);
    let record = SdkRecord::builder().event_name(OperationType::Insert).dynamodb(content.build()).build();
    let record = Record::try_from(record).unwrap();
    assert!(record.clone().change::<Secret>().is_err());
    let read = record.with_keys_of(&client()).await.change::<Secret>().unwrap();
    let Some(Change::Inserted(read)) = read else { panic!("no item was inserted") };
    assert_eq!((read.password.as_deref(), read.pin), (Some("hunter2"), 4711));

    let image = crate::codecs::item_to_json(&stored);
    let keys = json!({ "owner": image["owner"], "number": image["number"] });
    let change = json!({ "Keys": keys, "NewImage": image, "SequenceNumber": "1" });
    let event = json!({ "Records": [{ "eventName": "INSERT", "dynamodb": change }] });
    let record = serde_json::from_value::<Event>(event).unwrap().into_records().remove(0).unwrap();
    let error = record.clone().change::<Secret>().unwrap_err().to_string();
    assert!(error.contains("encrypt"), "{error}");
    let of_event = record.with_keys_of(&client()).await.change::<Secret>().unwrap();
    assert_eq!(of_event, Some(Change::Inserted(read)));
}
