//! A test kit: all tables of a schema in an empty DynamoDB, what is sent to it, and its faults by a seed.
//!
//! ```
//! use dyntastic::prelude::*;
//! use dyntastic::testing::{self, Recorder};
//! use example_models::{TABLES, User};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> dyntastic::Result<()> {
//! let local = testing::start(TABLES).await?; // in this process, for this test alone
//! let sent = Recorder::new();
//! let db = local.client_through(&sent);
//!
//! let mut alice = User::builder().user_id("u1").name("Alice").email("alice@example.com").build()?;
//! alice.insert(&db).await?;
//! alice.update(&db, User::A.nickname.set("Al")).await?;
//!
//! sent.assert(
//!     "PutItem DyntasticExampleUsers if attribute_not_exists(user_id)
//!      UpdateItem DyntasticExampleUsers SET nickname = ? if attribute_exists(user_id)",
//! );
//! # Ok(())
//! # }
//! ```
//!
//! [`Faults`] makes requests fail as DynamoDB and the network do, and a seed chooses which:
//!
//! ```
//! # use dyntastic::prelude::*;
//! # use dyntastic::testing;
//! # use example_models::{TABLES, User};
//! use dyntastic::testing::{Fault, Faults};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> dyntastic::Result<()> {
//! let local = testing::start(TABLES).await?;
//! let faults = Faults::new(7).rate(0.15).only([Fault::Throttle, Fault::LoseResponse]);
//! let db = local.client_through(&faults);
//!
//! for number in 0..20 {
//!     let mut user = User::builder().user_id(number.to_string()).name("A").email("a@example.com").build()?;
//!     user.save(&db).await?; // the SDK sends it again
//! }
//! assert!(!faults.log().is_empty());
//! # Ok(())
//! # }
//! ```

mod difference;
mod fault;
mod faults;
mod layer;
mod leftovers;
mod near;
mod protocol;
mod recorder;
mod seeds;
mod sent;

pub use self::fault::Fault;
pub use self::faults::{Faults, InjectedFault};
pub use self::layer::Layer;
pub use self::recorder::Recorder;
pub use self::seeds::{SeedError, Seeds};
pub use self::sent::SentRequest;

pub use crate::fake::Random;

use crate::description::Table;
use crate::local::{self, Local};
use crate::ops::{Result, tables};
use crate::transport::{Client, ClientBuilder};
use aws_sdk_dynamodb as sdk;
use sdk::config::retry::{RetryConfig, RetryPartition, TokenBucket};
use std::time::Duration;

/// Starts an embedded DynamoDB with the tables of a schema, which are empty. It is in this process, and other tests do not
/// see it. It stops when it and the clients that it has made are dropped.
///
/// Its clients ignore the hosts that the schema gives tables: no request leaves the process.
///
/// What the embedded DynamoDB does not have, such as point-in-time recovery, the tables do not have either.
///
/// ```
/// use dyntastic::testing;
/// use example_models::TABLES;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> dyntastic::Result<()> {
/// let db = testing::start(TABLES).await?.client();
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// [`Error::Local`](crate::Error::Local) if no port is free, and what [`tables::ensure`] returns.
pub async fn start(tables: &[Table]) -> Result<Local> {
    let local = local::start().await?;
    tables::ensure(&local.client(), tables).await?;
    Ok(local)
}

/// For tests (feature `testing`).
impl Local {
    /// A client whose requests go through a layer, such as a [`Recorder`] or [`Faults`]. The client keeps the embedded
    /// DynamoDB running.
    ///
    /// It retries as the SDK does by default, and waits milliseconds in place of seconds before it does.
    pub fn client_through(&self, layer: &impl Layer) -> Client {
        self.client_with_through(Client::builder(), layer)
    }

    /// The same with the settings of a builder.
    pub fn client_with_through(&self, builder: ClientBuilder, layer: &impl Layer) -> Client {
        let http = aws_smithy_http_client::Builder::new().build_http();
        let retries = RetryConfig::standard()
            .with_initial_backoff(Duration::from_millis(1))
            .with_max_backoff(Duration::from_millis(20));
        let partition = RetryPartition::custom("dyntastic-testing").token_bucket(TokenBucket::unlimited()).build();
        let config = self.config().to_builder().http_client(http).retry_config(retries).retry_partition(partition);
        self.keeping(builder).from_conf(layer.around(config.build()))
    }
}
