//! A serializer or deserializer of one operation, before the SDK's.
//!
//! The SDK takes such a thing from interceptors alone, and an interceptor of one operation costs a twentieth of a small one.
//! So every operation has the same interceptor. What one of them carries waits in the thread while its future is polled,
//! together with a place in memory that belongs to its input alone. The interceptor, which the SDK calls before it does
//! anything with the input, takes what waits if the input is that one: another operation that begins meanwhile (in an
//! interceptor of the app's own, say) has its own input, elsewhere in memory.

use super::attempts::Fate;
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

/// What one operation carries past the SDK, and the input that it belongs to.
#[derive(Debug)]
pub(crate) struct Payload {
    codec: Option<SerdeOverride>,
    fate: Option<Fate>,
    owner: Owner,
}

/// What an operation can carry.
#[derive(Debug)]
pub(crate) enum SerdeOverride {
    Serializer(SharedRequestSerializer),
    Deserializer(SharedResponseDeserializer),
}

/// The input of one operation, told from all others.
#[derive(Debug, Clone, Copy)]
struct Owner {
    place: usize,
    place_of: fn(&Input) -> Option<usize>,
}

/// A value whose place in memory stays when the value is moved, and is no other's while the value is there.
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

/// The SDK's builder of an operation, from which its input is made.
pub(crate) trait SdkRequest {
    /// Says which input takes this past the SDK; `None` where the input has nothing to be told by.
    fn carry(&self, codec: Option<SerdeOverride>, fate: Option<Fate>) -> Option<Payload>;
}

macro_rules! requests {
    ($($operation:ident $builder:ident $input:ident $get:ident $field:ident;)*) => {$(
        impl SdkRequest for sdk::$operation::builders::$builder {
            fn carry(&self, codec: Option<SerdeOverride>, fate: Option<Fate>) -> Option<Payload> {
                if codec.is_none() && fate.is_none() {
                    return None;
                }
                let place = self.$get().as_ref()?.place()?;
                let place_of = |input: &Input| input.downcast_ref::<sdk::$operation::$input>()?.$field.as_ref()?.place();
                Some(Payload { codec, fate, owner: Owner { place, place_of } })
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
}

/// Sends a request of the SDK, with what it carries past it.
macro_rules! send {
    ($request:expr, $payload:expr) => {
        $crate::transport::send!($request, $payload, None)
    };
    ($request:expr, $payload:expr, $fate:expr) => {{
        let mut payload;
        // The request is gone before the future waits, and takes no place in it.
        let mut sent = ::std::pin::pin!({
            let request = $request;
            let what = $payload.clone().map($crate::transport::SerdeOverride::from);
            payload = $crate::transport::SdkRequest::carry(&request, what, $fate);
            request.send()
        });
        ::std::future::poll_fn(|cx| $crate::transport::poll_with_payload(&mut payload, sent.as_mut(), cx)).await
    }};
}
pub(crate) use send;

/// Sends a write; its error says whether it may have been applied.
macro_rules! send_write {
    ($request:expr, $payload:expr) => {{
        let fate = $crate::transport::Fate::default();
        let sent = $crate::transport::send!($request, $payload, Some(fate.clone()));
        sent.map_err(|error| $crate::transport::WriteError::new(error, &fate))
    }};
}
pub(crate) use send_write;

/// Polls an operation; what it carries is its interceptor's to take.
pub(crate) fn poll_with_payload<F: Future>(
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

/// While what is payload waits; in the end, what nobody has taken goes back.
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

/// Has the operation that begins carry what waits for it.
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
        let Some(Payload { codec, fate, .. }) = taken else { return Ok(()) };
        if let Some(fate) = fate {
            state.store_put(fate);
        }
        match codec {
            Some(SerdeOverride::Serializer(serializer)) => drop(state.store_put(serializer)),
            Some(SerdeOverride::Deserializer(deserializer)) => drop(state.store_put(deserializer)),
            None => {}
        }
        Ok(())
    }
}
