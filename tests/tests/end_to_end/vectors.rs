//! Vectors, and the vector indexes that search them.

use crate::engine::{Engine, db, table_name};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::prelude::*;
use dyntastic::{Error, Vector};
use dyntastic_tests::vectors::{Chunk, Document, DocumentByEmbedding, Picture, PictureAlike};

fn document(id: &str, tenant: &str, embedding: impl dyntastic::IntoField<Vector<3>>) -> Document {
    Document::builder().document_id(id).tenant(tenant).title(id).embedding(embedding).build().unwrap()
}

/// Four items of two tenants.
pub async fn library(db: &Client) {
    let mut near = document("near", "acme", [1.0, 0.1, 0.0]);
    near.language = Some("en".to_owned());
    near.stars = 4.5;
    let mut far = document("far", "acme", [-1.0, 0.0, 0.0]);
    far.language = Some("de".to_owned());
    let documents =
        [near, far, document("same", "acme", [2.0, 0.0, 0.0]), document("other", "globex", [1.0, 0.0, 0.0])];
    for document in &documents {
        document.save(db).await.unwrap();
    }
}

#[tokio::test]
async fn a_search_finds_the_most_similar_items_of_its_hash_key() {
    if !Engine::current().has_vector_indexes() {
        return;
    }
    let db = db().await;
    library(&db).await;
    let embedding = Vector::from([1.0, 0.0, 0.0]);
    let found = Document::search_by_embedding(&db, "acme", &embedding).await.unwrap();
    let ids: Vec<&str> = found.iter().map(|found| found.item.document_id.as_str()).collect();
    assert_eq!(ids, ["same", "near", "far"]);
    assert_eq!((found[0].score, found[2].score), (0.0, 2.0));
    assert!(found[1].score > 0.0 && found[1].score < 0.01);
    let DocumentByEmbedding { title, language, stars, .. } = &found[1].item;
    assert_eq!((title.as_str(), language.as_deref(), *stars), ("near", Some("en"), 4.5));

    let first = Document::search_by_embedding(&db, "acme", [1.0, 0.0, 0.0]).top(1).await.unwrap();
    assert_eq!(first, found[..1]);
    let filtered = Document::search_by_embedding(&db, "acme", &embedding)
        .filter(Document::A.language.eq("en"))
        .filter(Document::A.stars.eq(4.5))
        .await
        .unwrap();
    assert_eq!(filtered, found[1..2]);
    assert_eq!(Document::search_by_embedding(&db, "nobody", &embedding).await.unwrap(), []);

    let whole = Document::search_by_embedding(&db, "acme", &embedding).top(2).full().await.unwrap();
    assert_eq!(whole[1].item, document_of(&db, "near").await);
    assert_eq!(whole.iter().map(|found| found.score).collect::<Vec<_>>(), [found[0].score, found[1].score]);
    // What a search returned is a key too.
    assert_eq!(Document::get(&db, &found[1].item).await.unwrap(), whole[1].item);
}

async fn document_of(db: &Client, id: &str) -> Document {
    Document::get(db, id).consistent_read().await.unwrap()
}

#[tokio::test]
async fn an_item_without_a_vector_is_in_no_index() {
    if !Engine::current().has_vector_indexes() {
        return;
    }
    let db = db().await;
    for (number, embedding) in [(1, Some([3.0, 4.0])), (2, None), (3, Some([-1.0, 0.0]))] {
        let embedding = embedding.map(Vector::from);
        let picture = Picture::builder().album("a").number(number).embedding(embedding).caption("x").build().unwrap();
        picture.save(&db).await.unwrap();
    }
    let nearest = Picture::search_nearest(&db, [0.0, 0.0]).await.unwrap();
    let found: Vec<(u32, f64)> = nearest.iter().map(|found| (found.item.number, found.score)).collect();
    assert_eq!(found, [(3, 1.0), (1, 5.0)]);
    assert_eq!(nearest[0].item.caption.as_deref(), Some("x"));
    let alike = Picture::search_alike(&db, [1.0, 1.0]).await.unwrap();
    assert_eq!(alike[0].item, PictureAlike { album: "a".to_owned(), number: 1 });
    assert_eq!(alike.iter().map(|found| found.score).collect::<Vec<_>>(), [7.0, -1.0]);
    // An update moves it, and takes it out.
    let key = ("a", 3);
    Picture::update_by_key(&db, key, Picture::A.embedding.set([9.0, 9.0])).await.unwrap();
    assert_eq!(Picture::search_alike(&db, [1.0, 1.0]).top(1).await.unwrap()[0].score, 18.0);
    Picture::update_by_key(&db, key, Picture::A.embedding.remove()).await.unwrap();
    assert_eq!(Picture::search_alike(&db, [1.0, 1.0]).await.unwrap().len(), 1);
    let without = Picture::scan(&db).filter(Picture::A.embedding.not_exists()).count().await.unwrap();
    assert_eq!(without, 2);
}

