//! Reading of the JSON on the wire, in place.

mod attribute_order;
mod document;
mod name_table;
mod plain;
mod text;
mod tree;
mod value;

pub(super) use attribute_order::Order;
pub(super) use document::{Document, Json, Malformed};
pub(super) use text::{is_plain, special};
pub(crate) use tree::policy;
