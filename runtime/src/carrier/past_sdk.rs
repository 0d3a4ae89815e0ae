//! The way of items past the SDK's attribute maps: an interceptor of every operation, which puts a serializer or a
//! deserializer before the SDK's where the operation that begins has one.
//!
//! The SDK has no place for something of one operation but interceptors of its own, and these cost a twentieth of a small
//! operation. So it waits beside the thread's stack while the operation's future is polled, until the interceptor takes it,
//! which is at the first thing that the SDK does.

use super::sdk_answer::Answer;
use super::sdk_request::Bodies;
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

/// What goes past the SDK in one operation.
#[derive(Debug)]
pub(crate) enum Carried {
    Request(Bodies),
    Answer(Answer),
}

impl From<Bodies> for Carried {
    fn from(bodies: Bodies) -> Self {
        Carried::Request(bodies)
    }
}

impl From<Answer> for Carried {
    fn from(answer: Answer) -> Self {
        Carried::Answer(answer)
    }
}

/// Sends a request of the SDK, with what goes past it.
macro_rules! send {
    ($request:expr, $carried:expr) => {{
        let mut carried = $carried.clone().map($crate::carrier::Carried::from);
        let mut sent = ::std::pin::pin!($request.send());
        ::std::future::poll_fn(|cx| $crate::carrier::poll_carrying(&mut carried, sent.as_mut(), cx)).await
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
pub(crate) struct PastSdk;

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
            Some(Carried::Request(bodies)) => drop(state.store_put(SharedRequestSerializer::new(bodies))),
            Some(Carried::Answer(answer)) => drop(state.store_put(SharedResponseDeserializer::new(answer))),
            None => {}
        }
        Ok(())
    }
}
