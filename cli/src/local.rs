//! `dyntastic local`.

use super::items::{load, seed};
use super::tables::block_on;
use super::{Stop, print, print_error};
use clap::Args;
use dyntastic::dynamic::DynamicSchema;
use dyntastic::{Client, Codec};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Local {
    /// Schema files, or folders of them.
    #[arg(required = true, value_name = "SCHEMA")]
    schemas: Vec<PathBuf>,
    /// The port on this machine; 0 is a free one.
    #[arg(long, default_value_t = 8000, value_parser = crate::arguments::port, allow_negative_numbers = true)]
    port: u16,
    /// A file of items, as `export` writes it: {"model":"User","item":{…}} on each line.
    #[arg(long, value_name = "FILE")]
    seed: Option<PathBuf>,
    /// A text before the name of every table, as of the app's client: `dev-`.
    #[arg(long, value_name = "PREFIX")]
    table_prefix: Option<String>,
}

impl Local {
    pub(super) fn run(&self) -> Result<ExitCode, Stop> {
        // Whatever region and host a table has in production, it is here.
        let (schema, tables) =
            load(&self.schemas, |table| (table.region, table.host) = (None, None), DynamicSchema::load_for_copies)?;
        block_on(async {
            let local = dyntastic::local::start_at(self.port).await?;
            let mut builder = Client::builder().auto_create(false).codec(Codec::Map);
            if let Some(prefix) = &self.table_prefix {
                builder = builder.table_prefix(prefix);
            }
            let client = local.client_with(builder);
            dyntastic::tables::ensure(&client, &tables).await?;
            if let Some(path) = &self.seed {
                let items = seed::seed(&client, &schema, path).await?;
                print_error(format_args!("seeded {items} items"))?;
            }
            print(format_args!(
                "export DYNTASTIC_HOST={}\nexport AWS_REGION=us-east-1\nexport AWS_ACCESS_KEY_ID=local\n\
                 export AWS_SECRET_ACCESS_KEY=local",
                local.endpoint()
            ))?;
            print_error("it runs until it is interrupted, and forgets its items then")?;
            std::future::pending::<()>().await;
            Ok(ExitCode::SUCCESS)
        })
    }
}
