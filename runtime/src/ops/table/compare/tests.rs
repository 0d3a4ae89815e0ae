//! Tables and their descriptions, with the changes between them.

use super::*;
use crate::description::{KeyAttribute, SecondaryIndex, StreamView};
use crate::ops::table::live::LiveKey;
use crate::ops::table::replicas::LiveReplica;

const TABLE: Table = Table::named("t", KeyAttribute::string("id"));
const BY_NAME: SecondaryIndex = SecondaryIndex::global("by_name", &[KeyAttribute::string("name")]);
const EU: Replica = Replica::new("eu-west-1");
const US: Replica = Replica::new("us-east-1").table_class(TableClass::StandardInfrequentAccess);
const KEYS_ONLY: &[SecondaryIndex] = &[BY_NAME.keys_only()];
const PROVISIONED: Table = TABLE.provisioned(3, 4).indexes(&[BY_NAME.provisioned(1, 1)]);

fn attribute(name: &str, kind: &str) -> Vec<(String, String)> {
    vec![(name.to_owned(), kind.to_owned())]
}

/// The table `TABLE`.
fn live() -> Live {
    let key = LiveKey { hash: attribute("id", "S"), range: Vec::new() };
    Live { status: "ACTIVE".to_owned(), items: 7, key, ..Live::default() }
}

/// The index `BY_NAME`.
fn index(status: &str) -> LiveIndex {
    let key = LiveKey { hash: attribute("name", "S"), range: Vec::new() };
    LiveIndex { name: "by_name".to_owned(), key, status: Some(status.to_owned()), ..LiveIndex::default() }
}

/// A local index that no schema has, on `name` with this type.
fn local_of(kind: &str) -> LiveIndex {
    let key = LiveKey { hash: attribute("id", "S"), range: attribute("name", kind) };
    LiveIndex { name: "local".to_owned(), local: true, key, ..LiveIndex::default() }
}

fn indexed(index: LiveIndex) -> Live {
    Live { indexes: vec![index], ..live() }
}

