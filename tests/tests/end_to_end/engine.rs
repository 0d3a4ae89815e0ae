//! The DynamoDB that the tests run against: an embedded one, or `DYNTASTIC_TEST_ENDPOINT`. Where an engine
//! differs from DynamoDB, it is said here and nowhere else.

use dyntastic::aws_sdk_dynamodb as sdk;
use dyntastic::local::{self, Local};
use dyntastic::{Client, ClientBuilder, Codec};
use sdk::config::{BehaviorVersion, Credentials, Region};
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::OnceCell;

/// The engines that CI runs the suite on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// dynoxide, in this process.
    Embedded,
    /// Amazon's DynamoDB Local.
    DynamoDbLocal,
    /// dynalite, from npm.
    Dynalite,
    /// moto's server, from PyPI. Only the tests of tables' plans are tried on it.
    Moto,
    /// Another endpoint, DynamoDB itself included: it has to do as DynamoDB does.
    Other,
}

impl Engine {
    /// The engine of this run, which `DYNTASTIC_TEST_ENGINE` names.
    pub fn current() -> Self {
        match (endpoint(), std::env::var("DYNTASTIC_TEST_ENGINE").as_deref()) {
            (None, _) => Engine::Embedded,
            (_, Ok("dynamodb-local")) => Engine::DynamoDbLocal,
            (_, Ok("dynalite")) => Engine::Dynalite,
            (_, Ok("moto")) => Engine::Moto,
            _ => Engine::Other,
        }
    }

    /// Whether tags can be read back. DynamoDB Local 1.25 and dynalite 4 take them in CreateTable and forget them.
    pub fn keeps_tags(self) -> bool {
        !matches!(self, Engine::DynamoDbLocal | Engine::Dynalite)
    }

    /// Whether a failed condition returns the item where it is asked for. dynalite 4 never does, so that there a
    /// failed condition of an update cannot be told from an absent item.
    pub fn returns_existing(self) -> bool {
        self != Engine::Dynalite
    }

    /// Whether there are transactions. dynalite 4 has none.
    pub fn has_transactions(self) -> bool {
        self != Engine::Dynalite
    }

    /// Whether an update that fails for its stored item, such as one inside of an absent value, cancels its transaction
    /// with a reason. DynamoDB Local 1.25 refuses the request, and does not say for which action.
    pub fn cancels_failed_updates(self) -> bool {
        self.has_transactions() && self != Engine::DynamoDbLocal
    }

    /// Whether the capacity of a write is also reported for indexes. That of dynalite 4 is of the table alone.
    pub fn reports_indexes(self) -> bool {
        self != Engine::Dynalite
    }

    /// Whether the capacity of a transaction is that of its writes. DynamoDB Local 1.25 reports the same number for the
    /// table and each index, whatever is written.
    pub fn reports_transactions(self) -> bool {
        self.has_transactions() && self != Engine::DynamoDbLocal
    }

    /// Whether maps are equal whatever the order of their entries. dynalite 4 compares their texts.
    pub fn compares_maps(self) -> bool {
        self != Engine::Dynalite
    }

    /// Whether a key of a global index can be several attributes, as in DynamoDB since November 2025. DynamoDB
    /// Local 1.25 and dynalite 4 are older.
    pub fn has_keys_of_several_attributes(self) -> bool {
        !matches!(self, Engine::DynamoDbLocal | Engine::Dynalite)
    }

    /// Whether tables have vector indexes, as in DynamoDB since 2026. DynamoDB Local 1.25, dynalite 4 and moto 5.2 are older.
    pub fn has_vector_indexes(self) -> bool {
        matches!(self, Engine::Embedded | Engine::Other)
    }

    /// Whether a table keeps its class. DynamoDB Local 1.25, dynalite 4 and moto 5.2 take it and forget it.
    pub fn keeps_class(self) -> bool {
        !matches!(self, Engine::DynamoDbLocal | Engine::Dynalite | Engine::Moto)
    }

    /// Whether a table is protected against deletion. dynalite 4 is not.
    pub fn protects_tables(self) -> bool {
        self != Engine::Dynalite
    }

