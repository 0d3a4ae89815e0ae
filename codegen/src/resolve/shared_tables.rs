//! Shared tables.

use super::indexes::{MOST_GLOBAL, MOST_LOCAL, check_index_name, local_without_range_key};
use super::names;
use super::resolver::Resolver;
use super::separators::{self, Separator};
use super::{Resolved, doc, shared_projections, table};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{IndexDefinition, KeyKind, Model, SharedTable};
use crate::schema::{KeyAttributeDecl, SettingDecl, SharedIndexDecl, SharedTableDecl, Spanned};
use crate::text::show;
use heck::ToUpperCamelCase;
use std::collections::HashSet;
use std::ops::Deref;

/// A resolved table with its declaration.
pub(crate) struct Shared<'s> {
    pub(crate) declared: &'s SharedTableDecl,
    pub(crate) resolved: SharedTable,
    /// The characters that end the fields of its keys.
    pub(crate) separators: Vec<Separator<'s>>,
}

/// The shared tables, and the names of those with mistakes.
#[derive(Default)]
pub(crate) struct Tables<'s> {
    sound: Vec<Shared<'s>>,
    broken: HashSet<&'s str>,
}

impl<'s> Deref for Tables<'s> {
    type Target = [Shared<'s>];

    fn deref(&self) -> &Self::Target {
        &self.sound
    }
}

impl Tables<'_> {
    /// Whether a table has mistakes, so that a reference to it is not another mistake.
    pub(crate) fn is_broken(&self, name: &str) -> bool {
        self.broken.contains(name)
    }
}

/// The tables; those with mistakes are left out.
pub(crate) fn resolve<'s>(resolver: &mut Resolver<'s>) -> Tables<'s> {
    let schema = resolver.schema;
    let broken = schema.broken.tables.iter().map(String::as_str).collect();
    let mut tables = Tables { broken, ..Tables::default() };
    for declared in &schema.tables {
        if let Some(first) = tables.iter().find(|first| first.declared.name.value == declared.name.value) {
            let message = format!("two tables are called `{}`", show(&declared.name.value));
            let diagnostic = Diagnostic::new(Code::NameCollision, message)
                .at(declared.name.span, "the same name")
                .related(first.declared.name.span, "the first")
                .help("rename one of them");
            resolver.report(diagnostic);
            continue;
        }
        let Some(resolved) = shared_table(declared, resolver) else {
            tables.broken.insert(&declared.name.value);
            continue;
        };
        let same = tables.iter().find(|first| first.resolved.table.is_same(&resolved.table));
        let differs = same.and_then(|first| disagree((declared, &resolved), (first.declared, &first.resolved)));
        if let Some(diagnostic) = differs {
            resolver.report(diagnostic);
            tables.broken.insert(&declared.name.value);
            continue;
        }
        tables.sound.push(Shared { declared, resolved, separators: separators::of_table(declared, schema) });
    }
    tables
}

/// Reports two entries of one table in DynamoDB that differ in its keys or its discriminator.
fn disagree(
    (declared, table): (&SharedTableDecl, &SharedTable),
    (first_declared, first): (&SharedTableDecl, &SharedTable),
) -> Option<Diagnostic> {
    let what = if (&table.hash_key, &table.range_key) != (&first.hash_key, &first.range_key) {
        "its keys"
    } else if (&table.discriminator, table.by_key) != (&first.discriminator, first.by_key) {
        "its discriminator"
    } else {
        return None;
    };
    let span = |of: &SharedTableDecl| of.table.name.as_ref().map_or(of.name.span, SettingDecl::span);
    let message = format!("two entries of `tables:` are the same table in DynamoDB, but differ in {what}");
    let diagnostic = Diagnostic::new(Code::TableConflict, message)
        .at(span(declared), "the same name")
        .related(span(first_declared), "the first")
        .help("give one of them another `name:`, or the same settings to both");
    Some(diagnostic)
}

