//! Replicas in templates: their regions are not that of the table, which a template may not know.

use super::{Folder, list};
use serde_json::{Value, json};

fn template(kind: &str, create: &str) -> Value {
    let schema = format!(
        "dyntastic: 1\nmodels:\n  User:\n    table: {{ name: users, {create}, stream: new_and_old_images }} }}\n    \
         hash_key: id\n    fields: {{ id: string }}\n"
    );
    serde_json::from_str(&Folder::with_schema(&schema).ok(&format!("emit {kind} models.yaml"))).unwrap()
}

/// The value of a condition for a stack in this region.
fn holds(condition: &Value, region: &str) -> bool {
    let (function, arguments) = condition.as_object().unwrap().iter().next().unwrap();
    let arguments = list(arguments);
    match function.as_str() {
        "Fn::Not" => !holds(&arguments[0], region),
        "Fn::Or" => {
            assert!((2..=10).contains(&arguments.len()), "CloudFormation takes 2 to 10 conditions");
            arguments.iter().any(|of| holds(of, region))
        }
        equals => {
            assert_eq!((equals, &arguments[0]), ("Fn::Equals", &json!({ "Ref": "AWS::Region" })));
            arguments[1] == region
        }
    }
}

/// The regions of a table's replicas in a stack of this region.
fn regions(template: &Value, region: &str) -> Vec<String> {
    let replicas = list(&template["Resources"]["UsersTable"]["Properties"]["Replicas"]).iter();
    let replicas = replicas.filter_map(|replica| match &replica["Fn::If"] {
        Value::Null => Some(replica),
        chosen if holds(&template["Conditions"][chosen[0].as_str().unwrap()], region) => Some(&chosen[1]),
        chosen => {
            assert_eq!(chosen[2], json!({ "Ref": "AWS::NoValue" }));
            None
        }
    });
    replicas.map(|of| of["Region"].as_str().unwrap_or(region).to_owned()).collect()
}

/// "AWS::DynamoDB::GlobalTable": the replicas have the region of the stack among them, once.
#[test]
fn the_region_of_a_stack_is_among_the_replicas_once() {
    for count in [1, 2, 10, 11, 21] {
        let others: Vec<String> = (10..10 + count).map(|number| format!("eu-west-{number}")).collect();
        let template = template("cloudformation", &format!("create: {{ replicas: [{}]", others.join(", ")));
        assert_eq!(template["Resources"]["UsersTable"]["Type"], "AWS::DynamoDB::GlobalTable");
        let all: Vec<String> = std::iter::once("us-east-1".to_owned()).chain(others.iter().cloned()).collect();
        assert_eq!(regions(&template, "us-east-1"), all);
        for other in &others {
            assert_eq!(regions(&template, other), others, "{other}");
        }
    }
}

#[test]
fn a_table_whose_region_is_known_needs_no_condition() {
    let create = "region: us-east-1, create: { replicas: [eu-west-1, us-east-1, us-east-2], deletion_protection: true";
    let made = template("cloudformation", create);
    assert!(made.get("Conditions").is_none());
    // CloudFormation makes a table where the stack is.
    let assertion = &made["Rules"]["StackIsInTheRegionOfItsTables"]["Assertions"][0];
    assert!(holds(&assertion["Assert"], "us-east-1") && !holds(&assertion["Assert"], "eu-west-1"));
    assert_eq!(regions(&made, "us-east-1"), ["us-east-1", "eu-west-1", "us-east-2"]);
    let made = template("terraform", create);
    assert!(made.get("data").is_none());
    let replica = |region: &str| json!({ "region_name": region, "deletion_protection_enabled": true });
    let replicas = &made["resource"]["aws_dynamodb_table"]["users"]["replica"];
    assert_eq!(*replicas, json!([replica("eu-west-1"), replica("us-east-2")]));
    assert_eq!(made["terraform"]["required_providers"]["aws"]["version"], ">= 6.9");
}

#[test]
fn keys_of_replicas_are_of_their_regions() {
    let arn = "arn:aws:kms:us-east-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    let keys = format!(
        "{{ eu-west-1: {{ kms_key: alias/shop }}, us-east-1: {{ table_class: standard_infrequent_access }}, \
         us-east-2: {{ kms_key: '{arn}' }} }}"
    );
    let create = format!("region: us-east-1, create: {{ kms_key: alias/shop, replicas: {keys}");
    let made = template("cloudformation", &create);
    let properties = &made["Resources"]["UsersTable"]["Properties"];
    assert_eq!(properties["SSESpecification"], json!({ "SSEEnabled": true, "SSEType": "KMS" }));
    let keys: Vec<&Value> =
        list(&properties["Replicas"]).iter().map(|of| &of["SSESpecification"]["KMSMasterKeyId"]).collect();
    assert_eq!(keys, ["alias/shop", "alias/shop", arn]);
    // What the list says of the table's own region is said of the table.
    assert_eq!(properties["Replicas"][0]["TableClass"], "STANDARD_INFREQUENT_ACCESS");
    assert!(properties["Replicas"][1].get("TableClass").is_none());
    let made = template("terraform", &create);
    let of_eu = json!({ "key_id": "alias/shop", "region": "eu-west-1" });
    assert_eq!(
        made["data"],
        json!({ "aws_kms_key": { "users": { "key_id": "alias/shop" }, "users_in_eu_west_1": of_eu } })
    );
    assert_eq!(made["resource"]["aws_dynamodb_table"]["users"]["table_class"], "STANDARD_INFREQUENT_ACCESS");
    let keys: Vec<&Value> =
        list(&made["resource"]["aws_dynamodb_table"]["users"]["replica"]).iter().map(|of| &of["kms_key_arn"]).collect();
    assert_eq!(keys, ["${data.aws_kms_key.users_in_eu_west_1.arn}", arn]);
}
