//! The items with the state of each part.

use super::state::{State, TURN, Work};
use crate::description::{KeyAttribute, Table};
use crate::expr::{DocumentPath, Node, Term, Writer};
use crate::ground::AttributeMap;
use crate::ops::table::missing_table;
use crate::ops::write::stored_item;
use crate::ops::{Error, Result};
use crate::transport::{Client, Target, WriteError, backoff, send_write};
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::AttributeValue;

/// The maximum of attempts of a request.
const ATTEMPTS: u32 = 5;

/// What the parts are of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Purpose {
    /// The beginning of the keys of the items, and their discriminator.
    pub(crate) mark: &'static str,
    /// The attribute with the state. It is one, since a table may use any other name for its discriminator or a key.
    pub(crate) attribute: &'static str,
}

/// The items that hold the progress of work with a name.
pub(crate) struct LeaseTable {
    client: Client,
    target: Target,
    purpose: Purpose,
    /// The name of the work.
    pub(crate) name: String,
    discriminator: Option<&'static str>,
    /// Whether a missing table is created by the first write.
    is_separate: bool,
}

impl LeaseTable {
    /// The items in a table that also has those of models, which this discriminator tells apart.
    pub(crate) fn shared(
        client: &Client,
        target: Target,
        purpose: Purpose,
        name: String,
        discriminator: Option<&'static str>,
    ) -> Self {
        Self { client: client.clone(), target, purpose, name, discriminator, is_separate: false }
    }

    /// The target of a table with this name, with the hash key `pk` and the range key `sk`.
    pub(crate) fn target(client: &Client, model: &'static str, name: &'static str) -> Result<Target> {
        let table = Table::named(name, KeyAttribute::string("pk")).range_key(KeyAttribute::string("sk"));
        Ok(client.target_of(model, table)?)
    }

    /// The items in a table of their own, which the first write creates.
    pub(crate) fn separate(client: &Client, target: Target, purpose: Purpose, name: String) -> Self {
        Self { client: client.clone(), target, purpose, name, discriminator: None, is_separate: true }
    }

    fn key(&self, part: &str) -> AttributeMap {
        let table = &self.target.description;
        let mark = self.purpose.mark;
        let name = format!("{mark}#{}", self.name);
        let text = |name: &str, value: String| (name.to_owned(), AttributeValue::S(value));
        match table.range_key {
            Some(range) => [text(table.hash_key.name, name), text(range.name, format!("{mark}#{part}"))].into(),
            None => [text(table.hash_key.name, format!("{name}#{part}"))].into(),
        }
    }

    /// The state of a part; `None` if no worker has begun it.
    pub(super) async fn read<W: Work>(&self, part: &str) -> Result<Option<State<W>>> {
        Ok(self.read_item(part).await?.map(|item| State::read(&item)))
    }

    /// Writes the state of a part if the stored one is of the turn `before`; `None` if there must be none. Returns
    /// whether it was written.
    pub(super) async fn write<W: Work>(&self, part: &str, state: &State<W>, before: Option<u64>) -> Result<bool> {
        if self.put(part, state.write(), before).await? {
            return Ok(true);
        }
        // An earlier attempt, whose response was lost, may have written it.
        let stored = self.read::<W>(part).await?;
        Ok(stored.is_some_and(|stored| stored.turn == state.turn && stored.worker == state.worker))
    }

    /// What an item holds; `None` without the item.
    pub(crate) async fn read_item(&self, part: &str) -> Result<Option<AttributeMap>> {
        let key = self.key(part);
        let mut attempt = 0;
        let item = loop {
            match stored_item(&self.target, key.clone()).await {
                // The first write creates the table.
                Err(error) if error.is_missing_table() && self.is_separate => break None,
                Err(error) => again(error, &mut attempt).await?,
                read => break read?,
            }
        };
        let held = |mut item: AttributeMap| match item.remove(self.purpose.attribute) {
            Some(AttributeValue::M(held)) => held,
            _ => AttributeMap::new(),
        };
        Ok(item.map(held))
    }

    /// Deletes the item of a part that nobody needs any more.
    #[cfg(feature = "streams")]
    pub(crate) async fn delete(&self, part: &str) -> Result<()> {
        let request = self.target.sdk.delete_item().table_name(&self.target.table).set_key(Some(self.key(part)));
        let deleted = send_write!(&self.target, request, &None::<crate::transport::Encoder>);
        deleted.map(drop).map_err(|error| self.target.write_error("DeleteItem", error))
    }

    /// Puts an item if the stored one has this turn, or if there is none. Returns whether the condition held.
    pub(crate) async fn put(&self, part: &str, held: AttributeMap, turn: Option<u64>) -> Result<bool> {
        let mut item = self.key(part);
        item.insert(self.purpose.attribute.to_owned(), AttributeValue::M(held));
        if let Some(attribute) = self.discriminator {
            item.insert(attribute.to_owned(), AttributeValue::S(self.purpose.mark.to_owned()));
        }
        let node = match turn {
            Some(turn) => {
                let path = DocumentPath::root(self.purpose.attribute).then(TURN.into());
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
