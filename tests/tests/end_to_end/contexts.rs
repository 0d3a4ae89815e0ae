//! Models with a context: the client gives its fields to keys, builders and queries.

use crate::engine::{Engine, db};
use dyntastic::fake::Random;
use dyntastic::model::InContext;
use dyntastic::prelude::*;
use dyntastic::{ContextClient, Error, Vector};
use dyntastic_tests::contexts::{
    Closed, Country, Desk, DeskPatch, NewDesk, Note, NoteByText, NoteKey, NoteNoteText, OfficesItem, Room, Site,
    SiteItems, Tenant,
};

/// Two tenants with the notes 1 to 3 each.
async fn tenants(db: &Client) -> (ContextClient<Tenant>, ContextClient<Tenant>) {
    let clients = (db.with(Tenant::new("acme")), db.with(Tenant::new("acme2")));
    for client in [&clients.0, &clients.1] {
        for number in 1..=3 {
            note(client, number).save(client).await.unwrap();
        }
    }
    clients
}

fn note(client: &ContextClient<Tenant>, number: u32) -> Note {
    let text = format!("{} of {}", number, client.context().tenant_id);
    Note::builder(client).number(number).text(text).embedding(Vector::from([1.0, number as f32])).build().unwrap()
}

async fn texts(client: &ContextClient<Tenant>) -> Vec<String> {
    let notes = Note::query(client).consistent_read().all().await.unwrap();
    notes.into_iter().map(|note| note.text).collect()
}

fn sites(db: &Client) -> (ContextClient<Site>, ContextClient<Site>) {
    (db.with(Site::new("de", 1_u16)), db.with(Site::new("de", 12_u16)))
}

fn desk(client: &ContextClient<Site>, number: u32) -> Desk {
    Desk::builder(client).desk(number).build().unwrap()
}

fn is_of_other(result: dyntastic::Result<impl std::fmt::Debug>, context: &str) -> bool {
    let error = result.unwrap_err();
    error.to_string().ends_with(&format!("the item is of another `{context}` than the client"))
        && matches!(error, Error::OtherContext { .. })
}

#[tokio::test]
async fn a_client_reads_and_writes_the_items_of_its_context() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    let (acme, other) = tenants(&db).await;
    assert_eq!(texts(&acme).await, ["1 of acme", "2 of acme", "3 of acme"]);
    let mut first = Note::get(&acme, 1).await.unwrap();
    assert_eq!((first.tenant_id(), first.text.as_str(), first.context()), ("acme", "1 of acme", Tenant::new("acme")));

    first.update(&acme, Note::A.text.set("new")).await.unwrap();
    first.refresh(&acme).await.unwrap();
    assert_eq!((first.text.as_str(), first.version), ("new", 2));
    Note::update_by_key(&acme, 2, Note::A.text.set("by key")).await.unwrap();
    first.update_without_refresh(&acme, Note::A.text.set("newer")).await.unwrap();
    let mut third = Note::get(&acme, 3).await.unwrap();
    (third.number, third.text) = (4, "4 of acme".to_owned());
    Note::rekey(&acme, 3, &mut third).await.unwrap();
    assert_eq!(texts(&acme).await, ["newer", "by key", "4 of acme"]);

    let entries = Note::query_by_text(&acme).range(NoteByText::A.text.begins_with("4")).all().await.unwrap();
    if let [entry] = entries.as_slice() {
        assert_eq!((entry.tenant_id(), NoteKey::from(entry)), ("acme", acme.key::<Note>(4)));
    }
    let texts_of_four =
        Note::query(&acme).range(Note::A.number.eq(4)).project_into::<NoteNoteText>().all().await.unwrap();
    assert_eq!((texts_of_four[0].tenant_id(), texts_of_four[0].text.as_str()), ("acme", "4 of acme"));
    let read = Note::batch_get(&acme, [1, 4, 9]).await.unwrap();
    assert!(read.iter().all(|note| note.tenant_id() == "acme") && read.len() == 2);
    assert!(note(&acme, 1).insert(&acme).await.unwrap_err().is_conflict());
    assert!(note(&acme, 9).replace(&acme).await.is_err());
    assert_eq!(Note::query(&acme).range(Note::A.number.gt(1)).count().await.unwrap(), 2);
    Note::delete_by_key(&acme, 1).await.unwrap();
    Note::get(&acme, 2).await.unwrap().delete(&acme).await.unwrap();
    assert!(Note::find(&acme, 1).await.unwrap().is_none());
    let deleted = Note::query(&acme).delete_where(Note::A.text.exists()).await.unwrap();
    assert_eq!((deleted.counts.written, texts(&acme).await.len()), (1, 0));
    Note::delete_partition(&acme).await.unwrap();

    assert_eq!(texts(&other).await, ["1 of acme2", "2 of acme2", "3 of acme2"]);
}

