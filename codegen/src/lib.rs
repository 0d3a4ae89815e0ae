//! Generates typed DynamoDB models from one YAML file.
//!
//! The schema describes tables and models; the emitted Rust code (structs, builders, validators, DynamoDB
//! mapping) links against the crate `dyntastic`. In a build script:
//!
//! ```no_run
//! // build.rs
//! fn main() -> Result<(), dyntastic_codegen::Failure> {
//!     dyntastic_codegen::Config::new().schema("models.yaml").generate()
//! }
//! ```
//!
//! and in the app `mod models { dyntastic::include_models!(); }`.
//!
//! One pure function, [`generate`], makes the output: it reads YAML text into the schema as written, resolves it to a
//! checked model, turns that into views, renders them with templates, and parses and formats the code. Build scripts,
//! the `dyntastic` command and tests differ only in their use of the [`FileSet`].

#[cfg(feature = "catalog")]
mod catalog;
mod changes;
mod config;
#[cfg(feature = "catalog")]
mod cost;
mod diagnostic;
#[cfg(feature = "catalog")]
mod editor;
mod emit;
mod file_set;
#[cfg(feature = "catalog")]
mod format;
mod header;
mod include;
mod infrastructure;
#[cfg(feature = "catalog")]
mod item_sizes;
#[cfg(feature = "catalog")]
mod items;
mod keywords;
#[cfg(feature = "catalog")]
mod lint;
mod model;
mod node;
mod options;
mod parallel;
mod pull;
mod read;
mod resolve;
#[cfg_attr(not(feature = "catalog"), allow(dead_code, reason = "lints and costs read what generation does not"))]
mod schema;
mod sources;
mod tables;
mod terms;
mod text;
mod view;

#[cfg(feature = "catalog")]
pub use catalog::{
    AccessPattern, AccessRequest, Catalog, CatalogCollection, CatalogContext, CatalogField, CatalogIndex, CatalogKey,
    CatalogMember, CatalogModel, CatalogPart, CatalogPartKind, CatalogShards, CatalogTable, CatalogType,
    CatalogTypeKind, CatalogVariant, Example, KeySegment, Parameter, Relation, UniqueGuard,
};
pub use changes::{Change, ChangeCode, Changes, Level};
pub use config::{Config, Failure, read_sources, read_sources_by};
#[cfg(feature = "catalog")]
pub use cost::{ClassPrices, Cost, CostPart, CostSource, ModelCost, Prices, ReadCost, RequestCost, UnitPrices};
pub use diagnostic::{Code, Diagnostic, Diagnostics, Severity};
#[cfg(feature = "catalog")]
pub use editor::{
    Analysis, Completion, CompletionKind, Edit, Finding, Fix, Hover, Outline, OutlineKind, Place, complete,
};
pub use file_set::{Difference, FileSet, Written};
#[cfg(feature = "catalog")]
pub use format::format;
pub use infrastructure::{
    PolicyScope, Right, RightOf, ServiceLinkedRole, ServiceRights, cloudformation, iam, terraform,
};
#[cfg(feature = "catalog")]
#[doc(hidden)]
pub use items::{ItemModel, ItemsDescription};
pub use options::{CrateOptions, Form, Options};
pub use pull::{LiveIndex, LiveItem, LiveKey, LiveTable, LiveValue};
pub use sources::{Sources, read_schema_file, schema_files};
pub use tables::{
    TableDescription, TableDistance, TableIndex, TableKey, TableKeyKind, TableReplica, TableSetting, TableStream,
    TableVectorIndex,
};

use changes::Side;
use pull::Shape;

/// The JSON Schema of the schema language (draft 2020-12), for editors to complete and check schema files.
pub const JSON_SCHEMA: &str = include_str!("../models.schema.json");

/// Generates the output of a schema, in memory.
///
/// The same sources and options give the same files, byte for byte.
///
/// ```
/// use dyntastic_codegen::{Form, Options, Sources, generate};
///
/// let mut sources = Sources::new();
/// sources.add("models.yaml", "dyntastic: 1\nmodels: { User: { table: users, hash_key: id, fields: { id: string } } }");
/// let files = generate(&sources, &Options::new(Form::File))?;
/// assert!(files.get("models.rs").is_some_and(|code| code.contains("pub struct User")));
/// # Ok::<(), dyntastic_codegen::Diagnostics>(())
/// ```
///
/// # Errors
///
/// The mistakes of the schema, all at once, each with its code, place and fix; and its warnings. Without mistakes, the
/// warnings are in [`FileSet::warnings`].
pub fn generate(sources: &Sources, options: &Options) -> Result<FileSet, Diagnostics> {
    let resolved = resolve(sources, options)?;
    emit::emit(&resolved.set, sources, options)
        .map(|files| files.with_warnings(resolved.warnings))
        .map_err(|error| internal(sources, error))
}

