//! `dyntastic emit`: the templates are as `tests/infrastructure` has them, and tables that are made of them are as the
//! schema says.
#![cfg(feature = "tables")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod command;

use command::Folder;
use dyntastic::aws_sdk_dynamodb::Client;
use dyntastic::aws_sdk_dynamodb::types as sdk;
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
    assert_eq!(unset, "error: PRODUCTS_TABLE is not set, which has the name of a table: set it as the service does\n");
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
    for arguments in ["--table-prefix *", "--account x*", "--region eu/west", "--partition a:b"] {
        let output = folder.run_with(&format!("emit iam models.yaml {arguments}"), PRODUCTS);
        assert!(output.stdout.is_empty() && output.status.code() == Some(1), "{arguments}: {output:?}");
    }
    for name in ["*", "x/index/y", "a"] {
        let output = folder.run_with("emit iam models.yaml --for indexer", &[("PRODUCTS_TABLE", name)]);
        assert!(output.stdout.is_empty() && output.status.code() == Some(1), "{name}: {output:?}");
    }
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

/// The name of a table in a test: of a parameter or variable, its default or `products`.
fn name(of: &Value) -> String {
    match of.as_str().map(|text| text.trim_start_matches("${var.").trim_end_matches('}')) {
        Some("shop_table") => "shop".to_owned(),
        Some("products_table") => "products".to_owned(),
        Some(name) => name.to_owned(),
        None if of["Ref"] == "ShopTableName" => "shop".to_owned(),
        None => "products".to_owned(),
    }
}

fn text(of: &Value) -> String {
    of.as_str().unwrap().to_owned()
}

