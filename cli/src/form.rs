//! The form of the output: from the flags, or from the earlier output.

use clap::{Args, ValueEnum};
use dyntastic_codegen::{CrateOptions, Form};
use std::path::{Component, Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct FormArgs {
    /// The form of the output; without it, the form that the folder already has.
    #[arg(long = "as", value_enum, value_name = "FORM")]
    form: Option<FormName>,
    /// The name of the emitted crate; without it, the folder's name.
    #[arg(long, requires = "form")]
    name: Option<String>,
    /// The folder of the `dyntastic` crate that the emitted crate depends on; without it, the published
    /// version.
    #[arg(long, requires = "form", value_name = "DIR")]
    runtime_path: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FormName {
    /// A separate crate: Cargo.toml and src/.
    Crate,
    /// A module tree for an existing app: mod.rs and a file for each model.
    Module,
    /// One file for `include!`: models.rs.
    File,
}

impl FormArgs {
    /// The form of the output in this folder.
    pub(super) fn form(&self, folder: &Path) -> Result<Form, String> {
        if let Some(FormName::Module | FormName::File) = self.form {
            let given = [("--name", self.name.is_some()), ("--runtime-path", self.runtime_path.is_some())];
            if let Some((flag, _)) = given.iter().find(|(_, is_given)| *is_given) {
                return Err(format!("{flag} is for --as crate: the other forms have no Cargo.toml"));
            }
        }
        match self.form {
            None => dyntastic_codegen::form_in(folder).ok_or_else(|| match unreadable(folder) {
                Some(error) => error,
                None => {
                    format!("{} holds no earlier output: add --as crate, --as module or --as file", folder.display())
                }
            }),
            Some(FormName::Module) => Ok(Form::Module),
            Some(FormName::File) => Ok(Form::File),
            Some(FormName::Crate) => {
                let name = match &self.name {
                    Some(name) => package_name(name)?,
                    None => folder_name(folder)?,
                };
                let runtime_path = self.runtime_path.as_deref();
                let runtime_path =
                    runtime_path.map(|path| dependency_path("--runtime-path", path, folder)).transpose()?;
                Ok(Form::Crate(CrateOptions { name, runtime_path }))
            }
        }
    }
}

/// The error that hides whether a folder holds an earlier output.
fn unreadable(folder: &Path) -> Option<String> {
    let error = std::fs::read_dir(folder).err().filter(|error| error.kind() != std::io::ErrorKind::NotFound)?;
    Some(format!("{}: {error}", folder.display()))
}

/// The name, or the reason why a package cannot have it.
pub(super) fn package_name(name: &str) -> Result<String, String> {
    match CrateOptions::refuses(name) {
        None => Ok(name.to_owned()),
        Some(why) => Err(format!("`{name}` cannot be the name of a package: {why}")),
    }
}

/// The name of a package in a folder.
pub(super) fn folder_name(folder: &Path) -> Result<String, String> {
    let absolute = std::path::absolute(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut parts = normal(&absolute);
    // The first part is the root.
    let name = parts.pop().filter(|_| !parts.is_empty());
    let Some(name) = name else { return Err(format!("the folder {} has no name: add --name", folder.display())) };
    package_name(&name.to_string_lossy()).map_err(|error| format!("the folder's name {error}: add --name"))
}

/// The path for the emitted Cargo.toml. The user's path is relative to the current folder, Cargo's to the crate's.
pub(super) fn dependency_path(option: &str, path: &Path, folder: &Path) -> Result<String, String> {
    let io = |error: std::io::Error| format!("{}: {error}", path.display());
    if !path.join("Cargo.toml").is_file() {
        return Err(format!("{option} {}: there is no Cargo.toml in it", path.display()));
    }
    let path = if path.is_absolute() {
        path.to_owned()
    } else {
        between(&std::path::absolute(folder).map_err(io)?, &std::path::absolute(path).map_err(io)?)
    };
    let text = path.to_string_lossy().replace('\\', "/");
    if text.contains(|c: char| c == '`' || c.is_control()) {
        return Err(format!("{option} {text:?}: the path holds a character that Cargo.toml cannot show"));
    }
    Ok(text)
}

/// The path of a file from a folder, which has a `/`; of what is no file, such as standard input, its name. From a folder
/// outside of the current one, whose path to it is that of this machine, it is the path from the current one.
pub(super) fn way_to(folder: &Path, file: &Path) -> String {
    let way = || {
        let absolute = |path: &Path| std::path::absolute(path).ok();
        let (folder, file, current) = (absolute(folder)?, absolute(file)?, absolute(Path::new("."))?);
        let is_inside = !between(&current, &folder).starts_with("..");
        Some(between(if is_inside { &folder } else { &current }, &file))
    };
    let way = if file.is_file() { way() } else { None };
    let text = way.as_deref().unwrap_or(file).to_string_lossy().replace('\\', "/");
    if way.is_some() && !text.contains('/') { format!("./{text}") } else { text }
}

/// The relative path from one absolute folder to another.
fn between(from: &Path, to: &Path) -> PathBuf {
    let (from, to) = (normal(from), normal(to));
    let common = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let up = std::iter::repeat_n(Component::ParentDir.as_os_str().to_owned(), from.len() - common);
    up.chain(to.into_iter().skip(common)).collect()
}

/// The folders of an absolute path, without `.` and `..`.
fn normal(path: &Path) -> Vec<std::ffi::OsString> {
    let mut parts = Vec::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => drop(parts.pop()),
            other => parts.push(other.as_os_str().to_owned()),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::between;
    use std::path::Path;

    #[test]
    fn a_way_goes_up_and_down() {
        let way = |from: &str, to: &str| between(Path::new(from), Path::new(to)).to_string_lossy().into_owned();
        assert_eq!(way("/app/models", "/app/vendor/dyntastic"), "../vendor/dyntastic");
        assert_eq!(way("/app/./x/../models", "/runtime"), "../../runtime");
    }
}
