//! Updates.

use super::attribute::Attribute;
use super::attribute_kind::{NonEmpty, Optional, Plain, Sealed, Searchable};
use super::capability::{Count, Number};
use super::document_path::DocumentPath;
use super::operand::{ByPath, ByValue, Expression, Operand};
use super::requirement::Requirement;
use super::role_capability::{AbsentRole, Removable, Settable, StoredRole, Updatable};
use super::struct_changes::StructChange;
use super::term::Term;
use super::update_parts::{SetTerm, UpdateAction, UpdateParts};
use crate::codec::{FromAttribute, Item, SetElement, ToAttribute};
use crate::ground::{IntoField, Violations};
use crate::validate::Constraints;
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::BTreeSet;
use std::marker::PhantomData;

/// One or several actions that change an item of the model `M`.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client, mut alice: User) -> dyntastic::Result<()> {
/// alice.update(&db, (User::A.name.set("Al"), User::A.age.add(1), User::A.nickname.remove())).await?;
/// # Ok(())
/// # }
/// ```
///
/// # Bounds of calculated values
///
/// DynamoDB may calculate a value from stored ones: a sum or difference, the number of elements of a list, a set or a
/// map, or another attribute's value. The value must fit its type and keep the schema's constraints. Otherwise the
/// update is not applied and fails with [`Error::OutOfBounds`](crate::ops::Error::OutOfBounds).
///
/// The update has a condition for this if DynamoDB can express it. DynamoDB cannot express `multiple_of`, a function
/// of the app's own, or a sum of two stored numbers. Nor can it express more than three elements that a set near its
/// `max_items` may already have. For these, the item is read first, and the update is applied if the item has not
/// changed since.
///
/// # Digits of decimals
///
/// The number of digits in a sum or difference of `rust_decimal`'s numbers is not checked. Such a number has up to 28
/// digits (29 up to 79,228,162,514,264,337,593,543,950,335). A number in DynamoDB has up to 38, and no condition can
/// count its digits, whatever bounds it has. For example, one number may have 16 digits before the point and another
/// 16 behind it. Their sum has 32 digits: it is stored, and each read of the item then fails. There are three ways to
/// rule this out:
///
/// - Limit the digits before the point by `minimum` and `maximum`, and the digits behind it in all writers, to 28
///   together.
/// - Use `multiple_of: 0.01` or the like. The item is then read first, and the sum is
///   [`Error::OutOfBounds`](crate::ops::Error::OutOfBounds).
/// - Use `decimal: bigdecimal`, which holds all 38 digits.
#[derive(Debug, Clone)]
#[must_use = "an update does nothing until an operation takes it"]
pub struct UpdateExpression<M> {
    parts: UpdateParts,
    typed: PhantomData<fn() -> M>,
}

impl<M> From<UpdateParts> for UpdateExpression<M> {
    fn from(parts: UpdateParts) -> Self {
        Self { parts, typed: PhantomData }
    }
}

impl<M> UpdateExpression<M> {
    /// The update of a patch that changes nothing.
    pub(super) fn nothing() -> Self {
        UpdateParts { may_be_empty: true, ..UpdateParts::default() }.into()
    }

    /// The same update as one of a patch inside of a struct.
    pub(super) fn inside(mut self, of: StructChange, requirements: impl Iterator<Item = Requirement>) -> Self {
        self.parts.structs.push(of);
        self.parts.requirements.extend(requirements);
        self
    }

    /// Whether it is a patch that changes nothing.
    pub(crate) fn is_nothing(&self) -> bool {
        self.parts.may_be_empty
            && self.parts.actions.is_empty()
            && self.parts.structs.is_empty()
            && self.parts.violations.is_none()
    }

    /// The same update, if the values that it sets keep their constraints. Otherwise the operation that takes it would
    /// fail with them.
    ///
    /// # Errors
    ///
    /// All violations.
    pub fn valid(self) -> Result<Self, Violations>
    where
        M: Item,
    {
        match self.parts.violations {
            Some(violations) => Err(violations.of_model(M::model_name(), M::model_json_names())),
            None => Ok(self),
        }
    }

    pub(crate) fn into_parts(self) -> UpdateParts {
        self.parts
    }
}

/// The parts of an update: one action, a tuple, an array or a `Vec` of actions, or a patch.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no update of `{M}`",
    label = "expected actions on attributes of `{M}`"
)]
pub trait IntoUpdate<M> {
    /// Joins all actions.
    fn into_update(self) -> UpdateExpression<M>;
}

impl<M> IntoUpdate<M> for UpdateExpression<M> {
    fn into_update(self) -> UpdateExpression<M> {
        self
    }
}

impl<M> IntoUpdate<M> for Vec<UpdateExpression<M>> {
    fn into_update(self) -> UpdateExpression<M> {
        let mut all = UpdateParts::default();
        for update in self {
            all.add(update.parts);
        }
        all.into()
    }
}

