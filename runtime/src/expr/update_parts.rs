//! Updates without their types: the actions, and what the schema requires of them.

use super::capability::NumberRange;
use super::document_path::DocumentPath;
use super::outer::{Change, Outer};
use super::requirement::{Requirement, Requirements};
use super::struct_changes::{StructChange, StructChanges};
use super::term::Term;
use super::untyped::Untyped;
use crate::ground::Violations;
use crate::validate::Constraints;
use aws_sdk_dynamodb::types::AttributeValue;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum UpdateAction {
    Set(DocumentPath, Term),
    Remove(DocumentPath),
    Add(DocumentPath, Term),
    Delete(DocumentPath, Term),
}

impl UpdateAction {
    pub(crate) fn path(&self) -> &DocumentPath {
        match self {
            UpdateAction::Set(path, _)
            | UpdateAction::Remove(path)
            | UpdateAction::Add(path, _)
            | UpdateAction::Delete(path, _) => path,
        }
    }

    /// Whether it sets the hash of a value, which no field has.
    pub(super) fn is_of_hash(&self) -> bool {
        matches!(self, UpdateAction::Set(_, Term::Unsealed(unsealed)) if unsealed.is_hashed)
    }
}

/// An update without its model.
#[derive(Debug, Clone, Default)]
pub(crate) struct UpdateParts {
    pub(super) actions: Vec<UpdateAction>,
    /// The violations of the values that the update sets.
    pub(super) violations: Option<Violations>,
    /// The requirements on the values that the update calculates.
    pub(super) requirements: Vec<Requirement>,
    /// The structs that patches change inside.
    pub(super) structs: Vec<StructChange>,
    /// Whether an update without actions is one that changes nothing, and no mistake.
    pub(super) may_be_empty: bool,
}

impl UpdateParts {
    /// An update of these actions alone.
    pub(crate) fn of_actions(actions: Vec<UpdateAction>) -> Self {
        Self { actions, ..Self::default() }
    }

    fn of(action: UpdateAction, violations: Option<Violations>, requirements: Vec<Requirement>) -> Self {
        Self { actions: vec![action], violations, requirements, ..Self::default() }
    }

    pub(super) fn remove(path: &DocumentPath, collections: &[Outer], violations: Option<Violations>) -> Self {
        let requirements = Outer::requirements(collections, path, Change::Remove);
        Self::of(UpdateAction::Remove(path.clone()), violations, requirements)
    }

    /// The requirements of the update.
    pub(crate) fn requirements(&self) -> Requirements {
        Requirements::new(self.requirements.clone(), &self.actions)
    }

    /// The structs that patches change inside.
    pub(crate) fn structs(&self) -> StructChanges {
        StructChanges::new(&self.structs)
    }

    /// Whether an update without actions is no mistake.
    pub(crate) fn may_be_empty(&self) -> bool {
        self.may_be_empty
    }

    /// The actions, or the violations of the values that they set.
    pub(crate) fn into_actions(self) -> Result<Vec<UpdateAction>, Violations> {
        match self.violations {
            Some(violations) => Err(violations),
            None => Ok(self.actions),
        }
    }

    pub(super) fn add(&mut self, later: Self) {
        self.actions.extend(later.actions);
        self.requirements.extend(later.requirements);
        self.structs.extend(later.structs);
        self.may_be_empty |= later.may_be_empty;
        self.violations = joined(self.violations.take(), later.violations);
    }
}

fn joined(earlier: Option<Violations>, later: Option<Violations>) -> Option<Violations> {
    match (earlier, later) {
        (Some(earlier), later) => Some(earlier.and(later)),
        (None, later) => later,
    }
}

/// A value to set without its type, and its violations.
#[doc(hidden)]
#[derive(Debug)]
pub struct SetTerm {
    pub(super) term: Term,
    pub(super) violations: Option<Violations>,
    /// The numbers that the type of a sum or difference holds.
    pub(super) range: Option<NumberRange>,
}

impl Untyped<'_> {
    pub(super) fn set(&self, SetTerm { term, violations, range }: SetTerm) -> UpdateParts {
        let term = match term {
            Term::Value(Ok(Some(value))) => Term::attribute_value(self.transform_in_outer(value)),
            term => self.transformed_term(term),
        };
        match &term {
            Term::Value(Ok(None)) => UpdateParts::remove(self.path, self.outer, violations),
            Term::Value(value) => {
                let of_element = value
                    .as_ref()
                    .ok()
                    .and_then(|value| Outer::violations_of_element(self.outer, self.path, value.as_ref()?));
                let requirements = self.with_outer(None, Change::Set);
                let violations = joined(violations, of_element);
                UpdateParts::of(UpdateAction::Set(self.path.clone(), term), violations, requirements)
            }
            calculated => {
                let requirements = self.with_outer(self.of_term(calculated, range.as_ref()), Change::Calculate);
                UpdateParts::of(UpdateAction::Set(self.path.clone(), term), violations, requirements)
            }
        }
    }

    pub(super) fn set_default(&self, SetTerm { term, violations, range }: SetTerm) -> UpdateParts {
        let term = self.transformed_term(term);
        let own = match &term {
            Term::Value(_) => None,
            term => self.of_term(term, range.as_ref()).map(Requirement::unknown),
        };
        let requirements = self.with_outer(own, Change::Calculate);
        let value = Term::call("if_not_exists", vec![Term::Path(self.path.clone()), term]);
        UpdateParts::of(UpdateAction::Set(self.path.clone(), value), violations, requirements)
    }

    pub(super) fn add(&self, number: Term, range: NumberRange) -> UpdateParts {
        let requirements = self.with_outer(self.of_sum(&number, range), Change::Calculate);
        UpdateParts::of(UpdateAction::Add(self.path.clone(), number), None, requirements)
    }

    /// Joins the list and other elements, in an order.
    pub(super) fn join(
        &self,
        elements: Term,
        order: fn(Term, Term) -> Vec<Term>,
        violations: Option<Violations>,
    ) -> UpdateParts {
        let empty = Term::attribute_value(AttributeValue::L(Vec::new()));
        let own = Term::call("if_not_exists", vec![Term::Path(self.path.clone()), empty]);
        let list = Term::call("list_append", order(own, self.transformed_term(elements)));
        let requirements = self.with_outer(self.of_term(&list, None), Change::Calculate);
        UpdateParts::of(UpdateAction::Set(self.path.clone(), list), violations, requirements)
    }

    pub(super) fn change_set(
        &self,
        action: UpdateAction,
        violations: Option<Violations>,
        constraints: Option<Constraints>,
        elements: Vec<Term>,
    ) -> UpdateParts {
        let are_added = matches!(action, UpdateAction::Add(..));
        let own = constraints.and_then(|constraints| self.of_set(&constraints, elements, are_added));
        UpdateParts::of(action, violations, self.with_outer(own, Change::Calculate))
    }
}
