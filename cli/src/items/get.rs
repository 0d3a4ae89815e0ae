//! `dyntastic get`.

use super::super::Stop;
use super::output::{ItemFormat, Output};
use super::{ItemsArgs, assignment};
use clap::Args;
use dyntastic::Model;
use dyntastic::dynamic::DynamicItem;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(crate) struct Get {
    /// A model of the schema.
    model: String,
    /// The fields of the key with their values: user_id=user123.
    #[arg(required = true, value_name = "FIELD=VALUE", value_parser = assignment)]
    key: Vec<(String, String)>,
    #[command(flatten)]
    items: ItemsArgs,
    /// Include all writes before the read, at twice the cost.
    #[arg(long)]
    consistent: bool,
    /// The format of the item.
    #[arg(long, value_enum, default_value_t = ItemFormat::Json)]
    format: ItemFormat,
}

impl Get {
    pub(crate) fn run(&self) -> Result<ExitCode, Stop> {
        let model = self.items.model(&self.model)?;
        let key = model.key(&self.key)?;
        self.items.run(async {
            let client = self.items.client().await?;
            let found = model.run(async {
                let get = DynamicItem::get(&client, key);
                if self.consistent { get.consistent_read().await } else { get.await }
            });
            let mut output = Output::new(model, self.format);
            output.item(&found.await?)?;
            output.end()?;
            Ok(ExitCode::SUCCESS)
        })
    }
}
