//! What is stored, and every operation that writes or reads it.

use super::*;
use crate::canned::{self, error};
use crate::engine::Engine;
use dyntastic::aws_sdk_dynamodb::primitives::Blob;
use dyntastic::codec::{ReadErrorKind, SealedCause, WriteErrorKind};
use dyntastic::{Error, Item, Patch};
use dyntastic_tests::seals::{
    AsBoth, AsBothSince, AsCompressed, AsEncrypted, AsEncryptedSince, AsItIs, AsOtherKey, CardPapers, CardPatch, Level,
    SecretPatch,
};
use futures_util::TryStreamExt;

#[tokio::test]
async fn every_write_of_an_item_seals_it_and_every_read_opens_it() {
    let db = db().await;
    let (mut saved, mut inserted) = (secret(1), secret(2));
    saved.photo = Some(vec![7; 380_000].into());
    saved.save(&db).await.unwrap();
    inserted.insert(&db).await.unwrap();
    saved.replace(&db).await.unwrap();
    for number in [1, 2] {
        assert_sealed(&stored_secret(&db, number).await);
    }
    assert!(stored_secret(&db, 1).await["log"].as_b().unwrap().as_ref().len() < 200, "it is compressed");

    let key = |number: u32| ("o", Decimal::from(number));
    assert_eq!(Secret::get(&db, key(1)).await.unwrap(), saved);
    let all = [saved.clone(), inserted.clone()];
    let queried: Vec<Secret> = Secret::query(&db, "o").stream().try_collect().await.unwrap();
    assert_eq!(queried, all);
    assert_eq!(Secret::query_by_level(&db, Level::Low).full().all().await.unwrap().len(), 2);
    assert_eq!(Secret::scan(&db).all().await.unwrap().len(), 2);
    let mut got = Secret::batch_get(&db, [key(1), key(2)]).await.unwrap();
    got.sort_by_key(|secret| secret.number);
    assert_eq!(got, all);
    saved.refresh(&db).await.unwrap();
    assert_eq!(saved, all[0]);
    let deleted = saved.delete(&db).return_old().await.unwrap();
    assert_eq!(deleted, Some(saved));
}

#[tokio::test]
async fn the_same_value_is_stored_in_another_form_each_time() {
    let db = db().await;
    let mut one = secret(1);
    one.save(&db).await.unwrap();
    let first = stored_secret(&db, 1).await;
    one.save(&db).await.unwrap();
    let second = stored_secret(&db, 1).await;
    for name in ["password", "pin", "tags", "words"] {
        assert_ne!(first[name], second[name], "{name}");
    }
    assert_eq!(first["log"], second["log"], "a compressed value has one form");
}

#[tokio::test]
async fn batches_and_transactions_seal() {
    if !Engine::current().has_time_to_live() {
        return;
    }
    let db = db().await;
    let (line, paper) = (line("l"), paper("p"));
    db.batch_write().put(&line).put(&paper).await.unwrap();
    assert_eq!(Line::get(&db, "l").await.unwrap(), line);
    let item = stored::<Line>(&db, &[("id", text("l"))]).await;
    assert!(is_sealed(&item["text"]) && is_sealed(&item["data"]));
    let found = Paper::get(&db, ("c", "p")).await.unwrap();
    assert_eq!((found.body.as_str(), found.pages), ("hunter2", 3));
    if !Engine::current().has_transactions() {
        return;
    }
    let (mut one, card) = (secret(1), card(7));
    db.transaction().put(&mut one).insert(&card).await.unwrap();
    assert_sealed(&stored_secret(&db, 1).await);
    let items = db.sdk().scan().table_name(table_name::<Card>(&db)).send().await.unwrap().items.unwrap();
    let item = items.into_iter().find(|item| item.contains_key("digits")).unwrap();
    assert!(is_sealed(&item["digits"]) && is_sealed(&item["text"]) && is_sealed(&item["home"]));
    assert!(!has(&item, "4711") && !has(&item, "Secret Street"));
    let (found, read) = db.transact_get((Secret::key(("o", Decimal::ONE)), Card::key(("c", 7)))).await.unwrap();
    assert_eq!((found.unwrap(), read.unwrap()), (one.clone(), card.clone()));

    // Updates in a transaction.
    db.transaction()
        .update::<Secret>(("o", Decimal::ONE), (Secret::A.password.set("hunter22"), Secret::A.note.remove()))
        .update(Card::key(("c", 7)), Card::A.home.set(Address { street: "Secret Street".into(), city: "Y".into() }))
        .await
        .unwrap();
    assert_sealed(&stored_secret(&db, 1).await);
    assert_eq!(Secret::get(&db, ("o", Decimal::ONE)).await.unwrap().password.as_deref(), Some("hunter22"));
    assert_eq!(Card::get(&db, ("c", 7)).await.unwrap().home.unwrap().city, "Y");

    // Encrypted values differ from call to call, which a token forbids.
    let error = db.transaction().put(&super::paper("p")).token("once").await.unwrap_err();
    assert!(error.to_string().contains("encrypted values, which differ from call to call"), "{error}");

    // Moving an item to another key binds its values to that key.
    let mut moved = card.clone();
    moved.number = 8;
    Card::rekey(&db, ("c", 7), &moved).await.unwrap();
    assert_eq!(Card::get(&db, ("c", 8)).await.unwrap(), moved);
}

