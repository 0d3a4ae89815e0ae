//! A model by its description, which the command has, does what emitted code does: for every model of the golden cases and
//! of the random sample, random items in JSON and in their stored form are read, written and refused alike.

use crate::random::Random;
use crate::seeds::{rounds, seed};
use dyntastic::aws_sdk_dynamodb::primitives::Blob;
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::codec::{AttributeMap, read_model, write_model};
use dyntastic::dynamic::{DynamicModel, DynamicSchema};
use dyntastic::serde::Serialize;
use dyntastic::serde::de::DeserializeOwned;
use dyntastic::serde_json::{self, Value};
use dyntastic::{Item, KeyAttribute, Table, Violations};
use std::path::PathBuf;

/// What emitted code does, as functions that are small, since each model has its own.
struct Emitted {
    of_json: Option<OfJson>,
    read: fn(AttributeMap) -> Result<Answer, String>,
}

type OfJson = fn(&str) -> Result<Answer, String>;

/// What emitted code says of an item.
struct Answer {
    written: Result<AttributeMap, String>,
    json: Option<String>,
    valid: Result<(), Violations>,
}

fn answer<M: Item>(of: &M, json: Option<String>) -> Answer {
    Answer { written: write_model(of).map_err(|error| error.to_string()), json, valid: of.validate() }
}

fn of_json<M: Item + Serialize + DeserializeOwned>(json: &str) -> Result<Answer, String> {
    let of: M = serde_json::from_str(json).map_err(|error| error.to_string())?;
    Ok(answer(&of, serde_json::to_string(&of).ok()))
}

fn read_with_json<M: Item + Serialize>(item: AttributeMap) -> Result<Answer, String> {
    let of: M = read_model(item).map_err(|error| error.to_string())?;
    Ok(answer(&of, serde_json::to_string(&of).ok()))
}

fn read<M: Item>(item: AttributeMap) -> Result<Answer, String> {
    let of: M = read_model(item).map_err(|error| error.to_string())?;
    Ok(answer(&of, None))
}

const fn with_serde<M: Item + Serialize + DeserializeOwned>() -> Emitted {
    Emitted { of_json: Some(of_json::<M>), read: read_with_json::<M> }
}

const fn without_serde<M: Item>() -> Emitted {
    Emitted { of_json: None, read: read::<M> }
}

#[allow(deprecated)]
const MODELS: &[(&[&str], &str, Emitted)] = include!(concat!(env!("OUT_DIR"), "/described.rs"));

#[derive(Debug, Default)]
struct Counts {
    read: usize,
    unread: usize,
    valid: usize,
    invalid: usize,
    json: usize,
    /// The first differences of each model.
    wrong: Vec<String>,
}

impl Counts {
    /// Notes a difference between emitted code and the description.
    fn compare<T: PartialEq + std::fmt::Debug>(&mut self, emitted: T, described: T, what: &dyn std::fmt::Debug) {
        if emitted != described {
            self.wrong.push(format!("{what:?}\n  emitted:   {emitted:?}\n  described: {described:?}"));
        }
    }
}

/// A model, and its description as JSON.
pub struct Described {
    pub model: DynamicModel,
    pub of: Value,
    pub types: Value,
}

impl Described {
    pub fn fields(of: &Value) -> impl Iterator<Item = &Value> {
        of["fields"].as_array().into_iter().flatten()
    }

    /// The names of its computed fields, which are not in the JSON of emitted code.
    fn computed(&self) -> Vec<&str> {
        let computed = Self::fields(&self.of).filter(|field| field["computed"] == true);
        computed.map(|field| field["json"].as_str().unwrap()).collect()
    }

    fn known(&self, json: &str) -> Value {
        known(json, &self.computed())
    }

    /// Whether a factory makes a default of the field, or one in it, so that no two reads give the same.
    fn is_made(&self, field: &Value, depth: usize) -> bool {
        field["default"].get("Factory").is_some() || self.holds_made(&field["ty"], depth)
    }

