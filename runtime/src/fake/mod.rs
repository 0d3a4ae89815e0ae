//! Made-up values of models, which fulfil the constraints of the schema.
//!
//! A schema with `fakes: true` has them for each of its models and types:
//!
//! ```
//! use dyntastic::prelude::*;
//! use dyntastic::fake::Random;
//! use example_models::User;
//!
//! let mut random = Random::new(7); // the same seed makes the same values
//! let alice = User { name: "Alice".to_owned(), ..User::fake(&mut random)? };
//! assert!(alice.email.contains('@') && alice.age <= 150);
//! # Ok::<(), dyntastic::Violations>(())
//! ```
//!
//! Texts have the lengths, patterns, formats and characters that the schema asks for, numbers are in their bounds, times are
//! past or future, and keys are such that DynamoDB takes them. Optional fields and those with a default are absent at times.
//! Unique values and keys differ in the items of one [`Random`], as long as their types have other values. Fields that writes
//! keep, such as versions, counters and sequences, have their defaults, and times to live are in the future. Where a made-up
//! value breaks a rule of the app's own (`validate:`), others are tried.

mod collections;
mod faker;
mod numbers;
mod random;
mod rules;
mod scalars;
#[cfg(feature = "proptest")]
mod strategy;
#[cfg(test)]
#[cfg(all(feature = "email", feature = "url", feature = "uuid"))]
mod tests;
mod texts;
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff", feature = "ulid"))]
mod times;
mod turn;
mod wrappers;

pub use self::faker::Faker;
pub use self::random::Random;
#[cfg(feature = "proptest")]
pub use self::strategy::{FakeStrategy, FakeTree, strategy};

use crate::builder::Values;
use crate::codec::Item;
use crate::ground::Violations;

/// A model or a type with made-up values. Emitted code implements it, if the schema has `fakes: true`.
pub trait Fake: Item {
    #[doc(hidden)]
    type Values: Values<Self>;

    #[doc(hidden)]
    fn values(of: &mut Faker) -> Self::Values;

    /// A made-up value, which fulfils all constraints. The same random numbers make the same value.
    ///
    /// # Errors
    ///
    /// The violations of the last try, if many tries have found no value: a hundred for each field, and a thousand in all.
    /// Then a field has a rule that few values fulfil, of a function of the app or a pattern: give it a function that makes
    /// its values, `fake: crate::fakes::iban`.
    fn fake(random: &mut Random) -> Result<Self, Violations> {
        Faker::new(random).whole(|_| {})
    }

    /// The same with some values that are set.
    #[doc(hidden)]
    fn fake_with(random: &mut Random, set: impl Fn(&mut Self::Values)) -> Result<Self, Violations> {
        Faker::new(random).whole(set)
    }
}

/// A type whose values can be made up: implement it for types of your own (`rust:`) in a schema with `fakes: true`.
///
/// ```
/// use dyntastic::fake::{FakeValue, Faker};
///
/// struct Money(u32);
///
/// impl FakeValue for Money {
///     fn fake_value(of: &mut Faker) -> Option<Self> {
///         Some(Self(u32::try_from(of.random().below(100_000)).ok()?))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "no values of `{Self}` can be made up",
    note = "the schema has `fakes: true`: implement `dyntastic::fake::FakeValue` for the type"
)]
pub trait FakeValue: Sized {
    /// A made-up value; `None` if there is none, so that an optional field is absent.
    fn fake_value(of: &mut Faker) -> Option<Self>;
}

impl<T: Fake> FakeValue for T {
    fn fake_value(of: &mut Faker) -> Option<Self> {
        of.nested()
    }
}
