//! The binding of a cursor to its read: the table, the index and the key condition.

use crate::expr::{Node, Term};
use aws_sdk_dynamodb::types::AttributeValue;
use std::fmt::Write;
use std::hash::Hasher;

/// The parts of a read that its cursors are bound to.
#[derive(Debug, Clone, Copy)]
pub(in crate::ops) struct Binding<'r> {
    pub(in crate::ops) table: &'r str,
    pub(in crate::ops) index: Option<&'r str>,
    /// The key condition of a query; a scan has none.
    pub(in crate::ops) key_condition: Option<&'r Node>,
}

impl Binding<'_> {
    /// A hash of the read: the names of table and index, and the attributes, operators and values of the key
    /// condition. The cursors of clients hold it, so that another way to calculate it needs another version of
    /// cursors.
    pub(in crate::ops) fn hash(&self) -> u64 {
        let mut hasher = fnv::FnvHasher::default();
        for name in [self.table, self.index.unwrap_or_default()] {
            write_bytes(name.as_bytes(), &mut hasher);
        }
        match self.key_condition {
            Some(node) => write_node(node, &mut hasher),
            None => hasher.write_u8(b'*'),
        }
        hasher.finish()
    }

    /// The hash in cursors without a version. It is the hash of a text that lists the key condition in the same way
    /// as the compiler's `Debug` did for these cursors. Remove it after 2027, together with the code of
    /// [`Position`](super::cursor::Position) that reads such cursors.
    pub(in crate::ops) fn hash_without_version(&self) -> u64 {
        let mut hasher = fnv::FnvHasher::default();
        for name in [self.table, self.index.unwrap_or_default()] {
            hasher.write(name.as_bytes());
            hasher.write_u8(0);
        }
        let condition = self.key_condition.map_or_else(|| "None".to_owned(), |node| format!("Some({})", listed(node)));
        hasher.write(condition.as_bytes());
        hasher.finish()
    }
}

fn write_bytes(bytes: &[u8], hasher: &mut impl Hasher) {
    hasher.write(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    hasher.write(bytes);
}

fn write_node(node: &Node, hasher: &mut impl Hasher) {
    let mut comparison = |operator: &str, terms: &[&Term]| {
        write_bytes(operator.as_bytes(), hasher);
        terms.iter().for_each(|term| write_term(term, hasher));
    };
    match node {
        Node::Compare(left, operator, right) => comparison(operator, &[left, right]),
        Node::Between(key, low, high) => comparison("BETWEEN", &[key, low, high]),
        Node::Call(function, arguments) => comparison(function, &arguments.iter().collect::<Vec<_>>()),
        Node::And(nodes) => nodes.iter().for_each(|node| write_node(node, hasher)),
        // Key conditions have no other nodes.
        Node::None | Node::In(..) | Node::Or(_) | Node::Not(_) => {}
    }
}

fn write_term(term: &Term, hasher: &mut impl Hasher) {
    let (kind, bytes) = match term {
        Term::Path(path) => (b'P', path.attribute().as_bytes()),
        Term::Value(Ok(Some(AttributeValue::S(text)))) => (b'S', text.as_bytes()),
        Term::Value(Ok(Some(AttributeValue::N(text)))) => (b'N', text.as_bytes()),
        Term::Value(Ok(Some(AttributeValue::B(blob)))) => (b'B', blob.as_ref()),
        _ => return,
    };
    hasher.write_u8(kind);
    write_bytes(bytes, hasher);
}

/// The text of a key condition in cursors without a version.
fn listed(node: &Node) -> String {
    let terms = |terms: &mut dyn Iterator<Item = &Term>| terms.map(listed_term).collect::<Vec<_>>().join(", ");
    match node {
        Node::Compare(left, operator, right) => {
            format!("Compare({}, {}, {})", listed_term(left), quoted(operator), listed_term(right))
        }
        Node::Between(key, low, high) => format!("Between({})", terms(&mut [key, low, high].into_iter())),
        Node::Call(function, arguments) => format!("Call({}, [{}])", quoted(function), terms(&mut arguments.iter())),
        Node::And(nodes) => format!("And([{}])", nodes.iter().map(listed).collect::<Vec<_>>().join(", ")),
        Node::None | Node::In(..) | Node::Or(_) | Node::Not(_) => "None".to_owned(),
    }
}

fn listed_term(term: &Term) -> String {
    let value = match term {
        Term::Path(path) => return format!("Path(DocumentPath {{ root: {}, rest: [] }})", quoted(path.attribute())),
        Term::Value(Ok(Some(AttributeValue::S(text)))) => format!("S({})", quoted(text)),
        Term::Value(Ok(Some(AttributeValue::N(text)))) => format!("N({})", quoted(text)),
        Term::Value(Ok(Some(AttributeValue::B(blob)))) => {
            let mut bytes = String::new();
            for byte in blob.as_ref() {
                // Writing to a string cannot fail.
                let _ = write!(bytes, "{byte:02x}");
            }
            format!("B(Blob {{ inner: {bytes} }})")
        }
        _ => return String::new(),
    };
    format!("Value(Ok(Some({value})))")
}

/// A text in quotes, with escaped characters.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '\'' => quoted.push(character),
            other => quoted.extend(other.escape_debug()),
        }
    }
    quoted + "\""
}
