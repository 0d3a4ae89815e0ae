//! `dyntastic check`.

use super::{SchemaArgs, Stop, form::FormArgs, tell};
use clap::Args;
use dyntastic_codegen::{Difference, Form, Options, generate};
use similar::TextDiff;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Check {
    #[command(flatten)]
    pub(super) schema: SchemaArgs,
    /// The folder whose files to compare with the output.
    #[arg(long, value_name = "DIR")]
    against: Option<PathBuf>,
    #[command(flatten)]
    form: FormArgs,
}

impl Check {
    pub(super) fn run(&self) -> Result<ExitCode, Stop> {
        let sources = self.schema.sources()?;
        let Some(folder) = &self.against else {
            generate(&sources, &Options::new(Form::File))?;
            tell("the schema is sound")?;
            return Ok(ExitCode::SUCCESS);
        };
        if !folder.is_dir() {
            return Err(Stop::Other(format!("{} is not a folder", folder.display())));
        }
        let files = generate(&sources, &Options::new(self.form.form(folder)?))?;
        let differences = files.compare(folder)?;
        if differences.is_empty() {
            tell(format_args!("{} is current", folder.display()))?;
            return Ok(ExitCode::SUCCESS);
        }
        for difference in &differences {
            match difference {
                Difference::Missing { path } => tell(format_args!("missing:  {path}"))?,
                Difference::Orphaned { path } => tell(format_args!("orphaned: {path}"))?,
                Difference::Changed { path, found, expected } => {
                    let diff = TextDiff::from_lines(found.as_str(), expected.as_str());
                    let mut diff = diff.unified_diff();
                    diff.header(&format!("{path} (found)"), &format!("{path} (expected)"));
                    tell(format_args!("changed:  {path}\n{}", diff.to_string().trim_end_matches('\n')))?;
                }
            }
        }
        eprintln!(
            "error: {} is not current; run `dyntastic generate {} --out {}`",
            folder.display(),
            self.schema.text(),
            folder.display()
        );
        Ok(ExitCode::FAILURE)
    }
}
