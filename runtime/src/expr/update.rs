//! Updates.

use super::attribute::{Attribute, Optional, Removable, Updatable};
use super::capability::Number;
use super::document_path::DocumentPath;
use super::operand::{ByPath, ByValue, Expression, Operand, OperandTerm};
use super::term::Term;
use crate::IntoField;
use crate::item::{SetElement, ToAttribute};
use std::collections::BTreeSet;
use std::marker::PhantomData;

/// One or several actions that change an item of the model `M`.
#[derive(Debug, Clone)]
#[must_use = "an update does nothing until an operation takes it"]
pub struct Update<M> {
    actions: Vec<Action>,
    typed: PhantomData<fn() -> M>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Action {
    Set(DocumentPath, Term),
    Remove(DocumentPath),
    Add(DocumentPath, Term),
    Delete(DocumentPath, Term),
}

impl Action {
    pub(crate) fn path(&self) -> &DocumentPath {
        match self {
            Action::Set(path, _) | Action::Remove(path) | Action::Add(path, _) | Action::Delete(path, _) => path,
        }
    }
}

impl<M> Update<M> {
    fn one(action: Action) -> Self {
        Self { actions: vec![action], typed: PhantomData }
    }

    pub(crate) fn into_actions(self) -> Vec<Action> {
        self.actions
    }
}

/// What an update is made of: one action, a tuple of actions, or a `Vec` of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no update of `{M}`",
    label = "expected actions on attributes of `{M}`"
)]
pub trait IntoUpdate<M> {
    /// All actions.
    fn into_update(self) -> Update<M>;
}

impl<M> IntoUpdate<M> for Update<M> {
    fn into_update(self) -> Update<M> {
        self
    }
}

impl<M> IntoUpdate<M> for Vec<Update<M>> {
    fn into_update(self) -> Update<M> {
        let actions = self.into_iter().flat_map(Update::into_actions).collect();
        Update { actions, typed: PhantomData }
    }
}

macro_rules! tuples {
    ($(($($update:ident)+))*) => {$(
        impl<M, $($update: IntoUpdate<M>),+> IntoUpdate<M> for ($($update,)+) {
            #[allow(non_snake_case)]
            fn into_update(self) -> Update<M> {
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

/// What an attribute of role `R` can be set to.
#[diagnostic::on_unimplemented(
    message = "an attribute of type `{T}` cannot be set to `{Self}`",
    label = "expected a `{T}`, or an attribute of `{M}` that holds one"
)]
pub trait SetValue<M, T, R, K> {
    #[doc(hidden)]
    fn set_term(self) -> OperandTerm;
}

/// A value to set that is an `Option`.
#[derive(Debug, Clone, Copy)]
pub enum ByOption {}

impl<M, T: ToAttribute, R, V: IntoField<T>> SetValue<M, T, R, ByValue> for V {
    fn set_term(self) -> OperandTerm {
        Operand::<M, T, ByValue>::term(self)
    }
}

impl<M, T: ToAttribute> SetValue<M, T, Optional, ByOption> for Option<T> {
    fn set_term(self) -> OperandTerm {
        OperandTerm(Term::value(&self))
    }
}

impl<M, T, R, S> SetValue<M, T, R, ByPath> for Attribute<M, T, S> {
    fn set_term(self) -> OperandTerm {
        Operand::<M, T, ByPath>::term(self)
    }
}

impl<M, T, R, S> SetValue<M, T, R, ByPath> for &Attribute<M, T, S> {
    fn set_term(self) -> OperandTerm {
        Operand::<M, T, ByPath>::term(self)
    }
}

impl<M, T, R> SetValue<M, T, R, ByPath> for Expression<M, T> {
    fn set_term(self) -> OperandTerm {
        Operand::<M, T, ByPath>::term(self)
    }
}

impl<M, T: ToAttribute, R> Attribute<M, T, R> {
    /// Sets the value: to one given, to another attribute's, or to one that DynamoDB calculates. A value
    /// that is stored as no attribute (`None`, an empty set) removes it.
    pub fn set<K>(&self, value: impl SetValue<M, T, R, K>) -> Update<M>
    where
        R: Updatable,
    {
        let path = self.path().clone();
        Update::one(match value.set_term().0 {
            Term::Value(Ok(None)) => Action::Remove(path),
            term => Action::Set(path, term),
        })
    }

    /// Sets the value where there is none.
    pub fn set_default<K>(&self, value: impl Operand<M, T, K>) -> Update<M>
    where
        R: Updatable,
    {
        let value = Term::call("if_not_exists", vec![Term::Path(self.path().clone()), value.term().0]);
        Update::one(Action::Set(self.path().clone(), value))
    }
}

impl<M, T, R> Attribute<M, T, R> {
    /// Removes the value: the attribute, the entry of the map, or the element of the list, whose followers
    /// move up.
    pub fn remove(&self) -> Update<M>
    where
        R: Removable,
    {
        Update::one(Action::Remove(self.path().clone()))
    }
}

impl<M, T: Number, R: Updatable> Attribute<M, T, R> {
    /// Adds to the number; no value counts as 0.
    pub fn add(&self, number: impl IntoField<T>) -> Update<M> {
        Update::one(Action::Add(self.path().clone(), Term::value(&number.into_field())))
    }
}

impl<M, T: ToAttribute, R: Updatable> Attribute<M, Vec<T>, R> {
    /// Puts elements after the list's own; no list counts as an empty one.
    pub fn append(&self, elements: impl IntoField<Vec<T>>) -> Update<M> {
        Update::one(Action::Set(
            self.path().clone(),
            Term::call("list_append", vec![self.or_empty(), Term::value(&elements.into_field())]),
        ))
    }

    /// Puts elements before the list's own; no list counts as an empty one.
    pub fn prepend(&self, elements: impl IntoField<Vec<T>>) -> Update<M> {
        Update::one(Action::Set(
            self.path().clone(),
            Term::call("list_append", vec![Term::value(&elements.into_field()), self.or_empty()]),
        ))
    }

    fn or_empty(&self) -> Term {
        Term::call("if_not_exists", vec![Term::Path(self.path().clone()), Term::value(&Vec::<T>::new())])
    }
}

/// Elements of a set: one, or a collection of them.
pub trait SetElements<E, K> {
    /// The elements.
    fn into_elements(self) -> BTreeSet<E>;
}

/// One element of a set.
#[derive(Debug, Clone, Copy)]
pub enum One {}

/// A collection of elements of a set.
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

impl<M, E: SetElement, R: Updatable> Attribute<M, BTreeSet<E>, R> {
    /// Adds elements to the set; no set counts as an empty one. Adding none does nothing.
    pub fn add<K>(&self, elements: impl SetElements<E, K>) -> Update<M> {
        self.elements(Action::Add, elements.into_elements())
    }

    /// Takes elements out of the set; taking out the last removes the attribute. Taking out none does
    /// nothing.
    pub fn delete<K>(&self, elements: impl SetElements<E, K>) -> Update<M> {
        self.elements(Action::Delete, elements.into_elements())
    }

    fn elements(&self, action: fn(DocumentPath, Term) -> Action, elements: BTreeSet<E>) -> Update<M> {
        // DynamoDB has no empty sets, not even to add.
        let actions =
            if elements.is_empty() { Vec::new() } else { vec![action(self.path().clone(), Term::value(&elements))] };
        Update { actions, typed: PhantomData }
    }
}
