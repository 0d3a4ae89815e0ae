//! What the commands say of texts and items with mistakes.

use super::super::Account;

const SCHEMA: &str = "\
dyntastic: 1
enums:
  Level: [{ name: low, value: 1 }, { name: high, value: 2 }]
  Plan: { variants: [free, paid], other: true }
types:
  Part: { fields: { name: { type: string, max_length: 3 }, count: u8, grade: u8? } }
unions:
  Payment: { tag: kind, variants: { card: { fields: { number: { type: string, max_length: 3 }, year: u16 } }, cash: {} } }
models:
  Document:
    table: documents
    hash_key: id
    vector_indexes: { by_embedding: { vector: embedding, distance: cosine }, in_other_words: { vector: words, distance: cosine, name: WORDS } }
    fields:
      id: string
      embedding: vector<3>
      words: vector<2>?
      part: Part?
      parts: { type: 'list<Part>', default: [], unique_items: true }
      by_name: 'map<string, Part>?'
      gaps: 'list<Part?>?'
      payment: Payment?
";

/// A field of each type with one value, named after it.
const TYPES: [&str; 32] = [
    "bool",
    "i8",
    "i16",
    "i32",
    "i64",
    "i128",
    "u8",
    "u16",
    "u32",
    "u64",
    "u128",
    "f32",
    "f64",
    "decimal",
    "bytes",
    "uuid",
    "ulid",
    "url",
    "ipv4",
    "ipv6",
    "ip",
    "ipv4net",
    "ipv6net",
    "ipnet",
    "datetime",
    "date",
    "time",
    "naive_datetime",
    "duration",
    "Level",
    "Part",
    "Payment",
];

fn with_schema(schema: &str) -> Account {
    let account = Account::with_schema(schema);
    assert_eq!(account.said("apply --yes").0, 0);
    account
}

/// Whether a text has the words of a library that reads JSON.
fn has_words_of_a_library(said: &str) -> bool {
    ["invalid", "expected", "at line", "EOF", "trailing"].iter().any(|words| said.contains(words))
}

