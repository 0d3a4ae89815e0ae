//! A model's secondary indexes.

use super::draft::Draft;
use super::keys;
use super::names;
use super::projections::projected_field;
use super::resolver::Resolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Field, Index, KeyAttribute, KeyKind, MadeOf, Projection};
use crate::schema::{IndexDecl, ProjectionDecl, Spanned};
use crate::sources::Span;
use crate::text::show;
use heck::ToUpperCamelCase;

/// "Quotas in Amazon DynamoDB", Secondary indexes per table.
pub(crate) const MOST_LOCAL: usize = 5;
pub(crate) const MOST_GLOBAL: usize = 20;
/// "Quotas in Amazon DynamoDB", Projected secondary index attributes per table: the named attributes, without keys.
pub(crate) const MOST_PROJECTED: usize = 100;
/// "Multi-attribute keys pattern": the maximum number of attributes of a hash key, and of a range key.
const MOST_KEY_ATTRIBUTES: usize = 4;

/// The parts of a model that its indexes refer to.
pub(super) struct Context<'s> {
    pub(super) model: Draft<'s>,
    pub(super) hash_key: &'s KeyAttribute,
    pub(super) range_key: Option<&'s KeyAttribute>,
    pub(super) provisioned: bool,
}

/// The indexes, or `None` if there is a mistake in them.
pub(super) fn resolve(context: &Context<'_>, resolver: &mut Resolver<'_>) -> Option<Vec<Index>> {
    let mut index_names: Vec<(String, Span)> = Vec::new();
    let mut indexes = Vec::with_capacity(context.model.declared.indexes.len());
    for declared in context.model.declared.indexes.iter().filter(|declared| !declared.is_broken) {
        let resolved = index(context, declared, resolver);
        if let Some(index) = &resolved {
            if let Some((_, first)) = index_names.iter().find(|(name, _)| *name == index.index_name) {
                let message = format!("two indexes are called `{}` in DynamoDB", show(&index.index_name));
                let diagnostic = Diagnostic::new(Code::BadIndex, message)
                    .at(declared.name.span, "this index")
                    .related(*first, "and this one")
                    .help("give one of them another `name:`");
                resolver.report(diagnostic);
            }
            index_names.push((index.index_name.clone(), declared.name.span));
        }
        indexes.extend(resolved);
    }
    for (local, most, what) in [(true, MOST_LOCAL, "local"), (false, MOST_GLOBAL, "global")] {
        let surplus = context.model.declared.indexes.iter().filter(|index| index.local == local).nth(most);
        if let Some(index) = surplus {
            let message = format!("a table has at most {most} {what} secondary indexes");
            let diagnostic = Diagnostic::new(Code::BadIndex, message).at(index.name.span, "one too many");
            resolver.report(diagnostic.help("remove the indexes that no query needs"));
        }
    }
    let is_complete = indexes.len() == context.model.declared.indexes.len();
    let mut projected = 0;
    for (index, declared) in indexes.iter().zip(&context.model.declared.indexes) {
        let before = projected;
        projected += match &index.projection {
            Projection::Fields { include, .. } => include.len(),
            Projection::All => 0,
        };
        if is_complete && before <= MOST_PROJECTED && projected > MOST_PROJECTED {
            let message = format!("the indexes of a table project at most {MOST_PROJECTED} attributes by name");
            let diagnostic = Diagnostic::new(Code::BadIndex, message)
                .at(declared.name.span, format!("up to this index, {projected}"))
                .help("write `projection: all`, or name fewer");
            resolver.report(diagnostic);
        }
    }
    is_complete.then_some(indexes)
}

fn index(context: &Context<'_>, declared: &IndexDecl, resolver: &mut Resolver<'_>) -> Option<Index> {
    let start = resolver.found.mark();
    let name = resolver.keep(names::member_name(&declared.name, "index"));
    let type_name = name.as_ref().map(|name| format!("{}{}", context.model.name, name.to_upper_camel_case()));
    if let Some(type_name) = &type_name {
        let origin = format!(
            "the index `{}` of model `{}`",
            show(&declared.name.value),
            show(&context.model.declared.name.value)
        );
        let attributes = (!declared.range_key.is_empty()).then(|| format!("{type_name}Attributes"));
        let emitted = [type_name.clone(), format!("{type_name}Values")].into_iter().chain(attributes);
        resolver.take_all(emitted.map(|name| (name, origin.clone())), declared.name.span);
    }
    let hash_key = hash_key(context, declared, resolver);
    let range_key = range_key(context, declared, resolver);
    let throughput = throughput(context, declared, resolver);
    let index = Index {
        name: name?,
        type_name: type_name?,
        index_name: String::new(),
        local: declared.local,
        hash_key: hash_key?,
        range_key: range_key?,
        mixed: false,
        projection: Projection::All,
        when: Vec::new(),
        throughput,
    };
    key_attributes(declared, resolver);
    let index_name = index_name(declared, &index, resolver);
    let projection = projection(context, declared, &index, resolver)?;
    resolver.found.is_sound_since(start).then_some(Index { index_name, projection, ..index })
}

