//! The differences between a table and its description.

mod text;
mod wanted;

use super::change::{Change, Step, wide};
use super::live::{Live, LiveIndex};
use super::parts::stream_text;
use super::{policies, replicas};
use crate::description::{Replica, Table, TableClass};
use crate::transport::Target;
use text::{index_text, indexed_text, key_text, kind_text, projection_text, table_text};
use wanted::{all_wanted, declared_key, wanted};

/// The changes that make a target's table what its description says, in the order in which they are done. Tags and
/// local indexes that the description does not have stay.
pub(super) fn changes(target: &Target, live: Option<&Live>) -> Vec<Change> {
    let place = target.place.region.as_ref().or(target.place.host.as_ref());
    let change = |step| Change { table: target.table.clone(), place: place.cloned(), step };
    compare(&target.description, live).into_iter().map(change).collect()
}

fn compare(table: &Table, live: Option<&Live>) -> Vec<Step> {
    let Some(live) = live.filter(|live| live.status != "DELETING") else {
        // CreateTable makes no replicas.
        let creation = Step::CreateTable { text: table_text(table) };
        return std::iter::once(creation).chain(replicas::additions(table, &Live::default())).collect();
    };
    if let Some(why) = replaced_by(table, live) {
        let protection =
            other(table.deletion_protection.filter(|protected| !protected), Some(live.deletion_protection));
        let is_protected = live.deletion_protection && protection.is_none();
        let replicas = live.replicas.iter().map(|replica| replica.region.clone()).collect();
        let unnamed = replicas::unnamed(table, live);
        let replace = Step::ReplaceTable { why, items: live.items, is_protected, replicas, unnamed };
        return protection.map(Step::DeletionProtection).into_iter().chain([replace]).collect();
    }
    let mut steps = Vec::new();
    await_others(table, live, &mut steps);
    delete_indexes(table, live, &mut steps);
    steps.extend(replicas::deletions(table, live));
    throughput(table, live, &mut steps);
    create_indexes(table, live, &mut steps);
    let stream = table.stream.map(stream_text);
    if live.stream.as_deref() != stream && !keeps_stream(live) {
        steps.push(Step::Stream { view: stream, was: live.stream.clone() });
    }
    let is_infrequent = table.own_class() == TableClass::StandardInfrequentAccess;
    if live.is_infrequent != is_infrequent {
        steps.push(Step::TableClass { is_infrequent });
    }
    steps.extend(other(table.deletion_protection, Some(live.deletion_protection)).map(Step::DeletionProtection));
    steps.extend(other(table.point_in_time_recovery, live.point_in_time_recovery).map(Step::PointInTimeRecovery));
    steps.extend(other(table.contributor_insights, live.contributor_insights).map(Step::ContributorInsights));
    let is_other_key = |key: &&str| !live.kms_key.as_ref().is_some_and(|arn| may_be_key(arn, key));
    steps.extend(table.own_kms_key().filter(is_other_key).map(|key| Step::KmsKey { key }));
    let (read, write) = table.on_demand_maximum;
    let units = (read.or(live.on_demand_maximum.0), write.or(live.on_demand_maximum.1));
    if live.on_demand_maximum != units {
        steps.push(Step::OnDemandMaximum { units, was: live.on_demand_maximum });
    }
    if let (Some((read, write)), Some(was)) = (table.warm_throughput, live.warm_throughput)
        && (was.0 < read.into() || was.1 < write.into())
    {
        // It only grows.
        let largest = |wanted: u32, is: u64| wanted.max(u32::try_from(is).unwrap_or(u32::MAX));
        steps.push(Step::WarmThroughput { units: (largest(read, was.0), largest(write, was.1)), was });
    }
    if let (Some(policy), Some(was)) = (table.resource_policy, &live.resource_policy)
        && !policies::same(policy, was, live.arn.as_deref())
    {
        steps.push(Step::ResourcePolicy { policy, is_new: was.is_empty() });
    }
    if live.ttl.as_deref() != table.ttl {
        steps.push(Step::TimeToLive { attribute: table.ttl, was: live.ttl.clone() });
    }
    if let Some(is) = &live.tags {
        let differs = |(key, value): &&(&str, &str)| is.get(*key).is_none_or(|is| is != value);
        let tags: Vec<_> = table.tags.iter().filter(differs).copied().collect();
        steps.extend((!tags.is_empty()).then_some(Step::Tags(tags)));
    }
    // Last, so that a replica begins with what the table has.
    if !live.lacks_regions {
        steps.extend(replicas::additions(table, live));
    }
    steps
}

