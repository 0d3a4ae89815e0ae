//! Patches of structs against the rules of the schema: an update leaves an item that a save would store, or changes
//! nothing and says why.

use crate::engine::{Engine, db};
use dyntastic::chrono::{DateTime, Utc};
use dyntastic::expr::IntoUpdate;
use dyntastic::ops::Cause;
use dyntastic::prelude::*;
use dyntastic::serde_json::{self, Value, json};
use dyntastic::{Client, Error, UpdateExpression};
use dyntastic_tests::nested_patches::{
    Address, AddressPatch, Badge, BadgePatch, Desk, Holder, Person, PersonPatch, Shelf, ShelfPatch, Stay,
};

pub(super) fn shelf() -> Shelf {
    Shelf::builder().id("s1").build().unwrap()
}

pub(super) fn badge(name: &str) -> Badge {
    Badge { name: Some(name).filter(|name| !name.is_empty()).map(str::to_owned), colours: None, count: 1 }
}

pub(super) fn named(name: &str) -> Option<BadgePatch> {
    serde_json::from_value(json!({ "name": name })).unwrap()
}

pub(super) fn home(street: &str) -> Option<Address> {
    Some(Address { street: street.to_owned(), city: "Voss".to_owned(), zip_code: None, place: None })
}

fn at(hour: u32) -> DateTime<Utc> {
    format!("2026-11-02T{hour:02}:00:00Z").parse().unwrap()
}

fn stay(from: u32, to: u32) -> Option<Stay> {
    Some(Stay { starts_at: at(from), ends_at: at(to), note: None })
}

pub(super) fn json(patch: Value) -> UpdateExpression<Shelf> {
    serde_json::from_value::<ShelfPatch>(patch).unwrap().into_update()
}

pub(super) async fn stored(db: &Client) -> Shelf {
    Shelf::get(db, "s1").consistent_read().await.unwrap()
}

/// The paths and codes of the violations, which are the same however the update is sent.
pub(super) fn broken(error: Error) -> Vec<(String, &'static str)> {
    let violations = match error {
        Error::Invalid(violations) => violations,
        Error::OutOfBounds(violations) => *violations,
        error => unreachable!("{error:?}"),
    };
    violations.iter().map(|of| (of.path().to_string(), of.code())).collect()
}

/// An update, and the same change of the struct, for items that have what it changes.
type Change = (fn() -> UpdateExpression<Shelf>, fn(&mut Shelf) -> Option<()>);

