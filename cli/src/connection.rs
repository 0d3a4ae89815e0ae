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
