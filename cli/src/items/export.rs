//! `dyntastic export`.

use super::super::tables::block_on;
use super::super::{Stop, print_error, print_text};
use super::output::key_text;
use super::{ItemsArgs, beside, go_on, line, of_file, service_error};
use crate::arguments;
use clap::Args;
use dyntastic::Model;
use dyntastic::aws_sdk_dynamodb::types::ReturnConsumedCapacity;
use dyntastic::codec::AttributeMap;
use dyntastic::dynamic::{DynamicItem, DynamicModel, attributes_of_json, attributes_to_json};
use dyntastic::observe::Access;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// A model of the schema.
    model: String,
    #[command(flatten)]
    items: ItemsArgs,
    /// A file for the lines, in place of standard output. After an interruption, the same command goes on with it.
    #[arg(long, value_name = "FILE", value_parser = arguments::out())]
    out: Option<PathBuf>,
}

/// Where an export has stopped: the part of the file that is complete, and the key after which it goes on.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Progress {
    model: String,
    table: String,
    /// The DynamoDB that it is of.
    place: String,
    bytes: u64,
    items: u64,
    unread: u64,
    /// The bytes of the items that cannot be read, in their own file.
    #[serde(default)]
    unread_bytes: u64,
    /// `None` before the first page.
    after: Option<String>,
}

impl Export {
    pub(crate) fn run(&self) -> Result<ExitCode, Stop> {
        let model = self.items.model_for_copies(&self.model)?;
        let unread = block_on(self.export(model))?;
        Ok(if unread == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    async fn export(&self, model: DynamicModel) -> Result<u64, Stop> {
        let client = self.items.client().await?;
        let page = model.run(async { DynamicItem::scan(&client).into_inner() }).await?;
        let table = page.get_table_name().clone().unwrap_or_default();
        let mut to = To::open(self.out.as_deref(), model, (table.clone(), self.items.place()))?;
        let is_terminal = std::io::stderr().is_terminal();
        let limit = self.items.rate_limit()?;
        loop {
            let after = to.progress.after.as_deref().map(attributes_of_json).transpose()?;
            let request = page.clone().set_exclusive_start_key(after);
            let request = request.return_consumed_capacity(ReturnConsumedCapacity::Total);
            let permit = match &limit {
                Some(limit) => Some(limit.acquire(Access::Read).await),
                None => None,
            };
            let found = request.send().await.map_err(|error| service_error("Scan", model, &table, &error))?;
            let units = found.consumed_capacity.and_then(|of| of.capacity_units);
            if let (Some(permit), Some(units)) = (permit, units) {
                permit.consumed(units);
            }
            let mut lines = String::new();
            for stored in found.items.unwrap_or_default() {
                match model.read(stored.clone()) {
                    Ok(item) => {
                        lines.push_str(&line::of(model, &item)?);
                        to.progress.items += 1;
                    }
                    Err(error) => {
                        let keys: AttributeMap = model.key_attributes_of(&stored);
                        print_error(format_args!("error: {error}: the item with the key {}", key_text(&keys)))?;
                        to.unread(&stored)?;
                    }
                }
            }
            let next = found.last_evaluated_key.filter(|key| !key.is_empty());
            to.page(&lines, next.as_ref().map(attributes_to_json))?;
            if is_terminal {
                // Nobody can be told about an error of showing.
                drop(write!(std::io::stderr(), "\r\x1b[K{} items", to.progress.items));
            }
            if next.is_none() {
                break;
            }
        }
        if is_terminal {
            drop(write!(std::io::stderr(), "\r\x1b[K"));
        }
        to.end()
    }
}

/// The lines of an export, and its progress in a file beside them.
struct To {
    file: Option<(PathBuf, File)>,
    /// The file of the items that cannot be read, when there is one of this export.
    unread: Option<File>,
    progress: Progress,
}

impl To {
    fn open(out: Option<&Path>, model: DynamicModel, (table, place): (String, String)) -> Result<Self, Stop> {
        let new = Progress { model: model.name().to_owned(), table, place, ..Progress::default() };
        let Some(path) = out else { return Ok(Self { file: None, unread: None, progress: new }) };
        let saved = beside(path, ".cursor");
        let progress = match std::fs::read_to_string(&saved) {
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(of_file(&saved)(error)),
            Ok(text) => Some(serde_json::from_str::<Progress>(&text).map_err(|_| {
                format!("{}: it is no progress of an export: remove it to begin again", saved.display())
            })?),
        };
        let is_other = |of: &&Progress| (&of.model, &of.table, &of.place) != (&new.model, &new.table, &new.place);
        if let Some(of) = progress.as_ref().filter(is_other) {
            let is_elsewhere = (&of.model, &of.table) == (&new.model, &new.table);
            return Err(Stop::Other(format!(
                "{} is an unfinished export of `{}` in the table {}{}: give another file, or remove it and {}",
                path.display(),
                of.model,
                of.table,
                if is_elsewhere { " of another DynamoDB or release" } else { "" },
                saved.display()
            )));
        }
        let mut options = OpenOptions::new();
        let opened = match &progress {
            Some(_) => options.write(true).open(path),
            None => options.write(true).create_new(true).open(path),
        };
        let mut file = opened.map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => {
                Stop::Other(format!("{} exists: give another file, or remove it", path.display()))
            }
            ErrorKind::NotFound if progress.is_some() => Stop::Other(format!(
                "{} is gone, of which a part was exported: remove {} to begin again",
                path.display(),
                saved.display()
            )),
            _ => of_file(path)(error),
        })?;
        let progress = progress.unwrap_or(new);
        let remedy = format!("give another file, or remove {} and {}", path.display(), saved.display());
        go_on(&mut file, path, progress.bytes, &remedy)?;
        let unread = match progress.unread_bytes {
            0 => None,
            bytes => {
                let path = beside(path, ".unread");
                let mut file = OpenOptions::new().write(true).open(&path).map_err(of_file(&path))?;
                go_on(&mut file, &path, bytes, &remedy)?;
                Some(file)
            }
        };
        let to = Self { file: Some((path.to_owned(), file)), unread, progress };
        to.save()?;
        Ok(to)
    }

