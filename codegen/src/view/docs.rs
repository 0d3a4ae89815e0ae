//! The doc comments of emitted items: the schema's own docs, then the facts that the schema implies.

use crate::model::{
    Computation, Computed, Context, DERIVES, Distance, Doc, EnumType, EnumValue, EnumVariant, Field, Index, Input,
    JsonName, KeyAttribute, Literal, Model, Projection, ProjectionStruct, Query, Seal, Setting, StructType, Type,
    UnionType, UnionVariant, VectorIndex, When, lifetime,
};
use crate::text::show;
use crate::view::constraints;
use crate::view::defaults::{default_text, literal_text};
use crate::view::rust::{identifier, literal};
use dyntastic_templates::MethodLinkView;

/// The article of a name.
pub(crate) fn article(name: &str) -> &'static str {
    if name.starts_with(['A', 'E', 'I', 'O']) { "an" } else { "a" }
}

/// The doc of a context's struct.
pub(crate) fn context(context: &Context) -> Doc {
    let doc = match context.doc.as_slice() {
        [] => vec!["What a client's models have in their keys.".to_owned()],
        doc => doc.to_vec(),
    };
    with_line(doc, context.line.as_deref())
}

/// Text as the lines of a doc comment.
pub(crate) fn lines(doc: &[String]) -> Vec<String> {
    doc.iter().map(|line| if line.is_empty() { literal("") } else { literal(&format!(" {line}")) }).collect()
}

/// The doc of a model's struct: the schema's doc, then its table and key, its indexes, and its access patterns.
pub(crate) fn model(model: &Model, table: &str) -> Doc {
    let key = match &model.range_key {
        None => format!("hash key {}", hash_key(&model.hash_key)),
        Some(range_key) => format!("hash key {}, range key {}", hash_key(&model.hash_key), code(&range_key.text())),
    };
    let stored = format!("{}: {key}.", capital(table));
    let mut doc = match model.doc.as_slice() {
        [] => vec![format!("An item of {table}: {key}.")],
        doc => and_then(doc, stored),
    };
    doc = with_line(doc, model.line.as_deref());
    let indexes = model.indexes.iter().map(|index| {
        let link = MethodLinkView { method: &format!("query_{}", index.name) };
        format!("- {link}: the index {}, {}", code(&index.index_name), index_key(index))
    });
    let vectors = model.vector_indexes.iter().map(|index| {
        let link = MethodLinkView { method: &format!("search_{}", index.name) };
        let (name, attribute) = (code(&index.definition.index_name), code(&index.definition.attribute));
        format!("- {link}: the vector index {name}, by {attribute}")
    });
    let queries = model.queries.iter().map(|query| {
        let link = MethodLinkView { method: &identifier(&query.name) };
        format!("- {link}: {} by {}", query.source_text, queried(query))
    });
    if let Some(path) = &model.hooks.before_write {
        doc.push(String::new());
        doc.push(format!(
            "Each write stores the item as {} leaves it, so items are written as a whole alone.",
            code(path)
        ));
    }
    if let Some(path) = &model.hooks.after_read {
        doc.push(String::new());
        doc.push(format!(
            "Each read of a whole item returns it as {} leaves it; structs with a part of the fields have the stored values.",
            code(path)
        ));
    }
    let ways: Vec<String> = indexes.chain(vectors).chain(queries).collect();
    if !ways.is_empty() {
        doc.push(String::new());
        doc.extend(ways);
    }
    doc
}

/// A hash key, and its shards: "`DAY#{day}` in 16 shards".
pub(crate) fn hash_key(key: &KeyAttribute) -> String {
    match &key.shards {
        Some(shards) => format!("{} in {} shards", code(&key.text()), shards.count),
        None => code(&key.text()),
    }
}

