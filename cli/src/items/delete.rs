//! `dyntastic delete`.

use super::super::Stop;
use super::super::tables::block_on;
use super::output::{ItemFormat, Output};
use super::{ItemsArgs, assignment};
use clap::Args;
use dyntastic::Model;
use dyntastic::dynamic::DynamicItem;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(crate) struct Delete {
    /// A model of the schema.
    model: String,
    /// The fields of the key with their values: user_id=user123.
    #[arg(required = true, value_name = "FIELD=VALUE", value_parser = assignment)]
    key: Vec<(String, String)>,
    #[command(flatten)]
    items: ItemsArgs,
    /// The format of the deleted item.
    #[arg(long, value_enum, default_value_t = ItemFormat::Json)]
    format: ItemFormat,
}

impl Delete {
    pub(crate) fn run(&self) -> Result<ExitCode, Stop> {
        let model = self.items.model(&self.model)?;
        let key = model.key(&self.key)?;
        block_on(async {
            let client = self.items.client().await?;
            let deleted = model.run(async { DynamicItem::delete_by_key(&client, key).return_old().await }).await?;
            let Some(deleted) = deleted else {
                return Err(Stop::Other(format!("{}: no item has this key", model.name())));
            };
            let mut output = Output::new(model, self.format);
            output.item(&deleted)?;
            output.end()?;
            Ok(ExitCode::SUCCESS)
        })
    }
}
