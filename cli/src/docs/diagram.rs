//! The relations between models, drawn as SVG: models are boxes in columns, and a line leads from a model to each model
//! whose items name its items.

use super::anchors;
use super::html::Html;
use dyntastic_codegen::Catalog;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write;

const BOX_WIDTH: usize = 190;
const BOX_HEIGHT: usize = 46;
/// The room for the text of a line at its end.
const LINE_HEIGHT: usize = 16;
const COLUMN_GAP: usize = 190;
const ROW_GAP: usize = 20;
const MARGIN: usize = 8;
/// The maximum number of columns; models of longer chains are in the last one.
const COLUMNS: usize = 6;
/// The maximum number of boxes in a column; further ones are beside them.
const ROWS: usize = 12;
/// The maximum number of characters of a name in a box.
const LETTERS: usize = 24;

/// A drawing.
pub(super) struct Diagram {
    pub(super) svg: Html,
    /// The same in words.
    pub(super) lines: Vec<Html>,
}

/// A line between two models.
struct Line<'c> {
    from: &'c str,
    to: &'c str,
    text: String,
    is_collection: bool,
}

/// The relations of a catalog; `None` if there are none.
pub(super) fn of(catalog: &Catalog) -> Option<Diagram> {
    let lines = lines(catalog);
    if lines.is_empty() {
        return None;
    }
    let places = places(catalog, &lines);
    let width = places.values().map(|at| at.left + BOX_WIDTH).max().unwrap_or(0) + MARGIN;
    let height = places.values().map(|at| at.top + at.height).max().unwrap_or(0) + MARGIN;
    let mut svg = Html::markup(
        "<svg viewBox=\"0 0 {} {}\" width=\"{}\" height=\"{}\" role=\"group\" aria-label=\"Relations between models\">",
        &[&width.to_string(), &height.to_string(), &width.to_string(), &height.to_string()],
    );
    for line in &lines {
        if let (Some(from), Some(to)) = (places.get(line.from), places.get(line.to)) {
            svg.push(&drawn_line(line, *from, *to, end(line, &lines, &places, *to)));
        }
    }
    for (name, place) in &places {
        svg.push(&drawn_box(catalog, name, *place));
    }
    svg.push(&Html::markup("</svg>", &[]));
    Some(Diagram { svg, lines: lines.iter().map(in_words).collect() })
}

fn lines(catalog: &Catalog) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    for relation in &catalog.relations {
        let (from, to) = (relation.target.as_str(), relation.model.as_str());
        match lines.iter_mut().find(|line| line.from == from && line.to == to) {
            Some(line) => line.text.push_str(&format!(", {}", relation.field)),
            None => lines.push(Line { from, to, text: relation.field.clone(), is_collection: false }),
        }
    }
    for collection in &catalog.collections {
        let mut members = collection.members.iter().map(|member| member.model.as_str());
        let Some(first) = members.next() else { continue };
        for member in members {
            let is_same =
                |line: &Line<'_>| (line.from, line.to) == (first, member) || (line.from, line.to) == (member, first);
            match lines.iter_mut().find(|line| is_same(line)) {
                Some(line) => line.text.push_str(&format!(" · {}", collection.name)),
                None => {
                    lines.push(Line { from: first, to: member, text: collection.name.clone(), is_collection: true })
                }
            }
        }
    }
    lines
}

/// The height at which a line ends: the lines to one box are below each other, as the boxes are that they come from.
fn end(line: &Line<'_>, lines: &[Line<'_>], places: &BTreeMap<&str, Place>, to: Place) -> usize {
    let top = |line: &Line<'_>| places.get(line.from).map_or(0, |from| from.top);
    let mut same: Vec<&Line<'_>> = lines.iter().filter(|other| other.to == line.to).collect();
    same.sort_by_key(|line| top(line));
    let place = same.iter().position(|other| other.from == line.from).unwrap_or(0);
    to.top + to.height * (2 * place + 1) / (2 * same.len().max(1))
}

/// The place of a box.
#[derive(Debug, Clone, Copy)]
struct Place {
    left: usize,
    top: usize,
    height: usize,
}

