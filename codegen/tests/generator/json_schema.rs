//! The JSON Schema of the schema language accepts the schemas that the generator accepts, and has all keys that the
//! generator knows.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use boon::{Compiler, SchemaIndex, Schemas};
use dyntastic_codegen::{Form, Options, Sources, generate};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

fn json_schema() -> Value {
    serde_json::from_str(&fs::read_to_string("models.schema.json").unwrap()).unwrap()
}

thread_local! {
    /// The JSON Schema, compiled: that takes longer than to judge a file.
    static COMPILED: (Schemas, SchemaIndex) = {
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.add_resource("models.schema.json", json_schema()).unwrap();
        let index = compiler.compile("models.schema.json", &mut schemas).unwrap();
        (schemas, index)
    };
}

/// The errors of a schema file in an independent validator.
fn validate(yaml: &str) -> Result<(), String> {
    // This parser has no numbers beyond 64 bits.
    let value: Value = serde_yaml::from_str(&yaml.replace("00000000000000000000", ".0e+20")).unwrap();
    COMPILED.with(|(schemas, index)| schemas.validate(&value, *index).map_err(|error| format!("{error:#}")))
}

fn cases() -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> = fs::read_dir("../tests/cases").unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    cases
}

#[test]
fn every_schema_that_generates_is_valid() {
    let mut schemas = vec![PathBuf::from("../models.example.yaml")];
    for case in cases().into_iter().filter(|case| case.join("expected").is_dir()) {
        let files = fs::read_dir(case).unwrap().map(|entry| entry.unwrap().path());
        schemas.extend(files.filter(|file| file.extension().is_some_and(|extension| extension == "yaml")));
    }
    assert!(schemas.len() > 10);
    for path in schemas {
        if let Err(error) = validate(&fs::read_to_string(&path).unwrap()) {
            panic!("{}: {error}", path.display());
        }
    }
}

/// Editors show them: every setting under `create:` has a description, that of a replica too.
#[test]
fn every_setting_of_a_table_is_described() {
    fn undescribed(of: &Value, path: &str, found: &mut Vec<String>) {
        for (key, setting) in of["properties"].as_object().into_iter().flatten() {
            let path = format!("{path}/{key}");
            if setting["description"].is_null() && setting["$ref"].is_null() {
                found.push(path.clone());
            }
            undescribed(setting, &path, found);
        }
    }
    let schema = json_schema();
    let definitions = &schema["$defs"];
    let replica = &definitions["replicas"]["anyOf"][1]["additionalProperties"];
    let of_model = &definitions["model"]["anyOf"][0]["properties"]["table"]["anyOf"][1];
    let mut found = Vec::new();
    for of in [replica, &definitions["table"]["properties"]["create"], &of_model["properties"]["create"]] {
        assert!(of["properties"]["table_class"].is_object(), "{of}");
        undescribed(of, "", &mut found);
    }
    assert!(definitions["replicas"]["description"].is_string());
    assert!(found.is_empty(), "{found:?}");
}