    fn holds_made(&self, ty: &Value, depth: usize) -> bool {
        let Some((kind, of)) = ty.as_object().and_then(|ty| ty.iter().next()) else { return false };
        let fields = |of: &Value| Self::fields(of).any(|field| self.is_made(field, depth + 1));
        match kind.as_str() {
            _ if depth > 8 => false,
            "Named" => match &self.types[of.as_str().unwrap()] {
                of if of.get("Struct").is_some() => fields(&of["Struct"]),
                of => of["Union"]["variants"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .any(|variant| variant["of"].as_str().is_some_and(|name| fields(&self.types[name]["Struct"]))),
            },
            "Scalar" | "Rust" => false,
            _ => self.holds_made(of, depth),
        }
    }

    fn structure(&self, random: &mut Random, of: &Value, depth: usize) -> String {
        let mut entries = Vec::new();
        for field in Self::fields(of) {
            let may_lack = field["default"] != "Required" && !self.is_made(field, 0);
            if may_lack && random.below(4) == 0 {
                continue;
            }
            let name = Value::from(field["json"].as_str().unwrap());
            entries.push(format!("{name}:{}", self.value(random, &field["ty"], depth)));
        }
        format!("{{{}}}", entries.join(","))
    }

    /// A random value of a type, in JSON.
    pub fn value(&self, random: &mut Random, ty: &Value, depth: usize) -> String {
        let one = |random: &mut Random, of: &[&str]| of[random.below(of.len() as u64) as usize].to_owned();
        let many = |random: &mut Random| if depth > 4 { 0 } else { random.below(3) };
        if ty == "Json" {
            return one(random, &["null", "1", "-2.5", "\"text\"", "[1,\"a\",null]", "{\"a\":{\"b\":true}}", "[]"]);
        }
        let (kind, of) = ty.as_object().and_then(|ty| ty.iter().next()).unwrap();
        match kind.as_str() {
            "Optional" if depth > 4 || random.below(3) == 0 => "null".to_owned(),
            "Optional" => self.value(random, of, depth),
            "List" | "Set" => {
                let values: Vec<String> = (0..many(random)).map(|_| self.value(random, of, depth + 1)).collect();
                format!("[{}]", values.join(","))
            }
            "Map" => {
                let entry = |number: u64, random: &mut Random| {
                    format!("\"{}{number}\":{}", one(random, &["a", "B-", "c d"]), self.value(random, of, depth + 1))
                };
                let entries: Vec<String> = (0..many(random)).map(|number| entry(number, random)).collect();
                format!("{{{}}}", entries.join(","))
            }
            "Scalar" => self.scalar(random, of.as_str().unwrap()),
            "Named" => self.named(random, &self.types[of.as_str().unwrap()], depth + 1),
            _ => "null".to_owned(),
        }
    }

    fn named(&self, random: &mut Random, of: &Value, depth: usize) -> String {
        if let Some(of) = of.get("Struct") {
            return self.structure(random, of, depth);
        }
        let of_variants = |of: &Value, random: &mut Random| {
            let variants = of["variants"].as_array().unwrap();
            variants[random.below(variants.len() as u64) as usize].clone()
        };
        if let Some(of) = of.get("Enum") {
            let variant = of_variants(of, random);
            let value = &variant["value"];
            let is_text = value.get("Text").is_some();
            let other = if is_text { "\"something else\"" } else { "4711" };
            return match (random.below(6), &variant["json_name"]) {
                (0, _) => other.to_owned(),
                (_, Value::String(name)) => Value::from(name.as_str()).to_string(),
                _ => value.get("Text").unwrap_or_else(|| &value["Number"]).to_string(),
            };
        }
        let of = &of["Union"];
        let variant = of_variants(of, random);
        let tag = format!("{}:{}", of["tag"], variant["value"]);
        match variant["of"].as_str() {
            None => format!("{{{tag}}}"),
            Some(name) => {
                let inner = self.structure(random, &self.types[name]["Struct"], depth);
                match inner.strip_prefix('{').unwrap() {
                    "}" => format!("{{{tag}}}"),
                    rest => format!("{{{tag},{rest}"),
                }
            }
        }
    }

    fn scalar(&self, random: &mut Random, name: &str) -> String {
        let all: &[&str] = match name {
            "String" => &[
                "\"a\"",
                "\"b\"",
                "\"open\"",
                "\" Trim Me \"",
                "\"\"",
                "\"hé\u{df}\"",
                "\"x@y.example\"",
                "\"0123\"",
                "\"A-B\"",
                "\"with#mark\"",
                "\"a-slug\"",
                "\"https://a.example/b\"",
                "\"abcdefghijklmnopqrstuvwxyz\"",
            ],
            "Bool" => &["true", "false"],
            "I8" | "U8" => &["0", "1", "2", "7", "100", "127"],
            "I16" | "U16" => &["0", "1", "3", "300", "32767"],
            "I32" | "U32" => &["0", "1", "12", "70000", "2147483647"],
            "I64" | "U64" => &["0", "1", "25", "150", "9007199254740993"],
            "I128" | "U128" => &["0", "1", "18446744073709551616", "99999999999999999999999999999999999999"],
            "F32" | "F64" => &["0.0", "1.5", "-0.1", "3.0", "1e10", "0.30000000000000004"],
            "Decimal" | "BigDecimal" => &["\"0\"", "\"1.50\"", "\"-3\"", "\"12345678901234567890.12\""],
            "Bytes" => &["[]", "[1,2,255]", "[0]"],
            "Uuid" => &["\"67e55044-10b1-426f-9247-bb680e5fe0c8\"", "\"00000000-0000-0000-0000-000000000000\""],
            "Ulid" => &["\"01ARZ3NDEKTSV4RRFFQ69G5FAV\"", "\"00000000000000000000000000\""],
            "Url" => &["\"https://example.com/a?b=c\"", "\"mailto:a@example.com\""],
            "Ipv4" => &["\"1.2.3.4\""],
            "Ipv6" => &["\"::1\"", "\"2001:db8::7\""],
            "Ip" => &["\"1.2.3.4\"", "\"::1\""],
            "Ipv4Net" => &["\"10.0.0.0/8\""],
            "Ipv6Net" => &["\"2001:db8::/32\""],
            "IpNet" => &["\"10.0.0.0/8\"", "\"2001:db8::/32\""],
            name if name.ends_with("Datetime") => &[
                "\"2024-01-31T12:00:00Z\"",
                "\"2024-01-31T12:00:00.123456Z\"",
                "\"2024-01-31T12:00:00.123456789Z\"",
                "\"1969-12-31T23:59:59.500Z\"",
                "\"2999-01-01T00:00:00Z\"",
            ],
            name if name.ends_with("Date") => &["\"2024-01-31\"", "\"1969-02-28\"", "\"2999-12-31\""],
            name if name.ends_with("Clock") => &["\"12:30:00\"", "\"23:59:59.250\"", "\"00:00:00.000000001\""],
            name if name.ends_with("Naive") => &["\"2024-01-31T12:30:00\"", "\"2024-01-31T12:30:00.123456789\""],
            name if name.ends_with("Duration") => &["\"PT1.5S\"", "\"P1DT1S\"", "\"PT0S\""],
            other => panic!("{other}"),
        };
        all[random.below(all.len() as u64) as usize].to_owned()
    }
}

/// Compares a random item in JSON, its stored form, and variations of that.
fn compare(emitted: &Emitted, of: &Described, random: &mut Random, counts: &mut Counts) {
    let json = of.structure(random, &of.of, 0);
    let is_outside = |of: &Value| of.to_string().contains("\"is_in_json\":false");
    // Emitted code makes defaults of fields outside JSON, and the command reads them.
    let is_skipped = is_outside(&of.of) || is_outside(&of.types);
    if let Some(of_json) = emitted.of_json.filter(|_| !is_skipped) {
        match (of_json(&json), of.model.item_of_json(&json)) {
            (Ok(theirs), Ok(ours)) => {
                counts.compare(theirs.written, of.model.write(&ours).map_err(|error| error.to_string()), &json);
                let ours = ours.to_json().ok();
                match of.computed().is_empty() {
                    true => counts.compare(theirs.json, ours, &json),
                    false => {
                        counts.compare(theirs.json.map(|of| known(&of, &[])), ours.map(|json| of.known(&json)), &json)
                    }
                }
                counts.json += 1;
            }
            (Err(_), Err(_)) => {}
            (theirs, ours) => {
                counts.compare(theirs.map(|_| ()), ours.map(|_| ()).map_err(|error| error.to_string()), &json);
            }
        }
    }
    let Ok(Ok(item)) = of.model.item_of_json(&json).map(|item| of.model.write(&item)) else { return };
    let mut variations = vec![item.clone()];
    for _ in 0..6 {
        variations.extend(varied(of, random, &item));
    }
    for item in variations {
        match ((emitted.read)(item.clone()), of.model.read(item.clone())) {
            (Ok(theirs), Ok(ours)) => {
                counts.read += 1;
                counts.compare(theirs.written, of.model.write(&ours).map_err(|error| error.to_string()), &item);
                let json = ours.to_json().unwrap();
                if let Some(theirs) = theirs.json.filter(|_| !is_skipped) {
                    counts.compare(known(&theirs, &[]), of.known(&json), &item);
                }
                // Through JSON and back.
                let again = of.model.item_of_json(&json).map_err(|error| error.to_string());
                counts.compare(Ok(json), again.and_then(|of| of.to_json().map_err(|error| error.to_string())), &item);
                if of.model.own_checks().is_empty() {
                    *if theirs.valid.is_ok() { &mut counts.valid } else { &mut counts.invalid } += 1;
                    counts.compare(theirs.valid, of.model.validate(&ours), &item);
                }
            }
            (Err(theirs), Err(ours)) => {
                counts.unread += 1;
                counts.compare(theirs, ours.to_string(), &item);
            }
            (theirs, ours) => {
                counts.compare(theirs.map(|_| ()), ours.map(|_| ()).map_err(|error| error.to_string()), &item);
            }
        }
    }
}

/// JSON without attributes that have no field, which emitted code leaves out, and without the computed fields of a model.
fn known(json: &str, computed: &[&str]) -> Value {
    fn remove(of: &mut Value) {
        match of {
            Value::Object(entries) => {
                entries.remove("$unknown");
                entries.values_mut().for_each(remove);
            }
            Value::Array(elements) => elements.iter_mut().for_each(remove),
            _ => {}
        }
    }
    let mut value: Value = serde_json::from_str(json).unwrap();
    remove(&mut value);
    for name in computed {
        value.as_object_mut().unwrap().remove(*name);
    }
    value
}

/// The same item with one attribute changed.
fn varied(of: &Described, random: &mut Random, item: &AttributeMap) -> Option<AttributeMap> {
    use AttributeValue as A;
    let mut names: Vec<&String> = item.keys().collect();
    names.sort();
    let name = names.get(random.below(names.len().max(1) as u64) as usize)?.as_str();
    let mut varied = item.clone();
    let is_made = Described::fields(&of.of).any(|field| field["attribute"] == name && of.is_made(field, 0));
    let text = |text: &str| A::S(text.to_owned());
    let value = match random.below(12) {
        0 if !is_made => {
            varied.remove(name);
            return Some(varied);
        }
        1 if !is_made => A::Null(true),
        2 => text(""),
        3 => text("2024-01-31T12:00:00.5Z"),
        4 => A::N("1".to_owned()),
        5 => A::N("-7.5".to_owned()),
        6 => A::Bool(true),
        7 => A::L(vec![text("a"), A::Null(true)]),
        8 if !is_made => A::M([("a".to_owned(), text("b"))].into()),
        9 => A::Ss(vec!["b".to_owned(), "a".to_owned()]),
        10 => A::B(Blob::new([1, 2])),
        _ => {
            varied.insert("unheard of".to_owned(), A::N("5".to_owned()));
            return Some(varied);
        }
    };
    varied.insert(name.to_owned(), value);
    Some(varied)
}

#[test]
fn a_description_does_what_emitted_code_does() {
    let mut random = Random::new(seed(20));
    let (mut counts, mut wrong) = (Counts::default(), Vec::new());
    let mut loaded: Option<(&[&str], Vec<DynamicModel>, Value)> = None;
    for (files, name, emitted) in MODELS {
        if loaded.as_ref().is_none_or(|(of, ..)| of != files) {
            let files: Vec<PathBuf> = files.iter().map(PathBuf::from).collect();
            let items = dyntastic_codegen::items(&dyntastic_codegen::read_sources(&files).unwrap()).unwrap();
            // Nothing is sent.
            let tables = vec![Table::named("none", KeyAttribute::string("id")); items.models.len()];
            let schema = DynamicSchema::load(&items.json, &tables).unwrap();
            let json = serde_json::from_str(&items.json).unwrap();
            loaded = Some((
                MODELS.iter().find(|(of, ..)| of.iter().map(PathBuf::from).eq(files.iter().cloned())).unwrap().0,
                schema.models().to_vec(),
                json,
            ));
        }
        let (_, models, json) = loaded.as_ref().unwrap();
        let at = models.iter().position(|model| model.name() == *name).unwrap();
        let computed = json["models"][at]["computed"].as_array().unwrap();
        let has_functions = computed.iter().any(|of| of["function"].is_string());
        // The command calls no functions of an app.
        let has_hook = files.iter().any(|file| file.contains("cases/hooks/"));
        if !models[at].own_types().is_empty() || models[at].has_own_upgrades() || has_functions || has_hook {
            continue;
        }
        let described =
            Described { model: models[at], of: json["models"][at]["structure"].clone(), types: json["types"].clone() };
        for _ in 0..rounds(5) {
            compare(emitted, &described, &mut random, &mut counts);
        }
        if let Some(first) = counts.wrong.first() {
            let number = counts.wrong.len();
            wrong.push(format!("{name} of {files:?}, {number} differences, the first of them: {first}"));
            counts.wrong.clear();
        }
    }
    assert!(wrong.is_empty(), "{} models:\n\n{}", wrong.len(), wrong.join("\n\n"));
    assert!(counts.read > 1_500 && counts.unread > 600 && counts.json > 100, "{counts:?}");
    assert!(counts.valid > 150 && counts.invalid > 150, "{counts:?}");
}
