//! Writes: the shard of an item in its keys.

use super::*;
use crate::engine::Engine;
use dyntastic::Error;
use dyntastic_tests::shards::{Comment, Discussion, Post, Thread};

#[tokio::test]
async fn items_spread_over_the_shards_and_are_found_by_their_keys() {
    let db = db().await;
    let events = stored(&db, 120).await;
    let shards = values(&db, "pk").await;
    assert_eq!(shards.len(), 16, "{shards:?}");
    assert!(shards.keys().all(|key| key.starts_with("DAY#2026-11-30#")), "{shards:?}");
    let key = |event: &Event| (event.day, event.at, event.event_id.clone());
    for event in &events {
        assert_eq!(Event::get(&db, key(event)).await.unwrap(), *event);
    }
    let mut got = Event::batch_get(&db, events.iter().map(key)).await.unwrap();
    got.sort_by_key(|event| (event.at, event.event_id.clone()));
    assert_eq!(got, events);

    let [mut first, second, third] = [0, 1, 2].map(|number| events[number].clone());
    first.note = "saved".to_owned();
    first.save(&db).await.unwrap();
    Event::update_by_key(&db, key(&second), Event::A.note.set("updated")).await.unwrap();
    Event::delete_by_key(&db, key(&third)).await.unwrap();
    let notes = values(&db, "note").await;
    assert_eq!((notes["saved"], notes["updated"]), (1, 1));
    let error = Event::get(&db, key(&third)).await.unwrap_err();
    assert!(matches!(error, Error::NotFound { .. }), "{error}");
    assert_eq!(values(&db, "pk").await.values().sum::<usize>(), 119);
}

/// As with every index key: it is made of the values that the update leaves.
#[tokio::test]
async fn updates_keep_the_shard_of_an_index_key() {
    let db = db().await;
    let mut one = event(1, "e1");
    one.save(&db).await.unwrap();
    let shard = |keys: &BTreeMap<String, usize>| {
        let [key] = keys.keys().collect::<Vec<_>>()[..] else { panic!("{keys:?}") };
        key.rsplit_once('#').map(|(status, shard)| (status.to_owned(), shard.to_owned())).unwrap()
    };
    let (status, before) = shard(&values(&db, "status_pk").await);
    assert_eq!(status, "STATUS#open");
    one.update(&db, Event::A.status.set("closed")).await.unwrap();
    assert_eq!(shard(&values(&db, "status_pk").await), ("STATUS#closed".to_owned(), before));
    assert_eq!(Event::query_by_status(&db, "closed").all().await.unwrap(), [one.clone()]);
    assert_eq!(Event::query_by_status(&db, "open").count().await.unwrap(), 0);

    // The source and the reviewer choose the shard, and the item has no reviewer yet.
    assert!(values(&db, "review_pk").await.is_empty());
    one.update(&db, Event::A.reviewer.set("ann")).await.unwrap();
    let ann = values(&db, "review_pk").await;
    assert_eq!(Event::query_by_reviewer(&db).all().await.unwrap(), [one.clone()]);
    let mut sources = 0;
    for source in ["mail", "phone", "fax", "post"] {
        one.update(&db, Event::A.source.set(source)).await.unwrap();
        assert_eq!(Event::query_by_reviewer(&db).all().await.unwrap(), [one.clone()]);
        sources += usize::from(values(&db, "review_pk").await != ann);
    }
    assert!(sources > 0, "another source is another shard, for some sources");
    one.update(&db, Event::A.reviewer.remove()).await.unwrap();
    assert!(values(&db, "review_pk").await.is_empty());

    // By key alone, an update knows only what it sets.
    let key = (day(), at(1), "e1");
    let error = Event::update_by_key(&db, key, Event::A.reviewer.set("bob")).await.unwrap_err();
    assert!(error.to_string().contains("does not set source"), "{error}");
    let both = (Event::A.reviewer.set("bob"), Event::A.source.set("web"));
    Event::update_by_key(&db, key, both).await.unwrap();
    one.refresh(&db).await.unwrap();
    assert_eq!(Event::query_by_reviewer(&db).all().await.unwrap(), [one]);
    // An upsert makes the shards of a new item.
    let set = (Event::A.source.set("web"), Event::A.severity.set(3), Event::A.reviewer.set("zoe"));
    let new = Event::update_by_key(&db, (day(), at(2), "e2"), set).upsert().await.unwrap();
    assert_eq!(Event::get(&db, (day(), at(2), "e2")).await.unwrap(), new);
    assert_eq!(Event::query_by_status(&db, "open").all().await.unwrap(), [new]);
}

