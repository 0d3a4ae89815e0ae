//! Giving one operation a serializer or a deserializer of its own.
//!
//! The SDK accepts them only from interceptors, and adding an interceptor to an operation costs a twentieth of a
//! small one. So all operations share one interceptor. While the future of an operation is polled, its payload waits
//! in the thread, with the address of a value that only its input owns. The SDK calls the interceptor before it uses
//! the input, and the interceptor takes the payload if the input is the right one. Another operation that starts in
//! the meantime (such as one in an interceptor of the app) has another input at another address.

use super::attempts::{AttemptLog, Fate};
use aws_sdk_dynamodb::operation as sdk;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{BeforeSerializationInterceptorContextRef, Input};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::ser_de::{SharedRequestSerializer, SharedResponseDeserializer};
use aws_smithy_types::config_bag::ConfigBag;
use std::cell::RefCell;
use std::collections::HashMap;
use std::pin::Pin;
use std::task::{Context, Poll};

thread_local! {
    static WAITING: RefCell<Option<Payload>> = const { RefCell::new(None) };
}

/// The payload of one operation, and the input that it belongs to.
#[derive(Debug)]
pub(crate) struct Payload {
    codec: Option<SerdeOverride>,
    fate: Option<Fate>,
    attempts: Option<AttemptLog>,
    owner: Owner,
}

/// The serializer or deserializer of one operation.
#[derive(Debug)]
pub(crate) enum SerdeOverride {
    Serializer(SharedRequestSerializer),
    Deserializer(SharedResponseDeserializer),
}

/// The identity of an operation's input.
#[derive(Debug, Clone, Copy)]
struct Owner {
    place: usize,
    place_of: fn(&Input) -> Option<usize>,
}

/// A value with a unique address, which stays the same when the value is moved.
trait Placed {
    fn place(&self) -> Option<usize>;
}

impl Placed for String {
    fn place(&self) -> Option<usize> {
        (self.capacity() > 0).then(|| self.as_ptr().addr())
    }
}

impl<T> Placed for Vec<T> {
    fn place(&self) -> Option<usize> {
        (size_of::<T>() > 0 && self.capacity() > 0).then(|| self.as_ptr().addr())
    }
}

impl<V> Placed for HashMap<String, V> {
    fn place(&self) -> Option<usize> {
        self.keys().next()?.place()
    }
}

/// The SDK's builder of an operation, which makes its input.
pub(crate) trait SdkRequest {
    /// The payload for this request; `None` if there is nothing to carry, or if the input has no unique address.
    fn carry(&self, codec: Option<SerdeOverride>, fate: Option<Fate>, attempts: Option<AttemptLog>) -> Option<Payload>;
}

macro_rules! requests {
    ($($operation:ident $builder:ident $input:ident $get:ident $field:ident;)*) => {$(
        impl SdkRequest for sdk::$operation::builders::$builder {
            fn carry(
                &self,
                codec: Option<SerdeOverride>,
                fate: Option<Fate>,
                attempts: Option<AttemptLog>,
            ) -> Option<Payload> {
                if codec.is_none() && fate.is_none() && attempts.is_none() {
                    return None;
                }
                let place = self.$get().as_ref()?.place()?;
                let place_of = |input: &Input| input.downcast_ref::<sdk::$operation::$input>()?.$field.as_ref()?.place();
                Some(Payload { codec, fate, attempts, owner: Owner { place, place_of } })
            }
        }
    )*};
}

requests! {
    get_item GetItemFluentBuilder GetItemInput get_table_name table_name;
    put_item PutItemFluentBuilder PutItemInput get_table_name table_name;
    update_item UpdateItemFluentBuilder UpdateItemInput get_table_name table_name;
    delete_item DeleteItemFluentBuilder DeleteItemInput get_table_name table_name;
    query QueryFluentBuilder QueryInput get_table_name table_name;
    scan ScanFluentBuilder ScanInput get_table_name table_name;
    batch_get_item BatchGetItemFluentBuilder BatchGetItemInput get_request_items request_items;
    batch_write_item BatchWriteItemFluentBuilder BatchWriteItemInput get_request_items request_items;
    transact_get_items TransactGetItemsFluentBuilder TransactGetItemsInput get_transact_items transact_items;
    transact_write_items TransactWriteItemsFluentBuilder TransactWriteItemsInput get_transact_items transact_items;
    search_vectors SearchVectorsFluentBuilder SearchVectorsInput get_table_name table_name;
}

/// Polls an operation while its payload waits for the interceptor.
pub(super) fn poll_with_payload<F: Future>(
    payload: &mut Option<Payload>,
    operation: Pin<&mut F>,
    cx: &mut Context<'_>,
) -> Poll<F::Output> {
    if payload.is_none() {
        return operation.poll(cx);
    }
    let _waiting = Waiting::begin(payload);
    operation.poll(cx)
}

/// The time in which a payload waits. In the end, an untaken payload returns to its operation.
struct Waiting<'c> {
    payload: &'c mut Option<Payload>,
    before: Option<Payload>,
}

impl<'c> Waiting<'c> {
    fn begin(payload: &'c mut Option<Payload>) -> Self {
        let before = WAITING.replace(payload.take());
        Self { payload, before }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        *self.payload = WAITING.replace(self.before.take());
    }
}

/// The interceptor, which gives each operation its payload.
#[derive(Debug, Clone, Copy)]
pub(super) struct PastSdk;

#[dyn_dispatch_hint]
impl Intercept for PastSdk {
    fn name(&self) -> &'static str {
        "dyntastic"
    }

    fn read_before_execution(
        &self,
        context: &BeforeSerializationInterceptorContextRef<'_>,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let is_owner = |owner: Owner| (owner.place_of)(context.input()) == Some(owner.place);
        let taken = WAITING.with_borrow_mut(|waiting| waiting.take_if(|payload| is_owner(payload.owner)));
        let state = cfg.interceptor_state();
        let Some(Payload { codec, fate, attempts, .. }) = taken else { return Ok(()) };
        if let Some(fate) = fate {
            state.store_put(fate);
        }
        if let Some(attempts) = attempts {
            state.store_put(attempts);
        }
        match codec {
            Some(SerdeOverride::Serializer(serializer)) => drop(state.store_put(serializer)),
            Some(SerdeOverride::Deserializer(deserializer)) => drop(state.store_put(deserializer)),
            None => {}
        }
        Ok(())
    }
}