/// A schema for tables that exist, which reads all items of their samples. What it guesses has a comment with its
/// evidence as counts.
///
/// ```
/// use dyntastic_codegen::{LiveItem, LiveKey, LiveTable, LiveValue, TableKeyKind, pull};
///
/// let hash_key = vec![("id".to_owned(), TableKeyKind::String)];
/// let mut users = LiveTable::new("users", LiveKey { hash_key, ..LiveKey::default() });
/// users.items.push(LiveItem::from([("id".to_owned(), LiveValue::Text("u1".to_owned()))]));
/// assert!(pull(&[users]).contains("id: string"));
/// ```
pub fn pull(tables: &[LiveTable]) -> String {
    let shape = |table| {
        let mut sources = Sources::new();
        sources.add("models.yaml", pull::schema([(table, Shape::Models)]));
        match resolve(&sources, &Options::new(Form::File)) {
            Ok(_) => (table, Shape::Models),
            // The models could not be told apart in each case.
            Err(_) => (table, Shape::One),
        }
    };
    pull::schema(tables.iter().map(shape))
}

/// Compares two schemas: what changes between them, and what each change does to stored items, tables and code.
///
/// # Errors
///
/// The mistakes of the old schema, or those of the new one.
pub fn changes(old: &Sources, new: &Sources) -> Result<Changes, Diagnostics> {
    let options = Options::new(Form::File);
    let (was, is) = (resolve(old, &options)?, resolve(new, &options)?);
    Ok(Changes::between((old, &Side::new(&was.set, &was.schema)), (new, &Side::new(&is.set, &is.schema))))
}

/// The lints of a schema: what is valid, and will be slow or expensive, or fail when the app grows. Each has a code such as
/// `L0101`, and the schema can allow it with a reason: `allow: { L0101: 'ten items in all' }`. The [`Diagnostics`] are
/// empty without one.
///
/// ```
/// use dyntastic_codegen::{Code, Sources, lint};
///
/// let schema = "dyntastic: 1
/// tables: { shop: { hash_key: { pk: string }, range_key: { sk: string } } }
/// models: { Order: { table: shop, key: { pk: ORDERS, sk: '{id}' }, fields: { id: ulid } } }";
/// let mut sources = Sources::new();
/// sources.add("models.yaml", schema);
/// let found = lint(&sources)?;
/// assert!(found.iter().any(|lint| lint.code() == Code::ConstantHashKey));
/// # Ok::<(), dyntastic_codegen::Diagnostics>(())
/// ```
///
/// # Errors
///
/// The mistakes of the schema.
#[cfg(feature = "catalog")]
pub fn lint(sources: &Sources) -> Result<Diagnostics, Diagnostics> {
    let resolved = resolve(sources, &Options::new(Form::File))?;
    Ok(Diagnostics::new(sources, lint::lint(&resolved.set, &resolved.schema)))
}

/// What the requests of a schema cost: read and write units of each operation and access pattern, by what uses them, and
/// money at the rates that the schema states. The sizes of items are the schema's `size:`, or estimates.
///
/// ```
/// use dyntastic_codegen::{Prices, Sources, cost};
///
/// let schema = "dyntastic: 1
/// models: { User: { table: users, hash_key: id, fields: { id: string }, size: 6000, rate: { get: 100 } } }";
/// let mut sources = Sources::new();
/// sources.add("models.yaml", schema);
/// let cost = cost(&sources, &Prices::default())?;
/// let get = &cost.models[0].requests[0];
/// assert_eq!((get.name.as_str(), get.read_units()), ("get", 1.0));
/// # Ok::<(), dyntastic_codegen::Diagnostics>(())
/// ```
///
/// # Errors
///
/// The mistakes of the schema.
#[cfg(feature = "catalog")]
pub fn cost(sources: &Sources, prices: &Prices) -> Result<Cost, Diagnostics> {
    let resolved = resolve(sources, &Options::new(Form::File))?;
    Ok(cost::of_schema(&resolved.set, &resolved.schema, prices))
}

/// The tables of a schema, each once, with what all its models say about it.
///
/// ```
/// use dyntastic_codegen::{Sources, TableSetting, tables};
///
/// let mut sources = Sources::new();
/// sources.add("models.yaml", "dyntastic: 1\nmodels: { User: { table: users, hash_key: id, fields: { id: string } } }");
/// let tables = tables(&sources)?;
/// assert_eq!(tables[0].name, TableSetting::Value("users".to_owned()));
/// # Ok::<(), dyntastic_codegen::Diagnostics>(())
/// ```
///
/// # Errors
///
/// The mistakes of the schema.
pub fn tables(sources: &Sources) -> Result<Vec<TableDescription>, Diagnostics> {
    Ok(tables::describe(&resolve(sources, &Options::new(Form::File))?.set))
}

