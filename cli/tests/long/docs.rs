//! `dyntastic docs`: the page of a small schema is as `tests/docs` has it, and of any schema it is one sound, closed file.
//! `.ci/browser` opens it in a browser.

use crate::command::{self, Folder};
use crate::sound_page::{check, text_of};
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

fn golden(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/docs").join(name)
}

fn page_of(schema: &str) -> String {
    let folder = Folder::with_schema(schema);
    folder.ok("docs models.yaml --out site");
    folder.read("site/index.html")
}

fn example() -> String {
    fs::read_to_string(golden("../../models.example.yaml")).unwrap()
}

#[test]
fn the_page_of_a_small_schema_is_the_expected_one() {
    let made = page_of(&fs::read_to_string(golden("models.yaml")).unwrap());
    if std::env::var_os("BLESS").is_some() {
        fs::write(golden("index.html"), &made).unwrap();
    }
    let expected = fs::read_to_string(golden("index.html")).unwrap_or_default();
    assert!(made == expected.replace("\r\n", "\n"), "tests/docs/index.html is another page; BLESS=1 accepts");
    check(&made);
}

#[test]
fn the_page_of_the_example_has_all_that_it_shows() {
    let html = page_of(&example());
    check(&html);
    for part in [
        "id=\"relations\"",
        "id=\"table.shop\"",
        "id=\"table.shop.index.gsi1\"",
        "id=\"collection.CustomerOrders\"",
        "id=\"model.Event.fn.since\"",
        "id=\"model.Order.status\"",
        "id=\"type.Rating.Excellent\"",
        "id=\"model.Product.part.ProductLabel\"",
        "An input that makes an item, with ",
        "Event::since(&#38;db, event_id, since).all().await?",
        "STATUS#",
        "UNIQUE#",
        "names an item of <a href=\"#model.Customer\">Customer</a>",
    ] {
        assert!(html.contains(part), "{part}");
    }
}

#[test]
fn each_valid_case_has_a_sound_page() {
    for entry in fs::read_dir(golden("../cases")).unwrap() {
        let case = entry.unwrap().path();
        let schema = case.join("models.yaml");
        if case.join("expected").is_dir() && schema.exists() {
            check(&page_of(&fs::read_to_string(schema).unwrap()));
        }
    }
}

#[test]
fn names_are_those_of_the_schema_and_calls_those_of_rust() {
    let schema = "\
dyntastic: 1
serde: true
models:
  Thing:
    table: things
    hash_key: self
    range_key: type
    fields: { self: string, type: string, async: { type: string, serde: { name: later } }, crate: { type: u32, serde: { skip: true }, default: 0 } }
    indexes: { by_async: { hash_key: async, range_key: crate, projection: keys_only } }
    queries: { match: { limit: 1 }, loop: { index: by_async, range: { ge: where }, items: 500 }, all: {} }
";
    let html = page_of(schema);
    check(&html);
    for part in [
        "<code class=\"line\">self = {self}</code><code class=\"line\">type = {type}</code>",
        "<code>self: string</code>, <code>type: string</code>",
        "Thing::get(&#38;db, (self_, r#type)).await?",
        "<code class=\"line\">async = {async}</code><code class=\"line\">crate ≥ {where}</code>",
        "Thing::r#loop(&#38;db, r#async, r#where).all().await?",
        "in JSON <code>self_</code>",
        "in JSON <code>later</code>",
        "not in JSON",
        // Those of `match`, of `loop` and of `all`.
        "0.5 read units for 1 item of an estimated size of 82 bytes",
        "5.5 read units for 500 items of an estimated size of 82 bytes",
        "0.5 read units for one item, and 128 for a whole page of 1 MB: 12787 items of an estimated size of 82 bytes",
    ] {
        assert!(html.contains(part), "{part}");
    }
}

#[test]
fn all_settings_of_a_table_are_shown_and_rights_on_replicas_name_it() {
    let schema = "dyntastic: 1\nmodels:\n  User:\n    table:\n      name: users\n      create:\n        kms_key: alias/shop\n        \
                  on_demand_maximum: { read: 1000, write: 500 }\n        warm_throughput: { read: 13000, write: 4500 }\n        \
                  contributor_insights: true\n        resource_policy: none\n        stream: new_and_old_images\n        \
                  replicas:\n          us-east-1: { kms_key: alias/shop }\n          \
                  eu-west-1: { kms_key: alias/eu, table_class: standard_infrequent_access }\n    \
                  hash_key: id\n    fields: { id: string }\nservices: { starter: { ensure_tables: true } }\n";
    let html = page_of(schema);
    check(&html);
    let text = text_of(&html);
    for shown in [
        "Regionseu-west-1, KMS key alias/eu, Standard-Infrequent Access; us-east-1, KMS key alias/shop",
        "KMS keyalias/shop",
        "On-demand maximum1000 read units and 500 write units",
        "Warm throughput13000 read units and 4500 write units",
        "Contributor insightson",
        "Resource policynone",
        "table users in eu-west-1",
    ] {
        assert!(text.contains(shown), "{shown} is not in:\n{text}");
    }
    assert!(!text.contains("everything"), "{text}");
}

