//! The test kit, which has an embedded engine of its own, whatever the engine of the suite is.

use dyntastic::Setting;
use dyntastic::aws_sdk_dynamodb::types::TableStatus;
use dyntastic::prelude::*;
use dyntastic::testing::{self, Fault, Faults, Layer, Recorder, Seeds};
use dyntastic::{Client, Error};
use dyntastic_tests::computed;
use dyntastic_tests::everything;
use dyntastic_tests::hooks::{self, Page};
use dyntastic_tests::queries::{self, Entry};
use dyntastic_tests::tables::Elsewhere;
use dyntastic_tests::union_types::{self, Order};
use dyntastic_tests::unique::{self, Person};
use example_models::{Customer, User};
use std::collections::BTreeSet;
use std::time::Duration;

fn entry(number: u32) -> Entry {
    Entry::builder().book("b").number(number).text(format!("text {number}")).build().unwrap()
}

#[tokio::test]
async fn all_tables_of_a_schema_are_there_for_one_test() {
    let local = testing::start(everything::TABLES).await.unwrap();
    let sdk = local.client().sdk().clone();
    let names = sdk.list_tables().send().await.unwrap().table_names.unwrap_or_default();
    assert_eq!(names.len(), everything::TABLES.len(), "{names:?}");
    for name in names {
        let table = sdk.describe_table().table_name(&name).send().await.unwrap().table.unwrap();
        assert_eq!(table.table_status, Some(TableStatus::Active), "{name}");
    }

    let one = testing::start(unique::TABLES).await.unwrap().client();
    let other = testing::start(unique::TABLES).await.unwrap().client();
    Person::builder().id("ada").build().unwrap().save(&one).await.unwrap();
    assert_eq!(Person::scan(&one).count().await.unwrap(), 1);
    assert_eq!(Person::scan(&other).count().await.unwrap(), 0);
}

#[tokio::test]
async fn a_table_of_another_host_is_in_the_embedded_dynamodb() {
    let elsewhere = Elsewhere::TABLE.host(Setting::value("https://dynamodb.eu-west-1.amazonaws.com"));
    let local = testing::start(&[elsewhere, Entry::TABLE]).await.unwrap();
    let tables = local.client().sdk().list_tables().send().await.unwrap().table_names.unwrap_or_default();
    assert_eq!(tables, ["elsewhere", "entries"]);
    let both = local.client().transaction().put(&Elsewhere::builder().id("1").build().unwrap()).put(&entry(1)).await;
    assert!(both.is_err_and(|error| error.to_string().contains("another region")), "it is refused as in production");
}

