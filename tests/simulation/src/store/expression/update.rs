//! Update expressions.

use super::parser::{Expressions, Parser};
use super::path::Path;
use super::projection::Projection;
use super::tokens::syntax;
use crate::store::failure::{Answer, Failure};
use crate::store::value::{Item, Value};

/// The sections of an update.
#[derive(Debug, Clone, Default)]
pub struct Update {
    sets: Vec<(Path, Term)>,
    removes: Vec<Path>,
    adds: Vec<(Path, Value)>,
    deletes: Vec<(Path, Value)>,
}

/// The term to which an attribute is set.
#[derive(Debug, Clone)]
enum Term {
    Path(Path),
    Value(Value),
    IfNotExists(Path, Box<Term>),
    ListAppend(Box<Term>, Box<Term>),
    Sum(Box<Term>, Box<Term>, bool),
}

impl Update {
    /// Parses an update.
    pub fn read(expressions: &mut Expressions<'_>, text: &str) -> Answer<Self> {
        let update = expressions.read(text, update)?;
        let paths: Vec<&Path> = update.paths().collect();
        if paths.iter().enumerate().any(|(index, path)| paths[..index].iter().any(|other| other.overlaps(path))) {
            return Err(Failure::invalid(
                "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of \
                 these paths;",
            ));
        }
        Ok(update)
    }

    fn paths(&self) -> impl Iterator<Item = &Path> {
        let sets = self.sets.iter().map(|(path, _)| path);
        let values = self.adds.iter().chain(&self.deletes).map(|(path, _)| path);
        sets.chain(&self.removes).chain(values)
    }

    /// The attributes that the update changes, wholly or in part.
    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        self.paths().map(|path| path.attribute.as_str())
    }

    /// The part of an item that the update changes.
    pub fn part(&self, item: &Item) -> Item {
        Projection::of_paths(self.paths().cloned().collect()).of(item)
    }

    /// Changes an item. All new values are calculated from the item before the update.
    pub fn apply(&self, item: &mut Item) -> Answer<()> {
        let no_place = || Failure::invalid("The document path provided in the update expression is invalid for update");
        let sets: Vec<(&Path, Value)> =
            self.sets.iter().map(|(path, term)| Ok((path, term.value(item)?))).collect::<Answer<_>>()?;
        let adds: Vec<(&Path, Value)> =
            self.adds.iter().map(|(path, value)| Ok((path, added(path.get(item), value)?))).collect::<Answer<_>>()?;
        let deletes: Vec<(&Path, Option<Value>)> = self
            .deletes
            .iter()
            .map(|(path, value)| Ok((path, deleted(path.get(item), value)?)))
            .collect::<Answer<_>>()?;
        for (path, value) in sets.into_iter().chain(adds) {
            if !path.set(item, value) {
                return Err(no_place());
            }
        }
        for (path, value) in deletes {
            match value {
                Some(value) => drop(path.set(item, value)),
                None => drop(path.remove(item)),
            }
        }
        // It removes later elements of a list first, so that earlier ones keep their indexes.
        for path in self.removes.iter().rev() {
            if !path.remove(item) {
                return Err(no_place());
            }
        }
        Ok(())
    }
}

impl Term {
    fn value(&self, item: &Item) -> Answer<Value> {
        let wrong_type = || Failure::invalid("An operand in the update expression has an incorrect data type");
        match self {
            Term::Value(value) => Ok(value.clone()),
            Term::Path(path) => path.get(item).cloned().ok_or_else(|| {
                Failure::invalid("The provided expression refers to an attribute that does not exist in the item")
            }),
            Term::IfNotExists(path, term) => path.get(item).map_or_else(|| term.value(item), |value| Ok(value.clone())),
            Term::ListAppend(one, other) => match (one.value(item)?, other.value(item)?) {
                (Value::L(mut list), Value::L(more)) => {
                    list.extend(more);
                    Ok(Value::L(list))
                }
                _ => Err(wrong_type()),
            },
            Term::Sum(one, other, minus) => match (one.value(item)?, other.value(item)?) {
                (Value::N(one), Value::N(other)) => one.plus(&other, *minus).map(Value::N).ok_or_else(overflow),
                _ => Err(wrong_type()),
            },
        }
    }
}

fn overflow() -> Failure {
    Failure::invalid("Number overflow. Attempting to store a number with magnitude larger than supported range")
}

fn wrong_add() -> Failure {
    Failure::invalid("An operand in the update expression has an incorrect data type")
}

