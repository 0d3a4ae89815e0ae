//! Sealed fields: those that are stored compressed or encrypted, so that DynamoDB cannot look into them.

use super::resolver::Resolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{
    Field, FieldEncryption, Index, KeyAttribute, Model, Named, NamedKind, Projection, Scalar, Seal, StoredForm,
    TimeKind, Type,
};
use crate::schema::{FieldDecl, ModelDecl, ProjectionDecl, Spanned};
use crate::sources::Span;
use crate::text::show;

/// How a field is sealed.
pub(super) fn of_field(declared: &FieldDecl) -> Option<Seal> {
    let seal = &declared.seal;
    seal.span()?;
    let attribute = &declared.attribute.as_ref().unwrap_or(&declared.name).value;
    let hash = |named: &Spanned<Option<String>>| named.value.clone().unwrap_or_else(|| format!("{attribute}_hash"));
    Some(Seal {
        is_compressed: seal.compress.is_some(),
        encryption: seal.encrypt.as_ref().map(|encrypt| FieldEncryption {
            key: encrypt.key.value.clone(),
            reads_unencrypted: encrypt.unencrypted.is_some(),
            hash: encrypt.searchable.as_ref().map(hash),
        }),
    })
}

/// Reports sealed fields in structs that are not models.
pub(super) fn refuse(fields: &[FieldDecl], resolver: &mut Resolver<'_>) {
    for field in fields {
        let (Some(span), Some(seal)) = (field.seal.span(), of_field(field)) else { continue };
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
    /// The place of `searchable:`.
    searchable: Option<Span>,
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
        if let Some(searchable) = searchable(decl)
            && let Some((label, help)) = unsearchable(field)
        {
            let message = format!("the field `{}` cannot be searchable", show(&field.name));
            resolver.report(Diagnostic::new(Code::BadSeal, message).at(searchable, label).help(help));
            continue;
        }
        sealed.push(Sealed { field: field.clone(), span, keys, text: seal.text(), searchable: searchable(decl) });
    }
    sealed
}

/// The place of `searchable:`.
fn searchable(decl: &FieldDecl) -> Option<Span> {
    Some(decl.seal.encrypt.as_ref()?.searchable.as_ref()?.span)
}

