//! The settings of tables: times to live, replicas and vector indexes.

use super::{expect, generates, item, of_strings};
use dyntastic_codegen::{
    LiveIndex, LiveTable, TableDistance, TableKey, TableKeyKind, TableReplica, TableStream, TableVectorIndex, pull,
};

#[test]
fn the_time_to_live_stays_on() {
    let mut table = LiveTable::new("sessions", of_strings("id", ""));
    table.ttl = Some("expires".to_owned());
    expect(&table, &["expires: { type: \"datetime?\", role: ttl }", "id: string"]);
    table.items.push(item(r##"{ "id": "s1" }"##));
    expect(&table, &["expires: { type: \"datetime?\", role: ttl }"]);
    let mut shared = LiveTable::new("sessions", of_strings("pk", "sk"));
    shared.ttl = Some("expires".to_owned());
    let mut index = LiveIndex::new("by-sk", of_strings("sk", ""));
    index.include = Some(vec!["expires".to_owned()]);
    shared.indexes.push(index);
    shared.items.extend(["A#1", "B#1"].map(|key| item(&format!(r##"{{ "pk": "{key}", "sk": "{key}" }}"##))));
    let schema = expect(&shared, &["discriminator: by_key", "expires: { type: \"datetime?\", role: ttl }"]);
    assert_eq!(schema.matches("role: ttl").count(), 1, "{schema}");
    // Milliseconds are times of later years than dates have.
    table.items.push(item(r##"{ "id": "s2", "expires": 1767312000123 }"##));
    let odd = "# The table's time to live is in expires, which is no time here: `dyntastic plan` would turn it off.";
    expect(&table, &[odd]);
}

#[test]
fn replicas_are_in_the_schema_where_it_can_say_them() {
    let mut table = LiveTable::new("users", of_strings("id", ""));
    table.stream = Some(TableStream::NewAndOldImages);
    table.replicas = vec![TableReplica::new("eu-west-1"), TableReplica::new("us-east-2")];
    assert!(
        pull(&[table.clone()]).contains("create: { replicas: [eu-west-1, us-east-2], stream: new_and_old_images }")
    );
    table.replicas[1].is_infrequent_access = Some(true);
    let schema = pull(&[table.clone()]);
    assert!(schema.contains("{ eu-west-1: {}, us-east-2: { table_class: standard_infrequent_access } }"), "{schema}");
    // An engine for tests makes an ARN of an alias.
    let mut local = LiveTable::new("local", of_strings("id", ""));
    for (key, written) in [
        ("arn:aws:kms:dynoxide:000000000000:key/alias/shop", Some("kms_key: 'alias/shop'")),
        ("arn:aws:kms:us-east-1:123456789012:alias/shop", Some("alias/shop")),
        ("", None),
        ("no key", None),
    ] {
        local.kms_key = Some(key.to_owned());
        let schema = pull(&[local.clone()]);
        generates(&schema);
        assert_eq!(schema.contains("kms_key"), written.is_some(), "{schema}");
        assert!(written.is_none_or(|written| schema.contains(written)), "{schema}");
    }
    // Whatever the rest of the table is, the schema generates.
    let key = |region: &str| format!("arn:aws:kms:{region}:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab");
    for case in 0..32 {
        let has = |bit: u32| case & (1 << bit) != 0;
        table.throughput = has(0).then_some((5, 5));
        table.stream = if has(1) { Some(TableStream::KeysOnly) } else { Some(TableStream::NewAndOldImages) };
        table.kms_key = has(2).then(|| key("us-east-1"));
        table.replicas[0].kms_key = has(3).then(|| key("eu-west-1"));
        table.replicas[1].kms_key = has(4).then(|| key("us-east-2"));
        let schema = pull(&[table.clone()]);
        generates(&schema);
        assert_eq!(schema.contains("replicas:"), [0b00000, 0b11100].contains(&case), "{schema}");
    }
}

#[test]
fn vector_indexes_make_vectors_of_their_attributes() {
    let mut table = LiveTable::new("documents", of_strings("id", ""));
    let mut index = TableVectorIndex::new("embedding-index", "embedding", 2, TableDistance::DotProduct);
    index.hash_key = Some(TableKey::new("tenant", TableKeyKind::String));
    index.filterable = vec![TableKey::new("stars", TableKeyKind::Number)];
    index.include = Some(vec!["embedding".to_owned(), "title".to_owned()]);
    table.vector_indexes.push(index);
    table.vector_indexes.push(TableVectorIndex::new("odd-index", "odd", 2, TableDistance::Cosine));
    table.vector_indexes.push(TableVectorIndex::new("unseen-index", "unseen", 3, TableDistance::Euclidean));
    table.items = vec![
        item(r#"{ "id": "a", "tenant": "acme", "title": "A", "embedding": [0.5, 1], "odd": [1] }"#),
        item(r#"{ "id": "b", "tenant": "acme", "title": "B", "stars": 4.5, "embedding": [0.25, 2], "odd": [1, 2] }"#),
    ];
    let schema = pull(&[table]);
    generates(&schema);
    let index = "vector: embedding, distance: dot_product, hash_key: tenant, filterable: [stars], projection: [title], \
                 name: embedding-index";
    for line in [
        "embedding: \"vector<2>\"  # in all 2",
        &format!("embedding_index: {{ {index} }}"),
        "unseen: \"vector<3>?\"  # by the description of the table",
    ] {
        assert!(schema.contains(line), "{line}\n{schema}");
    }
    assert!(!schema.contains("odd-index"), "{schema}");
}
