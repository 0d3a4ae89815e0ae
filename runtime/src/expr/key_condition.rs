//! What a query asks of the keys.

use super::condition::Node;
use super::document_path::DocumentPath;
use super::error::{ExpressionError, UnwritableExpression};
use super::term::Term;
use crate::description::{HIGHEST, KeyPart, KeyTemplate, Limit, SEPARATOR};
use aws_sdk_dynamodb::types::AttributeValue;

type Result<T, E = UnwritableExpression> = std::result::Result<T, E>;

/// What a query asks of the fields that the keys are, or are made of.
#[derive(Debug, Clone, Default)]
pub(crate) struct KeyCondition {
    /// That each field of the hash key has its value.
    pub(crate) hash: Vec<Node>,
    /// What is asked of the range key's fields.
    pub(crate) range: Vec<Node>,
}

/// What DynamoDB is asked.
#[derive(Debug)]
pub(crate) struct Asked {
    /// The key condition.
    pub(crate) keys: Node,
    /// What a filter has to leave out, since a key condition is at most one comparison.
    pub(crate) filter: Vec<Node>,
}

impl KeyCondition {
    /// The condition on the key attributes; `templates` are how these are made of the fields, none where they are the
    /// fields themselves.
    pub(crate) fn asked(&self, model: &'static str, templates: &[KeyTemplate]) -> Result<Asked> {
        let mut nodes = Vec::new();
        let mut filter = Vec::new();
        match templates {
            [] => {
                self.hash.iter().try_for_each(|node| check(model, node, Limit::HASH))?;
                self.range.iter().try_for_each(|node| check(model, node, Limit::RANGE))?;
                nodes.extend(self.hash.iter().chain(&self.range).cloned());
            }
            [hash, range @ ..] => {
                let known = Known { model, fields: &self.hash };
                let key = hash.render(|field| known.find(field)).map_err(|error| error.of(model))?;
                nodes.extend(key.map(|key| compare(hash.attribute, "=", key)));
                for range in range {
                    let asked = known.range(range, &self.range, &mut filter)?;
                    asked.iter().try_for_each(|node| check(model, node, range.limit))?;
                    nodes.extend(asked);
                }
            }
        }
        let keys = match nodes.len() {
            0 | 1 => nodes.pop().unwrap_or(Node::None),
            _ => Node::And(nodes),
        };
        Ok(Asked { keys, filter })
    }
}

/// The fields that a query gives values.
struct Known<'n> {
    model: &'static str,
    fields: &'n [Node],
}

impl<'n> Known<'n> {
    fn find(&self, field: &str) -> Option<&'n AttributeValue> {
        self.fields.iter().find_map(|node| match node {
            Node::Compare(Term::Path(path), "=", Term::Value(Ok(value))) if path.attribute() == field => value.as_ref(),
            _ => None,
        })
    }

    /// What is asked of the range key: the text up to the first field that has no value, and what is asked of that.
    fn range(&self, template: &KeyTemplate, asked: &[Node], filter: &mut Vec<Node>) -> Result<Option<Node>> {
        if template.is_own() {
            let of_key = |node: &Node| rename(node, template.attribute);
            return Ok(asked.first().map(of_key));
        }
        let mut asked = asked.iter();
        let mut text = String::new();
        for (position, part) in template.parts.iter().enumerate() {
            text.push_str(part.before);
            if let Some(value) = self.find(part.field) {
                text.push_str(&self.text(part, value)?);
                continue;
            }
            let Some(node) = asked.next() else {
                return Ok((!text.is_empty()).then(|| begins_with(template.attribute, text)));
            };
            if let Node::Compare(_, "=", value) = node {
                text.push_str(&self.text(part, self.value(part, value)?)?);
                continue;
            }
            let is_last = position + 1 == template.parts.len() && template.end.is_empty();
            let range = Range { attribute: template.attribute, before: text, is_last };
            return self.part(part, node, range, filter).map(Some);
        }
        text.push_str(template.end);
        Ok(Some(compare(template.attribute, "=", AttributeValue::S(text))))
    }

    /// What is asked of the first field that has a range.
    fn part(&self, part: &KeyPart, node: &Node, range: Range, filter: &mut Vec<Node>) -> Result<Node> {
        let text = |term: &Term| {
            let bound = part.bound(self.value(part, term)?).map_err(|error| error.of(self.model))?;
            Ok::<_, UnwritableExpression>(bound.into_owned())
        };
        Ok(match node {
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
                // Nothing sorts just before a text: the text itself is read, and left out.
                if range.is_last {
                    filter.push(Node::Compare(Term::Path(DocumentPath::root(part.field)), "<>", high.clone()));
                }
                range.between(None, Some(text(high)?))
            }
            Node::Between(_, low, high) => {
                let high = range.to(text(high)?);
                range.between(Some(text(low)?), Some(high))
            }
            Node::Call(_, arguments) => {
                let prefix = match arguments.get(1) {
                    Some(prefix) => text(prefix)?,
                    None => String::new(),
                };
                begins_with(range.attribute, range.before + &prefix)
            }
            _ => Node::None,
        })
    }

    fn text<'v>(&self, part: &KeyPart, value: &'v AttributeValue) -> Result<std::borrow::Cow<'v, str>> {
        part.write(value).map_err(|error| error.of(self.model).into())
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

/// A range of a key's texts that begin alike.
struct Range {
    attribute: &'static str,
    before: String,
    /// Whether nothing follows the field.
    is_last: bool,
}

impl Range {
    /// The largest text in which the field has a value.
    fn to(&self, value: String) -> String {
        if self.is_last { value } else { format!("{value}{SEPARATOR}{HIGHEST}") }
    }

    /// A text between those in which the field has a value, and those with the next.
    fn after(&self, value: String) -> String {
        // No key has control characters.
        if self.is_last { value + "\u{1}" } else { self.to(value) }
    }

    /// From one text to another, each with what stands before the field.
    fn between(self, low: Option<String>, high: Option<String>) -> Node {
        let Self { attribute, before, is_last: _ } = self;
        let text = |text: String| AttributeValue::S(format!("{before}{text}"));
        match (low, high) {
            // A key is not empty, and neither are the texts that it is compared with.
            (None, Some(high)) if before.is_empty() => compare(attribute, "<=", text(high)),
            (low, high) => Node::Between(
                Term::Path(DocumentPath::root(attribute)),
                Term::attribute_value(text(low.unwrap_or_default())),
                Term::attribute_value(text(high.unwrap_or_else(|| HIGHEST.to_string()))),
            ),
        }
    }
}

/// Checks that DynamoDB takes the values that a key attribute is compared with.
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

/// The same of another attribute.
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
