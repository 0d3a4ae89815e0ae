//! The tables in DynamoDB, each with what all its models say about it.

use super::{KeyKind, Maximum, Model, ModelSet, SharedTable, Table, TableClass};
use std::collections::HashMap;

/// A table in DynamoDB.
#[derive(Debug)]
pub(crate) struct WholeTable<'m> {
    /// With the indexes and settings of all its models.
    pub(crate) table: Table,
    pub(crate) hash_key: (&'m str, KeyKind),
    pub(crate) range_key: Option<(&'m str, KeyKind)>,
    /// A type of the schema whose description of the table is this one.
    pub(crate) described_by: Option<&'m str>,
}

/// A table as one model or one entry of `tables:` describes it.
struct Description<'m> {
    type_name: Option<&'m str>,
    table: &'m Table,
    /// The table as the constant of the type describes it.
    emitted: &'m Table,
    hash_key: (&'m str, KeyKind),
    range_key: Option<(&'m str, KeyKind)>,
}

impl ModelSet {
    /// The tables in DynamoDB, in the order of their first models.
    pub(crate) fn whole_tables(&self) -> Vec<WholeTable<'_>> {
        let descriptions: Vec<Description<'_>> = self.descriptions().collect();
        let mut whole: Vec<WholeTable<'_>> = Vec::new();
        for of in &descriptions {
            match whole.iter_mut().find(|table| table.table.is_same(of.table)) {
                Some(first) => first.table.add(of.table),
                None => whole.push(WholeTable {
                    table: of.table.clone(),
                    hash_key: of.hash_key,
                    range_key: of.range_key,
                    described_by: None,
                }),
            }
        }
        for table in &mut whole {
            // A write in another region of the table would make one of its own.
            table.table.auto_create &= !table.table.has_replicas();
            let same = descriptions.iter().filter(|of| *of.emitted == table.table);
            table.described_by = same.filter_map(|of| of.type_name).next();
        }
        whole
    }

    /// Gives each model the description of its table that all models in it make.
    pub(crate) fn describe_tables(&mut self) {
        let whole: Vec<Table> = self.whole_tables().into_iter().map(|of| of.table).collect();
        let place = |table: &Table| (table.name.clone(), table.region.clone(), table.host.clone());
        let by_place: HashMap<_, &Table> = whole.iter().map(|table| (place(table), table)).collect();
        for model in &mut self.models {
            let Some(whole) = by_place.get(&place(&model.table)) else { continue };
            let auto_create = model.table.auto_create && !whole.has_replicas();
            model.described = Table { auto_create, ..(*whole).clone() };
        }
    }

    fn descriptions(&self) -> impl Iterator<Item = Description<'_>> {
        let of_models = self.models.iter().map(|model| Description {
            type_name: Some(model.name.as_str()),
            table: &model.table,
            emitted: &model.described,
            hash_key: (&model.hash_key.attribute, model.hash_key.kind),
            range_key: model.range_key.as_ref().map(|key| (key.attribute.as_str(), key.kind)),
        });
        of_models.chain(self.tables.iter().map(|shared| Description {
            type_name: shared.type_name.as_deref(),
            table: &shared.table,
            emitted: self.described(shared),
            hash_key: (&shared.hash_key.0, shared.hash_key.1),
            range_key: shared.range_key.as_ref().map(|(attribute, kind)| (attribute.as_str(), *kind)),
        }))
    }
}

impl ModelSet {
    /// A shared table as the constant of its type describes it.
    pub(crate) fn described<'m>(&'m self, shared: &'m SharedTable) -> &'m Table {
        let is_in = |model: &&Model| model.sharing.as_ref().is_some_and(|sharing| sharing.table == shared.name);
        self.models.iter().find(is_in).map_or(&shared.table, |model| &model.described)
    }
}

