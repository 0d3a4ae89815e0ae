//! The settings of a table that CreateTable does not have: its time to live, point-in-time recovery and
//! contributor insights.

use super::live;
use crate::ops::{Error, Result};
use crate::transport::Target;
use aws_sdk_dynamodb as sdk;
use sdk::types::{ContributorInsightsAction, PointInTimeRecoverySpecification, TimeToLiveSpecification};
use std::time::Duration;

/// How often a new table is asked for its backups, which DynamoDB prepares after its creation.
const ATTEMPTS: u32 = 10;

/// Finishes the creation of a table that is active.
pub(in crate::ops) async fn after_creation(target: &Target) -> Result<()> {
    if let Some(attribute) = target.description.ttl {
        turn_on_time_to_live(target, attribute).await?;
    }
    if target.description.point_in_time_recovery == Some(true) {
        turn_on_recovery(target).await?;
    }
    if target.description.contributor_insights == Some(true) {
        turn_on_insights(target).await?;
    }
    Ok(())
}

/// Turns on contributor insights. An engine that has none goes without.
async fn turn_on_insights(target: &Target) -> Result<()> {
    match contributor_insights(target, true).await {
        Err(error) if live::is_unknown(&error) => {
            tracing::warn!(table = target.table, "this engine has no contributor insights");
            Ok(())
        }
        done => done,
    }
}

/// Turns the recording of the most accessed keys on or off.
pub(super) async fn contributor_insights(target: &Target, enabled: bool) -> Result<()> {
    let action = if enabled { ContributorInsightsAction::Enable } else { ContributorInsightsAction::Disable };
    let request = target.sdk.update_contributor_insights().table_name(&target.table);
    let sent = request.contributor_insights_action(action).send().await;
    sent.map(drop).map_err(|error| target.error("UpdateContributorInsights", error))
}

/// Turns on the removal of expired items. If another writer has turned it on already, this is no error.
async fn turn_on_time_to_live(target: &Target, attribute: &str) -> Result<()> {
    let Err(error) = time_to_live(target, attribute, true).await else { return Ok(()) };
    match error.code() == Some("ValidationException") && live::time_to_live(target).await?.as_deref() == Some(attribute)
    {
        true => Ok(()),
        false => Err(error),
    }
}

/// Turns on point-in-time recovery. An engine that has none, such as the embedded one, goes without.
async fn turn_on_recovery(target: &Target) -> Result<()> {
    let mut attempt = 0;
    loop {
        attempt += 1;
        match point_in_time_recovery(target, true).await {
            Err(error) if error.code() == Some("ContinuousBackupsUnavailableException") && attempt < ATTEMPTS => {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            Err(error) if live::is_unknown(&error) => {
                tracing::warn!(table = target.table, "this engine has no point-in-time recovery");
                return Ok(());
            }
            done => return done,
        }
    }
}

/// Turns the removal of expired items on or off.
pub(super) async fn time_to_live(target: &Target, attribute: &str, enabled: bool) -> Result<()> {
    let specification = TimeToLiveSpecification::builder().attribute_name(attribute).enabled(enabled).build();
    let specification =
        specification.map_err(|error| Error::invalid("UpdateTimeToLive", format_args!("{}: {error}", target.model)))?;
    let request = target.sdk.update_time_to_live().table_name(&target.table);
    let sent = request.time_to_live_specification(specification).send().await;
    sent.map(drop).map_err(|error| target.error("UpdateTimeToLive", error))
}

/// Puts the policy of a table; an empty one is deleted.
pub(super) async fn resource_policy(target: &Target, arn: Option<String>, policy: &str) -> Result<()> {
    if policy.is_empty() {
        let sent = target.sdk.delete_resource_policy().set_resource_arn(arn).send().await;
        return sent.map(drop).map_err(|error| target.error("DeleteResourcePolicy", error));
    }
    let sent = target.sdk.put_resource_policy().set_resource_arn(arn).policy(policy).send().await;
    sent.map(drop).map_err(|error| target.error("PutResourcePolicy", error))
}

/// Turns point-in-time recovery on or off.
pub(super) async fn point_in_time_recovery(target: &Target, enabled: bool) -> Result<()> {
    let specification = PointInTimeRecoverySpecification::builder().point_in_time_recovery_enabled(enabled).build();
    let specification = specification
        .map_err(|error| Error::invalid("UpdateContinuousBackups", format_args!("{}: {error}", target.model)))?;
    let request = target.sdk.update_continuous_backups().table_name(&target.table);
    let sent = request.point_in_time_recovery_specification(specification).send().await;
    sent.map(drop).map_err(|error| target.error("UpdateContinuousBackups", error))
}
