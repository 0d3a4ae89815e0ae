//! Paths into items.

use crate::store::value::{Item, Value};

/// A path: an attribute, and the steps into its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    pub(super) attribute: String,
    pub(super) steps: Vec<Step>,
}

/// One step into a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Name(String),
    Index(usize),
}

impl Path {
    /// The value at the path, if there is one.
    pub(super) fn get<'i>(&self, item: &'i Item) -> Option<&'i Value> {
        let mut value = item.get(&self.attribute)?;
        for step in &self.steps {
            value = match (step, value) {
                (Step::Name(name), Value::M(map)) => map.get(name)?,
                (Step::Index(index), Value::L(list)) => list.get(*index)?,
                _ => return None,
            };
        }
        Some(value)
    }

    /// Sets the value at the path; false if the item has no place for it.
    pub(super) fn set(&self, item: &mut Item, value: Value) -> bool {
        let Some((last, steps)) = self.steps.split_last() else {
            item.insert(self.attribute.clone(), value);
            return true;
        };
        match (last, self.place(item, steps)) {
            (Step::Name(name), Some(Value::M(map))) => drop(map.insert(name.clone(), value)),
            (Step::Index(index), Some(Value::L(list))) => match list.get_mut(*index) {
                Some(place) => *place = value,
                None => list.push(value),
            },
            _ => return false,
        }
        true
    }

    /// Removes the value at the path; false if the item has no place for it.
    pub(super) fn remove(&self, item: &mut Item) -> bool {
        let Some((last, steps)) = self.steps.split_last() else {
            item.remove(&self.attribute);
            return true;
        };
        match (last, self.place(item, steps)) {
            (Step::Name(name), Some(Value::M(map))) => drop(map.remove(name)),
            (Step::Index(index), Some(Value::L(list))) => {
                if *index < list.len() {
                    list.remove(*index);
                }
            }
            _ => return false,
        }
        true
    }

    fn place<'i>(&self, item: &'i mut Item, steps: &[Step]) -> Option<&'i mut Value> {
        let mut value = item.get_mut(&self.attribute)?;
        for step in steps {
            value = match (step, value) {
                (Step::Name(name), Value::M(map)) => map.get_mut(name)?,
                (Step::Index(index), Value::L(list)) => list.get_mut(*index)?,
                _ => return None,
            };
        }
        Some(value)
    }

    /// Whether one of the paths is a prefix of the other.
    pub(super) fn overlaps(&self, other: &Path) -> bool {
        self.attribute == other.attribute && self.steps.iter().zip(&other.steps).all(|(one, other)| one == other)
    }
}
