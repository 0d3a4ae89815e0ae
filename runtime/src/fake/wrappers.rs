//! Made-up values in the types that state their stored form.

use super::{FakeValue, Faker};
use crate::codec::{Digits, Listed, Text, ZeroOrOne};

macro_rules! wrapper {
    ([$($generics:tt)*] $wrapper:ty) => {
        impl<T: FakeValue, $($generics)*> FakeValue for $wrapper {
            fn fake_value(of: &mut Faker) -> Option<Self> {
                T::fake_value(of).map(Self::from)
            }
        }
    };
}

wrapper!([] Text<T>);
wrapper!([const DIGITS: usize] Digits<T, DIGITS>);
wrapper!([] ZeroOrOne<T>);
wrapper!([] Listed<T>);

#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
mod times {
    use super::{FakeValue, Faker};
    use crate::codec::{EpochMillis, EpochSeconds, Nanos, Patterned, Pydantic, StoredPattern};

    wrapper!([] EpochSeconds<T>);
    wrapper!([] EpochMillis<T>);
    wrapper!([] Nanos<T>);
    wrapper!([] Pydantic<T>);
    wrapper!([P: StoredPattern] Patterned<T, P>);
}
