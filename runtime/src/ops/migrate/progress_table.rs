//! The place of a migration's progress: items in the model's table, or in a table of their own.

use crate::description::KeyKind;
use crate::ops::lease::{LeaseTable, Purpose};
use crate::ops::{Error, Result, TableItem};
use crate::transport::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use std::sync::Arc;

const PURPOSE: Purpose = Purpose { mark: "DYNTASTIC#MIGRATION", attribute: "dyntastic_migration" };
const HEAD: &str = "HEAD";
const MODEL: &str = "model";
const TABLE: &str = "table";
const SEGMENTS: &str = "segments";

/// The items that hold the progress of one migration.
pub(super) struct ProgressTable {
    pub(super) table: Arc<LeaseTable>,
    model: &'static str,
    /// The name of the model's table, with its place if it has its own.
    of_table: String,
}

impl ProgressTable {
    /// The items in the model's table, or in the table with this name.
    pub(super) fn of<M: TableItem>(client: &Client, migration: &str, table: Option<&'static str>) -> Result<Self> {
        if !(1..=255).contains(&migration.len()) {
            return Err(Error::invalid("Migrate", "the name of a migration has 1 to 255 bytes"));
        }
        let own = client.target::<M>()?;
        let place = own.place.region.as_ref().or(own.place.host.as_ref());
        let of_table = place.map_or_else(|| own.table.clone(), |place| format!("{}@{place}", own.table));
        let separate = table
            .map(|name| LeaseTable::target(client, M::model_name(), name))
            .transpose()?
            .filter(|separate| (&separate.table, &separate.place) != (&own.table, &own.place));
        let migration = migration.to_owned();
        let table = match separate {
            Some(separate) => LeaseTable::separate(client, separate, PURPOSE, migration),
            None if holds_other_items::<M>() => {
                let discriminator = M::model_layout().discriminator.map(|of| of.first.0);
                LeaseTable::shared(client, own, PURPOSE, migration, discriminator)
            }
            None => {
                let why = format!(
                    "the table of {} holds only its items, so that the progress needs another table: \
                     name it with `.progress_table(\"…\")`",
                    M::model_name()
                );
                return Err(Error::invalid("Migrate", why));
            }
        };
        Ok(Self { table: Arc::new(table), model: M::model_name(), of_table })
    }

    /// The part of a segment.
    pub(super) fn part_of(segment: u32) -> String {
        format!("SEGMENT#{segment:05}")
    }

    /// Begins the migration, or joins it. Returns the number of segments, which the first worker fixes.
    pub(super) async fn begin(&self, segments: u32) -> Result<u32> {
        loop {
            if let Some(head) = self.table.read_item(HEAD).await? {
                let text =
                    |name| head.get(name).and_then(|text| text.as_s().ok()).map_or("another one", String::as_str);
                let (model, table) = (text(MODEL), text(TABLE));
                if (model, table) != (self.model, self.of_table.as_str()) {
                    let name = &self.table.name;
                    let why = format!("the migration {name} is of {model} in the table {table}: give it another name");
                    return Err(Error::invalid("Migrate", why));
                }
                let stored = head.get(SEGMENTS).and_then(|segments| segments.as_n().ok()?.parse().ok());
                return Ok(stored.unwrap_or(segments).max(1));
            }
            let head = [
                (MODEL.to_owned(), AttributeValue::S(self.model.to_owned())),
                (TABLE.to_owned(), AttributeValue::S(self.of_table.clone())),
                (SEGMENTS.to_owned(), AttributeValue::N(segments.to_string())),
            ];
            // After a refusal, the item exists.
            self.table.put(HEAD, head.into(), None).await?;
        }
    }
}

/// Whether items that are not the model's can be in its table, so that no read of the table takes them for the
/// model's.
fn holds_other_items<M: TableItem>() -> bool {
    let table = M::model_table();
    let are_texts = std::iter::once(table.hash_key).chain(table.range_key).all(|key| key.kind == KeyKind::String);
    let begins = || M::model_layout().keys.iter().any(|template| !template.beginning().is_empty());
    are_texts && (M::model_layout().discriminator.is_some() || (M::model_layout().by_key && begins()))
}
