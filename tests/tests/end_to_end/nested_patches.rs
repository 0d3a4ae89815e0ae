//! Patches of structs inside of items: they change single fields, and create a struct that an item does not have.

use crate::engine::{Engine, db};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::chrono::TimeDelta;
use dyntastic::prelude::*;
use dyntastic::serde_json::{self, Value, json};
use dyntastic::{Client, Error, Patch, schemars};
use dyntastic_tests::nested_patches::{
    Address, AddressPatch, Badge, Bag, BagPatch, Colours, Limits, LimitsPatch, M, Parcel, ParcelPatch, Person,
    PersonPatch, Place, PlacePatch, Plain, R, RPatch, Settings, SettingsPatch, StayPatch, Tray, Tree,
};

fn patch(json: Value) -> PersonPatch {
    serde_json::from_value(json).unwrap()
}

fn address(street: &str) -> Address {
    Address::builder().street(street).city("Voss").build().unwrap()
}

fn person() -> Person {
    Person::builder().person_id("p1").home(address("Elm 1")).handle("ada").build().unwrap()
}

async fn saved(person: Person) -> (Client, Person) {
    let db = db().await;
    let mut person = person;
    person.insert(&db).await.unwrap();
    (db, person)
}

async fn stored(db: &Client) -> Person {
    Person::get(db, "p1").consistent_read().await.unwrap()
}

#[tokio::test]
async fn a_patch_changes_single_fields_of_a_struct_and_keeps_those_of_others() {
    if !Engine::current().has_transactions() {
        return;
    }
    let (db, mut person) = saved(person()).await;
    let mut other = person.clone();
    other.update(&db, Person::A.home.then(Address::A.zip_code).set("5700")).await.unwrap();
    person.refresh(&db).await.unwrap();
    person.update(&db, patch(json!({ "home": { "city": " Oslo " } }))).await.unwrap();
    assert_eq!((person.home.city.as_str(), person.home.zip_code.as_deref()), ("Oslo", Some("5700")));
    person.update(&db, patch(json!({ "home": { "zipCode": null, "street": "Ash 2" } }))).await.unwrap();
    assert_eq!((person.home.street.as_str(), person.home.zip_code.as_deref()), ("Ash 2", None));
    assert_eq!(stored(&db).await, person);
}

/// A part of a struct does not tell what is computed of the struct.
#[tokio::test]
async fn a_struct_of_which_another_field_is_computed_is_replaced() {
    if !Engine::current().returns_existing() {
        return;
    }
    let db = db().await;
    let parcel = Parcel::builder().id("p").to(address("Elm 1")).from(address("Oak 2")).build().unwrap();
    parcel.save(&db).await.unwrap();
    let patch = json!({ "to": { "street": "Ash 3", "city": "Oslo" }, "from": { "zipCode": "5700" } });
    let patch: ParcelPatch = serde_json::from_value(patch).unwrap();
    let parcel = Parcel::update_by_key(&db, "p", patch).await.unwrap();
    assert_eq!((parcel.label(), parcel.to.city), ("Ash 3, Oslo".to_owned(), "Oslo".to_owned()));
    let from = parcel.from.unwrap();
    assert_eq!((from.street.as_str(), from.zip_code.as_deref()), ("Oak 2", Some("5700")));
    let labelled = Parcel::scan(&db).filter(Parcel::A.label.eq("Ash 3, Oslo"));
    assert_eq!(labelled.count().await.unwrap(), 1);
    assert!(serde_json::from_value::<ParcelPatch>(json!({ "to": { "city": "Oslo" } })).is_err());
}

