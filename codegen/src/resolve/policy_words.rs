//! The words of policies in IAM: actions, operators of conditions, and keys.

/// The actions of DynamoDB and its streams ("Actions, resources, and condition keys for Amazon DynamoDB", Service
/// Authorization Reference). Some operations of the API have others than their own: TransactGetItems has GetItem.
pub(super) const ACTIONS: &[&str] = &[
    "AssociateTableReplica",
    "BatchGetItem",
    "BatchWriteItem",
    "ConditionCheckItem",
    "CreateBackup",
    "CreateGlobalTable",
    "CreateGlobalTableWitness",
    "CreateTable",
    "CreateTableReplica",
    "DeleteBackup",
    "DeleteGlobalTableWitness",
    "DeleteItem",
    "DeleteResourcePolicy",
    "DeleteTable",
    "DeleteTableReplica",
    "DescribeBackup",
    "DescribeContinuousBackups",
    "DescribeContributorInsights",
    "DescribeEndpoints",
    "DescribeExport",
    "DescribeGlobalTable",
    "DescribeGlobalTableSettings",
    "DescribeImport",
    "DescribeKinesisStreamingDestination",
    "DescribeLimits",
    "DescribeReservedCapacity",
    "DescribeReservedCapacityOfferings",
    "DescribeStream",
    "DescribeTable",
    "DescribeTableReplicaAutoScaling",
    "DescribeTimeToLive",
    "DisableKinesisStreamingDestination",
    "EnableKinesisStreamingDestination",
    "ExportTableToPointInTime",
    "GetAbacStatus",
    "GetItem",
    "GetRecords",
    "GetResourcePolicy",
    "GetShardIterator",
    "ImportTable",
    "InjectError",
    "ListBackups",
    "ListContributorInsights",
    "ListExports",
    "ListGlobalTables",
    "ListImports",
    "ListStreams",
    "ListTables",
    "ListTagsOfResource",
    "PartiQLDelete",
    "PartiQLInsert",
    "PartiQLSelect",
    "PartiQLUpdate",
    "PurchaseReservedCapacityOfferings",
    "PutItem",
    "PutResourcePolicy",
    "Query",
    "ReadDataForReplication",
    "ReplicateSettings",
    "RestoreTableFromAwsBackup",
    "RestoreTableFromBackup",
    "RestoreTableToPointInTime",
    "Scan",
    "SearchVectors",
    "StartAwsBackupJob",
    "TagResource",
    "UntagResource",
    "UpdateAbacStatus",
    "UpdateContinuousBackups",
    "UpdateContributorInsights",
    "UpdateGlobalTable",
    "UpdateGlobalTableSettings",
    "UpdateGlobalTableVersion",
    "UpdateItem",
    "UpdateKinesisStreamingDestination",
    "UpdateTable",
    "UpdateTableReplicaAutoScaling",
    "UpdateTimeToLive",
    "WriteDataForReplication",
];

/// "IAM JSON policy elements: Condition operators".
pub(super) const OPERATORS: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "Null",
];

/// The keys whose conditions make a statement for everyone one for some ("Blocking public access with resource-based
/// policies in DynamoDB").
const LIMITING_KEYS: [&str; 15] = [
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:userid",
    "aws:principalservicename",
    "aws:principalservicenameslist",
    "aws:principalisawsservice",
    "aws:ec2instancesourcevpc",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
];

/// The operator without its set (`ForAnyValue:`) and `IfExists`.
pub(super) fn base_operator(written: &str) -> &str {
    let of = written.strip_prefix("ForAllValues:").or_else(|| written.strip_prefix("ForAnyValue:")).unwrap_or(written);
    of.strip_suffix("IfExists").filter(|base| *base != "Null").unwrap_or(of)
}

/// Whether a condition limits a statement for everyone to some principals.
pub(super) fn limits_principals(operator: &str, key: &str, values: &[String]) -> bool {
    let is_key = LIMITING_KEYS.contains(&key.to_ascii_lowercase().as_str());
    let is_exact = |value: &String| !value.contains(['*', '?']) && !value.contains("${");
    let is_told = !operator.contains("Not") && base_operator(operator) != "Null";
    is_key && is_told && values.iter().all(is_exact)
}

/// Whether a pattern of actions, without `dynamodb:`, has an action.
pub(super) fn has_action(pattern: &str) -> bool {
    let pattern = pattern.to_ascii_lowercase();
    ACTIONS.iter().any(|action| is_like(&action.to_ascii_lowercase(), &pattern))
}

/// Whether a text is one of a pattern, in which `*` is any text and `?` any character.
pub(super) fn is_like(text: &str, pattern: &str) -> bool {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = after(text, first) else { return false };
    let Some(last) = pieces.next_back() else { return rest.is_empty() };
    for piece in pieces {
        let starts = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
        let mut ends = starts.filter_map(|at| after(rest.get(at..)?, piece));
        match ends.next() {
            Some(end) => rest = end,
            None => return false,
        }
    }
    let mut starts = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
    starts.any(|at| rest.get(at..).and_then(|rest| after(rest, last)).is_some_and(str::is_empty))
}

/// What follows a piece of a pattern without `*` at the start of a text.
fn after<'t>(text: &'t str, piece: &str) -> Option<&'t str> {
    let mut rest = text.chars();
    for wanted in piece.chars() {
        let found = rest.next()?;
        if wanted != '?' && wanted != found {
            return None;
        }
    }
    Some(rest.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_iam() {
        for (text, pattern, is) in [
            ("getitem", "get*", true),
            ("batchgetitem", "*get*", true),
            ("batchgetitem", "*get", false),
            ("getitem", "get?tem", true),
            ("getitem", "getitem", true),
            ("getitem", "getitem*", true),
            ("getitem", "", false),
            ("", "*", true),
            ("aab", "a*ab", true),
            ("ab", "a*ab", false),
            ("aXbXc", "a*X*c", true),
        ] {
            assert_eq!(is_like(text, pattern), is, "{text} {pattern}");
        }
        assert!(has_action("GETITEM") && has_action("Describe*") && !has_action("Foo*"));
    }

    #[test]
    fn operators_have_sets_and_may_be_of_missing_keys() {
        for (written, base) in
            [("ForAllValues:StringEqualsIfExists", "StringEquals"), ("Bool", "Bool"), ("NullIfExists", "NullIfExists")]
        {
            assert_eq!(base_operator(written), base);
        }
    }
}
