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

use crate::ops::{Error, Result};
use crate::transport::{Client, ClientBuilder};
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

    /// The SDK's configuration for this DynamoDB: its endpoint, a made-up region and made-up credentials.
    pub fn config(&self) -> sdk::Config {
        sdk::Config::builder()
            .behavior_version(sdk::config::BehaviorVersion::latest())
            .endpoint_url(self.endpoint())
            .region(sdk::config::Region::new("us-east-1"))
            .credentials_provider(sdk::config::Credentials::new("local", "local", None, None, "dyntastic"))
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
