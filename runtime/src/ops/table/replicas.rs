//! The replicas of a table in other regions ("How DynamoDB global tables work").

use super::change::{Change, Step};
use super::compare::may_be_key;
use super::live::Live;
use super::parts::named_key;
use crate::description::{Replica, Table, TableClass};
use crate::ops::Error;
use aws_sdk_dynamodb as sdk;
use sdk::error::BuildError;
use sdk::types::{
    CreateReplicationGroupMemberAction, DeleteReplicationGroupMemberAction, ReplicaDescription, ReplicaStatus,
    ReplicationGroupUpdate, TableDescription, UpdateReplicationGroupMemberAction,
};

/// A replica that exists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct LiveReplica {
    pub(super) region: String,
    /// Such as `ACTIVE`.
    pub(super) status: String,
    /// What DynamoDB says of its status.
    pub(super) reason: Option<String>,
    /// The key that encrypts it, if DynamoDB says.
    pub(super) kms_key: Option<String>,
    /// Whether it has the class for infrequent access, if DynamoDB says.
    pub(super) is_infrequent: Option<bool>,
}

impl LiveReplica {
    /// Whether it is being created, changed or deleted.
    pub(super) fn is_changing(&self) -> bool {
        matches!(self.status.as_str(), "CREATING" | "UPDATING" | "DELETING")
    }

    fn has_failed(&self) -> bool {
        self.status == ReplicaStatus::CreationFailed.as_str()
    }

    /// Why DynamoDB could not create it.
    fn failure(&self) -> Option<String> {
        self.has_failed().then(|| self.reason.clone().unwrap_or_else(|| self.status.clone()))
    }
}

/// The replicas of a table in other regions than its own.
pub(super) fn live(table: &TableDescription) -> Vec<LiveReplica> {
    let own = table.table_arn().and_then(|arn| arn.split(':').nth(3));
    let others = table.replicas().iter().filter(|of| of.region_name() != own);
    others.map(described).collect()
}

fn described(of: &ReplicaDescription) -> LiveReplica {
    let class = of.replica_table_class_summary().and_then(|of| of.table_class());
    LiveReplica {
        region: of.region_name().unwrap_or_default().to_owned(),
        status: of.replica_status().map_or_else(String::new, |status| status.as_str().to_owned()),
        reason: of.replica_status_description().map(str::to_owned),
        kms_key: of.kms_master_key_id().map(str::to_owned),
        is_infrequent: class.map(|class| *class == sdk::types::TableClass::StandardInfrequentAccess),
    }
}

/// The deletions of replicas that the description does not name, and of those whose creation failed. A table without a
/// word for replicas keeps what it has.
pub(super) fn deletions(table: &Table, live: &Live) -> Vec<Step> {
    if table.replicas.is_none() {
        return Vec::new();
    }
    let there = live.replicas.iter().filter(|of| of.status != "DELETING");
    let deletion = |of: &LiveReplica| {
        let why = of.failure().filter(|_| table.names_region(&of.region));
        let is_deleted = why.is_some() || !table.names_region(&of.region);
        is_deleted.then(|| Step::DeleteReplica { region: of.region.clone(), why })
    };
    there.filter_map(deletion).collect()
}

/// The regions of replicas that the description does not name.
pub(super) fn unnamed(table: &Table, live: &Live) -> Vec<String> {
    let regions = live.replicas.iter().map(|replica| &replica.region);
    regions.filter(|region| !table.names_region(region)).cloned().collect()
}

/// The change that a failed creation of a replica leaves to do.
pub(super) fn failed(change: &Change, live: Option<&Live>) -> Option<Change> {
    let Step::CreateReplica { replica, .. } = &change.step else { return None };
    let why = live?.replica(replica.region)?.failure()?;
    let step = Step::DeleteReplica { region: replica.region.to_owned(), why: Some(why) };
    Some(Change { table: change.table.clone(), place: change.place.clone(), step })
}

/// The creations and the changes of replicas.
pub(super) fn additions(table: &Table, live: &Live) -> Vec<Step> {
    let step = |replica: &'static Replica| match live.replica(replica.region) {
        None => Some(Step::CreateReplica { replica, class: table.class_of(replica), items: live.items }),
        Some(of) if of.has_failed() || of.is_changing() => None,
        Some(of) => {
            // Without a word on any key, AWS owns the keys of all regions, which are of one kind.
            let is_other = |key: &&str| match &of.kms_key {
                Some(is) => !may_be_key(is, key),
                None => live.kms_key.is_none(),
            };
            let kms_key = replica.kms_key.and_then(named_key).filter(is_other);
            let class = table.class_of(replica);
            let class = class.filter(|class| of.is_infrequent.is_some_and(|is| is != is_infrequent(*class)));
            (kms_key.is_some() || class.is_some()).then_some(Step::ChangeReplica {
                region: replica.region,
                kms_key,
                class,
            })
        }
    };
    table.other_replicas().filter_map(step).collect()
}

pub(super) fn is_infrequent(class: TableClass) -> bool {
    class == TableClass::StandardInfrequentAccess
}

pub(super) fn class(of: TableClass) -> sdk::types::TableClass {
    match of {
        TableClass::Standard => sdk::types::TableClass::Standard,
        TableClass::StandardInfrequentAccess => sdk::types::TableClass::StandardInfrequentAccess,
    }
}

pub(super) fn create(replica: &Replica, of_class: Option<TableClass>) -> Result<ReplicationGroupUpdate, BuildError> {
    let create = CreateReplicationGroupMemberAction::builder()
        .region_name(replica.region)
        .set_kms_master_key_id(replica.kms_key.and_then(named_key).map(str::to_owned))
        .set_table_class_override(of_class.map(class))
        .build()?;
    Ok(ReplicationGroupUpdate::builder().create(create).build())
}

pub(super) fn change(
    region: &str,
    kms_key: Option<&str>,
    of_class: Option<TableClass>,
) -> Result<ReplicationGroupUpdate, BuildError> {
    let change = UpdateReplicationGroupMemberAction::builder()
        .region_name(region)
        .set_kms_master_key_id(kms_key.map(str::to_owned))
        .set_table_class_override(of_class.map(class))
        .build()?;
    Ok(ReplicationGroupUpdate::builder().update(change).build())
}

pub(super) fn delete(region: &str) -> Result<ReplicationGroupUpdate, BuildError> {
    let delete = DeleteReplicationGroupMemberAction::builder().region_name(region).build()?;
    Ok(ReplicationGroupUpdate::builder().delete(delete).build())
}

/// Whether an engine has no replicas: it overlooks them in a request, and finds nothing to do in it.
pub(super) fn are_unknown(error: &Error) -> bool {
    let Error::Service(error) = error else { return false };
    let is_nothing = |said: &str| said.contains("At least one of") || said.contains("Nothing to update");
    error.code() == Some("ValidationException") && error.message().is_some_and(is_nothing)
}

/// Whether an engine says that it has one region, which is none of AWS: then it has no replicas.
pub(super) fn are_unknown_at(arn: Option<&str>) -> bool {
    arn.and_then(|arn| arn.split(':').nth(3)).is_some_and(|region| !region.contains('-'))
}
