//! Whether two values are equal as DynamoDB compares them.

use crate::codec::normal_number;
use aws_sdk_dynamodb::types::AttributeValue;

/// Whether two values are equal. Numbers are compared by value, and the order of a set's elements does not matter.
pub(in crate::ops) fn is_same(one: &AttributeValue, other: &AttributeValue) -> bool {
    use AttributeValue::{Bs, L, M, N, Ns, Ss};
    let is_same_set = |one: &[String], other: &[String], form: fn(&str) -> String| {
        let sorted = |set: &[String]| {
            let mut set: Vec<String> = set.iter().map(|element| form(element)).collect();
            set.sort_unstable();
            set
        };
        sorted(one) == sorted(other)
    };
    match (one, other) {
        (N(one), N(other)) => normal_number(one) == normal_number(other),
        (Ns(one), Ns(other)) => is_same_set(one, other, normal_number),
        (Ss(one), Ss(other)) => is_same_set(one, other, str::to_owned),
        (Bs(one), Bs(other)) => one.len() == other.len() && one.iter().all(|element| other.contains(element)),
        (L(one), L(other)) => one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other)),
        (M(one), M(other)) => {
            let is_in =
                |(name, one): (&String, &AttributeValue)| other.get(name).is_some_and(|other| is_same(one, other));
            one.len() == other.len() && one.iter().all(is_in)
        }
        (one, other) => one == other,
    }
}
