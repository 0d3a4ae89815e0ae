//! Inputs: structs that clients send to make and to change items.

use crate::canned::answering;
use crate::engine::{Engine, db};
use dyntastic::prelude::*;
use dyntastic::serde_json::{self, Value, json};
use dyntastic::{Client, Error, Patch, schemars};
use dyntastic_tests::inputs::{
    Account, AccountBuilder, AccountPatch, CreateAccount, Fixed, FixedPatch, Level, NewWide,
};
use example_models::{Address, CreateUser, User, UserBuilder, UserPatch};

fn from_json<T: dyntastic::serde::de::DeserializeOwned>(json: Value) -> serde_json::Result<T> {
    serde_json::from_value(json)
}

fn alice() -> CreateUser {
    from_json(json!({ "userId": "alice", "name": "Alice", "email": " A@B.C " })).unwrap()
}

async fn saved() -> (Client, User) {
    let db = db().await;
    let user = CreateUser { age: Some(30), nickname: Some("Al".to_owned()), ..alice() }.build().unwrap();
    user.save(&db).await.unwrap();
    (db, user)
}

async fn stored(db: &Client) -> User {
    User::get(db, "alice").consistent_read().await.unwrap()
}

fn patch(json: Value) -> UserPatch {
    from_json(json).unwrap()
}

#[tokio::test]
async fn json_becomes_an_item_that_is_saved() {
    let db = db().await;
    let user = alice().build().unwrap();
    assert_eq!((user.email.as_str(), user.age, &user.nickname), ("a@b.c", 0, &None));
    user.save(&db).await.unwrap();
    assert_eq!(stored(&db).await, user);

    let given = from_json(json!({ "userId": "a", "name": "b", "email": "a@b.c", "age": 7, "nickname": null }));
    let given: CreateUser = given.unwrap();
    assert_eq!(given.clone().build().unwrap().age, 7);
    assert_eq!(from_json::<CreateUser>(serde_json::to_value(&given).unwrap()).unwrap(), given);

    let error = from_json::<CreateUser>(json!({ "userId": "a", "email": "a@b.c" })).unwrap_err();
    assert_eq!(error.to_string(), "missing field `name`");
    let violations = CreateUser { name: String::new(), age: Some(200), ..alice() }.build().unwrap_err();
    let paths: Vec<String> = violations.iter().map(|of| of.path().to_string()).collect();
    assert_eq!(paths, ["name", "age"]);
}

fn account(email: &str) -> CreateAccount {
    let json = json!({
        "email": email, "name": " Ada ", "rest": "PT1M", "extra": null,
        // Not the client's: the handler's, a key that is made, and what writes keep.
        "owner": "evil", "passwordHash": "evil", "accountId": "evil", "version": 7
    });
    from_json(json).unwrap()
}

fn build(input: CreateAccount) -> Account {
    AccountBuilder::from(input).owner("root").password_hash("hash").build().unwrap()
}