#[tokio::test]
async fn what_was_sent_is_text_and_asserted() {
    let local = testing::start(queries::TABLES).await.unwrap();
    let sent = Recorder::new();
    let db = local.client_through(&sent);
    let mut first = entry(1);
    first.insert(&db).await.unwrap();
    first.update(&db, Entry::A.text.set("new")).await.unwrap();
    assert!(entry(1).insert(&db).await.is_err_and(|error| error.is_conflict()));
    let requests = sent.sent();
    assert_eq!(requests.len(), 3, "nothing but the requests of the test");
    assert_eq!((requests[1].operation(), requests[1].tables()), ("UpdateItem", &["entries".to_owned()][..]));
    assert_eq!((requests[0].error(), requests[2].error()), (None, Some("ConditionalCheckFailedException")));
    sent.assert(
        "PutItem entries if attribute_not_exists(book)

         UpdateItem entries SET text = ? if attribute_exists(book)
         PutItem entries if attribute_not_exists(book)",
    );
    sent.assert("");

    db.batch_write().put_all(&[entry(2), entry(3)]).delete::<Entry>(("b", 1)).await.unwrap();
    Entry::query(&db, "b").filter(Entry::A.length.ge(1)).descending().all().await.unwrap();
    db.transaction().update::<Entry>(("b", 2), Entry::A.text.set("new")).await.unwrap();
    let difference = sent
        .compare(
            "BatchWriteItem entries (2 puts, 1 delete)
             Query entries where book = ? filter length > ? descending",
        )
        .unwrap_err();
    assert_eq!(
        difference,
        "  BatchWriteItem entries (2 puts, 1 delete)\n\
         - Query entries where book = ? filter length > ? descending\n\
         + Query entries where book = ? filter length >= ? descending\n\
         + TransactWriteItems: Update entries SET text = ? if attribute_exists(book)"
    );

    // Values are shown where they are asked for, and capacity where the request asks for it.
    let sent = Recorder::with_values();
    let db = local.client_through(&sent);
    let (_, used) = Entry::get(&db, ("b", 2)).with_capacity().await.unwrap();
    assert_eq!(sent.capacity_units(), used.total());
    Entry::update_by_key(&db, ("b", 2), Entry::A.text.set("new")).await.unwrap();
    let lines: Vec<String> = sent.take().iter().map(ToString::to_string).collect();
    assert_eq!(lines[0], r#"GetItem entries key {book: "b", number: 2}"#);
    assert!(lines[1].contains(r#"key {book: "b", number: 2} SET text = "new""#), "{lines:?}");
}

#[tokio::test]
#[should_panic(expected = "+ GetItem entries")]
async fn another_request_than_the_expected_one_fails_the_test() {
    let local = testing::start(queries::TABLES).await.unwrap();
    let sent = Recorder::new();
    Entry::find(&local.client_through(&sent), ("b", 1)).await.unwrap();
    sent.assert("Query entries where book = ?");
}

/// Writes items in every way, until each write is done, and returns the numbers of those that are there.
async fn write(db: &Client, through: &Client) -> Vec<u32> {
    for number in 1..=10 {
        while let Err(error) = entry(number).save(through).await {
            assert!(error.is_retryable() || error.is_conflict(), "{error:?}");
        }
    }
    let items: Vec<Entry> = (11..=30).map(entry).collect();
    let mut written = through.batch_write().put_all(&items).await;
    while let Err(error) = written {
        assert!(error.is_retryable(), "{error:?}");
        let Error::UnfinishedBatch(batch) = error else { unreachable!("{error:?}") };
        written = batch.into_batch(through).await;
    }
    for number in [31, 32] {
        let token = format!("entry-{number}");
        while let Err(error) = through.transaction().put(&entry(number)).token(token.as_str()).await {
            assert!(error.is_retryable(), "{error:?}");
        }
    }
    let read = loop {
        match Entry::query(through, "b").all().await {
            Ok(found) => break found,
            Err(error) => assert!(error.is_retryable(), "{error:?}"),
        }
    };
    assert_eq!(read, Entry::query(db, "b").all().await.unwrap());
    read.into_iter().map(|entry| entry.number).collect()
}

#[tokio::test]
async fn faults_are_those_of_their_seed_and_lose_no_write() {
    let mut met = BTreeSet::new();
    for seed in 0..4 {
        let run = async || {
            let local = testing::start(queries::TABLES).await.unwrap();
            // A late write is not ordered with others.
            let kinds = Fault::ALL.into_iter().filter(|fault| *fault != Fault::Late);
            let faults = Faults::new(seed).rate(0.4).only(kinds);
            let numbers = write(&local.client(), &local.client_through(&faults)).await;
            assert_eq!(numbers, (1..=32).collect::<Vec<u32>>(), "seed {seed}");
            faults.log()
        };
        let log = run().await;
        // Tokens of transactions and the order of a batch's rest are the only chances left.
        let begin = |log: &[testing::InjectedFault]| log.iter().take(4).map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(begin(&log), begin(&run().await), "seed {seed}");
        met.extend(log.iter().map(testing::InjectedFault::fault));
    }
    for fault in [Fault::LoseResponse, Fault::Throttle, Fault::CutResponse, Fault::Html, Fault::CutPage, Fault::Leave] {
        assert!(met.contains(&fault), "{fault}: {met:?}");
    }
}

#[tokio::test]
async fn each_fault_is_what_it_says() {
    let local = testing::start(queries::TABLES).await.unwrap();
    let plain = local.client();
    let stored = async || Entry::find(&plain, ("b", 1)).await.unwrap().is_some();
    for (fault, is_performed) in [
        (Fault::LoseRequest, false),
        (Fault::Throttle, false),
        (Fault::FailBefore, false),
        (Fault::Conflict, false),
        (Fault::LoseResponse, true),
        (Fault::FailAfter, true),
        (Fault::CutResponse, true),
        (Fault::Html, true),
    ] {
        let faults = Faults::new(1).rate(1.0).only([fault]).operations(["PutItem"]).delays(Duration::from_millis(1));
        let sent = Recorder::new();
        let db = local.client_through(&(faults.clone(), sent.clone()));
        let error = entry(1).save(&db).await.unwrap_err();
        // What cannot be read is an error for which the SDK has no name.
        assert_eq!(error.is_conflict(), fault == Fault::Conflict, "{fault}: {error:?}");
        assert_eq!(stored().await, is_performed, "{fault}");
        assert_eq!(
            sent.take().is_empty(),
            !is_performed,
            "{fault}: what is nearer to DynamoDB sees what arrives there"
        );
        let log = faults.log();
        assert!(!log.is_empty() && log.iter().all(|met| met.fault() == fault && met.operation() == "PutItem"));
        assert_eq!(log[0].to_string(), format!("request 0, PutItem entries: {fault}"));
        plain.batch_write().delete::<Entry>(("b", 1)).await.unwrap();
    }

    // A late write comes after its error.
    let faults = Faults::new(1).rate(1.0).only([Fault::Late]).operations(["PutItem"]);
    assert!(entry(1).save(&local.client_through(&faults)).await.is_err());
    crate::engine::eventually("the late write", stored).await;

    let faults = Faults::new(1).rate(1.0).only([Fault::Cancel]);
    let db = local.client_through(&faults);
    let error = db.transaction().put(&entry(2)).await.unwrap_err();
    assert!(error.is_retryable(), "{error:?}");
    assert_eq!(Entry::find(&plain, ("b", 2)).await.unwrap(), None);

    // A configuration of any DynamoDB gets the layer too.
    let sent = Recorder::new();
    let db = Client::from_conf(sent.around(local.config()));
    assert_eq!(Entry::find(&db, ("b", 2)).await.unwrap(), None);
    sent.assert("GetItem entries");
}

#[tokio::test]
async fn a_seed_file_has_items_of_several_models() {
    let folder = tempfile::tempdir().unwrap();
    let load = async |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        let db = testing::start(example_models::TABLES).await.unwrap().client();
        let loaded = Seeds::new().model::<User>().model::<Customer>().load(&db, &file).await;
        (db, loaded.map_err(|error| error.to_string().replace(&file.display().to_string(), name)))
    };
    let yaml = "User:\n- { userId: u1, name: Alice, email: ' Alice@example.com', lang: nb }\n- { userId: u2, name: Bob, \
                email: bob@example.com }\nCustomer: [{ customerId: c1, email: c@x, name: Cleo }]\n";
    let (db, loaded) = load("seeds.yaml", yaml).await;
    assert_eq!(loaded, Ok(3));
    let alice = User::get(&db, "u1").await.unwrap();
    assert_eq!((alice.email.as_str(), alice.locale.as_deref(), alice.age), ("alice@example.com", Some("nb"), 0));
    assert_eq!(Customer::get(&db, "c1").await.unwrap().version, 1, "it is written as the app writes it");

    let json = r#"{ "User": [
        { "userId": "u1", "name": "", "email": "nobody", "age": 200 },
        { "userId": "u2", "email": "b@example.com" },
        { "userId": "u3", "name": "C", "email": "c@example.com", "address": { "street": 4 } }
    ], "Order": [] }"#;
    let (db, loaded) = load("seeds.json", json).await;
    let expected = [
        "seeds.json: User[0].name: at least 1 character, this has 0",
        "seeds.json: User[0].email: it is an e-mail address",
        "seeds.json: User[0].age: at most 150",
        "seeds.json: User[1]: missing field `name`",
        "seeds.json: User[2].address.street: invalid type: integer `4`, expected a string",
        "seeds.json: Order: no such model was added, but User, Customer",
    ];
    let mistakes = loaded.unwrap_err();
    assert_eq!(mistakes.lines().collect::<Vec<_>>(), expected);
    assert_eq!(User::scan(&db).count().await.unwrap(), 0, "nothing is written beside mistakes");

    let unknown = r#"{ "User": [{ "userId": "u1", "name": "A", "email": "a@x", "nick_name": "B", "Age": 4, "extra": null }],
        "Customer": [{ "customerId": "c1", "email": "c@x", "name": "C", "address": { "zip": "1", "city": "Oslo", "stret": "x" } }] }"#;
    let (db, loaded) = load("unknown.json", unknown).await;
    let mistakes = loaded.unwrap_err();
    for expected in [
        "User[0].nick_name: no such field: did you mean `nickname`?",
        "User[0].Age: no such field: did you mean `age`?",
        "User[0].extra: no such field: it is one of userId, name, email",
    ] {
        assert!(mistakes.contains(expected), "{mistakes}");
    }
    assert_eq!(User::scan(&db).count().await.unwrap(), 0);

    let twice = r#"{ "User": [{ "userId": "u1", "name": "A", "email": "a@x" }, { "userId": "u1", "name": "B", "email": "b@x" }] }"#;
    let (db, loaded) = load("twice.json", twice).await;
    assert_eq!(loaded.unwrap_err(), "twice.json: User[1]: it has the key of User[0]");
    assert_eq!(User::scan(&db).count().await.unwrap(), 0);
    let (_, loaded) = load("names.json", r#"{ "User": [{ "userId": "u1", "userId": "u2" }], "User": [] }"#).await;
    assert_eq!(loaded.unwrap_err(), "names.json: User[0]: `userId` is there twice at line 1 column 37");
    let (_, loaded) = load("no.json", "{").await;
    assert!(loaded.unwrap_err().starts_with("no.json: EOF while parsing"));
}

