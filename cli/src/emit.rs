//! `dyntastic emit`.

mod policy;

use super::{Stop, print_text};
use clap::{Args, Subcommand};
use dyntastic_codegen::{TableDescription, TableSetting, cloudformation, read_sources, tables, terraform};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Emit {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Print the tables as a CloudFormation template, in JSON.
    ///
    /// CDK takes it with `new CfnInclude(stack, "Tables", { templateFile: "tables.json" })`.
    #[command(name = "cloudformation")]
    CloudFormation(Tables),
    /// Print the tables in Terraform's JSON syntax, for a file such as `tables.tf.json`.
    Terraform(Tables),
    /// Print an IAM policy with exactly the rights that a service needs.
    ///
    /// `services:` in the schema names the models, operations, collections and streams of each service. Names of tables that
    /// apps read from the environment are read from it.
    Iam(policy::Policy),
}

#[derive(Debug, Args)]
struct Tables {
    /// Schema files, folders of them, or `-` for standard input; all together make one model set.
    #[arg(required = true, value_name = "SCHEMA")]
    schemas: Vec<PathBuf>,
    /// Leave out tables that the schema has in another region than this.
    #[arg(long)]
    region: Option<String>,
}

impl Emit {
    pub(super) fn run(&self) -> Result<ExitCode, Stop> {
        let (tables, text): (_, fn(&[TableDescription]) -> String) = match &self.what {
            What::Iam(policy) => return policy.run(),
            What::CloudFormation(tables) => (tables, cloudformation),
            What::Terraform(tables) => (tables, terraform),
        };
        print_text(&text(&tables.in_region()?))?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Tables {
    /// The tables of one region.
    fn in_region(&self) -> Result<Vec<TableDescription>, Stop> {
        let mut all = tables(&read_sources(&self.schemas)?)?;
        let mut regions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for table in &all {
            regions.entry(own_region(table).unwrap_or("that of the app")).or_default().push(name(table));
        }
        let listed: Vec<String> =
            regions.iter().map(|(region, tables)| format!("{region} ({})", tables.join(", "))).collect();
        let (listed, is_several) = (listed.join(" and "), regions.len() > 1);
        match &self.region {
            Some(region) => {
                all.retain(|table| own_region(table).is_none_or(|own| own == region));
                if all.is_empty() {
                    return Err(format!("no table is in {region:?}: they are in {listed}").into());
                }
            }
            None if is_several => {
                return Err(format!("the tables are in several regions, {listed}: choose one with --region").into());
            }
            None => {}
        }
        Ok(all)
    }
}

/// The region that the schema fixes for a table.
fn own_region(table: &TableDescription) -> Option<&str> {
    match table.region.as_ref()? {
        TableSetting::Value(region) => Some(region),
        TableSetting::Env { .. } => None,
    }
}

fn name(table: &TableDescription) -> &str {
    match &table.name {
        TableSetting::Value(name) => name,
        TableSetting::Env { variable, .. } => variable,
    }
}
