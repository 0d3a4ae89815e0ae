//! Builders of emitted structs. A builder's type says which required fields are set.
//!
//! A builder's state is a tuple with an element for each required field, [`Unset`] or [`Set`]. A setter replaces its
//! element, and `build` requires a state without [`Unset`]. With more than eight required fields, the state is a tuple
//! of such tuples. Its depth, which the compiler follows for each setter, grows with the logarithm of the number of
//! fields.

use crate::codec::Item;
use crate::ground::{IntoField, ReadError, ReadErrorKind, Violations};
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

/// The known values of the fields of `T`. A builder sets them, and a reader fills them.
pub trait Values<T>: Default {
    /// Makes the struct. A field without a value gets its default.
    ///
    /// # Errors
    ///
    /// [`MissingField`] if a field has neither a value nor a default.
    fn finish(self) -> Result<T, MissingField>;
}

/// A field that has neither a value nor a default. It holds the name of the field's attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MissingField(&'static str);

/// The value of a required field.
///
/// # Errors
///
/// [`MissingField`] if there is no value.
#[inline]
pub fn required<T>(value: Option<T>, attribute: &'static str) -> Result<T, MissingField> {
    value.ok_or(MissingField(attribute))
}

impl From<MissingField> for ReadError {
    #[cold]
    fn from(MissingField(attribute): MissingField) -> Self {
        Self::new(ReadErrorKind::Missing).within_name(attribute)
    }
}

impl From<MissingField> for Violations {
    fn from(MissingField(attribute): MissingField) -> Self {
        let mut violations = Self::new("");
        violations.add_missing(attribute);
        violations
    }
}

/// A builder with the values `V` in the state `S`. Emitted builders wrap it.
pub struct Builder<V, S> {
    values: V,
    state: PhantomData<S>,
}

impl<V: Default, S> Builder<V, S> {
    /// A builder without values.
    pub fn new() -> Self {
        Self::of(V::default())
    }
}

impl<V: Default, S> Default for Builder<V, S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V, S> Builder<V, S> {
    /// A builder with values.
    pub fn of(values: V) -> Self {
        Self { values, state: PhantomData }
    }

    /// Sets the value of a required field, which leads to another state.
    pub fn set<T, F>(mut self, value: impl IntoField<F>, field: fn(&mut V) -> &mut Option<F>) -> Builder<V, T> {
        *field(&mut self.values) = Some(value.into_field());
        Builder { values: self.values, state: PhantomData }
    }
}

/// The values that are set so far.
impl<V, S> Deref for Builder<V, S> {
    type Target = V;

    fn deref(&self) -> &V {
        &self.values
    }
}

impl<V, S> DerefMut for Builder<V, S> {
    fn deref_mut(&mut self) -> &mut V {
        &mut self.values
    }
}

impl<V, S: Complete> Builder<V, S> {
    /// Makes the struct, transforms its texts as the schema says, and validates it.
    ///
    /// # Errors
    ///
    /// All violations of its values.
    pub fn build<T: Item>(self) -> Result<T, Violations>
    where
        V: Values<T>,
    {
        let mut item = self.values.finish()?;
        if let Some(transforms) = T::model_transforms() {
            transforms(&mut item);
        }
        Violations::of(T::model_name(), &item)?;
        Ok(item)
    }
}

/// Omits the values, because some may be sensitive.
impl<V, S> fmt::Debug for Builder<V, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").finish_non_exhaustive()
    }
}

/// A required field that is set.
#[derive(Debug)]
pub enum Set {}

/// The required field `F` that is not set.
pub struct Unset<F>(PhantomData<F>);

impl<F> fmt::Debug for Unset<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Unset")
    }
}

/// A state, which says for each required field whether it is set: an element, or a tuple of up to eight states.
pub trait State {
    /// This state with the field at `P` set.
    type With<P: Place>: State;
}

impl State for Set {
    type With<P: Place> = Set;
}

impl<F> State for Unset<F> {
    type With<P: Place> = Set;
}

/// A state in which every required field is set.
pub trait Complete: State {}

impl Complete for Set {}

/// No type meets this bound. It makes the compiler's error name the field.
impl<F: IsSet> Complete for Unset<F> {}

/// A bound that no type meets. Its error names the required field that is not set.
#[diagnostic::on_unimplemented(
    message = "the required field `{Self}` is not set before `build`",
    label = "not every required field is set"
)]
pub trait IsSet {}

/// The place of a field in a state: an element, [`N0`] to [`N7`], and the place within that element.
pub trait Place {
    #[doc(hidden)]
    type At0<T: State>: State;
    #[doc(hidden)]
    type At1<T: State>: State;
    #[doc(hidden)]
    type At2<T: State>: State;
    #[doc(hidden)]
    type At3<T: State>: State;
    #[doc(hidden)]
    type At4<T: State>: State;
    #[doc(hidden)]
    type At5<T: State>: State;
    #[doc(hidden)]
    type At6<T: State>: State;
    #[doc(hidden)]
    type At7<T: State>: State;
}

