//! Services: their models, operations, collections and streams.

use super::Resolved;
use super::resolver::Resolver;
use super::shared_tables::Tables;
use crate::diagnostic::{Code, Diagnostic, Help, did_you_mean};
use crate::model::{Collection, Field, Model, Operation, Seal, Service, Use};
use crate::schema::{FieldsDecl, ServiceDecl, Spanned, UseDecl};
use crate::terms::FieldRole;
use crate::text::show;

/// The operations with fixed names.
const OPERATIONS: &[(&str, Operation)] = &[
    ("get", Operation::Get),
    ("batch_get", Operation::BatchGet),
    ("query", Operation::Query),
    ("scan", Operation::Scan),
    ("save", Operation::Save),
    ("insert", Operation::Insert),
    ("replace", Operation::Replace),
    ("update", Operation::Update),
    ("delete", Operation::Delete),
    ("check", Operation::Check),
    ("rekey", Operation::Rekey),
    ("batch_write", Operation::BatchWrite),
    ("delete_partition", Operation::DeletePartition),
    ("migrate", Operation::Migrate),
    ("create_table", Operation::CreateTable),
    ("delete_table", Operation::DeleteTable),
];

/// Functions of the API whose requests are those of another operation.
const SYNONYMS: &[(&str, &str)] = &[
    ("find", "get"),
    ("refresh", "get"),
    ("transact_get", "get"),
    ("put", "save"),
    ("upsert", "update"),
    ("update_by_key", "update"),
    ("update_without_refresh", "update"),
    ("patch", "update"),
    ("soft_delete", "update"),
    ("soft_delete_by_key", "update"),
    ("restore", "update"),
    ("delete_by_key", "delete"),
    ("check_exists", "check"),
    ("batch_writer", "batch_write"),
    ("table_exists", "create_table"),
];

/// Functions of the API that find items, and write each.
const BULK: &[(&str, &str)] = &[("update_where", "update"), ("delete_where", "delete")];

