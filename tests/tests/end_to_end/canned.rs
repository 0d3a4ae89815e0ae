//! A DynamoDB that gives canned answers, for what no engine shows.

use aws_smithy_http_client::test_util::infallible_client_fn;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::{Response, StatusCode};
use aws_smithy_types::body::SdkBody;
use dyntastic::Client;
use dyntastic::aws_sdk_dynamodb::Config;
use dyntastic::aws_sdk_dynamodb::config::retry::{RetryPartition, TokenBucket};
use dyntastic::aws_sdk_dynamodb::config::{BehaviorVersion, Builder, Credentials, Region};
use dyntastic::serde_json::{self, Value, json};
use std::sync::{Arc, Mutex};
use tokio::sync::Barrier;

/// The requests that were sent, by operation.
pub type Requests = Arc<Mutex<Vec<(String, Value)>>>;

/// A client whose requests a function answers: the operation, its body, and how many of that operation came before.
pub fn answering(answer: impl Fn(&str, &Value, usize) -> (u16, Value) + Send + Sync + 'static) -> (Client, Requests) {
    let (config, requests) = answers(answer);
    (Client::from_conf(config), requests)
}

/// The same for a function that is also given the region of the request, first.
pub fn answering_in(
    answer: impl Fn(&str, &str, &Value, usize) -> (u16, Value) + Send + Sync + 'static,
) -> (Client, Requests) {
    let (config, requests) = answers_in(answer);
    (Client::from_conf(config), requests)
}

/// The configuration of such a client.
pub fn answers(answer: impl Fn(&str, &Value, usize) -> (u16, Value) + Send + Sync + 'static) -> (Config, Requests) {
    answers_in(move |_, operation, body, before| answer(operation, body, before))
}

fn answers_in(
    answer: impl Fn(&str, &str, &Value, usize) -> (u16, Value) + Send + Sync + 'static,
) -> (Config, Requests) {
    let requests = Requests::default();
    let seen = requests.clone();
    let http = infallible_client_fn(move |request: http::Request<SdkBody>| {
        let target = request.headers()["x-amz-target"].to_str().unwrap();
        let operation = target.rsplit('.').next().unwrap().to_owned();
        let body: Value = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
        let mut seen = seen.lock().unwrap();
        let before = seen.iter().filter(|(earlier, _)| *earlier == operation).count();
        // The scope of the credentials: `Credential=KEY/DATE/REGION/dynamodb/aws4_request`.
        let region = request.headers()["authorization"].to_str().unwrap().split('/').nth(2).unwrap();
        let (status, answer) = answer(region, &operation, &body, before);
        seen.push((operation, body));
        let text = match answer {
            Value::String(text) => text,
            answer => answer.to_string(),
        };
        http::Response::builder().status(status).body(SdkBody::from(text)).unwrap()
    });
    (config().http_client(http).build(), requests)
}

/// A client whose requests of one operation are answered when this many of them have begun, all by a function.
pub fn meeting(operation: &'static str, count: usize, answer: fn(&str) -> Value) -> Client {
    let http = Meeting { operation, answer, barrier: Arc::new(Barrier::new(count)) };
    Client::from_conf(config().http_client(http).build())
}

#[derive(Debug, Clone)]
struct Meeting {
    operation: &'static str,
    answer: fn(&str) -> Value,
    barrier: Arc<Barrier>,
}

impl HttpClient for Meeting {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Meeting {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let operation = request.headers().get("x-amz-target").unwrap().rsplit('.').next().unwrap().to_owned();
        let Self { operation: meets, answer, barrier } = self.clone();
        HttpConnectorFuture::new(async move {
            if operation == meets {
                barrier.wait().await;
            }
            Ok(Response::new(StatusCode::try_from(200).unwrap(), SdkBody::from(answer(&operation).to_string())))
        })
    }
}

/// A configuration that lacks where its requests go. Retries are not limited by those of other tests.
pub fn config() -> Builder {
    Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .retry_partition(RetryPartition::custom("canned").token_bucket(TokenBucket::unlimited()).build())
        .credentials_provider(Credentials::new("a", "b", None, None, "tests"))
}

/// An error of DynamoDB's.
pub fn error(code: &str) -> (u16, Value) {
    let status = match code {
        "InternalServerError" => 500,
        "ServiceUnavailable" => 503,
        _ => 400,
    };
    (status, json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{code}"), "message": "no" }))
}
