//! The functions of an app for the changes of models, and the choice of the one that a record is for.

use super::failure::Failure;
use super::{Record, View};
use crate::codec::has_key_of;
use crate::description::Table;
use crate::ops::Result;
use crate::ops::model::Streamed;
use crate::transport::Client;
use std::pin::Pin;
use std::time::SystemTime;

/// A function of the app that runs.
pub(super) type Handling = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send>>;

/// What is known of a record beside its change.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordInfo {
    /// The id of the record's event. It is the same each time the record is delivered, so that it tells a change that
    /// was handled before.
    pub event_id: Option<String>,
    /// The position of the record in its shard.
    pub sequence_number: Option<String>,
    /// About when the item was written, to the second.
    pub written_at: Option<SystemTime>,
    /// Whether DynamoDB has deleted the item because its time to live has ended.
    pub is_expired: bool,
}

impl RecordInfo {
    fn of(record: &Record) -> Self {
        Self {
            event_id: record.event_id().map(str::to_owned),
            sequence_number: record.sequence_number().map(str::to_owned),
            written_at: record.written_at(),
            is_expired: record.is_expired(),
        }
    }
}

/// An async function of the app for a change of type `C`.
pub trait ChangeFunction<C>: Fn(C, RecordInfo) -> Self::Running + Send + Sync + 'static {
    /// The running function.
    type Running: Future<Output = Result<(), Self::Failure>> + Send + 'static;
    /// Why a change is not handled.
    type Failure: Into<Failure>;
}

impl<C, Called, Running, E> ChangeFunction<C> for Called
where
    Called: Fn(C, RecordInfo) -> Running + Send + Sync + 'static,
    Running: Future<Output = Result<(), E>> + Send + 'static,
    E: Into<Failure>,
{
    type Running = Running;
    type Failure = E;
}

/// A function for the changes of a model.
pub(super) struct Function {
    model: &'static str,
    table: Table,
    owns: fn(&Record) -> bool,
    call: Box<dyn Fn(Record) -> Result<Option<Handling>> + Send + Sync>,
}

impl Function {
    pub(super) fn new<M: Streamed<View: View<M>>>(function: impl ChangeFunction<<M::View as View<M>>::Change>) -> Self {
        Self {
            model: M::model_name(),
            table: M::TABLE,
            owns: owns::<M>,
            call: Box::new(move |record| {
                let info = RecordInfo::of(&record);
                let Some(change) = record.change::<M>()? else { return Ok(None) };
                let running = function(change, info);
                Ok(Some(Box::pin(async move { running.await.map_err(Into::into) })))
            }),
        }
    }

    /// Begins to handle a record; `None` if its change is none of the model.
    pub(super) fn call(&self, record: Record) -> Result<Option<Handling>> {
        (self.call)(record)
    }
}

/// Whether a record is of a model.
fn owns<M: Streamed>(record: &Record) -> bool {
    let layout = M::model_layout();
    match record.images().next() {
        Some(_) => {
            has_key_of::<M>(&record.keys)
                && record
                    .images()
                    .any(|image| layout.discriminator.is_none_or(|discriminator| image.is_of(discriminator)))
        }
        // A key that the layout cannot read is an error of the model.
        None => !matches!(layout.fields(&record.keys), Ok(None)),
    }
}

/// The functions of a handler, for the records of a batch.
pub(super) struct Functions<'f> {
    all: &'f [Function],
    /// The names of the functions' tables in DynamoDB, if they are of several tables.
    tables: Option<Vec<Option<String>>>,
}

impl<'f> Functions<'f> {
    pub(super) fn new(all: &'f [Function], client: Option<&Client>) -> Self {
        let of_one_table = |pair: &[Function]| matches!(pair, [one, other] if one.table.name == other.table.name);
        let name = |function: &Function| match client {
            Some(client) => client.table_name(&function.table),
            None => function.table.resolve_name(&|variable| std::env::var(variable).ok()).ok(),
        };
        let tables = (!all.windows(2).all(of_one_table)).then(|| all.iter().map(name).collect());
        Self { all, tables }
    }

    /// The function that a record is for: the first one for the model of an image, or of the key if there is no image.
    ///
    /// # Errors
    ///
    /// The functions are of several tables, and the record is of none of them.
    pub(super) fn of(&self, record: &Record) -> Result<Option<&'f Function>, Failure> {
        let Some((tables, table)) = self.tables.as_ref().zip(record.table()) else {
            return Ok(self.all.iter().find(|function| (function.owns)(record)));
        };
        let mut of_table = self.all.iter().zip(tables).filter(|(_, of)| of.as_deref() == Some(table)).peekable();
        if of_table.peek().is_none() {
            return Err(self.no_such_table(tables, table).into());
        }
        Ok(of_table.map(|(function, _)| function).find(|function| (function.owns)(record)))
    }

    fn no_such_table(&self, tables: &[Option<String>], table: &str) -> String {
        let each = self.all.iter().zip(tables).map(|(function, table)| match table {
            Some(table) => format!("{} of {table}", function.model),
            None => format!("{} of a table without a name", function.model),
        });
        let each = each.collect::<Vec<_>>().join(", ");
        format!(
            "a record of the table {table}, of which the handler has no function: it has {each}. `.with_client(&db)` gives it the \
             table names of a client"
        )
    }
}
