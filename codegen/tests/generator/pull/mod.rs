//! Schemas of tables that exist. `tests/pull` compiles them, and has its models read the items.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

#[path = "../../../../tests/pull/src/live.rs"]
#[allow(unreachable_pub, reason = "a crate of its own has it too")]
mod live;
#[path = "../random/live_tables.rs"]
mod live_tables;
mod settings;

use dyntastic_codegen::{
    Form, LiveIndex, LiveItem, LiveKey, LiveTable, LiveValue, Options, Sources, TableKeyKind, generate, pull,
};
use live_tables::Random;
use std::path::Path;

fn generates(schema: &str) {
    let mut sources = Sources::new();
    sources.add("models.yaml", schema);
    if let Err(mistakes) = generate(&sources, &Options::new(Form::File)) {
        panic!("{mistakes}\n{schema}");
    }
}

#[test]
fn the_schema_of_all_tables_is_the_accepted_one() {
    let schema = pull(&live::tables(include_str!("../../../../tests/pull/tables.json")));
    generates(&schema);
    let accepted = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/pull/models.yaml");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&accepted, &schema).unwrap();
    }
    let expected = std::fs::read_to_string(&accepted).unwrap_or_default();
    assert!(schema == expected, "the schema differs; accept it with BLESS=1 after a look at it:\n{schema}");
}

#[test]
fn the_schema_of_each_table_generates() {
    for table in live::tables(include_str!("../../../../tests/pull/tables.json")) {
        generates(&pull(std::slice::from_ref(&table)));
    }
}

/// An item of DynamoDB's JSON, with texts as `"text"` and numbers as `1`.
fn item(json: &str) -> LiveItem {
    fn value(of: &serde_json::Value) -> LiveValue {
        match of {
            serde_json::Value::String(text) => LiveValue::Text(text.clone()),
            serde_json::Value::Number(number) => LiveValue::Number(number.to_string()),
            serde_json::Value::Bool(is) => LiveValue::Bool(*is),
            serde_json::Value::Null => LiveValue::Null,
            serde_json::Value::Array(values) => LiveValue::List(values.iter().map(value).collect()),
            serde_json::Value::Object(entries) => {
                LiveValue::Map(entries.iter().map(|(name, of)| (name.clone(), value(of))).collect())
            }
        }
    }
    match value(&serde_json::from_str(json).unwrap()) {
        LiveValue::Map(item) => item,
        other => panic!("{other:?}"),
    }
}

fn of_strings(hash_key: &str, range_key: &str) -> LiveKey {
    let key = |name: &str| vec![(name.to_owned(), TableKeyKind::String)];
    LiveKey { hash_key: key(hash_key), range_key: if range_key.is_empty() { Vec::new() } else { key(range_key) } }
}

/// The schema of a table with these items, which must hold these lines.
fn expect(table: &LiveTable, lines: &[&str]) -> String {
    let schema = pull(std::slice::from_ref(table));
    generates(&schema);
    for line in lines {
        let found = schema.lines().any(|of| of.trim().split("  #").next() == Some(*line));
        assert!(found, "`{line}` is not in\n{schema}");
    }
    schema
}

#[test]
fn a_table_of_electrodb_has_its_entities() {
    let mut table = LiveTable::new("electro", of_strings("pk", "sk"));
    table.indexes.push(LiveIndex::new("gsi1pk-gsi1sk-index", of_strings("gsi1pk", "gsi1sk")));
    for number in 0..3 {
        table.items.push(item(&format!(
            r##"{{
                "pk": "$taskapp#team_development", "sk": "$tasks_1#task_0000-{number}",
                "gsi1pk": "$taskapp#employeeid_e{number}", "gsi1sk": "$tasks_1#project_core#task_0000-{number}",
                "task": "0000-{number}", "team": "development", "employeeId": "E{number}", "project": "core",
                "points": {number}, "__edb_e__": "tasks", "__edb_v__": "1"
            }}"##
        )));
        table.items.push(item(&format!(
            r##"{{
                "pk": "$taskapp#team_development", "sk": "$employees_1#employeeid_e{number}",
                "gsi1pk": "$taskapp#employeeid_e{number}", "gsi1sk": "$employees_1",
                "employeeId": "e{number}", "team": "development", "firstName": "Ann", "__edb_e__": "employees",
                "__edb_v__": "1"
            }}"##
        )));
    }
    expect(
        &table,
        &[
            "discriminator: __edb_e__",
            "discriminator: tasks",
            "key: { pk: '$taskapp#team_{team}', sk: '$tasks_1#task_{task}' }",
            "gsi1pk_gsi1sk_index: { gsi1pk: '$taskapp#employeeid_{employee_id:lower}', gsi1sk: '$tasks_1#project_{project}#task_{task}' }",
            "key: { pk: '$taskapp#team_{team}', sk: '$employees_1#employeeid_{employee_id}' }",
            "employee_id: { type: string, attribute: employeeId }",
        ],
    );
}

