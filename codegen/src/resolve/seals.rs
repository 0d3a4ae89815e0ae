//! Sealed fields: those that are stored compressed or encrypted, so that DynamoDB cannot look into them.

use super::resolver::Resolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Field, FieldEncryption, Index, KeyAttribute, Model, Projection, Seal};
use crate::schema::{FieldDecl, ModelDecl, ProjectionDecl, SealDecl, Spanned};
use crate::sources::Span;
use crate::text::show;

/// How a field is sealed.
pub(super) fn of_field(declared: &SealDecl) -> Option<Seal> {
    declared.span()?;
    Some(Seal {
        is_compressed: declared.compress.is_some(),
        encryption: declared.encrypt.as_ref().map(|encrypt| FieldEncryption {
            key: encrypt.key.value.clone(),
            reads_unencrypted: encrypt.unencrypted.is_some(),
        }),
    })
}

/// Reports sealed fields in structs that are not models.
pub(super) fn refuse(fields: &[FieldDecl], resolver: &mut Resolver<'_>) {
    for field in fields {
        let (Some(span), Some(seal)) = (field.seal.span(), of_field(&field.seal)) else { continue };
        let message =
            format!("the field `{}` is {}, but is not a field of a model", show(&field.name.value), seal.text());
        let diagnostic = Diagnostic::new(Code::BadSeal, message).at(span, "only whole attributes of an item can be");
        resolver
            .report(diagnostic.help("leave it out here, and write it at the field of the model that holds this one"));
    }
}

/// A sealed field of a model.
pub(super) struct Sealed {
    field: Field,
    span: Span,
    /// What is written: "`encrypt`".
    keys: &'static str,
    /// What it is: "encrypted".
    text: &'static str,
}

/// The sealed fields of a model. Reports those whose values DynamoDB or writes need to see.
pub(super) fn of_model(fields: &[(&FieldDecl, Field)], resolver: &mut Resolver<'_>) -> Vec<Sealed> {
    let mut sealed = Vec::new();
    for (decl, field) in fields {
        let (Some(seal), Some(span)) = (&field.seal, decl.seal.span()) else { continue };
        let keys = match (seal.is_compressed, &seal.encryption) {
            (true, Some(_)) => "`compress` and `encrypt`",
            (true, None) => "`compress`",
            (false, _) => "`encrypt`",
        };
        if let Some((at, label, drop)) = own_reason(decl) {
            let message = format!("the field `{}` cannot be {}", show(&field.name), seal.text());
            let diagnostic = Diagnostic::new(Code::BadSeal, message).at(span, label).related(at, "because of this");
            resolver.report(diagnostic.help(format!("drop {keys}, or {drop}")));
            continue;
        }
        sealed.push(Sealed { field: field.clone(), span, keys, text: seal.text() });
    }
    sealed
}

/// A setting of a field for which its value must be seen: its place, why, and what could be dropped.
fn own_reason(decl: &FieldDecl) -> Option<(Span, &'static str, &'static str)> {
    let role = decl.role.as_ref().map(|role| (role.span, "DynamoDB needs the values of a role", "the role"));
    let key_only = decl.key_only.map(|span| (span, "items have no attribute of it", "`stored: false`"));
    let unique = decl.unique.map(|span| (span, "the item that reserves a value shows it", "`unique`"));
    let empty = decl.empty.as_ref().map(|empty| (empty.span, "conditions could not see an empty value", "`empty`"));
    role.or(key_only).or(unique).or(empty)
}

/// Reports the parts of a model that need to see the values of sealed fields.
pub(super) fn check(sealed: &[Sealed], declared: &ModelDecl, model: &Model, resolver: &mut Resolver<'_>) {
    for of in sealed {
        let has = |key: &KeyAttribute| key.has(&of.field.name);
        if let Some(key) = model.keys().find(|key| has(key)) {
            let (what, span) = ("the key of the table cannot be made of", key_span(declared, model, key));
            resolver.report(of.refused(what, span, COMPARED, "make the key of other fields"));
        }
        for index in &model.indexes {
            check_index(of, index, (declared, model), resolver);
        }
        check_vector_indexes(of, declared, resolver);
        for (unique, fields) in declared.unique.iter().zip(&model.unique_together) {
            if fields.iter().any(|field| field.name == of.field.name) {
                let what = "a unique combination cannot have";
                let label = "the item that reserves its values shows them";
                resolver.report(of.refused(what, unique.span, label, "leave it out"));
            }
        }
        for (projection, resolved) in declared.projections.iter().zip(&model.projections) {
            if let Some(at) = resolved.fields.iter().position(|field| field.name == of.field.name) {
                let what = format!("the projection `{}` cannot have", show(&projection.name.value));
                let span = projection.fields.get(at).map_or(projection.name.span, |name| name.span);
                resolver.report(of.refused(&what, span, ONLY_WHOLE, "leave it out"));
            }
        }
    }
}

