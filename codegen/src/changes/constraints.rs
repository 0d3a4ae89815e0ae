//! Constraints: whether one set of them allows less, or more, than another.

use super::compare::Comparison;
use super::side::{Entry, Struct};
use super::{Change, ChangeCode, Level};
use crate::model::{Constraint, Field, Literal, Scalar, StoredForm, Type};
use crate::sources::Span;
use std::cmp::Ordering;
use std::mem::discriminant;

/// What a change of constraints does to the allowed values.
#[derive(Clone, Copy, Default)]
struct Moved {
    tightened: bool,
    loosened: bool,
}

impl Moved {
    fn or(self, other: Self) -> Self {
        Self { tightened: self.tightened || other.tightened, loosened: self.loosened || other.loosened }
    }
}

/// Compares the constraints of a field. Each side says whether reads check its values.
pub(super) fn compare(
    (old, was_checked): (&Entry<'_>, bool),
    (new, is_checked): (&Entry<'_>, bool),
    of: &str,
    found: &mut Comparison<'_>,
) {
    let mut moved = compare_lists(&effective(old.field), &effective(new.field));
    let orders = (&old.field.order, &new.field.order);
    moved.tightened |= orders.1.iter().any(|order| !orders.0.contains(order));
    moved.loosened |= orders.0.iter().any(|order| !orders.1.contains(order));
    // Times in texts of microseconds have no nanoseconds.
    moved.tightened |= old.field.form == StoredForm::Nanos && new.field.checked_precision().is_some();
    moved.loosened |= new.field.form == StoredForm::Nanos && old.field.checked_precision().is_some();
    let span = |entry: &Entry<'_>| entry.decl.constraints.first().map_or(entry.decl.name.span, |of| of.key.span);
    report(moved, (span(old), was_checked), (span(new), is_checked), of, found);
}

/// Compares the functions that check a whole struct.
pub(super) fn compare_validate(before: &Struct<'_>, after: &Struct<'_>, found: &mut Comparison<'_>) {
    let is_other = before.validate != after.validate;
    let moved =
        Moved { tightened: is_other && after.validate.is_some(), loosened: is_other && before.validate.is_some() };
    let (was, is) = ((before.span, before.is_checked), (after.span, after.is_checked));
    report(moved, was, is, &after.of, found);
}

fn report(
    moved: Moved,
    (was, was_checked): (Span, bool),
    (is, is_checked): (Span, bool),
    of: &str,
    found: &mut Comparison<'_>,
) {
    if moved.tightened {
        let change = Change::new(ChangeCode::ConstraintTightened, format!("the constraints of {of} allow less"))
            .breaks_if(is_checked, Level::Unreadable)
            .new_at(is, "the constraints now")
            .old_at(was, "the constraints before");
        found.add(match is_checked {
            true => change
                .note("reads check the constraints: `validate_on_read` is on")
                .help("change the stored values that break them first, or leave `validate_on_read` out"),
            false => change.note("items that break them are read, but cannot be saved until the value is changed"),
        });
    }
    if moved.loosened {
        let change = Change::new(ChangeCode::ConstraintLoosened, format!("the constraints of {of} allow more"))
            .breaks_if(was_checked, Level::Rollout)
            .new_at(is, "the constraints now")
            .old_at(was, "the constraints before");
        found.add(match was_checked {
            true => change.note("the previous release checks items that it reads: its `validate_on_read` is on"),
            false => change,
        });
    }
}

/// The constraints that allow less than the type: without those that all of its values meet, and with the bounds of
/// integers in one form.
fn effective(field: &Field) -> Vec<Constraint> {
    let int = match field.ty.present() {
        Type::Scalar(Scalar::Int(int)) => Some(int.range()),
        _ => None,
    };
    let shifted = |literal: &Literal, by: i128| match literal {
        Literal::Int(digits) => digits.parse().ok().and_then(|value: i128| value.checked_add(by)),
        _ => None,
    };
    let bound = |value: i128| Literal::Int(value.to_string());
    let simplify = |constraint: &Constraint| {
        Some(match constraint {
            // It has a change of its own.
            Constraint::NotEmpty => return None,
            Constraint::MinLength(0) | Constraint::MinItems(0) => return None,
            Constraint::ExclusiveMinimum(of) => match shifted(of, 1) {
                Some(least) => Constraint::Minimum(bound(least)),
                None => constraint.clone(),
            },
            Constraint::ExclusiveMaximum(of) => match shifted(of, -1) {
                Some(most) => Constraint::Maximum(bound(most)),
                None => constraint.clone(),
            },
            other => other.clone(),
        })
    };
    let is_met = |constraint: &Constraint| match (constraint, int) {
        (Constraint::Minimum(of), Some((least, _))) => shifted(of, 0).is_some_and(|of| of <= least),
        (Constraint::Maximum(of), Some((_, most))) => shifted(of, 0).is_some_and(|of| of >= most),
        _ => false,
    };
    field.constraints.iter().filter_map(simplify).filter(|constraint| !is_met(constraint)).collect()
}

/// The kind of a constraint. An exclusive bound is compared with an inclusive one.
fn kind(of: &Constraint) -> std::mem::Discriminant<Constraint> {
    let zero = || Literal::Int(String::new());
    match of {
        Constraint::ExclusiveMinimum(_) => discriminant(&Constraint::Minimum(zero())),
        Constraint::ExclusiveMaximum(_) => discriminant(&Constraint::Maximum(zero())),
        other => discriminant(other),
    }
}

fn compare_lists(old: &[Constraint], new: &[Constraint]) -> Moved {
    let mut moved = Moved::default();
    for is in new {
        let same: Vec<&Constraint> = old.iter().filter(|was| kind(was) == kind(is)).collect();
        if same.contains(&is) {
            continue;
        }
        moved = moved.or(match same.first() {
            Some(was) => compare_one(was, is),
            None => Moved { tightened: is.checks(), loosened: false },
        });
    }
    let is_gone = |was: &&Constraint| was.checks() && !new.iter().any(|is| kind(is) == kind(was));
    moved.loosened |= old.iter().any(|was| is_gone(&was));
    moved
}

/// Compares two constraints of one kind.
fn compare_one(was: &Constraint, is: &Constraint) -> Moved {
    let towards = |order: Option<Ordering>| match order {
        Some(Ordering::Less) => Moved { tightened: false, loosened: true },
        Some(Ordering::Greater) => Moved { tightened: true, loosened: false },
        Some(Ordering::Equal) => Moved::default(),
        None => Moved { tightened: true, loosened: true },
    };
    use Constraint as C;
    match (was, is) {
        (C::MinLength(was), C::MinLength(is)) | (C::MinItems(was), C::MinItems(is)) => towards(Some(is.cmp(was))),
        (C::MaxLength(was), C::MaxLength(is)) | (C::MaxItems(was), C::MaxItems(is)) => towards(Some(was.cmp(is))),
        (C::Minimum(was), C::Minimum(is)) | (C::ExclusiveMinimum(was), C::ExclusiveMinimum(is)) => {
            towards(order(is, was))
        }
        (C::Maximum(was), C::Maximum(is)) | (C::ExclusiveMaximum(was), C::ExclusiveMaximum(is)) => {
            towards(order(was, is))
        }
        // The exclusive bound allows less, if both have the same value.
        (C::Minimum(was), C::ExclusiveMinimum(is)) => towards(exclusive(order(is, was))),
        (C::ExclusiveMinimum(was), C::Minimum(is)) => towards(exclusive(order(was, is)).map(Ordering::reverse)),
        (C::Maximum(was), C::ExclusiveMaximum(is)) => towards(exclusive(order(was, is))),
        (C::ExclusiveMaximum(was), C::Maximum(is)) => towards(exclusive(order(is, was)).map(Ordering::reverse)),
        (C::MultipleOf(was), C::MultipleOf(is)) => {
            let is_multiple = |of: &Literal, unit: &Literal| match (of, unit) {
                (Literal::Int(of), Literal::Int(unit)) => {
                    let (of, unit) = (of.parse::<i128>().ok(), unit.parse::<i128>().ok());
                    of.zip(unit).and_then(|(of, unit)| of.checked_rem(unit)) == Some(0)
                }
                _ => false,
            };
            Moved { tightened: !is_multiple(was, is), loosened: !is_multiple(is, was) }
        }
        (C::OneOf(was), C::OneOf(is)) => Moved {
            tightened: was.iter().any(|text| !is.contains(text)),
            loosened: is.iter().any(|text| !was.contains(text)),
        },
        (C::Items(was), C::Items(is))
        | (C::Keys(was), C::Keys(is))
        | (C::Values(was), C::Values(is))
        | (C::Present(was), C::Present(is)) => compare_lists(was, is),
        (C::Transform(_), C::Transform(_)) => Moved::default(),
        _ => towards(None),
    }
}

/// The order of an exclusive bound and an inclusive one, by that of their values.
fn exclusive(order: Option<Ordering>) -> Option<Ordering> {
    order.map(|order| order.then(Ordering::Greater))
}

/// The order of two bounds of one type; `None` if they have none.
fn order(one: &Literal, other: &Literal) -> Option<Ordering> {
    match (one, other) {
        (Literal::Int(one), Literal::Int(other)) => Some(one.parse::<i128>().ok()?.cmp(&other.parse::<i128>().ok()?)),
        (Literal::F32(one), Literal::F32(other)) => one.partial_cmp(other),
        (Literal::F64(one), Literal::F64(other)) => one.partial_cmp(other),
        (Literal::Decimal(one, _), Literal::Decimal(other, _)) => {
            one.parse::<f64>().ok()?.partial_cmp(&other.parse::<f64>().ok()?)
        }
        (one, other) => (one == other).then_some(Ordering::Equal),
    }
}
