//! `dyntastic import`.

use super::super::tables::block_on;
use super::super::{Stop, print_error};
use super::ItemsArgs;
use super::line::{Outcome, Refusal, Writer, text};
use clap::Args;
use dyntastic::Client;
use dyntastic::dynamic::DynamicSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, ErrorKind, IsTerminal, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// A file of lines as `export` writes them. After an interruption, the same command goes on with it.
    file: PathBuf,
    #[command(flatten)]
    items: ItemsArgs,
    /// Write in place of items with the same keys.
    #[arg(long)]
    replace: bool,
}

/// After so many lines, the progress is saved.
const LINES: u64 = 100;

#[derive(Debug, Default, Serialize, Deserialize)]
struct Progress {
    /// The lines that are done, and their bytes.
    lines: u64,
    bytes: u64,
    written: u64,
    there: u64,
    refused: u64,
    /// The bytes of the refused lines.
    refused_bytes: u64,
    /// The DynamoDB that has the items of these lines.
    place: String,
    /// The hash of these lines.
    content: String,
}

impl Progress {
    /// Checks that an import goes on with the same lines, and into the same DynamoDB.
    fn check(&self, lines: &Sha256, place: &str, path: &Path, saved: &Path) -> Result<(), Stop> {
        let what = match (self.content == hash(lines), self.place == place) {
            (true, true) => return Ok(()),
            (false, _) => "what was imported of it has changed",
            (true, false) => "a part of it was imported into another DynamoDB",
        };
        Err(Stop::Other(format!("{}: {what}: remove {} to begin again", path.display(), saved.display())))
    }
}

