//! The text of expressions: the whole request, names and values included.

use crate::engine::db;
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::expr::{AttributeType, ExpressionError, IntoUpdate};
use dyntastic::prelude::*;
use dyntastic::{Condition, Error};
use dyntastic_tests::bounds::Tally;
use dyntastic_tests::everything::Everything;
use std::collections::HashMap;

/// A request's expression, names and values, the placeholders in order.
type Written = (String, Vec<String>, Vec<AttributeValue>);

fn ordered<T: Clone>(placeholders: &Option<HashMap<String, T>>) -> Vec<T> {
    let mut placeholders: Vec<_> = placeholders.iter().flatten().collect();
    placeholders.sort_by_key(|(placeholder, _)| placeholder[2..].parse::<usize>().unwrap());
    placeholders.into_iter().map(|(_, what)| what.clone()).collect()
}

async fn condition(condition: Condition<Everything>) -> Result<Written, Error> {
    let request = Everything::delete_by_key(&db().await, ("1", 1)).condition(condition).into_inner()?;
    let text = request.get_condition_expression().clone().unwrap_or_default();
    Ok((text, ordered(request.get_expression_attribute_names()), ordered(request.get_expression_attribute_values())))
}

async fn update(update: impl IntoUpdate<Everything>) -> Result<Written, Error> {
    let request = Everything::update_by_key(&db().await, ("1", 1), update).into_inner()?;
    let text = request.get_update_expression().clone().unwrap_or_default();
    let mut names = ordered(request.get_expression_attribute_names());
    // The condition that there is an item is written after the update.
    assert_eq!(names.pop().as_deref(), Some("id"));
    let mut values = ordered(request.get_expression_attribute_values());
    // The bounds of what is calculated are values of the condition alone.
    while !values.is_empty() && !text.contains(&format!(":v{}", values.len() - 1)) {
        values.pop();
    }
    Ok((text, names, values))
}

/// The condition on what an update leaves behind, beside that there is an item.
async fn bounds<M: dyntastic::Model>(update: dyntastic::ops::Update<M>) -> String {
    let request = update.into_inner().unwrap();
    let text = request.get_condition_expression().clone().unwrap();
    let names = request.get_expression_attribute_names().clone().unwrap_or_default();
    let values = request.get_expression_attribute_values().clone().unwrap_or_default();
    let text = text.split_once(" AND ").map_or(String::new(), |(_, text)| text.to_owned());
    let text = names.iter().fold(text, |text, (placeholder, name)| text.replace(placeholder, name));
    values.iter().fold(text, |text, (placeholder, value)| {
        let value = match value {
            AttributeValue::N(value) | AttributeValue::S(value) => value.clone(),
            _ => "…".to_owned(),
        };
        text.replace(placeholder, &value)
    })
}

fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn n(text: &str) -> AttributeValue {
    AttributeValue::N(text.to_owned())
}

fn written(text: &str, names: &[&str], values: &[AttributeValue]) -> Written {
    (text.to_owned(), names.iter().map(|name| (*name).to_owned()).collect(), values.to_vec())
}

