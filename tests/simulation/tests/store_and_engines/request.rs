//! Requests of the SDK, sound and unsound, and how they are sent.

use crate::outcome::{Outcome, answered, sorted, text, transacted};
use dyntastic::aws_sdk_dynamodb as sdk;
use sdk::Client;
use sdk::error::ProvideErrorMetadata;
use sdk::types::{
    AttributeValue, ConditionCheck, Delete, DeleteRequest, Get, KeysAndAttributes, Put, PutRequest, ReturnValue,
    ReturnValuesOnConditionCheckFailure, TransactGetItem, TransactWriteItem, Update, WriteRequest,
};
use std::collections::{BTreeMap, HashMap};

pub const TABLE: &str = "things";
pub type Item = HashMap<String, AttributeValue>;

/// A request.
#[derive(Debug, Clone)]
pub enum Request {
    Put(Item, Expression, ReturnValue),
    Update(Item, Expression, Expression, ReturnValue),
    Delete(Item, Expression, ReturnValue),
    Get(Item, Option<String>),
    Query { index: bool, hash: AttributeValue, range: Range, filter: Expression, limit: Option<i32>, forward: bool },
    Scan { index: bool, filter: Expression, limit: Option<i32>, count: bool },
    BatchWrite(Vec<(Item, bool)>),
    BatchGet(Vec<Item>),
    Transact(Vec<Action>, Option<String>),
    TransactGet(Vec<Item>),
}

/// An action of a transaction.
#[derive(Debug, Clone)]
pub enum Action {
    Put(Item, Expression),
    Update(Item, Expression, Expression),
    Delete(Item, Expression),
    Check(Item, Expression),
}

/// What is asked of a range key.
#[derive(Debug, Clone)]
pub enum Range {
    None,
    Compare(&'static str, AttributeValue),
    Between(AttributeValue, AttributeValue),
}

/// An expression, with its names and values.
#[derive(Debug, Clone, Default)]
pub struct Expression {
    pub text: Option<String>,
    pub names: BTreeMap<String, String>,
    pub values: BTreeMap<String, AttributeValue>,
}

impl Expression {
    /// The names and values of two expressions, as a request has them.
    pub fn names(&self, other: &Self) -> Option<HashMap<String, String>> {
        let names: HashMap<_, _> = self.names.clone().into_iter().chain(other.names.clone()).collect();
        (!names.is_empty()).then_some(names)
    }

    pub fn values(&self, other: &Self) -> Option<HashMap<String, AttributeValue>> {
        let values: HashMap<_, _> = self.values.clone().into_iter().chain(other.values.clone()).collect();
        (!values.is_empty()).then_some(values)
    }
}

impl Request {
    /// Sends the request.
    pub async fn send(&self, client: &Client) -> Outcome {
        let none = Expression::default();
        match self {
            Request::Put(item, condition, values) => {
                let put = client.put_item().table_name(TABLE).set_item(Some(item.clone()));
                let put = put.set_condition_expression(condition.text.clone()).return_values(values.clone());
                let put = put.set_expression_attribute_names(condition.names(&none));
                let put = put.set_expression_attribute_values(condition.values(&none));
                answered(put.send().await, |output| text(output.attributes.as_ref()))
            }
            Request::Update(key, update, condition, values) => {
                let sent = client.update_item().table_name(TABLE).set_key(Some(key.clone()));
                let sent = sent.set_update_expression(update.text.clone()).return_values(values.clone());
                let sent = sent.set_condition_expression(condition.text.clone());
                let sent = sent.set_expression_attribute_names(update.names(condition));
                let sent = sent.set_expression_attribute_values(update.values(condition));
                answered(sent.send().await, |output| text(output.attributes.as_ref()))
            }
            Request::Delete(key, condition, values) => {
                let sent = client.delete_item().table_name(TABLE).set_key(Some(key.clone()));
                let sent = sent.set_condition_expression(condition.text.clone()).return_values(values.clone());
                let sent = sent.set_expression_attribute_names(condition.names(&none));
                let sent = sent.set_expression_attribute_values(condition.values(&none));
                answered(sent.send().await, |output| text(output.attributes.as_ref()))
            }
            Request::Get(key, projection) => {
                let sent = client.get_item().table_name(TABLE).set_key(Some(key.clone())).consistent_read(true);
                let sent = sent.set_projection_expression(projection.clone());
                answered(sent.send().await, |output| text(output.item.as_ref()))
            }
            Request::Query { .. } => self.query(client).await,
            Request::Scan { index, filter, limit, count } => {
                let sent = client.scan().table_name(TABLE).set_index_name(index.then(|| "by_b".to_owned()));
                let sent = sent.set_filter_expression(filter.text.clone()).set_limit(*limit);
                let sent = sent.set_select(count.then_some(sdk::types::Select::Count));
                let sent = sent.set_expression_attribute_names(filter.names(&none));
                let sent = sent.set_expression_attribute_values(filter.values(&none));
                answered(sent.send().await, |output| {
                    // Which items a scan with a limit looks at is the engine's affair.
                    let (count, scanned) = (output.count, output.scanned_count);
                    match limit {
                        Some(_) => format!("scanned {scanned}"),
                        None => format!("{count} of {scanned}: {:?}", sorted(output.items())),
                    }
                })
            }
            Request::BatchWrite(writes) => {
                let writes = writes.iter().map(|(item, is_put)| {
                    let (put, delete) = (PutRequest::builder(), DeleteRequest::builder());
                    match is_put {
                        true => WriteRequest::builder().put_request(put.set_item(Some(item.clone())).build().unwrap()),
                        false => {
                            WriteRequest::builder().delete_request(delete.set_key(Some(item.clone())).build().unwrap())
                        }
                    }
                    .build()
                });
                let sent = client.batch_write_item().request_items(TABLE, writes.collect());
                answered(sent.send().await, |output| format!("{:?}", output.unprocessed_items().map(HashMap::len)))
            }
            Request::BatchGet(keys) => {
                let keys = KeysAndAttributes::builder().set_keys(Some(keys.clone())).build().unwrap();
                let sent = client.batch_get_item().request_items(TABLE, keys);
                answered(sent.send().await, |output| {
                    let found = output.responses().and_then(|found| found.get(TABLE)).cloned().unwrap_or_default();
                    format!("{:?}", sorted(&found))
                })
            }
            Request::Transact(actions, token) => {
                let sent = client.transact_write_items().set_client_request_token(token.clone());
                let items = actions.iter().map(Action::to_sdk).collect();
                transacted(sent.set_transact_items(Some(items)).send().await)
            }
            Request::TransactGet(keys) => {
                let get = |key: &Item| Get::builder().table_name(TABLE).set_key(Some(key.clone())).build().unwrap();
                let items = keys.iter().map(|key| TransactGetItem::builder().get(get(key)).build());
                let sent = client.transact_get_items().set_transact_items(Some(items.collect()));
                answered(sent.send().await, |output| {
                    let items: Vec<_> = output.responses().iter().map(|found| text(found.item.as_ref())).collect();
                    format!("{items:?}")
                })
            }
        }
    }

