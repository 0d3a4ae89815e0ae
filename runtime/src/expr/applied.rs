//! The result of an update, calculated here in the same way as DynamoDB does it. It shows why DynamoDB refused an
//! update, and which result the update of a known item would have.

use super::document_path::DocumentPath;
use super::term::Term;
use super::update_parts::UpdateAction;
use crate::codec::{Number, normal_number};
use crate::ground::{AttributeMap, Segment};
use aws_sdk_dynamodb::types::AttributeValue;

/// The result of an update of an item.
pub(super) struct Applied {
    item: AttributeMap,
    /// The value that each action leaves at its path.
    values: Vec<(DocumentPath, AttributeValue)>,
    /// The paths of removed values.
    removed: Vec<DocumentPath>,
}

/// The result of an update of an item; `None` if DynamoDB would refuse the update.
pub(super) fn applied(actions: &[UpdateAction], item: &AttributeMap) -> Option<Applied> {
    let mut after = item.clone();
    let (removed, mut set): (Vec<&UpdateAction>, Vec<&UpdateAction>) = actions
        .iter()
        .filter(|action| !action.is_of_hash())
        .partition(|action| matches!(action, UpdateAction::Remove(_)));
    let mut values = Vec::new();
    // DynamoDB appends elements beyond the end of a list, in the order of their indexes.
    set.sort_by_key(|action| last_index(action.path()));
    for action in set {
        let path = action.path();
        let before = value_at(path, item);
        let value = match action {
            UpdateAction::Set(_, term) => Some(evaluated(term, item)?),
            UpdateAction::Add(_, term) => Some(sum(before, evaluated(term, item)?)?),
            UpdateAction::Delete(_, term) => without(before, &evaluated(term, item)?),
            UpdateAction::Remove(_) => None,
        };
        values.extend(value.clone().map(|value| (path.clone(), value)));
        put(path, &mut after, value)?;
    }
    // An index counts the elements before the update, so that the innermost and the last elements are removed first.
    let mut removed: Vec<DocumentPath> = removed.into_iter().map(|action| action.path().clone()).collect();
    removed.sort_by_key(|path| std::cmp::Reverse((path.rest().len(), last_index(path))));
    for path in &removed {
        put(path, &mut after, None)?;
    }
    Some(Applied { item: after, values, removed })
}

impl Applied {
    /// The value after the update at a path that counts list elements as before the update.
    pub(super) fn value_at(&self, path: &DocumentPath) -> Option<&AttributeValue> {
        match self.values.iter().find(|(of, _)| of == path) {
            Some((_, value)) => Some(value),
            None => value_at(&self.moved(path), &self.item),
        }
    }

    /// The path after list elements before it were removed.
    fn moved(&self, path: &DocumentPath) -> DocumentPath {
        let mut moved = DocumentPath::root(path.attribute());
        for (depth, segment) in path.rest().iter().enumerate() {
            let is_before = |removed: &&DocumentPath| {
                removed.rest().len() == depth + 1
                    && removed.shares_steps(path, depth)
                    && matches!((removed.rest().last(), segment), (Some(Segment::Index(at)), Segment::Index(own)) if at < own)
            };
            moved = moved.then(match segment {
                Segment::Index(index) => {
                    Segment::Index(index.saturating_sub(self.removed.iter().filter(is_before).count()))
                }
                segment @ Segment::Name(_) => segment.clone(),
            });
        }
        moved
    }
}

pub(super) fn last_index(path: &DocumentPath) -> Option<usize> {
    match path.rest().last() {
        Some(Segment::Index(index)) => Some(*index),
        _ => None,
    }
}

/// The value at a path in a whole item.
pub(super) fn value_at<'i>(path: &DocumentPath, item: &'i AttributeMap) -> Option<&'i AttributeValue> {
    path.rest().iter().try_fold(item.get(path.attribute())?, |value, segment| match (value, segment) {
        (AttributeValue::M(entries), Segment::Name(name)) => entries.get(name),
        (AttributeValue::L(elements), Segment::Index(index)) => elements.get(*index),
        _ => None,
    })
}

