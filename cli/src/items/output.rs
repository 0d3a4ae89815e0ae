//! Items on standard output: one JSON object per line, or a table.

use super::super::{Stop, print, print_error};
use clap::ValueEnum;
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::codec::AttributeMap;
use dyntastic::dynamic::{DynamicItem, DynamicModel};
use dyntastic::{DamagedItem, Error};
use serde_json::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ItemFormat {
    /// One JSON object per line.
    Json,
    /// A table with a column for each field.
    Table,
}

/// The printed items, and the number of those that could not be read.
pub(super) struct Output {
    model: DynamicModel,
    format: ItemFormat,
    rows: Vec<Vec<String>>,
    pub(super) unread: usize,
}

impl Output {
    pub(super) fn new(model: DynamicModel, format: ItemFormat) -> Self {
        Self { model, format, rows: Vec::new(), unread: 0 }
    }

    pub(super) fn item(&mut self, item: &DynamicItem) -> Result<(), Stop> {
        match self.format {
            ItemFormat::Json => print(item.to_json().map_err(|error| error.to_string())?),
            ItemFormat::Table => {
                self.rows.push(row(self.model, item)?);
                Ok(())
            }
        }
    }

    /// Prints an item, or the reason why it cannot be read.
    pub(super) fn read(&mut self, read: Result<DynamicItem, Error>) -> Result<(), Stop> {
        match read {
            Ok(item) => self.item(&item),
            Err(Error::Damaged(damaged)) => {
                self.unread += 1;
                print_error(format_args!("error: {}", damaged_text(&damaged)))
            }
            Err(error) => Err(error.into()),
        }
    }

    pub(super) fn end(self) -> Result<(), Stop> {
        if self.format == ItemFormat::Json {
            return Ok(());
        }
        print(table(self.model, &self.rows))
    }
}

/// The text of one item.
pub(super) fn text(model: DynamicModel, format: ItemFormat, item: &DynamicItem) -> Result<String, String> {
    match format {
        ItemFormat::Json => item.to_json().map_err(|error| error.to_string()),
        ItemFormat::Table => Ok(table(model, &[row(model, item)?])),
    }
}

fn row(model: DynamicModel, item: &DynamicItem) -> Result<Vec<String>, String> {
    let json = item.to_json().map_err(|error| error.to_string())?;
    let values: serde_json::Map<String, Value> = serde_json::from_str(&json).map_err(|error| error.to_string())?;
    Ok(model.fields().map(|field| cell(values.get(field))).collect())
}

fn table(model: DynamicModel, rows: &[Vec<String>]) -> String {
    let names: Vec<String> = model.fields().map(str::to_owned).collect();
    let rows: Vec<&Vec<String>> = std::iter::once(&names).chain(rows).collect();
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..names.len()).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.into_iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The text of a value in a table. Control characters would break the lines.
fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) if !text.chars().any(char::is_control) => text.clone(),
        Some(value) => value.to_string(),
    }
}

/// The reason why an item cannot be read, and its key.
pub(super) fn damaged_text(of: &DamagedItem) -> String {
    format!("{}: the item with the key {}", of.error(), key_text(of.key()))
}

/// The key of an item: `pk=CUSTOMER#c1, sk=PROFILE`.
pub(super) fn key_text(of: &AttributeMap) -> String {
    let mut all: Vec<String> = of
        .iter()
        .map(|(name, value)| match value {
            AttributeValue::S(text) => format!("{name}={text:?}"),
            AttributeValue::N(text) => format!("{name}={text}"),
            _ => format!("{name}=(bytes)"),
        })
        .collect();
    all.sort();
    all.join(", ")
}
