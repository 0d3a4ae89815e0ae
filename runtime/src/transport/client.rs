//! The client: SDK clients by region and host, the names of tables, and the tables that writes have created.

use super::client_builder::ClientBuilder;
use super::creation::Creations;
use super::environment::{self, Environment, Host};
use super::error::ConfigError;
use super::limits::TableLimits;
use super::target::{Place, Target};
use crate::codec::{Codec, Item, prepare_reads, read_model_with};
use crate::description::{Table, UnsetVariable};
use crate::ground::{AttributeMap, ReadError};
use crate::keys::Keys;
use crate::observe::SharedObserver;
use crate::rate_limit::RateLimit;
use aws_sdk_dynamodb as sdk;
use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::iter;
use std::sync::{Arc, Mutex, PoisonError};

/// A client for DynamoDB, from which all operations start. A clone is cheap, and threads and tasks can share it.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example() -> dyntastic::Result<()> {
/// let db = Client::builder().region("eu-west-1").table_prefix("dev-").from_env().await?;
/// let alice = User::get(&db, "user123").await?;
/// # Ok(())
/// # }
/// ```
///
/// A table's own region and host in the schema override those of the client. An embedded DynamoDB has the tables of all
/// hosts, so that its clients send nothing elsewhere.
#[derive(Clone)]
pub struct Client(
    pub(super) Arc<Inner>,
    /// The context of which this client is not. Every operation of a model fails with it.
    pub(super) Option<&'static str>,
);

pub(super) struct Inner {
    /// The configuration of all SDK clients.
    pub(super) config: sdk::Config,
    /// The SDK client of the client's own region and host.
    pub(super) sdk: sdk::Client,
    /// The SDK clients of other regions and hosts.
    pub(super) elsewhere: Mutex<HashMap<Place, sdk::Client>>,
    pub(super) table_names: Option<TableNames>,
    pub(super) auto_create: bool,
    pub(super) codec: Codec,
    pub(super) observer: Option<SharedObserver>,
    pub(super) limits: Vec<(Table, RateLimit)>,
    pub(super) keys: Option<Keys>,
    /// Whether tables on a loopback host use made-up credentials if there are no others.
    pub(super) local_credentials: bool,
    /// Whether all requests go to an embedded DynamoDB, whatever host a table has.
    pub(super) is_embedded: bool,
    pub(super) environment: Environment,
    pub(super) creations: Creations,
    /// A mistake in the client's own settings; every operation fails with it.
    pub(super) mistake: Option<ConfigError>,
    /// A value that lives as long as the client, such as an embedded DynamoDB.
    pub(super) _keeps: Option<Arc<dyn Any + Send + Sync>>,
}

pub(super) type TableNames = Arc<dyn Fn(&str) -> String + Send + Sync>;

impl Client {
    /// A client with the settings of the environment. `DYNTASTIC_HOST` (a URL) and `DYNTASTIC_REGION` come first, and
    /// then the settings that the AWS SDKs share (`AWS_REGION`, profiles, roles of containers and instances).
    ///
    /// For a host on this machine (`http://localhost:8000`), missing credentials and a missing region are made up,
    /// and no instance role is searched.
    ///
    /// # Errors
    ///
    /// `DYNTASTIC_HOST` is no URL, or no setting names a region.
    pub async fn from_env() -> Result<Self, ConfigError> {
        Self::builder().from_env().await
    }

    /// A client with the SDK's own configuration, which includes retries, time-outs, HTTP and credentials.
    ///
    /// ```ignore
    /// let db = Client::from_conf(aws_sdk_dynamodb::Config::new(&aws_config::load_from_env().await));
    /// ```
    pub fn from_conf(config: sdk::Config) -> Self {
        Self::builder().from_conf(config)
    }

    /// Starts a client with settings of its own.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// The SDK's client for the client's own region and host. Use it for operations that this crate does not offer.
    pub fn sdk(&self) -> &sdk::Client {
        &self.0.sdk
    }

    /// Reads a model from the SDK's attribute map, also its encrypted attributes, with the keys of this client. Use it for
    /// items that you have not read by an operation of this crate.
    ///
    /// # Errors
    ///
    /// Those of [`read_model`](crate::codec::read_model).
    pub async fn read_model<M: Item>(&self, item: AttributeMap) -> Result<M, ReadError> {
        if let Some(keys) = &self.0.keys {
            prepare_reads(keys, iter::once(&item)).await;
        }
        read_model_with(item, self.0.keys.as_ref())
    }

    /// This client for an operation that is of another context, and so is refused.
    pub(crate) fn outside(&self, context: &'static str) -> Self {
        Self(Arc::clone(&self.0), Some(context))
    }

