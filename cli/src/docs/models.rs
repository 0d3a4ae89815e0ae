//! The models of the page: fields, indexes, unique values, access patterns and example items.

use super::html::Html;
use super::tables::joined;
use super::values::counted;
use super::{anchors, values};
use askama::Template;
use dyntastic_codegen::{
    AccessPattern, AccessRequest, Catalog, CatalogContext, CatalogField, CatalogIndex, CatalogKey, CatalogModel,
    CatalogPart, CatalogPartKind, CatalogShards, Cost, ModelCost, Relation,
};
use std::collections::HashSet;

/// A model.
pub(super) struct ModelView {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) doc: Html,
    pub(super) facts: Vec<(&'static str, Html)>,
    pub(super) fields: FieldsView,
    pub(super) indexes: Vec<ModelIndexView>,
    pub(super) unique: Vec<UniqueView>,
    pub(super) parts: Vec<PartView>,
    pub(super) patterns: Vec<PatternView>,
    /// The example items as DynamoDB's JSON.
    pub(super) examples: Vec<String>,
    /// Why it has none.
    pub(super) no_examples: Html,
}

/// The fields of a model or a struct.
#[derive(Template)]
#[template(path = "docs/fields.html")]
pub(super) struct FieldsView {
    /// Its name for those who do not see it.
    pub(super) label: String,
    pub(super) rows: Vec<FieldView>,
}

/// A field.
pub(super) struct FieldView {
    pub(super) id: String,
    pub(super) name: String,
    /// The owner and the name, for search.
    pub(super) path: String,
    pub(super) attribute: Option<String>,
    pub(super) ty: Html,
    pub(super) stored: Html,
    /// Its roles, in a few words.
    pub(super) badges: Vec<String>,
    pub(super) doc: Html,
    pub(super) facts: Vec<Html>,
}

/// An index as a model has it.
pub(super) struct ModelIndexView {
    pub(super) id: String,
    pub(super) name: String,
    /// A link to its items.
    pub(super) link: Html,
    pub(super) keys: Vec<KeyView>,
    pub(super) when: Html,
}

/// A key attribute and its template.
pub(super) struct KeyView {
    pub(super) attribute: String,
    pub(super) role: &'static str,
    /// `None` if the attribute is a field.
    pub(super) template: Option<String>,
    /// The shards, after the template.
    pub(super) shards: Html,
}

/// What no two items share.
pub(super) struct UniqueView {
    pub(super) fields: Html,
    pub(super) template: String,
}

/// A projection or an input.
pub(super) struct PartView {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) kind: &'static str,
    pub(super) doc: Html,
    /// What it is for, and its fields.
    pub(super) text: Html,
}

