//! A DynamoDB inside this process, for tests, examples and tools. It needs no Docker and no set-up.
//!
//! The engine is [dynoxide](https://docs.rs/dynoxide-rs). It serves the DynamoDB API on a free port of the loopback
//! interface. It runs in its own thread, so that it outlives the async runtime that started it.
//!
//! ```
//! # async fn example() -> dyntastic::Result<()> {
//! let db = dyntastic::local::start().await?.client();
//! # Ok(())
//! # }
//! ```
//!
//! It has the tables of all hosts: where the schema gives a table a `host:`, the clients of an embedded DynamoDB ignore it.

use crate::ops::{Error, Result};
use crate::transport::{Client, ClientBuilder, Embedded};
use aws_sdk_dynamodb as sdk;
use dynoxide::Database;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// An embedded DynamoDB. It stops when this value and all its clients are dropped.
#[derive(Debug, Clone)]
pub struct Local(Arc<Server>);

#[derive(Debug)]
struct Server {
    address: SocketAddr,
    stop: Mutex<Option<oneshot::Sender<()>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// Starts an empty DynamoDB in memory.
///
/// # Errors
///
/// [`Error::Local`] if no port is free.
pub async fn start() -> Result<Local> {
    start_at(0).await
}

/// Starts an empty DynamoDB in memory on a port of the loopback interface. The port 0 is any free one.
///
/// # Errors
///
/// [`Error::Local`] if the port is not free.
pub async fn start_at(port: u16) -> Result<Local> {
    serve(Database::memory, port).await
}

/// Starts a DynamoDB that keeps its tables in a file. It creates the file if it is missing.
///
/// ```no_run
/// # async fn example() -> dyntastic::Result<()> {
/// let db = dyntastic::local::start_on("target/dev.db").await?.client();
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// [`Error::Local`] if the file is not such a database, or no port is free.
pub async fn start_on(file: impl AsRef<Path>) -> Result<Local> {
    let file = file.as_ref().to_string_lossy().into_owned();
    serve(move || Database::new(&file), 0).await
}

impl Local {
    /// A client of this DynamoDB. The client keeps it running.
    pub fn client(&self) -> Client {
        self.client_with(Client::builder())
    }

    /// A client of this DynamoDB with the settings of a builder. The client keeps it running.
    pub fn client_with(&self, builder: ClientBuilder) -> Client {
        self.keeping(builder).from_conf(self.config())
    }

    /// The builder of a client that keeps this DynamoDB running.
    pub(crate) fn keeping(&self, builder: ClientBuilder) -> ClientBuilder {
        builder.keeping(self.0.clone())
    }

    /// The SDK's configuration for this DynamoDB: its endpoint, a made-up region and made-up credentials. A [`Client`] with it
    /// sends all requests to this DynamoDB, also those for tables with a host of their own in the schema.
    pub fn config(&self) -> sdk::Config {
        sdk::Config::builder()
            .behavior_version(sdk::config::BehaviorVersion::latest())
            .endpoint_url(self.endpoint())
            .region(sdk::config::Region::new("us-east-1"))
            .credentials_provider(sdk::config::Credentials::new("local", "local", None, None, "dyntastic"))
            .interceptor(Embedded)
            .build()
    }

    /// The URL of this DynamoDB.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.0.address)
    }
}

async fn serve(open: impl FnOnce() -> dynoxide::Result<Database> + Send + 'static, port: u16) -> Result<Local> {
    let (started, starting) = oneshot::channel();
    let (stop, stopping) = oneshot::channel();
    let thread = std::thread::Builder::new()
        .name("dyntastic-local".to_owned())
        .spawn(move || run(open, port, started, stopping))
        .map_err(|error| Error::Local(error.to_string()))?;
    let address = starting.await.map_err(|_| Error::Local("its thread ended".to_owned()))?.map_err(Error::Local)?;
    Ok(Local(Arc::new(Server { address, stop: Mutex::new(Some(stop)), thread: Mutex::new(Some(thread)) })))
}

/// The server's thread: opens the database, sends its address, and serves until it is stopped.
fn run(
    open: impl FnOnce() -> dynoxide::Result<Database>,
    port: u16,
    started: oneshot::Sender<Result<SocketAddr, String>>,
    stopping: oneshot::Receiver<()>,
) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return drop(started.send(Err(error.to_string()))),
    };
    runtime.block_on(async {
        let opened = async {
            let database = open().map_err(|error| error.to_string())?;
            let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
            let listener = listener.map_err(|error| error.to_string())?;
            let address = listener.local_addr().map_err(|error| error.to_string())?;
            Ok((database, listener, address))
        };
        match opened.await {
            Err(error) => drop(started.send(Err(error))),
            Ok((database, listener, address)) => {
                if started.send(Ok(address)).is_ok() {
                    // The engine's own shutdown would wait for idle connections of clients.
                    let served = dynoxide::server::serve_with_shutdown(listener, database, std::future::pending());
                    tokio::select! {
                        _ = served => {}
                        _ = stopping => {}
                    }
                }
            }
        }
    });
}

impl Drop for Server {
    fn drop(&mut self) {
        let stop = self.stop.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(stop) = stop {
            let _ = stop.send(());
        }
        // The end of the thread closes the file, so that it can be opened again.
        let thread = self.thread.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread.filter(|thread| thread.thread().id() != std::thread::current().id()) {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::description::{KeyAttribute, Setting, Table};
    #[cfg(feature = "testing")]
    use crate::testing::{Faults, Layer};

    /// No request leaves the process, however the client is made, and whatever host the table has.
    #[tokio::test]
    async fn a_table_with_a_host_of_its_own_is_in_the_embedded_dynamodb() {
        let local = start().await.unwrap();
        let builder = || Client::builder().region("eu-west-1");
        let mut clients = vec![local.client(), local.client_with(builder()), Client::from_conf(local.config())];
        clients.push(builder().from_conf(local.config().to_builder().build()));
        #[cfg(feature = "testing")]
        clients.extend([
            local.client_through(&Faults::new(1)),
            local.client_with_through(builder(), &(Faults::new(1), Faults::new(2))),
            Client::from_conf(Faults::new(1).around(local.config())),
        ]);
        let id = KeyAttribute::string("id");
        let table = Table::new(Setting::value("users"), id);
        let tables = [
            table.host(Setting::value("https://dynamodb.eu-west-1.amazonaws.com")),
            // `CARGO_PKG_NAME` is no URL.
            table.host(Setting::env("CARGO_PKG_NAME")).region(Setting::value("us-west-2")),
            table.region(Setting::value("us-west-2")),
        ];
        for client in &clients {
            for table in tables {
                let target = client.target_of("User", table).unwrap();
                target.sdk.list_tables().send().await.unwrap();
                let own = table.region.is_some().then_some("us-west-2");
                let region = target.sdk.config().region().map(|region| region.as_ref().to_owned());
                assert_eq!(own.or(region.as_deref()), region.as_deref(), "a region tells places apart");
            }
        }
    }
}
