//! The key condition of a query.

use super::condition::Node;
use super::document_path::DocumentPath;
use super::error::{ExpressionError, UnwritableExpression};
use super::term::Term;
use crate::description::{HIGHEST, KeyPart, KeyTemplate, Limit, Shards};
use aws_sdk_dynamodb::types::AttributeValue;
use std::borrow::Cow;

type Result<T, E = UnwritableExpression> = std::result::Result<T, E>;

/// The conditions of a query on the fields of its keys: the key attributes, or the fields that they are made of.
#[derive(Debug, Clone, Default)]
pub(crate) struct KeyCondition {
    /// The values of the hash key's fields.
    pub(crate) hash: Vec<Node>,
    /// The conditions on the range key's fields.
    pub(crate) range: Vec<Node>,
}

impl KeyCondition {
    /// The condition on the key attributes. `templates` say how the keys are made of fields; it is empty if the keys
    /// are fields themselves. `shard` is that of a hash key in shards.
    pub(crate) fn expressions(
        &self,
        model: &'static str,
        templates: &[KeyTemplate],
        shard: Option<u16>,
    ) -> Result<Node> {
        let mut nodes = Vec::new();
        match templates {
            [] => {
                self.hash.iter().try_for_each(|node| check(model, node, Limit::HASH))?;
                self.range.iter().try_for_each(|node| check(model, node, Limit::RANGE))?;
                nodes.extend(self.hash.iter().chain(&self.range).cloned());
            }
            [hash, range @ ..] => {
                let known = Known { model, fields: &self.hash, hash };
                let key = hash.render_in(shard, |field| known.find(field)).map_err(|error| error.of(model))?;
                nodes.extend(key.map(|key| compare(hash.attribute, "=", key)));
                for range in range {
                    let condition = known.range(range, &self.range)?;
                    condition.iter().try_for_each(|node| check(model, node, range.limit))?;
                    nodes.extend(condition);
                }
            }
        }
        Ok(match nodes.len() {
            0 | 1 => nodes.pop().unwrap_or(Node::None),
            _ => Node::And(nodes),
        })
    }

    /// The only shard that has the items, if the conditions determine it: each field that chooses it equals a value. A
    /// collection does not know the fields.
    pub(crate) fn shard(&self, templates: &[KeyTemplate], shards: Shards) -> Option<u16> {
        let value_of = |field| {
            let is_determined = templates.iter().any(|template| template.determines(field));
            self.hash.iter().chain(&self.range).filter(|_| is_determined).find_map(|node| node.equal(field))
        };
        shards.of(value_of).ok().flatten().filter(|_| !shards.by.is_empty())
    }
}

impl Node {
    /// The value that a field must equal.
    pub(crate) fn equal(&self, field: &str) -> Option<&AttributeValue> {
        match self {
            Node::Compare(Term::Path(path), "=", Term::Value(Ok(value))) if path.attribute() == field => value.as_ref(),
            Node::And(nodes) => nodes.iter().find_map(|node| node.equal(field)),
            _ => None,
        }
    }
}

/// The fields that have values in a query.
struct Known<'n> {
    model: &'static str,
    fields: &'n [Node],
    hash: &'n KeyTemplate,
}

