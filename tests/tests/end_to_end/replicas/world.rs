//! A DynamoDB in memory whose tables have replicas.

use crate::canned::{Requests, answering_in, error};
use dyntastic::Client;
use dyntastic::serde_json::{Value, json};
use std::sync::Mutex;

/// A region in which no replica can be created.
pub const FULL: &str = "eu-south-1";

/// How often a replica is seen before it has come about.
pub const SEEN: u32 = 3;

/// A table of the region us-east-1 and its replicas.
#[derive(Default)]
pub struct World {
    pub table: Option<Value>,
    pub replicas: Vec<(Value, u32)>,
    /// Tables in other regions that are no replicas, by region.
    pub elsewhere: Value,
    /// Whether DynamoDB has changed replicas often enough.
    pub is_limited: bool,
    /// The descriptions of replicas in their own regions, and when the table itself was created.
    pub in_regions: Value,
}

impl World {
    fn update(&mut self, updates: &Value) -> (u16, Value) {
        let is_busy = self.replicas.iter().any(|(_, seen)| *seen > 0);
        let [update] = updates.as_array().unwrap().as_slice() else { return error("ValidationException") };
        if is_busy {
            return error("ResourceInUseException");
        }
        let (action, of) = update.as_object().unwrap().iter().next().unwrap();
        let found = self.replicas.iter_mut().find(|(replica, _)| replica["RegionName"] == of["RegionName"]);
        let class = |of: &Value| json!({ "TableClass": of["TableClassOverride"] });
        match (action.as_str(), found) {
            ("Create", None) => {
                let mut replica = of.clone();
                replica["ReplicaTableClassSummary"] = class(of);
                replica["ReplicaStatus"] = "CREATING".into();
                self.replicas.push((replica, SEEN));
            }
            ("Update", Some(_)) if self.is_limited => return error("LimitExceededException"),
            ("Update", Some((replica, seen))) => {
                (replica["ReplicaTableClassSummary"], *seen) = (class(of), SEEN);
                replica["ReplicaStatus"] = "UPDATING".into();
            }
            ("Delete", Some((replica, seen))) => {
                *seen = SEEN;
                replica["ReplicaStatus"] = "DELETING".into();
            }
            _ => return error("ValidationException"),
        }
        (200, json!({}))
    }

    fn describe(&mut self) -> (u16, Value) {
        let Some(mut table) = self.table.clone() else { return error("ResourceNotFoundException") };
        table["TableStatus"] =
            if self.replicas.iter().any(|(_, seen)| *seen > 0) { "UPDATING" } else { "ACTIVE" }.into();
        table["Replicas"] = self.replicas.iter().map(|(replica, _)| replica.clone()).collect();
        for (replica, seen) in &mut self.replicas {
            *seen = seen.saturating_sub(1);
            match (*seen, replica["RegionName"] == FULL && replica["ReplicaStatus"] == "CREATING") {
                (0, true) => {
                    replica["ReplicaStatus"] = "CREATION_FAILED".into();
                    replica["ReplicaStatusDescription"] = "the region is full".into();
                }
                (0, false)
                    if replica["ReplicaStatus"] != "CREATION_FAILED" && replica["ReplicaStatus"] != "DELETING" =>
                {
                    replica["ReplicaStatus"] = "ACTIVE".into();
                }
                _ => {}
            }
        }
        self.replicas.retain(|(replica, seen)| *seen > 0 || replica["ReplicaStatus"] != "DELETING");
        (200, json!({ "Table": table }))
    }

    /// The table in another region.
    fn describe_elsewhere(&self, region: &str) -> (u16, Value) {
        let is_there = self.replicas.iter().any(|(replica, _)| replica["RegionName"] == region);
        match (&self.elsewhere[region], is_there) {
            (Value::Null, false) => error("ResourceNotFoundException"),
            (Value::Null, true) => (200, json!({ "Table": self.in_regions[region] })),
            (table, _) => (200, json!({ "Table": table })),
        }
    }
}

/// A DynamoDB without tables in the region of the client.
pub fn dynamodb() -> (Client, Requests) {
    dynamodb_with(Value::Null)
}

/// The same, where replicas in other regions have this in their descriptions.
pub fn dynamodb_replicated(in_regions: Value) -> (Client, Requests) {
    dynamodb_of(World { in_regions, ..World::default() })
}

/// The same with tables in other regions.
pub fn dynamodb_with(elsewhere: Value) -> (Client, Requests) {
    dynamodb_of(World { elsewhere, ..World::default() })
}

pub fn dynamodb_of(world: World) -> (Client, Requests) {
    let world = Mutex::new(world);
    answering_in(move |region, operation, body, _| {
        let mut world = world.lock().unwrap();
        match operation {
            "DescribeTable" if region != "us-east-1" => world.describe_elsewhere(region),
            "CreateTable" => {
                let mut table = body.clone();
                table["TableArn"] =
                    format!("arn:aws:dynamodb:us-east-1:1:table/{}", body["TableName"].as_str().unwrap()).into();
                table["BillingModeSummary"] = json!({ "BillingMode": "PAY_PER_REQUEST" });
                table["TableClassSummary"] = json!({ "TableClass": body["TableClass"] });
                table["ItemCount"] = 40.into();
                table["CreationDateTime"] = world.in_regions["us-east-1"]["CreationDateTime"].clone();
                if !body["SSESpecification"].is_null() {
                    table["SSEDescription"] = json!({ "KMSMasterKeyArn": "arn:aws:kms:us-east-1:1:key/k" });
                }
                world.table = Some(table);
                (200, json!({}))
            }
            "DeleteTable" if !world.replicas.is_empty() => error("ValidationException"),
            "DeleteTable" => {
                world.table = None;
                (200, json!({}))
            }
            "DescribeTable" => world.describe(),
            "UpdateTable" => world.update(&body["ReplicaUpdates"]),
            _ => (200, json!({})),
        }
    })
}

/// What was asked for replicas, as the action and its region.
pub fn asked(requests: &Requests) -> Vec<String> {
    let requests = requests.lock().unwrap();
    let updates = requests.iter().filter(|(operation, _)| operation == "UpdateTable");
    let done = updates.flat_map(|(_, body)| body["ReplicaUpdates"].as_array().unwrap().clone());
    let text = |update: Value| {
        let (action, of) = update.as_object().unwrap().iter().next().unwrap();
        format!("{action} {}", of["RegionName"].as_str().unwrap())
    };
    let refused = ["Create us-east-1"];
    let asked: Vec<String> = done.map(text).collect();
    assert!(!asked.iter().any(|asked| refused.contains(&asked.as_str())), "the client's region is the table itself");
    asked
}
