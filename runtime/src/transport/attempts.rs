//! Whether an attempt of a write may have been applied.
//!
//! It may have been if the response was lost or damaged, was an error of DynamoDB's own, or said that the transaction
//! was still in progress. The next attempt of a conditional write then meets the item that the first one wrote. Some
//! writes have no next attempt. An update that calculates from stored values would be applied twice, and a write that
//! returns the old item would return its own.
//!
//! The write and its interceptor share a [`Fate`], because the SDK's error describes only the last attempt.

use super::limits::Limits;
use crate::ground::AttributeMap;
use crate::observe::{Throttling, is_canceled};
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::operation::delete_item::{DeleteItemError, DeleteItemInput};
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemInput};
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeSerializationInterceptorContextRef, BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::interceptors::{self, Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};
use aws_smithy_types::retry::RetryConfig;
use std::collections::HashMap;
use std::error::Error;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::time::Instant;

/// Follows the attempts of each request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attempts;

/// The known fate of the attempts of one write.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fate(Arc<Flags>);

#[derive(Debug, Default)]
struct Flags {
    /// An attempt is running.
    in_flight: AtomicBool,
    /// A completed attempt may have been applied.
    may_be_applied: AtomicBool,
}

impl Storable for Fate {
    type Storer = StoreReplace<Self>;
}

/// The attempts of one request, for those who watch it.
#[derive(Debug, Clone)]
pub(crate) struct AttemptLog {
    /// They slow down when DynamoDB throttles an attempt.
    limits: Arc<Limits>,
    so_far: Arc<Mutex<AttemptsSoFar>>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct AttemptsSoFar {
    pub(super) count: u32,
    /// When the last one was sent.
    pub(super) sent_at: Option<Instant>,
    /// How many may have consumed capacity: they were sent, and were neither throttled nor unconnected. A transaction
    /// of which one action was throttled may have.
    consuming: u32,
    /// Why some of them were throttled.
    pub(super) throttling: Vec<Throttling>,
}

impl Storable for AttemptLog {
    type Storer = StoreReplace<Self>;
}

impl AttemptLog {
    pub(super) fn new(limits: Arc<Limits>) -> Self {
        Self { limits, so_far: Arc::default() }
    }

    fn log(&self) -> MutexGuard<'_, AttemptsSoFar> {
        self.so_far.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self) {
        let mut log = self.log();
        log.sent_at = Some(Instant::now());
        log.consuming += 1;
    }

    fn end(&self, context: &FinalizerInterceptorContextRef<'_>) {
        let error = context.output_or_error().and_then(Result::err).and_then(|error| error.as_operation_error());
        let throttling = error.and_then(|error| Throttling::all_of(error));
        let mut log = self.log();
        log.count += 1;
        let consumed_nothing = throttling.is_some() && !error.is_some_and(|error| is_canceled(error));
        if consumed_nothing || is_unconnected(context) {
            log.consuming = log.consuming.saturating_sub(1);
        }
        if let (Some(throttling), Some(sent_at)) = (throttling, log.sent_at) {
            let tables: Vec<&str> = throttling.iter().filter_map(Throttling::table).collect();
            self.limits.slow_down(sent_at, &tables);
            log.throttling.extend(throttling);
        }
    }

    pub(super) fn so_far(&self) -> AttemptsSoFar {
        self.log().clone()
    }
}

impl AttemptsSoFar {
    pub(super) fn consumed_nothing(&self) -> bool {
        self.consuming == 0
    }
}

impl Fate {
    pub(super) fn may_be_applied(&self) -> bool {
        self.0.may_be_applied.load(Ordering::Acquire)
    }
}

/// The error of a write, and whether the write may have been applied.
#[derive(Debug)]
pub(crate) struct WriteError<E> {
    pub(crate) sdk: SdkError<E, HttpResponse>,
    pub(crate) may_be_applied: bool,
}

impl<E> WriteError<E> {
    pub(crate) fn new(sdk: SdkError<E, HttpResponse>, fate: &Fate) -> Self {
        Self { sdk, may_be_applied: fate.may_be_applied() }
    }

    /// The stored item that has refused the write; `item` takes it out of the SDK's error. `None` if an earlier attempt
    /// may have been applied.
    pub(crate) fn refused_by(&self, item: impl FnOnce(&E) -> Option<AttributeMap>) -> Option<AttributeMap> {
        self.sdk.as_service_error().and_then(item).filter(|_| !self.may_be_applied)
    }
}

/// Marks a request that must not be sent twice: a second attempt would change the item again, or would not return the
/// old item.
#[derive(Debug, Clone, Copy)]
struct SendOnce;

