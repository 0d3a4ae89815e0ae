//! Random requests of the SDK, sound and unsound, and what comes of them in a form that can be compared.

use dyntastic::aws_sdk_dynamodb as sdk;
use dyntastic_simulation::random::Random;
use sdk::Client;
use sdk::error::{ProvideErrorMetadata, SdkError};
use sdk::operation::transact_write_items::TransactWriteItemsError;
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

/// What came of a request: the answer's items, sorted where they have no order, or the code of the error.
pub type Outcome = Result<String, String>;

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

fn answered<O, E: ProvideErrorMetadata, R>(sent: Result<O, SdkError<E, R>>, text: impl FnOnce(O) -> String) -> Outcome {
    sent.map(text).map_err(|error| error.code().unwrap_or("no code").to_owned())
}

fn transacted<O, R>(sent: Result<O, SdkError<TransactWriteItemsError, R>>) -> Outcome {
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

fn sorted(items: &[Item]) -> Vec<String> {
    let mut texts: Vec<String> = items.iter().map(|item| text(Some(item))).collect();
    texts.sort();
    texts
}

/// An item, with what has no order in one.
fn text(item: Option<&Item>) -> String {
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

/// Random requests on few items.
pub struct Requests {
    random: Random,
    seed: u64,
}

impl Requests {
    pub fn new(seed: u64) -> Self {
        Self { random: Random::new(seed), seed }
    }

    fn n(&mut self, number: u64) -> AttributeValue {
        AttributeValue::N(self.random.below(number).to_string())
    }

    fn s(&mut self, texts: &[&str]) -> AttributeValue {
        AttributeValue::S((*self.random.pick(texts)).to_owned())
    }

    fn value(&mut self) -> AttributeValue {
        match self.random.below(9) {
            0..=2 => self.n(5),
            3 | 4 => self.s(&["x", "xy", "y", ""]),
            5 => AttributeValue::Ss(vec!["p".to_owned(), "q".to_owned()]),
            6 => AttributeValue::M(HashMap::from([("x".to_owned(), self.n(4)), ("y".to_owned(), self.s(&["x"]))])),
            7 => AttributeValue::L(vec![self.n(4), self.s(&["x", "z"])]),
            _ => AttributeValue::Bool(self.random.chance(500)),
        }
    }

    fn key(&mut self) -> Item {
        let mistake = if self.random.chance(15) { 1 + self.random.below(4) } else { 0 };
        let pk = if mistake == 1 { self.s(&[""]) } else { self.s(&["k1", "k2"]) };
        let sk = if mistake == 2 { self.s(&["1"]) } else { self.n(4) };
        let mut key = Item::from([("pk".to_owned(), pk), ("sk".to_owned(), sk)]);
        if mistake == 3 {
            key.insert("a".to_owned(), self.n(2));
        }
        if mistake == 4 {
            key.remove("sk");
        }
        key
    }

    fn item(&mut self) -> Item {
        let mut item = self.key();
        for name in ["a", "b", "c", "d"] {
            match name {
                _ if self.random.chance(300) => continue,
                // `b` and `a` are the index's keys.
                "a" => item.insert(name.to_owned(), if self.random.chance(30) { self.value() } else { self.n(5) }),
                "b" => item
                    .insert(name.to_owned(), if self.random.chance(30) { self.value() } else { self.s(&["x", "y"]) }),
                _ => item.insert(name.to_owned(), self.value()),
            };
        }
        item
    }

    fn path(&mut self, expression: &mut Expression) -> String {
        let path = *self.random.pick(&["a", "b", "c", "d", "e", "#n", "d.x", "d.y", "c[0]", "d.e"]);
        if path == "#n" {
            let name = (*self.random.pick(&["a", "b", "c", "name"])).to_owned();
            expression.names.entry("#n".to_owned()).or_insert(name);
        }
        path.to_owned()
    }

    fn placeholder(&mut self, expression: &mut Expression, prefix: &str, value: AttributeValue) -> String {
        let name = format!(":{prefix}{}", expression.values.len());
        expression.values.insert(name.clone(), value);
        name
    }

    fn predicate(&mut self, expression: &mut Expression, depth: u64) -> String {
        let value = self.value();
        match self.random.below(if depth == 0 { 9 } else { 13 }) {
            0 => format!("attribute_exists({})", self.path(expression)),
            1 => format!("attribute_not_exists({})", self.path(expression)),
            2 => {
                let kind = self.s(&["S", "N", "SS", "M", "BOOL"]);
                format!("attribute_type({}, {})", self.path(expression), self.placeholder(expression, "c", kind))
            }
            3 => {
                let prefix = self.s(&["x", "p"]);
                format!("begins_with({}, {})", self.path(expression), self.placeholder(expression, "c", prefix))
            }
            4 => {
                let part = self.s(&["x", "p"]);
                format!("contains({}, {})", self.path(expression), self.placeholder(expression, "c", part))
            }
            5 => {
                let size = self.n(3);
                format!("size({}) >= {}", self.path(expression), self.placeholder(expression, "c", size))
            }
            6 => {
                let (low, high) = (self.n(2), AttributeValue::N("3".to_owned()));
                let (path, low) = (self.path(expression), self.placeholder(expression, "c", low));
                format!("{path} BETWEEN {low} AND {}", self.placeholder(expression, "c", high))
            }
            7 => {
                let (path, one) = (self.path(expression), self.placeholder(expression, "c", value));
                let other = self.n(3);
                format!("{path} IN ({one}, {})", self.placeholder(expression, "c", other))
            }
            8 => {
                let symbol = *self.random.pick(&["=", "<>", "<", "<=", ">", ">="]);
                let value = if matches!(symbol, "=" | "<>") { value } else { self.n(4) };
                format!("{} {symbol} {}", self.path(expression), self.placeholder(expression, "c", value))
            }
            9 => format!("NOT {}", self.predicate(expression, depth - 1)),
            10 => format!("({})", self.predicate(expression, depth - 1)),
            11 => format!("{} AND {}", self.predicate(expression, depth - 1), self.predicate(expression, depth - 1)),
            _ => format!("{} OR {}", self.predicate(expression, depth - 1), self.predicate(expression, depth - 1)),
        }
    }

    fn condition(&mut self) -> Expression {
        let mut expression = Expression::default();
        if self.random.chance(500) {
            expression.text = Some(self.predicate(&mut expression, 2));
            if self.random.chance(10) {
                self.placeholder(&mut expression, "unused", AttributeValue::Bool(true));
            }
        }
        expression
    }

    /// An update; one that is not sound may have values of the wrong type.
    fn update(&mut self, is_sound: bool) -> Expression {
        let mut expression = Expression::default();
        let mut text = String::new();
        let section = |random: &mut Random| random.chance(400);
        if section(&mut self.random) {
            let path = self.path(&mut expression);
            let attribute = expression.names.get(&path).unwrap_or(&path);
            let value = match attribute.as_str() {
                "a" => self.n(5),
                "b" => self.s(&["x", "y"]),
                _ => self.value(),
            };
            let form = self.random.below(5);
            let value = match form {
                3 if is_sound => self.n(5),
                4 if is_sound => AttributeValue::L(vec![value]),
                _ => value,
            };
            let value = self.placeholder(&mut expression, "u", value);
            text += &match form {
                0 | 1 => format!("SET {path} = {value} "),
                2 => format!("SET {path} = if_not_exists({path}, {value}) "),
                3 => format!("SET {path} = {path} + {value} "),
                _ => format!("SET c = list_append({path}, {value}) "),
            };
        }
        if section(&mut self.random) {
            text += &format!("REMOVE {} ", self.path(&mut expression));
        }
        if section(&mut self.random) {
            let value = if self.random.chance(700) { self.n(4) } else { AttributeValue::Ss(vec!["r".to_owned()]) };
            let path = *self.random.pick(&["a", "c", "cnt", "d.x"]);
            text += &format!("ADD {path} {} ", self.placeholder(&mut expression, "u", value));
        }
        if section(&mut self.random) {
            let value = AttributeValue::Ss(vec!["p".to_owned()]);
            let path = *self.random.pick(&["c", "d"]);
            text += &format!("DELETE {path} {} ", self.placeholder(&mut expression, "u", value));
        }
        expression.text = (!text.is_empty()).then_some(text);
        expression
    }

    fn action(&mut self) -> Action {
        match self.random.below(4) {
            0 => Action::Put(self.item(), self.condition()),
            1 => {
                // The SDK sends no update of a transaction that does nothing. Engines differ in when they look at the types.
                let update = self.update(true);
                match update.text {
                    Some(_) => Action::Update(self.key(), update, self.condition()),
                    None => Action::Delete(self.key(), self.condition()),
                }
            }
            2 => Action::Delete(self.key(), self.condition()),
            _ => {
                let mut condition = Expression::default();
                condition.text = Some(self.predicate(&mut condition, 2));
                Action::Check(self.key(), condition)
            }
        }
    }

    fn filter(&mut self) -> Expression {
        let mut filter = self.condition();
        filter.names.retain(|_, name| name != "a" && name != "b");
        if filter.text.as_ref().is_some_and(|text| text.contains("#n")) && filter.names.is_empty() {
            return Expression::default();
        }
        filter
    }

    /// The next request.
    pub fn next(&mut self) -> Request {
        let random = |random: &mut Random, most: u64| random.below(most);
        match self.random.below(20) {
            0..=3 => {
                let values = self.random.pick(&[ReturnValue::None, ReturnValue::AllOld]).clone();
                Request::Put(self.item(), self.condition(), values)
            }
            4..=8 => {
                let all = [
                    ReturnValue::None,
                    ReturnValue::AllOld,
                    ReturnValue::AllNew,
                    ReturnValue::UpdatedOld,
                    ReturnValue::UpdatedNew,
                ];
                let values = self.random.pick(&all).clone();
                Request::Update(self.key(), self.update(false), self.condition(), values)
            }
            9 => Request::Delete(self.key(), self.condition(), ReturnValue::AllOld),
            10 => {
                let projection = self
                    .random
                    .chance(500)
                    .then(|| (*self.random.pick(&["a, d.x", "c[0], b", "pk", "d.x, d"])).to_owned());
                Request::Get(self.key(), projection)
            }
            11..=13 => {
                let index = self.random.chance(400);
                let hash = if index { self.s(&["x", "y"]) } else { self.s(&["k1", "k2"]) };
                let range = match self.random.below(4) {
                    0 => Range::None,
                    1 => Range::Between(self.n(2), AttributeValue::N("3".to_owned())),
                    _ => Range::Compare(self.random.pick::<&str>(&["=", "<", "<=", ">", ">="]), self.n(4)),
                };
                let limit = self.random.chance(500).then(|| i32::try_from(1 + random(&mut self.random, 3)).unwrap());
                Request::Query { index, hash, range, filter: self.filter(), limit, forward: self.random.chance(500) }
            }
            14 => {
                let limit = self.random.chance(300).then_some(2);
                Request::Scan {
                    index: self.random.chance(300),
                    filter: self.filter(),
                    limit,
                    count: self.random.chance(200),
                }
            }
            15 => {
                let count = random(&mut self.random, 5);
                let writes = (0..count).map(|_| {
                    let is_put = self.random.chance(600);
                    (if is_put { self.item() } else { self.key() }, is_put)
                });
                Request::BatchWrite(writes.collect())
            }
            16 => Request::BatchGet((0..random(&mut self.random, 4)).map(|_| self.key()).collect()),
            17 | 18 => {
                let actions = (0..random(&mut self.random, 4)).map(|_| self.action()).collect();
                let token = self.random.chance(300).then(|| format!("token-{}-{}", self.seed, self.random.below(3)));
                Request::Transact(actions, token)
            }
            _ => Request::TransactGet((0..random(&mut self.random, 4)).map(|_| self.key()).collect()),
        }
    }
}
