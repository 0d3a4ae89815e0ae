//! Stored forms in words, and keys by example, of what is written. A mistake elsewhere does not matter.

use super::hover::key_of;
use super::symbols::{entries, words};
use super::{Analysis, get, text_of};
use crate::node::{Kind, Node};

const DATETIME: &str = "2024-01-31T12:00:00.000000Z";

impl Analysis {
    /// The stored form of a type with a format, such as "N, a number".
    pub(super) fn stored_form(&self, ty: &str, format: Option<&str>) -> String {
        let ty = ty.trim().trim_end_matches('?');
        if let (Some(format), "datetime" | "naive_datetime" | "date" | "time") = (format, ty) {
            return match format {
                "epoch_seconds" | "epoch_millis" => "N, a number".to_owned(),
                "iso8601" => self.stored_form(ty, None),
                "pydantic" => "S, without a fraction of 0".to_owned(),
                pattern => format!("S, `{}`", by_pattern(pattern)),
            };
        }
        let form = match (ty.split('<').next().unwrap_or_default(), format) {
            ("string", _) => "S",
            ("bytes", _) => "B",
            ("bool", None) => "BOOL",
            ("bool", Some("number")) => "N, `0` or `1`",
            ("bool", _) => "S, `true` or `false`",
            ("json", None) => "any native value",
            ("json", _) => "S, as JSON",
            ("uuid" | "ulid" | "url" | "ipv4" | "ipv6" | "ip" | "ipv4net" | "ipv6net" | "ipnet", _) => "S",
            ("datetime", _) => return format!("S, `{DATETIME}`"),
            ("naive_datetime", _) => "S, `2024-01-31T12:00:00.000000`",
            ("date", _) => "S, `2024-01-31`",
            ("time", _) => "S, `12:00:00.000000`",
            ("duration", _) => "S",
            ("list", _) | ("set", Some("list")) => "L, a list",
            ("set", _) => "SS, NS or BS, a set; an empty one is absent",
            ("map", _) => "M, a map",
            ("vector", _) => "L, a list of numbers",
            (number, None) if is_number(number) => "N, a number",
            (number, Some("text")) if is_number(number) => "S, `42`",
            (number, Some(digits)) if is_number(number) => {
                let width = width(digits);
                return format!("S, `{:0width$}`", 42);
            }
            (name, _) => return self.stored_form_of(name),
        };
        form.to_owned()
    }

    /// The stored form of a type of the schema.
    fn stored_form_of(&self, name: &str) -> String {
        if let Some(scalar) = self.entry(&["scalars", name]) {
            let ty = text_of(&scalar.value, "type").unwrap_or_default();
            // A scalar of a scalar is a mistake, and may be one of itself.
            let is_scalar = self.entry(&["scalars", ty.trim_end_matches('?')]).is_some();
            return if is_scalar { String::new() } else { self.stored_form(ty, text_of(&scalar.value, "format")) };
        }
        if let Some(of) = self.entry(&["enums", name]) {
            let is_number = variants(&of.value)
                .iter()
                .any(|variant| get(variant, "value").is_some_and(|value| value.value.whole().is_some()));
            return if is_number { "N, the number of the variant" } else { "S, the text of the variant" }.to_owned();
        }
        match (self.entry(&["types", name]), self.entry(&["unions", name])) {
            (Some(of), _) if get(&of.value, "rust").is_some() => "as the app's code stores it".to_owned(),
            (Some(_), _) => "M, a map of its fields".to_owned(),
            (_, Some(of)) => {
                format!("M, a map with the tag `{}`", text_of(&of.value, "tag").unwrap_or_default())
            }
            _ => String::new(),
        }
    }

