//! The shards of hash keys: the number that ends a hash key, so that its items are under several keys.

use super::Resolved;
use super::computed;
use super::draft::Draft;
use super::keys::one_of;
use super::resolver::Resolver;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::model::{Field, KeyAttribute, Model, Shards, distinct};
use crate::schema::{KeyDecl, ModelDecl, ShardsDecl, Spanned, TemplateDecl};
use crate::sources::Span;
use crate::terms::FieldRole;
use crate::text::show;

/// Sets the shards of a model's keys in its table, or in an index. `keys` are its keys there, the hash key first;
/// `of_table` are those of the table, for an index; and `known` has the keys that are made elsewhere already.
pub(super) fn set(
    keys: &mut [KeyAttribute],
    declared: &KeyDecl,
    (of_table, known): (&[&KeyAttribute], &[&KeyAttribute]),
    model: &Draft<'_>,
    resolver: &mut Resolver<'_>,
) {
    let [hash_key, ranges @ ..] = keys else { return };
    for template in &declared.templates {
        let is_range = ranges.iter().any(|key| key.attribute == template.attribute.value);
        if let Some(shards) = template.shards.as_ref().filter(|_| is_range) {
            let diagnostic = refuse(&template.attribute.value, shards.span, "it is no hash key");
            resolver
                .report(diagnostic.help("a query asks several hash keys, but one range of range keys: leave it out"));
        }
    }
    let is_sharded = |key: &&KeyAttribute| known.iter().any(|of| of.attribute == key.attribute && of.shards.is_some());
    for range in ranges.iter().filter(is_sharded) {
        let message = format!("the range key `{}` ends with the number of a shard", show(&range.attribute));
        let diagnostic = Diagnostic::new(Code::BadShards, message)
            .at(declared.name.span, "its text does not sort as its fields do")
            .help("give the index a range key of its own, with a template without `shards`");
        resolver.report(diagnostic);
    }
    let template = declared.templates.iter().find(|template| template.attribute.value == hash_key.attribute);
    let Some((template, shards)) = template.and_then(|template| Some((template, template.shards.as_ref()?))) else {
        // The template may be written again, without its shards.
        if let Some(known) = known.iter().find(|known| known.attribute == hash_key.attribute) {
            hash_key.shards.clone_from(&known.shards);
        }
        return;
    };
    let range_key = ranges.first();
    let place = Place { hash_key, range_key, of_table, template, model };
    let Some(resolved) = resolver.keep(place.resolve(shards)) else { return };
    if let Some(known) = known.iter().find(|known| known.attribute == hash_key.attribute) {
        let is_same = known.shards.as_ref().is_some_and(|known| known.is_same(&resolved));
        if !is_same {
            let diagnostic = refuse(&hash_key.attribute, shards.span, "elsewhere it has others, or none");
            resolver.report(diagnostic.help("an attribute has one value: leave its template out here"));
        }
    }
    hash_key.shards = Some(resolved);
}

fn refuse(attribute: &str, span: Span, label: &str) -> Diagnostic {
    Diagnostic::new(Code::BadShards, format!("the key `{}` cannot have these shards", show(attribute))).at(span, label)
}

/// The mistake that a field chooses the shard.
fn unable(field: &str, span: Span, label: &str) -> Diagnostic {
    Diagnostic::new(Code::BadShards, format!("the field `{}` cannot choose the shard", show(field))).at(span, label)
}

/// The mistake that a field without one text for each value chooses the shard.
fn unfit(field: &str, span: Span) -> Diagnostic {
    unable(field, span, "its type cannot be a part of a key")
        .help("name other fields with `by:`: strings, integers, dates and times, uuids, ulids and enums can be one")
}

/// A hash key that is divided into shards.
struct Place<'k> {
    hash_key: &'k KeyAttribute,
    range_key: Option<&'k KeyAttribute>,
    /// The keys of the table, if this is the key of an index.
    of_table: &'k [&'k KeyAttribute],
    template: &'k TemplateDecl,
    model: &'k Draft<'k>,
}