macro_rules! places {
    ($($before:ident)*;) => {};
    ($($before:ident)*; $place:ident $at:ident $($places:ident $after:ident)*) => {
        /// The place `P` within the element of this number, counted from 0.
        #[derive(Debug)]
        pub struct $place<P = ()>(PhantomData<P>);

        impl<P: Place> Place for $place<P> {
            $(type $before<T: State> = T;)*
            type $at<T: State> = T::With<P>;
            $(type $after<T: State> = T;)*
        }

        places!($($before)* $at; $($places $after)*);
    };
}

places!(; N0 At0 N1 At1 N2 At2 N3 At3 N4 At4 N5 At5 N6 At6 N7 At7);

/// The place of the element itself.
impl Place for () {
    type At0<T: State> = T;
    type At1<T: State> = T;
    type At2<T: State> = T;
    type At3<T: State> = T;
    type At4<T: State> = T;
    type At5<T: State> = T;
    type At6<T: State> = T;
    type At7<T: State> = T;
}

macro_rules! states {
    ($($element:ident $at:ident)*;) => { states!(@ $($element $at)*); };
    ($($element:ident $at:ident)*; $next:ident $next_at:ident $($rest:ident)*) => {
        states!(@ $($element $at)*);
        states!($($element $at)* $next $next_at; $($rest)*);
    };
    (@ $($element:ident $at:ident)*) => {
        impl<$($element: State),*> State for ($($element,)*) {
            type With<P: Place> = ($(P::$at<$element>,)*);
        }

        impl<$($element: Complete),*> Complete for ($($element,)*) {}
    };
}

states!(; A At0 B At1 C At2 D At3 E At4 F At5 G At6 H At7);

/// Emits a module for the required fields of a struct: a type for each field, which errors name, and `None`, the state
/// in which no field is set.
#[doc(hidden)]
#[macro_export]
macro_rules! required_fields {
    ($module:ident: $($field:ident),* $(,)?) => {
        #[doc(hidden)]
        #[allow(non_snake_case)]
        pub mod $module {
            $(
                pub enum $field {}
            )*
            pub type None = $crate::state!($($crate::builder::Unset<$field>),*);
        }
    };
}

/// Makes a tuple of up to eight elements, or a tuple of such tuples for more.
#[doc(hidden)]
#[macro_export]
macro_rules! state {
    ($($a:ty $(, $b:ty $(, $c:ty $(, $d:ty $(, $e:ty $(, $f:ty $(, $g:ty $(, $h:ty)?)?)?)?)?)?)?)?) => {
        ($($a, $($b, $($c, $($d, $($e, $($f, $($g, $($h,)?)?)?)?)?)?)?)?)
    };
    (@ [$($done:ty),*] $a:ty, $b:ty, $c:ty, $d:ty, $e:ty, $f:ty, $g:ty, $h:ty $(, $rest:ty)+) => {
        $crate::state!(@ [$($done,)* ($a, $b, $c, $d, $e, $f, $g, $h)] $($rest),+)
    };
    (@ [$($done:ty),*] $($last:ty),+) => {
        $crate::state!($($done,)* ($($last,)+))
    };
    ($($all:ty),+) => {
        $crate::state!(@ [] $($all),+)
    };
}

#[cfg(test)]
#[expect(unreachable_pub, reason = "the macro is for emitted code, whose names are public")]
mod tests {
    use super::*;

    required_fields!(twenty: A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T);

    required_fields!(sixty_five: A0, A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14, A15, A16, A17, A18, A19, A20, A21, A22, A23, A24, A25, A26, A27, A28, A29, A30, A31, A32, A33, A34, A35, A36, A37, A38, A39, A40, A41, A42, A43, A44, A45, A46, A47, A48, A49, A50, A51, A52, A53, A54, A55, A56, A57, A58, A59, A60, A61, A62, A63, A64);

    fn is_complete<S: Complete>() {}

    #[test]
    fn a_third_level_begins_after_sixty_four() {
        type Last = <sixty_five::None as State>::With<N1<N0<N0>>>;
        let (before, after) = (std::any::type_name::<sixty_five::None>(), std::any::type_name::<Last>());
        let unset = |state: &str| state.matches("Unset<").count();
        assert_eq!((unset(before), unset(after)), (65, 64));
        assert!(before.contains("::A64>") && !after.contains("::A64>"), "{after}");
    }

    #[test]
    fn every_field_of_many_has_its_place() {
        type First = <twenty::None as State>::With<N0<N0>>;
        type Eight = (Set, Set, Set, Set, Set, Set, Set, Set);
        let _: [PhantomData<First>; 0] = [PhantomData::<(
            (
                Set,
                Unset<twenty::B>,
                Unset<twenty::C>,
                Unset<twenty::D>,
                Unset<twenty::E>,
                Unset<twenty::F>,
                Unset<twenty::G>,
                Unset<twenty::H>,
            ),
            (
                Unset<twenty::I>,
                Unset<twenty::J>,
                Unset<twenty::K>,
                Unset<twenty::L>,
                Unset<twenty::M>,
                Unset<twenty::N>,
                Unset<twenty::O>,
                Unset<twenty::P>,
            ),
            (Unset<twenty::Q>, Unset<twenty::R>, Unset<twenty::S>, Unset<twenty::T>),
        )>; 0];
        is_complete::<(Eight, Eight, (Set, Set, Set, Set))>();
    }
}
