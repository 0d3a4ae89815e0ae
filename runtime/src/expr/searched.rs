//! Conditions on searchable attributes, which compare the hashes of their values.

use super::condition::Node;
use super::document_path::DocumentPath;
use super::term::{Term, Unsealed};
use super::writer::MAX_IN;
use crate::description::{Seal, Seals};

impl Node {
    /// The same condition on the hashes of the model's searchable attributes. They are made before it is sent.
    pub(crate) fn of_hashes(self, seals: &Seals) -> Self {
        if seals.searched().next().is_none() {
            return self;
        }
        match self {
            Node::Compare(Term::Path(path), operator, Term::Searched(of)) => match hash_of(&path, seals) {
                Some((seal, hash)) => {
                    let term = hashed(*of, seal, seals);
                    let path = if is_hashed(&term) { hash } else { path };
                    Node::Compare(Term::Path(path), operator, term)
                }
                None => Node::Compare(Term::Path(path), operator, Term::Searched(of)),
            },
            Node::In(path, values) => match hash_of(&path, seals) {
                Some((seal, hash)) if (1..=MAX_IN).contains(&values.len()) => {
                    let hashed = |value| match value {
                        Term::Searched(of) => hashed(*of, seal, seals),
                        other => other,
                    };
                    let values: Vec<Term> = values.into_iter().map(hashed).collect();
                    let path = if values.iter().all(is_hashed) { hash } else { path };
                    Node::In(path, values)
                }
                _ => Node::In(path, values),
            },
            Node::And(nodes) => Node::And(nodes.into_iter().map(|node| node.of_hashes(seals)).collect()),
            Node::Or(nodes) => Node::Or(nodes.into_iter().map(|node| node.of_hashes(seals)).collect()),
            Node::Not(node) => Node::Not(Box::new(node.of_hashes(seals))),
            other => other,
        }
    }

    /// Calls `change` with the terms that the condition compares attributes with.
    pub(crate) fn each_compared(&mut self, change: &mut dyn FnMut(&mut Term)) {
        match self {
            Node::Compare(_, _, value) => change(value),
            Node::In(_, values) => values.iter_mut().for_each(change),
            Node::And(nodes) | Node::Or(nodes) => nodes.iter_mut().for_each(|node| node.each_compared(change)),
            Node::Not(node) => node.each_compared(change),
            Node::None | Node::Between(..) | Node::Call(..) => {}
        }
    }

    /// The values whose hashes are not made yet.
    pub(crate) fn unsealed<'n>(&'n self, found: &mut Vec<&'n Unsealed>) {
        let mut add = |term: &'n Term| {
            if let Term::Unsealed(unsealed) = term {
                found.push(unsealed);
            }
        };
        match self {
            Node::Compare(_, _, value) => add(value),
            Node::In(_, values) => values.iter().for_each(add),
            Node::And(nodes) | Node::Or(nodes) => nodes.iter().for_each(|node| node.unsealed(found)),
            Node::Not(node) => node.unsealed(found),
            Node::None | Node::Between(..) | Node::Call(..) => {}
        }
    }
}

/// The seal of a searchable attribute, and the path of its hash.
fn hash_of(path: &DocumentPath, seals: &Seals) -> Option<(&'static Seal, DocumentPath)> {
    let seal = seals.of(path.attribute()).filter(|_| path.rest().is_empty())?;
    Some((seal, DocumentPath::root(seal.hash?)))
}

/// Whether a term is a value that has a hash. Other terms are refused when they are written: the error names the field.
fn is_hashed(term: &Term) -> bool {
    matches!(term, Term::Unsealed(_))
}

/// The hash of a value. A term that is no value stays as it is.
fn hashed(term: Term, seal: &'static Seal, seals: &Seals) -> Term {
    match term {
        Term::Value(Ok(Some(value))) => Term::Unsealed(Box::new(Unsealed { value, seal, of: *seals, is_hashed: true })),
        Term::Value(other) => Term::Value(other),
        other => Term::Searched(Box::new(other)),
    }
}
