//! The mark of configurations for an embedded DynamoDB, which has the tables of all hosts.

use aws_sdk_dynamodb as sdk;
use aws_smithy_runtime_api::client::interceptors::Intercept;
#[cfg(feature = "local")]
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;

const NAME: &str = "dyntastic-embedded";

/// Marks a configuration. It goes wherever the configuration goes, also through builders and layers, so that each client of
/// an embedded DynamoDB knows that it is one.
#[cfg(feature = "local")]
#[derive(Debug)]
pub(crate) struct Embedded;

#[cfg(feature = "local")]
#[dyn_dispatch_hint]
impl Intercept for Embedded {
    fn name(&self) -> &'static str {
        NAME
    }
}

/// Whether a configuration is for an embedded DynamoDB.
pub(super) fn is_embedded(config: &sdk::Config) -> bool {
    config.interceptors().any(|interceptor| interceptor.name() == NAME)
}
