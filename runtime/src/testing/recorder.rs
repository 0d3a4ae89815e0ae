//! The layer that keeps what is sent.

use super::difference::difference;
use super::layer::Layer;
use super::protocol::{body, bytes, operation};
use super::sent::SentRequest;
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use serde_json::Value;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A layer that keeps each request, for assertions on what a client sends. It keeps no values of items, except
/// [`with_values`](Self::with_values). Clones share the requests.
///
/// See the [module](super) for an example.
#[derive(Debug, Clone, Default)]
pub struct Recorder {
    with_values: bool,
    requests: Arc<Mutex<Requests>>,
}

#[derive(Debug, Default)]
struct Requests {
    /// The number of requests that were taken.
    taken: usize,
    kept: Vec<SentRequest>,
}

impl Recorder {
    /// An empty recorder.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty recorder whose requests show keys, items and the values in expressions.
    pub fn with_values() -> Self {
        Self { with_values: true, ..Self::default() }
    }

    /// The requests since the last [`take`](Self::take) or [`assert`](Self::assert), the first one first. A request that is
    /// sent again is there again.
    pub fn sent(&self) -> Vec<SentRequest> {
        self.requests().kept.clone()
    }

    /// Returns the requests and forgets them.
    pub fn take(&self) -> Vec<SentRequest> {
        let mut requests = self.requests();
        requests.taken += requests.kept.len();
        std::mem::take(&mut requests.kept)
    }

    /// The capacity that the requests have consumed, as far as their responses say; see
    /// [`capacity_units`](SentRequest::capacity_units).
    pub fn capacity_units(&self) -> f64 {
        self.requests().kept.iter().filter_map(SentRequest::capacity_units).sum()
    }

    /// Asserts which requests were sent since the last assertion, and forgets them. The text has a line for each, in their
    /// order; spaces around a line do not count, and empty lines are nothing.
    ///
    /// # Panics
    ///
    /// If others were sent. The message shows the difference.
    #[track_caller]
    pub fn assert(&self, expected: &str) {
        if let Err(difference) = self.compare(expected) {
            #[expect(clippy::panic, reason = "an assertion of a test")]
            {
                panic!("other requests were sent (`-` is expected, `+` was sent):\n{difference}");
            }
        }
    }

    /// The same as [`assert`](Self::assert), as a value.
    ///
    /// # Errors
    ///
    /// The difference, if other requests were sent.
    pub fn compare(&self, expected: &str) -> Result<(), String> {
        let sent = self.take();
        let sent: Vec<&str> = sent.iter().map(|request| request.text.as_str()).collect();
        let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        if sent == expected { Ok(()) } else { Err(difference(&expected, &sent)) }
    }

    fn requests(&self) -> MutexGuard<'_, Requests> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn perform(self, request: HttpRequest, next: SharedHttpConnector) -> Result<HttpResponse, ConnectorError> {
        let sent = SentRequest::new(operation(&request), &body(&request), self.with_values);
        let number = {
            let mut requests = self.requests();
            requests.kept.push(sent);
            requests.taken + requests.kept.len() - 1
        };
        let mut response = next.call(request).await;
        let is_success = response.as_ref().is_ok_and(|response| response.status().is_success());
        let arrived = match &mut response {
            Ok(response) => bytes(response).await.ok(),
            Err(_) => None,
        };
        let arrived: Option<Value> = arrived.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let mut requests = self.requests();
        // It may have been taken before its response arrived.
        let at = number.checked_sub(requests.taken);
        if let Some(sent) = at.and_then(|at| requests.kept.get_mut(at)) {
            sent.units = arrived.as_ref().and_then(|body| units(body.get("ConsumedCapacity")?));
            sent.error = (!is_success).then(|| arrived.as_ref().map_or("no response".to_owned(), code));
        }
        drop(requests);
        response
    }
}

/// The sum of the consumed units in a response.
fn units(consumed: &Value) -> Option<f64> {
    match consumed {
        Value::Array(tables) => tables.iter().map(units).sum(),
        table => table.get("CapacityUnits")?.as_f64(),
    }
}

/// The code of an error.
fn code(body: &Value) -> String {
    let code = body.get("__type").and_then(Value::as_str).unwrap_or_default();
    code.rsplit('#').next().unwrap_or_default().to_owned()
}

impl Layer for Recorder {
    fn send(&self, request: HttpRequest, next: SharedHttpConnector) -> HttpConnectorFuture {
        HttpConnectorFuture::new(self.clone().perform(request, next))
    }
}
