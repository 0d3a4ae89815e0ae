//! Warnings: schemas that are valid, but probably not as intended.

use super::resolver::Resolver;
use super::scope::Scope;
use super::shared_tables::{Shared, first_model};
use super::{Resolved, resource_policy, types};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::model::{IndexDefinition, KeyKind, Scalar, Type};
use crate::schema::{DefaultDecl, FieldDecl, Schema, Spanned, StructKind, VariantKind};
use crate::sources::Span;
use crate::text::show;

/// The factories of texts, and their names in other languages.
const TEXT_FACTORIES: &[(&str, &str)] = &[
    ("uuid", "uuid_v4"),
    ("uuid4", "uuid_v4"),
    ("uuidv4", "uuid_v4"),
    ("uuid7", "uuid_v7"),
    ("uuidv7", "uuid_v7"),
    ("guid", "uuid_v4"),
    ("newuuid", "uuid_v4"),
    ("uuiduuid4", "uuid_v4"),
    ("ulid", "ulid"),
    ("newulid", "ulid"),
];

/// The warnings of a schema.
pub(crate) fn check(models: &[Resolved<'_>], tables: &[Shared<'_>], resolver: &mut Resolver<'_>) {
    let like_factories = fields(resolver.schema).filter_map(|field| text_like_factory(field, &resolver.scope));
    let like_factories: Vec<Diagnostic> = like_factories.collect();
    resolver.found.extend(like_factories);
    let schema = resolver.schema;
    let tables_of_models = schema.models.iter().map(|model| &model.table);
    let declared = tables_of_models.chain(schema.tables.iter().map(|shared| &shared.table));
    let policies = declared.filter_map(|table| table.create.resource_policy.as_ref());
    resolver.found.extend(policies.flat_map(resource_policy::unknown_actions));
    for (decl, model) in models.iter().filter(|(_, model)| model.sharing.is_none()) {
        let key = |key: &crate::model::KeyAttribute| (key.attribute.clone(), key.kind);
        let names: Vec<Span> = decl.indexes.iter().map(|index| index.name.span).collect();
        let of_table = (decl.hash_key.as_ref(), key(&model.hash_key), model.range_key.as_ref().map(key));
        surplus(&model.table.indexes, &names, &of_table, resolver);
    }
    for Shared { declared, resolved, .. } in tables {
        if first_model(resolved, models).is_none() {
            // A model with mistakes may belong to the table.
            if !resolver.found.has_mistakes() {
                resolver.report(no_model(&declared.name));
            }
            continue;
        }
        let names: Vec<Span> = declared.indexes.iter().map(|index| index.name.span).collect();
        let hash_name = declared.hash_key.as_ref().map(|key| &key.attribute);
        let of_table = (hash_name, resolved.hash_key.clone(), resolved.range_key.clone());
        surplus(&resolved.table.indexes, &names, &of_table, resolver);
    }
}

/// Every field that a schema declares.
fn fields(schema: &Schema) -> impl Iterator<Item = &FieldDecl> {
    let of_types = schema.types.iter().filter_map(|of| match &of.kind {
        StructKind::Fields { fields, .. } => Some(fields),
        StructKind::Rust { .. } => None,
    });
    let of_unions = schema.unions.iter().flat_map(|of| &of.variants).filter_map(|variant| match &variant.kind {
        VariantKind::Fields(fields) => Some(fields),
        VariantKind::Type(_) => None,
    });
    schema.models.iter().map(|model| &model.fields).chain(of_types).chain(of_unions).flatten()
}

/// A text that looks like the name of a factory of texts.
fn text_like_factory(field: &FieldDecl, scope: &Scope) -> Option<Diagnostic> {
    let Some(DefaultDecl::Plain(node)) = &field.default else { return None };
    let text = node.as_text()?;
    let ty = types::parse(field.ty.as_ref()?, scope).ok()??;
    let names = || TEXT_FACTORIES.iter().map(|(_, factory)| *factory);
    if ty != Type::Scalar(Scalar::String) || names().any(|name| name == text) {
        return None;
    }
    let plain: String = text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    let called = TEXT_FACTORIES.iter().find(|(other, _)| *other == plain).map(|(_, factory)| *factory);
    // The short names are near to too many words.
    let near = || names().filter(|name| name.len() > 4).find(|name| did_you_mean(text, [*name]).is_some());
    let factory = called.or_else(near)?;
    let message = format!("the default is the text `{}`, which looks like the name of a factory", show(text));
    let diagnostic = Diagnostic::new(Code::TextLikeFactory, message)
        .at(node.span, "every value will be this text")
        .help(format!("for a new one each time, write `default: {factory}`"))
        .help(format!("for the text itself, write `default: {{ value: {} }}`", show(text)));
    Some(diagnostic)
}

/// A table under `tables:` that no model names.
fn no_model(name: &Spanned<String>) -> Diagnostic {
    let message = format!("no model is in the table `{}`", show(&name.value));
    Diagnostic::new(Code::IdleTable, message)
        .at(name.span, "nothing is emitted for it")
        .help(format!("drop it, or write `table: {}` in a model, with its `key:`", show(&name.value)))
}

type Key = (String, KeyKind);

/// Indexes whose keys are those of another index with the same projection, or of the table.
fn surplus(
    indexes: &[IndexDefinition],
    names: &[Span],
    (table_name, hash_key, range_key): &(Option<&Spanned<String>>, Key, Option<Key>),
    resolver: &mut Resolver<'_>,
) {
    for (at, (index, span)) in indexes.iter().zip(names).enumerate() {
        let same = |other: &IndexDefinition| {
            let keys = index.hash_key == other.hash_key && index.range_key == other.range_key;
            keys && index.local == other.local && index.include == other.include
        };
        let is_tables = index.hash_key.as_slice() == std::slice::from_ref(hash_key)
            && index.range_key.as_slice() == range_key.as_slice();
        let first = indexes.iter().zip(names).take(at).find(|(other, _)| same(other)).map(|(_, first)| *first);
        let (message, related) = match (first, table_name) {
            (Some(first), _) => ("this index has the key and the projection of another", Some((first, "the other"))),
            (None, name) if is_tables => {
                ("this index has the key of its table", name.map(|name| (name.span, "the table's key")))
            }
            _ => continue,
        };
        let diagnostic = Diagnostic::new(Code::SurplusIndex, message)
            .at(*span, "it costs storage and writes, and serves no further query")
            .help("drop it");
        resolver.report(match related {
            Some((span, text)) => diagnostic.related(span, text),
            None => diagnostic,
        });
    }
}
