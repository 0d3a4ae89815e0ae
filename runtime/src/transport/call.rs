//! One request of DynamoDB's API: it carries its payload past the SDK, and tells those who watch it how it ended.

use super::attempts::{AttemptLog, Fate};
use super::limits::{Admission, Limits, Used};
use super::payload::{Payload, SerdeOverride, poll_with_payload};
use super::request::{Reach, Watchable};
use super::response::Response;
use super::span;
use super::target::Target;
use crate::observe::{Capacity, Meter, ObservedRequest, SharedObserver, meters};
use crate::rate_limit::Permit;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::RequestId;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use std::cell::OnceCell;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Instant;
use tracing::Span;

/// A request that was sent, until its response arrives.
pub(crate) struct Call {
    payload: Option<Payload>,
    watch: Option<Box<Watch>>,
}

/// Those who watch a request, and what they are told.
struct Watch {
    operation: &'static str,
    model: &'static str,
    reach: Reach,
    /// The permits of the limits, until they are there.
    admission: Option<Admission>,
    permits: Vec<Permit>,
    limits: Arc<Limits>,
    begun: Instant,
    attempts: AttemptLog,
    span: Span,
    meters: Vec<Meter>,
    observer: Option<SharedObserver>,
}

/// Counts the items that went past the SDK.
pub(crate) trait PastSdkItems {
    /// `None` if the SDK has them.
    fn count(&self) -> Option<usize>;
}

impl Call {
    /// Prepares a request to be sent. It asks for the consumed capacity if somebody watches.
    pub(crate) fn begin<R: Watchable>(
        target: &Target,
        request: R,
        codec: Option<SerdeOverride>,
        fate: Option<Fate>,
    ) -> (Self, R) {
        let watch = Watch::begin(target, &request);
        let request = if watch.is_some() { request.returning_capacity() } else { request };
        let payload = request.carry(codec, fate, watch.as_ref().map(|watch| watch.attempts.clone()));
        (Self { payload, watch }, request)
    }

    /// Polls the request that was sent.
    pub(crate) fn poll<T, E>(
        &mut self,
        sent: Pin<&mut impl Future<Output = Result<T, SdkError<E, HttpResponse>>>>,
        cx: &mut Context<'_>,
        past_sdk: &impl PastSdkItems,
    ) -> Poll<Result<T, SdkError<E, HttpResponse>>>
    where
        T: Response,
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let Some(watch) = &mut self.watch else { return poll_with_payload(&mut self.payload, sent, cx) };
        if let Some(admission) = &mut watch.admission {
            watch.permits = ready!(admission.as_mut().poll(cx));
            watch.admission = None;
            watch.begun = Instant::now();
        }
        let polled = watch.span.in_scope(|| poll_with_payload(&mut self.payload, sent, cx));
        if let (Poll::Ready(result), Some(watch)) = (&polled, self.watch.take_if(|_| polled.is_ready())) {
            watch.span.clone().in_scope(|| watch.end(result, past_sdk));
        }
        polled
    }
}

impl Watch {
    /// `None` if nobody watches.
    fn begin<R: Watchable>(target: &Target, request: &R) -> Option<Box<Self>> {
        let reach = OnceCell::new();
        let span = target.span_of(R::OPERATION, || reach.get_or_init(|| request.reach()));
        let meters = meters();
        let limits = Limits::of(target, R::Response::ACCESS, || reach.get_or_init(|| request.reach()));
        if span.is_disabled() && meters.is_empty() && target.observer.is_none() && limits.is_empty() {
            return None;
        }
        let limits = Arc::new(limits);
        Some(Box::new(Self {
            operation: R::OPERATION,
            model: target.model,
            reach: reach.into_inner().unwrap_or_else(|| request.reach()),
            admission: limits.admission(R::OPERATION),
            permits: limits.at_once(R::OPERATION),
            begun: Instant::now(),
            attempts: AttemptLog::new(Arc::clone(&limits)),
            limits,
            span,
            meters,
            observer: target.observer.clone(),
        }))
    }