#[test]
fn models_without_a_discriminator_are_told_by_their_keys() {
    let mut table = LiveTable::new("chat", of_strings("PK", "SK"));
    for number in 1..5 {
        table.items.push(item(&format!(
            r##"{{ "PK": "ROOM#{number}", "SK": "META", "title": "Room {number}", "open": true }}"##
        )));
        table.items.push(item(&format!(
            r##"{{ "PK": "ROOM#1", "SK": "MSG#2026-01-0{number}T10:00:00.000Z#u{number}", "body": "hello {number}",
                 "sentAt": "2026-01-0{number}T10:00:00.000Z", "likes": {{ "u{number}": 1, "v{number}": 2 }} }}"##
        )));
    }
    expect(
        &table,
        &[
            "discriminator: by_key",
            "key: { PK: 'ROOM#{room_id}', SK: META }",
            "key: { PK: 'ROOM#{room_id}', SK: 'MSG#{sent_at}#{msg_id}' }",
            "likes: \"map<string, i64>\"",
        ],
    );
}

#[test]
fn a_table_with_one_kind_of_items_is_a_model_with_fields_as_keys() {
    let mut users = LiveTable::new("users", of_strings("user-id", ""));
    users.ttl = Some("expires".to_owned());
    users.indexes.push(LiveIndex::new("by-email", of_strings("email", "")));
    for number in 0..40 {
        let role = ["admin", "guest", "member"][number % 3];
        users.items.push(item(&format!(
            r#"{{ "user-id": "6ba7b810-9dad-11d1-80b4-00c04fd430{number:02}", "email": "u{number}@example.com",
                 "role": "{role}", "loginCount": {number}, "createdAt": 1767312{number:03}, "expires": 1767312000,
                 "settings": {{ "theme": "dark", "scale": 1.5 }}, "tags": ["a", "b"], "mixed": {mixed} }}"#,
            mixed = if number % 2 == 0 { "1" } else { r#""one""# },
        )));
    }
    let schema = expect(
        &users,
        &[
            "table: users",
            "hash_key: user_id",
            "user_id: { type: uuid, attribute: user-id }",
            "email: string",
            "role: UsersRole",
            "UsersRole: { other: true, variants: [admin, guest, member] }",
            "login_count: { type: i64, attribute: loginCount }",
            "created_at: { type: datetime, format: epoch_seconds, attribute: createdAt }",
            "expires: { type: datetime, role: ttl }",
            "settings: UsersSettings",
            "scale: decimal",
            "tags: \"list<string>\"",
            "mixed: json",
            "by_email: { hash_key: email, name: by-email }",
        ],
    );
    assert!(!schema.contains("example.com"), "values of items are in the schema:\n{schema}");
}

