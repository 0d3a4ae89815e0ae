//! The bounds of a calculated number, as a condition on the stored number that it is calculated from.

use super::capability::NumberRange;
use super::condition::Node;
use super::document_path::DocumentPath;
use super::requirement::RequirementCondition;
use super::term::Term;
use crate::codec::Number;
use crate::validate::Constraints;
use aws_sdk_dynamodb::types::AttributeValue;

/// A sum or difference of a stored and a given number: `stored + given`, or `given - stored`.
pub(super) struct Calculation {
    stored: DocumentPath,
    /// The number in place of an absent one; `None` if DynamoDB refuses the update of an absent number.
    absent: Option<Number>,
    is_subtracted: bool,
    given: Number,
}

/// A limit, and whether the limit itself is out of bounds.
struct Limit {
    number: Number,
    is_excluded: bool,
    /// Whether the schema sets the limit, and not the type alone. A stored number may be older than the schema's
    /// limit.
    is_of_schema: bool,
}

impl Calculation {
    /// The calculation of ADD. An absent number counts as 0.
    pub(super) fn add(stored: &DocumentPath, given: &Term) -> Option<Self> {
        let zero = Number::parse("0")?;
        Some(Self { stored: stored.clone(), absent: Some(zero), is_subtracted: false, given: given_number(given)? })
    }

    /// A sum or difference of one stored and one given number; `None` for any other term.
    pub(super) fn of(term: &Term) -> Option<Self> {
        let Term::Arithmetic { left, operator, right } = term else { return None };
        let is_minus = *operator == "-";
        if let Some((stored, absent)) = stored_number(left) {
            let given = given_number(right)?;
            let given = if is_minus { given.negated() } else { given };
            return Some(Self { stored, absent, is_subtracted: false, given });
        }
        let (stored, absent) = stored_number(right)?;
        Some(Self { stored, absent, is_subtracted: is_minus, given: given_number(left)? })
    }

    /// The condition on the stored number; `None` if every number is allowed.
    pub(super) fn condition(&self, range: &NumberRange, constraints: &Constraints) -> Option<RequirementCondition> {
        if *range == NumberRange::Unknown || constraints.others {
            return Some(RequirementCondition::Unknown);
        }
        let of_type = |low: bool| match range {
            NumberRange::Between(least, largest) => Number::parse(if low { least } else { largest }),
            _ => None,
        };
        let least = limit(of_type(true), constraints.minimum.as_ref(), |schema, own| schema >= own);
        let largest = limit(of_type(false), constraints.maximum.as_ref(), |schema, own| schema <= own);
        let mut nodes = Vec::new();
        // A stored number is within the type's limits, so that moving away from one keeps it.
        let moves_up = !self.given.is_negative();
        for (limit, is_least) in [(&least, true), (&largest, false)] {
            if let Some(limit) = limit
                && (limit.is_of_schema || self.is_subtracted || moves_up != is_least)
            {
                nodes.push(self.node(limit, is_least)?);
            }
        }
        if nodes.is_empty() && least.is_none() && largest.is_none() {
            return None;
        }
        let is_within = |result: &Number| {
            let above = least.as_ref().is_none_or(|limit| limit.holds(result, |result, limit| result >= limit));
            above && largest.as_ref().is_none_or(|limit| limit.holds(result, |result, limit| result <= limit))
        };
        let all = match nodes.len() {
            0 | 1 => nodes.pop().unwrap_or(Node::None),
            _ => Node::And(nodes),
        };
        let absent = self.absent.as_ref().and_then(|absent| self.result(absent));
        Some(match (all, absent) {
            (Node::None, _) => return None,
            (all, Some(result)) if is_within(&result) => {
                let path = Term::Path(self.stored.clone());
                RequirementCondition::Node(Node::Or(vec![Node::Call("attribute_not_exists", vec![path]), all]))
            }
            (all, _) => RequirementCondition::Node(all),
        })
    }

    fn result(&self, stored: &Number) -> Option<Number> {
        if self.is_subtracted { self.given.minus(stored) } else { self.given.plus(stored) }
    }

    /// The condition that the result is at least the limit, or at most the limit.
    fn node(&self, limit: &Limit, is_least: bool) -> Option<Node> {
        let bound = match self.is_subtracted {
            true => self.given.minus(&limit.number)?,
            false => limit.number.minus(&self.given)?,
        };
        let is_least = is_least != self.is_subtracted;
        // No stored number lies between the bound and its nearest number of 38 digits.
        let is_excluded = limit.is_excluded && !bound.is_too_long();
        let bound = bound.rounded(is_least)?;
        let operator = match (is_least, is_excluded) {
            (true, true) => ">",
            (true, false) => ">=",
            (false, true) => "<",
            (false, false) => "<=",
        };
        let bound = Term::attribute_value(AttributeValue::N(bound.to_string()));
        Some(Node::Compare(Term::Path(self.stored.clone()), operator, bound))
    }
}

impl Limit {
    fn holds(&self, result: &Number, is_on_side: impl Fn(&Number, &Number) -> bool) -> bool {
        is_on_side(result, &self.number) && !(self.is_excluded && *result == self.number)
    }
}

/// The narrower of the type's limit and the schema's.
fn limit(
    of_type: Option<Number>,
    of_schema: Option<&(String, bool)>,
    is_narrower: impl Fn(&Number, &Number) -> bool,
) -> Option<Limit> {
    let of_schema = of_schema.and_then(|(text, is_excluded)| Some((Number::parse(text)?, *is_excluded)));
    match (of_schema, of_type) {
        (Some((number, is_excluded)), own) if own.as_ref().is_none_or(|own| is_narrower(&number, own)) => {
            Some(Limit { number, is_excluded, is_of_schema: true })
        }
        (_, own) => own.map(|number| Limit { number, is_excluded: false, is_of_schema: false }),
    }
}

fn given_number(term: &Term) -> Option<Number> {
    match term {
        Term::Value(Ok(Some(value))) => super::applied::number(value),
        _ => None,
    }
}

/// A stored number, and the number in place of an absent one.
fn stored_number(term: &Term) -> Option<(DocumentPath, Option<Number>)> {
    match term {
        Term::Path(path) => Some((path.clone(), None)),
        Term::Call { function: "if_not_exists", arguments } => match arguments.as_slice() {
            [Term::Path(path), absent] => Some((path.clone(), Some(given_number(absent)?))),
            _ => None,
        },
        _ => None,
    }
}
