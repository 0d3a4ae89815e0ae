//! Violations have the names that the client of an API knows.

use crate::engine::{Engine, db};
use dyntastic::chrono::NaiveDate;
use dyntastic::prelude::*;
use dyntastic::serde_json::{self, json};
use dyntastic::{Error, Violations};
use dyntastic_tests::json_names::{Booking, Contact, ContactPost, Guest, Place};

fn place() -> Place {
    Place { post_code: "0150".to_owned(), door_number: 1 }
}

fn booking() -> Booking {
    Booking::builder().booking_id("b1").guest_names(["Alice"]).first_place(place()).build().unwrap()
}

/// Each violation: the place in the item, and the place in JSON.
fn places(violations: &Violations) -> Vec<(String, String)> {
    violations.iter().map(|of| (of.path().to_string(), of.json_path().to_string())).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(path, json)| ((*path).to_owned(), (*json).to_owned())).collect()
}

#[test]
fn a_models_violations_have_both_names_at_every_depth() {
    let day = |day| NaiveDate::from_ymd_opt(2026, 11, day);
    let short = Place { post_code: "1".to_owned(), ..place() };
    let bad = Booking {
        booking_id: String::new(),
        guest_names: vec!["Alice".to_owned(), String::new()],
        nights_left: 31,
        first_place: Place { door_number: 0, ..short.clone() },
        by_door: [("side_door".to_owned(), short.clone())].into(),
        contact_by: Some(Contact::Post(ContactPost { sent_to: short.clone(), copies_to: vec![place(), short] })),
        starts_on: day(2),
        ends_on: day(1),
    };
    let violations = bad.validate().unwrap_err();
    let expected = pairs(&[
        ("id", "bookingId"),
        ("guest_names[1]", "guestNames[1]"),
        ("nights", "nightsLeft"),
        ("place.zip", "firstPlace.postCode"),
        ("place.door_number", "firstPlace.doorNumber"),
        // The name of an entry is data, and the same everywhere.
        ("doors.side_door.zip", "byDoor.side_door.postCode"),
        ("contact_by.to.zip", "contactBy.sentTo.postCode"),
        ("contact_by.copies_to[1].zip", "contactBy.copiesTo[1].postCode"),
        ("end", "endsOn"),
    ]);
    assert_eq!(places(&violations), expected);
    assert_eq!(violations.to_string().lines().last(), Some("Booking.end: after `start`"));

    // What a client reads has the names of its own request, in the texts too.
    let json = serde_json::to_value(&violations).unwrap();
    assert_eq!(
        json[8],
        json!({
            "path": "endsOn", "code": "after", "message": "after `startsOn`", "parameters": { "attribute": "startsOn" }
        })
    );
    // Each path leads to the value in the JSON of the model.
    let body = serde_json::to_value(&bad).unwrap();
    for violation in violations.iter() {
        let found = violation.json_path().segments().try_fold(&body, |value, step| match step {
            dyntastic::codec::Segment::Name(name) => value.get(name),
            dyntastic::codec::Segment::Index(index) => value.get(index),
        });
        assert!(found.is_some(), "{}", violation.json_path());
    }
}

#[tokio::test]
async fn so_do_the_violations_of_operations() {
    let db = db().await;
    let booking = booking();
    booking.save(&db).await.unwrap();
    let violations = |error: Error| match error {
        Error::Invalid(violations) => violations,
        Error::OutOfBounds(violations) => *violations,
        other => panic!("{other}"),
    };
    let short = || Place { post_code: "1".to_owned(), ..place() };

    let long = Booking { nights_left: 31, ..booking.clone() };
    let error = violations(long.save(&db).await.unwrap_err());
    assert_eq!(places(&error), pairs(&[("nights", "nightsLeft")]));

    let error = Booking::update_by_key(&db, "b1", Booking::A.nights_left.set(31)).await.unwrap_err();
    assert_eq!(places(&violations(error)), pairs(&[("nights", "nightsLeft")]));

    let path = Booking::A.first_place.then(Place::A.post_code);
    let error = Booking::update_by_key(&db, "b1", path.set("1")).await.unwrap_err();
    assert_eq!(places(&violations(error)), pairs(&[("place.zip", "firstPlace.postCode")]));

    let path = Booking::A.by_door.key("side_door").then(Place::A.post_code);
    let error = Booking::update_by_key(&db, "b1", path.set("1")).await.unwrap_err();
    assert_eq!(places(&violations(error)), pairs(&[("doors.side_door.zip", "byDoor.side_door.postCode")]));

    let error = Booking::update_by_key(&db, "b1", Booking::A.first_place.set(short())).await.unwrap_err();
    assert_eq!(places(&violations(error)), pairs(&[("place.zip", "firstPlace.postCode")]));

    let error = Booking::update_by_key(&db, "b1", Booking::A.guest_names.append(["a", ""])).await.unwrap_err();
    assert_eq!(places(&violations(error)), pairs(&[("guest_names[1]", "guestNames[1]")]));

    // Only the stored item shows that a calculated value would break its bounds.
    if Engine::current().returns_existing() {
        let error = Booking::update_by_key(&db, "b1", Booking::A.nights_left.add(30)).await.unwrap_err();
        assert_eq!(places(&violations(error)), pairs(&[("nights", "nightsLeft")]));
        let three = Booking::A.guest_names.append(["b", "c", "d"]);
        let error = Booking::update_by_key(&db, "b1", three).await.unwrap_err();
        assert_eq!(places(&violations(error)), pairs(&[("guest_names", "guestNames")]));
    }

    // A key is checked too, before the request.
    for error in [
        Booking::get(&db, "").await.unwrap_err(),
        Booking::delete_by_key(&db, "").await.unwrap_err(),
        Booking::query(&db, "").all().await.unwrap_err(),
    ] {
        assert_eq!(places(&violations(error)), pairs(&[("id", "bookingId")]));
    }
    assert_eq!(Booking::get(&db, "b1").await.unwrap(), booking);
}

#[test]
fn a_key_that_is_made_of_fields_is_no_place_in_json() {
    let long = Guest {
        guest_id: "g".repeat(2_050),
        mail_address: String::new(),
        hotel_id: String::new(),
        login_name: String::new(),
    };
    assert_eq!(places(&long.validate().unwrap_err()), pairs(&[("pk", "")]));
}

#[tokio::test]
async fn a_taken_value_is_a_violation_with_its_place() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    let guest =
        Guest { guest_id: "g1".into(), mail_address: "a@b.c".into(), hotel_id: "h".into(), login_name: "a".into() };
    guest.insert(&db).await.unwrap();
    let taken = |result: dyntastic::Result<()>| match result {
        Err(Error::NotUnique { violations, .. }) => places(&violations),
        other => panic!("{other:?}"),
    };
    let other = Guest { guest_id: "g2".to_owned(), login_name: "b".to_owned(), ..guest.clone() };
    assert_eq!(taken(other.insert(&db).await), pairs(&[("mail", "mailAddress")]));
    let mut other = Guest { mail_address: "b@b.c".to_owned(), ..other };
    other.insert(&db).await.unwrap();
    let both = pairs(&[("hotel", "hotelId"), ("login_name", "loginName")]);
    assert_eq!(taken(other.update(&db, Guest::A.login_name.set("a")).await), both);
    assert_eq!(taken(db.transaction().put(&Guest { login_name: "a".to_owned(), ..other }).await), both);
}
