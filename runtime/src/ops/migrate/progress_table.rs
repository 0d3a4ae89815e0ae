//! The place of a migration's progress: items in the model's table, or in a table of their own.

use super::segment_state::SegmentState;
use crate::description::{KeyAttribute, KeyKind, Table};
use crate::expr::{DocumentPath, Node, Term, Writer};
use crate::ground::AttributeMap;
use crate::ops::table::missing_table;
use crate::ops::write::stored_item;
use crate::ops::{Error, Model, Result};
use crate::transport::{Client, Target, WriteError, backoff, send_write};
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::AttributeValue;

/// The beginning of the keys of all progress items, and their discriminator.
const MARK: &str = "DYNTASTIC#MIGRATION";
/// The attribute with the progress. It is one, since a table may use any other name for its discriminator or a key.
const PROGRESS: &str = "dyntastic_migration";
const MODEL: &str = "model";
const TABLE: &str = "table";
const SEGMENTS: &str = "segments";
/// The maximum of attempts of a request.
const ATTEMPTS: u32 = 5;

/// The items that hold the progress of one migration.
pub(super) struct ProgressTable {
    client: Client,
    target: Target,
    /// The name of the model's table, with its place if it has its own.
    of_table: String,
    migration: String,
    discriminator: Option<&'static str>,
    /// Whether it is not the model's table.
    is_separate: bool,
}

impl ProgressTable {
    /// The items in the model's table, or in the table with this name.
    pub(super) fn of<M: Model>(client: &Client, migration: &str, table: Option<&'static str>) -> Result<Self> {
        if !(1..=255).contains(&migration.len()) {
            return Err(Error::invalid("Migrate", "the name of a migration has 1 to 255 bytes"));
        }
        let own = client.target::<M>()?;
        let place = own.place.region.as_ref().or(own.place.host.as_ref());
        let of_table = place.map_or_else(|| own.table.clone(), |place| format!("{}@{place}", own.table));
        let separate = table
            .map(|name| {
                let table = Table::named(name, KeyAttribute::string("pk")).range_key(KeyAttribute::string("sk"));
                client.target_of(M::model_name(), table)
            })
            .transpose()?
            .filter(|separate| (&separate.table, &separate.place) != (&own.table, &own.place));
        let is_separate = separate.is_some();
        let (target, discriminator) = match separate {
            Some(separate) => (separate, None),
            None if holds_other_items::<M>() => (own, M::model_layout().discriminator.map(|of| of.first.0)),
            None => {
                let why = format!(
                    "the table of {} holds only its items, so that the progress needs another table: \
                     name it with `.progress_table(\"…\")`",
                    M::model_name()
                );
                return Err(Error::invalid("Migrate", why));
            }
        };
        let migration = migration.to_owned();
        Ok(Self { client: client.clone(), target, of_table, migration, discriminator, is_separate })
    }

    fn key(&self, part: &str) -> AttributeMap {
        let table = &self.target.description;
        let name = format!("{MARK}#{}", self.migration);
        let text = |name: &str, value: String| (name.to_owned(), AttributeValue::S(value));
        match table.range_key {
            Some(range) => [text(table.hash_key.name, name), text(range.name, format!("{MARK}#{part}"))].into(),
            None => [text(table.hash_key.name, format!("{name}#{part}"))].into(),
        }
    }

    fn key_of(&self, segment: u32) -> AttributeMap {
        self.key(&format!("SEGMENT#{segment:05}"))
    }

    /// Begins the migration, or joins it. Returns the number of segments, which the first worker fixes.
    pub(super) async fn begin(&self, segments: u32) -> Result<u32> {
        loop {
            let found = match self.read_item(self.key("HEAD")).await {
                // The first write creates it. Without the model's own table, there is nothing to migrate.
                Err(error) if error.is_missing_table() && self.is_separate => None,
                read => read?,
            };
            if let Some(head) = found {
                let text =
                    |name| head.get(name).and_then(|text| text.as_s().ok()).map_or("another one", String::as_str);
                let (model, table) = (text(MODEL), text(TABLE));
                if (model, table) != (self.target.model, self.of_table.as_str()) {
                    let name = &self.migration;
                    let why = format!("the migration {name} is of {model} in the table {table}: give it another name");
                    return Err(Error::invalid("Migrate", why));
                }
                let stored = head.get(SEGMENTS).and_then(|segments| segments.as_n().ok()?.parse().ok());
                return Ok(stored.unwrap_or(segments).max(1));
            }
            let head = [
                (MODEL.to_owned(), AttributeValue::S(self.target.model.to_owned())),
                (TABLE.to_owned(), AttributeValue::S(self.of_table.clone())),
                (SEGMENTS.to_owned(), AttributeValue::N(segments.to_string())),
            ];
            // After a refusal, the item exists.
            self.put(self.key("HEAD"), head.into(), None).await?;
        }
    }