#[tokio::test]
async fn a_collection_reads_all_shards() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    let thread = Thread { thread_id: "t".to_owned(), title: "Shards".to_owned() };
    let post = |number: u32| {
        let post = Post::builder().thread_id("t").number(number).slug(format!("slug{number}"));
        post.body("text").build().unwrap()
    };
    let comment = |number: u32, author: &str| Comment {
        thread_id: "t".to_owned(),
        number,
        at: at(number.into()),
        author: author.to_owned(),
        body: "text".to_owned(),
    };
    thread.save(&db).await.unwrap();
    let mut posts: Vec<Post> = (1..=9).map(post).collect();
    for post in &mut posts {
        post.save(&db).await.unwrap();
    }
    let comments: Vec<Comment> =
        (1..=9).flat_map(|number| ["ann", "bob"].map(|author| comment(number, author))).collect();
    db.batch_write().put_all(&comments).await.unwrap();

    let found: Discussion = Discussion::query(&db, "t").await.unwrap();
    assert_eq!((found.thread, found.posts, found.comments), (Some(thread), posts.clone(), comments));
    assert!(found.others.is_empty());
    // A unique value is so in all shards.
    post(10).save(&db).await.unwrap();
    let mut again = post(1);
    again.number = 11;
    let taken = again.save(&db).await.unwrap_err();
    assert!(matches!(taken, Error::NotUnique { .. }), "{taken}");
    // Moving an item moves it to the shard of its new key.
    let mut moved = posts[0].clone();
    moved.number = 20;
    Post::rekey(&db, ("t", 1), &mut moved).await.unwrap();
    assert_eq!(Post::get(&db, ("t", 20)).await.unwrap().slug, "slug1");
    assert_eq!(Discussion::query(&db, "t").await.unwrap().posts.len(), 10);
}

/// Items that were written with another number of shards are found by scans, and a migration moves them.
#[tokio::test]
async fn a_migration_moves_items_into_their_shards() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    let events = stored(&db, 30).await;
    let table = table_name::<Event>(&db);
    let mut pages = db.sdk().scan().table_name(&table).into_paginator().items().send();
    let mut items = Vec::new();
    while let Some(item) = pages.try_next().await.unwrap() {
        items.push(item);
    }
    for mut item in items {
        let old = item.clone();
        let key = old["pk"].as_s().unwrap();
        let (before, shard) = key.rsplit_once('#').unwrap();
        let shard: u16 = shard.parse().unwrap();
        item.insert("pk".to_owned(), AttributeValue::S(format!("{before}#{}", shard + 16)));
        db.sdk().put_item().table_name(&table).set_item(Some(item)).send().await.unwrap();
        let key = ["pk", "sk"].map(|name| (name.to_owned(), old[name].clone()));
        db.sdk().delete_item().table_name(&table).set_key(Some(key.into())).send().await.unwrap();
    }
    assert_eq!(Event::query(&db, day()).count().await.unwrap(), 0);
    // A reader that takes them for items of their keys would write them twice.
    assert!(Event::scan(&db).all().await.is_err());
    let done = dyntastic::migrate::<Event>(&db, "shards").progress_table("progress").await.unwrap();
    assert_eq!((done.counts.rekeyed, done.counts.unmigrated), (30, 0), "{done:?}");
    assert_eq!(Event::query(&db, day()).all().await.unwrap(), events);
}

#[tokio::test]
async fn a_partition_is_deleted_in_all_shards() {
    let db = db().await;
    stored(&db, 60).await;
    let mut other = event(1, "other");
    other.day = day() + TimeDelta::days(1);
    other.save(&db).await.unwrap();
    assert_eq!(Event::delete_partition(&db, day()).await.unwrap(), 60);
    assert_eq!(Event::scan(&db).all().await.unwrap(), [other]);
}

#[tokio::test]
async fn bulk_writes_reach_all_shards_of_a_table_and_of_an_index() {
    let db = db().await;
    stored(&db, 60).await;
    // The shard of an index key is that of the item's fields.
    let severe = || Event::A.severity.ge(4);
    let report =
        Event::query(&db, day()).page_size(4).update_where(severe(), Event::A.status.set("seen")).await.unwrap();
    let seen = Event::query_by_status(&db, "seen").all().await.unwrap();
    assert!(report.counts.written > 20 && report.counts.skipped == 0, "{report:?}");
    assert_eq!(seen.len() as u64, report.counts.written);
    let half = Event::query_by_status(&db, "seen").delete_where(Event::A.severity.eq(5)).await.unwrap();
    assert!(half.counts.written > 5 && half.counts.skipped == 0, "{half:?}");
    assert!(seen.len() as u64 == half.counts.written + Event::query_by_status(&db, "seen").count().await.unwrap());
    // A state holds the place in each shard.
    let resumed = Event::query_by_status(&db, "seen").delete_where(Event::A.severity.eq(6)).resume(half.state);
    assert_eq!(resumed.await.unwrap().counts.matched, 0);
}