fn index_key(index: &Index) -> String {
    let mut key = format!("hash key {}", and_words(index.hash_key.iter().map(hash_key)));
    if !index.range_key.is_empty() {
        key.push_str(&format!(", range key {}", codes(index.range_key.iter().map(KeyAttribute::text))));
    }
    key
}

/// The condition of an index, for its doc; empty without one.
fn condition(when: &[When]) -> String {
    let values = |of: &When| {
        let texts = of.values.iter().map(|value| match value {
            Literal::Text(text) => code(text),
            Literal::Variant(_, variant) => code(variant),
            value => code(&literal_text(value)),
        });
        format!("{} is {}", code(&of.field.name), texts.collect::<Vec<_>>().join(" or "))
    };
    match when {
        [] => String::new(),
        when => format!("; items are in it while {}", when.iter().map(values).collect::<Vec<_>>().join(" and ")),
    }
}

/// The link to a struct in docs. A derive macro of std can have the same name, so `struct@` distinguishes them.
pub(crate) fn link(name: &str) -> String {
    if DERIVES.contains(&name) { format!("struct@{name}") } else { name.to_owned() }
}

/// The doc of an index's type.
pub(crate) fn index(model: &Model, index: &Index) -> Doc {
    let kind = if index.local { "local" } else { "global" };
    let (name, key) = (code(&index.index_name), index_key(index));
    let when = condition(&index.when);
    let of = format!("the {kind} secondary index {name} of [`{}`]: {key}{when}.", link(&model.name));
    match index.projection {
        Projection::All => vec![capital(&of)],
        Projection::Fields { .. } => vec![format!("An item in {of}")],
    }
}

/// The doc of the struct of a vector index.
pub(crate) fn vector_index(model: &Model, index: &VectorIndex) -> Doc {
    let of = &index.definition;
    let mut doc = format!(
        "An item in the vector index {} of [`{}`]: {} by {}",
        code(&of.index_name),
        link(&model.name),
        code(&of.attribute),
        distance(of.distance)
    );
    if let Some(key) = &index.hash_key {
        doc.push_str(&format!(", hash key {}", code(&key.attribute)));
    }
    if !of.filterable.is_empty() {
        doc.push_str(&format!(", filterable {}", codes(of.filterable.iter().map(|(name, _)| name.clone()))));
    }
    vec![doc + "."]
}

/// The function of a vector index in words.
fn distance(of: Distance) -> &'static str {
    match of {
        Distance::Cosine => "cosine",
        Distance::Euclidean => "Euclidean distance",
        Distance::DotProduct => "dot product",
    }
}

/// The doc of a projection's struct.
pub(crate) fn projection(model: &Model, projection: &ProjectionStruct) -> Doc {
    match projection.doc.as_slice() {
        [] => vec![format!("Some attributes of [`{}`], for reads that need no others.", link(&model.name))],
        doc => doc.to_vec(),
    }
}

/// The doc of the input that makes an item.
pub(crate) fn create(model: &Model, input: &Input) -> Doc {
    let mut doc = vec![format!("The values of a new [`{}`], as a client sends them.", link(&model.name))];
    let missing = input.missing(model);
    if input.fields.iter().any(Field::has_default) {
        doc.extend([String::new(), "A value that has a default may be absent.".to_owned()]);
    }
    if !missing.is_empty() {
        let setters = codes(missing.iter().map(|field| field.name.clone()));
        doc.extend([String::new(), format!("A builder made from it still needs {setters}.")]);
    }
    doc
}

const STAYS: &str = "An absent field stays as it is. A field that is no patch itself is replaced.";

/// The doc of the input that changes an item.
pub(crate) fn patch(model: &Model) -> Doc {
    vec![format!("A patch of [`{}`], as a client sends it.", link(&model.name)), String::new(), STAYS.to_owned()]
}

/// The doc of the patch of a struct that is stored inside an item.
pub(crate) fn patch_of_struct(of: &StructType) -> Doc {
    vec![
        format!("A patch of [`{}`] inside an item, as a client sends it.", link(&of.name)),
        String::new(),
        STAYS.to_owned(),
    ]
}

