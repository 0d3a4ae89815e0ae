//! Random schemas: every valid schema generates code that parses, and every part that may be invalid (`random/wide.rs`)
//! is refused or emitted completely. `tests/sample.yaml` holds a fixed sample of both, which the crate dyntastic-tests
//! compiles; `BLESS=1` renews it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "random/contexts.rs"]
mod contexts;
#[path = "random/features.rs"]
mod features;
#[path = "random/wide.rs"]
mod wide;

use crate::rounds;
use dyntastic_codegen::{Code, Diagnostics, FileSet, Form, Options, Sources, generate};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use wide::Part;

/// A source of random choices (xorshift64*).
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33).unwrap_or(0) % most
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of.get(self.below(of.len())).copied().unwrap_or_default()
    }

    fn often(&mut self) -> bool {
        self.below(3) > 0
    }
}

const KEYS: &[&str] =
    &["string", "u32", "i64", "uuid", "ulid", "datetime", "date", "bytes", "decimal", "Status", "Level"];
const SCALARS: &[&str] = &[
    "string",
    "bool",
    "bytes",
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
    "json",
    "Status",
    "Level",
    "Color",
    "Inner",
    "Tree",
    "Choice",
];
const SET_ELEMENTS: &[&str] =
    &["string", "bytes", "i32", "u128", "decimal", "uuid", "ulid", "ip", "datetime", "Status", "Color"];
/// Names that need care in Rust, or that emitted code uses.
const NAMES: &[&str] = &[
    "type",
    "match",
    "self",
    "super",
    "reader",
    "writer",
    "attribute",
    "value",
    "client",
    "key",
    "of",
    "violations",
    "build",
    "builder",
    "Some",
    "text",
    "unknown",
    "item",
    "async",
    "await",
    "fooBar",
    "x1",
    "hash",
    "range",
    "update",
    "f",
];

const ENUMS: &str = "  Status: [pending, { name: paid, value: P }]
  Level: [{ name: low, value: 1 }, { name: high, value: -2 }]
  Color: { other: true, variants: [red] }
";
const TYPES: &str = "  Inner: { fields: { a: string?, b: { type: u8, default: 3, maximum: 9 } }, patch: InnerPatch }
  Tree: { fields: { name: { type: string, min_length: 1 }, next: Tree?, more: list<Tree>, inner: Inner? }, patch: TreePatch }
";
const UNIONS: &str =
    "  Choice: { tag: kind, variants: { one: Inner, other: { fields: { x: f64, at: datetime? } }, none: {} } }
";

fn ty(random: &mut Random, depth: usize) -> String {
    let inner = match random.below(if depth == 0 { 4 } else { 8 }) {
        4 => format!("list<{}>", ty(random, depth - 1)),
        5 => format!("map<string, {}>", ty(random, depth - 1)),
        6 => format!("set<{}>", random.one(SET_ELEMENTS)),
        _ => random.one(SCALARS).to_owned(),
    };
    if random.often() { inner } else { format!("{inner}?") }
}

/// How some of the fields are sealed.
const SEALS: &[&str] = &[
    ", encrypt: personal",
    ", compress: zstd",
    ", compress: zstd, encrypt: personal",
    ", encrypt: { key: personal, unencrypted: read }",
];

/// Settings that fit a type: constraints, a default, and settings of the emitted field.
fn more(random: &mut Random, ty: &str) -> String {
    let mut said = String::new();
    if random.below(4) == 0 {
        said.push_str(", sensitive: true");
    }
    if random.below(4) == 0 {
        said.push_str(", doc: \"A field.\\n\\nOf `some` kind.\"");
    }
    said.push_str(match (ty, random.below(4)) {
        ("string", 0) => ", min_length: 1, max_length: 40, transform: [trim, lowercase]",
        ("string", 1) => ", pattern: '^[a-z]+$', default: abc",
        ("string?", 0) => ", format: email",
        ("string?", 1) => ", one_of: [a, b]",
        ("string", 2) => ", default: uuid_v4",
        ("u8" | "i64" | "u32" | "i128", 0) => ", minimum: 1, maximum: 100, default: 7",
        ("f64" | "f32", 0) => ", exclusive_minimum: -1.5, default: 0.25",
        ("decimal", 0) => ", multiple_of: 0.05, default: 1.50",
        ("uuid", 0) => ", default: uuid_v7",
        ("ulid", 0) => ", default: ulid",
        ("datetime", 0) => ", default: now, past: true",
        ("datetime" | "datetime?", 1) => ", format: epoch_millis",
        ("date?", 0) => ", future: true",
        ("bool", 0) => ", default: true",
        ("Status", 0) => ", default: paid",
        ("duration", 0) => ", default: 1.5",
        ("list<string>", _) => ", max_items: 4, unique_items: true, items: { min_length: 1 }",
        _ => "",
    });
    said
}

