//! Calls of each operation that need each of its rights.

use super::Trial;
use crate::engine::table_name;
use crate::round_trip::attributes;
use dyntastic::prelude::*;
use dyntastic::serde_json::{Value, json};
use dyntastic::{Client, Patch, tables};
use dyntastic_tests::inputs::{Fixed, FixedPatch};
use dyntastic_tests::queries::{Entry, EntryByNote};
use dyntastic_tests::roles::{self, Session as Visit};
use dyntastic_tests::schema_versions::{Account, Post, Tag};
use dyntastic_tests::shards::{Discussion, Event, Thread};
use dyntastic_tests::shop::{ByStatus, CustomerFile, Order, Settings, Status};
use dyntastic_tests::unique::Person;

macro_rules! trials {
    ($($case:literal, $service:literal, |$all:ident, $own:ident| $run:block)+) => {
        pub const ALL: &[Trial] = &[
            $(Trial {
                case: $case,
                service: $service,
                run: |$all, $own| Box::pin(async move { $run }),
            },)+
        ];
    };
}

trials! {
    "queries", "models: { Entry: [get] }", |all, own| {
        let mut entry = entry(&all).await;
        Entry::get(&own, ("b", 1)).await?;
        entry.refresh(&own).await?;
        own.transact_get((Entry::key(("b", 1)), Entry::key(("b", 2)))).await.map(drop)
    }
    "queries", "models: { Entry: [batch_get] }", |all, own| {
        entry(&all).await;
        Entry::batch_get(&own, [("b", 1), ("b", 2)]).await.map(drop)
    }
    "queries", "models: { Entry: [query, from_number] }", |all, own| {
        entry(&all).await;
        Entry::query(&own, "b").filter(Entry::A.text.eq("x")).all().await?;
        Entry::from_number(&own, "b", 1_u32).all().await.map(drop)
    }
    "queries", "models: { Entry: [query_by_note, noted_within] }", |all, own| {
        entry(&all).await;
        Entry::query_by_note(&own, "n").all().await?;
        Entry::noted_within(&own, "n", 1_u16, 2_u16).all().await.map(drop)
    }
    "queries", "models: { Entry: [scan, scan_by_note] }", |all, own| {
        entry(&all).await;
        Entry::scan(&own).all().await?;
        Entry::scan_by_note(&own).all().await.map(drop)
    }
    "queries", "models: { Entry: [query_by_note, batch_get] }", |all, own| {
        entry(&all).await;
        Entry::query_by_note(&own, "n").full().all().await.map(drop)
    }
    "queries", "models: { Entry: [save] }", |all, own| {
        entry(&all).await.save(&own).await
    }
    "queries", "models: { Entry: [insert, replace] }", |all, own| {
        let mut entry = entry(&all).await;
        entry.replace(&own).await?;
        entry.number = 2;
        entry.insert(&own).await
    }
    "queries", "models: { Entry: [update] }", |all, own| {
        let mut entry = entry(&all).await;
        entry.update(&own, Entry::A.text.set("y")).await?;
        // The sum of two stored numbers is checked on the item.
        entry.update(&own, Entry::A.length.set(Entry::A.length.plus(Entry::A.length))).await
    }
    "inputs", "models: { Fixed: [update] }", |all, own| {
        Fixed::builder().id("a").build()?.save(&all).await?;
        let changes = FixedPatch { text: Patch::Set("x".to_owned()) };
        Fixed::update_by_key(&own, "a", changes).await?;
        Fixed::update_by_key(&own, "a", FixedPatch::default()).await?;
        own.transaction().update::<Fixed>("a", FixedPatch::default()).await
    }
    "queries", "models: { Entry: [delete] }", |all, own| {
        entry(&all).await.delete(&own).await.map(drop)
    }
    "queries", "models: { Entry: [check] }", |all, own| {
        entry(&all).await;
        own.transaction().check_exists::<Entry>(("b", 1)).await.map(drop)
    }
    "queries", "models: { Entry: [rekey] }", |all, own| {
        let mut entry = entry(&all).await;
        entry.number = 2;
        Entry::rekey(&own, ("b", 1), &entry).await
    }
    "queries", "models: { Entry: [batch_write] }", |all, own| {
        let entry = entry(&all).await;
        own.batch_write().put_all([&entry]).delete::<Entry>(("b", 2)).await.map(drop)
    }
    "queries", "models: { Entry: [delete_partition] }", |all, own| {
        entry(&all).await;
        Entry::delete_partition(&own, "b").await.map(drop)
    }
    "queries", "models: { Entry: [create_table] }", |_all, own| {
        Entry::create_table(&own).await?;
        Entry::table_exists(&own).await.map(drop)
    }
    "queries", "models: { Entry: [delete_table] }", |all, own| {
        entry(&all).await;
        Entry::delete_table(&own).await
    }
    "queries", "models: { Entry: [insert] }, auto_create: true", |_all, own| {
        Entry::builder().book("b").number(1_u32).build()?.insert(&own).await
    }
    "queries", "models: { Entry: { operations: [batch_get, query_by_note, update], fields: [text, note, length] } }", |all, own| {
        let entry = entry(&all).await;
        let texts = Entry::batch_get(&own, [("b", 1)]).project((Entry::A.text, Entry::A.note)).await?;
        assert_eq!(texts.len(), 1);
        Entry::query_by_note(&own, "n").project((EntryByNote::A.length,)).all().await?;
        entry.update_without_refresh(&own, Entry::A.text.set("y")).await
    }
    "shards", "models: { Event: [query, query_by_reviewer] }", |all, own| {
        let event = event(&all).await;
        assert_eq!(Event::query(&own, event.day).all().await?.len(), 1);
        assert_eq!(Event::query_by_reviewer(&own).all().await?.len(), 1);
        Ok(())
    }
    "shards", "models: { Event: { operations: [update], fields: [source, reviewer, severity, status, at] } }", |all, own| {
        let event = event(&all).await;
        event.update_without_refresh(&own, (Event::A.reviewer.set("eve"), Event::A.source.set("web"))).await
    }
    "shards", "collections: [Discussion]", |all, own| {
        Thread::builder().thread_id("t").title("T").build()?.save(&all).await?;
        assert!(Discussion::query(&own, "t").await?.thread.is_some());
        Ok(())
    }
    "roles", "models: { Session: [create_table] }", |_all, own| {
        Visit::create_table(&own).await
    }
    "roles", "ensure_tables: true", |all, own| {
        tables::ensure(&own, roles::TABLES).await?;
        let changed = [roles::Page::TABLE.provisioned(1, 1), Visit::TABLE.indexes(&[])];
        let index = format!("{}/user_seen-index", table_name::<Visit>(&all));
        let left = tables::plan(&all, &changed).await?.apply().allow_deletion(index).await?;
        assert!(left.is_empty(), "{left}");
        tables::ensure(&own, roles::TABLES).await
    }
    // Keys of one table that begin with a text.
    "shop", "models: { Order: read }, collections: [ByStatus]", |all, own| {
        let order = order(&all).await;
        Order::get(&own, &order).await?;
        Order::batch_get(&own, [&order]).await?;
        Order::query(&own, "c1").all().await?;
        Order::scan(&own).all().await?;
        Order::query_gsi1(&own, Status::Pending).all().await?;
        Order::scan_gsi1(&own).all().await?;
        Order::query_inverted(&own, order.placed_at, "o1").all().await?;
        Order::scan_inverted(&own).all().await?;
        Order::query_lsi1(&own, "c1").all().await?;
        Order::scan_lsi1(&own).all().await?;
        ByStatus::query(&own, Status::Pending).await.map(drop)
    }
    "shop", "collections: [CustomerFile]", |all, own| {
        order(&all).await;
        CustomerFile::query(&own, "c1").await.map(drop)
    }
    "shop", "models: { Settings: [get, insert], Order: [insert] }", |all, own| {
        let order = order(&all).await;
        order.delete(&all).await?;
        order.clone().insert(&own).await?;
        let settings = Settings { motto: "x".to_owned() };
        settings.insert(&own).await?;
        Settings::get(&own, ()).await.map(drop)
    }
    // Unique fields, with a guard that belongs to another item.
    "unique", "models: { Person: [insert] }", |all, own| {
        Person::create_table(&all).await?;
        Person::builder().id("ada").email("a@x".to_owned()).build()?.insert(&own).await
    }
    "unique", "models: { Person: [save] }", |all, own| {
        let mut person = contested(&all).await;
        person.email = Some("new@x".to_owned());
        person.save(&own).await?;
        person.email = Some("newer@x".to_owned());
        person.save(&own).await
    }
    "unique", "models: { Person: [replace] }", |all, own| {
        let mut person = contested(&all).await;
        person.email = Some("new@x".to_owned());
        person.replace(&own).await?;
        person.email = None;
        person.replace(&own).await
    }
    "unique", "models: { Person: [update] }", |all, own| {
        let mut person = contested(&all).await;
        person.update(&own, Person::A.visits.add(1)).await?;
        person.update(&own, Person::A.email.set("new@x")).await?;
        person.update(&own, Person::A.email.set("newer@x")).await
    }
    "unique", "models: { Person: [delete] }", |all, own| {
        let mut person = contested(&all).await;
        person.delete(&own).await?;
        person.email = Some("own@x".to_owned());
        person.save(&all).await?;
        person.delete(&own).await.map(drop)
    }
    "unique", "models: { Person: [rekey] }", |all, own| {
        let mut person = contested(&all).await;
        person.id = "eve".to_owned();
        person.email = Some("new@x".to_owned());
        Person::rekey(&own, "ada", &person).await?;
        person.id = "zoe".to_owned();
        person.email = None;
        Person::rekey(&own, "eve", &person).await
    }
    // Items of earlier schema versions.
    "schema_versions", "models: { Account: [update, delete, check] }", |all, own| {
        Account::create_table(&all).await?;
        for id in ["a", "b", "c"] {
            put::<Account>(&all, &account(id)).await;
        }
        Account::update_by_key(&own, "a", Account::A.visits.set(Account::A.visits.plus(Account::A.owner_id))).await?;
        own.transaction().check::<Account>("b", Account::A.name.eq("Ada")).await?;
        Account::delete_by_key(&own, "c").condition(Account::A.name.eq("Ada")).await.map(drop)
    }
    "schema_versions", "models: { Account: [check] }", |all, own| {
        Account::create_table(&all).await?;
        put::<Account>(&all, &account("b")).await;
        own.transaction().check::<Account>("b", Account::A.name.eq("Ada")).await.map(drop)
    }
    "schema_versions", "models: { Account: [delete] }", |all, own| {
        Account::create_table(&all).await?;
        put::<Account>(&all, &account("c")).await;
        Account::delete_by_key(&own, "c").condition(Account::A.name.eq("Ada")).await.map(drop)
    }
    "schema_versions", "models: { Tag: [update] }", |all, own| {
        Tag::builder().tag("a").color("red").build()?.save(&all).await?;
        Tag::update_by_key(&own, "a", Tag::A.color.set("blue")).await.map(drop)
    }
    "schema_versions", "models: { Post: [check] }", |all, own| {
        Post::create_table(&all).await?;
        put::<Post>(&all, &post()).await;
        own.transaction().check::<Post>("1", Post::A.author.eq("ada")).await.map(drop)
    }
    "unique", "models: { Person: [migrate] }", |all, own| {
        contested(&all).await;
        Person::builder().id("cid").email("c@x".to_owned()).build()?.insert(&all).await?;
        let change = |person: &mut Person| match person.id.as_str() {
            "ada" => (person.id, person.email) = ("eve".to_owned(), Some("e@x".to_owned())),
            "cid" => person.email = Some("d@x".to_owned()),
            _ => {}
        };
        dyntastic::migrate::<Person>(&own, "m").change(change).await.map(drop)
    }
}

