//! Random requests on few items.

use crate::request::{Action, Expression, Item, Range, Request};
use dyntastic::aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use dyntastic_simulation::random::{Pick, Random};
use std::collections::HashMap;

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
