//! Clients that receive the fuzzer's bytes as responses, in this process.

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::timeout::TimeoutConfig;
use dyntastic::aws_sdk_dynamodb::Config;
use dyntastic::aws_sdk_dynamodb::config::retry::RetryConfig;
use dyntastic::aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region, StalledStreamProtectionConfig};
use dyntastic::bytes::Bytes;
use dyntastic::{Client, Codec};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::runtime::{Builder, Runtime};

/// One client of each codec. They are made once.
pub struct Clients {
    runtime: Runtime,
    server: Server,
    wire: Client,
    map: Client,
}

impl Clients {
    pub fn new() -> Self {
        let server = Server::default();
        let client = |codec| {
            let config = Config::builder()
                .behavior_version(BehaviorVersion::latest())
                .region(Region::new("eu-west-1"))
                .credentials_provider(Credentials::new("a", "b", None, None, "fuzz"))
                .retry_config(RetryConfig::disabled())
                .timeout_config(TimeoutConfig::disabled())
                .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
                .http_client(server.clone());
            Client::builder().codec(codec).auto_create(false).from_conf(config.build())
        };
        let (wire, map) = (client(Codec::Wire), client(Codec::Map));
        // The clock is paused, so that no timer ends.
        let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        Self { runtime, server, wire, map }
    }

    /// The results of both codecs for one response: first the wire's, then the attribute map's.
    pub fn both<T>(
        &self,
        body: &Bytes,
        read: impl AsyncFn(&Client) -> dyntastic::Result<T>,
    ) -> [dyntastic::Result<T>; 2] {
        [&self.wire, &self.map].map(|client| {
            self.server.respond_with(body.clone());
            self.runtime.block_on(read(client))
        })
    }
}

/// Responds once with a given body, then with empty ones, so that a query with further pages ends.
#[derive(Debug, Clone, Default)]
struct Server(Arc<Mutex<Option<Bytes>>>);

impl Server {
    fn respond_with(&self, body: Bytes) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(body);
    }
}

impl HttpClient for Server {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Server {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let body = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let body = body.unwrap_or(Bytes::from_static(b"{}"));
        let ok = StatusCode::try_from(200).unwrap();
        HttpConnectorFuture::ready(Ok(HttpResponse::new(ok, SdkBody::from(body))))
    }
}
