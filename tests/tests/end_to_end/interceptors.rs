//! Interceptors of the app's own that perform other operations while one begins: each operation keeps what is its own.

use crate::engine::{config, isolated};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeSerializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_types::config_bag::ConfigBag;
use dyntastic::Client;
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::prelude::*;
use dyntastic_tests::keys::ByText;
use dyntastic_tests::tables::Plain;
use futures_util::FutureExt;
use std::cell::Cell;
use std::fmt;
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Waker};

/// What is done inside of an operation that begins: up to the first time that it waits, or to its end on another thread.
type Inside = dyn Fn() + Send + Sync;

#[derive(Clone, Default)]
struct Nesting(Arc<OnceLock<Box<Inside>>>);

impl fmt::Debug for Nesting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nesting")
    }
}

thread_local! {
    static IS_INSIDE: Cell<bool> = const { Cell::new(false) };
}

#[dyn_dispatch_hint]
impl Intercept for Nesting {
    fn name(&self) -> &'static str {
        "nesting"
    }

    fn read_before_execution(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(inside) = self.0.get()
            && !IS_INSIDE.replace(true)
        {
            inside();
            IS_INSIDE.set(false);
        }
        Ok(())
    }
}

/// Clients of the same tables: one whose operations begin others, and one whose operations do not.
async fn clients() -> (Client, Client, Nesting) {
    let nesting = Nesting::default();
    let plain = config().await;
    let nested = plain.to_builder().interceptor(nesting.clone()).build();
    let builder = isolated();
    let (db, beside) = (builder.clone().from_conf(nested), builder.from_conf(plain));
    (db, beside, nesting)
}

fn text(id: &str) -> ByText {
    ByText::builder().id(id).build().unwrap()
}

fn plain(id: &str) -> Plain {
    Plain::builder().id(id).build().unwrap()
}

/// Performs an operation to its end, on this thread.
fn perform<F: Future>(operation: F) -> F::Output {
    let mut operation = pin!(operation);
    loop {
        if let Some(output) = operation.as_mut().now_or_never() {
            return output;
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operation_inside_of_another_does_not_take_what_that_carries() {
    let (db, beside, nesting) = clients().await;
    text("a").save(&beside).await.unwrap();
    plain("other").save(&beside).await.unwrap();
    let table = crate::engine::table_name::<Plain>(&beside);
    let sdk = beside.sdk().clone();
    // One that carries nothing itself, of the SDK's, and some of this crate's own.
    let inside = move || {
        let key = AttributeValue::S("other".to_owned());
        let found = perform(sdk.get_item().table_name(&table).key("id", key).send()).unwrap();
        assert!(found.item.is_some_and(|item| item.contains_key("id")), "the SDK's own operation is as it was");
        assert_eq!(perform(Plain::find(&beside, "other").into_future()).unwrap(), Some(plain("other")));
        perform(Plain::delete_by_key(&beside, "none").into_future()).unwrap();
        assert_eq!(perform(Plain::scan(&beside).all()).unwrap(), [plain("other")]);
        // One that is given up as soon as it has begun.
        let mut given_up = Plain::find(&beside, "other").into_future();
        let _ = given_up.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    };
    assert!(nesting.0.set(Box::new(inside)).is_ok());

    assert_eq!(ByText::find(&db, "a").await.unwrap(), Some(text("a")));
    assert_eq!(ByText::find(&db, "none").await.unwrap(), None);
    text("b").save(&db).await.unwrap();
    assert_eq!(ByText::batch_get(&db, ["a", "b"]).await.unwrap(), [text("a"), text("b")]);
    db.batch_write().put(&text("c")).delete::<ByText>("a").await.unwrap();
    let mut left = ByText::scan(&db).all().await.unwrap();
    left.sort_by(|one, other| one.id.cmp(&other.id));
    assert_eq!(left, [text("b"), text("c")]);
    let (one, other) = tokio::join!(ByText::find(&db, "b").into_future(), Plain::find(&db, "other").into_future());
    assert_eq!((one.unwrap(), other.unwrap()), (Some(text("b")), Some(plain("other"))));
}