/// Checks that an index's key has few enough attributes, and each only once.
fn key_attributes(declared: &IndexDecl, resolver: &mut Resolver<'_>) {
    let most = if declared.local { 1 } else { MOST_KEY_ATTRIBUTES };
    for names in [&declared.hash_key, &declared.range_key] {
        if let Some(surplus) = names.get(most) {
            let message = match declared.local {
                true => "each key of a local secondary index is one attribute".to_owned(),
                false => format!("a key of a global secondary index has at most {most} attributes"),
            };
            let diagnostic = Diagnostic::new(Code::BadIndex, message).at(surplus.span, "one too many");
            resolver.report(diagnostic.help("name fewer fields"));
        }
    }
    let mut earlier: Vec<&Spanned<String>> = Vec::new();
    for name in declared.hash_key.iter().chain(&declared.range_key) {
        if let Some(first) = earlier.iter().find(|first| first.value == name.value) {
            let message = format!("the field `{}` is twice in the key of the index", show(&name.value));
            let diagnostic = Diagnostic::new(Code::SameKeyTwice, message)
                .at(name.span, "the same again")
                .related(first.span, "the first time")
                .help("name another field, or remove it");
            resolver.report(diagnostic);
        }
        earlier.push(name);
    }
}

fn hash_key(context: &Context<'_>, declared: &IndexDecl, resolver: &mut Resolver<'_>) -> Option<Vec<KeyAttribute>> {
    let Some(first) = declared.hash_key.first() else {
        if declared.local {
            return Some(vec![context.hash_key.clone()]);
        }
        let diagnostic =
            Diagnostic::new(Code::MissingKey, format!("index `{}` has no `hash_key`", show(&declared.name.value)))
                .at(declared.name.span, "`hash_key` is missing")
                .help("name the field that the index is queried by, or make the index `local: true`");
        resolver.report(diagnostic);
        return None;
    };
    let key = key_fields("hash key of an index", &declared.hash_key, !declared.local, context, resolver)?;
    if declared.local && key.iter().any(|key| key.attribute != context.hash_key.attribute) {
        let diagnostic = Diagnostic::new(Code::BadIndex, "a local secondary index has the hash key of its table")
            .at(first.span, "another hash key")
            .help("leave `hash_key` out, or drop `local: true`");
        resolver.report(diagnostic);
        return None;
    }
    Some(key)
}

/// The fields of a key; `None` if one has a mistake. `hashes` says whether a searchable field is in it by its hash.
fn key_fields(
    what: &str,
    names: &[Spanned<String>],
    hashes: bool,
    context: &Context<'_>,
    resolver: &mut Resolver<'_>,
) -> Option<Vec<KeyAttribute>> {
    let fields = context.model.attributes;
    let hash = |name: &Spanned<String>| {
        let (_, field) = fields.iter().find(|(decl, _)| decl.name.value == name.value).filter(|_| hashes)?;
        let hash = field.hash()?.to_owned();
        Some(KeyAttribute::of(hash, KeyKind::Binary, MadeOf::Hash(field.clone())))
    };
    let field = |name| hash(name).or_else(|| keys::key_field(what, name, true, fields, resolver));
    let fields: Vec<KeyAttribute> = names.iter().filter_map(field).collect();
    (fields.len() == names.len()).then_some(fields)
}

