//! The last stages: they render views with the templates, and format the files.

mod format;
mod scanner;
mod short_names;

use crate::file_set::FileSet;
use crate::header::{Comment, Header};
use crate::model::{Collection, Context, Model, ModelSet, SharedTable, TypeDefinition};
use crate::options::{CrateOptions, Form, Options};
use crate::parallel;
use crate::sources::Sources;
use crate::view;
use dyntastic_templates::{DeprecatedView, FileView, ImportsView, ManifestView, ModuleView, RootView, Template};
use short_names::{Scanned, ShortNames};
use std::collections::{BTreeSet, HashMap, HashSet};

/// The generation of the runtime that emitted code needs. It is raised when emitted code and earlier runtimes no longer
/// fit together.
const GENERATION: u32 = 9;

/// The minimum Rust version of the runtime, which emitted crates share.
const RUNTIME_RUST_VERSION: &str = "1.94.1";

/// An error of the generator itself, never of the schema.
pub(crate) type Internal = String;

/// All files of the output.
pub(crate) fn emit(set: &ModelSet, sources: &Sources, options: &Options) -> Result<FileSet, Internal> {
    let header = Header::new(sources, options);
    let mut files = FileSet::default();
    match &options.form {
        Form::File => {
            // The file is included into a module of the app, so it must not import names there.
            let mut text = header.root(Comment::Rust, "models.rs") + &render(&FileView { generation: GENERATION })?;
            text.push('\n');
            let definitions = definitions(set);
            let names = view::module_names(definitions.iter().map(|of| of.name()));
            let homes = homes(&definitions, &names);
            for of in of_each(&definitions, set, |of| in_one_file(&of, &homes))? {
                text.push('\n');
                text.push_str(&of);
            }
            text.push_str(&tables(set, false)?);
            files.insert("models.rs", text);
        }
        Form::Module => modules("", "mod.rs", set, &header, &mut files)?,
        Form::Crate(of) => {
            files.insert("Cargo.toml", header.root(Comment::Toml, "Cargo.toml") + &manifest(of, set)?);
            modules("src/", "lib.rs", set, &header, &mut files)?;
        }
    }
    Ok(files)
}

/// The code of one model or type, with absolute paths and without layout.
struct Definition<'m> {
    name: &'m str,
    /// The schema's types that the code names.
    uses: BTreeSet<&'m str>,
    deprecated: Deprecated,
    code: String,
}

/// The places of a definition's code that use deprecated items. The compiler should warn of uses in the app only.
#[derive(Clone, Copy, PartialEq)]
enum Deprecated {
    Nowhere,
    /// In items, each of which allows it.
    InItems,
    /// Also in the implementation that the derive of `JsonSchema` makes beside the item: a module has to allow it.
    InDerives,
}

/// The module of each definition, by the definition's name.
fn homes<'n>(definitions: &[Source<'n>], names: &'n [String]) -> HashMap<&'n str, &'n str> {
    definitions.iter().zip(names).map(|(of, module)| (of.name(), module.as_str())).collect()
}

/// The code of a definition in the file of all definitions.
fn in_one_file(of: &Definition<'_>, homes: &HashMap<&str, &str>) -> Result<String, Internal> {
    if of.deprecated != Deprecated::InDerives {
        return format::format(String::new(), &of.code, of.deprecated == Deprecated::InItems);
    }
    let module = homes.get(of.name).copied().unwrap_or_default();
    let types = of.uses.iter().copied().collect();
    let imports = render(&ImportsView { types, from_modules: Vec::new() })?;
    format::format(String::new(), &render(&DeprecatedView { module, imports: &imports, code: &of.code })?, false)
}

/// The definitions that code is emitted for, in order.
fn definitions(set: &ModelSet) -> Vec<Source<'_>> {
    let models = set.models.iter().map(Source::Model);
    let types = set.types.iter().map(Source::Type);
    let shared = set.tables.iter().filter(|table| table.type_name.is_some()).map(Source::Table);
    let collections = set.collections.iter().map(Source::Collection);
    let contexts = set.contexts.iter().map(Source::Context);
    models.chain(types).chain(shared).chain(collections).chain(contexts).collect()
}

