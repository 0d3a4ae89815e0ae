//! Schema versions: items of earlier versions are upgraded when they are read, and before a write that depends on the
//! forms of their attributes.

use crate::engine::{Engine, config, isolated, table_name};
use crate::round_trip::attributes;
use dyntastic::codec::{AttributeMap, ReadErrorKind, StoredItem, read_model, write_model};
use dyntastic::ops::WhyUnmigrated;
use dyntastic::prelude::*;
use dyntastic::serde_json::{Value, json};
use dyntastic::{Client, Codec, Error};
use dyntastic_tests::schema_versions::{Account, AccountByEmail, AccountLabel, AccountName, Plan, Post, Tag};

/// A client of each codec, each with its own tables.
async fn tables() -> [Client; 2] {
    let mut clients = Vec::new();
    for codec in [Codec::Wire, Codec::Map] {
        let db = isolated().codec(codec).from_conf(config().await);
        Account::create_table(&db).await.unwrap();
        if Engine::current().has_time_to_live() {
            Post::create_table(&db).await.unwrap();
        }
        clients.push(db);
    }
    clients.try_into().unwrap()
}

pub(crate) async fn put<M: Model>(db: &Client, item: &Value) {
    db.sdk().put_item().table_name(table_name::<M>(db)).set_item(Some(attributes(item))).send().await.unwrap();
}

async fn raw<M: Model>(db: &Client, key: Value) -> AttributeMap {
    let request = db.sdk().get_item().table_name(table_name::<M>(db)).set_key(Some(attributes(&key)));
    request.consistent_read(true).send().await.unwrap().item.unwrap()
}

/// An account of version 1.
pub(crate) fn first(id: &str) -> Value {
    json!({
        "id": {"S": id}, "fullName": {"S": "Ada"}, "mail": {"S": "ada@x.org"}, "owner": {"S": "USER#7"},
        "active": {"N": "1"}, "labels": {"SS": ["a"]}, "note": {"S": "hi"}, "legacy": {"S": "x"}, "extra": {"N": "5"},
    })
}

/// The same account as it is now.
pub(crate) fn current(id: &str) -> Value {
    json!({
        "id": {"S": id}, "name": {"S": "Ada"}, "email": {"S": "ada@x.org"}, "owner_id": {"N": "7"},
        "plan": {"S": "free"}, "visits": {"N": "1"}, "active": {"BOOL": true}, "labels": {"L": [{"S": "a"}]},
        "note": {"S": "HI"}, "extra": {"N": "5"}, "schema": {"N": "5"},
    })
}

fn post(id: &str) -> Value {
    json!({
        "pk": {"S": format!("POST#{id}")}, "sk": {"S": "POST"}, "kind": {"S": "Post"}, "post_id": {"S": id},
        "writer": {"S": "ada"}, "slug": {"S": format!("s{id}")}, "title": {"S": "T"}, "likes": {"N": "3"},
        "version": {"N": "4"}, "updated_at": {"S": "2026-01-01T00:00:00.000000Z"}, "v": {"N": "2"},
    })
}

