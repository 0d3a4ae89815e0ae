//! Questions on a terminal.

use dyntastic::tables::Change;
use std::io::{BufRead, Write};

/// Asks on `output`, and reads the answers from `input`.
pub(super) struct Asks<I, O> {
    input: I,
    output: O,
}

impl<I: BufRead, O: Write> Asks<I, O> {
    pub(super) fn new(input: I, output: O) -> Self {
        Self { input, output }
    }

    /// Whether the name of what is deleted is typed, and of each replica that is deleted with a table though the schema
    /// does not list it.
    pub(super) fn deletion(&mut self, change: &Change) -> std::io::Result<bool> {
        let name = change.name();
        let lost = match change.lost_items() {
            Some(items) => format!("the table {name} and its items (about {items}) are lost"),
            None => match change.replica() {
                Some(region) => format!("the table {} and its items in {region} are lost ({name})", change.table()),
                None => format!("the index {name} is deleted"),
            },
        };
        if self.answer(&format!("{lost}. Type the name to go on: "))? != name {
            return Ok(false);
        }
        for name in change.deletions().into_iter().filter(|of| *of != name) {
            let lost = format!("{name}, which the schema does not list, is deleted too");
            if self.answer(&format!("{lost}. Type the name to go on: "))? != name {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether all items of a kind are to be deleted.
    pub(super) fn delete_all(&mut self, items: &str) -> std::io::Result<bool> {
        self.is_yes(&format!("Delete {items}? [y/N] "))
    }

    /// Whether the changes are wanted.
    pub(super) fn go_on(&mut self, changes: usize) -> std::io::Result<bool> {
        let what = if changes == 1 { "1 change".to_owned() } else { format!("{changes} changes") };
        self.is_yes(&format!("Go on with {what}? [y/N] "))
    }

    fn is_yes(&mut self, question: &str) -> std::io::Result<bool> {
        Ok(matches!(self.answer(question)?.to_lowercase().as_str(), "y" | "yes"))
    }

    fn answer(&mut self, question: &str) -> std::io::Result<String> {
        write!(self.output, "{question}")?;
        self.output.flush()?;
        let mut line = String::new();
        self.input.read_line(&mut line)?;
        Ok(line.trim().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::Asks;

    #[test]
    fn only_a_yes_is_a_yes() {
        for (typed, is_yes) in
            [("y\n", true), ("YES\n", true), ("n\n", false), ("\n", false), ("", false), ("yo", false)]
        {
            let mut output = Vec::new();
            assert_eq!(Asks::new(typed.as_bytes(), &mut output).go_on(2).ok(), Some(is_yes), "{typed}");
            assert_eq!(output, b"Go on with 2 changes? [y/N] ");
        }
    }
}