fn model(random: &mut Random, number: usize) -> String {
    let mut fields: Vec<(String, String)> = Vec::new();
    let key = |random: &mut Random, optional: bool| format!("{}{}", random.one(KEYS), if optional { "?" } else { "" });
    fields.push(("id".to_owned(), key(random, false)));
    let ranged = random.often();
    if ranged {
        fields.push(("sort".to_owned(), key(random, false)));
    }
    let indexed = random.often();
    if indexed {
        let optional = random.often();
        fields.push(("by".to_owned(), key(random, optional)));
        fields.push(("then".to_owned(), key(random, !optional)));
    }
    for other in 0..random.below(12) {
        let name = match random.below(3) {
            0 => NAMES.get((other * 7 + number) % NAMES.len()).copied().unwrap_or_default().to_owned(),
            _ => format!("field_{other}"),
        };
        if !fields.iter().any(|(taken, _)| *taken == name) {
            let depth = random.below(3);
            fields.push((name, ty(random, depth)));
        }
    }
    let vector = (random.below(3) == 0).then(|| random.one(&["vector<3>", "vector<1536>?", "list<vector<2>>?"]));
    fields.extend(vector.map(|ty| ("embedding".to_owned(), ty.to_owned())));
    let mut text = format!("  Model{number}:\n    table: table-{number}\n    hash_key: id\n");
    if ranged {
        text.push_str("    range_key: sort\n");
    }
    if random.below(4) == 0 {
        text.push_str("    unknown_attributes: keep\n");
    }
    if random.below(4) == 0 {
        text.push_str("    validate_on_read: true\n");
    }
    text.push_str("    fields:\n");
    for (name, ty) in &fields {
        let alias = if random.below(4) == 0 { format!(", attribute: \"{name}/{number} x\"") } else { String::new() };
        let is_key = matches!(name.as_str(), "id" | "sort" | "by" | "then");
        let mut more = if is_key { String::new() } else { more(random, ty) };
        // Tests without keys skip these models.
        if number % 5 == 3 && !is_key && name != "embedding" {
            more.push_str(SEALS.get((name.len() + ty.len()) % 6).copied().unwrap_or_default());
        }
        writeln!(text, "      {name}: {{ type: \"{ty}\"{alias}{more} }}").unwrap();
    }
    if indexed {
        let projection = random.one(&["all", "keys_only", "[id]"]);
        writeln!(
            text,
            "    indexes:\n      by_both: {{ hash_key: by, range_key: then, projection: {projection}, name: both }}"
        )
        .unwrap();
        if random.often() {
            text.push_str("      by_many: { hash_key: [by, id], range_key: [then], name: many }\n");
        }
        text.push_str(
            "    queries:\n      between_two: { index: by_both, range: { between: [low, high] }, limit: 5 }\n",
        );
    }
    if vector.is_some_and(|ty| ty.starts_with("vector")) && random.often() {
        let distance = random.one(&["cosine", "euclidean", "dot_product"]);
        let projection = random.one(&["all", "keys_only", "[id]"]);
        let index = format!("vector: embedding, distance: {distance}, projection: {projection}, name: near");
        writeln!(text, "    vector_indexes: {{ nearest: {{ {index} }} }}").unwrap();
    }
    if random.often() {
        text.push_str("    projections: { part: [id] }\n");
    }
    if number.is_multiple_of(2) && fields.iter().any(|(name, _)| !matches!(name.as_str(), "id" | "sort")) {
        writeln!(text, "    inputs: {{ create: NewModel{number}, patch: Model{number}Patch }}").unwrap();
    }
    text
}

