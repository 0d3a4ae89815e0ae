//! `dyntastic scan`.

use super::super::Stop;
use super::ItemsArgs;
use super::filter::conditions;
use super::output::{ItemFormat, Output};
use clap::Args;
use dyntastic::Model;
use dyntastic::dynamic::DynamicItem;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(crate) struct Scan {
    /// A model of the schema.
    model: String,
    #[command(flatten)]
    items: ItemsArgs,
    /// Only the items that meet it: age>=18, by one of = != < <= > >= that the type has, name^=A (begins with),
    /// nickname? (has a value), !nickname (has none). May be given several times.
    #[arg(long, value_name = "CONDITION")]
    filter: Vec<String>,
    /// At most so many items.
    #[arg(long, value_name = "ITEMS", value_parser = crate::arguments::items, allow_negative_numbers = true)]
    limit: Option<usize>,
    /// Include all writes before the read, at twice the cost.
    #[arg(long)]
    consistent: bool,
    /// The format of the items.
    #[arg(long, value_enum, default_value_t = ItemFormat::Json)]
    format: ItemFormat,
}

impl Scan {
    pub(crate) fn run(&self) -> Result<ExitCode, Stop> {
        let model = self.items.model(&self.model)?;
        let filters = conditions(model, "--filter", &self.filter)?;
        self.items.run(async {
            let client = self.items.client().await?;
            let mut output = Output::new(model, self.format);
            let read = async {
                let mut scan = DynamicItem::scan(&client);
                for filter in filters {
                    scan = scan.filter(filter);
                }
                if let Some(limit) = self.limit {
                    scan = scan.limit(limit);
                }
                if self.consistent {
                    scan = scan.consistent_read();
                }
                let mut stream = scan.stream();
                while let Some(read) = stream.next().await {
                    output.read(read)?;
                }
                Ok::<_, Stop>(())
            };
            model.run(read).await?;
            let unread = output.unread;
            output.end()?;
            Ok(if unread == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        })
    }
}