/// The JSON Schema knows the texts by patterns, and the generator by its own checks.
#[test]
fn names_of_regions_and_keys_are_judged_alike() {
    const ID: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";
    let long = format!("eu-{}", "a".repeat(62));
    let odd = ["", " ", "eu_west_1", "Ireland", "eu-west-1 ", "é", long.as_str()];
    let zones = ["eu-west-1a", "us-west-2-lax-1a", "us-gov-east-1b", "eu-1a", "eu-west-1ab", "eu-west-a", "local"];
    let partitions =
        ["us-gov-west-1", "us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1", "cn-north-1", "eusc-de-east-1"];
    let halves =
        ["a", "eu", "us-east", "us-east-", "us--east-1", "-east-1", "us-1", "us-east-0", "us-east-01", "us-e-1"];
    let regions = ["eu-west-1", "ap-southeast-12"].into_iter().chain(partitions).chain(halves).chain(odd).chain(zones);
    let keys = [
        ID.to_owned(),
        ID.to_uppercase(),
        format!("mrk-{}", ID.replace('-', "")),
        "alias/shop/a_b-1".to_owned(),
        format!("arn:aws:kms:eu-west-1:123456789012:key/{ID}"),
        "arn:aws-cn:kms:eu-west-1:123456789012:alias/shop".to_owned(),
        "arn:aws:kms:eu-west-1:000000000000:key/alias/shop".to_owned(),
        "arn:aws:kms:eu-west-1:12:alias/shop".to_owned(),
        "arn:aws:sqs:eu-west-1:123456789012:alias/shop".to_owned(),
        "arn:aws:kms:${x}:123456789012:alias/shop".to_owned(),
        "arn:a\'s:kms:eu-west-1:123456789012:alias/shop".to_owned(),
        String::new(),
        "alias/".to_owned(),
        "alias/a b".to_owned(),
        "shop".to_owned(),
        format!("{ID}0"),
        "mrk-12".to_owned(),
    ];
    let of_region = |region: &str| {
        let texts = [format!("region: \"{region}\""), format!("region: {{ env: PLACE, default: \"{region}\" }}")];
        let replicas = |list: String| format!("create: {{ stream: new_and_old_images, replicas: {list} }}");
        texts.into_iter().chain([replicas(format!("[\"{region}\"]")), replicas(format!("{{ \"{region}\": {{}} }}"))])
    };
    let of_key = |key: &str| {
        let replicas = format!("replicas: {{ eu-west-1: {{ kms_key: \"{key}\" }} }}");
        let replicas = format!("create: {{ kms_key: alias/a, stream: new_and_old_images, {replicas} }}");
        [format!("create: {{ kms_key: \"{key}\" }}"), replicas]
    };
    let mut accepted = 0;
    let odd_lists = [
        "{ env: PLACE }",
        "{ env: {} }",
        "{ env: }",
        "[{ env: PLACE }]",
        "[[eu-west-1]]",
        "[eu-west-1: {}]",
        "eu-west-1",
    ];
    let odd_lists = odd_lists.map(|list| format!("create: {{ stream: new_and_old_images, replicas: {list} }}"));
    let tables =
        odd_lists.into_iter().chain(regions.flat_map(of_region)).chain(keys.iter().flat_map(|key| of_key(key)));
    for table in tables {
        let yaml = format!(
            "dyntastic: 1\nmodels: {{ M: {{ table: {{ name: ttt, {table} }}, hash_key: a, fields: {{ a: string }} }} }}"
        );
        let mut sources = Sources::new();
        sources.add("models.yaml", &yaml);
        let generated = generate(&sources, &Options::new(Form::File)).map_err(|mistakes| mistakes.render(false));
        let valid = validate(&yaml);
        assert_eq!(generated.is_ok(), valid.is_ok(), "{yaml}\n{generated:?}\n{valid:?}");
        accepted += usize::from(generated.is_ok());
    }
    assert!(accepted > 10, "{accepted}");
}

