//! The number of elements that an update adds to a collection or removes from it, as a condition on its size.

use super::condition::Node;
use super::document_path::DocumentPath;
use super::term::Term;
use crate::validate::Constraints;

/// The maximum of possibly stored elements for which the condition has every case. With more elements, the condition
/// has two cases: all are stored, or none are.
const MAX_CASES: usize = 3;

/// The changes of an update to the elements of one collection.
#[derive(Debug, Clone)]
pub(super) struct Growth {
    pub(super) collection: DocumentPath,
    pub(super) min_items: Option<usize>,
    pub(super) max_items: Option<usize>,
    /// The added elements. A possibly stored element has a condition that it is stored.
    pub(super) added: Vec<Option<Node>>,
    /// The removed elements. A possibly missing element has a condition that it is missing.
    pub(super) taken: Vec<Option<Node>>,
    /// Other conditions on the stored collection.
    pub(super) beside: Vec<Node>,
    /// Whether DynamoDB treats an absent collection as an empty one.
    pub(super) may_be_absent: bool,
}

impl Growth {
    pub(super) fn new(collection: &DocumentPath, constraints: &Constraints) -> Self {
        Self {
            collection: collection.clone(),
            min_items: constraints.min_items,
            max_items: constraints.max_items,
            added: Vec::new(),
            taken: Vec::new(),
            beside: Vec::new(),
            may_be_absent: false,
        }
    }

    /// The changes of both to one collection.
    pub(super) fn and(mut self, other: Self) -> Self {
        extend(&mut self.added, other.added);
        extend(&mut self.taken, other.taken);
        self.beside.extend(other.beside);
        self.may_be_absent &= other.may_be_absent;
        self
    }

    /// Whether the changes have any conditions.
    pub(super) fn is_bounded(&self) -> bool {
        (self.max_items.is_some() && !self.added.is_empty())
            || (self.min_items.is_some() && !(self.added.is_empty() && self.taken.is_empty()))
            || !self.beside.is_empty()
    }

    /// The condition, and whether it is exact: an inexact condition is too narrow in some cases.
    pub(super) fn condition(&self) -> (Node, bool) {
        let is_exact = |changes: &[Option<Node>]| changes.iter().flatten().count() <= MAX_CASES;
        let exact = is_exact(&self.added) && is_exact(&self.taken) && (self.added.is_empty() || self.taken.is_empty());
        let mut nodes = self.beside.clone();
        if let Some(max) = self.max_items
            && !self.added.is_empty()
        {
            let at_most = |changes: usize| max.checked_sub(changes).map(|max| self.size("<=", max));
            nodes.push(self.cases(&self.added, at_most, self.added.len() <= max));
        }
        if let Some(least) = self.min_items {
            let at_least = |changes: usize| Some(self.size(">=", least.saturating_add(changes)));
            if !self.taken.is_empty() {
                nodes.push(self.cases(&self.taken, at_least, true));
            } else if self.added.len() < least {
                let fewer = least - self.added.len();
                nodes.push(self.size(">=", fewer));
            }
        }
        match nodes.len() {
            0 | 1 => (nodes.pop().unwrap_or(Node::None), exact),
            _ => (Node::And(nodes), exact),
        }
    }

    /// The condition that the size fits in one of the cases. Each case says which elements change nothing.
    fn cases(&self, changes: &[Option<Node>], fits: impl Fn(usize) -> Option<Node>, fits_absent: bool) -> Node {
        let conditions: Vec<&Node> = changes.iter().flatten().collect();
        let mut cases = Vec::new();
        if self.may_be_absent && fits_absent {
            let path = Term::Path(self.collection.clone());
            cases.push(Node::Call("attribute_not_exists", vec![path]));
        }
        let subsets = if conditions.len() <= MAX_CASES { 1_u32 << conditions.len() } else { 2 };
        for subset in 0..subsets {
            let is_all = conditions.len() > MAX_CASES && subset == 1;
            let without: Vec<Node> = conditions
                .iter()
                .enumerate()
                .filter(|(position, _)| is_all || (conditions.len() <= MAX_CASES && subset & (1 << position) != 0))
                .map(|(_, node)| (*node).clone())
                .collect();
            let changing = changes.len() - without.len();
            let mut case = without;
            if changing > 0 {
                let Some(size) = fits(changing) else { continue };
                case.push(size);
            }
            match case.len() {
                0 | 1 => cases.extend(case),
                _ => cases.push(Node::And(case)),
            }
        }
        match cases.len() {
            // No size fits: a condition that no value fulfils.
            0 => Node::And(vec![self.size("<", 1), self.size(">", 1)]),
            1 => cases.pop().unwrap_or(Node::None),
            _ => Node::Or(cases),
        }
    }

    fn size(&self, operator: &'static str, size: usize) -> Node {
        let own = Term::call("size", vec![Term::Path(self.collection.clone())]);
        Node::Compare(own, operator, Term::value(&u64::try_from(size).unwrap_or(u64::MAX)))
    }
}

/// Adds changes of elements. An element that several actions add or remove is one change.
fn extend(changes: &mut Vec<Option<Node>>, others: Vec<Option<Node>>) {
    for other in others {
        if other.is_none() || !changes.contains(&other) {
            changes.push(other);
        }
    }
}
