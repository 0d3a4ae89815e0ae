//! Patches in JSON against the merge of RFC 7396, for random items and patches.

use crate::engine::{Engine, db};
use crate::random::Random;
use crate::seeds::{rounds, seed};
use dyntastic::prelude::*;
use dyntastic::serde_json::{self, Map, Value, json};
use dyntastic::{Client, Error};
use dyntastic_tests::nested_patches::{Bag, BagPatch};

/// A field in JSON.
struct Shape {
    name: &'static str,
    is_required: bool,
    values: Values,
}

enum Values {
    /// One of these.
    Of(&'static [&'static str]),
    Struct(&'static [Shape]),
}

const fn required(name: &'static str, values: &'static [&'static str]) -> Shape {
    Shape { name, is_required: true, values: Values::Of(values) }
}

const fn optional(name: &'static str, values: Values) -> Shape {
    Shape { name, is_required: false, values }
}

const TEXTS: &[&str] = &[r#""""#, r#""a""#, r#""null""#];
const NUMBERS: &[&str] = &["0", "1", "9"];
const PLACE: &[Shape] =
    &[required("lat", NUMBERS), required("lon", &["-0.5", "2"]), optional("note", Values::Of(TEXTS))];
const ADDRESS: &[Shape] = &[
    required("street", &[r#""Elm 1""#, r#""Ash 2""#]),
    required("city", &[r#""Voss""#, r#"" Os ""#]),
    optional("zipCode", Values::Of(TEXTS)),
    optional("place", Values::Struct(PLACE)),
];
const COLOURS: &[Shape] = &[optional("front", Values::Of(TEXTS)), optional("back", Values::Of(TEXTS))];
const BADGE: &[Shape] = &[
    optional("name", Values::Of(TEXTS)),
    optional("colours", Values::Struct(COLOURS)),
    optional("count", Values::Of(NUMBERS)),
];
const BAG: &[Shape] = &[
    optional("home", Values::Struct(ADDRESS)),
    optional("badge", Values::Struct(BADGE)),
    optional("label", Values::Struct(BADGE)),
    optional("count", Values::Of(NUMBERS)),
];

fn value(of: &Values, random: &mut Random) -> Value {
    match of {
        Values::Of(texts) => {
            let at = usize::try_from(random.below(texts.len() as u64)).unwrap();
            serde_json::from_str(texts[at]).unwrap()
        }
        Values::Struct(fields) => whole(fields, random),
    }
}

fn whole(fields: &[Shape], random: &mut Random) -> Value {
    let given = fields.iter().filter_map(|field| {
        let is_given = field.is_required || random.below(3) > 0;
        is_given.then(|| (field.name.to_owned(), value(&field.values, random)))
    });
    Value::Object(given.collect())
}

/// A patch, in which structs may be empty, whole or neither, and keys unknown.
fn patch(fields: &[Shape], random: &mut Random) -> Value {
    let mut changes = Map::new();
    for field in fields {
        let change = match (random.below(6), &field.values) {
            (0, _) if !field.is_required => Value::Null,
            (0 | 1, of) => value(of, random),
            (2 | 3, Values::Struct(inside)) => patch(inside, random),
            _ => continue,
        };
        changes.insert(field.name.to_owned(), change);
    }
    if random.below(9) == 0 {
        changes.insert("another".to_owned(), json!({ "street": 1 }));
    }
    Value::Object(changes)
}

/// `MergePatch` of RFC 7396, for the keys that are fields.
fn merged(target: Option<&Value>, patch: &Value, fields: &[Shape]) -> Value {
    let mut target = target.and_then(Value::as_object).cloned().unwrap_or_default();
    for field in fields {
        match (patch.get(field.name), &field.values) {
            (None, _) => {}
            (Some(Value::Null), _) => drop(target.remove(field.name)),
            (Some(change), Values::Of(_)) => drop(target.insert(field.name.to_owned(), change.clone())),
            (Some(change), Values::Struct(inside)) => {
                let merged = merged(target.get(field.name), change, inside);
                target.insert(field.name.to_owned(), merged);
            }
        }
    }
    Value::Object(target)
}

/// The item of a JSON value as a write makes it; `None` if a struct lacks a field.
fn bag(json: &Value) -> Option<Bag> {
    let mut bag: Bag = serde_json::from_value(json.clone()).ok()?;
    if let Some(home) = &mut bag.home {
        home.city = home.city.trim().to_owned();
    }
    Some(bag)
}

async fn stored(db: &Client) -> Bag {
    Bag::get(db, "b1").consistent_read().await.unwrap()
}

async fn patched(db: &Client, before: &Bag, patch: BagPatch, random: &mut Random) -> Result<Bag, Error> {
    match random.below(4) {
        0 => Bag::update_by_key(db, "b1", patch).await,
        1 => Bag::update_by_key(db, "b1", patch).upsert().await,
        2 if Engine::current().has_transactions() => {
            db.transaction().update::<Bag>("b1", patch).await?;
            Ok(stored(db).await)
        }
        _ => {
            let mut bag = before.clone();
            bag.update(db, patch).await?;
            Ok(bag)
        }
    }
}

#[tokio::test]
async fn a_patch_is_a_merge_patch_and_a_difference_leads_back() {
    if !Engine::current().returns_existing() {
        return;
    }
    let db = db().await;
    let seed = seed(7396);
    let mut random = Random::new(seed);
    let (mut applied, mut refused) = (0, 0);
    for round in 0..rounds(400) {
        let mut json = whole(BAG, &mut random);
        json["id"] = json!("b1");
        let before = bag(&json).unwrap();
        before.save(&db).await.unwrap();
        let change = patch(BAG, &mut random);
        let context = format!("seed {seed}, round {round}: {json} and {change}");
        let typed: BagPatch = serde_json::from_value(change.clone()).unwrap();
        let again = serde_json::from_value::<BagPatch>(serde_json::to_value(&typed).unwrap()).unwrap();
        assert_eq!(again, typed, "{context}");

        let expected = bag(&merged(Some(&serde_json::to_value(&before).unwrap()), &change, BAG));
        match (patched(&db, &before, typed, &mut random).await, expected) {
            (Ok(after), Some(expected)) => {
                assert_eq!(after, expected, "{context}");
                let mut returned = after.clone();
                returned.update(&db, after.changes_to(&before)).await.unwrap();
                assert_eq!(returned, before, "{context}");
                applied += 1;
            }
            (Err(Error::IncompletePatch { .. }), None) => refused += 1,
            (got, expected) => unreachable!("{context}: {got:?} and not {expected:?}"),
        }
        assert_eq!(stored(&db).await, before, "{context}");
    }
    assert!(applied > refused && refused > 9, "{applied} {refused}");
}