#[test]
fn put_tells_all_mistakes_of_an_item_with_their_columns() {
    let account = with_schema(SCHEMA);
    let item = concat!(
        r#"{"id":"","embedding":[1,"x",3,1e39],"part":{"name":"abcd","count":300},"#,
        r#""parts":[{"name":"efgh","count":1},{"name":"a","count":-1},{"name":"b","count":-1}],"#,
        r#""by_name":{"a":{"name":"ijkl","count":"c"}},"payment":{"kind":"card","number":"mnop","year":-5}}"#
    );
    let mistakes = [
        ("\"\",", "id: a hash key must not be empty"),
        ("[1,\"x\"", "embedding: 3 dimensions"),
        ("\"x\"", "embedding[1]: it is no number of 32 bits"),
        ("1e39", "embedding[3]: it is no number of 32 bits"),
        ("\"abcd\"", "part.name: at most 3 characters"),
        ("300", "part.count: a value is a whole number from 0 to 255"),
        ("\"efgh\"", "parts[0].name: at most 3 characters"),
        ("-1},{", "parts[1].count: a value is a whole number from 0 to 255"),
        ("-1}]", "parts[2].count: a value is a whole number from 0 to 255"),
        ("\"ijkl\"", "by_name.a.name: at most 3 characters"),
        ("\"c\"", "by_name.a.count: a value is a whole number from 0 to 255"),
        ("\"mnop\"", "payment.number: at most 3 characters"),
        ("-5", "payment.year: a value is a whole number from 0 to 65535"),
    ];
    for (place, error) in [
        ("", account.refuses(&format!("put Document '{item}'"))),
        ("line 2: ", account.does_with("put Document", &format!("\n{item}\n")).2),
    ] {
        for (value, reason) in mistakes {
            let column = item.find(value).unwrap() + 1;
            let line = format!("error: {place}column {column}: {reason}");
            assert!(error.lines().any(|said| said.starts_with(&line)), "{line}\n{error}");
        }
        assert_eq!(error.lines().count(), mistakes.len(), "{error}");
    }
    // The elements that cannot be read are no equal ones; those that are equal are told.
    let error =
        account.refuses(r#"put Document '{"id":"a","embedding":[1,2],"parts":[{},{"name":"a","count":1},{}]}'"#);
    assert!(!error.contains("equal") && error.contains("column 23: embedding: 3 dimensions"), "{error}");
    // An optional value that cannot be read is no absent one.
    let parts = r#"[{"name":"a","count":1,"grade":"x"},{"name":"a","count":1,"grade":"y"}]"#;
    let gaps = r#"[null,{"name":"abcd","count":1},{"name":"a","count":-1}]"#;
    let error =
        account.refuses(&format!(r#"put Document '{{"id":"a","embedding":[1,2,3],"parts":{parts},"gaps":{gaps}}}'"#));
    assert!(!error.contains("equal") && error.lines().count() == 4, "{error}");
    assert!(error.contains("gaps[1].name: at most 3 characters") && error.contains("gaps[2].count"), "{error}");
    let equal = r#"{"name":"a","count":1}"#;
    let error =
        account.refuses(&format!(r#"put Document '{{"id":1,"embedding":[1,2,3],"parts":[{equal},{{}},{equal}]}}'"#));
    assert!(error.contains("column 37: parts: no two elements are equal"), "{error}");
}

/// No value of JSON, for no type, is refused in the words of a library.
#[test]
fn a_value_of_another_type_is_refused_in_words() {
    let fields: String = TYPES.iter().map(|ty| format!("      of_{}: {ty}?\n", ty.to_lowercase())).collect();
    let lists =
        "      list: 'list<u8>?'\n      set: 'set<string>?'\n      map: 'map<string, u8>?'\n      plan: Plan?\n";
    let account = with_schema(&format!("{SCHEMA}{fields}{lists}"));
    let sound = r#""id":"a","embedding":[1,2,3]"#;
    let fields = TYPES.iter().map(|ty| format!("of_{}", ty.to_lowercase()));
    let fields = fields.chain(["id", "embedding", "words", "list", "set", "map", "plan", "part"].map(str::to_owned));
    let values = ["true", "7", "-1.5e300", "\"§\"", "[]", "[{}]", "{}", "{\"§\":[]}", "[\"§\",null]"];
    let mut lines = Vec::new();
    for field in fields {
        for value in values {
            let others = sound.split_once(&format!("\"{field}\"")).map_or(sound.to_owned(), |_| match field.as_str() {
                "id" => r#""embedding":[1,2,3]"#.to_owned(),
                _ => r#""id":"a""#.to_owned(),
            });
            lines.push(format!("{{{others},\"{field}\":{value}}}"));
        }
    }
    let texts = [
        "7",
        "[]",
        "\"a\"",
        "{",
        "{\"id\"",
        "{\"id\":}",
        "{\"id\":\"a\"}}",
        "{'id': 1}",
        "{\"id\":\"a\",\"id\":\"b\"}",
    ];
    lines.extend(texts.map(str::to_owned));
    let (_, _, error) = account.does_with("put Document --replace", &(lines.join("\n") + "\n"));
    let said: Vec<&str> = error.lines().collect();
    assert!(said.len() > lines.len() / 2, "{error}");
    for line in said {
        let is_no_json = line.contains("it is no JSON: ") || line.contains("it has more than");
        assert!(is_no_json || !has_words_of_a_library(line), "{line}");
    }
}

#[test]
fn a_filter_is_refused_in_words_that_name_it() {
    let fields: String = TYPES.iter().map(|ty| format!("      of_{}: {ty}?\n", ty.to_lowercase())).collect();
    let account = with_schema(&format!("{SCHEMA}{fields}      plan: Plan?\n"));
    for ty in TYPES {
        let field = format!("of_{}", ty.to_lowercase());
        for value in ["§", "-1e400", "\"", "[1", "{}"] {
            for command in ["scan Document", "query Document id=a"] {
                let error = account.refuses(&format!("{command} --filter {field}={value}"));
                let start = format!("error: --filter '{field}={value}': `{field}`");
                assert!(error.starts_with(&start), "{error}");
                let is_json = matches!(ty, "Part" | "Payment");
                assert!(is_json || !has_words_of_a_library(&error), "{error}");
            }
        }
    }
    for (filter, says) in [
        ("of_u8>=300", "`of_u8` has no value `300`: a value is a whole number from 0 to 255"),
        ("of_i8=128", "a value is a whole number from -128 to 127"),
        ("of_date=2024-13-01", "`of_date` has no value `2024-13-01`: a value is such as 2024-01-31"),
        ("of_bool=yes", "`of_bool` has no value `yes`: a value is true or false"),
        ("of_level=3", "no variant of `Level`: it is one of 1, 2"),
        ("of_level^=1", "`of_level` is not compared by ^=: it takes"),
        ("of_u9=1", "of_u9"),
        ("of_u8", "`of_u8` is no comparison: give a field, one of = != < <= > >= ^= (begins with), and a value"),
        ("=1", "`=1` is no comparison"),
        ("of_u9?", "of_u9"),
        ("embedding=1", "`embedding` is no single value"),
    ] {
        let error = account.refuses(&format!("scan Document --filter {filter}"));
        assert!(error.starts_with(&format!("error: --filter '{filter}': ")) && error.contains(says), "{error}");
        assert!(!has_words_of_a_library(&error), "{error}");
    }
    assert_eq!(account.prints("scan Document --filter of_u8>=200 --filter plan=other"), "");
}

#[test]
fn a_key_that_is_no_value_is_refused_in_words() {
    let account = with_schema(&SCHEMA.replace("id: string\n", "id: u8\n"));
    for command in ["get Document", "delete Document", "query Document"] {
        let error = account.refuses(&format!("{command} id=300"));
        assert!(error.contains("`id` has no value `300`: a value is a whole number from 0 to 255"), "{error}");
        assert!(!has_words_of_a_library(&error), "{error}");
    }
}

#[test]
fn a_vector_index_is_said_to_be_searched() {
    let account = with_schema(SCHEMA);
    for (source, name) in
        [("by_embedding", "by_embedding"), ("in_other_words", "in_other_words"), ("WORDS", "in_other_words")]
    {
        let error = account.refuses(&format!("query Document.{source} id=a"));
        let says = format!(
            "error: the vector index `{name}` is searched by similarity, with `search_{name}` of the emitted code, \
             and not queried\n"
        );
        assert_eq!(error, says);
    }
    let error = account.refuses("query Document.by_name id=a");
    assert!(
        error.starts_with("error: `Document` has neither indexes nor access patterns; the vector index"),
        "{error}"
    );
    assert!(error.contains("`search_by_embedding`") && error.contains("`search_in_other_words`"), "{error}");
}

#[test]
fn a_line_that_is_none_of_an_export_is_refused_in_words() {
    let account = with_schema(SCHEMA);
    let lines = [
        ("[]", "1: it is no line of an export, {\"model\":…,\"item\":…}"),
        ("7", "2: it is no line of an export, {\"model\":…,\"item\":…}"),
        ("{\"model\":\"Document\"}", "3: it is no line of an export, {\"model\":…,\"item\":…}: it has no `item`"),
        (
            "{\"modl\":\"Document\"}",
            "4: it is no line of an export, {\"model\":…,\"item\":…}: `modl` is none of its names",
        ),
        (
            "{\"model\":\"é\",\"model\":7}",
            "5: it is no line of an export, {\"model\":…,\"item\":…}: `model` is there twice",
        ),
        (
            "{\"model\":\"é\",\"item\":{",
            "6:22: it is no line of an export, {\"model\":…,\"item\":…}: it ends too early",
        ),
        ("{\"model\":\"é\",}", "7:14: it is no line of an export, {\"model\":…,\"item\":…}: it is no JSON: "),
        ("{\"model\":\"Document\",\"item\":7}", "8:28: a value is an object, in { }"),
    ];
    account.folder.write("in.jsonl", &lines.map(|(line, _)| format!("{line}\n")).concat());
    let error = account.refuses("import in.jsonl");
    for ((line, says), said) in lines.into_iter().zip(error.lines()) {
        assert!(said.starts_with(&format!("error: in.jsonl:{says}")), "{line}: {said}");
        assert!(said.contains("no JSON") || !has_words_of_a_library(said), "{line}: {said}");
    }
}
