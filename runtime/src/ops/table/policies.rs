//! The comparison of resource-based policies.

use crate::codec::Tree;

/// Whether two policies in JSON say the same. DynamoDB may return one in another form: an account as the ARN of its root,
/// one text as a list, and lists in another order ("IAM JSON policy elements: Principal").
pub(super) fn same(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    match (Tree::of(one), Tree::of(other)) {
        (Ok(one), Ok(other)) => normal("", one) == normal("", other),
        _ => false,
    }
}

/// The value of a key in the one form of all that say the same.
fn normal(key: &str, of: Tree) -> Tree {
    match of {
        Tree::Text(text) if key == "AWS" => Tree::Text(account(&text).unwrap_or(text)),
        Tree::Text(text) if text == "*" && matches!(key, "Principal" | "NotPrincipal") => {
            Tree::Map([("AWS".to_owned(), Tree::Text(text))].into())
        }
        Tree::Text(text) => Tree::Text(text),
        Tree::List(values) => {
            let mut values: Vec<Tree> = values.into_iter().map(|value| normal(key, value)).collect();
            values.sort_unstable();
            values.dedup();
            match (values.pop(), values.is_empty()) {
                (Some(only), true) => only,
                (last, _) => Tree::List(values.into_iter().chain(last).collect()),
            }
        }
        Tree::Map(entries) => Tree::Map(
            entries
                .into_iter()
                .map(|(key, value)| {
                    let value = normal(&key, value);
                    (key, value)
                })
                .collect(),
        ),
    }
}

/// The number of the account whose root this ARN names.
fn account(arn: &str) -> Option<String> {
    let (_, rest) = arn.strip_prefix("arn:")?.split_once(':')?;
    Some(rest.strip_prefix("iam::")?.strip_suffix(":root")?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn policies_are_compared_by_their_meaning() {
        let policy = |principal: &str, action: &str| {
            format!(
                r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{principal},"Action":{action}}}]}}"#
            )
        };
        let read = r#"["dynamodb:GetItem","dynamodb:Query"]"#;
        let one = policy(r#"{"AWS":"123456789012"}"#, read);
        for other in [
            policy(r#"{ "AWS" : ["arn:aws:iam::123456789012:root"] }"#, r#"[ "dynamodb:Query", "dynamodb:GetItem" ]"#),
            one.replace('[', "[ ").replace(",\"Statement\"", ",\n  \"Statement\""),
        ] {
            assert!(same(&one, &other), "{other}");
        }
        assert!(same(&policy(r#""*""#, read), &policy(r#"{"AWS":"*"}"#, read)));
        for other in
            [policy(r#"{"AWS":"123456789013"}"#, read), policy(r#"{"AWS":"123456789012"}"#, r#""*""#), "{".into()]
        {
            assert!(!same(&one, &other), "{other}");
        }
        assert!(!same("", &one));
    }
}