#[tokio::test]
async fn a_seed_file_is_checked_as_inserts_are() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("seeds.json");
    let load = async |seeds: Seeds, db: &Client, text: &str| {
        std::fs::write(&file, text).unwrap();
        seeds.load(db, &file).await
    };
    // The hook makes a title short, and must not change a key.
    let db = testing::start(hooks::TABLES).await.unwrap().client();
    let title = format!("too {}", "long ".repeat(20));
    let page = |title: &str| format!(r#"{{ "Page": [{{ "page_id": "p1", "at": 1, "title": "{title}" }}] }}"#);
    assert_eq!(load(Seeds::new().model::<Page>(), &db, &page(&title)).await.unwrap(), 1);
    assert_eq!(Page::get(&db, ("p1", 1)).await.unwrap().title.len(), 40);
    let refused = load(Seeds::new().model::<Page>(), &db, &page("key")).await.unwrap_err();
    assert!(refused.mistakes()[0].contains("`before_write` has changed the key"), "{refused}");

    // The names inside of a union are those of its variant.
    let db = testing::start(union_types::TABLES).await.unwrap().client();
    let orders = r#"{ "Order": [{ "id": "a", "delivery": { "to": "home", "street": "x", "nr": 4 }, "returned": null },
        { "id": "b", "delivery": { "to": "pick_up", "at": 1 }, "returned": { "from": "locker", "number": 4 } }] }"#;
    let mistakes = load(Seeds::new().model::<Order>(), &db, orders).await.unwrap_err();
    let expected = [
        "Order[0].delivery.nr: no such field: it is one of to, street",
        "Order[1].delivery.at: no such field: it is one of to",
    ];
    assert_eq!(mistakes.mistakes(), expected);

    // Writes compute what is computed.
    let db = testing::start(computed::TABLES).await.unwrap().client();
    let user = r#"{ "User": [{ "user_id": "u1", "first": "A", "last": "B", "joined": "2024-01-01T00:00:00Z", "full_name": "C" }] }"#;
    let mistakes = load(Seeds::new().model::<computed::User>(), &db, user).await.unwrap_err();
    assert!(mistakes.mistakes()[0].starts_with("User[0].full_name: no such field"), "{mistakes}");

    // What only DynamoDB knows is told with its reason.
    let db = testing::start(example_models::TABLES).await.unwrap().client();
    let user = |id: &str| format!(r#"{{ "userId": "{id}", "name": "A", "email": "a@x" }}"#);
    let users =
        |ids: &[&str]| format!(r#"{{ "User": [{}] }}"#, ids.iter().map(|id| user(id)).collect::<Vec<_>>().join(","));
    assert_eq!(load(Seeds::new().model::<User>(), &db, &users(&["u3"])).await.unwrap(), 1);
    let refused = load(Seeds::new().model::<User>(), &db, &users(&["u1", "u2", "u3", "u4"])).await.unwrap_err();
    assert_eq!(refused.written(), 2);
    let reason = refused.mistakes()[0].as_str();
    assert!(reason.starts_with("User[2]: it was not written: User: "), "{reason}");
    assert!(reason.ends_with(" (2 items before it are written)"), "{reason}");
    assert_eq!(User::scan(&db).count().await.unwrap(), 3);

    let none = load(Seeds::new(), &db, &users(&["u1"])).await.unwrap_err();
    assert_eq!(none.mistakes(), ["User: no model was added: `Seeds::new().model::<User>()`"]);
}
