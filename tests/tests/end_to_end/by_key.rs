//! A shared table without a discriminator, whose models are told apart by their keys.

use crate::engine::{Engine, db, table_name};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::codec::{ReadErrorKind, read_model, write_model};
use dyntastic::prelude::*;
use dyntastic::serde_json::{self, Value, json};
use dyntastic::streams::{Change, Event, Record};
use dyntastic::{Client, Error};
use dyntastic_tests::by_key::{Album, AlbumGsi1, Artist, MusicItem, MusicItemKey, Plays, Song, Works};

fn artist(id: &str, plays: u32) -> Artist {
    Artist::builder().artist(id).name("x").year(1970_u16).plays(plays).build().unwrap()
}

fn album(artist: &str, number: u16, title: &str) -> Album {
    let album = Album::builder().artist(artist).number(number).title(title).genre("jazz").year(1970_u16);
    album.plays(u32::from(number)).build().unwrap()
}

fn song(title: &str, artist: &str) -> Song {
    Song::builder().title(title).artist(artist).genre("jazz").build().unwrap()
}

async fn music() -> Client {
    let db = db().await;
    artist("a", 5).save(&db).await.unwrap();
    artist("b", 1).save(&db).await.unwrap();
    for (number, title) in [(1, "one"), (2, "two"), (9, "nine")] {
        album("a", number, title).save(&db).await.unwrap();
    }
    song("s", "a").save(&db).await.unwrap();
    db
}

/// Puts an item with these attributes, texts all of them.
async fn put(db: &Client, texts: &[(&str, &str)]) {
    let item = texts.iter().map(|(name, text)| ((*name).to_owned(), AttributeValue::S((*text).to_owned()))).collect();
    db.sdk().put_item().table_name(table_name::<Album>(db)).set_item(Some(item)).send().await.unwrap();
}

#[tokio::test]
async fn no_attribute_names_the_model_and_every_operation_finds_its_own() {
    let db = music().await;
    let stored = write_model(&album("a", 1, "one")).unwrap();
    let mut names: Vec<&str> = stored.keys().map(String::as_str).collect();
    names.sort_unstable();
    let expected =
        ["artist", "count", "genre", "gsi1pk", "gsi1sk", "in_year", "number", "pk", "plays", "sk", "title", "year"];
    assert_eq!(names, expected);

    let mut found = album("a", 2, "two");
    found.update(&db, Album::A.title.set("zwei")).await.unwrap();
    assert_eq!(Album::get(&db, ("a", 2_u16)).consistent_read().await.unwrap().title, "zwei");
    assert!(Album::find(&db, ("b", 2_u16)).await.unwrap().is_none());
    assert!(matches!(album("a", 1, "one").insert(&db).await, Err(Error::AlreadyExists(_))));
    if Engine::current().has_transactions() {
        let (one, other) = db.transact_get((Artist::key("a"), Song::key(("s", "a")))).await.unwrap();
        assert_eq!((one, other), (Some(artist("a", 5)), Some(song("s", "a"))));
    }
    assert_eq!(Album::query(&db, "a").count().await.unwrap(), 3);
    let sdk = Album::query(&db, "a").into_inner().unwrap().send().await.unwrap();
    assert_eq!(sdk.count(), 3);
    assert_eq!(Artist::query(&db, "a").all().await.unwrap(), [artist("a", 5)]);
    assert_eq!(Song::scan(&db).all().await.unwrap(), [song("s", "a")]);
    assert_eq!(Artist::scan(&db).count().await.unwrap(), 2);
    assert_eq!(Album::scan(&db).filter(Album::A.plays.ge(2)).count().await.unwrap(), 2);
    Album::delete_partition(&db, "a").await.unwrap();
    assert_eq!(Album::scan(&db).count().await.unwrap(), 0);
    assert_eq!(Artist::scan(&db).count().await.unwrap(), 2);
}

#[tokio::test]
async fn the_tables_enum_and_its_collections_tell_the_models() {
    let db = music().await;
    put(&db, &[("pk", "ARTIST#a"), ("sk", "TOUR#1"), ("artist", "a")]).await;
    let all = MusicItem::query(&db, "ARTIST#a").all().await.unwrap();
    assert_eq!(all[0], album("a", 1, "one").into());
    assert_eq!(all[3], artist("a", 5).into());
    let MusicItem::Unknown(tour) = &all[4] else { unreachable!("{all:?}") };
    assert_eq!(tour.as_map()["sk"], AttributeValue::S("TOUR#1".to_owned()));
    let scanned = MusicItem::scan(&db).all().await.unwrap();
    assert!(scanned.contains(&song("s", "a").into()));
    assert_eq!(scanned.len(), 7);
    let works = Works::query(&db, "a").await.unwrap();
    assert_eq!((works.artist, works.albums.len(), works.others.len()), (Some(artist("a", 5)), 3, 1));
    // Another item's attributes do not matter, only its key.
    assert_eq!(MusicItem::get(&db, MusicItemKey::from(("ARTIST#b", "PROFILE"))).await.unwrap(), artist("b", 1).into());
}

