//! The tables of stored items in the chapters.

use dyntastic::Client;
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;

/// Compares all items of the only table with the rows that a chapter shows. An empty cell is an absent attribute, and
/// `…` any value.
pub async fn compare(db: &Client, rows: &str) {
    let mut rows = rows.lines().map(cells);
    let names = rows.next().unwrap();
    let mut expected: Vec<Vec<String>> = rows.skip(1).collect();

    let tables = db.sdk().list_tables().send().await.unwrap().table_names.unwrap_or_default();
    assert_eq!(tables.len(), 1, "a chapter with a table of stored items has one table: {tables:?}");
    let items = db.sdk().scan().table_name(&tables[0]).send().await.unwrap().items.unwrap_or_default();
    let mut found: Vec<Vec<String>> = items
        .iter()
        .map(|item| names.iter().map(|name| item.get(name).map(text).unwrap_or_default()).collect())
        .collect();

    expected.sort();
    found.sort();
    for (found, expected) in found.iter_mut().zip(&expected) {
        for (found, expected) in found.iter_mut().zip(expected) {
            if expected == "…" && !found.is_empty() {
                "…".clone_into(found);
            }
        }
    }
    assert_eq!(found, expected, "the columns are {names:?}");
}

fn cells(row: &str) -> Vec<String> {
    let cells = row.trim().trim_start_matches('|').trim_end_matches('|').split('|');
    cells.map(|cell| cell.trim().trim_matches('`').to_owned()).collect()
}

fn text(value: &AttributeValue) -> String {
    match value {
        AttributeValue::S(text) | AttributeValue::N(text) => text.clone(),
        AttributeValue::Bool(value) => value.to_string(),
        AttributeValue::Ss(texts) => {
            let mut texts = texts.clone();
            texts.sort();
            texts.join(", ")
        }
        other => format!("{other:?}"),
    }
}
