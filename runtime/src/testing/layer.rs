//! What is between a client and DynamoDB.

use aws_sdk_dynamodb as sdk;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use std::fmt::Debug;

/// What is between a client and DynamoDB: a [`Recorder`](super::Recorder) or [`Faults`](super::Faults), or a pair of
/// them, of which the first is nearer to the client.
///
/// A layer of an embedded DynamoDB goes to [`Local::client_through`](crate::local::Local::client_through). Another
/// client gets it by its configuration:
///
/// ```no_run
/// use dyntastic::Client;
/// use dyntastic::testing::{Faults, Layer};
///
/// # fn example(config: dyntastic::aws_sdk_dynamodb::Config) {
/// let faults = Faults::new(7);
/// let db = Client::from_conf(faults.around(config));
/// # }
/// ```
pub trait Layer: Debug + Clone + Send + Sync + 'static {
    /// Sends a request on, or responds to it.
    #[doc(hidden)]
    fn send(&self, request: HttpRequest, next: SharedHttpConnector) -> HttpConnectorFuture;

    /// The configuration with the layer around its HTTP client.
    fn around(&self, config: sdk::Config) -> sdk::Config {
        let tls = || Builder::new().tls_provider(Provider::Rustls(CryptoMode::AwsLc)).build_https();
        let client = config.http_client().unwrap_or_else(tls);
        config.to_builder().http_client(self.around_client(client)).build()
    }

    #[doc(hidden)]
    fn around_client(&self, client: SharedHttpClient) -> SharedHttpClient {
        SharedHttpClient::new(Around { layer: self.clone(), client })
    }
}

/// The first layer is nearer to the client.
impl<First: Layer, Second: Layer> Layer for (First, Second) {
    fn send(&self, request: HttpRequest, next: SharedHttpConnector) -> HttpConnectorFuture {
        let (first, second) = self;
        first.send(request, SharedHttpConnector::new(Connector { layer: second.clone(), next }))
    }
}

#[derive(Debug)]
struct Around<L> {
    layer: L,
    client: SharedHttpClient,
}

impl<L: Layer> HttpClient for Around<L> {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let next = self.client.http_connector(settings, components);
        SharedHttpConnector::new(Connector { layer: self.layer.clone(), next })
    }
}

#[derive(Debug)]
struct Connector<L> {
    layer: L,
    next: SharedHttpConnector,
}

impl<L: Layer> HttpConnector for Connector<L> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        self.layer.send(request, self.next.clone())
    }
}
