//! A DynamoDB that fails on a seeded schedule, in front of the SDK: it throttles, has errors of its own, answers too
//! late or not at all, leaves parts of batches undone, and has others in the way of transactions. What it has
//! acknowledged is there, and what it has not may be there too.
use crate::random::Random;
use crate::seeds::fault_seeds;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::{Response, StatusCode};
use aws_smithy_types::body::SdkBody;
use dyntastic::Client;
use dyntastic::aws_sdk_dynamodb::Config;
use dyntastic::aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use dyntastic::serde_json::{self, Value, json};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

/// The engine and its faults.
#[derive(Debug, Clone)]
pub struct Faulty(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    random: Random,
    /// Out of ten requests, how many fail.
    failing: u64,
    /// The items by their keys.
    items: HashMap<String, Value>,
    /// The transactions that were done, by their tokens.
    tokens: HashSet<String>,
    requests: usize,
    /// The units that answers reported and that have arrived.
    reported: f64,
}

/// What becomes of a request.
enum Fault {
    None,
    Error(u16, &'static str),
    Timeout,
    DropBefore,
    DropAfter,
}

/// The key attributes of the models that are written here.
const KEYS: [&str; 3] = ["book", "number", "id"];

impl Faulty {
    pub fn new(seed: u64, failing: u64) -> Self {
        let random = Random::new(seed);
        let state =
            State { random, failing, items: HashMap::new(), tokens: HashSet::new(), requests: 0, reported: 0.0 };
        Self(Arc::new(Mutex::new(state)))
    }

    pub fn client(&self) -> Client {
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("a", "b", None, None, "tests"))
            .http_client(self.clone());
        Client::from_conf(config.build())
    }

    /// How many items there are.
    pub fn items(&self) -> usize {
        self.0.lock().unwrap().items.len()
    }

    pub fn reported(&self) -> f64 {
        self.0.lock().unwrap().reported
    }

    pub fn requests(&self) -> usize {
        self.0.lock().unwrap().requests
    }
}

impl HttpClient for Faulty {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Faulty {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap().to_owned();
        let body: Value = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
        let answer = self.0.lock().unwrap().call(target.rsplit('.').next().unwrap(), &body);
        HttpConnectorFuture::ready(answer.map(|(status, body)| {
            let mut response = Response::new(StatusCode::try_from(status).unwrap(), SdkBody::from(body.to_string()));
            response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
            response
        }))
    }
}

impl State {
    fn call(&mut self, operation: &str, body: &Value) -> Result<(u16, Value), ConnectorError> {
        self.requests += 1;
        match self.fault(operation) {
            Fault::None => {
                let (status, answer) = self.answer(operation, body);
                self.reported += answer["ConsumedCapacity"][0]["CapacityUnits"].as_f64().unwrap_or_default();
                Ok((status, answer))
            }
            Fault::Error(status, code) => Ok(error(status, code)),
            Fault::Timeout => Err(ConnectorError::timeout("no answer in time".into())),
            Fault::DropBefore => Err(ConnectorError::io("the connection broke".into())),
            Fault::DropAfter => {
                self.answer(operation, body);
                Err(ConnectorError::io("the connection broke".into()))
            }
        }
    }

    fn fault(&mut self, operation: &str) -> Fault {
        if self.random.below(10) >= self.failing {
            return Fault::None;
        }
        match self.random.below(7) {
            0 => Fault::Error(400, "ThrottlingException"),
            1 => Fault::Error(400, "ProvisionedThroughputExceededException"),
            2 => Fault::Error(500, "InternalServerError"),
            3 => Fault::Timeout,
            4 => Fault::DropBefore,
            5 => Fault::DropAfter,
            _ if operation == "TransactWriteItems" => Fault::Error(400, "TransactionCanceledException"),
            _ => Fault::Error(503, "ServiceUnavailable"),
        }
    }

    fn answer(&mut self, operation: &str, body: &Value) -> (u16, Value) {
        let mut answer = match operation {
            "BatchWriteItem" => self.batch_write(body),
            "BatchGetItem" => self.batch_get(body),
            "TransactWriteItems" => self.transact(body),
            "PutItem" => {
                self.put(&body["Item"]);
                json!({})
            }
            "GetItem" => match self.items.get(&key(&body["Key"])) {
                Some(item) => json!({ "Item": item }),
                None => json!({}),
            },
            other => unreachable!("{other}"),
        };
        // A batch has as many units as it has done.
        if operation.starts_with("Batch") && body.get("ReturnConsumedCapacity").is_some() {
            let (table, of) = only_table(body);
            let (asked, left) = match operation {
                "BatchWriteItem" => (of, &answer["UnprocessedItems"][table]),
                _ => (&of["Keys"], &answer["UnprocessedKeys"][table]["Keys"]),
            };
            let number = |of: &Value| of.as_array().map_or(0, Vec::len);
            let units = number(asked) - number(left);
            answer["ConsumedCapacity"] = json!([{ "TableName": table, "CapacityUnits": units }]);
        }
        (200, answer)
    }