/// The place of each model with a line.
fn places<'c>(catalog: &'c Catalog, lines: &[Line<'c>]) -> BTreeMap<&'c str, Place> {
    let drawn: BTreeSet<&str> = lines.iter().flat_map(|line| [line.from, line.to]).collect();
    let mut column_of: HashMap<&str, usize> = drawn.iter().map(|name| (*name, 0)).collect();
    // Each pass moves models to the right of those that they name. A circle ends at the last column.
    for _ in 0..COLUMNS {
        for line in lines {
            let least = column_of.get(line.from).map_or(0, |column| column + 1).min(COLUMNS - 1);
            if let Some(column) = column_of.get_mut(line.to).filter(|column| **column < least) {
                *column = least;
            }
        }
    }
    let mut columns: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for model in catalog.models.iter().filter(|model| drawn.contains(model.name.as_str())) {
        let column = column_of.get(model.name.as_str()).copied().unwrap_or(0);
        columns.entry(column).or_default().push(&model.name);
    }
    let mut places: BTreeMap<&str, Place> = BTreeMap::new();
    let mut left = MARGIN;
    for models in columns.values() {
        let mut models = models.clone();
        // Models are beside those that they name, so that few lines cross.
        models.sort_by_key(|name| {
            let named = lines.iter().filter(|line| line.to == *name).filter_map(|line| places.get(line.from));
            let tops: Vec<usize> = named.map(|at| at.top).collect();
            tops.iter().sum::<usize>().checked_div(tops.len()).unwrap_or(0)
        });
        for rows in models.chunks(ROWS) {
            let mut top = MARGIN;
            for name in rows {
                let ends = lines.iter().filter(|line| line.to == *name).count();
                let height = BOX_HEIGHT.max(ends * LINE_HEIGHT + 2 * MARGIN);
                places.insert(name, Place { left, top, height });
                top += height + ROW_GAP;
            }
            left += BOX_WIDTH + COLUMN_GAP;
        }
    }
    places
}

fn drawn_line(line: &Line<'_>, from: Place, to: Place, bottom: usize) -> Html {
    let kind = if line.is_collection { "line collection" } else { "line" };
    let top = from.top + from.height / 2;
    let is_right = to.left > from.left;
    let start = from.left + BOX_WIDTH;
    // Between models of one column, or back, the line leaves and arrives at the right.
    let end = if is_right { to.left } else { to.left + BOX_WIDTH };
    let bend = if is_right { (end - start) / 2 } else { COLUMN_GAP / 2 };
    let second = if is_right { end - bend } else { end + bend };
    let mut path = String::new();
    // Writing to a text does not fail.
    let _ = write!(path, "M{start} {top} C{} {top} {second} {bottom} {end} {bottom}", start + bend);
    let text: String = line.text.chars().take(LETTERS).collect();
    let text = if line.text.chars().count() > LETTERS { text + "…" } else { text };
    // The name is beside the end of the line, where other lines are apart from it.
    let (x, anchor) = if is_right { (end - 8, "end") } else { (end + 8, "start") };
    let y = bottom - 5;
    Html::markup(
        "<g class=\"{}\"><title>{}</title><path d=\"{}\"/><circle cx=\"{}\" cy=\"{}\" r=\"3\"/><text x=\"{}\" y=\"{}\" text-anchor=\"{}\">{}</text></g>",
        &[
            kind,
            &format!("{} to {}: {}", line.from, line.to, line.text),
            &path,
            &end.to_string(),
            &bottom.to_string(),
            &x.to_string(),
            &y.to_string(),
            anchor,
            &text,
        ],
    )
}

fn drawn_box(catalog: &Catalog, name: &str, Place { left: x, top: y, height }: Place) -> Html {
    let model = catalog.models.iter().find(|model| model.name == name);
    let table = model.and_then(|model| catalog.tables.get(model.table)).map(anchors::table_name).unwrap_or_default();
    let short = |text: &str| {
        let short: String = text.chars().take(LETTERS).collect();
        if text.chars().count() > LETTERS { short + "…" } else { short }
    };
    Html::markup(
        "<a href=\"#{}\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"6\"/><text class=\"name\" x=\"{}\" y=\"{}\">{}</text><text class=\"table\" x=\"{}\" y=\"{}\">{}</text></a>",
        &[
            &anchors::model(name),
            &x.to_string(),
            &y.to_string(),
            &BOX_WIDTH.to_string(),
            &height.to_string(),
            &(x + 12).to_string(),
            &(y + 20).to_string(),
            &short(name),
            &(x + 12).to_string(),
            &(y + 36).to_string(),
            &short(&table),
        ],
    )
}

fn in_words(line: &Line<'_>) -> Html {
    let link = |name: &str| Html::link(&anchors::model(name), name);
    let words = match line.is_collection {
        true => [
            link(line.from),
            Html::text(" and "),
            link(line.to),
            Html::text(" are read together: "),
            Html::element("code", &line.text),
        ],
        false => [
            link(line.to),
            Html::text(" names an item of "),
            link(line.from),
            Html::text(": "),
            Html::element("code", &line.text),
        ],
    };
    words.into_iter().collect()
}