/// Emits each definition and applies `make` to its code. Emitting and formatting is most of the generator's work, so
/// all cores share it.
fn of_each<'m, T: Send>(
    sources: &[Source<'m>],
    set: &'m ModelSet,
    make: impl Fn(Definition<'m>) -> Result<T, Internal> + Sync,
) -> Result<Vec<T>, Internal> {
    let deprecated = set.deprecated();
    let made = parallel::map(sources, |source| source.emit(set, &deprecated).and_then(&make));
    made.ok_or("a thread of the generator panicked")?.into_iter().collect()
}

/// The part of the schema that a definition is emitted for.
#[derive(Clone, Copy)]
enum Source<'m> {
    Model(&'m Model),
    Type(&'m TypeDefinition),
    Table(&'m SharedTable),
    Collection(&'m Collection),
    Context(&'m Context),
}

impl<'m> Source<'m> {
    fn name(self) -> &'m str {
        match self {
            Source::Model(of) => &of.name,
            Source::Type(of) => of.name(),
            Source::Table(of) => of.type_name.as_deref().unwrap_or_default(),
            Source::Collection(of) => &of.type_name,
            Source::Context(of) => &of.name,
        }
    }

    fn emit(self, set: &'m ModelSet, deprecated: &HashSet<&str>) -> Result<Definition<'m>, Internal> {
        let name = self.name();
        let (uses, code) = match self {
            Source::Model(of) => {
                let mut uses = view::named_types(of.attributes());
                uses.extend(of.context.as_ref().map(|context| context.name.as_str()));
                uses.extend(of.inputs.patch.iter().flat_map(|patch| set.patches_inside(&patch.fields)));
                (uses, render(&view::model_view(set, of)))
            }
            Source::Type(of) => {
                let code = match of {
                    TypeDefinition::Struct(of) => render(&view::type_view(set, of)),
                    TypeDefinition::Enum(of) => render(&view::enum_view(set, of)),
                    TypeDefinition::Union(of) => render(&view::union_view(set, of)),
                };
                let mut uses = view::named_types(of.structs().iter().flat_map(|of| &of.fields));
                if let TypeDefinition::Union(union) = of {
                    uses.extend(union.variants.iter().filter_map(|variant| variant.of.as_deref()));
                }
                let patched = of.structs().iter().filter(|of| of.patch.is_some());
                uses.extend(patched.flat_map(|of| set.patches_inside(&of.fields)));
                for own in of.structs() {
                    uses.remove(own.name.as_str());
                }
                uses.remove(name);
                (uses, code)
            }
            Source::Table(of) => {
                let view = view::shared_table_view(set, of).ok_or("a table without a discriminator")?;
                let uses = set
                    .models
                    .iter()
                    .filter(|model| model.sharing.as_ref().is_some_and(|sharing| sharing.table == of.name));
                (uses.map(|model| model.name.as_str()).collect(), render(&view))
            }
            Source::Collection(of) => {
                let members = of.members.iter().map(|member| member.model.as_str());
                let types = view::named_types(of.hash_key.fields());
                let context = of.context.as_ref().map(|context| context.name.as_str());
                let uses = members.chain([of.item.as_str()]).chain(types).chain(context).collect();
                (uses, render(&view::collection_view(set, of)))
            }
            Source::Context(of) => (view::named_types(of.fields.iter()), render(&view::context_view(set, of))),
        };
        let uses_deprecated = deprecated.contains(name) || uses.iter().any(|used| deprecated.contains(used));
        let deprecated = match (uses_deprecated, set.json_schema) {
            (false, _) => Deprecated::Nowhere,
            (true, false) => Deprecated::InItems,
            (true, true) => Deprecated::InDerives,
        };
        Ok(Definition { name, uses, deprecated, code: code? })
    }
}

fn modules(folder: &str, root: &str, set: &ModelSet, header: &Header, files: &mut FileSet) -> Result<(), Internal> {
    let definitions = definitions(set);
    let names = view::module_names(definitions.iter().map(|of| of.name()));
    let homes = homes(&definitions, &names);
    let made = of_each(&definitions, set, |of| Ok((of.deprecated, module(&of, &homes, header)?)))?;
    let mut modules = Vec::with_capacity(made.len());
    for (name, (deprecated, text)) in names.iter().zip(made) {
        modules.push(ModuleView { name, allows_deprecated: deprecated == Deprecated::InDerives });
        files.insert(format!("{folder}{name}.rs"), text);
    }
    modules.sort_unstable_by_key(|module| module.name);
    let view = RootView { sources: header.sources(), generation: GENERATION, in_app: folder.is_empty(), modules };
    let text = header.root(Comment::Rust, root) + &render(&view)? + &tables(set, folder.is_empty())?;
    files.insert(format!("{folder}{root}"), text);
    Ok(())
}

/// The constant with all tables, after an empty line.
fn tables(set: &ModelSet, in_app: bool) -> Result<String, Internal> {
    let tables = set.whole_tables();
    match view::tables_view(set, &tables, in_app) {
        Some(view) => format::format("\n".to_owned(), &render(&view)?, false),
        None => Ok(String::new()),
    }
}

/// The file of a definition in its own module; `homes` has the module of each type.
fn module(of: &Definition<'_>, homes: &HashMap<&str, &str>, header: &Header) -> Result<String, Internal> {
    let imports = render(&view::imports_view(&of.uses, |name| homes.get(name).copied()))?;
    let scanned = Scanned::new(&of.code);
    let names = ShortNames::of(&scanned);
    let name = homes.get(of.name).copied().unwrap_or(of.name);
    format::format(
        header.file(&format!("{name}.rs")),
        &(names.uses() + &imports + &names.apply(&scanned)),
        of.deprecated == Deprecated::InItems,
    )
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

/// Text as a TOML string; TOML has the escapes of JSON.
fn toml_string(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

fn render(template: &impl Template) -> Result<String, Internal> {
    template.render().map_err(|error| format!("a template failed: {error}"))
}
