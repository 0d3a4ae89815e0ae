//! `dyntastic emit`: the templates are as `tests/infrastructure` has them, and tables that are made of them are as the
//! schema says.
#![cfg(feature = "tables")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod command;
#[path = "emit/made.rs"]
mod made;
#[path = "emit/replicas.rs"]
mod replicas;

use command::Folder;
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

fn golden(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/infrastructure").join(name)
}

const PRODUCTS: &[(&str, &str)] = &[("PRODUCTS_TABLE", "products")];

fn folder() -> Folder {
    Folder::with_schema(&fs::read_to_string(golden("models.yaml")).unwrap())
}

#[test]
fn templates_are_the_expected_ones() {
    let readme = fs::read_to_string(golden("../../README.md")).unwrap();
    for (kind, file) in [("cloudformation", "cloudformation.json"), ("terraform", "terraform.tf.json")] {
        assert!(readme.contains(&format!("dyntastic emit {kind} models.yaml")));
        let made = folder().ok(&format!("emit {kind} models.yaml"));
        if std::env::var_os("BLESS").is_some() {
            fs::write(golden(file), &made).unwrap();
        }
        assert_eq!(made, fs::read_to_string(golden(file)).unwrap_or_default(), "{file}; BLESS=1 accepts");
    }
}

#[test]
fn policies_are_the_expected_ones() {
    let emit = |service: &str| {
        let output =
            folder().run_with(&format!("emit iam models.yaml --for {service} --account 123456789012"), PRODUCTS);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    for service in ["checkout", "mailer", "indexer", "starter"] {
        let (file, made) = (format!("policy-{service}.json"), emit(service));
        if std::env::var_os("BLESS").is_some() {
            fs::write(golden(&file), &made).unwrap();
        }
        assert_eq!(made, fs::read_to_string(golden(&file)).unwrap_or_default(), "{file}; BLESS=1 accepts");
    }
}

#[test]
fn a_policy_needs_the_names_of_its_tables_and_a_service_that_is_there() {
    let (_, unset) = folder().fails("emit iam models.yaml");
    let said = "error: the environment variable PRODUCTS_TABLE, for the name of a table (models.yaml:26), is not set: set it \
                as the app does\n";
    assert_eq!(unset, said);
    let (_, unknown) = folder().fails("emit iam models.yaml --for shop");
    assert_eq!(unknown, "error: there is no service `shop`: the schema has checkout, mailer, indexer, starter\n");
    let named =
        folder().run_with("emit iam models.yaml --region eu-west-1 --table-prefix dev- --partition aws-cn", PRODUCTS);
    let text = String::from_utf8(named.stdout).unwrap();
    assert!(text.contains("arn:aws-cn:dynamodb:eu-west-1:*:table/dev-products/index/"), "{text}");
}

/// Whatever would be another resource, or more of them, is refused.
#[test]
fn a_policy_has_only_names() {
    let folder = folder();
    for arguments in [
        "--table-prefix *",
        "--account x*",
        "--account abc",
        "--account 12345678901",
        "--region eu/west",
        "--partition a:b",
    ] {
        let output = folder.run_with(&format!("emit iam models.yaml {arguments}"), PRODUCTS);
        assert!(output.stdout.is_empty() && output.status.code() == Some(1), "{arguments}: {output:?}");
    }
    for name in ["*", "x/index/y", "a"] {
        for command in ["emit iam models.yaml --for indexer", "plan models.yaml --endpoint http://localhost:1"] {
            let output = folder.run_with(command, &[("PRODUCTS_TABLE", name)]);
            assert!(output.stdout.is_empty() && output.status.code() == Some(1), "{name}: {output:?}");
            let said = format!("error: `{name}` is not the name of a table, from PRODUCTS_TABLE (models.yaml:26)\n");
            assert_eq!(String::from_utf8(output.stderr).unwrap(), said, "{command}");
        }
    }
}

/// "Understand CloudFormation quotas": a template is printed, and what CloudFormation will refuse is said.
#[test]
fn a_template_that_is_too_large_is_said_to_be() {
    let models = |count: usize| {
        let model = |at: usize| {
            format!(
                "  M{at}: {{ table: {{ name: table-{at}, create: {{ stream: keys_only }} }}, hash_key: id, fields: {{ id: string }} }}\n"
            )
        };
        format!("dyntastic: 1\nmodels:\n{}", (0..count).map(model).collect::<String>())
    };
    let said = |count: usize| {
        let output = Folder::with_schema(&models(count)).run("emit cloudformation models.yaml");
        assert!(output.status.success());
        serde_json::from_slice::<Value>(&output.stdout).unwrap();
        String::from_utf8(output.stderr).unwrap()
    };
    assert_eq!(said(66), "");
    let warning = |counts: &str| {
        format!(
            "warning: the template has {counts}: split the schema into files of fewer tables, and make a stack of each\n"
        )
    };
    assert_eq!(said(67), warning("201 outputs, and CloudFormation takes 200"));
    let outputs = warning("1503 outputs, and CloudFormation takes 200");
    assert_eq!(said(501), format!("{}{outputs}", warning("501 resources, and CloudFormation takes 500")));
}

/// "AWS::DynamoDB::Table VectorIndex", AWS CloudFormation Template Reference. Terraform's provider has none, and refuses an
/// attribute that no index has.
#[test]
fn vector_indexes_are_in_the_template_and_in_policies() {
    let folder = Folder::with_schema(
        "dyntastic: 1
models:
  Document:
    table: documents
    hash_key: id
    fields: { id: string, tenant: string, stars: f64, title: string, embedding: vector<3> }
    vector_indexes:
      by_embedding: { vector: embedding, distance: dot_product, hash_key: tenant, filterable: [stars], projection: [title] }
services: { finder: { models: { Document: [search_by_embedding] } } }
",
    );
    let made: Value = serde_json::from_str(&folder.ok("emit cloudformation models.yaml")).unwrap();
    let table = &made["Resources"]["DocumentsTable"]["Properties"];
    let searched = serde_json::json!([
        { "AttributeName": "tenant", "SearchSchemaElementType": "HASH" },
        { "AttributeName": "stars", "SearchSchemaElementType": "INLINE_FILTER" },
    ]);
    let index = serde_json::json!([{
        "IndexName": "embedding-index",
        "VectorAttribute": { "AttributeName": "embedding" },
        "Dimensions": 3,
        "DistanceFunction": "DOT_PRODUCT",
        "SearchSchema": searched,
        "Projection": { "ProjectionType": "INCLUDE", "NonKeyAttributes": ["title"] },
    }]);
    assert_eq!(table["VectorIndexes"], index);
    assert_eq!(list(&table["AttributeDefinitions"]).len(), 3);
    let made: Value = serde_json::from_str(&folder.ok("emit terraform models.yaml")).unwrap();
    let table = &made["resource"]["aws_dynamodb_table"]["documents"];
    assert!(text(&table["//"]).ends_with("creates them: `embedding-index`"), "{table}");
    assert_eq!(list(&table["attribute"]).len(), 1);
    let policy: Value = serde_json::from_str(&folder.ok("emit iam models.yaml --for finder")).unwrap();
    let statement = &policy["Statement"][0];
    assert_eq!(statement["Action"], serde_json::json!(["dynamodb:SearchVectors"]));
    assert!(statement["Resource"].to_string().contains(":table/documents/index/embedding-index"), "{statement}");
}

/// "SSESpecification": the key that AWS manages for DynamoDB is not named. Terraform's provider takes ARNs of keys only.
#[test]
fn keys_of_kms_are_as_each_tool_takes_them() {
    let arn = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    for (key, in_cloudformation, in_terraform, looked_up) in [
        ("alias/aws/dynamodb", None, None, None),
        ("arn:aws:kms:eu-west-1:123456789012:alias/aws/dynamodb", None, None, None),
        ("alias/shop", Some("alias/shop"), Some("${data.aws_kms_key.users.arn}"), Some("alias/shop")),
        (arn, Some(arn), Some(arn), None),
    ] {
        let folder = Folder::with_schema(&format!(
            "dyntastic: 1\nmodels:\n  User: {{ table: {{ name: users, create: {{ kms_key: '{key}' }} }}, hash_key: id, fields: {{ id: string }} }}\n"
        ));
        let made: Value = serde_json::from_str(&folder.ok("emit cloudformation models.yaml")).unwrap();
        let encryption = &made["Resources"]["UsersTable"]["Properties"]["SSESpecification"];
        assert_eq!((&encryption["SSEEnabled"], &encryption["SSEType"]), (&true.into(), &"KMS".into()), "{key}");
        assert_eq!(encryption["KMSMasterKeyId"].as_str(), in_cloudformation, "{key}");
        let made: Value = serde_json::from_str(&folder.ok("emit terraform models.yaml")).unwrap();
        let encryption = &made["resource"]["aws_dynamodb_table"]["users"]["server_side_encryption"];
        assert_eq!((&encryption["enabled"], encryption["kms_key_arn"].as_str()), (&true.into(), in_terraform), "{key}");
        assert_eq!(made["data"]["aws_kms_key"]["users"]["key_id"].as_str(), looked_up, "{key}");
    }
}

#[test]
fn variables_whose_words_are_the_same_have_names_of_their_own() {
    let schema = "dyntastic: 1\nmodels:\n  A: { table: { name: { env: A_B } }, hash_key: id, fields: { id: string } }\n  \
                  B: { table: { name: { env: a_b } }, hash_key: id, fields: { id: string } }\n";
    let folder = Folder::with_schema(schema);
    let template: Value = serde_json::from_str(&folder.ok("emit cloudformation models.yaml")).unwrap();
    let names: Vec<_> = template["Resources"].as_object().unwrap().values().collect();
    assert_ne!(names[0]["Properties"]["TableName"], names[1]["Properties"]["TableName"]);
    assert_eq!(template["Parameters"].as_object().unwrap().len(), 2);
    let terraform: Value = serde_json::from_str(&folder.ok("emit terraform models.yaml")).unwrap();
    assert_eq!(terraform["variable"].as_object().unwrap().len(), 2);
}

#[test]
fn tables_of_several_regions_are_several_templates() {
    let schema = "dyntastic: 1\nmodels:\n  User: { table: users, hash_key: id, fields: { id: string } }\n  \
                  Event: { table: { name: events, region: eu-west-1 }, hash_key: id, fields: { id: string } }\n";
    let folder = Folder::with_schema(schema);
    let output = folder.run("emit cloudformation models.yaml");
    let said = "error: the tables are in several regions, eu-west-1 (events) and that of the app (users): choose one with \
                --region\n";
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(1), said));
    let template = |region: &str| folder.ok(&format!("emit terraform models.yaml --region {region}"));
    assert!(template("eu-west-1").contains("\"events\"") && !template("us-east-1").contains("\"events\""));
    let output = folder.run("emit terraform models.yaml --region eu-wst-1");
    let said = "left out, since they are in another region: events (eu-west-1)\n";
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(0), said));
    let (_, error) = folder.fails("emit terraform models.yaml --region Mars!");
    assert_eq!(error, "error: `Mars!` is not a region\n");
    let only = Folder::with_schema(&schema.replace("table: users", "table: { name: users, region: us-east-1 }"));
    let output = only.run("emit cloudformation models.yaml --region us-esat-1");
    let said = "error: no table is in \"us-esat-1\": they are in eu-west-1 (events) and us-east-1 (users)\n";
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(1), said));
}