/// What is on no table, such as the role of replicas, is said once.
#[test]
fn each_right_of_a_service_is_one_row() {
    let table = |name: &str| {
        let create = "{ stream: new_and_old_images, contributor_insights: true, replicas: [us-east-1, eu-west-1] }";
        let table = format!("{{ name: {name}, create: {create} }}");
        format!("  {name}: {{ table: {table}, hash_key: id, fields: {{ id: string }} }}\n")
    };
    let models = table("Visits") + &table("Events");
    let html = page_of(&format!(
        "dyntastic: 1\nmodels:\n{models}services:\n  all: {{ ensure_tables: true, streams: [Visits, Events] }}\n"
    ));
    let (_, service) = html.split_once("id=\"service.all\"").unwrap();
    let mut rows: Vec<String> = service.split("<tr").skip(1).map(text_of).collect();
    assert!(rows.iter().any(|row| row.contains("AWSServiceRoleForDynamoDBReplication")), "{rows:?}");
    let all = rows.len();
    rows.sort();
    rows.dedup();
    assert_eq!(rows.len(), all, "{rows:?}");
}

/// A right on it has a link to it.
#[test]
fn a_vector_index_is_shown_with_its_table() {
    let html = page_of(
        "dyntastic: 1\nmodels:\n  Document:\n    table: documents\n    hash_key: id\n    \
         fields: { id: string, tenant: string, language: \"string?\", embedding: vector<3> }\n    vector_indexes:\n      \
         by_embedding: { vector: embedding, distance: dot_product, hash_key: tenant, filterable: [language], projection: keys_only }\n\
         services: { search: { models: { Document: [search_by_embedding] } } }\n",
    );
    check(&html);
    let text = text_of(&html);
    for shown in [
        "Index embedding-index",
        "Kindvector index",
        "Vectorembedding, 3 dimensions",
        "Distancedot product",
        "Hash keytenant S",
        "Filterablelanguage S",
        "A search orders its items by their similarity.",
    ] {
        assert!(text.contains(shown), "{shown} is not in:\n{text}");
    }
}

#[test]
fn a_sealed_value_is_shown_as_bytes() {
    let html = page_of(
        "dyntastic: 1\nmodels:\n  User:\n    table: users\n    hash_key: id\n    fields:\n      id: string\n      \
         passport: { type: string, encrypt: personal, one_of: [open sesame] }\n      \
         log: { type: string, compress: zstd, one_of: [open sesame] }\n",
    );
    check(&html);
    let text = text_of(&html);
    for shown in ["B, encrypted with the key personal", "passport Bencrypted", "log Bcompressed", "12R5bgE…"] {
        assert!(text.contains(shown), "{shown} is not in:\n{text}");
    }
    // The constraints have it twice.
    assert_eq!(text.matches("open sesame").count(), 2, "{text}");
}

#[test]
fn shards_are_told_with_their_fields_conditions_and_costs() {
    let html = page_of(
        "dyntastic: 1\ntables: { log: { hash_key: { pk: string }, range_key: { sk: string }, indexes: { by_host: { hash_key: { host_pk: string } } } } }\n\
         models:\n  Event:\n    table: log\n    key: { pk: { template: 'DAY#{day}', shards: 16 }, sk: '{at}#{id}' }\n    \
         indexes: { by_host: { host_pk: { template: 'HOST#{host}', shards: { count: 4, by: id } } } }\n    \
         fields: { day: date, at: datetime, id: string, host: string }\n",
    );
    check(&html);
    let text = text_of(&html);
    for shown in [
        "pk = DAY#{day} in 16 shards by at, id",
        "host_pk = HOST#{host} in 4 shards by id",
        "pk = DAY#{day}#(shard by at, id)",
        "pk = DAY#{day}#0 … DAY#{day}#15",
        "host_pk = HOST#{host}#0 … HOST#{host}#3",
        "8 read units for one item in each of 16 shards",
        "2 read units for one item in each of 4 shards",
    ] {
        assert!(text.contains(shown), "{shown} is not in:\n{text}");
    }
}