#[tokio::test]
async fn every_condition_has_its_text() {
    let a = Everything::A;
    let cases = [
        (a.a_string.eq("x"), written("#n0 = :v0", &["a_string"], &[s("x")])),
        (a.a_u8.ne(1), written("#n0 <> :v0", &["a_u8"], &[n("1")])),
        (a.a_u8.lt(1), written("#n0 < :v0", &["a_u8"], &[n("1")])),
        (a.a_u8.le(1), written("#n0 <= :v0", &["a_u8"], &[n("1")])),
        (a.a_u8.gt(1), written("#n0 > :v0", &["a_u8"], &[n("1")])),
        (a.a_u8.ge(1), written("#n0 >= :v0", &["a_u8"], &[n("1")])),
        (a.a_u8.between(1, 2), written("#n0 BETWEEN :v0 AND :v1", &["a_u8"], &[n("1"), n("2")])),
        (a.a_u8.is_in([1, 2, 1]), written("#n0 IN (:v0, :v1, :v0)", &["a_u8"], &[n("1"), n("2")])),
        (a.a_string.begins_with("x"), written("begins_with(#n0, :v0)", &["a_string"], &[s("x")])),
        (a.a_datetime.begins_with("2024-01"), written("begins_with(#n0, :v0)", &["a_datetime"], &[s("2024-01")])),
        (a.string_set.contains("x"), written("contains(#n0, :v0)", &["string_set"], &[s("x")])),
        (a.strings.contains(&a.a_string), written("contains(#n0, #n1)", &["strings", "a_string"], &[])),
        (a.maybe_string.exists(), written("attribute_exists(#n0)", &["maybe_string"], &[])),
        (a.maybe_string.not_exists(), written("attribute_not_exists(#n0)", &["maybe_string"], &[])),
        (
            a.some_json.attribute_type(AttributeType::Map),
            written("attribute_type(#n0, :v0)", &["some_json"], &[s("M")]),
        ),
        (a.strings.size().gt(3), written("size(#n0) > :v0", &["strings"], &[n("3")])),
        (
            a.strings.size().between(1, &a.a_u32),
            written("size(#n0) BETWEEN :v0 AND #n1", &["strings", "a_u32"], &[n("1")]),
        ),
        (a.a_u32.gt(&a.maybe_number), written("#n0 > #n1", &["a_u32", "maybe_number"], &[])),
    ];
    for (case, expected) in cases {
        assert_eq!(condition(case).await.unwrap(), expected);
    }
}

#[tokio::test]
async fn conditions_join_with_as_few_parentheses_as_the_grammar_allows() {
    let a = |number: u8| Everything::A.a_u8.eq(number);
    let text = async |case: Condition<Everything>| condition(case).await.unwrap().0;
    assert_eq!(text(a(0) & a(1) & a(2)).await, "#n0 = :v0 AND #n0 = :v1 AND #n0 = :v2");
    assert_eq!(text(a(0) & (a(1) & a(2))).await, "#n0 = :v0 AND #n0 = :v1 AND #n0 = :v2");
    assert_eq!(text(a(0) | a(1) & a(2)).await, "#n0 = :v0 OR #n0 = :v1 AND #n0 = :v2");
    assert_eq!(text((a(0) | a(1)) & a(2)).await, "(#n0 = :v0 OR #n0 = :v1) AND #n0 = :v2");
    assert_eq!(text(!a(0) & a(1)).await, "NOT #n0 = :v0 AND #n0 = :v1");
    assert_eq!(text(!(a(0) & a(1))).await, "NOT (#n0 = :v0 AND #n0 = :v1)");
    assert_eq!(text(!!a(0)).await, "#n0 = :v0");
    assert_eq!(text(a(0).and(a(1)).or(a(2))).await, "#n0 = :v0 AND #n0 = :v1 OR #n0 = :v2");
    assert_eq!(
        text(Condition::all([a(0), Condition::any([a(1), a(2)])])).await,
        "#n0 = :v0 AND (#n0 = :v1 OR #n0 = :v2)"
    );
    assert_eq!(text(Condition::any([a(0)])).await, "#n0 = :v0");
}

#[tokio::test]
async fn an_empty_dynamic_condition_is_none_and_empty_maps_are_left_out() {
    let empty = || Condition::<Everything>::all([]);
    for case in [empty(), Condition::any([]), empty() & empty(), !empty(), Condition::any([empty(), empty()])] {
        assert_eq!(condition(case).await.unwrap(), written("", &[], &[]));
    }
    let request = Everything::delete_by_key(&db().await, ("1", 1)).into_inner().unwrap();
    assert!(request.get_expression_attribute_names().is_none() && request.get_expression_attribute_values().is_none());
    let request =
        Everything::delete_by_key(&db().await, ("1", 1)).condition(Everything::A.id.exists()).into_inner().unwrap();
    assert!(request.get_expression_attribute_names().is_some() && request.get_expression_attribute_values().is_none());
}

