//! The keys and words of the schema language, by the JSON Schema of it.

use serde_json::{Map, Value};
use std::sync::LazyLock;

static SCHEMA: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../models.schema.json")).unwrap_or_default());

/// A key or a word, with its description.
pub(super) struct Word {
    pub(super) word: String,
    pub(super) description: String,
}

/// The keys that a map at a path may have. The elements of a list have the key `-`.
pub(super) fn keys(path: &[&str]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    for (word, schema) in at(path).into_iter().filter_map(properties).flatten() {
        if !words.iter().any(|known| known.word == *word) {
            words.push(Word { word: word.clone(), description: described(schema).unwrap_or_default() });
        }
    }
    words
}

/// The words that a value at a path may be.
pub(super) fn values(path: &[&str]) -> Vec<String> {
    let mut words = Vec::new();
    for schema in at(path) {
        let listed = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
        words.extend(listed.chain(schema.get("const")).map(|word| match word {
            Value::String(word) => word.clone(),
            word => word.to_string(),
        }));
        if schema.get("type").is_some_and(|ty| ty == "boolean") {
            words.extend(["true".to_owned(), "false".to_owned()]);
        }
    }
    let mut seen = std::collections::HashSet::new();
    words.retain(|word| seen.insert(word.clone()));
    words
}

/// The description of the key at the end of a path. A name of the user's has none.
pub(super) fn description(path: &[&str]) -> Option<String> {
    let (key, map) = path.split_last()?;
    at(map).into_iter().filter_map(properties).find_map(|properties| described(properties.get(*key)?))
}

fn properties(schema: &Value) -> Option<&Map<String, Value>> {
    schema.get("properties")?.as_object()
}

fn described(schema: &Value) -> Option<String> {
    let own = |schema: &Value| Some(schema.get("description")?.as_str()?.to_owned());
    own(schema).or_else(|| forms(schema).into_iter().find_map(own))
}

/// The schemas of a path.
fn at(path: &[&str]) -> Vec<&'static Value> {
    path.iter().fold(forms(&SCHEMA), |schemas, key| {
        let next = schemas.into_iter().filter_map(|schema| match *key {
            "-" => schema.get("items"),
            key => properties(schema).and_then(|all| all.get(key)).or_else(|| schema.get("additionalProperties")),
        });
        next.flat_map(forms).collect()
    })
}

/// A schema and those that it refers to.
fn forms<'s>(schema: &'s Value) -> Vec<&'s Value>
where
    'static: 's,
{
    let mut forms = vec![schema];
    let referred = schema.get("$ref").and_then(Value::as_str).and_then(|path| SCHEMA.pointer(path.strip_prefix('#')?));
    let any = schema.get("anyOf").and_then(Value::as_array).into_iter().flatten();
    for form in referred.into_iter().chain(any) {
        forms.extend(self::forms(form));
    }
    forms
}
