//! Keys whose fields end with another character than `#`.

use crate::engine::{Engine, db, table_name};
use crate::random::Random;
use crate::seeds::seed;
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::chrono::NaiveDate;
use dyntastic::codec::{AttributeMap, read_model, write_model};
use dyntastic::prelude::*;
use dyntastic::{Client, Error};
use dyntastic_tests::separators::{File, FileByDay, FileByOwner, FilesItem, Kind, Tenant};

fn file(folder: &str, number: i32, name: &str) -> File {
    let at = NaiveDate::from_ymd_opt(2026, 1, 31).unwrap();
    File::builder().tenant("t").drive("d").folder(folder).number(number).name(name).at(at).build().unwrap()
}

fn owned(owner: &str, kind: Kind, number: i32) -> File {
    File { owner: Some(owner.to_owned()), kind_of_file: kind, ..file("f", number, "name") }
}

fn text_of<'i>(item: &'i AttributeMap, name: &str) -> &'i str {
    item[name].as_s().unwrap()
}

#[tokio::test]
async fn keys_are_the_texts_of_their_templates() {
    let stored = write_model(&owned("ann#1", Kind::Text, -7)).unwrap();
    let keys = ["pk", "sk", "owner_pk", "owner_sk", "day_pk", "day_sk"].map(|name| text_of(&stored, name));
    let expected = [
        "tenant/t/d",
        "file/f/-9999999992/name",
        "$files|t",
        "ann#1|text|2026-01-31",
        "day:d:text",
        "-9999999992:name",
    ];
    assert_eq!(keys, expected);
    assert!(!stored.contains_key("drive"));
    assert_eq!(read_model::<File>(stored).unwrap().drive, "d");

    let db = db().await;
    let mut file = owned("ann#1", Kind::Text, -7);
    file.insert(&db).await.unwrap();
    let key = ("t", "d", "f", -7, "name");
    assert_eq!(File::get(&db, key).consistent_read().await.unwrap(), file);
    file.update(&db, File::A.owner.set("bob")).await.unwrap();
    let raw = db.sdk().get_item().table_name(table_name::<File>(&db));
    let raw = raw.key("pk", AttributeValue::S("tenant/t/d".to_owned()));
    let raw = raw.key("sk", AttributeValue::S("file/f/-9999999992/name".to_owned())).send().await.unwrap();
    assert_eq!(text_of(&raw.item.unwrap(), "owner_sk"), "bob|text|2026-01-31");
    File::update_by_key(&db, key, File::A.owner.remove()).await.unwrap();
    assert!(File::query_by_owner(&db, "t").all().await.unwrap().is_empty());
    File::delete_by_key(&db, key).await.unwrap();
    assert!(File::find(&db, key).await.unwrap().is_none());
}

