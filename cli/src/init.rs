//! `dyntastic init`.

mod made;

use super::form::{dependency_path, folder_name, package_name};
use super::{Stop, print};
use clap::Args;
use dyntastic_codegen::{CrateOptions, Form, Options, Sources, generate};
use made::Made;
use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const SCHEMA: &str = include_str!("init/models.yaml");
const BUILD: &str = include_str!("init/build.rs.txt");
const MAIN: &str = include_str!("init/main.rs.txt");

#[derive(Debug, Args)]
pub(super) struct Init {
    /// The folder of the project; it is created if it does not exist.
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
    #[command(flatten)]
    way: WayArgs,
    /// The name of the package; without it, the folder's name.
    #[arg(long)]
    name: Option<String>,
    /// A checkout of dyntastic's repository that the project depends on, in place of the published version.
    #[arg(long, value_name = "DIR")]
    checkout: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[group(multiple = false)]
struct WayArgs {
    /// The build script generates the models.
    #[arg(long)]
    build_rs: bool,
    /// The command generates the models, as a crate beside the app.
    #[arg(long = "crate")]
    as_crate: bool,
    /// The command generates the models, as a module of the app.
    #[arg(long)]
    module: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    BuildRs,
    Crate,
    Module,
}

impl Init {
    pub(super) fn run(&self) -> Result<ExitCode, Stop> {
        let name = match &self.name {
            Some(name) => package_name(name)?,
            None => folder_name(&self.folder)?,
        };
        if let Some(why) = refuses(&name) {
            let help = if self.name.is_some() { "give another --name" } else { "add --name" };
            return Err(Stop::Other(format!("`{name}` cannot be the name of the project: {why}: {help}")));
        }
        let way = self.way.way()?;
        let models = match way {
            Way::BuildRs => None,
            Way::Crate => Some(("models", self.models_crate(&name)?)),
            Way::Module => Some(("src/models", Form::Module)),
        };
        let mut files = vec![
            ("models.yaml".to_owned(), SCHEMA.to_owned()),
            ("Cargo.toml".to_owned(), self.manifest(&name, way)?),
            ("src/main.rs".to_owned(), MAIN.replace("// models", &declaration(&name, way))),
        ];
        if way == Way::BuildRs {
            files.push(("build.rs".to_owned(), BUILD.to_owned()));
        }
        let mut new = files.iter().map(|(file, _)| file.as_str()).chain(models.iter().map(|(folder, _)| *folder));
        new.try_for_each(|path| self.refuse_taken(path))?;
        if let Some((folder, form)) = models {
            files.extend(emitted(folder, form)?);
        }
        let mut made = Made::default();
        for (file, text) in &files {
            let path = self.folder.join(file);
            made.file(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        made.keep();
        print(self.told(way))?;
        Ok(ExitCode::SUCCESS)
    }

    /// Refuses a path that exists, or that no file can be put at, since a folder above it is something else.
    fn refuse_taken(&self, path: &str) -> Result<(), Stop> {
        let path = self.folder.join(path);
        let exists = |path: &Path| path.symlink_metadata().is_ok();
        if exists(&path) {
            return Err(Stop::Other(format!("{} exists: give another folder, or remove it", path.display())));
        }
        match path.ancestors().skip(1).find(|above| exists(above)) {
            Some(above) if !above.is_dir() => Err(Stop::Other(format!(
                "{} is no folder, so {} cannot be in it: give another folder, or remove it",
                above.display(),
                path.display()
            ))),
            _ => Ok(()),
        }
    }

    /// The form of a crate of models beside the app.
    fn models_crate(&self, name: &str) -> Result<Form, String> {
        let folder = self.folder.join("models");
        let path = |of: &PathBuf| dependency_path("--checkout", &of.join("runtime"), &folder);
        let checkout = self.checkout.as_ref().map(path).transpose()?;
        Ok(Form::Crate(CrateOptions { name: format!("{name}-models"), runtime_path: checkout }))
    }

    fn manifest(&self, name: &str, way: Way) -> Result<String, String> {
        let version = env!("CARGO_PKG_VERSION");
        let crate_of = |folder: &str| -> Result<String, String> {
            match &self.checkout {
                None => Ok(format!("version = \"{version}\"")),
                Some(of) => Ok(format!("path = {:?}", dependency_path("--checkout", &of.join(folder), &self.folder)?)),
            }
        };
        let (runtime, codegen) = (crate_of("runtime")?, crate_of("codegen")?);
        let mut text = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\npublish = false\n\n[dependencies]\n\
             # Types such as `datetime` and `uuid` in the schema need features: chrono, uuid.\n\
             dyntastic = {{ {runtime} }}\n"
        );
        if way == Way::Crate {
            text.push_str(&format!("{name}-models = {{ path = \"models\" }}\n"));
        }
        text.push_str("tokio = { version = \"1\", features = [\"macros\", \"rt\"] }\n\n[dev-dependencies]\n");
        text.push_str(&format!("# The DynamoDB of the tests.\ndyntastic = {{ {runtime}, features = [\"local\"] }}\n"));
        if way == Way::BuildRs {
            text.push_str(&format!("\n[build-dependencies]\ndyntastic-codegen = {{ {codegen} }}\n"));
        }
        if way == Way::Crate {
            text.push_str("\n[workspace]\nmembers = [\"models\"]\n");
        }
        Ok(text)
    }

    fn told(&self, way: Way) -> String {
        let again = match way {
            Way::BuildRs => "the build script generates the models again when models.yaml changes".to_owned(),
            Way::Crate => "after a change of models.yaml: dyntastic generate models.yaml --out models".to_owned(),
            Way::Module => "after a change of models.yaml: dyntastic generate models.yaml --out src/models".to_owned(),
        };
        let folder =
            if self.folder == Path::new(".") { String::new() } else { format!("cd {}\n", self.folder.display()) };
        format!(
            "{folder}cargo test                      # with a DynamoDB in the test's process\ndyntastic local models.yaml     # one for `cargo run`, on port 8000\n{again}"
        )
    }
}

/// The packages that projects depend on, besides `dyntastic`, and its own ones, which a checkout has in the same
/// version.
const DEPENDENCIES: [&str; 4] = ["dyntastic-codegen", "dyntastic-policies", "dyntastic-templates", "tokio"];

/// The names of Cargo's folders in `target` ("cargo new").
const FOLDERS: [&str; 4] = ["build", "deps", "examples", "incremental"];

/// The reason why a project cannot have a name that a package can have.
fn refuses(name: &str) -> Option<&'static str> {
    if DEPENDENCIES.contains(&name.replace('_', "-").as_str()) {
        return Some("it depends on a package of this name");
    }
    FOLDERS.contains(&name).then_some("Cargo keeps a folder of this name beside the program")
}

impl WayArgs {
    fn way(&self) -> Result<Way, Stop> {
        match self {
            WayArgs { build_rs: true, .. } => Ok(Way::BuildRs),
            WayArgs { as_crate: true, .. } => Ok(Way::Crate),
            WayArgs { module: true, .. } => Ok(Way::Module),
            _ if std::io::stdin().is_terminal() => ask(std::io::stdin().lock(), std::io::stderr()),
            _ => Err(Stop::Other(
                "nobody can be asked, since standard input is no terminal: add --build-rs, --crate or --module"
                    .to_owned(),
            )),
        }
    }
}

/// Asks until the answer is one of the ways.
fn ask(mut input: impl BufRead, mut output: impl Write) -> Result<Way, Stop> {
    writeln!(output, "How are the models generated?\n  1  by build.rs\n  2  as a crate\n  3  as a module of the app")?;
    loop {
        write!(output, "[1] ")?;
        output.flush()?;
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            return Err(Stop::Other("no answer: add --build-rs, --crate or --module".to_owned()));
        }
        match line.trim() {
            "" | "1" => return Ok(Way::BuildRs),
            "2" => return Ok(Way::Crate),
            "3" => return Ok(Way::Module),
            _ => {}
        }
    }
}

/// The lines of `main.rs` that bring the models into the app.
fn declaration(name: &str, way: Way) -> String {
    match way {
        Way::BuildRs => "mod models {\n    dyntastic::include_models!();\n}".to_owned(),
        Way::Crate => format!("use {}_models as models;", name.replace('-', "_")),
        Way::Module => "mod models;".to_owned(),
    }
}

/// The emitted files in a folder, with their texts.
fn emitted(folder: &str, form: Form) -> Result<Vec<(String, String)>, Stop> {
    let mut sources = Sources::new();
    sources.add("models.yaml", SCHEMA);
    let files = generate(&sources, &Options::new(form))?;
    Ok(files.iter().map(|(path, text)| (format!("{folder}/{path}"), text.to_owned())).collect())
}

#[cfg(test)]
mod tests {
    use super::{Way, ask};

    #[test]
    fn a_question_is_asked_until_it_is_answered() {
        for (typed, way) in [("\n", Way::BuildRs), ("x\n2\n", Way::Crate), ("3\n", Way::Module)] {
            assert_eq!(ask(typed.as_bytes(), Vec::new()).ok(), Some(way), "{typed}");
        }
        assert!(ask("".as_bytes(), Vec::new()).is_err());
    }
}
