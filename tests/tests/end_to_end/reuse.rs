//! Scalars and mixins: their constraints, transforms and roles hold wherever they are used.

use crate::engine::db;
use dyntastic::chrono::Utc;
use dyntastic::prelude::*;
use dyntastic_tests::reuse::{Line, Page, Section};
use std::collections::BTreeMap;

fn page() -> Page {
    Page::builder().slug("home").mail(" Ada@Example.COM ").price(1_u64).owner("ada").build().unwrap()
}

#[test]
fn a_scalar_is_checked_in_fields_in_lists_and_in_maps() {
    let page = Page {
        parent: Some("Two Words".to_owned()),
        related: vec!["ok".to_owned(), String::new()],
        names: BTreeMap::from([("x".to_owned(), vec![Some("Upper".to_owned()), None])]),
        words: BTreeMap::from([("No".to_owned(), 2000)]),
        price: 0,
        lines: vec![Line { price: 1001, owner: "ada".to_owned(), team: None }],
        owner: "-Ada-".to_owned(),
        ..page()
    };
    let violations = page.validate().unwrap_err();
    let places: Vec<String> = violations.iter().map(|violation| violation.path().to_string()).collect();
    assert_eq!(
        places,
        [
            "parent",
            "related[1]",
            "related[1]",
            "names.x[0]",
            "words.No",
            "words.No",
            "price",
            "lines[0].price",
            "owner"
        ]
    );
}

#[tokio::test]
async fn a_scalar_of_a_key_is_checked_in_a_table_of_its_own_and_in_a_shared_one() {
    let refused = Page { slug: "Home".to_owned(), ..page() }.validate().unwrap_err();
    assert_eq!(refused.to_string(), "Page.slug: it matches ^[a-z0-9-]+$");
    let refused = Section::builder().slug("a b").owner("ada").build().unwrap_err();
    assert_eq!(refused.to_string(), "Section.slug: it matches ^[a-z0-9-]+$");
}

#[tokio::test]
async fn mixins_bring_roles_and_transforms_come_with_scalars() -> dyntastic::Result<()> {
    let db = db().await;
    let mut page = page();
    assert_eq!(page.mail, "ada@example.com");
    assert!(!format!("{page:?}").contains("ada@"), "a sensitive scalar is hidden");

    let before = Utc::now().timestamp_millis();
    page.insert(&db).await?;
    page.update(&db, Page::A.mail.set("BOB@example.com")).await?;
    let stored = Page::get(&db, "home").consistent_read().await?;
    assert_eq!(stored.mail, "bob@example.com");
    assert!(stored.created_at.timestamp_millis() >= before && stored.updated_at >= stored.created_at);
    assert_eq!(Page::query_by_owner(&db, "ada").all().await?, [stored]);
    Ok(())
}
