//! The tables of `tables.json`: requests of CreateTable, and items in DynamoDB's JSON, as the end-to-end tests send
//! them.

use dyntastic_codegen::{LiveIndex, LiveItem, LiveKey, LiveTable, LiveValue, TableKeyKind};
use serde_json::{Map, Value};

pub fn tables(json: &str) -> Vec<LiveTable> {
    let tables: Value = serde_json::from_str(json).expect("tables.json is JSON");
    list(&tables).iter().map(table).collect()
}

fn table(of: &Value) -> LiveTable {
    let request = &of["table"];
    let mut table = LiveTable::new(text(&request["TableName"]), key(request, &request["KeySchema"]));
    for (indexes, is_local) in [("GlobalSecondaryIndexes", false), ("LocalSecondaryIndexes", true)] {
        table.indexes.extend(list(&request[indexes]).iter().map(|index| {
            let mut live = LiveIndex::new(text(&index["IndexName"]), key(request, &index["KeySchema"]));
            live.is_local = is_local;
            live.include = match text(&index["Projection"]["ProjectionType"]).as_str() {
                "ALL" => None,
                _ => Some(list(&index["Projection"]["NonKeyAttributes"]).iter().map(text).collect()),
            };
            live.throughput = throughput(index);
            live
        }));
    }
    table.ttl = request["TimeToLive"].as_str().map(str::to_owned);
    table.throughput = throughput(request);
    table.items = list(&of["items"]).iter().map(item).collect();
    table
}

fn throughput(of: &Value) -> Option<(u32, u32)> {
    let units = &of["ProvisionedThroughput"];
    let unit = |name: &str| units[name].as_u64().and_then(|unit| u32::try_from(unit).ok());
    Some((unit("ReadCapacityUnits")?, unit("WriteCapacityUnits")?))
}

fn key(request: &Value, schema: &Value) -> LiveKey {
    let of = |role: &str| {
        let elements = list(schema).iter().filter(|element| element["KeyType"] == role);
        let attribute = |element: &Value| {
            let name = text(&element["AttributeName"]);
            let kind = list(&request["AttributeDefinitions"]).iter().find(|of| of["AttributeName"] == name.as_str());
            let kind = match kind.map(|kind| text(&kind["AttributeType"])).as_deref() {
                Some("N") => TableKeyKind::Number,
                Some("B") => TableKeyKind::Binary,
                _ => TableKeyKind::String,
            };
            (name, kind)
        };
        elements.map(attribute).collect()
    };
    LiveKey { hash_key: of("HASH"), range_key: of("RANGE") }
}

fn item(json: &Value) -> LiveItem {
    entries(json).map(|(name, of)| (name.clone(), value(of))).collect()
}

fn value(json: &Value) -> LiveValue {
    let (kind, of) = entries(json).next().expect("a value has a type");
    let texts = || list(of).iter().map(text);
    match kind.as_str() {
        "S" => LiveValue::Text(text(of)),
        "N" => LiveValue::Number(text(of)),
        "B" => LiveValue::Binary(text(of).into_bytes()),
        "BOOL" => LiveValue::Bool(of == &Value::Bool(true)),
        "L" => LiveValue::List(list(of).iter().map(value).collect()),
        "M" => LiveValue::Map(item(of)),
        "SS" => LiveValue::Texts(texts().collect()),
        "NS" => LiveValue::Numbers(texts().collect()),
        "BS" => LiveValue::Binaries(texts().map(String::into_bytes).collect()),
        _ => LiveValue::Null,
    }
}

fn entries(json: &Value) -> impl Iterator<Item = (&String, &Value)> {
    json.as_object().into_iter().flat_map(Map::iter)
}

fn list(json: &Value) -> &[Value] {
    json.as_array().map_or(&[], Vec::as_slice)
}

fn text(json: &Value) -> String {
    json.as_str().unwrap_or_default().to_owned()
}
