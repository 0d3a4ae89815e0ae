//! The units of a model's requests.

use super::report::{CostPart, CostSource};
use super::units;
use crate::item_sizes::ItemSizes;
use crate::model::{Field, FieldRole, Index, IndexDefinition, KeyAttribute, Model, Query};
use std::collections::BTreeMap;

/// A model's items in its table and its indexes.
pub(super) struct Items<'m> {
    model: &'m Model,
    /// The bytes of a usual item.
    pub(super) size: u64,
    /// The usual sizes of its attributes.
    attributes: BTreeMap<&'m str, u64>,
}

impl<'m> Items<'m> {
    /// The items of a model, of the size that the schema states.
    pub(super) fn new(model: &'m Model, sizes: &ItemSizes<'m>, stated: Option<u64>) -> Self {
        let attributes: BTreeMap<&str, u64> =
            sizes.attributes(model).into_iter().map(|(name, size)| (name, size.usual)).collect();
        let size = stated.unwrap_or_else(|| attributes.values().fold(0, |sum, size| sum.saturating_add(*size)));
        Self { model, size, attributes }
    }

    /// A read of one item by its key.
    pub(super) fn get(&self) -> Vec<CostPart> {
        vec![read(CostSource::Table, self.size)]
    }

    /// A read of so many items of the table or of an index.
    pub(super) fn query(&self, query: &Query, items: u64) -> Vec<CostPart> {
        let index = self.model.indexes.iter().find(|index| index.type_name == query.source);
        let definition = index.and_then(|index| self.definitions().find(|of| of.index_name == index.index_name));
        match definition {
            Some(index) => {
                let source = CostSource::Index { name: index.index_name.clone(), is_sparse: false };
                vec![read(source, self.entry(index).saturating_mul(items))]
            }
            None => vec![read(CostSource::Table, self.size.saturating_mul(items))],
        }
    }

    /// A write of a new item.
    pub(super) fn insert(&self) -> Vec<CostPart> {
        self.with_guards(self.written(|_| 1.0))
    }

    /// A put of an item, as of a new one.
    pub(super) fn save(&self) -> Vec<CostPart> {
        self.with_stored(self.insert())
    }

    /// The deletion of an item.
    pub(super) fn delete(&self) -> Vec<CostPart> {
        self.with_stored(self.insert())
    }

    /// An update of fields that are in no key; with `moved`, also of those in the key of that index.
    pub(super) fn update(&self, moved: Option<&IndexDefinition>) -> Vec<CostPart> {
        let in_moved =
            |field: &Field| moved.is_some_and(|index| self.key_fields(index).any(|of| of.name == field.name));
        let in_index = |field: &Field| self.model.indexes.iter().flat_map(Index::keys).any(|key| key.has(&field.name));
        let is_changed = |field: &&Field| {
            !self.model.is_key(field) && (changes_always(field) || in_moved(field) || !in_index(field))
        };
        let changed: Vec<&Field> = self.model.fields.iter().filter(is_changed).collect();
        self.written(|index| {
            let is_held =
                |field: &&Field| index.include.as_ref().is_none_or(|include| include.contains(&field.attribute));
            // Another key is a deletion and a write.
            if self.key_fields(index).any(|of| changed.iter().any(|field| field.name == of.name)) {
                2.0
            } else if changed.iter().any(is_held) {
                1.0
            } else {
                0.0
            }
        })
    }