#[tokio::test]
async fn vectors_are_stored_as_lists_of_numbers_and_read_back_as_they_were() {
    let db = db().await;
    if !Engine::current().has_vector_indexes() {
        return;
    }
    let values = [0.1, f32::MAX, -f32::MIN_POSITIVE];
    let mut stored = document("exact", "acme", values);
    let turns = Some(vec![[0.5, 1.0].into()]);
    stored.chunks = vec![Chunk { text: "a".to_owned(), embedding: Some([1.5, -2.0].into()), turns }];
    stored.save(&db).await.unwrap();
    assert_eq!(document_of(&db, "exact").await, stored);
    let item = Document::get(&db, "exact").into_inner().unwrap().send().await.unwrap().item.unwrap();
    let AttributeValue::L(numbers) = &item["embedding"] else { panic!("it is a list") };
    let read: Vec<f32> = numbers.iter().map(|number| number.as_n().unwrap().parse().unwrap()).collect();
    assert_eq!((read.as_slice(), numbers[0].as_n().unwrap().as_str()), (values.as_slice(), "0.1"));
    // The JSON of the model has the same numbers.
    let json = dyntastic::serde_json::to_value(&stored).unwrap();
    assert_eq!(dyntastic::serde_json::from_value::<Document>(json.clone()).unwrap(), stored);
    assert_eq!(json["chunks"][0]["embedding"], dyntastic::serde_json::json!([1.5, -2.0]));

    // Another writer's vector of another length is an error with its place.
    let table = table_name::<Picture>(&db);
    Picture::builder().album("a").number(1_u32).build().unwrap().save(&db).await.unwrap();
    let key = [("album", AttributeValue::S("a".into())), ("number", AttributeValue::N("2".into()))];
    let chunk = AttributeValue::L(vec![AttributeValue::N("1".into())]);
    let item = key.map(|(name, value)| (name.to_owned(), value)).into_iter().chain([("caption".to_owned(), chunk)]);
    db.sdk().put_item().table_name(table).set_item(Some(item.collect())).send().await.unwrap();
    assert!(Picture::get(&db, ("a", 2)).await.is_err());
}

#[test]
fn wrong_values_are_violations() {
    let short: Result<Vector<3>, _> = vec![1.0, 2.0].try_into();
    let violations = short.unwrap_err();
    assert_eq!(violations.iter().map(dyntastic::Violation::code).collect::<Vec<_>>(), ["dimensions"]);
    let built = Document::builder().document_id("d").tenant("acme").title("t").embedding([f32::NAN, 0.0, 0.0]).build();
    assert_eq!(built.unwrap_err().to_string(), "Document.embedding: finite numbers");
    let json = dyntastic::serde_json::json!({ "text": "a", "embedding": [1.0] });
    assert!(
        dyntastic::serde_json::from_value::<Chunk>(json)
            .unwrap_err()
            .to_string()
            .contains("invalid length 1, expected 2 numbers")
    );
}

#[tokio::test]
async fn requests_that_the_service_would_refuse_are_not_sent() {
    let db = db().await;
    let search = || Document::search_by_embedding(&db, "acme", [1.0, 0.0, 0.0]);
    let refused = [
        search().top(0).await.unwrap_err(),
        search().top(101).await.unwrap_err(),
        search().filter(Document::A.title.eq("x")).await.unwrap_err(),
    ];
    assert!(refused.iter().all(|error| matches!(error, Error::InvalidRequest(_))), "{refused:?}");
    assert!(refused[2].to_string().contains("cannot filter by `title`"), "{}", refused[2]);
    let infinite = Document::search_by_embedding(&db, "acme", [f32::INFINITY, 0.0, 0.0]).await.unwrap_err();
    assert!(matches!(infinite, Error::Invalid(_)), "{infinite}");
}