    fn put(&mut self, item: &Value) {
        self.items.insert(key(item), item.clone());
    }

    /// How many of a batch are done.
    fn some(&mut self, all: usize) -> usize {
        if self.random.below(10) >= self.failing {
            return all;
        }
        usize::try_from(self.random.below(all as u64 + 1)).unwrap()
    }

    fn batch_write(&mut self, body: &Value) -> Value {
        let (table, writes) = only_table(body);
        let writes = writes.as_array().unwrap();
        assert!((1..=25).contains(&writes.len()), "{} writes in one request", writes.len());
        let mut keys = HashSet::new();
        let done = self.some(writes.len());
        for (position, write) in writes.iter().enumerate() {
            let (item, key) = match write.get("PutRequest") {
                Some(put) => (Some(&put["Item"]), key(&put["Item"])),
                None => (None, key(&write["DeleteRequest"]["Key"])),
            };
            assert!(keys.insert(key.clone()), "two writes of one key in one request");
            match item {
                _ if position >= done => {}
                Some(item) => self.put(item),
                None => drop(self.items.remove(&key)),
            }
        }
        let left = writes.get(done..).unwrap_or_default();
        json!({ "UnprocessedItems": if left.is_empty() { json!({}) } else { json!({ table: left }) } })
    }

    fn batch_get(&mut self, body: &Value) -> Value {
        let (table, asked) = only_table(body);
        let keys = asked["Keys"].as_array().unwrap();
        assert!((1..=100).contains(&keys.len()), "{} keys in one request", keys.len());
        let done = self.some(keys.len());
        let found: Vec<&Value> = keys.iter().take(done).filter_map(|asked| self.items.get(&key(asked))).collect();
        let left = keys.get(done..).unwrap_or_default();
        let left = if left.is_empty() { json!({}) } else { json!({ table: { "Keys": left } }) };
        json!({ "Responses": { table: found }, "UnprocessedKeys": left })
    }

    /// Puts, and updates that add to a number; a transaction of a token that was done is not done again.
    fn transact(&mut self, body: &Value) -> Value {
        if !self.tokens.insert(body["ClientRequestToken"].as_str().unwrap().to_owned()) {
            return json!({});
        }
        for action in body["TransactItems"].as_array().unwrap() {
            if let Some(put) = action.get("Put") {
                self.put(&put["Item"]);
                continue;
            }
            let update = &action["Update"];
            assert_eq!(update["UpdateExpression"], "ADD #n0 :v0");
            let name = update["ExpressionAttributeNames"]["#n0"].as_str().unwrap();
            let add: i64 = update["ExpressionAttributeValues"][":v0"]["N"].as_str().unwrap().parse().unwrap();
            let item = self.items.get_mut(&key(&update["Key"])).unwrap();
            let before: i64 = item[name]["N"].as_str().unwrap().parse().unwrap();
            item[name] = json!({ "N": (before + add).to_string() });
        }
        json!({})
    }
}

fn only_table(body: &Value) -> (&String, &Value) {
    body["RequestItems"].as_object().unwrap().iter().next().unwrap()
}

fn key(item: &Value) -> String {
    let parts = KEYS.iter().filter_map(|name| item.get(name));
    parts.map(Value::to_string).collect()
}

fn error(status: u16, code: &str) -> (u16, Value) {
    let mut body = json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{code}"), "message": "a fault" });
    if code == "TransactionCanceledException" {
        body["CancellationReasons"] = json!([{ "Code": "TransactionConflict" }]);
    }
    (status, body)
}

fn seeds() -> std::ops::Range<u64> {
    fault_seeds(5)
}

/// Each seed of a run with a number of items: the first seed moves many, the others vary the faults.
fn seeds_and_items() -> impl Iterator<Item = (u64, u32)> {
    seeds().enumerate().map(|(run, seed)| (seed, if run == 0 { 10_000 } else { 1_000 }))
}

mod tests {
    use super::{Faulty, seeds, seeds_and_items};
    use dyntastic::prelude::*;
    use dyntastic::{Capacity, Error};
    use dyntastic_tests::queries::Entry;
    use futures_util::TryStreamExt;

    fn entry(number: u32) -> Entry {
        Entry::builder().book("b").number(number).text(format!("text {number}")).build().unwrap()
    }

    fn keys(count: u32) -> impl Iterator<Item = (&'static str, u32)> {
        (1..=count).map(|number| ("b", number))
    }

