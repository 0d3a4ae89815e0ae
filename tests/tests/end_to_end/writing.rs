//! What is refused before anything is sent.

use crate::engine::{db, table_name};
use crate::types::sparse;
use dyntastic::chrono::{DateTime, NaiveDate};
use dyntastic::prelude::*;
use dyntastic::{Error, Violations};
use dyntastic_tests::everything::Everything;
use dyntastic_tests::keys::{ByBytes, ByText, ByTextAndBytes};
use dyntastic_tests::tables::Plain;

async fn refusal(item: Everything) -> String {
    let db = db().await;
    let error = item.save(&db).await.unwrap_err();
    assert!(matches!(error, Error::Write(_)), "{error:?}");
    assert!(!Everything::table_exists(&db).await.unwrap(), "nothing was sent: the table was not created");
    error.to_string()
}

#[tokio::test]
async fn numbers_that_dynamodb_does_not_have_are_refused_with_their_place() {
    for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let error = refusal(Everything { an_f64: odd, ..sparse() }).await;
        assert_eq!(error, "Everything.an_f64: DynamoDB has no infinity and no not-a-number");
    }
    for odd in [1e126, -1e300, 1e-131, f64::MIN_POSITIVE] {
        let error = refusal(Everything { an_f64: odd, ..sparse() }).await;
        assert!(error.starts_with("Everything.an_f64: a number in DynamoDB has a magnitude"), "{error}");
    }
    let error = refusal(Everything { matrix: vec![vec![], vec![1.0, f64::NAN]], ..sparse() }).await;
    assert!(error.starts_with("Everything.matrix[1][1]: "), "{error}");
}

#[tokio::test]
async fn the_largest_and_smallest_numbers_arrive() {
    let db = db().await;
    for number in [9.99e125, -9.99e125, 1e-130, -1e-130, 0.0, -0.0, 1e21, 123456789.12345678] {
        Everything { an_f64: number, ..sparse() }.save(&db).await.unwrap();
        let found = Everything::get(&db, ("1", -1)).await.unwrap();
        assert_eq!(found.an_f64, number);
    }
}

#[tokio::test]
async fn a_year_that_would_not_sort_is_refused() {
    let error =
        refusal(Everything { a_datetime: DateTime::from_timestamp(253_402_300_800, 0).unwrap(), ..sparse() }).await;
    assert_eq!(error, "Everything.a_datetime: a stored date has a year from 0 to 9999");
    let error = refusal(Everything { a_date: NaiveDate::from_ymd_opt(-1, 1, 1).unwrap(), ..sparse() }).await;
    assert_eq!(error, "Everything.a_date: a stored date has a year from 0 to 9999");
}

#[tokio::test]
async fn keys_are_not_empty_and_not_too_long() {
    let violations = ByText::builder().id("").build().unwrap_err();
    assert_eq!(violations.to_string(), "ByText.id: a hash key must not be empty");
    assert!(ByText::builder().id("x".repeat(2048)).build().is_ok());
    assert!(ByText::builder().id("x".repeat(2049)).build().is_err());
    assert!(ByBytes::builder().id([]).build().is_err());

    let both = ByTextAndBytes::builder().id("").part(vec![0; 1025]).build().unwrap_err();
    assert_eq!(
        both.to_string(),
        "ByTextAndBytes.id: a hash key must not be empty\nByTextAndBytes.part: a range key has at most 1024 bytes, this one has 1025"
    );

    // A struct that is changed by hand is checked by the write.
    let db = db().await;
    let mut item = Plain::builder().id("x").build().unwrap();
    item.id = String::new();
    assert!(item.validate().is_err() && Violations::of("Model", &item).is_err());
    let error = item.save(&db).await.unwrap_err();
    assert!(matches!(error, Error::Invalid(_)), "{error:?}");
    assert_eq!(error.to_string(), "Plain.id: a hash key must not be empty");
    assert!(!Plain::table_exists(&db).await.unwrap(), "nothing was sent: {}", table_name::<Plain>(&db));
}
