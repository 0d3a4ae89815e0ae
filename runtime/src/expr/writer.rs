//! The writer of expressions. Every name has a placeholder, and equal names and equal values share one. A request has
//! no unused placeholders.

use super::condition::Node;
use super::document_path::DocumentPath;
use super::error::{ExpressionError, UnwritableExpression};
use super::struct_changes::StructChanges;
use super::term::Term;
use super::update_parts::UpdateAction;
use crate::ground::{Segment, WriteError, WriteErrorKind};
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;
use std::fmt::Write;

type Result<T, E = UnwritableExpression> = std::result::Result<T, E>;

const MAX_LENGTH: usize = 4096;
const MAX_OPERATORS: usize = 300;
const MAX_DEPTH: usize = 50;
pub(super) const MAX_IN: usize = 100;

/// Writes the expressions of one request.
pub(crate) struct Writer {
    model: &'static str,
    names: Vec<String>,
    values: Vec<AttributeValue>,
    operators: usize,
}

/// The placeholders of a request's expressions; `None` for an empty map.
#[derive(Default, PartialEq)]
pub(crate) struct Expressions {
    pub(crate) names: Option<HashMap<String, String>>,
    pub(crate) values: Option<HashMap<String, AttributeValue>>,
}

impl Writer {
    pub(crate) fn new(model: &'static str) -> Self {
        Self { model, names: Vec::new(), values: Vec::new(), operators: 0 }
    }

    /// The text of a condition or filter; `None` without one.
    pub(crate) fn condition(&mut self, node: &Node) -> Result<Option<String>> {
        self.conditions([node])
    }