fn shared_table(declared: &SharedTableDecl, resolver: &mut Resolver<'_>) -> Option<SharedTable> {
    let start = resolver.found.mark();
    let doc = doc::resolve(declared.doc.as_ref(), resolver);
    let mut table = table::resolve(&declared.table, resolver)?;
    let written = show(&declared.name.value);
    let type_name = match !declared.discriminator.is_empty() || declared.by_key {
        false => None,
        true => {
            let name = resolver.keep(names::type_name(&declared.name, "table"))?;
            let name = format!("{}Item", name.to_upper_camel_case());
            for suffix in ["", "Key", "Attributes"] {
                let origin = format!("the type `{name}{suffix}` of table `{written}`");
                resolver.take(&format!("{name}{suffix}"), origin, declared.name.span);
            }
            Some(name)
        }
    };
    let hash_key = declared.hash_key.as_ref()?;
    let keys: Vec<&KeyAttributeDecl> = std::iter::once(hash_key).chain(&declared.range_key).collect();
    check_kinds(declared, resolver);
    let is_provisioned = resolver.tables.throughput(&declared.table).is_some();
    for index in &declared.indexes {
        table.indexes.extend(shared_index(index, declared, is_provisioned, resolver));
    }
    for (local, most, what) in [(true, MOST_LOCAL, "local"), (false, MOST_GLOBAL, "global")] {
        if let Some(index) = declared.indexes.iter().filter(|index| index.local == local).nth(most) {
            let message = format!("a table has at most {most} {what} secondary indexes");
            let diagnostic = Diagnostic::new(Code::BadIndex, message).at(index.name.span, "one too many");
            resolver.report(diagnostic.help("remove the indexes that no query needs"));
        }
    }
    check_discriminator(declared, &keys, resolver);
    let attribute = |key: &KeyAttributeDecl| (key.attribute.value.clone(), key.kind);
    resolver.found.is_sound_since(start).then(|| SharedTable {
        name: declared.name.value.clone(),
        doc,
        type_name,
        table,
        hash_key: attribute(hash_key),
        range_key: declared.range_key.as_ref().map(attribute),
        discriminator: declared.discriminator.iter().map(|name| name.value.clone()).collect(),
        by_key: declared.by_key,
    })
}

/// Checks that the attributes of the discriminator differ, and that none of them is a key.
fn check_discriminator(declared: &SharedTableDecl, keys: &[&KeyAttributeDecl], resolver: &mut Resolver<'_>) {
    for (at, discriminator) in declared.discriminator.iter().enumerate() {
        if discriminator.value.is_empty() {
            let diagnostic = Diagnostic::new(Code::BadAttributeName, "DynamoDB refuses an attribute without a name");
            let diagnostic = diagnostic.at(discriminator.span, "the discriminator");
            resolver.report(diagnostic.help("such as `discriminator: kind`, or leave it out"));
            continue;
        }
        let first = declared.discriminator.iter().take(at).find(|first| first.value == discriminator.value);
        if let Some(first) = first {
            let message = format!("the discriminator has `{}` twice", show(&discriminator.value));
            let diagnostic = Diagnostic::new(Code::DuplicateAttribute, message)
                .at(discriminator.span, "the same again")
                .related(first.span, "the first")
                .help("drop one of them");
            resolver.report(diagnostic);
        }
        let of_indexes = declared.indexes.iter().flat_map(|index| index.hash_key.iter().chain(&index.range_key));
        let keys = keys.iter().map(|key| (*key, "the table")).chain(of_indexes.map(|key| (key, "an index")));
        let key = keys.into_iter().find(|(key, _)| key.attribute.value == discriminator.value);
        resolver.found.extend(key.map(|(key, of)| {
            Diagnostic::new(Code::DuplicateAttribute, format!("the discriminator is a key of {of}"))
                .at(discriminator.span, "it names an item's model")
                .related(key.attribute.span, "the key")
                .help("name another attribute, such as `discriminator: kind`")
                .help("make the key another attribute, which the models may give the same texts")
        }));
    }
}

