//! The settings of a client.

use super::attempts::Attempts;
use super::checksum::Checksum;
use super::client::{Client, Inner, TableNames};
use super::embedded::is_embedded;
use super::environment::{self, Environment, Host};
use super::error::ConfigError;
use super::payload::PastSdk;
use crate::codec::Codec;
use crate::description::Table;
#[cfg(feature = "encryption")]
use crate::keys::KeyProvider;
use crate::keys::Keys;
use crate::observe::{Observer, SharedObserver};
use crate::rate_limit::RateLimit;
use aws_sdk_dynamodb as sdk;
use std::any::Any;
use std::sync::Arc;

const HOST_SETTING: &str = "the client's host";

/// The settings of a [`Client`]. Finish with [`from_env`](Self::from_env) or [`from_conf`](Self::from_conf).
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example() -> dyntastic::Result<()> {
/// let db = Client::builder().host("http://localhost:8000").auto_create(false).from_env().await?;
/// # Ok(())
/// # }
/// ```
#[must_use]
#[derive(Clone)]
pub struct ClientBuilder {
    region: Option<String>,
    host: Option<String>,
    table_names: Option<TableNames>,
    auto_create: bool,
    codec: Codec,
    observer: Option<SharedObserver>,
    limits: Vec<(Table, RateLimit)>,
    keys: Option<Keys>,
    environment: Environment,
    keeps: Option<Arc<dyn Any + Send + Sync>>,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            region: None,
            host: None,
            table_names: None,
            auto_create: true,
            codec: Codec::default(),
            observer: None,
            limits: Vec::new(),
            keys: None,
            environment: Arc::new(|name| std::env::var(name).ok()),
            keeps: None,
        }
    }
}