impl<M, const N: usize> IntoUpdate<M> for [UpdateExpression<M>; N] {
    fn into_update(self) -> UpdateExpression<M> {
        Vec::from(self).into_update()
    }
}

macro_rules! tuples {
    ($(($($update:ident)+))*) => {$(
        impl<M, $($update: IntoUpdate<M>),+> IntoUpdate<M> for ($($update,)+) {
            #[allow(non_snake_case)]
            fn into_update(self) -> UpdateExpression<M> {
                let ($($update,)+) = self;
                vec![$($update.into_update()),+].into_update()
            }
        }
    )*};
}

tuples! {
    (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) (A B C D E F G) (A B C D E F G H) (A B C D E F G H I)
    (A B C D E F G H I J) (A B C D E F G H I J K) (A B C D E F G H I J K L)
}

/// A value that an attribute of role `R` can be set to.
#[diagnostic::on_unimplemented(
    message = "an attribute of type `{T}` cannot be set to `{Self}`",
    label = "expected a `{T}`, or an attribute of `{M}` that holds one"
)]
pub trait SetValue<M, T, R, K> {
    #[doc(hidden)]
    fn set_term<S>(self, attribute: &Attribute<M, T, S>) -> SetTerm;
}

impl SetTerm {
    fn value<M, T: ToAttribute, S>(value: T, attribute: &Attribute<M, T, S>) -> Self {
        let value = attribute.transform(value);
        Self { term: Term::value(&value), violations: attribute.violations(&value), range: None }
    }

    fn path<M, T>(operand: impl Operand<M, T, ByPath>) -> Self {
        Self { term: operand.term().0, violations: None, range: None }
    }
}

/// Marks a value to set that is an `Option`.
#[derive(Debug, Clone, Copy)]
pub enum ByOption {}

impl<M, T: ToAttribute, R, V: IntoField<T>> SetValue<M, T, R, ByValue> for V {
    fn set_term<S>(self, attribute: &Attribute<M, T, S>) -> SetTerm {
        SetTerm::value(self.into_field(), attribute)
    }
}

impl<M, T: ToAttribute> SetValue<M, T, Optional, ByOption> for Option<T> {
    fn set_term<S>(self, attribute: &Attribute<M, T, S>) -> SetTerm {
        match self {
            Some(value) => SetTerm::value(value, attribute),
            None => SetTerm { term: Term::Value(Ok(None)), violations: None, range: None },
        }
    }
}

impl<M, T: ToAttribute> SetValue<M, T, NonEmpty, ByOption> for Option<T> {
    fn set_term<S>(self, attribute: &Attribute<M, T, S>) -> SetTerm {
        <Self as SetValue<M, T, Optional, ByOption>>::set_term(self, attribute)
    }
}

impl<M, T: ToAttribute, R> SetValue<M, T, Sealed<R>, ByOption> for Option<T>
where
    Self: SetValue<M, T, R, ByOption>,
{
    fn set_term<S>(self, attribute: &Attribute<M, T, S>) -> SetTerm {
        <Self as SetValue<M, T, R, ByOption>>::set_term(self, attribute)
    }
}

impl<M, T: ToAttribute, R> SetValue<M, T, Searchable<R>, ByOption> for Option<T>
where
    Self: SetValue<M, T, R, ByOption>,
{
    fn set_term<S>(self, attribute: &Attribute<M, T, S>) -> SetTerm {
        <Self as SetValue<M, T, R, ByOption>>::set_term(self, attribute)
    }
}

impl<M, T, R: StoredRole, P: StoredRole> SetValue<M, T, R, ByPath> for Attribute<M, T, P> {
    fn set_term<S>(self, _: &Attribute<M, T, S>) -> SetTerm {
        SetTerm::path::<M, T>(self)
    }
}

impl<M, T, R: StoredRole, P: StoredRole> SetValue<M, T, R, ByPath> for &Attribute<M, T, P> {
    fn set_term<S>(self, _: &Attribute<M, T, S>) -> SetTerm {
        SetTerm::path::<M, T>(self)
    }
}

impl<M, T, R: StoredRole> SetValue<M, T, R, ByPath> for Expression<M, T> {
    fn set_term<S>(self, _: &Attribute<M, T, S>) -> SetTerm {
        let (term, range) = self.into_parts();
        SetTerm { term, violations: None, range }
    }
}

impl<M, T: ToAttribute + FromAttribute + 'static, R> Attribute<M, T, R> {
    /// Sets the value to a given one, to another attribute's value, or to a calculated value. A value that is stored
    /// as an absent attribute (`None`, an empty set) removes it.
    pub fn set<K>(&self, value: impl SetValue<M, T, R, K>) -> UpdateExpression<M>
    where
        R: Settable,
    {
        self.untyped().set(value.set_term(self)).into()
    }

    /// Sets the value if it is absent.
    pub fn set_default<K>(&self, value: impl SetValue<M, T, Plain, K>) -> UpdateExpression<M>
    where
        R: Updatable + AbsentRole,
    {
        self.untyped().set_default(value.set_term(self)).into()
    }
}

