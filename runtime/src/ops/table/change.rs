//! One difference between a table and its description.

mod text;

use super::live::Live;
use crate::description::{Replica, TableClass};

pub(super) use text::Maximum;

/// Something that has to be done so that a table is as the schema says. Its text names what is done and what was there;
/// it holds no items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub(super) table: String,
    pub(super) place: Option<String>,
    pub(super) step: Step,
}

/// What is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Another run is creating the table, or this index.
    Await {
        index: Option<&'static str>,
    },
    /// Another run is creating the replica in this region.
    AwaitReplica {
        region: &'static str,
    },
    CreateTable {
        /// Its key, its indexes and its settings.
        text: String,
    },
    /// The table cannot become what the schema says: it is deleted, and created anew.
    ReplaceTable {
        why: String,
        items: u64,
        is_protected: bool,
        /// The regions of its replicas, which are deleted first.
        replicas: Vec<String>,
        /// Those of them that the schema does not name.
        unnamed: Vec<String>,
    },
    DeleteIndex {
        index: String,
        /// Why it is in the way of the schema; `None` if the schema does not know it.
        why: Option<String>,
    },
    CreateIndex {
        index: &'static str,
        text: String,
        /// The number of items in the table.
        items: u64,
    },
    DeleteReplica {
        region: String,
        /// Why the replica of the schema is created anew; `None` if the schema does not have it.
        why: Option<String>,
    },
    CreateReplica {
        replica: &'static Replica,
        class: Option<TableClass>,
        /// The number of items in the table.
        items: u64,
    },
    /// The key and the class of a replica, as far as they change.
    ChangeReplica {
        region: &'static str,
        kms_key: Option<&'static str>,
        class: Option<TableClass>,
    },
    /// Paid per request, and no longer these units.
    PayPerRequest {
        was: (u64, u64),
    },
    /// Provisioned units, for the indexes too if the table was paid per request.
    Throughput {
        units: (u32, u32),
        was: Option<(u64, u64)>,
    },
    IndexThroughput {
        index: &'static str,
        units: (u32, u32),
        was: (u64, u64),
    },
    /// The content of the stream, as DynamoDB's word.
    Stream {
        view: Option<&'static str>,
        was: Option<String>,
    },
    TableClass {
        is_infrequent: bool,
    },
    DeletionProtection(bool),
    PointInTimeRecovery(bool),
    ContributorInsights(bool),
    KmsKey {
        key: &'static str,
    },
    /// The maximum of reads and of writes.
    OnDemandMaximum {
        units: (Option<u32>, Option<u32>),
        was: (Option<u32>, Option<u32>),
    },
    WarmThroughput {
        units: (u32, u32),
        was: (u64, u64),
    },
    ResourcePolicy {
        /// In JSON; empty for none.
        policy: &'static str,
        is_new: bool,
    },
    TimeToLive {
        attribute: Option<&'static str>,
        was: Option<String>,
    },
    /// Tags that are missing or have another value.
    Tags(Vec<(&'static str, &'static str)>),
}

/// What a change does to a table that an earlier release still uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// It adds something, or changes a setting in place.
    Sets,
    /// It removes something that the schema does not have.
    Removes,
    /// It removes something, so that it can be there in another form.
    Replaces,
}

impl Change {
    /// The table's name in DynamoDB.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// The region or the host of a table that has its own in the schema.
    pub fn place(&self) -> Option<&str> {
        self.place.as_deref()
    }

    /// The index that is created, deleted or changed.
    pub fn index(&self) -> Option<&str> {
        match &self.step {
            Step::DeleteIndex { index, .. } => Some(index),
            Step::CreateIndex { index, .. } | Step::IndexThroughput { index, .. } => Some(index),
            Step::Await { index } => *index,
            _ => None,
        }
    }

    /// The region of the replica that is created, deleted or changed.
    pub fn replica(&self) -> Option<&str> {
        match &self.step {
            Step::DeleteReplica { region, .. } => Some(region),
            Step::CreateReplica { replica, .. } => Some(replica.region),
            Step::AwaitReplica { region } | Step::ChangeReplica { region, .. } => Some(region),
            _ => None,
        }
    }