/// The doc of a struct that is stored inside an item.
pub(crate) fn structure(of: &StructType) -> Doc {
    let doc = match of.doc.as_slice() {
        [] => vec!["A value that is stored as a map.".to_owned()],
        doc => doc.to_vec(),
    };
    with_line(doc, of.line.as_deref())
}

/// The doc of an enum.
pub(crate) fn enumeration(of: &EnumType) -> Doc {
    let doc = match of.doc.as_slice() {
        [] if of.is_number() => vec!["One of several values, stored as a number.".to_owned()],
        [] => vec!["One of several values, stored as text.".to_owned()],
        doc => doc.to_vec(),
    };
    with_line(doc, of.line.as_deref())
}

/// The doc of an enum's variant.
pub(crate) fn enum_variant(variant: &EnumVariant) -> Doc {
    let stored = match &variant.value {
        EnumValue::Text(text) => format!("Stored as {}.", code(text)),
        EnumValue::Number(number) => format!("Stored as `{number}`."),
    };
    let stored = match &variant.json_name {
        Some(name) => format!("{stored} In JSON {}.", code(name)),
        None => stored,
    };
    and_then(&variant.doc, stored)
}

/// The doc of a union.
pub(crate) fn union(of: &UnionType) -> Doc {
    let doc = match of.doc.as_slice() {
        [] => vec![format!("One of several variants, stored as a map whose {} names the variant.", code(&of.tag))],
        doc => doc.to_vec(),
    };
    with_line(doc, of.line.as_deref())
}

/// The doc of a union's variant.
pub(crate) fn union_variant(of: &UnionType, variant: &UnionVariant) -> Doc {
    and_then(&variant.doc, format!("A map whose {} is {}.", code(&of.tag), code(&variant.value)))
}

/// The schema's doc, then an implied fact.
fn and_then(doc: &[String], implied: String) -> Doc {
    match doc {
        [] => vec![implied],
        doc => doc.iter().cloned().chain([String::new(), implied]).collect(),
    }
}

/// The doc of a query that the schema names.
pub(crate) fn query(query: &Query) -> Doc {
    and_then(&query.doc, format!("Queries {} by {}{}.", query.source_text, queried(query), at_once(query.shards)))
}

/// That a query asks so many shards; empty if it asks one.
pub(crate) fn at_once(shards: Option<usize>) -> String {
    shards.map(|count| format!(", in {count} shards at once")).unwrap_or_default()
}

/// The fields that a query compares.
fn queried(query: &Query) -> String {
    let asked = match query.range.as_slice() {
        [] => String::new(),
        range => format!(", and a range of {}", and(range.iter().map(|asked| &asked.range_key))),
    };
    format!("{}{asked}", and(&query.hash_key))
}

/// The attributes of fields, as a list in words.
fn and<'f>(fields: impl IntoIterator<Item = &'f Field>) -> String {
    codes(fields.into_iter().map(|field| field.attribute.clone()))
}

fn codes(texts: impl IntoIterator<Item = String>) -> String {
    and_words(texts.into_iter().map(|text| code(&text)))
}

/// A list in words: "one, two and three".
fn and_words(texts: impl IntoIterator<Item = String>) -> String {
    let texts: Vec<String> = texts.into_iter().collect();
    match texts.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => texts.concat(),
    }
}

