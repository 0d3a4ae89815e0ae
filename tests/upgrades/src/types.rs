//! Pairs with a field of another type.

use crate::pairs::{Pair, Random, Side};

/// Types, each with a value.
const TYPES: &[(&str, &str)] = &[
    ("string", r#"{"S": "a"}"#),
    ("bool", r#"{"BOOL": true}"#),
    ("bytes", r#"{"B": "AQ=="}"#),
    ("i8", r#"{"N": "5"}"#),
    ("i16", r#"{"N": "5"}"#),
    ("i32", r#"{"N": "5"}"#),
    ("i64", r#"{"N": "5"}"#),
    ("u8", r#"{"N": "5"}"#),
    ("u16", r#"{"N": "5"}"#),
    ("u32", r#"{"N": "5"}"#),
    ("u64", r#"{"N": "5"}"#),
    ("f32", r#"{"N": "1.5"}"#),
    ("f64", r#"{"N": "1.5"}"#),
    ("decimal", r#"{"N": "1.5"}"#),
    ("uuid", r#"{"S": "6ba7b810-9dad-11d1-80b4-00c04fd430c8"}"#),
    ("ipv4", r#"{"S": "1.2.3.4"}"#),
    ("ipv6", r#"{"S": "::1"}"#),
    ("ip", r#"{"S": "1.2.3.4"}"#),
    ("ipv4net", r#"{"S": "10.0.0.0/8"}"#),
    ("ipv6net", r#"{"S": "2001:db8::/32"}"#),
    ("ipnet", r#"{"S": "10.0.0.0/8"}"#),
    ("date", r#"{"S": "2024-01-31"}"#),
    ("time", r#"{"S": "12:30:00.000000"}"#),
    ("datetime", r#"{"S": "2024-01-31T12:00:00.000000Z"}"#),
    ("naive_datetime", r#"{"S": "2024-01-31T12:00:00.000000"}"#),
    ("json", r#"{"S": "a"}"#),
    ("Plan@", r#"{"S": "free"}"#),
    ("Level@", r#"{"N": "1"}"#),
    ("Color@", r#"{"S": "red"}"#),
    ("Number@", r#"{"N": "3"}"#),
    ("Point@", r#"{"M": {"x": {"N": "1"}, "name": {"S": "a"}}}"#),
    ("Choice@", r#"{"M": {"kind": {"S": "one"}, "x": {"N": "1"}}}"#),
];

const ENUMS: &str = "  Plan@: [free, paid]
  Level@: [{ name: low, value: 1 }, { name: high, value: 200 }]
  Color@: { other: true, variants: [red] }
  Number@: { other: true, variants: [{ name: three, value: 3 }] }
";
const STRUCTS: &str = "  Point@: { fields: { x: i32, name: string? } }
";
const UNIONS: &str = "  Choice@: { tag: kind, variants: { one: { fields: { x: i32 } }, none: {} } }
";

/// Forms of a type, and its value in each.
const FORMS: &[&str] = &["T", "T", "T", "T?", "list<T>", "map<string, T>", "set<T>", "list<T?>"];

/// A model with a field of two types.
pub fn pair(random: &mut Random, number: usize) -> Pair {
    let (old, old_value) = *random.one(TYPES);
    let (new, new_value) = *random.one(TYPES);
    let old_form = *random.one(FORMS);
    // Most pairs differ in the type or in the form alone.
    let (new, new_value, new_form) = match random.below(4) {
        0 => (old, old_value, *random.one(FORMS)),
        1 => (new, new_value, *random.one(FORMS)),
        _ => (new, new_value, old_form),
    };
    let side = |ty: &str, value: &str, form: &str| {
        let fill = |text: &str| text.replace('@', &number.to_string());
        let ty = form.replace('T', ty);
        Side {
            enums: fill(ENUMS),
            types: fill(STRUCTS),
            unions: fill(UNIONS),
            model: fill(&format!(
                "  M@:\n    table: t-@\n    hash_key: id\n    fields:\n      id: string\n      value: {{ type: \"{ty}\" }}\n"
            )),
            items: vec![format!("{{\"id\": {{\"S\": \"a\"}}, \"value\": {}}}", in_form(form, value))],
            ..Side::default()
        }
    };
    let name = format!("{} to {}", old_form.replace('T', old), new_form.replace('T', new));
    Pair { name, old: side(old, old_value, old_form), new: side(new, new_value, new_form) }
}

fn in_form(form: &str, value: &str) -> String {
    let inner = value.trim_start_matches('{').trim_end_matches('}');
    match form.split('<').next() {
        Some("list") => format!("{{\"L\": [{value}]}}"),
        Some("map") => format!("{{\"M\": {{\"k\": {value}}}}}"),
        // `"S": "a"` becomes `"SS": ["a"]`.
        Some("set") => match inner.split_once("\": ") {
            Some((kind, element)) => format!("{{{kind}S\": [{element}]}}"),
            None => value.to_owned(),
        },
        _ => value.to_owned(),
    }
}