const CHANGES: &[Change] = &[
    // A function of the app's own, which two fields break.
    (|| json(json!({ "home": { "city": "Elm 1" } })), |of| in_home(of, |home| home.city = "Elm 1".to_owned())),
    (|| json(json!({ "home": { "zipCode": "1" } })), |of| in_home(of, |home| home.zip_code = Some("1".to_owned()))),
    (|| json(json!({ "home": { "street": "Oak 3" } })), |of| in_home(of, |home| home.street = "Oak 3".to_owned())),
    (
        || json(json!({ "home": { "street": "Os", "city": " Os " } })),
        |of| {
            let zip_code = of.home.take().and_then(|home| home.zip_code);
            of.home = Some(Address { street: "Os".to_owned(), city: "Os".to_owned(), zip_code, place: None });
            Some(())
        },
    ),
    // Times that are compared.
    (|| json(json!({ "nextStay": { "endsAt": at(3) } })), |of| of.next_stay.as_mut().map(|stay| stay.ends_at = at(3))),
    (|| json(json!({ "nextStay": { "startsAt": at(5), "endsAt": at(4) } })), |of| visit(of, stay(5, 4))),
    (|| json(json!({ "nextStay": { "startsAt": at(5), "endsAt": at(6) } })), |of| visit(of, stay(5, 6))),
    // Elements of maps, whose number and keys are limited.
    (|| Shelf::A.boxes.key("b").merge_some(named("b")), |of| put(of, "b", "b")),
    (|| Shelf::A.boxes.key("c").merge_some(named("c")), |of| put(of, "c", "c")),
    (|| Shelf::A.boxes.key("c").merge_some(Some(BadgePatch::default())), |of| put(of, "c", "")),
    (|| Shelf::A.boxes.key("C").merge_some(named("c")), |of| put(of, "C", "c")),
    (
        || [Shelf::A.boxes.key("b").merge_some(named("b")), Shelf::A.boxes.key("b").merge_some(count(3))].into_update(),
        |of| {
            of.boxes.insert("b".to_owned(), Badge { count: 3, ..badge("b") });
            Some(())
        },
    ),
    (
        || {
            [Shelf::A.boxes.key("b").merge_some(named("b")), Shelf::A.boxes.key("c").merge_some(named("c"))]
                .into_update()
        },
        |of| ["b", "c"].into_iter().try_for_each(|name| put(of, name, name)),
    ),
    // Elements of lists, which are not equal.
    (|| Shelf::A.row.index(0).merge_some(named("z")), |of| lay(of, 0, "z")),
    (|| Shelf::A.row.index(1).merge_some(named("a")), |of| lay(of, 1, "a")),
    (|| Shelf::A.row.index(1).merge_some(named("b")), |of| lay(of, 1, "b")),
    (|| Shelf::A.row.index(2).merge_some(named("c")), |of| lay(of, 2, "c")),
    (|| Shelf::A.row.index(2).merge_some(Some(BadgePatch::default())), |of| lay(of, 2, "")),
    // Two elements in one update, the later one first.
    (
        || [Shelf::A.row.index(1).merge_some(named("c")), Shelf::A.row.index(0).merge_some(named("d"))].into_update(),
        |of| lay(of, 0, "d").and_then(|()| lay(of, 1, "c")),
    ),
    // Functions for the struct of one field, which its type does not have.
    (
        || json(json!({ "work": { "street": "Voss 3" } })),
        |of| of.work.as_mut().map(|of| of.street = "Voss 3".to_owned()),
    ),
    (|| json(json!({ "work": { "street": "Os 3" } })), |of| of.work.as_mut().map(|of| of.street = "Os 3".to_owned())),
    (|| json(json!({ "work": { "city": "Elm" } })), |of| of.work.as_mut().map(|of| of.city = "Elm".to_owned())),
    (|| json(json!({ "work": { "city": "Elm 1" } })), |of| of.work.as_mut().map(|of| of.city = "Elm 1".to_owned())),
    (|| Shelf::A.work.merge_some(of_work()), |of| of.work.as_mut().map(|of| of.city = "Elm".to_owned())),
    (|| json(json!({ "desk": { "pin": { "count": 3 } } })), |of| pin(of).map(|pin| pin.count = 3)),
    (
        || json(json!({ "desk": { "pin": { "name": "narrow" } } })),
        |of| pin(of).map(|pin| pin.name = badge("narrow").name),
    ),
    (
        || Shelf::A.desk.then(Desk::A.pin).merge_some(count(3)),
        |of| of.desk.is_some().then(|| pin(of))?.map(|pin| pin.count = 3),
    ),
    // And for the structs in a collection.
    (|| Shelf::A.pins.key("a").merge_some(count(3)), |of| of.pins.get_mut("a").map(|pin| pin.count = 3)),
    (|| Shelf::A.pins.key("l").merge_some(count(3)), |of| of.pins.get_mut("l").map(|pin| pin.count = 3)),
    (|| Shelf::A.pins.key("l").merge_some(named("s")), |of| of.pins.get_mut("l").map(|pin| pin.name = badge("s").name)),
    (|| Shelf::A.grid.index(0).index(0).merge_some(count(3)), |of| in_grid(of, 0).map(|pin| pin.count = 3)),
    (|| Shelf::A.grid.index(0).index(1).merge_some(count(3)), |of| in_grid(of, 1).map(|pin| pin.count = 3)),
    // Values that are calculated inside of a struct that may be absent.
    (
        || [json(json!({ "label": { "name": "l" } })), Shelf::A.label.then(Badge::A.count).add(8)].into_update(),
        |of| {
            of.label = Badge { count: of.label.count + 8, ..badge("l") };
            Some(())
        },
    ),
];

fn count(count: u8) -> Option<BadgePatch> {
    serde_json::from_value(json!({ "count": count })).unwrap()
}

fn of_work() -> Option<AddressPatch> {
    serde_json::from_value(json!({ "city": "Elm" })).unwrap()
}

