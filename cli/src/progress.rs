//! What is shown while tables change.

use super::{print, print_error};
use dyntastic::tables::Progress;
use std::io::Write;
use std::time::Duration;

/// The width of a bar, in characters.
const WIDTH: u64 = 30;

/// Shows each change when it is done; on a terminal, also what is waited for.
pub(super) struct Shown {
    is_terminal: bool,
    /// Whether a line without an end is on the terminal.
    is_open: bool,
}

impl Shown {
    pub(super) fn new(is_terminal: bool) -> Self {
        Self { is_terminal, is_open: false }
    }

    pub(super) fn show(&mut self, progress: &Progress<'_>) {
        // Nobody can be told about an error of showing.
        match progress {
            Progress::Begins(change)
                if !self.is_terminal && matches!(change.kind(), "create_index" | "create_replica") =>
            {
                drop(print_error(format_args!("begins: {}: {change}", change.table())));
            }
            Progress::Waits { table, status, index, replica, waited, indexed, items, .. } if self.is_terminal => {
                let name = match (index, replica) {
                    (Some(index), _) => format!("{table}/{index}"),
                    (None, Some(region)) => format!("{table} in {region}"),
                    (None, None) => (*table).to_owned(),
                };
                let line = format!("{name} {} {}", status.to_lowercase(), bar(*indexed, *items, *waited));
                self.is_open = write!(std::io::stderr(), "\r\x1b[K{line}").is_ok();
            }
            Progress::Done(change) => {
                self.close();
                drop(print(format_args!("done: {}: {change}", change.table())));
            }
            Progress::Refused { change, reason, .. } => {
                self.close();
                drop(print_error(format_args!("not yet: {}: {change}: {reason}", change.table())));
            }
            _ => {}
        }
    }

    /// Removes a line without an end.
    fn close(&mut self) {
        if std::mem::take(&mut self.is_open) {
            drop(write!(std::io::stderr(), "\r\x1b[K"));
        }
    }
}

/// How far the back-fill of an index is, as far as DynamoDB says: it counts items only now and then.
fn bar(indexed: u64, items: u64, waited: Duration) -> String {
    let waited = format!("{} s", waited.as_secs());
    if indexed == 0 || items == 0 {
        return waited;
    }
    let done = usize::try_from(indexed.min(items).saturating_mul(WIDTH) / items).unwrap_or_default();
    let rest = usize::try_from(WIDTH).unwrap_or_default().saturating_sub(done);
    format!("[{}{}] about {indexed} of {items} items, {waited}", "#".repeat(done), "-".repeat(rest))
}

#[cfg(test)]
mod tests {
    use super::bar;
    use std::time::Duration;

    #[test]
    fn a_bar_is_as_long_as_the_part_that_is_done() {
        let at = |indexed, items| bar(indexed, items, Duration::from_secs(7));
        assert_eq!(at(0, 40), "7 s");
        assert_eq!(at(20, 40), "[###############---------------] about 20 of 40 items, 7 s");
        assert_eq!(at(50, 40), "[##############################] about 50 of 40 items, 7 s");
        assert_eq!(at(5, 0), "7 s");
    }
}
