//! `dyntastic emit iam`.

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
        let all = services(&read_sources(&self.schemas)?)?;
        let rights = self.service(&all)?;
        let mut settings = rights.rights.iter().flat_map(|right| std::iter::once(&right.table).chain(&right.region));
        if let Some(variable) = settings.find_map(unset) {
            let message = format!("{variable} is not set, which has the name of a table: set it as the service does");
            return Err(message.into());
        }
        self.check(rights)?;
        let scope = PolicyScope {
            partition: self.partition.clone(),
            region: self.region.clone(),
            account: self.account.clone(),
        };
        let prefixed = rights.rights.iter().cloned().map(|mut right| {
            right.table = TableSetting::Value(format!("{}{}", self.table_prefix, value(&right.table)));
            right
        });
        let policy = iam(&prefixed.collect::<Vec<_>>(), &scope, value);
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
    fn check(&self, rights: &ServiceRights) -> Result<(), Stop> {
        let refuse = |what: &str, text: &str| Err(Stop::Other(format!("`{text}` is not {what}")));
        let is_word = |text: &str| !text.is_empty() && text.chars().all(|of| of.is_ascii_alphanumeric() || of == '-');
        for (what, text) in
            [("an account", &self.account), ("a region", &self.region), ("a partition", &self.partition)]
        {
            if text != "*" && !is_word(text) {
                return refuse(what, text);
            }
        }
        for right in &rights.rights {
            let name = format!("{}{}", self.table_prefix, value(&right.table));
            let is_allowed = |of: char| of.is_ascii_alphanumeric() || matches!(of, '_' | '-' | '.');
            if !(3..=255).contains(&name.len()) || !name.chars().all(is_allowed) {
                return refuse("the name of a table", &name);
            }
            if let Some(region) = right.region.as_ref().map(value).filter(|region| !is_word(region)) {
                return refuse("a region", &region);
            }
        }
        Ok(())
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

/// The variable that a setting needs, and that is not set.
fn unset(setting: &TableSetting) -> Option<&str> {
    match setting {
        TableSetting::Env { variable, default: None } if value(setting).is_empty() => Some(variable),
        _ => None,
    }
}

fn value(setting: &TableSetting) -> String {
    match setting {
        TableSetting::Value(value) => value.clone(),
        TableSetting::Env { variable, default } => {
            let set = std::env::var(variable).ok().filter(|value| !value.is_empty());
            set.or_else(|| default.clone()).unwrap_or_default()
        }
    }
}