#[test]
fn sealed_fields_are_judged_alike() {
    let long = "a".repeat(64);
    let names = ["personal", "a", "a_1", "A", "1a", "_a", "a-b", "a b", "é", "", "~", "true", "1", "[a]"];
    let names = names.into_iter().chain([long.as_str()]).map(str::to_owned).chain([format!("{long}a")]);
    let maps = [
        "key: NAME",
        "key: NAME, unencrypted: read",
        "key: NAME, unencrypted: true",
        "unencrypted: read",
        "key: NAME, searchable: true",
        "key: NAME, searchable: false",
        "key: NAME, searchable: b_hash",
        "key: NAME, searchable: ''",
        "key: NAME, searchable: 1",
        "key: NAME, searchable: ~",
        "key: NAME, searchable: [b_hash]",
        "searchable: true",
    ];
    let maps = ["personal", "A"]
        .into_iter()
        .flat_map(|name| maps.map(|map| format!("encrypt: {{ {} }}", map.replace("NAME", name))));
    let compress = ["zstd", "gzip", "true", "[zstd]", "{}"].map(|of| format!("compress: {of}"));
    let mut accepted = 0;
    for sealed in names.map(|name| format!("encrypt: {name}")).chain(maps).chain(compress) {
        let yaml = format!(
            "dyntastic: 1\nmodels: {{ M: {{ table: ttt, hash_key: a, fields: {{ a: string, b: {{ type: string, {sealed} }} }} }} }}"
        );
        let mut sources = Sources::new();
        sources.add("models.yaml", &yaml);
        let generated = generate(&sources, &Options::new(Form::File)).map_err(|mistakes| mistakes.render(false));
        let valid = validate(&yaml);
        assert_eq!(generated.is_ok(), valid.is_ok(), "{yaml}\n{generated:?}\n{valid:?}");
        accepted += usize::from(generated.is_ok());
    }
    assert!(accepted > 5, "{accepted}");
}

#[test]
fn mistakes_of_shape_are_seen_in_the_editor() {
    for case in ["mistake_unknown_key", "mistake_missing_key", "mistake_language_version"] {
        let yaml = fs::read_to_string(format!("../tests/cases/{case}/models.yaml")).unwrap();
        assert!(validate(&yaml).is_err(), "{case}");
    }
}

