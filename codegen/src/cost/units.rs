//! Capacity units, by DynamoDB's page "DynamoDB read and write operations".

/// The bytes of a read unit and of a write unit.
const READ: u64 = 4 * 1024;
const WRITE: u64 = 1024;
/// The bytes that a page of a query or a scan reads at most.
pub(super) const PAGE: u64 = 1024 * 1024;

/// The units of an eventually consistent read of so many bytes: half a unit for each 4 kB, and for none too.
pub(super) fn read(bytes: u64) -> f64 {
    steps(bytes, READ) / 2.0
}

/// The units of a write of an item of so many bytes: one for each kB.
pub(super) fn write(bytes: u64) -> f64 {
    steps(bytes, WRITE)
}

fn steps(bytes: u64, step: u64) -> f64 {
    // Those of the most items that a schema may state are below 2^32.
    f64::from(u32::try_from(bytes.div_ceil(step).max(1)).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::{read, write};

    #[test]
    fn sizes_are_rounded_up_to_the_next_unit() {
        assert_eq!([0, 1, 4096, 4097, 8192, 409_600].map(read), [0.5, 0.5, 0.5, 1.0, 1.0, 50.0]);
        assert_eq!([0, 1, 1024, 1025, 409_600].map(write), [1.0, 1.0, 1.0, 2.0, 400.0]);
    }
}
