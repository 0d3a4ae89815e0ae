//! Random parts of schemas with contexts, and models of own and shared tables that have them. Every accepted part must
//! compile.

use super::Random;
use super::wide::Part;
use std::fmt::Write;

/// The names of contexts: those of types and traits that emitted code also uses.
pub(crate) const NAMES: &[&str] = &["Context", "ContextClient", "InContext", "TableItem"];
/// Names of fields that emitted code also uses. None is that of a method.
const FIELDS: &[&str] = &["tenant_id", "type", "self", "db", "client", "item", "of", "fields"];
/// Types of fields that clients give, and what they say.
const TYPES: &[&str] = &[
    "string",
    "uuid",
    "u32",
    "Status",
    "date",
    "{ type: string, min_length: 1, max_length: 20, doc: Whose it is. }",
    "{ type: u16, format: '05', attribute: the number }",
    "{ type: date, attribute: at }",
    "{ type: string, one_of: [a, b], sensitive: true }",
    "{ type: ulid, sensitive: true, serde: { name: whose } }",
];
/// Types of fields that clients cannot give.
const WRONG: &[&str] = &[
    "string?",
    "f64",
    "bool",
    "{ type: datetime, format: epoch_millis }",
    "{ type: string, default: x }",
    "{ type: string, transform: trim }",
    "{ type: datetime, role: created_at }",
];

/// A context, and models that have it.
pub(crate) fn contexts(random: &mut Random, number: usize) -> Part {
    let mut part = Part::default();
    let name = NAMES.get(number).copied().unwrap_or("Other");
    let is_wrong = random.below(8) == 0;
    part.wrong_if(is_wrong, "no client can give the field");
    let first = FIELDS.get(number).copied().unwrap_or("tenant_id");
    let mut fields = vec![(first, if is_wrong { random.one(WRONG) } else { random.one(TYPES) })];
    let second = random.one(FIELDS);
    if second != first && random.often() {
        let is_apart = |of: &&&str| !of.contains("attribute") && !of.contains("serde");
        let others: Vec<&str> = TYPES.iter().filter(is_apart).copied().collect();
        fields.push((second, random.one(&others)));
    }
    let quoted = |of: &str| if of.ends_with('?') { format!("\"{of}\"") } else { of.to_owned() };
    let listed: Vec<String> = fields.iter().map(|(name, ty)| format!("{name}: {}", quoted(ty))).collect();
    writeln!(part.contexts, "  {name}: {{ doc: Of `clients`., fields: {{ {} }} }}", listed.join(", ")).unwrap();
    let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let in_template: String = names.iter().map(|name| format!("#{{{name}}}")).collect();
    let lacks = random.below(8) == 0;
    part.wrong_if(lacks, "a key lacks a field of the context");
    let in_index = if lacks { "#{first}" } else { in_template.as_str() }.replace("{first}", "{label}");
    writeln!(
        part.tables,
        "  context{number}: {{ hash_key: {{ pk: string }}, range_key: {{ sk: string }}, discriminator: kind, \
         indexes: {{ gsi: {{ hash_key: {{ gsi_pk: string }}, range_key: {{ gsi_sk: string }} }} }} }}"
    )
    .unwrap();
    let unique = match random.below(4) {
        0 => format!("\n    unique: [{}, label]", names.join(", ")),
        1 if random.often() => {
            part.wrong_if(true, "the combination lacks the fields of the context");
            "\n    unique: [label, count]".to_owned()
        }
        _ => String::new(),
    };
    let inputs = random.one(&["", "\n    inputs: { create: NewMany, patch: ManyPatch }"]);
    let inputs = inputs.replace("Many", &format!("{name}Many"));
    let projections = format!("\n    projections: {{ {name}Card: [{}, label] }}", names.join(", "));
    let projections = if random.often() { projections } else { String::new() };
    let query =
        random.one(&["", "\n    queries: { since: { range: { ge: since } }, of_labels: { index: gsi, limit: 3 } }"]);
    let counter = random.one(&["", ", seen: { type: u64, role: counter }", ", last: { type: u32, sequence: {} }"]);
    writeln!(
        part.models,
        "  {name}Many:\n    table: context{number}\n    context: {name}\n    \
         key: {{ pk: 'OF{in_template}#MANY', sk: 'MANY#{{count}}' }}\n    \
         indexes: {{ gsi: {{ gsi_pk: 'OF{in_index}', gsi_sk: '{{label}}' }} }}{unique}{inputs}{projections}{query}\n    \
         fields: {{ count: u8, label: string, \"note\": \"string?\"{counter} }}"
    )
    .unwrap();
    let emitted = |name: &&str| match *name {
        "type" => "r#type".to_owned(),
        "self" => "self_".to_owned(),
        name => name.to_owned(),
    };
    let all = |own: &[&str]| names.iter().chain(own).map(emitted).collect::<Vec<_>>();
    part.keys.push((format!("{name}Many"), all(&["count"])));
    // Its key has no field beside those of the context.
    writeln!(
        part.models,
        "  {name}Single:\n    table: context{number}\n    context: {name}\n    \
         key: {{ pk: 'OF{in_template}#MANY', sk: SINGLE }}\n    fields: {{ theme: {{ type: string, default: dark }} }}"
    )
    .unwrap();
    part.keys.push((format!("{name}Single"), all(&[])));
    if random.often() {
        writeln!(part.collections, "  {name}All: {{ table: context{number}, models: [{name}Single, {name}Many] }}")
            .unwrap();
    }
    if let [only] = names.as_slice()
        && random.often()
    {
        let range = random.one(&["", "\n    range_key: id"]);
        writeln!(
            part.models,
            "  {name}Own:\n    table: context-own-{number}\n    context: {name}\n    hash_key: {only}{range}\n    \
             indexes: {{ by_label: {{ hash_key: [{only}, label], range_key: id }} }}\n    \
             fields: {{ id: string, label: string }}"
        )
        .unwrap();
        part.keys.push((format!("{name}Own"), all(if range.is_empty() { &[] } else { &["id"] })));
    }
    part
}