#[tokio::test]
async fn a_struct_that_the_item_does_not_have_is_created_as_a_whole() {
    if !Engine::current().returns_existing() {
        return;
    }
    let (db, mut person) = saved(person()).await;
    let of_work = json!({ "work": { "street": "Oak 3", "city": " Bergen", "place": { "lat": 60.4, "lon": 5.3 } } });
    person.update(&db, patch(of_work)).await.unwrap();
    let place = Place { lat: 60.4, lon: 5.3, note: None };
    assert_eq!(person.work, Some(Address { city: "Bergen".to_owned(), place: Some(place), ..address("Oak 3") }));
    assert_eq!(stored(&db).await, person);

    // The struct exists by now, and a struct in it does not.
    person.update(&db, patch(json!({ "home": { "place": { "lat": 1.5, "lon": 2.5 } }, "work": null }))).await.unwrap();
    assert_eq!((person.home.place.as_ref().map(|place| place.lat), &person.work), (Some(1.5), &None));

    // Beside other changes, calculated ones too, and with a condition.
    let update = (patch(json!({ "work": { "street": "Fir 4", "city": "Os" } })), Person::A.logins.add(2));
    let old =
        Person::update_by_key(&db, "p1", update).condition(Person::A.logins.eq(0)).return_old().await.unwrap().unwrap();
    assert_eq!((old.work, old.logins), (None, 0));
    let person = stored(&db).await;
    assert_eq!(
        (person.work, person.logins, person.version),
        (Some(Address { city: "Os".to_owned(), ..address("Fir 4") }), 2, 4)
    );
    let refused = Person::update_by_key(&db, "p1", patch(json!({ "m": { "r": { "wait": "PT1S" }, "m": 1 } })))
        .condition(Person::A.logins.eq(0));
    assert!(refused.if_matches().await.unwrap().is_none());
}

#[tokio::test]
async fn a_patch_that_does_not_make_a_whole_struct_says_what_is_missing() {
    if !Engine::current().returns_existing() {
        return;
    }
    let (db, mut person) = saved(person()).await;
    let error = person.update(&db, patch(json!({ "work": { "city": "Oslo" } }))).await.unwrap_err();
    assert!(matches!(error, Error::IncompletePatch { .. }), "{error}");
    let text = error.to_string();
    assert!(text.starts_with("Person: the item in the table ") && text.contains(" has no work, and "), "{text}");
    assert!(text.contains(": work.street: missing") && error.is_bad_request(), "{text}");
    let error = person.update(&db, patch(json!({ "home": { "place": { "lat": 1.0 } } }))).await.unwrap_err();
    assert!(error.to_string().contains(": home.place.lon: missing"), "{error}");
    let error = person.update(&db, patch(json!({ "work": { "place": null } }))).await.unwrap_err();
    assert!(matches!(error, Error::IncompletePatch { .. }), "{error}");
    // The whole struct is checked, as a save checks it.
    let same = patch(json!({ "work": { "street": "Os", "city": " Os " } }));
    let error = Person::update_by_key(&db, "p1", same).await.unwrap_err();
    let Error::OutOfBounds(violations) = error else { unreachable!("{error}") };
    assert_eq!(violations.iter().map(|of| of.path().to_string()).collect::<Vec<_>>(), ["work"]);
    assert_eq!(stored(&db).await, person);
}

#[tokio::test]
async fn an_empty_patch_of_a_struct_creates_it_and_changes_no_struct() {
    if !Engine::current().returns_existing() {
        return;
    }
    let db = db().await;
    let with = |badge: Option<Badge>| Bag { badge, ..Bag::builder().id("b1").build().unwrap() };
    let patch = |json: Value| serde_json::from_value::<BagPatch>(json).unwrap();
    let badge = || Badge { name: None, colours: None, count: 1 };
    let full = || Badge { name: Some("a".to_owned()), colours: Some(Colours { front: None, back: None }), count: 3 };
    let in_colours = || Some(Badge { colours: full().colours, ..badge() });
    let cases = [
        (None, json!({ "badge": {} }), Some(badge())),
        (None, json!({ "badge": { "colours": {} } }), in_colours()),
        (None, json!({ "badge": { "colours": { "front": null } } }), in_colours()),
        (Some(badge()), json!({ "badge": {} }), Some(badge())),
        (Some(badge()), json!({ "badge": { "colours": {} } }), in_colours()),
        (Some(full()), json!({ "badge": { "colours": {} } }), Some(full())),
        (Some(full()), json!({ "badge": {}, "label": {} }), Some(full())),
    ];
    for (before, change, after) in cases {
        with(before.clone()).save(&db).await.unwrap();
        let changed = Bag::update_by_key(&db, "b1", patch(change.clone())).await.unwrap();
        assert_eq!(changed, with(after.clone()), "{change}");
        if Engine::current().has_transactions() {
            with(before).save(&db).await.unwrap();
            db.transaction().update::<Bag>("b1", patch(change.clone())).await.unwrap();
            assert_eq!(Bag::get(&db, "b1").consistent_read().await.unwrap(), with(after), "{change}");
        }
    }
    let made = Bag::update_by_key(&db, "b2", patch(json!({ "badge": {} }))).upsert().await.unwrap();
    assert_eq!(made, Bag { id: "b2".to_owned(), ..with(Some(badge())) });
    for (key, change) in [("b1", json!({ "home": {} })), ("b3", json!({ "badge": {} }))] {
        let error = Bag::update_by_key(&db, key, patch(change)).await.unwrap_err();
        let is_refused = match key {
            "b1" => matches!(error, Error::IncompletePatch { .. }),
            _ => matches!(error, Error::NotFound { .. }),
        };
        assert!(is_refused, "{error}");
    }
}

