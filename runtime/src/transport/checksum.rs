//! The checksum that DynamoDB sends with each response. A response with another checksum is requested again.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeDeserializationInterceptorContextRef, InterceptorContext,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

/// Compares the checksum of a response with its bytes, and has the SDK retry if they differ.
#[derive(Debug, Clone, Copy)]
pub(super) struct Checksum;

/// A response that was damaged in transit.
#[derive(Debug, thiserror::Error)]
#[error("the response has the checksum {found}, and DynamoDB sent {sent}")]
struct Damaged {
    sent: u32,
    found: u32,
}

#[dyn_dispatch_hint]
impl Intercept for Checksum {
    fn name(&self) -> &'static str {
        "x-amz-crc32"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        let sent = response.headers().get("x-amz-crc32").and_then(|sent| sent.parse().ok());
        if let (Some(sent), Some(body)) = (sent, response.body().bytes()) {
            let found = crc32fast::hash(body);
            if found != sent {
                return Err(Damaged { sent, found }.into());
            }
        }
        Ok(())
    }
}

impl ClassifyRetry for Checksum {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        match context.output_or_error() {
            Some(Err(error)) if error.is_interceptor_error() && is_damaged(error) => RetryAction::transient_error(),
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "x-amz-crc32"
    }
}

fn is_damaged(error: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(error), |error| error.source()).any(|cause| cause.is::<Damaged>())
}