/// The services; those with mistakes are left out.
pub(crate) fn resolve(
    models: &[Resolved<'_>],
    tables: &Tables<'_>,
    collections: &[Collection],
    resolver: &mut Resolver<'_>,
) -> Vec<Service> {
    let schema = resolver.schema;
    let mut all: Vec<Service> = Vec::new();
    for (at, declared) in schema.services.iter().enumerate() {
        if declared.name.value.trim().is_empty() {
            let help = "name it as the program is called, such as `checkout`";
            resolver.report(refuse(&declared.name, "a service has a name".to_owned()).help(help));
            continue;
        }
        if let Some(first) = schema.services.iter().take(at).find(|other| other.name.value == declared.name.value) {
            let message = format!("there are two services `{}`", show(&declared.name.value));
            resolver.report(
                refuse(&declared.name, message).related(first.name.span, "the first one").help("rename one of them"),
            );
        }
        all.extend(service(declared, models, tables, collections, resolver));
    }
    all
}

fn refuse(at: &Spanned<String>, message: String) -> Diagnostic {
    Diagnostic::new(Code::BadService, message).at(at.span, "")
}

fn service(
    declared: &ServiceDecl,
    models: &[Resolved<'_>],
    tables: &Tables<'_>,
    collections: &[Collection],
    resolver: &mut Resolver<'_>,
) -> Option<Service> {
    let start = resolver.found.mark();
    let mut uses: Vec<Use> = Vec::new();
    for of in &declared.models {
        if let Some(first) = declared.models.iter().find(|first| first.model.value == of.model.value)
            && first.model.span != of.model.span
        {
            let message = format!("the service has model `{}` twice", show(&of.model.value));
            resolver.report(refuse(&of.model, message).related(first.model.span, "the first time"));
            continue;
        }
        if let Some(model) = model_of(&of.model, models, resolver) {
            uses.extend(used(of, model, resolver));
        }
    }
    for name in &declared.collections {
        let is_declared = resolver.schema.collections.iter().any(|known| known.name.value == name.value);
        if !is_declared && !collections.iter().any(|known| known.type_name == name.value) {
            let names = collections.iter().map(|known| known.type_name.as_str());
            let help =
                did_you_mean(&name.value, names).unwrap_or_else(|| "name an entry of `collections:`".to_owned().into());
            resolver.report(refuse(name, format!("there is no collection `{}`", show(&name.value))).help(help));
        }
    }
    let streams = declared.streams.iter().filter_map(|name| stream(name, models, tables, resolver)).collect();
    let names_nothing = declared.models.is_empty() && declared.collections.is_empty() && declared.streams.is_empty();
    let is_silent = names_nothing && !declared.ensure_tables;
    if is_silent {
        uses = models.iter().map(|(_, model)| whole(model)).collect();
    }
    resolver.found.is_sound_since(start).then(|| Service {
        name: declared.name.value.clone(),
        doc: declared.doc.as_ref().map(|doc| doc.value.trim().to_owned()),
        uses,
        collections: match is_silent {
            true => collections.iter().map(|known| known.type_name.clone()).collect(),
            false => declared.collections.iter().map(|name| name.value.clone()).collect(),
        },
        streams,
        auto_create: declared.auto_create,
        ensure_tables: declared.ensure_tables,
    })
}

/// All reads and writes of a model.
pub(crate) fn whole(model: &Model) -> Use {
    let is_of_items =
        |of: &Operation| !matches!(of, Operation::Migrate | Operation::CreateTable | Operation::DeleteTable);
    let fixed = OPERATIONS.iter().map(|(_, operation)| operation.clone());
    let has = |of: &Operation| is_of_items(of) && why_not(of, model).is_none();
    let indexes = (0..model.indexes.len()).flat_map(|at| [Operation::QueryIndex(at), Operation::ScanIndex(at)]);
    let indexes = indexes.chain((0..model.vector_indexes.len()).map(Operation::Search));
    Use { model: model.name.clone(), operations: fixed.chain(indexes).filter(has).collect(), fields: None }
}

/// The model with this name; `None` if it has mistakes, or with a diagnostic.
fn model_of<'m>(name: &Spanned<String>, models: &'m [Resolved<'_>], resolver: &mut Resolver<'_>) -> Option<&'m Model> {
    let found = models.iter().find(|(declared, _)| declared.name.value == name.value);
    let is_known = resolver.schema.broken.models.contains(&name.value)
        || resolver.schema.models.iter().any(|declared| declared.name.value == name.value);
    if found.is_none() && !is_known {
        let names = resolver.schema.models.iter().map(|declared| declared.name.value.as_str());
        let help = did_you_mean(&name.value, names).unwrap_or_else(|| "name an entry of `models:`".to_owned().into());
        resolver.report(refuse(name, format!("there is no model `{}`", show(&name.value))).help(help));
    }
    found.map(|(_, model)| model)
}

/// A model whose table's stream it is.
fn stream(
    name: &Spanned<String>,
    models: &[Resolved<'_>],
    tables: &Tables<'_>,
    resolver: &mut Resolver<'_>,
) -> Option<String> {
    let of_table = |model: &Model| model.sharing.as_ref().is_some_and(|sharing| sharing.table == name.value);
    let is_table = tables.iter().any(|table| table.declared.name.value == name.value);
    let is_broken = tables.is_broken(&name.value);
    let model = match models.iter().find(|(_, model)| of_table(model)) {
        Some((_, model)) => model,
        None if is_table || is_broken => return None,
        None if resolver.schema.models.iter().all(|declared| declared.name.value != name.value) => {
            let names = tables.iter().map(|table| table.declared.name.value.as_str());
            let names = names.chain(resolver.schema.models.iter().map(|declared| declared.name.value.as_str()));
            let help =
                did_you_mean(&name.value, names).unwrap_or_else(|| "name the model of a table".to_owned().into());
            let message = format!("there is no table and no model `{}`", show(&name.value));
            resolver.report(refuse(name, message).help(help));
            return None;
        }
        None => model_of(name, models, resolver)?,
    };
    // Another model of the table may state its stream.
    if models.iter().all(|(_, of)| of.table.stream.is_none() || !of.table.is_same(&model.table)) {
        let message = format!("the table of `{}` has no stream", show(&name.value));
        resolver.report(refuse(name, message).help("write `create: { stream: new_and_old_images }` in the table"));
    }
    Some(model.name.clone())
}

fn used(declared: &UseDecl, model: &Model, resolver: &mut Resolver<'_>) -> Option<Use> {
    let all = whole(model).operations;
    let mut operations: Vec<Operation> = Vec::new();
    for name in declared.operations.iter().flatten() {
        match name.value.as_str() {
            "all" => operations.extend(all.iter().cloned()),
            "read" => operations.extend(all.iter().filter(|of| of.is_read()).cloned()),
            "write" => operations.extend(all.iter().filter(|of| !of.is_read()).cloned()),
            _ => operations.extend(operation(name, model, resolver)),
        }
    }
    if declared.operations.is_none() {
        operations = all;
    }
    let fields = match &declared.fields {
        None => None,
        Some(fields) => {
            if declared.operations.is_none() {
                operations.retain(limits_fields);
            }
            check_limited(declared, &operations, model, resolver);
            let known = |name: &&Spanned<String>| {
                let is_known = model.attributes().any(|field| field.name == name.value);
                if !is_known {
                    let names = model.attributes().map(|field| field.name.as_str());
                    let help = did_you_mean(&name.value, names)
                        .unwrap_or_else(|| "name a field of the model".to_owned().into());
                    let message = format!("model `{}` has no field `{}`", show(&model.name), show(&name.value));
                    resolver.report(refuse(name, message).help(help));
                }
                is_known
            };
            Some(fields.names.iter().filter(known).map(|name| name.value.clone()).collect())
        }
    };
    Some(Use { model: model.name.clone(), operations, fields })
}

/// The operation with this name.
fn operation(name: &Spanned<String>, model: &Model, resolver: &mut Resolver<'_>) -> Option<Operation> {
    let index = |prefix: &str| {
        let index = name.value.strip_prefix(prefix)?;
        model.indexes.iter().position(|known| known.name == index)
    };
    let vector = || {
        let index = name.value.strip_prefix("search_")?;
        model.vector_indexes.iter().position(|known| known.name == index).map(Operation::Search)
    };
    let pattern = || {
        let query = model.queries.iter().find(|query| query.name == name.value)?;
        let index = model.indexes.iter().position(|index| index.type_name == query.source);
        Some(index.map_or(Operation::Query, Operation::QueryIndex))
    };
    let fixed = OPERATIONS.iter().find(|(known, _)| *known == name.value).map(|(_, operation)| operation.clone());
    let found = fixed
        .or_else(|| index("query_").map(Operation::QueryIndex))
        .or_else(|| index("scan_").map(Operation::ScanIndex))
        .or_else(vector)
        .or_else(pattern);
    let model_name = show(&model.name);
    let Some(found) = found else {
        let message = format!("model `{model_name}` has no operation `{}`", show(&name.value));
        let help = function(&name.value, model).map_or_else(|| unknown(&name.value, model), Help::from);
        resolver.report(refuse(name, message).help(help));
        return None;
    };
    if let Some(why) = why_not(&found, model) {
        let message = format!("model `{model_name}` has no `{}`", show(&name.value));
        let help = match found {
            Operation::Update => "write `get` and `save`: read the item, change it and save it",
            _ => "leave it out",
        };
        resolver.report(Diagnostic::new(Code::BadService, message).at(name.span, why).help(help));
        return None;
    }
    Some(found)
}

/// What to write for a function of the API that is no operation of its own.
fn function(name: &str, model: &Model) -> Option<String> {
    if let Some((known, ours)) = BULK.iter().find(|(known, _)| *known == name) {
        return Some(format!("write `{ours}`, and `query` or `scan`: `{known}` finds the items by one of them"));
    }
    let has =
        |field: Option<&str>, role| model.fields.iter().any(|of| of.role == Some(role) && Some(&*of.name) == field);
    let counts = has(name.strip_prefix("increment_"), FieldRole::Counter)
        || has(name.strip_suffix("_sequence"), FieldRole::Sequence);
    let synonym = SYNONYMS.iter().find(|(known, _)| *known == name).map(|(_, ours)| *ours);
    let ours = synonym.or(counts.then_some("update"))?;
    Some(format!("write `{ours}`, which sends the requests of `{name}` too"))
}

fn unknown(written: &str, model: &Model) -> Help {
    let fixed = OPERATIONS.iter().map(|(known, _)| (*known).to_owned());
    let indexes =
        model.indexes.iter().flat_map(|index| [format!("query_{}", index.name), format!("scan_{}", index.name)]);
    let indexes = indexes.chain(model.vector_indexes.iter().map(|index| format!("search_{}", index.name)));
    let patterns = model.queries.iter().map(|query| query.name.clone());
    let words: Vec<String> = ["all", "read", "write"].map(str::to_owned).into_iter().chain(fixed).collect();
    let indexes: Vec<String> = indexes.collect();
    // The index is there, and has other operations.
    let index = |name: &str| name.split_once('_').map(|(_, index)| index.to_owned());
    let of_index: Vec<&String> = indexes.iter().filter(|name| index(name) == index(written)).collect();
    match of_index.as_slice() {
        [] => {}
        [only] => {
            let text = format!("a vector index is searched: did you mean `{only}`?");
            return Help::replacing(text, Some(written), only);
        }
        several => {
            let several: Vec<String> = several.iter().map(|name| format!("`{name}`")).collect();
            return format!("the operations on this index are {}", several.join(" and ")).into();
        }
    }
    let names: Vec<String> = words.iter().cloned().chain(indexes.iter().cloned()).chain(patterns).collect();
    did_you_mean(written, names.iter().map(String::as_str)).unwrap_or_else(|| {
        let words = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        let indexes = "`query_` or `scan_` and an index, `search_` and a vector index";
        format!("write {words}, {indexes}, or an access pattern of `queries:`").into()
    })
}

/// The reason why a model does not have an operation.
fn why_not(operation: &Operation, model: &Model) -> Option<&'static str> {
    match operation {
        Operation::BatchWrite | Operation::DeletePartition if model.is_unique() => {
            Some("batches do not keep its fields unique")
        }
        Operation::Scan | Operation::ScanIndex(_) if model.context.is_some() => {
            Some("a client of a context reads its items alone, and a scan would read all")
        }
        Operation::Update if model.hooks.before_write.is_some() => Some("its `before_write` needs the whole item"),
        Operation::DeletePartition if model.range_key.is_none() => Some("its table has no range key"),
        Operation::Migrate if !model.has_discriminator() => {
            Some("the progress of its migration is in another table, which only code names")
        }
        _ => None,
    }
}

/// Whether an operation can be limited to some fields.
fn limits_fields(operation: &Operation) -> bool {
    operation.is_read() && *operation != Operation::Get || *operation == Operation::Update
}

/// How a field is sealed of which reads of some fields have nothing: filters compare the hash of a searchable one.
fn sealed<'m>(name: &Spanned<String>, model: &'m Model) -> Option<&'m Seal> {
    let field = model.fields.iter().find(|field| field.name == name.value && field.hash().is_none())?;
    field.seal.as_ref()
}