fn range_key(context: &Context<'_>, declared: &IndexDecl, resolver: &mut Resolver<'_>) -> Option<Vec<KeyAttribute>> {
    if declared.local && context.model.declared.range_key.is_none() {
        resolver.report(local_without_range_key(declared.name.span));
        return None;
    }
    let Some(first) = declared.range_key.first() else {
        if !declared.local {
            return Some(Vec::new());
        }
        let diagnostic = Diagnostic::new(Code::BadIndex, "a local secondary index needs a range key")
            .at(declared.name.span, "`range_key` is missing")
            .help("name the field that it sorts by, `range_key: at`, or drop `local: true`");
        resolver.report(diagnostic);
        return None;
    };
    let key = key_fields("range key of an index", &declared.range_key, false, context, resolver)?;
    let is_tables = |key: &KeyAttribute| context.range_key.is_some_and(|table| table.attribute == key.attribute);
    if declared.local && key.iter().any(is_tables) {
        let diagnostic =
            Diagnostic::new(Code::BadIndex, "a local secondary index has another range key than its table")
                .at(first.span, "the table's own range key")
                .help("name another field: the table itself is sorted by this one");
        resolver.report(diagnostic);
        return None;
    }
    Some(key)
}

/// "Local secondary indexes": the table's primary key is composite.
pub(crate) fn local_without_range_key(span: Span) -> Diagnostic {
    Diagnostic::new(Code::BadIndex, "a table without a range key cannot have local secondary indexes")
        .at(span, "this index is local")
        .help("give the table a `range_key`, or the index a `hash_key` and no `local: true`")
}

fn throughput(
    context: &Context<'_>,
    declared: &IndexDecl,
    resolver: &mut Resolver<'_>,
) -> Option<crate::model::Throughput> {
    let throughput = declared.throughput.as_ref()?;
    let why = match (declared.local, context.provisioned) {
        (true, _) => "a local secondary index shares the throughput of its table",
        (false, false) => "the indexes of a table that is paid per request have no throughput",
        (false, true) => return Some(throughput.value),
    };
    let help = "leave it out; only a global index of a table with `billing_mode: provisioned` has its own";
    let diagnostic = Diagnostic::new(Code::TableConflict, why).at(throughput.span, "throughput is given here");
    resolver.report(diagnostic.help(help));
    None
}

/// The name in the schema, or by default the key attributes and `-index`, as Dyntastic names it.
fn index_name(declared: &IndexDecl, index: &Index, resolver: &mut Resolver<'_>) -> String {
    let (name, span) = match &declared.index_name {
        Some(name) => (name.value.clone(), name.span),
        None => {
            let attributes: Vec<&str> = index.keys().map(|key| key.attribute.as_str()).collect();
            (format!("{}-index", attributes.join("_")), declared.name.span)
        }
    };
    resolver.found.extend(check_index_name(&name, span));
    name
}

/// The mistake in the name of an index.
pub(crate) fn check_index_name(name: &str, span: Span) -> Option<Diagnostic> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let is_bad = !(3..=255).contains(&name.len()) || !name.chars().all(allowed);
    is_bad.then(|| {
        let label = "an index's name has 3 to 255 of the characters a–z, A–Z, 0–9, `_`, `-` and `.`";
        Diagnostic::new(Code::BadIndex, format!("DynamoDB refuses the index name `{}`", show(name)))
            .at(span, label)
            .help("give it one with `name:`")
    })
}

fn projection(
    context: &Context<'_>,
    declared: &IndexDecl,
    index: &Index,
    resolver: &mut Resolver<'_>,
) -> Option<Projection> {
    let included: &[Spanned<String>] = match &declared.projection {
        ProjectionDecl::All => return Some(Projection::All),
        ProjectionDecl::KeysOnly => &[],
        ProjectionDecl::Include(included) => included,
    };
    let table_keys = std::iter::once(context.hash_key).chain(context.range_key);
    let keys: Vec<&str> = table_keys.chain(index.keys()).map(|key| key.attribute.as_str()).collect();
    let mut include = Vec::new();
    for name in included {
        let field = resolver.keep(projected_field(name, context.model.attributes))?;
        if !keys.contains(&field.attribute.as_str()) && !include.contains(&field.attribute) {
            include.push(field.attribute.clone());
        }
    }
    let projected = |field: &Field| keys.contains(&field.attribute.as_str()) || include.contains(&field.attribute);
    let is_key = |field: &Field| index.keys().any(|key| key.attribute == field.attribute);
    let fields = context.model.attributes.iter().map(|(_, field)| field).filter(|field| projected(field));
    let fields = fields.map(|field| context.model.read(field, is_key(field))).collect();
    Some(Projection::Fields { fields, include })
}