fn kind(error: &Error) -> &ReadErrorKind {
    match error {
        Error::Read(error) => error.kind(),
        Error::Damaged(damaged) => damaged.error().kind(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_item_of_each_version_is_the_same_item() {
    let now: Account = read_model(attributes(&current("1"))).unwrap();
    assert_eq!(write_model(&now).unwrap(), attributes(&current("1")));
    assert_eq!(read_model::<Account>(attributes(&first("1"))).unwrap(), now);
    let with = |version: u32, without: &[&str], others: Value| {
        let mut item = current("1");
        item["schema"] = json!({"N": version.to_string()});
        let map = item.as_object_mut().unwrap();
        map.retain(|name, _| !without.contains(&name.as_str()));
        map.extend(others.as_object().unwrap().clone());
        read_model::<Account>(attributes(&item))
    };
    assert_eq!(with(2, &["plan", "visits"], json!({"active": {"S": "TRUE"}, "note": {"S": "hi"}})).unwrap(), now);
    assert_eq!(with(3, &[], json!({"note": {"S": "Hi"}, "labels": {"SS": ["a"]}})).unwrap(), now);
    assert_eq!(with(4, &[], json!({})).unwrap(), now);
    assert_eq!(with(2, &[], json!({"plan": {"NULL": true}})).unwrap(), now, "NULL is absent");

    let refused = |result: Result<Account, dyntastic::ReadError>, text: &str| {
        assert_eq!(result.unwrap_err().to_string(), text);
    };
    let later = "Account.schema: the item is of schema version 6, and this release knows versions up to 5: a later \
                 release has written it";
    refused(with(6, &[], json!({})), later);
    refused(
        with(4, &[], json!({"note": {"S": "BAD"}})),
        "Account: in the upgrade from schema version 4: expected a note: it is bad",
    );
    let lacks = "Account.owner: in the upgrade from schema version 1: expected a text of the form that is split: it \
                 lacks `USER#`";
    refused(with(1, &["name", "email"], json!({"owner": {"S": "x"}})), lacks);
    let lost = "Account.fullName: in the upgrade from schema version 1: expected an attribute that can be renamed: the \
                item also has `name`, which would be lost";
    refused(with(1, &[], json!({"fullName": {"S": "x"}})), lost);
    let lost = "Account.owner: in the upgrade from schema version 1: expected a text that can be split: the item also \
                has `owner_id`, which would be lost";
    refused(with(1, &["name", "email"], json!({"owner": {"S": "USER#8"}})), lost);
    let without = &["owner_id", "email"];
    let null =
        json!({"fullName": {"S": "Ada"}, "name": {"NULL": true}, "owner": {"S": "USER#7"}, "mail": {"S": "ada@x.org"}});
    assert_eq!(with(1, without, null).unwrap(), now, "NULL is no value that would be lost");
    refused(with(1, &[], json!({"schema": {"S": "1"}})), "Account.schema: expected schema version: it is no number");
    let gone = read_model::<Post>(attributes(&json!({"kind": {"S": "Post"}}))).unwrap_err();
    assert!(matches!(gone.kind(), ReadErrorKind::EarlierVersion { stored: 1, first: 2, .. }));
}

#[test]
fn a_whole_number_of_a_text_is_as_dynamodb_stores_it() {
    for (text, number) in [("007", "7"), ("+5", "5"), ("1e3", "1000"), ("1.0", "1"), ("-0", "0"), ("2.5", "2.5")] {
        let mut item = StoredItem::default();
        item.set("n", text).unwrap();
        item.to_number("n").unwrap();
        item.to_text("n").unwrap();
        assert_eq!(item.get::<String>("n").unwrap().as_deref(), Some(number), "{text}");
    }
}

#[tokio::test]
async fn every_read_upgrades_older_items() {
    for db in tables().await {
        put::<Account>(&db, &first("1")).await;
        put::<Account>(&db, &current("2")).await;
        put::<Account>(&db, &first("3")).await;
        let now: Account = read_model(attributes(&current("1"))).unwrap();
        assert_eq!(Account::get(&db, "1").await.unwrap(), now);
        let mut all = Account::scan(&db).all().await.unwrap();
        all.sort_by(|one, other| one.id.cmp(&other.id));
        let expected = ["1", "2", "3"].map(|id| Account { id: id.to_owned(), ..now.clone() });
        assert_eq!(all, expected);
        assert_eq!(Account::batch_get(&db, ["3", "1"]).await.unwrap(), [expected[2].clone(), now.clone()]);
        let labels = Account::scan(&db).project_into::<AccountLabel>().all().await.unwrap();
        assert_eq!(labels, vec![AccountLabel { name: "Ada".to_owned(), visits: 1 }; 3]);
        let names = Account::scan(&db).project((Account::A.name, Account::A.note)).all().await.unwrap();
        assert_eq!(names, vec![("Ada".to_owned(), Some("HI".to_owned())); 3]);
        let mut plans = Account::batch_get(&db, ["1", "2"]).project((Account::A.plan,)).await.unwrap();
        plans.dedup();
        assert_eq!(plans, [(Plan::Free,)]);
    }
}

#[tokio::test]
async fn the_entry_of_an_index_is_upgraded_only_if_it_is_a_whole_item() {
    for db in tables().await {
        // An item of version 3 has the attributes of both indexes already.
        let mut older = current("1");
        older["schema"] = json!({"N": "3"});
        older["note"] = json!({"S": "hi"});
        put::<Account>(&db, &older).await;
        put::<Account>(&db, &current("2")).await;
        let whole = Account::query_by_plan(&db, Plan::Free).all().await.unwrap();
        assert!(whole.len() == 2 && whole.iter().all(|account| account.note.as_deref() == Some("HI")));
        let part = Account::query_by_email(&db, "ada@x.org").all().await.unwrap_err();
        assert!(matches!(kind(&part), ReadErrorKind::PartOfEarlierVersion { stored: 3, current: 5, .. }), "{part}");
        let tuples = Account::query_by_email(&db, "ada@x.org").project((Account::A.name,)).all().await.unwrap_err();
        assert!(matches!(kind(&tuples), ReadErrorKind::PartOfEarlierVersion { .. }), "{tuples}");
        let labels = Account::query_by_email(&db, "ada@x.org").project_into::<AccountName>().all().await.unwrap_err();
        assert!(matches!(kind(&labels), ReadErrorKind::PartOfEarlierVersion { stored: 3, .. }), "{labels}");
        let structs = Account::query_by_email(&db, "ada@x.org").full().all().await.unwrap();
        assert!(structs.len() == 2 && structs.iter().all(|account| account.note.as_deref() == Some("HI")));
        Account::get(&db, "1").await.unwrap().save(&db).await.unwrap();
        let part: Vec<AccountByEmail> = Account::query_by_email(&db, "ada@x.org").all().await.unwrap();
        assert_eq!(part.len(), 2);
        let labels = Account::query_by_email(&db, "ada@x.org").project_into::<AccountName>().all().await.unwrap();
        assert_eq!(labels, vec![AccountName { name: "Ada".to_owned() }; 2]);
    }
}

#[tokio::test]
async fn a_save_stores_the_current_version() {
    for db in tables().await {
        put::<Account>(&db, &first("1")).await;
        Account::get(&db, "1").await.unwrap().save(&db).await.unwrap();
        assert_eq!(raw::<Account>(&db, json!({"id": {"S": "1"}})).await, attributes(&current("1")));
        if !Engine::current().has_time_to_live() {
            continue;
        }
        let tag = Tag::builder().tag("t").color("red").build().unwrap();
        tag.insert(&db).await.unwrap();
        let stored = raw::<Tag>(&db, json!({"pk": {"S": "TAG#t"}, "sk": {"S": "TAG"}})).await;
        assert_eq!(stored["v"], attributes(&json!({"v": {"N": "1"}}))["v"]);
    }
}

/// A write of one part upgrades the whole item, and keeps the attributes of others.
#[tokio::test]
async fn an_update_upgrades_the_item_first() {
    if !Engine::current().returns_existing() {
        return;
    }
    for db in tables().await {
        let key = json!({"id": {"S": "1"}});
        put::<Account>(&db, &first("1")).await;
        let updated = Account::update_by_key(&db, "1", Account::A.visits.add(2)).await.unwrap();
        assert_eq!((updated.visits, updated.name.as_str()), (3, "Ada"));
        let mut expected = current("1");
        expected["visits"] = json!({"N": "3"});
        assert_eq!(raw::<Account>(&db, key.clone()).await, attributes(&expected));

        // A condition means the current form.
        put::<Account>(&db, &first("1")).await;
        let refused =
            Account::update_by_key(&db, "1", Account::A.active.set(false)).condition(Account::A.name.eq("Eve"));
        assert_eq!(refused.if_matches().await.unwrap(), None);
        put::<Account>(&db, &first("1")).await;
        let old = Account::update_by_key(&db, "1", Account::A.active.set(false)).condition(Account::A.name.eq("Ada"));
        assert!(old.return_old().await.unwrap().unwrap().active);
        assert!(!Account::get(&db, "1").await.unwrap().active);

        // So does the condition of a save and of a deletion.
        put::<Account>(&db, &first("1")).await;
        let account = Account::get(&db, "1").await.unwrap();
        account.save(&db).condition(Account::A.plan.eq(Plan::Free)).await.unwrap();
        put::<Account>(&db, &first("1")).await;
        account.delete(&db).condition(Account::A.plan.eq(Plan::Free)).await.unwrap();
        assert_eq!(Account::find(&db, "1").await.unwrap(), None);

        // An upsert makes a current item, and changes an older one.
        let upsert = |name: &str| {
            let of = [Account::A.name.set(name), Account::A.email.set("e@x.org"), Account::A.plan.set(Plan::Paid)];
            let rest = Account::A.owner_id.set(1);
            Account::update_by_key(&db, "1", (of.to_vec(), rest, Account::A.visits.set(1))).upsert()
        };
        upsert("New").await.unwrap();
        assert_eq!(raw::<Account>(&db, key.clone()).await["schema"], attributes(&current("1"))["schema"]);
        put::<Account>(&db, &first("1")).await;
        upsert("Newer").await.unwrap();
        let account = Account::get(&db, "1").await.unwrap();
        assert_eq!((account.name.as_str(), account.note.as_deref()), ("Newer", Some("HI")));
    }
}

#[tokio::test]
async fn an_item_of_a_later_version_is_refused() {
    for db in tables().await {
        let mut later = current("1");
        later["schema"] = json!({"N": "9"});
        put::<Account>(&db, &later).await;
        let errors = [
            Account::get(&db, "1").await.unwrap_err(),
            Account::scan(&db).all().await.unwrap_err(),
            Account::scan(&db).project_into::<AccountLabel>().all().await.unwrap_err(),
            Account::scan(&db).project((Account::A.name,)).all().await.unwrap_err(),
        ];
        for error in errors {
            assert!(matches!(kind(&error), ReadErrorKind::LaterVersion { stored: 9, current: 5, .. }), "{error}");
        }
        if Engine::current().returns_existing() {
            let error = Account::update_by_key(&db, "1", Account::A.visits.add(1)).await.unwrap_err();
            assert!(matches!(kind(&error), ReadErrorKind::LaterVersion { stored: 9, .. }), "{error}");
        }
        assert_eq!(raw::<Account>(&db, json!({"id": {"S": "1"}})).await, attributes(&later));
    }
}

#[tokio::test]
async fn items_of_a_shared_table_keep_their_counts_and_guards() {
    if !Engine::current().has_transactions() {
        return;
    }
    for db in tables().await {
        let key = json!({"pk": {"S": "POST#1"}, "sk": {"S": "POST"}});
        put::<Post>(&db, &post("1")).await;
        put::<Tag>(&db, &json!({
            "pk": {"S": "TAG#t"}, "sk": {"S": "TAG"}, "kind": {"S": "Tag"}, "tag": {"S": "t"}, "color": {"S": "red"},
        }))
        .await;
        // The version of the item is that of its writes: an upgrade does not raise it.
        let mut post_of_one = Post::get(&db, "1").await.unwrap();
        post_of_one.update(&db, Post::A.likes.add(1)).await.unwrap();
        assert_eq!((post_of_one.version, post_of_one.likes, post_of_one.author.as_str()), (5, 4, "ada"));
        let stored = raw::<Post>(&db, key.clone()).await;
        assert!(!stored.contains_key("writer"));
        assert_eq!(stored["author_pk"].as_s().unwrap(), "AUTHOR#ada", "index keys are made");
        // The guard, which the older item lacked, is written with the upgrade.
        let again = Post::builder().post_id("2").author("eve").slug("s1").title("T").build().unwrap();
        let taken = again.clone().insert(&db).await.unwrap_err();
        assert!(matches!(taken, Error::NotUnique { .. }), "{taken}");

        // In a transaction, of all actions.
        put::<Post>(&db, &post("1")).await;
        put::<Post>(&db, &post("3")).await;
        db.transaction()
            .update_if("1", Post::A.title.set("New"), Post::A.author.eq("ada"))
            .check("3", Post::A.author.eq("ada"))
            .update("t", Tag::A.color.set("blue"))
            .await
            .unwrap();
        let post_of_three = Post::get(&db, "3").await.unwrap();
        assert_eq!((Post::get(&db, "1").await.unwrap().title.as_str(), post_of_three.version), ("New", 4));
        assert_eq!(Tag::get(&db, "t").await.unwrap().color, "blue");
        // A change of a unique field plans its guards from the upgraded item.
        put::<Post>(&db, &post("3")).await;
        let renamed = Post::update_by_key(&db, "3", Post::A.slug.set("other")).await.unwrap();
        assert_eq!((renamed.slug.as_str(), renamed.author.as_str(), renamed.version), ("other", "ada", 5));

        let mut later = post("1");
        later["v"] = json!({"N": "4"});
        put::<Post>(&db, &later).await;
        let refused = db.transaction().update("1", Post::A.title.set("Old")).await.unwrap_err();
        let Error::TransactionCanceled(canceled) = refused else { panic!("{refused:?}") };
        assert_eq!(canceled.reasons()[0].cause().to_string(), "the item is of another schema version");
    }
}

/// An expired item gives its unique values to others, also where an upgrade gives its expiry the name of today.
#[tokio::test]
async fn an_upgrade_of_an_expired_item_leaves_guards_alone() {
    if !Engine::current().has_transactions() {
        return;
    }
    for db in tables().await {
        let of_slug = |id: &str| Post::builder().post_id(id).author("eve").slug("s1").title("T").build().unwrap();
        of_slug("2").insert(&db).await.unwrap();
        let mut expired = post("1");
        expired["until"] = json!({"N": "1000"});
        put::<Post>(&db, &expired).await;
        let updated = Post::update_by_key(&db, "1", Post::A.title.set("New")).await.unwrap();
        assert_eq!((updated.title.as_str(), updated.author.as_str()), ("New", "ada"));
        let taken = of_slug("3").insert(&db).await.unwrap_err();
        assert!(matches!(taken, Error::NotUnique { .. }), "{taken}");
    }
}

#[tokio::test]
async fn a_migration_leaves_no_older_item() {
    if !Engine::current().has_transactions() {
        return;
    }
    let [db, _] = tables().await;
    for id in 0..30 {
        put::<Post>(&db, &post(&id.to_string())).await;
        let now = Post::builder().post_id(format!("new{id}")).author("eve").slug(format!("n{id}")).title("T");
        now.build().unwrap().insert(&db).await.unwrap();
    }
    let mut gone = post("gone");
    gone["v"] = json!({"N": "1"});
    put::<Post>(&db, &gone).await;
    let migrated = match dyntastic::migrate::<Post>(&db, "to 3").await {
        Err(Error::Unmigrated(migrated)) => migrated,
        other => panic!("{other:?}"),
    };
    assert_eq!((migrated.counts.written, migrated.counts.unchanged), (30, 30));
    let whys: Vec<WhyUnmigrated> = migrated.unmigrated.iter().map(|item| item.why()).collect();
    assert_eq!(whys, [WhyUnmigrated::Unreadable]);
    let stored = raw::<Post>(&db, json!({"pk": {"S": "POST#3"}, "sk": {"S": "POST"}})).await;
    let now = write_model(&Post::get(&db, "3").await.unwrap()).unwrap();
    assert_eq!((stored.contains_key("writer"), &stored), (false, &now));
}
