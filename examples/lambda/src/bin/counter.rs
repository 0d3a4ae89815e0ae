//! Keeps counters from the records of the table's stream.

use dyntastic::Client;
use dyntastic::streams::Event;
use lambda_runtime::{Error, LambdaEvent, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    // Once, not for each event: the client keeps its connections.
    let handler = lambda_example::counter::handler(Client::from_env().await?);
    let handle = async |event: LambdaEvent<Event>| Ok::<_, Error>(handler.handle(event.payload).await);
    lambda_runtime::run(service_fn(handle)).await
}
