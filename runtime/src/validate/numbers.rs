//! Multiples of numbers.

/// A number type with multiples.
pub trait MultipleOf {
    /// Whether the number is a multiple of `of`. The only multiple of zero is zero.
    fn is_multiple_of(&self, of: &Self) -> bool;
}

macro_rules! integers {
    ($($number:ty)*) => {$(
        impl MultipleOf for $number {
            fn is_multiple_of(&self, of: &Self) -> bool {
                match self.checked_rem(*of) {
                    Some(rest) => rest == 0,
                    // A division by zero has no remainder, nor has the minimum divided by −1: its quotient overflows.
                    None => *self == 0 || *of != 0,
                }
            }
        }
    )*};
}

integers!(i8 i16 i32 i64 i128 u8 u16 u32 u64 u128);

macro_rules! floats {
    ($($number:ty)*) => {$(
        impl MultipleOf for $number {
            /// Allows for the type's precision: 0.3 is a multiple of 0.1.
            fn is_multiple_of(&self, of: &Self) -> bool {
                if *of == 0.0 {
                    return *self == 0.0;
                }
                let quotient = self / of;
                (quotient - quotient.round()).abs() <= <$number>::EPSILON * quotient.abs().max(1.0) * 4.0
            }
        }
    )*};
}

floats!(f32 f64);

#[cfg(feature = "decimal")]
impl MultipleOf for rust_decimal::Decimal {
    fn is_multiple_of(&self, of: &Self) -> bool {
        match self.checked_rem(*of) {
            Some(rest) => rest.is_zero(),
            None => self.is_zero(),
        }
    }
}

#[cfg(feature = "bigdecimal")]
impl MultipleOf for bigdecimal::BigDecimal {
    fn is_multiple_of(&self, of: &Self) -> bool {
        use bigdecimal::Zero;
        if of.is_zero() { self.is_zero() } else { (self % of).is_zero() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multiples_are_recognised() {
        assert!(MultipleOf::is_multiple_of(&9_u8, &3) && !MultipleOf::is_multiple_of(&10_u8, &3));
        assert!(0_i8.is_multiple_of(&0) && !1_i8.is_multiple_of(&0));
        assert!(i8::MIN.is_multiple_of(&-1));
        assert!(0.3_f64.is_multiple_of(&0.1) && !0.35_f64.is_multiple_of(&0.1));
        assert!(!1.0_f32.is_multiple_of(&0.0));
        #[cfg(feature = "decimal")]
        assert!(rust_decimal::Decimal::new(75, 2).is_multiple_of(&rust_decimal::Decimal::new(25, 2)));
        #[cfg(feature = "bigdecimal")]
        assert!(!bigdecimal::BigDecimal::from(3).is_multiple_of(&bigdecimal::BigDecimal::from(2)));
    }
}