#[test]
fn a_table_and_its_description_differ_by_changes() {
    let provisioned = |table, index_units| {
        let index = LiveIndex { throughput: Some(index_units), ..index("ACTIVE") };
        Live { throughput: Some(table), ..indexed(index) }
    };
    let tagged = |tags: &[(&str, &str)]| {
        let tags = tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        Live { tags: Some(tags.collect()), ..live() }
    };
    let maximum = |read| Live { on_demand_maximum: (Some(read), Some(40)), ..live() };
    let warm = |read, write| Live { warm_throughput: Some((read, write)), ..live() };
    let arn = |key: &str| format!("arn:aws:kms:us-east-1:1:key/{key}");
    let encrypted = |key: &str| Live { kms_key: Some(arn(key)), ..live() };
    let recording = |is_on| Live { contributor_insights: Some(is_on), ..live() };
    let replicated = |replicas: &[(&str, &str)]| {
        let replica = |(region, status): &(&str, &str)| LiveReplica {
            region: (*region).to_owned(),
            status: (*status).to_owned(),
            kms_key: Some(arn("k")),
            is_infrequent: Some(false),
            ..LiveReplica::default()
        };
        Live { replicas: replicas.iter().map(replica).collect(), ..live() }
    };
    let cases: [(Table, Option<Live>, &[&str]); 60] = [
        (TABLE, Some(replicated(&[("eu-west-1", "ACTIVE")])), &[]),
        (
            TABLE,
            Some(Live { stream: Some("NEW_AND_OLD_IMAGES".to_owned()), ..replicated(&[("eu-west-1", "ACTIVE")]) }),
            &[],
        ),
        (TABLE.replicas(&[EU]), Some(replicated(&[("eu-west-1", "ACTIVE")])), &[]),
        (TABLE.replicas(&[EU]), Some(replicated(&[("eu-west-1", "REGION_DISABLED")])), &[]),
        (TABLE.replicas(&[EU]), Some(live()), &["create the replica in eu-west-1, of about 7 items"]),
        (
            TABLE.replicas(&[EU]),
            Some(replicated(&[("eu-west-1", "DELETING")])),
            &["create the replica in eu-west-1, of about 7 items"],
        ),
        (
            TABLE.replicas(&[EU]),
            Some(replicated(&[("eu-west-1", "CREATION_FAILED")])),
            &["delete the replica in eu-west-1, and create it anew: DynamoDB could not create it (CREATION_FAILED)"],
        ),
        (TABLE.replicas(const { &[EU.kms_key("k")] }), Some(replicated(&[("eu-west-1", "ACTIVE")])), &[]),
        (
            TABLE.replicas(const { &[EU.kms_key("other")] }),
            Some(replicated(&[("eu-west-1", "ACTIVE")])),
            &["change the replica in eu-west-1; encrypted with the key other"],
        ),
        (
            TABLE.replicas(&[]),
            Some(replicated(&[("eu-west-1", "ACTIVE"), ("us-east-2", "DELETING")])),
            &["delete the replica in eu-west-1 with its items, which the schema does not list"],
        ),
        (
            TABLE.replicas(const { &[EU.kms_key("k")] }),
            Some(Live {
                replicas: vec![LiveReplica { region: "eu-west-1".to_owned(), ..LiveReplica::default() }],
                ..live()
            }),
            &["change the replica in eu-west-1; encrypted with the key k"],
        ),
        (
            TABLE.kms_key("k").replicas(const { &[EU.kms_key("k")] }),
            Some(Live {
                kms_key: Some("arn:aws:kms:us-east-1:123456789012:key/k".to_owned()),
                replicas: vec![LiveReplica { region: "eu-west-1".to_owned(), ..LiveReplica::default() }],
                ..live()
            }),
            &[],
        ),
        (TABLE.replicas(&[EU]), Some(Live { lacks_regions: true, ..live() }), &[]),
        // Its copies are made by the stream, and provisioned ones need auto scaling.
        (
            TABLE.stream(StreamView::KeysOnly).provisioned(3, 4),
            Some(Live { stream: Some("NEW_AND_OLD_IMAGES".to_owned()), ..replicated(&[("eu-west-1", "ACTIVE")]) }),
            &[],
        ),
        (
            TABLE.stream(StreamView::KeysOnly).replicas(&[]),
            Some(Live { stream: Some("NEW_AND_OLD_IMAGES".to_owned()), ..replicated(&[("eu-west-1", "ACTIVE")]) }),
            &["delete the replica in eu-west-1 with its items, which the schema does not list"],
        ),
        // A replica begins with what the table has.
        (
            TABLE.replicas(&[EU]).ttl("ends").tags(&[("a", "1")]).stream(StreamView::NewAndOldImages),
            Some(tagged(&[])),
            &[
                "turn on the stream (NEW_AND_OLD_IMAGES)",
                "turn on the time to live, in the attribute `ends`",
                "set the tags a=1",
                "create the replica in eu-west-1, of about 7 items",
            ],
        ),
        // The class here is not that of the replicas.
        (
            TABLE.replicas(const { &[EU, US] }).in_region(Some("us-east-1")),
            Some(replicated(&[("eu-west-1", "ACTIVE")])),
            &["set the table class to standard_infrequent_access"],
        ),
        (
            TABLE.replicas(const { &[EU, US] }).in_region(Some("us-east-1")),
            Some(Live {
                is_infrequent: true,
                replicas: vec![LiveReplica {
                    is_infrequent: Some(true),
                    region: "eu-west-1".to_owned(),
                    ..LiveReplica::default()
                }],
                ..live()
            }),
            &["change the replica in eu-west-1; standard class"],
        ),
        (
            TABLE.range_key(KeyAttribute::number("at")).replicas(&[EU]),
            Some(replicated(&[("eu-west-1", "ACTIVE"), ("us-east-2", "ACTIVE")])),
            &[
                "delete the table with its items (about 7), also in eu-west-1, us-east-2 (the schema does not list us-east-2: this needs the name of each), and create it anew: it has hash key `id` (string), and should have hash key `id` (string), range key `at` (number)",
            ],
        ),
        (TABLE.on_demand_maximum(Some(50), Some(40)), Some(maximum(50)), &[]),
        (
            TABLE.on_demand_maximum(Some(50), Some(40)),
            Some(maximum(60)),
            &["take at most 50 read and 40 write units per second; it was 60 read and 40 write units"],
        ),
        (
            TABLE.on_demand_maximum(Some(50), Some(40)),
            Some(live()),
            &["take at most 50 read and 40 write units per second; there was no maximum"],
        ),
        (TABLE, Some(maximum(60)), &[]),
        (TABLE.on_demand_maximum(None, Some(40)), Some(maximum(60)), &[]),
        (
            TABLE.on_demand_maximum(Some(50), None),
            Some(live()),
            &["take at most 50 read units per second; there was no maximum"],
        ),
        (TABLE.warm_throughput(13_000, 5_000), Some(warm(13_000, 6_000)), &[]),
        (TABLE.warm_throughput(13_000, 5_000), Some(live()), &[]),
        (
            TABLE.warm_throughput(13_000, 5_000),
            Some(warm(12_000, 6_000)),
            &["prepare for 13000 read and 6000 write units per second at once; it was 12000 read and 6000 write units"],
        ),
        (TABLE.kms_key("k"), Some(encrypted("k")), &[]),
        (TABLE.kms_key("k"), Some(encrypted("other")), &["encrypt the table with the key k"]),
        (TABLE.kms_key("k"), Some(live()), &["encrypt the table with the key k"]),
        (TABLE.kms_key("alias/k"), Some(encrypted("k")), &[]),
        (TABLE.contributor_insights(true), Some(recording(true)), &[]),
        (TABLE.contributor_insights(true), Some(recording(false)), &["turn on contributor insights"]),
        (TABLE.contributor_insights(false), Some(recording(true)), &["turn off contributor insights"]),
        (TABLE, Some(live()), &[]),
        (TABLE, None, &["create the table: hash key `id` (string); paid per request"]),
        (
            TABLE,
            Some(Live { status: "DELETING".to_owned(), ..live() }),
            &["create the table: hash key `id` (string); paid per request"],
        ),
        (
            TABLE.range_key(KeyAttribute::number("at")),
            Some(live()),
            &[
                "delete the table with its items (about 7), and create it anew: it has hash key `id` (string), and should have hash key `id` (string), range key `at` (number)",
            ],
        ),
        (TABLE.indexes(&[BY_NAME]), Some(indexed(index("ACTIVE"))), &[]),
        (TABLE.indexes(&[BY_NAME]), Some(indexed(index("CREATING"))), &["wait until the index `by_name` is built"]),
        (
            TABLE.indexes(&[BY_NAME]),
            Some(Live { status: "CREATING".to_owned(), ..indexed(index("CREATING")) }),
            &["wait until the table is created"],
        ),
        (TABLE, Some(Live { status: "UPDATING".to_owned(), ..live() }), &[]),
        (
            TABLE.indexes(&[BY_NAME]),
            Some(indexed(index("DELETING"))),
            &["create the index `by_name`: hash key `name` (string), with all attributes, of about 7 items"],
        ),
        (TABLE, Some(indexed(index("ACTIVE"))), &["delete the index `by_name`, which the schema does not have"]),
        (TABLE, Some(indexed(LiveIndex { local: true, ..index("ACTIVE") })), &[]),
        (
            TABLE.indexes(KEYS_ONLY),
            Some(indexed(index("ACTIVE"))),
            &[
                "delete the index `by_name`, and create what the schema says: it holds all attributes, and should hold only the keys",
            ],
        ),
        (
            TABLE.indexes(&[BY_NAME]),
            Some(indexed(LiveIndex { local: true, ..index("ACTIVE") })),
            &[
                "delete the table with its items (about 7), and create it anew: the index `by_name` is local, and should be global",
            ],
        ),
        (
            TABLE.indexes(&[BY_NAME]),
            Some(Live { indexes: vec![local_of("N")], ..live() }),
            &[
                "delete the table with its items (about 7), and create it anew: the local index `local`: its key `name` is number, and that of the index `by_name` is another",
            ],
        ),
        (
            TABLE.indexes(&[BY_NAME]),
            Some(Live { indexes: vec![local_of("S")], ..live() }),
            &["create the index `by_name`: hash key `name` (string), with all attributes, of about 7 items"],
        ),
        (
            TABLE.deletion_protection(false).range_key(KeyAttribute::number("at")),
            Some(Live { deletion_protection: true, ..live() }),
            &[
                "turn off deletion protection",
                "delete the table with its items (about 7), and create it anew: it has hash key `id` (string), and should have hash key `id` (string), range key `at` (number)",
            ],
        ),
        (
            PROVISIONED,
            Some(Live { throughput: Some((3, 4)), ..live() }),
            &[
                "create the index `by_name`: hash key `name` (string), with all attributes, 1 read and 1 write units, of about 7 items",
            ],
        ),
        (PROVISIONED, Some(provisioned((3, 4), (1, 1))), &[]),
        (
            PROVISIONED,
            Some(provisioned((3, 3), (2, 1))),
            &[
                "provision 3 read and 4 write units; it was 3 read and 3 write units",
                "provision 1 read and 1 write units for the index `by_name`; it was 2 read and 1 write units",
            ],
        ),
        (PROVISIONED, Some(indexed(index("ACTIVE"))), &["provision 3 read and 4 write units; it was paid per request"]),
        (
            TABLE.indexes(&[BY_NAME]),
            Some(provisioned((3, 4), (1, 1))),
            &["pay per request; it was provisioned with 3 read and 4 write units"],
        ),
        (TABLE.tags(&[("a", "1")]), Some(live()), &[]),
        (
            TABLE.tags(&[("a", "1"), ("b", "2")]),
            Some(tagged(&[("a", "1"), ("b", "3"), ("c", "4")])),
            &["set the tags b=2"],
        ),
        (
            TABLE.deletion_protection(false).point_in_time_recovery(true),
            Some(Live { deletion_protection: true, point_in_time_recovery: Some(false), ..live() }),
            &["turn off deletion protection", "turn on point-in-time recovery"],
        ),
        (
            TABLE.ttl("ends"),
            Some(Live { deletion_protection: true, ttl: Some("until".to_owned()), ..live() }),
            &[
                "turn off the time to live in the attribute `until`, and turn it on in `ends`; DynamoDB allows one of these an hour",
            ],
        ),
    ];
    for (table, live, expected) in cases {
        let change = |step| Change { table: "t".to_owned(), place: None, step };
        let changes = compare(&table, live.as_ref()).into_iter().map(|step| change(step).to_string());
        assert_eq!(changes.collect::<Vec<_>>(), expected, "{table:?}\n{live:?}");
    }
}