#[test]
fn computed_fields_are_among_the_fields_and_in_examples() {
    let html = page_of(
        "dyntastic: 1\nmodels:\n  Author:\n    table: authors\n    hash_key: id\n    indexes: { by_shown: { hash_key: shown } }\n    \
         fields:\n      id: string\n      last: { type: string, one_of: [Sagan] }\n      \
         shown: { type: string, computed: '{last:upper}!', doc: As it is shown. }\n",
    );
    check(&html);
    let text = text_of(&html);
    for shown in ["computed", "{last:upper}!", "As it is shown.", "SAGAN!", "Author::query_by_shown"] {
        assert!(text.contains(shown), "{shown} is not in:\n{text}");
    }
}

#[test]
fn a_whole_key_is_one_item() {
    let html = page_of(
        "dyntastic: 1\ntables: { app: { hash_key: { pk: string }, range_key: { sk: string } } }\nmodels:\n  User:\n    table: app\n    key: { pk: 'USER#{id}', sk: USER }\n    fields: { id: string }\n  Login:\n    table: logins\n    hash_key: user\n    range_key: at\n    fields: { user: string, at: datetime }\n    queries: { one: { range: { eq: at } }, since: { range: { ge: at } } }\n",
    );
    for (function, cost) in [
        ("User::query", "0.5 read units for an item of"),
        ("Login::query", "0.5 read units for one item, and 128 for a whole page"),
        ("Login::one", "0.5 read units for an item of"),
        ("Login::since", "0.5 read units for one item, and 128 for a whole page"),
    ] {
        let pattern = html.split_once(&format!("data-name=\"{function}\"")).unwrap().1;
        let shown = pattern.split_once("<dt>Cost</dt><dd>").unwrap().1;
        assert!(shown.starts_with(cost), "{function}: {}", shown.lines().next().unwrap());
    }
}

#[test]
fn hostile_texts_stay_texts() {
    const HOSTILE: &str = "</code><script>alert(1)</script><img src=x onerror=alert(1)>'\\\" onload=x --><b>";
    let schema = format!(
        "dyntastic: 1\n\
         enums: {{ Odd: [{{ name: a, value: \"{HOSTILE}\", doc: \"{HOSTILE}\" }}] }}\n\
         tables:\n  odd: {{ doc: \"{HOSTILE}\", hash_key: {{ \"<i>&\": string }}, range_key: {{ sk: string }}, discriminator: \"<k>\" }}\n\
         models:\n  M:\n    doc: \"{HOSTILE}\"\n    table: odd\n    discriminator: \"<script>\"\n\
         \x20   key: {{ \"<i>&\": '<b>#{{id}}', sk: '<script>' }}\n\
         \x20   fields:\n      id: {{ type: string, doc: \"{HOSTILE} [x](javascript:alert(1)) [y](https://docs.example/)\", pattern: \"<script>|.\" }}\n\
         \x20     odd: Odd\n      text: {{ type: string, default: \"{HOSTILE}\", attribute: \"<svg onload=x>\", one_of: [\"{HOSTILE}\"] }}\n"
    );
    let html = page_of(&schema);
    check(&html);
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
}

#[test]
fn names_of_files_do_not_end_the_comment() {
    let folder = Folder::with_schema(command::SCHEMA);
    folder.write("a--><script>.yaml", command::SCHEMA);
    folder.ok("docs a--><script>.yaml --out site");
    let html = folder.read("site/index.html");
    check(&html);
    let again = folder.ok("docs a--><script>.yaml --out site");
    assert!(again.contains("unchanged"), "{again}");
    folder.write("a--->b/models.yaml", command::SCHEMA);
    folder.ok("docs a--->b/models.yaml --out other");
    let html = folder.read("other/index.html");
    check(&html);
    assert_eq!(html.lines().next().unwrap().matches("-->").count(), 1);
}

/// A page outside of the project does not show where the project is, and is the same from each place.
#[test]
fn a_page_elsewhere_has_no_path_of_this_machine() {
    let elsewhere = tempfile::tempdir().unwrap();
    let out = elsewhere.path().display();
    for state in ["written", "unchanged"] {
        let folder = Folder::with_schema(command::SCHEMA);
        let said = folder.ok(&format!("docs models.yaml --out {out}"));
        assert!(said.contains(state), "{said}");
    }
    let html = fs::read_to_string(elsewhere.path().join("index.html")).unwrap();
    assert!(html.lines().next().unwrap().contains(" from `./models.yaml`: "));
}

#[test]
fn the_same_schema_has_the_same_page() {
    assert!(page_of(&example()) == page_of(&example()));
}

