//! One answer, read by both codecs.

use aws_smithy_http_client::test_util::infallible_client_fn;
use aws_smithy_types::body::SdkBody;
use dyntastic::aws_sdk_dynamodb::Config;
use dyntastic::aws_sdk_dynamodb::config::retry::RetryConfig;
use dyntastic::aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use dyntastic::codec::AttributeMap;
use dyntastic::{Client, Codec, Error};
use std::fmt::Debug;
use std::sync::Arc;

/// How often an answer is read until both codecs have given the same error: of several damaged entries of a map, the
/// SDK's may come to any first.
const ROUNDS: usize = 100;

/// Clients of both codecs that get this answer.
fn clients(answer: &[u8]) -> [Client; 2] {
    let answer: Arc<[u8]> = answer.into();
    [Codec::Wire, Codec::Map].map(|codec| {
        let answer = answer.clone();
        let connector = infallible_client_fn(move |_: http::Request<SdkBody>| {
            http::Response::builder().status(200).body(SdkBody::from(answer.to_vec())).unwrap()
        });
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .retry_config(RetryConfig::disabled())
            .credentials_provider(Credentials::new("a", "b", None, None, "tests"))
            .http_client(connector);
        Client::builder().codec(codec).from_conf(config.build())
    })
}

/// What both codecs make of an answer: from the wire, and from the map.
pub async fn both<T>(answer: &[u8], read: impl AsyncFn(Client) -> dyntastic::Result<T>) -> [dyntastic::Result<T>; 2] {
    let [wire, map] = clients(answer);
    [read(wire).await, read(map).await]
}

/// Both codecs make the same values of an answer, or the same error.
pub async fn same<T: PartialEq + Debug>(
    answer: &[u8],
    read: impl AsyncFn(Client) -> dyntastic::Result<T>,
    context: &str,
) {
    let clients = clients(answer);
    let (mut of_wire, mut of_map) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let [wire, map] = &clients;
        match (read(wire.clone()).await, read(map.clone()).await) {
            (Ok(wire), Ok(map)) => return assert_eq!(wire, map, "{context}"),
            (Err(wire), Err(map)) if is_sooner(&wire, &map) => return,
            (Err(wire), Err(map)) => {
                of_wire.push(Shown::new(&wire));
                of_map.push(Shown::new(&map));
            }
            (wire, map) => {
                let told = |result: &dyntastic::Result<T>| match result {
                    Ok(_) => "a value".to_owned(),
                    Err(error) => chain(error),
                };
                unreachable!("{context}: from the wire {}, from the map {}", told(&wire), told(&map))
            }
        }
        if of_wire.iter().any(|shown| of_map.contains(shown)) {
            return;
        }
    }
    unreachable!("{context}: from the wire {:?}, from the map {:?}", of_wire[0], of_map[0])
}

/// Whether the SDK refuses the whole answer, of which the reader of the wire finds one item damaged.
fn is_sooner(wire: &Error, map: &Error) -> bool {
    matches!((wire, map), (Error::Read(_) | Error::Damaged(_), Error::Service(_)))
}

/// What a user sees of an error. Its causes are left out: they name places in the part of the answer that the SDK has read,
/// which differs between the codecs.
#[derive(Debug, PartialEq)]
struct Shown {
    text: String,
    is_retryable: bool,
    key: Option<AttributeMap>,
}

impl Shown {
    fn new(error: &Error) -> Self {
        let key = match error {
            Error::Damaged(damaged) => Some(damaged.key().clone()),
            _ => None,
        };
        Self { text: error.to_string(), is_retryable: error.is_retryable(), key }
    }
}

/// An error and its causes.
fn chain(error: &dyn std::error::Error) -> String {
    std::iter::successors(Some(error), |error| error.source()).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