    /// Keeps an item that the model cannot read, as DynamoDB's JSON.
    fn unread(&mut self, stored: &AttributeMap) -> Result<(), Stop> {
        self.progress.unread += 1;
        let Some((path, _)) = &self.file else { return Ok(()) };
        let path = beside(path, ".unread");
        let file = match &mut self.unread {
            Some(file) => file,
            None => self.unread.insert(File::create(&path).map_err(of_file(&path))?),
        };
        let line = format!("{}\n", attributes_to_json(stored));
        file.write_all(line.as_bytes()).map_err(of_file(&path))?;
        self.progress.unread_bytes += u64::try_from(line.len()).unwrap_or_default();
        Ok(())
    }

    /// Writes the lines of a page, and then the key after which the next one begins.
    fn page(&mut self, lines: &str, after: Option<String>) -> Result<(), Stop> {
        let Some((path, file)) = &mut self.file else { return print_text(lines) };
        file.write_all(lines.as_bytes()).and_then(|()| file.sync_data()).map_err(of_file(path))?;
        self.unread.as_ref().map_or(Ok(()), File::sync_data).map_err(of_file(&beside(path, ".unread")))?;
        self.progress.bytes += u64::try_from(lines.len()).unwrap_or_default();
        self.progress.after = after;
        if self.progress.after.is_some() { self.save() } else { Ok(()) }
    }

    fn save(&self) -> Result<(), Stop> {
        let Some((path, _)) = &self.file else { return Ok(()) };
        let (saved, new) = (beside(path, ".cursor"), beside(path, ".cursor.new"));
        let text = serde_json::to_string(&self.progress).map_err(|error| error.to_string())?;
        std::fs::write(&new, text).and_then(|()| std::fs::rename(&new, &saved)).map_err(of_file(&saved))
    }

    fn end(self) -> Result<u64, Stop> {
        let Progress { items, unread, .. } = self.progress;
        if let Some((path, _)) = &self.file {
            let saved = beside(path, ".cursor");
            std::fs::remove_file(&saved).map_err(of_file(&saved))?;
            print_error(format_args!("exported {items} items to {}", path.display()))?;
            if unread > 0 {
                let path = beside(path, ".unread");
                print_error(format_args!("{unread} items cannot be read: they are in {}", path.display()))?;
            }
        }
        Ok(unread)
    }
}
