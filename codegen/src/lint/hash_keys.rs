//! Hash keys that many items share.

use super::Finding;
use super::places::Place;
use super::spread::{Known, Period, Spread, grows};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Field, KeyAttribute, MadeOf, TypeDefinition};
use crate::schema::AllowDecl;
use crate::sources::Span;
use crate::text::show;

/// The most values that are few. Each of them is at most one partition, with 1,000 write units a second, and one of them
/// is usually written far more often than the others.
const FEW: usize = 20;

/// A hash key, and the items that have it.
struct HashKey<'s> {
    /// Of a model, or of an index of one.
    of: String,
    span: Span,
    attributes: &'s [KeyAttribute],
    range_key: &'s [KeyAttribute],
    known: Known<'s>,
    /// Whether it is an index by a key attribute of its table.
    is_of_table: bool,
    allow: Vec<&'s [AllowDecl]>,
}

pub(super) fn check<'s>(models: &[Place<'s>], types: &'s [TypeDefinition]) -> Vec<Finding<'s>> {
    models.iter().flat_map(|place| keys(place, types)).filter_map(HashKey::check).collect()
}

/// The hash keys of a model that many of its items may have.
fn keys<'s>(place: &Place<'s>, types: &'s [TypeDefinition]) -> Vec<HashKey<'s>> {
    let model = place.model;
    // Without a field in the range key, a hash key has one item.
    let is_shared = !model.range_fields().is_empty();
    let of_table = is_shared.then(|| HashKey {
        of: format!("model `{}`", model.name),
        span: place.hash_key(),
        attributes: std::slice::from_ref(&model.hash_key),
        range_key: model.range_key.as_slice(),
        known: Known { types, when: &[] },
        is_of_table: false,
        allow: place.allow_of_key(),
    });
    // A local index has the hash key of its table.
    let indexes = place.indexes().into_iter().filter(|of| !of.index.local);
    let of_indexes = indexes.map(|of| HashKey {
        of: format!("model `{}` in index `{}`", model.name, of.name),
        span: of.hash_key,
        attributes: &of.index.hash_key,
        range_key: &of.index.range_key,
        known: Known { types, when: &of.index.when },
        is_of_table: of.index.hash_key.iter().any(|key| model.keys().any(|own| own.attribute == key.attribute)),
        allow: of.allow,
    });
    of_table.into_iter().chain(of_indexes).collect()
}

impl<'s> HashKey<'s> {
    fn check(self) -> Option<Finding<'s>> {
        if self.attributes.iter().any(|key| key.shards.is_some()) {
            return None;
        }
        let spreads = self.known.spreads(self.attributes.iter());
        let diagnostic = match spreads.as_slice() {
            [] => self.constant(),
            fields if fields.iter().any(|(_, spread)| matches!(spread, Spread::Many)) => return None,
            fields => match fields.iter().find_map(|(field, spread)| rounded(field, spread)) {
                Some((field, period)) => self.rounded(field, period),
                None => self.few(fields)?,
            },
        };
        Some(Finding { diagnostic: self.with_range_key(diagnostic), allow: self.allow })
    }

    fn constant(&self) -> Diagnostic {
        let message = format!("all items of {} have one hash key", self.of);
        Diagnostic::new(Code::ConstantHashKey, message)
            .at(self.span, "no field is in it")
            .help(self.spread("put a field into it in which many items differ"))
    }

    /// What makes the one key many keys: another field, or shards.
    fn spread(&self, field: &str) -> String {
        match self.attributes {
            [key] if key.is_hash() => {
                "search by a field in which many items differ: a hash has no fields beside it, and no `shards`"
                    .to_owned()
            }
            several if several.iter().any(KeyAttribute::is_hash) => field.to_owned(),
            _ if self.is_of_table => {
                format!("{field}, or give the index a hash key of its own, which may have `shards`")
            }
            [KeyAttribute { made_of: MadeOf::Field(_), .. }] | [] | [_, _, ..] => {
                format!("{field}, or make the key with a template of a shared table, which may have `shards`")
            }
            [key] => format!(
                "{field}, or divide it into shards: `{}: {{ template: '{}', shards: 16 }}`",
                show(&key.attribute),
                show(&key.text())
            ),
        }
    }

    fn rounded(&self, field: &Field, period: Period) -> Diagnostic {
        let article = if period == Period::Hour { "an" } else { "a" };
        let period = period.name();
        let message = format!("the hash key of {} is the time, rounded to the {period}", self.of);
        Diagnostic::new(Code::RoundedTimeHashKey, message)
            .at(self.span, format!("all items of {article} {period} have it"))
            .help(self.spread(&format!("put a field beside `{}` in which many items differ", field.name)))
    }

    fn few(&self, fields: &[(&Field, Spread)]) -> Option<Diagnostic> {
        let number = fields.iter().try_fold(1, |product: usize, (_, spread)| match spread {
            Spread::Few(number) => number.map(|number| product.saturating_mul(number)),
            Spread::Many | Spread::Rounded(_) => None,
        });
        if number.is_some_and(|number| number > FEW) {
            return None;
        }
        let names: Vec<String> = fields.iter().map(|(field, _)| format!("`{}`", field.name)).collect();
        let verb = if names.len() == 1 { "has" } else { "have" };
        let label = match number {
            Some(1) => format!("{} {verb} one value", names.join(" and ")),
            Some(number) => format!("{} {verb} {number} values", names.join(" and ")),
            None => format!("{} {verb} few values", names.join(" and ")),
        };
        let diagnostic = Diagnostic::new(Code::FewHashKeys, format!("the hash key of {} has few values", self.of))
            .at(self.span, label)
            .help(self.spread("put a field into it in which many items differ"));
        Some(diagnostic)
    }

    /// Adds that DynamoDB cannot split the items of one hash key, if new ones are always the last.
    fn with_range_key(&self, diagnostic: Diagnostic) -> Diagnostic {
        let first = self.range_key.first().and_then(|key| key.fields().next()).filter(|field| grows(field));
        match first {
            Some(field) => diagnostic.help(format!(
                "new items are always the last of their hash key, since `{}` grows: DynamoDB cannot spread them either",
                field.name
            )),
            None => diagnostic,
        }
    }
}

fn rounded<'f>(field: &&'f Field, spread: &Spread) -> Option<(&'f Field, Period)> {
    match spread {
        Spread::Rounded(period) => Some((field, *period)),
        Spread::Many | Spread::Few(_) => None,
    }
}