/// The doc of the method of a computed field.
pub(crate) fn computed(of: &Computed) -> Doc {
    let mut fact = match &of.by {
        Computation::Text { .. } => {
            let fields = of.by.fields();
            let optional = fields.iter().filter(|field| matches!(field.ty, Type::Optional(_)));
            let optional: Vec<String> = optional.map(|field| code(&field.name)).collect();
            let absent = if optional.is_empty() { "" } else { "; `None` without " };
            format!("Computed: {}{absent}{}.", code(&of.by.text()), optional.join(" or "))
        }
        Computation::Expiry { seconds, from } => {
            let name = code(&from.name);
            let fact = format!("DynamoDB removes the item {} after {name}.", code(&lifetime(*seconds)));
            match from.ty {
                Type::Optional(_) => format!("{fact} `None` without {name}."),
                _ => fact,
            }
        }
        Computation::Function { path, .. } => {
            format!("Computed by {} of {}.", code(path), codes(of.by.fields().iter().map(|field| field.name.clone())))
        }
    };
    if of.field.name != of.field.attribute {
        fact.push_str(&format!(" The attribute {}.", code(&of.field.attribute)));
    }
    with_line(and_then(&of.field.doc, fact), of.field.line.as_deref())
}

/// The doc of a field: the schema's doc, its role in the table, its constraints and its default. It is empty where the
/// name and the type say everything.
pub(crate) fn field(field: &Field, role: Option<&str>) -> Doc {
    let mut facts = Vec::new();
    let attribute = (field.name != field.attribute).then(|| code(&field.attribute));
    match (role, attribute) {
        (None, None) => {}
        (None, Some(attribute)) => facts.push(format!("The attribute {attribute}.")),
        (Some(role), None) => facts.push(format!("{}.", capital(role))),
        (Some(role), Some(attribute)) => facts.push(format!("{}, the attribute {attribute}.", capital(role))),
    }
    facts.extend(field.seal.as_ref().map(seal));
    match &field.json_name {
        JsonName::Derived(_) => {}
        JsonName::Own(name) => facts.push(format!("In JSON {}.", code(name))),
        JsonName::Skipped => facts.push("Not in JSON.".to_owned()),
    }
    let constraints = constraints::text(field);
    if !constraints.is_empty() {
        facts.push(format!("{}.", capital(&constraints)));
    }
    match field.lifetime {
        Some(seconds) => {
            facts.push(format!("DynamoDB removes the item {} after each write.", code(&lifetime(seconds))))
        }
        None => facts.extend(default_text(&field.default).map(|default| format!("Default: {default}."))),
    }
    let doc = match (field.doc.as_slice(), facts.is_empty()) {
        ([], true) => Doc::new(),
        ([], false) => vec![facts.join(" ")],
        (doc, true) => doc.to_vec(),
        (doc, false) => and_then(doc, facts.join(" ")),
    };
    with_line(doc, field.line.as_deref())
}

/// How a field is sealed: "Encrypted with the key `personal`."
fn seal(of: &Seal) -> String {
    let by = of.encryption.as_ref().map(|encryption| {
        let plain = if encryption.reads_unencrypted { "; values stored before it was are read too" } else { "" };
        let hash = encryption.hash.as_deref();
        let hash = hash.map(|hash| format!("; {} has the hash of each value", code(hash))).unwrap_or_default();
        format!(" with the key {}{plain}{hash}", code(&encryption.key))
    });
    capital(&format!("{}{}.", of.text(), by.unwrap_or_default()))
}

/// The doc with the line of the schema, if docs name lines.
fn with_line(doc: Doc, line: Option<&str>) -> Doc {
    match line.map(code) {
        None => doc,
        Some(line) if doc.is_empty() => vec![line],
        Some(line) => and_then(&doc, line),
    }
}

/// The name of a table in docs.
pub(crate) fn table(name: &Setting) -> String {
    match name {
        Setting::Value(name) => format!("the table {}", code(name)),
        Setting::Env { variable, default: None } => {
            format!("the table named by the environment variable {}", code(variable))
        }
        Setting::Env { variable, default: Some(default) } => {
            format!("the table named by the environment variable {} (default {})", code(variable), code(default))
        }
    }
}

/// A schema's text as code in a doc.
fn code(text: &str) -> String {
    format!("`{}`", show(text).replace('`', "'"))
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
