//! A serializer or deserializer of one operation, before the SDK's.
//!
//! The SDK takes such a thing from interceptors alone, and an interceptor of one operation costs a twentieth of a small one.
//! So every operation has the same interceptor, and what one of them carries waits in the thread while its future is polled:
//! the interceptor takes it, which is the first that the SDK does.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeSerializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::ser_de::{SharedRequestSerializer, SharedResponseDeserializer};
use aws_smithy_types::config_bag::ConfigBag;
use std::cell::Cell;
use std::pin::Pin;
use std::task::{Context, Poll};

thread_local! {
    static WAITING: Cell<Option<Carried>> = const { Cell::new(None) };
}

/// What one operation carries past the SDK.
#[derive(Debug)]
pub(crate) enum Carried {
    Request(SharedRequestSerializer),
    Answer(SharedResponseDeserializer),
}

/// Sends a request of the SDK, with what it carries past it.
macro_rules! send {
    ($request:expr, $carried:expr) => {{
        let mut carried = $carried.clone().map($crate::client::Carried::from);
        let mut sent = ::std::pin::pin!($request.send());
        ::std::future::poll_fn(|cx| $crate::client::poll_carrying(&mut carried, sent.as_mut(), cx)).await
    }};
}
pub(crate) use send;

/// Polls an operation; what it carries is its interceptor's to take.
pub(crate) fn poll_carrying<F: Future>(
    carried: &mut Option<Carried>,
    operation: Pin<&mut F>,
    cx: &mut Context<'_>,
) -> Poll<F::Output> {
    if carried.is_none() {
        return operation.poll(cx);
    }
    let _waiting = Waiting::begin(carried);
    operation.poll(cx)
}

/// While what is carried waits; in the end, what nobody has taken goes back.
struct Waiting<'c> {
    carried: &'c mut Option<Carried>,
    before: Option<Carried>,
}

impl<'c> Waiting<'c> {
    fn begin(carried: &'c mut Option<Carried>) -> Self {
        let before = WAITING.replace(carried.take());
        Self { carried, before }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        *self.carried = WAITING.replace(self.before.take());
    }
}

/// Has the operation that begins carry what waits for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct PastSdk;

#[dyn_dispatch_hint]
impl Intercept for PastSdk {
    fn name(&self) -> &'static str {
        "dyntastic"
    }

    fn read_before_execution(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let state = cfg.interceptor_state();
        match WAITING.take() {
            Some(Carried::Request(serializer)) => drop(state.store_put(serializer)),
            Some(Carried::Answer(deserializer)) => drop(state.store_put(deserializer)),
            None => {}
        }
        Ok(())
    }
}
