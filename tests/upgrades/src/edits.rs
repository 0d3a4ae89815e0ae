//! The edits of one field, and of a whole model, each with values that models of both sides may have stored.

use crate::pairs::Side;

/// An edit of a field.
pub struct Edit {
    pub name: &'static str,
    pub old: Part,
    pub new: Part,
}

/// What a field is on one side. `$` is the field's name, and `@` a part of the names of definitions.
#[derive(Clone, Copy)]
pub struct Part {
    /// Its entry under `fields:`.
    pub field: &'static str,
    pub attribute: &'static str,
    /// Stored values, in DynamoDB's JSON.
    pub values: &'static [&'static str],
    pub enums: &'static str,
    pub types: &'static str,
    pub unions: &'static str,
    /// Settings of its model.
    pub settings: &'static str,
}

const NONE: Part = Part { field: "", attribute: "$", values: &[], enums: "", types: "", unions: "", settings: "" };

/// A whole model on one side. `@` is its number.
pub struct Whole {
    pub table: &'static str,
    pub model: &'static str,
    pub items: &'static [&'static str],
}

impl Whole {
    pub fn side(&self, number: usize) -> Side {
        let fill = |text: &str| text.replace('@', &number.to_string());
        Side {
            tables: if self.table.is_empty() { String::new() } else { format!("  {}\n", fill(self.table)) },
            model: fill(self.model),
            items: self.items.iter().map(|item| fill(item)).collect(),
            ..Side::default()
        }
    }
}

