//! Checks that what items store under the name of a key has the key's type. DynamoDB refuses other items, also those of
//! models that do not use the index.

use super::resolver::Resolver;
use super::shared_tables::Shared;
use super::{Resolved, fields};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Index, KeyKind, Table};
use crate::schema::{DiscriminatorDecl, KeyAttributeDecl, Spanned};
use crate::sources::Span;
use crate::text::show;

/// A key attribute of a table or of one of its indexes.
struct Key<'r> {
    table: &'r Table,
    attribute: &'r str,
    kind: KeyKind,
    span: Span,
}

/// What a model stores under a name.
struct Stored<'r> {
    attribute: &'r str,
    /// `None` if no key has such a type.
    kind: Option<KeyKind>,
    /// What it is: "the field `name` is".
    what: String,
    span: Span,
    help: &'static str,
}

pub(super) fn check(models: &[Resolved<'_>], tables: &[Shared<'_>], resolver: &mut Resolver<'_>) {
    let of_tables = tables.iter().flat_map(keys_of_table);
    let own = models.iter().filter(|(_, model)| model.sharing.is_none()).flat_map(keys_of_model);
    let keys: Vec<Key<'_>> = of_tables.chain(own).collect();
    for (at, key) in keys.iter().enumerate() {
        let earlier = keys.iter().take(at).find(|first| first.is(key.attribute, key.table) && first.kind != key.kind);
        resolver.found.extend(earlier.map(|first| {
            let label = format!("as this key, it is {}", text(Some(key.kind)));
            first.contradicted(key.span, label, "give the keys one type, or one of them another name")
        }));
    }
    for resolved @ (_, model) in models {
        let is_own = |stored: &Stored<'_>| {
            model.keys().chain(model.indexes.iter().flat_map(Index::keys)).any(|key| key.attribute == stored.attribute)
        };
        for stored in stored_by(resolved).filter(|stored| !is_own(stored)) {
            let key = keys.iter().find(|key| key.is(stored.attribute, &model.table));
            resolver.found.extend(key.filter(|key| Some(key.kind) != stored.kind).map(|key| {
                let label = format!("{} {}", stored.what, text(stored.kind));
                key.contradicted(stored.span, label, stored.help)
            }));
        }
    }
}

impl Key<'_> {
    fn is(&self, attribute: &str, table: &Table) -> bool {
        self.attribute == attribute && self.table.is_same(table)
    }

    /// The mistake that its attribute has another type elsewhere.
    fn contradicted(&self, span: Span, label: String, help: &'static str) -> Diagnostic {
        let message = format!("the attribute `{}` has two types in one table", show(self.attribute));
        Diagnostic::new(Code::TableConflict, message)
            .at(span, label)
            .related(self.span, format!("as a key, it is {}", text(Some(self.kind))))
            .help(help)
    }
}

fn text(kind: Option<KeyKind>) -> &'static str {
    match kind {
        Some(KeyKind::String) => "a text",
        Some(KeyKind::Number) => "a number",
        Some(KeyKind::Binary) => "bytes",
        None => "of a type that no key has",
    }
}

fn keys_of_table<'r>(table: &'r Shared<'_>) -> impl Iterator<Item = Key<'r>> {
    let of_indexes = table.declared.indexes.iter().flat_map(|index| index.hash_key.iter().chain(&index.range_key));
    let declared = table.declared.hash_key.iter().chain(&table.declared.range_key).chain(of_indexes);
    declared.map(|KeyAttributeDecl { attribute, kind, .. }| Key {
        table: &table.resolved.table,
        attribute: &attribute.value,
        kind: *kind,
        span: attribute.span,
    })
}

/// The keys of the table of a model's own.
fn keys_of_model<'r>((decl, model): &'r Resolved<'_>) -> impl Iterator<Item = Key<'r>> {
    let span = |name: Option<&Spanned<String>>| name.map_or(decl.name.span, |name| name.span);
    let range_key = model.range_key.iter().map(move |key| (key, span(decl.range_key.as_ref())));
    let of_table = std::iter::once((&model.hash_key, span(decl.hash_key.as_ref()))).chain(range_key);
    let of_indexes = model.indexes.iter().zip(&decl.indexes);
    let of_indexes = of_indexes.flat_map(|(index, decl)| index.keys().map(|key| (key, decl.name.span)));
    of_table.chain(of_indexes).map(|(key, span)| Key {
        table: &model.table,
        attribute: &key.attribute,
        kind: key.kind,
        span,
    })
}

/// What the items of a model store beside its keys.
fn stored_by<'r>((decl, model): &'r Resolved<'_>) -> impl Iterator<Item = Stored<'r>> {
    let fields = fields::declared(decl, model).filter(|(_, field)| !field.key_only);
    let fields = fields.flat_map(|(decl, field)| {
        let stored = Stored {
            attribute: &field.attribute,
            kind: if field.seal.is_some() { Some(KeyKind::Binary) } else { field.key_kind() },
            what: format!("the field `{}` is", show(&field.name)),
            span: decl.attribute.as_ref().unwrap_or(&decl.name).span,
            help: "give the field the type of the key, or another name in DynamoDB with `attribute:`",
        };
        let searchable = decl.seal.encrypt.as_ref().and_then(|encrypt| encrypt.searchable.as_ref());
        let hash = field.hash().zip(searchable).map(|(hash, searchable)| Stored {
            attribute: hash,
            kind: Some(KeyKind::Binary),
            what: format!("the hashes of `{}` are", show(&field.name)),
            span: searchable.span,
            help: "name another attribute for the hashes: `searchable: email_hash`",
        });
        [Some(stored), hash].into_iter().flatten()
    });
    let version = model.versions.as_ref().map(|versions| Stored {
        attribute: &versions.attribute,
        kind: Some(KeyKind::Number),
        what: "the schema version is".to_owned(),
        span: decl.name.span,
        help: "give the field of the version another name in DynamoDB with `attribute:`",
    });
    let discriminator = model.sharing.iter().flat_map(|sharing| &sharing.discriminator).map(|(name, _)| Stored {
        attribute: name,
        kind: Some(KeyKind::String),
        what: "the discriminator is".to_owned(),
        span: decl.discriminator.as_ref().map_or(decl.name.span, DiscriminatorDecl::span),
        help: "give the key or the discriminator another name",
    });
    fields.chain(version).chain(discriminator)
}
