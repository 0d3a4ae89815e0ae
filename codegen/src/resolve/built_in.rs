//! The built-in types.

use crate::model::{Int, Scalar};

const SCALARS: &[(&str, Scalar)] = &[
    ("string", Scalar::String),
    ("bool", Scalar::Bool),
    ("i8", Scalar::Int(Int::I8)),
    ("i16", Scalar::Int(Int::I16)),
    ("i32", Scalar::Int(Int::I32)),
    ("i64", Scalar::Int(Int::I64)),
    ("i128", Scalar::Int(Int::I128)),
    ("u8", Scalar::Int(Int::U8)),
    ("u16", Scalar::Int(Int::U16)),
    ("u32", Scalar::Int(Int::U32)),
    ("u64", Scalar::Int(Int::U64)),
    ("u128", Scalar::Int(Int::U128)),
    ("f32", Scalar::F32),
    ("f64", Scalar::F64),
    ("bytes", Scalar::Bytes),
    ("uuid", Scalar::Uuid),
    ("ulid", Scalar::Ulid),
    ("url", Scalar::Url),
    ("ipv4", Scalar::Ipv4),
    ("ipv6", Scalar::Ipv6),
    ("ip", Scalar::Ip),
    ("ipv4net", Scalar::Ipv4Net),
    ("ipv6net", Scalar::Ipv6Net),
    ("ipnet", Scalar::IpNet),
];

/// The built-in types whose Rust types the schema chooses, and the generic ones.
const OTHERS: &[&str] =
    &["decimal", "datetime", "date", "time", "naive_datetime", "duration", "json", "list", "set", "map", "vector"];

/// A built-in type whose Rust type is always the same.
pub(crate) fn scalar(name: &str) -> Option<Scalar> {
    SCALARS.iter().find(|(scalar, _)| *scalar == name).map(|(_, scalar)| *scalar)
}

/// Whether a name is a built-in type's.
pub(crate) fn is_built_in(name: &str) -> bool {
    scalar(name).is_some() || OTHERS.contains(&name)
}

/// The names of all built-in types.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    SCALARS.iter().map(|(scalar, _)| *scalar).chain(OTHERS.iter().copied())
}
