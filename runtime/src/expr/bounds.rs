//! The requirements that the schema and the types put on the values that an update calculates.

use super::attribute::{Attribute, Rules};
use super::capability::{Number, NumberRange};
use super::condition::Node;
use super::document_path::DocumentPath;
use super::growth::Growth;
use super::number_bounds::Calculation;
use super::requirement::{Judge, Requirement, RequirementCondition, Scope};
use super::term::Term;
use crate::codec::{FromAttribute, SetElement, ToAttribute, ValueReader, write_value};
use crate::ground::{JsonNames, Segment, Violations, WriteError};
use crate::validate::Constraints;
use crate::validate::transform::Transforms;
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// The maximum of elements for which a condition asks whether a list has them already.
const MAX_UNIQUE: usize = 20;

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

/// Changes the stored form of a value as the schema's transforms change the value.
type ChangeStored = Arc<dyn Fn(AttributeValue) -> AttributeValue + Send + Sync>;

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
    /// The collection that an attribute holds; `None` if the schema has no constraints for it.
    pub(super) fn of<M, T: ToAttribute + FromAttribute + 'static, R>(attribute: &Attribute<M, T, R>) -> Option<Self> {
        if !attribute.rules.exist() {
            return None;
        }
        let none = [AttributeValue::L(Vec::new()), AttributeValue::M(HashMap::new())];
        let constraints = none.into_iter().find_map(|none| attribute.constraints(none)).unwrap_or_default();
        let (collection, judge) = (attribute.path.clone(), attribute.judge(NumberRange::All));
        let transform = attribute
            .rules
            .transform
            .map(|change| -> ChangeStored { Arc::new(move |stored| change_stored(change, stored)) });
        let functions = attribute.rules.functions.map(|check| -> Judge {
            Arc::new(move |path: &DocumentPath, value: &AttributeValue| {
                let whole = T::read(ValueReader::new(value.clone()));
                let whole = whole.map_err(|error| error.inside(&path.to_item_path()))?;
                Ok(Violations::of_update(path, &whole, check))
            })
        });
        Some(Self { collection, constraints, judge, functions, transform, is_further_out: false })
    }

    pub(super) fn further_out(&self) -> Self {
        Self { is_further_out: true, ..self.clone() }
    }

    /// The same collection in the struct at a path, whose fields have these names in JSON.
    pub(super) fn inside(self, path: &DocumentPath, json_names: JsonNames) -> Self {
        Self { collection: path.join(self.collection, json_names), ..self }
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

/// The stored form of a value after its transforms.
pub(super) fn change_stored<T: ToAttribute + FromAttribute>(
    change: Transforms<T>,
    stored: AttributeValue,
) -> AttributeValue {
    let changed = T::read(ValueReader::new(stored.clone())).ok().and_then(|mut value| {
        change(&mut value);
        write_value(&value).ok()
    });
    changed.unwrap_or(stored)
}

impl<M, T, R> Attribute<M, T, R> {
    /// The requirements on the outer collections after a change of this value.
    pub(super) fn outer(&self, change: Change) -> Vec<Requirement> {
        self.outer.iter().filter_map(|outer| outer.requirement(&self.path, change)).collect()
    }

    /// The violations of a value that is set in a collection.
    pub(super) fn violations_in_outer(&self, value: &Result<Option<AttributeValue>, WriteError>) -> Option<Violations> {
        Outer::violations_of_element(&self.outer, &self.path, value.as_ref().ok()?.as_ref()?)
    }

    /// The stored form of a value that is set in collections, as the transforms of their elements change it.
    pub(super) fn transform_in_outer(&self, value: AttributeValue) -> AttributeValue {
        self.outer.iter().rev().fold(value, |value, outer| outer.transform(&self.path, value))
    }
}

impl<M, T: ToAttribute + FromAttribute + 'static, R> Attribute<M, T, R> {
    fn judge(&self, range: NumberRange) -> Judge {
        let Rules { check, transform, .. } = self.rules;
        let judge = move |path: &DocumentPath, value: &AttributeValue| match T::read(ValueReader::new(value.clone())) {
            Ok(mut value) => {
                let violations = check.and_then(|check| Violations::of_update(path, &value, check));
                let of_transform = transform.and_then(|change| {
                    let before = write_value(&value);
                    change(&mut value);
                    (write_value(&value) != before).then(|| Violations::of_transform(path))?
                });
                match violations {
                    Some(violations) => Some(violations.and(of_transform)),
                    None => of_transform,
                }
            }
            Err(_) => Violations::of_type(path, &range),
        };
        Arc::new(move |path: &DocumentPath, value: &AttributeValue| Ok(judge(path, value)))
    }

    /// The schema's constraints, read by a check of `any`; `None` if `any` is no value of the type.
    fn constraints(&self, any: AttributeValue) -> Option<Constraints> {
        let Some(check) = self.rules.check else { return Some(Constraints::default()) };
        T::read(ValueReader::new(any)).ok().map(|any| Constraints::of(check, &any))
    }

    fn requirement(&self, condition: RequirementCondition, range: NumberRange) -> Requirement {
        Requirement { path: self.path.clone(), judge: self.judge(range), scope: Scope::All, condition }
    }

    fn unknown(&self) -> Requirement {
        self.requirement(RequirementCondition::Unknown, NumberRange::All)
    }

    /// The requirement on a value that is set to a term, where the term is not a plain value.
    pub(super) fn of_term(&self, term: &Term, range: Option<&NumberRange>) -> Option<Requirement> {
        match (term, range) {
            (Term::Arithmetic { .. }, Some(range)) => {
                let constraints = self.constraints(AttributeValue::N("0".to_owned()));
                let condition = match (Calculation::of(term), constraints) {
                    (Some(calculation), Some(constraints)) => calculation.condition(range, &constraints)?,
                    _ if *range == NumberRange::All && !self.rules.exist() => return None,
                    _ => RequirementCondition::Unknown,
                };
                Some(self.requirement(condition, range.clone()))
            }
            (Term::Call { function: "list_append", arguments }, _) => {
                if !self.rules.exist() {
                    return None;
                }
                let constraints = self.constraints(AttributeValue::L(Vec::new()));
                let Some((joined, constraints)) = joined(arguments).zip(constraints) else {
                    return Some(self.unknown());
                };
                self.of_joined(joined, &constraints)
            }
            _ => self.rules.exist().then(|| self.unknown()),
        }
    }

    fn of_joined(&self, joined: Joined<'_>, constraints: &Constraints) -> Option<Requirement> {
        let Joined { list, may_be_absent, elements } = joined;
        // Without elements, the result may be another list, or an empty one in place of an absent one.
        let may_be_short =
            constraints.min_items.is_some() && elements.is_empty() && (may_be_absent || *list != self.path);
        let is_long = constraints.unique_items && elements.len() > MAX_UNIQUE;
        if constraints.others || may_be_short || is_long {
            return Some(self.unknown());
        }
        let mut growth = Growth { may_be_absent, ..Growth::new(list, constraints) };
        growth.added = vec![None; elements.len()];
        if constraints.unique_items {
            let is_there = |element: &AttributeValue| {
                let arguments = vec![Term::Path(list.clone()), Term::attribute_value(element.clone())];
                Node::Not(Box::new(Node::Call("contains", arguments)))
            };
            growth.beside = elements.iter().map(is_there).collect();
        }
        growth.is_bounded().then(|| self.requirement(RequirementCondition::Growth(growth), NumberRange::All))
    }
}