/// Whether the table has replicas, to which DynamoDB copies items by its stream.
fn keeps_stream(live: &Live) -> bool {
    !live.replicas.is_empty() && live.stream.is_some()
}

/// Whether the table has replicas, so that DynamoDB takes no provisioned units without auto scaling.
fn keeps_billing(table: &Table, live: &Live) -> bool {
    !live.replicas.is_empty() && table.throughput.is_some() && live.throughput.is_none()
}

/// That the replicas cannot be compared.
pub(super) const NO_REPLICAS: (&str, &str) = ("the replicas", "this engine has none");

/// What the description says of a target's table and cannot be compared, with the reason.
pub(super) fn uncompared(target: &Target, live: &Live) -> Vec<(&'static str, &'static str)> {
    const UNKNOWN: &str = "this engine does not report it";
    const UNTOLD: &str = "their descriptions do not have them";
    const NEEDED: &str = "its replicas need the one that it has, until the last of them is deleted";
    const ALIAS: &str = "DynamoDB tells the key of a table, and not whether an alias is one of this key";
    // Its settings are read when it is created.
    if matches!(live.status.as_str(), "CREATING" | "DELETING") {
        return Vec::new();
    }
    let table = &target.description;
    let stream = table.stream.map(stream_text);
    let is_encrypted_by_alias = |replica: &Replica| {
        let key = replica.kms_key.is_some_and(is_alias);
        key && live.replica(replica.region).is_some_and(|live| live.kms_key.is_some())
    };
    let has_untold_key = |replica: &Replica| {
        let is_untold = live.replica(replica.region).is_some_and(|live| live.kms_key.is_none());
        replica.kms_key.is_some() && is_untold && live.kms_key.is_some()
    };
    let settings = [
        ("the tags", UNKNOWN, !table.tags.is_empty() && live.tags.is_none()),
        (
            "the point-in-time recovery",
            UNKNOWN,
            table.point_in_time_recovery.is_some() && live.point_in_time_recovery.is_none(),
        ),
        (
            "the contributor insights",
            UNKNOWN,
            table.contributor_insights.is_some() && live.contributor_insights.is_none(),
        ),
        ("the warm throughput", UNKNOWN, table.warm_throughput.is_some() && live.warm_throughput.is_none()),
        ("the resource policy", UNKNOWN, table.resource_policy.is_some() && live.resource_policy.is_none()),
        ("the stream", NEEDED, live.stream.as_deref() != stream && keeps_stream(live)),
        ("the billing", NEEDED, keeps_billing(table, live)),
        (NO_REPLICAS.0, NO_REPLICAS.1, live.lacks_regions && table.other_replicas().next().is_some()),
        ("the KMS key", ALIAS, table.own_kms_key().is_some_and(is_alias) && live.kms_key.is_some()),
        ("the KMS keys of the replicas", ALIAS, table.other_replicas().any(is_encrypted_by_alias)),
        ("the KMS keys of the replicas", UNTOLD, table.other_replicas().any(has_untold_key)),
    ];
    settings.into_iter().filter(|(_, _, is)| *is).map(|(what, why, _)| (what, why)).collect()
}

fn is_alias(key: &str) -> bool {
    key.starts_with("alias/") || key.contains(":alias/")
}

/// Whether a key of KMS may be the one with this ARN: no ARN shows the aliases of its key.
pub(super) fn may_be_key(arn: &str, key: &str) -> bool {
    arn == key || arn.rsplit('/').next() == Some(key) || is_alias(key)
}

/// The value of the schema, if both are known and differ.
fn other(declared: Option<bool>, live: Option<bool>) -> Option<bool> {
    declared.filter(|declared| live.is_some_and(|live| live != *declared))
}

/// Why the table has to be created anew: its key and its local indexes are fixed when it is created.
fn replaced_by(table: &Table, live: &Live) -> Option<String> {
    let key = declared_key(&[table.hash_key], table.range_key.as_slice());
    if key != live.key {
        return Some(format!("it has {}, and should have {}", key_text(&live.key), key_text(&key)));
    }
    let differing = table.indexes.iter().find_map(|index| {
        let name = index.name;
        let wanted = wanted(index);
        match (index.local, live.index(name)) {
            (true, None) => Some(format!("it has no local index `{name}`, which cannot be added")),
            (true, Some(live)) if !live.local => Some(format!("the index `{name}` is not local, and should be")),
            (true, Some(live)) => {
                difference(&wanted, live).map(|why| format!("the local index `{name}` differs: {why}"))
            }
            (false, Some(live)) if live.local => Some(format!("the index `{name}` is local, and should be global")),
            (false, _) => None,
        }
    });
    let local = || live.indexes.iter().filter(|index| index.local);
    differing.or_else(|| {
        local().find_map(|index| Some(format!("the local index `{}`: {}", index.name, in_the_way(table, live, index)?)))
    })
}

