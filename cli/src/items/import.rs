//! `dyntastic import`.

use super::super::{Stop, print_error};
use super::batches::{Lines, key_of};
use super::line::{Mistake, Outcome, Refusal, Writer};
use super::{ItemsArgs, beside, go_on, of_file};
use clap::Args;
use futures_util::future::join_all;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, IsTerminal, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// A file of lines as `export` writes them, and no pipe: after an interruption, the same command goes on with it.
    file: PathBuf,
    #[command(flatten)]
    items: ItemsArgs,
    /// Write in place of items with the same keys.
    #[arg(long)]
    replace: bool,
}

/// After so many lines, the progress is saved.
const LINES: u64 = 100;

/// So many items are written at the same time.
const TOGETHER: usize = 32;

#[derive(Debug, Default, Serialize, Deserialize)]
struct Progress {
    /// The lines that are done, and their bytes.
    lines: u64,
    bytes: u64,
    written: u64,
    there: u64,
    /// The lines whose equal item an earlier line has.
    #[serde(default)]
    repeated: u64,
    refused: u64,
    /// The bytes of the refused lines.
    refused_bytes: u64,
    /// The DynamoDB that has the items of these lines.
    place: String,
    /// The hash of these lines.
    content: String,
    /// The run that goes on with the import.
    #[serde(default)]
    run: String,
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
        let schema = self.items.schema_for_copies()?;
        let refused = self.items.run(async {
            let client = self.items.client().await?;
            let writer = Writer::new(&client, &schema, self.replace);
            import(&writer, (&self.file, self.items.place())).await
        })?;
        Ok(if refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// Opens a file, which an interrupted import needs: a pipe cannot be read again.
fn open(path: &Path) -> Result<File, Stop> {
    let is_file = std::fs::metadata(path).map(|of| of.is_file());
    match is_file {
        Err(_) if path == Path::new("-") => {}
        Err(error) => return Err(of_file(path)(error)),
        Ok(true) => return File::open(path).map_err(of_file(path)),
        Ok(false) => {}
    }
    Err(Stop::Other(format!(
        "{} is no file: write the lines to one, so that an import that is cut off can go on",
        path.display()
    )))
}

/// Writes the items of a file, and returns the number of refused lines.
async fn import(writer: &Writer<'_>, (path, place): (&Path, String)) -> Result<u64, Stop> {
    let mut file = open(path)?;
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
    let mut run = Run {
        path,
        saved: &saved,
        refusals: Refusals::open(path, progress.refused_bytes, &saved)?,
        content,
        progress,
        is_due: false,
    };
    run.begin()?;
    let begun = file.metadata().and_then(|of| of.modified()).map_err(of_file(path))?;
    let mut lines = Lines::new(path, file, run.progress.lines == 0);
    let is_terminal = std::io::stderr().is_terminal();
    // The lines of this run by the hashes of their keys, to tell a repeated line from an item that was there.
    let mut seen: HashMap<u64, u64> = HashMap::new();
    loop {
        let batch = lines.batch(writer, TOGETHER)?;
        if batch.is_empty() {
            break;
        }
        let (all, reads): (Vec<Vec<u8>>, Vec<_>) = batch.into_iter().unzip();
        let keys: Vec<Option<u64>> = reads.iter().map(key_of).collect();
        let written = join_all(reads.into_iter().map(|read| async {
            match read {
                Ok(Some(read)) => writer.write(read).await.map(Some),
                Ok(None) => Ok(None),
                Err(mistakes) => Err(Refusal::Line(mistakes)),
            }
        }));
        for ((line, written), key) in all.iter().zip(written.await).zip(keys) {
            let before = key.and_then(|key| seen.get(&key).copied());
            run.add(line, written, before)?;
            if let Some(key) = key {
                seen.entry(key).or_insert(run.progress.lines);
            }
        }
        if run.save_now_and_then()? && is_terminal {
            // Nobody can be told about an error of showing.
            drop(write!(std::io::stderr(), "\r\x1b[K{} lines", run.progress.lines));
        }
    }
    if is_terminal {
        drop(write!(std::io::stderr(), "\r\x1b[K"));
    }
    let now = std::fs::metadata(path).map_err(of_file(path))?;
    if now.len() != run.progress.bytes || now.modified().map_err(of_file(path))? != begun {
        run.save()?;
        return Err(Stop::Other(format!(
            "{} has changed while it was imported: run the same command again",
            path.display()
        )));
    }
    run.end()
}

/// An import that is going on.
struct Run<'p> {
    path: &'p Path,
    saved: &'p Path,
    refusals: Refusals,
    content: Sha256,
    progress: Progress,
    /// Whether the progress is to be saved.
    is_due: bool,
}

impl Run<'_> {
    /// Takes the import over. Another run of it stops when it saves its progress.
    fn begin(&mut self) -> Result<(), Stop> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        self.progress.run = format!("{} {now}", std::process::id());
        self.write()
    }

    /// Adds what became of a line, in their order; `before` is an earlier line with its key.
    fn add(&mut self, line: &[u8], written: Result<Option<Outcome>, Refusal>, before: Option<u64>) -> Result<(), Stop> {
        match written {
            Ok(None) => {}
            Ok(Some(Outcome::Written)) => self.progress.written += 1,
            Ok(Some(Outcome::There)) if before.is_some() => self.progress.repeated += 1,
            Ok(Some(Outcome::There)) => self.progress.there += 1,
            Err(Refusal::Line(mistakes)) => {
                let place = format!("{}:{}", self.path.display(), self.progress.lines + 1);
                let before = before.map(|line| format!(" (line {line} has the same key)")).unwrap_or_default();
                for Mistake { column, reason } in mistakes {
                    let column = column.map(|column| format!(":{column}")).unwrap_or_default();
                    print_error(format_args!("error: {place}{column}: {reason}{before}"))?;
                }
                self.progress.refused += 1;
                self.progress.refused_bytes += self.refusals.add(line)?;
            }
            Err(Refusal::All(error)) => {
                self.save()?;
                return Err(Stop::from(error));
            }
        }
        self.content.update(line);
        self.progress.lines += 1;
        self.progress.bytes += u64::try_from(line.len()).unwrap_or_default();
        self.is_due |= self.progress.lines.is_multiple_of(LINES);
        Ok(())
    }

    /// Saves the progress if enough lines are done since it was saved.
    fn save_now_and_then(&mut self) -> Result<bool, Stop> {
        let is_due = std::mem::take(&mut self.is_due);
        if is_due {
            self.save()?;
        }
        Ok(is_due)
    }

    /// Saves the progress of lines that are done, unless another run has taken the import over.
    fn save(&mut self) -> Result<(), Stop> {
        self.check_own()?;
        self.write()
    }

    fn check_own(&self) -> Result<(), Stop> {
        let text = std::fs::read_to_string(self.saved).unwrap_or_default();
        match serde_json::from_str::<Progress>(&text).is_ok_and(|of| of.run == self.progress.run) {
            true => Ok(()),
            false => {
                Err(Stop::Other(format!("another import of {} goes on with it: this one ends", self.path.display())))
            }
        }
    }

    fn write(&mut self) -> Result<(), Stop> {
        self.progress.content = hash(&self.content);
        let new = beside(self.saved, ".new");
        let text = serde_json::to_string(&self.progress).map_err(|error| error.to_string())?;
        std::fs::write(&new, text).and_then(|()| std::fs::rename(&new, self.saved)).map_err(of_file(self.saved))
    }

    fn end(self) -> Result<u64, Stop> {
        self.check_own()?;
        std::fs::remove_file(self.saved).map_err(of_file(self.saved))?;
        let Progress { written, there, repeated, refused, .. } = self.progress;
        let there = if there > 0 { format!(", {there} were there") } else { String::new() };
        let repeated = if repeated > 0 { format!(", {repeated} lines repeat earlier ones") } else { String::new() };
        print_error(format_args!("imported {written} items{there}{repeated}"))?;
        let path = self.refusals.path.display();
        if refused > 0 {
            print_error(format_args!("{refused} lines are refused: they are in {path}"))?;
        } else if self.refusals.path.exists() {
            print_error(format_args!("no line is refused: {path} is of an earlier import"))?;
        }
        Ok(refused)
    }
}

/// The refused lines, in a file beside the imported one.
struct Refusals {
    path: PathBuf,
    file: Option<File>,
}

impl Refusals {
    /// Those of an import that was cut off stay, but for lines that are read again.
    fn open(path: &Path, bytes: u64, saved: &Path) -> Result<Self, Stop> {
        let path = beside(path, ".refused");
        if bytes == 0 {
            return Ok(Self { path, file: None });
        }
        let mut file = OpenOptions::new().write(true).open(&path).map_err(of_file(&path))?;
        go_on(&mut file, &path, bytes, &format!("remove {} to begin again", saved.display()))?;
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
