//! Functions for the changes of models, called for the records of a Lambda event.

use dyntastic::Error;
use dyntastic::aws_lambda_events::event::streams::DynamoDbEventResponse;
use dyntastic::serde_json::{Value, from_str, from_value, json};
use dyntastic::streams::{Change, Event, Failure, Handler, handler};
use dyntastic_tests::streams::{Both, Member, Score};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Barrier;
use tokio::time::{sleep, timeout};

fn record(number: usize, keys: Value, image: Value) -> Value {
    json!({
        "eventID": format!("e{number}"), "eventName": "INSERT", "eventVersion": "1.1", "eventSource": "aws:dynamodb",
        "awsRegion": "eu-west-1",
        "dynamodb": {
            "ApproximateCreationDateTime": 1_790_000_000, "Keys": keys, "NewImage": image,
            "SequenceNumber": number.to_string(), "SizeBytes": 1, "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
    })
}

/// A new item with its number among all.
fn both(number: usize, id: &str) -> Value {
    let key = json!({ "id": { "S": id } });
    record(number, key, json!({ "id": { "S": id }, "count": { "N": number.to_string() } }))
}

fn event(records: Vec<Value>) -> Event {
    from_value(json!({ "Records": records })).unwrap()
}

/// The sequence numbers from which on Lambda delivers again.
fn failures(response: &DynamoDbEventResponse) -> Vec<&str> {
    response.batch_item_failures.iter().map(|failure| failure.item_identifier.as_deref().unwrap()).collect()
}

type Handled = Arc<Mutex<Vec<(String, u32)>>>;

/// Notes each change after a while, and fails at these numbers.
fn noting(handled: &Handled, failing: Vec<u32>) -> Handler {
    let handled = handled.clone();
    handler().on::<Both>(move |change, _| {
        let Change::Inserted(both) = change else { unreachable!() };
        let (handled, is_failing) = (handled.clone(), failing.contains(&both.count));
        async move {
            sleep(Duration::from_millis(fastrand::u64(..20))).await;
            if is_failing {
                return Err("not now");
            }
            handled.lock().unwrap().push((both.id, both.count));
            Ok(())
        }
    })
}

#[tokio::test(start_paused = true)]
async fn the_first_record_that_fails_is_named_and_all_before_it_are_handled() {
    let handled = Handled::default();
    let records = vec![both(1, "b"), both(2, "a"), both(3, "b"), both(4, "a")];
    let response = noting(&handled, vec![4]).handle(event(records)).await;
    assert_eq!(failures(&response), ["4"]);
    let in_order = [("b".to_owned(), 1), ("a".to_owned(), 2), ("b".to_owned(), 3)];
    assert_eq!(*handled.lock().unwrap(), in_order, "one record after the other, whatever their items");
    let response = noting(&handled, Vec::new()).handle(event(vec![both(4, "a")])).await;
    assert!(failures(&response).is_empty());
    assert_eq!(handled.lock().unwrap().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn items_are_handled_side_by_side_and_each_in_its_order() {
    for seed in 0..200 {
        fastrand::seed(seed);
        let count = fastrand::usize(1..30);
        let failing: Vec<u32> = (0..fastrand::usize(..3)).map(|_| fastrand::u32(1..30)).collect();
        let records: Vec<_> = (1..=count).map(|number| both(number, &format!("item{}", fastrand::u8(..6)))).collect();
        let handled = Handled::default();
        let handler = noting(&handled, failing.clone()).concurrency(fastrand::usize(1..6));
        let response = handler.handle(event(records)).await;
        let first = failing.iter().copied().filter(|number| *number as usize <= count).min();
        assert_eq!(failures(&response), first.map(|number| number.to_string()).as_slice(), "seed {seed}");
        let handled = handled.lock().unwrap();
        let mut before = BTreeMap::new();
        for (id, number) in handled.iter() {
            assert!(before.insert(id, number).is_none_or(|before| before < number), "seed {seed}: {handled:?}");
        }
        let surely = first.unwrap_or(count as u32 + 1);
        let all_before = (1..surely).all(|number| handled.iter().filter(|(_, of)| *of == number).count() == 1);
        assert!(all_before, "seed {seed}: {handled:?} before {surely}");
    }
}

#[tokio::test]
async fn a_handler_of_two_items_runs_both_at_a_time() {
    let barrier = Arc::new(Barrier::new(2));
    let handler = handler()
        .on::<Both>(move |_, _| {
            let barrier = barrier.clone();
            async move {
                barrier.wait().await;
                Ok::<_, Failure>(())
            }
        })
        .concurrency(2);
    let handled = handler.handle(event(vec![both(1, "a"), both(2, "b")]));
    timeout(Duration::from_secs(60), handled).await.expect("neither waits for the end of the other");
}

#[tokio::test]
async fn each_model_has_its_function_and_others_are_left_alone() {
    let calls = Arc::new(Mutex::new(Vec::new()));
    let (members, scores) = (calls.clone(), calls.clone());
    let handler = handler()
        .on::<Member>(move |change, info| {
            let Change::Inserted(member) = change else { unreachable!() };
            members.lock().unwrap().push(format!("member {} {}", member.name, info.event_id.unwrap()));
            async { Ok::<_, Failure>(()) }
        })
        .on::<Score>(move |change, info| {
            assert!(info.written_at.is_some() && !info.is_expired);
            let Change::Inserted(score) = change else { unreachable!() };
            scores.lock().unwrap().push(format!("score {}", score.game));
            async { Ok::<_, dyntastic::Error>(()) }
        });
    let key = |pk: &str, sk: &str| json!({ "pk": { "S": pk }, "sk": { "S": sk } });
    let image = |pk: &str, sk: &str, kind: &str, others: Value| {
        let mut image = key(pk, sk);
        image["kind"] = json!({ "S": kind });
        image.as_object_mut().unwrap().extend(others.as_object().unwrap().clone());
        image
    };
    let member = json!({ "team": { "S": "t" }, "name": { "S": "ada" }, "email": { "S": "a@x" } });
    let score = json!({ "team": { "S": "t" }, "game": { "N": "7" }, "points": { "N": "3" } });
    let guard = "UNIQUE#Member#email#a@x";
    let records = vec![
        record(1, key("TEAM#t", "MEMBER#ada"), image("TEAM#t", "MEMBER#ada", "Member", member)),
        record(2, key(guard, "UNIQUE"), image(guard, "UNIQUE", "UNIQUE", json!({}))),
        record(3, key("TEAM#t", "SCORE#0000000007"), image("TEAM#t", "SCORE#0000000007", "Score", score)),
    ];
    let response = handler.handle(event(records)).await;
    assert_eq!(failures(&response), [""; 0]);
    assert_eq!(*calls.lock().unwrap(), ["member ada e1", "score 7"]);
}

#[tokio::test(start_paused = true)]
async fn a_record_that_does_not_fit_goes_to_the_dead_letters() {
    let damaged = || record(2, json!({ "id": { "S": "a" } }), json!({ "id": { "S": "a" } }));
    let mut unknown = both(3, "b");
    unknown["eventName"] = json!("RESHARDED");
    let records = || vec![both(1, "a"), damaged(), unknown.clone(), both(4, "a")];
    let handled = Handled::default();
    let response = noting(&handled, Vec::new()).handle(event(records())).await;
    assert_eq!(failures(&response), ["2"], "without a function for them, it fails");

    let (handled, letters) = (Handled::default(), Arc::new(Mutex::new(Vec::new())));
    let noted = letters.clone();
    let handler = noting(&handled, Vec::new()).dead_letter(move |letter| {
        let error = letter.failure.error().downcast_ref::<Error>();
        assert!(matches!(error, Some(Error::DamagedRecord(_))), "{error:?}");
        let key = letter.record.map(|record| record.keys().len());
        noted.lock().unwrap().push((key, letter.failure.to_string()));
        async { Ok::<_, Failure>(()) }
    });
    let response = handler.handle(event(records())).await;
    assert_eq!(failures(&response), [""; 0]);
    assert_eq!(handled.lock().unwrap().len(), 2);
    let noted = std::mem::take(&mut *letters.lock().unwrap());
    assert!(noted[0].0 == Some(1) && noted[0].1.contains("count"), "{noted:?}");
    assert!(noted[1].0.is_none() && noted[1].1.contains("eventName"), "{noted:?}");

    // Neither a key nor an image that is none fails the other records.
    let (mut of_key, mut of_image) = (both(5, "c"), both(6, "c"));
    of_key["dynamodb"]["Keys"] = json!({ "id": { "S": 5 } });
    of_image["dynamodb"]["NewImage"]["count"] = json!({ "Z": "6" });
    let response = handler.handle(event(vec![of_key, of_image, both(7, "c")])).await;
    assert_eq!(failures(&response), [""; 0]);
    assert_eq!(handled.lock().unwrap().last().unwrap().1, 7);
    let letters = letters.lock().unwrap().clone();
    assert!(letters[0].0.is_none() && letters[0].1.contains("Keys"), "{letters:?}");
    assert!(letters[1].0 == Some(1) && letters[1].1.contains("Both.count"), "{letters:?}");

    let refusing = noting(&handled, Vec::new()).dead_letter(|_| async { Err::<(), _>("the queue is full") });
    assert_eq!(failures(&refusing.handle(event(records())).await), ["2"], "it is not lost");
}

/// Notes the models of changes, of two models of one table and one of another.
fn of_three(calls: &Arc<Mutex<Vec<&'static str>>>) -> Handler {
    let [members, scores, both] = [calls.clone(), calls.clone(), calls.clone()];
    handler()
        .on::<Member>(move |_, _| {
            members.lock().unwrap().push("member");
            async { Ok::<_, Failure>(()) }
        })
        .on::<Score>(move |_, _| {
            scores.lock().unwrap().push("score");
            async { Ok::<_, Failure>(()) }
        })
        .on::<Both>(move |_, _| {
            both.lock().unwrap().push("both");
            async { Ok::<_, Failure>(()) }
        })
}

fn of_table(mut record: Value, table: &str) -> Value {
    let arn = format!("arn:aws:dynamodb:eu-west-1:123456789012:table/{table}/stream/2026-01-01T00:00:00.000");
    record["eventSourceARN"] = json!(arn);
    record
}

#[tokio::test]
async fn a_record_is_for_the_functions_of_its_table() {
    let records = |prefix: &str| {
        let score = json!({
            "pk": { "S": "TEAM#t" }, "sk": { "S": "SCORE#0000000007" }, "kind": { "S": "Score" }, "team": { "S": "t" },
            "game": { "N": "7" }, "points": { "N": "3" },
        });
        let key = json!({ "pk": { "S": "TEAM#t" }, "sk": { "S": "SCORE#0000000007" } });
        // The guard of a unique value has no function, and is none of the models without a discriminator.
        let guard = json!({ "pk": { "S": "UNIQUE#Member#email#a" }, "sk": { "S": "UNIQUE" } });
        vec![
            of_table(both(1, "a"), &format!("{prefix}both")),
            of_table(record(2, guard.clone(), guard), &format!("{prefix}league")),
            of_table(record(3, key, score), &format!("{prefix}league")),
        ]
    };
    let calls = Arc::default();
    let response = of_three(&calls).handle(event(records(""))).await;
    assert_eq!(failures(&response), [""; 0]);
    assert_eq!(*calls.lock().unwrap(), ["both", "score"]);

    // The names of a client.
    let config = dyntastic::aws_sdk_dynamodb::Config::builder().behavior_version_latest().build();
    let client = dyntastic::Client::builder().table_prefix("dev-").from_conf(config);
    let calls = Arc::default();
    let response = of_three(&calls).with_client(&client).handle(event(records("dev-"))).await;
    assert_eq!(failures(&response), [""; 0]);
    assert_eq!(*calls.lock().unwrap(), ["both", "score"]);

    // Records of a table that is none of the functions' are not lost in silence, and no other model takes them.
    let calls = Arc::default();
    let response = of_three(&calls).handle(event(records("dev-"))).await;
    assert_eq!(failures(&response), ["1"]);
    assert!(calls.lock().unwrap().is_empty());
}

/// An event of a test may be indented, and any character may be escaped.
#[test]
fn null_is_the_same_with_white_space_and_escapes() {
    let nulls = [r#"{"NULL":true}"#, "{ \"NULL\" : true }", "{\n\t\"NULL\": true\n}", r#"{"N\u0055LL":true}"#];
    let more = |null| format!(r#"{{"L":[{null},{{"M":{{"a":{null}}}}}]}}"#);
    for null in nulls {
        let image = format!(r#"{{"id":{{"S":"a"}},"count":{{"N":"1"}},"more":{}}}"#, more(null));
        let event = format!(r#"{{"Records":[{{"eventName":"INSERT","dynamodb":{{"NewImage":{image}}}}}]}}"#);
        let event: Event = from_str(&event).unwrap();
        let record = event.into_records().remove(0).unwrap();
        let Some(Change::Inserted(found)) = record.change::<Both>().unwrap() else { unreachable!() };
        assert_eq!(found.more, [None, Some(json!({ "a": null }))], "{null}");
    }
}
