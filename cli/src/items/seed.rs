//! The items of `dyntastic local --seed`.

use super::super::Stop;
use super::line::{Mistake, Refusal, Writer, text};
use super::of_file;
use dyntastic::Client;
use dyntastic::dynamic::DynamicSchema;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// Writes the items of a seed into a new DynamoDB; the first refused line is an error.
pub(crate) async fn seed(client: &Client, schema: &DynamicSchema, path: &Path) -> Result<u64, Stop> {
    let lines = BufReader::new(File::open(path).map_err(of_file(path))?).split(b'\n');
    let writer = Writer::new(client, schema, false);
    let mut written = 0;
    for (number, line) in lines.enumerate() {
        let line = line.map_err(of_file(path))?;
        let at = format!("{}:{}", path.display(), number + 1);
        let line = text(&line, number == 0).map_err(|reason| format!("{at}: {reason}"))?;
        if line.trim().is_empty() {
            continue;
        }
        let done = match writer.read(line) {
            Ok(read) => writer.write(read).await.map(drop),
            Err(mistakes) => Err(Refusal::Line(mistakes)),
        };
        match done {
            Ok(()) => written += 1,
            Err(Refusal::Line(mistakes)) => {
                let line = |Mistake { column, reason }| match column {
                    Some(column) => format!("{at}:{column}: {reason}"),
                    None => format!("{at}: {reason}"),
                };
                return Err(Stop::Other(mistakes.into_iter().map(line).collect::<Vec<_>>().join("\nerror: ")));
            }
            Err(Refusal::All(error)) => return Err(error.into()),
        }
    }
    Ok(written)
}
