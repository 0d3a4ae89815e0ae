//! No input makes the generator panic, and every accepted schema becomes code that parses. `generate` parses every
//! file, so text that escapes from its literal would cause D0901.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use crate::rounds;
use dyntastic_codegen::{Code, Form, Options, Sources, generate};
use proptest::prelude::*;

fn generated(schema: impl AsRef<[u8]>) -> Result<String, Vec<Code>> {
    let mut sources = Sources::new();
    sources.add("models.yaml", schema);
    match generate(&sources, &Options::new(Form::File)) {
        Ok(files) => Ok(files.get("models.rs").unwrap_or_default().to_owned()),
        Err(mistakes) => {
            assert!(!mistakes.is_empty());
            // Rendering must not panic either.
            assert!(mistakes.render(true).contains("error"));
            for line in mistakes.to_json_lines().lines() {
                serde_json::from_str::<serde_json::Value>(line).expect("each line is JSON");
            }
            let codes: Vec<Code> = mistakes.iter().map(|mistake| mistake.code()).collect();
            assert!(!codes.contains(&Code::Internal), "{mistakes}");
            Err(codes)
        }
    }
}

/// Text with a meaning in YAML, Rust or a comment.
fn nasty() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "a",
        "B",
        "_",
        "1",
        "type",
        "self",
        "Self",
        "crate",
        "\"",
        "'",
        "\\",
        "{",
        "}",
        "{{ x }}",
        "*/",
        "/*",
        "//",
        "\n",
        "\r",
        "\t",
        "\0",
        "é",
        "\u{202e}",
        "\u{feff}",
        "`",
        "#",
        "#[",
        "]",
        "!",
        "r#\"",
        "\"#",
        "$",
        "::",
        "<",
        ">",
        "?",
        "%}",
        "\u{1f35e}",
        " ",
        "-",
        ".",
    ]);
    prop::collection::vec(pieces, 0..8).prop_map(|pieces| pieces.concat())
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

proptest! {
    #![proptest_config(rounds::config(128))]

    #[test]
    fn bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = generated(bytes);
    }

    #[test]
    fn yaml_like_text_never_panics(text in "[-a-z:{}\\[\\],&*!|>'\"%@`#?~ \n\t<.0-9]{0,200}") {
        let _ = generated(&text);
        let _ = generated(format!("dyntastic: 1\nmodels:\n  User: {text}\n"));
        let _ = generated(format!("dyntastic: 1\nmodels:\n  User:\n    table: users\n    hash_key: id\n    fields:\n      id: {text}\n"));
    }

    #[test]
    fn a_cut_or_spoilt_schema_never_panics(cut in 0usize..3000, spoil in 0usize..3000, byte in any::<u8>()) {
        let mut schema = include_bytes!("../../../models.example.yaml").to_vec();
        if let Some(at) = schema.get_mut(spoil) {
            *at = byte;
        }
        let _ = generated(schema.get(..cut).unwrap_or(&schema));
        let _ = generated(&schema);
    }

    #[test]
    fn text_reaches_code_only_as_literals_docs_and_identifiers(
        model in nasty(), field in nasty(), attribute in nasty(), doc in nasty(), default in nasty(), table in nasty(), tag in nasty(),
    ) {
        let schema = |model: &str, field: &str, table: &str| format!(
            "dyntastic: 1\nmodels:\n  {}:\n    doc: {}\n    table: {{ name: {}, create: {{ tags: {{ key: {} }} }} }}\n    hash_key: {}\n    fields:\n      {}: {{ type: string, attribute: {}, default: {{ value: {} }}, doc: {} }}\n",
            quoted(model), quoted(&doc), quoted(table), quoted(&tag), quoted(field), quoted(field), quoted(&attribute), quoted(&default), quoted(&doc),
        );
        let _ = generated(schema(&model, &field, &table));
        // With valid names, the other hostile texts reach the code.
        let _ = generated(schema("Model", "field", "table"));
    }

    #[test]
    fn every_place_for_text_is_guarded(
        text in nasty(), name in nasty(), path in nasty(), attribute in nasty(), value in nasty(), pattern in nasty(),
    ) {
        let (text, path, attribute) = (quoted(&text), quoted(&path), quoted(&attribute));
        let (value, pattern) = (quoted(&value), quoted(&pattern));
        let schema = |name: &str, path: &str, attribute: &str, pattern: &str| format!(
            "dyntastic: 1
serde: true
json_schema: true
enums: {{ E: [{{ name: {name}, value: {value}, doc: {text} }}, other] }}
types: {{ T: {{ attributes: {attribute}, fields: {{ x: {{ type: string?, attributes: [{attribute}], one_of: [{value}] }} }} }}, R: {{ rust: {path} }} }}
unions: {{ U: {{ tag: {text}, variants: {{ {name}: {{ value: {value} }}, t: T }} }} }}
models:
  M:
    table: {{ name: {{ env: {text} }}, host: {text}, region: {text} }}
    hash_key: id
    derive: {path}
    validate: {path}
    fields:
      id: {{ type: string, pattern: {pattern}, validate: {path} }}
      e: E?
      u: U?
      r: R?
    indexes: {{ {name}: {{ hash_key: id, name: {text} }} }}
    queries: {{ {name}: {{ doc: {text}, range: {{ eq: {name} }} }} }}
    projections: {{ {name}: {{ doc: {text}, fields: [id] }} }}
"
        );
        let name = quoted(&name);
        let _ = generated(schema(&name, &path, &attribute, &pattern));
        // A single hostile place gets further.
        let _ = generated(schema("name", &path, "'#[must_use]'", "a").replace("host: ", "# "));
        let _ = generated(schema("name", "crate::x::Y", &attribute, &pattern).replace("host: ", "# "));
    }

    #[test]
    fn every_place_for_text_of_a_shared_table_is_guarded(
        before in nasty(), end in nasty(), key in nasty(), kind in nasty(), name in nasty(), doc in nasty(),
    ) {
        let schema = |before: &str, end: &str, key: &str, kind: &str, name: &str| format!(
            "dyntastic: 1
tables:
  {name}:
    doc: {doc}
    name: shop
    hash_key: {{ {key}: string }}
    range_key: {{ sk: string }}
    discriminator: {kind}
    indexes: {{ {name}: {{ name: by-it, hash_key: {{ gsi: string }} }} }}
models:
  One:
    table: {name}
    discriminator: {kind}
    key: {{ {key}: {before}, sk: {end} }}
    indexes: {{ {name}: {{ gsi: {end} }} }}
    fields: {{ id: string, mail: {{ type: string, unique: true }} }}
collections: {{ All: {{ doc: {doc}, table: {name}, models: [One] }} }}
",
            doc = quoted(&doc), name = quoted(name), key = quoted(key), kind = quoted(kind),
            before = quoted(&format!("{before}{{id}}")), end = quoted(&format!("x#{{id}}#{end}")),
        );
        let _ = generated(schema(&before, &end, &key, &kind, &name));
        // A single hostile place reaches the code.
        let _ = generated(schema(&before, "", "pk", "kind", "shop"));
        let _ = generated(schema("", &end, "pk", "kind", "shop"));
        let _ = generated(schema("", "", &key, "kind", "shop"));
        let _ = generated(schema("", "", "pk", &kind, "shop"));
        let _ = generated(schema("", "", "pk", "kind", &name));
    }
}

