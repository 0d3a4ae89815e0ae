//! The calculated cost of requests, and the capacity that the engine reports for them.

use crate::engine::Engine;
use crate::meter::{Metered, metered};
use dyntastic::chrono::{DateTime, Utc};
use dyntastic::prelude::*;
use dyntastic_codegen::{Cost, CostPart, CostSource, Prices, Sources, cost};
use dyntastic_tests::shop::{Customer, Order, Status};
use std::collections::BTreeMap;

/// The cost of the requests of `tests/cases/shop`, with items of the sizes that this test writes.
fn calculated() -> Cost {
    let schema = include_str!("../../cases/shop/models.yaml");
    let sized = |schema: String, model: &str, size: u32| {
        schema.replace(&format!("  {model}:\n"), &format!("  {model}:\n    size: {size}\n"))
    };
    let schema = sized(sized(schema.to_owned(), "Order", 1_800), "Customer", 100);
    let schema = schema.replace("between: [from, to] } }", "between: [from, to] }, items: 3 }");
    let schema = schema.replace("order: descending }", "order: descending, items: 3 }");
    let mut sources = Sources::new();
    sources.add("models.yaml", schema);
    cost(&sources, &Prices::default()).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

/// Compares what a request used with its calculated cost.
fn check(cost: &Cost, model: &str, name: &str, metered: &Metered) {
    let model = cost.models.iter().find(|of| of.name == model).unwrap();
    let request = model.requests.iter().find(|of| of.name == name).unwrap_or_else(|| panic!("no {name}: {model:?}"));
    let text = format!("{} {name}: {metered}; calculated: {:?}", model.name, request.parts);
    let sum = |units: &BTreeMap<String, f64>| units.values().sum::<f64>();
    if Engine::current().reports_indexes() {
        assert_eq!(
            (sum(&metered.reads), sum(&metered.writes)),
            (request.read_units(), request.write_units()),
            "{text}"
        );
    }
    // A guard may be in an index too.
    if !request.parts.iter().any(|part| part.source == CostSource::Transaction) {
        let is_reported = |part: &&CostPart| Engine::current().reports_indexes() || part.source == CostSource::Table;
        for part in request.parts.iter().filter(is_reported) {
            let source = match &part.source {
                CostSource::Index { name, .. } => name.as_str(),
                _ => "table",
            };
            assert_eq!(metered.reads.get(source).copied().unwrap_or_default(), part.read_units, "{text}");
            assert_eq!(metered.writes.get(source).copied().unwrap_or_default(), part.write_units, "{text}");
        }
    }
}

fn order(id: &str) -> Order {
    let placed_at: DateTime<Utc> = "2024-02-01T12:00:00Z".parse().unwrap();
    let order = Order::builder().customer_id("c1").order_id(id).placed_at(placed_at);
    order.carrier("dhl").note("x".repeat(1_500)).build().unwrap()
}

#[tokio::test]
async fn the_units_are_those_that_the_engine_reports() {
    let ((db, meter), cost) = (metered().await, calculated());
    Order::create_table(&db).await.unwrap();
    let check = |name| check(&cost, "Order", name, &meter.take());
    meter.take();
    let mut first = order("o1");
    first.insert(&db).await.unwrap();
    check("insert");
    order("o2").save(&db).await.unwrap();
    check("save");
    order("o3").save(&db).await.unwrap();
    check("save");
    Order::get(&db, ("c1", first.placed_at, "o1")).await.unwrap();
    check("get");
    let read = Order::placed_between(&db, "c1", first.placed_at, first.placed_at).all().await.unwrap();
    assert_eq!(read.len(), 3);
    check("placed_between");
    let read = Order::of_priority(&db, Status::Pending, 0).all().await.unwrap();
    assert_eq!(read.len(), 3);
    check("of_priority");
    first.update(&db, Order::A.note.set("y".repeat(1_500))).await.unwrap();
    check("update");
    first.update(&db, Order::A.status.set(Status::Paid)).await.unwrap();
    check("update of the key of gsi1");
    first.update(&db, Order::A.total.set(7_u32)).await.unwrap();
    check("update of the key of lsi1");
    first.delete(&db).await.unwrap();
    check("delete");
}

#[tokio::test]
async fn guards_and_transactions_are_counted() {
    if !Engine::current().reports_transactions() {
        return;
    }
    let ((db, meter), cost) = (metered().await, calculated());
    Customer::create_table(&db).await.unwrap();
    let check = |name| check(&cost, "Customer", name, &meter.take());
    let customer = |id: &str, email: &str, phone: u64| {
        Customer::builder().customer_id(id).name("x").email(email.to_owned()).phone(phone).build().unwrap()
    };
    meter.take();
    let mut ada = customer("ada", "a@x", 1);
    ada.insert(&db).await.unwrap();
    check("insert");
    customer("bob", "b@x", 2).save(&db).await.unwrap();
    check("save");
    ada.update(&db, Customer::A.name.set("y")).await.unwrap();
    check("update");
    ada.update(&db, Customer::A.email.set("new@x")).await.unwrap();
    check("update of email");
    ada.delete(&db).await.unwrap();
    check("delete");
}