#[tokio::test]
async fn an_index_of_several_models_gives_each_its_own() {
    let db = music().await;
    // Albums and songs of a genre begin differently in the index.
    let albums = Album::query_gsi1(&db, "jazz").all().await.unwrap();
    assert_eq!(albums.len(), 3);
    assert!(albums.contains(&AlbumGsi1 { artist: "a".to_owned(), number: 9, title: "nine".to_owned() }));
    assert_eq!(Song::query_gsi1(&db, "jazz").count().await.unwrap(), 1);
    // Artists and albums of a year are among each other, and only the keys of the table tell them.
    let plays = |albums: Vec<Album>| albums.into_iter().map(|album| album.plays).collect::<Vec<_>>();
    assert_eq!(plays(Album::query_plays(&db, 1970_u16).all().await.unwrap()), [1, 2, 9]);
    assert_eq!(Artist::query_plays(&db, 1970_u16).count().await.unwrap(), 2);
    let page = Album::query_plays(&db, 1970_u16).limit(2).page().await.unwrap();
    let next = Album::query_plays(&db, 1970_u16).limit(2).cursor(page.next).page().await.unwrap();
    assert_eq!((plays(page.items), plays(next.items)), (vec![1, 2], vec![9]));
    assert_eq!(Album::scan_plays(&db).count().await.unwrap(), 3);
    let all = Plays::query(&db, 1970_u16).await.unwrap();
    assert_eq!((all.artists.len(), all.albums.len()), (2, 3));
}

#[tokio::test]
async fn an_odd_key_of_a_model_is_an_error_that_names_the_item() {
    let db = music().await;
    // Another writer has not padded the number.
    let texts = [("pk", "ARTIST#a"), ("sk", "ALBUM#4"), ("artist", "a"), ("title", "four"), ("genre", "jazz")];
    put(&db, &texts).await;
    let is_named = |error: Error| match error {
        Error::Damaged(damaged) => damaged.key()["sk"] == AttributeValue::S("ALBUM#4".to_owned()),
        other => unreachable!("{other:?}"),
    };
    assert!(is_named(Album::query(&db, "a").all().await.unwrap_err()));
    assert!(is_named(Album::scan(&db).all().await.unwrap_err()));
    assert!(is_named(MusicItem::scan(&db).all().await.unwrap_err()));
    assert!(is_named(Works::query(&db, "a").await.unwrap_err()));
}

/// The record of an inserted item.
fn record(item: &Album) -> Record {
    let value = |value: AttributeValue| match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(text) => json!({ "N": text }),
        other => unreachable!("{other:?}"),
    };
    let image: serde_json::Map<String, Value> =
        write_model(item).unwrap().into_iter().map(|(name, of)| (name, value(of))).collect();
    let keys = json!({ "pk": image["pk"], "sk": image["sk"] });
    let change = json!({ "Keys": keys, "NewImage": image, "SequenceNumber": "1", "SizeBytes": 1, "StreamViewType": "NEW_AND_OLD_IMAGES", "ApproximateCreationDateTime": 1.0 });
    let event = json!({ "Records": [{ "eventID": "1", "eventName": "INSERT", "eventVersion": "1.1", "eventSource": "aws:dynamodb", "awsRegion": "eu-west-1", "dynamodb": change }] });
    let event: Event = serde_json::from_value(event).unwrap();
    event.into_records().remove(0).unwrap()
}

#[test]
fn a_record_of_the_stream_is_of_the_model_whose_key_it_has() {
    let one = album("a", 1, "one");
    assert_eq!(record(&one).change::<Album>().unwrap(), Some(Change::Inserted(one.clone())));
    assert_eq!(record(&one).change::<Artist>().unwrap(), None);
    assert_eq!(record(&one).change::<Song>().unwrap(), None);
    assert_eq!(record(&one).change::<MusicItem>().unwrap(), Some(Change::Inserted(one.clone().into())));
    let error = read_model::<Artist>(write_model(&one).unwrap()).unwrap_err();
    assert_eq!(*error.kind(), ReadErrorKind::OtherModel);
}
