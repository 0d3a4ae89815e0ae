//! The traits of wrapper types, which choose the stored form of a value and otherwise behave like the value.

macro_rules! wrapper {
    ($wrapper:ident) => {
        $crate::codec::types::wrapper::wrapper!([] $wrapper<T>, $wrapper);
    };
    ([$($generics:tt)*] $wrapper:ty, $new:expr) => {
        impl<T, $($generics)*> ::std::ops::Deref for $wrapper {
            type Target = T;

            fn deref(&self) -> &T {
                &self.0
            }
        }

        impl<T: ::std::fmt::Display, $($generics)*> ::std::fmt::Display for $wrapper {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl<T, $($generics)*> From<T> for $wrapper {
            fn from(value: T) -> Self {
                $new(value)
            }
        }

        impl<T, $($generics)*> crate::ground::IntoField<$wrapper> for T {
            fn into_field(self) -> $wrapper {
                $new(self)
            }
        }
    };
}

#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
macro_rules! time_wrapper {
    ($wrapper:ident) => {
        $crate::codec::types::wrapper::time_wrapper!([] $wrapper<T>, $wrapper);
    };
    ([$($generics:tt)*] $wrapper:ty, $new:expr) => {
        $crate::codec::types::wrapper::wrapper!([$($generics)*] $wrapper, $new);

        impl<T: crate::validate::Clock, $($generics)*> crate::validate::Clock for $wrapper {
            fn at(instant: std::time::SystemTime) -> Self {
                $new(T::at(instant))
            }
        }

        impl<T: crate::validate::Precise, $($generics)*> crate::validate::Precise for $wrapper {
            fn fraction(&self) -> u32 {
                self.0.fraction()
            }

            fn cut(&mut self, unit: u32) {
                self.0.cut(unit);
            }
        }
    };
}

#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
pub(in crate::codec) use time_wrapper;
pub(in crate::codec) use wrapper;