fn hash(lines: &Sha256) -> String {
    lines.clone().finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Import {
    pub(crate) fn run(&self) -> Result<ExitCode, Stop> {
        let schema = self.items.schema()?;
        let refused = block_on(async {
            let client = self.items.client().await?;
            import(&client, &schema, (&self.file, self.items.place()), self.replace).await
        })?;
        Ok(if refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn beside(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(extension);
    name.into()
}

fn of_file(path: &Path) -> impl Fn(std::io::Error) -> Stop {
    move |error| Stop::Other(format!("{}: {error}", path.display()))
}

/// Writes the items of a file, and returns the number of refused lines.
async fn import(
    client: &Client,
    schema: &DynamicSchema,
    (path, place): (&Path, String),
    replaces: bool,
) -> Result<u64, Stop> {
    let mut file = File::open(path).map_err(of_file(path))?;
    let saved = beside(path, ".progress");
    let mut progress = match std::fs::read_to_string(&saved) {
        Err(error) if error.kind() == ErrorKind::NotFound => Progress::default(),
        Err(error) => return Err(of_file(&saved)(error)),
        Ok(text) => serde_json::from_str(&text)
            .map_err(|_| format!("{}: it is no progress of an import: remove it to begin again", saved.display()))?,
    };
    if file.metadata().map_err(of_file(path))?.len() < progress.bytes {
        return Err(Stop::Other(format!(
            "{} is shorter than what was imported of it: if it is another file, remove {}",
            path.display(),
            saved.display()
        )));
    }
    let mut content = Sha256::new();
    if progress.lines > 0 {
        let mut done = std::io::Read::take(&mut file, progress.bytes);
        let mut part = [0; 8192];
        loop {
            let read = std::io::Read::read(&mut done, &mut part).map_err(of_file(path))?;
            if read == 0 {
                break;
            }
            content.update(part.get(..read).unwrap_or_default());
        }
        progress.check(&content, &place, path, &saved)?;
    }
    progress.place = place;
    file.seek(SeekFrom::Start(progress.bytes)).map_err(of_file(path))?;
    let mut refusals = Refusals::open(path, progress.refused_bytes)?;
    let mut lines = BufReader::new(file);
    let mut writer = Writer::new(client, schema, replaces);
    let is_terminal = std::io::stderr().is_terminal();
    loop {
        let mut line = Vec::new();
        let bytes = lines.read_until(b'\n', &mut line).map_err(of_file(path))?;
        if bytes == 0 {
            break;
        }
        let text = text(&line, progress.lines == 0);
        if !text.as_ref().is_ok_and(|text| text.trim().is_empty()) {
            let written = match text {
                Ok(text) => writer.write(text).await,
                Err(reason) => Err(Refusal::Line(reason)),
            };
            match written {
                Ok(Outcome::Written) => progress.written += 1,
                Ok(Outcome::There) => progress.there += 1,
                Err(Refusal::Line(reason)) => {
                    print_error(format_args!("error: {}:{}: {reason}", path.display(), progress.lines + 1))?;
                    progress.refused += 1;
                    progress.refused_bytes += refusals.add(&line)?;
                }
                Err(Refusal::All(error)) => {
                    progress.content = hash(&content);
                    save(&progress, &saved)?;
                    return Err(Stop::from(error));
                }
            }
        }
        content.update(&line);
        progress.lines += 1;
        progress.bytes += u64::try_from(bytes).unwrap_or_default();
        if progress.lines.is_multiple_of(LINES) {
            progress.content = hash(&content);
            save(&progress, &saved)?;
            if is_terminal {
                // Nobody can be told about an error of showing.
                drop(write!(std::io::stderr(), "\r\x1b[K{} lines", progress.lines));
            }
        }
    }
    if is_terminal {
        drop(write!(std::io::stderr(), "\r\x1b[K"));
    }
    match std::fs::remove_file(&saved) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(of_file(&saved)(error)),
        _ => {}
    }
    let Progress { written, there, refused, .. } = progress;
    let there = if there > 0 { format!(", {there} were there") } else { String::new() };
    print_error(format_args!("imported {written} items{there}"))?;
    if refused > 0 {
        print_error(format_args!("{refused} lines are refused: they are in {}", refusals.path.display()))?;
    }
    Ok(refused)
}

fn save(progress: &Progress, saved: &Path) -> Result<(), Stop> {
    let new = beside(saved, ".new");
    let text = serde_json::to_string(progress).map_err(|error| error.to_string())?;
    std::fs::write(&new, text).and_then(|()| std::fs::rename(&new, saved)).map_err(of_file(saved))
}

/// The refused lines, in a file beside the imported one.
struct Refusals {
    path: PathBuf,
    file: Option<File>,
}

impl Refusals {
    /// Those of an import that was cut off stay, but for lines that are read again.
    fn open(path: &Path, bytes: u64) -> Result<Self, Stop> {
        let path = beside(path, ".refused");
        if bytes == 0 {
            return Ok(Self { path, file: None });
        }
        let file = OpenOptions::new().write(true).open(&path).map_err(of_file(&path))?;
        file.set_len(bytes).map_err(of_file(&path))?;
        let mut file = file;
        file.seek(SeekFrom::End(0)).map_err(of_file(&path))?;
        Ok(Self { path, file: Some(file) })
    }

    fn add(&mut self, line: &[u8]) -> Result<u64, Stop> {
        let mut line = line.trim_ascii_end().to_vec();
        line.push(b'\n');
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(File::create(&self.path).map_err(of_file(&self.path))?),
        };
        file.write_all(&line).and_then(|()| file.sync_data()).map_err(of_file(&self.path))?;
        Ok(u64::try_from(line.len()).unwrap_or_default())
    }
}

/// Writes the items of a seed into a new DynamoDB; the first refused line is an error.
#[cfg(feature = "local")]
pub(in super::super) async fn seed(client: &Client, schema: &DynamicSchema, path: &Path) -> Result<u64, Stop> {
    let lines = BufReader::new(File::open(path).map_err(of_file(path))?).split(b'\n');
    let mut writer = Writer::new(client, schema, false);
    let mut written = 0;
    for (number, line) in lines.enumerate() {
        let line = line.map_err(of_file(path))?;
        let line = text(&line, number == 0).map_err(|reason| format!("{}:{}: {reason}", path.display(), number + 1))?;
        if line.trim().is_empty() {
            continue;
        }
        match writer.write(line).await {
            Ok(_) => written += 1,
            Err(Refusal::Line(reason)) => {
                return Err(Stop::Other(format!("{}:{}: {reason}", path.display(), number + 1)));
            }
            Err(Refusal::All(error)) => return Err(error.into()),
        }
    }
    Ok(written)
}