#[test]
fn names_and_texts_of_terraform_are_those_that_it_takes() {
    let schema = "dyntastic: 1\nmodels:\n  A:\n    table: { name: aaa, create: { stream: keys_only, tags: { 'a ${b}': '%{c}' } } }\n    \
                  hash_key: id\n    fields: { id: string }\n  \
                  B: { table: aaa_stream, hash_key: id, fields: { id: string } }\n  \
                  C: { table: { name: { env: SOURCE } }, hash_key: id, fields: { id: string } }\n";
    let text = Folder::with_schema(schema).ok("emit terraform models.yaml");
    assert_eq!(text.matches("\"aaa_stream_arn\": {").count(), 1, "{text}");
    let made: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(made["output"].as_object().unwrap().len(), 7);
    assert!(made["variable"].get("source_table").is_some(), "{text}");
    assert_eq!(made["resource"]["aws_dynamodb_table"]["aaa"]["tags"]["a $${b}"], "%%{c}");
}

#[test]
fn attributes_in_policies_are_no_variables() {
    let schema = "dyntastic: 1\nmodels:\n  P:\n    table: parts\n    hash_key: id\n    \
                  fields: { id: string, q: { type: string, attribute: 'a${aws:username}*' } }\n\
                  services: { shop: { models: { P: { operations: [batch_get], fields: [q] } } } }\n";
    assert!(Folder::with_schema(schema).ok("emit iam models.yaml --for shop").contains("\"a${$}{aws:username}${*}\""));
}

fn text(of: &Value) -> String {
    of.as_str().unwrap().to_owned()
}

fn list(of: &Value) -> &[Value] {
    of.as_array().map(Vec::as_slice).unwrap_or_default()
}
