//! The results as a picture: for each case, the time of each contender, and its ratio to the first contender's.

use crate::run::Case;
use std::fmt::Write;
use std::path::Path;

const WIDTH: f64 = 860.0;
const LABEL: f64 = 300.0;
const ROW: f64 = 18.0;

/// Writes the plot into a file.
pub fn write(file: &Path, cases: &[Case]) -> std::io::Result<()> {
    let rows: usize = cases.iter().map(|case| case.taken.len() + 1).sum();
    let height = ROW * (rows as f64 + 1.0);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" font-family=\"sans-serif\" \
         font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
    );
    let mut y = ROW;
    for case in cases.iter().filter(|case| !case.taken.is_empty()) {
        let _ = writeln!(svg, "<text x=\"8\" y=\"{y}\" font-weight=\"bold\">{}</text>", case.name);
        y += ROW;
        let first = case.taken.first().map_or(1.0, |taken| taken.time.as_secs_f64());
        let most = case.taken.iter().map(|taken| taken.time.as_secs_f64()).fold(first, f64::max);
        for taken in &case.taken {
            let time = taken.time.as_secs_f64();
            let width = (WIDTH - LABEL - 120.0) * time / most;
            let color = if taken.name == "dyntastic wire" { "#c2410c" } else { "#94a3b8" };
            let top = y - ROW * 0.75;
            let _ = writeln!(
                svg,
                "<text x=\"{}\" y=\"{y}\" text-anchor=\"end\">{}</text>\
                 <rect x=\"{LABEL}\" y=\"{top}\" width=\"{width:.1}\" height=\"13\" fill=\"{color}\"/>\
                 <text x=\"{:.1}\" y=\"{y}\">{:.1?} ({:.2})</text>",
                LABEL - 8.0,
                taken.name,
                LABEL + width + 6.0,
                taken.time,
                time / first,
            );
            y += ROW;
        }
    }
    svg.push_str("</svg>\n");
    std::fs::write(file, svg)
}