#[tokio::test]
async fn updates_and_patches_seal_what_they_set() {
    let db = db().await;
    let mut one = secret(1);
    one.save(&db).await.unwrap();
    one.update(&db, (Secret::A.pin.set(47_u32), Secret::A.password.set(Some("4711 hunter2".to_owned()))))
        .await
        .unwrap();
    assert_eq!((one.pin, one.password.as_deref()), (47, Some("4711 hunter2")));
    assert_sealed(&stored_secret(&db, 1).await);
    let street = "Secret Street 2".to_owned();
    let patch = SecretPatch {
        home: Some(Address { street, city: "Z".to_owned() }),
        note: Patch::Remove,
        ..SecretPatch::default()
    };
    one.update(&db, patch).await.unwrap();
    assert_eq!((one.home.city.as_str(), &one.note), ("Z", &None));
    assert_sealed(&stored_secret(&db, 1).await);
    // The rules of the schema hold for what is sealed.
    let error = one.update(&db, Secret::A.pin.set(10_000_u32)).await.unwrap_err();
    assert!(matches!(&error, Error::Invalid(_)) && error.to_string().contains("pin"), "{error}");
    one.update(&db, Secret::A.password.set("  trimmed  ")).await.unwrap();
    assert_eq!(one.password.as_deref(), Some("trimmed"));

    // What exists is known, and conditions on other fields hold.
    one.update(&db, Secret::A.title.set("u")).condition(Secret::A.password.exists()).await.unwrap();
    if Engine::current().returns_existing() {
        let failed = one.update(&db, Secret::A.title.set("v")).condition(Secret::A.note.exists()).return_existing();
        let Error::ConditionFailed(failed) = failed.await.unwrap_err() else { panic!() };
        assert_eq!(failed.existing::<Secret>().unwrap(), Some(one.clone()));
    }
    // A new item has the sealed defaults.
    let key = || ("o", Decimal::from(9));
    let home = Address { street: "Secret Street".to_owned(), city: "X".to_owned() };
    let set = (Secret::A.pin.set(4711_u32), Secret::A.home.set(home), Secret::A.title.set("t"));
    let set = (set, Secret::A.extra.set(json!("hunter2")));
    let made = Secret::update_by_key(&db, key(), set).upsert().await.unwrap();
    assert_sealed(&stored_secret(&db, 9).await);
    assert_eq!(Secret::get(&db, key()).await.unwrap(), made);
}

#[tokio::test]
async fn items_of_several_models_are_opened_each_in_its_way() {
    if !Engine::current().has_time_to_live() {
        return;
    }
    let db = db().await;
    db.batch_write().put(&paper("p")).put(&paper("q")).await.unwrap();
    card(1).save(&db).await.unwrap();
    let papers: CardPapers = CardPapers::query(&db, "c").await.unwrap();
    assert_eq!((papers.cards, papers.papers.len()), (vec![card(1)], 2));
    assert_eq!(Card::query_by_owner(&db, "o").full().all().await.unwrap(), [card(1)]);
}