#[tokio::test]
async fn an_item_of_another_context_is_refused() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    let (acme, other) = tenants(&db).await;
    let mut foreign = Note::get(&other, 1).await.unwrap();
    let before = foreign.clone();
    assert!(is_of_other(foreign.save(&acme).await, "Tenant"));
    assert!(is_of_other(foreign.insert(&acme).await, "Tenant"));
    assert!(is_of_other(foreign.replace(&acme).await, "Tenant"));
    assert!(is_of_other(foreign.update(&acme, Note::A.text.set("x")).await, "Tenant"));
    assert!(is_of_other(foreign.refresh(&acme).await, "Tenant"));
    assert!(is_of_other(foreign.delete(&acme).await, "Tenant"));
    assert!(is_of_other(Note::rekey(&acme, 1, &mut foreign).await, "Tenant"));
    assert!(is_of_other(foreign.clone().update_without_refresh(&acme, Note::A.text.set("x")).await, "Tenant"));
    assert!(is_of_other(foreign.save(&acme).into_inner(), "Tenant"));
    assert_eq!(foreign, before);
    assert_eq!(Note::get(&other, 1).consistent_read().await.unwrap(), before);

    let (one, twelve) = sites(&db);
    let mut foreign = desk(&twelve, 1);
    foreign.save(&twelve).await.unwrap();
    assert!(is_of_other(foreign.soft_delete(&one).await, "Site"));
    foreign.soft_delete(&db.with(foreign.context())).await.unwrap();
}

#[tokio::test]
async fn keys_of_a_client_go_into_batches_and_transactions() {
    let db = db().await;
    let (acme, other) = tenants(&db).await;
    let keys = (acme.key::<Note>(1), other.key::<Note>(1));
    assert_eq!((keys.0.tenant_id(), keys.0.number), ("acme", 1));
    if Engine::current().has_transactions() {
        let (mine, theirs) = db.transact_get(keys).await.unwrap();
        assert_eq!((mine.unwrap().text, theirs.unwrap().text), ("1 of acme".to_owned(), "1 of acme2".to_owned()));
        let update = Note::A.text.set("both");
        let actions = acme.transaction();
        let actions =
            actions.update::<Note>(acme.key::<Note>(2), update.clone()).update::<Note>(other.key::<Note>(2), update);
        actions.await.unwrap();
        assert_eq!((&texts(&acme).await[1], &texts(&other).await[1]), (&"both".to_owned(), &"both".to_owned()));
    }
    acme.batch_write().delete::<Note>(acme.key::<Note>(3)).await.unwrap();
    assert_eq!((texts(&acme).await.len(), texts(&other).await.len()), (2, 3));
}

