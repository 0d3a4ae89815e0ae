//! The cases that search a vector index, by a vector of 1,536 floats.

use crate::by_hand::{Attributes, number, text};
use crate::clients::Clients;
use crate::models::Passage;
use crate::run::{Case, case, contender};
use crate::server::Server;
use aws_sdk_dynamodb as sdk;
use dyntastic::{Client, Vector};
use sdk::types::{AttributeValue, KeysAndAttributes, SearchResultItem};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::hint::black_box;

const LIBRARY: &str = "library#000123456789";
const DIMENSIONS: usize = 1536;

/// What the index holds of a passage.
#[derive(Debug, Clone, PartialEq)]
struct Held {
    id: String,
    library: String,
    title: String,
    stars: f64,
}

/// A whole passage.
#[derive(Debug, Clone, PartialEq)]
struct Whole {
    held: Held,
    embedding: Vec<f32>,
}

fn embedding(of: usize) -> Vec<f32> {
    (0..DIMENSIONS).map(|index| ((of * DIMENSIONS + index) as f32 * 0.618_034).sin()).collect()
}

fn held(of: usize) -> Value {
    json!({
        "id": { "S": format!("passage#{of:010}") }, "library": { "S": LIBRARY },
        "title": { "S": format!("Passage number {of}, of the second edition") }, "stars": { "N": "4.5" },
    })
}

fn whole(of: usize) -> Value {
    let mut item = held(of);
    let numbers: Vec<Value> = embedding(of).iter().map(|number| json!({ "N": number.to_string() })).collect();
    item["embedding"] = json!({ "L": numbers });
    item
}

fn results(count: usize) -> String {
    let scored = |of: usize| json!({ "Item": held(of), "Score": 0.001_953_125 * of as f64 });
    json!({ "SearchResults": (0..count).map(scored).collect::<Vec<_>>() }).to_string()
}

fn held_of(item: &mut Attributes) -> Option<Held> {
    Some(Held {
        id: text(item, "id")?,
        library: text(item, "library")?,
        title: text(item, "title")?,
        stars: number(item, "stars")?,
    })
}

fn whole_of(mut item: Attributes) -> Option<Whole> {
    let value = |value: AttributeValue| match value {
        AttributeValue::N(text) => text.parse().ok(),
        _ => None,
    };
    let embedding = match item.remove("embedding")? {
        AttributeValue::L(values) => values.into_iter().map(value).collect::<Option<_>>()?,
        _ => return None,
    };
    Some(Whole { held: held_of(&mut item)?, embedding })
}

async fn sdk_results(sdk: &sdk::Client, vector: &[f32], top: usize) -> Vec<SearchResultItem> {
    let vector = vector.iter().map(|number| AttributeValue::N(number.to_string())).collect();
    let request = sdk.search_vectors().table_name("passages").index_name("by_embedding");
    let request = request
        .set_search_vector(Some(vector))
        .top_k(i32::try_from(top).expect("a number of items"))
        .search_condition_expression("#n0 = :v0")
        .expression_attribute_names("#n0", "library")
        .expression_attribute_values(":v0", AttributeValue::S(LIBRARY.to_owned()));
    request.send().await.expect("results").search_results.expect("results")
}

fn top(of: usize) -> u32 {
    u32::try_from(of).expect("a number of items")
}

/// The case that finds items as the index holds them.
pub async fn search(name: &'static str, found: usize, operations: u32) -> Case {
    let clients = Clients::new(name, "passages", results(found));
    let vector = Vector::<DIMENSIONS>::try_from(embedding(7)).expect("a vector");
    let results = || sdk_results(&clients.sdk, vector.as_ref(), found);
    let ours = async |db: &Client| {
        let search = Passage::search_by_embedding(db, LIBRARY, &vector).top(top(found));
        let results = search.await.expect("results");
        assert_eq!(results.len(), found);
        black_box(results);
    };
    let contenders = vec![
        contender("SDK untyped", || async { drop(black_box(results().await)) }),
        contender("SDK + hand-written", || async {
            let results = results().await.into_iter();
            let scored = results.filter_map(|of| Some((held_of(&mut of.item?)?, of.score)));
            let results: Vec<(Held, f64)> = scored.collect();
            assert_eq!(results.len(), found);
            black_box(results);
        }),
        contender("dyntastic map", || ours(&clients.map)),
        contender("dyntastic wire", || ours(&clients.wire)),
    ];
    case(name, operations, contenders).await
}

/// The case that finds items and fetches them whole, with their vectors.
pub async fn search_whole(name: &'static str, found: usize, operations: u32) -> Case {
    let items: Vec<Value> = (0..found).map(whole).collect();
    let read = json!({ "Responses": { "passages": items }, "UnprocessedKeys": {} }).to_string();
    let clients = Clients::of(name, "passages", &Server::new(read).with("SearchVectors", results(found)));
    let vector = Vector::<DIMENSIONS>::try_from(embedding(7)).expect("a vector");
    let fetched = async || {
        let results = sdk_results(&clients.sdk, vector.as_ref(), found).await;
        let key = |of: &SearchResultItem| {
            let id = of.item.as_ref().and_then(|item| item.get("id")).cloned().expect("a key");
            HashMap::from([("id".to_owned(), id)])
        };
        let keys = KeysAndAttributes::builder().set_keys(Some(results.iter().map(key).collect())).build();
        let request = clients.sdk.batch_get_item().request_items("passages", keys.expect("keys"));
        let responses = request.send().await.expect("items").responses.and_then(|mut of| of.remove("passages"));
        (results, responses.expect("items"))
    };
    let ours = async |db: &Client| {
        let search = Passage::search_by_embedding(db, LIBRARY, &vector).top(top(found)).full();
        let results = search.await.expect("items");
        assert_eq!(results.len(), found);
        black_box(results);
    };
    let contenders = vec![
        contender("SDK untyped", || async { drop(black_box(fetched().await)) }),
        contender("SDK + hand-written", || async {
            let (results, items) = fetched().await;
            let mut wholes: HashMap<String, Whole> = HashMap::with_capacity(items.len());
            wholes.extend(items.into_iter().filter_map(whole_of).map(|whole| (whole.held.id.clone(), whole)));
            let scored = results.into_iter().filter_map(|of| {
                let id = text(&mut of.item?, "id")?;
                Some((wholes.remove(&id)?, of.score))
            });
            let results: Vec<(Whole, f64)> = scored.collect();
            assert_eq!(results.len(), found);
            black_box(results);
        }),
        contender("dyntastic map", || ours(&clients.map)),
        contender("dyntastic wire", || ours(&clients.wire)),
    ];
    case(name, operations, contenders).await
}