impl<'n> Known<'n> {
    fn find(&self, field: &str) -> Option<&'n AttributeValue> {
        self.fields.iter().find_map(|node| node.equal(field))
    }

    /// The condition on the range key: its text up to the first field without a value, and the condition on that
    /// field.
    fn range(&self, template: &KeyTemplate, conditions: &[Node]) -> Result<Option<Node>> {
        if template.is_own() {
            let of_key = |node: &Node| rename(node, template.attribute);
            return Ok(conditions.first().map(of_key));
        }
        let mut conditions = conditions.iter();
        let mut text = String::new();
        for (position, part) in template.parts.iter().enumerate() {
            text.push_str(part.before);
            if let Some(value) = self.find(part.field).filter(|_| self.hash.determines(part.field)) {
                text.push_str(&self.text(template, part, value)?);
                continue;
            }
            let Some(node) = conditions.next() else {
                return Ok((!text.is_empty()).then(|| begins_with(template.attribute, text)));
            };
            if let Node::Compare(_, "=", value) = node {
                text.push_str(&self.text(template, part, self.value(part, value)?)?);
                continue;
            }
            let next = template.parts.get(position + 1);
            let is_last = next.is_none() && template.end.is_empty();
            let is_beside = next.is_some_and(|next| next.before.is_empty());
            let range = Range { template, before: text, is_last, is_beside };
            return self.part(part, node, range);
        }
        text.push_str(template.end);
        Ok(Some(compare(template.attribute, "=", AttributeValue::S(text))))
    }

    /// The condition on the first field with a range; `None` if all keys meet it.
    fn part(&self, part: &KeyPart, node: &Node, range: Range<'_>) -> Result<Option<Node>> {
        let text = |term: &Term| {
            let bound =
                part.bound(self.value(part, term)?, range.template.separator).map_err(|error| error.of(self.model))?;
            Ok::<_, UnwritableExpression>(bound.into_owned())
        };
        let prefix = |term: &Term| {
            let text = part.prefix(self.value(part, term)?, range.template.separator);
            Ok::<_, UnwritableExpression>(text.map_err(|error| error.of(self.model))?.into_owned())
        };
        Ok(Some(match node {
            Node::Compare(_, ">=", low) => range.between(Some(text(low)?), None),
            Node::Compare(_, ">", low) => {
                let low = range.after(text(low)?);
                range.between(Some(low), None)
            }
            Node::Compare(_, "<=", high) => {
                let high = range.to(text(high)?);
                range.between(None, Some(high))
            }
            Node::Compare(_, _, high) => {
                let high = range.below(text(high)?);
                range.between(None, Some(high))
            }
            Node::Between(_, low, high) => {
                let high = range.to(text(high)?);
                range.between(Some(text(low)?), Some(high))
            }
            Node::Call(_, arguments) => {
                let prefix = match arguments.get(1) {
                    Some(of) => prefix(of)?,
                    None => String::new(),
                };
                // DynamoDB refuses an empty text, which every key begins with.
                match range.before + &prefix {
                    text if text.is_empty() => return Ok(None),
                    text => begins_with(range.template.attribute, text),
                }
            }
            _ => return Ok(None),
        }))
    }

    fn text<'v>(&self, of: &KeyTemplate, part: &KeyPart, value: &'v AttributeValue) -> Result<Cow<'v, str>> {
        part.write(value, of.separator).map_err(|error| error.of(self.model).into())
    }

    fn value<'t>(&self, part: &KeyPart, term: &'t Term) -> Result<&'t AttributeValue> {
        let path = || DocumentPath::root(part.field).to_item_path();
        let refuse = |error| UnwritableExpression::Refused { model: self.model, error };
        match term {
            Term::Value(Ok(Some(value))) => Ok(value),
            Term::Value(Ok(None)) => Err(refuse(ExpressionError::Absent(path()))),
            Term::Value(Err(error)) => Err(error.clone().within_name(part.field).of(self.model).into()),
            _ => Err(refuse(ExpressionError::NotAValue(path()))),
        }
    }
}

/// A range of key texts with the same beginning.
struct Range<'t> {
    template: &'t KeyTemplate,
    before: String,
    /// Whether the field is the last part of the key.
    is_last: bool,
    /// Whether another field follows without a separator. Then the values have a fixed width.
    is_beside: bool,
}