#[tokio::test]
async fn clients_of_a_shared_table_read_their_own_items() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    let (one, twelve) = sites(&db);
    Room::create_table(&db).await.unwrap();
    Country::builder().code("de").name("Germany").build().unwrap().save(&one).await.unwrap();
    assert_eq!(Country::get(&one, "de").await.unwrap(), Country::get(&db, "de").await.unwrap());

    for client in [&one, &twelve] {
        Room::builder(client).room("a").seats(4).build().unwrap().save(client).await.unwrap();
        Closed::builder(client).build().unwrap().save(client).await.unwrap();
        let desk = NewDesk { desk: 7, state: None, owner: Some("ada".to_owned()), mail: None }.build(client).unwrap();
        desk.save(client).await.unwrap();
    }
    let items: SiteItems = SiteItems::query(&one).consistent_read().await.unwrap();
    assert_eq!((items.desks.len(), items.rooms.len(), items.others.len()), (1, 1, 1));
    assert_eq!(Closed::get(&twelve, ()).await.unwrap().context(), *twelve.context());
    assert_eq!((items.desks[0].country(), items.desks[0].number()), ("de", 1));
    assert_eq!(items.rooms[0].context(), Site::new("de", 1_u16));
    assert!(matches!(OfficesItem::from(items.desks[0].clone()), OfficesItem::Desk(_)));

    assert_eq!(Desk::increment_moves(&one, 7, 2).await.unwrap(), 2);
    let patch = DeskPatch { state: dyntastic::Patch::Set("taken".to_owned()), ..DeskPatch::default() };
    Desk::update_by_key(&one, 7, patch).await.unwrap();
    crate::engine::eventually("the index has the desk", async || {
        Desk::query_by_state(&one, "taken").all().await.unwrap().len() == 1
    })
    .await;
    assert!(Desk::query_by_state(&one, "free").all().await.unwrap().is_empty());
    let free = Desk::first_desks(&twelve, "free").all().await.unwrap();
    assert_eq!((free.len(), free[0].moves, free[0].number()), (1, 0, 12));

    Desk::soft_delete_by_key(&one, 7).await.unwrap();
    assert!(Desk::find(&one, 7).await.unwrap().is_none() && Desk::find(&twelve, 7).await.unwrap().is_some());
    Desk::restore(&one, 7).await.unwrap();
}

#[tokio::test]
async fn unique_values_are_of_one_context() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    let (one, twelve) = sites(&db);
    let with_mail = |client: &ContextClient<Site>, number| {
        Desk::builder(client).desk(number).mail(Some("a@b.example".to_owned())).build().unwrap()
    };
    with_mail(&one, 1).save(&one).await.unwrap();
    with_mail(&twelve, 1).save(&twelve).await.unwrap();
    let error = with_mail(&one, 2).save(&one).await.unwrap_err();
    assert!(matches!(error, Error::NotUnique { .. }), "{error}");
}

#[tokio::test]
async fn a_search_finds_the_items_of_a_context() {
    if !Engine::current().has_vector_indexes() {
        return;
    }
    let db = db().await;
    let (acme, _) = tenants(&db).await;
    crate::engine::eventually("the index has the notes", async || {
        let found = Note::search_by_embedding(&acme, [1.0, 2.0]).top(10).await.unwrap();
        found.len() == 3 && found.iter().all(|of| of.item.text.ends_with(" of acme"))
    })
    .await;
}

#[tokio::test]
async fn made_up_items_are_of_a_context() {
    let db = db().await;
    let (one, _) = sites(&db);
    let mut random = Random::new(1);
    let items: Vec<Room> = (0..20).map(|_| Room::fake_in(&one, &mut random).unwrap()).collect();
    assert!(items.iter().all(|room| room.context() == *one.context()));
    items[0].save(&one).await.unwrap();
    let any = Room::fake(&mut random).unwrap();
    any.save(&db.with(any.context())).await.unwrap();
    assert!(any.save(&one).await.is_err());
}

#[test]
fn json_of_an_input_lacks_the_context_and_that_of_an_item_has_it() {
    let input: NewDesk = dyntastic::serde_json::from_str(r#"{ "desk": 3, "owner": null, "country": "fr" }"#).unwrap();
    let desk = input.build(Site::new("de", 1_u16)).unwrap();
    let json = dyntastic::serde_json::to_value(&desk).unwrap();
    assert_eq!((json["country"].as_str(), json["number"].as_u64()), (Some("de"), Some(1)));
    let error = NewDesk { desk: 3, state: None, owner: None, mail: None }.build(Site::new("d", 1_u16)).unwrap_err();
    assert!(error.to_string().contains("country"), "{error}");
}

#[tokio::test]
async fn a_migration_is_of_all_contexts() {
    if !Engine::current().compares_maps() {
        return;
    }
    let db = db().await;
    let (acme, other) = tenants(&db).await;
    dyntastic::migrate::<Note>(&db, "contexts")
        .progress_table("contexts-progress")
        .change(|note| note.text = note.text.to_uppercase())
        .await
        .unwrap();
    assert!(texts(&acme).await.iter().chain(&texts(&other).await).all(|text| text.contains(" OF ACME")));
}
