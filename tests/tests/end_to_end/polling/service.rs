//! A stream with shards that are split, and a table for the progress, both in memory and with faults.

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
use dyntastic::aws_sdk_dynamodbstreams as streams_sdk;
use dyntastic::serde_json::{self, Value, json};
use dyntastic_tests::streams::Both;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex};

/// The keys of items are spread over so many places.
const PLACES: u64 = 64;

#[derive(Debug, Clone)]
pub struct Service(pub Arc<Mutex<State>>);

#[derive(Debug)]
pub struct State {
    random: fastrand::Rng,
    /// How many of a hundred requests fail.
    pub failing: u32,
    shards: Vec<Shard>,
    /// The items of the progress, by their keys.
    pub progress: BTreeMap<String, Value>,
    written: u64,
    /// When items are written, in seconds since 1970.
    pub time: u64,
    /// The operation that is throttled.
    pub throttled: Option<&'static str>,
    /// How often the stream was disabled and enabled again.
    streams: usize,
}

#[derive(Debug)]
struct Shard {
    id: String,
    parent: Option<String>,
    places: Range<u64>,
    records: Vec<(String, Value)>,
    /// How many of its first records are trimmed.
    trimmed: usize,
    is_closed: bool,
    /// The stream that it is of.
    stream: usize,
}

impl Service {
    pub fn new(seed: u64, failing: u32) -> Self {
        let state = State {
            random: fastrand::Rng::with_seed(seed),
            failing,
            shards: Vec::new(),
            progress: BTreeMap::new(),
            written: 0,
            time: 1_790_000_000,
            throttled: None,
            streams: 0,
        };
        let service = Self(Arc::new(Mutex::new(state)));
        service.0.lock().unwrap().open(None, 0..PLACES);
        service
    }

    pub fn db(&self) -> Client {
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("local", "local", None, None, "tests"))
            .http_client(self.clone());
        Client::from_conf(config.build())
    }

    pub fn streams(&self) -> streams_sdk::Client {
        let config = streams_sdk::Config::builder()
            .behavior_version(streams_sdk::config::BehaviorVersion::latest())
            .region(streams_sdk::config::Region::new("us-east-1"))
            .credentials_provider(streams_sdk::config::Credentials::new("local", "local", None, None, "tests"))
            .http_client(self.clone());
        streams_sdk::Client::from_conf(config.build())
    }

    /// Writes an item, whose change gets into the stream.
    pub fn write(&self, key: &str, count: u32) {
        self.0.lock().unwrap().write(key, count);
    }

    /// Writes an item without its required field.
    pub fn write_damaged(&self, key: &str) {
        self.0.lock().unwrap().add(key, json!({ "id": { "S": key } }));
    }

    /// Closes an open shard, and opens one or two others for its keys.
    pub fn split(&self) {
        self.0.lock().unwrap().split();
    }

    /// Trims the first records of the first shard, as after 24 hours.
    pub fn trim(&self, records: usize) {
        self.0.lock().unwrap().shards[0].trimmed = records;
    }

    /// Removes the shards that are closed, as after 24 hours.
    pub fn forget_closed(&self) {
        self.0.lock().unwrap().shards.retain(|shard| !shard.is_closed);
    }

    /// The number of closed shards.
    pub fn closed(&self) -> usize {
        self.0.lock().unwrap().shards.iter().filter(|shard| shard.is_closed).count()
    }

    /// Disables the stream, and enables it again, which makes another one.
    pub fn enable_again(&self) {
        let mut state = self.0.lock().unwrap();
        state.shards.iter_mut().for_each(|shard| shard.is_closed = true);
        state.streams += 1;
        state.open(None, 0..PLACES);
    }

    pub fn shards(&self) -> usize {
        self.0.lock().unwrap().shards.len()
    }

    /// The progress items of shards: whether each is finished.
    pub fn finished(&self) -> Vec<bool> {
        let state = self.0.lock().unwrap();
        let of_shards =
            state.progress.values().filter(|item| item["dyntastic_stream"]["M"].get("is_finished").is_some());
        of_shards.map(|item| item["dyntastic_stream"]["M"]["is_finished"]["BOOL"] == true).collect()
    }
}

