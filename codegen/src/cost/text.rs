//! The cost of a schema as text for people.

use super::report::{Cost, CostSource, ModelCost, RequestCost};
use std::fmt::{self, Display};

impl Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for model in &self.models {
            write(model, &self.prices.currency, f)?;
        }
        let prices = &self.prices;
        match self.month() {
            Some(month) => writeln!(f, "{} {} a month for all rates", money(month), prices.currency)?,
            None => writeln!(f, "no rates: state requests per second with `rate:` in models and access patterns")?,
        }
        writeln!(f, "prices: \"{}\", {}, {}", prices.source, prices.region, prices.date)
    }
}

fn write(model: &ModelCost, currency: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let billing = if model.is_provisioned { "provisioned" } else { "paid per request" };
    let estimated = if model.is_estimated { ", an estimate" } else { "" };
    let size = counted(model.size, "byte");
    writeln!(f, "{}, in table {}, {billing}; items of {size}{estimated}", model.name, model.table)?;
    let mut rows = Rows::default();
    rows.add(String::new(), ["reads".into(), "writes".into(), "a second".into(), format!("{currency} a month")]);
    for request in &model.requests {
        let rate = request.rate.map(units).unwrap_or_default();
        let month = request.month.map(money).unwrap_or_default();
        rows.add(title(request), [shown(request.read_units()), shown(request.write_units()), rate, month]);
        // One part that is the table's is the request itself.
        if !matches!(request.parts.as_slice(), [only] if only.source == CostSource::Table) {
            for part in &request.parts {
                let (reads, writes) = (shown(part.read_units), shown(part.write_units));
                rows.add(format!("  {}", part.source), [reads, writes, String::new(), String::new()]);
            }
        }
    }
    rows.fmt(f)?;
    for index in &model.vector_indexes {
        writeln!(f, "  not counted: writes and searches of the vector index {index}")?;
    }
    writeln!(f)
}

/// Rows of a name and numbers, in columns that are as wide as their cells need.
#[derive(Default)]
struct Rows(Vec<(String, [String; 4])>);

impl Rows {
    fn add(&mut self, name: String, cells: [String; 4]) {
        self.0.push((name, cells));
    }

    /// The width of a column: that of its longest cell, and at least the usual one.
    fn width<'r>(&'r self, usual: usize, cell: impl Fn(&'r (String, [String; 4])) -> &'r str) -> usize {
        let longest = self.0.iter().map(|row| cell(row).chars().count()).max();
        longest.unwrap_or_default().max(usual)
    }
}

impl Display for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.width(44, |(name, _)| name);
        let reads = self.width(6, |(_, [reads, ..])| reads);
        let writes = self.width(7, |(_, [_, writes, ..])| writes);
        let rates = self.width(9, |(_, [_, _, rate, _])| rate);
        let months = self.width(13, |(_, [.., month])| month);
        for (name, [read, write, rate, month]) in &self.0 {
            let numbers = format!("{read:>reads$} {write:>writes$} {rate:>rates$} {month:>months$}");
            writeln!(f, "{}", format!("  {name:<names$} {numbers}").trim_end())?;
        }
        Ok(())
    }
}

/// The name of a request, and the items that it reads.
pub(super) fn title(request: &RequestCost) -> String {
    match request.items {
        Some(items) => format!("{}, {}", request.name, counted(items, "item")),
        None => request.name.clone(),
    }
}

fn counted(number: u64, of: &str) -> String {
    if number == 1 { format!("1 {of}") } else { format!("{number} {of}s") }
}

/// Units; nothing for none.
pub(super) fn shown(of: f64) -> String {
    if of == 0.0 { String::new() } else { units(of) }
}

/// A number, with as many digits of a fraction as it has, at most three; a smaller one with its first three digits.
pub(super) fn units(of: f64) -> String {
    let short = |text: &str| text.trim_end_matches('0').trim_end_matches('.').to_owned();
    if of == 0.0 || of >= 0.001 {
        return short(&format!("{of:.3}"));
    }
    let text = format!("{of:.2e}");
    match text.split_once('e') {
        Some((digits, exponent)) => format!("{}e{exponent}", short(digits)),
        None => text,
    }
}

pub(super) fn money(of: f64) -> String {
    if of > 0.0 && of < 0.01 { "<0.01".to_owned() } else { format!("{of:.2}") }
}

#[cfg(test)]
mod tests {
    use super::{money, units};

    #[test]
    fn small_numbers_are_not_nothing() {
        assert_eq!([0.0, 1.0, 0.5, 1234.0, 10.25, 0.001].map(units), ["0", "1", "0.5", "1234", "10.25", "0.001"]);
        assert_eq!([0.000_4, 0.000_011_57, 1e-9, 0.000_999_9].map(units), ["4e-4", "1.16e-5", "1e-9", "1e-3"]);
        assert_eq!([0.0, 0.000_001, 0.009, 0.01, 2.5].map(money), ["0.00", "<0.01", "<0.01", "0.01", "2.50"]);
    }
}