/// An access pattern.
#[derive(Template)]
#[template(path = "docs/pattern.html")]
pub(super) struct PatternView {
    pub(super) id: String,
    pub(super) function: String,
    pub(super) doc: Html,
    /// What it sends and costs, in the order in which they are read.
    pub(super) facts: Vec<(&'static str, Html)>,
    pub(super) call: String,
}

/// The models of a catalog, in their order.
pub(super) fn of(catalog: &Catalog, costs: &Cost, tables: &[String], types: &HashSet<&str>) -> Vec<ModelView> {
    let cost_of = |model: &CatalogModel| costs.models.iter().find(|cost| cost.name == model.name);
    catalog.models.iter().map(|model| view(catalog, model, cost_of(model), tables, types)).collect()
}

fn view(
    catalog: &Catalog,
    model: &CatalogModel,
    cost: Option<&ModelCost>,
    tables: &[String],
    types: &HashSet<&str>,
) -> ModelView {
    let id = anchors::model(&model.name);
    let table_id = tables.get(model.table).map_or("", String::as_str);
    let table = catalog.tables.get(model.table).map(anchors::table_name).unwrap_or_default();
    let is_sealed = |attribute: &str| model.fields.iter().any(|of| of.attribute == attribute && of.sealed.is_some());
    let mut facts = vec![("Table", Html::link(table_id, &table)), ("Hash key", key_text(&model.hash_key))];
    facts.extend(model.range_key.as_ref().map(|key| ("Range key", key_text(key))));
    let context = catalog.contexts.iter().find(|context| model.context.as_ref() == Some(&context.name));
    facts.extend(context.map(|context| ("Context", self::context(context))));
    if !model.discriminator.is_empty() {
        let pairs = model.discriminator.iter();
        let codes = pairs.map(|(attribute, value)| Html::element("code", &format!("{attribute} = {value}")));
        facts.push(("Discriminator", joined(codes.collect())));
    }
    facts.extend(model.schema_version.as_ref().map(|(attribute, version)| {
        ("Schema version", Html::markup("{}, stored as <code>{}</code>", &[&version.to_string(), attribute]))
    }));
    facts.extend(model.validate.as_ref().map(|path| ("Checked by", Html::element("code", path))));
    facts.extend(model.before_write.as_ref().map(|path| ("Changed before a write by", Html::element("code", path))));
    facts.extend(model.after_read.as_ref().map(|path| ("Changed after a read by", Html::element("code", path))));
    if model.keeps_unknown {
        facts.push(("Unknown attributes", Html::text("kept by a save")));
    }
    let relations: Vec<&Relation> = catalog.relations.iter().filter(|of| of.model == model.name).collect();
    let named_by: Vec<Html> = catalog
        .relations
        .iter()
        .filter(|of| of.target == model.name)
        .map(|of| {
            Html::link(&format!("{}.{}", anchors::model(&of.model), of.field), &format!("{}.{}", of.model, of.field))
        })
        .collect();
    if !named_by.is_empty() {
        facts.push(("Named by", joined(named_by)));
    }
    ModelView {
        name: model.name.clone(),
        doc: Html::markdown(&model.doc),
        facts,
        fields: FieldsView {
            label: format!("Fields of {}", model.name),
            rows: model
                .fields
                .iter()
                .chain(&model.computed)
                .map(|of| field(&id, &model.name, of, Some(model), &relations, types))
                .collect(),
        },
        indexes: model.indexes.iter().map(|of| index(&id, table_id, of)).collect(),
        unique: model
            .unique
            .iter()
            .map(|guard| UniqueView {
                fields: joined(guard.fields.iter().map(|name| Html::element("code", name)).collect()),
                template: guard.template.clone(),
            })
            .collect(),
        parts: model.parts.iter().map(|of| part(&id, of)).collect(),
        patterns: model
            .patterns
            .iter()
            .map(|of| {
                let function = of.function.rsplit("::").next().unwrap_or_default();
                let mut view = pattern(of, format!("{id}.fn.{}", anchors::slug(function)), Some(table_id));
                view.facts.extend(cost.and_then(|cost| cost_of(of, cost)).map(|cost| ("Cost", Html::text(&cost))));
                view
            })
            .collect(),
        examples: model.examples.iter().map(|example| values::dynamodb_json(&example.item, is_sealed)).collect(),
        no_examples: model.no_examples.as_deref().map(Html::coded).unwrap_or_default(),
        id,
    }
}

/// A context, and the fields that its clients give.
fn context(of: &CatalogContext) -> Html {
    let fields = of.fields.iter().map(|field| Html::element("code", &field.name)).collect();
    let name = Html::element("code", &of.name);
    [name, Html::text(", whose clients give "), joined(fields), Html::markdown(&of.doc)].into_iter().collect()
}

/// What a read costs by default, which is eventually consistent.
fn cost_of(pattern: &AccessPattern, cost: &ModelCost) -> Option<String> {
    if pattern.request == AccessRequest::SearchVectors {
        return Some("not counted: DynamoDB bills the bytes that a search processes".to_owned());
    }
    let read = cost.reads.iter().find(|read| read.index == pattern.index)?;
    let size = if cost.is_estimated { "an estimated" } else { "a usual" };
    let size = format!("{size} size of {}", counted(read.size, "byte"));
    let stated = pattern.query.as_ref().and_then(|name| {
        let request = cost.requests.iter().find(|request| request.is_access_pattern && request.name == *name)?;
        request.items.filter(|items| *items > 1 || pattern.limit.is_some()).map(|items| (items, request.read_units()))
    });
    let shards = pattern.shards.and_then(|count| u32::try_from(count).ok());
    let one = match shards {
        None => format!("{} for one item", read_units(read.one)),
        Some(count) => {
            format!("{} for one item in each of {count} shards", read_units(read.one * f64::from(count)))
        }
    };
    Some(match stated {
        _ if pattern.is_single => format!("{} for an item of {size}", read_units(read.one)),
        Some((items, units)) => format!("{} for {} of {size}", read_units(units), counted(items, "item")),
        None => {
            format!("{one}, and {} for a whole page of 1 MB: {} of {size}", read.page, counted(read.page_items, "item"))
        }
    })
}

fn read_units(units: f64) -> String {
    if units == 1.0 { "1 read unit".to_owned() } else { format!("{units} read units") }
}

/// A field; `model` has the keys in which it may be.
pub(super) fn field(
    owner_id: &str,
    owner: &str,
    of: &CatalogField,
    model: Option<&CatalogModel>,
    relations: &[&Relation],
    types: &HashSet<&str>,
) -> FieldView {
    let mut badges = Vec::new();
    if let Some(model) = model {
        badges.extend(key_badges(model, &of.name));
    }
    let flags = [(of.unique, "unique"), (of.sensitive, "sensitive"), (of.optional && of.role.is_none(), "optional")];
    badges.extend(flags.into_iter().filter(|(is, _)| *is).map(|(_, badge)| badge.to_owned()));
    badges.extend(of.role.map(|role| role.replace('_', " ")));
    badges.extend(of.computed.as_ref().map(|_| "computed".to_owned()));
    let computed = of.computed.as_ref().map(|by| Html::element("code", by));
    let mut facts: Vec<Html> =
        computed.into_iter().chain(of.constraints.iter().map(|text| Html::coded(text))).collect();
    match &of.json {
        Some(json) if *json != of.name => {
            facts.push([Html::text("in JSON "), Html::element("code", json)].into_iter().collect());
        }
        Some(_) => {}
        None => facts.push(Html::text("not in JSON")),
    }
    if let Some(default) = &of.default {
        facts.push([Html::text("default "), Html::coded(default)].into_iter().collect());
    }
    for relation in relations.iter().filter(|relation| relation.field == of.name) {
        let anchor = anchors::model(&relation.target);
        facts.push([Html::text("names an item of "), Html::link(&anchor, &relation.target)].into_iter().collect());
    }
    FieldView {
        id: format!("{owner_id}.{}", of.name),
        name: of.name.clone(),
        path: format!("{owner}.{}", of.name),
        attribute: (of.attribute != of.name).then(|| of.attribute.clone()),
        ty: type_html(of, types),
        stored: Html::coded(&of.stored),
        badges,
        doc: Html::markdown(&of.doc),
        facts,
    }
}

/// A type with a link to the definition in it.
fn type_html(of: &CatalogField, types: &HashSet<&str>) -> Html {
    let named = of.named_type.as_deref().filter(|name| types.contains(name));
    match named.and_then(|name| Some((name, of.ty.split_once(name)?))) {
        Some((name, (before, after))) => {
            Html::markup("<code>{}<a href=\"#{}\">{}</a>{}</code>", &[before, &anchors::ty(name), name, after])
        }
        None => Html::element("code", &of.ty),
    }
}

fn part(model_id: &str, of: &CatalogPart) -> PartView {
    let (kind, what) = match of.kind {
        CatalogPartKind::Create => ("input", "An input that makes an item, with "),
        CatalogPartKind::Patch => ("patch", "An input that changes an item: any of "),
        _ => ("projection", "A projection, for reads of "),
    };
    let fields = of.fields.iter().map(|name| Html::link(&format!("{model_id}.{name}"), name));
    PartView {
        id: format!("{model_id}.part.{}", of.name),
        name: of.name.clone(),
        kind,
        doc: Html::markdown(&of.doc),
        text: [Html::text(what), joined(fields.collect())].into_iter().collect(),
    }
}

/// The keys that a field is in.
fn key_badges(model: &CatalogModel, field: &str) -> Vec<String> {
    let is_in = |key: &CatalogKey| {
        key.segments
            .iter()
            .any(|part| matches!(part, dyntastic_codegen::KeySegment::Field { name, .. } if name == field))
    };
    let mut badges = Vec::new();
    if is_in(&model.hash_key) {
        badges.push("hash key".to_owned());
    }
    if model.range_key.as_ref().is_some_and(is_in) {
        badges.push("range key".to_owned());
    }
    let has = |index: &&CatalogIndex| index.hash_key.iter().chain(&index.range_key).any(is_in);
    badges.extend(model.indexes.iter().filter(has).map(|index| format!("key of {}", index.index_name)));
    badges
}

fn index(model_id: &str, table_id: &str, of: &CatalogIndex) -> ModelIndexView {
    let keys = of.hash_key.iter().map(|key| (key, "Hash key")).chain(of.range_key.iter().map(|key| (key, "range key")));
    let when = of.when.iter().map(|(field, values)| {
        let values: Vec<Html> = values.iter().map(|value| Html::element("code", value)).collect();
        [Html::element("code", field), Html::text(" is "), joined(values)].into_iter().collect::<Html>()
    });
    ModelIndexView {
        id: format!("{model_id}.index.{}", of.name),
        name: of.index_name.clone(),
        link: Html::link(&format!("{table_id}.index.{}", anchors::slug(&of.index_name)), "examples in their order"),
        keys: keys
            .map(|(key, role)| KeyView {
                attribute: key.attribute.clone(),
                role,
                template: (!key.is_field).then(|| key.template.clone()),
                shards: shards(key),
            })
            .collect(),
        when: joined(when.collect()),
    }
}

fn key_text(key: &CatalogKey) -> Html {
    match key.is_field {
        true => Html::element("code", &key.attribute),
        false => {
            let text = Html::markup("<code>{}</code> = <code>{}</code>", &[&key.attribute, &key.template]);
            [text, shards(key)].into_iter().collect()
        }
    }
}

/// The shards of a key, and the fields that choose one; empty without shards.
fn shards(key: &CatalogKey) -> Html {
    let Some(CatalogShards { count, by, .. }) = &key.shards else { return Html::text("") };
    let by = by.iter().map(|field| Html::element("code", field)).collect();
    [Html::text(&format!(" in {count} shards by ")), joined(by)].into_iter().collect()
}

/// An access pattern; `table_id` is the anchor of its table, for a link to its index.
pub(super) fn pattern(of: &AccessPattern, id: String, table_id: Option<&str>) -> PatternView {
    let mut request = Html::element("strong", of.request.name());
    if let Some(index) = &of.index {
        request.push(&Html::text(" of the index "));
        request.push(&match table_id {
            Some(table) => Html::link(&format!("{table}.index.{}", anchors::slug(index)), index),
            None => Html::element("code", index),
        });
    }
    if of.descending {
        request.push(&Html::text(", the last items first"));
    }
    if let Some(limit) = of.limit {
        request.push(&Html::text(&format!(", at most {}", counted(limit.into(), "item"))));
    }
    let mut facts = vec![("Request", request)];
    if !of.conditions.is_empty() {
        facts.push((
            "Key",
            of.conditions.iter().map(|text| Html::markup("<code class=\"line\">{}</code>", &[text])).collect(),
        ));
    }
    if !of.parameters.is_empty() {
        let parameters = of.parameters.iter().map(|of| Html::markup("<code>{}: {}</code>", &[&of.name, &of.ty]));
        facts.push(("Takes", joined(parameters.collect())));
    }
    PatternView { id, function: of.function.clone(), doc: Html::markdown(&of.doc), facts, call: of.call.clone() }
}
