//! A client that asks for the capacity of each request.

use crate::engine::{config, isolated};
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
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};

/// Asks for the capacity of each request, and adds it up.
#[derive(Debug, Clone, Default)]
pub struct Meter(Arc<Mutex<Metered>>);

/// The units of requests, by what used them: the table, or an index.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Metered {
    pub reads: BTreeMap<String, f64>,
    pub writes: BTreeMap<String, f64>,
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
    pub fn take(&self) -> Metered {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

/// A client and its meter.
pub async fn metered() -> (Client, Meter) {
    let meter = Meter::default();
    let config = config().await.to_builder().interceptor(meter.clone()).build();
    (isolated().from_conf(config), meter)
}