impl State {
    fn open(&mut self, parent: Option<String>, places: Range<u64>) {
        let id = format!("shardId-{:08}-{:04x}", self.shards.len(), self.random.u16(..));
        self.shards.push(Shard {
            id,
            parent,
            places,
            records: Vec::new(),
            trimmed: 0,
            is_closed: false,
            stream: self.streams,
        });
    }

    fn write(&mut self, key: &str, count: u32) {
        self.add(key, json!({ "id": { "S": key }, "count": { "N": count.to_string() } }));
    }

    fn add(&mut self, key: &str, image: Value) {
        self.written += 1;
        let number = format!("{}", 100_000_000_000_000_u64 + self.written);
        let record = json!({
            "eventID": format!("e{}", self.written), "eventName": "INSERT", "eventVersion": "1.1",
            "eventSource": "aws:dynamodb", "awsRegion": "us-east-1",
            "dynamodb": {
                "ApproximateCreationDateTime": self.time, "Keys": { "id": { "S": key } }, "NewImage": image,
                "SequenceNumber": number, "SizeBytes": 20, "StreamViewType": "NEW_AND_OLD_IMAGES",
            },
        });
        let place = key.bytes().fold(7_u64, |place, byte| place * 31 + u64::from(byte)) % PLACES;
        let shard = self.shards.iter_mut().find(|shard| !shard.is_closed && shard.places.contains(&place)).unwrap();
        shard.records.push((number, record));
    }

    fn split(&mut self) {
        let open: Vec<usize> = (0..self.shards.len()).filter(|at| !self.shards[*at].is_closed).collect();
        let shard = &mut self.shards[open[self.random.usize(..open.len())]];
        shard.is_closed = true;
        let (id, Range { start, end }) = (shard.id.clone(), shard.places.clone());
        let middle = if end - start > 1 && self.random.bool() { start + (end - start) / 2 } else { end };
        self.open(Some(id.clone()), start..middle);
        if middle < end {
            self.open(Some(id), middle..end);
        }
    }

    fn call(&mut self, operation: &str, body: &Value) -> Result<(u16, Value), ConnectorError> {
        if self.throttled == Some(operation) {
            return Ok(error(
                400,
                if operation.contains("Stream") { "LimitExceededException" } else { "ThrottlingException" },
            ));
        }
        if self.random.u32(..100) >= self.failing {
            return Ok(self.answer(operation, body));
        }
        match self.random.u32(..6) {
            0 => Ok(error(500, "InternalServerError")),
            1 if operation == "GetRecords" => Ok(error(400, "ExpiredIteratorException")),
            1 => Ok(error(400, "ThrottlingException")),
            2 if operation.contains("Stream") => Ok(error(400, "LimitExceededException")),
            2 | 3 => Err(ConnectorError::io("the connection broke".into())),
            _ => {
                drop(self.answer(operation, body));
                Err(ConnectorError::timeout("no answer in time".into()))
            }
        }
    }

    fn answer(&mut self, operation: &str, body: &Value) -> (u16, Value) {
        match operation {
            "DescribeTable" => (200, json!({ "Table": { "LatestStreamArn": arn(self.streams) } })),
            "DescribeStream" => (200, self.describe(body)),
            "GetShardIterator" => self.iterator(body),
            "GetRecords" => self.records(body),
            "GetItem" => {
                let item = self.progress.get(&key(&body["Key"]));
                (200, item.map_or_else(|| json!({}), |item| json!({ "Item": item })))
            }
            "PutItem" => self.put(body),
            "DeleteItem" => {
                self.progress.remove(&key(&body["Key"]));
                (200, json!({}))
            }
            other => unreachable!("{other}"),
        }
    }

