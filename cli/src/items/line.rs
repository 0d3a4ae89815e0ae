//! The lines of exports, imports and seeds: `{"model":"User","item":{…}}`.

use super::put::write;
use super::{find, refuse_own_checks};
use dyntastic::dynamic::{DynamicItem, DynamicModel, DynamicSchema};
use dyntastic::{Client, Error, Model};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::HashMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    model: String,
    item: Box<RawValue>,
}

/// The line of an item.
pub(super) fn of(model: DynamicModel, item: &DynamicItem) -> Result<String, String> {
    let json = item.to_json().map_err(|error| error.to_string())?;
    let name = serde_json::to_string(model.name()).map_err(|error| error.to_string())?;
    Ok(format!("{{\"model\":{name},\"item\":{json}}}\n"))
}

/// The text of a line, without the mark that some editors put before the first one.
pub(super) fn text(line: &[u8], is_first: bool) -> Result<&str, String> {
    let text = std::str::from_utf8(line).map_err(|_| "it is not valid UTF-8".to_owned())?;
    Ok(text.strip_prefix('\u{feff}').filter(|_| is_first).unwrap_or(text))
}

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Written,
    /// An equal item is there, such as after an import that was cut off.
    There,
}

/// Writes the items of lines. They keep the versions and times that the lines have.
pub(crate) struct Writer<'c> {
    client: &'c Client,
    schema: &'c DynamicSchema,
    replaces: bool,
    models: HashMap<String, Result<DynamicModel, String>>,
}

/// The reason why a line is not written.
pub(super) enum Refusal {
    /// The line, or DynamoDB's answer to it.
    Line(String),
    /// No line can be written.
    All(Error),
}

impl<'c> Writer<'c> {
    pub(crate) fn new(client: &'c Client, schema: &'c DynamicSchema, replaces: bool) -> Self {
        Self { client, schema, replaces, models: HashMap::new() }
    }

    fn model(&mut self, name: String) -> Result<DynamicModel, String> {
        let schema = self.schema;
        let found = self.models.entry(name).or_insert_with_key(|name| {
            let model = find(schema, name)?;
            refuse_own_checks(model)?;
            Ok(model)
        });
        found.clone()
    }

    pub(super) async fn write(&mut self, line: &str) -> Result<Outcome, Refusal> {
        let of_line = |error: String| Refusal::Line(error);
        let line: Line = serde_json::from_str(line)
            .map_err(|error| of_line(format!("it is no line of an export, {{\"model\":…,\"item\":…}}: {error}")))?;
        let model = self.model(line.model).map_err(of_line)?;
        let item = model.item_of_json(line.item.get()).map_err(|error| of_line(error.to_string()))?;
        let mut item = item.as_it_is();
        let refused = match write(self.client, model, &mut item, self.replaces).await {
            Ok(()) => return Ok(Outcome::Written),
            Err(error) => error,
        };
        if !self.replaces && self.is_there(model, &item).await {
            return Ok(Outcome::There);
        }
        // Other errors than those of the item would be those of every line.
        match &refused {
            Error::Service(_) | Error::MaybeApplied(_) | Error::Config(_) if !refused.is_conflict() => {
                Err(Refusal::All(refused))
            }
            _ => Err(Refusal::Line(refused.to_string())),
        }
    }

    /// Whether the table has an equal item.
    async fn is_there(&self, model: DynamicModel, item: &DynamicItem) -> bool {
        let key = model.key_of(item);
        let found = model.run(async { DynamicItem::find(self.client, key).consistent_read().await }).await;
        let same = |found: &DynamicItem| Some(model.write(found).ok()? == model.write(item).ok()?);
        matches!(found, Ok(Some(found)) if same(&found) == Some(true))
    }
}
