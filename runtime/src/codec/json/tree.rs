//! A policy in JSON, as a value to compare.

use super::document::{Document, Json, Malformed};
use dyntastic_policies::Json as Tree;
use std::collections::BTreeMap;

/// The value of a policy's text.
pub(crate) fn policy(json: &str) -> Result<Tree, Malformed> {
    let document = Document::new(json.as_bytes())?;
    let tree = value(document.json())?;
    if document.json().peek().is_none() { Ok(tree) } else { Err(Malformed) }
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
