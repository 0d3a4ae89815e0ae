//! The commands on items: they know a schema, and read and write items as emitted code does.

mod batches;
pub(super) mod delete;
mod delete_where;
pub(super) mod export;
mod filter;
pub(super) mod get;
pub(super) mod import;
mod line;
mod output;
pub(super) mod put;
pub(super) mod query;
pub(super) mod scan;
#[cfg(feature = "local")]
pub(super) mod seed;

use super::Stop;
use super::arguments;
use super::connection::ConnectionArgs;
use super::live::reason;
use super::tables::{block_on, table};
use clap::Args;
use dyntastic::aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use dyntastic::dynamic::{DynamicModel, DynamicSchema};
use dyntastic::rate_limit::RateLimited;
use dyntastic::{Client, Codec, Error, RateLimit, Table};
use dyntastic_codegen::TableDescription;
use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct ItemsArgs {
    /// A schema file, or a folder of them; may be given several times.
    #[arg(long = "schema", value_name = "SCHEMA", default_value = "models.yaml")]
    schemas: Vec<PathBuf>,
    #[command(flatten)]
    connection: ConnectionArgs,
    /// A text before the name of every table, as of the app's client: `dev-`.
    #[arg(long, value_name = "PREFIX")]
    table_prefix: Option<String>,
    /// The capacity units per second to use at most, reads and writes together.
    #[arg(long, value_name = "UNITS", value_parser = arguments::units, allow_negative_numbers = true)]
    rate: Option<u32>,
}

impl ItemsArgs {
    /// The models of the schema, for copies of items.
    fn schema_for_copies(&self) -> Result<DynamicSchema, Stop> {
        Ok(load(&self.schemas, |_| {}, DynamicSchema::load_for_copies)?.0)
    }

    /// A model of the schema, for copies of items.
    fn model_for_copies(&self, name: &str) -> Result<DynamicModel, Stop> {
        Ok(find(&self.schema_for_copies()?, name)?)
    }

    /// A model of the schema.
    fn model(&self, name: &str) -> Result<DynamicModel, Stop> {
        Ok(find(&load(&self.schemas, |_| {}, DynamicSchema::load_keeping_unknown)?.0, name)?)
    }

    /// The DynamoDB and the tables that are reached, as a text that tells them from others.
    fn place(&self) -> String {
        format!("{} {}", self.connection.place(), self.table_prefix.as_deref().unwrap_or_default())
    }

    fn rate_limit(&self) -> Result<Option<RateLimit>, Stop> {
        Ok(self.rate.map(|rate| RateLimit::total(rate.into())).transpose().map_err(Error::from)?)
    }

    /// Runs operations on items at the rate.
    fn run<T>(&self, operations: impl Future<Output = Result<T, Stop>>) -> Result<T, Stop> {
        match self.rate_limit()? {
            Some(limit) => block_on(operations.with_rate_limit(&limit)),
            None => block_on(operations),
        }
    }

    /// A client that neither creates tables nor goes past the SDK.
    async fn client(&self) -> Result<Client, Stop> {
        let mut builder = self.connection.builder().auto_create(false).codec(Codec::Map);
        if let Some(prefix) = &self.table_prefix {
            builder = builder.table_prefix(prefix);
        }
        Ok(builder.from_env().await.map_err(|error| error.to_string())?)
    }
}

/// The models of schema files, as `models` reads their description, and the tables, each once, as `change` leaves them.
pub(super) fn load(
    schemas: &[PathBuf],
    change: impl Fn(&mut TableDescription),
    models: fn(&str, &[Table]) -> Result<DynamicSchema, String>,
) -> Result<(DynamicSchema, Vec<Table>), Stop> {
    let mut items = dyntastic_codegen::items(&dyntastic_codegen::read_sources(schemas)?)?;
    items.tables.iter_mut().for_each(change);
    let tables: Vec<Table> = items.tables.into_iter().map(table).collect();
    let of_models: Vec<Table> = items.models.iter().filter_map(|model| tables.get(model.table).copied()).collect();
    Ok((models(&items.json, &of_models)?, tables))
}

/// A model whose items the command can read.
fn find(schema: &DynamicSchema, name: &str) -> Result<DynamicModel, String> {
    // A model `order_line` of the schema is `OrderLine` in Rust.
    let letters = |name: &str| name.replace(['_', '-'], "").to_lowercase();
    let written = |of: &&DynamicModel| letters(of.name()) == letters(name);
    let models = || schema.models().iter();
    let exact = models().find(|model| model.name() == name);
    let Some(model) = exact.or_else(|| models().find(written).filter(|_| models().filter(written).count() == 1)) else {
        let names: Vec<String> = schema.models().iter().map(|model| format!("`{}`", model.name())).collect();
        return Err(format!("the schema has no model `{name}`: it has {}", names.join(", ")));
    };
    match model.own_types().first() {
        None => Ok(*model),
        Some(path) => {
            Err(format!("only the app knows the type `{path}`, so only the app can read and write items of `{name}`"))
        }
    }
}

/// Refuses to write items of a model that the app changes or checks by functions of its own.
fn refuse_own_functions(model: DynamicModel) -> Result<(), String> {
    if let Some(path) = model.before_write() {
        return Err(format!(
            "the app changes items of `{}` by its function `{path}` before they are written, so only the app can write \
             them",
            model.name()
        ));
    }
    match model.own_checks().first() {
        None => Ok(()),
        Some(path) => Err(format!(
            "the app checks items of `{}` by its function `{path}`, so only the app can write them",
            model.name()
        )),
    }
}

/// `name=value`.
fn assignment(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) => Ok((name.to_owned(), value.to_owned())),
        None => Err(format!("`{text}` has no `=`: give a field and its value, such as user_id=user123")),
    }
}

/// A file beside another one.
fn beside(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(extension);
    name.into()
}

/// Goes to the end of what a copy has saved of a file. What came after it is written again.
///
/// # Errors
///
/// It is shorter than that; `remedy` says what to do.
fn go_on(file: &mut File, path: &Path, bytes: u64, remedy: &str) -> Result<(), Stop> {
    if file.metadata().map_err(of_file(path))?.len() < bytes {
        return Err(Stop::Other(format!("{} is shorter than what was written to it: {remedy}", path.display())));
    }
    file.set_len(bytes).and_then(|()| file.seek(SeekFrom::End(0))).map(drop).map_err(of_file(path))
}

/// An error of a request that no operation of the runtime sends, in the words of those.
fn service_error<E>(operation: &str, model: DynamicModel, table: &str, error: &SdkError<E>) -> String
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    format!("{operation} of {} on the table {table}: {}", model.name(), reason(error))
}

/// An error of a file, with its path.
fn of_file(path: &Path) -> impl Fn(std::io::Error) -> Stop {
    move |error| Stop::Other(format!("{}: {error}", path.display()))
}