fn added(value: Option<&Value>, add: &Value) -> Answer<Value> {
    Ok(match (value, add) {
        (None, add) => add.clone(),
        (Some(Value::N(value)), Value::N(add)) => Value::N(value.plus(add, false).ok_or_else(overflow)?),
        (Some(Value::Texts(set)), Value::Texts(add)) => Value::Texts(set | add),
        (Some(Value::Numbers(set)), Value::Numbers(add)) => Value::Numbers(set | add),
        (Some(Value::Binaries(set)), Value::Binaries(add)) => Value::Binaries(set | add),
        _ => return Err(wrong_add()),
    })
}

/// The set without some members; `None` if no member is left, because DynamoDB has no empty sets.
fn deleted(value: Option<&Value>, delete: &Value) -> Answer<Option<Value>> {
    let left = match (value, delete) {
        (None, _) => return Ok(None),
        (Some(Value::Texts(set)), Value::Texts(delete)) => Value::Texts(set - delete),
        (Some(Value::Numbers(set)), Value::Numbers(delete)) => Value::Numbers(set - delete),
        (Some(Value::Binaries(set)), Value::Binaries(delete)) => Value::Binaries(set - delete),
        _ => return Err(wrong_add()),
    };
    Ok((left.length() != Some(0)).then_some(left))
}

fn update(parser: &mut Parser<'_, '_>) -> Answer<Update> {
    let mut update = Update::default();
    let mut seen = [false; 4];
    while parser.peek().is_some() {
        let section = ["SET", "REMOVE", "ADD", "DELETE"].iter().position(|word| parser.takes_word(word));
        let section = section.ok_or_else(|| syntax("update"))?;
        if std::mem::replace(&mut seen[section], true) {
            return Err(Failure::invalid("Invalid UpdateExpression: a section can only be used once"));
        }
        loop {
            let path = parser.path()?;
            match section {
                0 => {
                    parser.expect("=")?;
                    let term = sum(parser)?;
                    update.sets.push((path, term));
                }
                1 => update.removes.push(path),
                _ => {
                    let value = parser.takes_value()?.ok_or_else(|| syntax("ADD"))?;
                    let is_set = matches!(value, Value::Texts(_) | Value::Numbers(_) | Value::Binaries(_));
                    let is_number = section == 2 && matches!(value, Value::N(_));
                    if !(is_set || is_number) {
                        return Err(wrong_operand(if section == 2 { "ADD" } else { "DELETE" }));
                    }
                    if section == 2 { &mut update.adds } else { &mut update.deletes }.push((path, value));
                }
            }
            if !parser.takes(",") {
                break;
            }
        }
    }
    Ok(update)
}

fn wrong_operand(operator: &str) -> Failure {
    let why = "Invalid UpdateExpression: Incorrect operand type for operator or function";
    Failure::invalid(format!("{why}; operator or function: {operator}"))
}

fn sum(parser: &mut Parser<'_, '_>) -> Answer<Term> {
    let one = term(parser)?;
    for (symbol, minus) in [("+", false), ("-", true)] {
        if parser.takes(symbol) {
            let other = term(parser)?;
            let is_wrong = |term: &Term| matches!(term, Term::Value(value) if !matches!(value, Value::N(_)));
            if is_wrong(&one) || is_wrong(&other) {
                return Err(wrong_operand(symbol));
            }
            return Ok(Term::Sum(Box::new(one), Box::new(other), minus));
        }
    }
    Ok(one)
}

fn term(parser: &mut Parser<'_, '_>) -> Answer<Term> {
    if parser.takes_function("if_not_exists") {
        let path = parser.path()?;
        parser.expect(",")?;
        let term = Box::new(term(parser)?);
        parser.expect(")")?;
        return Ok(Term::IfNotExists(path, term));
    }
    if parser.takes_function("list_append") {
        let one = term(parser)?;
        parser.expect(",")?;
        let other = term(parser)?;
        parser.expect(")")?;
        let is_wrong = |term: &Term| matches!(term, Term::Value(value) if !matches!(value, Value::L(_)));
        if is_wrong(&one) || is_wrong(&other) {
            return Err(wrong_operand("list_append"));
        }
        return Ok(Term::ListAppend(Box::new(one), Box::new(other)));
    }
    Ok(match parser.takes_value()? {
        Some(value) => Term::Value(value),
        None => Term::Path(parser.path()?),
    })
}
