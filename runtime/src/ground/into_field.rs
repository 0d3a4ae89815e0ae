//! Conversions into a field's value, for builders and keys.

use bytes::Bytes;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// A value that builders and keys accept for a field of type `T`.
///
/// A field accepts its value, a reference to it, `&str` for a string, the bare value for an optional field, and an
/// array for a collection.
///
/// ```
/// # use dyntastic::IntoField;
/// fn name(value: impl IntoField<String>) -> String { value.into_field() }
/// assert_eq!(name("Alice"), name(String::from("Alice")));
///
/// fn nickname(value: impl IntoField<Option<String>>) -> Option<String> { value.into_field() }
/// assert_eq!(nickname("Al"), nickname(Some("Al")));
/// ```
#[diagnostic::on_unimplemented(
    message = "a field of type `{T}` does not accept a `{Self}`",
    label = "expected `{T}`, or a type that converts into it"
)]
pub trait IntoField<T> {
    /// Converts into the field's value.
    fn into_field(self) -> T;
}

impl<T> IntoField<T> for T {
    fn into_field(self) -> T {
        self
    }
}

impl<T: Clone> IntoField<T> for &T {
    fn into_field(self) -> T {
        self.clone()
    }
}

impl<T> IntoField<Option<T>> for T {
    fn into_field(self) -> Option<T> {
        Some(self)
    }
}

impl<T> IntoField<Box<T>> for T {
    fn into_field(self) -> Box<T> {
        Box::new(self)
    }
}

impl<T> IntoField<Option<Box<T>>> for T {
    fn into_field(self) -> Option<Box<T>> {
        Some(Box::new(self))
    }
}

impl<T> IntoField<Option<Box<T>>> for Option<T> {
    fn into_field(self) -> Option<Box<T>> {
        self.map(Box::new)
    }
}

/// Implements a conversion into a type and into its optional form.
macro_rules! form {
    ([$($generics:tt)*] $form:ty => $ty:ty, $value:ident => $into:expr) => {
        impl<$($generics)*> IntoField<$ty> for $form {
            fn into_field(self) -> $ty {
                let $value = self;
                $into
            }
        }

        impl<$($generics)*> IntoField<Option<$ty>> for $form {
            fn into_field(self) -> Option<$ty> {
                Some(IntoField::<$ty>::into_field(self))
            }
        }

        impl<$($generics)*> IntoField<Option<$ty>> for Option<$form> {
            fn into_field(self) -> Option<$ty> {
                self.map(IntoField::<$ty>::into_field)
            }
        }
    };
}

form!([] &str => String, text => text.to_owned());
form!([] Box<str> => String, text => text.into_string());
form!([] Cow<'_, str> => String, text => text.into_owned());
form!([] Vec<u8> => Bytes, bytes => Bytes::from(bytes));
form!([] &[u8] => Bytes, bytes => Bytes::copy_from_slice(bytes));
form!([const N: usize] &[u8; N] => Bytes, bytes => Bytes::copy_from_slice(bytes));
form!([const N: usize] [u8; N] => Bytes, bytes => Bytes::copy_from_slice(&bytes));
form!([T, I: IntoField<T>, const N: usize] [I; N] => Vec<T>, values => values.into_iter().map(I::into_field).collect());
form!([T: Ord, I: IntoField<T>, const N: usize] [I; N] => BTreeSet<T>, values => values.into_iter().map(I::into_field).collect());
form!([T: Ord, I: IntoField<T>] Vec<I> => BTreeSet<T>, values => values.into_iter().map(I::into_field).collect());
form!(
    [T, K: IntoField<String>, I: IntoField<T>, const N: usize] [(K, I); N] => BTreeMap<String, T>,
    entries => entries.into_iter().map(|(name, value)| (name.into_field(), value.into_field())).collect()
);

#[cfg(feature = "decimal")]
mod decimal {
    use super::IntoField;
    use rust_decimal::Decimal;

    form!([] i8 => Decimal, value => value.into());
    form!([] i16 => Decimal, value => value.into());
    form!([] i32 => Decimal, value => value.into());
    form!([] i64 => Decimal, value => value.into());
    form!([] u8 => Decimal, value => value.into());
    form!([] u16 => Decimal, value => value.into());
    form!([] u32 => Decimal, value => value.into());
    form!([] u64 => Decimal, value => value.into());
}

#[cfg(feature = "bigdecimal")]
mod bigdecimal {
    use super::IntoField;
    use bigdecimal::BigDecimal;

    form!([] i32 => BigDecimal, value => value.into());
    form!([] i64 => BigDecimal, value => value.into());
    form!([] u32 => BigDecimal, value => value.into());
    form!([] u64 => BigDecimal, value => value.into());
}

mod addresses {
    use super::IntoField;
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

    form!([] Ipv4Addr => IpAddr, address => address.into());
    form!([] Ipv6Addr => IpAddr, address => address.into());
    #[cfg(feature = "ipnet")]
    form!([] ipnet::Ipv4Net => ipnet::IpNet, net => net.into());
    #[cfg(feature = "ipnet")]
    form!([] ipnet::Ipv6Net => ipnet::IpNet, net => net.into());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field<T>(value: impl IntoField<T>) -> T {
        value.into_field()
    }

    #[test]
    fn fields_accept_natural_forms() {
        let owned = String::from("x");
        assert_eq!(field::<String>("x"), field::<String>(&owned));
        assert_eq!(field::<Option<String>>("x"), field::<Option<String>>(Some(owned)));
        assert_eq!(field::<Option<u8>>(5), field::<Option<u8>>(Some(5)));
        assert_eq!(field::<Option<u8>>(None), None);
        assert_eq!(field::<Bytes>(b"ab"), field::<Bytes>(vec![b'a', b'b']));
        assert_eq!(field::<Vec<String>>(["a", "b"]), ["a", "b"]);
        assert_eq!(field::<BTreeSet<u16>>([2, 1, 2]), field::<BTreeSet<u16>>(vec![1, 2]));
        assert_eq!(field::<BTreeMap<String, u32>>([("oslo", 3)])["oslo"], 3);
        assert_eq!(field::<Option<Vec<String>>>(["a"]), Some(vec!["a".to_owned()]));
    }
}