    /// The state of a segment; `None` if no worker has begun it.
    pub(super) async fn read(&self, segment: u32) -> Result<Option<SegmentState>> {
        Ok(self.read_item(self.key_of(segment)).await?.map(|item| SegmentState::read(&item)))
    }

    /// Writes the state of a segment if the stored one is of the turn `before`; `None` if there must be none. Returns
    /// whether it was written.
    pub(super) async fn write(&self, segment: u32, state: &SegmentState, before: Option<u64>) -> Result<bool> {
        if self.put(self.key_of(segment), state.write(), before).await? {
            return Ok(true);
        }
        // An earlier attempt, whose response was lost, may have written it.
        let stored = self.read(segment).await?;
        Ok(stored.is_some_and(|stored| stored.turn == state.turn && stored.worker == state.worker))
    }

    /// The progress in an item; `None` without the item.
    async fn read_item(&self, key: AttributeMap) -> Result<Option<AttributeMap>> {
        let mut attempt = 0;
        let item = loop {
            match stored_item(&self.target, key.clone()).await {
                Err(error) => again(error, &mut attempt).await?,
                read => break read?,
            }
        };
        let progress = |mut item: AttributeMap| match item.remove(PROGRESS) {
            Some(AttributeValue::M(progress)) => progress,
            _ => AttributeMap::new(),
        };
        Ok(item.map(progress))
    }

    /// Puts an item if the stored one has this turn, or if there is none. Returns whether the condition held.
    async fn put(&self, key: AttributeMap, progress: AttributeMap, turn: Option<u64>) -> Result<bool> {
        let mut item = key;
        item.insert(PROGRESS.to_owned(), AttributeValue::M(progress));
        if let Some(attribute) = self.discriminator {
            item.insert(attribute.to_owned(), AttributeValue::S(MARK.to_owned()));
        }
        let node = match turn {
            Some(turn) => {
                let path = DocumentPath::root(PROGRESS).then(SegmentState::TURN.into());
                Node::Compare(Term::Path(path), "=", Term::value(&turn))
            }
            None => {
                let hash_key = DocumentPath::root(self.target.description.hash_key.name);
                Node::Call("attribute_not_exists", vec![Term::Path(hash_key)])
            }
        };
        let mut attempt = 0;
        loop {
            let before = missing_table::before_write(&self.client, std::iter::once(&self.target)).await;
            match self.put_once(item.clone(), &node).await {
                Ok(()) => return Ok(true),
                Err(WriteError { sdk, .. }) if sdk.code() == Some("ConditionalCheckFailedException") => {
                    return Ok(false);
                }
                Err(error) => match self.target.write_error("PutItem", error) {
                    error if error.is_missing_table() => {
                        missing_table::create_after(&self.client, &self.target, before, error).await?;
                    }
                    error => again(error, &mut attempt).await?,
                },
            }
        }
    }

    async fn put_once(
        &self,
        item: AttributeMap,
        condition: &Node,
    ) -> Result<(), WriteError<aws_sdk_dynamodb::operation::put_item::PutItemError>> {
        let mut writer = Writer::new(self.target.model);
        // The condition has one attribute and one value, and can be written.
        let text = writer.condition(condition).ok().flatten();
        let expressions = writer.finish();
        let request = self.target.sdk.put_item().table_name(&self.target.table).set_item(Some(item));
        let request = request
            .set_condition_expression(text)
            .set_expression_attribute_names(expressions.names)
            .set_expression_attribute_values(expressions.values);
        send_write!(&self.target, request, &None::<crate::transport::Encoder>).map(drop)
    }
}

/// Waits before the next attempt of a request, or returns the error if the attempts are used up.
async fn again(error: Error, attempt: &mut u32) -> Result<()> {
    *attempt += 1;
    if *attempt >= ATTEMPTS || !error.is_retryable() {
        return Err(error);
    }
    tokio::time::sleep(backoff::delay(*attempt)).await;
    Ok(())
}

/// Whether items that are not the model's can be in its table, so that no read of the table takes them for the
/// model's.
fn holds_other_items<M: Model>() -> bool {
    let table = M::model_table();
    let are_texts = std::iter::once(table.hash_key).chain(table.range_key).all(|key| key.kind == KeyKind::String);
    let begins = || M::model_layout().keys.iter().any(|template| !template.beginning().is_empty());
    are_texts && (M::model_layout().discriminator.is_some() || (M::model_layout().by_key && begins()))
}
