//! Operands of comparisons and updates: a value, another attribute, or a calculation.

use super::attribute::Attribute;
use super::capability::{Number, NumberRange};
use super::role_capability::{AbsentRole, StoredRole};
use super::term::Term;
use crate::codec::ToAttribute;
use crate::ground::IntoField;
use crate::validate::transform::Transforms;
use std::marker::PhantomData;
use std::ops::{Add, Sub};

/// A value of type `T` in an expression of the model `M`: a literal, an attribute, or an [`Expression`].
///
/// The compiler infers `K`, the form of the operand.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be used as a `{T}` in an expression of `{M}`",
    label = "expected a `{T}`, or an attribute of `{M}` that holds one"
)]
pub trait Operand<M, T, K> {
    #[doc(hidden)]
    fn term(self) -> OperandTerm
    where
        Self: Sized,
    {
        self.changed(None)
    }

    /// The term of the value after a change. Values that DynamoDB looks up or calculates are not changed.
    #[doc(hidden)]
    fn changed(self, change: Option<Transforms<T>>) -> OperandTerm;
}

/// An operand without its type.
#[doc(hidden)]
#[derive(Debug, Clone)]
pub struct OperandTerm(pub(super) Term);

/// An operand that is a value.
#[derive(Debug, Clone, Copy)]
pub enum ByValue {}

/// An operand that is an attribute, or that is calculated from attributes.
#[derive(Debug, Clone, Copy)]
pub enum ByPath {}

/// A value that DynamoDB calculates: `A.age.plus(1)`, `A.age + 1`, `A.tags.or(vec![])`.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client, mut alice: User) -> dyntastic::Result<()> {
/// alice.update(&db, User::A.age.set(User::A.age.or(0).plus(1))).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Expression<M, T> {
    term: Term,
    /// The numbers that the type of a sum or difference holds.
    range: Option<NumberRange>,
    typed: PhantomData<fn() -> (M, T)>,
}

impl<M, T> Expression<M, T> {
    pub(super) fn new(term: Term) -> Self {
        Self { term, range: None, typed: PhantomData }
    }

    /// The term to set, and the numbers that its type holds if it is calculated.
    pub(super) fn into_parts(self) -> (Term, Option<NumberRange>) {
        (self.term, self.range)
    }
}

impl<M, T: Number> Expression<M, T> {
    fn calculated(left: Term, operator: &'static str, right: Term) -> Self {
        Self { range: Some(T::range()), ..Self::new(Term::arithmetic(left, operator, right)) }
    }
}

impl<M, T: ToAttribute, V: IntoField<T>> Operand<M, T, ByValue> for V {
    fn changed(self, change: Option<Transforms<T>>) -> OperandTerm {
        let mut value = self.into_field();
        if let Some(change) = change {
            change(&mut value);
        }
        OperandTerm(Term::value(&value))
    }
}

impl<M, T, R: StoredRole> Operand<M, T, ByPath> for Attribute<M, T, R> {
    fn changed(self, _: Option<Transforms<T>>) -> OperandTerm {
        OperandTerm(Term::Path(self.path().clone()))
    }
}

impl<M, T, R: StoredRole> Operand<M, T, ByPath> for &Attribute<M, T, R> {
    fn changed(self, _: Option<Transforms<T>>) -> OperandTerm {
        OperandTerm(Term::Path(self.path().clone()))
    }
}

impl<M, T> Operand<M, T, ByPath> for Expression<M, T> {
    fn changed(self, _: Option<Transforms<T>>) -> OperandTerm {
        OperandTerm(self.term)
    }
}

impl<M, T: ToAttribute, R: AbsentRole> Attribute<M, T, R> {
    /// The attribute's value, or this one if the attribute is absent: `if_not_exists`.
    pub fn or<K>(&self, value: impl Operand<M, T, K>) -> Expression<M, T> {
        Expression::new(Term::call("if_not_exists", vec![Term::Path(self.path().clone()), value.term().0]))
    }
}

impl<M, T: Number, R: StoredRole> Attribute<M, T, R> {
    /// The sum of the attribute's value and this one.
    pub fn plus<K>(&self, value: impl Operand<M, T, K>) -> Expression<M, T> {
        Expression::calculated(Term::Path(self.path().clone()), "+", value.term().0)
    }

