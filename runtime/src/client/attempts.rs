//! Whether an earlier attempt of a request may have been applied: its answer was lost, damaged, or an error of DynamoDB's
//! own. The next attempt of a conditional write then meets what the first one wrote.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeDeserializationInterceptorContextMut, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};

/// Marks the responses to requests that an earlier attempt may have applied.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attempts;

/// An earlier attempt may have been applied.
#[derive(Debug, Clone, Copy)]
struct MayBeApplied;

impl Storable for MayBeApplied {
    type Storer = StoreReplace<Self>;
}

/// Whether an earlier attempt of the request that has this response may have been applied.
pub(crate) fn may_be_applied(response: &HttpResponse) -> bool {
    response.extension::<MayBeApplied>().is_some()
}

#[dyn_dispatch_hint]
impl Intercept for Attempts {
    fn name(&self) -> &'static str {
        "dyntastic-attempts"
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let is_refused = context.response().is_some_and(|response| response.status().is_client_error());
        if !is_refused {
            cfg.interceptor_state().store_put(MayBeApplied);
        }
        Ok(())
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if cfg.load::<MayBeApplied>().is_some() {
            context.response_mut().add_extension(MayBeApplied);
        }
        Ok(())
    }
}
