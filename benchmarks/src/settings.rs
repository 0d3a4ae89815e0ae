//! The cost of the SDK's settings on each request: the SDK alone, with one setting at a time changed from its default.

use crate::items::{self, Form};
use crate::reads::{get_request, get_response, page_request};
use crate::run::{Case, case, contender};
use crate::server::Server;
use crate::tables::markdown;
use aws_sdk_dynamodb as sdk;
use aws_types::endpoint_config::AccountIdEndpointMode;
use sdk::config::retry::RetryConfig;
use sdk::config::timeout::TimeoutConfig;
use sdk::config::{Builder, Credentials, IdentityCache, StalledStreamProtectionConfig};
use std::hint::black_box;
use std::time::Duration;

struct Setting {
    name: &'static str,
    /// The consequence for a user with this setting.
    meaning: &'static str,
    set: fn(Builder) -> Builder,
}

const DEFAULT: &str = "default";

const SETTINGS: &[Setting] = &[
    Setting {
        name: "credentials that name their account",
        meaning: "the credentials of roles do: requests go to the account's own endpoint",
        set: with_account,
    },
    Setting {
        name: "the same, endpoints of accounts: disabled",
        meaning: "requests go to the region's endpoint, which all accounts share",
        set: |config| with_account(config).account_id_endpoint_mode(AccountIdEndpointMode::Disabled),
    },
    Setting {
        name: "endpoint given by its URL",
        meaning: "no choice by region, account, FIPS or dual stack",
        set: |config| config.endpoint_url("https://dynamodb.eu-west-1.amazonaws.com"),
    },
    Setting {
        name: "stalled-stream protection: disabled",
        meaning: "the client waits for a response that has stopped half-way, until a time-out if there is one",
        set: |config| config.stalled_stream_protection(StalledStreamProtectionConfig::disabled()),
    },
    Setting {
        name: "identity cache: none",
        meaning: "the client asks for credentials on each request: with a provider on the network, that is one more request",
        set: |config| config.identity_cache(IdentityCache::no_cache()),
    },
    Setting {
        name: "retries: disabled",
        meaning: "the caller gets an error on the first throttling and on the first fault of the network",
        set: |config| config.retry_config(RetryConfig::disabled()),
    },
    Setting {
        name: "time-outs: disabled",
        meaning: "connecting may take as long as the system lets it",
        set: |config| config.timeout_config(TimeoutConfig::disabled()),
    },
    Setting {
        name: "time-outs of operation and attempt: 5 s",
        meaning: "on, while the default is off: two timers for each request",
        set: |config| {
            let limit = Duration::from_secs(5);
            config.timeout_config(
                TimeoutConfig::builder().operation_timeout(limit).operation_attempt_timeout(limit).build(),
            )
        },
    },
    Setting {
        name: "clock-skew correction: disabled",
        meaning: "DynamoDB refuses the requests of a machine with a wrong clock",
        set: |config| config.disable_clock_skew_correction(true),
    },
];

fn with_account(config: Builder) -> Builder {
    let credentials = Credentials::builder().access_key_id("a").secret_access_key("b").provider_name("benchmark");
    config.credentials_provider(credentials.account_id("123456789012").build())
}

/// The SDK's clients, each with the name of its setting.
fn clients(server: &Server) -> impl Iterator<Item = (&'static str, sdk::Client)> {
    let client = |set: fn(Builder) -> Builder| sdk::Client::from_conf(set(server.config()).build());
    let changed = SETTINGS.iter().map(move |setting| (setting.name, client(setting.set)));
    [(DEFAULT, client(|config| config))].into_iter().chain(changed)
}

/// Sends one request with each setting in turn.
async fn with_each<F: Future<Output = ()>>(
    name: &'static str,
    operations: u32,
    response: String,
    send: impl Fn(&sdk::Client) -> F,
) -> Case {
    let (clients, send): (Vec<_>, _) = (clients(&Server::new(response)).collect(), &send);
    let contenders = clients.iter().map(|(setting, client)| contender(setting, move || send(client)));
    case(name, operations, contenders.collect()).await
}

pub async fn get(name: &'static str) -> Case {
    let send = |client: &_| {
        let request = get_request(client);
        async { drop(black_box(request.send().await.expect("a response"))) }
    };
    with_each(name, 400, get_response().to_string(), send).await
}

pub async fn page(name: &'static str) -> Case {
    let send = |client: &_| {
        let request = page_request(client, "products");
        async { drop(black_box(request.send().await.expect("a page"))) }
    };
    with_each(name, 40, items::page(100, items::nested, Form::Regular), send).await
}

/// The ratio of each setting's time to the default's.
pub fn table(cases: &[Case]) -> String {
    let heads = ["setting", "get", "query 100", "what it means"].map(str::to_owned).to_vec();
    let ratio = |case: &Case, name| {
        let taken = case.of(name).zip(case.of(DEFAULT));
        taken.map_or(String::new(), |(taken, default)| format!("{:.2}", taken.ratio(default)))
    };
    let row = |setting: &Setting| {
        let ratios = cases.iter().map(|case| ratio(case, setting.name));
        let meaning = setting.meaning.to_owned();
        [setting.name.to_owned()].into_iter().chain(ratios).chain([meaning]).collect()
    };
    markdown(heads, SETTINGS.iter().map(row))
}
