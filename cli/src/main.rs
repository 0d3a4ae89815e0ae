//! The `dyntastic` command: its arguments and its subcommands.

#[cfg(feature = "tables")]
mod apply;
mod arguments;
#[cfg(feature = "tables")]
mod ask;
mod check;
mod completions;
#[cfg(feature = "tables")]
mod connection;
mod cost;
mod diff;
mod docs;
mod emit;
mod explain;
mod fmt;
mod form;
mod generate;
mod git;
mod init;
mod invisible;
#[cfg(feature = "tables")]
mod items;
mod json;
mod lint;
#[cfg(feature = "tables")]
mod live;
#[cfg(feature = "local")]
mod local;
mod lsp;
#[cfg(feature = "tables")]
mod plan;
#[cfg(feature = "tables")]
mod progress;
#[cfg(feature = "tables")]
mod pull;
#[cfg(feature = "tables")]
mod sample;
mod schema;
#[cfg(feature = "tables")]
mod tables;
mod variables;

use clap::{Args, Parser, Subcommand, ValueEnum};
use dyntastic_codegen::{Diagnostics, FileSet, Form, Options, Sources, generate};
use std::ffi::OsString;
use std::fmt::Display;
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Formatting allocates and frees millions of small tokens on all cores. With the system's allocator, a third of the
/// time is allocation.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match Cli::try_parse() {
        Ok(cli) => run(cli),
        Err(error) => refuse(&error),
    }
}

/// Typed DynamoDB models for Rust, generated from one YAML file.
#[derive(Debug, Parser)]
#[command(name = "dyntastic", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write the code of a schema to a folder.
    ///
    /// Files whose text would not change are not touched; files that dyntastic did not write, and another schema's, are
    /// never changed or deleted. A run that is interrupted leaves the files unchanged.
    Generate(generate::Generate),
    /// Check a schema, and with --against whether a folder holds exactly its output.
    ///
    /// Exits with 0 if all is well, and with 1 if the schema has mistakes or the folder is not current.
    Check(check::Check),
    /// Lay out schema files in one style. Values, comments, quotes and the order of keys stay.
    ///
    /// A file with a mistake of YAML's syntax and a read-only file are not touched, and the command exits with 1. With --check,
    /// no file is touched, and it exits with 1 if one would change.
    Fmt(fmt::Fmt),
    /// Help editors with schemas: mistakes as one types, fixes, completion, hover, definitions, rename, layout.
    ///
    /// A server of the Language Server Protocol on standard input and output; editors start it.
    Lsp(lsp::Lsp),
    /// Compare two schemas: what a change does to stored items, tables and code.
    ///
    /// Each change has a code, a level, its places in both schemas, and what to do. A mistake in a schema, or one that
    /// cannot be read, exits with 2.
    Diff(diff::Diff),
    /// Find what is valid in a schema, and will be slow or expensive, or fail when the app grows.
    ///
    /// Each finding has a code, which `dyntastic explain` explains, and `allow:` in the schema accepts it, with a reason.
    /// Exits with 0 if nothing is found, with 1 if something is, and with 2 if the schema has mistakes or cannot be read.
    Lint(lint::Lint),
    /// Calculate what the requests of a schema cost: read and write units, and money at the rates that it states.
    ///
    /// A model may state the bytes of a usual item, `size: 900`, and its requests per second, `rate: { get: 100, save: 5 }`;
    /// an access pattern has `rate: 50` and `items: 20`. Without a size, the types and constraints give an estimate.
    Cost(cost::Cost),
    /// Compare a schema with the tables in DynamoDB: what has to be created, changed or deleted. Changes nothing.
    ///
    /// A replica in a region that the schema does not list is no change: it is kept, as a note says.
    ///
    /// Exits with 0 if the tables are as the schema says, with 2 if there is something to do, and with 1 after an error. It
    /// finds DynamoDB as an app does: by DYNTASTIC_HOST and DYNTASTIC_REGION, and the settings that the AWS SDKs share.
    #[cfg(feature = "tables")]
    Plan(plan::Plan),
    /// Make the tables in DynamoDB what a schema says.
    ///
    /// It shows the plan and asks, or takes --yes. Exits with 0 if the tables are then as the schema says, with 2 if
    /// something is left, and with 1 after an error. The changes before an error stay, and a later run continues after
    /// them. A table in several regions is made in one of them, with its replicas in the others: run it there first.
    #[cfg(feature = "tables")]
    Apply(apply::Apply),
    /// Make a schema of tables that exist, by their description and a sample of their items.
    ///
    /// It only reads. The schema reads all items of the sample: what it guesses, models, keys and types, has a comment with
    /// its evidence as counts. It holds no values of items, except those that tell models or are variants of an enum.
    #[cfg(feature = "tables")]
    Pull(pull::Pull),
    /// Write a page about a schema: tables with example items, models, access patterns and relations.
    ///
    /// It is one file, index.html, which needs no network and no server. A file that dyntastic did not write is never
    /// replaced.
    Docs(docs::Docs),
    /// Print an item of a model, by the fields of its key.
    ///
    /// The commands on items read and write as the app's code does: with its types, stored forms, constraints, keys,
    /// versions and unique values. They find DynamoDB as an app does.
    #[cfg(feature = "tables")]
    Get(items::get::Get),
    /// Print the items of a model with one hash key, from its table or an index.
    #[cfg(feature = "tables")]
    Query(items::query::Query),
    /// Print all items of a model. An item that cannot be read is an error, and the others are printed.
    #[cfg(feature = "tables")]
    Scan(items::scan::Scan),
    /// Write items of a model, each as the app's own `insert` does.
    ///
    /// An item with the same key is an error, except with --replace.
    #[cfg(feature = "tables")]
    Put(items::put::Put),
    /// Delete an item of a model, by the fields of its key, and print it.
    #[cfg(feature = "tables")]
    Delete(items::delete::Delete),
    /// Print all items of a model, or write them to a file, one on each line.
    ///
    /// Beside the file is its progress, until it is complete. Items that the model cannot read are kept in a file with
    /// `.unread` at its end.
    #[cfg(feature = "tables")]
    Export(items::export::Export),
    /// Write the items of an export, with the versions and times that they have there.
    ///
    /// Items whose keys are taken are refused, except with --replace. Refused lines are kept in a file with `.refused` at
    /// its end, and the others are written.
    #[cfg(feature = "tables")]
    Import(items::import::Import),
    /// Run a DynamoDB on this machine, in memory, with the tables of a schema.
    #[cfg(feature = "local")]
    Local(local::Local),
    /// Print what follows from a schema for other tools: templates of its tables, and policies of its services.
    Emit(emit::Emit),
    /// Write a new project: a schema, an app that uses its model, and a test.
    ///
    /// It asks how the models are generated, unless it is told. It overwrites no file, and after an error leaves none.
    Init(init::Init),
    /// Print a script that completes the command in a shell.
    ///
    /// Such as `dyntastic completions bash > /etc/bash_completion.d/dyntastic`.
    Completions(completions::Completions),
    /// Write the command's man pages to a folder.
    Man(completions::Man),
    /// Explain a mistake, a lint or a change by its code, with an example.
    Explain(explain::Explain),
    /// Print the JSON Schema of schema files, for editors to complete and check them.
    ///
    /// Write it beside them, and begin them with `# yaml-language-server: $schema=models.schema.json`.
    Schema(schema::Schema),
}

