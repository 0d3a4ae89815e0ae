//! What stands between a client and the engine: it notes the capacity that responses report, and throttles attempts.

use crate::engine::{config, isolated};
use aws_smithy_http_client::Builder;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::{Response, StatusCode};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use aws_smithy_types::retry::RetryConfig;
use dyntastic::aws_sdk_dynamodb::config::retry::{RetryPartition, TokenBucket};
use dyntastic::serde_json::{self, Value, json};
use dyntastic::{Client, ClientBuilder};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The ARN of what is throttled.
pub const HOT: &str = "arn:aws:dynamodb:us-east-1:123456789012:table/hot/index/by_heat";

#[derive(Debug, Clone)]
pub struct Between {
    engine: SharedHttpClient,
    /// Of how many attempts one is throttled; none if it is 0.
    throttles_one_in: usize,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Debug, Default)]
pub struct Seen {
    /// The units that responses reported, by table and index. The table itself has the index "".
    pub units: BTreeMap<(String, String), f64>,
    /// The bytes of searches, by index.
    pub searched: f64,
    pub operations: BTreeSet<String>,
    pub attempts: usize,
    pub throttled: usize,
    /// When attempts were sent.
    pub sent: Vec<Instant>,
}

impl Seen {
    fn add(&mut self, consumed: &Value) {
        if let Some(bytes) = consumed["VectorSearchRequestBytes"].as_f64() {
            self.searched += bytes;
            return;
        }
        let table = consumed["TableName"].as_str().unwrap();
        let mut of_indexes = 0.0;
        for indexes in ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"] {
            for (index, units) in consumed[indexes].as_object().into_iter().flatten() {
                let units = units["CapacityUnits"].as_f64().unwrap();
                of_indexes += units;
                *self.units.entry((table.to_owned(), index.to_owned())).or_default() += units;
            }
        }
        let own = consumed["Table"]["CapacityUnits"].as_f64();
        let own = own.unwrap_or_else(|| consumed["CapacityUnits"].as_f64().unwrap() - of_indexes);
        *self.units.entry((table.to_owned(), String::new())).or_default() += own;
    }
}

impl Between {
    /// A client whose requests go through this.
    pub async fn client(
        throttles_one_in: usize,
        settings: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> (Client, Self) {
        let between = Self { engine: Builder::new().build_http(), throttles_one_in, seen: Arc::default() };
        let retries = RetryConfig::standard().with_initial_backoff(Duration::from_millis(1)).with_max_attempts(8);
        // The tests of a process share a number of retries otherwise.
        let partition = RetryPartition::custom("between").token_bucket(TokenBucket::unlimited()).build();
        let config = config().await.to_builder().http_client(between.clone());
        let config = config.retry_config(retries).retry_partition(partition).build();
        (settings(isolated()).from_conf(config), between)
    }

    /// What was seen since the last call.
    pub fn take(&self) -> Seen {
        std::mem::take(&mut *self.seen.lock().unwrap())
    }

    /// Whether the next attempt is throttled.
    fn throttles(&self, operation: &str) -> bool {
        let mut seen = self.seen.lock().unwrap();
        seen.operations.insert(operation.to_owned());
        seen.attempts += 1;
        seen.sent.push(Instant::now());
        let is_throttled = self.throttles_one_in > 0 && seen.attempts.is_multiple_of(self.throttles_one_in);
        seen.throttled += usize::from(is_throttled);
        is_throttled
    }
}

impl HttpClient for Between {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(Connector {
            between: self.clone(),
            engine: self.engine.http_connector(settings, components),
        })
    }
}

#[derive(Debug)]
struct Connector {
    between: Between,
    engine: SharedHttpConnector,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let operation = request.headers().get("x-amz-target").unwrap().rsplit('.').next().unwrap().to_owned();
        if self.between.throttles(&operation) {
            let body = json!({
                "__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException",
                "message": "slow down",
                "throttlingReasons": [{ "reason": "IndexWriteKeyRangeThroughputExceeded", "resource": HOT }],
            });
            let status = StatusCode::try_from(400).unwrap();
            return HttpConnectorFuture::ready(Ok(Response::new(status, SdkBody::from(body.to_string()))));
        }
        let (answer, seen) = (self.engine.call(request), self.between.seen.clone());
        HttpConnectorFuture::new(async move {
            let mut response = answer.await?;
            let body = std::mem::replace(response.body_mut(), SdkBody::empty());
            let body = ByteStream::new(body).collect().await.unwrap().into_bytes();
            let answer: Value = serde_json::from_slice(&body).unwrap_or_default();
            let consumed = &answer["ConsumedCapacity"];
            let all = consumed.as_array().cloned().or_else(|| consumed.is_object().then(|| vec![consumed.clone()]));
            all.iter().flatten().for_each(|consumed| seen.lock().unwrap().add(consumed));
            *response.body_mut() = SdkBody::from(body);
            Ok(response)
        })
    }
}
