//! Conditions, filters and key conditions.

use super::parser::{Expressions, Parser};
use super::path::Path;
use super::tokens::{Token, syntax};
use crate::store::failure::{Answer, Failure};
use crate::store::number::Number;
use crate::store::value::{Item, Value};
use std::borrow::Cow;
use std::cmp::Ordering;

/// A condition.
#[derive(Debug, Clone)]
pub enum Condition {
    /// Both conditions hold.
    And(Box<Condition>, Box<Condition>),
    /// At least one condition holds.
    Or(Box<Condition>, Box<Condition>),
    /// The condition does not hold.
    Not(Box<Condition>),
    /// The comparator with this symbol holds for two values.
    Compare(Operand, &'static str, Operand),
    /// The first value is between the two others, inclusive.
    Between(Operand, Operand, Operand),
    /// The first value equals one of the others.
    In(Operand, Vec<Operand>),
    /// The path has a value, or has none.
    Exists(Path, bool),
    /// The value at the path is of this type.
    Type(Path, String),
    /// The text or the bytes begin with this prefix.
    BeginsWith(Operand, Operand),
    /// The text, the list or the set contains this value.
    Contains(Operand, Operand),
}

/// An operand of a condition.
#[derive(Debug, Clone)]
pub enum Operand {
    /// A value of the item.
    Path(Path),
    /// A value of the request.
    Value(Value),
    /// The size of a value of the item.
    Size(Path),
}

impl Condition {
    /// Reads a condition.
    pub fn read(expressions: &mut Expressions<'_>, text: &str) -> Answer<Self> {
        expressions.read(text, or)
    }

    /// Whether the condition holds for an item. A missing item counts as one without attributes.
    pub fn holds(&self, item: &Item) -> bool {
        match self {
            Condition::And(one, other) => one.holds(item) && other.holds(item),
            Condition::Or(one, other) => one.holds(item) || other.holds(item),
            Condition::Not(condition) => !condition.holds(item),
            Condition::Compare(left, symbol, right) => match (left.get(item), right.get(item)) {
                (Some(left), Some(right)) => compares(&left, symbol, &right),
                // A missing value differs from every value.
                (None, Some(_)) | (Some(_), None) => *symbol == "<>",
                (None, None) => false,
            },
            Condition::Between(value, low, high) => match (value.get(item), low.get(item), high.get(item)) {
                (Some(value), Some(low), Some(high)) => compares(&value, ">=", &low) && compares(&value, "<=", &high),
                _ => false,
            },
            Condition::In(value, values) => match value.get(item) {
                Some(value) => values.iter().any(|one| one.get(item).is_some_and(|one| *one == *value)),
                None => false,
            },
            Condition::Exists(path, exists) => path.get(item).is_some() == *exists,
            Condition::Type(path, kind) => path.get(item).is_some_and(|value| value.kind() == kind),
            Condition::BeginsWith(value, prefix) => match (value.get(item).as_deref(), prefix.get(item).as_deref()) {
                (Some(Value::S(text)), Some(Value::S(prefix))) => text.starts_with(prefix.as_str()),
                (Some(Value::B(bytes)), Some(Value::B(prefix))) => bytes.0.starts_with(&prefix.0),
                _ => false,
            },
            Condition::Contains(value, part) => match (value.get(item), part.get(item)) {
                (Some(value), Some(part)) => contains(&value, &part),
                _ => false,
            },
        }
    }

    /// The conditions that `AND` joins.
    pub fn conjuncts(self) -> Vec<Condition> {
        match self {
            Condition::And(one, other) => [one.conjuncts(), other.conjuncts()].concat(),
            other => vec![other],
        }
    }

    /// The attribute, if the condition is on one whole attribute.
    pub fn attribute(&self) -> Option<&str> {
        let operand = match self {
            Condition::Compare(operand, ..) | Condition::Between(operand, ..) | Condition::BeginsWith(operand, _) => {
                operand
            }
            _ => return None,
        };
        match operand {
            Operand::Path(path) if path.steps.is_empty() => Some(&path.attribute),
            _ => None,
        }
    }