    /// The attribute's value minus this one.
    pub fn minus<K>(&self, value: impl Operand<M, T, K>) -> Expression<M, T> {
        Expression::calculated(Term::Path(self.path().clone()), "-", value.term().0)
    }
}

impl<M, T: Number> Expression<M, T> {
    /// The sum of the calculated value and this one.
    pub fn plus<K>(self, value: impl Operand<M, T, K>) -> Expression<M, T> {
        Expression::calculated(self.term, "+", value.term().0)
    }

    /// The calculated value minus this one.
    pub fn minus<K>(self, value: impl Operand<M, T, K>) -> Expression<M, T> {
        Expression::calculated(self.term, "-", value.term().0)
    }
}

impl<M, T: ToAttribute, R: StoredRole> Attribute<M, Vec<T>, R> {
    /// The attribute's list, followed by this one: `list_append`.
    pub fn followed_by<K>(&self, list: impl Operand<M, Vec<T>, K>) -> Expression<M, Vec<T>> {
        Expression::new(Term::call("list_append", vec![Term::Path(self.path().clone()), list.term().0]))
    }

    /// The attribute's list, preceded by this one: `list_append`.
    pub fn preceded_by<K>(&self, list: impl Operand<M, Vec<T>, K>) -> Expression<M, Vec<T>> {
        Expression::new(Term::call("list_append", vec![list.term().0, Term::Path(self.path().clone())]))
    }
}

impl<M, T: ToAttribute> Expression<M, Vec<T>> {
    /// The calculated list, followed by this one: `list_append`.
    pub fn followed_by<K>(self, list: impl Operand<M, Vec<T>, K>) -> Expression<M, Vec<T>> {
        Expression::new(Term::call("list_append", vec![self.term, list.term().0]))
    }

    /// The calculated list, preceded by this one: `list_append`.
    pub fn preceded_by<K>(self, list: impl Operand<M, Vec<T>, K>) -> Expression<M, Vec<T>> {
        Expression::new(Term::call("list_append", vec![list.term().0, self.term]))
    }
}

impl<M, T: Number, R: StoredRole, V: IntoField<T>> Add<V> for Attribute<M, T, R> {
    type Output = Expression<M, T>;

    fn add(self, value: V) -> Expression<M, T> {
        self.plus::<ByValue>(value)
    }
}

impl<M, T: Number, R: StoredRole, V: IntoField<T>> Sub<V> for Attribute<M, T, R> {
    type Output = Expression<M, T>;

    fn sub(self, value: V) -> Expression<M, T> {
        self.minus::<ByValue>(value)
    }
}

impl<M, T: Number, R: StoredRole, V: IntoField<T>> Add<V> for &Attribute<M, T, R> {
    type Output = Expression<M, T>;

    fn add(self, value: V) -> Expression<M, T> {
        self.plus::<ByValue>(value)
    }
}

impl<M, T: Number, R: StoredRole, V: IntoField<T>> Sub<V> for &Attribute<M, T, R> {
    type Output = Expression<M, T>;

    fn sub(self, value: V) -> Expression<M, T> {
        self.minus::<ByValue>(value)
    }
}

macro_rules! number_first {
    ($($number:ident)*) => {$(
        impl<M, R: StoredRole> Add<Attribute<M, $number, R>> for $number {
            type Output = Expression<M, $number>;

            fn add(self, attribute: Attribute<M, $number, R>) -> Expression<M, $number> {
                Expression::calculated(Term::value(&self), "+", Term::Path(attribute.path().clone()))
            }
        }

        impl<M, R: StoredRole> Sub<Attribute<M, $number, R>> for $number {
            type Output = Expression<M, $number>;

            fn sub(self, attribute: Attribute<M, $number, R>) -> Expression<M, $number> {
                Expression::calculated(Term::value(&self), "-", Term::Path(attribute.path().clone()))
            }
        }
    )*};
}

number_first!(i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64);
#[cfg(feature = "decimal")]
use rust_decimal::Decimal;
#[cfg(feature = "decimal")]
number_first!(Decimal);
