//! What "the same" is: equal values, or errors of the same text.

use dyntastic::Error;
use std::fmt::Debug;

/// How often an answer is read for one text that both codecs give.
const ROUNDS: usize = 100;

/// Reads until both results are the same, and then there is `None`; else the results of the last reading.
///
/// Of several damaged entries of a map, the SDK's comes to any first: texts may differ from one reading to the next.
pub fn difference<T: PartialEq>(
    mut read: impl FnMut() -> [dyntastic::Result<T>; 2],
) -> Option<[dyntastic::Result<T>; 2]> {
    let (mut of_wire, mut of_map) = (Vec::new(), Vec::new());
    loop {
        let results = read();
        match &results {
            [Ok(wire), Ok(map)] if wire == map => return None,
            [Err(wire), Err(map)] if is_sooner(wire, map) => return None,
            [Err(wire), Err(map)] if of_wire.len() < ROUNDS => {
                of_wire.push(told(wire));
                of_map.push(told(map));
                if of_wire.iter().any(|text| of_map.contains(text)) {
                    return None;
                }
            }
            _ => return Some(results),
        }
    }
}

/// Whether the SDK refuses the whole answer, of which items alone are read from the wire: these are damaged too.
fn is_sooner(wire: &Error, map: &Error) -> bool {
    matches!((wire, map), (Error::Read(_) | Error::Damaged(_), Error::Service(_)))
}

/// An error's text, and whether it passes. Its causes tell places in what the SDK has read, which is not the whole
/// answer.
fn told(error: &Error) -> String {
    format!("{error}, retryable: {}", error.is_retryable())
}

/// A result with all causes of an error.
pub fn full_text<T: Debug>(result: &dyntastic::Result<T>) -> String {
    match result {
        Ok(value) => format!("{value:?}"),
        Err(error) => {
            let causes = std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
            causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
        }
    }
}
