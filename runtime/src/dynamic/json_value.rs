//! Values of the type `json`.

use super::json::entries;
use super::json_error::JsonError;
use crate::codec::check_numbers;
use crate::ground::Segment;
use serde_json::Value;
use serde_json::value::RawValue;

/// A value that the type holds as it is written. Its numbers are 64-bit integers and floats, and an app reads no others;
/// serde would round them, and keep one of two entries with one name.
pub(super) fn of_json(json: &RawValue) -> Result<Value, JsonError> {
    // It also limits the depth.
    let value = serde_json::from_str(json.get())?;
    check(json)?;
    Ok(value)
}

fn check(json: &RawValue) -> Result<(), JsonError> {
    match json.get().as_bytes().first() {
        Some(b'{') => JsonError::all(
            entries(json)?.iter().map(|(name, value)| check(value).map_err(|error| error.within(name.as_str().into()))),
        ),
        Some(b'[') => {
            let values: Vec<&RawValue> = serde_json::from_str(json.get())?;
            let element = |(index, value)| check(value).map_err(|error| error.within(Segment::Index(index)));
            JsonError::all(values.into_iter().enumerate().map(element))
        }
        Some(b'-' | b'0'..=b'9') => check_numbers(json.get()).map_err(|_| {
            JsonError::new(format_args!(
                "the type `json` has numbers of 64 bits, which would round {}: a text keeps its digits",
                json.get()
            ))
        }),
        _ => Ok(()),
    }
}
