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
    let row = |f: &mut fmt::Formatter<'_>, name: &str, cells: [&str; 4]| {
        let [reads, writes, rate, month] = cells;
        let line = format!("  {name:<44}{reads:>7}{writes:>8}{rate:>10}{month:>14}");
        writeln!(f, "{}", line.trim_end())
    };
    row(f, "", ["reads", "writes", "a second", &format!("{currency} a month")])?;
    for request in &model.requests {
        let rate = request.rate.map(units).unwrap_or_default();
        let month = request.month.map(money).unwrap_or_default();
        let (reads, writes) = (shown(request.read_units()), shown(request.write_units()));
        row(f, &title(request), [&reads, &writes, &rate, &month])?;
        // One part that is the table's is the request itself.
        if !matches!(request.parts.as_slice(), [only] if only.source == CostSource::Table) {
            for part in &request.parts {
                row(f, &format!("  {}", part.source), [&shown(part.read_units), &shown(part.write_units), "", ""])?;
            }
        }
    }
    for index in &model.vector_indexes {
        writeln!(f, "  not counted: writes and searches of the vector index {index}")?;
    }
    writeln!(f)
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
