//! The policies of `dyntastic emit iam`: every operation runs under the policy that the generator makes for it alone, and
//! is refused under a policy with any one right less. No engine knows policies: a judge before the engine does.

mod ensured;
mod judge;
mod request;
mod trials;

use crate::engine::{Engine, config, isolated, table_name};
use dyntastic::{Client, Result};
use dyntastic_codegen::{PolicyScope, Right, RightOf, Sources, TableSetting, iam, services, tables};
use judge::Judge;
use std::collections::HashMap;
use std::path::PathBuf;
use std::pin::Pin;

/// The run of an operation: with a client that may do all, for what is there before, and with the service's client.
type Run = fn(Client, Client) -> Pin<Box<dyn Future<Output = Result<()>>>>;

/// An operation of a model in a golden case, and calls of it that need each of its rights.
struct Trial {
    case: &'static str,
    /// The service, such as `models: { Entry: [get] }`.
    service: &'static str,
    run: Run,
}

impl Trial {
    fn sources(&self) -> Sources {
        let mut sources = Sources::new();
        let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("cases").join(self.case).join("models.yaml");
        sources.add("models.yaml", std::fs::read_to_string(file).unwrap());
        sources.add("services.yaml", format!("dyntastic: 1\nservices: {{ tried: {{ {} }} }}\n", self.service));
        sources
    }

    fn rights(&self) -> Vec<Right> {
        let services = services(&self.sources()).unwrap_or_else(|mistakes| panic!("{}", mistakes.render(false)));
        services.into_iter().find(|service| service.name == "tried").unwrap().rights
    }

    /// Runs the operation in new tables under a policy with these rights.
    async fn under(&self, rights: &[Right]) -> (Result<()>, Vec<String>) {
        let all = isolated().from_conf(config().await);
        let prefix = prefix(&all);
        let rights: Vec<Right> = rights.iter().map(|right| prefixed(right, &prefix)).collect();
        let policy = iam(&rights, &PolicyScope::default(), value);
        let judge = Judge::new(&policy, self.hash_keys(&prefix));
        let judged = config().await.to_builder().interceptor(judge.clone()).build();
        let own = Client::builder().table_prefix(prefix).from_conf(judged);
        ((self.run)(all, own).await, judge.refused())
    }

    fn hash_keys(&self, prefix: &str) -> HashMap<String, String> {
        let mut keys = HashMap::new();
        for table in tables(&self.sources()).unwrap() {
            let name = format!("{prefix}{}", value(&table.name));
            for index in &table.indexes {
                keys.insert(format!("{name}/index/{}", index.name), index.hash_key[0].attribute.clone());
            }
            keys.insert(name, table.hash_key.attribute);
        }
        keys
    }
}

/// The prefix of a client's tables.
fn prefix(db: &Client) -> String {
    let name = table_name::<dyntastic_tests::queries::Entry>(db);
    name.strip_suffix("entries").unwrap().to_owned()
}

fn prefixed(right: &Right, prefix: &str) -> Right {
    let mut right = right.clone();
    right.table = TableSetting::Value(format!("{prefix}{}", value(&right.table)));
    right
}

fn value(setting: &TableSetting) -> String {
    match setting {
        TableSetting::Value(value) => value.clone(),
        TableSetting::Env { default, .. } => default.clone().unwrap(),
    }
}

#[tokio::test]
async fn an_operation_needs_exactly_the_rights_of_its_policy() {
    if Engine::current() != Engine::Embedded {
        return;
    }
    for trial in trials::ALL {
        let rights = trial.rights();
        let (done, refused) = trial.under(&rights).await;
        let name = format!("{}: {}", trial.case, trial.service);
        assert!(refused.is_empty() && done.is_ok(), "{name}: {done:?} {refused:#?}");
        // In a creation, it is sent only if another process turns the time to live on in between.
        let is_sent = trial.service.contains("ensure_tables");
        let can_be_tried = |(_, right): &(usize, &Right)| right.action != "DescribeTimeToLive" || is_sent;
        for (at, left_out) in rights.iter().enumerate().filter(can_be_tried) {
            let mut others = rights.clone();
            others.remove(at);
            let (_, refused) = trial.under(&others).await;
            assert!(!refused.is_empty(), "{name}: the policy needs no {left_out:?}");
        }
    }
}

/// Each operation that the schema language has is tried.
#[test]
fn each_operation_is_tried() {
    let all = [
        "get",
        "batch_get",
        "query",
        "scan",
        "query_",
        "scan_",
        "save",
        "insert",
        "replace",
        "update",
        "delete",
        "check",
        "rekey",
        "batch_write",
        "delete_partition",
        "migrate",
        "create_table",
        "delete_table",
    ];
    for operation in all {
        let has =
            |trial: &Trial| trial.service.split(['[', ']', ',', ' ', '{']).any(|word| word.starts_with(operation));
        assert!(trials::ALL.iter().any(has), "{operation}");
    }
}

/// A service, which is not run.
fn service(case: &'static str, service: &'static str) -> Trial {
    Trial { case, service, run: |_, _| Box::pin(async { Ok(()) }) }
}

#[test]
fn streams_are_of_the_table() {
    let rights = service("streams", "streams: [Both]").rights();
    let text: Vec<_> = rights.iter().map(|right| (right.action, right.of == RightOf::Stream)).collect();
    let expected = [("DescribeStream", true), ("GetRecords", true), ("GetShardIterator", true), ("ListStreams", false)];
    assert_eq!(text, expected);
}
