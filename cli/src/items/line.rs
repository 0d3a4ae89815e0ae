//! The lines of exports, imports and seeds: `{"model":"User","item":{…}}`.

use super::put::write;
use super::{find, refuse_own_functions};
use dyntastic::dynamic::{DynamicItem, DynamicModel, DynamicSchema};
use dyntastic::{Client, Error, Model};
use serde::Deserialize;
use serde_json::error::Category;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'l> {
    model: String,
    #[serde(borrow)]
    item: &'l RawValue,
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
}

/// A mistake in a text of one line.
pub(super) struct Mistake {
    /// The column, in characters from 1; `None` for the whole line.
    pub(super) column: Option<usize>,
    pub(super) reason: String,
}

impl From<String> for Mistake {
    fn from(reason: String) -> Self {
        Self { column: None, reason }
    }
}

/// The reason why a line is not written.
pub(super) enum Refusal {
    /// The line, or DynamoDB's answer to it.
    Line(Vec<Mistake>),
    /// No line can be written.
    All(Error),
}

impl From<String> for Refusal {
    fn from(reason: String) -> Self {
        Self::Line(vec![reason.into()])
    }
}

/// The item of a line that was read.
pub(super) struct Read {
    model: DynamicModel,
    item: DynamicItem,
    /// The table's key, as a text that tells it from others; `None` of an item that DynamoDB cannot store.
    pub(super) key: Option<String>,
}

/// Reads an item in JSON, which is a part of a line.
pub(super) fn item(line: &str, model: DynamicModel, json: &str) -> Result<DynamicItem, Vec<Mistake>> {
    let start = json.as_ptr().addr().saturating_sub(line.as_ptr().addr());
    let column = |offset: usize| line.get(..start.saturating_add(offset)).map(|before| before.chars().count() + 1);
    model.checked_item_of_json(json).map_err(|error| {
        let places = error.places(json).into_iter();
        places.map(|(offset, reason)| Mistake { column: column(offset), reason }).collect()
    })
}

/// Why a text is no line of an export.
fn no_line(text: &str, error: &serde_json::Error) -> Mistake {
    let said = error.to_string();
    let said = said.split(" at line ").next().unwrap_or(&said);
    let name = || said.split('`').nth(1).unwrap_or_default();
    let why = match error.classify() {
        Category::Eof => ": it ends too early".to_owned(),
        Category::Syntax | Category::Io => format!(": it is no JSON: {said}"),
        Category::Data if said.starts_with("missing field") => format!(": it has no `{}`", name()),
        Category::Data if said.starts_with("duplicate field") => format!(": `{}` is there twice", name()),
        Category::Data if said.starts_with("unknown field") => format!(": `{}` is none of its names", name()),
        Category::Data => String::new(),
    };
    // The end is in the line after the text, if that has an end of its line.
    let before = match error.is_eof() {
        true => Some(text.trim_end()),
        false => text.get(..error.column().saturating_sub(1)).filter(|_| !error.is_data()),
    };
    Mistake {
        column: before.map(|before| before.chars().count() + 1),
        reason: format!("it is no line of an export, {{\"model\":…,\"item\":…}}{why}"),
    }
}

impl<'c> Writer<'c> {
    pub(crate) fn new(client: &'c Client, schema: &'c DynamicSchema, replaces: bool) -> Self {
        Self { client, schema, replaces }
    }

    /// Reads a line.
    pub(super) fn read(&self, text: &str) -> Result<Read, Vec<Mistake>> {
        let line: Line<'_> = serde_json::from_str(text).map_err(|error| vec![no_line(text, &error)])?;
        let of_model = |reason| vec![Mistake::from(reason)];
        let model = find(self.schema, &line.model).map_err(of_model)?;
        refuse_own_functions(model).map_err(of_model)?;
        let item = item(text, model, line.item.get())?.as_it_is();
        let stored = model.write(&item).ok();
        let key = stored.map(|stored| {
            let key: BTreeMap<_, _> = model.key_attributes_of(&stored).into_iter().collect();
            format!("{:?} {key:?}", model.table())
        });
        Ok(Read { model, item, key })
    }

    /// Writes the item of a line.
    pub(super) async fn write(&self, read: Read) -> Result<Outcome, Refusal> {
        let Read { model, mut item, .. } = read;
        let refused = match write(self.client, model, &mut item, self.replaces).await {
            Ok(()) => return Ok(Outcome::Written),
            Err(error) => error,
        };
        if !self.replaces && self.is_there(model, &item).await {
            return Ok(Outcome::There);
        }
        // Other errors than those of the item would be those of every line.
        match &refused {
            // DynamoDB refuses the item, such as one with more than 32 levels.
            _ if refused.code() == Some("ValidationException") => Err(Refusal::from(refused.to_string())),
            Error::Service(_) | Error::MaybeApplied(_) | Error::Config(_) if !refused.is_conflict() => {
                Err(Refusal::All(refused))
            }
            _ => Err(Refusal::from(refused.to_string())),
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