#[tokio::test]
async fn a_value_opens_only_where_it_was_sealed() {
    let db = db().await;
    secret(1).save(&db).await.unwrap();
    let mut other = secret(2);
    other.password = Some("other".to_owned());
    other.save(&db).await.unwrap();
    let (one, two) = (stored_secret(&db, 1).await, stored_secret(&db, 2).await);
    let cause_of = async |item: AttributeMap| {
        put::<Secret>(&db, item).await;
        let Err(Error::Read(error)) = Secret::get(&db, ("o", Decimal::ONE)).await else { panic!("it was read") };
        let ReadErrorKind::Sealed { cause, .. } = *error.kind() else { panic!("{error}") };
        for plain in PLAIN {
            assert!(!error.to_string().contains(plain), "{error}");
        }
        (error.path().to_string(), cause)
    };
    let with = |name: &str, value: AttributeValue| {
        let mut item = one.clone();
        item.insert(name.to_owned(), value);
        item
    };
    let password = ("password".to_owned(), SealedCause::NotAuthentic);
    // From another item, from another attribute.
    assert_eq!(cause_of(with("password", two["password"].clone())).await, password);
    assert_eq!(cause_of(with("password", one["photo"].clone())).await, password);
    // Changed, cut, of another program.
    for (change, cause) in [(-1, SealedCause::NotAuthentic), (0, SealedCause::Malformed)] {
        let mut value = bytes(&one["password"]);
        match change {
            0 => value.truncate(20),
            _ => *value.last_mut().unwrap() ^= 1,
        }
        let changed = AttributeValue::B(Blob::new(value));
        assert_eq!(cause_of(with("password", changed)).await, ("password".to_owned(), cause));
    }
    // Not encrypted, which only `unencrypted: read` takes.
    let not_encrypted = ("password".to_owned(), SealedCause::NotEncrypted);
    assert_eq!(cause_of(with("password", text("plain"))).await, not_encrypted);
    assert_eq!(cause_of(with("password", AttributeValue::Null(true))).await, not_encrypted);
    put::<Secret>(&db, with("report", text("a report from before"))).await;
    let read = Secret::get(&db, ("o", Decimal::ONE)).await.unwrap();
    assert_eq!(read.report.as_deref(), Some("a report from before"));
}

#[tokio::test]
async fn keys_that_a_client_lacks_are_named() {
    let db = db().await;
    secret(1).save(&db).await.unwrap();
    let table = table_name::<Secret>(&db);
    let without = Client::builder().table_names(move |_| table.clone()).from_conf(crate::engine::config().await);
    let error = Secret::get(&without, ("o", Decimal::ONE)).await.unwrap_err();
    assert!(error.to_string().contains("password: there is no encryption key `personal`"), "{error}");
    let Err(Error::Write(error)) = secret(1).save(&without).await else { panic!() };
    assert!(matches!(error.kind(), WriteErrorKind::NotEncrypted { .. }), "{error}");
    assert!(error.to_string().contains("encryption_key(\"personal\", …)"), "{error}");
    let error = Secret::update_by_key(&without, ("o", Decimal::ONE), Secret::A.pin.set(1_u32)).await.unwrap_err();
    assert!(error.to_string().contains("`personal`"), "{error}");
    assert_sealed(&stored_secret(&db, 1).await);
    // Fields of other items need no key, and what is not read is not opened.
    let found = Secret::query_by_title(&without, "t").all().await.unwrap();
    assert_eq!(found.len(), 1);
    // An item that is read or written without a client has no keys.
    let error = dyntastic::codec::write_model(&secret(1)).unwrap_err();
    assert!(matches!(error.kind(), WriteErrorKind::NotEncrypted { .. }), "{error}");
    let error = dyntastic::codec::read_model::<Secret>(stored_secret(&db, 1).await).unwrap_err();
    assert!(matches!(error.kind(), ReadErrorKind::Sealed { cause: SealedCause::NoKey, .. }), "{error}");
}

#[tokio::test]
async fn a_field_becomes_encrypted_while_items_of_before_are_read() {
    let db = db().await;
    let plain = AsItIs { id: "a".to_owned(), value: "hunter2".to_owned() };
    plain.save(&db).await.unwrap();
    assert!(AsEncrypted::get(&db, "a").await.is_err());
    assert_eq!(AsEncryptedSince::get(&db, "a").await.unwrap().value, "hunter2");
    assert_eq!(AsBothSince::get(&db, "a").await.unwrap().value, "hunter2");
    assert_eq!(AsCompressed::get(&db, "a").await.unwrap().value, "hunter2", "compression protects nothing");
    let done = dyntastic::migrate::<AsEncryptedSince>(&db, "encrypt").progress_table("progress").await.unwrap();
    assert_eq!(done.counts.written, 1, "{done:?}");
    assert!(!has(&stored::<AsItIs>(&db, &[("id", text("a"))]).await, "hunter2"));
    assert_eq!(AsEncrypted::get(&db, "a").await.unwrap().value, "hunter2");
    let again = dyntastic::migrate::<AsEncryptedSince>(&db, "again").progress_table("progress").await.unwrap();
    assert_eq!((again.counts.written, again.counts.unchanged), (0, 1), "{again:?}");
    let error = AsOtherKey::get(&db, "a").await.unwrap_err();
    assert!(error.to_string().contains("with the key `personal`, not `medical`"), "{error}");
    assert!(AsItIs::get(&db, "a").await.is_err() && AsCompressed::get(&db, "a").await.is_err());
    let both = AsBoth { id: "b".to_owned(), value: "hunter2 ".repeat(40_000) };
    both.save(&db).await.unwrap();
    assert_eq!(AsBoth::get(&db, "b").await.unwrap(), both, "a value larger than an item is stored compressed");
}

