//! `dyntastic diff`.

use super::{MessageFormat, Stop, git, print, print_error, takes_colour};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use dyntastic_codegen::{Level, Sources, changes};
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Diff {
    /// The schema before: a file, a folder of files, `-` for standard input, or `git:REV` for NEW in a revision of git.
    old: String,
    /// The schema after, likewise; `git:REV` is OLD in a revision.
    new: String,
    /// The form of the changes.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Exit with 1 if a change is of this level or a worse one.
    #[arg(long, value_name = "LEVEL", value_parser = level_parser())]
    breaking: Option<Level>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// As text, with the lines of both schemas.
    Text,
    /// As one JSON object per line, for programs.
    Json,
    /// As a table, for a comment.
    Markdown,
}

fn level_parser() -> impl TypedValueParser<Value = Level> {
    let names = Level::ALL.map(|level| clap::builder::PossibleValue::new(level.as_str()).help(level.meaning()));
    PossibleValuesParser::new(names)
        .try_map(|name| Level::ALL.into_iter().find(|level| level.as_str() == name).ok_or("there is no such level"))
}

impl Diff {
    /// The format of mistakes and failures.
    pub(super) fn message_format(&self) -> MessageFormat {
        match self.format {
            Format::Json => MessageFormat::Json,
            Format::Text | Format::Markdown => MessageFormat::Human,
        }
    }

    pub(super) fn run(&self) -> Result<ExitCode, Stop> {
        let (old, new) = self.sources()?;
        let found = changes(&old, &new)?;
        match self.format {
            Format::Text => {
                let colour = std::io::stdout().is_terminal()
                    && takes_colour(std::env::var_os("NO_COLOR"), std::env::var_os("TERM"));
                print(found.render(colour).trim_end())?;
            }
            Format::Markdown => print(found.to_markdown().trim_end())?,
            Format::Json if found.is_empty() => {}
            Format::Json => print(found.to_json_lines().trim_end())?,
        }
        let Some(limit) = self.breaking else { return Ok(ExitCode::SUCCESS) };
        let worse = found.iter().filter(|change| change.level() >= limit).count();
        if worse == 0 {
            return Ok(ExitCode::SUCCESS);
        }
        let changes = if worse == 1 { "1 change is".to_owned() } else { format!("{worse} changes are") };
        print_error(format_args!("error: {changes} of the level `{limit}` or worse"))?;
        Ok(ExitCode::FAILURE)
    }

    fn sources(&self) -> Result<(Sources, Sources), Stop> {
        if self.old == "-" && self.new == "-" {
            return Err(Stop::Other("standard input is one schema: name the other one".to_owned()));
        }
        Ok((side(&self.old, &self.new)?, side(&self.new, &self.old)?))
    }
}

/// One side; a revision of git is of the other side's file.
fn side(own: &str, other: &str) -> Result<Sources, Stop> {
    let Some(revision) = own.strip_prefix("git:") else {
        return Ok(dyntastic_codegen::read_sources(&[PathBuf::from(own)])?);
    };
    if other == "-" || other.starts_with("git:") {
        return Err(Stop::Other(format!("`{own}` is a revision of the other file: name that file")));
    }
    git::sources(revision, other)
}