impl Range<'_> {
    /// The largest text in which the field has this value.
    fn to(&self, value: String) -> String {
        match (self.is_last, self.is_beside) {
            (true, _) => value,
            (false, true) => format!("{value}{HIGHEST}"),
            (false, false) => format!("{value}{}{HIGHEST}", self.template.separator),
        }
    }

    /// A text after all texts in which the field has this value, and before those with the next value.
    fn after(&self, value: String) -> String {
        if !self.is_last {
            return self.to(value);
        }
        // No key has control characters.
        if self.template.limit.room(self.before.len() + value.len()) > 0 {
            return value + "\u{1}";
        }
        // No key is longer, so that the next text has a later character.
        let mut text = value;
        let length = text.len();
        while let Some(last) = text.pop() {
            if let Some(later) = (last..=char::MAX).nth(1)
                && text.len() + later.len_utf8() <= length
            {
                text.push(later);
                return text;
            }
        }
        HIGHEST.to_string()
    }

    /// A text before all texts in which the field has this value, and after those with the values before it.
    fn below(&self, mut value: String) -> String {
        if self.is_last
            && let Some(last) = value.pop()
        {
            value.push(('\0'..last).next_back().unwrap_or(last));
            value.push_str(highest(self.template.limit.room(self.before.len() + value.len())));
        }
        value
    }

    /// The condition that the key is between two texts, each after the text before the field.
    fn between(self, low: Option<String>, high: Option<String>) -> Node {
        let Self { template: &KeyTemplate { attribute, .. }, before, .. } = self;
        let text = |text: String| AttributeValue::S(format!("{before}{text}"));
        match (low, high) {
            // No key and no compared text is empty.
            (None, Some(high)) if before.is_empty() => compare(attribute, "<=", text(high)),
            (low, high) => Node::Between(
                Term::Path(DocumentPath::root(attribute)),
                Term::attribute_value(text(low.unwrap_or_default())),
                Term::attribute_value(text(high.unwrap_or_else(|| HIGHEST.to_string()))),
            ),
        }
    }
}

/// A text of at most `room` bytes that sorts after all texts of at most `room` bytes that a key may hold.
fn highest(room: usize) -> &'static str {
    match room {
        0 => "",
        1 => "\u{7F}",
        2 => "\u{7FF}",
        3 => "\u{FFFF}",
        _ => "\u{10FFFF}",
    }
}

/// Checks that DynamoDB accepts the values that a key attribute is compared with.
fn check(model: &'static str, node: &Node, limit: Limit) -> Result<()> {
    let (key, values): (_, Vec<&Term>) = match node {
        Node::Compare(key, _, value) => (key, vec![value]),
        Node::Between(key, low, high) => (key, vec![low, high]),
        Node::Call(_, arguments) => match arguments.as_slice() {
            [key, values @ ..] => (key, values.iter().collect()),
            [] => return Ok(()),
        },
        _ => return Ok(()),
    };
    for value in values {
        if let (Term::Path(path), Term::Value(Ok(Some(value)))) = (key, value) {
            limit.check(path.attribute(), value).map_err(|error| error.of(model))?;
        }
    }
    Ok(())
}

fn compare(attribute: &'static str, operator: &'static str, value: AttributeValue) -> Node {
    Node::Compare(Term::Path(DocumentPath::root(attribute)), operator, Term::attribute_value(value))
}

fn begins_with(attribute: &'static str, text: String) -> Node {
    let text = Term::attribute_value(AttributeValue::S(text));
    Node::Call("begins_with", vec![Term::Path(DocumentPath::root(attribute)), text])
}

/// The same condition on another attribute.
fn rename(node: &Node, attribute: &'static str) -> Node {
    let path = || Term::Path(DocumentPath::root(attribute));
    match node {
        Node::Compare(_, operator, value) => Node::Compare(path(), operator, value.clone()),
        Node::Between(_, low, high) => Node::Between(path(), low.clone(), high.clone()),
        Node::Call(function, arguments) => {
            Node::Call(function, std::iter::once(path()).chain(arguments.iter().skip(1).cloned()).collect())
        }
        other => other.clone(),
    }
}