/// Whether an update of a field changes guards.
fn is_guarded(name: &Spanned<String>, model: &Model) -> bool {
    let several = model.unique_together.iter().flatten();
    let ttl = model.role(FieldRole::Ttl).filter(|_| model.is_unique());
    let from = |field: &&Field| model.is_unique() && model.computed.iter().any(|of| of.is_expiry_from(field));
    let from = model.fields.iter().find(from);
    model.unique().chain(several).chain(ttl).chain(from).any(|field| field.name == name.value)
}

/// Whether a computed field is made of the field, and of others that are not listed.
fn is_in_part_of_computed(name: &str, listed: &FieldsDecl, model: &Model) -> bool {
    let is_listed = |field: &&Field| listed.names.iter().any(|name| name.value == field.name);
    let parts = model.computed.iter().map(|of| of.by.fields());
    let mut made = parts.filter(|parts| parts.iter().any(|field| field.name == name));
    // An update knows the key of its item.
    made.any(|parts| !parts.iter().filter(|field| !model.is_key(field)).all(is_listed))
}

/// Whether a key or a condition of an index has the field, and others that are not listed.
fn is_in_part_of_index(name: &str, listed: &FieldsDecl, model: &Model) -> bool {
    let is_listed = |field: &Field| listed.names.iter().any(|name| name.value == field.name);
    model.indexes.iter().any(|index| {
        let conditions = index.when.iter().map(|when| &when.field);
        let parts: Vec<&Field> = index
            .keys()
            .filter(|key| !key.parts().is_empty() || key.shards.is_some())
            .flat_map(|key| {
                // An update knows the key of its item.
                key.fields().chain(key.sharded_by().filter(|by| !model.is_key(by)))
            })
            .chain(conditions)
            .collect();
        parts.iter().any(|field| field.name == name) && !parts.into_iter().all(is_listed)
    })
}