const COMPARED: &str = "DynamoDB compares its values, and could not see them";
const ONLY_WHOLE: &str = "it can be read only with the whole item";

fn check_index(of: &Sealed, index: &Index, (declared, model): (&ModelDecl, &Model), resolver: &mut Resolver<'_>) {
    let is_own = |key: &KeyAttribute| !model.keys().any(|table| table.attribute == key.attribute);
    let name = show(&index.name);
    let (span, include) = index_place(declared, index);
    if index.keys().any(|key| is_own(key) && key.needs(&of.field.name)) {
        let what = format!("the key of the index `{name}` cannot be made of");
        resolver.report(of.refused(&what, span, COMPARED, "make the key of other fields"));
    }
    if index.when.iter().any(|when| when.field.name == of.field.name) {
        let what = format!("the condition of the index `{name}` cannot have");
        let label = "no value of the schema is the stored one";
        resolver.report(of.refused(&what, span, label, "use another field"));
    }
    if let Projection::Fields { fields, .. } = &index.projection
        && fields.iter().any(|field| field.name == of.field.name)
        && !index.keys().chain(model.keys()).any(|key| key.has(&of.field.name))
    {
        let what = format!("the index `{name}` cannot project");
        let named = include.iter().find(|name| [&of.field.name, &of.field.attribute].contains(&&name.value));
        let help = "leave it out of the `projection:`, or write `projection: all`";
        resolver.report(of.refused(&what, named.map_or(span, |name| name.span), ONLY_WHOLE, help));
    }
}

fn check_vector_indexes(of: &Sealed, declared: &ModelDecl, resolver: &mut Resolver<'_>) {
    for decl in &declared.vector_indexes {
        let is_it = |name: &&Spanned<String>| name.value == of.field.name;
        let searched = [&decl.vector].into_iter().chain(&decl.hash_key).chain(&decl.filterable).find(is_it);
        let projected = match &decl.projection {
            ProjectionDecl::Include(names) => names.iter().find(is_it),
            ProjectionDecl::All | ProjectionDecl::KeysOnly => None,
        };
        let name = show(&decl.name.value);
        if let Some(place) = searched {
            let what = format!("the vector index `{name}` cannot search by");
            resolver.report(of.refused(&what, place.span, COMPARED, "use another field"));
        } else if let Some(place) = projected {
            let what = format!("the vector index `{name}` cannot project");
            resolver.report(of.refused(&what, place.span, ONLY_WHOLE, "leave it out of the `projection:`"));
        }
    }
}

impl Sealed {
    /// The mistake of a part of the model that needs to see its values.
    fn refused(&self, what: &str, span: Span, label: &str, help: &str) -> Diagnostic {
        let Self { keys, text, .. } = self;
        Diagnostic::new(Code::BadSeal, format!("{what} `{}`, which is {text}", show(&self.field.name)))
            .at(span, label)
            .related(self.span, format!("{text} here"))
            .help(format!("{help}, or drop {keys} from the field"))
    }
}

/// The place of a key of the table.
fn key_span(declared: &ModelDecl, model: &Model, key: &KeyAttribute) -> Span {
    let template = declared.key.iter().flat_map(|key| &key.templates).find(|of| of.attribute.value == key.attribute);
    let is_hash_key = key.attribute == model.hash_key.attribute;
    let own = if is_hash_key { &declared.hash_key } else { &declared.range_key };
    let place = template.map(|template| &template.text).or(own.as_ref());
    place.unwrap_or(&declared.name).span
}

/// The place of an index, and the names in its projection.
fn index_place<'d>(declared: &'d ModelDecl, index: &Index) -> (Span, &'d [Spanned<String>]) {
    let is_it = |name: &Spanned<String>| super::names::member_name(name, "index").is_ok_and(|name| name == index.name);
    if let Some(own) = declared.indexes.iter().find(|own| is_it(&own.name)) {
        let include: &[Spanned<String>] = match &own.projection {
            ProjectionDecl::Include(names) => names,
            ProjectionDecl::All | ProjectionDecl::KeysOnly => &[],
        };
        return (own.name.span, include);
    }
    let shared = declared.index_keys.iter().find(|key| is_it(&key.name));
    (shared.map_or(declared.name.span, |key| key.name.span), &[])
}