#[test]
fn a_handler_adds_what_a_client_does_not_send() {
    let made = build(account(" A@B.C "));
    assert_eq!((made.owner.as_str(), made.password_hash.as_str(), made.version), ("root", "hash", 0));
    assert_eq!((made.email.as_str(), made.name.as_str(), made.score, made.level), ("a@b.c", "Ada", 5, Level::Low));
    assert_ne!(made.account_id, "evil");
    assert_eq!(made.wait.whole_minutes(), 5);

    let changed = UserBuilder::from(alice()).nickname("Al").age(3).build().unwrap();
    assert_eq!((changed.nickname.as_deref(), changed.age), (Some("Al"), 3));

    let wide =
        json!({ "build": "a", "type": "b", "add": 1, "a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "g": 6, "place": 9 });
    let wide = from_json::<NewWide>(wide).unwrap().build().unwrap();
    assert_eq!((wide.place, wide.g, wide.builder.as_str()), (9, 6, "x"));
}

#[tokio::test]
async fn a_patch_leaves_sets_and_removes() {
    let (db, mut user) = saved().await;
    user.update(&db, patch(json!({ "name": "Bob", "email": " B@B.C " }))).await.unwrap();
    assert_eq!(
        (user.name.as_str(), user.email.as_str(), user.age),
        ("Bob", "b@b.c", 30),
        "transformed as by the builder"
    );
    assert_eq!(user.nickname.as_deref(), Some("Al"), "an absent field stays");

    user.update(&db, patch(json!({ "nickname": null, "age": null }))).await.unwrap();
    assert_eq!((&user.nickname, user.age), (&None, 0), "null removes, and leads back to the default");
    assert_eq!(stored(&db).await, user);

    let patched = UserPatch { nickname: Patch::Set("Bo".to_owned()), ..UserPatch::default() };
    let user = User::update_by_key(&db, "alice", (patched, User::A.age.add(2))).await.unwrap();
    assert_eq!((user.nickname.as_deref(), user.age), (Some("Bo"), 2), "with other actions");
    assert_eq!(stored(&db).await, user);
}

#[tokio::test]
async fn a_patch_and_a_difference_set_an_absent_struct() {
    if !Engine::current().returns_existing() {
        return;
    }
    let (db, mut user) = saved().await;
    let address = json!({ "street": "s", "city": "c", "zip": "1234" });
    user.update(&db, patch(json!({ "nickname": null, "address": address }))).await.unwrap();
    assert_eq!(user.address, Some(from_json::<Address>(address).unwrap()));
    assert_eq!(stored(&db).await, user);
    let with_address = user.clone();
    user.address = None;
    user.save(&db).await.unwrap();
    user.update(&db, user.changes_to(&with_address)).await.unwrap();
    assert_eq!((&user, &stored(&db).await), (&with_address, &user));
}

#[test]
fn null_is_an_error_for_a_field_that_cannot_be_removed() {
    for (field, of_json) in [("name", json!({ "name": null })), ("email", json!({ "email": null }))] {
        let error = from_json::<UserPatch>(of_json).unwrap_err().to_string();
        assert!(error.contains("invalid type: null, expected a string"), "{field}: {error}");
    }
    assert!(from_json::<AccountPatch>(json!({ "token": null })).is_err(), "a factory would make another at each read");
    assert!(from_json::<AccountPatch>(json!({ "rest": null })).is_err());
    let null = from_json::<AccountPatch>(json!({ "extra": null, "note": null })).unwrap();
    assert_eq!((null.extra, null.note), (Some(Value::Null), Patch::Remove), "null is a value of JSON");
}

#[test]
fn a_patch_in_json_has_only_what_it_changes() {
    let json = json!({ "nickname": null, "age": 3, "lastSeen": "2024-01-31T12:00:00Z" });
    let read = patch(json.clone());
    assert_eq!((read.age, read.name.clone()), (Patch::Set(3), None));
    assert_eq!((read.nickname.clone(), read.address.clone()), (Patch::Remove, Patch::Leave));
    assert_eq!(serde_json::to_value(&read).unwrap(), json);
    assert!(!read.is_empty() && patch(json!({})).is_empty());
    let times = json!({ "pause": null, "wait": "PT1M", "rest": "PT2M", "endsAt": "2024-01-31T12:00:00.000000Z" });
    let read: AccountPatch = from_json(times.clone()).unwrap();
    assert_eq!(serde_json::to_value(read).unwrap(), times);

    let secret = UserPatch { password: Patch::Set("secret!".to_owned()), ..UserPatch::default() };
    let create = CreateUser { password: Some("secret!".to_owned()), ..alice() };
    for text in [format!("{secret:?}"), format!("{create:?}")] {
        assert!(text.contains("password: ***") && !text.contains("secret!"), "{text}");
    }
}

#[test]
fn the_difference_of_two_values_is_a_patch() {
    let before = alice().build().unwrap();
    assert!(before.changes_to(&before.clone()).is_empty());
    let after = User {
        name: "Bob".to_owned(),
        age: 31,
        nickname: Some("Bo".to_owned()),
        // No field of a patch: the key.
        user_id: "bob".to_owned(),
        ..before.clone()
    };
    let json = |patch: UserPatch| serde_json::to_value(patch).unwrap();
    assert_eq!(json(before.changes_to(&after)), json!({ "name": "Bob", "age": 31, "nickname": "Bo" }));
    let back = json!({ "name": "Alice", "age": 0, "nickname": null });
    assert_eq!(json(after.changes_to(&before)), back, "what is absent afterwards is removed");

    let made = build(account("a@b.c"));
    let moved =
        Account { version: 7, owner: "evil".to_owned(), updated_at: made.updated_at + made.wait, ..made.clone() };
    assert!(made.changes_to(&moved).is_empty(), "neither what writes keep, nor what the patch is without");
    let unset = Account { note: Some(Value::Null), extra: json!([1]), ..made.clone() };
    let patch = made.changes_to(&unset);
    assert_eq!((patch.note, patch.extra), (Patch::Set(Value::Null), Some(json!([1]))));
}

#[tokio::test]
async fn a_difference_changes_only_the_fields_that_differ() {
    let (db, mut user) = saved().await;
    let mut changed = user.clone();
    changed.nickname = None;
    changed.name = "Bob".to_owned();
    User::update_by_key(&db, "alice", User::A.age.add(1)).await.unwrap();
    let patch = user.changes_to(&changed);
    user.update(&db, patch).await.unwrap();
    assert_eq!(user, User { age: 31, ..changed }, "another writer's change stays");
    assert_eq!(stored(&db).await, user);

    let invalid = user.changes_to(&User { name: String::new(), age: 200, ..user.clone() });
    let Err(Error::Invalid(violations)) = User::update_by_key(&db, "alice", invalid).await else { unreachable!() };
    assert_eq!(violations.iter().count(), 2);
}

#[tokio::test]
async fn a_difference_keeps_versions_index_keys_and_unique_fields() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    let mut account = build(self::account("a@b.c"));
    account.insert(&db).await.unwrap();
    let mut stale = account.clone();
    let mut changed = account.clone();
    changed.level = Level::High;
    changed.email = "B@B.C".to_owned();
    changed.tags = ["x".to_owned()].into();
    let patch = account.changes_to(&changed);
    db.transaction().update_item(&account, patch.clone()).await.unwrap();
    account.refresh(&db).await.unwrap();
    assert_eq!((account.version, account.level, account.email.as_str()), (2, Level::High, "b@b.c"));
    assert_eq!(Account::query_gsi1(&db, Level::High).all().await.unwrap(), [account.clone()]);
    assert!(matches!(stale.update(&db, patch).await, Err(Error::VersionConflict { .. })));
    build(self::account("a@b.c")).insert(&db).await.unwrap();

    let emptied = Account { tags: [].into(), ..account.clone() };
    let patch = account.changes_to(&emptied);
    account.update(&db, patch).await.unwrap();
    assert!(account.tags.is_empty());
}

#[tokio::test]
async fn a_part_of_an_absent_value_is_reported_with_a_change_of_a_unique_field() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    let mut account = build(self::account("a@b.c"));
    account.insert(&db).await.unwrap();
    let city = Account::A.address.then(dyntastic_tests::inputs::Address::A.city).set("Voss");
    let error = account.update(&db, (Account::A.email.set("b@b.c"), city)).await.unwrap_err();
    let Error::AbsentParent { paths, .. } = &error else { unreachable!("{error}") };
    assert_eq!(paths, "address.city");
    build(self::account("b@b.c")).insert(&db).await.unwrap();
}

