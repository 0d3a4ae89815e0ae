//! `dyntastic generate`.

use super::arguments;
use super::{SchemaArgs, Stop, form::FormArgs};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Generate {
    #[command(flatten)]
    pub(super) schema: SchemaArgs,
    /// The folder to write to; it is created if it does not exist.
    #[arg(long, value_name = "DIR", value_parser = arguments::out())]
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
        // In one piece, since the system's call for each of a thousand lines takes time.
        let mut lines: String = done.written.iter().map(|path| format!("wrote   {path}\n")).collect();
        lines.extend(done.removed.iter().map(|path| format!("removed {path}\n")));
        self.schema.print(format_args!(
            "{lines}{}: {} written, {} unchanged, {} removed",
            self.out.display(),
            done.written.len(),
            done.unchanged.len(),
            done.removed.len()
        ))?;
        Ok(ExitCode::SUCCESS)
    }
}
