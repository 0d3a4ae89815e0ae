//! The cost of a schema as a table, for a comment.

use super::report::{Cost, CostPart, RequestCost};
use super::text::{money, shown, title, units};

impl Cost {
    /// The cost as Markdown: a table with a row for each request.
    pub fn to_markdown(&self) -> String {
        let prices = &self.prices;
        let total = self.month().map(|month| format!(" {} {} a month for all rates.", money(month), prices.currency));
        let mut text = format!("**Cost:**{}\n\n", total.unwrap_or_else(|| " no rates.".to_owned()));
        text.push_str(&format!(
            "| model | request | read units | write units | a second | {} a month |\n",
            prices.currency
        ));
        text.push_str("|---|---|---:|---:|---:|---:|\n");
        for model in &self.models {
            for request in &model.requests {
                let rate = request.rate.map(units).unwrap_or_default();
                let month = request.month.map(money).unwrap_or_default();
                let (reads, writes) = (shown(request.read_units()), shown(request.write_units()));
                let request = format!("{}{}", title(request), parts(request));
                text.push_str(&format!("| {} | {request} | {reads} | {writes} | {rate} | {month} |\n", model.name));
            }
        }
        for index in self.models.iter().flat_map(|model| &model.vector_indexes) {
            text.push_str(&format!("\nNot counted: writes and searches of the vector index {index}.\n"));
        }
        text.push_str(&format!(
            "\nPrices: {}, {}, {}.\n",
            escaped(&prices.source),
            escaped(&prices.region),
            escaped(&prices.date)
        ));
        text
    }
}

/// What the request adds to the item's own units.
fn parts(request: &RequestCost) -> String {
    if request.parts.len() < 2 {
        return String::new();
    }
    let of = |part: &CostPart| {
        let axes =
            [(part.read_units, "read"), (part.write_units, "write")].into_iter().filter(|(units, _)| *units != 0.0);
        let axes: Vec<String> = axes.map(|(of, axis)| format!("{axis} {}", units(of))).collect();
        format!("{}: {}", part.source, axes.join(", "))
    };
    format!(" ({})", request.parts.iter().map(of).collect::<Vec<_>>().join("; "))
}

/// A text from a file of prices, without the marks of HTML and Markdown.
fn escaped(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).filter(|c| !['<', '>', '|', '[', ']', '`'].contains(c)).collect()
}
