//! The policy of a table, which says who else may use it.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A resource-based policy ("Using resource-based policies for DynamoDB"). Without statements, a table has none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ResourcePolicy {
    pub(crate) version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    pub(crate) statement: Vec<Statement>,
}

/// Some principals may do some actions, or may not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Statement {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sid: Option<String>,
    pub(crate) effect: Effect,
    #[serde(flatten)]
    pub(crate) principal: Principal,
    #[serde(flatten)]
    pub(crate) action: Action,
    #[serde(flatten)]
    pub(crate) resource: Resource,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) condition: BTreeMap<String, BTreeMap<String, Texts>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Effect {
    Allow,
    Deny,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) enum Principal {
    Principal(Principals),
    NotPrincipal(Principals),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(crate) enum Principals {
    /// `*`.
    Text(String),
    /// Names by their kinds, such as `AWS`.
    Kinds(BTreeMap<String, Texts>),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) enum Action {
    Action(Texts),
    NotAction(Texts),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) enum Resource {
    Resource(Texts),
    NotResource(Texts),
}

/// Texts, of which one alone needs no list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(crate) enum Texts {
    One(String),
    Many(Vec<String>),
}

impl From<String> for Texts {
    fn from(text: String) -> Self {
        Texts::One(text)
    }
}

impl From<Vec<String>> for Texts {
    fn from(mut texts: Vec<String>) -> Self {
        match (texts.pop(), texts.is_empty()) {
            (Some(only), true) => Texts::One(only),
            (last, _) => Texts::Many(texts.into_iter().chain(last).collect()),
        }
    }
}

impl ResourcePolicy {
    /// Whether both say the same of a table in this partition, such as `aws`.
    pub(crate) fn says_same(&self, other: &Self, partition: &str) -> bool {
        // They hold texts, and lists and maps of them, which JSON cannot refuse.
        let value = |of: &Self| serde_json::to_value(of).map(compared).ok();
        match (value(self), value(other)) {
            (Some(one), Some(other)) => dyntastic_policies::same(one, other, partition),
            _ => self == other,
        }
    }

    /// The policy in JSON; an empty text for none.
    pub(crate) fn json(&self) -> String {
        match self.statement.is_empty() {
            true => String::new(),
            false => serde_json::to_string(self).unwrap_or_default(),
        }
    }
}

fn compared(of: serde_json::Value) -> dyntastic_policies::Json {
    use dyntastic_policies::Json;
    match of {
        serde_json::Value::String(text) => Json::Text(text),
        serde_json::Value::Array(values) => Json::List(values.into_iter().map(compared).collect()),
        serde_json::Value::Object(entries) => {
            Json::Map(entries.into_iter().map(|(key, value)| (key, compared(value))).collect())
        }
        other => Json::Text(other.to_string()),
    }
}