/// The schema, and the format of its diagnostics.
#[derive(Debug, Args)]
struct SchemaArgs {
    /// Schema files, folders of them, or `-` for standard input; all together make one model set.
    #[arg(required = true, value_name = "SCHEMA")]
    schemas: Vec<PathBuf>,
    /// The format of mistakes and failures.
    #[arg(long, value_enum, default_value_t = MessageFormat::Human)]
    message_format: MessageFormat,
    /// Turn warnings into mistakes.
    #[arg(long)]
    deny_warnings: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum MessageFormat {
    /// As text, with the lines of the schema.
    Human,
    /// As one JSON object per line on standard output, for editors; other messages go to standard error.
    Json,
}

/// The reason why a command ends early; its text is for the user.
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

fn run(cli: Cli) -> ExitCode {
    let failure = match &cli.command {
        // Of these, 1 is an answer.
        Command::Diff(_) | Command::Lint(_) => ExitCode::from(2),
        _ => ExitCode::FAILURE,
    };
    let (format, result) = match cli.command {
        Command::Generate(generate) => (generate.schema.message_format, generate.run()),
        Command::Check(check) => (check.schema.message_format, check.run()),
        Command::Fmt(fmt) => (fmt.message_format(), fmt.run()),
        Command::Lsp(lsp) => (MessageFormat::Human, lsp.run()),
        Command::Diff(diff) => (diff.message_format(), diff.run()),
        Command::Cost(cost) => (cost.message_format(), cost.run()),
        Command::Lint(lint) => (lint.message_format, lint.run()),
        #[cfg(feature = "tables")]
        Command::Plan(plan) => (plan.message_format(), plan.run()),
        #[cfg(feature = "tables")]
        Command::Apply(apply) => (MessageFormat::Human, apply.run()),
        #[cfg(feature = "tables")]
        Command::Pull(pull) => (MessageFormat::Human, pull.run()),
        Command::Docs(docs) => (docs.message_format(), docs.run()),
        #[cfg(feature = "tables")]
        Command::Get(get) => (MessageFormat::Human, get.run()),
        #[cfg(feature = "tables")]
        Command::Query(query) => (MessageFormat::Human, query.run()),
        #[cfg(feature = "tables")]
        Command::Scan(scan) => (MessageFormat::Human, scan.run()),
        #[cfg(feature = "tables")]
        Command::Put(put) => (MessageFormat::Human, put.run()),
        #[cfg(feature = "tables")]
        Command::Delete(delete) => (MessageFormat::Human, delete.run()),
        #[cfg(feature = "tables")]
        Command::Export(export) => (MessageFormat::Human, export.run()),
        #[cfg(feature = "tables")]
        Command::Import(import) => (MessageFormat::Human, import.run()),
        #[cfg(feature = "local")]
        Command::Local(local) => (MessageFormat::Human, local.run()),
        Command::Emit(emit) => (MessageFormat::Human, emit.run()),
        Command::Init(init) => (MessageFormat::Human, init.run()),
        Command::Completions(completions) => (MessageFormat::Human, completions.run()),
        Command::Man(man) => (MessageFormat::Human, man.run()),
        Command::Explain(explain) => (MessageFormat::Human, explain.run()),
        Command::Schema(schema) => (MessageFormat::Human, schema.run()),
    };
    let failed = match result {
        Ok(code) => return code,
        Err(failed) => failed,
    };
    let printed = match (failed, format) {
        (Stop::Schema(diagnostics), MessageFormat::Json) => print(diagnostics.to_json_lines().trim_end()),
        (Stop::Schema(diagnostics), MessageFormat::Human) => print_error(diagnostics.render(colour()).trim_end()),
        (Stop::Other(message), MessageFormat::Json) => print(json::failure(&message)),
        (Stop::Other(message), MessageFormat::Human) => print_error(format_args!("error: {message}")),
    };
    // Nobody can read a message about standard error.
    drop(printed);
    failure
}

/// Prints the error in the command line, or the help that it requests.
fn refuse(error: &clap::Error) -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    let json = arguments.iter().any(|argument| argument == "--message-format=json")
        || arguments.windows(2).any(|pair| pair == ["--message-format", "json"]);
    let printed = if error.use_stderr() && json {
        let text = error.to_string();
        print(json::failure(text.strip_prefix("error: ").unwrap_or(&text).trim_end()))
    } else {
        error.print().map_err(Stop::from)
    };
    drop(printed);
    match error.use_stderr() {
        false => ExitCode::SUCCESS,
        // Of these, 2 is an answer.
        true if arguments.get(1).is_some_and(|command| command == "plan" || command == "apply") => ExitCode::FAILURE,
        true => ExitCode::from(2),
    }
}

