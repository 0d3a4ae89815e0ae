//! `dyntastic generate`.

use super::{SchemaArgs, Stop, form::FormArgs};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Generate {
    #[command(flatten)]
    pub(super) schema: SchemaArgs,
    /// The folder to write to; it is created if it does not exist.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Replace another schema's output in the folder; files that dyntastic did not write stay.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    form: FormArgs,
}

impl Generate {
    pub(super) fn run(&self) -> Result<ExitCode, Stop> {
        let sources = self.schema.sources()?;
        let files = self.schema.generate(&sources, self.form.form(&self.out)?)?;
        let done = if self.force { files.replace_in(&self.out)? } else { files.write_to(&self.out)? };
        for path in &done.written {
            self.schema.print(format_args!("wrote   {path}"))?;
        }
        for path in &done.removed {
            self.schema.print(format_args!("removed {path}"))?;
        }
        self.schema.print(format_args!(
            "{}: {} written, {} unchanged, {} removed",
            self.out.display(),
            done.written.len(),
            done.unchanged.len(),
            done.removed.len()
        ))?;
        Ok(ExitCode::SUCCESS)
    }
}