/// The keys that the generator knows at the place of `zzzzzz` in a schema.
fn known_keys(yaml: &str) -> BTreeSet<String> {
    let mut sources = Sources::new();
    sources.add("models.yaml", yaml);
    let mistakes = generate(&sources, &Options::new(Form::File)).err().unwrap_or_else(|| panic!("no mistake: {yaml}"));
    let text = mistakes.render(false);
    let keys = text.split("the keys here are ").nth(1).unwrap_or_else(|| panic!("{text}")).lines().next().unwrap();
    keys.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_key_is_known_to_both() {
    let model = |inner: &str| {
        format!("dyntastic: 1\nmodels: {{ M: {{ table: t, hash_key: a, fields: {{ a: string }}, {inner} }} }}")
    };
    let field = |inner: &str| {
        format!(
            "dyntastic: 1\nmodels: {{ M: {{ table: t, hash_key: a, fields: {{ a: {{ type: string, {inner} }} }} }} }}"
        )
    };
    let table = |inner: &str| {
        format!(
            "dyntastic: 1\nmodels: {{ M: {{ table: {{ name: t, {inner} }}, hash_key: a, fields: {{ a: string }} }} }}"
        )
    };
    let defined = |what: &str| {
        format!("dyntastic: 1\n{what}\nmodels: {{ M: {{ table: t, hash_key: a, fields: {{ a: string }} }} }}")
    };
    let places = [
        ("/properties", "dyntastic: 1\nzzzzzz: 1".to_owned()),
        ("/properties/serde/anyOf/1/properties", defined("serde: { zzzzzz: 1 }")),
        ("/$defs/model/anyOf/0/properties", model("zzzzzz: 1")),
        ("/$defs/model/anyOf/0/properties/table/anyOf/1/properties", table("zzzzzz: 1")),
        ("/$defs/model/anyOf/0/properties/table/anyOf/1/properties/create/properties", table("create: { zzzzzz: 1 }")),
        (
            "/$defs/model/anyOf/0/properties/indexes/additionalProperties/properties",
            model("indexes: { i: { zzzzzz: 1 } }"),
        ),
        (
            "/$defs/model/anyOf/0/properties/vector_indexes/additionalProperties/properties",
            model("vector_indexes: { i: { vector: a, distance: cosine, zzzzzz: 1 } }"),
        ),
        (
            "/$defs/model/anyOf/0/properties/queries/additionalProperties/anyOf/1/properties",
            model("queries: { q: { zzzzzz: 1 } }"),
        ),
        (
            "/$defs/model/anyOf/0/properties/projections/additionalProperties/anyOf/1/properties",
            model("projections: { p: { fields: [a], zzzzzz: 1 } }"),
        ),
        ("/$defs/model/anyOf/0/properties/rate/properties", model("rate: { zzzzzz: 1 }")),
        ("/$defs/model/anyOf/0/properties/inputs/properties", model("inputs: { zzzzzz: 1 }")),
        (
            "/$defs/replicas/anyOf/1/additionalProperties/properties",
            table("create: { replicas: { eu-west-1: { zzzzzz: 1 } } }"),
        ),
        (
            "/$defs/resource_policy/anyOf/1/properties",
            table("create: { resource_policy: { Statement: {}, zzzzzz: 1 } }"),
        ),
        (
            "/$defs/statement_of_policy/properties",
            table(
                "create: { resource_policy: { Statement: { Effect: Allow, Principal: '*', Action: '*', zzzzzz: 1 } } }",
            ),
        ),
        ("/$defs/input/anyOf/1/properties", model("inputs: { create: { name: N, zzzzzz: 1 } }")),
        (
            "/$defs/model/anyOf/1/properties",
            defined("tables: { t: { hash_key: { pk: string } } }").replace("hash_key: a", "key: { pk: x }, zzzzzz: 1"),
        ),
        ("/$defs/table/properties", defined("tables: { t2: { hash_key: { pk: string }, zzzzzz: 1 } }")),
        (
            "/$defs/table/properties/indexes/additionalProperties/properties",
            defined(
                "tables: { t2: { hash_key: { pk: string }, indexes: { i: { hash_key: { a: string }, zzzzzz: 1 } } } }",
            ),
        ),
        ("/$defs/collection/properties", defined("collections: { c: { table: t2, models: [], zzzzzz: 1 } }")),
        ("/$defs/field/anyOf/1/properties", field("zzzzzz: 1")),
        ("/$defs/field/anyOf/1/properties/serde/properties", field("serde: { zzzzzz: 1 }")),
        ("/$defs/constraints/properties", field("items: { zzzzzz: 1 }")),
        ("/$defs/scalar/anyOf/1/properties", defined("scalars: { S: { type: string, zzzzzz: 1 } }")),
        ("/$defs/mixin/properties", defined("mixins: { X: { fields: { a: string }, zzzzzz: 1 } }")),
        ("/$defs/context/properties", defined("contexts: { X: { fields: { a: string }, zzzzzz: 1 } }")),
        ("/$defs/enum/anyOf/1/properties", defined("enums: { E: { variants: [a], zzzzzz: 1 } }")),
        (
            "/$defs/enum/anyOf/1/properties/variants/items/anyOf/1/properties",
            defined("enums: { E: [{ name: a, zzzzzz: 1 }] }"),
        ),
        ("/$defs/type/anyOf/0/properties", defined("types: { T: { fields: { a: string }, zzzzzz: 1 } }")),
        ("/$defs/type/anyOf/1/properties", defined("types: { T: { rust: crate::T, zzzzzz: 1 } }")),
        ("/$defs/service/properties", defined("services: { s: { zzzzzz: 1 } }")),
        ("/$defs/union/properties", defined("unions: { U: { tag: t, variants: { a: {} }, zzzzzz: 1 } }")),
    ];
    let schema = json_schema();
    for (pointer, yaml) in places {
        let properties = schema.pointer(pointer).unwrap_or_else(|| panic!("{pointer} is nowhere"));
        let properties: BTreeSet<String> = properties.as_object().unwrap().keys().cloned().collect();
        let mut known = known_keys(&yaml);
        // These keys are read first, since they decide between two kinds of types and of models.
        match pointer {
            "/$defs/type/anyOf/0/properties" => known.remove("rust"),
            "/$defs/model/anyOf/0/properties" => known.remove("key"),
            _ => false,
        };
        assert_eq!(known, properties, "{pointer}");
    }
}