/// Why the values of a field have no hashes that are equal whenever they are, and what to do.
fn unsearchable(field: &Field) -> Option<(&'static str, &'static str)> {
    let of_type = match field.ty.present() {
        Type::Scalar(Scalar::Bool) => {
            Some(("of two hashes, one sees which is which by counting them", "drop `searchable`, or `encrypt`"))
        }
        Type::Scalar(scalar) if scalar.is_float() => {
            Some(("a float rounds, so that a value could not be found again", "use `decimal` or an integer"))
        }
        Type::Scalar(Scalar::Time(TimeKind::Duration, _)) => {
            Some(("a duration can be written as several texts", "use an integer"))
        }
        Type::Scalar(Scalar::Decimal(_)) if field.form == StoredForm::Text => {
            Some(("a number can be written as several texts", "drop `format: text`"))
        }
        Type::Scalar(_) | Type::Named(Named { kind: NamedKind::Enum { .. }, .. }) => None,
        Type::Named(Named { kind: NamedKind::Rust { key: Some(_), .. }, .. }) => None,
        _ => Some((
            "only a text, a number or bytes has one form that can be hashed",
            "drop `searchable`, or search by another field",
        )),
    };
    let of_default = field.has_default().then_some((
        "an item without a value has no hash, so that a search for the default would not find it",
        "drop the default, or `searchable`",
    ));
    of_type.or(of_default)
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
        check_hash(of, model, resolver);
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

/// Reports that the attribute of the hashes has a name that DynamoDB refuses, or that something else of the model has.
fn check_hash(of: &Sealed, model: &Model, resolver: &mut Resolver<'_>) {
    let (Some(hash), Some(span)) = (of.field.hash(), of.searchable) else { return };
    let help = "name another attribute for the hashes: `searchable: email_hash`";
    if hash.is_empty() || hash.len() > 255 {
        let diagnostic = Diagnostic::new(Code::BadAttributeName, "DynamoDB refuses this attribute name")
            .at(span, "the name of the attribute with the hashes has 1 to 255 bytes");
        resolver.report(diagnostic.help(help));
    }
    let is_own = |key: &KeyAttribute| key.is_hash() && key.has(&of.field.name);
    let keys = model.keys().chain(model.indexes.iter().flat_map(Index::keys));
    let taken = model.attributes().find(|field| field.attribute == hash).map(|_| "a field is stored as");
    let taken = taken.or_else(|| {
        let mut fields = model.fields.iter().take_while(|field| field.name != of.field.name);
        fields.find(|field| field.hash() == Some(hash)).map(|_| "the hashes of another field are stored as")
    });
    let taken = taken.or_else(|| {
        keys.filter(|key| !is_own(key)).find(|key| key.attribute == hash).map(|_| "a key of the table is stored as")
    });
    let mut discriminator = model.sharing.iter().flat_map(|sharing| &sharing.discriminator);
    let taken = taken.or_else(|| discriminator.find(|(name, _)| name == hash).map(|_| "the discriminator is called"));
    if let Some(taken) = taken {
        let message = format!("the hashes of `{}` have a name that is taken", show(&of.field.name));
        let diagnostic =
            Diagnostic::new(Code::DuplicateAttribute, message).at(span, format!("{taken} `{}` already", show(hash)));
        resolver.report(diagnostic.help(help));
    }
}

const COMPARED: &str = "DynamoDB compares its values, and could not see them";
const ONLY_WHOLE: &str = "it can be read only with the whole item";

fn check_index(of: &Sealed, index: &Index, (declared, model): (&ModelDecl, &Model), resolver: &mut Resolver<'_>) {
    let is_own = |key: &&KeyAttribute| !model.keys().any(|table| table.attribute == key.attribute);
    let name = show(&index.name);
    let (span, include) = index_place(declared, index);
    // A query by a hash key has the value. Hashes have no order, so that a range key is none.
    let shown = index.hash_key.iter().filter(|key| !key.is_hash()).chain(&index.range_key);
    if shown.filter(is_own).any(|key| key.needs(&of.field.name)) {
        let what = format!("the key of the index `{name}` cannot be made of");
        resolver.report(of.refused(&what, span, COMPARED, &of.help_for_index(index, model)));
    }
    if index.when.iter().any(|when| when.field.name == of.field.name) {
        let what = format!("the condition of the index `{name}` cannot have");
        let label = "no value of the schema is the stored one";
        resolver.report(of.refused(&what, span, label, "use another field"));
    }
    if let Projection::Fields { fields, .. } = &index.projection
        && fields.iter().any(|field| field.name == of.field.name)
        && !index.keys().chain(model.keys()).any(|key| key.has(&of.field.name) && !key.is_hash())
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
    /// How an index finds its values.
    fn help_for_index(&self, index: &Index, model: &Model) -> String {
        let hash = self.field.hash().map_or_else(|| format!("{}_hash", self.field.attribute), str::to_owned);
        let is_hash_key = index.hash_key.iter().any(|key| key.has(&self.field.name));
        let (hash, field) = (show(&hash), show(&self.field.name));
        match (&self.field.seal, is_hash_key) {
            (Some(Seal { encryption: Some(_), .. }), true) if model.sharing.is_some() => format!(
                "make the key of its hash, with `searchable: true`: under `tables:`, the hash key `{hash}: binary`, and \
                 here `{hash}: '{{{field}}}'`"
            ),
            (Some(Seal { encryption: Some(FieldEncryption { key, hash: None, .. }), .. }), true) if !index.local => {
                format!("let the index have its hash, `encrypt: {{ key: {key}, searchable: true }}`")
            }
            (Some(Seal { encryption: Some(FieldEncryption { hash: Some(_), .. }), .. }), false) => {
                "its hash can be a hash key, and has no order: make the range key of other fields".to_owned()
            }
            _ => "make the key of other fields".to_owned(),
        }
    }

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
