//! The clients of a case: the SDK's, dyntastic's with each codec, and the peers'.

use crate::peers::modyne::Database;
use crate::server::Server;
use aws_sdk_dynamodb as sdk;
use dyntastic::{Client, Codec};

pub struct Clients {
    pub sdk: sdk::Client,
    pub wire: Client,
    pub map: Client,
    pub modyne: Database,
}

impl Clients {
    /// Clients of a case for a table. All their requests get the same response.
    pub fn new(case: &str, table: &'static str, response: String) -> Self {
        Self::of(case, table, &Server::new(response))
    }

    /// Clients of a case for a table, on a server.
    pub fn of(case: &str, table: &'static str, server: &Server) -> Self {
        let ours = |codec| Client::builder().codec(codec).from_conf(server.config().build());
        let sdk = sdk::Client::from_conf(server.config().build());
        let modyne = Database { client: sdk.clone(), table };
        println!("{case}: a response of {} B", server.response().len());
        Self { sdk, wire: ours(Codec::Wire), map: ours(Codec::Map), modyne }
    }
}
