//! Projection expressions.

use super::parser::Expressions;
use super::path::{Path, Step};
use crate::store::failure::{Answer, Failure};
use crate::store::value::{Item, Value};

/// Parses a projection, and checks that no path overlaps another.
pub fn project(expressions: &mut Expressions<'_>, text: &str) -> Answer<Projection> {
    let paths = expressions.read(text, |parser| {
        let mut paths = vec![parser.path()?];
        while parser.takes(",") {
            paths.push(parser.path()?);
        }
        Ok(paths)
    })?;
    let overlapping =
        paths.iter().enumerate().any(|(index, path)| paths[..index].iter().any(|other| other.overlaps(path)));
    if overlapping {
        return Err(Failure::invalid("Invalid ProjectionExpression: Two document paths overlap with each other"));
    }
    Ok(Projection(paths))
}

/// The projected paths.
#[derive(Debug)]
pub struct Projection(Vec<Path>);

impl Projection {
    /// A projection of these paths.
    pub(super) fn of_paths(paths: Vec<Path>) -> Self {
        Self(paths)
    }

    /// The projected part of an item. Projected elements of a list follow each other without gaps.
    pub fn of(&self, item: &Item) -> Item {
        let mut part = Item::new();
        for path in &self.0 {
            let Some(value) = path.get(item) else { continue };
            match path.steps.as_slice() {
                [] => drop(part.insert(path.attribute.clone(), value.clone())),
                steps => {
                    let at = part.entry(path.attribute.clone()).or_insert_with(|| empty(&steps[0]));
                    graft(at, steps, value);
                }
            }
        }
        part
    }
}

fn empty(step: &Step) -> Value {
    match step {
        Step::Name(_) => Value::M(Item::new()),
        Step::Index(_) => Value::L(Vec::new()),
    }
}

fn graft(at: &mut Value, steps: &[Step], value: &Value) {
    let Some((step, rest)) = steps.split_first() else { return };
    let inner = match (step, at) {
        (Step::Name(name), Value::M(map)) => {
            map.entry(name.clone()).or_insert_with(|| rest.first().map_or(value.clone(), empty))
        }
        (Step::Index(_), Value::L(list)) => {
            list.push(rest.first().map_or(value.clone(), empty));
            match list.last_mut() {
                Some(last) => last,
                None => return,
            }
        }
        _ => return,
    };
    graft(inner, rest, value);
}
