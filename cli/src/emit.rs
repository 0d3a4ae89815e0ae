//! `dyntastic emit`.

mod policy;

use super::variables::is_word;
use super::{Stop, print_error, print_text};
use clap::{Args, Subcommand};
use dyntastic_codegen::{TableDescription, TableSetting, cloudformation, read_sources, tables, terraform};
use serde_json::Value;
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
    /// `services:` in the schema names the models, operations, collections and streams of each service. Names of tables
    /// that apps read from the environment are read from it.
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
        let text = text(&tables.in_region()?);
        print_text(&text)?;
        if let What::CloudFormation(_) = self.what {
            warn_of_limits(&text)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The most of a template's resources, outputs, parameters, and bytes from S3 ("Understand CloudFormation quotas").
const MOST: [(&str, usize); 3] = [("Resources", 500), ("Outputs", 200), ("Parameters", 200)];
const MOST_BYTES: usize = 1 << 20;

/// Warns of what CloudFormation refuses.
fn warn_of_limits(template: &str) -> Result<(), Stop> {
    let parsed: Value = serde_json::from_str(template).unwrap_or_default();
    let count = |section: &str| parsed.get(section).and_then(Value::as_object).map_or(0, serde_json::Map::len);
    let counts = MOST.map(|(section, most)| (section.to_lowercase(), count(section), most));
    for (what, count, most) in counts.into_iter().chain([("bytes".to_owned(), template.len(), MOST_BYTES)]) {
        if count > most {
            print_error(format_args!(
                "warning: the template has {count} {what}, and CloudFormation takes {most}: split the schema into files of \
                 fewer tables, and make a stack of each"
            ))?;
        }
    }
    Ok(())
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
            Some(region) if !is_word(region) => return Err(format!("`{region}` is not a region").into()),
            Some(region) => {
                let elsewhere = |table: &TableDescription| {
                    let own = own_region(table).filter(|own| own != region)?;
                    Some(format!("{} ({own})", name(table)))
                };
                let left_out: Vec<String> = all.iter().filter_map(elsewhere).collect();
                all.retain(|table| elsewhere(table).is_none());
                if all.is_empty() {
                    return Err(format!("no table is in {region:?}: they are in {listed}").into());
                }
                if !left_out.is_empty() {
                    print_error(format_args!("left out, since they are in another region: {}", left_out.join(", ")))?;
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
