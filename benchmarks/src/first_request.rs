//! What the processes of `first_request` have in common.

use crate::reads::get_response;
use crate::server::Server;
use aws_config::SdkConfig;

/// The settings of a process whose server responds with one item, loaded as services load them.
pub async fn environment() -> SdkConfig {
    Server::new(get_response().to_string()).environment().await
}
