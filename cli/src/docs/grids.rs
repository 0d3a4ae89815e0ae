//! Grids of items: the items of a table or an index in the order of their keys.

use super::html::Html;
use super::{anchors, values};
use askama::Template;
use dyntastic_codegen::{Catalog, CatalogModel, CatalogTable, LiveItem, LiveValue};
use std::cmp::Ordering;

/// Items under the keys by which DynamoDB finds them.
#[derive(Template)]
#[template(path = "docs/grid.html")]
pub(super) struct Grid {
    /// Its name for those who do not see it.
    pub(super) label: String,
    pub(super) heads: Vec<Head>,
    /// Whether each row names its model.
    pub(super) has_models: bool,
    /// The items of each hash key.
    pub(super) groups: Vec<Group>,
}

/// The head of a key's column.
pub(super) struct Head {
    pub(super) attribute: String,
    /// `hash key` or `range key`.
    pub(super) role: &'static str,
}

/// The items of one hash key.
pub(super) struct Group {
    pub(super) hash_key: Vec<Html>,
    pub(super) rows: Vec<Row>,
}

/// An item.
pub(super) struct Row {
    pub(super) range_key: Vec<Html>,
    pub(super) model: Html,
    /// The colour of its model, from 0.
    pub(super) hue: usize,
    pub(super) attributes: Vec<AttributeView>,
}

/// An attribute besides the keys of the columns.
pub(super) struct AttributeView {
    pub(super) name: String,
    pub(super) letter: &'static str,
    pub(super) value: Html,
    /// Whether it is a key of the table or of an index.
    pub(super) is_key: bool,
}

/// The number of colours of models.
const HUES: usize = 8;

/// An example item with the model that it is of, or whose guard it is.
#[derive(Clone)]
pub(super) struct Sample<'c> {
    pub(super) item: &'c LiveItem,
    pub(super) model: &'c str,
    pub(super) is_guard: bool,
    /// The attributes of the model's fields, in the order of the schema.
    order: Vec<&'c str>,
    /// The attributes with sealed values, each with what they are.
    sealed: Vec<(&'c str, &'static str)>,
    /// The words for it in the grid, with a link.
    shown: Html,
    hue: usize,
}

/// The example items of a table's models, and their guards.
pub(super) fn samples<'c>(catalog: &'c Catalog, table: &CatalogTable) -> Vec<Sample<'c>> {
    let models = catalog.models.iter().filter(|model| table.models.contains(&model.name)).enumerate();
    models.flat_map(|(hue, model)| of_model(model, hue)).collect()
}

fn of_model(model: &CatalogModel, hue: usize) -> Vec<Sample<'_>> {
    let link = Html::link(&anchors::model(&model.name), &model.name);
    let guard: Html = [Html::text("guard of "), link.clone()].into_iter().collect();
    let sample = |item, is_guard| Sample {
        item,
        model: &model.name,
        is_guard,
        order: model.fields.iter().chain(&model.computed).map(|field| field.attribute.as_str()).collect(),
        sealed: model.fields.iter().filter_map(|field| Some((field.attribute.as_str(), field.sealed?))).collect(),
        shown: if is_guard { guard.clone() } else { link.clone() },
        hue: hue % HUES,
    };
    let items = model.examples.iter().map(|example| sample(&example.item, false));
    let guards = model.examples.iter().flat_map(|example| &example.guards).map(|item| sample(item, true));
    items.chain(guards).collect()
}

/// What a grid shows of items.
pub(super) struct Keys<'k> {
    pub(super) hash: Vec<&'k str>,
    pub(super) range: Vec<&'k str>,
    /// The other attributes that it shows; `None` for all.
    pub(super) include: Option<Vec<&'k str>>,
    /// The key attributes of the table and all indexes.
    pub(super) marked: &'k [&'k str],
}

impl Grid {
    /// The grid of these items; `None` if no item has the keys.
    pub(super) fn of(label: String, keys: &Keys<'_>, samples: &[Sample<'_>], has_models: bool) -> Option<Self> {
        let all = || keys.hash.iter().chain(&keys.range);
        let is_in = |sample: &&Sample<'_>| all().all(|name| sample.item.contains_key(*name));
        let mut rows: Vec<(Vec<&LiveValue>, &Sample<'_>)> = Vec::new();
        for sample in samples.iter().filter(is_in) {
            rows.push((all().filter_map(|name| sample.item.get(*name)).collect(), sample));
        }
        rows.sort_by(|(one, _), (other, _)| {
            let orders = one.iter().zip(other).map(|(one, other)| values::order(one, other));
            orders.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        });
        let mut groups: Vec<(Vec<&LiveValue>, Group)> = Vec::new();
        for (key, sample) in rows {
            let (hash, range) = key.split_at_checked(keys.hash.len()).unwrap_or((&key, &[]));
            if groups.last().is_none_or(|(last, _)| last != hash) {
                let hash_key = hash.iter().map(|value| values::key(value)).collect();
                groups.push((hash.to_vec(), Group { hash_key, rows: Vec::new() }));
            }
            if let Some((_, group)) = groups.last_mut() {
                group.rows.push(row(keys, range, sample));
            }
        }
        let head = |role| move |name: &&str| Head { attribute: (*name).to_owned(), role };
        let heads = keys.hash.iter().map(head("hash key")).chain(keys.range.iter().map(head("range key"))).collect();
        let groups: Vec<Group> = groups.into_iter().map(|(_, group)| group).collect();
        (!groups.is_empty()).then_some(Self { label, heads, has_models, groups })
    }
}

fn row(keys: &Keys<'_>, range: &[&LiveValue], sample: &Sample<'_>) -> Row {
    let is_shown = |name: &str| {
        let is_column = keys.hash.iter().chain(&keys.range).any(|key| *key == name);
        !is_column && keys.include.as_ref().is_none_or(|include| include.contains(&name))
    };
    let shown = sample.item.iter().filter(|(name, _)| is_shown(name)).map(|(name, value)| {
        let sealed = sample.sealed.iter().find(|(sealed, _)| *sealed == name).filter(|_| !sample.is_guard);
        let (letter, value) = match sealed {
            Some((_, how)) => ("B", Html::text(how)),
            None => (values::letter(value), values::shown(value)),
        };
        AttributeView { name: name.clone(), letter, value, is_key: keys.marked.contains(&name.as_str()) }
    });
    let mut attributes: Vec<AttributeView> = shown.collect();
    // Keys come first, then the attributes that are not fields.
    let place = |of: &AttributeView| sample.order.iter().position(|name| *name == of.name);
    attributes.sort_by_key(|attribute| (!attribute.is_key, place(attribute)));
    Row {
        range_key: range.iter().map(|value| values::key(value)).collect(),
        model: sample.shown.clone(),
        hue: sample.hue,
        attributes,
    }
}
