//! The units of a model's requests.

use super::report::{CostPart, CostSource, ReadCost};
use super::units;
use crate::item_sizes::ItemSizes;
use crate::model::{Field, FieldRole, Index, IndexDefinition, Model, Query, distinct};
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

    /// A read of so many items of the table or of an index. `are_all` says whether the number is stated, and not that of
    /// the limit.
    pub(super) fn query(&self, query: &Query, items: u64, are_all: bool) -> Vec<CostPart> {
        let index = self.model.indexes.iter().find(|index| index.type_name == query.source);
        let definition = index.and_then(|index| self.definitions().find(|of| of.index_name == index.index_name));
        let (source, size) = match definition {
            Some(index) => (CostSource::Index { name: index.index_name.clone(), is_sparse: false }, self.entry(index)),
            None => (CostSource::Table, self.size),
        };
        let shards = query.shards.and_then(|count| u32::try_from(count).ok()).unwrap_or(1).max(1);
        // A query asks all shards, and each answer is rounded up. With a limit, it asks each for somewhat more than its
        // share, as the runtime does (`reading.rs`).
        let mean = items.div_ceil(shards.into());
        let in_shard = if are_all { mean } else { items.min(mean.saturating_add(2 * mean.isqrt() + 1)) };
        let of_shard = read(source, size.saturating_mul(in_shard));
        vec![CostPart { read_units: f64::from(shards) * of_shard.read_units, ..of_shard }]
    }

    /// The reads of the table, and of each index that holds its items.
    pub(super) fn reads(&self) -> Vec<ReadCost> {
        let of = |index: Option<&IndexDefinition>| {
            let size = index.map_or(self.size, |index| self.entry(index)).max(1);
            let page_items = (units::PAGE / size).max(1);
            ReadCost {
                index: index.map(|index| index.index_name.clone()),
                size,
                one: units::read(size),
                page_items,
                page: units::read(size.saturating_mul(page_items)),
            }
        };
        std::iter::once(of(None)).chain(self.held().map(|index| of(Some(index)))).collect()
    }

    /// A write of a new item.
    pub(super) fn insert(&self) -> Vec<CostPart> {
        self.with_guards(self.written(self.present(), |_| 1.0))
    }

    /// A put of an item, as of a new one.
    pub(super) fn save(&self) -> Vec<CostPart> {
        self.with_stored(self.insert())
    }

    /// The deletion of an item.
    pub(super) fn delete(&self) -> Vec<CostPart> {
        self.with_stored(self.insert())
    }

    /// The deletion of an item that stays: the time of it enters the indexes by it, and the unique values are free.
    pub(super) fn soft_delete(&self) -> Option<Vec<CostPart>> {
        let deleted_at = self.model.role(FieldRole::DeletedAt)?;
        let changes = |field: &Field| changes_always(field) || field.name == deleted_at.name;
        let is_changed = |attribute: &String| self.made_of(attribute).into_iter().any(changes);
        let parts = self.written(self.held(), |index| {
            let keys = self.key_fields(index);
            if keys.iter().any(|field| field.name == deleted_at.name) {
                1.0
            } else if keys.into_iter().any(changes) {
                2.0
            } else if index.include.as_ref().is_none_or(|held| held.iter().any(is_changed)) {
                1.0
            } else {
                0.0
            }
        });
        let mut guarded = self.with_guards(parts);
        // The item is read before the transaction and after it.
        if let Some(item) = guarded.first_mut().filter(|_| self.model.is_unique()) {
            item.read_units = 4.0 * units::read(self.size);
        }
        Some(guarded)
    }

    /// The most that an update of the fields that decide nothing but their own values costs, and of some of these.
    pub(super) fn update(&self, fields: &[&Field]) -> Vec<CostPart> {
        let is_fixed = |field: &Field| self.present().any(|index| self.is_fixed(index, field));
        let staying: Vec<&Field> = fields.iter().filter(|field| !is_fixed(field)).copied().collect();
        let units = |parts: &[CostPart]| parts.iter().map(|part| part.write_units).sum::<f64>();
        let (all, staying) = (self.change(fields), self.change(&staying));
        if units(&all) < units(&staying) { staying } else { all }
    }

    /// An update of the fields that decide nothing but their own values, and of all of these.
    fn change(&self, fields: &[&Field]) -> Vec<CostPart> {
        let is_among = |field: &Field| fields.iter().any(|of| of.name == field.name);
        let is_changed = |field: &&Field| changes_always(field) || is_among(field) || self.is_plain(field);
        let changed: Vec<&str> = self.changing().filter(is_changed).map(|field| field.name.as_str()).collect();
        let changes = |field: &Field| changed.contains(&field.name.as_str());
        let parts = self.written(self.present(), |index| {
            // Whole items change by any update.
            let is_held = || {
                let include = index.include.as_ref();
                include.is_none_or(|held| held.iter().flat_map(|attribute| self.made_of(attribute)).any(changes))
            };
            let deciding = self.deciding(index);
            let enters_or_leaves = deciding.iter().any(|field| changes(field) && self.is_fixed(index, field));
            // Another key is a deletion and a write.
            if !enters_or_leaves && self.key_fields(index).into_iter().any(changes) {
                2.0
            } else if deciding.into_iter().any(changes) || is_held() {
                1.0
            } else {
                0.0
            }
        });
        let expires_otherwise = fields.iter().any(|field| self.is_expiry(field));
        let guards = self.groups().into_iter().filter_map(|group| {
            let change = match group.iter().any(|field| is_among(field)) {
                true => GuardChange::Moved,
                false if expires_otherwise => GuardChange::Prolonged,
                false => return None,
            };
            Some((together(&group), change))
        });
        let mut guarded = self.guarded(parts, guards.collect());
        // The item is read before the transaction and after it.
        if let Some(item) = guarded.first_mut().filter(|_| fields.iter().any(|field| self.is_guarded(field))) {
            item.read_units = 4.0 * units::read(self.size);
        }
        guarded
    }

    /// The updates that cost more than one of other fields: of the fields that decide about an index, of those that no two
    /// items share, and of the time to live of an item with guards. Each with its name.
    pub(super) fn special_updates(&self) -> Vec<(String, Vec<&'m Field>)> {
        let changing = |fields: Vec<&'m Field>| -> Vec<&'m Field> {
            fields.into_iter().filter(|field| self.changing().any(|of| of.name == field.name)).collect()
        };
        let of_indexes = self.present().filter_map(|index| {
            let fields = changing(self.deciding(index));
            let is_special = !fields.is_empty() && !fields.iter().any(|field| changes_always(field));
            is_special.then(|| (format!("update of the key of {}", index.index_name), fields))
        });
        let of_groups =
            self.groups().into_iter().map(|group| (format!("update of {}", together(&group)), changing(group)));
        let is_single = |field: &Field| field.unique || !self.model.is_unique();
        let expiry = self.changing().filter(|field| self.is_expiry(field) && !is_single(field));
        let of_expiry = expiry.map(|field| (format!("update of {}", field.name), vec![field]));
        of_indexes.chain(of_groups.filter(|(_, fields)| !fields.is_empty())).chain(of_expiry).collect()
    }

    /// The fields that updates change.
    fn changing(&self) -> impl Iterator<Item = &'m Field> {
        use FieldRole::{CreatedAt, DeletedAt, SchemaVersion};
        let is_set = |field: &Field| !matches!(field.role, Some(CreatedAt | DeletedAt | SchemaVersion));
        self.model.fields.iter().filter(move |field| !self.model.is_key(field) && is_set(field))
    }

    /// Whether nothing but the value of the field depends on it.
    fn is_plain(&self, field: &Field) -> bool {
        let decides = |index| self.deciding(index).iter().any(|of| of.name == field.name);
        !self.is_guarded(field) && !self.present().any(decides)
    }

    /// Whether an update of the field also writes guards.
    fn is_guarded(&self, field: &Field) -> bool {
        let is_in = |group: &Vec<&Field>| group.iter().any(|of| of.name == field.name);
        self.model.is_unique() && self.is_expiry(field) || self.groups().iter().any(is_in)
    }

    fn is_expiry(&self, field: &Field) -> bool {
        let ttl = self.model.table.ttl.as_ref();
        ttl == Some(&field.attribute) || self.model.computed.iter().any(|of| of.is_expiry_from(field))
    }

    /// Whether all items in an index have the same value of the field, so that a change of it brings an item in or out.
    fn is_fixed(&self, index: &IndexDefinition, field: &Field) -> bool {
        let when = self.own(index).map(|own| own.when.as_slice()).unwrap_or_default();
        when.iter().any(|of| of.field.name == field.name && of.values.len() == 1)
    }

    /// The fields that decide whether an item is in an index, and under which key.
    fn deciding(&self, index: &IndexDefinition) -> Vec<&'m Field> {
        let when = self.own(index).into_iter().flat_map(|own| own.when.iter().map(|of| &of.field));
        distinct(self.key_fields(index).into_iter().chain(when))
    }

    /// The parts of a write: the table, and of each index so many writes of its entry.
    fn written(
        &self,
        indexes: impl Iterator<Item = &'m IndexDefinition>,
        times: impl Fn(&IndexDefinition) -> f64,
    ) -> Vec<CostPart> {
        let mut parts = vec![write(CostSource::Table, units::write(self.size))];
        for index in indexes {
            let of = times(index) * units::write(self.entry(index));
            if of > 0.0 {
                let source = CostSource::Index { name: index.index_name.clone(), is_sparse: self.is_sparse(index) };
                parts.push(write(source, of));
            }
        }
        parts
    }

    fn definitions(&self) -> impl Iterator<Item = &'m IndexDefinition> {
        self.model.described.indexes.iter()
    }

    /// The indexes that hold its items: those of whose keys the items have all attributes, also if the model does not name
    /// them.
    fn held(&self) -> impl Iterator<Item = &'m IndexDefinition> {
        self.definitions().filter(|index| keys(index).all(|key| self.attributes.contains_key(key.as_str())))
    }

    /// The indexes that hold items which are not deleted: an index by the time of a deletion holds deleted items alone.
    fn present(&self) -> impl Iterator<Item = &'m IndexDefinition> {
        let is_deletion = |field: &&Field| field.role == Some(FieldRole::DeletedAt);
        self.held().filter(move |index| !self.key_fields(index).iter().any(is_deletion))
    }

    /// The bytes of an item in an index.
    fn entry(&self, index: &IndexDefinition) -> u64 {
        let Some(include) = &index.include else { return self.size };
        let keys = keys(index).map(String::as_str);
        let of_table = self.model.keys().map(|key| key.attribute.as_str());
        let mut names: Vec<&str> = keys.chain(of_table).chain(include.iter().map(String::as_str)).collect();
        names.sort_unstable();
        names.dedup();
        let sizes = names.into_iter().filter_map(|name| self.attributes.get(name));
        sizes.sum::<u64>().min(self.size)
    }

    /// Whether items may be without its key.
    fn is_sparse(&self, index: &IndexDefinition) -> bool {
        self.own(index).is_some_and(|own| !own.when.is_empty())
            || self.key_fields(index).into_iter().any(|field| field.ty.present() != &field.ty)
    }

    /// The index as the model names it.
    fn own(&self, index: &IndexDefinition) -> Option<&'m Index> {
        self.model.indexes.iter().find(|of| of.index_name == index.index_name)
    }

    fn key_fields(&self, index: &IndexDefinition) -> Vec<&'m Field> {
        distinct(keys(index).flat_map(|key| self.made_of(key)))
    }

    /// The fields whose values are in an attribute.
    fn made_of(&self, attribute: &str) -> Vec<&'m Field> {
        let keys = || self.model.keys().chain(self.model.indexes.iter().flat_map(Index::keys));
        let of_model = || self.model.attributes().filter(|field| !field.key_only && field.attribute == attribute);
        let fields: Vec<&Field> = match keys().find(|key| key.attribute == attribute) {
            Some(key) => key.checked().collect(),
            None => of_model().collect(),
        };
        fields.into_iter().flat_map(|field| self.parts(field)).collect()
    }

    /// The fields that a computed field is made of, or the field itself.
    fn parts(&self, field: &'m Field) -> Vec<&'m Field> {
        let computed = self.model.computed.iter().find(|of| of.field.name == field.name);
        computed.map_or_else(|| vec![field], |of| of.by.fields())
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
    fn groups(&self) -> Vec<Vec<&'m Field>> {
        let fields = self.model.unique().map(|field| vec![field]);
        fields.chain(self.model.unique_together.iter().map(|fields| fields.iter().collect())).collect()
    }

    /// Adds the guards of all unique fields.
    fn with_guards(&self, parts: Vec<CostPart>) -> Vec<CostPart> {
        self.guarded(parts, self.groups().iter().map(|group| (together(group), GuardChange::Made)).collect())
    }

    /// Adds the writes of guards, and what their transaction adds: it writes items of the table twice
    /// ("Amazon DynamoDB Transactions: How it works", capacity management), and entries of indexes once.
    fn guarded(&self, mut parts: Vec<CostPart>, guards: Vec<(String, GuardChange)>) -> Vec<CostPart> {
        if guards.is_empty() {
            return parts;
        }
        let items: f64 =
            parts.iter().filter(|part| part.source == CostSource::Table).map(|part| part.write_units).sum();
        let twice = guards.iter().fold(items, |sum, (_, change)| sum + change.writes());
        let part = |(name, change): (String, GuardChange)| write(CostSource::Guard(name), self.guard(change));
        parts.extend(guards.into_iter().map(part));
        parts.push(write(CostSource::Transaction, twice));
        parts
    }

    /// The units of a guard in the table, and in the indexes whose keys it has.
    fn guard(&self, change: GuardChange) -> f64 {
        let expiry = self.model.table.ttl.as_ref();
        let of_index = |index: &IndexDefinition| {
            let is_held = index.include.as_ref().is_none_or(|include| include.iter().any(|of| Some(of) == expiry));
            match change {
                GuardChange::Made | GuardChange::Moved => change.writes(),
                GuardChange::Prolonged if keys(index).any(|key| Some(key) == expiry) => 2.0,
                GuardChange::Prolonged if is_held => 1.0,
                GuardChange::Prolonged => 0.0,
            }
        };
        let in_indexes = self.definitions().filter(|index| keys(index).all(|key| self.is_of_guards(key)));
        in_indexes.fold(change.writes(), |sum, index| sum + of_index(index))
    }

    /// Whether guards have this attribute: the keys of the table, and the time to live.
    fn is_of_guards(&self, attribute: &str) -> bool {
        let is_expiry = self.model.table.ttl.as_deref() == Some(attribute) && self.attributes.contains_key(attribute);
        is_expiry || self.model.keys().any(|key| key.attribute == attribute)
    }
}