#[test]
fn items_of_the_librarys_own_and_of_states_are_no_models() {
    let mut table = LiveTable::new("shop", of_strings("pk", "sk"));
    for number in 0..6 {
        let (status, paid) = [("open", ""), ("paid", r#""paidAt": "2026-01-31", "#)][number % 2];
        table.items.push(item(&format!(
            r##"{{ "pk": "C#{number}", "sk": "ORDER#x{number}", "kind": "Order", {paid}"status": "{status}" }}"##
        )));
    }
    let own = |key: &str, kind: &str| item(&format!(r##"{{ "pk": "{key}", "sk": "UNIQUE", "kind": "{kind}" }}"##));
    table.items.push(own("UNIQUE#Order#email#a", "UNIQUE"));
    table.items.push(own("DYNTASTIC#MIGRATION#2026", "DYNTASTIC#MIGRATION"));
    let lines = ["discriminator: kind", "discriminator: Order", "# 6 of 8 items.", "status: string"];
    let schema = expect(&table, &lines);
    assert!(schema.contains("1 more items reserve"), "{schema}");
    assert!(!schema.contains("MIGRATION"), "{schema}");
    // Without the attribute, the states are no models either.
    table.items.iter_mut().for_each(|item| drop(item.remove("kind")));
    let schema = expect(
        &table,
        &["key: { pk: 'C#{c_id}', sk: 'ORDER#{order_id}' }", "paid_at: { type: \"date?\", attribute: paidAt }"],
    );
    assert!(!schema.contains("discriminator"), "{schema}");
}

#[test]
fn a_table_without_items_has_its_keys() {
    let mut table = LiveTable::new("events", of_strings("source", ""));
    table.key.range_key = vec![("at".to_owned(), TableKeyKind::Number)];
    table.throughput = Some((5, 2));
    table.tags = vec![("team".to_owned(), "42".to_owned())];
    let schema = expect(&table, &["hash_key: source", "range_key: at", "at: decimal", "source: string"]);
    assert!(schema.contains("source: string  # by the description of the table"), "{schema}");
}

#[test]
fn an_inverted_index_leaves_the_models_of_keys() {
    let mut table = LiveTable::new("shop", of_strings("pk", "sk"));
    table.indexes.push(LiveIndex::new("inverted", of_strings("sk", "pk")));
    for number in 0..3 {
        // An attribute with the word of the keys does not take its place.
        table.items.push(item(&format!(r##"{{ "pk": "C#{number}", "sk": "ORDER#{number}", "kind": "ORDER" }}"##)));
        table.items.push(item(&format!(r##"{{ "pk": "C#{number}", "sk": "NOTE#{number}" }}"##)));
    }
    let order = "# inverted: { sk: 'ORDER#{order_id}', pk: 'C#{c_id}' }";
    expect(&table, &["discriminator: by_key", "key: { pk: 'C#{c_id}', sk: 'ORDER#{order_id}' }", order]);
}

#[test]
fn guards_of_onetable_are_of_no_model() {
    let mut table = LiveTable::new("onetable", of_strings("pk", "sk"));
    for number in 0..3 {
        let items = [
            format!(r##"{{ "pk": "account:{number}", "sk": "account:", "_type": "Account" }}"##),
            format!(r##"{{ "pk": "account:{number}", "sk": "user:u{number}#ann", "_type": "User" }}"##),
            format!(r##"{{ "pk": "_unique#User#email#{number}@example.com", "sk": "_unique#" }}"##),
        ];
        table.items.extend(items.iter().map(|json| item(json)));
    }
    let schema = expect(
        &table,
        &[
            "# 3 more items reserve unique values of OneTable: they are of no model.",
            "discriminator: _type",
            "key: { pk: 'account:{account_id}', sk: 'account:' }",
        ],
    );
    assert!(!schema.contains("unique: true"), "{schema}");
}

#[test]
fn a_state_that_all_items_have_is_no_constant_of_an_index() {
    let mut table = LiveTable::new("orders", of_strings("pk", "sk"));
    table.indexes.push(LiveIndex::new("by-status", of_strings("status", "sk")));
    for number in 0..3 {
        table.items.push(item(&format!(r##"{{ "pk": "C#{number}", "sk": "ORDER#{number}", "status": "open" }}"##)));
    }
    expect(&table, &["by_status: { status: '{status}', sk: 'ORDER#{order_id}' }", "status: string"]);
    // Nor is one of the table, where nothing else says that keys are made of words.
    let mut table = LiveTable::new("orders", of_strings("country", "id"));
    table.items.extend((0..3).map(|number| item(&format!(r##"{{ "country": "US", "id": "o{number}" }}"##))));
    expect(&table, &["hash_key: country", "range_key: id", "country: string"]);
}

#[test]
fn keys_with_values_that_hold_the_separator_have_no_template() {
    let mut table = LiveTable::new("tags", of_strings("pk", ""));
    table.items.extend(["tag|#", "tag|new"].map(|key| item(&format!(r##"{{ "pk": "{key}" }}"##))));
    expect(&table, &["hash_key: pk", "pk: string"]);
    // A field that another one follows has the separator of the table.
    table.items.iter_mut().for_each(|of| {
        let LiveValue::Text(key) = &of["pk"] else { panic!("{of:?}") };
        *of = LiveItem::from([("pk".to_owned(), LiveValue::Text(format!("{key}|x")))]);
    });
    expect(&table, &["key: { pk: 'tag|{tag_id}|x' }"]);
}

#[test]
fn numbers_keep_their_digits() {
    let mut table = LiveTable::new("numbers", of_strings("id", ""));
    let number = |text: &str| LiveValue::Number(text.to_owned());
    table.items.push(LiveItem::from([
        ("id".to_owned(), LiveValue::Text("n1".to_owned())),
        ("exact".to_owned(), number("1E-100")),
        ("many".to_owned(), number("-9999999999999999999999999999999999999900000000000000000000")),
        ("set".to_owned(), LiveValue::Numbers(["1E+30".to_owned(), "12345678901234567890E10".to_owned()].into())),
    ]));
    expect(&table, &["decimal: bigdecimal", "exact: f64", "many: decimal", "set: \"set<decimal>\""]);
}

#[test]
fn times_have_the_forms_of_other_libraries() {
    let mut table = LiveTable::new("times", of_strings("id", ""));
    for day in 1..4 {
        table.items.push(item(&format!(
            r##"{{ "id": "t{day}", "pynamo": "2026-01-0{day}T10:00:00.123456+0000", "utc": "2026-01-0{day}T10:00:00+00:00",
                 "sql": "2026-01-0{day} 10:00:00", "sql3": "2026-01-0{day} 10:00:00.123Z", "local": "2026-01-0{day}T10:00:00+02:00" }}"##
        )));
    }
    expect(
        &table,
        &[
            "pynamo: { type: datetime, format: '%Y-%m-%dT%H:%M:%S.%6f+0000' }",
            "utc: { type: datetime, format: '%Y-%m-%dT%H:%M:%S+00:00', precision: seconds }",
            "sql: { type: naive_datetime, format: '%Y-%m-%d %H:%M:%S', precision: seconds }",
            "sql3: { type: datetime, format: '%Y-%m-%d %H:%M:%S.%3fZ', precision: millis }",
            "local: string",
        ],
    );
    // A key cannot have the day of a time with a pattern, and can have that of others.
    let mut table = LiveTable::new("days", of_strings("pk", "sk"));
    table.indexes.push(LiveIndex::new("by-day", of_strings("day", "sk")));
    for (fraction, by_day) in [(".123", "day: '{day}'"), (".123456", "day: 'D#{at:date}'")] {
        table.items = (1..4)
            .map(|day| {
                item(&format!(
                    r##"{{ "pk": "A#{day}", "sk": "B#{day}", "at": "2026-01-0{day}T10:00:00{fraction}Z", "day": "D#2026-01-0{day}" }}"##
                ))
            })
            .collect();
        expect(&table, &[&format!("by_day: {{ {by_day}, sk: 'B#{{b_id}}' }}")]);
    }
}

#[test]
fn lists_nest_as_deep_as_types_do() {
    let mut table = LiveTable::new("deep", of_strings("id", ""));
    let deep = (0..28).fold(LiveValue::Bool(true), |of, _| LiveValue::List(vec![of]));
    let id = ("id".to_owned(), LiveValue::Text("d1".to_owned()));
    table.items.push(LiveItem::from([id, ("deep".to_owned(), deep)]));
    expect(&table, &["deep: json"]);
}

#[test]
fn names_are_those_that_the_generator_has_left() {
    let map = |name: &str| (name.to_owned(), LiveValue::Map(LiveItem::from([("a".to_owned(), LiveValue::Bool(true))])));
    let mut users = LiveTable::new("users", of_strings("id", ""));
    users.indexes.push(LiveIndex::new("address", of_strings("id", "")));
    users.items.push(LiveItem::from([
        ("id".to_owned(), LiveValue::Text("u1".to_owned())),
        map("address"),
        map("builder"),
        map("key"),
        map("u a"),
        map("uA"),
    ]));
    let expected = ["UsersAddress2:", "UsersBuilder2:", "UsersKey2:", "Users:"];
    expect(&users, &expected);
    // So are those of several tables, and words that YAML does not read as text.
    let tables = ["users", "users_key", "u-a", "U.A", "true", "null", "no.2"].map(|name| {
        let mut table = LiveTable::new(name, of_strings("pk", "sk"));
        table.indexes.push(LiveIndex::new("null", of_strings("g", "")));
        let kinds = ["True", "yes", "N", "Item"];
        table.items.extend(kinds.map(|kind| {
            item(&format!(r##"{{ "pk": "{kind}#1", "sk": "{kind}", "type": "{kind}", "g": "{kind}#2" }}"##))
        }));
        table
    });
    generates(&pull(&tables));
}

#[test]
fn a_hundred_models_are_told_by_their_names() {
    let mut table = LiveTable::new("many", of_strings("pk", ""));
    for number in 0..200 {
        let of = number % 100;
        table.items.push(item(&format!(r##"{{ "pk": "E{of}#a{number}", "type": "Entity{of}", "f{of}": 1 }}"##)));
    }
    expect(&table, &["discriminator: type", "discriminator: Entity99"]);
}

#[test]
fn any_table_gives_a_schema_that_generates() {
    let times: u64 = std::env::var("DYNTASTIC_TEST_TIMES").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    for seed in 0..400 * times {
        let table = Random::new(seed).table();
        let schema = pull(std::slice::from_ref(&table));
        let mut sources = Sources::new();
        sources.add("models.yaml", schema.clone());
        if let Err(mistakes) = generate(&sources, &Options::new(Form::File)) {
            panic!("seed {seed}: {mistakes}\n{schema}");
        }
    }
}
