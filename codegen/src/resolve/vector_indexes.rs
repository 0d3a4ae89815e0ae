//! A model's vector indexes.

use super::draft::Draft;
use super::indexes::check_index_name;
use super::keys::{key_field, unknown_field};
use super::projections::projected_field;
use super::resolver::Resolver;
use super::{computed, names};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Field, Index, KeyAttribute, KeyKind, Type, VectorIndex, VectorIndexDefinition};
use crate::schema::{ProjectionDecl, Spanned, VectorIndexDecl};
use crate::text::show;
use heck::ToUpperCamelCase;

/// "Quotas in Amazon DynamoDB", Vector indexes: the maximum of a table.
const MOST: usize = 5;

/// The parts of a model that its vector indexes refer to.
pub(super) struct Context<'s> {
    pub(super) model: Draft<'s>,
    pub(super) keys: Vec<&'s KeyAttribute>,
    pub(super) indexes: &'s [Index],
    pub(super) is_shared: bool,
}

/// The vector indexes, or `None` if there is a mistake in them.
pub(super) fn resolve(context: &Context<'_>, resolver: &mut Resolver<'_>) -> Option<Vec<VectorIndex>> {
    let declared = &context.model.declared.vector_indexes;
    let Some(first) = declared.first() else { return Some(Vec::new()) };
    let start = resolver.found.mark();
    if context.is_shared {
        let message = "a model of a shared table has no vector indexes";
        let diagnostic = Diagnostic::new(Code::BadIndex, message)
            .at(first.name.span, "searches would find the items of other models too")
            .help("give the model a table of its own");
        resolver.report(diagnostic);
        return None;
    }
    if resolver.tables.throughput(&context.model.declared.table).is_some() {
        let diagnostic = Diagnostic::new(Code::TableConflict, "a provisioned table has no vector indexes")
            .at(first.name.span, "only a table that is paid per request has them")
            .help("drop `throughput` from the table, and `billing_mode: provisioned`");
        resolver.report(diagnostic);
    }
    if let Some(surplus) = declared.get(MOST) {
        let message = format!("a table has at most {MOST} vector indexes");
        let diagnostic = Diagnostic::new(Code::BadIndex, message).at(surplus.name.span, "one too many");
        resolver.report(diagnostic.help("remove those that no search needs"));
    }
    let mut found: Vec<VectorIndex> = Vec::with_capacity(declared.len());
    for declared in declared {
        let Some(index) = index(context, declared, resolver) else { continue };
        let name = &index.definition.index_name;
        let others = found.iter().map(|of| &of.definition.index_name);
        if others.chain(context.indexes.iter().map(|of| &of.index_name)).any(|other| other == name) {
            let message = format!("two indexes are called `{}` in DynamoDB", show(name));
            let diagnostic =
                Diagnostic::new(Code::BadIndex, message).at(declared.name.span, "another has the name too");
            resolver.report(diagnostic.help("give one of them another `name:`"));
        }
        found.push(index);
    }
    resolver.found.is_sound_since(start).then_some(found)
}

fn index(context: &Context<'_>, declared: &VectorIndexDecl, resolver: &mut Resolver<'_>) -> Option<VectorIndex> {
    let model = &context.model;
    let name = resolver.keep(names::member_name(&declared.name, "index"))?;
    let type_name = format!("{}{}", model.name, name.to_upper_camel_case());
    let written = (show(&declared.name.value), show(&model.declared.name.value));
    let origin = format!("the vector index `{}` of model `{}`", written.0, written.1);
    let emitted = [type_name.clone(), format!("{type_name}Values")];
    resolver.take_all(emitted.map(|name| (name, origin.clone())), declared.name.span);
    let vector = vector(&declared.vector, model, resolver);
    let hash_key = match &declared.hash_key {
        Some(name) => Some(key_field("hash key of a vector index", name, true, model.attributes, resolver)?),
        None => None,
    };
    let filters = declared.filterable.iter().map(|name| filter(name, declared, model, resolver));
    let filters: Vec<Option<(String, KeyKind)>> = filters.collect();
    let filterable: Vec<(String, KeyKind)> = filters.into_iter().collect::<Option<_>>()?;
    let (vector, dimensions) = vector?;
    let index_name = match &declared.index_name {
        Some(name) => name.value.clone(),
        None => format!("{}-index", vector.attribute),
    };
    let span = declared.index_name.as_ref().map_or(declared.name.span, |name| name.span);
    resolver.found.extend(check_index_name(&index_name, span));
    let searched = hash_key.iter().map(|key| &key.attribute).chain(filterable.iter().map(|(name, _)| name));
    let held: Vec<&String> = context.keys.iter().map(|key| &key.attribute).chain(searched).collect();
    let include = match &declared.projection {
        ProjectionDecl::All => None,
        ProjectionDecl::KeysOnly => Some(Vec::new()),
        ProjectionDecl::Include(names) => Some(included(names, &vector, &held, model, resolver)?),
    };
    let is_in = |field: &&Field| match &include {
        // A sealed value is read only with the whole item.
        None => field.seal.is_none(),
        Some(include) => held.contains(&&field.attribute) || include.contains(&field.attribute),
    };
    let fields = model.attributes.iter().map(|(_, field)| field).filter(|field| field.name != vector.name);
    let is_hash_key = |field: &Field| hash_key.as_ref().is_some_and(|key| key.attribute == field.attribute);
    let fields = fields.filter(is_in).map(|field| model.read(field, is_hash_key(field))).collect();
    let definition = VectorIndexDefinition {
        index_name,
        attribute: vector.attribute.clone(),
        dimensions,
        distance: declared.distance,
        hash_key: hash_key.as_ref().map(|key| (key.attribute.clone(), key.kind)),
        filterable,
        include,
    };
    Some(VectorIndex { name, type_name, vector, hash_key, fields, definition })
}

