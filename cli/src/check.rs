//! `dyntastic check`.

use super::invisible::invisible_difference;
use super::{MessageFormat, SchemaArgs, Stop, form::FormArgs, json, print, print_error};
use clap::Args;
use dyntastic_codegen::{Difference, Form};
use similar::TextDiff;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Check {
    #[command(flatten)]
    pub(super) schema: SchemaArgs,
    /// Compare the files of this folder with the output.
    #[arg(long, value_name = "DIR")]
    against: Option<PathBuf>,
    #[command(flatten)]
    form: FormArgs,
}

impl Check {
    pub(super) fn run(&self) -> Result<ExitCode, Stop> {
        let sources = self.schema.sources()?;
        let Some(folder) = &self.against else {
            self.schema.generate(&sources, Form::File)?;
            self.schema.print("the schema is sound")?;
            return Ok(ExitCode::SUCCESS);
        };
        if !folder.is_dir() {
            return Err(Stop::Other(format!("{} is not a folder", folder.display())));
        }
        let files = self.schema.generate(&sources, self.form.form(folder)?)?;
        let differences = files.compare(folder)?;
        if differences.is_empty() {
            self.schema.print(format_args!("{} is current", folder.display()))?;
            return Ok(ExitCode::SUCCESS);
        }
        let again = format!("run `dyntastic generate {} --out {}`", self.schema.text(), folder.display());
        for difference in &differences {
            let shown = show(difference);
            match self.schema.message_format {
                MessageFormat::Human => print(shown)?,
                MessageFormat::Json => {
                    let file = folder.join(difference.path()).to_string_lossy().replace('\\', "/");
                    let message = shown.lines().next().unwrap_or_default();
                    print(json::failure_of_file(message, &file, &again, &shown))?;
                }
            }
        }
        print_error(format_args!("error: {} is not current; {again}", folder.display()))?;
        Ok(ExitCode::FAILURE)
    }
}

/// The difference as text for people.
fn show(difference: &Difference) -> String {
    match difference {
        Difference::Missing { path } => format!("missing:  {path}"),
        Difference::Orphaned { path } => format!("orphaned: {path}"),
        Difference::Changed { path, found, expected } => match invisible_difference(found, expected) {
            Some(how) => format!("changed:  {path}: {how}"),
            None => {
                let found = found.replace("\r\n", "\n");
                let diff = TextDiff::from_lines(found.as_str(), expected.as_str());
                let mut diff = diff.unified_diff();
                diff.header(&format!("{path} (found)"), &format!("{path} (expected)"));
                format!("changed:  {path}\n{}", diff.to_string().trim_end_matches('\n'))
            }
        },
    }
}
