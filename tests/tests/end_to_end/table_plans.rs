//! Tables and their descriptions: what is planned, what is done, and what is left alone.

use crate::engine::{Engine, config, db, isolated};
use dyntastic::prelude::*;
use dyntastic::tables::{self, Plan, Progress};
use dyntastic::{Client, Error, KeyAttribute, SecondaryIndex, Setting, StreamView, Table, TableClass};
use dyntastic_tests::tables::{Title, Writer};
use std::sync::{Arc, Mutex};

const ID: KeyAttribute = KeyAttribute::string("id");
pub const PLAIN: Table = Table::named("planned", ID);
pub const BY_NAME: SecondaryIndex = SecondaryIndex::global("by_name", &[KeyAttribute::string("name")]);
const BY_YEAR: SecondaryIndex =
    SecondaryIndex::global("by_year", &[KeyAttribute::number("year")]).range_key(&[KeyAttribute::string("name")]);

const READERS: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":["dynamodb:GetItem","dynamodb:Query"],"Resource":"*"}]}"#;
const WRITERS: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"dynamodb:PutItem","Resource":"*"}]}"#;

/// The kinds of the changes in a plan.
pub fn kinds(plan: &Plan) -> Vec<&'static str> {
    plan.changes().iter().map(tables::Change::kind).collect()
}

pub async fn plan(db: &Client, table: Table) -> Plan {
    tables::plan(db, &[table]).await.unwrap()
}

async fn create(db: &Client, table: Table) {
    let left = plan(db, table).await.apply().await.unwrap();
    assert!(left.is_empty(), "{left}");
}

/// A table with every setting that the engine keeps.
fn full() -> Table {
    let engine = Engine::current();
    let mut table = PLAIN.range_key(KeyAttribute::number("at")).indexes(&[BY_NAME, BY_YEAR]).provisioned(3, 4);
    if engine.has_streams() {
        table = table.stream(StreamView::NewImage);
    }
    if engine.has_time_to_live() {
        table = table.ttl("until");
    }
    if engine.keeps_class() {
        table = table.table_class(TableClass::StandardInfrequentAccess);
    }
    if engine.keeps_tags() {
        table = table.tags(&[("team", "shop"), ("cost", "42")]);
    }
    if engine.protects_tables() {
        table = table.deletion_protection(true);
    }
    table.point_in_time_recovery(true)
}

#[tokio::test]
async fn nothing_is_left_to_do_after_a_table_is_created() {
    let db = db().await;
    let tables = [full(), Table::named("another", ID)];
    let before = tables::plan(&db, &tables).await.unwrap();
    assert_eq!(kinds(&before), ["create_table", "create_table"]);
    assert!(before.changes().iter().all(|change| !change.is_destructive()));
    tables::ensure(&db, &tables).await.unwrap();
    let after = tables::plan(&db, &tables).await.unwrap();
    assert!(after.is_empty(), "{after}");
    let uncompared: String = after.uncompared().map(|of| format!("\nnot compared: {of}")).collect();
    assert_eq!(after.to_string(), format!("nothing to do: the tables are as the schema says{uncompared}"));
    assert_eq!(uncompared.is_empty(), Engine::current().has_point_in_time_recovery(), "{uncompared}");
    tables::ensure(&db, &tables).await.unwrap();
}

/// Each setting by itself, there and back.
#[tokio::test]
async fn a_setting_that_differs_is_the_only_change() {
    let engine = Engine::current();
    let units = PLAIN.provisioned(1, 2);
    let indexed = PLAIN.indexes(&[BY_NAME]);
    let limited = |read| PLAIN.on_demand_maximum(Some(read), Some(40));
    let cases: [(&str, bool, Table, Table); 13] = [
        ("resource_policy", engine.has_resource_policies(), PLAIN.resource_policy(""), PLAIN.resource_policy(READERS)),
        (
            "resource_policy",
            engine.has_resource_policies(),
            PLAIN.resource_policy(READERS),
            PLAIN.resource_policy(WRITERS),
        ),
        ("billing_mode", true, PLAIN, units),
        ("throughput", true, units, PLAIN.provisioned(5, 2)),
        ("billing_mode", true, indexed, indexed.provisioned(2, 2)),
        ("stream", engine.has_streams(), PLAIN, PLAIN.stream(StreamView::KeysOnly)),
        ("table_class", engine.keeps_class(), PLAIN, PLAIN.table_class(TableClass::StandardInfrequentAccess)),
        (
            "deletion_protection",
            engine.protects_tables(),
            PLAIN.deletion_protection(false),
            PLAIN.deletion_protection(true),
        ),
        (
            "point_in_time_recovery",
            engine.has_point_in_time_recovery(),
            PLAIN.point_in_time_recovery(false),
            PLAIN.point_in_time_recovery(true),
        ),
        (
            "contributor_insights",
            engine.has_contributor_insights(),
            PLAIN.contributor_insights(false),
            PLAIN.contributor_insights(true),
        ),
        ("on_demand_maximum", engine.has_on_demand_maximum(), limited(50), limited(60)),
        ("time_to_live", engine.has_time_to_live(), PLAIN, PLAIN.ttl("until")),
        ("tags", engine.keeps_tags(), PLAIN.tags(&[("team", "a")]), PLAIN.tags(&[("team", "b"), ("cost", "1")])),
    ];
    for (kind, is_kept, one, other) in cases {
        if !is_kept {
            continue;
        }
        let db = db().await;
        create(&db, one).await;
        for table in [other, one] {
            let planned = plan(&db, table).await;
            // Tags that the description does not have stay.
            assert_eq!(kinds(&planned), [kind], "{planned}");
            let left = planned.apply().await.unwrap();
            assert!(left.is_empty(), "{left}");
            assert!(plan(&db, table).await.is_empty());
        }
    }
}

