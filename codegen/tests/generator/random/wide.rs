//! Random parts of schemas, valid and invalid ones. Every accepted part must compile.

use super::Random;
use std::fmt::Write;

/// The additions of a part to the sections of a schema.
#[derive(Default)]
pub(crate) struct Part {
    pub(crate) scalars: String,
    pub(crate) mixins: String,
    pub(crate) contexts: String,
    pub(crate) enums: String,
    pub(crate) types: String,
    pub(crate) unions: String,
    pub(crate) tables: String,
    pub(crate) models: String,
    pub(crate) collections: String,
    /// The names of its models, each with the fields of its keys.
    pub(crate) keys: Vec<(String, Vec<String>)>,
    /// The reason why it must be refused.
    pub(crate) wrong: Option<&'static str>,
    /// The reason why it must be refused with names in camel case in JSON.
    pub(crate) wrong_in_camel_case: Option<&'static str>,
}

impl Part {
    pub(crate) fn wrong_if(&mut self, is: bool, why: &'static str) {
        self.wrong = self.wrong.or(is.then_some(why));
    }
}

/// Names of types that begin like collections, or that Rust and emitted code also use.
pub(crate) const TYPE_NAMES: &[&str] = &[
    "settings",
    "mapping",
    "listing",
    "Vec",
    "Option",
    "String",
    "Result",
    "Box",
    "Ok",
    "Some",
    "None",
    "Err",
    "Item",
    "Model",
    "Table",
    "Error",
    "Default",
    "Clone",
    "From",
    "Into",
    "Validate",
    "Attribute",
    "Builder",
    "Client",
    "Value",
    "Values",
    "Key",
    "Fields",
    "State",
    "Query",
    "Index",
];
/// Names of enums in keys: the names of type parameters, and of the numbers in builders' states.
pub(crate) const ENUM_NAMES: &[&str] = &["B", "H", "K", "M", "N0", "S", "T", "T1", "T2", "AgeField", "With", "Role"];
/// Names of models in shared tables: the names of modules, crates and tools, and of an enum's own members.
const MODEL_NAMES: &[&str] = &["A", "Unknown", "Std", "Core", "Log", "Dyntastic", "U8", "Clippy", "Rustfmt", "Serde"];
const KEY_TYPES: &[&str] =
    &["string", "u8", "i64", "uuid", "ulid", "date", "datetime", "Status", "Level", "f64", "bool"];
/// Texts for paths and attributes, valid and invalid ones.
const PATHS: &[&str] = &["::std::fmt::Debug", "PartialOrd", "self::X", "super::Y", "crate::type", "a::_", "Default"];
const ATTRIBUTES: &[&str] = &[
    "#[doc(alias = \"a // b\")]",
    "#[must_use] // c",
    "#[self::x]",
    "#[doc = \"}\"]",
    "#[derive(Debug)]",
    "#[non_exhaustive]",
    "#[serde(deny_unknown_fields)]",
];
/// Types with constraints: bounds at the limits of types, several at once, and defaults that may violate them.
pub(crate) const BOUNDED: &[(&str, &str)] = &[
    ("i32", "minimum: -2147483648, maximum: 2147483647"),
    ("i64", "minimum: -9223372036854775808, maximum: 9223372036854775807, default: 3000000000"),
    ("u64", "exclusive_minimum: 4294967296, multiple_of: 5000000000"),
    ("u128", "maximum: \"99999999999999999999999999999999999999\""),
    ("i128", "minimum: \"-99999999999999999999\", default: 5"),
    ("u8", "exclusive_minimum: 255"),
    ("f64", "minimum: 0.5, maximum: 1.0e+300, default: 2.5"),
    ("f32", "exclusive_minimum: -1.5, exclusive_maximum: 1.5"),
    ("decimal", "minimum: 0.01, maximum: 99.99, multiple_of: 0.01"),
    ("string", "min_length: 1, max_length: 8, one_of: [ab, c], default: ab"),
    ("string", "default: uuid_v4, max_length: 36, transform: lowercase"),
    ("string", "default: ulid, transform: lowercase"),
    ("string", "default: \"\", min_length: 1"),
    ("list<string>", "items: { min_length: 2, max_length: 8, pattern: \"^[a-z]+$\" }"),
    ("set<u64>", "items: { minimum: 1, maximum: 5000000000 }, min_items: 1"),
    ("list<f32>", "items: { minimum: 0.5, maximum: 1 }, max_items: 3"),
    ("map<string, i64>", "keys: { max_length: 3 }, values: { minimum: -5000000000, maximum: 5000000000 }"),
    ("f64", "minimum: -3.14, exclusive_maximum: 6.283185"),
    ("f32", "multiple_of: 2.718"),
    ("list<f64>", "items: { maximum: 0.693 }"),
    ("i128", "default: 7"),
    ("list<u128?>", "max_items: 3"),
    ("duration", "default: 90"),
    ("list<duration>", "min_items: 1"),
    ("map<string, set<duration>>", "max_items: 3"),
    ("date", "default: today, past: true"),
    ("datetime", "default: now, past: true"),
    ("time", "default: \"12:30:00\""),
];

