//! The comparison of resource-based policies by their meaning, for `dyntastic`, which compares that of a table with its
//! description, and `dyntastic-codegen`, which compares two descriptions. It is a part of these crates, and has no API of its
//! own.

use std::collections::BTreeMap;

/// A policy, or a part of one, as JSON.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Json {
    /// A text. Numbers, flags and null are their texts.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// A map.
    Map(BTreeMap<String, Json>),
}

/// Whether two policies of a table in this partition, such as `aws`, say the same. DynamoDB may return one in another form
/// than it was given: an account as the ARN of its root, one text as a list, and lists in another order. Names of actions and
/// keys of conditions have no case ("IAM JSON policy elements: Principal", "Action" and "Condition").
pub fn same(one: Json, other: Json, partition: &str) -> bool {
    let normal = |of| Form { partition }.of("", of);
    one == other || normal(one) == normal(other)
}

/// The one form of all values that say the same.
struct Form<'p> {
    partition: &'p str,
}

impl Form<'_> {
    /// The value of a key in this form.
    fn of(&self, key: &str, value: Json) -> Json {
        match value {
            Json::Text(text) if key == "AWS" && is_account(&text) => {
                Json::Text(format!("arn:{}:iam::{text}:root", self.partition))
            }
            Json::Text(text) if text == "*" && matches!(key, "Principal" | "NotPrincipal") => {
                Json::Map([("AWS".to_owned(), Json::Text(text))].into())
            }
            Json::Text(text) if matches!(key, "Action" | "NotAction") => Json::Text(text.to_ascii_lowercase()),
            Json::Text(text) => Json::Text(text),
            Json::List(values) => list(values.into_iter().map(|value| self.of(key, value))),
            Json::Map(operators) if key == "Condition" => {
                list(operators.into_iter().flat_map(|(operator, keys)| self.conditions(&operator, keys)))
            }
            Json::Map(entries) => Json::Map(entries.into_iter().map(|(key, value)| self.entry(key, value)).collect()),
        }
    }

    fn entry(&self, key: String, value: Json) -> (String, Json) {
        let value = self.of(&key, value);
        (key, value)
    }

    /// Each condition of an operator by itself, since keys that differ in case are two conditions.
    fn conditions(&self, operator: &str, keys: Json) -> Vec<Json> {
        let Json::Map(keys) = keys else { return vec![keys] };
        let condition = |(key, values): (String, Json)| {
            let values = self.of("", values);
            Json::Map([(operator.to_owned(), Json::Map([(key.to_ascii_lowercase(), values)].into()))].into())
        };
        keys.into_iter().map(condition).collect()
    }
}

/// Values without their order and repetitions; the only one stands for its list.
fn list(values: impl Iterator<Item = Json>) -> Json {
    let mut values: Vec<Json> = values.collect();
    values.sort_unstable();
    values.dedup();
    match (values.pop(), values.is_empty()) {
        (Some(only), true) => only,
        (last, _) => Json::List(values.into_iter().chain(last).collect()),
    }
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{Json, same};

    fn text(of: &str) -> Json {
        Json::Text(of.to_owned())
    }

    fn texts(of: &[&str]) -> Json {
        Json::List(of.iter().copied().map(text).collect())
    }

    fn map(of: &[(&str, Json)]) -> Json {
        Json::Map(of.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
    }

    fn policy(principal: Json, action: Json, condition: Json) -> Json {
        let statement =
            map(&[("Effect", text("Allow")), ("Principal", principal), ("Action", action), ("Condition", condition)]);
        map(&[("Version", text("2012-10-17")), ("Statement", Json::List(vec![statement]))])
    }

    fn of_aws(names: Json) -> Json {
        map(&[("AWS", names)])
    }

    fn organization(key: &str) -> Json {
        map(&[("StringEquals", map(&[(key, text("o-1"))]))])
    }

    #[test]
    fn forms_of_one_meaning_are_the_same() {
        let read = || texts(&["dynamodb:GetItem", "dynamodb:Query"]);
        let condition = || organization("aws:PrincipalOrgID");
        let one = policy(of_aws(text("123456789012")), read(), condition());
        for other in [
            policy(of_aws(texts(&["arn:aws:iam::123456789012:root"])), read(), condition()),
            policy(of_aws(text("123456789012")), texts(&["dynamodb:query", "dynamodb:getitem"]), condition()),
            policy(of_aws(text("123456789012")), read(), organization("AWS:principalorgid")),
        ] {
            assert!(same(one.clone(), other.clone(), "aws"), "{other:?}");
        }
        let all = |principal| policy(principal, text("dynamodb:*"), condition());
        assert!(same(all(text("*")), all(of_aws(text("*"))), "aws"));
    }

    #[test]
    fn what_grants_other_rights_differs() {
        let read = || text("dynamodb:GetItem");
        let condition = || organization("aws:PrincipalOrgID");
        let one = policy(of_aws(text("123456789012")), read(), condition());
        for other in [
            policy(of_aws(text("123456789013")), read(), condition()),
            policy(of_aws(text("arn:aws-cn:iam::123456789012:root")), read(), condition()),
            policy(of_aws(text("123456789012")), text("*"), condition()),
            policy(of_aws(text("123456789012")), read(), organization("aws:PrincipalAccount")),
            policy(
                of_aws(text("123456789012")),
                read(),
                map(&[("StringLike", map(&[("aws:PrincipalOrgID", text("o-1"))]))]),
            ),
            policy(
                of_aws(text("123456789012")),
                read(),
                map(&[(
                    "StringEquals",
                    map(&[("aws:PrincipalOrgID", text("o-1")), ("AWS:PrincipalOrgID", text("o-2"))]),
                )]),
            ),
            text(""),
        ] {
            assert!(!same(one.clone(), other.clone(), "aws"), "{other:?}");
        }
        // An account is one of the table's partition.
        let china = policy(of_aws(text("arn:aws-cn:iam::123456789012:root")), read(), condition());
        assert!(same(one, china, "aws-cn"));
    }
}