impl<M, T, R> Attribute<M, T, R> {
    /// Removes the attribute, the map entry, or the list element. Later elements of the list move up.
    pub fn remove(&self) -> UpdateExpression<M>
    where
        R: Removable,
    {
        UpdateParts::remove(&self.path, &self.outer, None).into()
    }
}

impl<M, T: Number, R: Updatable> Attribute<M, T, R> {
    /// Adds to the number. An absent number counts as 0.
    ///
    /// The sum must fit its type and the schema's bounds, or the update fails with
    /// [`Error::OutOfBounds`](crate::ops::Error::OutOfBounds). A sum of `rust_decimal`'s numbers may still have more
    /// than their 28 digits, if one has many digits before the point and the other many behind it.
    /// [`UpdateExpression`] says how to rule that out.
    pub fn add(&self, number: impl IntoField<T>) -> UpdateExpression<M> {
        self.untyped().add(Term::value(&number.into_field()), T::range()).into()
    }
}

impl<M, T: Count, R> Attribute<M, T, R> {
    /// Adds to the number. `start` is in place of an absent one.
    pub(crate) fn increment_from(&self, start: &str, by: &T::Step) -> UpdateExpression<M> {
        let start = Term::attribute_value(AttributeValue::N(start.to_owned()));
        let stored = Term::call("if_not_exists", vec![Term::Path(self.path.clone()), start]);
        let term = Term::Arithmetic { left: Box::new(stored), operator: "+", right: Box::new(Term::value(by)) };
        self.untyped().set(SetTerm { term, violations: None, range: Some(T::range()) }).into()
    }
}

impl<M, T: ToAttribute + FromAttribute + 'static, R: Updatable> Attribute<M, Vec<T>, R> {
    /// Appends elements to the list: `User::A.notes.append(["new"])`. An absent list counts as an empty one.
    pub fn append(&self, elements: impl IntoField<Vec<T>>) -> UpdateExpression<M> {
        self.joined(elements.into_field(), |own, elements| vec![own, elements])
    }

    /// Puts elements before those of the list. An absent list counts as an empty one.
    pub fn prepend(&self, elements: impl IntoField<Vec<T>>) -> UpdateExpression<M> {
        self.joined(elements.into_field(), |own, elements| vec![elements, own])
    }

    fn joined(&self, elements: Vec<T>, order: fn(Term, Term) -> Vec<Term>) -> UpdateExpression<M> {
        let elements = self.transform(elements);
        let violations = self.violations_of_elements(&elements);
        self.untyped().join(Term::value(&elements), order, violations).into()
    }
}

/// Elements of a set: one, or a collection of them.
pub trait SetElements<E, K> {
    /// Collects the elements.
    fn into_elements(self) -> BTreeSet<E>;
}

/// Marks a single element.
#[derive(Debug, Clone, Copy)]
pub enum One {}

/// Marks a collection of elements.
#[derive(Debug, Clone, Copy)]
pub enum Many {}

impl<E: Ord, V: IntoField<E>> SetElements<E, One> for V {
    fn into_elements(self) -> BTreeSet<E> {
        BTreeSet::from([self.into_field()])
    }
}

impl<E, V: IntoField<BTreeSet<E>>> SetElements<E, Many> for V {
    fn into_elements(self) -> BTreeSet<E> {
        self.into_field()
    }
}

impl<M, E: SetElement + 'static, R: Updatable> Attribute<M, BTreeSet<E>, R> {
    /// Adds elements to the set. An absent set counts as an empty one. Adding no elements does nothing.
    pub fn add<K>(&self, elements: impl SetElements<E, K>) -> UpdateExpression<M> {
        let elements = self.transform(elements.into_elements());
        let violations = self.violations_of_elements(&elements);
        self.elements(UpdateAction::Add, elements, violations)
    }

    /// Removes elements from the set. Removing the last element removes the attribute. Removing no elements does
    /// nothing.
    pub fn delete<K>(&self, elements: impl SetElements<E, K>) -> UpdateExpression<M> {
        self.elements(UpdateAction::Delete, self.transform(elements.into_elements()), None)
    }

    fn elements(
        &self,
        action: fn(DocumentPath, Term) -> UpdateAction,
        elements: BTreeSet<E>,
        violations: Option<Violations>,
    ) -> UpdateExpression<M> {
        // DynamoDB refuses an empty set here.
        if elements.is_empty() {
            return UpdateParts { violations, ..UpdateParts::default() }.into();
        }
        let action = action(self.path.clone(), Term::value(&elements));
        let constraints = self.rules.check.map(|check| Constraints::of(check, &BTreeSet::new()));
        let elements = constraints.as_ref().map(|_| elements.iter().map(Term::value).collect()).unwrap_or_default();
        self.untyped().change_set(action, violations, constraints, elements).into()
    }
}