#[test]
fn a_file_that_dyntastic_did_not_write_stays() {
    let folder = Folder::with_schema(command::SCHEMA);
    folder.write("site/index.html", "<h1>Mine</h1>\n");
    for arguments in ["docs models.yaml --out site", "docs models.yaml --out site --force"] {
        let (_, stderr) = folder.fails(arguments);
        assert!(stderr.contains("was not generated by dyntastic and would be overwritten"), "{stderr}");
    }
    assert_eq!(folder.read("site/index.html"), "<h1>Mine</h1>\n");
}

#[test]
fn the_code_of_the_same_schema_stays() {
    let folder = Folder::with_schema(command::SCHEMA);
    folder.ok("generate models.yaml --out site --as module");
    folder.ok("docs models.yaml --out site --force");
    folder.ok("check models.yaml --against site");
    folder.ok("generate models.yaml --out site");
    assert!(folder.ok("docs models.yaml --out site").contains("unchanged"));
}

#[test]
fn the_page_of_another_schema_needs_force() {
    let folder = Folder::with_schema(command::SCHEMA);
    folder.write("other.yaml", command::SCHEMA);
    assert!(folder.ok("docs models.yaml --out site").contains("written"));
    assert!(folder.ok("docs models.yaml --out site").contains("unchanged"));
    let (_, stderr) = folder.fails("docs other.yaml --out site");
    assert!(stderr.contains("have `dyntastic docs --force` replace it"), "{stderr}");
    folder.ok("docs other.yaml --out site --force");
    assert!(folder.read("site/index.html").contains("<title>other.yaml</title>"));
}

/// Two schemas have the same name of a file: their pages are known by its place.
#[test]
fn the_page_of_another_folder_needs_force() {
    let folder = Folder::with_schema(command::SCHEMA);
    let long = "a".repeat(70);
    for place in ["one", "two", "site", &format!("{long}/one"), &format!("{long}/two")] {
        folder.write(&format!("{place}/models.yaml"), command::SCHEMA);
    }
    for (own, others) in [
        ("one", &["two", "site"] as &[&str]),
        (&format!("{long}/one"), &[&format!("{long}/two"), "one"]),
        ("site", &["one", "."]),
    ] {
        folder.ok(&format!("docs {own}/models.yaml --out site --force"));
        // However the path is written, it is the same file.
        for path in [format!("{own}/models.yaml"), format!("./{own}/../{own}/models.yaml"), format!("{own}/")] {
            let path = path.replace(&format!("../{long}/"), &format!("../../{long}/"));
            assert!(folder.ok(&format!("docs {path} --out site/.")).contains("unchanged"), "{path}");
        }
        for other in others {
            let (_, stderr) = folder.fails(&format!("docs {other}/models.yaml --out site"));
            assert!(stderr.contains("another schema, and would be overwritten"), "{stderr}");
        }
    }
    // A page of an earlier release has only the name.
    let page = folder.read("site/index.html").replacen("`./models.yaml`", "`models.yaml`", 1);
    folder.write("site/index.html", &page);
    assert!(folder.ok("docs one/models.yaml --out site").contains("written"));
}

#[test]
fn mistakes_of_the_schema_are_shown() {
    let folder =
        Folder::with_schema("dyntastic: 1\nmodels:\n  User: { table: users, hash_key: id, fields: { id: text } }\n");
    let (_, stderr) = folder.fails("docs models.yaml --out site");
    assert!(stderr.contains("error[D0"), "{stderr}");
    let (stdout, _) = folder.fails("docs models.yaml --out site --message-format json");
    assert!(stdout.starts_with('{'), "{stdout}");
    assert!(!folder.path().join("site").exists());
}

#[test]
fn a_large_schema_is_fast() {
    let mut schema = String::from(
        "dyntastic: 1\ntables:\n  all: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }\nmodels:\n",
    );
    for number in 0..200 {
        schema.push_str(&format!(
            "  Model{number}:\n    table: all\n    key: {{ pk: 'M{number}#{{model{number}_id}}', sk: 'S' }}\n    fields:\n      model{number}_id: string\n"
        ));
        if number > 0 {
            schema.push_str(&format!("      model{}_id: string\n", number / 2));
        }
        for field in 0..20 {
            schema.push_str(&format!(
                "      field_{field}: {{ type: string, pattern: '^[a-z]{{2}}-\\d+$', max_length: 40 }}\n"
            ));
        }
    }
    let begin = Instant::now();
    let html = page_of(&schema);
    let time = begin.elapsed();
    // A build for tests needs a second or two.
    assert!(time < Duration::from_secs(20), "{time:?}");
    check(&html);
}
