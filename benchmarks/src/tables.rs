//! The results as Markdown, for the README.

use crate::run::{Case, Taken};

/// The contenders, in the order of the columns.
const CONTENDERS: [&str; 7] =
    ["SDK untyped", "SDK + hand-written", "SDK + serde_dynamo", "modyne", "dynamodb-facade", "dyntastic map", OURS];
const OURS: &str = "dyntastic wire";

/// The time of one operation.
pub fn times(cases: &[Case]) -> String {
    of_cases(cases, "", |_, taken| format!("{:.2?}", taken.time))
}

/// The ratio of dyntastic's time to each contender's.
pub fn ratios(cases: &[Case]) -> String {
    of_cases(cases, "wire / ", |case, taken| {
        case.of(OURS).map_or(String::new(), |ours| format!("{:.2}", ours.ratio(taken)))
    })
}

/// The bytes and allocations of one operation.
pub fn allocations(cases: &[Case]) -> String {
    of_cases(cases, "", |_, taken| format!("{} B, {}", grouped(taken.bytes), grouped(taken.allocations)))
}

fn of_cases(cases: &[Case], before: &str, cell: impl Fn(&Case, &Taken) -> String) -> String {
    let shown = CONTENDERS.iter().filter(|name| before.is_empty() || **name != OURS);
    let heads = ["case".to_owned()].into_iter().chain(shown.clone().map(|name| format!("{before}{name}"))).collect();
    let row = |case: &Case| {
        let cells = shown.clone().map(|name| case.of(name).map_or(String::new(), |taken| cell(case, taken)));
        [case.name.to_owned()].into_iter().chain(cells).collect()
    };
    markdown(heads, cases.iter().map(row))
}

/// A table in Markdown.
pub fn markdown(heads: Vec<String>, rows: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let under = "|---".repeat(heads.len()) + "|\n";
    line(heads) + &under + &rows.map(line).collect::<String>()
}

/// A number with a comma between groups of three digits.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let comma = |place: usize| (place > 0 && (digits.len() - place).is_multiple_of(3)).then_some(',');
    digits.chars().enumerate().flat_map(|(place, digit)| [comma(place), Some(digit)]).flatten().collect()
}
