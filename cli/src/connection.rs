//! The client that reaches DynamoDB.

use super::Stop;
use clap::Args;
use dyntastic::{Client, ClientBuilder};

#[derive(Debug, Args)]
pub(super) struct ConnectionArgs {
    /// The URL of DynamoDB, such as http://localhost:8000, in place of the environment's.
    #[arg(long, value_name = "URL")]
    endpoint: Option<String>,
    /// The region, in place of the environment's.
    #[arg(long)]
    region: Option<String>,
}

impl ConnectionArgs {
    /// The DynamoDB that is reached, as a text that tells it from others.
    #[cfg(feature = "tables")]
    pub(super) fn place(&self) -> String {
        let of = |argument: &Option<String>, variables: &[&str]| {
            let set = variables.iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
            argument.clone().or(set).unwrap_or_default()
        };
        let endpoint = of(&self.endpoint, &["DYNTASTIC_HOST", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL"]);
        let region = of(&self.region, &["DYNTASTIC_REGION", "AWS_REGION", "AWS_DEFAULT_REGION"]);
        format!("{endpoint} {region} {}", std::env::var("AWS_PROFILE").unwrap_or_default())
    }

    pub(super) fn builder(&self) -> ClientBuilder {
        let mut builder = Client::builder();
        if let Some(endpoint) = &self.endpoint {
            builder = builder.host(endpoint);
        }
        if let Some(region) = &self.region {
            builder = builder.region(region);
        }
        builder
    }

    pub(super) async fn client(&self) -> Result<Client, Stop> {
        self.builder().from_env().await.map_err(|error| Stop::Other(error.to_string()))
    }
}
