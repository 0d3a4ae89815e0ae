//! The paths of values in an item.

use crate::ground::{AttributeMap, JsonNames, Path, Segment};
use aws_sdk_dynamodb::types::AttributeValue;

/// A document path: an attribute, and the steps from it to a value inside ("Referring to item attributes when using
/// expressions in DynamoDB").
#[derive(Debug, Clone)]
pub struct DocumentPath {
    root: &'static str,
    /// In a box, because most paths have only an attribute, and paths are moved often.
    rest: Option<Box<Rest>>,
}

/// The steps after the attribute.
#[derive(Debug, Clone, Default)]
struct Rest {
    steps: Vec<Segment>,
    /// The steps that are fields of structs whose fields have other names in JSON.
    json_names: Vec<(usize, JsonNames)>,
}

/// The names in JSON make no difference.
impl PartialEq for DocumentPath {
    fn eq(&self, other: &Self) -> bool {
        self.root == other.root && self.rest() == other.rest()
    }
}

impl Eq for DocumentPath {}

impl DocumentPath {
    pub(crate) const fn root(name: &'static str) -> Self {
        Self { root: name, rest: None }
    }

    pub(crate) fn then(&self, segment: Segment) -> Self {
        let mut path = self.clone();
        path.rest.get_or_insert_default().steps.push(segment);
        path
    }

    /// The path of a value inside the struct at this path, whose fields have these names in JSON.
    pub(crate) fn join(&self, inner: Self, json_names: JsonNames) -> Self {
        let mut path = self.clone();
        let rest = path.rest.get_or_insert_default();
        if json_names != JsonNames::SAME {
            rest.json_names.push((rest.steps.len(), json_names));
        }
        rest.steps.push(Segment::Name(inner.root.to_owned()));
        if let Some(inner) = inner.rest {
            let steps = rest.steps.len();
            rest.json_names.extend(inner.json_names.into_iter().map(|(step, names)| (steps + step, names)));
            rest.steps.extend(inner.steps);
        }
        path
    }

    /// The attribute at the start of the path.
    pub fn attribute(&self) -> &'static str {
        self.root
    }

    /// The steps after the attribute.
    pub fn rest(&self) -> &[Segment] {
        self.rest.as_ref().map_or(&[], |rest| &rest.steps)
    }

    /// Whether the paths are equal, or one leads into the value of the other.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        self.root == other.root && self.rest().iter().zip(other.rest()).all(|(one, other)| one == other)
    }

    /// Whether the path leads into the value of another one.
    pub(super) fn is_inside(&self, outer: &Self) -> bool {
        self.rest().len() > outer.rest().len() && self.overlaps(outer)
    }

    /// Whether the first steps of both paths are equal.
    pub(super) fn shares_steps(&self, other: &Self, steps: usize) -> bool {
        let first = |path: &Self| path.rest().iter().take(steps).cloned().collect::<Vec<_>>();
        self.root == other.root && first(self) == first(other)
    }

    /// The value at this path in a response. A list in a response has only the requested elements, without their
    /// indexes.
    pub(crate) fn find<'a>(&self, attributes: &'a AttributeMap) -> Option<&'a AttributeValue> {
        self.find_in(attributes.get(self.root)?)
    }

    /// The value at this path in a response, from the attribute's value on.
    pub(crate) fn find_in<'a>(&self, root: &'a AttributeValue) -> Option<&'a AttributeValue> {
        let mut value = root;
        for segment in self.rest() {
            value = match (value, segment) {
                (AttributeValue::M(entries), Segment::Name(name)) => entries.get(name)?,
                (AttributeValue::L(elements), Segment::Index(_)) if elements.len() == 1 => elements.first()?,
                (AttributeValue::L(elements), Segment::Index(index)) => elements.get(*index)?,
                _ => return None,
            };
        }
        Some(value)
    }

    /// The path in the form of error texts.
    pub(crate) fn to_item_path(&self) -> Path {
        let mut path = Path::default();
        for segment in self.rest().iter().rev() {
            path.push_outer(segment.clone());
        }
        path.push_outer(self.root.into());
        path
    }

    /// The same path in JSON. Only the model knows the name of the first attribute there.
    pub(crate) fn to_json_path(&self) -> Path {
        let mut path = Path::default();
        for (step, segment) in self.rest().iter().enumerate().rev() {
            let mut names = self.rest.iter().flat_map(|rest| &rest.json_names);
            let names = names.find(|(at, _)| *at == step);
            path.push_outer(match (segment, names) {
                (Segment::Name(name), Some((_, names))) => names.of(name).as_ref().into(),
                _ => segment.clone(),
            });
        }
        path.push_outer(self.root.into());
        path
    }
}