#[tokio::test]
async fn a_patch_that_breaks_constraints_is_not_sent() {
    let (db, mut user) = saved().await;
    let error = user.update(&db, patch(json!({ "name": "", "age": 200 }))).await.unwrap_err();
    let Error::Invalid(violations) = error else { unreachable!("{error}") };
    let paths: Vec<String> = violations.iter().map(|of| of.path().to_string()).collect();
    assert_eq!(paths, ["name", "age"]);
    assert_eq!(stored(&db).await, user);
}

#[tokio::test]
async fn an_empty_patch_of_a_struct_sends_no_request() {
    let (db, requests) = answering(|operation, _, _| unreachable!("{operation}"));
    let mut user = alice().build().unwrap();
    user.update(&db, UserPatch::default()).await.unwrap();
    assert_eq!(user, alice().build().unwrap());
    assert!(user.update(&db, UserPatch::default()).if_matches().await.unwrap());
    assert!(requests.lock().unwrap().is_empty());
    let error = user.update(&db, Vec::new()).await.unwrap_err();
    assert!(
        matches!(error, Error::Expression { .. }),
        "an update that is no patch is a mistake without actions: {error}"
    );
}

#[tokio::test]
async fn an_empty_patch_of_a_key_reads_the_item() {
    let (db, user) = saved().await;
    let empty = || User::update_by_key(&db, "alice", UserPatch::default());
    assert_eq!(empty().await.unwrap(), user);
    assert_eq!(empty().return_old().await.unwrap().as_ref(), Some(&user));
    assert_eq!(empty().return_updated().await.unwrap().get(&User::A.age).unwrap(), None, "no attribute was changed");
    empty().return_nothing().await.unwrap();
    let absent = User::update_by_key(&db, "nobody", UserPatch::default());
    assert!(absent.return_nothing().await.unwrap_err().is_not_found());

    let (db, requests) = answering(|_, _, _| (200, json!({})));
    assert!(User::update_by_key(&db, "alice", UserPatch::default()).await.unwrap_err().is_not_found());
    let sent: Vec<String> = requests.lock().unwrap().iter().map(|(operation, _)| operation.clone()).collect();
    assert_eq!(sent, ["GetItem"]);
}

