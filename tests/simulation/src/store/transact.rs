//! TransactWriteItems and TransactGetItems.

use super::failure::{Answer, Failure, Reason};
use super::key::Key;
use super::read::{GetRequest, SharedItem};
use super::write::{Change, Kind, WriteRequest};
use super::{Call, Store, body, parse};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The lifetime of a token in milliseconds ("TransactWriteItems").
const TOKEN_LIFETIME: u64 = 10 * 60 * 1000;

/// An applied transaction that has a token.
#[derive(Debug)]
pub(super) struct Done {
    actions: Vec<Action>,
    at: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TransactWrite {
    transact_items: Vec<Action>,
    client_request_token: Option<String>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) enum Action {
    Put(WriteRequest),
    Update(WriteRequest),
    Delete(WriteRequest),
    ConditionCheck(WriteRequest),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TransactGet {
    transact_items: Vec<Get>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Get {
    get: GetRequest,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TransactRead {
    responses: Vec<Response>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response {
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<SharedItem>,
}

impl Action {
    fn parts(&self) -> (&WriteRequest, Kind) {
        match self {
            Action::Put(request) => (request, Kind::Put),
            Action::Update(request) => (request, Kind::Update),
            Action::Delete(request) => (request, Kind::Delete),
            Action::ConditionCheck(request) => (request, Kind::Check),
        }
    }
}

fn number(actions: usize) -> Answer<()> {
    let fits = (1..=100).contains(&actions);
    if fits { Ok(()) } else { Err(Failure::invalid("Member must have length between 1 and 100")) }
}

fn twice() -> Failure {
    Failure::invalid("Transaction request cannot include multiple operations on one item")
}

impl Store {
    /// Whether the transaction of a token was applied.
    pub fn has_done(&self, token: &str) -> bool {
        self.tokens.contains_key(token)
    }

    pub(super) fn transact_write(&mut self, request: &[u8], call: &Call) -> Answer<Vec<u8>> {
        let TransactWrite { transact_items, client_request_token } = parse(request)?;
        number(transact_items.len())?;
        if client_request_token.as_ref().is_some_and(|token| !(1..=36).contains(&token.len())) {
            return Err(Failure::invalid("Member must have length less than or equal to 36"));
        }
        if let Some(done) = client_request_token.as_ref().and_then(|token| self.tokens.get(token))
            && call.now < done.at + TOKEN_LIFETIME
        {
            return match done.actions == transact_items {
                true => Ok(b"{}".to_vec()),
                false => Err(Failure::new(
                    "IdempotentParameterMismatchException",
                    "The request uses the same client token as a previous, but non-identical request",
                )),
            };
        }
        let mut seen: BTreeSet<(&str, Key)> = BTreeSet::new();
        let mut changes: Vec<(String, Change)> = Vec::new();
        let mut reasons = Vec::new();
        for action in &transact_items {
            let (request, kind) = action.parts();
            let write = request.read(kind)?;
            let table = self.active(&request.table_name, call.now)?;
            if let Ok(key) = write.key(table)
                && !seen.insert((&request.table_name, key))
            {
                return Err(twice());
            }
            reasons.push(match write.change(table) {
                Ok(change) => {
                    if kind != Kind::Check {
                        changes.push((request.table_name.clone(), change));
                    }
                    Reason::default()
                }
                Err(failure) if failure.is_of_request => return Err(failure),
                Err(failure) => match failure.code {
                    "ConditionalCheckFailedException" => {
                        Reason { code: Some("ConditionalCheckFailed"), item: failure.item().cloned() }
                    }
                    _ => Reason { code: Some("ValidationError"), item: None },
                },
            });
        }
        if reasons.iter().any(|reason| reason.code.is_some()) {
            return Err(Failure::canceled(reasons));
        }
        for (table, change) in changes {
            self.apply(&table, change, call);
        }
        if let Some(token) = client_request_token {
            self.tokens.insert(token, Done { actions: transact_items, at: call.now });
        }
        Ok(b"{}".to_vec())
    }

    pub(super) fn transact_get(&self, request: &[u8], call: &Call) -> Answer<Vec<u8>> {
        let TransactGet { transact_items } = parse(request)?;
        number(transact_items.len())?;
        let mut seen = BTreeSet::new();
        let (mut responses, mut reasons) = (Vec::new(), Vec::new());
        for Get { get } in &transact_items {
            let table = self.active(&get.table_name, call.now)?;
            if let Ok(key) = table.keys.of_key(&get.key)
                && !seen.insert((&get.table_name, key))
            {
                return Err(twice());
            }
            let (item, reason) = match get.get(table) {
                Ok(item) => (item, Reason::default()),
                Err(failure) if failure.is_of_request => return Err(failure),
                Err(_) => (None, Reason { code: Some("ValidationError"), item: None }),
            };
            responses.push(Response { item: item.map(SharedItem) });
            reasons.push(reason);
        }
        if reasons.iter().any(|reason| reason.code.is_some()) {
            return Err(Failure::canceled(reasons));
        }
        body(&TransactRead { responses })
    }
}

/// The error of a transaction that DynamoDB cancels for a transient reason. One action has the reason's code.
pub fn canceled(request: &[u8], code: &'static str, position: u64) -> Answer<Failure> {
    let TransactWrite { transact_items, .. } = parse(request)?;
    let position = usize::try_from(position).unwrap_or_default() % transact_items.len().max(1);
    let reasons = 0..transact_items.len();
    Ok(Failure::canceled(
        reasons.map(|index| Reason { code: (index == position).then_some(code), item: None }).collect(),
    ))
}