/// Structs, a union of them, and a model that holds them, also with defaults.
pub(crate) fn types(random: &mut Random, number: usize) -> Part {
    let mut part = Part::default();
    let name = match TYPE_NAMES.get(number) {
        Some(name) => (*name).to_owned(),
        None => format!("type{number}"),
    };
    let mut fields = String::new();
    for field in 0..=random.below(4) {
        let names = ["line_1", "line1", "type", "kind", "at_home", "v2", "v_2"];
        let name = if random.below(3) == 0 { random.one(&names).to_owned() } else { format!("field_{field}") };
        let (ty, said) = bounded(random);
        let alias = if random.below(4) == 0 { format!(", attribute: \"a{field}\"") } else { String::new() };
        if !fields.contains(&format!("{name}: ")) {
            write!(fields, "{name}: {{ type: \"{ty}\", {said}{alias} }}, ").unwrap();
        }
    }
    let has = |name: &str| fields.contains(&format!("{name}: {{"));
    let is_twice = has("line_1") && has("line1") || has("v2") && has("v_2");
    let more = match random.below(4) {
        0 => format!(", derive: \"{}\"", random.one(PATHS)),
        1 => format!(", attributes: '{}'", random.one(ATTRIBUTES)),
        _ => String::new(),
    };
    let patch = |random: &mut Random, of: &str| match random.below(3) {
        0 => String::new(),
        _ => format!(", patch: PatchOf{of}{number}"),
    };
    let of_type = patch(random, "Type");
    writeln!(part.types, "  {name}: {{ fields: {{ {fields}}}{more}{of_type} }}").unwrap();
    let holder = format!("holder{number}");
    let default = |random: &mut Random| if random.often() { ", default: {}" } else { "" };
    let inner = default(random);
    let of_holder = patch(random, "Holder");
    writeln!(
        part.types,
        "  {holder}: {{ fields: {{ inner: {{ type: {name}{inner} }}, more: \"list<{name}>\" }}{of_holder} }}"
    )
    .unwrap();
    let tag = random.one(&["kind", "type", "atHome", "is"]);
    let of = |random: &mut Random| random.one(&[&name, &holder, "Inner"]).to_owned();
    let (one, two, three) = (of(random), of(random), of(random));
    let holds = |of: &str| [&one, &two, &three].into_iter().any(|held| held == of);
    let is_tag = tag == "atHome" && has("at_home") && holds(&name);
    part.wrong_in_camel_case = (is_twice || is_tag).then_some("a key of JSON stands twice");
    writeln!(part.unions, "  Union{number}: {{ tag: {tag}, variants: {{ one: {one}, two: {two}, three: {three} }} }}")
        .unwrap();
    let (first, second) = (default(random), default(random));
    writeln!(
        part.models,
        "  Holder{number}Model:\n    table: holders-{number}\n    hash_key: id\n    fields: {{ id: string, one: {{ type: {name}{first} }}, \
         two: {{ type: {holder}{second} }}, union: \"Union{number}?\" }}\n    \
         inputs: {{ patch: PatchOfModel{number} }}"
    )
    .unwrap();
    part.keys.push((format!("Holder{number}Model"), vec!["id".to_owned()]));
    part
}