/// They do not go back: a table has a key from then on, and what it takes at once only grows.
#[tokio::test]
async fn a_key_and_a_warm_throughput_are_set_once() {
    let engine = Engine::current();
    let db = db().await;
    let warm = PLAIN.warm_throughput(13_000, 4_500);
    for (kind, is_kept, table) in [
        ("kms_key", engine.changes_keys(), PLAIN.kms_key("alias/shop")),
        ("warm_throughput", engine.has_warm_throughput(), warm),
    ] {
        if !is_kept {
            continue;
        }
        let db = isolated().from_conf(config().await);
        create(&db, PLAIN).await;
        let planned = plan(&db, table).await;
        assert_eq!(kinds(&planned), [kind], "{planned}");
        assert!(planned.apply().await.unwrap().is_empty());
        assert!(plan(&db, table).await.is_empty());
        assert!(plan(&db, PLAIN).await.is_empty());
    }
    if !engine.has_on_demand_maximum() {
        return;
    }
    // What the embedded engine cannot change is left to a later run.
    let all = warm.kms_key("alias/shop").on_demand_maximum(Some(50), None).contributor_insights(true);
    tables::ensure(&db, &[all]).await.unwrap();
}

#[tokio::test]
async fn indexes_are_added_one_at_a_time() {
    if !Engine::current().changes_indexes() {
        return;
    }
    let db = db().await;
    create(&db, PLAIN).await;
    let table = PLAIN.indexes(&[BY_NAME, BY_YEAR]);
    let planned = plan(&db, table).await;
    assert_eq!(kinds(&planned), ["create_index", "create_index"]);
    assert_eq!(planned.changes()[1].index(), Some("by_year"));
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sees = seen.clone();
    let left = planned.apply().on_progress(move |progress| {
        sees.lock().unwrap().extend(match progress {
            Progress::Begins(change) => Some(format!("begins {}", change.name())),
            Progress::Done(change) => Some(format!("done {}", change.name())),
            _ => None,
        });
    });
    assert!(left.await.unwrap().is_empty());
    let seen: Vec<String> = seen.lock().unwrap().clone();
    let steps: Vec<&str> = seen.iter().map(|step| step.rsplit('/').next().unwrap()).collect();
    assert_eq!(steps, ["by_name", "by_name", "by_year", "by_year"], "{seen:?}");
    assert!(plan(&db, table).await.is_empty());
}

#[tokio::test]
async fn a_new_index_has_the_items_of_before() {
    if !Engine::current().changes_indexes() {
        return;
    }
    let db = db().await;
    create(&db, Table::named("library", KeyAttribute::string("id"))).await;
    for number in 0..30 {
        let name = if number % 3 == 0 { "ada" } else { "bob" };
        Writer::builder().id(format!("{number}")).name(name).build().unwrap().save(&db).await.unwrap();
    }
    tables::ensure(&db, &[Writer::TABLE]).await.unwrap();
    assert_eq!(Writer::query_by_name(&db, "ada").all().await.unwrap().len(), 10);
    // The other model of the table says the same of it, with the indexes of both.
    let planned = tables::plan(&db, &[Title::TABLE]).await.unwrap();
    assert!(!kinds(&planned).contains(&"create_index"), "{planned}");
    assert_eq!(Writer::TABLE, Title::TABLE);
}