/// What a request does to a guard.
#[derive(Clone, Copy)]
enum GuardChange {
    /// It is put or deleted.
    Made,
    /// That of the old value is deleted, and that of the new one put.
    Moved,
    /// It gets another time to live.
    Prolonged,
}

impl GuardChange {
    /// The writes in the table.
    fn writes(self) -> f64 {
        match self {
            GuardChange::Made | GuardChange::Prolonged => 1.0,
            GuardChange::Moved => 2.0,
        }
    }
}

/// The attributes of an index's key.
fn keys(index: &IndexDefinition) -> impl Iterator<Item = &String> {
    index.hash_key.iter().chain(&index.range_key).map(|(attribute, _)| attribute)
}

/// The names of fields that are unique together.
fn together(fields: &[&Field]) -> String {
    fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>().join(" and ")
}

/// Whether each update changes it.
fn changes_always(field: &Field) -> bool {
    field.lifetime.is_some() || matches!(field.role, Some(FieldRole::UpdatedAt | FieldRole::Version))
}

fn read(source: CostSource, bytes: u64) -> CostPart {
    CostPart { source, read_units: units::read(bytes), write_units: 0.0 }
}

fn write(source: CostSource, units: f64) -> CostPart {
    CostPart { source, read_units: 0.0, write_units: units }
}