impl Storable for SendOnce {
    type Storer = StoreReplace<Self>;
}

/// Whether applying an update twice differs from applying it once. Such an update adds to a number, calculates with
/// one, joins lists, copies an attribute, or names a list element by its index. Names and values are placeholders in
/// the expression, so that they contain none of these operators.
fn calculates(update: &UpdateItemInput) -> bool {
    let Some(expression) = update.update_expression() else { return false };
    let mut values = update.expression_attribute_values().into_iter().flat_map(HashMap::values);
    let adds = expression.contains("ADD ") && values.any(AttributeValue::is_n);
    let operators = ["+", "-", "list_append", "[", "= #"];
    adds || operators.iter().any(|operator| expression.contains(operator)) || copies_or_else(expression)
}

/// Whether an expression copies an attribute, or sets one to a value if another one is absent: `a = if_not_exists(b,
/// c)`. If `a` and `b` are the same, applying it twice does not differ.
fn copies_or_else(expression: &str) -> bool {
    let mut rest = expression;
    while let Some((before, arguments)) = rest.split_once("if_not_exists(") {
        let target = before.trim_end().strip_suffix('=').unwrap_or_default().trim_end();
        let target = target.rsplit([' ', ',']).next();
        let (attribute, default) = arguments.split_once(',').unwrap_or((arguments, ""));
        if target != Some(attribute) || default.split(')').next().is_some_and(|default| default.contains('#')) {
            return true;
        }
        rest = arguments;
    }
    false
}

/// Whether DynamoDB has refused the write, so that it was not applied and will not be. A response without a code is
/// damaged, or does not come from DynamoDB.
fn is_refused(context: &FinalizerInterceptorContextRef<'_>) -> bool {
    let error = context.output_or_error().and_then(Result::err).and_then(|error| error.as_operation_error());
    context.response().is_some_and(|response| response.status().is_client_error())
        && error.and_then(code).is_some_and(|code| code != "TransactionInProgressException")
}

/// The code of a write's error.
fn code(error: &interceptors::context::Error) -> Option<&str> {
    fn of<E: ProvideErrorMetadata + Error + Send + Sync + 'static>(
        error: &interceptors::context::Error,
    ) -> Option<&str> {
        error.downcast_ref::<E>()?.code()
    }
    of::<PutItemError>(error)
        .or_else(|| of::<UpdateItemError>(error))
        .or_else(|| of::<DeleteItemError>(error))
        .or_else(|| of::<TransactWriteItemsError>(error))
}

/// Whether the default HTTP client could not connect.
fn is_unconnected(context: &FinalizerInterceptorContextRef<'_>) -> bool {
    let error = context.output_or_error().and_then(Result::err).and_then(|error| error.as_connector_error());
    let mut source = error.and_then(Error::source);
    while let Some(error) = source {
        if error.downcast_ref::<hyper_util::client::legacy::Error>().is_some_and(|error| error.is_connect()) {
            return true;
        }
        source = error.source();
    }
    false
}

#[dyn_dispatch_hint]
impl Intercept for Attempts {
    fn name(&self) -> &'static str {
        "dyntastic-attempts"
    }

    fn read_before_serialization(
        &self,
        context: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let input = context.input();
        let returns_old = |values: Option<&ReturnValue>| {
            values.is_some_and(|values| matches!(values, ReturnValue::AllOld | ReturnValue::UpdatedOld))
        };
        let is_once = match (input.downcast_ref::<UpdateItemInput>(), input.downcast_ref::<DeleteItemInput>()) {
            (Some(update), _) => calculates(update) || returns_old(update.return_values()),
            (_, Some(delete)) => returns_old(delete.return_values()),
            _ => false,
        };
        if is_once {
            cfg.interceptor_state().store_put(SendOnce);
        }
        Ok(())
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(log) = cfg.load::<AttemptLog>() {
            log.begin();
        }
        if let Some(Fate(flags)) = cfg.load::<Fate>() {
            flags.in_flight.store(true, Ordering::Release);
        }
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(log) = cfg.load::<AttemptLog>() {
            log.end(context);
        }
        let fate = cfg.load::<Fate>();
        let was_sent = fate.is_none_or(|Fate(flags)| flags.in_flight.swap(false, Ordering::AcqRel));
        if !was_sent || is_refused(context) || is_unconnected(context) {
            return Ok(());
        }
        if let Some(Fate(flags)) = fate {
            flags.may_be_applied.store(true, Ordering::Release);
        }
        if cfg.load::<SendOnce>().is_some() {
            cfg.interceptor_state().store_put(RetryConfig::standard().with_max_attempts(1));
        }
        Ok(())
    }
}