#[tokio::test]
async fn two_processes_may_do_the_same() {
    for existing in [None, Some(PLAIN.range_key(KeyAttribute::number("at")))] {
        let prefix = isolated();
        let config = config().await;
        let (one, other) = (prefix.clone().from_conf(config.clone()), prefix.from_conf(config));
        if let Some(table) = existing {
            let engine = Engine::current();
            if !engine.changes_indexes() || !engine.takes_changes_at_once() {
                continue;
            }
            create(&one, table).await;
        }
        let tables = [full(), Table::named("another", ID).indexes(&[BY_NAME])];
        let (first, second) =
            tokio::join!(tables::ensure(&one, &tables).into_future(), tables::ensure(&other, &tables).into_future());
        first.unwrap();
        second.unwrap();
        let left = tables::plan(&one, &tables).await.unwrap();
        assert!(left.is_empty(), "{left}");
    }
}

/// Whether an error is that of a refusal, before anything is changed.
pub fn refused(error: &Error, kind: &str) -> bool {
    matches!(error, Error::TablesDiffer { changes, .. } if changes.iter().all(|change| change.kind() == kind))
}

#[tokio::test]
async fn another_key_is_refused_and_nothing_is_changed() {
    if !Engine::current().changes_indexes() {
        return;
    }
    let db = db().await;
    let other = Table::named("another", ID);
    create(&db, PLAIN).await;
    create(&db, other).await;
    let other_key = Table::named("planned", KeyAttribute::number("id"));
    let tables = [other.indexes(&[BY_NAME]), other_key];
    let planned = tables::plan(&db, &tables).await.unwrap();
    assert_eq!(kinds(&planned), ["create_index", "replace_table"]);
    let change = &planned.changes()[1];
    assert!(change.is_destructive() && change.is_replacement() && change.lost_items().is_some());
    assert!(
        change.to_string().contains("it has hash key `id` (string), and should have hash key `id` (number)"),
        "{change}"
    );
    let error = tables::ensure(&db, &tables).await.unwrap_err();
    assert!(refused(&error, "replace_table"), "{error}");
    // The name of another table does not allow it.
    let error = planned.apply().allow_deletion("planned").await.unwrap_err();
    assert!(refused(&error, "replace_table"), "{error}");
    let planned = tables::plan(&db, &tables).await.unwrap();
    assert_eq!(kinds(&planned), ["create_index", "replace_table"]);

    let name = planned.changes()[1].name();
    let left = planned.apply().allow_deletion(name).await.unwrap();
    assert!(left.is_empty(), "{left}");
    assert!(tables::plan(&db, &tables).await.unwrap().is_empty());
}

#[tokio::test]
async fn local_indexes_are_fixed_with_their_table() {
    let db = db().await;
    let table = PLAIN.range_key(KeyAttribute::number("at"));
    create(&db, table).await;
    const LOCAL: &[SecondaryIndex] =
        &[SecondaryIndex::local("by_score", &[ID]).range_key(&[KeyAttribute::number("score")])];
    let planned = plan(&db, table.indexes(LOCAL)).await;
    assert_eq!(kinds(&planned), ["replace_table"]);
    let name = planned.changes()[0].name();
    assert!(planned.apply().allow_deletion(name).await.unwrap().is_empty());
    // One that the schema does not have stays.
    assert!(plan(&db, table).await.is_empty());
}

#[tokio::test]
async fn an_index_that_the_schema_does_not_have_is_deleted_by_its_name_alone() {
    if !Engine::current().changes_indexes() {
        return;
    }
    let db = db().await;
    create(&db, PLAIN.indexes(&[BY_NAME, BY_YEAR])).await;
    let table = PLAIN.indexes(&[BY_YEAR]);
    let planned = plan(&db, table).await;
    assert_eq!(kinds(&planned), ["delete_index"]);
    let name = planned.changes()[0].name();
    tables::ensure(&db, &[table]).await.unwrap();
    let left = planned.apply().await.unwrap();
    assert_eq!(kinds(&left), ["delete_index"]);
    assert!(left.apply().allow_deletion(name).await.unwrap().is_empty());
    assert!(plan(&db, table).await.is_empty());
}

