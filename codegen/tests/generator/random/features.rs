//! Random parts of schemas with scalars and mixins, and models of shared tables with unique fields, conditions, inputs,
//! roles, transforms and projections together. Every accepted part must compile.

use super::Random;
use super::wide::{BOUNDED, Part};
use std::fmt::Write;

/// The names of scalars, mixins and models: those of types and traits that emitted code also uses.
pub(crate) const NAMES: &[&str] =
    &["Text", "Slug", "Patch", "Item", "Json", "Role", "Input", "Unique", "Field", "Update", "Builder", "Serialize"];
/// Names of fields that emitted code also uses.
const FIELDS: &[&str] = &["name", "type", "values", "patch", "input", "build", "of", "self", "key", "kind_of", "add"];
/// Types of scalars, and what they say.
const SCALARS: &[(&str, &str)] = &[
    ("string", "min_length: 1, max_length: 20, transform: [trim, lowercase]"),
    ("string", "format: email, sensitive: true"),
    ("string", "pattern: '^[a-z]+$', doc: A word."),
    ("datetime", "precision: millis"),
    ("datetime", "format: epoch_millis"),
    ("datetime", "format: '%Y-%m-%dT%H:%M:%S.%3fZ', precision: millis"),
    ("date", "format: '%d.%m.%Y'"),
    ("u32", "format: text"),
    ("u16", "format: '05', sensitive: true"),
    ("bool", "format: number"),
    ("set<string>", "format: list"),
    ("json", "format: text"),
    ("time", "precision: seconds"),
    ("set<string>", "max_items: 5, items: { transform: trim }"),
    ("list<u8>", "items: { maximum: 9 }"),
    ("uuid", "sensitive: true"),
    ("vector<2>", "sensitive: true"),
    ("Inner", "doc: Inside."),
    ("Choice", "sensitive: true"),
];
/// What a field of a scalar's type may say too, which may contradict the scalar.
const MORE: &[&str] =
    &["", "", "", ", max_length: 9", ", maximum: 7", ", items: { min_length: 1 }", ", transform: trim"];

/// Scalars and mixins, a type and a model that use them.
pub(crate) fn reuse(random: &mut Random, number: usize) -> Part {
    let mut part = Part::default();
    let name = NAMES.get(number).copied().unwrap_or("Other");
    let mut scalars = Vec::new();
    for scalar in 0..=random.below(3) {
        let fixed = BOUNDED.iter().filter(|(_, said)| !said.contains("default")).chain(SCALARS);
        let fixed: Vec<_> = fixed.collect();
        let (ty, said) = fixed.get(random.below(fixed.len())).copied().copied().unwrap_or(("u8", "maximum: 9"));
        let scalar = if scalar == 0 { format!("{name}S") } else { format!("{name}S{scalar}") };
        writeln!(part.scalars, "  {scalar}: {{ type: \"{ty}\", {said} }}").unwrap();
        scalars.push(scalar);
    }
    let field = |random: &mut Random, at: usize| {
        let scalar = scalars.get(random.below(scalars.len())).map_or("u8", String::as_str);
        let form =
            random.one(&["S", "S?", "S?", "list<S>", "map<string, S>", "map<string, S?>?", "set<S>", "list<list<S>>"]);
        let ty = form.replace('S', scalar);
        let name = if random.often() { format!("field_{at}") } else { random.one(FIELDS).to_owned() };
        (name, format!("{{ type: \"{ty}\"{} }}", random.one(MORE)))
    };
    let fields = |random: &mut Random, first: usize| {
        let mut found: Vec<(String, String)> = Vec::new();
        for at in first..first + 1 + random.below(3) {
            let (name, said) = field(random, at);
            if !found.iter().any(|(taken, _)| *taken == name) {
                found.push((name, said));
            }
        }
        found.iter().map(|(name, said)| format!("{name}: {said}")).collect::<Vec<_>>().join(", ")
    };
    let (one, other, own, of_type) = (fields(random, 0), fields(random, 10), fields(random, 20), fields(random, 30));
    let kept = random.one(&[
        "",
        ", made: { type: datetime, role: created_at }",
        ", v: { type: u64, role: version }",
        ", seen: { type: u64, role: counter }",
        ", last: { type: u32, sequence: { start: 5, block: 3 } }",
    ]);
    writeln!(part.mixins, "  {name}One: {{ fields: {{ {one} }} }}\n  {name}Other: {{ fields: {{ {other}{kept} }} }}")
        .unwrap();
    writeln!(part.types, "  {name}Type: {{ mixins: {name}One, fields: {{ {of_type} }} }}").unwrap();
    writeln!(
        part.models,
        "  {name}Reuse:\n    table: reuse-{number}\n    hash_key: id\n    mixins: [{name}Other, {name}One]\n    \
         fields: {{ id: string, {own}, inside: \"{name}Type?\" }}{}",
        random
            .one(&["", "\n    inputs: { create: NewReuse, patch: ReusePatch }"])
            .replace("Reuse", &format!("{name}Reuse"))
    )
    .unwrap();
    part.keys.push((format!("{name}Reuse"), vec!["id".to_owned()]));
    part
}