#[tokio::test]
async fn bounds_hold_beside_and_inside_of_absent_structs() {
    if !Engine::current().returns_existing() {
        return;
    }
    let db = db().await;
    let bag = Bag { count: 4, ..Bag::builder().id("b1").build().unwrap() };
    bag.save(&db).await.unwrap();
    let of_badge = || serde_json::from_value::<BagPatch>(json!({ "badge": { "name": "a" } })).unwrap();
    let count = Bag::A.badge.then(Badge::A.count);
    for (calculated, path) in [(Bag::A.count.add(6), "count"), (count.add(11), "badge.count")] {
        let error = Bag::update_by_key(&db, "b1", (of_badge(), calculated.clone())).await.unwrap_err();
        let Error::OutOfBounds(violations) = error else { unreachable!("{error}") };
        assert_eq!(violations.iter().map(|of| of.path().to_string()).collect::<Vec<_>>(), [path]);
        if Engine::current().has_transactions() {
            let error = db.transaction().update::<Bag>("b1", (of_badge(), calculated)).await.unwrap_err();
            let Error::OutOfBounds(violations) = error else { unreachable!("{error}") };
            assert_eq!(violations.to_string(), format!("Bag.{path}: at most 9"));
        }
        assert_eq!(Bag::get(&db, "b1").consistent_read().await.unwrap(), bag);
    }
    let changed = Bag::update_by_key(&db, "b1", (of_badge(), Bag::A.count.add(5))).await.unwrap();
    assert_eq!((changed.count, changed.badge.is_some()), (9, true));
}

#[tokio::test]
async fn a_value_that_is_changed_twice_is_refused_whatever_the_item_has() {
    if !Engine::current().has_transactions() {
        return;
    }
    let (db, person) = saved(person()).await;
    let of_work = || patch(json!({ "work": { "street": "Oak 3", "city": "Bergen" } }));
    for other in [Person::A.work.then(Address::A.city).set("Os"), Person::A.work.remove()] {
        let alone = Person::update_by_key(&db, "p1", (of_work(), other.clone())).await.unwrap_err();
        let planned = db.transaction().update::<Person>("p1", (of_work(), other)).await.unwrap_err();
        assert!(alone.to_string().contains("two actions of one update"), "{alone}");
        assert_eq!(alone.to_string(), planned.to_string());
    }
    assert_eq!(stored(&db).await, person);
}

#[tokio::test]
async fn several_patches_of_a_struct_create_it_in_any_order() {
    if !Engine::current().returns_existing() {
        return;
    }
    let (db, mut person) = saved(person()).await;
    let (street, city) = (json!({ "street": "Oak 3" }), json!({ "city": "Os" }));
    let of = |json: &Value| patch(json!({ "work": json }));
    let note = Person::A.work.then(Address::A.place).then(Place::A.note).set("gate");
    let of_place = json!({ "place": { "lat": 1.0, "lon": 2.0 } });
    person.update(&db, (of(&street), of(&city), of(&of_place), note)).await.unwrap();
    let made = person.work.take().unwrap();
    assert_eq!((made.street.as_str(), made.city.as_str()), ("Oak 3", "Os"));
    assert_eq!(made.place.as_ref().and_then(|place| place.note.as_deref()), Some("gate"));
    person.save(&db).await.unwrap();
    person.update(&db, (of(&of_place), of(&city), of(&street))).await.unwrap();
    assert_eq!(person.work.as_ref().map(|work| work.place.is_some()), Some(true));
    assert_eq!(stored(&db).await, person);
}

