//! The engine that the store is held to: the embedded one, or `DYNTASTIC_TEST_ENDPOINT`, and what it does wrong.

use crate::outcome::Outcome;
use crate::request::Request;
use dyntastic::aws_sdk_dynamodb::Config;
use dyntastic::aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use dyntastic::aws_sdk_dynamodb::types::ReturnValue;
use dyntastic::local::Local;

/// The engines that are known, by the name that `DYNTASTIC_TEST_ENGINE` gives them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Embedded,
    DynamoDbLocal,
    Dynalite,
    Other,
}

/// An engine that runs, and how it is reached.
pub struct Running {
    pub engine: Engine,
    pub config: Config,
    _local: Option<Local>,
}

impl Running {
    pub async fn start() -> Self {
        let endpoint = std::env::var("DYNTASTIC_TEST_ENDPOINT").ok().filter(|endpoint| !endpoint.is_empty());
        let Some(endpoint) = endpoint else {
            let local = dyntastic::local::start().await.unwrap();
            return Self { engine: Engine::Embedded, config: local.config(), _local: Some(local) };
        };
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url(endpoint)
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("local", "local", None, None, "tests"))
            .build();
        let engine = match std::env::var("DYNTASTIC_TEST_ENGINE").as_deref() {
            Ok("dynamodb-local") => Engine::DynamoDbLocal,
            Ok("dynalite") => Engine::Dynalite,
            _ => Engine::Other,
        };
        Self { engine, config, _local: None }
    }
}

impl Engine {
    /// Whether the engine can be asked at all: dynalite has no transactions, and returns no item of a failed condition.
    pub fn takes(self, request: &Request) -> bool {
        self != Engine::Dynalite || !matches!(request, Request::Transact(..) | Request::TransactGet(..))
    }

    /// Whether the engine's answer is known to be wrong where the store's is another.
    pub fn is_wrong(self, request: &Request, answer: &Outcome, of_store: &Outcome) -> bool {
        let says = |outcome: &Outcome, what: &str| outcome.as_ref().is_err_and(|error| error.contains(what));
        match (self, request) {
            // dynoxide 3 gives the key of an item that an update makes for the item that was there before ("UpdateItem":
            // `ALL_OLD` are the attributes before the update), and lets an update without expression have values that are
            // not used.
            (Engine::Embedded, Request::Update(_, update, condition, values)) => {
                let is_key = |text: &String| text.starts_with("{\"pk\"") && text.matches(": ").count() == 2;
                let has_unused = update.text.is_none() && condition.values.keys().any(|name| name.contains("unused"));
                has_unused || (*values == ReturnValue::AllOld && answer.as_ref().is_ok_and(is_key))
            }
            // DynamoDB Local 1.25 fails on an update without expression that returns what it has changed.
            (Engine::DynamoDbLocal, Request::Update(..)) => says(answer, "InternalFailure"),
            // It looks at the conditions before it sees that two actions are on one item, and refuses a whole transaction
            // for what DynamoDB gives as the reason of one action, also one whose token is another's.
            (Engine::DynamoDbLocal, Request::Transact(..)) => {
                let (is_refused, is_canceled) = (says(answer, "ValidationException"), says(answer, "canceled"));
                (is_refused && of_store.is_err()) || (is_canceled && says(of_store, "ValidationException"))
            }
            // dynalite 4 cannot read `NOT NOT`, takes the size of an empty text for none, looks at the types of index keys
            // before conditions, and goes on after a page that ends with the last item.
            (Engine::Dynalite, Request::Query { limit: Some(_), .. }) => true,
            (Engine::Dynalite, request) => {
                let text = format!("{request:?}");
                ["NOT NOT", "size(", "ADD a"].iter().any(|wrong| text.contains(wrong))
            }
            _ => false,
        }
    }
}
