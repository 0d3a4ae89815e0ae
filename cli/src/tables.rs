//! The tables of a schema, and the client that reaches them.

use super::Stop;
use super::connection::ConnectionArgs;
use super::variables::Variables;
use clap::Args;
use dyntastic::{
    Client, Distance, Error, KeyAttribute, Replica, SecondaryIndex, Setting, StreamView, Table, TableClass, VectorIndex,
};
use dyntastic_codegen::{
    TableDescription, TableDistance, TableIndex, TableKey, TableKeyKind, TableReplica, TableSetting, TableStream,
    TableVectorIndex,
};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct TablesArgs {
    /// Schema files, folders of them, or `-` for standard input; all together make one model set.
    #[arg(required = true, value_name = "SCHEMA")]
    schemas: Vec<PathBuf>,
    #[command(flatten)]
    connection: ConnectionArgs,
    /// A text before the name of every table, as of the app's client: `dev-`.
    #[arg(long, value_name = "PREFIX")]
    table_prefix: Option<String>,
}

impl TablesArgs {
    /// The tables of the schema.
    pub(super) fn tables(&self) -> Result<Vec<Table>, Stop> {
        let sources = dyntastic_codegen::read_sources(&self.schemas)?;
        let described = dyntastic_codegen::tables(&sources)?;
        let variables = Variables { sources: &sources };
        for table in &described {
            variables.table_name(&table.name, self.table_prefix.as_deref().unwrap_or_default())?;
            table.region.as_ref().map(|region| variables.region(region)).transpose()?;
        }
        Ok(described.into_iter().map(table).collect())
    }

    pub(super) async fn client(&self) -> Result<Client, Stop> {
        let mut builder = self.connection.builder();
        if let Some(prefix) = &self.table_prefix {
            builder = builder.table_prefix(prefix);
        }
        builder.from_env().await.map_err(|error| Stop::Other(error.to_string()))
    }
}

/// Runs a future to its end.
pub(super) fn block_on<T>(future: impl Future<Output = Result<T, Stop>>) -> Result<T, Stop> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(future)
}

/// The error with its cause, which no response of DynamoDB explains otherwise.
impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Other(in_words(&error))
    }
}

/// An error with its innermost cause.
pub(super) fn in_words(error: &Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    match (error.code(), cause.to_string()) {
        (None, cause) if !error.to_string().contains(&cause) => format!("{error}: {cause}"),
        _ => error.to_string(),
    }
}

/// The runtime's description of a table. Its texts are constants in emitted code, so they are leaked: the command runs once
/// for one schema.
pub(super) fn table(of: TableDescription) -> Table {
    let policy = of.resource_policy();
    let mut table = Table::new(setting(of.name), key(of.hash_key)).tags(leaked(of.tags.into_iter().map(tag)));
    table = table.indexes(leaked(of.indexes.into_iter().map(index)));
    table = table.vector_indexes(leaked(of.vector_indexes.into_iter().map(vector_index)));
    if let Some(of) = of.range_key {
        table = table.range_key(key(of));
    }
    if let Some(region) = of.region {
        table = table.region(setting(region));
    }
    if let Some(host) = of.host {
        table = table.host(setting(host));
    }
    if let Some((read, write)) = of.throughput {
        table = table.provisioned(read, write);
    }
    if of.is_infrequent_access {
        table = table.table_class(TableClass::StandardInfrequentAccess);
    }
    if let Some(protection) = of.deletion_protection {
        table = table.deletion_protection(protection);
    }
    if let Some(recovery) = of.point_in_time_recovery {
        table = table.point_in_time_recovery(recovery);
    }
    if let Some(insights) = of.contributor_insights {
        table = table.contributor_insights(insights);
    }
    if let Some(key) = of.kms_key {
        table = table.kms_key(key.leak());
    }
    let (read, write) = of.on_demand_maximum;
    table = table.on_demand_maximum(read, write);
    if let Some((read, write)) = of.warm_throughput {
        table = table.warm_throughput(read, write);
    }
    if let Some(policy) = policy {
        table = table.resource_policy(policy.leak());
    }
    if let Some(replicas) = of.replicas {
        table = table.replicas(leaked(replicas.into_iter().map(replica)));
    }
    if let Some(content) = of.stream {
        table = table.stream(stream(content));
    }
    if let Some(attribute) = of.ttl {
        table = table.ttl(attribute.leak());
    }
    table
}

fn leaked<T>(values: impl Iterator<Item = T>) -> &'static [T] {
    values.collect::<Vec<T>>().leak()
}

fn setting(of: TableSetting) -> Setting {
    match of {
        TableSetting::Value(value) => Setting::value(value.leak()),
        TableSetting::Env { variable, default: None } => Setting::env(variable.leak()),
        TableSetting::Env { variable, default: Some(default) } => Setting::env_or(variable.leak(), default.leak()),
    }
}

fn tag((key, value): (String, String)) -> (&'static str, &'static str) {
    (key.leak(), value.leak())
}

fn key(of: TableKey) -> KeyAttribute {
    let attribute = of.attribute.leak();
    match of.kind {
        TableKeyKind::String => KeyAttribute::string(attribute),
        TableKeyKind::Number => KeyAttribute::number(attribute),
        TableKeyKind::Binary => KeyAttribute::binary(attribute),
    }
}

fn replica(of: TableReplica) -> Replica {
    let mut replica = Replica::new(of.region.leak());
    if let Some(key) = of.kms_key {
        replica = replica.kms_key(key.leak());
    }
    match of.is_infrequent_access {
        None => replica,
        Some(true) => replica.table_class(TableClass::StandardInfrequentAccess),
        Some(false) => replica.table_class(TableClass::Standard),
    }
}

fn stream(of: TableStream) -> StreamView {
    match of {
        TableStream::KeysOnly => StreamView::KeysOnly,
        TableStream::NewImage => StreamView::NewImage,
        TableStream::OldImage => StreamView::OldImage,
        TableStream::NewAndOldImages => StreamView::NewAndOldImages,
    }
}

fn index(of: TableIndex) -> SecondaryIndex {
    let (name, hash_key) = (of.name.leak(), leaked(of.hash_key.into_iter().map(key)));
    let mut index = match of.local {
        true => SecondaryIndex::local(name, hash_key),
        false => SecondaryIndex::global(name, hash_key),
    };
    index = index.range_key(leaked(of.range_key.into_iter().map(key)));
    index = match of.include {
        None => index,
        Some(include) if include.is_empty() => index.keys_only(),
        Some(include) => index.include(leaked(include.into_iter().map(|attribute| &*attribute.leak()))),
    };
    match of.throughput {
        None => index,
        Some((read, write)) => index.provisioned(read, write),
    }
}

fn vector_index(of: TableVectorIndex) -> VectorIndex {
    let distance = match of.distance {
        TableDistance::Cosine => Distance::Cosine,
        TableDistance::Euclidean => Distance::Euclidean,
        TableDistance::DotProduct => Distance::DotProduct,
    };
    let mut index = VectorIndex::new(of.name.leak(), of.attribute.leak(), of.dimensions, distance);
    if let Some(of) = of.hash_key {
        index = index.hash_key(key(of));
    }
    index = index.filterable(leaked(of.filterable.into_iter().map(key)));
    match of.include {
        None => index,
        Some(include) if include.is_empty() => index.keys_only(),
        Some(include) => index.include(leaked(include.into_iter().map(|attribute| &*attribute.leak()))),
    }
}
