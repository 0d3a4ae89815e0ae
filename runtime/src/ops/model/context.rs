//! Contexts: values of a client, such as a tenant, that are part of the keys of its models.

use super::TableItem;
use crate::transport::Client;
use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

/// An entry of `contexts:` in a schema: values of a client that are part of the keys of its models.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no context",
    label = "a client has a context of the schema",
    note = "the entry `Tenant` of `contexts:` is made by `Tenant::new(…)`"
)]
pub trait Context: Clone + PartialEq + Send + Sync + 'static {
    /// Its name in the schema.
    const NAME: &'static str;
}

/// A [`Client`] with a context, which [`Client::with`] returns. A clone is cheap.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client) -> dyntastic::Result<()> {
/// let acme = db.with(Company::new("acme"));
/// let project = Project::builder(&acme).number(7).title("Roof").build()?;
/// project.save(&acme).await?;
/// let project = Project::get(&acme, 7).await?;
/// # Ok(())
/// # }
/// ```
///
/// A model with a `context:` has its operations on this client alone, which gives the fields of the context to each key, each
/// builder and each query. So code that forgets them does not compile, and none can read the items of another context. It is
/// a [`Client`] too, for models without a context, transactions and batches; their keys are from [`key`](Self::key).
#[derive(Clone)]
pub struct ContextClient<X> {
    client: Client,
    context: X,
}

impl Client {
    /// This client with a context, such as a tenant.
    pub fn with<X: Context>(&self, context: X) -> ContextClient<X> {
        ContextClient { client: self.clone(), context }
    }
}

impl<X: Context> ContextClient<X> {
    /// The context.
    pub fn context(&self) -> &X {
        &self.context
    }

    /// A key of a model of the context from its other values, for batches and transactions.
    pub fn key<M: InContext<Context = X>>(&self, key: impl Into<M::ContextKey>) -> M::Key {
        M::key_in(&self.context, key.into())
    }
}

impl<X> Deref for ContextClient<X> {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl<X: Context> AsRef<X> for ContextClient<X> {
    fn as_ref(&self) -> &X {
        &self.context
    }
}

/// Omits the context, whose values may be sensitive.
impl<X: Context> fmt::Debug for ContextClient<X> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContextClient").field("context", &X::NAME).finish_non_exhaustive()
    }
}

/// A model with a `context:` in the schema.
pub trait InContext: TableItem {
    /// The context.
    type Context: Context;

    /// The values of its key without those of the context.
    type ContextKey;

    /// The context of this item.
    fn context(&self) -> Self::Context;

    /// The whole key.
    #[doc(hidden)]
    fn key_in(context: &Self::Context, key: Self::ContextKey) -> Self::Key;
}

/// A client that has the operations of the model `M`: a [`Client`], or a [`ContextClient`] of the model's context.
pub trait ClientOf<M: TableItem> {
    /// The values of a key that the client does not know.
    type Key;

    #[doc(hidden)]
    fn client(&self) -> &Client;

    #[doc(hidden)]
    fn whole_key(&self, key: Self::Key) -> M::Key;

    /// The client for the operations on an item. They are refused if the item is of another context.
    #[doc(hidden)]
    fn client_of(&self, item: &M) -> Cow<'_, Client>;
}

impl<M: TableItem> ClientOf<M> for Client {
    type Key = M::Key;

    fn client(&self) -> &Client {
        self
    }

    fn whole_key(&self, key: M::Key) -> M::Key {
        key
    }

    fn client_of(&self, _: &M) -> Cow<'_, Client> {
        Cow::Borrowed(self)
    }
}

impl<M: InContext> ClientOf<M> for ContextClient<M::Context> {
    type Key = M::ContextKey;

    fn client(&self) -> &Client {
        &self.client
    }

    fn whole_key(&self, key: M::ContextKey) -> M::Key {
        M::key_in(&self.context, key)
    }

    fn client_of(&self, item: &M) -> Cow<'_, Client> {
        match item.context() == self.context {
            true => Cow::Borrowed(&self.client),
            false => Cow::Owned(self.client.outside(M::Context::NAME)),
        }
    }
}

/// A client whose operations read the items of all contexts.
#[diagnostic::on_unimplemented(
    message = "a model with a context cannot be scanned",
    label = "a scan reads the items of all contexts",
    note = "query the items of a hash key"
)]
pub trait Unrestricted {}

impl Unrestricted for Client {}
