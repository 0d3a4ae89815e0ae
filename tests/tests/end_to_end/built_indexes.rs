//! Vector indexes that are built for the items of before. The embedded engine takes a quarter of a minute for one, most of
//! which is waiting, so this is among the first tests.

use crate::engine::{Engine, db};
use crate::vectors::library;
use dyntastic::prelude::*;
use dyntastic::{Distance, KeyAttribute, VectorIndex, tables};
use dyntastic_tests::vectors::Document;

const BY_EMBEDDING: VectorIndex = VectorIndex::new("embedding-index", "embedding", 3, Distance::Cosine)
    .hash_key(KeyAttribute::string("tenant"))
    .filterable(&[KeyAttribute::number("stars")]);

#[tokio::test]
async fn an_index_of_a_table_with_items_is_planned_built_and_deleted() {
    if !Engine::current().has_vector_indexes() {
        return;
    }
    let db = db().await;
    let bare = <Document as TableItem>::TABLE.vector_indexes(&[]);
    tables::ensure(&db, &[bare]).await.unwrap();
    library(&db).await;
    let wanted = bare.vector_indexes(const { &[BY_EMBEDDING] });
    let plan = tables::plan(&db, &[wanted]).await.unwrap();
    let text = "create the index `embedding-index`: vectors of 3 dimensions in `embedding` (COSINE), hash key `tenant` \
                (string), filterable `stars` (number), with all attributes, of about 4 items";
    assert_eq!(plan.changes().iter().map(ToString::to_string).collect::<Vec<_>>(), [text]);
    // Waits until the index has the items.
    assert!(plan.apply().await.unwrap().is_empty());
    assert!(tables::plan(&db, &[wanted]).await.unwrap().is_empty());

    // It answers searches some time after it is active.
    match Document::search_by_embedding(&db, "acme", [1.0, 0.0, 0.0]).await {
        Ok(found) => assert_eq!(found.len(), 3),
        Err(error) => assert!(error.is_retryable(), "{error}"),
    }

    // Another distance is another index.
    let other =
        bare.vector_indexes(const { &[VectorIndex::new("embedding-index", "embedding", 3, Distance::Euclidean)] });
    let plan = tables::plan(&db, &[other]).await.unwrap();
    assert_eq!(plan.changes().iter().map(tables::Change::kind).collect::<Vec<_>>(), ["replace_index"]);
    let plan = tables::plan(&db, &[bare]).await.unwrap();
    let name = plan.changes()[0].name();
    assert!(plan.apply().allow_deletion(name).await.unwrap().is_empty());
    assert!(tables::plan(&db, &[bare]).await.unwrap().is_empty());
}