#[tokio::test]
async fn a_value_that_is_no_struct_is_an_error_of_reading() {
    if !Engine::current().returns_existing() {
        return;
    }
    let (db, _) = saved(person()).await;
    // As another writer has it.
    let target = db.sdk().update_item().table_name(crate::engine::table_name::<Person>(&db));
    let target = target.key("pk", AttributeValue::S("p1".to_owned())).update_expression("SET #a = :a");
    let target = target.expression_attribute_names("#a", "work");
    target.expression_attribute_values(":a", AttributeValue::S("Oak 3".to_owned())).send().await.unwrap();
    let of_work = patch(json!({ "work": { "street": "Oak 3", "city": "Os" } }));
    let error = Person::update_by_key(&db, "p1", of_work).await.unwrap_err();
    let Error::Read(error) = error else { unreachable!("{error}") };
    assert_eq!(error.path().to_string(), "work");
}

#[tokio::test]
async fn an_absent_struct_with_a_default_begins_with_it() {
    if !Engine::current().returns_existing() {
        return;
    }
    let (db, mut person) = saved(person()).await;
    let made = person.settings.limits.made;
    // As another writer has it.
    remove(&db, "settings").await;
    person.update(&db, patch(json!({ "settings": { "limits": { "daily": 20 } } }))).await.unwrap();
    assert_eq!((person.settings.theme.as_str(), person.settings.limits.daily), ("light", 20));
    assert_ne!(person.settings.limits.made, made, "an absent struct has no value of a factory");
    person.update(&db, patch(json!({ "settings": { "theme": "dark", "limits": null } }))).await.unwrap();
    assert_eq!((person.settings.theme.as_str(), person.settings.limits.daily), ("dark", 10));
    let mut changed = person.clone();
    changed.settings.limits = Limits { daily: 5, ..Limits::default() };
    person.update(&db, person.changes_to(&changed)).await.unwrap();
    assert_eq!(person.settings.limits.daily, 5);
    assert_eq!(stored(&db).await, person);
}

/// Removes an attribute, as a writer does that knows no models.
async fn remove(db: &Client, attribute: &str) {
    let target = db.sdk().update_item().table_name(crate::engine::table_name::<Person>(db));
    let target = target.key("pk", AttributeValue::S("p1".to_owned()));
    let target = target.update_expression("REMOVE #a").expression_attribute_names("#a", attribute);
    target.send().await.unwrap();
}

#[tokio::test]
async fn the_difference_of_two_values_changes_one_into_the_other() {
    if !Engine::current().returns_existing() {
        return;
    }
    let place = Place { lat: 1.0, lon: 2.0, note: Some("gate".to_owned()) };
    let with_place = Address { place: Some(place.clone()), zip_code: Some("1".to_owned()), ..address("Elm 1") };
    let moved = Address { place: Some(Place { lon: 3.0, ..place.clone() }), ..with_place.clone() };
    let addresses = [address("Elm 1"), with_place, moved];
    let works = addresses.iter().cloned().map(Some).chain([None]);
    let people: Vec<Person> = works
        .flat_map(|work| {
            addresses.iter().map(move |home| Person { home: home.clone(), work: work.clone(), ..person() })
        })
        .collect();
    let (db, mut person) = saved(people[0].clone()).await;
    for (before, after) in people.iter().flat_map(|before| people.iter().map(move |after| (before, after))) {
        let (before, after) = (Person { settings: person.settings.clone(), ..before.clone() }, after);
        person.home = before.home.clone();
        person.work = before.work.clone();
        person.save(&db).await.unwrap();
        let after = Person { settings: person.settings.clone(), version: person.version, ..after.clone() };
        let patch = person.changes_to(&after);
        assert_eq!(patch.is_empty(), person == after);
        // In JSON, it is the same patch.
        let json = serde_json::to_value(&patch).unwrap();
        assert_eq!(serde_json::from_value::<PersonPatch>(json).unwrap(), patch);
        person.update(&db, patch).await.unwrap();
        assert_eq!((&person.home, &person.work), (&after.home, &after.work));
        assert_eq!(stored(&db).await, person);
    }
}

