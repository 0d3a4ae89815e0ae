//! The network between the SDK and the store. It delays requests and responses, and injects the faults.

use crate::capacity::with_capacity;
use crate::faults::{Fault, Faults};
use crate::keys::with_keys;
use crate::models::Member;
use crate::random::Pick;
use crate::store::failure::{Answer, Failure};
use crate::store::search::MOST_LAG;
use crate::store::{Call, canceled};
use crate::world::{Late, State, World};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::{Response, StatusCode};
use aws_smithy_types::body::SdkBody;
use dyntastic::aws_sdk_dynamodb::Config;
use dyntastic::aws_sdk_dynamodb::config::retry::{RetryPartition, TokenBucket};
use dyntastic::aws_sdk_dynamodb::config::{
    BehaviorVersion, Credentials, Region, SharedHttpClient, StalledStreamProtectionConfig,
};
use dyntastic::{Client, ClientBuilder, RateLimit, TableItem};
use std::time::Duration;

/// The transient reasons of canceled transactions.
const PASSING: [&str; 3] = ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"];

/// The connector of a run.
#[derive(Debug, Clone)]
pub struct Network(pub World);

impl Network {
    /// A client of the run. It retries as the SDK does, with a quota that it shares with no other run.
    pub fn client(&self) -> Client {
        self.client_of(Client::builder())
    }

    /// The same, with a limit for one of the tables.
    pub fn limited(&self, limit: &RateLimit) -> Client {
        self.client_of(Client::builder().rate_limit(Member::TABLE, limit))
    }

    fn client_of(&self, builder: ClientBuilder) -> Client {
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("a", "b", None, None, "simulation"))
            .retry_partition(RetryPartition::custom("simulation").token_bucket(TokenBucket::new(500)).build())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .http_client(SharedHttpClient::new(self.clone()));
        with_keys(builder).from_conf(config.build())
    }
}

impl HttpClient for Network {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Network {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
        let body = request.body().bytes().unwrap_or_default().to_vec();
        let world = self.0.clone();
        let number = world.state().begin(&operation);
        HttpConnectorFuture::new(async move {
            let delay = world.state().delay(number, 3);
            let mut sent = Sent { world: &world, number, body: Some(body) };
            pause(delay).await;
            let Some(body) = sent.body.take() else { return Err(broken()) };
            let answer = world.state().arrive(number, body);
            let delay = world.state().delay(number, 4);
            pause(delay).await;
            answer
        })
    }
}

async fn pause(milliseconds: u64) {
    if milliseconds > 0 {
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    }
}

/// A request that is sent. It may still arrive after its caller has given up.
struct Sent<'w> {
    world: &'w World,
    number: usize,
    body: Option<Vec<u8>>,
}

impl Drop for Sent<'_> {
    fn drop(&mut self) {
        let Some(body) = self.body.take() else { return };
        let mut state = self.world.state();
        let mut random = state.random(self.number, 5);
        if random.chance(500) {
            state.late(self.number, body);
        }
    }
}

fn broken() -> ConnectorError {
    ConnectorError::io("the connection broke".into())
}

impl State {
    fn random(&self, number: usize, choice: u64) -> crate::random::Random {
        let (by, ordinal) = self.requests.get(number).map_or((None, 0), |request| (request.by, request.ordinal));
        self.faults.random(by, ordinal, choice)
    }

    /// The delay of a request. Requests outside of operations have none.
    fn delay(&self, number: usize, choice: u64) -> u64 {
        if self.requests.get(number).is_none_or(|request| request.by.is_none()) {
            return 0;
        }
        Faults::delay(&mut self.random(number, choice))
    }

    fn late(&mut self, number: usize, body: Vec<u8>) {
        let due = self.now() + 1 + self.random(number, 6).below(1500);
        self.late.push(Late { due, request: number as u64, body });
    }

