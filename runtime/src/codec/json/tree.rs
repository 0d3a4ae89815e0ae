//! JSON that is no item, as a value to compare.

use super::document::{Document, Json, Malformed};
use std::collections::BTreeMap;

/// A JSON value. Numbers, flags and null are their texts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tree {
    Text(String),
    List(Vec<Tree>),
    Map(BTreeMap<String, Tree>),
}

impl Tree {
    pub(crate) fn of(json: &str) -> Result<Self, Malformed> {
        let document = Document::new(json.as_bytes())?;
        let tree = value(document.json())?;
        if document.json().peek().is_none() { Ok(tree) } else { Err(Malformed) }
    }
}

fn value(json: Json<'_>) -> Result<Tree, Malformed> {
    match json.peek().ok_or(Malformed)? {
        b'"' => Ok(Tree::Text(json.string()?.into_owned())),
        b'[' => {
            let mut values = Vec::new();
            json.open(b'[')?;
            while json.next(values.is_empty(), b']')? {
                values.push(value(json)?);
            }
            Ok(Tree::List(values))
        }
        b'{' => {
            let mut entries = BTreeMap::new();
            json.open(b'{')?;
            while json.next(entries.is_empty(), b'}')? {
                let name = json.name()?.into_owned();
                entries.insert(name, value(json)?);
            }
            Ok(Tree::Map(entries))
        }
        _ => {
            let start = json.at();
            json.skip()?;
            Ok(Tree::Text(json.between(start, json.at()).ok_or(Malformed)?.to_owned()))
        }
    }
}
