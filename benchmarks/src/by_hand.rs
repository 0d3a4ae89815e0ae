//! The code that users write without a layer: structs with serde's derives, and conversions from and to the SDK's
//! attribute maps.

use crate::models;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::str::FromStr;

pub type Attributes = HashMap<String, AttributeValue>;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Product {
    pub id: String,
    pub sort: i64,
    pub name: String,
    pub description: Option<String>,
    pub price: f64,
    pub qty: i64,
    pub active: bool,
    pub tags: Vec<String>,
    pub dims: Dims,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dims {
    pub w: f64,
    pub h: f64,
    pub label: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Flat {
    pub id: String,
    pub sort: i64,
    pub name: String,
    pub description: Option<String>,
    pub price: f64,
    pub qty: i64,
    pub active: bool,
}

impl From<&models::Product> for Product {
    fn from(of: &models::Product) -> Self {
        Self {
            id: of.id.clone(),
            sort: of.sort,
            name: of.name.clone(),
            description: of.description.clone(),
            price: of.price,
            qty: of.qty,
            active: of.active,
            tags: of.tags.clone(),
            dims: Dims { w: of.dims.w, h: of.dims.h, label: of.dims.label.clone() },
        }
    }
}

pub fn text(item: &mut Attributes, name: &str) -> Option<String> {
    match item.remove(name) {
        Some(AttributeValue::S(text)) => Some(text),
        _ => None,
    }
}

pub fn number<T: FromStr>(item: &mut Attributes, name: &str) -> Option<T> {
    match item.remove(name) {
        Some(AttributeValue::N(text)) => text.parse().ok(),
        _ => None,
    }
}

pub fn flat_of(mut item: Attributes) -> Option<Flat> {
    Some(Flat {
        id: text(&mut item, "id")?,
        sort: number(&mut item, "sort")?,
        name: text(&mut item, "name")?,
        description: text(&mut item, "description"),
        price: number(&mut item, "price")?,
        qty: number(&mut item, "qty")?,
        active: matches!(item.remove("active"), Some(AttributeValue::Bool(true))),
    })
}

pub fn product_of(mut item: Attributes) -> Option<Product> {
    let tags = match item.remove("tags") {
        Some(AttributeValue::L(tags)) => tags,
        _ => return None,
    };
    let mut dims = match item.remove("dims") {
        Some(AttributeValue::M(dims)) => dims,
        _ => return None,
    };
    let tag = |tag| match tag {
        AttributeValue::S(tag) => Some(tag),
        _ => None,
    };
    let flat = flat_of(item)?;
    Some(Product {
        id: flat.id,
        sort: flat.sort,
        name: flat.name,
        description: flat.description,
        price: flat.price,
        qty: flat.qty,
        active: flat.active,
        tags: tags.into_iter().filter_map(tag).collect(),
        dims: Dims { w: number(&mut dims, "w")?, h: number(&mut dims, "h")?, label: text(&mut dims, "label")? },
    })
}

pub fn flat_to(of: &models::Flat) -> Attributes {
    let text = |text: &String| AttributeValue::S(text.clone());
    let number = |number: &dyn std::fmt::Display| AttributeValue::N(number.to_string());
    let mut item = HashMap::from([
        ("id".to_owned(), text(&of.id)),
        ("sort".to_owned(), number(&of.sort)),
        ("name".to_owned(), text(&of.name)),
        ("price".to_owned(), number(&of.price)),
        ("qty".to_owned(), number(&of.qty)),
        ("active".to_owned(), AttributeValue::Bool(of.active)),
    ]);
    if let Some(description) = &of.description {
        item.insert("description".to_owned(), text(description));
    }
    item
}

pub fn product_to(of: &models::Product) -> Attributes {
    let text = |text: &String| AttributeValue::S(text.clone());
    let number = |number: &dyn std::fmt::Display| AttributeValue::N(number.to_string());
    let dims = HashMap::from([
        ("w".to_owned(), number(&of.dims.w)),
        ("h".to_owned(), number(&of.dims.h)),
        ("label".to_owned(), text(&of.dims.label)),
    ]);
    let mut item = HashMap::from([
        ("id".to_owned(), text(&of.id)),
        ("sort".to_owned(), number(&of.sort)),
        ("name".to_owned(), text(&of.name)),
        ("price".to_owned(), number(&of.price)),
        ("qty".to_owned(), number(&of.qty)),
        ("active".to_owned(), AttributeValue::Bool(of.active)),
        ("tags".to_owned(), AttributeValue::L(of.tags.iter().map(text).collect())),
        ("dims".to_owned(), AttributeValue::M(dims)),
    ]);
    if let Some(description) = &of.description {
        item.insert("description".to_owned(), text(description));
    }
    item
}
