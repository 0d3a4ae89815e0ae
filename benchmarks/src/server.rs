//! A replacement for DynamoDB: it responds to each operation with bytes that were made in advance, at no cost.

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
    response: Response,
    /// The response to one operation, which differs from the others.
    of_operation: Option<(&'static str, Response)>,
    is_copied: bool,
}

#[derive(Debug, Clone)]
struct Response {
    body: Arc<Bytes>,
    checksum: Arc<String>,
}

impl Response {
    fn new(body: String) -> Self {
        let body = Bytes::from(body);
        let checksum = Arc::new(crc32fast::hash(&body).to_string());
        Self { body: Arc::new(body), checksum }
    }
}

impl Server {
    /// A server with one response to all requests.
    pub fn new(response: String) -> Self {
        Self { response: Response::new(response), of_operation: None, is_copied: false }
    }

    /// The same server, with another response to one operation.
    pub fn with(self, operation: &'static str, response: String) -> Self {
        Self { of_operation: Some((operation, Response::new(response))), ..self }
    }

    /// The same server, with memory of its own for each response, as one from the network has.
    pub fn copied(self) -> Self {
        Self { is_copied: true, ..self }
    }

    pub fn response(&self) -> &[u8] {
        &self.response.body
    }

    /// The settings of a process for clients of the server, loaded as services load them.
    pub async fn environment(&self) -> aws_config::SdkConfig {
        let loader = aws_config::defaults(BehaviorVersion::latest()).region(Region::new("eu-west-1"));
        let loader = loader.credentials_provider(Credentials::new("a", "b", None, None, "benchmark"));
        loader.http_client(self.clone()).load().await
    }

    /// Settings for a client of the server. All other settings are the SDK's defaults.
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
        let is_of = |operation: &str| {
            let target = request.headers().get("x-amz-target");
            target.is_some_and(|target| target.ends_with(operation))
        };
        let of_operation = self.of_operation.as_ref().filter(|(operation, _)| is_of(operation));
        let of = of_operation.map_or(&self.response, |(_, response)| response);
        let body = match self.is_copied {
            true => Bytes::copy_from_slice(&of.body),
            false => Bytes::clone(&of.body),
        };
        let mut response = HttpResponse::new(StatusCode::try_from(200).expect("a status"), SdkBody::from(body));
        response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
        response.headers_mut().insert("x-amz-crc32", String::clone(&of.checksum));
        HttpConnectorFuture::ready(Ok(response))
    }
}