    /// The text of conditions that all must hold; `None` without conditions.
    pub(crate) fn conditions<'n>(&mut self, nodes: impl IntoIterator<Item = &'n Node>) -> Result<Option<String>> {
        let nodes: Vec<&Node> = nodes.into_iter().filter(|node| **node != Node::None).collect();
        let mut text = String::new();
        match *nodes {
            [] => return Ok(None),
            [node] => self.node(node, &mut text)?,
            _ => self.all(nodes, &mut text)?,
        }
        self.checked(text).map(Some)
    }

    /// The text of an update.
    pub(crate) fn update(&mut self, actions: &[UpdateAction]) -> Result<String> {
        self.check_overlap(actions, &StructChanges::default())?;
        let mut clauses = ["SET ", "REMOVE ", "ADD ", "DELETE "].map(|name| (name, String::new()));
        let [set, remove, add, delete] = &mut clauses;
        for action in actions {
            let ((name, text), between) = match action {
                UpdateAction::Set(..) => (&mut *set, " = "),
                UpdateAction::Remove(_) => (&mut *remove, ""),
                UpdateAction::Add(..) => (&mut *add, " "),
                UpdateAction::Delete(..) => (&mut *delete, " "),
            };
            text.push_str(if text.is_empty() { name } else { ", " });
            self.path(action.path(), text)?;
            self.operators += 1;
            if let UpdateAction::Set(_, term) | UpdateAction::Add(_, term) | UpdateAction::Delete(_, term) = action {
                text.push_str(between);
                self.term(action.path(), term, text)?;
            }
        }
        let clauses: Vec<String> = clauses.into_iter().map(|(_, text)| text).filter(|text| !text.is_empty()).collect();
        self.checked(clauses.join(" "))
    }

    /// The text of a projection: the requested paths, and the other attributes that the read needs.
    pub(crate) fn projection(&mut self, paths: &[DocumentPath], needed: &[&'static str]) -> Result<String> {
        let mut wanted: Vec<&DocumentPath> = Vec::new();
        for path in paths {
            if let Some(other) = wanted.iter().find(|other| **other != path && other.overlaps(path)) {
                return Err(self.refuse(ExpressionError::Overlap(other.to_item_path(), path.to_item_path())));
            }
            if !wanted.contains(&path) {
                wanted.push(path);
            }
        }
        let mut text = String::new();
        for path in &wanted {
            text.push_str(if text.is_empty() { "" } else { ", " });
            self.path(path, &mut text)?;
        }
        for name in needed.iter().filter(|name| !wanted.iter().any(|path| path.attribute() == **name)) {
            text.push_str(if text.is_empty() { "" } else { ", " });
            self.name(name, &mut text);
        }
        self.checked(text)
    }

    /// The placeholders that the texts use.
    pub(crate) fn finish(self) -> Expressions {
        let names =
            self.names.into_iter().enumerate().map(|(number, name)| (placeholder(NAME, number), name)).collect();
        let values =
            self.values.into_iter().enumerate().map(|(number, value)| (placeholder(VALUE, number), value)).collect();
        let some = |is_empty: bool| !is_empty;
        let (names, values): (HashMap<_, _>, HashMap<_, _>) = (names, values);
        Expressions {
            names: some(names.is_empty()).then_some(names),
            values: some(values.is_empty()).then_some(values),
        }
    }

    fn checked(&self, text: String) -> Result<String> {
        if text.len() > MAX_LENGTH {
            return Err(self.refuse(ExpressionError::TooLong(text.len())));
        }
        if self.operators > MAX_OPERATORS {
            return Err(self.refuse(ExpressionError::TooManyOperators(self.operators)));
        }
        Ok(text)
    }

    fn refuse(&self, error: ExpressionError) -> UnwritableExpression {
        UnwritableExpression::Refused { model: self.model, error }
    }

    fn check_distinct<'t>(&self, first: &Term, others: impl IntoIterator<Item = &'t Term>) -> Result<()> {
        match (subject(first), others.into_iter().any(|other| other == first)) {
            (Some(path), true) => Err(self.refuse(ExpressionError::SameOperand(path.to_item_path()))),
            _ => Ok(()),
        }
    }

    /// # Errors
    ///
    /// Two actions change the same value, or a part of it.
    pub(crate) fn check_overlap(&self, actions: &[UpdateAction], structs: &StructChanges) -> Result<()> {
        for (position, action) in actions.iter().enumerate() {
            let earlier = actions.iter().take(position).find(|earlier| earlier.path().overlaps(action.path()));
            if let Some(earlier) = earlier {
                let (one, other) = (earlier.path().to_item_path(), action.path().to_item_path());
                return Err(self.refuse(ExpressionError::Overlap(one, other)));
            }
        }
        structs.overlap(actions).map_or(Ok(()), |error| Err(self.refuse(error)))
    }

    fn node(&mut self, node: &Node, text: &mut String) -> Result<()> {
        self.operators += 1;
        match node {
            Node::None => {}
            Node::Compare(left, operator, right) => {
                let of = subject(left);
                self.check_distinct(left, [right])?;
                self.term(of, left, text)?;
                push_operator(operator, text);
                self.term(of, right, text)?;
            }
            Node::Between(term, low, high) => {
                let of = subject(term);
                self.check_distinct(term, [low, high])?;
                self.term(of, term, text)?;
                text.push_str(" BETWEEN ");
                self.term(of, low, text)?;
                text.push_str(" AND ");
                self.term(of, high, text)?;
            }
            Node::In(path, values) => {
                if !(1..=MAX_IN).contains(&values.len()) {
                    return Err(self.refuse(ExpressionError::InValues(path.to_item_path(), values.len())));
                }
                self.path(path, text)?;
                text.push_str(" IN (");
                self.list(path, values, text)?;
                text.push(')');
            }
            Node::Call(function, arguments) => {
                if let Some((first, others)) = arguments.split_first() {
                    self.check_distinct(first, others)?;
                }
                self.call(function, arguments, text)?;
            }
            Node::And(nodes) => self.all(nodes, text)?,
            Node::Or(nodes) => self.joined(nodes, " OR ", |_| false, text)?,
            Node::Not(node) => {
                text.push_str("NOT ");
                self.grouped(node, matches!(**node, Node::And(_) | Node::Or(_)), text)?;
            }
        }
        Ok(())
    }

    fn all<'n>(&mut self, nodes: impl IntoIterator<Item = &'n Node>, text: &mut String) -> Result<()> {
        self.joined(nodes, " AND ", |node| matches!(node, Node::Or(_)), text)
    }

    fn joined<'n>(
        &mut self,
        nodes: impl IntoIterator<Item = &'n Node>,
        word: &str,
        group: fn(&Node) -> bool,
        text: &mut String,
    ) -> Result<()> {
        for (position, node) in nodes.into_iter().enumerate() {
            if position > 0 {
                text.push_str(word);
            }
            self.grouped(node, group(node), text)?;
        }
        Ok(())
    }

    /// Writes a condition, in parentheses if the grammar needs them. DynamoDB refuses redundant parentheses.
    fn grouped(&mut self, node: &Node, group: bool, text: &mut String) -> Result<()> {
        if group {
            text.push('(');
        }
        self.node(node, text)?;
        if group {
            text.push(')');
        }
        Ok(())
    }

    fn call(&mut self, function: &str, arguments: &[Term], text: &mut String) -> Result<()> {
        text.push_str(function);
        text.push('(');
        let of = arguments.first().and_then(subject);
        for (position, argument) in arguments.iter().enumerate() {
            if position > 0 {
                text.push_str(", ");
            }
            self.term(of, argument, text)?;
        }
        text.push(')');
        Ok(())
    }

    fn list(&mut self, of: &DocumentPath, terms: &[Term], text: &mut String) -> Result<()> {
        for (position, term) in terms.iter().enumerate() {
            if position > 0 {
                text.push_str(", ");
            }
            self.term(of, term, text)?;
        }
        Ok(())
    }

    /// Writes a term. Errors name the attribute `of`.
    fn term<'p>(&mut self, of: impl Into<Option<&'p DocumentPath>>, term: &Term, text: &mut String) -> Result<()> {
        let of = of.into();
        match term {
            Term::Path(path) => self.path(path, text)?,
            Term::Attribute(name) => self.name(name, text),
            Term::Value(Ok(Some(value))) => self.value(value, text),
            Term::Value(Ok(None)) => {
                let path = of.map(DocumentPath::to_item_path).unwrap_or_default();
                return Err(self.refuse(ExpressionError::Absent(path)));
            }
            // No value goes out that is not sealed.
            Term::Unsealed(unsealed) => {
                let reason = "the request is not sent by an operation of a client";
                let error = WriteError::new(WriteErrorKind::not_encrypted(reason));
                return Err(error.within_name(unsealed.seal.attribute).of(self.model).into());
            }
            Term::Searched(_) => {
                let path = of.map(DocumentPath::to_item_path).unwrap_or_default();
                return Err(self.refuse(ExpressionError::Searched(path)));
            }
            Term::Value(Err(error)) => {
                let error = of
                    .into_iter()
                    .flat_map(DocumentPath::rest)
                    .rev()
                    .fold(error.clone(), |error, segment| error.within(segment.clone()));
                let error = of.map_or(error.clone(), |path| error.within_name(path.attribute()));
                return Err(error.of(self.model).into());
            }
            Term::Call { function, arguments } => {
                self.operators += 1;
                self.call(function, arguments, text)?;
            }
            Term::Arithmetic { left, operator, right } => {
                self.operators += 1;
                self.term(of, left, text)?;
                push_operator(operator, text);
                self.term(of, right, text)?;
            }
        }
        Ok(())
    }

    fn path(&mut self, path: &DocumentPath, text: &mut String) -> Result<()> {
        if path.rest().len() >= MAX_DEPTH {
            return Err(self.refuse(ExpressionError::TooDeep(path.to_item_path())));
        }
        self.name(path.attribute(), text);
        for segment in path.rest() {
            match segment {
                Segment::Name(name) => {
                    text.push('.');
                    self.name(name, text);
                }
                Segment::Index(index) => {
                    let _ = write!(text, "[{index}]");
                }
            }
        }
        Ok(())
    }

    fn name(&mut self, name: &str, text: &mut String) {
        let number = self.names.iter().position(|known| known == name).unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        });
        push_placeholder(NAME, number, text);
    }

    fn value(&mut self, value: &AttributeValue, text: &mut String) {
        let number = self.values.iter().position(|known| known == value).unwrap_or_else(|| {
            self.values.push(value.clone());
            self.values.len() - 1
        });
        push_placeholder(VALUE, number, text);
    }
}

fn push_operator(operator: &str, text: &mut String) {
    text.push(' ');
    text.push_str(operator);
    text.push(' ');
}

/// The beginnings of the placeholders of names and of values.
const NAME: &str = "#n";
const VALUE: &str = ":v";

fn push_placeholder(kind: &str, number: usize, text: &mut String) {
    text.push_str(kind);
    match u32::try_from(number).ok().and_then(|number| char::from_digit(number, 10)) {
        Some(digit) => text.push(digit),
        None => text.push_str(&number.to_string()),
    }
}

fn placeholder(kind: &str, number: usize) -> String {
    let mut text = String::with_capacity(4);
    push_placeholder(kind, number, &mut text);
    text
}

/// The attribute that a term is about.
fn subject(term: &Term) -> Option<&DocumentPath> {
    match term {
        Term::Path(path) => Some(path),
        Term::Call { arguments, .. } => arguments.iter().find_map(subject),
        Term::Arithmetic { left, right, .. } => subject(left).or_else(|| subject(right)),
        Term::Attribute(_) | Term::Value(_) | Term::Unsealed(_) | Term::Searched(_) => None,
    }
}