    /// The context of which this client is not.
    pub(crate) fn other_context(&self) -> Option<&'static str> {
        self.1
    }

    /// The keys of encrypted attributes.
    pub(crate) fn keys(&self) -> Option<Keys> {
        self.0.keys.clone()
    }

    /// The target of a model's operations on this client.
    pub(crate) fn target_of(&self, model: &'static str, description: Table) -> Result<Target, ConfigError> {
        if let Some(mistake) = &self.0.mistake {
            return Err(mistake.clone());
        }
        let unset = |UnsetVariable(variable)| {
            ConfigError::new(format!("{model}: the environment variable {variable}, which names its table, is not set"))
        };
        let (table, place) = self.name_and_place(&description).map_err(unset)?;
        let codec = self.0.codec;
        let observer = self.0.observer.clone();
        let limits = self.limits();
        let sdk = self.sdk_at(model, &place)?;
        let description = description.in_region(sdk.config().region().map(AsRef::as_ref));
        let keys = self.keys();
        Ok(Target { sdk, model, table, description, place, codec, keys, observer, limits })
    }

    /// The name of a table in DynamoDB. The error is the variable that should hold it.
    #[cfg(feature = "streams")]
    pub(crate) fn table_name(&self, description: &Table) -> Result<String, UnsetVariable> {
        self.name_and_place(description).map(|(table, _)| table)
    }

    /// The name of a table in DynamoDB, and where the table is.
    fn name_and_place(&self, description: &Table) -> Result<(String, Place), UnsetVariable> {
        let environment = &*self.0.environment;
        let name = description.resolve_name(environment)?;
        let table = self.0.table_names.as_ref().map(|map| map(&name)).unwrap_or(name);
        let place = Place {
            region: description.region.and_then(|region| region.resolve(environment)),
            host: description.host.and_then(|host| host.resolve(environment)),
        };
        Ok((table, place))
    }

    fn limits(&self) -> TableLimits {
        // The names may change: by the environment, and by the function of the client.
        let named = |(table, limit): &(Table, RateLimit)| Some((self.name_and_place(table).ok()?, limit.clone()));
        TableLimits::new(self.0.limits.iter().filter_map(named).collect())
    }

    fn sdk_at(&self, model: &'static str, place: &Place) -> Result<sdk::Client, ConfigError> {
        if *place == Place::default() {
            return Ok(self.0.sdk.clone());
        }
        let mut elsewhere = self.0.elsewhere.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = elsewhere.get(place) {
            return Ok(client.clone());
        }
        let mut config = self.0.config.to_builder();
        if let Some(region) = &place.region {
            config.set_region(Some(sdk::config::Region::new(region.clone())));
        }
        if let Some(host) = place.host.as_ref().filter(|_| !self.0.is_embedded) {
            let host = Host::parse(host)
                .map_err(|error| ConfigError::new(format!("{model}: the host of its table: {error}")))?;
            if host.is_loopback() && self.0.local_credentials {
                config.set_credentials_provider(Some(environment::local_credentials()));
            }
            config.set_endpoint_url(Some(host.into_url()));
        }
        let client = sdk::Client::from_conf(config.build());
        elsewhere.insert(place.clone(), client.clone());
        Ok(client)
    }

    /// Whether the first write to a target's missing table creates it. One that has replicas may be in another region.
    pub(crate) fn creates(&self, target: &Target) -> bool {
        self.0.auto_create && target.description.auto_create && !target.description.has_replicas()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("region", &self.0.config.region())
            .field("auto_create", &self.0.auto_create)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::description::{KeyAttribute, Setting};

    const TABLE: Table = Table::new(Setting::env_or("TABLE", "users"), KeyAttribute::string("id"))
        .region(Setting::env("REGION"))
        .host(Setting::env("HOST"));

    fn config() -> sdk::Config {
        sdk::Config::builder()
            .behavior_version(sdk::config::BehaviorVersion::latest())
            .region(sdk::config::Region::new("eu-west-1"))
            .build()
    }

    fn client(variables: &'static [(&'static str, &'static str)], builder: ClientBuilder) -> Client {
        let environment = move |name: &str| {
            variables.iter().find(|(variable, _)| *variable == name).map(|(_, value)| (*value).to_owned())
        };
        builder.environment(Arc::new(environment)).from_conf(config())
    }

    fn place(target: &Target) -> (Option<String>, Option<String>) {
        let config = target.sdk.config();
        (config.region().map(ToString::to_string), target.place.host.clone())
    }

    #[test]
    fn a_tables_own_region_and_host_override_the_clients() {
        let own = client(&[("REGION", "us-west-2"), ("HOST", "http://localhost:8000")], Client::builder());
        let target = own.target_of("User", TABLE).unwrap();
        assert_eq!(place(&target), (Some("us-west-2".to_owned()), Some("http://localhost:8000".to_owned())));

        let none = client(&[], Client::builder());
        assert_eq!(place(&none.target_of("User", TABLE).unwrap()), (Some("eu-west-1".to_owned()), None));
    }

    #[test]
    fn a_host_that_is_no_url_is_an_error_that_names_the_model() {
        let error = client(&[("HOST", "localhost:8000")], Client::builder()).target_of("User", TABLE).unwrap_err();
        assert!(error.to_string().starts_with("User: the host of its table: expected a URL"), "{error}");
    }

    #[test]
    fn a_table_without_a_name_is_an_error_that_names_the_variable() {
        let table = Table::new(Setting::env("USERS_TABLE"), KeyAttribute::string("id"));
        let error = client(&[], Client::builder()).target_of("User", table).unwrap_err();
        assert_eq!(error.to_string(), "User: the environment variable USERS_TABLE, which names its table, is not set");
    }

    #[test]
    fn a_clients_host_that_is_no_url_fails_every_operation() {
        let error = client(&[], Client::builder().host("localhost:8000")).target_of("User", TABLE).unwrap_err();
        assert!(error.to_string().starts_with("the client's host: expected a URL"), "{error}");
    }

    #[test]
    fn table_names_are_mapped_by_prefix_and_function() {
        let name = |builder: ClientBuilder| client(&[], builder).target_of("User", TABLE).unwrap().table;
        assert_eq!(name(Client::builder()), "users");
        assert_eq!(name(Client::builder().table_prefix("dev-")), "dev-users");
        assert_eq!(name(Client::builder().table_names(|name| format!("{name}-42"))), "users-42");
        assert_eq!(name(Client::builder().table_names(str::to_uppercase).table_prefix("dev-")), "dev-USERS");
    }
}