impl Place<'_> {
    fn resolve(&self, declared: &ShardsDecl) -> Result<Shards, Diagnostic> {
        let count = declared.count.value;
        let by = match &declared.by {
            None => self.by_default(declared)?,
            Some(names) => {
                let by = names.iter().map(|name| self.field(name)).collect::<Result<Vec<_>, _>>()?;
                let span = names.first().map_or(declared.span, |name| name.span);
                // A collection may have other items with the hash key.
                let is_alone = self.spreading().is_empty();
                if !is_alone && by.iter().all(|field| self.hash_key.determines(&field.name)) {
                    return Err(self
                        .refuse(span, "all items of one hash key would be in one shard")
                        .help("name a field that is not in the hash key"));
                }
                by
            }
        };
        Ok(Shards { count, by: by.into_iter().cloned().collect() })
    }

    /// The fields that distinguish the items of one hash key: those of the table's key that the hash key does not have.
    fn spreading(&self) -> Vec<&Field> {
        let of_table = self.of_table.iter().copied().flat_map(KeyAttribute::fields);
        let of_range = self.range_key.filter(|_| self.of_table.is_empty()).into_iter().flat_map(KeyAttribute::fields);
        distinct(of_table.chain(of_range).filter(|field| !self.hash_key.determines(&field.name)))
    }

    fn by_default(&self, declared: &ShardsDecl) -> Result<Vec<&Field>, Diagnostic> {
        let by = self.spreading();
        if let Some(field) = by.iter().find(|field| field.part_form().is_none()) {
            return Err(unfit(&field.name, declared.span));
        }
        if !by.is_empty() {
            return Ok(by);
        }
        let of_key = self.hash_key.fields().next().map_or("…", |field| &field.name);
        let written = format!("`shards: {{ count: {}, by: {} }}`", declared.count.value, show(of_key));
        Err(self.refuse(declared.span, "no field of the table's key distinguishes the items of one hash key").help(
            format!("leave it out, or choose the shard by a field of the hash key if other models share it: {written}"),
        ))
    }

    /// A field that `by` names.
    fn field(&self, name: &Spanned<String>) -> Result<&Field, Diagnostic> {
        let help = "name stored fields";
        if let Some(diagnostic) = computed::named("the shard cannot be chosen by", name, self.model.declared, help) {
            return Err(diagnostic);
        }
        let found = self.model.fields.iter().find(|(decl, _)| decl.name.value == name.value);
        let Some((_, field)) = found else {
            let written = self.model.fields.iter().map(|(decl, _)| decl.name.value.as_str());
            let help = did_you_mean(&name.value, written).unwrap_or_else(|| one_of(self.model.fields).into());
            let message = format!("the shard is chosen by `{}`, which is not a field of the model", show(&name.value));
            return Err(Diagnostic::new(Code::UnknownKeyField, message).at(name.span, "no such field").help(help));
        };
        let refuse = |label: &str| unable(&field.name, name.span, label);
        if self.of_table.is_empty() {
            let keys = || std::iter::once(self.hash_key).chain(self.range_key);
            if !keys().any(|key| key.has(&field.name)) {
                let names: Vec<String> =
                    distinct(keys().flat_map(KeyAttribute::fields)).iter().map(|of| format!("`{}`", of.name)).collect();
                return Err(refuse("it is not in the key of the table, and a get knows nothing else")
                    .help(format!("use fields of the key: {}", names.join(", "))));
            }
        } else if let Some(FieldRole::Version | FieldRole::UpdatedAt | FieldRole::SchemaVersion) = field.role {
            return Err(refuse("every write changes it").help("use another field"));
        } else if field.role == Some(FieldRole::DeletedAt) {
            return Err(refuse("`soft_delete` changes it").help("use another field"));
        } else if field.lifetime.is_some() {
            return Err(refuse("every write changes it").help("use another field"));
        } else if let Some(FieldRole::Counter | FieldRole::Sequence) = field.role {
            return Err(refuse("increments change it").help("use another field"));
        }
        match field.part_form() {
            Some(_) => Ok(field),
            None => Err(unfit(&field.name, name.span)),
        }
    }

    fn refuse(&self, span: Span, label: &str) -> Diagnostic {
        refuse(&self.template.attribute.value, span, label)
    }
}

/// Checks that models with the same hash key have as many shards.
pub(crate) fn agree(models: &[Resolved<'_>], resolver: &mut Resolver<'_>) {
    for (number, (decl, model)) in models.iter().enumerate() {
        for (first_decl, first) in models.iter().take(number).filter(|(_, first)| share_table(model, first)) {
            let of_table = std::iter::once((&model.hash_key, &first.hash_key));
            let of_indexes = model.indexes.iter().filter_map(|index| {
                let same = first.indexes.iter().find(|of| of.index_name == index.index_name)?;
                Some((index.hash_key.first()?, same.hash_key.first()?))
            });
            for (key, other) in of_table.chain(of_indexes) {
                resolver.found.extend(differ((decl, key), (first_decl, other)));
            }
        }
    }
}

pub(super) fn share_table(one: &Model, other: &Model) -> bool {
    let table = |model: &Model| model.sharing.as_ref().map(|of| of.table.clone());
    one.sharing.is_some() && table(one) == table(other)
}

fn differ(
    (decl, key): (&ModelDecl, &KeyAttribute),
    (first_decl, first): (&ModelDecl, &KeyAttribute),
) -> Option<Diagnostic> {
    let (own, other) = (key.shards.as_ref()?, first.shards.as_ref()?);
    if key.text() != first.text() || own.count == other.count {
        return None;
    }
    let message =
        format!("the hash key `{}` has {} shards, and elsewhere {}", show(&key.text()), own.count, other.count);
    let place = |decl: &ModelDecl, key: &KeyAttribute| decl.shards_span(&key.attribute);
    let diagnostic = Diagnostic::new(Code::BadShards, message)
        .at(place(decl, key), format!("of model `{}`", show(&decl.name.value)))
        .related(place(first_decl, first), format!("of model `{}`", show(&first_decl.name.value)));
    Some(diagnostic.help("give both the same number, or begin one of the keys with another text"))
}
