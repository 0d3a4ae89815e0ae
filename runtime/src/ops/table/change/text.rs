//! What a change does, in words.

use super::{Change, Step, wide};
use crate::description::TableClass;
use std::fmt;

/// What is done, without the table.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.step {
            Step::Await { index: None } => f.write_str("wait until the table is created"),
            Step::Await { index: Some(index) } => write!(f, "wait until the index `{index}` is built"),
            Step::AwaitReplica { region } => write!(f, "wait until the replica in {region} is created"),
            Step::CreateTable { text } => write!(f, "create the table: {text}"),
            Step::ReplaceTable { why, items, is_protected, replicas, unnamed } => {
                write!(f, "delete the table with its items (about {items})")?;
                if !replicas.is_empty() {
                    write!(f, ", also in {}", replicas.join(", "))?;
                }
                if !unnamed.is_empty() {
                    write!(f, " (the schema does not list {}: this needs the name of each)", unnamed.join(", "))?;
                }
                write!(f, ", and create it anew: {why}")?;
                match is_protected {
                    true => f.write_str("; the table is protected against deletion: turn that off first"),
                    false => Ok(()),
                }
            }
            Step::DeleteIndex { index, why: None } => {
                write!(f, "delete the index `{index}`, which the schema does not have")
            }
            Step::DeleteIndex { index, why: Some(why) } => {
                write!(f, "delete the index `{index}`, and create what the schema says: {why}")
            }
            Step::CreateIndex { index, text, items } => {
                write!(f, "create the index `{index}`: {text}, of about {items} items")
            }
            Step::CreateReplica { replica, class, items } => {
                write!(f, "create the replica in {}, of about {items} items", replica.region)?;
                fmt_replica(replica.kms_key, *class, f)
            }
            Step::DeleteReplica { region, why: None } => {
                write!(f, "delete the replica in {region} with its items, which the schema does not list")
            }
            Step::DeleteReplica { region, why: Some(why) } => {
                write!(f, "delete the replica in {region}, and create it anew: DynamoDB could not create it ({why})")
            }
            Step::ChangeReplica { region, kms_key, class } => {
                write!(f, "change the replica in {region}")?;
                fmt_replica(*kms_key, *class, f)
            }
            Step::PayPerRequest { was } => write!(f, "pay per request; it was provisioned with {}", Units(*was)),
            Step::Throughput { units, was } => {
                write!(f, "provision {}; ", Units(wide(*units)))?;
                match was {
                    None => f.write_str("it was paid per request"),
                    Some(was) => write!(f, "it was {}", Units(*was)),
                }
            }
            Step::IndexThroughput { index, units, was } => {
                write!(f, "provision {} for the index `{index}`; it was {}", Units(wide(*units)), Units(*was))
            }
            Step::Stream { view: Some(view), was: None } => write!(f, "turn on the stream ({view})"),
            Step::Stream { view: None, was } => {
                write!(f, "turn off the stream ({})", was.as_deref().unwrap_or_default())
            }
            Step::Stream { view: Some(view), was: Some(was) } => {
                write!(f, "end the stream ({was}), and begin another one ({view}), which consumers have to follow")
            }
            Step::TableClass { is_infrequent: true } => {
                f.write_str("set the table class to standard_infrequent_access")
            }
            Step::TableClass { is_infrequent: false } => f.write_str("set the table class to standard"),
            Step::DeletionProtection(true) => f.write_str("turn on deletion protection"),
            Step::DeletionProtection(false) => f.write_str("turn off deletion protection"),
            Step::PointInTimeRecovery(true) => f.write_str("turn on point-in-time recovery"),
            Step::PointInTimeRecovery(false) => {
                f.write_str("turn off point-in-time recovery, which deletes the recovery points")
            }
            Step::ContributorInsights(true) => f.write_str("turn on contributor insights"),
            Step::ContributorInsights(false) => f.write_str("turn off contributor insights"),
            Step::KmsKey { key } => write!(f, "encrypt the table with the key {key}"),
            Step::OnDemandMaximum { units, was } => {
                write!(f, "take at most {} per second; ", Maximum(*units))?;
                match was {
                    (None, None) => f.write_str("there was no maximum"),
                    was => write!(f, "it was {}", Maximum(*was)),
                }
            }
            Step::WarmThroughput { units, was } => {
                write!(f, "prepare for {} per second at once; it was {}", Units(wide(*units)), Units(*was))
            }
            Step::ResourcePolicy { policy: "", .. } => f.write_str("delete the resource policy"),
            Step::ResourcePolicy { is_new: true, .. } => f.write_str("add the resource policy; there was none"),
            Step::ResourcePolicy { is_new: false, .. } => f.write_str("replace the resource policy by another one"),
            Step::TimeToLive { attribute: Some(attribute), was: None } => {
                write!(f, "turn on the time to live, in the attribute `{attribute}`")
            }
            Step::TimeToLive { attribute: None, was } => {
                write!(f, "turn off the time to live, in the attribute `{}`", was.as_deref().unwrap_or_default())
            }
            Step::TimeToLive { attribute: Some(attribute), was: Some(was) } => write!(
                f,
                "turn off the time to live in the attribute `{was}`, and turn it on in `{attribute}`; \
                 DynamoDB allows one of these an hour"
            ),
            Step::Tags(tags) => {
                let tags: Vec<String> = tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
                write!(f, "set the tags {}", tags.join(", "))
            }
        }
    }
}

/// The settings of a replica, after what is done with it.
fn fmt_replica(kms_key: Option<&str>, class: Option<TableClass>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if let Some(key) = kms_key {
        write!(f, "; encrypted with the key {key}")?;
    }
    match class {
        None => Ok(()),
        Some(TableClass::Standard) => f.write_str("; standard class"),
        Some(TableClass::StandardInfrequentAccess) => f.write_str("; infrequent access"),
    }
}

/// A maximum of reads, of writes, or of both as text.
pub(in crate::ops::table) struct Maximum(pub(in crate::ops::table) (Option<u32>, Option<u32>));

impl fmt::Display for Maximum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            (Some(read), Some(write)) => Units(wide((read, write))).fmt(f),
            (Some(read), None) => write!(f, "{read} read units"),
            (None, Some(write)) => write!(f, "{write} write units"),
            (None, None) => f.write_str("no units"),
        }
    }
}

/// Capacity units as text.
struct Units((u64, u64));

impl fmt::Display for Units {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self((read, write)) = self;
        write!(f, "{read} read and {write} write units")
    }
}