    async fn query(&self, client: &Client) -> Outcome {
        let Request::Query { index, hash, range, filter, limit, forward } = self else { return Ok(String::new()) };
        let (hash_name, range_name) = if *index { ("b", "a") } else { ("pk", "sk") };
        let mut condition = Expression::default();
        condition.values.insert(":h".to_owned(), hash.clone());
        let mut text_of = format!("{hash_name} = :h");
        match range {
            Range::None => {}
            Range::Compare("begins_with", value) => {
                text_of += &format!(" AND begins_with({range_name}, :r)");
                condition.values.insert(":r".to_owned(), value.clone());
            }
            Range::Compare(symbol, value) => {
                text_of += &format!(" AND {range_name} {symbol} :r");
                condition.values.insert(":r".to_owned(), value.clone());
            }
            Range::Between(low, high) => {
                text_of += &format!(" AND {range_name} BETWEEN :r AND :s");
                condition.values.insert(":r".to_owned(), low.clone());
                condition.values.insert(":s".to_owned(), high.clone());
            }
        }
        let mut start = None;
        let (mut pages, mut all) = (Vec::new(), Vec::new());
        loop {
            let sent = client.query().table_name(TABLE).set_index_name(index.then(|| "by_b".to_owned()));
            let sent = sent.key_condition_expression(text_of.as_str()).scan_index_forward(*forward);
            let sent = sent.set_filter_expression(filter.text.clone()).set_limit(*limit);
            let sent = sent.set_expression_attribute_names(filter.names(&condition));
            let sent = sent.set_expression_attribute_values(filter.values(&condition));
            match sent.set_exclusive_start_key(start).send().await {
                Ok(output) => {
                    let items: Vec<String> = output.items().iter().map(|item| text(Some(item))).collect();
                    pages.push(format!("{} of {}: {items:?}", output.count, output.scanned_count));
                    all.extend(items);
                    start = output.last_evaluated_key;
                    if start.is_none() || pages.len() > 40 {
                        // Whether a page that ends with the last item says so is the engine's affair.
                        pages.pop_if(|last| last.starts_with("0 of 0") && limit.is_some());
                        // Items of one index key have no order.
                        all.sort();
                        return Ok(if *index { format!("{all:?}") } else { format!("{pages:?}") });
                    }
                }
                Err(error) => return Err(error.code().unwrap_or("no code").to_owned()),
            }
        }
    }
}

impl Action {
    fn to_sdk(&self) -> TransactWriteItem {
        let none = Expression::default();
        let item = TransactWriteItem::builder();
        let all_old = ReturnValuesOnConditionCheckFailure::AllOld;
        match self {
            Action::Put(put, condition) => {
                let put = Put::builder().table_name(TABLE).set_item(Some(put.clone()));
                let put = put.set_condition_expression(condition.text.clone());
                let put = put.set_expression_attribute_names(condition.names(&none));
                let put = put.set_expression_attribute_values(condition.values(&none));
                item.put(put.return_values_on_condition_check_failure(all_old).build().unwrap())
            }
            Action::Update(key, update, condition) => {
                let sent = Update::builder().table_name(TABLE).set_key(Some(key.clone()));
                let sent = sent.set_update_expression(update.text.clone());
                let sent = sent.set_condition_expression(condition.text.clone());
                let sent = sent.set_expression_attribute_names(update.names(condition));
                item.update(sent.set_expression_attribute_values(update.values(condition)).build().unwrap())
            }
            Action::Delete(key, condition) => {
                let sent = Delete::builder().table_name(TABLE).set_key(Some(key.clone()));
                let sent = sent.set_condition_expression(condition.text.clone());
                let sent = sent.set_expression_attribute_names(condition.names(&none));
                item.delete(sent.set_expression_attribute_values(condition.values(&none)).build().unwrap())
            }
            Action::Check(key, condition) => {
                let sent = ConditionCheck::builder().table_name(TABLE).set_key(Some(key.clone()));
                let sent = sent.set_condition_expression(condition.text.clone());
                let sent = sent.set_expression_attribute_names(condition.names(&none));
                item.condition_check(sent.set_expression_attribute_values(condition.values(&none)).build().unwrap())
            }
        }
        .build()
    }
}