fn schema(random: &mut Random, models: usize, serde: bool) -> String {
    let libraries = ["time_types: chrono", "time_types: time", "time_types: jiff\ndecimal: bigdecimal"];
    let library = random.one(&libraries);
    let models: String = (0..models).map(|number| model(random, number)).collect();
    whole(library, if serde { "serde: { rename_all: camelCase }\n" } else { "" }, &models, &[])
}

/// A whole schema of these models and parts.
fn whole(library: &str, json: &str, models: &str, parts: &[Part]) -> String {
    let mut text = format!("dyntastic: 1\n{library}\n{json}");
    let all = |of: fn(&Part) -> &str| parts.iter().map(of).collect::<String>();
    let sections = [
        ("scalars", all(|part| &part.scalars)),
        ("mixins", all(|part| &part.mixins)),
        ("contexts", all(|part| &part.contexts)),
        ("enums", ENUMS.to_owned() + &all(|part| &part.enums)),
        ("types", TYPES.to_owned() + &all(|part| &part.types)),
        ("unions", UNIONS.to_owned() + &all(|part| &part.unions)),
        ("tables", all(|part| &part.tables)),
        ("models", models.to_owned() + &all(|part| &part.models)),
        ("collections", all(|part| &part.collections)),
    ];
    for (name, section) in sections.into_iter().filter(|(_, section)| !section.is_empty()) {
        write!(text, "{name}:\n{section}").unwrap();
    }
    text
}

fn generated(schema: &str) -> Result<FileSet, Diagnostics> {
    let mut sources = Sources::new();
    sources.add("models.yaml", schema);
    generate(&sources, &Options::new(Form::File))
}

fn generates(schema: &str) -> FileSet {
    generated(schema).unwrap_or_else(|mistakes| panic!("{}\n{schema}", mistakes.render(false)))
}

/// Whether a part is accepted. An accepted part has each of its models in the output, with all fields of its key; a
/// refused part has a mistake of the schema.
fn is_accepted(library: &str, json: &str, part: &Part) -> bool {
    let schema = whole(library, json, "", std::slice::from_ref(part));
    let files = match generated(&schema) {
        Ok(files) => files,
        Err(mistakes) => {
            let internal = mistakes.iter().find(|mistake| mistake.code() == Code::Internal);
            assert!(internal.is_none(), "{}\n{schema}", mistakes.render(false));
            return false;
        }
    };
    assert_eq!(part.wrong, None, "{schema}");
    assert!(!json.contains("camelCase") || part.wrong_in_camel_case.is_none(), "{schema}");
    let code = syn::parse_file(files.get("models.rs").unwrap()).unwrap();
    let structs =
        || code.items.iter().filter_map(|item| if let syn::Item::Struct(of) = item { Some(of) } else { None });
    for (model, fields) in &part.keys {
        let key = structs().find(|of| of.ident == format!("{model}Key"));
        let key = key.unwrap_or_else(|| panic!("{model} has no key\n{schema}"));
        let found: BTreeSet<String> =
            key.fields.iter().filter_map(|of| of.ident.as_ref()).map(|of| of.to_string()).collect();
        assert_eq!(found, fields.iter().cloned().collect(), "the key of {model}\n{schema}");
    }
    true
}

proptest! {
    #![proptest_config(rounds::config(32))]

    #[test]
    fn valid_schemas_generate(seed in any::<u64>(), models in 1_usize..4, serde in any::<bool>()) {
        generates(&schema(&mut Random::new(seed), models, serde));
    }
}

