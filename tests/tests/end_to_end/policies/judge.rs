//! Judges requests by an IAM policy before they are sent, as "Policy evaluation logic" and "IAM JSON policy elements:
//! Condition operators" have it: a request is allowed if a statement has its action, its resource and all conditions.

use super::request::{Authorization, authorizations};
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use dyntastic::aws_sdk_dynamodb::config::interceptors::BeforeTransmitInterceptorContextMut;
use dyntastic::aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use dyntastic::serde_json::{self, Value};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// A policy, and the requests that it has refused.
#[derive(Debug, Clone)]
pub struct Judge {
    policy: Arc<Value>,
    /// The hash keys of tables and indexes, by the ends of their ARNs.
    hash_keys: Arc<HashMap<String, String>>,
    refused: Arc<Mutex<Vec<String>>>,
}

impl Judge {
    pub fn new(policy: &str, hash_keys: HashMap<String, String>) -> Self {
        let policy = Arc::new(serde_json::from_str(policy).unwrap());
        Self { policy, hash_keys: Arc::new(hash_keys), refused: Arc::default() }
    }

    /// The requests that were refused.
    pub fn refused(&self) -> Vec<String> {
        self.refused.lock().unwrap().clone()
    }

    pub fn allows(&self, asked: &Authorization) -> bool {
        let Some(statements) = self.policy["Statement"].as_array() else { return false };
        statements.iter().any(|statement| {
            assert_eq!(statement["Effect"], "Allow");
            let action = texts(&statement["Action"]).any(|action| action == asked.action);
            let resource = texts(&statement["Resource"]).any(|pattern| is_like(&asked.resource, pattern));
            action && resource && conditions(&statement["Condition"]).all(|condition| holds(condition, asked))
        })
    }
}

/// Operator, key and values.
type Condition<'p> = (&'p str, &'p str, &'p Value);

fn conditions(of: &Value) -> impl Iterator<Item = Condition<'_>> {
    let operators = of.as_object().into_iter().flatten();
    operators.flat_map(|(operator, keys)| {
        keys.as_object().unwrap().iter().map(move |(key, values)| (operator.as_str(), key.as_str(), values))
    })
}

fn holds((operator, key, values): Condition<'_>, asked: &Authorization) -> bool {
    let context = asked.context.get(key);
    let equal = |value: &String| texts(values).any(|wanted| wanted == value);
    match operator {
        // Without a value in the request, "all values" holds.
        "ForAllValues:StringEquals" => context.is_none_or(|context| context.iter().all(equal)),
        "ForAllValues:StringLike" => context
            .is_none_or(|context| context.iter().all(|value| texts(values).any(|pattern| is_like(value, pattern)))),
        "StringEqualsIfExists" => context.is_none_or(|context| context.iter().all(equal)),
        "StringEquals" => context.is_some_and(|context| context.iter().all(equal)),
        other => unreachable!("{other}"),
    }
}

fn texts(of: &Value) -> impl Iterator<Item = &str> {
    let list = of.as_array().map_or(std::slice::from_ref(of), Vec::as_slice);
    list.iter().map(|text| text.as_str().unwrap())
}

/// Whether a text is one of a pattern: `*` is any text, and `${*}` a star.
fn is_like(text: &str, pattern: &str) -> bool {
    if let Some(rest) = pattern.strip_prefix('*') {
        return (0..=text.len()).any(|at| text.is_char_boundary(at) && is_like(&text[at..], rest));
    }
    let (wanted, rest) = match pattern.strip_prefix("${").and_then(|rest| rest.split_once('}')) {
        Some((escaped, rest)) => (escaped.chars().next(), rest),
        None => (pattern.chars().next(), pattern.char_indices().nth(1).map_or("", |(at, _)| &pattern[at..])),
    };
    match (wanted, text.chars().next()) {
        (None, None) => true,
        (Some(wanted), Some(found)) if wanted == found => is_like(&text[found.len_utf8()..], rest),
        _ => false,
    }
}

#[dyn_dispatch_hint]
impl Intercept for Judge {
    fn name(&self) -> &'static str {
        "judge"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let request = context.request();
        let target = request.headers().get("x-amz-target").unwrap();
        let operation = target.rsplit('.').next().unwrap();
        let body: Value = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
        for asked in authorizations(operation, &body, &self.hash_keys) {
            if !self.allows(&asked) {
                let refused = format!("{} on {} with {:?}", asked.action, asked.resource, asked.context);
                self.refused.lock().unwrap().push(refused.clone());
                return Err(format!("not authorized to perform {refused}").into());
            }
        }
        Ok(())
    }
}

#[test]
fn patterns_are_those_of_iam() {
    for (text, pattern, is) in [
        ("USER#1", "USER#*", true),
        ("USER", "USER#*", false),
        ("a*b", "a${*}b", true),
        ("axb", "a${*}b", false),
        ("", "*", true),
        ("arn:aws:dynamodb:us-east-1:0:table/t", "arn:aws:dynamodb:*:*:table/t", true),
        ("arn:aws:dynamodb:us-east-1:0:table/t2", "arn:aws:dynamodb:*:*:table/t", false),
        ("é#1", "é#*", true),
    ] {
        assert_eq!(is_like(text, pattern), is, "{text} {pattern}");
    }
}