fn list(of: &Value) -> &[Value] {
    of.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn number(of: &Value) -> i64 {
    of.as_i64().unwrap()
}

fn element(name: &Value, kind: &str) -> sdk::KeySchemaElement {
    sdk::KeySchemaElement::builder().attribute_name(text(name)).key_type(kind.into()).build().unwrap()
}

fn throughput(read: &Value, write: &Value) -> Option<sdk::ProvisionedThroughput> {
    let units = sdk::ProvisionedThroughput::builder().read_capacity_units(read.as_i64()?);
    Some(units.write_capacity_units(number(write)).build().unwrap())
}

fn projection(kind: &Value, include: &Value) -> sdk::Projection {
    let include = include.as_array().map(|names| names.iter().map(text).collect());
    sdk::Projection::builder().projection_type(text(kind).as_str().into()).set_non_key_attributes(include).build()
}

/// What CreateTable and UpdateTimeToLive take of a table.
struct Parts {
    name: String,
    attributes: Vec<(String, String)>,
    key: Vec<sdk::KeySchemaElement>,
    billing: String,
    throughput: Option<sdk::ProvisionedThroughput>,
    global: Vec<Index>,
    local: Vec<Index>,
    stream: Option<String>,
    ttl: Option<String>,
    class: Option<String>,
    protection: Option<bool>,
    kms_key: Option<String>,
    on_demand: Option<(i64, i64)>,
    warm: Option<(i64, i64)>,
    policy: Option<Value>,
    tags: Vec<(String, String)>,
}

fn pair(read: &Value, write: &Value) -> Option<(i64, i64)> {
    Some((read.as_i64()?, number(write)))
}

type Index = (String, Vec<sdk::KeySchemaElement>, sdk::Projection, Option<sdk::ProvisionedThroughput>);

fn of_cloudformation(template: &Value) -> Vec<Parts> {
    let key = |of: &Value| {
        let element = |of: &Value| element(&of["AttributeName"], of["KeyType"].as_str().unwrap());
        list(of).iter().map(element).collect::<Vec<_>>()
    };
    let units = |of: &Value| throughput(&of["ReadCapacityUnits"], &of["WriteCapacityUnits"]);
    let index = |of: &Value| {
        let projected = &of["Projection"];
        let projection = projection(&projected["ProjectionType"], &projected["NonKeyAttributes"]);
        (text(&of["IndexName"]), key(&of["KeySchema"]), projection, units(&of["ProvisionedThroughput"]))
    };
    let table = |resource: &Value| {
        assert_eq!(
            (&resource["Type"], &resource["DeletionPolicy"]),
            (&"AWS::DynamoDB::Table".into(), &"Retain".into())
        );
        let of = &resource["Properties"];
        let optional = |of: &Value| of.as_str().map(str::to_owned);
        let texts = |of: &Value, name: &str, value: &str| (text(&of[name]), text(&of[value]));
        Parts {
            name: name(&of["TableName"]),
            attributes: list(&of["AttributeDefinitions"])
                .iter()
                .map(|of| texts(of, "AttributeName", "AttributeType"))
                .collect(),
            key: key(&of["KeySchema"]),
            billing: text(&of["BillingMode"]),
            throughput: units(&of["ProvisionedThroughput"]),
            global: list(&of["GlobalSecondaryIndexes"]).iter().map(index).collect(),
            local: list(&of["LocalSecondaryIndexes"]).iter().map(index).collect(),
            stream: optional(&of["StreamSpecification"]["StreamViewType"]),
            ttl: optional(&of["TimeToLiveSpecification"]["AttributeName"]),
            class: optional(&of["TableClass"]),
            protection: of["DeletionProtectionEnabled"].as_bool(),
            kms_key: optional(&of["SSESpecification"]["KMSMasterKeyId"]),
            on_demand: {
                let most = &of["OnDemandThroughput"];
                pair(&most["MaxReadRequestUnits"], &most["MaxWriteRequestUnits"])
            },
            warm: {
                let warm = &of["WarmThroughput"];
                pair(&warm["ReadUnitsPerSecond"], &warm["WriteUnitsPerSecond"])
            },
            policy: of["ResourcePolicy"].as_object().map(|of| of["PolicyDocument"].clone()),
            tags: list(&of["Tags"]).iter().map(|of| texts(of, "Key", "Value")).collect(),
        }
    };
    template["Resources"].as_object().unwrap().values().map(table).collect()
}

fn of_terraform(configuration: &Value) -> Vec<Parts> {
    let optional = |of: &Value| of.as_str().map(str::to_owned);
    let key = |of: &Value, hash_key: &Value| {
        let elements = list(&of["key_schema"]).iter();
        let several = elements.map(|of| element(&of["attribute_name"], of["key_type"].as_str().unwrap()));
        let hash = hash_key.as_str().map(|_| element(hash_key, "HASH"));
        let range = of["range_key"].as_str().map(|_| element(&of["range_key"], "RANGE"));
        several.chain(hash).chain(range).collect::<Vec<_>>()
    };
    let units = |of: &Value| throughput(&of["read_capacity"], &of["write_capacity"]);
    let index = |of: &Value, hash_key: &Value| {
        let projection = projection(&of["projection_type"], &of["non_key_attributes"]);
        (text(&of["name"]), key(of, hash_key), projection, units(of))
    };
    let table = |(id, of): (&String, &Value)| {
        assert_eq!(of["lifecycle"]["prevent_destroy"], true);
        let tags = of["tags"].as_object().into_iter().flatten();
        Parts {
            name: name(&of["name"]),
            attributes: list(&of["attribute"]).iter().map(|of| (text(&of["name"]), text(&of["type"]))).collect(),
            key: key(of, &of["hash_key"]),
            billing: text(&of["billing_mode"]),
            throughput: units(of),
            global: list(&of["global_secondary_index"])
                .iter()
                .map(|index_of| index(index_of, &index_of["hash_key"]))
                .collect(),
            local: list(&of["local_secondary_index"]).iter().map(|index_of| index(index_of, &of["hash_key"])).collect(),
            stream: optional(&of["stream_view_type"]),
            ttl: optional(&of["ttl"]["attribute_name"]),
            class: optional(&of["table_class"]),
            protection: of["deletion_protection_enabled"].as_bool(),
            kms_key: optional(&of["server_side_encryption"]["kms_key_arn"]).map(|key| {
                assert_eq!(key, "${data.aws_kms_key.user_profiles.arn}");
                text(&configuration["data"]["aws_kms_key"]["user_profiles"]["key_id"])
            }),
            on_demand: {
                let most = &of["on_demand_throughput"];
                pair(&most["max_read_request_units"], &most["max_write_request_units"])
            },
            warm: {
                let warm = &of["warm_throughput"];
                pair(&warm["read_units_per_second"], &warm["write_units_per_second"])
            },
            policy: configuration["resource"]["aws_dynamodb_resource_policy"].get(id).map(|policy| {
                assert_eq!(policy["resource_arn"], format!("${{aws_dynamodb_table.{id}.arn}}"));
                serde_json::from_str(&text(&policy["policy"]).replace("$${", "${")).unwrap()
            }),
            tags: tags.map(|(key, value)| (key.clone(), text(value))).collect(),
        }
    };
    configuration["resource"]["aws_dynamodb_table"].as_object().unwrap().iter().map(table).collect()
}

async fn create(db: &Client, table: Parts) {
    let attribute = |(name, kind): &(String, String)| {
        let attribute = sdk::AttributeDefinition::builder().attribute_name(name).attribute_type(kind.as_str().into());
        attribute.build().unwrap()
    };
    let global = |(name, key, projection, throughput): Index| {
        let index = sdk::GlobalSecondaryIndex::builder().index_name(name).set_key_schema(Some(key));
        index.projection(projection).set_provisioned_throughput(throughput).build().unwrap()
    };
    let local = |(name, key, projection, _): Index| {
        let index = sdk::LocalSecondaryIndex::builder().index_name(name).set_key_schema(Some(key));
        index.projection(projection).build().unwrap()
    };
    let tag = |(key, value): (String, String)| sdk::Tag::builder().key(key).value(value).build().unwrap();
    let (global, local): (Vec<_>, Vec<_>) =
        (table.global.into_iter().map(global).collect(), table.local.into_iter().map(local).collect());
    let stream = table.stream.map(|view| {
        let of = sdk::StreamSpecification::builder().stream_enabled(true).stream_view_type(view.as_str().into());
        of.build().unwrap()
    });
    db.create_table()
        .table_name(&table.name)
        .set_attribute_definitions(Some(table.attributes.iter().map(attribute).collect()))
        .set_key_schema(Some(table.key))
        .billing_mode(table.billing.as_str().into())
        .set_provisioned_throughput(table.throughput)
        .set_global_secondary_indexes((!global.is_empty()).then_some(global))
        .set_local_secondary_indexes((!local.is_empty()).then_some(local))
        .set_stream_specification(stream)
        .set_table_class(table.class.map(|class| class.as_str().into()))
        .set_deletion_protection_enabled(table.protection)
        .set_sse_specification(table.kms_key.map(|key| {
            let of = sdk::SseSpecification::builder().enabled(true).sse_type(sdk::SseType::Kms);
            of.kms_master_key_id(key).build()
        }))
        .set_on_demand_throughput(table.on_demand.map(|(read, write)| {
            let of = sdk::OnDemandThroughput::builder().max_read_request_units(read);
            of.max_write_request_units(write).build()
        }))
        .set_warm_throughput(table.warm.map(|(read, write)| {
            sdk::WarmThroughput::builder().read_units_per_second(read).write_units_per_second(write).build()
        }))
        .set_resource_policy(table.policy.map(|policy| policy.to_string()))
        .set_tags(Some(table.tags.into_iter().map(tag).collect()))
        .send()
        .await
        .unwrap();
    if let Some(attribute) = table.ttl {
        let of = sdk::TimeToLiveSpecification::builder().attribute_name(attribute).enabled(true).build().unwrap();
        db.update_time_to_live().table_name(table.name).time_to_live_specification(of).send().await.unwrap();
    }
}

#[test]
fn tables_that_are_made_of_a_template_are_as_the_schema_says() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for (kind, parts) in
        [("cloudformation", of_cloudformation as fn(&Value) -> Vec<Parts>), ("terraform", of_terraform)]
    {
        let folder = folder();
        let template = serde_json::from_str(&folder.ok(&format!("emit {kind} models.yaml"))).unwrap();
        let local = runtime.block_on(dyntastic::local::start()).unwrap();
        let db = Client::from_conf(local.config());
        runtime.block_on(async {
            for table in parts(&template) {
                create(&db, table).await;
            }
        });
        let plan = folder.run_with(&format!("plan models.yaml --endpoint {}", local.endpoint()), PRODUCTS);
        let said = String::from_utf8(plan.stdout).unwrap();
        assert_eq!(said, "nothing to do: the tables are as the schema says\n", "{kind}");
    }
}
