//! What several models say of one table is judged together: it is the same in whichever of them it stands.

use dyntastic_codegen::{ChangeCode, Level, Sources, changes, cloudformation, tables};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;

/// Each setting of `create:`, with those that it needs.
const SETTINGS: &[&str] = &[
    "stream: new_and_old_images",
    "billing_mode: pay_per_request",
    "billing_mode: provisioned; throughput: { read: 5, write: 5 }",
    "throughput: { read: 5, write: 5 }; warm_throughput: { read: 20000, write: 10000 }",
    "table_class: standard_infrequent_access",
    "deletion_protection: true",
    "point_in_time_recovery: true",
    "contributor_insights: true",
    "kms_key: alias/shop",
    "on_demand_maximum: { read: 10, write: 5 }; billing_mode: pay_per_request",
    "warm_throughput: { read: 20000, write: 10000 }",
    "tags: { team: shop, stage: test }",
    "resource_policy: { Statement: { Effect: Allow, Principal: { AWS: \"123456789012\" }, Action: dynamodb:GetItem } }",
    "replicas: [us-east-1, eu-west-1]; stream: new_and_old_images",
    "replicas: { eu-west-1: { kms_key: alias/shop } }; stream: new_and_old_images; kms_key: alias/shop",
    "replicas: { eu-west-1: { table_class: standard } }; stream: new_and_old_images; table_class: standard_infrequent_access",
    "replicas: [eu-west-1]; stream: new_and_old_images; on_demand_maximum: { write: 5 }",
];

/// A schema of two models in one table, with these settings in each of them.
fn schema(first: &[&str], second: &[&str]) -> Sources {
    let model = |name: &str, field: &str, settings: &[&str]| {
        let place = format!("name: shared, create: {{ {} }}", settings.join(", "));
        model(name, &place, &format!("fields: {{ id: string, {field}: string }}"))
    };
    of_models(&[model("Order", "total", first), model("Customer", "name", second)])
}

fn model(name: &str, table: &str, rest: &str) -> String {
    format!("  {name}:\n    table: {{ {table} }}\n    hash_key: id\n    {rest}\n")
}

fn of_models(models: &[String]) -> Sources {
    let mut sources = Sources::new();
    sources.add("models.yaml", format!("dyntastic: 1\nmodels:\n{}", models.concat()));
    sources
}

/// All ways to divide settings between two models.
fn divisions<'s>(settings: &[&'s str]) -> Vec<Sources> {
    let of = |taken: usize, is_first: bool| -> Vec<&'s str> {
        let chosen = settings.iter().enumerate().filter(|(at, _)| (taken >> at & 1 == 1) == is_first);
        chosen.map(|(_, setting)| *setting).collect()
    };
    (0..1 << settings.len()).map(|taken| schema(&of(taken, true), &of(taken, false))).collect()
}

#[test]
fn every_setting_is_tried() {
    let schema: Value = serde_json::from_str(&fs::read_to_string("models.schema.json").unwrap()).unwrap();
    let known = schema["$defs"]["table"]["properties"]["create"]["properties"].as_object().unwrap();
    let known: BTreeSet<&str> = known.keys().map(String::as_str).collect();
    let tried = SETTINGS.iter().flat_map(|settings| settings.split("; "));
    assert_eq!(tried.map(|setting| setting.split(':').next().unwrap()).collect::<BTreeSet<&str>>(), known);
}