impl Table {
    /// Adds what another description of the same table says.
    pub(crate) fn add(&mut self, other: &Self) {
        self.throughput = self.throughput.or(other.throughput);
        self.table_class = self.table_class.or(other.table_class);
        self.stream = self.stream.or(other.stream);
        self.deletion_protection = self.deletion_protection.or(other.deletion_protection);
        self.point_in_time_recovery = self.point_in_time_recovery.or(other.point_in_time_recovery);
        self.contributor_insights = self.contributor_insights.or(other.contributor_insights);
        let (own, most) = (&mut self.on_demand_maximum, other.on_demand_maximum);
        (own.read, own.write) = (own.read.or(most.read), own.write.or(most.write));
        self.warm_throughput = self.warm_throughput.or(other.warm_throughput);
        if self.kms_key.is_none() {
            self.kms_key.clone_from(&other.kms_key);
        }
        if self.resource_policy.is_none() {
            self.resource_policy.clone_from(&other.resource_policy);
        }
        if self.replicas.is_none() {
            self.replicas.clone_from(&other.replicas);
        }
        if self.ttl.is_none() {
            self.ttl.clone_from(&other.ttl);
        }
        for tag in &other.tags {
            if !self.tags.iter().any(|(key, _)| *key == tag.0) {
                self.tags.push(tag.clone());
            }
        }
        for index in &other.indexes {
            if !self.indexes.iter().any(|own| own.index_name == index.index_name) {
                self.indexes.push(index.clone());
            }
        }
        for index in &other.vector_indexes {
            if !self.vector_indexes.iter().any(|own| own.index_name == index.index_name) {
                self.vector_indexes.push(index.clone());
            }
        }
    }

    pub(crate) fn class(&self) -> TableClass {
        self.table_class.unwrap_or(TableClass::Standard)
    }

    pub(crate) fn has_replicas(&self) -> bool {
        self.replicas.as_ref().is_some_and(|replicas| !replicas.is_empty())
    }

    /// What two descriptions of the same table say differently.
    pub(crate) fn disagrees(&self, other: &Self) -> Option<String> {
        fn differ<T: PartialEq>(one: Option<T>, other: Option<T>) -> bool {
            matches!((one, other), (Some(one), Some(other)) if one != other)
        }
        let index = self
            .indexes
            .iter()
            .find(|own| other.indexes.iter().any(|index| own.index_name == index.index_name && *own != index));
        let tag = self.tags.iter().find(|(key, value)| other.tags.iter().any(|(of, is)| of == key && is != value));
        let (most, others) = (self.on_demand_maximum, other.on_demand_maximum);
        let policy = match (&self.resource_policy, &other.resource_policy) {
            (Some(one), Some(other)) => !self.is_same_policy(one, other),
            _ => false,
        };
        let settings = [
            ("its throughput", differ(self.throughput, other.throughput)),
            ("its table class", differ(self.table_class, other.table_class)),
            ("its stream", differ(self.stream, other.stream)),
            ("its deletion protection", differ(self.deletion_protection, other.deletion_protection)),
            ("its point-in-time recovery", differ(self.point_in_time_recovery, other.point_in_time_recovery)),
            ("its contributor insights", differ(self.contributor_insights, other.contributor_insights)),
            ("its KMS key", differ(self.kms_key.as_ref(), other.kms_key.as_ref())),
            ("its resource policy", policy),
            ("its replicas", differ(self.replicas.as_ref(), other.replicas.as_ref())),
            ("its on-demand maximum", differ(most.read, others.read) || differ(most.write, others.write)),
            ("its warm throughput", differ(self.warm_throughput, other.warm_throughput)),
        ];
        let is_provisioned_on_demand =
            |one: &Self, other: &Self| one.throughput.is_some() && other.on_demand_maximum != Maximum::default();
        let billing = is_provisioned_on_demand(self, other) || is_provisioned_on_demand(other, self);
        let settings = settings.into_iter().chain([("its billing", billing)]);
        let setting = settings.into_iter().find(|(_, differs)| *differs).map(|(setting, _)| setting.to_owned());
        let vector_index = self
            .vector_indexes
            .iter()
            .find(|own| other.vector_indexes.iter().any(|index| own.index_name == index.index_name && *own != index));
        let index = index.map(|index| &index.index_name).or(vector_index.map(|index| &index.index_name));
        let index = index.map(|name| format!("its index `{name}`"));
        index.or(setting).or(tag.map(|(key, _)| format!("its tag `{key}`")))
    }
}