#[tokio::test]
async fn nested_paths_split_by_segment_and_odd_names_stay_whole() {
    let a = Everything::A;
    let path = a.counts.key("a.b [0]").eq(1);
    assert_eq!(condition(path).await.unwrap(), written("#n0.#n1 = :v0", &["counts", "a.b [0]"], &[n("1")]));
    let path = a.matrix.index(1).index(2).gt(0.5);
    assert_eq!(condition(path).await.unwrap(), written("#n0[1][2] > :v0", &["matrix"], &[n("0.5")]));
    let path = a.some_json.key("list").index(0).key("some_json").exists();
    assert_eq!(
        condition(path).await.unwrap(),
        written("attribute_exists(#n0.#n1[0].#n0)", &["some_json", "list"], &[])
    );
    let path = a.sets_by_name.key("x").contains("y");
    assert_eq!(condition(path).await.unwrap(), written("contains(#n0.#n1, :v0)", &["sets_by_name", "x"], &[s("y")]));
}

#[tokio::test]
async fn every_action_has_its_text() {
    let a = Everything::A;
    let list = |texts: &[&str]| AttributeValue::L(texts.iter().map(|text| s(text)).collect());
    let ss = |texts: &[&str]| AttributeValue::Ss(texts.iter().map(|text| (*text).to_owned()).collect());
    let cases = [
        (a.a_string.set("x"), written("SET #n0 = :v0", &["a_string"], &[s("x")])),
        (a.a_string.set(&a.maybe_string), written("SET #n0 = #n1", &["a_string", "maybe_string"], &[])),
        (a.counts.key("x").set(1), written("SET #n0.#n1 = :v0", &["counts", "x"], &[n("1")])),
        (a.a_u32.set(a.a_u32.plus(1)), written("SET #n0 = #n0 + :v0", &["a_u32"], &[n("1")])),
        (a.a_u32.set(a.a_u32.clone() - 1), written("SET #n0 = #n0 - :v0", &["a_u32"], &[n("1")])),
        (a.a_u32.set(1 + a.a_u32.clone()), written("SET #n0 = :v0 + #n0", &["a_u32"], &[n("1")])),
        (a.a_u32.set(10 - a.a_u32.clone()), written("SET #n0 = :v0 - #n0", &["a_u32"], &[n("10")])),
        (a.a_u32.set(a.a_u32.minus(&a.maybe_number)), written("SET #n0 = #n0 - #n1", &["a_u32", "maybe_number"], &[])),
        (
            a.a_u32.set(a.maybe_number.or(0).plus(1)),
            written("SET #n0 = if_not_exists(#n1, :v0) + :v1", &["a_u32", "maybe_number"], &[n("0"), n("1")]),
        ),
        (a.a_u32.set_default(7), written("SET #n0 = if_not_exists(#n0, :v0)", &["a_u32"], &[n("7")])),
        (
            a.strings.set(a.strings.followed_by(["x"])),
            written("SET #n0 = list_append(#n0, :v0)", &["strings"], &[list(&["x"])]),
        ),
        (
            a.strings.set(a.strings.preceded_by(["x"])),
            written("SET #n0 = list_append(:v0, #n0)", &["strings"], &[list(&["x"])]),
        ),
        (
            a.strings.append(["x", "y"]),
            written(
                "SET #n0 = list_append(if_not_exists(#n0, :v0), :v1)",
                &["strings"],
                &[list(&[]), list(&["x", "y"])],
            ),
        ),
        (
            a.strings.prepend(["x"]),
            written("SET #n0 = list_append(:v0, if_not_exists(#n0, :v1))", &["strings"], &[list(&["x"]), list(&[])]),
        ),
        (a.maybe_string.remove(), written("REMOVE #n0", &["maybe_string"], &[])),
        (a.strings.index(2).remove(), written("REMOVE #n0[2]", &["strings"], &[])),
        (a.maybe_string.set(None), written("REMOVE #n0", &["maybe_string"], &[])),
        (a.maybe_string.set(Some("x".to_owned())), written("SET #n0 = :v0", &["maybe_string"], &[s("x")])),
        (a.maybe_string.set("x"), written("SET #n0 = :v0", &["maybe_string"], &[s("x")])),
        (a.string_set.set(Vec::<String>::new()), written("REMOVE #n0", &["string_set"], &[])),
        (a.a_u32.add(3), written("ADD #n0 :v0", &["a_u32"], &[n("3")])),
        (a.string_set.add("x"), written("ADD #n0 :v0", &["string_set"], &[ss(&["x"])])),
        (a.string_set.add(["y", "x"]), written("ADD #n0 :v0", &["string_set"], &[ss(&["x", "y"])])),
        (a.string_set.delete(["x"]), written("DELETE #n0 :v0", &["string_set"], &[ss(&["x"])])),
    ];
    for (case, expected) in cases {
        assert_eq!(update(case).await.unwrap(), expected);
    }
}

