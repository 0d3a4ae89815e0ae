//! The functions of an app for the changes of models, and the choice of the one that a record is for.

use super::failure::Failure;
use super::{Record, View};
use crate::codec::has_key_of;
use crate::description::{Discriminator, Table, UnsetVariable};
use crate::ground::ReadError;
use crate::ops::Result;
use crate::ops::model::Streamed;
use crate::transport::Client;
use aws_sdk_dynamodb::types::AttributeValue;
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
    discriminator: Option<Discriminator>,
    /// Whether a record's key may be the model's; of a record without images, nothing else tells the model.
    has_key: fn(&Record) -> bool,
    call: Box<dyn Fn(Record) -> Result<Option<Handling>> + Send + Sync>,
}

impl Function {
    pub(super) fn new<M: Streamed<View: View<M>>>(function: impl ChangeFunction<<M::View as View<M>>::Change>) -> Self {
        Self {
            model: M::model_name(),
            table: M::TABLE,
            discriminator: M::model_layout().discriminator,
            has_key: has_key::<M>,
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

fn has_key<M: Streamed>(record: &Record) -> bool {
    match record.images().next() {
        Some(_) => has_key_of::<M>(&record.keys),
        // A key that the layout cannot read is an error of the model.
        None => !matches!(M::model_layout().fields(&record.keys), Ok(None)),
    }
}

/// A record, and the attributes of its images that tell their models. Each is read once for all functions.
struct Told<'r> {
    record: &'r Record,
    values: Vec<(&'static str, Vec<Read>)>,
}

/// An attribute of an image, or why the image cannot be read.
type Read = Result<Option<AttributeValue>, ReadError>;

impl<'r> Told<'r> {
    fn new(record: &'r Record) -> Self {
        Self { record, values: Vec::new() }
    }

    /// Whether the record is for a function. Also true if an image cannot be read: the function's read returns the error.
    fn is_for(&mut self, function: &Function) -> bool {
        (function.has_key)(self.record)
            && match function.discriminator {
                Some(discriminator) if self.record.images().next().is_some() => {
                    (0..self.record.images().count()).any(|image| {
                        discriminator.pairs().all(|(attribute, value)| self.has_text(image, attribute, value))
                    })
                }
                _ => true,
            }
    }

    fn has_text(&mut self, image: usize, attribute: &'static str, value: &str) -> bool {
        let found = self.values.iter().position(|(name, _)| *name == attribute).unwrap_or_else(|| {
            let values = self.record.images().map(|image| image.value(attribute)).collect();
            self.values.push((attribute, values));
            self.values.len() - 1
        });
        match self.values.get(found).and_then(|(_, values)| values.get(image)) {
            Some(Ok(Some(AttributeValue::S(text)))) => text == value,
            Some(Ok(_)) | None => false,
            Some(Err(_)) => true,
        }
    }
}

/// The functions of a handler, for the records of a batch.
pub(super) struct Functions<'f> {
    all: &'f [Function],
    /// The client of the handler, or the poller's.
    client: Option<&'f Client>,
    /// The names of the functions' tables in DynamoDB, if they are of several tables.
    tables: Option<Vec<Result<String, UnsetVariable>>>,
}

impl<'f> Functions<'f> {
    pub(super) fn new(all: &'f [Function], client: Option<&'f Client>) -> Self {
        let of_one_table = |pair: &[Function]| matches!(pair, [one, other] if one.table.name == other.table.name);
        let name = |function: &Function| match client {
            Some(client) => client.table_name(&function.table),
            None => function.table.resolve_name(&|variable| std::env::var(variable).ok()),
        };
        let tables = (!all.windows(2).all(of_one_table)).then(|| all.iter().map(name).collect());
        Self { all, client, tables }
    }

    /// The record with the keys of the client.
    pub(super) async fn with_keys(&self, record: Record) -> Record {
        match self.client {
            Some(client) => record.with_keys_of(client).await,
            None => record,
        }
    }

    /// The function that a record is for: the first one for the model of an image, or of the key if there is no image.
    ///
    /// # Errors
    ///
    /// The functions are of several tables, and the record is of none of them.
    pub(super) fn of(&self, record: &Record) -> Result<Option<&'f Function>, Failure> {
        let mut told = Told::new(record);
        let Some((tables, table)) = self.tables.as_ref().zip(record.table()) else {
            return Ok(self.all.iter().find(|function| told.is_for(function)));
        };
        let is_it = |of: &Result<String, UnsetVariable>| of.as_ref().is_ok_and(|of| of == table);
        let mut of_table = self.all.iter().zip(tables).filter(|(_, of)| is_it(of)).peekable();
        if of_table.peek().is_none() {
            return Err(self.no_such_table(tables, table).into());
        }
        Ok(of_table.map(|(function, _)| function).find(|function| told.is_for(function)))
    }

    fn no_such_table(&self, tables: &[Result<String, UnsetVariable>], table: &str) -> String {
        let each = self.all.iter().zip(tables).map(|(function, table)| match table {
            Ok(table) => format!("{} of {table}", function.model),
            Err(UnsetVariable(variable)) => {
                format!("{} of the table that the variable {variable} names, which is not set", function.model)
            }
        });
        let each = each.collect::<Vec<_>>().join(", ");
        let help = match self.client {
            Some(_) => "",
            None => ". `.with_client(&db)` gives it the table names of a client",
        };
        format!("a record of the table {table}, of which the handler has no function: it has {each}{help}")
    }
}