/// Writes lines to standard output.
fn print(lines: impl Display) -> Result<(), Stop> {
    print_text(&format!("{lines}\n"))
}

/// Writes a text to standard output. A reader that stops early, such as `head`, is not an error.
fn print_text(text: &str) -> Result<(), Stop> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Writes lines to standard error. An error of that is ignored, since there is no other place to report it.
fn print_error(lines: impl Display) -> Result<(), Stop> {
    Ok(writeln!(std::io::stderr(), "{lines}")?)
}

/// Whether standard error shows colours.
fn colour() -> bool {
    std::io::stderr().is_terminal() && takes_colour(std::env::var_os("NO_COLOR"), std::env::var_os("TERM"))
}

/// Whether these environment variables allow colours (<https://no-color.org>; a `dumb` terminal shows only text).
fn takes_colour(no_color: Option<OsString>, term: Option<OsString>) -> bool {
    no_color.is_none_or(|value| value.is_empty()) && term.is_none_or(|term| term != "dumb")
}

impl SchemaArgs {
    fn sources(&self) -> Result<Sources, Stop> {
        Ok(dyntastic_codegen::read_sources(&self.schemas)?)
    }

    /// Generates the output of the schema in a form, and prints its warnings.
    fn generate(&self, sources: &Sources, form: Form) -> Result<FileSet, Stop> {
        let options = Options::new(form);
        let options = if self.deny_warnings { options.deny_warnings() } else { options };
        let files = generate(sources, &options)?;
        let warnings = files.warnings();
        if !warnings.is_empty() {
            match self.message_format {
                MessageFormat::Json => print(warnings.to_json_lines().trim_end())?,
                MessageFormat::Human => print_error(warnings.render(colour()).trim_end())?,
            }
        }
        Ok(files)
    }

    /// Prints a message that is not a failure. If failures go to standard output as JSON, the message goes to standard
    /// error.
    fn print(&self, lines: impl Display) -> Result<(), Stop> {
        match self.message_format {
            MessageFormat::Human => print(lines),
            MessageFormat::Json => print_error(lines),
        }
    }

    /// The schema's paths, quoted for a shell.
    fn text(&self) -> String {
        self.schemas.iter().map(|path| path.to_string_lossy()).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::takes_colour;

    #[test]
    fn colours_are_for_terminals_that_show_them() {
        let takes =
            |no_color: Option<&str>, term: Option<&str>| takes_colour(no_color.map(Into::into), term.map(Into::into));
        assert!(takes(None, Some("xterm")) && takes(Some(""), Some("xterm")) && takes(None, None));
        assert!(!takes(Some("1"), Some("xterm")) && !takes(None, Some("dumb")));
    }
}