proptest! {
    #![proptest_config(rounds::config(32))]

    #[test]
    fn an_accepted_schema_is_emitted_completely(seed in any::<u64>()) {
        let mut random = Random::new(seed);
        let library = random.one(&["time_types: chrono", "time_types: time", "time_types: jiff"]);
        let json = random.one(JSON);
        let number = random.below(wide::TYPE_NAMES.len());
        is_accepted(library, json, &wide::types(&mut random, number));
        is_accepted(library, json, &wide::shared(&mut random, number));
        is_accepted(library, json, &wide::enums(&mut random, number));
        is_accepted(library, json, &wide::paths(&mut random));
        is_accepted(library, json, &features::reuse(&mut random, number));
        is_accepted(library, json, &features::features(&mut random, number));
        let number = random.below(contexts::NAMES.len());
        is_accepted(library, json, &contexts::contexts(&mut random, number));
    }
}

/// The settings of JSON.
const JSON: &[&str] = &["", "serde: true\n", CAMEL_CASE, "serde: { rename_all: kebab-case }\njson_schema: true\n"];

/// The seeds of the sample's parts, each the first that is accepted. To find them takes thousands of schemas, so the
/// sample names them, and only `BLESS=1` looks for new ones.
struct Seeds<'s> {
    known: Option<std::str::SplitWhitespace<'s>>,
    used: String,
    /// The first seed that the next part tries.
    first: u64,
}

impl Seeds<'_> {
    fn part(&mut self, make: impl Fn(&mut Random) -> Part, is_wanted: impl Fn(&Part) -> bool) -> Option<Part> {
        let made = |seed| make(&mut Random::new(seed));
        let is_taken = |part: &Part| is_wanted(part) && is_accepted(LIBRARY, CAMEL_CASE, part);
        let seed: Option<u64> = match &mut self.known {
            Some(known) => known.next().and_then(|seed| seed.parse().ok()),
            None => (self.first..self.first + 1000).find(|seed| is_taken(&made(*seed))),
        };
        self.first += 1000;
        self.used += &seed.map_or(" -".to_owned(), |seed| format!(" {seed}"));
        seed.map(made)
    }
}

const LIBRARY: &str = "time_types: chrono";
const CAMEL_CASE: &str = "serde: { rename_all: camelCase }\njson_schema: true\nfakes: true\n";
const SEEDS: &str = "# Seeds of the parts:";

/// Thirty models, and accepted parts of the wider space.
fn sample(known: Option<&str>) -> String {
    let mut random = Random::new(30);
    let models: String = (0..30).map(|number| model(&mut random, number)).collect();
    let mut parts = vec![wide::ring()];
    let mut seeds = Seeds { known: known.map(str::split_whitespace), used: String::new(), first: 0 };
    for number in 0..wide::TYPE_NAMES.len() {
        // Every second part has a struct with a default.
        let is_wanted = |part: &Part| number % 2 == 0 || part.models.contains("default: {}");
        parts.extend(seeds.part(|random| wide::types(random, number), is_wanted));
    }
    for number in 0..wide::ENUM_NAMES.len() {
        parts.extend(seeds.part(|random| wide::enums(random, number), |_| true));
    }
    for number in 0..10 {
        parts.extend(seeds.part(|random| wide::shared(random, number), |_| true));
    }
    for number in 0..features::NAMES.len() {
        parts.extend(seeds.part(|random| features::reuse(random, number), |_| true));
        parts.extend(seeds.part(|random| features::features(random, number), |_| true));
    }
    for number in 0..contexts::NAMES.len() {
        parts.extend(seeds.part(|random| contexts::contexts(random, number), |_| true));
    }
    format!(
        "# Random models, which dyntastic-tests compiles (codegen/tests/generator/random_schemas.rs makes them).\n{SEEDS}{}\n{}",
        seeds.used,
        whole(LIBRARY, CAMEL_CASE, &models, &parts)
    )
}

#[test]
fn the_sample_is_current() {
    let path = "../tests/sample.yaml";
    if std::env::var_os("BLESS").is_some() {
        fs::write(path, sample(None)).unwrap();
    }
    let written = fs::read_to_string(path).unwrap();
    let seeds = written.lines().find_map(|line| line.strip_prefix(SEEDS)).unwrap();
    assert_eq!(written, sample(Some(seeds)), "BLESS=1 makes it again");
    generates(&written);
}
