//! The cost of schemas. Each folder of `tests/costs/` holds `models.yaml` and what its requests cost, as text
//! (`stdout`). `BLESS=1 cargo test -p dyntastic-codegen --test generator cost::` accepts the current text.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use crate::golden;
use dyntastic_codegen::{Cost, CostSource, Prices, RequestCost, Sources, cost};
use std::fs;
use std::path::Path;

fn of_text(schema: impl AsRef<[u8]>) -> Cost {
    let mut sources = Sources::new();
    sources.add("models.yaml", schema);
    cost(&sources, &Prices::default()).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

fn of_file(file: &Path) -> Cost {
    of_text(fs::read(file).unwrap())
}

fn request<'c>(cost: &'c Cost, model: &str, name: &str) -> &'c RequestCost {
    let model = cost.models.iter().find(|of| of.name == model).unwrap();
    model.requests.iter().find(|of| of.name == name).unwrap_or_else(|| panic!("{model:?} has no {name}"))
}

#[test]
fn every_case_has_its_cost() {
    golden::check("costs", |case| of_file(&case.join("models.yaml")).to_string());
}

#[test]
fn the_prices_are_those_of_the_page() {
    let prices = Prices::default();
    assert_eq!((prices.source.as_str(), prices.region.as_str()), ("Amazon DynamoDB pricing", "us-east-1"));
    assert!(prices.date.len() == 10 && prices.standard.on_demand.write > prices.standard.on_demand.read);
    let wrong = include_str!("../../src/cost/prices.json").replace("0.625", "-1");
    let refused = "-1e0 is not a price: it is a number from 0 to 1000000000 at line 7 column 47";
    assert_eq!(Prices::of_json(&wrong), Err(refused.to_owned()));
    assert!(Prices::of_json("{}").is_err());
}

/// The examples of the page "DynamoDB read and write operations", and of "Amazon DynamoDB pricing": a million writes of
/// up to 1 kB are a million units.
#[test]
fn a_month_is_730_hours_of_the_rate() {
    let cost = of_text(
        "dyntastic: 1\nmodels:\n  Paid: { table: paid, hash_key: id, fields: { id: string }, size: 3000, rate: { get: 2, save: 1 } }\n  Fixed:\n    table: { name: fixed, create: { billing_mode: provisioned, throughput: { read: 1, write: 3 } } }\n    hash_key: id\n    fields: { id: string }\n    size: 3000\n    rate: { save: 1 }\n",
    );
    // Three units a second for 2,628,000 seconds, at 0.625 a million.
    assert_eq!(format!("{:.4}", request(&cost, "Paid", "save").month.unwrap()), "4.9275");
    // Half a unit twice a second, at 0.125 a million.
    assert_eq!(format!("{:.4}", request(&cost, "Paid", "get").month.unwrap()), "0.3285");
    // Three units for 730 hours at 0.00065.
    assert_eq!(format!("{:.4}", request(&cost, "Fixed", "save").month.unwrap()), "1.4235");
    assert_eq!(request(&cost, "Fixed", "get").month, None);
    assert_eq!(format!("{:.4}", cost.month().unwrap()), "6.6795");
}

#[test]
fn an_item_is_in_each_index_whose_keys_it_has() {
    let cost = of_file(Path::new("../tests/cases/shop/models.yaml"));
    let sources = |model: &str, name: &str| -> Vec<CostSource> {
        request(&cost, model, name).parts.iter().map(|part| part.source.clone()).collect()
    };
    let index = |name: &str, is_sparse| CostSource::Index { name: name.to_owned(), is_sparse };
    let inverted = index("inverted", false);
    // Nothing in the model names it, and its keys are those of the table.
    assert_eq!(sources("Address", "insert"), [CostSource::Table, inverted.clone()]);
    assert!(sources("Order", "insert").contains(&index("lsi1", false)));
    assert!(sources("Customer", "insert").contains(&CostSource::Guard("email".to_owned())));
}
