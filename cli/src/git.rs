//! Schemas of a revision of git, by the `git` command.

use super::Stop;
use dyntastic_codegen::{Sources, read_sources_by};
use std::io;
use std::path::Path;
use std::process::Command;

/// The schema file or folder as a revision has it, with the files that it includes. Their names begin with `REV:`.
pub(super) fn sources(revision: &str, path: &str) -> Result<Sources, Stop> {
    if revision.is_empty() || revision.starts_with('-') {
        return Err(Stop::Other(format!("`git:{revision}` names no revision: write `git:HEAD`, for example")));
    }
    let prefix = format!("{revision}:");
    let read = |path: &Path| {
        let path = path.to_string_lossy().replace('\\', "/");
        read(revision, &normal(path.strip_prefix(&prefix).unwrap_or(&path)))
    };
    Ok(read_sources_by(Path::new(path), read)?)
}

/// A path without `.` and `..`, so that a file that is included twice has one name.
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/').filter(|part| !matches!(*part, "" | ".")) {
        match (part, parts.last()) {
            ("..", Some(last)) if *last != ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    let root = if path.starts_with('/') { "/" } else { "" };
    if parts.is_empty() && root.is_empty() { ".".to_owned() } else { format!("{root}{}", parts.join("/")) }
}

/// The names and texts of a file, or of every schema file of a folder.
fn read(revision: &str, path: &str) -> io::Result<Vec<(String, Vec<u8>)>> {
    let (folder, name) = match path.rsplit_once('/') {
        Some(("", name)) => ("/", name),
        Some((folder, name)) => (folder, name),
        None if path == ".." => ("..", "."),
        None => (".", path),
    };
    let object = format!("{revision}:./{}", if name == "." { "" } else { name });
    let kind = git(folder, &["cat-file", "-t", &object])?;
    if !kind.starts_with(b"tree") {
        return Ok(vec![(format!("{revision}:{path}"), git(folder, &["cat-file", "blob", &object])?)]);
    }
    let listed = git(folder, &["ls-tree", "--full-tree", "--name-only", "-z", &object])?;
    let listed = String::from_utf8_lossy(&listed).into_owned();
    let is_schema = |file: &&str| {
        let ending = Path::new(file).extension();
        ending.is_some_and(|ending| ending.eq_ignore_ascii_case("yaml") || ending.eq_ignore_ascii_case("yml"))
    };
    let mut files: Vec<&str> = listed.split('\0').filter(is_schema).collect();
    if files.is_empty() {
        return Err(io::Error::new(io::ErrorKind::NotFound, "the folder holds no .yaml or .yml file"));
    }
    files.sort_unstable();
    let file = |file: &&str| {
        let text = git(folder, &["cat-file", "blob", &format!("{}/{file}", object.trim_end_matches('/'))])?;
        Ok((if path == "." { format!("{revision}:{file}") } else { format!("{revision}:{path}/{file}") }, text))
    };
    files.iter().map(file).collect()
}

/// The output of a git command in a folder.
fn git(folder: &str, arguments: &[&str]) -> io::Result<Vec<u8>> {
    let output = Command::new("git")
        .args(["-C", folder])
        .args(arguments)
        .output()
        .map_err(|error| io::Error::new(error.kind(), format!("the `git` command: {error}")))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(said.lines().next().unwrap_or("git failed").trim_start_matches("fatal: ").to_owned()))
}