/// The longest ring of optional types, and the longest one of maps, that the compiler and rustdoc follow.
pub(crate) fn ring() -> Part {
    let types = (0..20).map(|at| format!("  Ring{at}: {{ fields: {{ next: \"Ring{}?\" }} }}\n", (at + 1) % 20));
    let maps =
        (0..10).map(|at| format!("  Maps{at}: {{ fields: {{ of: \"map<string, Maps{}>\" }} }}\n", (at + 1) % 10));
    let fields = "{ id: string, ring: \"Ring0?\", maps: Maps0 }";
    Part {
        types: types.chain(maps).collect(),
        models: format!("  RingModel: {{ table: rings, hash_key: id, fields: {fields} }}\n"),
        keys: vec![("RingModel".to_owned(), vec!["id".to_owned()])],
        ..Part::default()
    }
}

/// An enum that is the key of a model, next to a field whose type parameter may have the same name.
pub(crate) fn enums(random: &mut Random, number: usize) -> Part {
    let mut part = Part::default();
    let name = ENUM_NAMES.get(number).copied().unwrap_or("Kind");
    let values = random.one(&["[a, b]", "[{ name: low, value: 1 }]", "{ other: true, variants: [a] }"]);
    writeln!(part.enums, "  {name}: {values}").unwrap();
    let range = if random.often() { "\n    range_key: age" } else { "" };
    writeln!(
        part.models,
        "  Keyed{number}Model:\n    table: keyed-{number}\n    hash_key: by{range}\n    indexes: {{ turned: {{ hash_key: age, range_key: by, name: turned }} }}\n    \
         fields: {{ by: {name}, age: u8, maybe: \"{name}?\", many: \"set<{name}>\" }}"
    )
    .unwrap();
    let ranged = (!range.is_empty()).then_some("age");
    let key = std::iter::once("by").chain(ranged).map(str::to_owned).collect();
    part.keys.push((format!("Keyed{number}Model"), key));
    part
}

fn bounded(random: &mut Random) -> (&'static str, &'static str) {
    BOUNDED.get(random.below(BOUNDED.len())).copied().unwrap_or(("u8", "default: 1"))
}

/// The characters that end the fields of keys, most of them the usual one.
const SEPARATORS: &[&str] = &["#", "#", "#", "/", "|", ":", "-"];

/// The stated forms of a type in a key, most of them none.
fn forms(ty: &str) -> &'static [&'static str] {
    match ty {
        "string" => &["", "", "", ":lower"],
        "uuid" | "ulid" => &["", "", ":lower", ":upper"],
        "u8" => &["", "", ":03", ":plain"],
        "i64" | "u32" => &["", "", ":plain", ":06"],
        "datetime" => &["", "", ":iso", ":date", ":epoch", ":epoch_millis", ":pydantic", ":%Y%m%dT%H%M%S.%6f"],
        "naive_datetime" => &["", ":iso", ":date"],
        "date" => &["", "", ":%Y%m%d", ":%d.%m.%Y", ":iso"],
        _ => &[""],
    }
}