/// The field with the vectors, and the number of their dimensions.
fn vector(name: &Spanned<String>, model: &Draft<'_>, resolver: &mut Resolver<'_>) -> Option<(Field, u16)> {
    let help = "searches compare stored vectors: name such a field";
    if let Some(diagnostic) = computed::named("the vector of an index cannot be", name, model.declared, help) {
        resolver.report(diagnostic);
        return None;
    }
    let Some((decl, field)) = model.fields.iter().find(|(decl, _)| decl.name.value == name.value) else {
        resolver.report(unknown_field("vector of an index", name, model.fields));
        return None;
    };
    match field.ty.present() {
        Type::Vector(dimensions) => Some((field.clone(), *dimensions)),
        _ => {
            let message = format!("the field `{}` is no vector", show(&name.value));
            let diagnostic = Diagnostic::new(Code::BadIndex, message)
                .at(decl.ty.as_ref().map_or(decl.name.span, |ty| ty.span), "another type")
                .related(name.span, "searched here")
                .help("give it the type `vector<1536>`, with the number of its dimensions");
            resolver.report(diagnostic);
            None
        }
    }
}

/// An attribute by which searches filter. Unlike a key, it may be a float.
fn filter(
    name: &Spanned<String>,
    declared: &VectorIndexDecl,
    model: &Draft<'_>,
    resolver: &mut Resolver<'_>,
) -> Option<(String, KeyKind)> {
    if let Some(hash_key) = declared.hash_key.as_ref().filter(|key| key.value == name.value) {
        let message = format!("the field `{}` is the hash key of the vector index", show(&name.value));
        let diagnostic = Diagnostic::new(Code::BadIndex, message)
            .at(name.span, "the same again")
            .related(hash_key.span, "the hash key")
            .help("leave it out here: every search is in one of its values");
        resolver.report(diagnostic);
        return None;
    }
    let Some((decl, field)) = model.attributes.iter().find(|(decl, _)| decl.name.value == name.value) else {
        resolver.report(unknown_field("filterable field", name, model.attributes));
        return None;
    };
    let is_float = matches!(field.ty.present(), Type::Scalar(scalar) if scalar.is_float());
    let kind = field.key_kind().or_else(|| is_float.then_some(KeyKind::Number));
    if kind.is_none() {
        let message = format!("searches cannot filter by the field `{}`", show(&name.value));
        let diagnostic = Diagnostic::new(Code::BadKeyType, message)
            .at(decl.ty.as_ref().map_or(decl.name.span, |ty| ty.span), "a filter is a string, a number or binary")
            .related(name.span, "filterable here")
            .help("name another field, or store it as one of these: a `bool` has `format: number`");
        resolver.report(diagnostic);
    }
    Some((field.attribute.clone(), kind?))
}

/// The attributes of a projection that the index does not hold anyway.
fn included(
    names: &[Spanned<String>],
    vector: &Field,
    held: &[&String],
    model: &Draft<'_>,
    resolver: &mut Resolver<'_>,
) -> Option<Vec<String>> {
    let mut include = Vec::with_capacity(names.len());
    for name in names {
        let field = resolver.keep(projected_field(name, model.attributes))?;
        if field.name == vector.name {
            let diagnostic = Diagnostic::new(Code::BadIndex, "the vector of an index is not in its projection")
                .at(name.span, "searches do not return it")
                .help("leave it out; `.full()` of a search fetches whole items, with their vectors");
            resolver.report(diagnostic);
            return None;
        }
        if !held.contains(&&field.attribute) {
            include.push(field.attribute.clone());
        }
    }
    Some(include)
}