#[tokio::test]
async fn transactions_and_unique_fields_create_absent_structs() {
    if !Engine::current().has_transactions() || !Engine::current().returns_existing() {
        return;
    }
    let (db, mut person) = saved(person()).await;
    let of_work = || patch(json!({ "work": { "street": "Oak 3", "city": "Bergen" } }));
    db.transaction().update::<Person>("p1", of_work()).await.unwrap();
    db.transaction().update::<Person>("p1", patch(json!({ "work": { "city": "Os" } }))).await.unwrap();
    let work = stored(&db).await.work.unwrap();
    assert_eq!((work.street.as_str(), work.city.as_str()), ("Oak 3", "Os"));

    let incomplete = patch(json!({ "work": { "place": { "lat": 1.0 } } }));
    let error = db.transaction().update::<Person>("p1", incomplete).await.unwrap_err();
    assert!(error.to_string().contains(": work.place.lon: missing"), "{error}");
    let error = db.transaction().update::<Person>("p1", of_work()).token("a").await.unwrap_err();
    assert!(error.to_string().contains("depends on the stored item"), "{error}");

    person.refresh(&db).await.unwrap();
    person.work = None;
    person.save(&db).await.unwrap();
    let with_unique = json!({ "handle": "lovelace", "work": { "street": "Oak 3", "city": "Bergen" } });
    person.update(&db, patch(with_unique)).await.unwrap();
    assert_eq!(person.work, Some(Address { city: "Bergen".to_owned(), ..address("Oak 3") }));
    assert_eq!(stored(&db).await, person);
}

#[tokio::test]
async fn an_upsert_creates_the_structs_of_a_new_item() {
    if !Engine::current().returns_existing() {
        return;
    }
    let db = db().await;
    let home = json!({ "home": { "street": "Elm 1", "city": "Voss" }, "handle": "ada" });
    let upsert = |json: &Value| Person::update_by_key(&db, "p1", patch(json.clone())).upsert();
    if Engine::current().has_transactions() {
        let made = upsert(&home).await.unwrap();
        assert_eq!((&made.home, made.settings.theme.as_str()), (&address("Elm 1"), "light"));
        assert_eq!(stored(&db).await, made);
        let again = upsert(&json!({ "home": { "city": "Os" }, "handle": "ada" })).await.unwrap();
        assert_eq!((again.home.street.as_str(), again.home.city.as_str()), ("Elm 1", "Os"));
    }
    let error = Person::update_by_key(&db, "p2", patch(json!({ "home": { "city": "Os" }, "handle": "b" }))).upsert();
    let error = error.await.unwrap_err();
    assert!(error.to_string().contains(": home.street: missing"), "{error}");
    let error = Person::update_by_key(&db, "p2", patch(json!({ "handle": "b" }))).upsert().await.unwrap_err();
    assert!(matches!(error, Error::IncompleteUpsert { .. }), "{error}");
}

#[test]
fn patches_are_plain_values() {
    let of_place = PlacePatch { note: Patch::Set("secret".to_owned()), ..PlacePatch::default() };
    assert!(!format!("{of_place:?}").contains("secret"));
    assert!(PersonPatch::default().is_empty());
    let of_m = M { r: R { wait: TimeDelta::seconds(1) }, m: 1 };
    let changed = M { m: 2, ..of_m.clone() };
    assert_eq!(of_m.changes_to(&changed).r, None::<RPatch>);
    let tree = Tree::builder().name("a").plain(Some(Plain { a: 1, b: None })).build().unwrap();
    let patch = tree.changes_to(&Tree {
        plain: Some(Plain { a: 2, b: None }),
        child: Some(Box::new(tree.clone())),
        ..tree.clone()
    });
    assert_eq!(patch.plain, Patch::Set(Plain { a: 2, b: None }), "it has no patch, and is replaced");
    assert_eq!(patch.child, Patch::Set(Box::new(tree)));
    let schema = serde_json::to_value(schemars::schema_for!(AddressPatch)).unwrap();
    assert_eq!(schema["required"], Value::Null);
    assert_eq!(
        serde_json::to_value(SettingsPatch { limits: Patch::Set(LimitsPatch::default()), ..Default::default() })
            .unwrap(),
        json!({ "limits": {} })
    );
    let error = serde_json::from_value::<StayPatch>(json!({ "endAt": null })).unwrap_err();
    assert!(error.to_string().starts_with("unknown field `endAt`"), "{error}");
    assert_eq!(serde_json::from_value::<RPatch>(json!({ "weight": 1 })).unwrap(), RPatch::default());
    let tray: Tray = serde_json::from_value(json!({ "id": "t1", "a": 2 })).unwrap();
    assert_eq!(tray.plain, Some(Plain { a: 2, b: None }), "it is flat in JSON, and not in the patch");
    let of_settings = Settings::default().changes_to(&Settings::default());
    assert!(of_settings.theme.is_leave());
}