impl ClientBuilder {
    /// Sets the region, in place of the environment's or the configuration's.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Sets the host's URL, in place of the environment's or the configuration's.
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.host = Some(host.into());
        self
    }

    /// Puts a text before the name of every table: `dev-` turns `users` into `dev-users`. After
    /// [`table_names`](Self::table_names), the prefix goes before the mapped name.
    pub fn table_prefix(self, prefix: impl Into<String>) -> Self {
        let prefix = prefix.into();
        self.then_name(move |name| format!("{prefix}{name}"))
    }

    /// Maps the name of every table in the schema to its name in DynamoDB.
    pub fn table_names(self, map: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        self.then_name(map)
    }

    fn then_name(mut self, map: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        self.table_names = Some(match self.table_names.take() {
            Some(earlier) => Arc::new(move |name| map(&earlier(name))),
            None => Arc::new(map),
        });
        self
    }

    /// Sets whether the first write that creates an item also creates a missing table. The default is `true`. The
    /// schema of a table can turn it off, and no write creates a table with replicas.
    pub fn auto_create(mut self, auto_create: bool) -> Self {
        self.auto_create = auto_create;
        self
    }

    /// Sets the codec of requests and responses. The default is JSON on the wire.
    pub fn codec(mut self, codec: Codec) -> Self {
        self.codec = codec;
        self
    }

    /// Sets what sees each request that reads or writes items, for metrics or logs: an [`Observer`], or a closure. It
    /// replaces an earlier one. Requests then ask DynamoDB for the consumed capacity, which costs nothing.
    ///
    /// ```no_run
    /// # use dyntastic::Client;
    /// use dyntastic::observe::ObservedRequest;
    /// # async fn example() -> dyntastic::Result<()> {
    /// let slow = |request: &ObservedRequest<'_>| {
    ///     if request.duration().as_millis() > 100 {
    ///         eprintln!("{} of {}: {:?}", request.operation(), request.model(), request.duration());
    ///     }
    /// };
    /// let db = Client::builder().observer(slow).from_env().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn observer(mut self, observer: impl Observer) -> Self {
        self.observer = Some(SharedObserver(Arc::new(observer)));
        self
    }

    /// Limits the capacity that all requests of the client on a table consume per second, in its indexes too. Several
    /// limits of a table hold together, and tables can share a limit.
    ///
    /// ```no_run
    /// # use dyntastic::{Client, RateLimit};
    /// # use dyntastic::prelude::*;
    /// # use example_models::*;
    /// # async fn example() -> dyntastic::Result<()> {
    /// let limit = RateLimit::new(500.0, 100.0)?; // read and write units
    /// let db = Client::builder().rate_limit(User::TABLE, &limit).from_env().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn rate_limit(mut self, table: Table, limit: &RateLimit) -> Self {
        self.limits.push((table, limit.clone()));
        self
    }

    /// Gives the client the key that the schema names (`encrypt: personal`), for encrypted fields. Another provider of the
    /// same name replaces it.
    ///
    /// ```no_run
    /// # use dyntastic::Client;
    /// use dyntastic::keys::LocalKeys;
    /// # async fn example(secret: [u8; 32], of_last_year: [u8; 32]) -> Result<(), Box<dyn std::error::Error>> {
    /// let keys = LocalKeys::new("2026", secret)?.and_earlier("2025", of_last_year)?;
    /// let db = Client::builder().encryption_key("personal", keys).from_env().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "encryption")]
    pub fn encryption_key(mut self, name: impl Into<String>, provider: impl KeyProvider) -> Self {
        self.keys = Some(self.keys.unwrap_or_default().with(name, provider));
        self
    }

    /// Replaces the environment variables.
    #[cfg(test)]
    pub(crate) fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// Keeps a value for as long as the client lives.
    #[cfg(feature = "local")]
    pub(crate) fn keeping(mut self, value: Arc<dyn Any + Send + Sync>) -> Self {
        self.keeps = Some(value);
        self
    }

    /// Builds a client with the settings of the environment; see [`Client::from_env`].
    ///
    /// # Errors
    ///
    /// The host is no URL, or no setting names a region.
    pub async fn from_env(mut self) -> Result<Client, ConfigError> {
        let host = match self.host.take() {
            Some(host) => {
                Some(Host::parse(&host).map_err(|error| ConfigError::new(format!("{HOST_SETTING}: {error}")))?)
            }
            None => environment::host(&self.environment)?,
        };
        let region = self.region.take().or_else(|| environment::region(&self.environment));
        let config = environment::load(host, region).await?;
        Ok(self.build(config, true, None))
    }

    /// Builds a client with the SDK's own configuration. If the host is no URL, every operation fails with that
    /// error.
    pub fn from_conf(mut self, config: sdk::Config) -> Client {
        let (region, host) = (self.region.take(), self.host.take());
        if region.is_none() && host.is_none() {
            return self.build(config, false, None);
        }
        let mut builder = config.to_builder();
        let mut mistake = None;
        if let Some(region) = region {
            builder.set_region(Some(sdk::config::Region::new(region)));
        }
        match host.as_deref().map(Host::parse) {
            Some(Ok(host)) => drop(builder.set_endpoint_url(Some(host.into_url()))),
            Some(Err(error)) => mistake = Some(ConfigError::new(format!("{HOST_SETTING}: {error}"))),
            None => {}
        }
        self.build(builder.build(), false, mistake)
    }

    fn build(self, config: sdk::Config, local_credentials: bool, mistake: Option<ConfigError>) -> Client {
        let config = config.to_builder().interceptor(PastSdk).interceptor(Checksum).interceptor(Attempts);
        let config = config.retry_classifier(Checksum).build();
        let inner = Inner {
            is_embedded: is_embedded(&config),
            sdk: sdk::Client::from_conf(config.clone()),
            config,
            elsewhere: Default::default(),
            table_names: self.table_names,
            auto_create: self.auto_create,
            codec: self.codec,
            observer: self.observer,
            limits: self.limits,
            keys: self.keys,
            local_credentials,
            environment: self.environment,
            creations: Default::default(),
            mistake,
            _keeps: self.keeps,
        };
        Client(Arc::new(inner), None)
    }
}

impl std::fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("region", &self.region)
            .field("host", &self.host)
            .field("auto_create", &self.auto_create)
            .finish_non_exhaustive()
    }
}