#[test]
fn deep_wide_and_long_input_gets_a_result() {
    for deep in ["[", "{a: ", "- ", "? "] {
        let _ = generated(format!("dyntastic: 1\nmodels: {}", deep.repeat(100_000)));
        let _ = generated(deep.repeat(100_000));
    }
    let indented: String = (0..2_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert!(generated(indented).is_err());
    let unknown: String = (0..20_000).map(|number| format!("key{number}: x\n")).collect();
    assert!(generated(format!("dyntastic: 1\n{unknown}")).is_err());
    let long = "x".repeat(1_000_000);
    assert!(generated(format!("dyntastic: 1\nmodels: {{ {long}: {long} }}")).is_err());
}

#[test]
fn hostile_text_stays_inside_its_literal() {
    let schema = r#"
dyntastic: 1
models:
  User:
    doc: "*/ fn evil() {} /* \" {{ name }} {% if %}"
    table: users
    hash_key: id
    fields:
      id: { type: string, attribute: "\"); fn evil() {} //", default: { value: "\"; fn evil() {} //\n" } }
"#;
    let code = generated(schema).expect("the schema is sound");
    let file = syn::parse_file(&code).expect("the output parses");
    let functions = file.items.iter().filter(|item| matches!(item, syn::Item::Fn(_))).count();
    assert_eq!(functions, 0, "{code}");
}

/// Types that hold each other in many ways, or in a chain: each is analysed once.
#[test]
fn nested_types_take_as_long_as_others() {
    let generated_in = |fields: &dyn Fn(usize) -> String, count: usize| {
        let mut schema = String::from(
            "dyntastic: 1\nmodels:\n  Owner: { table: owners, hash_key: id, fields: { id: string, of: 'Choice?' } }\n\
             unions:\n  Choice: { tag: kind, variants: { first: T0, second: T1 } }\ntypes:\n",
        );
        for number in 0..count {
            schema.push_str(&format!("  T{number}: {{ fields: {{ {} }} }}\n", fields(number)));
        }
        schema.push_str(&format!("  T{count}: {{ fields: {{ a: 'T0?' }} }}\n"));
        let start = std::time::Instant::now();
        generated(schema).expect("a schema without mistakes");
        start.elapsed()
    };
    let apart = generated_in(&|_| "a: 'u8?', b: 'u8?'".to_owned(), 400);
    // Eighteen types in a ring: the compiler follows some twenty.
    let next = |number| if number % 18 == 17 { number - 17 } else { number + 1 };
    let twice = generated_in(&|number| format!("a: 'T{0}?', b: 'T{0}?'", next(number)), 400);
    // Thirty types in a row, which is the most that DynamoDB stores.
    let held = |number| if number % 30 == 29 { "u8".to_owned() } else { format!("T{}", number + 1) };
    let chain = generated_in(&|number| format!("a: {}, b: 'u8?'", held(number)), 390);
    for of_nested in [twice, chain] {
        assert!(of_nested < apart * 5 + std::time::Duration::from_secs(1), "{of_nested:?} and not {apart:?}");
    }
}
