//! Transforms: whatever gives an item its values, the table has the transformed ones.

use crate::engine::{Engine, db, table_name};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::prelude::*;
use dyntastic::{Client, Error};
use dyntastic_tests::transforms::{
    Address, Contact, ContactMail, CreateMember, Member, MemberByCity, MemberPatch, Node, Note, Person, PersonGsi1,
    PersonNotes,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

fn texts<C: FromIterator<String>>(texts: &[&str]) -> C {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn address(street: &str, label: &str) -> Address {
    Address { street: street.to_owned(), labels: texts(&[label]) }
}

/// A member whose values no builder has seen.
fn raw() -> Member {
    Member {
        email: " Ada@Example.COM ".to_owned(),
        team: "red".to_owned(),
        city: Some("OSLO".to_owned()),
        code: "green".to_owned(),
        note: Some(" As Is ".to_owned()),
        tags: texts(&["New ", "new", " HOT"]),
        lines: vec![Some(" one ".to_owned()), None],
        names: BTreeMap::from([("First".to_owned(), "ADA".to_owned())]),
        nested: vec![texts(&[" One", "TWO"])],
        address: Some(address(" High Street ", "HOME")),
        addresses: vec![address(" 1", "A"), address("2 ", "B")],
        by_name: BTreeMap::from([("Work".to_owned(), Some(address(" 3 ", "C"))), ("None".to_owned(), None)]),
        contact: Some(Contact::Mail(ContactMail { to: "ADA@example.com".to_owned() })),
        tree: Some(Node {
            name: "ROOT".to_owned(),
            next: Some(Box::new(Node { name: "Leaf".to_owned(), next: None })),
        }),
    }
}

/// The same member as writes store it.
fn stored() -> Member {
    Member {
        email: "ada@example.com".to_owned(),
        team: "RED".to_owned(),
        city: Some("oslo".to_owned()),
        code: "GREEN".to_owned(),
        note: Some(" As Is ".to_owned()),
        tags: texts(&["new", "hot"]),
        lines: vec![Some("one".to_owned()), None],
        names: BTreeMap::from([("First".to_owned(), "ada".to_owned())]),
        nested: vec![texts(&["one", "two"])],
        address: Some(address("High Street", "home")),
        addresses: vec![address("1", "a"), address("2", "b")],
        by_name: BTreeMap::from([("Work".to_owned(), Some(address("3", "c"))), ("None".to_owned(), None)]),
        contact: Some(Contact::Mail(ContactMail { to: "ada@example.com".to_owned() })),
        tree: Some(Node {
            name: "root".to_owned(),
            next: Some(Box::new(Node { name: "leaf".to_owned(), next: None })),
        }),
    }
}

async fn only(db: &Client) -> Member {
    let mut all = Member::scan(db).consistent_read().all().await.unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0)
}

#[tokio::test]
async fn every_write_of_an_item_stores_the_transformed_values() {
    let db = db().await;
    let member = raw();
    assert_eq!(member.validate(), Ok(()));
    assert_eq!(*member.transformed(), stored());
    member.save(&db).await.unwrap();
    assert_eq!((only(&db).await, &member), (stored(), &raw()));
    member.replace(&db).await.unwrap();
    assert!(matches!(member.insert(&db).await, Err(Error::AlreadyExists(_))));
    assert_eq!(only(&db).await, stored());
    member.delete(&db).await.unwrap();
    db.batch_write().put(&member).await.unwrap();
    assert_eq!(only(&db).await, stored());
    if Engine::current().has_transactions() {
        Member::delete_by_key(&db, ("ADA@example.com", "Red")).await.unwrap();
        db.transaction().insert(&member).await.unwrap();
        assert_eq!(only(&db).await, stored());
    }
    // The SDK's own request has them as well.
    let item = dyntastic::codec::write_model(&member).unwrap();
    assert_eq!(item.get("tags"), Some(&AttributeValue::Ss(texts(&["hot", "new"]))));
}

#[tokio::test]
async fn keys_are_transformed_wherever_they_are_given() {
    let db = db().await;
    raw().save(&db).await.unwrap();
    let key = || ("ADA@example.com ", "rEd");
    let mut member = Member::get(&db, key()).await.unwrap();
    assert_eq!(member, stored());
    assert_eq!(Member::batch_get(&db, [key()]).await.unwrap(), [stored()]);
    if Engine::current().has_transactions() {
        assert_eq!(db.transact_get((Member::key(key()),)).await.unwrap(), (Some(stored()),));
    }
    assert_eq!(Member::query(&db, "Ada@example.com").all().await.unwrap(), [stored()]);
    let ranges = [Member::A.team.eq("red"), Member::A.team.between("ra", "rz"), Member::A.team.ge("red")];
    for range in ranges {
        assert_eq!(Member::query(&db, "Ada@example.com").range(range).all().await.unwrap().len(), 1);
    }
    let by_city = Member::query_by_city(&db, "Oslo").range(MemberByCity::A.code.eq("green")).all().await.unwrap();
    assert_eq!(by_city.iter().map(|found| found.tags.len()).collect::<Vec<_>>(), [2]);
    let filter = Member::A.code.is_in(["green", "red"]) & Member::A.city.eq("OSLO") & Member::A.city.ne("Rome");
    assert_eq!(Member::scan(&db).filter(filter).count().await.unwrap(), 1);
    // A struct whose key was assigned reaches the item that its save has written.
    member.email = "ADA@EXAMPLE.COM".to_owned();
    member.refresh(&db).await.unwrap();
    assert_eq!(member, stored());
    member.team = "red".to_owned();
    member.update(&db, Member::A.city.set("Bergen")).await.unwrap();
    assert_eq!((member.team.as_str(), member.city.as_deref()), ("RED", Some("bergen")));
    Member::update_by_key(&db, key(), Member::A.city.remove()).await.unwrap();
    assert_eq!(only(&db).await.city, None);
    member.team = "red".to_owned();
    member.delete(&db).await.unwrap();
    assert_eq!(Member::find(&db, key()).await.unwrap(), None);
}

#[tokio::test]
async fn updates_assign_transformed_values_also_to_elements() {
    let db = db().await;
    let mut member = stored();
    member.save(&db).await.unwrap();
    let a = Member::A;
    let nested = a.address.then(Address::A.street);
    member.update(&db, (a.city.set(Some("ROME".to_owned())), a.code.set("red"), nested.set(" Low "))).await.unwrap();
    assert_eq!((member.city.as_deref(), member.code.as_str()), (Some("rome"), "RED"));
    assert_eq!(member.address.as_ref().unwrap().street, "Low");

    member.update(&db, (a.tags.add([" NEW", "More"]), a.lines.append([Some(" two ")]))).await.unwrap();
    assert_eq!(member.tags, texts(&["new", "hot", "more"]));
    member.update(&db, (a.tags.delete(["HOT"]), a.lines.index(0).set(Some(" 1 ".to_owned())))).await.unwrap();
    assert_eq!(
        (member.tags.clone(), member.lines.clone()),
        (texts(&["new", "more"]), vec![Some("1".to_owned()), None, Some("two".to_owned())])
    );
    member
        .update(&db, (a.names.key("Last").set("LOVELACE"), a.addresses.index(1).set(address(" x ", "Y"))))
        .await
        .unwrap();
    assert_eq!((member.names["Last"].as_str(), &member.addresses[1]), ("lovelace", &address("x", "y")));
    let inner = a.by_name.key("Home").set(Some(address(" home ", "H")));
    member.update(&db, (inner, a.tree.set(Node { name: "OAK".to_owned(), next: None }))).await.unwrap();
    assert_eq!(member.by_name["Home"], Some(address("home", "h")));
    assert_eq!(member.tree.as_ref().unwrap().name, "oak");
    member.update(&db, (a.tags.set(["A", "a "]), a.contact.set(Contact::Post(address(" 9 ", "Z"))))).await.unwrap();
    assert_eq!(member.tags, BTreeSet::from(["a".to_owned()]));
    assert_eq!(member.contact, Some(Contact::Post(address("9", "z"))));
    let deep = a.nested.index(0);
    member.update(&db, deep.index(1).set(" Q ")).await.unwrap();
    assert_eq!(member.nested, [texts::<Vec<_>>(&["one", "q"])]);
    // The condition that the list is unchanged does not hold in dynalite.
    if Engine::current().returns_existing() {
        member.update(&db, deep.append([" R "])).await.unwrap();
        assert_eq!(member.nested, [texts::<Vec<_>>(&["one", "q", "r"])]);
        let longer = a.lines.set(a.lines.followed_by(vec![Some(" end ".to_owned())]));
        member
            .update(&db, (longer, a.nested.set(a.nested.or(vec![texts(&["X"])]).preceded_by(vec![texts(&[" P"])]))))
            .await
            .unwrap();
        assert_eq!((member.lines.last(), &member.nested[0]), (Some(&Some("end".to_owned())), &texts::<Vec<_>>(&["p"])));
    }
    assert_eq!(only(&db).await, member);

    // DynamoDB copies the value of another attribute as it is, so that the update has to be refused.
    let error = member.update(&db, a.city.set(a.note)).await.unwrap_err();
    assert_eq!(error.to_string(), "Member.city: the field's transforms would change it");
    let mut member = Member { note: Some("paris".to_owned()), ..member };
    member.save(&db).await.unwrap();
    member.update(&db, a.city.set(Member::A.note)).await.unwrap();
    assert_eq!(member.city.as_deref(), Some("paris"));
}

#[tokio::test]
async fn what_clients_send_is_transformed_too() {
    let db = db().await;
    let json = r#"{"email": " Ada@Example.com", "team": "red", "code": "green", "tags": ["X", "x"]}"#;
    let member: Member = dyntastic::serde_json::from_str(json).unwrap();
    member.save(&db).await.unwrap();
    let input: CreateMember = dyntastic::serde_json::from_str(json).unwrap();
    let built = input.build().unwrap();
    assert_eq!((only(&db).await, built.email.as_str()), (built.clone(), "ada@example.com"));
    let patch: MemberPatch = dyntastic::serde_json::from_str(r#"{"city": "OSLO", "tags": [" Y"]}"#).unwrap();
    let mut member = member;
    member.update(&db, patch).await.unwrap();
    assert_eq!((member.city.as_deref(), member.tags), (Some("oslo"), texts(&["y"])));
}

#[test]
fn checks_see_the_transformed_values() {
    let member = Member { email: " A ".to_owned(), city: Some(" much too long ".to_owned()), ..raw() };
    let expected = "Member.email: at least 3 characters, this has 1\nMember.city: at most 9 characters, this has 15";
    assert_eq!(member.validate().unwrap_err().to_string(), expected);
    let member = Member { tags: texts(&["  "]), code: "blue".to_owned(), ..raw() };
    let expected = "Member.code: one of RED, GREEN\nMember.tags[0]: at least 1 character, this has 0";
    assert_eq!(member.validate().unwrap_err().to_string(), expected);
}

#[tokio::test]
async fn keys_made_of_fields_and_unique_values_are_transformed() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    let person = |name: &str, email: &str| Person {
        name: name.to_owned(),
        email: email.to_owned(),
        city: "oslo".to_owned(),
        status: "new".to_owned(),
    };
    let mut ada = person(" Ada", "ADA@x.org");
    ada.save(&db).await.unwrap();
    let error = person("bob", "ada@X.org").insert(&db).await.unwrap_err();
    assert!(matches!(error, Error::NotUnique { .. }), "{error:?}");
    // The struct still has the values that it was given, and an update of an index key's other part is not refused.
    ada.update(&db, Person::A.status.set("old")).await.unwrap();
    assert_eq!((ada.name.as_str(), ada.email.as_str(), ada.city.as_str()), ("ada", "ada@x.org", "OSLO"));
    let found = Person::query_gsi1(&db, "Oslo").range(PersonGsi1::A.status.eq("old")).all().await.unwrap();
    assert_eq!(found, [ada.clone()]);

    let mut note = Note { name: "ADA".to_owned(), at: "noon".to_owned(), text: " Hi ".to_owned(), version: 0 };
    note.save(&db).await.unwrap();
    // A struct that a write changes anyway gets the transformed values at once.
    assert_eq!(note, Note { name: "ada".to_owned(), at: "NOON".to_owned(), text: "Hi".to_owned(), version: 1 });
    let all = PersonNotes::query(&db, "Ada ").await.unwrap();
    assert_eq!((all.person, all.notes.as_slice()), (Some(ada.clone()), std::slice::from_ref(&note)));
    note.at = "night".to_owned();
    Note::rekey(&db, ("ada", "Noon"), &mut note).await.unwrap();
    assert_eq!((note.at.as_str(), note.version), ("NIGHT", 2));
    db.transaction().delete::<Note>(("Ada", "night")).await.unwrap();
    ada.email = "Ada@Y.org".to_owned();
    ada.save(&db).await.unwrap();
    person("bob", "ADA@x.org").insert(&db).await.unwrap();
}

#[tokio::test]
async fn an_item_that_others_stored_is_read_as_it_is() {
    let db = db().await;
    stored().save(&db).await.unwrap();
    let table = table_name::<Member>(&db);
    let put = async |key: &str, value: AttributeValue| {
        let mut item = dyntastic::codec::write_model(&stored()).unwrap();
        item.insert(key.to_owned(), value);
        db.sdk().put_item().table_name(&table).set_item(Some(item)).send().await.unwrap();
    };
    let text = |text: &str| AttributeValue::S(text.to_owned());
    put("city", text("ROME")).await;
    let mut member = only(&db).await;
    assert_eq!(member.city.as_deref(), Some("ROME"));
    put("address", AttributeValue::M(HashMap::from([("street".to_owned(), text(" x "))]))).await;
    member.refresh(&db).await.unwrap();
    assert_eq!(member.address.as_ref().unwrap().street, " x ");
    member.save(&db).await.unwrap();
    assert_eq!(only(&db).await.address.unwrap().street, "x");
    // A key that the model does not make is an error, since no operation would reach the item.
    put("team", text("blue")).await;
    let error = Member::query(&db, "ada@example.com").all().await.unwrap_err();
    assert!(error.to_string().contains("`blue` rather than `BLUE`"), "{error}");
}

#[test]
fn a_valid_input_is_what_a_write_stores() {
    assert_eq!(dyntastic::Input::into_valid(raw()).unwrap(), stored());
}

#[tokio::test]
async fn conditions_compare_parts_as_stored() {
    let db = db().await;
    raw().save(&db).await.unwrap();
    let a = Member::A;
    for (condition, holds) in [
        (a.city.begins_with("OS"), true),
        (a.city.contains("SL"), true),
        (a.team.begins_with("r").into(), true),
        (a.note.begins_with(" As"), true),
        (a.note.begins_with("As"), false),
        (a.tags.contains(" NEW"), true),
        (a.tags.contains("As"), false),
        (a.lines.contains(Some(" one".to_owned())), true),
        (a.lines.index(0).eq(Some(" one ".to_owned())), true),
        (a.names.key("First").eq("Ada"), true),
        (a.names.key("First").begins_with("AD"), true),
        (a.names.key("First").is_in(["x", "ADA"]), true),
        (a.address.then(Address::A.street).begins_with("  High "), true),
        (a.address.then(Address::A.street).begins_with("High  "), false),
        (a.address.then(Address::A.street).contains(" Street"), true),
        (a.address.then(Address::A.street).contains(" Street "), false),
        (a.address.then(Address::A.labels).contains("HOME "), true),
        (a.addresses.contains(address(" 1", "A ")), Engine::current().compares_maps()),
        (a.nested.index(0).index(1).eq(" Two"), true),
        (a.nested.index(0).index(1).begins_with("TW"), true),
        (a.nested.index(0).contains("ONE"), true),
    ] {
        let text = format!("{condition:?}");
        let found = Member::scan(&db).filter(condition).consistent_read().count().await.unwrap();
        assert_eq!(found, u64::from(holds), "{text}");
    }
    assert_eq!(Member::query(&db, "ADA@example.com ").range(a.team.begins_with("re")).count().await.unwrap(), 1);
    Note::builder().name("ada").at("X1").text("t").build().unwrap().save(&db).await.unwrap();
    let notes = Note::query(&db, " Ada").range(Note::A.at.begins_with("x"));
    assert_eq!(notes.consistent_read().count().await.unwrap(), 1);
}

/// The lower case of a Σ depends on the letter after it: `ς` at the end of a word, and `σ` inside.
#[tokio::test]
async fn the_beginning_of_a_word_is_not_its_end() {
    let db = db().await;
    let member = Member { city: Some("ΟΔΥΣΣΕΙΑ".to_owned()), ..raw() };
    member.save(&db).await.unwrap();
    assert_eq!(only(&db).await.city.as_deref(), Some("οδυσσεια"));
    for part in ["ΟΔΥ", "ΟΔΥΣ", "ΟΔΥΣΣ", "οδυσ"] {
        let [begins, contains] = [Member::A.city.begins_with(part), Member::A.city.contains(part)];
        assert_eq!(Member::scan(&db).filter(begins).count().await.unwrap(), 1, "{part}");
        assert_eq!(Member::scan(&db).filter(contains).count().await.unwrap(), 1, "{part}");
    }
}
