//! The last stages: views through the templates to formatted files.

mod format;

use crate::file_set::FileSet;
use crate::header::{Comment, Header};
use crate::model::ModelSet;
use crate::options::{CrateOptions, Form, Options};
use crate::sources::Sources;
use crate::view;
use dyntastic_templates::{ManifestView, RootView, Template};

/// The generation of the runtime that emitted code needs: raised when emitted code and runtime stop fitting
/// the ones before.
const GENERATION: u32 = 1;

/// The minimum Rust version of the runtime, which emitted crates share.
const RUNTIME_RUST_VERSION: &str = "1.94.1";

/// What went wrong inside the generator: a mistake of its own, never of the schema.
pub(crate) type Internal = String;

/// All files of the output.
pub(crate) fn emit(set: &ModelSet, sources: &Sources, options: &Options) -> Result<FileSet, Internal> {
    let header = Header::new(sources, options);
    let models = models(set)?;
    let mut files = FileSet::default();
    match &options.form {
        Form::File => {
            let generation = format!("::dyntastic::generation!({GENERATION});\n");
            let bodies = std::iter::once(generation).chain(models).collect::<Vec<_>>().join("\n");
            files.insert("models.rs", header.root(Comment::Rust) + &bodies);
        }
        Form::Module => modules("", "mod.rs", set, models, &header, &mut files)?,
        Form::Crate(of) => {
            files.insert("Cargo.toml", header.root(Comment::Toml) + &manifest(of, set)?);
            modules("src/", "lib.rs", set, models, &header, &mut files)?;
        }
    }
    Ok(files)
}

/// The code of each model, in their order. Formatting is most of the generator's work, so all cores share it.
fn models(set: &ModelSet) -> Result<Vec<String>, Internal> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let chunk = set.models.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let workers: Vec<_> = set
            .models
            .chunks(chunk)
            .map(|models| {
                scope.spawn(move || {
                    models.iter().map(|model| format::format(&render(&view::model_view(model))?)).collect::<Vec<_>>()
                })
            })
            .collect();
        let mut bodies = Vec::with_capacity(set.models.len());
        for worker in workers {
            for body in worker.join().map_err(|_| "a formatting thread panicked".to_owned())? {
                bodies.push(body?);
            }
        }
        Ok(bodies)
    })
}

fn modules(
    folder: &str,
    root: &str,
    set: &ModelSet,
    models: Vec<String>,
    header: &Header,
    files: &mut FileSet,
) -> Result<(), Internal> {
    let names = view::module_names(&set.models);
    let mut modules: Vec<&str> = names.iter().map(String::as_str).collect();
    modules.sort_unstable();
    let view = RootView { sources: header.sources(), generation: GENERATION, in_app: folder.is_empty(), modules };
    files.insert(format!("{folder}{root}"), header.root(Comment::Rust) + &render(&view)?);
    for (name, body) in names.iter().zip(models) {
        files.insert(format!("{folder}{name}.rs"), header.file() + &body);
    }
    Ok(())
}

fn manifest(of: &CrateOptions, set: &ModelSet) -> Result<String, Internal> {
    let runtime = match &of.runtime_path {
        Some(path) => format!("path = {}", toml_string(path)),
        None => format!("version = {}", toml_string(env!("CARGO_PKG_VERSION"))),
    };
    render(&ManifestView {
        name: &toml_string(&of.name),
        rust_version: RUNTIME_RUST_VERSION,
        runtime: &runtime,
        features: &view::features(set),
    })
}

/// Text as a TOML string, whose escapes are those of JSON.
fn toml_string(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

fn render(template: &impl Template) -> Result<String, Internal> {
    template.render().map_err(|error| format!("a template failed: {error}"))
}