/// What another run is creating cannot be used yet.
fn await_others(table: &Table, live: &Live, steps: &mut Vec<Step>) {
    if live.status == "CREATING" {
        return steps.push(Step::Await { index: None });
    }
    let is_created = |name: &str| live.index(name).is_some_and(|index| index.status.as_deref() == Some("CREATING"));
    let created = all_wanted(table).map(|(name, _)| name).filter(|name| is_created(name));
    steps.extend(created.map(|index| Step::Await { index: Some(index) }));
    let is_created = |region: &str| live.replica(region).is_some_and(|replica| replica.status == "CREATING");
    let created = table.other_replicas().map(|replica| replica.region).filter(|region| is_created(region));
    steps.extend(created.map(|region| Step::AwaitReplica { region }));
}

fn delete_indexes(table: &Table, live: &Live, steps: &mut Vec<Step>) {
    for index in live.indexes.iter().filter(|index| !index.local && index.status.as_deref() != Some("DELETING")) {
        let declared = all_wanted(table).find(|(name, _)| *name == index.name);
        let why = match declared {
            Some((_, declared)) => match difference(&declared, index) {
                None => continue,
                why => why,
            },
            None => in_the_way(table, live, index),
        };
        steps.push(Step::DeleteIndex { index: index.name.clone(), why });
    }
}

/// Why an index that the schema does not know is in the way of another one: an attribute has one type in all keys of a
/// table, and DynamoDB ignores another one in UpdateTable.
fn in_the_way(table: &Table, live: &Live, unknown: &LiveIndex) -> Option<String> {
    let mut created =
        all_wanted(table).filter(|(name, index)| live.index(name).is_none_or(|live| difference(index, live).is_some()));
    created.find_map(|(name, index)| {
        let mut keys = index.key.hash.iter().chain(&index.key.range);
        let is = keys.find_map(|(key, kind)| {
            let mut is = unknown.key.hash.iter().chain(&unknown.key.range);
            is.find(|(attribute, is)| attribute == key && is != kind)
        });
        let (attribute, is) = is?;
        Some(format!("its key `{attribute}` is {}, and that of the index `{name}` is another", kind_text(is)))
    })
}

fn create_indexes(table: &Table, live: &Live, steps: &mut Vec<Step>) {
    for (name, index) in all_wanted(table) {
        if live.index(name).is_none_or(|live| live.status.as_deref() == Some("DELETING")) {
            steps.push(Step::CreateIndex { index: name, text: index_text(&index), items: live.items });
        }
    }
}

fn throughput(table: &Table, live: &Live, steps: &mut Vec<Step>) {
    let Some(units) = table.throughput else {
        steps.extend(live.throughput.map(|was| Step::PayPerRequest { was }));
        return;
    };
    if keeps_billing(table, live) {
        return;
    }
    if live.throughput != Some(wide(units)) {
        steps.push(Step::Throughput { units, was: live.throughput });
    }
    // The switch from on-demand provisions the indexes too.
    if live.throughput.is_none() {
        return;
    }
    for index in table.indexes {
        let declared = index.throughput.unwrap_or(units);
        if let Some(was) = live.index(index.name).and_then(|index| index.throughput)
            && was != wide(declared)
        {
            steps.push(Step::IndexThroughput { index: index.name, units: declared, was });
        }
    }
}

/// The difference between two indexes of one name that no UpdateTable changes.
fn difference(declared: &LiveIndex, live: &LiveIndex) -> Option<String> {
    if declared.vector != live.vector || declared.key != live.key {
        return Some(format!("it has {}, and should have {}", indexed_text(live), indexed_text(declared)));
    }
    if declared.projection != live.projection {
        let (is, should) = (projection_text(&live.projection), projection_text(&declared.projection));
        return Some(format!("it holds {is}, and should hold {should}"));
    }
    None
}

#[cfg(test)]
mod tests;
