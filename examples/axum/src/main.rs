//! Serves the issue tracker on port 3000.

use dyntastic::Client;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The settings of the AWS SDKs, or DYNTASTIC_HOST and DYNTASTIC_REGION; without any, a DynamoDB in this process.
    let is_configured =
        ["AWS_REGION", "AWS_PROFILE", "DYNTASTIC_HOST"].iter().any(|name| std::env::var_os(name).is_some());
    let db = if is_configured { Client::from_env().await? } else { dyntastic::local::start().await?.client() };

    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    println!("The issue tracker is at http://{}.", listener.local_addr()?);
    axum::serve(listener, axum_example::service(db)).await?;
    Ok(())
}