    /// Performs a request that arrives, with its fault.
    fn arrive(&mut self, number: usize, body: Vec<u8>) -> Result<Response<SdkBody>, ConnectorError> {
        self.arrive_late(self.now());
        let fault = self.requests[number].fault;
        let operation = self.requests[number].operation.clone();
        if let Some(token) = token(&operation, &body)
            && self.late.iter().any(|late| token_of(&late.body).as_deref() == Some(token.as_str()))
        {
            let why = "The transaction with the given request token is already in progress.";
            return self.answer(number, Err(Failure::new("TransactionInProgressException", why)));
        }
        let fails = |code| Err(Failure::new(code, "a fault"));
        match fault {
            None | Some(Fault::Leave | Fault::CutPage) => {
                let answer = self.perform(number, &body);
                self.answer(number, answer)
            }
            Some(Fault::LoseRequest) => self.lose(number),
            Some(Fault::Late) => {
                self.late(number, body);
                self.lose(number)
            }
            Some(Fault::Throttle) => self.answer(number, fails("ThrottlingException")),
            Some(Fault::FailBefore) => self.answer(number, fails("InternalServerError")),
            Some(Fault::Conflict) => self.answer(number, fails("TransactionConflictException")),
            // A repeated token gets the response of its applied transaction, even if another transaction is active now.
            Some(Fault::Cancel) if token(&operation, &body).is_some_and(|token| self.store.has_done(&token)) => {
                let answer = self.perform(number, &body);
                self.answer(number, answer)
            }
            Some(Fault::Cancel) => {
                let position = self.random(number, 7).next();
                let code = *self.random(number, 10).pick(&PASSING);
                let answer = canceled(&body, code, position).and_then(Err);
                self.answer(number, answer)
            }
            Some(fault) => {
                let done = self.perform(number, &body);
                match (fault, done) {
                    (Fault::LoseResponse, _) => self.lose(number),
                    (Fault::FailAfter, _) => self.answer(number, fails("InternalServerError")),
                    (Fault::Html, _) => Ok(response(200, b"<html><body>A proxy is here.</body></html>".to_vec())),
                    (_, Ok(mut bytes)) => {
                        bytes.truncate(bytes.len() / 2);
                        Ok(response(200, bytes))
                    }
                    (_, Err(failure)) => self.answer(number, Err(failure)),
                }
            }
        }
    }

    /// Performs the late requests that are due until a time.
    pub fn arrive_late(&mut self, until: u64) {
        while let Some(next) = (0..self.late.len()).min_by_key(|index| (self.late[*index].due, *index))
            && self.late[next].due <= until
        {
            let Late { request, body, .. } = self.late.remove(next);
            let number = usize::try_from(request).unwrap_or_default();
            let _ = self.perform(number, &body);
        }
    }

    fn perform(&mut self, number: usize, body: &[u8]) -> Answer<Vec<u8>> {
        let (by, operation, fault) = {
            let request = &self.requests[number];
            (request.by, request.operation.clone(), request.fault)
        };
        let mut random = self.random(number, 8);
        let table_delay = *random.pick(&[0, 10, 100, 1000]);
        let lag = self.random(number, 9).below(1 + MOST_LAG as u64);
        let lag = usize::try_from(lag).unwrap_or_default();
        let mut call = Call { by, request: number as u64, now: self.now(), table_delay, lag, ..Call::default() };
        match fault {
            Some(Fault::Leave) => call.leave = Some(random),
            Some(Fault::CutPage) => call.most = usize::try_from(1 + random.below(3)).ok(),
            _ => {}
        }
        let answer = self.store.call(&operation, body, &mut call)?;
        Ok(with_capacity(&operation, body, answer))
    }

    fn lose(&mut self, number: usize) -> Result<Response<SdkBody>, ConnectorError> {
        self.requests[number].answer = "lost".to_owned();
        Err(broken())
    }

    fn answer(&mut self, number: usize, answer: Answer<Vec<u8>>) -> Result<Response<SdkBody>, ConnectorError> {
        let (status, body, word) = match answer {
            Ok(body) => (200, body, "done".to_owned()),
            Err(failure) => {
                let (status, body) = failure.answer();
                let reasons: Vec<&str> = failure.reason_codes().iter().map(|code| code.unwrap_or("None")).collect();
                let word = if reasons.is_empty() { failure.code.to_owned() } else { reasons.join(", ") };
                (status, body.to_string().into_bytes(), word)
            }
        };
        self.requests[number].answer = word;
        Ok(response(status, body))
    }
}

fn response(status: u16, body: Vec<u8>) -> Response<SdkBody> {
    let status = StatusCode::try_from(status).expect("the status is a status of HTTP");
    let mut response = Response::new(status, SdkBody::from(body));
    response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
    response
}

fn token(operation: &str, body: &[u8]) -> Option<String> {
    if operation == "TransactWriteItems" { token_of(body) } else { None }
}

/// The token in the body of a transaction.
fn token_of(body: &[u8]) -> Option<String> {
    const NAME: &str = "\"ClientRequestToken\":\"";
    let text = std::str::from_utf8(body).ok()?;
    let (_, rest) = text.split_once(NAME)?;
    rest.split_once('"').map(|(token, _)| token.to_owned())
}