    /// A text with fields in it, with examples of values. In a key, integers are padded.
    pub(super) fn text_example(&self, model: &str, template: &str, is_key: bool) -> String {
        let mut key = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            key.push_str(before);
            let Some((part, after)) = after.split_once('}') else { break };
            let (name, form) = part.split_once(':').map_or((part, None), |(name, form)| (name, Some(form)));
            key.push_str(&self.part_example(model, name, form, is_key));
            rest = after;
        }
        key + rest
    }

    fn part_example(&self, model: &str, name: &str, form: Option<&str>, is_key: bool) -> String {
        let Some(field) = self.field(model, name) else { return format!("{{{name}}}") };
        let (ty, format) = type_and_format(field);
        let ty = self.plain_type(ty);
        match (ty.as_str(), form.or(format)) {
            (ty @ ("datetime" | "naive_datetime" | "date"), form) => time_example(ty, form),
            (number, form) if is_number(number) => {
                let width = match form {
                    Some("plain" | "text") => 0,
                    Some(digits) => width(digits),
                    None if is_key => digits(number),
                    None => 0,
                };
                format!("{:0width$}", 42)
            }
            ("uuid", form) => cased("67e55044-10b1-426f-9247-bb680e5fe0c8", form),
            ("ulid", form) => cased("01HN9ZQ5V3C8J8S2W4M6K7P9RT", form),
            ("bool", _) => "true".to_owned(),
            ("string", form) => cased(&name.chars().take(1).chain(['1']).collect::<String>(), form),
            (of, form) => match self.entry(&["enums", of]).and_then(|of| variants(&of.value).first().copied()) {
                Some(variant) => {
                    let name = text_of(variant, "value").or_else(|| text_of(variant, "name"));
                    cased(name.or_else(|| variant.as_text()).unwrap_or_default(), form)
                }
                None => format!("{{{name}}}"),
            },
        }
    }

    /// A field of a model, its own or that of a mixin or its context.
    pub(super) fn field(&self, model: &str, name: &str) -> Option<&Node> {
        let own = self.entry(&["models", model, "fields", name]);
        let taken = |key: &str, section: &str| {
            let names = &self.entry(&["models", model, key])?.value;
            let of = |of: String| self.entry(&[section, &of, "fields", name]);
            super::symbols::texts(names).into_iter().find_map(of)
        };
        let field = own.or_else(|| taken("mixins", "mixins")).or_else(|| taken("context", "contexts"));
        field.map(|entry| &entry.value)
    }

    /// The names of the keys that encrypt fields.
    pub(super) fn encryption_keys(&self) -> Vec<String> {
        let definitions = ["models", "mixins"].map(|section| self.roots().filter_map(move |root| get(root, section)));
        let definitions = definitions.into_iter().flatten().flat_map(|section| entries(&section.value));
        let fields = definitions.filter_map(|of| get(&of.value, "fields")).flat_map(|fields| entries(&fields.value));
        let encrypted = fields.filter_map(|field| get(&field.value, "encrypt"));
        encrypted.filter_map(|encrypt| key_of(&encrypt.value)).map(str::to_owned).collect()
    }

    /// A type without `?`, and the type behind a scalar.
    fn plain_type(&self, ty: &str) -> String {
        let ty = ty.trim().trim_end_matches('?');
        let scalar = self.entry(&["scalars", ty]).and_then(|scalar| text_of(&scalar.value, "type"));
        scalar.map_or(ty, |ty| ty.trim_end_matches('?')).to_owned()
    }
}

/// The type of a field, and its format.
pub(super) fn type_and_format(field: &Node) -> (&str, Option<&str>) {
    match &field.kind {
        Kind::Scalar { text, .. } => (text, None),
        _ => (text_of(field, "type").unwrap_or_default(), text_of(field, "format")),
    }
}

fn variants(node: &Node) -> Vec<&Node> {
    let listed = get(node, "variants").map_or(node, |variants| &variants.value);
    match &listed.kind {
        Kind::List(items) => items.iter().collect(),
        _ => entries(listed).map(|entry| &entry.value).collect(),
    }
}

fn cased(text: &str, form: Option<&str>) -> String {
    match form {
        Some("lower") => text.to_lowercase(),
        Some("upper") => text.to_uppercase(),
        _ => text.to_owned(),
    }
}

fn time_example(ty: &str, form: Option<&str>) -> String {
    match (form, ty) {
        (Some("epoch" | "epoch_seconds"), _) => "1706702400".to_owned(),
        (Some("epoch_millis"), _) => "1706702400000".to_owned(),
        (Some("date"), _) | (_, "date") if form.is_none_or(|form| !form.contains('%')) => "2024-01-31".to_owned(),
        (Some("pydantic"), _) => "2024-01-31T12:00:00Z".to_owned(),
        (Some(pattern), _) if pattern.contains('%') => by_pattern(pattern),
        (_, "naive_datetime") => DATETIME.trim_end_matches('Z').to_owned(),
        _ => DATETIME.to_owned(),
    }
}

fn by_pattern(pattern: &str) -> String {
    let specifiers = [
        ("%Y", "2024"),
        ("%m", "01"),
        ("%d", "31"),
        ("%H", "12"),
        ("%M", "00"),
        ("%S", "00"),
        ("%3f", "000"),
        ("%6f", "000000"),
        ("%9f", "000000000"),
    ];
    specifiers.iter().fold(pattern.to_owned(), |text, (specifier, example)| text.replace(specifier, example))
}

/// The width that `06` states.
fn width(digits: &str) -> usize {
    digits.parse().unwrap_or(0).min(39)
}

fn is_number(ty: &str) -> bool {
    digits(ty) > 0 || ["f32", "f64", "decimal"].contains(&ty)
}

/// The digits of an integer in a key.
fn digits(ty: &str) -> usize {
    match words(ty).next().map(|(_, word)| word) {
        Some("i8" | "u8") => 3,
        Some("i16" | "u16") => 5,
        Some("i32" | "u32") => 10,
        Some("i64") => 19,
        Some("u64") => 20,
        Some("i128" | "u128") => 39,
        _ => 0,
    }
}
