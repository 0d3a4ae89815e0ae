//! Settings of the environment: host, region, credentials.

use super::error::ConfigError;
use aws_config::BehaviorVersion;
use aws_config::environment::{EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider};
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::{ProfileFileCredentialsProvider, ProfileFileRegionProvider};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_dynamodb as sdk;
use sdk::config::{Credentials, Region};
use std::net::IpAddr;
use std::sync::Arc;

/// Looks up an environment variable.
pub(crate) type Environment = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

const HOST: &str = "DYNTASTIC_HOST";
const REGION: &str = "DYNTASTIC_REGION";

/// The region of a DynamoDB on this machine, if no setting names one.
const LOCAL_REGION: &str = "us-east-1";

pub(super) fn host(environment: &Environment) -> Result<Option<Host>, ConfigError> {
    let host = environment(HOST).filter(|host| !host.is_empty());
    host.map(|host| Host::parse(&host)).transpose().map_err(|error| ConfigError::new(format!("{HOST}: {error}")))
}

pub(super) fn region(environment: &Environment) -> Option<String> {
    environment(REGION).filter(|region| !region.is_empty())
}

/// The URL of a DynamoDB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Host {
    url: String,
    loopback: bool,
}

impl Host {
    /// Reads a URL such as `http://localhost:8000`. The error describes the expected form.
    pub(super) fn parse(url: &str) -> Result<Self, String> {
        let mistake = || format!("expected a URL such as http://localhost:8000, found {url:?}");
        let parsed: http::Uri = url.parse().map_err(|_| mistake())?;
        let name = parsed.host().filter(|name| !name.is_empty()).ok_or_else(mistake)?;
        if !matches!(parsed.scheme_str(), Some("http" | "https")) {
            return Err(mistake());
        }
        let address: Option<IpAddr> = name.trim_start_matches('[').trim_end_matches(']').parse().ok();
        let loopback = match address {
            Some(address) => address.is_loopback(),
            None => name == "localhost" || name.ends_with(".localhost"),
        };
        Ok(Self { url: url.to_owned(), loopback })
    }

    /// Whether the host is on this machine.
    pub(super) fn is_loopback(&self) -> bool {
        self.loopback
    }

    pub(super) fn into_url(self) -> String {
        self.url
    }
}

/// Loads the SDK's configuration. For a host on this machine, it sends no requests to AWS.
pub(super) async fn load(host: Option<Host>, region: Option<String>) -> Result<sdk::Config, ConfigError> {
    let mut loader = aws_config::defaults(BehaviorVersion::latest());
    let local = host.as_ref().is_some_and(Host::is_loopback);
    if let Some(region) = region {
        loader = loader.region(Region::new(region));
    } else if local {
        loader = loader.region(
            RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new())
                .or_else(ProfileFileRegionProvider::new())
                .or_else(Region::new(LOCAL_REGION)),
        );
    }
    if local {
        loader = loader.credentials_provider(local_credentials());
    }
    if let Some(host) = host {
        loader = loader.endpoint_url(host.into_url());
    }
    let config = loader.load().await;
    if config.region().is_none() {
        let message = format!("there is no region: set {REGION} or AWS_REGION, or name one in the AWS profile");
        return Err(ConfigError::new(message));
    }
    Ok(sdk::Config::from(&config))
}

/// The credentials of the environment or the profile, or made-up ones, which a DynamoDB on this machine accepts.
pub(super) fn local_credentials() -> SharedCredentialsProvider {
    SharedCredentialsProvider::new(
        CredentialsProviderChain::first_try("Environment", EnvironmentVariableCredentialsProvider::new())
            .or_else("Profile", ProfileFileCredentialsProvider::builder().build())
            .or_else("Local", Credentials::new("local", "local", None, None, "dyntastic")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_on_this_machine_are_recognized() {
        let loopback = |url: &str| Host::parse(url).unwrap().is_loopback();
        for url in
            ["http://localhost:8000", "http://127.0.0.1:8000/", "http://[::1]:8000", "https://dynamodb.localhost"]
        {
            assert!(loopback(url), "{url}");
        }
        for url in ["https://dynamodb.eu-west-1.amazonaws.com", "http://10.0.0.1:8000", "http://localhost.example.com"]
        {
            assert!(!loopback(url), "{url}");
        }
    }

    #[test]
    fn an_error_shows_the_form_of_a_url() {
        for url in ["localhost:8000", "localhost", "", "ftp://localhost", "http://", "http:// x"] {
            let error = Host::parse(url).unwrap_err();
            assert!(error.contains("expected a URL such as http://localhost:8000"), "{error}");
        }
    }

    #[tokio::test]
    async fn variables_of_our_own_come_first() {
        let environment: Environment = Arc::new(|name| match name {
            HOST => Some("http://localhost:12345".to_owned()),
            REGION => Some("ap-south-1".to_owned()),
            _ => None,
        });
        let client = crate::transport::Client::builder().environment(environment.clone()).from_env().await.unwrap();
        assert_eq!(client.sdk().config().region().map(AsRef::as_ref), Some("ap-south-1"));

        let client =
            crate::transport::Client::builder().environment(environment).region("eu-north-1").from_env().await.unwrap();
        assert_eq!(client.sdk().config().region().map(AsRef::as_ref), Some("eu-north-1"));
    }

    #[tokio::test]
    async fn a_host_without_a_scheme_is_an_error_that_names_the_variable() {
        let environment: Environment = Arc::new(|name| (name == HOST).then(|| "localhost:8000".to_owned()));
        let error = crate::transport::Client::builder().environment(environment).from_env().await.unwrap_err();
        assert!(error.to_string().starts_with("DYNTASTIC_HOST: expected a URL"), "{error}");
    }
}
