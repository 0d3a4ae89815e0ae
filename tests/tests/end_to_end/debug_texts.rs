//! Debug texts of expressions, operations and errors: structure and attributes, never keys, items or values.

use crate::engine::db;
use dyntastic::expr::{IntoRange, IntoUpdate};
use dyntastic::prelude::*;
use dyntastic::{Condition, Error};
use dyntastic_tests::everything::Everything;
use dyntastic_tests::queries::Entry;
use std::fmt::Debug;

/// What no text may have: as a text, and as a number.
const SECRET: &str = "s3cret";
const NUMBER: u32 = 424_242_424;

#[track_caller]
fn is_silent(what: &impl Debug) -> String {
    let texts = [format!("{what:?}"), format!("{what:#?}")];
    for text in &texts {
        assert!(!text.contains(SECRET), "{text}");
        assert!(!text.contains("424242424") && !text.contains("424_242_424"), "{text}");
    }
    let [text, _] = texts;
    text
}

fn entry() -> Entry {
    Entry::builder().book(SECRET).number(NUMBER).text(SECRET).build().unwrap()
}

#[tokio::test]
async fn expressions_show_structure_and_attributes_alone() {
    let a = Everything::A;
    let conditions: Vec<Condition<Everything>> = vec![
        a.a_string.eq(SECRET),
        a.a_string.ne(SECRET) | !a.a_u32.gt(NUMBER),
        a.a_string.begins_with(SECRET) & a.string_set.contains(SECRET),
        a.a_u32.between(NUMBER, NUMBER),
        a.a_u32.is_in([NUMBER]),
        a.strings.size().gt(NUMBER),
        a.strings.index(0).eq(SECRET),
        a.maybe_string.exists(),
    ];
    for condition in &conditions {
        is_silent(condition);
    }
    assert!(is_silent(&conditions[0]).contains("a_string"));
    is_silent(&a.strings.size());
    is_silent(&a.a_u32.plus(NUMBER));
    is_silent(&(a.a_u32.clone() - NUMBER));
    is_silent(&a.maybe_string.or(SECRET));
    is_silent(&a.strings.followed_by([SECRET]));
    for update in [
        a.a_string.set(SECRET),
        a.maybe_string.set(Some(SECRET.to_owned())),
        a.a_string.set_default(SECRET),
        a.a_u32.add(NUMBER),
        a.a_u32.set(a.a_u32.plus(NUMBER)),
        a.strings.append([SECRET]),
        a.strings.set(a.strings.preceded_by([SECRET])),
        a.string_set.add(SECRET),
        a.string_set.delete([SECRET]),
        a.strings.index(1).set(SECRET),
        (a.a_string.set(SECRET), a.a_u32.add(NUMBER)).into_update(),
    ] {
        is_silent(&update);
    }
    assert!(is_silent(&a.a_string.set(SECRET)).contains("a_string"));
    let range = Entry::A.number.gt(NUMBER);
    is_silent(&range);
    is_silent(&IntoRange::into_range(range));
}

#[tokio::test]
async fn operations_show_neither_keys_nor_items_nor_values() {
    let db = db().await;
    let mut item = entry();
    let key = || (SECRET, NUMBER);
    is_silent(&item.save(&db).condition(Entry::A.text.eq(SECRET)));
    is_silent(&item.insert(&db));
    is_silent(&item.replace(&db).if_matches());
    is_silent(&item.delete(&db).condition(Entry::A.text.eq(SECRET)));
    is_silent(&item.delete(&db).return_old());
    is_silent(&item.delete(&db).if_matches());
    is_silent(&Entry::delete_by_key(&db, key()));
    is_silent(&Entry::get(&db, key()));
    is_silent(&Entry::find(&db, key()));
    is_silent(&item.refresh(&db));
    is_silent(&item.update(&db, Entry::A.text.set(SECRET)).condition(Entry::A.text.eq(SECRET)));
    is_silent(&item.update(&db, Entry::A.text.set(SECRET)).if_matches());
    is_silent(&Entry::update_by_key(&db, key(), Entry::A.text.set(SECRET)).return_old());
    is_silent(&Entry::update_by_key(&db, key(), Entry::A.text.set(SECRET)).if_matches());
    let query = || Entry::query(&db, SECRET).range(Entry::A.number.gt(NUMBER)).filter(Entry::A.text.eq(SECRET));
    is_silent(&query());
    is_silent(&query().cursor(SECRET));
    is_silent(&query().project((Entry::A.text,)));
    is_silent(&query().stream());
    is_silent(&Entry::scan(&db).filter(Entry::A.text.eq(SECRET)));
    is_silent(&Entry::scan(&db).filter(Entry::A.text.eq(SECRET)).segments(2));
    is_silent(&Entry::batch_get(&db, [key()]));
    is_silent(&Entry::batch_get(&db, [key()]).in_order());
    is_silent(&Entry::batch_get(&db, [key()]).project((Entry::A.text,)));
    is_silent(&Entry::batch_get(&db, [key()]).stream());
    is_silent(&db.batch_get().keys::<Entry>([key()]));
    is_silent(&db.batch_write().put(&item).delete::<Entry>(key()));
    is_silent(&Entry::delete_partition(&db, SECRET));
    let mut writer = db.batch_writer();
    writer.put(&item).await.unwrap();
    is_silent(&writer);
    writer.flush().await.unwrap();
    let transaction =
        db.transaction().put(&item).update_if::<Entry>(key(), Entry::A.text.set(SECRET), Entry::A.text.eq(SECRET));
    is_silent(&transaction);
}

#[tokio::test]
async fn errors_show_neither_keys_nor_items_nor_values() {
    let db = db().await;
    let item = entry();
    item.save(&db).await.unwrap();
    let silent = |error: Error| {
        is_silent(&error);
        assert!(!error.to_string().contains(SECRET) && !error.to_string().contains("424242424"), "{error}");
    };
    silent(item.save(&db).condition(Entry::A.text.ne(SECRET)).return_existing().await.unwrap_err());
    silent(item.insert(&db).return_existing().await.unwrap_err());
    silent(Entry::get(&db, (SECRET, 1)).await.unwrap_err());
    silent(Entry::update_by_key(&db, (SECRET, 1), Entry::A.text.set(SECRET)).await.unwrap_err());
    silent(
        Entry::update_by_key(&db, (SECRET, NUMBER), Entry::A.text.set("x"))
            .condition(Entry::A.text.eq("x"))
            .await
            .unwrap_err(),
    );
    silent(Entry::query(&db, SECRET).cursor(SECRET).page().await.unwrap_err());
    let missing = crate::engine::isolated().auto_create(false).from_conf(crate::engine::config().await);
    silent(item.save(&missing).await.unwrap_err());
    silent(missing.batch_write().put(&item).await.unwrap_err());
    let mut writer = missing.batch_writer();
    writer.put(&item).await.unwrap();
    silent(writer.flush().await.unwrap_err());
    let _ = writer.into_batch();
}

#[test]
fn a_builder_shows_no_values() {
    let builder = Entry::builder().book(SECRET).number(NUMBER).text(SECRET);
    assert!(is_silent(&builder).contains("EntryBuilder"));
}
