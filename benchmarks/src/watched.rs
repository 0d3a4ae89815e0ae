//! What an observer, the capacity of an operation and a rate limit that is never reached cost: the same operation
//! without them, in the same run.

use crate::items::{self, Form, ID, SORT, product};
use crate::models::Product;
use crate::run::{Case, case, contender};
use crate::server::Server;
use crate::tables::markdown;
use dyntastic::prelude::*;
use dyntastic::{Client, RateLimit};
use serde_json::{Value, json};
use std::hint::black_box;

const WITHOUT: &str = "without";
const WATCHES: [(&str, &str); 4] = [
    ("capacity", "`.with_capacity()`"),
    ("rate limit of the operation", "`.with_rate_limit(&limit)`"),
    ("rate limit of the client", "`Client::builder().rate_limit(Product::TABLE, &limit)`"),
    ("observer", "`Client::builder().observer(…)`, and the function does nothing"),
];

/// A limit that nothing reaches.
fn limit() -> RateLimit {
    RateLimit::new(1e12, 1e12).expect("a limit")
}

/// Runs an operation without and with what watches it. All its responses say what it consumed.
async fn case_of<T, F>(name: &'static str, operations: u32, mut response: Value, run: impl Fn(&Client) -> F) -> Case
where
    F: IntoFuture<Output = dyntastic::Result<T>, IntoFuture: Unpin>,
{
    response["ConsumedCapacity"] = json!({ "TableName": "products", "CapacityUnits": 1.0 });
    let (server, limit) = (Server::new(response.to_string()), limit());
    let client = |builder: dyntastic::ClientBuilder| builder.from_conf(server.config().build());
    let plain = client(Client::builder());
    let limited = client(Client::builder().rate_limit(Product::TABLE, &limit));
    let observed = client(Client::builder().observer(|_: &dyntastic::observe::ObservedRequest<'_>| {}));
    let (run, limit) = (&run, &limit);
    let alone = async |db: &Client| drop(black_box(run(db).await.expect("a response")));
    let contenders = vec![
        contender(WITHOUT, || alone(&plain)),
        contender(WATCHES[0].0, || async {
            drop(black_box(run(&plain).with_capacity().await.expect("a response")));
        }),
        contender(WATCHES[1].0, || async {
            drop(black_box(run(&plain).with_rate_limit(limit).await.expect("a response")));
        }),
        contender(WATCHES[2].0, || alone(&limited)),
        contender(WATCHES[3].0, || alone(&observed)),
    ];
    case(name, operations, contenders).await
}

pub async fn get(name: &'static str) -> Case {
    let response = json!({ "Item": items::nested(1) });
    case_of(name, 200, response, |db| Product::get(db, (ID, SORT + 1))).await
}

pub async fn page(name: &'static str) -> Case {
    let page = serde_json::from_str(&items::page(100, items::nested, Form::Regular)).expect("a page");
    case_of(name, 40, page, |db| Product::query(db, ID).all()).await
}

pub async fn put(name: &'static str) -> Case {
    let item = product(1, 75);
    case_of(name, 200, json!({}), |db| item.save(db)).await
}

/// The ratio of the time with each to the time without.
pub fn table(cases: &[Case]) -> String {
    let heads = ["with", "get", "query 100", "put", "what it is"].map(str::to_owned).to_vec();
    let ratio = |case: &Case, name: &str| {
        let taken = case.of(name).zip(case.of(WITHOUT));
        taken.map_or(String::new(), |(taken, without)| format!("{:.2}", taken.ratio(without)))
    };
    let row = |(name, meaning): &(&str, &str)| {
        let ratios = cases.iter().map(|case| ratio(case, name));
        [(*name).to_owned()].into_iter().chain(ratios).chain([(*meaning).to_owned()]).collect()
    };
    markdown(heads, WATCHES.iter().map(row))
}