#[test]
fn a_setting_may_stand_in_any_model_of_its_table() {
    let plain = schema(&[], &[]);
    for settings in SETTINGS {
        let settings: Vec<&str> = settings.split("; ").collect();
        let all = divisions(&settings);
        let whole = tables(&all[0]).unwrap_or_else(|mistakes| panic!("{settings:?}: {mistakes}"));
        assert_eq!(whole.len(), 1);
        let gone = changes(&all[0], &plain).unwrap();
        for other in &all {
            let described = tables(other).unwrap_or_else(|mistakes| panic!("{settings:?}: {mistakes}"));
            assert_eq!(described, whole, "{settings:?}");
            assert_eq!(cloudformation(&described), cloudformation(&whole), "{settings:?}");
            let found = changes(&all[0], other).unwrap();
            assert!(found.is_empty(), "{settings:?}\n{found}");
            // What the table loses is told once, and alike.
            let texts =
                |of: &dyntastic_codegen::Changes| of.iter().map(|of| of.message().to_owned()).collect::<Vec<_>>();
            assert_eq!(texts(&changes(other, &plain).unwrap()), texts(&gone), "{settings:?}");
        }
    }
}

#[test]
fn a_region_that_leaves_is_a_rollout_whichever_model_lists_the_others() {
    let all = "replicas: [us-east-1, eu-west-1], stream: new_and_old_images";
    let fewer = "replicas: [us-east-1], stream: new_and_old_images";
    let found = changes(&schema(&[all], &[]), &schema(&[], &[fewer])).unwrap();
    let found: Vec<_> = found.iter().map(|of| (of.code(), of.level(), of.message())).collect();
    assert_eq!(found, [(ChangeCode::TableSetting, Level::Rollout, "the replicas of table `shared` change")]);
}

#[test]
fn an_index_of_another_model_need_not_be_built() {
    let with = |name: &str, index: bool| {
        let indexes = if index { "\n    indexes: { by_team: { hash_key: team } }" } else { "" };
        model(name, "name: shared", &format!("fields: {{ id: string, team: string }}{indexes}"))
    };
    let schema = |order, customer| of_models(&[with("Order", order), with("Customer", customer)]);
    let levels = |old: &Sources, new: &Sources| {
        changes(old, new).unwrap().iter().map(|of| (of.code(), of.level())).collect::<BTreeSet<_>>()
    };
    let (first, both, neither) = (schema(true, false), schema(true, true), schema(false, false));
    assert_eq!(levels(&first, &both), [(ChangeCode::IndexAdded, Level::Compatible)].into());
    assert_eq!(levels(&both, &first), [(ChangeCode::IndexRemoved, Level::Api)].into());
    assert_eq!(levels(&neither, &first), [(ChangeCode::IndexAdded, Level::Index)].into());
}

/// A table of several regions may be named in each of them.
#[test]
fn a_table_and_its_replica_are_one() {
    let in_region = |region: &str, create: &str| {
        model(
            &region.replace('-', "_"),
            &format!("name: shared, region: {region}, create: {{ {create} }}"),
            "fields: { id: string }",
        )
    };
    let replicas = "replicas: [us-east-1, eu-west-1], stream: new_and_old_images";
    let own = format!("{replicas}, tags: {{ place: eu }}, deletion_protection: true, table_class: standard");
    let sound = of_models(&[in_region("us-east-1", replicas), in_region("eu-west-1", &own)]);
    assert_eq!(tables(&sound).unwrap().len(), 2);
    for (second, says) in [
        ("point_in_time_recovery: true", "not its replicas"),
        ("replicas: [eu-west-1], stream: new_and_old_images", "not its replicas"),
        (&*format!("{replicas}, warm_throughput: {{ read: 20000, write: 10000 }}"), "not its warm throughput"),
    ] {
        let first = format!("{replicas}, warm_throughput: {{ read: 30000, write: 10000 }}");
        let error = tables(&of_models(&[in_region("us-east-1", &first), in_region("eu-west-1", second)])).unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
        // Neither of another host nor of another region are they one.
        let elsewhere =
            in_region("us-east-1", &first).replace("name: shared", "name: shared, host: \"http://localhost:8000\"");
        assert!(tables(&of_models(&[elsewhere, in_region("eu-west-1", second)])).is_ok());
        let elsewhere =
            of_models(&[in_region("us-east-1", &first), in_region("eu-north-1", "point_in_time_recovery: true")]);
        assert!(tables(&elsewhere).is_ok());
    }
}