/// `fields:` needs operations that name their attributes.
fn check_limited(declared: &UseDecl, operations: &[Operation], model: &Model, resolver: &mut Resolver<'_>) {
    let Some(fields) = &declared.fields else { return };
    let refuse = |message: &str, help: &str| {
        Diagnostic::new(Code::BadService, message).at(fields.span, "").help(help.to_owned())
    };
    if fields.names.is_empty() {
        resolver.report(refuse("`fields` names no field", "such as `fields: [name, email]`"));
    } else if operations.iter().any(|of| !limits_fields(of)) {
        let help = "use `batch_get` for `get`, and leave out `fields`, or the operations on whole items";
        resolver.report(refuse("only `update` and reads with `project` can be of some fields", help));
    } else if let Some(name) =
        fields.names.iter().find(|name| operations.contains(&Operation::Update) && is_guarded(name, model))
    {
        let message = format!("an update of the unique field `{}` reads the whole item", show(&name.value));
        resolver.report(refuse(&message, "leave it out, or leave `fields` out"));
    } else if operations.contains(&Operation::Update)
        && let Some(name) = fields.names.iter().find(|name| is_in_part_of_index(&name.value, fields, model))
    {
        let message = format!("an update of `{}` needs the other fields of its index keys too", show(&name.value));
        resolver.report(refuse(&message, "list them in `fields` too, or leave `fields` out"));
    } else if operations.contains(&Operation::Update)
        && let Some(name) = fields.names.iter().find(|name| is_in_part_of_computed(&name.value, fields, model))
    {
        let message = format!("an update of `{}` needs the other fields of its computed fields too", show(&name.value));
        resolver.report(refuse(&message, "list them in `fields` too, or leave `fields` out"));
    } else if let Some((name, seal)) = fields.names.iter().find_map(|name| Some((name, sealed(name, model)?)))
        && !operations.contains(&Operation::Update)
    {
        let message = format!("no read with `project` has `{}`, which is {}", show(&name.value), seal.text());
        resolver.report(refuse(&message, "leave it out, or leave `fields` out: it is read with the whole item"));
    } else if let Some(versions) = &model.versions {
        let message = "an item with a schema version is read as a whole, since upgrades need it";
        let help = format!("leave `fields` out, or the role of `{}`", show(&versions.attribute));
        resolver.report(refuse(message, &help));
    }
}