/// The environment variables that a schema reads settings of tables from, each with its first place in the schema, such as
/// `models.yaml:12`: for errors about their values.
///
/// # Errors
///
/// The mistakes of the schema.
pub fn variables(sources: &Sources) -> Result<Vec<(String, String)>, Diagnostics> {
    let schema = resolve(sources, &Options::new(Form::File))?.schema;
    let lines = sources.lines();
    let of_models = schema.models.iter().map(|model| &model.table);
    let tables = of_models.chain(schema.tables.iter().map(|shared| &shared.table));
    let mut found: Vec<(String, String)> = Vec::new();
    for setting in tables.flat_map(|table| [&table.name, &table.region, &table.host]).flatten() {
        if let schema::SettingDecl::Env { variable, .. } = setting
            && !found.iter().any(|(known, _)| *known == variable.value)
        {
            found.push((variable.value.clone(), lines.of(variable.span)));
        }
    }
    Ok(found)
}

/// The rights of services: first those to all reads and writes of all models, and then those of each entry of `services:`.
/// [`iam()`] makes policies of them.
///
/// # Errors
///
/// The mistakes of the schema.
pub fn services(sources: &Sources) -> Result<Vec<ServiceRights>, Diagnostics> {
    let set = resolve(sources, &Options::new(Form::File))?.set;
    let uses = set.models.iter().map(resolve::whole).collect();
    let mut all = vec![infrastructure::all(&set, uses)];
    all.extend(infrastructure::of_services(&set));
    Ok(all)
}

/// The models of a schema, for commands on their items.
///
/// # Errors
///
/// The mistakes of the schema.
#[cfg(feature = "catalog")]
#[doc(hidden)]
pub fn items(sources: &Sources) -> Result<ItemsDescription, Diagnostics> {
    Ok(items::describe(&resolve(sources, &Options::new(Form::File))?.set))
}

/// A schema for editors: the file or folder of a path, and the files that it includes, by a function as that of
/// [`read_sources_by`]. Mistakes do not matter, and a file that cannot be read is one of them.
///
/// ```
/// use dyntastic_codegen::{analyse, complete};
///
/// let schema = "dyntastic: 1\nmodels: { User: { table: users, hash_key: id, fields: { id: string } } }";
/// let analysis = analyse("models.yaml".as_ref(), |_| Ok(vec![("models.yaml".to_owned(), schema.as_bytes().to_vec())]));
/// assert_eq!(analysis.references(0, schema.find("id").unwrap()).len(), 2);
/// let words = complete(&analysis, "models: { User: { hash_", 23);
/// assert!(words.iter().any(|completion| completion.word == "hash_key"));
/// ```
#[cfg(feature = "catalog")]
pub fn analyse(
    path: &std::path::Path,
    read: impl Fn(&std::path::Path) -> std::io::Result<Vec<(String, Vec<u8>)>>,
) -> Analysis {
    let mut sources = Sources::new();
    let unreadable = config::read_all(&mut sources, path, read);
    Analysis::new(sources, unreadable)
}

/// Finds the mistakes and warnings of an analysed schema, for [`Analysis::findings`] and [`Analysis::hover`]; of a schema
/// without mistakes, also the lints that it does not allow.
#[cfg(feature = "catalog")]
pub fn diagnose(analysis: &mut Analysis) {
    let sources = analysis.sources();
    let (mut schema, mut found) = read::read_documents(sources, analysis.documents());
    schema.broken.file |= !analysis.unreadable().is_empty();
    resolve::expand(&mut schema, &mut found);
    let (set, mut found) = resolve::resolve(&schema, found, None);
    if !found.has_mistakes() && analysis.unreadable().is_empty() {
        found.extend(lint::lint(&set, &schema));
    }
    let in_files = found.into_vec().into_iter().filter(|diagnostic| diagnostic.code() != Code::Unreadable);
    let all = in_files.chain(analysis.unreadable().iter().cloned()).collect();
    let diagnostics = Diagnostics::new(sources, all);
    analysis.set_diagnostics(diagnostics);
}