    /// All items, in order, asked for until nothing is left unprocessed.
    async fn read_all(db: &dyntastic::Client, count: u32) -> Vec<Entry> {
        loop {
            match Entry::batch_get(db, keys(count)).await {
                Ok(found) => return found,
                Err(error) => assert!(error.is_retryable(), "{error:?}"),
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn fault_a_batch_loses_nothing_and_doubles_nothing() {
        for (seed, count) in seeds_and_items() {
            let faulty = Faulty::new(seed, 3);
            let db = faulty.client();
            let items: Vec<Entry> = (1..=count).map(entry).collect();
            let mut sent = db.batch_write().put_all(&items).await;
            while let Err(error) = sent {
                assert!(error.is_retryable(), "seed {seed}: {error:?}");
                let Error::UnfinishedBatch(batch) = error else { unreachable!("seed {seed}: {error:?}") };
                // What is not told to be left is there; what is, may be there too, for answers get lost.
                assert!(batch.left() + faulty.items() >= items.len(), "seed {seed}");
                sent = batch.into_batch(&db).await;
            }
            assert_eq!(faulty.items(), items.len(), "seed {seed}");
            assert_eq!(read_all(&db, count).await, items, "seed {seed}");
            // Without a fault, these are 25 items a write and 100 a read.
            assert!(faulty.requests() > items.len() / 25 + items.len() / 100, "seed {seed}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn fault_the_capacity_is_the_sum_of_all_answers() {
        for (seed, count) in seeds_and_items() {
            let faulty = Faulty::new(seed, 4);
            let db = faulty.client();
            let items: Vec<Entry> = (1..=count).map(entry).collect();
            let (written, of_writes) = Capacity::of(db.batch_write().put_all(&items)).await;
            assert_eq!(of_writes.write_units(), faulty.reported(), "seed {seed}");
            if let Err(error) = written {
                assert!(error.is_retryable(), "seed {seed}: {error:?}");
            }
            let mut stream = Entry::batch_get(&db, keys(count)).stream().with_capacity();
            while let Ok(Some(_)) = stream.try_next().await {}
            let of_reads = stream.capacity();
            assert_eq!(of_reads.read_units() + of_writes.total(), faulty.reported(), "seed {seed}");
            assert_eq!(of_reads.table("entries").total(), of_reads.total(), "seed {seed}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn fault_a_writer_of_a_stream_loses_nothing() {
        for (seed, count) in seeds_and_items() {
            let faulty = Faulty::new(seed, 2);
            let db = faulty.client();
            let mut writer = db.batch_writer();
            for number in 1..=count {
                if let Err(error) = writer.put(&entry(number)).await {
                    assert!(matches!(error, Error::UnfinishedFlush(_)), "seed {seed}: {error:?}");
                    // What is not pending is there; what is, may be there too, for answers get lost.
                    assert!(writer.pending() + faulty.items() >= number as usize, "seed {seed}");
                }
            }
            while writer.flush().await.is_err() {}
            assert_eq!(writer.pending(), 0, "seed {seed}");
            assert_eq!(faulty.items(), count as usize, "seed {seed}");
            let mut stream = Entry::batch_get(&db, keys(count)).stream();
            let mut read = 0;
            loop {
                match stream.try_next().await {
                    Ok(Some(_)) => read += 1,
                    Ok(None) => break,
                    Err(error) => {
                        // A stream ends with an error that it cannot get over, and tells it.
                        assert!(error.is_retryable(), "seed {seed}: {error:?}");
                        (stream, read) = (Entry::batch_get(&db, keys(count)).stream(), 0);
                    }
                }
            }
            assert_eq!(read, count, "seed {seed}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn fault_single_writes_and_reads_survive() {
        for seed in seeds() {
            let faulty = Faulty::new(seed, 3);
            let db = faulty.client();
            for number in 1..=200 {
                while let Err(error) = entry(number).save(&db).await {
                    assert!(error.is_retryable(), "seed {seed}: {error:?}");
                }
                let read = loop {
                    match Entry::get(&db, ("b", number)).await {
                        Err(error) => assert!(error.is_retryable(), "seed {seed}: {error:?}"),
                        read => break read.unwrap(),
                    }
                };
                assert_eq!(read, entry(number), "seed {seed}");
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn fault_a_transaction_is_done_once() {
        for seed in seeds() {
            let faulty = Faulty::new(seed, 3);
            let db = faulty.client();
            for number in [1, 2] {
                while entry(number).save(&db).await.is_err() {}
            }
            let mut done = 0;
            for number in 0..100 {
                // The same token says that it is the same transaction, however often it has to be sent.
                let token = format!("transaction-{number}");
                loop {
                    let mut transaction = db.transaction();
                    for number in [1, 2] {
                        transaction = transaction.update::<Entry>(("b", number), Entry::A.length.add(1));
                    }
                    transaction = transaction.token(token.as_str());
                    match transaction.await {
                        Ok(()) => break,
                        Err(error) => assert!(error.is_retryable(), "seed {seed}: {error:?}"),
                    }
                }
                done += 1;
            }
            for number in [1, 2] {
                let stored = loop {
                    if let Ok(entry) = Entry::get(&db, ("b", number)).await {
                        break entry;
                    }
                };
                assert_eq!(stored.length, done, "seed {seed}");
            }
        }
    }
}
