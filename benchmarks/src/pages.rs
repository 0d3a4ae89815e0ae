//! The cases that read pages of other shapes: wide items, items of a shared table, projections, long values and embeddings.

use crate::by_hand::Attributes;
use crate::clients::Clients;
use crate::items::{Form, ID, page};
use crate::models;
use crate::reads::page_request;
use crate::run::{Case, case, contender, long_case};
use crate::shapes::{
    self, CUSTOMER, Document, ShopItem, Summary, Vector, Wide, document_of, shop_item_of, summary_of, vector_of,
    wide_of,
};
use dyntastic::Client;
use serde::de::DeserializeOwned;
use std::hint::black_box;

/// What the contenders of a case read.
struct Page<S> {
    table: &'static str,
    response: String,
    number: usize,
    by_hand: fn(Attributes) -> Option<S>,
}

impl<S: DeserializeOwned> Page<S> {
    /// Runs the contenders. `ours` reads the page and returns the number of items.
    async fn case(self, name: &'static str, ours: impl AsyncFn(&Client) -> usize) -> Case {
        // A page of DynamoDB's has at most 1 MB. Longer ones are a measure of long items.
        let is_long = self.response.len() > 20_000_000;
        let clients = Clients::new(name, self.table, self.response);
        let items =
            || async { page_request(&clients.sdk, self.table).send().await.expect("a page").items.expect("items") };
        let keep = |items: Vec<S>| {
            assert_eq!(items.len(), self.number);
            black_box(items);
        };
        let ours = async |db: &Client| assert_eq!(ours(db).await, self.number);
        let contenders = vec![
            contender("SDK untyped", || async { drop(black_box(items().await)) }),
            contender("SDK + hand-written", || async {
                keep(items().await.into_iter().filter_map(self.by_hand).collect());
            }),
            contender("SDK + serde_dynamo", || async { keep(serde_dynamo::from_items(items().await).expect("items")) }),
            contender("dyntastic map", || ours(&clients.map)),
            contender("dyntastic wire", || ours(&clients.wire)),
        ];
        match self.number {
            1_000.. if is_long => long_case(name, contenders).await,
            1_000.. => case(name, 2, contenders).await,
            _ => case(name, 20, contenders).await,
        }
    }
}

pub async fn wide(name: &'static str, number: usize) -> Case {
    let response = page(number, shapes::wide, Form::Shuffled);
    let page = Page::<Wide> { table: "wides", response, number, by_hand: wide_of };
    page.case(name, async |db| black_box(models::Wide::query(db, ID).page().await.expect("a page").items).len()).await
}

fn shop(number: usize) -> Page<ShopItem> {
    let response = page(number, shapes::shop_item, Form::Regular);
    Page { table: "shop", response, number, by_hand: shop_item_of }
}

/// Reads the items of a shared table as the enum of its models.
pub async fn shared(name: &'static str, number: usize) -> Case {
    let key = format!("CUSTOMER#{CUSTOMER}");
    let ours = async |db: &Client| {
        let items = models::ShopItem::query(db, key.as_str()).page().await.expect("a page").items;
        assert!(!matches!(items.last(), Some(models::ShopItem::Unknown(_))));
        black_box(items).len()
    };
    shop(number).case(name, ours).await
}

/// Reads the items of a shared table as a collection.
pub async fn collection(name: &'static str, number: usize) -> Case {
    let ours = async |db: &Client| {
        let found = black_box(models::Customer::query(db, CUSTOMER).await.expect("a collection"));
        found.orders.len() + found.shipments.len()
    };
    shop(number).case(name, ours).await
}

pub async fn projected(name: &'static str, number: usize) -> Case {
    let response = page(number, shapes::summary, Form::Regular);
    let page = Page::<Summary> { table: "events", response, number, by_hand: summary_of };
    let ours = async |db: &Client| {
        let query = models::Event::query(db, ID).project_into::<models::EventSummary>();
        black_box(query.page().await.expect("a page").items).len()
    };
    page.case(name, ours).await
}

/// Reads the same page as tuples of attributes.
pub async fn tuples(name: &'static str, number: usize) -> Case {
    let response = page(number, shapes::summary, Form::Regular);
    let page = Page::<Summary> { table: "events", response, number, by_hand: summary_of };
    let ours = async |db: &Client| {
        let (sort, name, level) = (models::Event::A.sort, models::Event::A.name, models::Event::A.level);
        let query = models::Event::query(db, ID).project((sort, name, level));
        black_box(query.page().await.expect("a page").items).len()
    };
    page.case(name, ours).await
}

pub async fn long(name: &'static str, number: usize) -> Case {
    let response = page(number, shapes::document, Form::Regular);
    let page = Page::<Document> { table: "documents", response, number, by_hand: document_of };
    let ours = async |db: &Client| black_box(models::Document::query(db, ID).page().await.expect("a page").items).len();
    page.case(name, ours).await
}

pub async fn numbers(name: &'static str, number: usize) -> Case {
    let response = page(number, shapes::vector, Form::Regular);
    let page = Page::<Vector> { table: "vectors", response, number, by_hand: vector_of };
    page.case(name, async |db| black_box(models::Vector::query(db, ID).page().await.expect("a page").items).len()).await
}
