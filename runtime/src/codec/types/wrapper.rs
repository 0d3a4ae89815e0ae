//! The traits of wrapper types, which choose the stored form of a value and otherwise behave like the value.

macro_rules! wrapper {
    ($wrapper:ident) => {
        impl<T> ::std::ops::Deref for $wrapper<T> {
            type Target = T;

            fn deref(&self) -> &T {
                &self.0
            }
        }

        impl<T: ::std::fmt::Display> ::std::fmt::Display for $wrapper<T> {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl<T: crate::validate::Clock> crate::validate::Clock for $wrapper<T> {
            fn at(instant: std::time::SystemTime) -> Self {
                Self(T::at(instant))
            }
        }

        impl<T: crate::validate::Precise> crate::validate::Precise for $wrapper<T> {
            fn fraction(&self) -> u32 {
                self.0.fraction()
            }

            fn cut(&mut self, unit: u32) {
                self.0.cut(unit);
            }
        }

        impl<T> From<T> for $wrapper<T> {
            fn from(datetime: T) -> Self {
                Self(datetime)
            }
        }

        impl<T> crate::ground::IntoField<$wrapper<T>> for T {
            fn into_field(self) -> $wrapper<T> {
                $wrapper(self)
            }
        }
    };
}

pub(in crate::codec) use wrapper;