/// The pin of a desk, which a patch creates.
fn pin(of: &mut Shelf) -> Option<&mut Badge> {
    Some(of.desk.get_or_insert_with(Desk::default).pin.get_or_insert_with(|| badge("")))
}

fn in_grid(of: &mut Shelf, at: usize) -> Option<&mut Badge> {
    of.grid.first_mut()?.get_mut(at)
}

fn in_home(of: &mut Shelf, change: fn(&mut Address)) -> Option<()> {
    of.home.as_mut().map(change)
}

fn visit(of: &mut Shelf, next: Option<Stay>) -> Option<()> {
    of.next_stay = next;
    Some(())
}

fn put(of: &mut Shelf, key: &str, name: &str) -> Option<()> {
    of.boxes.entry(key.to_owned()).or_insert_with(|| badge("")).name = badge(name).name;
    Some(())
}

fn lay(of: &mut Shelf, at: usize, name: &str) -> Option<()> {
    if at == of.row.len() {
        of.row.push(badge(name));
        return Some(());
    }
    let there = of.row.get_mut(at)?;
    there.name = badge(name).name.or_else(|| there.name.take());
    Some(())
}

fn shelves() -> Vec<Shelf> {
    let full = Shelf {
        boxes: [("a".to_owned(), badge("a")), ("b".to_owned(), badge("x"))].into(),
        row: vec![badge("a"), badge("b")],
        home: home("Elm 1"),
        next_stay: stay(1, 2),
        label: Badge { count: 2, ..badge("l") },
        work: home("Elm 1"),
        pins: [("a".to_owned(), badge("a")), ("l".to_owned(), badge("longish"))].into(),
        grid: vec![vec![badge("a"), badge("longish")]],
        desk: Some(Desk { pin: Some(badge("longish")), name: None }),
        ..shelf()
    };
    let one = Shelf { boxes: [("a".to_owned(), badge("a"))].into(), row: vec![badge("a")], ..shelf() };
    let late = Shelf { home: home("Oak 3"), next_stay: stay(4, 9), row: vec![badge("z"), badge("c")], ..one.clone() };
    let many = Shelf {
        desk: Some(Desk { pin: Some(Badge { count: 2, ..badge("p") }), name: None }),
        grid: vec![vec![badge("longish"), badge("a")]],
        ..shelf()
    };
    vec![full, one, late, many]
}

#[tokio::test]
async fn an_update_leaves_what_a_save_would_store() {
    let engine = Engine::current();
    if !engine.returns_existing() || !engine.compares_maps() {
        return;
    }
    let db = db().await;
    let (mut applied, mut refused) = (0, 0);
    for (number, (update, change)) in CHANGES.iter().enumerate() {
        for before in shelves() {
            let mut after = before.clone();
            if change(&mut after).is_none() {
                continue;
            }
            let context = format!("change {number} of {before:?}");
            let expected = after.validate();
            for way in 0..3 {
                if way == 2 && !engine.has_transactions() {
                    continue;
                }
                before.save(&db).await.unwrap();
                let result = match way {
                    0 => Shelf::update_by_key(&db, "s1", update()).await.map(drop),
                    1 => Shelf::update_by_key(&db, "s1", update()).upsert().await.map(drop),
                    _ => db.transaction().update::<Shelf>("s1", update()).await,
                };
                match (&expected, result) {
                    (Ok(()), Ok(())) => applied += 1,
                    (Err(violations), Err(error)) => {
                        let expected: Vec<_> = violations.iter().map(|of| (of.path().to_string(), of.code())).collect();
                        // Violations of the patch alone are found before those of the item.
                        let found = broken(error);
                        let is_once = |of| found.iter().filter(|other| *other == of).count() == 1;
                        let are_these =
                            !found.is_empty() && found.iter().all(|of| expected.contains(of) && is_once(of));
                        assert!(are_these, "{context}, way {way}: {found:?} and not {expected:?}");
                        refused += 1;
                    }
                    (expected, result) => unreachable!("{context}, way {way}: {expected:?}, but {result:?}"),
                }
                let now = if expected.is_ok() { &after } else { &before };
                assert_eq!(stored(&db).await, *now, "{context}, way {way}");
            }
        }
    }
    assert!(applied > 40 && refused > 30, "{applied} {refused}");
}

