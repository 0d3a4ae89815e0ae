//! A table as it is in its other regions, which is read before something is done that cannot be taken back.

use super::live::{self, Live};
use super::{replicas, wait};
use crate::ops::{Error, Result};
use crate::transport::Target;
use aws_sdk_dynamodb as sdk;
use sdk::types::{TableDescription, TableStatus};
use std::time::{Duration, SystemTime};

/// How long DynamoDB refuses to delete the table from which a replica was made ("Deleting a global table").
const SOURCE: Duration = Duration::from_secs(24 * 60 * 60);

/// Refuses the creation of a table that is already in another of its regions: it would be a table of its own, and no
/// replica. An engine without replicas has tables of its own in each region.
///
/// # Errors
///
/// The table is in another region, or DynamoDB refuses to say.
pub(super) async fn refuse_creation(target: &Target) -> Result<()> {
    for replica in target.description.other_replicas() {
        let found = described(target, replica.region).await?;
        let is_replicable = |table: &TableDescription| !replicas::are_unknown_at(table.table_arn());
        let is_there =
            found.filter(is_replicable).is_some_and(|table| table.table_status() != Some(&TableStatus::Deleting));
        // Another process may have created it here since.
        if is_there && wait::status(target).await?.is_none() {
            let (table, elsewhere) = (&target.table, replica.region);
            let here = target.sdk.config().region().map_or("this region", AsRef::as_ref);
            let reason = format_args!(
                "the table {table} is in {elsewhere} already, and not in {here}: its replicas are created from there, by \
                 `dyntastic apply --region {elsewhere}`, with {here} among `replicas`"
            );
            return Err(Error::invalid("CreateTable", reason));
        }
    }
    Ok(())
}

/// Refuses the deletion of a table with its replicas if DynamoDB would refuse a part of it.
///
/// # Errors
///
/// A replica is protected, the table is too new in one of its regions, or DynamoDB refuses to say.
pub(super) async fn refuse_deletion(target: &Target, live: &Live) -> Result<()> {
    let table = &target.table;
    refuse_new(table, target.sdk.config().region().map_or("this region", AsRef::as_ref), live.created)?;
    for replica in &live.replicas {
        let region = &replica.region;
        let Some(of) = described(target, region).await? else { continue };
        if of.deletion_protection_enabled() == Some(true) {
            let reason = format_args!(
                "the table {table} is protected against deletion in {region}: turn the protection off there"
            );
            return Err(Error::invalid("DeleteTable", reason));
        }
        refuse_new(table, region, live::created(&of))?;
    }
    Ok(())
}

/// Refuses to delete a table that is new in a region: it may be refused in the region from which it was replicated.
fn refuse_new(table: &str, region: &str, created: Option<SystemTime>) -> Result<()> {
    if created.is_none_or(|created| created.elapsed().is_ok_and(|age| age >= SOURCE)) {
        return Ok(());
    }
    let reason = format_args!(
        "the table {table} has been in {region} for less than 24 hours, and DynamoDB may refuse until then to delete a \
         table from which a replica was made: try again later"
    );
    Err(Error::invalid("DeleteTable", reason))
}

/// The errors of a request that has no right there, or is signed for another region than the endpoint's.
const REFUSALS: [&str; 3] = ["AccessDeniedException", "InvalidSignatureException", "UnrecognizedClientException"];

/// The table in another region, with the rest of the client's configuration; `None` if it is not there.
///
/// # Errors
///
/// DynamoDB refuses to say. It does so if the client's endpoint is that of one region.
async fn described(target: &Target, region: &str) -> Result<Option<TableDescription>> {
    let config = target.sdk.config().to_builder().region(sdk::config::Region::new(region.to_owned())).build();
    let sent = sdk::Client::from_conf(config).describe_table().table_name(&target.table).send().await;
    match sent.map_err(|error| target.error("DescribeTable", error)) {
        Ok(output) => Ok(output.table),
        Err(error) if error.is_missing_table() => Ok(None),
        Err(error) if error.code().is_some_and(|code| REFUSALS.contains(&code)) => {
            let table = &target.table;
            let reason = format_args!(
                "the table {table} has to be looked for in {region}, which needs the right dynamodb:DescribeTable there \
                 and an endpoint that is not of another region: {error}"
            );
            Err(Error::invalid("DescribeTable", reason))
        }
        Err(error) => Err(error),
    }
}
