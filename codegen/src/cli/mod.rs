//! What the command line takes, and where each command goes.

mod check;
mod explain;
mod form;
mod generate;
mod schema;

use clap::{Args, Parser, Subcommand, ValueEnum};
use dyntastic_codegen::{Diagnostics, Sources};
use std::fmt::Display;
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Typed DynamoDB models for Rust, generated from one YAML file.
#[derive(Debug, Parser)]
#[command(name = "dyntastic", version, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write the code of a schema to a folder.
    ///
    /// Files whose bytes would not change are not touched, and files that dyntastic did not write are never
    /// changed or deleted.
    Generate(generate::Generate),
    /// Check a schema, and with --against whether a folder holds exactly its output.
    ///
    /// Exits with 0 if all is well, and with 1 if the schema has mistakes or the folder is not current.
    Check(check::Check),
    /// Explain a mistake by its code, with a wrong and a right example.
    Explain(explain::Explain),
    /// Print the JSON Schema of schema files, for editors to complete and check them.
    ///
    /// Write it beside them, and begin them with `# yaml-language-server: $schema=models.schema.json`.
    Schema(schema::Schema),
}

/// The schema, and how its mistakes are told.
#[derive(Debug, Args)]
struct SchemaArgs {
    /// Schema files, or folders of them; all together make one model set.
    #[arg(required = true, value_name = "SCHEMA")]
    schemas: Vec<PathBuf>,
    /// How to print mistakes.
    #[arg(long, value_enum, default_value_t = MessageFormat::Human)]
    message_format: MessageFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum MessageFormat {
    /// Under the lines that they are about.
    Human,
    /// One JSON object a line, for editors.
    Json,
}

/// What ends a command early; its text is for the user.
enum Stop {
    Schema(Diagnostics),
    Other(String),
}

impl From<Diagnostics> for Stop {
    fn from(diagnostics: Diagnostics) -> Self {
        Stop::Schema(diagnostics)
    }
}

impl From<String> for Stop {
    fn from(message: String) -> Self {
        Stop::Other(message)
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Stop::Other(error.to_string())
    }
}

pub(crate) fn run(cli: Cli) -> ExitCode {
    let (format, result) = match cli.command {
        Command::Generate(generate) => (generate.schema.message_format, generate.run()),
        Command::Check(check) => (check.schema.message_format, check.run()),
        Command::Explain(explain) => (MessageFormat::Human, explain.run()),
        Command::Schema(schema) => (MessageFormat::Human, schema.run()),
    };
    match result {
        Ok(code) => code,
        Err(Stop::Schema(diagnostics)) if format == MessageFormat::Json => {
            let _ = tell(diagnostics.to_json_lines().trim_end());
            ExitCode::FAILURE
        }
        Err(Stop::Schema(diagnostics)) => {
            eprint!("{}", diagnostics.render(colour()));
            ExitCode::FAILURE
        }
        Err(Stop::Other(message)) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Writes lines to standard output. That nobody reads further, as `head` does, is no mistake.
fn tell(lines: impl Display) -> Result<(), Stop> {
    match writeln!(std::io::stdout(), "{lines}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Whether standard error shows colours (<https://no-color.org>).
fn colour() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

impl SchemaArgs {
    fn sources(&self) -> Result<Sources, Stop> {
        Ok(dyntastic_codegen::read_sources(&self.schemas)?)
    }

    /// The schema's paths as a shell would take them again.
    fn text(&self) -> String {
        self.schemas.iter().map(|path| path.to_string_lossy()).collect::<Vec<_>>().join(" ")
    }
}