/// A shared table, and its models.
pub(crate) fn shared(random: &mut Random, number: usize) -> Part {
    let mut part = Part::default();
    let ranged = random.often();
    let mut says_same = 0;
    let range = if ranged { ", range_key: { sk: string }" } else { "" };
    let index = match random.below(5) {
        0 => Some(("local: true, range_key: { at: string }", "at")),
        1 => Some(("hash_key: { kind: string }", "kind")),
        2 => Some(("hash_key: { gsi: string }, range_key: { pk: string }", "gsi")),
        3 => Some(("hash_key: { gsi: number }", "gsi")),
        _ => None,
    };
    let indexes =
        index.map_or_else(String::new, |(index, _)| format!(", indexes: {{ by_it: {{ {index}, name: by-it }} }}"));
    let discriminator = if random.below(6) > 0 { ", discriminator: kind" } else { "" };
    writeln!(part.tables, "  shared{number}: {{ hash_key: {{ pk: string }}{range}{discriminator}{indexes} }}").unwrap();
    let separators = [random.one(SEPARATORS), random.one(SEPARATORS)];
    let models = 1 + random.below(3);
    let tells = !discriminator.is_empty();
    part.wrong_if(models > 1 && !tells, "nothing tells the models apart");
    part.wrong_if(index.is_some_and(|(_, key)| key == "kind") && tells, "the discriminator is a key of an index");
    part.wrong_if(index.is_some_and(|(of, _)| of.starts_with("local")) && !ranged, "a local index needs a range key");
    let named = MODEL_NAMES.get(number).map_or_else(|| format!("Shared{number}Model0"), |name| (*name).to_owned());
    for model in 0..models {
        let name = if model == 0 { named.clone() } else { format!("Shared{number}Model{model}") };
        let count = match random.below(8) {
            0 => 0,
            1 => 10 + random.below(25),
            _ => 1 + random.below(4),
        };
        // With many fields, all must be possible in a key: otherwise no part would be accepted.
        let types = if count < 10 { KEY_TYPES } else { &["u8"] };
        let mut fields: Vec<(String, &str)> = (0..count).map(|at| (format!("f{at}"), random.one(types))).collect();
        let split = if ranged && count < 10 { random.below(count + 1) } else { count };
        let [of_hash, of_range] = separators;
        let template = |random: &mut Random, of: &[(String, &str)], separator: &str| {
            let parts = of.iter().map(|(name, ty)| {
                let separator = if random.below(12) == 0 { "" } else { separator };
                let form = if count < 10 { random.one(forms(ty)) } else { "" };
                format!("{separator}{{{name}{form}}}")
            });
            format!("M{model}{}", parts.collect::<String>())
        };
        let (hash, range) = fields.split_at(split.min(fields.len()));
        let sk = match (ranged, random.below(4)) {
            (false, _) => String::new(),
            (true, 0) => format!(", sk: {{ template: '{}', unordered: true }}", template(random, range, of_range)),
            (true, _) => format!(", sk: '{}'", template(random, range, of_range)),
        };
        let key = format!("{{ pk: '{}'{sk} }}", template(random, hash, of_hash));
        let used = fields.iter().map(|(name, _)| name.clone()).collect();
        if random.often() {
            fields.push(("note".to_owned(), "string?"));
            fields.push(("count".to_owned(), "i64?"));
        }
        part.wrong_if(fields.is_empty(), "a model has fields");
        let says = if random.below(5) == 0 { "\n    discriminator: same" } else { "" };
        says_same += usize::from(!says.is_empty());
        part.wrong_if(says_same > 1, "two models have one discriminator");
        let index = match index {
            Some((_, attribute)) if random.often() => {
                let made = if random.often() { "{note}" } else { "{count}" };
                format!("\n    indexes: {{ by_it: {{ {attribute}: '{made}' }} }}")
            }
            _ => String::new(),
        };
        let fields: Vec<String> = fields.iter().map(|(name, ty)| format!("{name}: \"{ty}\"")).collect();
        writeln!(
            part.models,
            "  {name}:\n    table: shared{number}\n    key: {key}{says}{index}\n    fields: {{ {} }}",
            fields.join(", ")
        )
        .unwrap();
        part.keys.push((name, used));
    }
    if random.below(3) == 0 {
        writeln!(part.collections, "  Shared{number}All: {{ table: shared{number}, models: [{named}] }}").unwrap();
    }
    part
}

/// The user's paths, which emitted code names.
pub(crate) fn paths(random: &mut Random) -> Part {
    const PARTS: &[&str] = &["a", "b", "crate", "self", "super", "Self", "_", "type", "gen", "r#type", "B", ""];
    let mut path = || {
        let parts: Vec<&str> = (0..=random.below(3)).map(|_| random.one(PARTS)).collect();
        if random.often() { parts.join("::") } else { format!("::{}", parts.join("::")) }
    };
    let (own, check, whole, derive, attribute) = (path(), path(), path(), path(), path());
    let types = match random.below(5) {
        0 => format!("  Own: {{ rust: \"{own}\" }}\n"),
        1 => format!("  Own: {{ fields: {{ x: u8 }}, validate: \"{check}\" }}\n"),
        2 => format!("  Own: {{ fields: {{ x: {{ type: u8, validate: \"{whole}\" }} }} }}\n"),
        3 => format!("  Own: {{ fields: {{ x: u8 }}, derive: \"{derive}\" }}\n"),
        _ => format!("  Own: {{ fields: {{ x: u8 }}, attributes: \"#[{attribute}]\" }}\n"),
    };
    let models = "  Owner: { table: owners, hash_key: id, fields: { id: string, own: \"Own?\" } }\n".to_owned();
    Part { types, models, keys: vec![("Owner".to_owned(), vec!["id".to_owned()])], ..Part::default() }
}
