//! The collections that hold a value: what their constraints and transforms mean for a change of the value.

use super::capability::NumberRange;
use super::condition::Node;
use super::document_path::DocumentPath;
use super::growth::Growth;
use super::requirement::{Judge, Requirement, RequirementCondition, Scope};
use super::term::Term;
use super::untyped::{ChangeStored, UntypedRules};
use crate::ground::{JsonNames, Segment, Violations};
use crate::validate::Constraints;
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;
use std::sync::Arc;

/// A collection that holds an attribute.
#[derive(Clone)]
pub(super) struct Outer {
    collection: DocumentPath,
    constraints: Constraints,
    judge: Judge,
    /// Judges the structs in it by the functions of the app's own.
    functions: Option<Judge>,
    transform: Option<ChangeStored>,
    /// Whether the attribute is inside an element of the collection, and not the element itself.
    is_further_out: bool,
}

/// The change of a value in a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Set,
    /// The value is a struct that a patch changes inside.
    Patch,
    Calculate,
    Remove,
}

impl Outer {
    /// The collections that hold the elements of a collection; without itself if the schema has no constraints for it.
    pub(super) fn of_elements(outer: &[Self], path: &DocumentPath, rules: &dyn UntypedRules) -> Vec<Self> {
        let mut all: Vec<Self> = outer.iter().map(Self::further_out).collect();
        if rules.exist() {
            let none = [AttributeValue::L(Vec::new()), AttributeValue::M(HashMap::new())];
            let constraints = none.into_iter().find_map(|none| rules.constraints(none)).unwrap_or_default();
            let (judge, functions) = (rules.judge(NumberRange::All), rules.functions());
            let (collection, transform) = (path.clone(), rules.transform());
            all.push(Self { collection, constraints, judge, functions, transform, is_further_out: false });
        }
        all
    }

    /// The collections that hold an attribute of the struct at a path, whose fields have these names in JSON.
    pub(super) fn of_field(outer: &[Self], of: Vec<Self>, path: &DocumentPath, json_names: JsonNames) -> Vec<Self> {
        let own = outer.iter().map(Self::further_out);
        own.chain(of.into_iter().map(|outer| outer.inside(path, json_names))).collect()
    }

    fn further_out(&self) -> Self {
        Self { is_further_out: true, ..self.clone() }
    }

    /// The same collection in the struct at a path, whose fields have these names in JSON.
    fn inside(self, path: &DocumentPath, json_names: JsonNames) -> Self {
        Self { collection: path.join(self.collection, json_names), ..self }
    }

    /// The requirements on the collections after a value in them changes.
    pub(super) fn requirements(collections: &[Self], element: &DocumentPath, change: Change) -> Vec<Requirement> {
        collections.iter().filter_map(|outer| outer.requirement(element, change)).collect()
    }

    /// The requirement on the collection after a value in it changes.
    fn requirement(&self, element: &DocumentPath, change: Change) -> Option<Requirement> {
        let Constraints { unique_items, others, of_elements, .. } = self.constraints;
        if self.is_further_out
            && change == Change::Patch
            && !others
            && !unique_items
            && let Some(judge) = &self.functions
        {
            let (path, condition) = (self.collection.clone(), RequirementCondition::Unknown);
            return Some(Requirement { path, judge: judge.clone(), scope: Scope::Functions, condition });
        }
        let is_unknown = others
            || (unique_items && change != Change::Remove)
            || (of_elements && change == Change::Calculate && !self.is_further_out);
        let condition = if is_unknown {
            RequirementCondition::Unknown
        } else if self.is_further_out {
            return None;
        } else {
            let mut growth = Growth::new(&self.collection, &self.constraints);
            let path = || vec![Term::Path(element.clone())];
            match (change, element.rest().last()) {
                (Change::Remove, _) => growth.taken.push(Some(Node::Call("attribute_not_exists", path()))),
                // DynamoDB appends an element beyond the end of a list. The list then has at most this many elements.
                (_, Some(Segment::Index(index))) if growth.max_items.is_some_and(|max| *index < max) => {}
                _ => growth.added.push(Some(Node::Call("attribute_exists", path()))),
            }
            if !growth.is_bounded() {
                return None;
            }
            RequirementCondition::Growth(growth)
        };
        let (path, judge) = (self.collection.clone(), self.judge.clone());
        Some(Requirement { path, judge, scope: Scope::All, condition })
    }

    /// The violations of a value that is set in the collection, whatever the other elements are.
    fn violations(&self, element: &DocumentPath, value: &AttributeValue) -> Option<Violations> {
        let alone = alone(element, value.clone())?;
        (self.judge)(&self.collection, &alone).ok()??.of_element(&self.collection, element)
    }

    /// Judges an element of the innermost of these collections by the functions of the app's own for elements.
    pub(super) fn functions_of_element(collections: &[Self]) -> Option<Judge> {
        let outer = collections.last().filter(|outer| !outer.is_further_out)?;
        let (judge, collection) = (outer.functions.clone()?, outer.collection.clone());
        Some(Arc::new(move |path: &DocumentPath, value: &AttributeValue| {
            let Some(alone) = alone(path, value.clone()) else { return Ok(None) };
            Ok(judge(&collection, &alone)?.and_then(|of| of.of_element(&collection, path)))
        }))
    }

    /// The violations of a value that is set in the innermost of these collections as an element.
    pub(super) fn violations_of_element(
        collections: &[Self],
        element: &DocumentPath,
        value: &AttributeValue,
    ) -> Option<Violations> {
        collections.last().filter(|outer| !outer.is_further_out)?.violations(element, value)
    }

    /// The stored form of a value that is set in collections, as the transforms of their elements change it.
    pub(super) fn transformed(collections: &[Self], element: &DocumentPath, value: AttributeValue) -> AttributeValue {
        collections.iter().rev().fold(value, |value, outer| outer.transform(element, value))
    }

    /// A value that is compared with one in these collections.
    pub(super) fn transformed_term(collections: &[Self], element: &DocumentPath, term: Term) -> Term {
        match term {
            Term::Value(Ok(Some(value))) => Term::attribute_value(Self::transformed(collections, element, value)),
            term => term,
        }
    }

    /// A value at any depth in the collection, as the schema's transforms change it.
    fn transform(&self, element: &DocumentPath, value: AttributeValue) -> AttributeValue {
        let Some(change) = &self.transform else { return value };
        let steps = element.rest().get(self.collection.rest().len()..).unwrap_or_default();
        let inside = |value, step: &Segment| match step {
            Segment::Index(_) => AttributeValue::L(vec![value]),
            Segment::Name(name) => AttributeValue::M(HashMap::from([(name.clone(), value)])),
        };
        let outside = |value, step: &Segment| match (value, step) {
            (AttributeValue::L(mut elements), Segment::Index(_)) => elements.pop(),
            (AttributeValue::M(mut entries), Segment::Name(name)) => entries.remove(name),
            _ => None,
        };
        let changed = change(steps.iter().rev().fold(value.clone(), inside));
        steps.iter().try_fold(changed, outside).unwrap_or(value)
    }
}

/// A collection with one element.
fn alone(element: &DocumentPath, value: AttributeValue) -> Option<AttributeValue> {
    Some(match element.rest().last()? {
        Segment::Index(_) => AttributeValue::L(vec![value]),
        Segment::Name(name) => AttributeValue::M(HashMap::from([(name.clone(), value)])),
    })
}
