//! What the shards of a hot hash key bring and cost: writes a second to a connector that limits each partition, as DynamoDB
//! does, and the requests of a query.

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use dyntastic::prelude::*;
use dyntastic_benchmarks::models::{Visit, VisitIn4, VisitIn16};
use dyntastic_benchmarks::server::Server;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// The writes a second that a partition takes: a tenth of DynamoDB's, so that the client is not the limit.
const RATE: f64 = 100.0;
const TASKS: usize = 256;
const TIME: Duration = Duration::from_secs(4);

/// Partitions that refuse what is above their rate. A request takes 3 ms.
#[derive(Debug, Clone, Default)]
struct Partitions(Arc<State>);

#[derive(Debug, Default)]
struct State {
    buckets: Mutex<HashMap<String, (f64, Option<Instant>)>>,
    refused: AtomicU64,
    requests: AtomicU64,
}

impl Partitions {
    fn takes(&self, partition: &str) -> bool {
        let mut buckets = self.0.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let (tokens, filled) = buckets.entry(partition.to_owned()).or_default();
        let now = Instant::now();
        let since = filled.replace(now).map_or(0.1, |before| (now - before).as_secs_f64());
        *tokens = (*tokens + since * RATE).min(RATE / 10.0);
        let takes = *tokens >= 1.0;
        *tokens -= if takes { 1.0 } else { 0.0 };
        takes
    }
}

impl HttpClient for Partitions {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Partitions {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let body: Value = serde_json::from_slice(request.body().bytes().unwrap_or_default()).unwrap_or_default();
        self.0.requests.fetch_add(1, Ordering::Relaxed);
        let is_taken = body["Item"]["pk"]["S"].as_str().is_none_or(|partition| self.takes(partition));
        let (status, response) = match is_taken {
            true => (200, r#"{"Items":[],"Count":0,"ScannedCount":0}"#),
            false => {
                self.0.refused.fetch_add(1, Ordering::Relaxed);
                (400, r#"{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException","message":"hot"}"#)
            }
        };
        HttpConnectorFuture::new(async move {
            tokio::time::sleep(Duration::from_millis(3)).await;
            let status = StatusCode::try_from(status).expect("a status");
            Ok(HttpResponse::new(status, SdkBody::from(response)))
        })
    }
}

fn client(partitions: &Partitions) -> Client {
    let server = Server::new(String::new());
    Client::from_conf(server.config().http_client(partitions.clone()).build())
}

/// Writes visits of one day in many tasks.
macro_rules! writes {
    ($model:ident, $shards:literal) => {{
        let partitions = Partitions::default();
        let db = client(&partitions);
        let (next, done, began) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU64::new(0)), Instant::now());
        let mut tasks = JoinSet::new();
        for _ in 0..TASKS {
            let (db, next, done) = (db.clone(), next.clone(), done.clone());
            tasks.spawn(async move {
                while began.elapsed() < TIME {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let visit = $model { day: "monday".to_owned(), number, page: "/".to_owned() };
                    if visit.save(&db).await.is_ok() {
                        done.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
        tasks.join_all().await;
        let rate = done.load(Ordering::Relaxed) as f64 / began.elapsed().as_secs_f64();
        let state = &partitions.0;
        let (refused, sent) = (state.refused.load(Ordering::Relaxed), state.requests.swap(0, Ordering::Relaxed));
        $model::query(&db, "monday").all().await.expect("no items");
        let requests = state.requests.load(Ordering::Relaxed);
        println!("| {} | {rate:.0}/s | {:.0} % | {requests} |", $shards, 100.0 * refused as f64 / sent as f64);
    }};
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    println!("| shards | writes | refused of all requests | requests of a query |");
    println!("|---|---|---|---|");
    writes!(Visit, 1);
    writes!(VisitIn4, 4);
    writes!(VisitIn16, 16);
}
