//! The comparison of results: two results are the same if their values, or the texts and the keys of their errors, are
//! equal.

use dyntastic::Error;
use dyntastic::codec::AttributeMap;
use std::fmt::Debug;

/// The maximum number of reads until both codecs have given the same error text.
const ROUNDS: usize = 100;

/// Reads until both results are the same, and returns `None` then. Otherwise, returns the results of the last read.
///
/// If a map has several damaged entries, the SDK's reader finds any of them first. So its error text may differ between
/// reads.
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
                of_wire.push(shown(wire));
                of_map.push(shown(map));
                if of_wire.iter().any(|shown| of_map.contains(shown)) {
                    return None;
                }
            }
            _ => return Some(results),
        }
    }
}

/// Whether the SDK refuses the whole response, while the reader of the wire reports a damaged item.
fn is_sooner(wire: &Error, map: &Error) -> bool {
    match (wire, map) {
        (Error::Unread(wire), Error::MaybeApplied(map)) => is_sooner(wire, map),
        (wire, map) => matches!((wire, map), (Error::Read(_) | Error::Damaged(_), Error::Service(_))),
    }
}

/// The text of an error, whether it is retryable, and the key of the damaged item. Omits its causes: they name positions in the
/// part of the response that the SDK has read, which differs between the codecs.
fn shown(error: &Error) -> (String, Option<AttributeMap>) {
    let key = match error {
        Error::Damaged(damaged) => Some(damaged.key().clone()),
        _ => None,
    };
    (format!("{error}, retryable: {}", error.is_retryable()), key)
}

/// The text of a result, with all causes of an error.
pub fn full_text<T: Debug>(result: &dyntastic::Result<T>) -> String {
    match result {
        Ok(value) => format!("{value:?}"),
        Err(error) => {
            let causes = std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
            causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
        }
    }
}