    /// The indexes whose keys an update may change, and does not always change.
    pub(super) fn moving(&self) -> impl Iterator<Item = &'m IndexDefinition> {
        let is_moving = |index: &&IndexDefinition| {
            let always = self.key_fields(index).any(changes_always);
            !always && self.key_fields(index).any(|of| !self.model.is_key(of))
        };
        self.present().filter(is_moving)
    }

    /// The parts of a write: the table, and of each index so many writes of its entry.
    fn written(&self, times: impl Fn(&IndexDefinition) -> f64) -> Vec<CostPart> {
        let mut parts = vec![write(CostSource::Table, units::write(self.size))];
        for index in self.present() {
            let of = times(index) * units::write(self.entry(index));
            if of > 0.0 {
                let source = CostSource::Index { name: index.index_name.clone(), is_sparse: self.is_sparse(index) };
                parts.push(write(source, of));
            }
        }
        parts
    }

    fn definitions(&self) -> impl Iterator<Item = &'m IndexDefinition> {
        self.model.table.indexes.iter()
    }

    /// The indexes that hold its items: those of whose keys the items have all attributes, also if the model does not name
    /// them.
    fn present(&self) -> impl Iterator<Item = &'m IndexDefinition> {
        let has = |(attribute, _): &(String, _)| self.attributes.contains_key(attribute.as_str());
        self.definitions().filter(move |index| index.hash_key.iter().chain(&index.range_key).all(has))
    }

    /// The bytes of an item in an index.
    fn entry(&self, index: &IndexDefinition) -> u64 {
        let Some(include) = &index.include else { return self.size };
        let keys = index.hash_key.iter().chain(&index.range_key).map(|(attribute, _)| attribute.as_str());
        let of_table = self.model.keys().map(|key| key.attribute.as_str());
        let mut names: Vec<&str> = keys.chain(of_table).chain(include.iter().map(String::as_str)).collect();
        names.sort_unstable();
        names.dedup();
        let sizes = names.into_iter().filter_map(|name| self.attributes.get(name));
        sizes.sum::<u64>().min(self.size)
    }

    /// Whether items may be without its key.
    fn is_sparse(&self, index: &IndexDefinition) -> bool {
        let own = self.model.indexes.iter().find(|of| of.index_name == index.index_name);
        own.is_some_and(|own| !own.when.is_empty())
            || self.key_fields(index).any(|field| field.ty.present() != &field.ty)
    }

    fn key_fields(&self, index: &IndexDefinition) -> impl Iterator<Item = &'m Field> {
        let own = self.model.indexes.iter().find(|of| of.index_name == index.index_name);
        own.into_iter().flat_map(|own| own.keys().flat_map(KeyAttribute::fields))
    }

    /// Adds the consistent read of the stored item, whose unique values are freed.
    fn with_stored(&self, mut parts: Vec<CostPart>) -> Vec<CostPart> {
        if self.model.is_unique()
            && let Some(item) = parts.first_mut()
        {
            item.read_units = 2.0 * units::read(self.size);
        }
        parts
    }

    /// The unique fields and combinations of fields.
    pub(super) fn unique(&self) -> Vec<String> {
        let fields = self.model.unique().map(|field| field.name.clone());
        let together = self.model.unique_together.iter().map(|fields| {
            let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
            names.join(" and ")
        });
        fields.chain(together).collect()
    }

    /// An update of a unique field, to another value. The item is read before the transaction and after it.
    pub(super) fn update_unique(&self, name: &str) -> Vec<CostPart> {
        let mut parts = self.guarded(self.update(None), vec![name.to_owned()], 2.0);
        if let Some(item) = parts.first_mut() {
            item.read_units = 4.0 * units::read(self.size);
        }
        parts
    }

    /// Adds the guards of all unique fields.
    fn with_guards(&self, parts: Vec<CostPart>) -> Vec<CostPart> {
        match self.unique() {
            names if names.is_empty() => parts,
            names => self.guarded(parts, names, 1.0),
        }
    }

    /// Adds so many writes of the guard of each name, and what the transaction adds: it writes items of the table twice
    /// ("Amazon DynamoDB Transactions: How it works", capacity management), and entries of indexes once.
    fn guarded(&self, mut parts: Vec<CostPart>, names: Vec<String>, guards: f64) -> Vec<CostPart> {
        // A guard has the keys of the table, and its owner: it is also in the indexes of these keys.
        let is_of_table = |(attribute, _): &(String, _)| self.model.keys().any(|key| key.attribute == *attribute);
        let has_guards = |index: &&IndexDefinition| index.hash_key.iter().chain(&index.range_key).all(is_of_table);
        let in_indexes = self.definitions().filter(has_guards).fold(0.0, |sum, _| sum + 1.0);
        let items: f64 =
            parts.iter().filter(|part| part.source == CostSource::Table).map(|part| part.write_units).sum();
        let twice = names.iter().fold(items, |sum, _| sum + guards);
        parts.extend(names.into_iter().map(|name| write(CostSource::Guard(name), guards * (1.0 + in_indexes))));
        parts.push(write(CostSource::Transaction, twice));
        parts
    }
}

/// Whether each update changes it.
fn changes_always(field: &Field) -> bool {
    matches!(field.role, Some(FieldRole::UpdatedAt | FieldRole::Version))
}

fn read(source: CostSource, bytes: u64) -> CostPart {
    CostPart { source, read_units: units::read(bytes), write_units: 0.0 }
}

fn write(source: CostSource, units: f64) -> CostPart {
    CostPart { source, read_units: 0.0, write_units: units }
}