/// The edits that give the name at a place of an analysed schema another one, everywhere, in the order of their places.
/// What items store under the name stays: a field keeps its attribute, a table its name, a model of a shared table its
/// discriminator.
///
/// ```
/// use dyntastic_codegen::{analyse, rename};
///
/// let schema = "dyntastic: 1\nmodels: { User: { table: users, hash_key: id, fields: { id: string } } }";
/// let analysis = analyse("models.yaml".as_ref(), |_| Ok(vec![("models.yaml".to_owned(), schema.as_bytes().to_vec())]));
/// let place = schema.find("id").unwrap();
/// assert_eq!(rename(&analysis, 0, place, "user_id").map(|edits| edits.len()), Ok(3));
/// assert!(rename(&analysis, 0, place, "_").is_err_and(|reason| reason.contains("`_`")));
/// ```
///
/// # Errors
///
/// The reason why there is no such name: no name is at the place, the name is taken, or the schema would have a mistake
/// that it does not have now.
#[cfg(feature = "catalog")]
pub fn rename(analysis: &Analysis, file: usize, offset: usize, name: &str) -> Result<Vec<Edit>, String> {
    let edits = analysis.rename(file, offset, name)?;
    let mistakes = |edits: &[Edit]| {
        let mut edited = analysis.edited(edits);
        diagnose(&mut edited);
        edited
    };
    let renamed = mistakes(&edits);
    if renamed.findings().all(|finding| finding.severity == Severity::Warning) {
        return Ok(edits);
    }
    match mistakes(&[]).new_mistake(&renamed, file, offset, name) {
        None => Ok(edits),
        Some(Finding { code, message, .. }) => {
            Err(format!("with the name `{name}`, the schema has a mistake: {code}: {message}"))
        }
    }
}

/// The whole schema as data: tables, models, types, access patterns and relations, with example items.
///
/// ```
/// use dyntastic_codegen::{LiveValue, Sources, catalog};
///
/// let mut sources = Sources::new();
/// sources.add("models.yaml", "dyntastic: 1\nmodels: { User: { table: users, hash_key: id, fields: { id: string } } }");
/// let catalog = catalog(&sources)?;
/// assert_eq!(catalog.models[0].patterns[0].call, "User::get(&db, id).await?");
/// assert_eq!(catalog.models[0].examples[0].item["id"], LiveValue::Text("user-1".to_owned()));
/// # Ok::<(), dyntastic_codegen::Diagnostics>(())
/// ```
///
/// # Errors
///
/// The mistakes of the schema.
#[cfg(feature = "catalog")]
pub fn catalog(sources: &Sources) -> Result<Catalog, Diagnostics> {
    let set = resolve(sources, &Options::new(Form::File))?.set;
    let files = sources.iter().map(|(_, source)| source.name.rsplit('/').next().unwrap_or_default().to_owned());
    Ok(catalog::catalog(&set, files.collect()))
}

/// A page about a schema as an output, which a later run knows again: `index.html`. It knows the schema by what `place`
/// makes of the names of its files, such as their paths from the page's folder.
#[cfg(feature = "catalog")]
pub fn page(sources: &Sources, html: &str, place: impl Fn(&str) -> String) -> FileSet {
    const NAME: &str = "index.html";
    let places: Vec<String> = sources.iter().map(|(_, source)| place(&source.name)).collect();
    FileSet::of_page(NAME, header::page(&places, NAME) + html)
}

/// A schema without mistakes.
struct Resolved {
    schema: schema::Schema,
    set: model::ModelSet,
    warnings: Diagnostics,
}

fn resolve(sources: &Sources, options: &Options) -> Result<Resolved, Diagnostics> {
    let (mut schema, mut found) = read::read(sources);
    resolve::expand(&mut schema, &mut found);
    let lines = options.names_lines.then(|| sources.lines());
    let (set, mut found) = resolve::resolve(&schema, found, lines.as_ref());
    if options.denies_warnings {
        found.deny_warnings();
    }
    let is_sound = !found.has_mistakes();
    let found = Diagnostics::new(sources, found.into_vec());
    if !is_sound {
        return Err(found);
    }
    // A definition is left out only with a mistake; otherwise it would be lost silently.
    if !schema.broken.is_empty() || set.models.len() != schema.models.len() {
        return Err(internal(sources, "a definition is left out without a mistake".to_owned()));
    }
    Ok(Resolved { schema, set, warnings: found })
}

fn internal(sources: &Sources, error: String) -> Diagnostics {
    let help = "this is a mistake of the generator: please report it with the schema";
    Diagnostics::new(sources, vec![Diagnostic::new(Code::Internal, error).help(help)])
}

/// The form of an earlier run's files in a folder, from the header of their root; `None` without such files.
pub fn form_in(folder: impl AsRef<std::path::Path>) -> Option<Form> {
    let folder = folder.as_ref();
    ["Cargo.toml", "mod.rs", "models.rs"].iter().find_map(|root| {
        let text = String::from_utf8(file_set::read(&folder.join(root)).ok()??).ok()?;
        header::is_generated(&text).then(|| header::form_of(&text)).flatten()
    })
}
