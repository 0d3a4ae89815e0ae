//! The requests that each operation of the runtime sends.

use super::rights::ServiceLinkedRole;
use crate::model::{Field, Model, ModelSet, Operation, Scalar, Type};

/// An action of IAM, and the items that it is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Access {
    pub(super) action: &'static str,
    pub(super) on: On,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum On {
    /// The model's items.
    Items,
    /// The guards of its unique values.
    Guards,
    /// The items with the progress of migrations.
    Progress,
    /// The entries of the index at this position, by their keys.
    Index(usize),
    /// All entries of an index.
    WholeIndex(usize),
    /// The vector index at this position.
    VectorIndex(usize),
    /// The table, whatever its items.
    Table,
    /// The replica of the table at this position.
    Replica(usize),
    /// A role that DynamoDB makes.
    Role(ServiceLinkedRole),
}

/// "Using IAM with CloudWatch Contributor Insights for DynamoDB": the first request of an account that turns them on makes it.
const INSIGHTS: ServiceLinkedRole = ServiceLinkedRole {
    service: "contributorinsights.dynamodb.amazonaws.com",
    name: "AWSServiceRoleForDynamoDBCloudWatchContributorInsights",
};

/// "DynamoDB global tables security": the first replica of an account makes it.
const REPLICATION: ServiceLinkedRole =
    ServiceLinkedRole { service: "replication.dynamodb.amazonaws.com", name: "AWSServiceRoleForDynamoDBReplication" };

