//! Generation in a build script.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::generate;
use crate::include::read_included;
use crate::options::{Form, Options};
use crate::sources::Sources;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Generates models in a build script, into one file that `dyntastic::include_models!()` includes.
#[derive(Debug, Clone, Default)]
pub struct Config {
    schemas: Vec<PathBuf>,
    out: Option<PathBuf>,
}

impl Config {
    /// A configuration without schemas, which writes to Cargo's `OUT_DIR`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a schema file or a folder of them, relative to the package's root. Several files make one model set.
    #[must_use]
    pub fn schema(mut self, path: impl Into<PathBuf>) -> Self {
        self.schemas.push(path.into());
        self
    }

    /// Writes `models.rs` to this folder instead of `OUT_DIR`. It does not overwrite another schema's output there.
    #[must_use]
    pub fn out_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.out = Some(folder.into());
        self
    }

    /// Generates `models.rs`, and tells Cargo to run the build script again when a schema changes. Cargo prints the
    /// schema's warnings.
    ///
    /// # Errors
    ///
    /// The schema has mistakes, or a file cannot be read or written. Return the error from `main`: the build then fails
    /// and shows each mistake with its line of the schema.
    pub fn generate(&self) -> Result<(), Failure> {
        for schema in &self.schemas {
            directive(&format!("cargo:rerun-if-changed={}", schema.display()));
        }
        let sources = read_sources(&self.schemas)?;
        for included in sources.included() {
            directive(&format!("cargo:rerun-if-changed={}", included.display()));
        }
        let cargos = std::env::var_os("OUT_DIR").map(PathBuf::from);
        let out = self.out.as_ref().or(cargos.as_ref()).ok_or(Failure::NoOutDir)?;
        let is_cargos = cargos.as_ref().is_some_and(|cargos| out.starts_with(cargos));
        let options = Options::new(Form::File).regenerated_by("cargo build");
        // Nobody reviews the file in Cargo's folder, but the compiler's errors lead into it.
        let files = generate(&sources, &if is_cargos { options.name_lines() } else { options })?;
        for warning in files.warnings().lines() {
            directive(&format!("cargo:warning={warning}"));
        }
        let io = |error| Failure::Io { path: out.clone(), error };
        self.refuse_another_before(out).map_err(io)?;
        // Cargo's folder belongs to this package alone, so a schema of another name there is the renamed one.
        if is_cargos { files.replace_in(out) } else { files.write_to(out) }.map_err(io)?;
        Ok(())
    }

    /// Two schemas of one build script would overwrite each other's `models.rs`.
    fn refuse_another_before(&self, out: &Path) -> io::Result<()> {
        let mut generated = GENERATED.lock().unwrap_or_else(PoisonError::into_inner);
        if generated.entry(out.to_owned()).or_insert_with(|| self.schemas.clone()) == &self.schemas {
            return Ok(());
        }
        let message = "this build script has generated another schema's `models.rs` into it: give both schemas to one \
                       `Config`, or name another folder with `out_dir`, and its file in `include_models!`";
        Err(io::Error::new(io::ErrorKind::AlreadyExists, message))
    }
}

/// The folders that this process has generated into, with the schemas.
static GENERATED: Mutex<BTreeMap<PathBuf, Vec<PathBuf>>> = Mutex::new(BTreeMap::new());

/// Reads schema files and folders, and the files that they include; `-` is standard input. A path that is named twice is
/// read once.
///
/// # Errors
///
/// One diagnostic for each path that cannot be read.
pub fn read_sources<P: AsRef<Path>>(paths: &[P]) -> Result<Sources, Diagnostics> {
    let mut sources = Sources::new();
    let mut unreadable = Vec::new();
    let mut named = BTreeSet::new();
    for path in paths.iter().map(AsRef::as_ref).filter(|path| named.insert(*path)) {
        let read =
            if path == Path::new("-") { read_standard_input(&mut sources) } else { sources.read(path).map(drop) };
        if let Err(error) = read {
            unreadable.push(Diagnostic::new(Code::Unreadable, format!("cannot read {}: {error}", path.display())));
        }
    }
    unreadable.extend(read_included(&mut sources, |sources, path| sources.read(path).map(drop)));
    if unreadable.is_empty() { Ok(sources) } else { Err(Diagnostics::new(&sources, unreadable)) }
}

/// Reads a schema file or folder, and the files that it includes, by a function that returns the names and the bytes of
/// the files of a path: from a revision of a repository, for example. Paths of `include:` are relative to these names.
///
/// # Errors
///
/// One diagnostic for each path that the function cannot read.
pub fn read_sources_by(
    path: &Path,
    read: impl Fn(&Path) -> io::Result<Vec<(String, Vec<u8>)>>,
) -> Result<Sources, Diagnostics> {
    let mut sources = Sources::new();
    let unreadable = read_all(&mut sources, path, read);
    if unreadable.is_empty() { Ok(sources) } else { Err(Diagnostics::new(&sources, unreadable)) }
}

/// Adds a schema file or folder, and the files that it includes. Returns a diagnostic for each that cannot be read.
pub(crate) fn read_all(
    sources: &mut Sources,
    path: &Path,
    read: impl Fn(&Path) -> io::Result<Vec<(String, Vec<u8>)>>,
) -> Vec<Diagnostic> {
    let add = |sources: &mut Sources, path: &Path| {
        read(path)?.into_iter().for_each(|(name, bytes)| sources.add_once(name, bytes));
        Ok(())
    };
    let mut unreadable = Vec::new();
    if let Err(error) = add(sources, path) {
        unreadable.push(Diagnostic::new(Code::Unreadable, format!("cannot read {}: {error}", path.display())));
    }
    unreadable.extend(read_included(sources, add));
    unreadable
}

fn read_standard_input(sources: &mut Sources) -> io::Result<()> {
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    sources.add("<stdin>", bytes);
    Ok(())
}

#[expect(clippy::print_stdout, reason = "Cargo reads a build script's directives from its standard output")]
fn directive(line: &str) {
    println!("{line}");
}

/// The reason why a build script's generation failed.
///
/// `Debug` prints the same readable text as `Display`, since Cargo shows the `Debug` form of the error that `main`
/// returns.
#[non_exhaustive]
pub enum Failure {
    /// The schema has mistakes, or cannot be read.
    Schema(Diagnostics),
    /// Files could not be compared or written.
    Io {
        /// The folder.
        path: PathBuf,
        /// The system's error.
        error: io::Error,
    },
    /// There is no `OUT_DIR`: this is not a build script, and no folder was named.
    NoOutDir,
}

impl From<Diagnostics> for Failure {
    fn from(diagnostics: Diagnostics) -> Self {
        Failure::Schema(diagnostics)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Schema(diagnostics) if diagnostics.is_of_the_system() => diagnostics.fmt(f),
            Failure::Schema(diagnostics) => write!(f, "the schema has mistakes\n\n{diagnostics}"),
            Failure::Io { path, error } => write!(f, "cannot write to {}: {error}", path.display()),
            Failure::NoOutDir => {
                f.write_str("OUT_DIR is not set: call this from a build script, or name a folder with `out_dir`")
            }
        }
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Failure::Schema(diagnostics) => Some(diagnostics),
            Failure::Io { error, .. } => Some(error),
            Failure::NoOutDir => None,
        }
    }
}