/// An entry that is there.
async fn entry(all: &Client) -> Entry {
    let entry = Entry::builder().book("b").number(1_u32).text("x").note("n".to_owned()).build().unwrap();
    entry.save(all).await.unwrap();
    entry
}

/// An event that is there.
async fn event(all: &Client) -> Event {
    let at = dyntastic::chrono::DateTime::from_timestamp(0, 0).unwrap();
    let event = Event::builder().day(at.date_naive()).at(at).event_id("e").source("app").severity(1_u8);
    let event = event.reviewer("ada".to_owned()).build().unwrap();
    event.save(all).await.unwrap();
    event
}

/// An order that is there.
async fn order(all: &Client) -> Order {
    let mut order = Order::builder()
        .customer_id("c1")
        .order_id("o1")
        .placed_at(dyntastic::chrono::DateTime::from_timestamp(0, 0).unwrap())
        .build()
        .unwrap();
    order.save(all).await.unwrap();
    order
}

/// A person that is there, and whose address is that of another one by its guard.
async fn contested(all: &Client) -> Person {
    Person::builder().id("bob").email("a@x".to_owned()).build().unwrap().insert(all).await.unwrap();
    put::<Person>(
        all,
        &json!({
            "pk": {"S": "PERSON#ada"}, "sk": {"S": "PERSON"}, "kind": {"S": "Person"}, "id": {"S": "ada"},
            "email": {"S": "a@x"}, "visits": {"N": "0"},
        }),
    )
    .await;
    Person::get(all, "ada").consistent_read().await.unwrap()
}

/// An account of version 1.
fn account(id: &str) -> Value {
    json!({
        "id": {"S": id}, "fullName": {"S": "Ada"}, "mail": {"S": "ada@x.org"}, "owner": {"S": "USER#7"},
        "active": {"N": "1"}, "labels": {"SS": ["a"]}, "note": {"S": "hi"},
    })
}

fn post() -> Value {
    json!({
        "pk": {"S": "POST#1"}, "sk": {"S": "POST"}, "kind": {"S": "Post"}, "post_id": {"S": "1"},
        "writer": {"S": "ada"}, "slug": {"S": "s"}, "title": {"S": "T"}, "likes": {"N": "3"},
        "version": {"N": "4"}, "updated_at": {"S": "2026-01-01T00:00:00.000000Z"}, "v": {"N": "2"},
    })
}

async fn put<M: Model>(all: &Client, item: &Value) {
    let request = all.sdk().put_item().table_name(table_name::<M>(all)).set_item(Some(attributes(item)));
    request.send().await.unwrap();
}