fn access(on: On, actions: &[&'static str]) -> impl Iterator<Item = Access> {
    actions.iter().map(move |action| Access { action, on })
}

/// All requests that an operation may send for a model, by the model's settings.
pub(super) fn accesses(operation: &Operation, model: &Model, set: &ModelSet) -> Vec<Access> {
    let items = |actions| access(On::Items, actions);
    let is_versioned = model.versions.as_ref().is_some_and(|versions| !versions.upgrades.is_empty());
    // An older item is put in its current form first, with its guards, whose values no upgrade changes.
    let upgrade = || {
        let read = access(On::Items, &["GetItem"]).filter(|_| model.is_unique());
        let put = access(On::Items, &["PutItem"]).chain(read).chain(claims(model));
        put.filter(|_| is_versioned).collect::<Vec<_>>()
    };
    match operation {
        Operation::Get => items(&["GetItem"]).collect(),
        Operation::BatchGet => items(&["BatchGetItem"]).collect(),
        Operation::Query => items(&["Query"]).collect(),
        Operation::Scan => access(On::Table, &["Scan"]).collect(),
        Operation::QueryIndex(at) => access(On::Index(*at), &["Query"]).collect(),
        Operation::ScanIndex(at) => access(On::WholeIndex(*at), &["Scan"]).collect(),
        Operation::Search(at) => access(On::VectorIndex(*at), &["SearchVectors"]).collect(),
        Operation::Insert => items(&["PutItem"]).chain(claims(model)).collect(),
        Operation::Save | Operation::Replace => saving(model),
        Operation::Update => {
            let read = reads_before_updates(model, set).then(|| items(&["GetItem"]));
            let guards = claims(model).into_iter().chain(releases(model));
            // In a transaction, a patch that changes nothing only checks the item.
            let check = has_patch(model, set).then(|| items(&["ConditionCheckItem"]));
            let more = read.into_iter().chain(check).flatten();
            items(&["UpdateItem"]).chain(more).chain(guards).chain(upgrade()).collect()
        }
        Operation::Delete => items(&["DeleteItem"]).chain(releases(model)).chain(upgrade()).collect(),
        Operation::Check => items(&["ConditionCheckItem"]).chain(upgrade()).collect(),
        Operation::Rekey => items(&["DeleteItem"]).chain(saving(model)).collect(),
        Operation::BatchWrite => items(&["BatchWriteItem"]).collect(),
        Operation::DeletePartition => items(&["Query", "BatchWriteItem"]).collect(),
        Operation::Migrate => {
            let scan = access(On::Table, &["Scan"]);
            let progress = access(On::Progress, &["GetItem", "PutItem"]);
            scan.chain(items(&["DeleteItem"])).chain(progress).chain(saving(model)).collect()
        }
        Operation::CreateTable => creating(model).into_iter().chain(replicating(model)).collect(),
        Operation::DeleteTable => access(On::Table, &["DeleteTable", "DescribeTable"]).collect(),
    }
}

/// The requests of a put that may replace an item.
fn saving(model: &Model) -> Vec<Access> {
    let put = access(On::Items, &["PutItem"]);
    put.chain(claims(model)).chain(releases(model)).collect()
}

/// The requests that claim unique values.
fn claims(model: &Model) -> Vec<Access> {
    if model.is_unique() { access(On::Guards, &["PutItem"]).collect() } else { Vec::new() }
}

/// The requests that release the unique values which an item had. A guard that belongs to another item is only checked.
fn releases(model: &Model) -> Vec<Access> {
    let read = access(On::Items, &["GetItem"]);
    let guards = access(On::Guards, &["GetItem", "DeleteItem", "ConditionCheckItem"]);
    if model.is_unique() { read.chain(guards).collect() } else { Vec::new() }
}

fn has_patch(model: &Model, set: &ModelSet) -> bool {
    model.inputs.patch.is_some() || model.fields.iter().any(|field| set.patch_inside(field).is_some())
}

/// Whether an update may read its item: for a patch, which may change nothing or create a struct, and for a calculated value
/// whose bounds no condition checks.
fn reads_before_updates(model: &Model, set: &ModelSet) -> bool {
    let is_bounded = |part: &Type| match part {
        Type::Scalar(Scalar::Int(_) | Scalar::F32 | Scalar::F64 | Scalar::Decimal(_)) => true,
        Type::Named(named) => set.constrained.contains(&named.name),
        _ => false,
    };
    let has_bounds = |field: &Field| field.is_constrained() || field.ty.parts().any(is_bounded);
    has_patch(model, set) || model.fields.iter().any(|field| field.role.is_none() && has_bounds(field))
}

/// The requests that create the table with its settings.
pub(super) fn creating(model: &Model) -> Vec<Access> {
    let table = &model.described;
    let later = [
        table.ttl.as_ref().map(|_| "UpdateTimeToLive"),
        // If another process was faster.
        table.ttl.as_ref().map(|_| "DescribeTimeToLive"),
        table.point_in_time_recovery.filter(|on| *on).map(|_| "UpdateContinuousBackups"),
        table.contributor_insights.filter(|on| *on).map(|_| "UpdateContributorInsights"),
        table.resource_policy.as_ref().filter(|policy| !policy.statement.is_empty()).map(|_| "PutResourcePolicy"),
        (!table.tags.is_empty()).then_some("TagResource"),
    ];
    let actions = ["CreateTable", "DescribeTable"].into_iter().chain(later.into_iter().flatten());
    let role = table.contributor_insights.filter(|on| *on);
    let role = role.map(|_| Access { action: "CreateServiceLinkedRole", on: On::Role(INSIGHTS) });
    actions.map(|action| Access { action, on: On::Table }).chain(role).collect()
}

/// The requests that add replicas to a table, which is read between them, and what DynamoDB checks in the region of each
/// ("Using IAM with global tables").
fn replicating(model: &Model) -> Vec<Access> {
    let replicas = model.described.replicas.as_deref().unwrap_or_default();
    if replicas.is_empty() {
        return Vec::new();
    }
    // Before a table is created, it is looked for in its other regions.
    const OF_REPLICA: [&str; 10] = [
        "DescribeTable",
        "CreateTable",
        "CreateTableReplica",
        "Scan",
        "Query",
        "UpdateItem",
        "PutItem",
        "GetItem",
        "DeleteItem",
        "BatchWriteItem",
    ];
    let of_table = access(On::Table, &["UpdateTable"]).chain(reading(model));
    let of_replicas = (0..replicas.len()).flat_map(|at| access(On::Replica(at), &OF_REPLICA));
    // The time to live of a table is that of its replicas.
    let expiry = (0..replicas.len()).filter(|_| model.described.ttl.is_some());
    let expiry = expiry.flat_map(|at| access(On::Replica(at), &["UpdateTimeToLive"]));
    let role = Access { action: "CreateServiceLinkedRole", on: On::Role(REPLICATION) };
    of_table.chain(of_replicas).chain(expiry).chain([role]).collect()
}

/// The requests of `tables::ensure`, which takes nothing away.
pub(super) fn ensuring(model: &Model) -> Vec<Access> {
    let update = access(On::Table, &["UpdateTable"]).chain(reading(model));
    creating(model).into_iter().chain(update).chain(replicating(model)).collect()
}

/// The requests that read the settings for which the schema has a word.
fn reading(model: &Model) -> impl Iterator<Item = Access> {
    let table = &model.described;
    let read = [
        Some("DescribeTimeToLive"),
        table.point_in_time_recovery.map(|_| "DescribeContinuousBackups"),
        table.contributor_insights.map(|_| "DescribeContributorInsights"),
        table.resource_policy.as_ref().map(|_| "GetResourcePolicy"),
        (!table.tags.is_empty()).then_some("ListTagsOfResource"),
    ];
    read.into_iter().flatten().map(|action| Access { action, on: On::Table })
}
