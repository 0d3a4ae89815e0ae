//! Other layers over the SDK, each used in the way of its documentation, with the structs that have serde's derives.

pub mod facade;
pub mod modyne;