#[tokio::test]
async fn what_is_calculated_is_bounded_by_a_condition() {
    let (a, t) = (Everything::A, Tally::A);
    let db = db().await;
    for (update, expected) in [
        (a.a_u32.add(3), "(attribute_not_exists(a_u32) OR a_u32 <= 4294967292)"),
        (a.a_u32.set(a.a_u32.minus(1)), "a_u32 >= 1"),
        (
            a.a_u32.set(a.maybe_number.or(0).plus(1)),
            "(attribute_not_exists(maybe_number) OR maybe_number <= 4294967294)",
        ),
        (a.a_u32.set(10 - a.a_u32.clone()), "a_u32 <= 10 AND a_u32 >= -4294967285"),
        (a.a_string.set("x"), ""),
        (a.strings.append(["x"]), ""),
        (a.string_set.add("x"), ""),
    ] {
        assert_eq!(bounds(Everything::update_by_key(&db, ("1", 1), update)).await, expected);
    }
    for (update, expected) in [
        (t.stock.add(5), "stock >= 5 AND stock <= 95"),
        (t.stock.add(20), "(attribute_not_exists(stock) OR stock >= -10 AND stock <= 80)"),
        (t.ratio.add(0.25), "(attribute_not_exists(ratio) OR ratio > -25e-2 AND ratio < 75e-2)"),
        (t.double.add(1.0), ""),
        (t.widest.add(-1), "(attribute_not_exists(widest) OR widest >= -170141183460469231731687303715884105720)"),
        (t.list.append(["x"]), "(attribute_not_exists(list) OR size(list) <= 3)"),
        (t.distinct.append(["x"]), "NOT contains(distinct, x)"),
        (t.labels.add("x"), "(attribute_not_exists(labels) OR size(labels) <= 5 OR contains(labels, x))"),
        (t.labels.delete("x"), "(attribute_not_exists(labels) OR size(labels) >= 2 OR NOT contains(labels, x))"),
        (t.numbers.delete(1), ""),
        (t.list.index(1).set("x"), ""),
        (t.list.index(4).set("x"), "(size(list) <= 3 OR attribute_exists(list[4]))"),
    ] {
        assert_eq!(bounds(Tally::update_by_key(&db, "t", update)).await, expected);
    }
}