#[test]
fn no_value_holds_the_separator_of_its_key() {
    let refused = |file: File| {
        let violations = file.validate().unwrap_err();
        violations.iter().map(|violation| violation.path().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(refused(file_of(|file| file.folder = "a/b".to_owned())), ["folder"]);
    assert_eq!(refused(file_of(|file| file.name = "a/b".to_owned())), ["name"]);
    assert_eq!(refused(file_of(|file| file.name = "a:b".to_owned())), ["name"], "of the index `by_day`");
    assert_eq!(refused(file_of(|file| file.tenant = "a#b".to_owned())), ["tenant"], "of the index `by_owner`");
    assert_eq!(refused(file_of(|file| file.owner = Some("a|b".to_owned()))), ["owner"]);
    // `-` sorts before `/`, so the folder `a-b` would not sort after the folder `a`.
    assert_eq!(refused(file_of(|file| file.folder = "a-b".to_owned())), ["folder"]);
    file_of(|file| file.name = "a-b #1".to_owned()).validate().unwrap();
    file_of(|file| file.owner = Some("a-b #1/".to_owned())).validate().unwrap();
}

fn file_of(change: impl FnOnce(&mut File)) -> File {
    let mut file = file("f", 1, "name");
    change(&mut file);
    file
}

/// Files whose folders and names are beginnings of each other, with characters on both sides of the separator.
async fn many(db: &Client) -> Vec<File> {
    let mut random = Random::new(seed(7));
    let mut files: Vec<File> = Vec::new();
    for _ in 0..60 {
        let folder = ["a", "ab", "a0", "b", "é", "a:", "aZ"][random.below(7) as usize];
        let name = ["aa", "aab", "a-b", "a b", "ab"][random.below(5) as usize];
        let file = file(folder, i32::try_from(random.below(7)).unwrap() - 3, name);
        if !files.contains(&file) {
            file.save(db).await.unwrap();
            files.push(file);
        }
    }
    files.sort_by(|one, other| (&one.folder, one.number, &one.name).cmp(&(&other.folder, other.number, &other.name)));
    files
}

#[tokio::test]
async fn keys_sort_as_their_fields_and_every_range_finds_the_same() {
    let db = db().await;
    let files = many(&db).await;
    let all = File::query(&db, "t", "d").all().await.unwrap();
    assert_eq!(all, files);
    let a = File::A;
    for folder in ["a", "ab", "a0", "b", "A", "c"] {
        let found = |is: &dyn Fn(&File) -> bool| files.iter().filter(|file| is(file)).cloned().collect::<Vec<_>>();
        let query = || File::query(&db, "t", "d");
        let of = |file: &File| file.folder.as_str().cmp(folder);
        assert_eq!(query().range(a.folder.eq(folder)).all().await.unwrap(), found(&|file| of(file).is_eq()));
        assert_eq!(query().range(a.folder.lt(folder)).all().await.unwrap(), found(&|file| of(file).is_lt()));
        assert_eq!(query().range(a.folder.le(folder)).all().await.unwrap(), found(&|file| of(file).is_le()));
        assert_eq!(query().range(a.folder.gt(folder)).all().await.unwrap(), found(&|file| of(file).is_gt()));
        assert_eq!(query().range(a.folder.ge(folder)).all().await.unwrap(), found(&|file| of(file).is_ge()));
        let begins = query().range(a.folder.begins_with(folder)).all().await.unwrap();
        assert_eq!(begins, found(&|file| file.folder.starts_with(folder)));
        for number in -3..3 {
            let within = query().range((a.folder.eq(folder), a.number.ge(number))).all().await.unwrap();
            assert_eq!(within, found(&|file| of(file).is_eq() && file.number >= number));
            let named = File::in_folder_from(&db, "t", "d", folder, number).all().await.unwrap();
            assert_eq!(named, within);
            let names = (a.folder.eq(folder), a.number.eq(number), a.name.gt("aa"));
            let after = query().range(names).all().await.unwrap();
            assert_eq!(after, found(&|file| of(file).is_eq() && file.number == number && file.name.as_str() > "aa"));
        }
    }
}

#[tokio::test]
async fn a_key_without_the_order_of_its_fields_compares_their_beginnings() {
    let db = db().await;
    let all =
        [("an", Kind::Text), ("ann", Kind::Textile), ("ann", Kind::Text), ("bob", Kind::Image), ("a#", Kind::Text)];
    for (number, (owner, kind)) in (0..).zip(all) {
        owned(owner, kind, number).save(&db).await.unwrap();
    }
    let numbers = |files: Vec<File>| {
        let mut numbers: Vec<i32> = files.iter().map(|file| file.number).collect();
        numbers.sort_unstable();
        numbers
    };
    let a = FileByOwner::A;
    let query = || File::query_by_owner(&db, "t");
    assert_eq!(numbers(query().all().await.unwrap()), [0, 1, 2, 3, 4]);
    assert_eq!(numbers(query().range(a.owner.begins_with("")).all().await.unwrap()), [0, 1, 2, 3, 4]);
    assert_eq!(numbers(query().range(a.owner.eq("an")).all().await.unwrap()), [0]);
    assert_eq!(numbers(query().range(a.owner.begins_with("an")).all().await.unwrap()), [0, 1, 2]);
    let texts = query().range((a.owner.eq("ann"), a.kind_of_file.eq(Kind::Text))).all().await.unwrap();
    assert_eq!(numbers(texts), [2]);
    let day = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
    let later = (a.owner.eq("ann"), a.kind_of_file.eq(Kind::Text), a.at.gt(day));
    assert_eq!(numbers(query().range(later).all().await.unwrap()), [2]);
    let named = File::owned_from(&db, "t", "ann", "text").all().await.unwrap();
    assert_eq!(numbers(named), [1, 2]);
    // A filter compares the attribute, whose order is that of the values.
    assert_eq!(numbers(query().filter(File::A.owner.gt("an")).all().await.unwrap()), [1, 2, 3]);
    let of_day = File::query_by_day(&db, "d", Kind::Text).range(FileByDay::A.number.between(0, 3));
    assert_eq!(numbers(of_day.all().await.unwrap()), [0, 2]);
}

#[tokio::test]
async fn models_and_guards_of_the_table_stay_apart() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    let tenant = Tenant::builder().tenant("t#1").title("UNIQUE#Tenant#title#x").build().unwrap();
    tenant.insert(&db).await.unwrap();
    let other = Tenant::builder().tenant("t#2").title("UNIQUE#Tenant#title#x").build().unwrap();
    assert!(matches!(other.insert(&db).await, Err(Error::NotUnique { .. })));
    let file = file("f", 1, "name");
    file.save(&db).await.unwrap();
    let mut found = FilesItem::scan(&db).all().await.unwrap();
    found.retain(|item| !matches!(item, FilesItem::Unknown(_)));
    found.sort_by_key(|item| matches!(item, FilesItem::Tenant(_)));
    assert_eq!(found, [FilesItem::File(file), FilesItem::Tenant(tenant)]);
}
