//! What a request asks for: actions, resources and context keys, as "Using IAM policy conditions for fine-grained access
//! control" and "Using IAM with DynamoDB transactions" have it.

use dyntastic::serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// One action that a request needs, with its context.
#[derive(Debug)]
pub struct Authorization {
    pub action: String,
    pub resource: String,
    pub context: BTreeMap<&'static str, Vec<String>>,
}

/// All that a request needs. `hash_keys` has the attributes of hash keys by table, `t`, or `t/index/i`.
pub fn authorizations(operation: &str, body: &Value, hash_keys: &HashMap<String, String>) -> Vec<Authorization> {
    let each = |of: &Value| of.as_array().into_iter().flatten().cloned().collect::<Vec<_>>();
    let tables = || body["RequestItems"].as_object().into_iter().flatten();
    match operation {
        "TransactWriteItems" => {
            let one = |action: Value| {
                let (kind, of) =
                    action.as_object().unwrap().iter().next().map(|(k, v)| (k.clone(), v.clone())).unwrap();
                let operation = if kind == "ConditionCheck" { "ConditionCheckItem".to_owned() } else { kind + "Item" };
                on_items(&operation, &of, hash_keys)
            };
            each(&body["TransactItems"]).into_iter().map(one).collect()
        }
        "TransactGetItems" => {
            let one = |action: Value| on_items("GetItem", &action["Get"], hash_keys);
            each(&body["TransactItems"]).into_iter().map(one).collect()
        }
        "BatchGetItem" => tables()
            .map(|(table, of)| {
                let mut whole = of.clone();
                whole["TableName"] = table.as_str().into();
                let mut asked = on_items(operation, &whole, hash_keys);
                let keys = each(&of["Keys"]).iter().map(|key| hash_value(table, key, hash_keys)).collect();
                asked.context.insert("dynamodb:LeadingKeys", keys);
                asked
            })
            .collect(),
        "BatchWriteItem" => tables()
            .map(|(table, of)| {
                let mut asked = on_table(operation, table);
                let item = |write: &Value| match &write["PutRequest"]["Item"] {
                    Value::Null => write["DeleteRequest"]["Key"].clone(),
                    item => item.clone(),
                };
                let keys = each(of).iter().map(|write| hash_value(table, &item(write), hash_keys)).collect();
                asked.context.insert("dynamodb:LeadingKeys", keys);
                asked
            })
            .collect(),
        "CreateTable" => {
            let table = body["TableName"].as_str().unwrap();
            let tagging =
                body["Tags"].as_array().filter(|tags| !tags.is_empty()).map(|_| on_table("TagResource", table));
            let policy = body["ResourcePolicy"].as_str().map(|_| on_table("PutResourcePolicy", table));
            [on_table(operation, table)].into_iter().chain(tagging).chain(policy).collect()
        }
        "UpdateTable" => {
            let table = body["TableName"].as_str().unwrap();
            let replicas = each(&body["ReplicaUpdates"]).into_iter();
            let replicas =
                replicas.flat_map(|update| on_replica(table, update["Create"]["RegionName"].as_str().unwrap()));
            std::iter::once(on_table(operation, table)).chain(replicas).collect()
        }
        "DescribeTable"
        | "DeleteTable"
        | "UpdateTimeToLive"
        | "DescribeTimeToLive"
        | "UpdateContinuousBackups"
        | "DescribeContinuousBackups"
        | "DescribeContributorInsights" => {
            vec![on_table(operation, body["TableName"].as_str().unwrap())]
        }
        // "Using IAM with CloudWatch Contributor Insights for DynamoDB": the first one of an account makes its role.
        "UpdateContributorInsights" => {
            let service = "contributorinsights.dynamodb.amazonaws.com";
            let role = making_role(service, "AWSServiceRoleForDynamoDBCloudWatchContributorInsights");
            vec![on_table(operation, body["TableName"].as_str().unwrap()), role]
        }
        "TagResource" | "ListTagsOfResource" | "PutResourcePolicy" | "GetResourcePolicy" => {
            vec![on_table(operation, body["ResourceArn"].as_str().unwrap().rsplit('/').next().unwrap())]
        }
        "GetItem" | "PutItem" | "UpdateItem" | "DeleteItem" | "Query" | "Scan" => {
            vec![on_items(operation, body, hash_keys)]
        }
        other => unreachable!("{other}"),
    }
}

fn on_table(action: &str, table: &str) -> Authorization {
    let resource = format!("arn:aws:dynamodb:us-east-1:000000000000:table/{table}");
    Authorization { action: format!("dynamodb:{action}"), resource, context: BTreeMap::new() }
}

