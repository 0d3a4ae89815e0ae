//! The calculated cost of requests, and the capacity that the engine reports for them.

use crate::engine::{Engine, config, isolated};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeSerializationInterceptorContextMut, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use dyntastic::Client;
use dyntastic::aws_sdk_dynamodb::operation as op;
use dyntastic::aws_sdk_dynamodb::types::{ConsumedCapacity, ReturnConsumedCapacity};
use dyntastic::chrono::{DateTime, Utc};
use dyntastic::prelude::*;
use dyntastic_codegen::{Cost, CostPart, CostSource, Prices, Sources, cost};
use dyntastic_tests::shop::{Customer, Order, Status};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};

/// Asks for the capacity of each request, and adds it up.
#[derive(Debug, Clone, Default)]
struct Meter(Arc<Mutex<Metered>>);

/// The units of requests, by what used them: the table, or an index.
#[derive(Debug, Clone, Default, PartialEq)]
struct Metered {
    reads: BTreeMap<String, f64>,
    writes: BTreeMap<String, f64>,
}

impl fmt::Display for Metered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "reads {:?}, writes {:?}", self.reads, self.writes)
    }
}

impl Metered {
    fn add(units: &mut BTreeMap<String, f64>, of: &ConsumedCapacity) {
        let mut add = |name: &str, capacity: Option<f64>| {
            if let Some(capacity) = capacity.filter(|capacity| *capacity != 0.0) {
                *units.entry(name.to_owned()).or_default() += capacity;
            }
        };
        add("table", of.table().and_then(|of| of.capacity_units()));
        let indexes = of.global_secondary_indexes().into_iter().chain(of.local_secondary_indexes()).flatten();
        indexes.for_each(|(name, of)| add(name, of.capacity_units()));
    }
}

macro_rules! inputs {
    ($context:expr, $($input:ty),+) => {
        $(if let Some(input) = $context.input_mut().downcast_mut::<$input>() {
            input.return_consumed_capacity = Some(ReturnConsumedCapacity::Indexes);
        })+
    };
}

#[dyn_dispatch_hint]
impl Intercept for Meter {
    fn name(&self) -> &'static str {
        "meter"
    }

    fn modify_before_serialization(
        &self,
        context: &mut BeforeSerializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        inputs!(
            context,
            op::get_item::GetItemInput,
            op::put_item::PutItemInput,
            op::update_item::UpdateItemInput,
            op::delete_item::DeleteItemInput,
            op::query::QueryInput,
            op::transact_write_items::TransactWriteItemsInput,
            op::batch_get_item::BatchGetItemInput
        );
        Ok(())
    }

    fn read_after_execution(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Some(Ok(output)) = context.output_or_error() else { return Ok(()) };
        let mut metered = self.0.lock().unwrap();
        if let Some(of) = output.downcast_ref::<op::get_item::GetItemOutput>() {
            of.consumed_capacity().into_iter().for_each(|of| Metered::add(&mut metered.reads, of));
        }
        if let Some(of) = output.downcast_ref::<op::query::QueryOutput>() {
            of.consumed_capacity().into_iter().for_each(|of| Metered::add(&mut metered.reads, of));
        }
        if let Some(of) = output.downcast_ref::<op::batch_get_item::BatchGetItemOutput>() {
            of.consumed_capacity().iter().for_each(|of| Metered::add(&mut metered.reads, of));
        }
        if let Some(of) = output.downcast_ref::<op::put_item::PutItemOutput>() {
            of.consumed_capacity().into_iter().for_each(|of| Metered::add(&mut metered.writes, of));
        }
        if let Some(of) = output.downcast_ref::<op::update_item::UpdateItemOutput>() {
            of.consumed_capacity().into_iter().for_each(|of| Metered::add(&mut metered.writes, of));
        }
        if let Some(of) = output.downcast_ref::<op::delete_item::DeleteItemOutput>() {
            of.consumed_capacity().into_iter().for_each(|of| Metered::add(&mut metered.writes, of));
        }
        if let Some(of) = output.downcast_ref::<op::transact_write_items::TransactWriteItemsOutput>() {
            of.consumed_capacity().iter().for_each(|of| Metered::add(&mut metered.writes, of));
        }
        Ok(())
    }
}

impl Meter {
    /// The units since the last call.
    fn take(&self) -> Metered {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

async fn metered() -> (Client, Meter) {
    let meter = Meter::default();
    let config = config().await.to_builder().interceptor(meter.clone()).build();
    (isolated().from_conf(config), meter)
}

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