#[rustfmt::skip]
pub const EDITS: &[Edit] = &[
    Edit { name: "nothing", old: Part { field: "$: string", values: &[r#"{"S": "a"}"#], ..NONE }, new: Part { field: "$: string", values: &[r#"{"S": "a"}"#], ..NONE } },
    Edit { name: "a new optional field", old: NONE, new: Part { field: "$: string?", values: &[r#"{"S": "a"}"#], ..NONE } },
    Edit { name: "a new required field", old: NONE, new: Part { field: "$: string", values: &[r#"{"S": "a"}"#], ..NONE } },
    Edit { name: "a new field with a default", old: NONE, new: Part { field: "$: { type: u8, default: 3 }", values: &[r#"{"N": "5"}"#], ..NONE } },
    Edit { name: "a new field with a factory", old: NONE, new: Part { field: "$: { type: string, default: uuid_v4 }", values: &[r#"{"S": "a"}"#], ..NONE } },
    Edit { name: "a new list", old: NONE, new: Part { field: "$: list<string>", values: &[r#"{"L": [{"S": "a"}]}"#], ..NONE } },
    Edit { name: "a new set", old: NONE, new: Part { field: "$: set<string>", values: &[r#"{"SS": ["a"]}"#], ..NONE } },
    Edit { name: "a new set with elements", old: NONE, new: Part { field: "$: { type: set<string>, min_items: 1 }", values: &[r#"{"SS": ["a"]}"#], ..NONE } },
    Edit { name: "a new version", old: NONE, new: Part { field: "$: { type: u64, role: version }", values: &[r#"{"N": "5"}"#], ..NONE } },
    Edit { name: "a new time of creation", old: NONE, new: Part { field: "$: { type: datetime, role: created_at }", values: &[r#"{"S": "2024-01-31T12:00:00.000000Z"}"#], ..NONE } },
    Edit { name: "a required field less", old: Part { field: "$: string", values: &[r#"{"S": "a"}"#], ..NONE }, new: NONE },
    Edit { name: "an optional field less", old: Part { field: "$: string?", values: &[r#"{"S": "a"}"#], ..NONE }, new: NONE },
    Edit { name: "a field with a default less", old: Part { field: "$: { type: u8, default: 3 }", values: &[r#"{"N": "5"}"#], ..NONE }, new: NONE },
    Edit { name: "a set less", old: Part { field: "$: set<string>", values: &[r#"{"SS": ["a"]}"#], ..NONE }, new: NONE },
    Edit { name: "a list less", old: Part { field: "$: list<string>", values: &[r#"{"L": [{"S": "a"}]}"#], ..NONE }, new: NONE },
    Edit { name: "a name of Rust", old: Part { field: "$: string", values: &[r#"{"S": "a"}"#], ..NONE }, new: Part { field: "$_new: { type: string, attribute: $ }", values: &[r#"{"S": "a"}"#], ..NONE } },
    Edit { name: "an attribute of a required field", old: Part { field: "$: string", values: &[r#"{"S": "a"}"#], ..NONE }, new: Part { field: "$: { type: string, attribute: $_new }", attribute: "$_new", values: &[r#"{"S": "a"}"#], ..NONE } },
    Edit { name: "an attribute of an optional field", old: Part { field: "$: string?", values: &[r#"{"S": "a"}"#], ..NONE }, new: Part { field: "$: { type: \"string?\", attribute: $_new }", attribute: "$_new", values: &[r#"{"S": "a"}"#], ..NONE } },
    Edit { name: "an attribute of a field with a default", old: Part { field: "$: { type: u8, default: 3 }", values: &[r#"{"N": "5"}"#], ..NONE }, new: Part { field: "$: { type: u8, default: 3, attribute: $_new }", attribute: "$_new", values: &[r#"{"N": "5"}"#], ..NONE } },
    Edit { name: "a new computed text", old: NONE, new: Part { field: "$: { type: string, computed: '{id}!' }", values: &[r#"{"S": "a!"}"#], ..NONE } },
    Edit { name: "a computed text less", old: Part { field: "$: { type: string, computed: '{id}!' }", values: &[r#"{"S": "a!"}"#], ..NONE }, new: NONE },
    Edit { name: "another computed text", old: Part { field: "$: { type: string, computed: '{id}!' }", values: &[r#"{"S": "a!"}"#], ..NONE }, new: Part { field: "$: { type: string, computed: '{id:upper}' }", values: &[r#"{"S": "A"}"#], ..NONE } },
    Edit { name: "a field that is computed", old: Part { field: "$: string", values: &[r#"{"S": "b"}"#], ..NONE }, new: Part { field: "$: { type: string, computed: '{id}!' }", values: &[r#"{"S": "a!"}"#], ..NONE } },
    Edit { name: "a field that is no longer computed", old: Part { field: "$: { type: string, computed: '{id}!' }", values: &[r#"{"S": "a!"}"#], ..NONE }, new: Part { field: "$: string", values: &[r#"{"S": "b"}"#], ..NONE } },
    Edit { name: "optional to required", old: Part { field: "$: string?", values: &[r#"{"S": "a"}"#], ..NONE }, new: Part { field: "$: string", values: &[r#"{"S": "a"}"#], ..NONE } },
    Edit { name: "optional to a default", old: Part { field: "$: u8?", values: &[r#"{"N": "5"}"#], ..NONE }, new: Part { field: "$: { type: u8, default: 3 }", values: &[r#"{"N": "5"}"#], ..NONE } },
    Edit { name: "required to optional", old: Part { field: "$: string", values: &[r#"{"S": "a"}"#], ..NONE }, new: Part { field: "$: string?", values: &[r#"{"S": "a"}"#], ..NONE } },
    Edit { name: "required to a default", old: Part { field: "$: u8", values: &[r#"{"N": "5"}"#], ..NONE }, new: Part { field: "$: { type: u8, default: 3 }", values: &[r#"{"N": "5"}"#], ..NONE } },
    Edit { name: "a default to required", old: Part { field: "$: { type: u8, default: 3 }", values: &[r#"{"N": "5"}"#], ..NONE }, new: Part { field: "$: u8", values: &[r#"{"N": "5"}"#], ..NONE } },
    Edit { name: "a default to optional", old: Part { field: "$: { type: u8, default: 3 }", values: &[r#"{"N": "5"}"#], ..NONE }, new: Part { field: "$: u8?", values: &[r#"{"N": "5"}"#], ..NONE } },
    Edit { name: "another default", old: Part { field: "$: { type: u8, default: 3 }", values: &[r#"{"N": "5"}"#], ..NONE }, new: Part { field: "$: { type: u8, default: 4 }", values: &[r#"{"N": "5"}"#], ..NONE } },
    Edit { name: "a set to one with elements", old: Part { field: "$: set<string>", values: &[r#"{"SS": ["a"]}"#], ..NONE }, new: Part { field: "$: { type: set<string>, min_items: 1 }", values: &[r#"{"SS": ["a"]}"#], ..NONE } },
    Edit { name: "a set with elements to any", old: Part { field: "$: { type: set<string>, min_items: 1 }", values: &[r#"{"SS": ["a"]}"#], ..NONE }, new: Part { field: "$: set<string>", values: &[r#"{"SS": ["a"]}"#], ..NONE } },
    Edit { name: "a list to one with elements", old: Part { field: "$: list<string>", values: &[r#"{"L": [{"S": "a"}]}"#], ..NONE }, new: Part { field: "$: { type: list<string>, min_items: 1 }", values: &[r#"{"L": [{"S": "a"}]}"#], ..NONE } },
    Edit { name: "an optional set to a set", old: Part { field: "$: set<string>?", values: &[r#"{"SS": ["a"]}"#], ..NONE }, new: Part { field: "$: set<string>", values: &[r#"{"SS": ["a"]}"#], ..NONE } },
    Edit { name: "a time as seconds", old: Part { field: "$: datetime", values: &[r#"{"S": "2024-01-31T12:00:00.000000Z"}"#], ..NONE }, new: Part { field: "$: { type: datetime, format: epoch_seconds }", values: &[r#"{"N": "1700000000"}"#], ..NONE } },
    Edit { name: "seconds to milliseconds", old: Part { field: "$: { type: datetime, format: epoch_seconds }", values: &[r#"{"N": "1700000000"}"#], ..NONE }, new: Part { field: "$: { type: datetime, format: epoch_millis }", values: &[r#"{"N": "1700000000"}"#], ..NONE } },
    Edit { name: "a time in Pydantic's form", old: Part { field: "$: datetime", values: &[r#"{"S": "2024-01-31T12:00:00.000000Z"}"#], ..NONE }, new: Part { field: "$: { type: datetime, format: pydantic }", values: &[r#"{"S": "2024-01-31T12:00:00.000000Z"}"#], ..NONE } },
    Edit { name: "a time with nanoseconds", old: Part { field: "$: datetime", values: &[r#"{"S": "2024-01-31T12:00:00.000000Z"}"#], ..NONE }, new: Part { field: "$: { type: datetime, precision: nanos }", values: &[r#"{"S": "2024-01-31T12:00:00.000000Z"}"#], ..NONE } },
    Edit { name: "a time without nanoseconds", old: Part { field: "$: { type: datetime, precision: nanos }", values: &[r#"{"S": "2024-01-31T12:00:00.000000Z"}"#], ..NONE }, new: Part { field: "$: datetime", values: &[r#"{"S": "2024-01-31T12:00:00.000000Z"}"#], ..NONE } },
    Edit { name: "a time with nanoseconds, checked on read", old: Part { field: "$: datetime", values: &[r#"{"S": "2024-01-31T12:00:00.000000Z"}"#], settings: "    validate_on_read: true\n", ..NONE }, new: Part { field: "$: { type: datetime, precision: nanos }", values: &[r#"{"S": "2024-01-31T12:00:00.000000Z"}"#], settings: "    validate_on_read: true\n", ..NONE } },
    Edit { name: "a time without nanoseconds, checked on read", old: Part { field: "$: { type: datetime, precision: nanos }", values: &[r#"{"S": "2024-01-31T12:00:00.000000Z"}"#], settings: "    validate_on_read: true\n", ..NONE }, new: Part { field: "$: datetime", values: &[r#"{"S": "2024-01-31T12:00:00.000000Z"}"#], settings: "    validate_on_read: true\n", ..NONE } },
    Edit { name: "seconds as a text", old: Part { field: "$: { type: datetime, format: epoch_seconds }", values: &[r#"{"N": "1700000000"}"#], ..NONE }, new: Part { field: "$: datetime", values: &[r#"{"S": "2024-01-31T12:00:00.000000Z"}"#], ..NONE } },
    Edit { name: "a time that is cut", old: Part { field: "$: datetime", values: &[r#"{"S": "2024-01-31T12:00:00.000000Z"}"#], ..NONE }, new: Part { field: "$: { type: datetime, precision: seconds }", values: &[r#"{"S": "2024-01-31T12:00:00.000000Z"}"#], ..NONE } },
    Edit { name: "empty values are absent", old: Part { field: "$: string?", values: &[r#"{"S": "a"}"#, r#"{"S": ""}"#], ..NONE }, new: Part { field: "$: { type: \"string?\", empty: absent }", values: &[r#"{"S": "a"}"#, r#"{"S": ""}"#], ..NONE } },
    Edit { name: "empty values are values", old: Part { field: "$: { type: \"bytes?\", empty: absent }", values: &[r#"{"B": "AQ=="}"#, r#"{"B": ""}"#], ..NONE }, new: Part { field: "$: bytes?", values: &[r#"{"B": "AQ=="}"#, r#"{"B": ""}"#], ..NONE } },
    Edit { name: "empty values are absent, checked on read", old: Part { field: "$: string?", values: &[r#"{"S": "a"}"#, r#"{"S": ""}"#], settings: "    validate_on_read: true\n", ..NONE }, new: Part { field: "$: { type: \"string?\", empty: absent }", values: &[r#"{"S": "a"}"#, r#"{"S": ""}"#], settings: "    validate_on_read: true\n", ..NONE } },
    Edit { name: "a number as text", old: Part { field: "$: u8", values: &[r#"{"N": "5"}"#], ..NONE }, new: Part { field: "$: { type: u8, format: text }", values: &[r#"{"S": "5"}"#], ..NONE } },
    Edit { name: "a number of digits", old: Part { field: "$: { type: u8, format: text }", values: &[r#"{"S": "5"}"#], ..NONE }, new: Part { field: "$: { type: u8, format: '03' }", values: &[r#"{"S": "005"}"#], ..NONE } },
    Edit { name: "a number of digits as one", old: Part { field: "$: { type: u8, format: '03' }", values: &[r#"{"S": "005"}"#], ..NONE }, new: Part { field: "$: u8", values: &[r#"{"N": "5"}"#], ..NONE } },
    Edit { name: "a wider number as text", old: Part { field: "$: { type: u8, format: text }", values: &[r#"{"S": "5"}"#], ..NONE }, new: Part { field: "$: { type: u16, format: text }", values: &[r#"{"S": "5"}"#, r#"{"S": "300"}"#], ..NONE } },
    Edit { name: "a number as text to text", old: Part { field: "$: { type: u8, format: text }", values: &[r#"{"S": "5"}"#], ..NONE }, new: Part { field: "$: string", values: &[r#"{"S": "a"}"#], ..NONE } },
    Edit { name: "a fraction as text", old: Part { field: "$: f64", values: &[r#"{"N": "0.5"}"#], ..NONE }, new: Part { field: "$: { type: f64, format: text }", values: &[r#"{"S": "0.5"}"#], ..NONE } },
    Edit { name: "a boolean as a number", old: Part { field: "$: bool", values: &[r#"{"BOOL": true}"#], ..NONE }, new: Part { field: "$: { type: bool, format: number }", values: &[r#"{"N": "1"}"#], ..NONE } },
    Edit { name: "a boolean as text", old: Part { field: "$: { type: bool, format: number }", values: &[r#"{"N": "1"}"#], ..NONE }, new: Part { field: "$: { type: bool, format: text }", values: &[r#"{"S": "true"}"#], ..NONE } },
    Edit { name: "a boolean that is a number", old: Part { field: "$: { type: bool, format: number }", values: &[r#"{"N": "1"}"#], ..NONE }, new: Part { field: "$: u8", values: &[r#"{"N": "1"}"#], ..NONE } },
    Edit { name: "a time by a pattern", old: Part { field: "$: datetime", values: &[r#"{"S": "2024-01-31T12:00:00.000000Z"}"#], ..NONE }, new: Part { field: "$: { type: datetime, format: '%Y-%m-%dT%H:%M:%S.%3fZ', precision: millis }", values: &[r#"{"S": "2024-01-31T12:00:00.000Z"}"#], ..NONE } },
    Edit { name: "a time by a pattern of another order", old: Part { field: "$: datetime", values: &[r#"{"S": "2024-01-31T12:00:00.000000Z"}"#], ..NONE }, new: Part { field: "$: { type: datetime, format: '%d.%m.%Y %H:%M:%S', precision: seconds }", values: &[r#"{"S": "31.01.2024 12:00:00"}"#], ..NONE } },
    Edit { name: "a time by a pattern that looks like another", old: Part { field: "$: datetime", values: &[r#"{"S": "2024-01-02T12:00:00.000000Z"}"#], ..NONE }, new: Part { field: "$: { type: datetime, format: '%Y-%d-%mT%H:%M:%S.%6fZ' }", values: &[r#"{"S": "2024-02-01T12:00:00.000000Z"}"#], ..NONE } },
    Edit { name: "a time by another pattern", old: Part { field: "$: { type: datetime, format: '%Y-%m-%dT%H:%M:%S.%6f+0000' }", values: &[r#"{"S": "2024-01-31T12:00:00.000000+0000"}"#], ..NONE }, new: Part { field: "$: { type: datetime, format: '%Y%m%d%H%M%S', precision: seconds }", values: &[r#"{"S": "20240131120000"}"#], ..NONE } },
    Edit { name: "seconds as a pattern", old: Part { field: "$: { type: datetime, format: epoch_seconds }", values: &[r#"{"N": "1700000000"}"#], ..NONE }, new: Part { field: "$: { type: datetime, format: '%Y-%m-%dT%H:%M:%SZ', precision: seconds }", values: &[r#"{"S": "2024-01-31T12:00:00Z"}"#], ..NONE } },
    Edit { name: "a date by a pattern", old: Part { field: "$: date", values: &[r#"{"S": "2024-01-31"}"#], ..NONE }, new: Part { field: "$: { type: date, format: '%d/%m/%Y' }", values: &[r#"{"S": "31/01/2024"}"#], ..NONE } },
    Edit { name: "a set as a list", old: Part { field: "$: set<string>", values: &[r#"{"SS": ["a"]}"#], ..NONE }, new: Part { field: "$: { type: set<string>, format: list }", values: &[r#"{"L": [{"S": "a"}]}"#], ..NONE } },
    Edit { name: "a set as a list to a list", old: Part { field: "$: { type: set<string>, format: list }", values: &[r#"{"L": [{"S": "a"}]}"#], ..NONE }, new: Part { field: "$: list<string>", values: &[r#"{"L": [{"S": "a"}, {"S": "a"}]}"#], ..NONE } },
    Edit { name: "json as text", old: Part { field: "$: json", values: &[r#"{"M": {"a": {"N": "1"}}}"#, r#"{"S": "a"}"#], ..NONE }, new: Part { field: "$: { type: json, format: text }", values: &[r#"{"S": "{\"a\":1}"}"#, r#"{"S": "\"a\""}"#], ..NONE } },
    Edit { name: "texts in any case", old: Part { field: "$: E@", values: &[r#"{"S": "free"}"#], enums: "E@: [free, paid]", ..NONE }, new: Part { field: "$: E@", values: &[r#"{"S": "free"}"#], enums: "E@: { ignore_case: true, variants: [free, paid] }", ..NONE } },
    Edit { name: "texts in one case", old: Part { field: "$: E@", values: &[r#"{"S": "free"}"#, r#"{"S": "FREE"}"#], enums: "E@: { ignore_case: true, variants: [free, paid] }", ..NONE }, new: Part { field: "$: E@", values: &[r#"{"S": "free"}"#], enums: "E@: [free, paid]", ..NONE } },
    Edit { name: "a transform", old: Part { field: "$: string", values: &[r#"{"S": "a"}"#], ..NONE }, new: Part { field: "$: { type: string, transform: lowercase }", values: &[r#"{"S": "a"}"#], ..NONE } },
    Edit { name: "a compressed text", old: Part { field: "$: string", values: &[r#"{"S": "a"}"#], ..NONE }, new: Part { field: "$: { type: string, compress: zstd }", values: &[r#"{"S": "a"}"#], ..NONE } },
    Edit { name: "a text that is no longer compressed", old: Part { field: "$: { type: string, compress: zstd }", values: &[r#"{"S": "a"}"#], ..NONE }, new: Part { field: "$: string", values: &[r#"{"S": "a"}"#], ..NONE } },
    Edit { name: "a compressed list with another constraint", old: Part { field: "$: { type: list<string>, compress: zstd }", values: &[r#"{"L": [{"S": "a"}]}"#], ..NONE }, new: Part { field: "$: { type: list<string>, compress: zstd, max_items: 9 }", values: &[r#"{"L": [{"S": "a"}]}"#], ..NONE } },
    Edit { name: "compressed bytes", old: Part { field: "$: bytes", values: &[r#"{"B": "YWJj"}"#], ..NONE }, new: Part { field: "$: { type: bytes, compress: zstd }", values: &[r#"{"B": "YWJj"}"#], ..NONE } },
    Edit { name: "debug texts", old: Part { field: "$: string", values: &[r#"{"S": "a"}"#], ..NONE }, new: Part { field: "$: { type: string, sensitive: true }", values: &[r#"{"S": "a"}"#], ..NONE } },
    Edit { name: "a name in JSON", old: Part { field: "$: string", values: &[r#"{"S": "a"}"#], ..NONE }, new: Part { field: "$: { type: string, serde: { name: $json } }", values: &[r#"{"S": "a"}"#], ..NONE } },
    Edit { name: "max_length less, checked on read", old: Part { field: "$: { type: string, max_length: 5 }", values: &[r#"{"S": "a"}"#], settings: "    validate_on_read: true\n", ..NONE }, new: Part { field: "$: { type: string, max_length: 3 }", values: &[r#"{"S": "a"}"#], settings: "    validate_on_read: true\n", ..NONE } },
    Edit { name: "max_length less, not checked", old: Part { field: "$: { type: string, max_length: 5 }", values: &[r#"{"S": "a"}"#], ..NONE }, new: Part { field: "$: { type: string, max_length: 3 }", values: &[r#"{"S": "a"}"#], ..NONE } },
    Edit { name: "max_length more, checked on read", old: Part { field: "$: { type: string, max_length: 3 }", values: &[r#"{"S": "a"}"#], settings: "    validate_on_read: true\n", ..NONE }, new: Part { field: "$: { type: string, max_length: 5 }", values: &[r#"{"S": "a"}"#], settings: "    validate_on_read: true\n", ..NONE } },
    Edit { name: "max_length more, not checked", old: Part { field: "$: { type: string, max_length: 3 }", values: &[r#"{"S": "a"}"#], ..NONE }, new: Part { field: "$: { type: string, max_length: 5 }", values: &[r#"{"S": "a"}"#], ..NONE } },
    Edit { name: "a new maximum, checked on read", old: Part { field: "$: u8", values: &[r#"{"N": "5"}"#], settings: "    validate_on_read: true\n", ..NONE }, new: Part { field: "$: { type: u8, maximum: 100 }", values: &[r#"{"N": "5"}"#], settings: "    validate_on_read: true\n", ..NONE } },
    Edit { name: "a new maximum, not checked", old: Part { field: "$: u8", values: &[r#"{"N": "5"}"#], ..NONE }, new: Part { field: "$: { type: u8, maximum: 100 }", values: &[r#"{"N": "5"}"#], ..NONE } },
    Edit { name: "a maximum less, checked on read", old: Part { field: "$: { type: u8, maximum: 100 }", values: &[r#"{"N": "5"}"#], settings: "    validate_on_read: true\n", ..NONE }, new: Part { field: "$: u8", values: &[r#"{"N": "5"}"#], settings: "    validate_on_read: true\n", ..NONE } },
    Edit { name: "a maximum less, not checked", old: Part { field: "$: { type: u8, maximum: 100 }", values: &[r#"{"N": "5"}"#], ..NONE }, new: Part { field: "$: u8", values: &[r#"{"N": "5"}"#], ..NONE } },
    Edit { name: "another multiple, checked on read", old: Part { field: "$: { type: u8, multiple_of: 20 }", values: &[r#"{"N": "100"}"#], settings: "    validate_on_read: true\n", ..NONE }, new: Part { field: "$: { type: u8, multiple_of: 25 }", values: &[r#"{"N": "100"}"#], settings: "    validate_on_read: true\n", ..NONE } },
    Edit { name: "another multiple, not checked", old: Part { field: "$: { type: u8, multiple_of: 20 }", values: &[r#"{"N": "100"}"#], ..NONE }, new: Part { field: "$: { type: u8, multiple_of: 25 }", values: &[r#"{"N": "100"}"#], ..NONE } },
    Edit { name: "one of more, checked on read", old: Part { field: "$: { type: string, one_of: [a, free] }", values: &[r#"{"S": "a"}"#], settings: "    validate_on_read: true\n", ..NONE }, new: Part { field: "$: { type: string, one_of: [a, free, paid] }", values: &[r#"{"S": "a"}"#], settings: "    validate_on_read: true\n", ..NONE } },
    Edit { name: "one of more, not checked", old: Part { field: "$: { type: string, one_of: [a, free] }", values: &[r#"{"S": "a"}"#], ..NONE }, new: Part { field: "$: { type: string, one_of: [a, free, paid] }", values: &[r#"{"S": "a"}"#], ..NONE } },
    Edit { name: "items less, checked on read", old: Part { field: "$: { type: \"list<u8>\", items: { maximum: 200 } }", values: &[r#"{"L": [{"N": "5"}]}"#], settings: "    validate_on_read: true\n", ..NONE }, new: Part { field: "$: { type: \"list<u8>\", items: { maximum: 100 } }", values: &[r#"{"L": [{"N": "5"}]}"#], settings: "    validate_on_read: true\n", ..NONE } },
    Edit { name: "items less, not checked", old: Part { field: "$: { type: \"list<u8>\", items: { maximum: 200 } }", values: &[r#"{"L": [{"N": "5"}]}"#], ..NONE }, new: Part { field: "$: { type: \"list<u8>\", items: { maximum: 100 } }", values: &[r#"{"L": [{"N": "5"}]}"#], ..NONE } },
    Edit { name: "checks on read", old: Part { field: "$: { type: u8, maximum: 100 }", values: &[r#"{"N": "5"}"#], ..NONE }, new: Part { field: "$: { type: u8, maximum: 100 }", values: &[r#"{"N": "5"}"#], settings: "    validate_on_read: true\n", ..NONE } },
    Edit { name: "a new variant", old: Part { field: "$: E@", values: &[r#"{"S": "free"}"#], enums: "E@: [free, paid]", ..NONE }, new: Part { field: "$: E@", values: &[r#"{"S": "free"}"#], enums: "E@: [free, paid, trial]", ..NONE } },
    Edit { name: "a variant less", old: Part { field: "$: E@", values: &[r#"{"S": "free"}"#], enums: "E@: [free, paid, trial]", ..NONE }, new: Part { field: "$: E@", values: &[r#"{"S": "free"}"#], enums: "E@: [free, paid]", ..NONE } },
    Edit { name: "a variant of another name", old: Part { field: "$: E@", values: &[r#"{"S": "free"}"#], enums: "E@: [free, paid]", ..NONE }, new: Part { field: "$: E@", values: &[r#"{"S": "free"}"#], enums: "E@: [free, { name: premium, value: paid }]", ..NONE } },
    Edit { name: "a variant of another value", old: Part { field: "$: E@", values: &[r#"{"S": "free"}"#], enums: "E@: [free, paid]", ..NONE }, new: Part { field: "$: E@", values: &[r#"{"S": "free"}"#], enums: "E@: [free, { name: paid, value: PAID }]", ..NONE } },
    Edit { name: "other values", old: Part { field: "$: E@", values: &[r#"{"S": "free"}"#], enums: "E@: [free, paid]", ..NONE }, new: Part { field: "$: E@", values: &[r#"{"S": "free"}"#], enums: "E@: { other: true, variants: [free, paid] }", ..NONE } },
    Edit { name: "no other values", old: Part { field: "$: E@", values: &[r#"{"S": "free"}"#], enums: "E@: { other: true, variants: [free, paid] }", ..NONE }, new: Part { field: "$: E@", values: &[r#"{"S": "free"}"#], enums: "E@: [free, paid]", ..NONE } },
    Edit { name: "a new variant beside other values", old: Part { field: "$: E@", values: &[r#"{"S": "free"}"#], enums: "E@: { other: true, variants: [free, paid] }", ..NONE }, new: Part { field: "$: E@", values: &[r#"{"S": "free"}"#], enums: "E@: { other: true, variants: [free, paid, trial] }", ..NONE } },
    Edit { name: "a variant less beside other values", old: Part { field: "$: E@", values: &[r#"{"S": "free"}"#], enums: "E@: { other: true, variants: [free, paid] }", ..NONE }, new: Part { field: "$: E@", values: &[r#"{"S": "free"}"#], enums: "E@: { other: true, variants: [free] }", ..NONE } },
    Edit { name: "an enum of numbers", old: Part { field: "$: E@", values: &[r#"{"S": "free"}"#], enums: "E@: [free, paid]", ..NONE }, new: Part { field: "$: E@", values: &[r#"{"N": "1"}"#], enums: "E@: [{ name: free, value: 1 }, { name: paid, value: 2 }]", ..NONE } },
    Edit { name: "an enum of another name", old: Part { field: "$: E@", values: &[r#"{"S": "free"}"#], enums: "E@: [free, paid]", ..NONE }, new: Part { field: "$: F@", values: &[r#"{"S": "free"}"#], enums: "F@: [free, paid]", ..NONE } },
    Edit { name: "a new optional field inside", old: Part { field: "$: T@", values: &[r#"{"M": {"x": {"N": "1"}, "name": {"S": "a"}}}"#], types: "T@: { fields: { x: u8 } }", ..NONE }, new: Part { field: "$: T@", values: &[r#"{"M": {"x": {"N": "1"}, "name": {"S": "a"}}}"#], types: "T@: { fields: { x: u8, name: string? } }", ..NONE } },
    Edit { name: "a new required field inside", old: Part { field: "$: T@", values: &[r#"{"M": {"x": {"N": "1"}, "name": {"S": "a"}}}"#], types: "T@: { fields: { x: u8 } }", ..NONE }, new: Part { field: "$: T@", values: &[r#"{"M": {"x": {"N": "1"}, "name": {"S": "a"}}}"#], types: "T@: { fields: { x: u8, name: string } }", ..NONE } },
    Edit { name: "a field less inside", old: Part { field: "$: T@", values: &[r#"{"M": {"x": {"N": "1"}, "name": {"S": "a"}}}"#], types: "T@: { fields: { x: u8, name: string } }", ..NONE }, new: Part { field: "$: T@", values: &[r#"{"M": {"x": {"N": "1"}, "name": {"S": "a"}}}"#], types: "T@: { fields: { x: u8 } }", ..NONE } },
    Edit { name: "a wider field inside", old: Part { field: "$: T@", values: &[r#"{"M": {"x": {"N": "1"}, "name": {"S": "a"}}}"#], types: "T@: { fields: { x: u8 } }", ..NONE }, new: Part { field: "$: T@", values: &[r#"{"M": {"x": {"N": "1"}, "name": {"S": "a"}}}"#], types: "T@: { fields: { x: u16 } }", ..NONE } },
    Edit { name: "a narrower field inside", old: Part { field: "$: T@", values: &[r#"{"M": {"x": {"N": "1"}, "name": {"S": "a"}}}"#], types: "T@: { fields: { x: u16 } }", ..NONE }, new: Part { field: "$: T@", values: &[r#"{"M": {"x": {"N": "1"}, "name": {"S": "a"}}}"#], types: "T@: { fields: { x: u8 } }", ..NONE } },
    Edit { name: "a field inside is optional", old: Part { field: "$: T@", values: &[r#"{"M": {"x": {"N": "1"}, "name": {"S": "a"}}}"#], types: "T@: { fields: { x: u8, name: string } }", ..NONE }, new: Part { field: "$: T@", values: &[r#"{"M": {"x": {"N": "1"}, "name": {"S": "a"}}}"#], types: "T@: { fields: { x: u8, name: string? } }", ..NONE } },
    Edit { name: "a field inside is required, in a list", old: Part { field: "$: list<T@>", values: &[r#"{"L": [{"M": {"x": {"N": "1"}, "name": {"S": "a"}}}]}"#], types: "T@: { fields: { x: u8, name: string? } }", ..NONE }, new: Part { field: "$: list<T@>", values: &[r#"{"L": [{"M": {"x": {"N": "1"}, "name": {"S": "a"}}}]}"#], types: "T@: { fields: { x: u8, name: string } }", ..NONE } },
    Edit { name: "constraints inside, checked on read", old: Part { field: "$: T@", values: &[r#"{"M": {"x": {"N": "1"}, "name": {"S": "a"}}}"#], types: "T@: { fields: { x: u8, name: string } }", settings: "    validate_on_read: true\n", ..NONE }, new: Part { field: "$: T@", values: &[r#"{"M": {"x": {"N": "1"}, "name": {"S": "a"}}}"#], types: "T@: { fields: { x: { type: u8, maximum: 100 }, name: string } }", settings: "    validate_on_read: true\n", ..NONE } },
    Edit { name: "a struct of another name", old: Part { field: "$: T@", values: &[r#"{"M": {"x": {"N": "1"}, "name": {"S": "a"}}}"#], types: "T@: { fields: { x: u8 } }", ..NONE }, new: Part { field: "$: U@", values: &[r#"{"M": {"x": {"N": "1"}, "name": {"S": "a"}}}"#], types: "U@: { fields: { x: u8 } }", ..NONE } },
    Edit { name: "a struct of another name that is narrower", old: Part { field: "$: T@", values: &[r#"{"M": {"x": {"N": "1"}, "name": {"S": "a"}}}"#], types: "T@: { fields: { x: u16 } }", ..NONE }, new: Part { field: "$: U@", values: &[r#"{"M": {"x": {"N": "1"}, "name": {"S": "a"}}}"#], types: "U@: { fields: { x: u8 } }", ..NONE } },
    Edit { name: "a struct to JSON", old: Part { field: "$: T@", values: &[r#"{"M": {"x": {"N": "1"}, "name": {"S": "a"}}}"#], types: "T@: { fields: { x: u8, name: string } }", ..NONE }, new: Part { field: "$: json", values: &[r#"{"M": {"x": {"N": "1"}, "name": {"S": "a"}}}"#], ..NONE } },
    Edit { name: "a struct with bytes to JSON", old: Part { field: "$: T@", values: &[r#"{"M": {"x": {"B": "AQ=="}}}"#], types: "T@: { fields: { x: bytes } }", ..NONE }, new: Part { field: "$: json", values: &[r#"{"M": {"x": {"N": "1"}, "name": {"S": "a"}}}"#], ..NONE } },
    Edit { name: "a new variant of a union", old: Part { field: "$: C@", values: &[r#"{"M": {"kind": {"S": "card"}, "number": {"S": "a"}}}"#], unions: "C@: { tag: kind, variants: { card: { fields: { number: string } } } }", ..NONE }, new: Part { field: "$: C@", values: &[r#"{"M": {"kind": {"S": "card"}, "number": {"S": "a"}}}"#, r#"{"M": {"kind": {"S": "cash"}}}"#], unions: "C@: { tag: kind, variants: { card: { fields: { number: string } }, cash: {} } }", ..NONE } },
    Edit { name: "a variant of a union less", old: Part { field: "$: C@", values: &[r#"{"M": {"kind": {"S": "card"}, "number": {"S": "a"}}}"#, r#"{"M": {"kind": {"S": "cash"}}}"#], unions: "C@: { tag: kind, variants: { card: { fields: { number: string } }, cash: {} } }", ..NONE }, new: Part { field: "$: C@", values: &[r#"{"M": {"kind": {"S": "card"}, "number": {"S": "a"}}}"#], unions: "C@: { tag: kind, variants: { card: { fields: { number: string } } } }", ..NONE } },
    Edit { name: "another tag", old: Part { field: "$: C@", values: &[r#"{"M": {"kind": {"S": "card"}, "number": {"S": "a"}}}"#], unions: "C@: { tag: kind, variants: { card: { fields: { number: string } } } }", ..NONE }, new: Part { field: "$: C@", values: &[r#"{"M": {"sort": {"S": "card"}, "number": {"S": "a"}}}"#], unions: "C@: { tag: sort, variants: { card: { fields: { number: string } } } }", ..NONE } },
    Edit { name: "another value of a tag", old: Part { field: "$: C@", values: &[r#"{"M": {"kind": {"S": "card"}, "number": {"S": "a"}}}"#], unions: "C@: { tag: kind, variants: { card: { fields: { number: string } } } }", ..NONE }, new: Part { field: "$: C@", values: &[r#"{"M": {"kind": {"S": "bank"}, "number": {"S": "a"}}}"#], unions: "C@: { tag: kind, variants: { card: { value: bank, fields: { number: string } } } }", ..NONE } },
    Edit { name: "a variant of a union of another name", old: Part { field: "$: C@", values: &[r#"{"M": {"kind": {"S": "card"}, "number": {"S": "a"}}}"#], unions: "C@: { tag: kind, variants: { card: { fields: { number: string } } } }", ..NONE }, new: Part { field: "$: C@", values: &[r#"{"M": {"kind": {"S": "card"}, "number": {"S": "a"}}}"#], unions: "C@: { tag: kind, variants: { account: { value: card, fields: { number: string } } } }", ..NONE } },
    Edit { name: "a new required field of a variant", old: Part { field: "$: C@", values: &[r#"{"M": {"kind": {"S": "card"}, "number": {"S": "a"}}}"#, r#"{"M": {"kind": {"S": "cash"}}}"#], unions: "C@: { tag: kind, variants: { cash: {}, card: { fields: { number: string } } } }", ..NONE }, new: Part { field: "$: C@", values: &[r#"{"M": {"kind": {"S": "card"}, "number": {"S": "a"}, "holder": {"S": "a"}}}"#, r#"{"M": {"kind": {"S": "cash"}}}"#], unions: "C@: { tag: kind, variants: { cash: {}, card: { fields: { number: string, holder: string } } } }", ..NONE } },
    Edit { name: "required fields of a variant without", old: Part { field: "$: C@", values: &[r#"{"M": {"kind": {"S": "card"}, "number": {"S": "a"}}}"#, r#"{"M": {"kind": {"S": "cash"}}}"#], unions: "C@: { tag: kind, variants: { cash: {}, card: { fields: { number: string } } } }", ..NONE }, new: Part { field: "$: C@", values: &[r#"{"M": {"kind": {"S": "cash"}, "number": {"S": "a"}}}"#, r#"{"M": {"kind": {"S": "card"}, "number": {"S": "a"}}}"#], unions: "C@: { tag: kind, variants: { cash: { fields: { number: string } }, card: { fields: { number: string } } } }", ..NONE } },
    Edit { name: "optional fields of a variant without", old: Part { field: "$: C@", values: &[r#"{"M": {"kind": {"S": "card"}, "number": {"S": "a"}}}"#, r#"{"M": {"kind": {"S": "cash"}}}"#], unions: "C@: { tag: kind, variants: { cash: {}, card: { fields: { number: string } } } }", ..NONE }, new: Part { field: "$: C@", values: &[r#"{"M": {"kind": {"S": "cash"}, "number": {"S": "a"}}}"#, r#"{"M": {"kind": {"S": "card"}, "number": {"S": "a"}}}"#], unions: "C@: { tag: kind, variants: { cash: { fields: { number: string? } }, card: { fields: { number: string } } } }", ..NONE } },
    Edit { name: "a variant that loses its fields", old: Part { field: "$: C@", values: &[r#"{"M": {"kind": {"S": "card"}, "number": {"S": "a"}}}"#, r#"{"M": {"kind": {"S": "cash"}}}"#], unions: "C@: { tag: kind, variants: { cash: {}, card: { fields: { number: string } } } }", ..NONE }, new: Part { field: "$: C@", values: &[r#"{"M": {"kind": {"S": "card"}, "number": {"S": "a"}}}"#, r#"{"M": {"kind": {"S": "cash"}}}"#], unions: "C@: { tag: kind, variants: { cash: {}, card: {} } }", ..NONE } },
    Edit { name: "another definition of the name", old: Part { field: "$: E@", values: &[r#"{"S": "free"}"#], enums: "E@: [free]", ..NONE }, new: Part { field: "$: E@", values: &[r#"{"M": {"x": {"N": "1"}, "name": {"S": "a"}}}"#], types: "E@: { fields: { x: u8 } }", ..NONE } },
];

/// The name of each edit, and the model before and after.
#[rustfmt::skip]
pub const MODELS: &[(&str, Whole, Whole)] = &[
    (
        "a shared table",
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    fields: { customer: string, number: u32 }\n", items: &[r#"{"pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "kind": {"S": "M@"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    fields: { customer: string, number: u32 }\n", items: &[r#"{"pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "kind": {"S": "M@"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
    ),
    (
        "another template",
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    fields: { customer: string, number: u32 }\n", items: &[r#"{"pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "kind": {"S": "M@"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    key: { pk: 'C#{customer}', sk: 'NR#{number}' }\n    fields: { customer: string, number: u32 }\n", items: &[r#"{"pk": {"S": "C#a"}, "sk": {"S": "NR#0000000005"}, "kind": {"S": "M@"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
    ),
    (
        "another separator",
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    fields: { customer: string, number: u32 }\n", items: &[r#"{"pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "kind": {"S": "M@"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    key: { pk: 'C#{customer}', sk: 'N/{number}' }\n    fields: { customer: string, number: u32 }\n", items: &[r#"{"pk": {"S": "C#a"}, "sk": {"S": "N/0000000005"}, "kind": {"S": "M@"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
    ),
    (
        "a width in a key",
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    fields: { customer: string, number: u32 }\n", items: &[r#"{"pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "kind": {"S": "M@"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    key: { pk: 'C#{customer}', sk: 'N#{number:06}' }\n    fields: { customer: string, number: { type: u32, maximum: 999999 } }\n", items: &[r#"{"pk": {"S": "C#a"}, "sk": {"S": "N#000005"}, "kind": {"S": "M@"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
    ),
    (
        "attributes that two fields swap",
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    key: { pk: 'C#{one}', sk: 'N#{other}' }\n    fields: { one: string, other: string }\n", items: &[r#"{"pk": {"S": "C#a"}, "sk": {"S": "N#b"}, "kind": {"S": "M@"}, "one": {"S": "a"}, "other": {"S": "b"}}"#] },
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    key: { pk: 'C#{one}', sk: 'N#{other}' }\n    fields: { one: { type: string, attribute: other }, other: { type: string, attribute: one } }\n", items: &[r#"{"pk": {"S": "C#b"}, "sk": {"S": "N#a"}, "kind": {"S": "M@"}, "one": {"S": "a"}, "other": {"S": "b"}}"#] },
    ),
    (
        "versions from now on",
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: string }\n", items: &[r#"{"id": {"S": "a"}, "x": {"S": "a"}}"#] },
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: string, v: { type: u32, role: schema_version } }\n", items: &[r#"{"id": {"S": "a"}, "x": {"S": "a"}, "v": {"N": "1"}}"#] },
    ),
    (
        "a rename where versions begin",
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: string }\n", items: &[r#"{"id": {"S": "a"}, "x": {"S": "a"}}"#] },
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, y: string, v: { type: u32, role: schema_version } }\n    upgrades: { 1: { rename: { x: y } } }\n", items: &[r#"{"id": {"S": "a"}, "y": {"S": "a"}, "v": {"N": "2"}}"#] },
    ),
    (
        "a rename with versions",
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: string, v: { type: u32, role: schema_version } }\n", items: &[r#"{"id": {"S": "a"}, "x": {"S": "a"}, "v": {"N": "1"}}"#] },
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, y: string, v: { type: u32, role: schema_version } }\n    upgrades: { 1: { rename: { x: y } } }\n", items: &[r#"{"id": {"S": "a"}, "y": {"S": "a"}, "v": {"N": "2"}}"#] },
    ),
    (
        "a rename after a rename",
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, y: string, v: { type: u32, role: schema_version } }\n    upgrades: { 1: { rename: { x: y } } }\n", items: &[r#"{"id": {"S": "a"}, "y": {"S": "a"}, "v": {"N": "2"}}"#] },
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, z: string, v: { type: u32, role: schema_version } }\n    upgrades: { 1: { rename: { x: y } }, 2: { rename: { y: z } } }\n", items: &[r#"{"id": {"S": "a"}, "z": {"S": "a"}, "v": {"N": "3"}}"#] },
    ),
    (
        "a default where versions begin",
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: string }\n", items: &[r#"{"id": {"S": "a"}, "x": {"S": "a"}}"#] },
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: string, y: u8, v: { type: u32, role: schema_version } }\n    upgrades: { 1: { default: { y: 3 } } }\n", items: &[r#"{"id": {"S": "a"}, "x": {"S": "a"}, "y": {"N": "5"}, "v": {"N": "2"}}"#] },
    ),
    (
        "a default of an optional field",
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: \"string?\", v: { type: u32, role: schema_version } }\n", items: &[r#"{"id": {"S": "a"}, "x": {"S": "a"}, "v": {"N": "1"}}"#] },
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: string, v: { type: u32, role: schema_version } }\n    upgrades: { 1: { default: { x: none } } }\n", items: &[r#"{"id": {"S": "a"}, "x": {"S": "a"}, "v": {"N": "2"}}"#] },
    ),
    (
        "a new required field beside an upgrade",
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: string, v: { type: u32, role: schema_version } }\n", items: &[r#"{"id": {"S": "a"}, "x": {"S": "a"}, "v": {"N": "1"}}"#] },
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: string, y: string, v: { type: u32, role: schema_version } }\n    upgrades: { 1: { remove: [z] } }\n", items: &[r#"{"id": {"S": "a"}, "x": {"S": "a"}, "y": {"S": "a"}, "v": {"N": "2"}}"#] },
    ),
    (
        "a number as text that becomes one",
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: { type: u16, format: text }, v: { type: u32, role: schema_version } }\n", items: &[r#"{"id": {"S": "a"}, "x": {"S": "5"}, "v": {"N": "1"}}"#] },
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: u16, v: { type: u32, role: schema_version } }\n    upgrades: { 1: { convert: { x: number } } }\n", items: &[r#"{"id": {"S": "a"}, "x": {"N": "5"}, "v": {"N": "2"}}"#] },
    ),
    (
        "a number as text that becomes a smaller one",
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: { type: u16, format: text } }\n", items: &[r#"{"id": {"S": "a"}, "x": {"S": "300"}}"#] },
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: u8, v: { type: u32, role: schema_version } }\n    upgrades: { 1: { convert: { x: number } } }\n", items: &[r#"{"id": {"S": "a"}, "x": {"N": "5"}, "v": {"N": "2"}}"#] },
    ),
    (
        "a number that becomes text",
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: u8 }\n", items: &[r#"{"id": {"S": "a"}, "x": {"N": "5"}}"#] },
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: string, v: { type: u32, role: schema_version } }\n    upgrades: { 1: { convert: { x: text } } }\n", items: &[r#"{"id": {"S": "a"}, "x": {"S": "5"}, "v": {"N": "2"}}"#] },
    ),
    (
        "a text that becomes a number",
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: string }\n", items: &[r#"{"id": {"S": "a"}, "x": {"S": "a"}}"#] },
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: u8, v: { type: u32, role: schema_version } }\n    upgrades: { 1: { convert: { x: number } } }\n", items: &[r#"{"id": {"S": "a"}, "x": {"N": "5"}, "v": {"N": "2"}}"#] },
    ),
    (
        "0 or 1 that becomes a boolean",
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: { type: bool, format: number } }\n", items: &[r#"{"id": {"S": "a"}, "x": {"N": "1"}}"#] },
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: bool, v: { type: u32, role: schema_version } }\n    upgrades: { 1: { convert: { x: boolean } } }\n", items: &[r#"{"id": {"S": "a"}, "x": {"BOOL": true}, "v": {"N": "2"}}"#] },
    ),
    (
        "a set that becomes a list",
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: set<string> }\n", items: &[r#"{"id": {"S": "a"}, "x": {"SS": ["a"]}}"#] },
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: list<string>, v: { type: u32, role: schema_version } }\n    upgrades: { 1: { convert: { x: list } } }\n", items: &[r#"{"id": {"S": "a"}, "x": {"L": [{"S": "a"}]}, "v": {"N": "2"}}"#] },
    ),
    (
        "a default of another type",
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: u8, v: { type: u32, role: schema_version } }\n", items: &[r#"{"id": {"S": "a"}, "x": {"N": "5"}, "v": {"N": "1"}}"#] },
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: string, v: { type: u32, role: schema_version } }\n    upgrades: { 1: { default: { x: none } } }\n", items: &[r#"{"id": {"S": "a"}, "x": {"S": "a"}, "v": {"N": "2"}}"#] },
    ),
    (
        "a removal of what is required",
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: string, v: { type: u32, role: schema_version } }\n", items: &[r#"{"id": {"S": "a"}, "x": {"S": "a"}, "v": {"N": "1"}}"#] },
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: string, v: { type: u32, role: schema_version } }\n    upgrades: { 1: { remove: [x] } }\n", items: &[r#"{"id": {"S": "a"}, "x": {"S": "a"}, "v": {"N": "2"}}"#] },
    ),
    (
        "a default before a rename to it",
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: string, v: { type: u32, role: schema_version } }\n", items: &[r#"{"id": {"S": "a"}, "x": {"S": "a"}, "v": {"N": "1"}}"#] },
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, y: string, v: { type: u32, role: schema_version } }\n    upgrades: { 1: { default: { y: none }, rename: { x: y } } }\n", items: &[r#"{"id": {"S": "a"}, "y": {"S": "a"}, "v": {"N": "2"}}"#] },
    ),
    (
        "a rename to another field",
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: string, y: string, v: { type: u32, role: schema_version } }\n", items: &[r#"{"id": {"S": "a"}, "x": {"S": "a"}, "y": {"S": "b"}, "v": {"N": "1"}}"#] },
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, y: string, v: { type: u32, role: schema_version } }\n    upgrades: { 1: { rename: { x: y } } }\n", items: &[r#"{"id": {"S": "a"}, "y": {"S": "a"}, "v": {"N": "2"}}"#] },
    ),
    (
        "a split beside another type",
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: u8, y: string, v: { type: u32, role: schema_version } }\n", items: &[r#"{"id": {"S": "a"}, "x": {"N": "5"}, "y": {"S": "a-b"}, "v": {"N": "1"}}"#] },
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: string, z: string, v: { type: u32, role: schema_version } }\n    upgrades: { 1: { split: { y: 'a-{z}' } } }\n", items: &[r#"{"id": {"S": "a"}, "x": {"S": "a"}, "z": {"S": "b"}, "v": {"N": "2"}}"#] },
    ),
    (
        "an upgrade that is taken back",
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: string, v: { type: u32, role: schema_version } }\n    upgrades: { 1: { remove: [y] } }\n", items: &[r#"{"id": {"S": "a"}, "x": {"S": "a"}, "v": {"N": "2"}}"#] },
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: string, v: { type: u32, role: schema_version } }\n", items: &[r#"{"id": {"S": "a"}, "x": {"S": "a"}, "v": {"N": "1"}}"#] },
    ),
    (
        "an upgrade that is no longer there",
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: string, v: { type: u32, role: schema_version } }\n    upgrades: { 1: { rename: { y: x } } }\n", items: &[r#"{"id": {"S": "a"}, "x": {"S": "a"}, "v": {"N": "2"}}"#] },
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: string, v: { type: u32, role: schema_version } }\n    upgrades: { 3: { remove: [y] } }\n", items: &[r#"{"id": {"S": "a"}, "x": {"S": "a"}, "v": {"N": "4"}}"#] },
    ),
    (
        "another attribute of the version",
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: string, v: { type: u32, role: schema_version } }\n    upgrades: { 1: { remove: [y] } }\n", items: &[r#"{"id": {"S": "a"}, "x": {"S": "a"}, "v": {"N": "2"}}"#] },
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields: { id: string, x: string, w: { type: u32, role: schema_version } }\n    upgrades: { 1: { remove: [y] } }\n", items: &[r#"{"id": {"S": "a"}, "x": {"S": "a"}, "w": {"N": "2"}}"#] },
    ),
    (
        "a table that models share from now on",
        Whole { table: "", model: "  M@:\n    table: s@\n    hash_key: id\n    fields: { id: string, number: u32 }\n", items: &[r#"{"id": {"S": "a"}, "number": {"N": "5"}}"#] },
        Whole { table: "s@: { hash_key: { id: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    key: { id: '{id}' }\n    fields: { id: string, number: u32 }\n", items: &[r#"{"id": {"S": "a"}, "number": {"N": "5"}, "kind": {"S": "M@"}}"#] },
    ),
    (
        "another order",
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    key: { pk: 'C#{customer}', sk: 'N#{customer}#{number}' }\n    fields: { customer: string, number: u32 }\n", items: &[r#"{"pk": {"S": "C#a"}, "sk": {"S": "N#a#0000000005"}, "kind": {"S": "M@"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    key: { pk: 'C#{customer}', sk: { template: 'N#{customer}#{number}', unordered: true } }\n    fields: { customer: string, number: u32 }\n", items: &[r#"{"pk": {"S": "C#a"}, "sk": {"S": "N#a#0000000005"}, "kind": {"S": "M@"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
    ),
    (
        "a wider number in a key",
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    fields: { customer: string, number: u32 }\n", items: &[r#"{"pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "kind": {"S": "M@"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    fields: { customer: string, number: u64 }\n", items: &[r#"{"pk": {"S": "C#a"}, "sk": {"S": "N#00000000000000000005"}, "kind": {"S": "M@"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
    ),
    (
        "a wider number of the same digits in a key",
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    fields: { customer: string, number: u8 }\n", items: &[r#"{"pk": {"S": "C#a"}, "sk": {"S": "N#005"}, "kind": {"S": "M@"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    fields: { customer: string, number: i8 }\n", items: &[r#"{"pk": {"S": "C#a"}, "sk": {"S": "N#133"}, "kind": {"S": "M@"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
    ),
    (
        "other shards of a key",
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    key: { pk: { template: 'C#{customer}', shards: 4 }, sk: 'N#{number}' }\n    fields: { customer: string, number: u32 }\n", items: &[r#"{"pk": {"S": "C#a#2"}, "sk": {"S": "N#0000000005"}, "kind": {"S": "M@"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    key: { pk: { template: 'C#{customer}', shards: 9 }, sk: 'N#{number}' }\n    fields: { customer: string, number: u32 }\n", items: &[r#"{"pk": {"S": "C#a#7"}, "sk": {"S": "N#0000000005"}, "kind": {"S": "M@"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
    ),
    (
        "another discriminator",
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    fields: { customer: string, number: u32 }\n", items: &[r#"{"pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "kind": {"S": "M@"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    fields: { customer: string, number: u32 }\n    discriminator: ORDER\n", items: &[r#"{"pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "kind": {"S": "ORDER"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
    ),
    (
        "a field of a key that is renamed",
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    fields: { customer: string, number: u32 }\n", items: &[r#"{"pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "kind": {"S": "M@"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    key: { pk: 'C#{customer}', sk: 'N#{position}' }\n    fields: { customer: string, position: { type: u32, attribute: number } }\n", items: &[r#"{"pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "kind": {"S": "M@"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
    ),
    (
        "a field in the key alone",
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    fields: { customer: string, number: u32 }\n", items: &[r#"{"pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "kind": {"S": "M@"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    fields: { customer: string, number: { type: u32, stored: false } }\n", items: &[r#"{"pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "kind": {"S": "M@"}, "customer": {"S": "a"}}"#] },
    ),
    (
        "a field that is stored again",
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    fields: { customer: string, number: { type: u32, stored: false } }\n", items: &[r#"{"pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "kind": {"S": "M@"}, "customer": {"S": "a"}}"#] },
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    fields: { customer: string, number: u32 }\n", items: &[r#"{"pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "kind": {"S": "M@"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
    ),
    (
        "no check of keys",
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    key: { pk: 'C#{customer}', sk: 'NR#{number}' }\n    fields: { customer: string, number: u32 }\n", items: &[r#"{"pk": {"S": "C#a"}, "sk": {"S": "NR#0000000005"}, "kind": {"S": "M@"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    fields: { customer: string, number: u32 }\n    check_keys_on_read: false\n", items: &[r#"{"pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "kind": {"S": "M@"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
    ),
    (
        "a discriminator by key",
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    fields: { customer: string, number: u32 }\n", items: &[r#"{"pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "kind": {"S": "M@"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: by_key }", model: "  M@:\n    table: s@\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    fields: { customer: string, number: u32 }\n", items: &[r#"{"pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "kind": {"S": "M@"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
    ),
    (
        "an attribute as the discriminator",
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: by_key }", model: "  M@:\n    table: s@\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    fields: { customer: string, number: u32 }\n", items: &[r#"{"pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "kind": {"S": "M@"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    fields: { customer: string, number: u32 }\n", items: &[r#"{"pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "kind": {"S": "M@"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
    ),
    (
        "a transform of the key",
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields:\n      id: string\n", items: &[r#"{"id": {"S": "A"}}"#, r#"{"id": {"S": "a"}}"#] },
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields:\n      id: { type: string, transform: lowercase }\n", items: &[r#"{"id": {"S": "a"}}"#] },
    ),
    (
        "another form of the key",
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields:\n      id: datetime\n", items: &[r#"{"id": {"S": "2024-01-31T12:00:00.000000Z"}}"#] },
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields:\n      id: { type: datetime, format: pydantic }\n", items: &[r#"{"id": {"S": "2024-01-31T12:00:00Z"}}"#] },
    ),
    (
        "a wider number as the key",
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields:\n      id: u32\n", items: &[r#"{"id": {"N": "5"}}"#] },
        Whole { table: "", model: "  M@:\n    table: t-@\n    hash_key: id\n    fields:\n      id: u64\n", items: &[r#"{"id": {"N": "5"}}"#, r#"{"id": {"N": "5000000000"}}"#] },
    ),
    (
        "another attribute of the discriminator",
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    discriminator: m\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    fields: { customer: string, number: u32 }\n", items: &[r#"{"kind": {"S": "m"}, "pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: [kind, part] }", model: "  M@:\n    table: s@\n    discriminator: { kind: m, part: x }\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    fields: { customer: string, number: u32 }\n", items: &[r#"{"kind": {"S": "m"}, "part": {"S": "x"}, "pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
    ),
    (
        "an attribute of the discriminator less",
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: [kind, part] }", model: "  M@:\n    table: s@\n    discriminator: { kind: m, part: x }\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    fields: { customer: string, number: u32 }\n", items: &[r#"{"kind": {"S": "m"}, "part": {"S": "x"}, "pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind }", model: "  M@:\n    table: s@\n    discriminator: m\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    fields: { customer: string, number: u32 }\n", items: &[r#"{"kind": {"S": "m"}, "pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
    ),
    (
        "another value of one attribute of the discriminator",
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: [kind, part] }", model: "  M@:\n    table: s@\n    discriminator: { kind: m, part: x }\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    fields: { customer: string, number: u32 }\n", items: &[r#"{"kind": {"S": "m"}, "part": {"S": "x"}, "pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: [kind, part] }", model: "  M@:\n    table: s@\n    discriminator: { kind: m, part: y }\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    fields: { customer: string, number: u32 }\n", items: &[r#"{"kind": {"S": "m"}, "part": {"S": "y"}, "pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
    ),
    (
        "a field in the key of an index alone",
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind, indexes: { gsi: { hash_key: { gpk: string } } } }", model: "  M@:\n    table: s@\n    discriminator: m\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    indexes: { gsi: { gpk: 'G#{owner}' } }\n    fields: { customer: string, number: u32, owner: string }\n", items: &[r#"{"kind": {"S": "m"}, "owner": {"S": "o"}, "gpk": {"S": "G#o"}, "pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind, indexes: { gsi: { hash_key: { gpk: string } } } }", model: "  M@:\n    table: s@\n    discriminator: m\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    indexes: { gsi: { gpk: 'G#{owner}' } }\n    fields: { customer: string, number: u32, owner: { type: string, stored: false } }\n", items: &[r#"{"kind": {"S": "m"}, "gpk": {"S": "G#o"}, "pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
    ),
    (
        "a field in the key of a new index alone",
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind, indexes: { gsi: { hash_key: { gpk: string } } } }", model: "  M@:\n    table: s@\n    discriminator: m\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    fields: { customer: string, number: u32, owner: string }\n", items: &[r#"{"kind": {"S": "m"}, "owner": {"S": "o"}, "pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind, indexes: { gsi: { hash_key: { gpk: string } } } }", model: "  M@:\n    table: s@\n    discriminator: m\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    indexes: { gsi: { gpk: 'G#{owner}' } }\n    fields: { customer: string, number: u32, owner: { type: string, stored: false } }\n", items: &[r#"{"kind": {"S": "m"}, "gpk": {"S": "G#o"}, "pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
    ),
    (
        "a field of an index key that is stored",
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind, indexes: { gsi: { hash_key: { gpk: string } } } }", model: "  M@:\n    table: s@\n    discriminator: m\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    indexes: { gsi: { gpk: 'G#{owner}' } }\n    fields: { customer: string, number: u32, owner: { type: string, stored: false } }\n", items: &[r#"{"kind": {"S": "m"}, "gpk": {"S": "G#o"}, "pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind, indexes: { gsi: { hash_key: { gpk: string } } } }", model: "  M@:\n    table: s@\n    discriminator: m\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    indexes: { gsi: { gpk: 'G#{owner}' } }\n    fields: { customer: string, number: u32, owner: string }\n", items: &[r#"{"kind": {"S": "m"}, "owner": {"S": "o"}, "gpk": {"S": "G#o"}, "pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
    ),
    (
        "a field in another key of an index alone",
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind, indexes: { gsi: { hash_key: { gpk: string } } } }", model: "  M@:\n    table: s@\n    discriminator: m\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    indexes: { gsi: { gpk: 'G#{owner}' } }\n    fields: { customer: string, number: u32, owner: { type: string, stored: false } }\n", items: &[r#"{"kind": {"S": "m"}, "gpk": {"S": "G#o"}, "pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
        Whole { table: "s@: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind, indexes: { gsi: { hash_key: { gpk: string } } } }", model: "  M@:\n    table: s@\n    discriminator: m\n    key: { pk: 'C#{customer}', sk: 'N#{number}' }\n    indexes: { gsi: { gpk: 'GROUP#{owner}' } }\n    fields: { customer: string, number: u32, owner: { type: string, stored: false } }\n", items: &[r#"{"kind": {"S": "m"}, "gpk": {"S": "GROUP#o"}, "pk": {"S": "C#a"}, "sk": {"S": "N#0000000005"}, "number": {"N": "5"}, "customer": {"S": "a"}}"#] },
    ),
];
