//! What comes of requests, in a form that can be compared.

use crate::request::Item;
use dyntastic::aws_sdk_dynamodb as sdk;
use sdk::error::{ProvideErrorMetadata, SdkError};
use sdk::operation::transact_write_items::TransactWriteItemsError;
use sdk::types::AttributeValue;
use std::collections::BTreeMap;

/// What came of a request: the answer's items, sorted where they have no order, or the code of the error.
pub type Outcome = Result<String, String>;

pub fn answered<O, E: ProvideErrorMetadata, R>(
    sent: Result<O, SdkError<E, R>>,
    text: impl FnOnce(O) -> String,
) -> Outcome {
    sent.map(text).map_err(|error| error.code().unwrap_or("no code").to_owned())
}

pub fn transacted<O, R>(sent: Result<O, SdkError<TransactWriteItemsError, R>>) -> Outcome {
    let Err(error) = sent else { return Ok(String::new()) };
    match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(canceled)) => {
            let reasons = canceled.cancellation_reasons().iter();
            let reasons: Vec<String> =
                reasons.map(|reason| format!("{} {}", reason.code().unwrap_or("None"), text(reason.item()))).collect();
            Err(format!("canceled: {reasons:?}"))
        }
        _ => Err(error.code().unwrap_or("no code").to_owned()),
    }
}

pub fn sorted(items: &[Item]) -> Vec<String> {
    let mut texts: Vec<String> = items.iter().map(|item| text(Some(item))).collect();
    texts.sort();
    texts
}

/// An item, with what has no order in one.
pub fn text(item: Option<&Item>) -> String {
    let Some(item) = item.filter(|item| !item.is_empty()) else { return "none".to_owned() };
    let attributes: BTreeMap<&String, String> = item.iter().map(|(name, value)| (name, value_text(value))).collect();
    format!("{attributes:?}")
}

fn value_text(value: &AttributeValue) -> String {
    match value {
        AttributeValue::Ss(members) | AttributeValue::Ns(members) => {
            let mut members = members.clone();
            members.sort();
            format!("{members:?}")
        }
        AttributeValue::M(map) => text(Some(map)),
        AttributeValue::L(list) => format!("{:?}", list.iter().map(value_text).collect::<Vec<_>>()),
        other => format!("{other:?}"),
    }
}