/// A template with shards, if there are some.
fn sharded(text: &str, shards: &str) -> String {
    if shards.is_empty() { text.to_owned() } else { format!("{{ template: {text}, shards: {shards} }}") }
}

/// A shared table, and a model with what only these have.
pub(crate) fn features(random: &mut Random, number: usize) -> Part {
    let mut part = Part::default();
    let name = NAMES.get(number).copied().unwrap_or("Other");
    let by_key = random.below(4) == 0;
    let projection = random.one(&["all", "keys_only", "[id, title, status]"]);
    let has_two = !by_key && random.below(4) == 0;
    let discriminator = match (by_key, has_two) {
        (true, _) => "by_key",
        (false, true) => "[sort, \"of\"]",
        (false, false) => "sort",
    };
    writeln!(
        part.tables,
        "  table{number}: {{ hash_key: {{ pk: string }}, range_key: {{ sk: string }}, discriminator: {discriminator}, \
         indexes: {{ gsi: {{ hash_key: {{ gsi_pk: string }}, range_key: {{ gsi_sk: string }}, projection: {projection} }} }} }}"
    )
    .unwrap();
    let said = |of: &str| match has_two {
        true => format!("\n    discriminator: {{ of: {of}, sort: {name}Of }}"),
        false => String::new(),
    };
    let whens = ["", "", "{ status: paid }", "{ shown: true, status: [pending] }", "{ state: [a, b] }", "{ count: 3 }"];
    let wrong_whens = ["{}", "{ status: [pending, paid] }", "{ shown: [false, true] }"];
    let when = if random.below(6) == 0 { random.one(&wrong_whens) } else { random.one(&whens) };
    part.wrong_if(wrong_whens.contains(&when), "every item meets the condition");
    let when = if when.is_empty() { String::new() } else { format!(", when: {when}") };
    let uniques = ["", "", "[title, state]", "[[title, count], [state, count]]", "[count, at]"];
    let wrong_uniques = ["[at, title, id]", "[[title, count], [title, count, state]]", "[title, made]"];
    let unique = if random.below(6) == 0 { random.one(&wrong_uniques) } else { random.one(&uniques) };
    let sealed = match random.below(12) {
        0 => random.one(&[", encrypt: personal", ", compress: zstd"]),
        _ => "",
    };
    part.wrong_if(!sealed.is_empty(), "an index has a sealed field in its key");
    part.wrong_if(wrong_uniques.contains(&unique), "the combination is unique in any case, or cannot be unique");
    let (email, is_unique) = match random.below(3) {
        0 => (", unique: true", true),
        _ => ("", false),
    };
    part.wrong_if(by_key && (is_unique || !unique.is_empty()), "a table without a discriminator holds no guards");
    let unique = if unique.is_empty() { String::new() } else { format!("\n    unique: {unique}") };
    let upgrades = random.one(&[
        "",
        "",
        "1: { rename: { old: title }, remove: [older] }",
        "1: { split: { whole: '{title}/{state}' } }, 2: { default: { status: paid, count: 3, shown: true } }",
        "4: { convert: { count: number, shown: boolean, title: text } }",
        "1: { rename: { old: nowhere } }",
    ]);
    part.wrong_if(upgrades.contains("nowhere"), "no field has what an upgrade makes");
    let touched = |name: &str| unique.contains(name) && upgrades.contains(name);
    part.wrong_if(touched("title") || touched("state") || touched("count"), "an upgrade changes a unique field");
    part.wrong_if(!upgrades.is_empty() && projection != "all", "an index does not hold the schema version");
    let form = if upgrades.is_empty() { "" } else { "form: { type: u32, role: schema_version }" };
    let upgrades = if upgrades.is_empty() { String::new() } else { format!("\n    upgrades: {{ {upgrades} }}") };
    let transform = random.one(&["", ", transform: lowercase", ", transform: [trim, uppercase]"]);
    let precision = random.one(&["", ", precision: millis", ", precision: nanos", ", format: epoch_millis"]);
    let mut optional: Vec<&str> = Vec::new();
    for one in [
        "v: { type: u64, role: version }",
        "changed: { type: datetime, role: updated_at }",
        "ends: { type: \"datetime?\", role: ttl }",
        "hidden: { type: string, default: x, serde: { skip: true } }",
        "renamed: { type: \"string?\", serde: { name: \"re/named\" } }",
        "tags: { type: set<string>, items: { transform: trim } }",
        "inner: \"Inner?\"",
        "choice: { type: \"Choice?\", sensitive: true }",
        "tree: { type: \"list<Tree>\", max_items: 3 }",
        "wait: { type: duration, default: 5 }",
        "remark: { type: \"string?\", empty: absent, max_length: 8 }",
        "scan: { type: \"bytes?\", empty: absent }",
    ] {
        if random.often() {
            optional.push(one);
        }
    }
    optional.extend((!form.is_empty()).then_some(form));
    for one in [
        "shown_as: { type: string, attribute: \"shown as\", computed: '#{count:04} {title:upper}, {at:date}!' }",
        "place: { type: \"string?\", computed: '{state}/{status}{made}' }",
        "haste: { type: u8, computed: 'crate::own_types::urgency(title, shown)' }",
    ] {
        if random.below(3) == 0 {
            optional.push(one);
        }
    }
    if random.below(20) == 0 {
        let wrong = ["wrong: { type: string, computed: '{state}' }", "wrong: { type: string, computed: '{shown}' }"];
        optional.push(random.one(&wrong));
        part.wrong_if(true, "the text cannot be computed");
    }
    // Tests without keys skip these models.
    if random.below(5) == 0 {
        optional.extend([
            "secret: { type: \"string?\", encrypt: personal, max_length: 30, transform: trim }",
            "log: { type: string, compress: zstd, default: none }",
            "sealed: { type: \"Inner?\", compress: zstd, encrypt: { key: personal, unencrypted: read } }",
        ]);
    }
    let without = random.one(&["", "", ", without: [title]", ", without: [count, state]"]);
    let inputs = match random.below(3) {
        0 => String::new(),
        1 => format!("\n    inputs: {{ create: {{ name: Create{name}Of{without} }}, patch: {name}OfPatch }}"),
        _ => format!("\n    inputs: {{ patch: {{ name: {name}OfPatch{without} }} }}"),
    };
    let is_hooked = random.below(20) == 0;
    part.wrong_if(is_hooked && !inputs.is_empty(), "a patch would go past the hook");
    let hook = if is_hooked { "\n    before_write: crate::hooked::unchanged" } else { "" };
    let query = random.one(&["", "\n    queries: { of_title: { index: gsi, limit: 3 } }"]);
    let part_of = random.one(&["", "\n    projections: { card: [title, status] }"]);
    let divided = random.one(&["", "", "", "4", "{ count: 3, by: [at, id] }"]);
    let wrong_shards = ["1", "{ count: 4, by: [title] }", "{ count: 4, by: tags }"];
    let divided = if random.below(12) == 0 { random.one(&wrong_shards) } else { divided };
    part.wrong_if(wrong_shards.contains(&divided), "the key cannot have such shards");
    let divided_index = random.one(&["", "", "", "5", "{ count: 2, by: [state, id] }", "{ count: 2, by: count }"]);
    let pk = sharded(&format!("'{name}#{{id}}'"), divided);
    let gsi_pk = sharded(&format!("'{name}#{{title}}'"), divided_index);
    writeln!(
        part.models,
        "  {name}Of:\n    table: table{number}{}\n    key: {{ pk: {pk}, sk: '{name}#{{at}}' }}{unique}{upgrades}{inputs}{hook}{query}{part_of}\n    \
         indexes: {{ gsi: {{ gsi_pk: {gsi_pk}, gsi_sk: '{{status}}'{when} }} }}\n    fields:\n      \
         id: {{ type: string{transform} }}\n      at: {{ type: datetime{precision} }}\n      \
         title: {{ type: string{transform}, max_length: 30{sealed} }}\n      email: {{ type: \"string?\"{email} }}\n      \
         status: {{ type: Status, default: pending }}\n      shown: bool\n      state: \"string?\"\n      \
         count: {{ type: u32, default: 1, minimum: 1 }}\n      made: {{ type: datetime, role: created_at }}",
        said("one")
    )
    .unwrap();
    for field in optional {
        writeln!(part.models, "      {field}").unwrap();
    }
    part.keys.push((format!("{name}Of"), vec!["id".to_owned(), "at".to_owned()]));
    // Another model of the table, and a collection of both, whose keys may not have a hash key in common.
    if random.often() {
        let pk = random.one(&["'{name}#{id}'", "'OTHER#{id}'"]).replace("{name}", name);
        let divided_more =
            if divided.is_empty() { random.one(&["", "", "", "4"]) } else { random.one(&["4", "4", "3", ""]) };
        let pk = sharded(&pk, divided_more);
        // Only a whole index has the fields of the key that are stored beside it.
        let (index, of_index) = match projection == "all" && random.often() {
            true => (
                "\n    indexes: { gsi: { gsi_pk: 'OF#{label}', gsi_sk: '{seen}' } }",
                ", label: { type: string, stored: false }, seen: { type: date, stored: false, default: today }",
            ),
            false => ("", ""),
        };
        let hooks = random.one(&[
            "",
            "",
            "\n    before_write: crate::hooked::unchanged",
            "\n    before_write: crate::hooked::unchanged\n    after_read: crate::hooked::unchanged",
            "\n    validate_on_read: true\n    after_read: crate::hooked::unchanged",
        ]);
        writeln!(
            part.models,
            "  {name}More:\n    table: table{number}{}{index}{hooks}\n    key: {{ pk: {pk}, sk: 'MORE#{{number}}' }}\n    \
             fields: {{ id: {{ type: string{transform} }}, number: u8{of_index} }}",
            said("more")
        )
        .unwrap();
        part.keys.push((format!("{name}More"), vec!["id".to_owned(), "number".to_owned()]));
        if random.often() {
            let root = random.one(&["Of", "More"]);
            let other = if root == "Of" { "More" } else { "Of" };
            writeln!(
                part.collections,
                "  {name}Both: {{ table: table{number}, models: [{name}{root}, {name}{other}] }}"
            )
            .unwrap();
        }
    }
    part
}
