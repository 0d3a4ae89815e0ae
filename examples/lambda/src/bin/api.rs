//! Answers requests of API Gateway.

use dyntastic::Client;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    // Once, not for each request: the client keeps its connections.
    let db = Client::from_env().await?;
    lambda_http::run(lambda_example::api::routes(db)).await
}
