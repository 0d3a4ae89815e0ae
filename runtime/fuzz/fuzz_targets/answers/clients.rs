//! Clients that are answered with the fuzzer's bytes, in this process.

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
use dyntastic::{Codec, Client};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::runtime::{Builder, Runtime};

/// A client of each codec, made once.
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
        // The clock stands still, so that no timer ever ends.
        let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        Self { runtime, server, wire, map }
    }

    /// What each codec makes of an answer: from the wire, and from the map.
    pub fn both<T>(
        &self,
        answer: &Bytes,
        read: impl AsyncFn(&Client) -> dyntastic::Result<T>,
    ) -> [dyntastic::Result<T>; 2] {
        [&self.wire, &self.map].map(|client| {
            self.server.will_answer(answer.clone());
            self.runtime.block_on(read(client))
        })
    }
}

/// Gives one answer, and empty ones after it: a query that goes on comes to an end.
#[derive(Debug, Clone, Default)]
struct Server(Arc<Mutex<Option<Bytes>>>);

impl Server {
    fn will_answer(&self, answer: Bytes) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
    }
}

impl HttpClient for Server {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Server {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let answer = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let answer = answer.unwrap_or(Bytes::from_static(b"{}"));
        let ok = StatusCode::try_from(200).unwrap();
        HttpConnectorFuture::ready(Ok(HttpResponse::new(ok, SdkBody::from(answer))))
    }
}