#[tokio::test]
async fn the_condition_of_an_empty_patch_is_checked() {
    let (db, mut user) = saved().await;
    let before = user.clone();
    user.update(&db, UserPatch::default()).condition(User::A.age.eq(30)).await.unwrap();
    let failed = user.update(&db, UserPatch::default()).condition(User::A.age.eq(31)).await.unwrap_err();
    if Engine::current().returns_existing() {
        assert!(matches!(failed, Error::ConditionFailed(_)), "{failed}");
        assert!(!user.update(&db, UserPatch::default()).condition(User::A.age.eq(31)).if_matches().await.unwrap());
    }
    assert_eq!((&user, stored(&db).await), (&before, before.clone()));
    let absent = User::update_by_key(&db, "nobody", UserPatch::default()).condition(User::A.age.not_exists());
    assert!(absent.await.unwrap_err().is_not_found(), "and nothing was made");
}

#[tokio::test]
async fn an_upsert_takes_a_patch() {
    let db = db().await;
    let incomplete = User::update_by_key(&db, "alice", UserPatch::default()).upsert().await.unwrap_err();
    assert!(matches!(incomplete, Error::IncompleteUpsert { .. }), "{incomplete}");
    let whole = patch(json!({ "name": "Alice", "email": "a@b.c" }));
    let made = User::update_by_key(&db, "alice", whole).upsert().await.unwrap();
    assert_eq!((made.age, made.name.as_str()), (0, "Alice"));
    // An item that exists is not written, and not created anew.
    let empty = User::update_by_key(&db, "alice", UserPatch::default()).upsert().await.unwrap();
    assert_eq!(empty, made);
    let nothing = Fixed::update_by_key(&db, "a", FixedPatch::default()).upsert().await.unwrap_err();
    assert!(matches!(nothing, Error::Expression { .. }), "an item of its key alone: {nothing}");
}

