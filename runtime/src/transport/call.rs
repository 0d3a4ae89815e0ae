//! One call of DynamoDB's API: it carries its payload past the SDK, and tells those who watch it what it did.

use super::attempts::Fate;
use super::payload::{Payload, SerdeOverride, poll_with_payload};
use super::request::{Reach, Watchable};
use super::response::Response;
use crate::observe::{Meter, meters};
use std::pin::Pin;
use std::task::{Context, Poll};

/// A request that was sent, until its response arrives.
pub(crate) struct Call {
    payload: Option<Payload>,
    watch: Option<Box<Watch>>,
}

/// Those who watch a call, and what it reaches.
struct Watch {
    reach: Reach,
    meters: Vec<Meter>,
}

impl Call {
    /// Prepares a request to be sent. It asks for the consumed capacity if somebody watches.
    pub(crate) fn begin<R: Watchable>(request: R, codec: Option<SerdeOverride>, fate: Option<Fate>) -> (Self, R) {
        let watch = Watch::begin(&request);
        let request = if watch.is_some() { request.returning_capacity() } else { request };
        let payload = request.carry(codec, fate);
        (Self { payload, watch }, request)
    }

    /// Polls the request that was sent.
    pub(crate) fn poll<T: Response, E>(
        &mut self,
        sent: Pin<&mut impl Future<Output = Result<T, E>>>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<T, E>> {
        let polled = poll_with_payload(&mut self.payload, sent, cx);
        if let Poll::Ready(result) = &polled
            && let Some(watch) = self.watch.take()
        {
            watch.end(result);
        }
        polled
    }
}

impl Watch {
    /// `None` if nobody watches.
    fn begin<R: Watchable>(request: &R) -> Option<Box<Self>> {
        let meters = meters();
        (!meters.is_empty()).then(|| Box::new(Self { reach: request.reach(), meters }))
    }

    fn end<T: Response, E>(self, result: &Result<T, E>) {
        if let Ok(response) = result {
            let capacity = response.capacity(&self.reach);
            self.meters.iter().for_each(|meter| meter.add(&capacity));
        }
    }
}

/// Sends a request of the SDK with its payload.
macro_rules! send {
    ($request:expr, $payload:expr) => {
        $crate::transport::send!($request, $payload, None)
    };
    ($request:expr, $payload:expr, $fate:expr) => {{
        let mut call;
        // The request is dropped before the future waits, so that it takes no space in the future.
        let mut sent = ::std::pin::pin!({
            let codec = $payload.clone().map($crate::transport::SerdeOverride::from);
            let request;
            (call, request) = $crate::transport::Call::begin($request, codec, $fate);
            request.send()
        });
        ::std::future::poll_fn(|cx| call.poll(sent.as_mut(), cx)).await
    }};
}
pub(crate) use send;

/// Sends a write. Its error says whether the write may have been applied.
macro_rules! send_write {
    ($request:expr, $payload:expr) => {{
        let fate = $crate::transport::Fate::default();
        let sent = $crate::transport::send!($request, $payload, Some(fate.clone()));
        sent.map_err(|error| $crate::transport::WriteError::new(error, &fate))
    }};
}
pub(crate) use send_write;
