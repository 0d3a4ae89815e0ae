//! Keeps counters from the records of the table's stream.

use dyntastic::Client;
use lambda_runtime::{Error, LambdaEvent, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    // Once, not for each event: the client keeps its connections.
    let db = Client::from_env().await?;
    lambda_runtime::run(service_fn(async |event: LambdaEvent<_>| {
        Ok::<_, Error>(lambda_example::counter::handle(&db, event.payload).await)
    }))
    .await
}
