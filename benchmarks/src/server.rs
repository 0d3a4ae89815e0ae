//! A DynamoDB of the benchmark's own: it answers each operation with bytes that were made before, at no cost.

use aws_sdk_dynamodb::config::{self, BehaviorVersion, Credentials, Region};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use std::sync::Arc;

#[derive(Debug, Clone)]
pub struct Server {
    answer: Arc<Bytes>,
    checksum: Arc<String>,
}

impl Server {
    /// A server that has one answer.
    pub fn new(answer: &serde_json::Value) -> Self {
        let answer = Bytes::from(answer.to_string());
        let checksum = Arc::new(crc32fast::hash(&answer).to_string());
        Self { answer: Arc::new(answer), checksum }
    }

    pub fn answer(&self) -> &[u8] {
        &self.answer
    }

    /// Settings for a client of the server, the SDK's own in all else.
    pub fn config(&self) -> config::Builder {
        aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-west-1"))
            .credentials_provider(Credentials::new("a", "b", None, None, "benchmark"))
            .http_client(self.clone())
    }
}

impl HttpClient for Server {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Server {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        std::hint::black_box(request.body().bytes());
        let mut response =
            HttpResponse::new(StatusCode::try_from(200).expect("a status"), SdkBody::from(Bytes::clone(&self.answer)));
        response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
        response.headers_mut().insert("x-amz-crc32", String::clone(&self.checksum));
        HttpConnectorFuture::ready(Ok(response))
    }
}
