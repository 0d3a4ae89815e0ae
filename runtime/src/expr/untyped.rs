//! An attribute without its types: its rules as functions on stored values, for what is the same for all types.
//!
//! Code that is generic over the model, the type and the role is compiled anew for each attribute of an app. So it only
//! turns values into terms, and the rest is here.

use super::attribute::{Attribute, Rules};
use super::capability::NumberRange;
use super::condition::Node;
use super::document_path::DocumentPath;
use super::growth::Growth;
use super::number_bounds::Calculation;
use super::outer::{Change, Outer};
use super::requirement::{Judge, Requirement, RequirementCondition, Scope};
use super::term::Term;
use crate::codec::{FromAttribute, ToAttribute, ValueReader, write_value};
use crate::ground::{ReadErrorKind, Violations};
use crate::validate::Constraints;
use aws_sdk_dynamodb::types::AttributeValue;
use std::sync::Arc;

/// The maximum of elements for which a condition asks whether a list has them already.
const MAX_UNIQUE: usize = 20;

/// Changes the stored form of a value as the schema's transforms change the value.
pub(super) type ChangeStored = Arc<dyn Fn(AttributeValue) -> AttributeValue + Send + Sync>;

/// The rules for values of a type, as functions on stored values.
pub(super) trait UntypedRules {
    fn exist(&self) -> bool;

    fn transform(&self) -> Option<ChangeStored>;

    fn judge(&self, range: NumberRange) -> Judge;

    /// Judges the structs in a value by the functions of the app's own.
    fn functions(&self) -> Option<Judge>;

    /// The schema's constraints, read by a check of `any`; `None` if `any` is no value of the type.
    fn constraints(&self, any: AttributeValue) -> Option<Constraints>;

    /// Whether the type has this value.
    fn has(&self, value: AttributeValue) -> bool;
}

impl<T: ToAttribute + FromAttribute + 'static> UntypedRules for Rules<T> {
    fn exist(&self) -> bool {
        self.check.is_some() || self.transform.is_some()
    }

    fn transform(&self) -> Option<ChangeStored> {
        let change = self.transform?;
        Some(Arc::new(move |stored: AttributeValue| {
            let changed = T::read(ValueReader::new(stored.clone())).ok().and_then(|mut value| {
                change(&mut value);
                write_value(&value).ok()
            });
            changed.unwrap_or(stored)
        }))
    }

    fn judge(&self, range: NumberRange) -> Judge {
        let Rules { check, transform, .. } = *self;
        Arc::new(move |path: &DocumentPath, value: &AttributeValue| {
            let mut value = match T::read(ValueReader::new(value.clone())) {
                Ok(value) => value,
                // The update has calculated it.
                Err(error) if matches!(error.kind(), ReadErrorKind::Value { .. }) => {
                    return Ok(Violations::of_type(path, &range));
                }
                Err(error) => return Err(error.inside(&path.to_item_path())),
            };
            let violations = check.and_then(|check| Violations::of_update(path, &value, check));
            let of_transform = transform.and_then(|change| {
                let before = write_value(&value);
                change(&mut value);
                (write_value(&value) != before).then(|| Violations::of_transform(path))?
            });
            Ok(match violations {
                Some(violations) => Some(violations.and(of_transform)),
                None => of_transform,
            })
        })
    }

    fn functions(&self) -> Option<Judge> {
        let (check, transform) = (self.functions?, self.transform);
        Some(Arc::new(move |path: &DocumentPath, value: &AttributeValue| {
            let whole = T::read(ValueReader::new(value.clone()));
            let mut whole = whole.map_err(|error| error.inside(&path.to_item_path()))?;
            if let Some(change) = transform {
                change(&mut whole);
            }
            Ok(Violations::of_update(path, &whole, check))
        }))
    }

    fn constraints(&self, any: AttributeValue) -> Option<Constraints> {
        let Some(check) = self.check else { return Some(Constraints::default()) };
        T::read(ValueReader::new(any)).ok().map(|any| Constraints::of(check, &any))
    }

    fn has(&self, value: AttributeValue) -> bool {
        T::read(ValueReader::new(value)).is_ok()
    }
}

/// An attribute without its types.
#[derive(Clone, Copy)]
pub(super) struct Untyped<'a> {
    pub(super) path: &'a DocumentPath,
    pub(super) outer: &'a [Outer],
    pub(super) rules: &'a dyn UntypedRules,
}

impl<M, T: ToAttribute + FromAttribute + 'static, R> Attribute<M, T, R> {
    pub(super) fn untyped(&self) -> Untyped<'_> {
        Untyped { path: &self.path, outer: &self.outer, rules: &self.rules }
    }
}

impl Untyped<'_> {
    fn requirement(&self, condition: RequirementCondition, range: NumberRange) -> Requirement {
        Requirement { path: self.path.clone(), judge: self.rules.judge(range), scope: Scope::All, condition }
    }

    fn unknown(&self) -> Requirement {
        self.requirement(RequirementCondition::Unknown, NumberRange::All)
    }

    /// The requirement on a value that is set to a term, where the term is not a plain value.
    pub(super) fn of_term(&self, term: &Term, range: Option<&NumberRange>) -> Option<Requirement> {
        match (term, range) {
            (Term::Arithmetic { .. }, Some(range)) => {
                let constraints = self.rules.constraints(AttributeValue::N("0".to_owned()));
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
                let constraints = self.rules.constraints(AttributeValue::L(Vec::new()));
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
            constraints.min_items.is_some() && elements.is_empty() && (may_be_absent || list != self.path);
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

    /// The requirement on the sum of the stored number and a given one.
    pub(super) fn of_sum(&self, given: &Term, range: NumberRange) -> Option<Requirement> {
        let calculation = Calculation::add(self.path, given)?;
        let constraints = self.rules.constraints(AttributeValue::N("0".to_owned()));
        let condition = match constraints {
            Some(constraints) => calculation.condition(&range, &constraints)?,
            None => RequirementCondition::Unknown,
        };
        Some(self.requirement(condition, range))
    }

    /// The requirement on a set of these constraints after elements are added or removed.
    pub(super) fn of_set(
        &self,
        constraints: &Constraints,
        elements: Vec<Term>,
        are_added: bool,
    ) -> Option<Requirement> {
        if constraints.others {
            return Some(self.unknown());
        }
        let is_there = |element: Term| Node::Call("contains", vec![Term::Path(self.path.clone()), element]);
        let mut growth = Growth { may_be_absent: true, ..Growth::new(self.path, constraints) };
        let elements = elements.into_iter().map(is_there);
        match are_added {
            true => growth.added = elements.map(Some).collect(),
            false => growth.taken = elements.map(|is_there| Some(Node::Not(Box::new(is_there)))).collect(),
        }
        growth.is_bounded().then(|| self.requirement(RequirementCondition::Growth(growth), NumberRange::All))
    }

    /// The requirement of the value itself, and those on the collections that hold it.
    pub(super) fn with_outer(&self, own: Option<Requirement>, change: Change) -> Vec<Requirement> {
        own.into_iter().chain(Outer::requirements(self.outer, self.path, change)).collect()
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
