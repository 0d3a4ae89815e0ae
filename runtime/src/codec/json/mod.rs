//! The JSON on the wire, read where it stands.

mod attribute_order;
mod document;
mod plain;
mod text;
mod value;

pub(super) use attribute_order::Order;
pub(super) use document::{Document, Json, Malformed};
pub(super) use text::{special, text};
