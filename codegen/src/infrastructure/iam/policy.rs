//! Rights as an IAM policy ("IAM JSON policy elements reference").

use super::rights::{Right, RightOf, ServiceLinkedRole, literal};
use crate::infrastructure::in_order::{InOrder, text};
use crate::tables::TableSetting;
use serde::Serialize;
use serde_json::{Value, json};

/// The account and region of the tables in a policy, and their names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyScope {
    /// Such as `aws` or `aws-cn`.
    pub partition: String,
    /// The region of tables to which the schema gives none; `*` for any.
    pub region: String,
    /// The id of the account; `*` for any.
    pub account: String,
}

impl Default for PolicyScope {
    fn default() -> Self {
        let any = || "*".to_owned();
        Self { partition: "aws".to_owned(), region: any(), account: any() }
    }
}

/// The IAM policy, in JSON, that grants exactly these rights. `value` gives the value of a setting, such as a name that is
/// read from the environment.
///
/// Rights to items are limited by `dynamodb:LeadingKeys` where key templates begin with a text, and by
/// `dynamodb:Attributes` where a service uses some fields ("Using IAM policy conditions for fine-grained access control").
/// The right to make the role of a service of AWS is limited to that service.
///
/// ```
/// use dyntastic_codegen::{PolicyScope, Sources, TableSetting, iam, services};
///
/// let mut sources = Sources::new();
/// sources.add("models.yaml", "
/// dyntastic: 1
/// models: { User: { table: users, hash_key: id, fields: { id: string } } }
/// services: { mailer: { models: { User: [get] } } }
/// ");
/// let mailer = &services(&sources)?[1];
/// let value = |setting: &TableSetting| match setting {
///     TableSetting::Value(value) => value.clone(),
///     TableSetting::Env { variable, .. } => std::env::var(variable).unwrap_or_default(),
/// };
/// let policy = iam(&mailer.rights, &PolicyScope::default(), value);
/// assert!(policy.contains("dynamodb:GetItem") && policy.contains("arn:aws:dynamodb:*:*:table/users"));
/// # Ok::<(), dyntastic_codegen::Diagnostics>(())
/// ```
pub fn iam(rights: &[Right], scope: &PolicyScope, value: impl Fn(&TableSetting) -> String) -> String {
    let mut grants: Vec<Grant> = Vec::new();
    for right in rights {
        let resource = resource(right, scope, &value);
        let key = right.leading_keys.clone();
        let (owner, role) = match right.of {
            RightOf::ServiceLinkedRole(role) => ("iam", Some(role.service)),
            _ => ("dynamodb", None),
        };
        let action = format!("{owner}:{}", right.action);
        let is_same =
            |of: &&mut Grant| of.resource == resource && of.action == action && of.attributes == right.attributes;
        match (grants.iter_mut().find(is_same), key) {
            (Some(grant), Some(key)) => {
                if let Some(keys) = &mut grant.keys
                    && !keys.contains(&key)
                {
                    keys.push(key);
                }
            }
            (Some(grant), None) => grant.keys = None,
            (None, key) => {
                let attributes = right.attributes.clone();
                grants.push(Grant { resource, action, keys: key.map(|key| vec![key]), attributes, role });
            }
        }
    }
    text(&Policy { version: "2012-10-17", statement: statements(grants) })
}

/// One action on one resource, with all its conditions.
struct Grant {
    resource: String,
    action: String,
    keys: Option<Vec<String>>,
    attributes: Option<Vec<String>>,
    /// The service whose role it is on.
    role: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Policy {
    version: &'static str,
    statement: Vec<Statement>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    effect: &'static str,
    action: Vec<String>,
    resource: Vec<String>,
    #[serde(skip_serializing_if = "InOrder::is_empty")]
    condition: InOrder<InOrder<Value>>,
}

/// Actions with the same resource and conditions are one statement, and resources with the same actions and conditions.
fn statements(grants: Vec<Grant>) -> Vec<Statement> {
    let mut by_resource: Vec<(Grant, Vec<String>)> = Vec::new();
    for grant in grants {
        let action = grant.action.clone();
        let is_same = |(of, _): &&mut (Grant, Vec<String>)| {
            of.resource == grant.resource && of.keys == grant.keys && of.attributes == grant.attributes
        };
        match by_resource.iter_mut().find(is_same) {
            Some((_, actions)) => actions.push(action),
            None => by_resource.push((grant, vec![action])),
        }
    }
    let mut merged: Vec<(Grant, Vec<String>, Vec<String>)> = Vec::new();
    for (grant, mut actions) in by_resource {
        actions.sort();
        let is_same = |(of, of_actions, _): &&mut (Grant, Vec<String>, Vec<String>)| {
            let is_same = of.keys == grant.keys && of.attributes == grant.attributes && of.role == grant.role;
            is_same && *of_actions == actions
        };
        let resource = grant.resource.clone();
        match merged.iter_mut().find(is_same) {
            Some((_, _, resources)) => resources.push(resource),
            None => merged.push((grant, actions, vec![resource])),
        }
    }
    let statement = |(grant, action, resource): (Grant, Vec<String>, Vec<String>)| Statement {
        effect: "Allow",
        action,
        resource,
        condition: condition(grant),
    };
    merged.into_iter().map(statement).collect()
}

fn condition(of: Grant) -> InOrder<InOrder<Value>> {
    let one = |operator: &str, keys: Vec<(&str, Value)>| {
        let keys = keys.into_iter().map(|(key, value)| (format!("dynamodb:{key}"), value)).collect();
        (operator.to_owned(), InOrder(keys))
    };
    let mut conditions = Vec::new();
    if let Some(service) = of.role {
        let name = InOrder(vec![("iam:AWSServiceName".to_owned(), json!(service))]);
        conditions.push(("StringEquals".to_owned(), name));
    }
    if let Some(keys) = of.keys {
        conditions.push(one("ForAllValues:StringLike", vec![("LeadingKeys", json!(keys))]));
    }
    if let Some(attributes) = of.attributes {
        let attributes: Vec<String> = attributes.iter().map(|name| literal(name)).collect();
        conditions.push(one("ForAllValues:StringEquals", vec![("Attributes", json!(attributes))]));
        // Otherwise a request without a list of attributes would return all of them.
        let returned = json!(["NONE", "UPDATED_OLD", "UPDATED_NEW"]);
        let limits = vec![("Select", json!("SPECIFIC_ATTRIBUTES")), ("ReturnValues", returned)];
        conditions.push(one("StringEqualsIfExists", limits));
    }
    InOrder(conditions)
}

/// The ARN of a right's resource.
fn resource(right: &Right, scope: &PolicyScope, value: impl Fn(&TableSetting) -> String) -> String {
    let PolicyScope { partition, account, region } = scope;
    let region = right.region.as_ref().map_or_else(|| region.clone(), &value);
    let table = || format!("arn:{partition}:dynamodb:{region}:{account}:table/{}", value(&right.table));
    match &right.of {
        RightOf::Table => table(),
        RightOf::Index(name) => format!("{}/index/{name}", table()),
        RightOf::Stream => format!("{}/stream/*", table()),
        RightOf::Everything => "*".to_owned(),
        RightOf::ServiceLinkedRole(ServiceLinkedRole { service, name }) => {
            format!("arn:{partition}:iam::{account}:role/aws-service-role/{service}/{name}")
        }
    }
}