impl<M, T: Number, R> Attribute<M, T, R> {
    /// The requirement on the sum of the stored number and a given one.
    pub(super) fn of_sum(&self, given: &Term) -> Option<Requirement> {
        let range = T::range();
        let calculation = Calculation::add(&self.path, given)?;
        let constraints = self.constraints(AttributeValue::N("0".to_owned()));
        let condition = match constraints {
            Some(constraints) => calculation.condition(&range, &constraints)?,
            None => RequirementCondition::Unknown,
        };
        Some(self.requirement(condition, range))
    }
}

impl<M, E: SetElement + 'static, R> Attribute<M, BTreeSet<E>, R> {
    /// The requirement on the set after elements are added or removed.
    pub(super) fn of_elements(&self, elements: impl Iterator<Item = Term>, are_added: bool) -> Option<Requirement> {
        let check = self.rules.check?;
        let constraints = Constraints::of(check, &BTreeSet::new());
        if constraints.others {
            return Some(self.unknown());
        }
        let is_there = |element: Term| Node::Call("contains", vec![Term::Path(self.path.clone()), element]);
        let mut growth = Growth { may_be_absent: true, ..Growth::new(&self.path, &constraints) };
        match are_added {
            true => growth.added = elements.map(|element| Some(is_there(element))).collect(),
            false => growth.taken = elements.map(|element| Some(Node::Not(Box::new(is_there(element))))).collect(),
        }
        growth.is_bounded().then(|| self.requirement(RequirementCondition::Growth(growth), NumberRange::All))
    }
}

/// A stored list, with the elements that are put before or after it.
struct Joined<'t> {
    list: &'t DocumentPath,
    /// Whether an absent list counts as an empty one.
    may_be_absent: bool,
    elements: &'t [AttributeValue],
}

fn joined(arguments: &[Term]) -> Option<Joined<'_>> {
    let [first, second] = arguments else { return None };
    let (list, elements) = match (elements(first), elements(second)) {
        (None, Some(elements)) => (first, elements),
        (Some(elements), None) => (second, elements),
        _ => return None,
    };
    match list {
        Term::Path(list) => Some(Joined { list, may_be_absent: false, elements }),
        Term::Call { function: "if_not_exists", arguments } => match arguments.as_slice() {
            [Term::Path(list), absent] if self::elements(absent)?.is_empty() => {
                Some(Joined { list, may_be_absent: true, elements })
            }
            _ => None,
        },
        _ => None,
    }
}

fn elements(term: &Term) -> Option<&[AttributeValue]> {
    match term {
        Term::Value(Ok(Some(AttributeValue::L(elements)))) => Some(elements),
        _ => None,
    }
}