    /// Whether the condition uses an attribute for which `has` is true, or a part of it.
    pub fn is_on(&self, has: &impl Fn(&str) -> bool) -> bool {
        let of = |operand: &Operand| match operand {
            Operand::Path(path) | Operand::Size(path) => has(&path.attribute),
            Operand::Value(_) => false,
        };
        match self {
            Condition::And(one, other) | Condition::Or(one, other) => one.is_on(has) || other.is_on(has),
            Condition::Not(condition) => condition.is_on(has),
            Condition::Compare(one, _, other) | Condition::BeginsWith(one, other) | Condition::Contains(one, other) => {
                of(one) || of(other)
            }
            Condition::Between(value, low, high) => [value, low, high].into_iter().any(of),
            Condition::In(value, values) => of(value) || values.iter().any(of),
            Condition::Exists(path, _) | Condition::Type(path, _) => has(&path.attribute),
        }
    }

    /// The value that the attribute must equal, if the condition is an equality.
    pub fn equals(&self) -> Option<&Value> {
        match self {
            Condition::Compare(_, "=", Operand::Value(value)) => Some(value),
            _ => None,
        }
    }

    /// Whether key conditions allow this condition on a range key.
    pub fn is_of_range_key(&self) -> bool {
        match self {
            Condition::Compare(_, symbol, Operand::Value(_)) => *symbol != "<>",
            Condition::Between(_, Operand::Value(_), Operand::Value(_)) => true,
            Condition::BeginsWith(_, Operand::Value(_)) => true,
            _ => false,
        }
    }
}

impl Operand {
    fn get<'i>(&'i self, item: &'i Item) -> Option<Cow<'i, Value>> {
        match self {
            Operand::Path(path) => path.get(item).map(Cow::Borrowed),
            Operand::Value(value) => Some(Cow::Borrowed(value)),
            Operand::Size(path) => {
                let length = i64::try_from(path.get(item)?.length()?).ok()?;
                Some(Cow::Owned(Value::N(Number::from(length))))
            }
        }
    }
}

fn compares(left: &Value, symbol: &str, right: &Value) -> bool {
    match symbol {
        "=" => return left == right,
        "<>" => return left != right,
        _ => {}
    }
    let order = match (left, right) {
        (Value::S(left), Value::S(right)) => left.cmp(right),
        (Value::N(left), Value::N(right)) => left.cmp(right),
        (Value::B(left), Value::B(right)) => left.cmp(right),
        _ => return false,
    };
    match symbol {
        "<" => order == Ordering::Less,
        "<=" => order != Ordering::Greater,
        ">" => order == Ordering::Greater,
        _ => order != Ordering::Less,
    }
}

fn contains(value: &Value, part: &Value) -> bool {
    match (value, part) {
        (Value::S(text), Value::S(part)) => text.contains(part.as_str()),
        (Value::B(bytes), Value::B(part)) => {
            part.0.is_empty() || bytes.0.windows(part.0.len()).any(|window| window == part.0)
        }
        (Value::L(list), part) => list.contains(part),
        (Value::Texts(set), Value::S(part)) => set.contains(part),
        (Value::Numbers(set), Value::N(part)) => set.contains(part),
        (Value::Binaries(set), Value::B(part)) => set.contains(part),
        _ => false,
    }
}

fn or(parser: &mut Parser<'_, '_>) -> Answer<Condition> {
    let mut condition = and(parser)?;
    while parser.takes_word("OR") {
        condition = Condition::Or(Box::new(condition), Box::new(and(parser)?));
    }
    Ok(condition)
}

fn and(parser: &mut Parser<'_, '_>) -> Answer<Condition> {
    let mut condition = not(parser)?;
    while parser.takes_word("AND") {
        condition = Condition::And(Box::new(condition), Box::new(not(parser)?));
    }
    Ok(condition)
}

fn not(parser: &mut Parser<'_, '_>) -> Answer<Condition> {
    if parser.takes_word("NOT") {
        return Ok(Condition::Not(Box::new(not(parser)?)));
    }
    if parser.peek() != Some(Token::Symbol("(")) {
        return predicate(parser);
    }
    let begin = parser.place();
    parser.expect("(")?;
    let condition = or(parser)?;
    let end = parser.place();
    parser.expect(")")?;
    // "((a = b))": the outer parentheses hold one pair and nothing else.
    if parser.token_at(begin + 1) == Some(Token::Symbol("(")) && closing(parser, begin + 1) == Some(end - 1) {
        return Err(Failure::invalid("Invalid expression: The expression has redundant parentheses;"));
    }
    Ok(condition)
}

/// The position of the parenthesis that closes the one at `open`.
fn closing(parser: &Parser<'_, '_>, open: usize) -> Option<usize> {
    let mut depth = 0;
    for place in open.. {
        match parser.token_at(place)? {
            Token::Symbol("(") => depth += 1,
            Token::Symbol(")") if depth == 1 => return Some(place),
            Token::Symbol(")") => depth -= 1,
            _ => {}
        }
    }
    None
}

fn predicate(parser: &mut Parser<'_, '_>) -> Answer<Condition> {
    for (function, exists) in [("attribute_exists", true), ("attribute_not_exists", false)] {
        if parser.takes_function(function) {
            let path = parser.path()?;
            parser.expect(")")?;
            return Ok(Condition::Exists(path, exists));
        }
    }
    if parser.takes_function("attribute_type") {
        let path = parser.path()?;
        parser.expect(",")?;
        let Some(Value::S(kind)) = parser.takes_value()? else { return Err(syntax("attribute_type")) };
        parser.expect(")")?;
        return Ok(Condition::Type(path, kind));
    }
    for function in ["begins_with", "contains"] {
        if parser.takes_function(function) {
            let value = operand(parser)?;
            parser.expect(",")?;
            let part = operand(parser)?;
            parser.expect(")")?;
            return Ok(match function {
                "begins_with" => Condition::BeginsWith(value, part),
                _ => Condition::Contains(value, part),
            });
        }
    }
    let left = operand(parser)?;
    if parser.takes_word("BETWEEN") {
        let low = operand(parser)?;
        if !parser.takes_word("AND") {
            return Err(syntax("BETWEEN"));
        }
        let high = operand(parser)?;
        if let (Operand::Value(low), Operand::Value(high)) = (&low, &high)
            && !compares(low, "<=", high)
        {
            return Err(Failure::invalid(
                "The BETWEEN operator requires upper bound to be greater than or equal to lower bound",
            ));
        }
        return Ok(Condition::Between(left, low, high));
    }
    if parser.takes_word("IN") {
        parser.expect("(")?;
        let mut values = vec![operand(parser)?];
        while parser.takes(",") {
            values.push(operand(parser)?);
        }
        parser.expect(")")?;
        return Ok(Condition::In(left, values));
    }
    let symbols = ["=", "<>", "<", "<=", ">", ">="];
    let symbol = symbols.into_iter().find(|symbol| parser.takes(symbol));
    let symbol = symbol.ok_or_else(|| syntax("operand"))?;
    let right = operand(parser)?;
    let has_order = |operand: &Operand| match operand {
        Operand::Value(value) => matches!(value, Value::S(_) | Value::N(_) | Value::B(_)),
        _ => true,
    };
    let is_of_any_type = matches!(symbol, "=" | "<>");
    if !is_of_any_type && [&left, &right].into_iter().any(|operand| !has_order(operand)) {
        return Err(Failure::invalid(format!("Incorrect operand type for operator or function; operator: {symbol}")));
    }
    Ok(Condition::Compare(left, symbol, right))
}

fn operand(parser: &mut Parser<'_, '_>) -> Answer<Operand> {
    if parser.takes_function("size") {
        let path = parser.path()?;
        parser.expect(")")?;
        return Ok(Operand::Size(path));
    }
    Ok(match parser.takes_value()? {
        Some(value) => Operand::Value(value),
        None => Operand::Path(parser.path()?),
    })
}