    /// The shards, two in each page, in no order.
    fn describe(&mut self, body: &Value) -> Value {
        let is_of = |at: &usize| body["StreamArn"] == arn(self.shards[*at].stream).as_str();
        let mut ids: Vec<usize> = (0..self.shards.len()).rev().filter(is_of).collect();
        if let Some(after) = body["ExclusiveStartShardId"].as_str() {
            let at = ids.iter().position(|at| self.shards[*at].id == after).unwrap();
            ids.drain(..=at);
        }
        let last = (ids.len() > 2).then(|| self.shards[ids[1]].id.clone());
        let shard = |at: &usize| json!({ "ShardId": self.shards[*at].id, "ParentShardId": self.shards[*at].parent });
        let shards: Vec<_> = ids.iter().take(2).map(shard).collect();
        json!({ "StreamDescription": { "Shards": shards, "LastEvaluatedShardId": last } })
    }

    fn iterator(&self, body: &Value) -> (u16, Value) {
        let Some(shard) = self.shards.iter().find(|shard| body["ShardId"] == shard.id.as_str()) else {
            return error(400, "ResourceNotFoundException");
        };
        let at = match body["SequenceNumber"].as_str() {
            Some(number) => shard.records.iter().position(|(of, _)| of == number).unwrap() + 1,
            None => shard.trimmed,
        };
        if at < shard.trimmed {
            return error(400, "TrimmedDataAccessException");
        }
        (200, json!({ "ShardIterator": format!("{}|{at}", shard.id) }))
    }

    fn records(&mut self, body: &Value) -> (u16, Value) {
        let (id, at) = body["ShardIterator"].as_str().unwrap().split_once('|').unwrap();
        let at: usize = at.parse().unwrap();
        let Some(shard) = self.shards.iter().find(|shard| shard.id == id) else {
            return error(400, "ResourceNotFoundException");
        };
        if at < shard.trimmed {
            return error(400, "TrimmedDataAccessException");
        }
        let limit = body["Limit"].as_u64().unwrap() as usize;
        // A response may be empty before the end of the shard.
        let limit = if self.random.u8(..8) == 0 { 0 } else { self.random.usize(1..=limit) };
        let records: Vec<_> = shard.records[at..].iter().take(limit).map(|(_, record)| record.clone()).collect();
        let next = at + records.len();
        let is_end = shard.is_closed && next == shard.records.len();
        let next = (!is_end).then(|| format!("{id}|{next}"));
        (200, json!({ "Records": records, "NextShardIterator": next }))
    }

    fn put(&mut self, body: &Value) -> (u16, Value) {
        let key = key(&body["Item"]);
        let turn = |item: &Value| item["dyntastic_stream"]["M"]["turn"].clone();
        let holds = match body["ConditionExpression"].as_str().unwrap() {
            condition if condition.contains("attribute_not_exists") => !self.progress.contains_key(&key),
            _ => {
                let expected = body["ExpressionAttributeValues"].as_object().unwrap().values().next().unwrap();
                self.progress.get(&key).is_some_and(|item| turn(item) == *expected)
            }
        };
        if !holds {
            return error(400, "ConditionalCheckFailedException");
        }
        self.progress.insert(key, body["Item"].clone());
        (200, json!({}))
    }
}

fn arn(stream: usize) -> String {
    format!("arn:aws:dynamodb:us-east-1:1:table/both/stream/2026-{stream}")
}

fn key(of: &Value) -> String {
    format!("{} {}", of["pk"]["S"], of["sk"]["S"])
}

fn error(status: u16, code: &str) -> (u16, Value) {
    (status, json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{code}"), "message": code }))
}

impl HttpClient for Service {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Service {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap().to_owned();
        let body: Value = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
        let service = self.clone();
        HttpConnectorFuture::new(async move {
            let delay = service.0.lock().unwrap().random.u64(1..40);
            tokio::time::sleep(std::time::Duration::from_millis(delay)).await;
            let answer = service.0.lock().unwrap().call(target.rsplit('.').next().unwrap(), &body);
            answer.map(|(status, body)| {
                let mut response =
                    Response::new(StatusCode::try_from(status).unwrap(), SdkBody::from(body.to_string()));
                response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
                response
            })
        })
    }
}

/// The change of an item: its key and its number.
pub fn change(of: &Both) -> (String, u32) {
    (of.id.clone(), of.count)
}
