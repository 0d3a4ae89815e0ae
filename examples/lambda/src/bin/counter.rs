//! Keeps counters from the records of the table's stream.

use dyntastic::Client;
use lambda_runtime::{Error, LambdaEvent, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    // Once, not for each event: the client keeps its connections.
    let handler = lambda_example::counter::handler(Client::from_env().await?);
    lambda_runtime::run(service_fn(async |event: LambdaEvent<_>| Ok::<_, Error>(handler.handle(event.payload).await)))
        .await
}