    fn end<T, E>(mut self, result: &Result<T, SdkError<E, HttpResponse>>, past_sdk: &impl PastSdkItems)
    where
        T: Response,
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let response = result.as_ref().ok();
        let capacity = response.map_or_else(Capacity::default, |response| response.capacity(&self.reach));
        self.meters.iter().for_each(|meter| meter.add(&capacity));
        let returned = response.and_then(|response| {
            let in_sdk = response.returned()?;
            Some(u64::try_from(past_sdk.count().unwrap_or(in_sdk)).unwrap_or(u64::MAX))
        });
        let counts = response.and_then(Response::counts);
        let number = |of: i32| u64::try_from(of).unwrap_or_default();
        let attempts = self.attempts.so_far();
        let request = ObservedRequest {
            operation: self.operation,
            model: self.model,
            tables: &self.reach.tables,
            index: self.reach.index.as_deref(),
            batch_size: self.reach.batch_size,
            duration: self.begun.elapsed(),
            attempts: attempts.count,
            capacity: &capacity,
            returned: counts.map(|(found, _)| number(found)).or(returned),
            scanned: counts.map(|(_, scanned)| number(scanned)),
            error: result.as_ref().err().map(kind),
            throttling: &attempts.throttling,
        };
        if !self.span.is_disabled() {
            let consumed = response.map_or(&[][..], Response::consumed);
            let (id, code) = match result {
                Ok(response) => (response.request_id(), None),
                Err(error) => (error.request_id(), error.code()),
            };
            span::record(&self.span, &request, consumed, id, code);
        }
        if let Some(SharedObserver(observer)) = &self.observer {
            observer.observe(&request);
        }
        let throttled = response.map(Response::throttled).unwrap_or_default();
        if let Some(sent_at) = attempts.sent_at.filter(|_| !throttled.is_empty()) {
            self.limits.slow_down(sent_at, &throttled);
        }
        let used = match response {
            Some(_) if !capacity.is_empty() => Used::Units(&capacity),
            None if attempts.consumed_nothing() => Used::Nothing,
            _ => Used::Unknown,
        };
        self.limits.settle(mem::take(&mut self.permits), used);
    }
}

/// A request that is dropped before its end counts too.
impl Drop for Watch {
    fn drop(&mut self) {
        let permits = mem::take(&mut self.permits);
        if !permits.is_empty() {
            let used = if self.attempts.so_far().consumed_nothing() { Used::Nothing } else { Used::Unknown };
            self.limits.settle(permits, used);
        }
    }
}

/// The kind of an error: its code, or what failed.
fn kind<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> &str {
    match error {
        SdkError::ConstructionFailure(_) => "request",
        SdkError::TimeoutError(_) => "timeout",
        SdkError::DispatchFailure(failure) if failure.is_timeout() => "timeout",
        SdkError::DispatchFailure(_) => "connection",
        error => error.code().unwrap_or("response"),
    }
}

/// Sends a request of the SDK to a target, with its payload.
macro_rules! send {
    ($target:expr, $request:expr, $payload:expr) => {
        $crate::transport::send!($target, $request, $payload, None)
    };
    ($target:expr, $request:expr, $payload:expr, $fate:expr) => {{
        let mut call;
        let payload = $payload;
        // The request is dropped before the future waits, so that it takes no space in the future.
        let mut sent = ::std::pin::pin!({
            let codec = payload.clone().map($crate::transport::SerdeOverride::from);
            let request;
            (call, request) = $crate::transport::Call::begin($target, $request, codec, $fate);
            request.send()
        });
        ::std::future::poll_fn(|cx| call.poll(sent.as_mut(), cx, payload)).await
    }};
}
pub(crate) use send;

/// Sends a write to a target. Its error says whether the write may have been applied.
macro_rules! send_write {
    ($target:expr, $request:expr, $payload:expr) => {{
        let fate = $crate::transport::Fate::default();
        let sent = $crate::transport::send!($target, $request, $payload, Some(fate.clone()));
        sent.map_err(|error| $crate::transport::WriteError::new(error, &fate))
    }};
}
pub(crate) use send_write;
