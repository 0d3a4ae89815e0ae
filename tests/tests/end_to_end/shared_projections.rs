//! Indexes of shared tables that hold some attributes of their items.

use crate::engine::{db, table_name};
use dyntastic::Client;
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::chrono::NaiveDate;
use dyntastic::prelude::*;
use dyntastic_tests::shared_projections::{
    Book, BookByShelf, BookGsi1, Loan, LoanGsi1, LoanRecent, Member, MemberGsi1, Tag, TagByColor,
};

fn book(isbn: &str, topic: &str) -> Book {
    Book::builder().isbn(isbn).title(format!("title {isbn}")).topic(topic).text("long").shelf("A1").build().unwrap()
}

fn loan(isbn: &str, member: &str, day: u32) -> Loan {
    let lent_on = NaiveDate::from_ymd_opt(2024, 1, day).unwrap();
    Loan::builder().isbn(isbn).member(member).topic("rust").lent_on(lent_on).note("n".to_owned()).build().unwrap()
}

async fn library() -> Client {
    let db = db().await;
    for isbn in ["1", "2", "3"] {
        book(isbn, if isbn == "3" { "go" } else { "rust" }).save(&db).await.unwrap();
    }
    loan("1", "ada", 7).save(&db).await.unwrap();
    loan("1", "bob", 5).save(&db).await.unwrap();
    db
}

#[tokio::test]
async fn a_query_gives_the_projected_fields_of_its_own_model() {
    let db = library().await;
    // Books and loans of a topic are in one hash key of the index, and both hold the ISBN.
    let of = |isbn: &str| BookGsi1 { isbn: isbn.to_owned(), title: format!("title {isbn}") };
    assert_eq!(Book::query_gsi1(&db, "rust").all().await.unwrap(), [of("1"), of("2")]);
    assert_eq!(Book::of_topic(&db, "go").all().await.unwrap(), [of("3")]);
    assert_eq!(Book::query_gsi1(&db, "rust").count().await.unwrap(), 2);
    let loans = Loan::query_gsi1(&db, "rust").all().await.unwrap();
    let lent = |member: &str| LoanGsi1 { isbn: "1".to_owned(), member: member.to_owned() };
    assert_eq!(loans, [lent("ada"), lent("bob")]);
    let page = Book::query_gsi1(&db, "rust").limit(1).page().await.unwrap();
    let next = Book::query_gsi1(&db, "rust").cursor(page.next).page().await.unwrap();
    assert_eq!((page.items, next.items), (vec![of("1")], vec![of("2")]));
    let shelf = BookByShelf { isbn: "2".to_owned(), shelf: Some("A1".to_owned()) };
    assert!(Book::query_by_shelf(&db, "A1").all().await.unwrap().contains(&shelf));
}

#[tokio::test]
async fn a_scan_of_an_index_leaves_out_other_models() {
    let db = library().await;
    let ids = |books: Vec<BookGsi1>| {
        let mut ids: Vec<String> = books.into_iter().map(|book| book.isbn).collect();
        ids.sort();
        ids
    };
    assert_eq!(ids(Book::scan_gsi1(&db).all().await.unwrap()), ["1", "2", "3"]);
    let mut ada = Member::builder().name("ada").address("x").build().unwrap();
    ada.save(&db).await.unwrap();
    assert_eq!(Member::query_gsi1(&db).all().await.unwrap(), [MemberGsi1 { name: "ada".to_owned() }]);
    ada.update(&db, Member::A.active.set(false)).await.unwrap();
    assert_eq!(Member::scan_gsi1(&db).count().await.unwrap(), 0);
}

#[tokio::test]
async fn a_struct_of_an_index_is_a_key_and_leads_to_the_whole_item() {
    let db = library().await;
    let found = Loan::query_recent(&db, "1").all().await.unwrap();
    let days: Vec<&str> = found.iter().map(|loan: &LoanRecent| loan.member.as_str()).collect();
    assert_eq!(days, ["bob", "ada"], "in the order of the days");
    assert_eq!(Loan::get(&db, &found[0]).await.unwrap(), loan("1", "bob", 5));
    let whole = Book::query_gsi1(&db, "rust").full().all().await.unwrap();
    assert_eq!(whole, [book("1", "rust"), book("2", "rust")]);
    let tag = Tag::builder().tag("t").color("red").text("x").build().unwrap();
    tag.save(&db).await.unwrap();
    let by_color = Tag::query_by_color(&db, "red").all().await.unwrap();
    assert_eq!(by_color, [TagByColor { tag: "t".to_owned(), color: "red".to_owned() }]);
}

/// No filter asks DynamoDB for the model where only its own items should be.
#[tokio::test]
async fn an_item_of_no_model_is_left_out_although_it_has_all_fields() {
    let db = library().await;
    let texts = [
        ("pk", "BOOK#1"),
        ("sk", "LOAN#zoe"),
        ("kind", "Alien"),
        ("isbn", "1"),
        ("member", "zoe"),
        ("lent_on", "2024-01-06"),
    ];
    let item = texts.map(|(name, text)| (name.to_owned(), AttributeValue::S(text.to_owned())));
    db.sdk().put_item().table_name(table_name::<Loan>(&db)).set_item(Some(item.into())).send().await.unwrap();
    let loans = Loan::query_recent(&db, "1").all().await.unwrap();
    assert_eq!(loans.iter().map(|loan| loan.member.as_str()).collect::<Vec<_>>(), ["bob", "ada"]);
}