/// "Using IAM with global tables": what is checked in the region of a new replica. The first one of an account makes its role.
fn on_replica(table: &str, region: &str) -> Vec<Authorization> {
    let actions =
        ["CreateTable", "CreateTableReplica", "Scan", "Query", "UpdateItem", "PutItem", "GetItem", "DeleteItem"];
    let there = actions.into_iter().chain(["BatchWriteItem"]).map(|action| {
        let here = on_table(action, table);
        Authorization { resource: here.resource.replace("us-east-1", region), ..here }
    });
    let role = making_role("replication.dynamodb.amazonaws.com", "AWSServiceRoleForDynamoDBReplication");
    there.chain([role]).collect()
}

fn making_role(service: &str, role: &str) -> Authorization {
    Authorization {
        action: "iam:CreateServiceLinkedRole".to_owned(),
        resource: format!("arn:aws:iam::000000000000:role/aws-service-role/{service}/{role}"),
        context: [("iam:AWSServiceName", vec![service.to_owned()])].into(),
    }
}

fn on_items(operation: &str, body: &Value, hash_keys: &HashMap<String, String>) -> Authorization {
    let table = body["TableName"].as_str().unwrap();
    let place = match body["IndexName"].as_str() {
        Some(index) => format!("{table}/index/{index}"),
        None => table.to_owned(),
    };
    let mut asked = on_table(operation, &place);
    let item = ["Key", "Item"].into_iter().find_map(|name| body.get(name));
    let leading = match operation {
        "Scan" | "BatchGetItem" => None,
        "Query" => Some(queried(&place, body, hash_keys)),
        _ => item.map(|item| hash_value(table, item, hash_keys)),
    };
    asked.context.extend(leading.map(|leading| ("dynamodb:LeadingKeys", vec![leading])));
    let mut attributes: BTreeSet<String> =
        item.and_then(Value::as_object).into_iter().flatten().map(|(k, _)| k.clone()).collect();
    for name in [
        "ProjectionExpression",
        "FilterExpression",
        "ConditionExpression",
        "UpdateExpression",
        "KeyConditionExpression",
    ] {
        attributes.extend(body[name].as_str().into_iter().flat_map(|text| top_level(text, body)));
    }
    asked.context.insert("dynamodb:Attributes", attributes.into_iter().collect());
    if ["GetItem", "BatchGetItem", "Query", "Scan"].contains(&operation) {
        let select = match (body["Select"].as_str(), body["ProjectionExpression"].as_str()) {
            (Some(select), _) => select,
            (None, Some(_)) => "SPECIFIC_ATTRIBUTES",
            (None, None) if body["IndexName"].is_string() => "ALL_PROJECTED_ATTRIBUTES",
            (None, None) => "ALL_ATTRIBUTES",
        };
        asked.context.insert("dynamodb:Select", vec![select.to_owned()]);
    }
    if ["PutItem", "UpdateItem", "DeleteItem"].contains(&operation) {
        let values = body["ReturnValues"].as_str().unwrap_or("NONE");
        asked.context.insert("dynamodb:ReturnValues", vec![values.to_owned()]);
    }
    asked
}

/// The attributes at the beginnings of an expression's paths. The runtime has placeholders for all names.
fn top_level<'e>(expression: &'e str, body: &'e Value) -> impl Iterator<Item = String> + 'e {
    let starts = expression.match_indices('#').filter(|(at, _)| !expression[..*at].ends_with('.'));
    starts.map(|(at, _)| {
        let rest = &expression[at..];
        let end = rest[1..].find(|of: char| !of.is_alphanumeric()).map_or(rest.len(), |end| end + 1);
        body["ExpressionAttributeNames"][&rest[..end]].as_str().unwrap().to_owned()
    })
}

/// The hash key of a query.
fn queried(place: &str, body: &Value, hash_keys: &HashMap<String, String>) -> String {
    let condition = body["KeyConditionExpression"].as_str().unwrap();
    let hash_key = &hash_keys[place];
    let equal = condition.split(" AND ").find_map(|part| {
        let (name, value) = part.trim_matches(['(', ')']).split_once(" = ")?;
        (body["ExpressionAttributeNames"][name].as_str()? == hash_key).then_some(value)
    });
    text(&body["ExpressionAttributeValues"][equal.unwrap()])
}

fn hash_value(table: &str, item: &Value, hash_keys: &HashMap<String, String>) -> String {
    text(&item[&hash_keys[table]])
}

/// The text of an attribute value.
fn text(of: &Value) -> String {
    of.as_object().unwrap().values().next().unwrap().as_str().unwrap().to_owned()
}