    /// Whether tables have a time to live. dynalite 4 has none.
    pub fn has_time_to_live(self) -> bool {
        self != Engine::Dynalite
    }

    /// Whether tables have point-in-time recovery. dynoxide 3, DynamoDB Local 1.25 and dynalite 4 have none.
    pub fn has_point_in_time_recovery(self) -> bool {
        matches!(self, Engine::Moto | Engine::Other)
    }

    /// Whether tables have contributor insights.
    pub fn has_contributor_insights(self) -> bool {
        self == Engine::Other
    }

    /// Whether tables have resource-based policies. moto 5.2 takes none with a new table, and those of tables that exist.
    pub fn has_resource_policies(self) -> bool {
        matches!(self, Engine::Moto | Engine::Other)
    }

    /// Whether tables have replicas in other regions.
    pub fn has_replicas(self) -> bool {
        self == Engine::Other
    }

    /// Whether a table keeps its maximum of request units.
    pub fn has_on_demand_maximum(self) -> bool {
        matches!(self, Engine::Embedded | Engine::Other)
    }

    /// Whether a table says what it takes at once.
    pub fn has_warm_throughput(self) -> bool {
        self == Engine::Other
    }

    /// Whether a table that exists can get a key of KMS. dynoxide 3 takes one only for a new table, and moto 5.2 forgets it.
    pub fn changes_keys(self) -> bool {
        self == Engine::Other
    }

    /// Whether the time to live of a table may be changed twice in an hour. DynamoDB allows one change.
    pub fn changes_time_to_live(self) -> bool {
        self != Engine::Other
    }

    /// Whether a stream can be turned on after another one was turned off. In moto 5.2 it cannot.
    pub fn replaces_streams(self) -> bool {
        self != Engine::Moto
    }

    /// Whether two changes of a table may come at once. moto 5.2 fails with an error of its own.
    pub fn takes_changes_at_once(self) -> bool {
        self != Engine::Moto
    }

    /// Whether indexes of a table can be created and deleted. The UpdateTable of dynalite 4 ignores this.
    pub fn changes_indexes(self) -> bool {
        self != Engine::Dynalite
    }

    /// Whether tables have streams. dynalite 4 takes the setting and forgets it.
    pub fn has_streams(self) -> bool {
        self != Engine::Dynalite
    }
}

fn endpoint() -> Option<String> {
    std::env::var("DYNTASTIC_TEST_ENDPOINT").ok().filter(|endpoint| !endpoint.is_empty())
}

/// The embedded engine of this test process.
async fn embedded() -> &'static Local {
    static LOCAL: OnceCell<Local> = OnceCell::const_new();
    LOCAL.get_or_init(|| async { local::start().await.expect("the embedded engine starts") }).await
}

/// The SDK's configuration for the engine.
pub async fn config() -> sdk::Config {
    match endpoint() {
        None => embedded().await.config(),
        Some(endpoint) => sdk::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url(endpoint)
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("local", "local", None, None, "tests"))
            .build(),
    }
}

/// The engine's URL.
pub async fn url() -> String {
    match endpoint() {
        None => embedded().await.endpoint(),
        Some(endpoint) => endpoint,
    }
}

/// A client whose tables no other test has.
pub async fn db() -> Client {
    isolated().from_conf(config().await)
}

/// Settings of such a client.
pub fn isolated() -> ClientBuilder {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    // `DYNTASTIC_TEST_CODEC=map` has the suite go through the SDK's attribute maps.
    let codec = match std::env::var("DYNTASTIC_TEST_CODEC").as_deref() {
        Ok("map") => Codec::Map,
        _ => Codec::Wire,
    };
    Client::builder().codec(codec).table_prefix(format!("t{}-{number}-", std::process::id()))
}

/// The name that an operation's SDK builder has for its table.
pub fn table_name<M: dyntastic::Model>(db: &Client) -> String {
    let request = dyntastic::ops::TableExists::<M>::new(db).into_inner().expect("the table is described");
    request.get_table_name().clone().expect("it has a name")
}

/// Polls an async expectation until it holds or ten seconds have passed.
pub async fn eventually(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..200 {
        if holds().await {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("{what} did not come about");
}