/// Puts a value at a path, or removes the value there; `None` if nothing holds the path.
pub(super) fn put(path: &DocumentPath, item: &mut AttributeMap, value: Option<AttributeValue>) -> Option<()> {
    let Some((last, way)) = path.rest().split_last() else {
        match value {
            Some(value) => item.insert(path.attribute().to_owned(), value),
            None => item.remove(path.attribute()),
        };
        return Some(());
    };
    let parent = way.iter().try_fold(item.get_mut(path.attribute())?, |value, segment| match (value, segment) {
        (AttributeValue::M(entries), Segment::Name(name)) => entries.get_mut(name),
        (AttributeValue::L(elements), Segment::Index(index)) => elements.get_mut(*index),
        _ => None,
    })?;
    match (parent, last, value) {
        (AttributeValue::M(entries), Segment::Name(name), Some(value)) => drop(entries.insert(name.clone(), value)),
        (AttributeValue::M(entries), Segment::Name(name), None) => drop(entries.remove(name)),
        (AttributeValue::L(elements), Segment::Index(index), Some(value)) => match elements.get_mut(*index) {
            Some(element) => *element = value,
            None => elements.push(value),
        },
        (AttributeValue::L(elements), Segment::Index(index), None) => {
            let mut at = 0..;
            elements.retain(|_| at.next() != Some(*index));
        }
        _ => return None,
    }
    Some(())
}

fn evaluated(term: &Term, item: &AttributeMap) -> Option<AttributeValue> {
    match term {
        Term::Path(path) => value_at(path, item).cloned(),
        Term::Attribute(name) => item.get(name).cloned(),
        Term::Value(value) => value.as_ref().ok()?.clone(),
        Term::Unsealed(unsealed) => Some(unsealed.value.clone()),
        Term::Searched(_) => None,
        Term::Call { function, arguments } => {
            let [first, second] = arguments.as_slice() else { return None };
            match *function {
                "if_not_exists" => evaluated(first, item).or_else(|| evaluated(second, item)),
                "list_append" => match (evaluated(first, item)?, evaluated(second, item)?) {
                    (AttributeValue::L(first), AttributeValue::L(second)) => {
                        Some(AttributeValue::L(first.into_iter().chain(second).collect()))
                    }
                    _ => None,
                },
                _ => None,
            }
        }
        Term::Arithmetic { left, operator, right } => {
            let (left, right) = (number(&evaluated(left, item)?)?, number(&evaluated(right, item)?)?);
            let result = if *operator == "-" { left.minus(&right) } else { left.plus(&right) };
            result.filter(|result| !result.is_too_long()).map(|result| AttributeValue::N(result.to_string()))
        }
    }
}

pub(super) fn number(value: &AttributeValue) -> Option<Number> {
    value.as_n().ok().and_then(|text| Number::parse(text))
}

/// The result of ADD for a number or a set.
fn sum(before: Option<&AttributeValue>, added: AttributeValue) -> Option<AttributeValue> {
    use AttributeValue::{Bs, N, Ns, Ss};
    Some(match (before, added) {
        (None, added) => added,
        (Some(before @ N(_)), added @ N(_)) => {
            let sum = number(before)?.plus(&number(&added)?)?;
            N(Some(sum).filter(|sum| !sum.is_too_long())?.to_string())
        }
        (Some(Ss(own)), Ss(added)) => Ss(union(own, added, |one, other| one == other)),
        (Some(Ns(own)), Ns(added)) => Ns(union(own, added, |one, other| is_same_number(one, other))),
        (Some(Bs(own)), Bs(added)) => Bs(union(own, added, |one, other| one == other)),
        _ => return None,
    })
}

/// The result of DELETE for a set; `None` if no elements are left.
fn without(before: Option<&AttributeValue>, taken: &AttributeValue) -> Option<AttributeValue> {
    use AttributeValue::{Bs, Ns, Ss};
    match (before?, taken) {
        (Ss(own), Ss(taken)) => difference(own, taken, |one, other| one == other).map(Ss),
        (Ns(own), Ns(taken)) => difference(own, taken, |one, other| is_same_number(one, other)).map(Ns),
        (Bs(own), Bs(taken)) => difference(own, taken, |one, other| one == other).map(Bs),
        (other, _) => Some(other.clone()),
    }
}

fn union<T: Clone>(own: &[T], added: Vec<T>, is_same: impl Fn(&T, &T) -> bool) -> Vec<T> {
    let new = added.into_iter().filter(|element| !own.iter().any(|own| is_same(own, element)));
    own.iter().cloned().chain(new).collect()
}

fn difference<T: Clone>(own: &[T], taken: &[T], is_same: impl Fn(&T, &T) -> bool) -> Option<Vec<T>> {
    let is_taken = |element: &&T| taken.iter().any(|taken| is_same(taken, element));
    let left: Vec<T> = own.iter().filter(|element| !is_taken(element)).cloned().collect();
    (!left.is_empty()).then_some(left)
}

fn is_same_number(one: &str, other: &str) -> bool {
    normal_number(one) == normal_number(other)
}