#[tokio::test]
async fn a_struct_whose_rule_a_patch_breaks_is_out_of_bounds_whether_the_item_has_it() {
    let engine = Engine::current();
    if !engine.returns_existing() || !engine.compares_maps() {
        return;
    }
    let db = db().await;
    let same = || json(json!({ "home": { "street": "Os", "city": "Os" } }));
    for before in [None, home("Elm 1")] {
        Shelf { home: before, ..shelf() }.save(&db).await.unwrap();
        let mut errors = vec![Shelf::update_by_key(&db, "s1", same()).await.unwrap_err()];
        let mut read = stored(&db).await;
        errors.push(read.update(&db, same()).await.unwrap_err());
        if engine.has_transactions() {
            errors.push(db.transaction().update::<Shelf>("s1", same()).await.unwrap_err());
        }
        for error in errors {
            assert!(matches!(error, Error::OutOfBounds(_)) && error.is_bad_request(), "{error:?}");
            assert_eq!(broken(error), [("home".to_owned(), "street")]);
        }
    }
}

/// A patch, and another action on the struct that it changes or on what holds it.
#[tokio::test]
async fn a_struct_that_is_patched_and_set_is_refused_whatever_the_item_has() {
    let db = db().await;
    let empty = || Shelf::A.holder.then(Holder::A.badge).merge_some(Some(BadgePatch::default()));
    let others: [fn() -> UpdateExpression<Shelf>; 4] = [
        || Shelf::A.holder.remove(),
        || Shelf::A.holder.set(Holder { badge: None }),
        || Shelf::A.holder.then(Holder::A.badge).remove(),
        || Shelf::A.holder.then(Holder::A.badge).set(badge("a")),
    ];
    for badge in [None, Some(badge("b"))] {
        let before = Shelf { holder: Some(Holder { badge }), ..shelf() };
        before.save(&db).await.unwrap();
        for other in others {
            let mut errors = vec![Shelf::update_by_key(&db, "s1", (empty(), other())).await.unwrap_err()];
            if Engine::current().has_transactions() {
                errors.push(db.transaction().update::<Shelf>("s1", (other(), empty())).await.unwrap_err());
            }
            for error in errors {
                assert!(error.to_string().contains("two actions of one update"), "{error}");
            }
        }
        assert_eq!(stored(&db).await, before);
    }
}

pub(super) fn person(json: Value) -> PersonPatch {
    serde_json::from_value(json).unwrap()
}

#[tokio::test]
async fn a_stale_version_is_reported_before_what_the_patch_lacks() {
    let engine = Engine::current();
    if !engine.has_transactions() || !engine.returns_existing() {
        return;
    }
    let db = db().await;
    let mut now = Person::builder().person_id("p1").home(home("Elm 1").unwrap()).handle("ada").build().unwrap();
    now.insert(&db).await.unwrap();
    let stale = now.clone();
    now.update(&db, Person::A.logins.add(1)).await.unwrap();
    // None of them can be applied to the item; the version comes first.
    let incomplete = || person(json!({ "work": { "city": "Oslo" } }));
    let invalid = || person(json!({ "home": { "city": "Elm 1" } }));
    let with_unique = || person(json!({ "handle": "lovelace", "work": { "city": "Oslo" } }));
    for patch in [incomplete, invalid, with_unique] {
        let error = stale.clone().update(&db, patch()).await.unwrap_err();
        assert!(matches!(error, Error::VersionConflict { expected: 1, stored: Some(2), .. }), "{error:?}");
        let error = db.transaction().update_item(&stale, patch()).await.unwrap_err();
        let Error::TransactionCanceled(canceled) = error else { unreachable!("{error:?}") };
        let causes: Vec<Cause> = canceled.reasons().iter().map(|reason| reason.cause()).collect();
        assert_eq!(causes, [Cause::VersionConflict { expected: 1, stored: Some(2) }]);
    }
    // Of an item that is not there, too.
    for patch in [incomplete, invalid] {
        let error = db.transaction().update::<Person>("p2", patch()).await.unwrap_err();
        assert!(error.is_not_found(), "{error:?}");
    }
    assert_eq!(Person::get(&db, "p1").consistent_read().await.unwrap(), now);
}
