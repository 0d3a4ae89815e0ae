//! Tables that are made of a template are as the schema says.

use super::{PRODUCTS, folder, list, text};
use dyntastic::aws_sdk_dynamodb::Client;
use dyntastic::aws_sdk_dynamodb::types as sdk;
use serde_json::Value;

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
        assert_eq!(resource["DeletionPolicy"], "Retain");
        let of = &resource["Properties"];
        // What a table has in the region of the stack is in one of the replicas of a global one.
        let here = match resource["Type"].as_str().unwrap() {
            "AWS::DynamoDB::GlobalTable" => &of["Replicas"][0]["Fn::If"][1],
            kind => {
                assert_eq!(kind, "AWS::DynamoDB::Table");
                of
            }
        };
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
            class: optional(&here["TableClass"]),
            protection: here["DeletionProtectionEnabled"].as_bool(),
            kms_key: optional(&here["SSESpecification"]["KMSMasterKeyId"]),
            on_demand: {
                let most = &of["OnDemandThroughput"];
                pair(&most["MaxReadRequestUnits"], &most["MaxWriteRequestUnits"]).or(pair(
                    &here["ReadOnDemandThroughputSettings"]["MaxReadRequestUnits"],
                    &of["WriteOnDemandThroughputSettings"]["MaxWriteRequestUnits"],
                ))
            },
            warm: {
                let warm = &of["WarmThroughput"];
                pair(&warm["ReadUnitsPerSecond"], &warm["WriteUnitsPerSecond"])
            },
            policy: here["ResourcePolicy"].as_object().map(|of| of["PolicyDocument"].clone()),
            tags: list(&here["Tags"]).iter().map(|of| texts(of, "Key", "Value")).collect(),
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
            class: optional(&of["table_class"]).map(|class| otherwise(&class)),
            protection: of["deletion_protection_enabled"].as_bool(),
            kms_key: optional(&of["server_side_encryption"]["kms_key_arn"]).map(|key| {
                assert_eq!(otherwise(&key), format!("data.aws_kms_key.{id}.arn"));
                text(&configuration["data"]["aws_kms_key"][id]["key_id"])
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

/// The value of a text in a region without a replica: what it is by itself, or the default of a `lookup`.
fn otherwise(text: &str) -> String {
    let Some(expression) = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) else {
        return text.to_owned();
    };
    match expression.strip_prefix("lookup(").and_then(|rest| rest.strip_suffix(')')) {
        Some(arguments) => arguments.rsplit(", ").next().unwrap().trim_matches('"').to_owned(),
        None => expression.to_owned(),
    }
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
        let (planned, uncompared) = said.split_at(said.find("not compared: ").unwrap());
        let nothing = "nothing to do: the tables are as the schema says\n";
        assert_eq!(planned, nothing, "{kind}");
        let engine = |what: &str| format!("not compared: {what}: this engine does not report it");
        let alias = "not compared: the KMS key of user.profiles: DynamoDB tells the key of a table, and not whether an \
                     alias is one of this key";
        let expected = [
            engine("the point-in-time recovery of user.profiles"),
            engine("the contributor insights of user.profiles"),
            engine("the warm throughput of user.profiles"),
            alias.to_owned(),
            engine("the resource policy of products"),
            engine("the point-in-time recovery of visits"),
            engine("the contributor insights of visits"),
            engine("the resource policy of visits"),
            "not compared: the replicas of visits: this engine has none".to_owned(),
            alias.replace("user.profiles", "visits"),
        ];
        assert_eq!(uncompared.lines().collect::<Vec<_>>(), expected, "{kind}");
    }
}
