//! `dyntastic emit iam`.

use crate::variables::{Variables, is_word};
use crate::{Stop, print_error, print_text};
use clap::Args;
use dyntastic_codegen::{PolicyScope, ServiceRights, TableSetting, iam, read_sources, services};
use std::path::PathBuf;
use std::process::ExitCode;

/// The maximum of characters in a managed policy, without white space ("IAM and AWS STS quotas").
const MAX_CHARACTERS: usize = 6144;

#[derive(Debug, Args)]
pub(super) struct Policy {
    /// Schema files, folders of them, or `-` for standard input; all together make one model set.
    #[arg(required = true, value_name = "SCHEMA")]
    schemas: Vec<PathBuf>,
    /// An entry of `services:`; by default, all reads and writes of all models.
    #[arg(long = "for", value_name = "SERVICE")]
    service: Option<String>,
    /// The id of the account, in place of any.
    #[arg(long, default_value = "*")]
    account: String,
    /// The region of tables to which the schema gives none, in place of any.
    #[arg(long, default_value = "*")]
    region: String,
    /// The partition, such as aws-cn.
    #[arg(long, default_value = "aws")]
    partition: String,
    /// A text before the name of every table, as of the app's client: `dev-`.
    #[arg(long, value_name = "PREFIX", default_value = "", hide_default_value = true)]
    table_prefix: String,
}

impl Policy {
    pub(super) fn run(&self) -> Result<ExitCode, Stop> {
        let sources = read_sources(&self.schemas)?;
        let all = services(&sources)?;
        let mut rights = self.service(&all)?.rights.clone();
        self.check()?;
        let variables = Variables { sources: &sources };
        for right in &mut rights {
            right.table = TableSetting::Value(variables.table_name(&right.table, &self.table_prefix)?);
            let region = right.region.as_ref().map(|region| variables.region(region)).transpose()?;
            right.region = region.map(TableSetting::Value);
        }
        let scope = PolicyScope {
            partition: self.partition.clone(),
            region: self.region.clone(),
            account: self.account.clone(),
        };
        let policy = iam(&rights, &scope, |setting| match setting {
            TableSetting::Value(value) | TableSetting::Env { variable: value, .. } => value.clone(),
        });
        print_text(&policy)?;
        let characters = policy.chars().filter(|of| !of.is_whitespace()).count();
        if characters > MAX_CHARACTERS {
            print_error(format_args!(
                "warning: the policy has {characters} characters, and IAM takes {MAX_CHARACTERS} in a managed policy: \
                 name the service's models and operations in `services:`, or split the service"
            ))?;
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Refuses what would be a pattern in the policy, or no part of an ARN.
    fn check(&self) -> Result<(), Stop> {
        let is_account = self.account.len() == 12 && self.account.bytes().all(|of| of.is_ascii_digit());
        let parts = [
            ("an account, which has 12 digits", &self.account, is_account),
            ("a region", &self.region, is_word(&self.region)),
            ("a partition", &self.partition, is_word(&self.partition)),
        ];
        match parts.into_iter().find(|(_, text, is_sound)| *text != "*" && !is_sound) {
            Some((what, text, _)) => Err(Stop::Other(format!("`{text}` is not {what}"))),
            None => Ok(()),
        }
    }

    fn service<'s>(&self, all: &'s [ServiceRights]) -> Result<&'s ServiceRights, Stop> {
        let Some(wanted) = self.service.as_deref() else {
            return all.first().ok_or_else(|| Stop::Other("the schema has no models".to_owned()));
        };
        let all = all.get(1..).unwrap_or_default();
        let names: Vec<&str> = all.iter().map(|service| service.name.as_str()).collect();
        all.iter().find(|service| service.name == wanted).ok_or_else(|| {
            let known = match names.is_empty() {
                true => "the schema has no `services:`".to_owned(),
                false => format!("the schema has {}", names.join(", ")),
            };
            Stop::Other(format!("there is no service `{wanted}`: {known}"))
        })
    }
}