#[tokio::test]
async fn an_index_with_another_key_or_other_attributes_is_replaced() {
    const INCLUDING: SecondaryIndex = BY_NAME.include(&["a", "b"]);
    const OTHER_KEY: SecondaryIndex = SecondaryIndex::global("by_name", &[KeyAttribute::number("name")]);
    if !Engine::current().changes_indexes() {
        return;
    }
    let db = db().await;
    create(&db, PLAIN.indexes(&[BY_NAME])).await;
    for table in [PLAIN.indexes(&[INCLUDING]), PLAIN.indexes(&[OTHER_KEY])] {
        let planned = plan(&db, table).await;
        assert_eq!(kinds(&planned), ["replace_index"]);
        let name = planned.changes()[0].name();
        let error = tables::ensure(&db, &[table]).await.unwrap_err();
        assert!(refused(&error, "replace_index"), "{error}");
        let error = planned.apply().await.unwrap_err();
        assert!(refused(&error, "replace_index"), "{error}");
        let left = plan(&db, table).await.apply().allow_deletion(name).await.unwrap();
        assert!(left.is_empty(), "{left}");
        assert!(plan(&db, table).await.is_empty());
    }
}

/// A key attribute has one type in a table, so an index that nobody needs may be in the way of another one.
#[tokio::test]
async fn an_index_in_the_way_is_deleted_first() {
    const NUMBERS: &[SecondaryIndex] = &[SecondaryIndex::global("by_number", &[KeyAttribute::number("name")])];
    if !Engine::current().changes_indexes() {
        return;
    }
    let db = db().await;
    create(&db, PLAIN.indexes(&[BY_NAME])).await;
    let table = PLAIN.indexes(NUMBERS);
    let planned = plan(&db, table).await;
    assert_eq!(kinds(&planned), ["replace_index", "create_index"]);
    let name = planned.changes()[0].name();
    assert!(refused(&tables::ensure(&db, &[table]).await.unwrap_err(), "replace_index"));
    let left = planned.apply().allow_deletion(name).await.unwrap();
    assert!(left.is_empty(), "{left}");
}

#[tokio::test]
async fn what_the_schema_does_not_say_stays() {
    let engine = Engine::current();
    let db = db().await;
    create(&db, full()).await;
    let table = PLAIN.range_key(KeyAttribute::number("at")).indexes(&[BY_NAME, BY_YEAR]);
    let planned = plan(&db, table.provisioned(3, 4)).await;
    let mut expected = Vec::new();
    expected.extend(engine.has_streams().then_some("stream"));
    expected.extend(engine.keeps_class().then_some("table_class"));
    expected.extend(engine.has_time_to_live().then_some("time_to_live"));
    assert_eq!(kinds(&planned), expected, "{planned}");
    // At the start of an app, nothing is taken away.
    tables::ensure(&db, &[table.provisioned(3, 4).table_class(TableClass::Standard)]).await.unwrap();
    let left = plan(&db, table.provisioned(3, 4)).await;
    expected.retain(|kind| *kind != "table_class");
    assert_eq!(kinds(&left), expected, "{left}");
}

#[tokio::test]
async fn another_stream_or_time_to_live_is_a_replacement() {
    let engine = Engine::current();
    if !engine.has_streams() || !engine.has_time_to_live() {
        return;
    }
    let db = db().await;
    create(&db, PLAIN.stream(StreamView::KeysOnly).ttl("until")).await;
    let table = PLAIN.stream(StreamView::NewImage).ttl("ends");
    let planned = plan(&db, table).await;
    assert_eq!(kinds(&planned), ["stream", "time_to_live"]);
    assert!(planned.changes().iter().all(|change| change.is_replacement() && !change.is_destructive()));
    assert!(matches!(tables::ensure(&db, &[table]).await.unwrap_err(), Error::TablesDiffer { .. }));
    if engine.changes_time_to_live() && engine.replaces_streams() {
        let left = planned.apply().await.unwrap();
        assert!(left.is_empty(), "{left}");
    }
}

#[tokio::test]
async fn one_table_has_one_description() {
    let db = db().await;
    let error = tables::ensure(&db, &[PLAIN, PLAIN.ttl("until")]).await.unwrap_err();
    assert!(error.to_string().contains("-planned differ"), "{error}");
    tables::ensure(&db, &[PLAIN, PLAIN]).await.unwrap();
    // So are those of which one names the client's region.
    let region = db.sdk().config().region().unwrap().to_string();
    let placed = PLAIN.region(Setting::value(region.leak()));
    let error = tables::plan(&db, &[PLAIN.ttl("until"), placed]).await.unwrap_err();
    assert!(error.to_string().contains("-planned differ"), "{error}");
    assert!(tables::plan(&db, &[PLAIN, placed]).await.unwrap().is_empty());
    let unset = Table::new(Setting::env("DYNTASTIC_TESTS_UNSET"), ID);
    assert!(matches!(tables::plan(&db, &[unset]).await.unwrap_err(), Error::Config(_)));
}