#[tokio::test]
async fn versions_and_index_keys_stay_current() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    let mut account = build(account("a@b.c"));
    account.insert(&db).await.unwrap();
    let mut stale = account.clone();
    account.update(&db, AccountPatch::default()).await.unwrap();
    assert_eq!(account, stale, "an empty patch counts as no write");

    let high = || AccountPatch { level: Patch::Set(Level::High), name: Some("Bea".to_owned()), ..Default::default() };
    account.update(&db, high()).await.unwrap();
    assert_eq!((account.version, account.level), (2, Level::High));
    let found = Account::query_gsi1(&db, Level::High).all().await.unwrap();
    assert_eq!(found, [account.clone()]);
    assert!(matches!(stale.update(&db, high()).await, Err(Error::VersionConflict { .. })));

    account
        .update(&db, AccountPatch { level: Patch::Remove, email: Some("B@B.C".to_owned()), ..Default::default() })
        .await
        .unwrap();
    assert_eq!((account.level, account.email.as_str()), (Level::Low, "b@b.c"));
    assert_eq!(Account::query_gsi1(&db, Level::Low).all().await.unwrap(), [account.clone()]);
    build(self::account("a@b.c")).insert(&db).await.unwrap();
    let taken = account.update(&db, AccountPatch { email: Some("a@b.c".to_owned()), ..Default::default() }).await;
    assert!(matches!(taken, Err(Error::NotUnique { field: "email", .. })));
}

#[tokio::test]
async fn an_upsert_of_an_empty_patch_raises_no_version() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    let mut account = build(self::account("a@b.c"));
    account.insert(&db).await.unwrap();
    let key = account.account_id.clone();
    let found = Account::update_by_key(&db, key, AccountPatch::default()).upsert().await.unwrap();
    assert_eq!(found, account);
    account.save(&db).await.unwrap();
}

#[tokio::test]
async fn a_transaction_takes_patches() {
    if !Engine::current().has_transactions() {
        return;
    }
    let (db, mut user) = saved().await;
    CreateUser { user_id: "bob".to_owned(), ..alice() }.build().unwrap().save(&db).await.unwrap();
    db.transaction()
        .update::<User>("alice", patch(json!({ "nickname": null })))
        .update_if::<User>("bob", UserPatch::default(), User::A.age.eq(0))
        .await
        .unwrap();
    user.nickname = None;
    assert_eq!(stored(&db).await, user);

    for refused in [
        db.transaction().update::<User>("nobody", UserPatch::default()),
        db.transaction().update_if::<User>("bob", UserPatch::default(), User::A.age.eq(1)),
    ] {
        let error = refused.update::<User>("alice", User::A.age.set(99)).await.unwrap_err();
        assert!(matches!(error, Error::TransactionCanceled(_)), "{error}");
    }
    assert_eq!(stored(&db).await, user, "an empty patch still checks that the item is there");
}

#[test]
fn the_json_schemas_have_the_constraints_and_nothing_of_a_patch_is_required() {
    let schema = serde_json::to_value(schemars::schema_for!(AccountPatch)).unwrap();
    let property = |name: &str| &schema["properties"][name];
    assert!(schema.get("required").is_none(), "{schema}");
    assert_eq!((&property("name")["type"], &property("name")["maxLength"]), (&json!("string"), &json!(20)));
    assert_eq!(property("bio")["type"], json!(["string", "null"]));
    assert_eq!((&property("score")["type"], &property("score")["minimum"]), (&json!(["integer", "null"]), &json!(0)));
    assert_eq!(property("plan")["enum"], json!(["free", "paid", null]));
    assert_eq!((&property("rest")["type"], &property("wait")["type"]), (&json!("string"), &json!(["string", "null"])));
    let names: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
    for absent in ["accountId", "owner", "passwordHash", "version", "createdAt", "updatedAt"] {
        assert!(!names.iter().any(|name| *name == absent), "{absent}");
    }
    assert!(names.iter().any(|name| *name == "endsAt"), "a time to live is set by clients");

    let schema = serde_json::to_value(schemars::schema_for!(CreateAccount)).unwrap();
    assert_eq!(schema["required"], json!(["email", "name", "rest", "extra"]));
    assert_eq!(schema["properties"]["email"]["format"], json!("email"));
}