#[tokio::test]
async fn several_actions_are_one_update_and_share_placeholders_with_the_condition() {
    let a = Everything::A;
    let expected = written(
        "SET #n0 = :v0, #n3 = :v1 REMOVE #n2 ADD #n1 :v1",
        &["a_string", "a_u32", "maybe_string", "a_u8"],
        &[s("x"), n("1")],
    );
    let actions = || (a.a_string.set("x"), a.a_u32.add(1), a.maybe_string.remove(), a.a_u8.set(1));
    assert_eq!(update(actions()).await.unwrap(), expected);
    let (one, two, three, four) = actions();
    assert_eq!(update(vec![one, two, three, four]).await.unwrap(), expected);

    let request =
        Everything::update_by_key(&db().await, ("1", 1), a.a_u32.add(1)).condition(a.a_u32.lt(1)).into_inner().unwrap();
    assert_eq!(request.get_update_expression().as_deref(), Some("ADD #n0 :v0"));
    let condition = "attribute_exists(#n1) AND (attribute_not_exists(#n0) OR #n0 <= :v1) AND #n0 < :v0";
    assert_eq!(request.get_condition_expression().as_deref(), Some(condition));
    assert_eq!(ordered(request.get_expression_attribute_names()), ["a_u32", "id"]);
    assert_eq!(ordered(request.get_expression_attribute_values()), [n("1"), n("4294967294")]);
}

#[tokio::test]
async fn what_dynamodb_would_refuse_is_told_before_it_is_sent() {
    let a = Everything::A;
    let refused = |result: Result<Written, Error>| match result.unwrap_err() {
        Error::Expression { model: "Everything", error, .. } => error,
        other => panic!("{other:?}"),
    };
    let many = |count: u32| a.a_u32.is_in(0..count);
    assert!(condition(many(100)).await.is_ok());
    assert!(matches!(refused(condition(many(101)).await), ExpressionError::InValues(_, 101)));
    assert!(matches!(refused(condition(many(0)).await), ExpressionError::InValues(_, 0)));

    let terms = |count: u32| Condition::all((0..count).map(|_| a.a_u32.eq(0)));
    assert!(condition(terms(200)).await.is_ok());
    assert!(matches!(
        refused(condition(terms(400)).await),
        ExpressionError::TooLong(_) | ExpressionError::TooManyOperators(_)
    ));

    let deep = |depth: usize| (0..depth).fold(a.some_json.key("a"), |path, _| path.key("a")).exists();
    assert!(condition(deep(40)).await.is_ok());
    assert!(matches!(refused(condition(deep(60)).await), ExpressionError::TooDeep(_)));

    for same in [a.a_u8.le(&a.a_u8), a.a_u8.between(0, &a.a_u8), a.a_string.contains(&a.a_string)] {
        assert!(matches!(refused(condition(same).await), ExpressionError::SameOperand(_)));
    }
    assert_eq!(refused(update(Vec::new()).await), ExpressionError::NoActions);
    assert_eq!(
        refused(update(a.string_set.add(Vec::<String>::new())).await),
        ExpressionError::NoActions,
        "adding nothing is nothing"
    );
    for overlap in [
        vec![a.a_u32.set(1), a.a_u32.add(1)],
        vec![a.counts.key("x").set(1), a.counts.remove()],
        vec![a.matrix.index(0).index(1).set(1.0), a.matrix.index(0).remove()],
    ] {
        assert!(matches!(refused(update(overlap).await), ExpressionError::Overlap(..)));
    }
    assert!(update(vec![a.counts.key("x").set(1), a.counts.key("y").set(1)]).await.is_ok());
    assert!(matches!(refused(condition(a.string_set.eq(Vec::<String>::new())).await), ExpressionError::Absent(_)));

    let error = condition(a.matrix.index(0).index(1).eq(f64::NAN)).await.unwrap_err();
    assert_eq!(error.to_string(), "Everything.matrix[0][1]: DynamoDB has no infinity and no not-a-number");
    let error = update(a.an_f64.set(1e200)).await.unwrap_err();
    assert!(error.to_string().starts_with("Everything.an_f64: a number in DynamoDB has a magnitude"), "{error}");
}
