//! The comparison of a table's policy with its description.

use crate::codec::policy;

/// Whether two policies in JSON, of the table with this ARN, say the same.
pub(super) fn same(one: &str, other: &str, arn: Option<&str>) -> bool {
    let partition = arn.and_then(|arn| arn.split(':').nth(1)).unwrap_or("aws");
    match (policy(one), policy(other)) {
        (Ok(one), Ok(other)) => dyntastic_policies::same(one, other, partition),
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn policies_are_compared_by_their_meaning() {
        let policy = |principal: &str| {
            format!(
                r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":{principal}}},"Action":"dynamodb:*"}}]}}"#
            )
        };
        let one = policy(r#""123456789012""#);
        let returned =
            policy(r#" [ "arn:aws:iam::123456789012:root" ]"#).replace(",\"Statement\"", ",\n  \"Statement\"");
        assert!(same(&one, &returned, None));
        assert!(same(&one, &returned, Some("arn:aws:dynamodb:us-east-1:123456789012:table/t")));
        assert!(!same(&one, &returned, Some("arn:aws-cn:dynamodb:cn-north-1:123456789012:table/t")));
        for other in [policy(r#""123456789013""#), "{".into(), String::new()] {
            assert!(!same(&one, &other, None), "{other}");
        }
        assert!(same("", "", None) && same("{", "{", None));
    }
}