#[tokio::test]
async fn old_versions_are_opened_before_they_are_upgraded() {
    if !Engine::current().has_time_to_live() {
        return;
    }
    let db = db().await;
    db.batch_write().put(&paper("p")).await.unwrap();
    let mut item = stored::<Paper>(&db, &[("pk", text("CARD#c")), ("sk", text("PAPER#p"))]).await;
    item.remove("v");
    item.remove("body");
    item.remove("pages");
    let title = item.remove("title").unwrap();
    item.extend([
        ("heading".to_owned(), title),
        ("content".to_owned(), text("old body")),
        ("kept".to_owned(), text("k")),
    ]);
    put::<Paper>(&db, item).await;
    let read = Paper::get(&db, ("c", "p")).await.unwrap();
    assert_eq!((read.title.as_str(), read.body.as_str(), read.pages), ("t", "old body", 1));
    // An update upgrades the stored item, sealed.
    Paper::update_by_key(&db, ("c", "p"), Paper::A.title.set("u")).condition(Paper::A.title.eq("t")).await.unwrap();
    let item = stored::<Paper>(&db, &[("pk", text("CARD#c")), ("sk", text("PAPER#p"))]).await;
    assert!(is_sealed(&item["body"]) && is_sealed(&item["pages"]) && item.contains_key("kept"));
    assert_eq!(Paper::get(&db, ("c", "p")).await.unwrap().body, "old body");
}

#[tokio::test]
async fn requests_of_ones_own_are_sealed_too() {
    let db = db().await;
    let item = line("a");
    Line::create_table(&db).await.unwrap();
    item.save(&db).into_inner().unwrap().send().await.unwrap();
    assert_eq!(Line::get(&db, "a").await.unwrap(), item);
    let mut one = secret(1);
    one.save(&db).await.unwrap();
    let update = Secret::update_by_key(&db, ("o", Decimal::ONE), Secret::A.password.set("hunter23"));
    update.into_inner().unwrap().send().await.unwrap();
    assert_sealed(&stored_secret(&db, 1).await);
    assert_eq!(Secret::get(&db, ("o", Decimal::ONE)).await.unwrap().password.as_deref(), Some("hunter23"));
}

#[test]
fn debug_texts_have_no_encrypted_values() {
    let mut secret = secret(1);
    // The time of now may have any digits.
    secret.updated_at = dyntastic::jiff::Timestamp::UNIX_EPOCH;
    let shown = format!(
        "{:?} {:?} {:?}",
        secret,
        card(1),
        CardPatch { digits: Patch::Set("4711".into()), ..CardPatch::default() }
    );
    for plain in ["hunter2", "4711", "Secret Street"] {
        assert!(!shown.contains(plain), "{shown}");
    }
    assert!(secret.validate().is_ok());
}

#[tokio::test]
async fn a_repeated_transaction_has_the_same_bytes_under_its_token() {
    let (config, requests) = canned::answers(|_, _, before| match before {
        0 | 1 => error("TransactionInProgressException"),
        _ => (200, json!({})),
    });
    let db = with_keys(Client::builder()).from_conf(config);
    let update = Secret::A.password.set("hunter2");
    db.transaction().put(&mut secret(1)).update::<Secret>(("o", Decimal::TWO), update).await.unwrap();
    let requests = requests.lock().unwrap();
    let bodies: Vec<_> = requests.iter().map(|(_, body)| body).collect();
    assert!(bodies.len() == 3 && bodies.iter().all(|body| *body == bodies[0]), "{bodies:?}");
    let sent = bodies[0].to_string();
    assert!(PLAIN.iter().all(|plain| !sent.contains(plain)), "{sent}");
}
