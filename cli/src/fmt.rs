//! `dyntastic fmt`.

use super::{MessageFormat, Stop, colour, json, print, print_error, print_text};
use clap::Args;
use dyntastic_codegen::{Diagnostics, format, schema_files};
use similar::TextDiff;
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Fmt {
    /// Schema files, folders of them, or `-` for standard input, which is printed to standard output.
    #[arg(required = true, value_name = "SCHEMA")]
    schemas: Vec<PathBuf>,
    /// Change no file, show the differences, and exit with 1 if there are any.
    #[arg(long)]
    check: bool,
    /// The format of mistakes and failures.
    #[arg(long, value_enum, default_value_t = MessageFormat::Human)]
    message_format: MessageFormat,
}

impl Fmt {
    pub(super) fn message_format(&self) -> MessageFormat {
        self.message_format
    }

    pub(super) fn run(&self) -> Result<ExitCode, Stop> {
        let (mut is_sound, mut is_laid_out) = (true, true);
        for path in self.files()? {
            let (name, bytes) = read(&path).map_err(|error| failed(&path, &error))?;
            match format(&name, &bytes) {
                Ok(text) if self.check => is_laid_out &= self.compare(&name, &bytes, &text)?,
                Ok(text) if path == Path::new("-") => print_text(&text)?,
                Ok(text) if text.as_bytes() == bytes => {}
                Ok(text) => replace(&path, &text).map_err(|error| failed(&path, &error))?,
                Err(mistakes) => {
                    is_sound = false;
                    self.report(&mistakes)?;
                }
            }
        }
        if !is_laid_out && self.message_format == MessageFormat::Human {
            print_error("error: some files have another layout; run `dyntastic fmt` without `--check`")?;
        }
        Ok(if is_sound && is_laid_out { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    /// The files to lay out, those of folders included.
    fn files(&self) -> Result<Vec<PathBuf>, Stop> {
        let mut files = Vec::new();
        for path in &self.schemas {
            match path.is_dir() {
                true => files.extend(schema_files(path).map_err(|error| failed(path, &error))?),
                false => files.push(path.clone()),
            }
        }
        Ok(files)
    }

    /// Shows the difference between a file and its layout. Returns whether there is none.
    fn compare(&self, name: &str, bytes: &[u8], text: &str) -> Result<bool, Stop> {
        if text.as_bytes() == bytes {
            return Ok(true);
        }
        let found = String::from_utf8_lossy(bytes);
        let diff = TextDiff::from_lines(found.as_ref(), text);
        let shown = diff.unified_diff().header(name, &format!("{name} (laid out)")).to_string();
        match self.message_format {
            MessageFormat::Human => print(shown.trim_end())?,
            MessageFormat::Json => {
                let message = format!("{name} has another layout");
                print(json::failure_of_file(&message, name, "run `dyntastic fmt` without `--check`", &shown))?;
            }
        }
        Ok(false)
    }

    fn report(&self, mistakes: &Diagnostics) -> Result<(), Stop> {
        match self.message_format {
            MessageFormat::Human => print_error(mistakes.render(colour()).trim_end()),
            MessageFormat::Json => print(mistakes.to_json_lines().trim_end()),
        }
    }
}

/// The name of a file in messages, and its bytes.
fn read(path: &Path) -> io::Result<(String, Vec<u8>)> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes)?;
        return Ok(("<stdin>".to_owned(), bytes));
    }
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    Ok((path.to_string_lossy().replace('\\', "/"), fs::read(path)?))
}

fn failed(path: &Path, error: &io::Error) -> Stop {
    Stop::Other(format!("{}: {error}", path.display()))
}

/// Whether a file has several names, which would be those of two files if one of them were replaced.
#[cfg(unix)]
fn has_other_names(of: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(of) > 1
}

#[cfg(not(unix))]
fn has_other_names(_: &Metadata) -> bool {
    false
}

/// Replaces a file's text at once: an interrupted run leaves the old text. A file with several names keeps them, and is
/// written in place.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    // A link stays a link.
    let place = fs::canonicalize(path)?;
    let of = fs::metadata(&place)?;
    if of.permissions().readonly() {
        return Err(io::Error::new(ErrorKind::PermissionDenied, "it is read-only, and has another layout"));
    }
    if has_other_names(&of) {
        return fs::write(&place, text);
    }
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    let temporary = place.with_file_name(format!(".{name}-{}.dyntastic-tmp", std::process::id()));
    let written = (|| {
        let mut file = File::options().write(true).create_new(true).open(&temporary)?;
        file.write_all(text.as_bytes())?;
        file.set_permissions(of.permissions())?;
        fs::rename(&temporary, &place)
    })();
    if written.is_err() {
        drop(fs::remove_file(&temporary));
    }
    written
}