/// Checks that each key attribute has one type, and that hash key and range key differ.
fn check_kinds(declared: &SharedTableDecl, resolver: &mut Resolver<'_>) {
    let own = declared.hash_key.iter().chain(&declared.range_key);
    if let (Some(hash_key), Some(range_key)) = (&declared.hash_key, &declared.range_key)
        && hash_key.attribute.value == range_key.attribute.value
    {
        let diagnostic = Diagnostic::new(Code::SameKeyTwice, "hash key and range key are the same attribute")
            .at(range_key.attribute.span, "the same again")
            .related(hash_key.attribute.span, "the hash key")
            .help("name another attribute, such as `range_key: { sk: string }`, or leave it out");
        resolver.report(diagnostic);
    }
    let indexed = declared.indexes.iter().flat_map(|index| index.hash_key.iter().chain(&index.range_key));
    let mut kinds: Vec<(&Spanned<String>, KeyKind)> = Vec::new();
    for key in own.chain(indexed) {
        let name = &key.attribute;
        if name.value.is_empty() || name.value.len() > 255 {
            let message = "DynamoDB refuses this name for a key attribute";
            let label = "the name of a key attribute has 1 to 255 bytes";
            let diagnostic = Diagnostic::new(Code::BadAttributeName, message).at(name.span, label);
            resolver.report(diagnostic.help("such as `pk`"));
        }
        match kinds.iter().find(|(known, _)| known.value == name.value) {
            Some((first, kind)) if *kind != key.kind => {
                let message = format!("the attribute `{}` has two types", show(&name.value));
                let diagnostic = Diagnostic::new(Code::TableConflict, message)
                    .at(name.span, "another type")
                    .related(first.span, "than here")
                    .help("give it one type, or name another attribute");
                resolver.report(diagnostic);
            }
            _ => kinds.push((name, key.kind)),
        }
    }
}

fn shared_index(
    index: &SharedIndexDecl,
    table: &SharedTableDecl,
    provisioned: bool,
    resolver: &mut Resolver<'_>,
) -> Option<IndexDefinition> {
    resolver.keep(names::member_name(&index.name, "index"))?;
    let refuse = |why: &str, label: &str| Diagnostic::new(Code::BadIndex, why).at(index.name.span, label);
    let hash_key = match (&index.hash_key, index.local) {
        (Some(key), false) => key,
        (None, true) => table.hash_key.as_ref()?,
        (None, false) => {
            let message = format!("index `{}` has no `hash_key`", show(&index.name.value));
            let diagnostic = Diagnostic::new(Code::MissingKey, message)
                .at(index.name.span, "`hash_key` is missing")
                .help("name its attribute and type, `hash_key: { gsi1pk: string }`, or make the index `local: true`");
            resolver.report(diagnostic);
            return None;
        }
        (Some(key), true) => {
            let why = "a local secondary index has the hash key of its table";
            let help = "leave `hash_key` out, or drop `local: true`";
            resolver.report(refuse(why, "another hash key").related(key.attribute.span, "here").help(help));
            return None;
        }
    };
    if index.local && table.range_key.is_none() {
        resolver.report(local_without_range_key(index.name.span));
        return None;
    }
    if index.local && index.range_key.is_none() {
        resolver.report(refuse("a local secondary index needs a range key", "`range_key` is missing"));
        return None;
    }
    let throughput = match &index.throughput {
        Some(units) if index.local => {
            let why = "a local secondary index shares the throughput of its table";
            resolver.report(Diagnostic::new(Code::TableConflict, why).at(units.span, "throughput is given here"));
            None
        }
        Some(units) if !provisioned => {
            let why = "the indexes of a table that is paid per request have no throughput";
            resolver.report(Diagnostic::new(Code::TableConflict, why).at(units.span, "throughput is given here"));
            None
        }
        units => units.as_ref().map(|units| units.value),
    };
    let name = index.index_name.as_ref().unwrap_or(&index.name);
    resolver.found.extend(check_index_name(&name.value, name.span));
    let attribute = |key: &KeyAttributeDecl| (key.attribute.value.clone(), key.kind);
    Some(IndexDefinition {
        index_name: name.value.clone(),
        local: index.local,
        hash_key: vec![attribute(hash_key)],
        range_key: index.range_key.iter().map(attribute).collect(),
        include: shared_projections::included(index, table),
        throughput,
    })
}

/// The tables for which code is emitted, with the settings that their models add.
pub(crate) fn used(tables: Tables<'_>, models: &[Resolved<'_>]) -> Vec<SharedTable> {
    let with_ttl = |table: Shared<'_>| {
        let model = first_model(&table.resolved, models)?;
        let mut table = table.resolved;
        table.table.ttl = model.table.ttl.clone();
        Some(table)
    };
    tables.sound.into_iter().filter_map(with_ttl).collect()
}

/// The first model that is in a table.
pub(super) fn first_model<'m>(table: &SharedTable, models: &'m [Resolved<'_>]) -> Option<&'m Model> {
    let of_table = |model: &&Model| model.sharing.as_ref().is_some_and(|of| of.table == table.name);
    models.iter().map(|(_, model)| model).find(of_table)
}