    /// The kind of the change, for programs: `await`, `create_table`, `replace_table`, `create_index`, `delete_index`,
    /// `replace_index`, `create_replica`, `delete_replica`, `replace_replica`, `replica`, `billing_mode`, `throughput`,
    /// `stream`, `table_class`, `deletion_protection`, `point_in_time_recovery`, `contributor_insights`, `kms_key`,
    /// `on_demand_maximum`, `warm_throughput`, `resource_policy`, `time_to_live` or `tags`.
    pub fn kind(&self) -> &'static str {
        match &self.step {
            Step::Await { .. } | Step::AwaitReplica { .. } => "await",
            Step::CreateTable { .. } => "create_table",
            Step::ReplaceTable { .. } => "replace_table",
            Step::CreateIndex { .. } => "create_index",
            Step::DeleteIndex { why: None, .. } => "delete_index",
            Step::DeleteIndex { why: Some(_), .. } => "replace_index",
            Step::CreateReplica { .. } => "create_replica",
            Step::DeleteReplica { why: None, .. } => "delete_replica",
            Step::DeleteReplica { why: Some(_), .. } => "replace_replica",
            Step::ChangeReplica { .. } => "replica",
            Step::PayPerRequest { .. } | Step::Throughput { was: None, .. } => "billing_mode",
            Step::Throughput { .. } | Step::IndexThroughput { .. } => "throughput",
            Step::Stream { .. } => "stream",
            Step::TableClass { .. } => "table_class",
            Step::DeletionProtection(_) => "deletion_protection",
            Step::PointInTimeRecovery(_) => "point_in_time_recovery",
            Step::ContributorInsights(_) => "contributor_insights",
            Step::KmsKey { .. } => "kms_key",
            Step::OnDemandMaximum { .. } => "on_demand_maximum",
            Step::WarmThroughput { .. } => "warm_throughput",
            Step::ResourcePolicy { .. } => "resource_policy",
            Step::TimeToLive { .. } => "time_to_live",
            Step::Tags(_) => "tags",
        }
    }

    /// Whether it deletes the table with its items, a replica with its items, or an index. It is done only if its
    /// [`name`](Self::name) is given to [`Apply::allow_deletion`](super::Apply::allow_deletion).
    pub fn is_destructive(&self) -> bool {
        matches!(self.step, Step::ReplaceTable { .. } | Step::DeleteIndex { .. } | Step::DeleteReplica { .. })
    }

    /// Whether the table cannot become what the schema says without this deletion: a table, an index or a replica is
    /// deleted and created anew, or a stream or a time to live ends and another one begins.
    pub fn is_replacement(&self) -> bool {
        self.effect() == Effect::Replaces
    }

    /// Its name for [`Apply::allow_deletion`](super::Apply::allow_deletion): `TABLE`, `TABLE/INDEX`, or
    /// `TABLE/replica:REGION`. A table with a place of its own is `TABLE@PLACE`.
    ///
    /// The deletion of a table with replicas that the schema does not list needs their names too: see
    /// [`deletions`](Self::deletions).
    pub fn name(&self) -> String {
        self.name_of(self.index(), self.replica())
    }

    fn name_of(&self, index: Option<&str>, replica: Option<&str>) -> String {
        let place = self.place.iter().map(|place| format!("@{place}"));
        let index = index.into_iter().map(|index| format!("/{index}"));
        let replica = replica.into_iter().map(|region| format!("/replica:{region}"));
        std::iter::once(self.table.clone()).chain(place).chain(index).chain(replica).collect()
    }

    /// All names that have to be given to [`Apply::allow_deletion`](super::Apply::allow_deletion), the own one first: a
    /// table is deleted with its replicas, and those that the schema does not list have to be named.
    pub fn deletions(&self) -> Vec<String> {
        let unnamed = match &self.step {
            Step::ReplaceTable { unnamed, .. } => unnamed.as_slice(),
            _ => &[],
        };
        let own = self.is_destructive().then(|| self.name());
        own.into_iter().chain(unnamed.iter().map(|region| self.name_of(None, Some(region)))).collect()
    }

    /// Whether it deletes a replica that the schema does not list: nobody has asked for that yet.
    pub(super) fn is_unasked(&self) -> bool {
        matches!(self.step, Step::DeleteReplica { why: None, .. })
    }

    /// Whether DynamoDB would refuse it, since the table is protected against deletion. A plan with such a change is
    /// refused before anything is changed.
    pub fn is_protected(&self) -> bool {
        matches!(self.step, Step::ReplaceTable { is_protected: true, .. })
    }

    /// The names of the deletions that it has done; `live` is the table after it.
    pub(super) fn done_deletions(&self, live: Option<&Live>) -> Vec<String> {
        let Step::ReplaceTable { unnamed, .. } = &self.step else { return self.deletions() };
        let own = live.is_none().then(|| self.name());
        let is_gone = |region: &&String| live.is_none_or(|live| live.replica(region).is_none());
        own.into_iter().chain(unnamed.iter().filter(is_gone).map(|region| self.name_of(None, Some(region)))).collect()
    }

    /// The number of items that are deleted, which DynamoDB counts about every six hours. The items of a deleted index
    /// stay in its table, and those of a deleted replica in the other regions.
    pub fn lost_items(&self) -> Option<u64> {
        match self.step {
            Step::ReplaceTable { items, .. } => Some(items),
            _ => None,
        }
    }

    /// Whether it makes the table with all that the schema says.
    pub(super) fn is_of_whole_table(&self) -> bool {
        matches!(self.step, Step::CreateTable { .. } | Step::ReplaceTable { .. })
    }

    pub(super) fn effect(&self) -> Effect {
        match &self.step {
            Step::ReplaceTable { .. }
            | Step::DeleteIndex { why: Some(_), .. }
            | Step::DeleteReplica { why: Some(_), .. } => Effect::Replaces,
            Step::Stream { view: Some(_), was: Some(_) } => Effect::Replaces,
            Step::TimeToLive { attribute: Some(_), was: Some(_) } => Effect::Replaces,
            Step::DeleteIndex { why: None, .. }
            | Step::DeleteReplica { why: None, .. }
            | Step::Stream { view: None, .. }
            | Step::TimeToLive { attribute: None, .. }
            | Step::ResourcePolicy { policy: "", .. }
            | Step::DeletionProtection(false)
            | Step::PointInTimeRecovery(false)
            | Step::ContributorInsights(false) => Effect::Removes,
            _ => Effect::Sets,
        }
    }
}

pub(super) fn wide((read, write): (u32, u32)) -> (u64, u64) {
    (read.into(), write.into())
}
