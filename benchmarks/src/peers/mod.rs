//! Other layers over the SDK, each used as its documentation says, on the structs with serde's derives.

pub mod facade;
pub mod modyne;
