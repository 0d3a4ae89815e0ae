//! Structs with serde's derives for the page, for all tokenizers that serve serde. Each value is an object that names
//! its type, and is read directly into its field.

use dyntastic_benchmarks::by_hand::{Dims, Product};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::fmt::Display;
use std::str::FromStr;

#[derive(Deserialize)]
pub struct Page {
    #[serde(rename = "Items")]
    items: Vec<Item>,
}

impl Page {
    /// The items, in the same allocation.
    pub fn products(self) -> Vec<Product> {
        self.items.into_iter().map(|item| item.0).collect()
    }
}

#[derive(Deserialize)]
struct Item(#[serde(with = "TypedProduct")] Product);

#[derive(Deserialize)]
#[serde(remote = "Product")]
struct TypedProduct {
    #[serde(deserialize_with = "text")]
    id: String,
    #[serde(deserialize_with = "number")]
    sort: i64,
    #[serde(deserialize_with = "text")]
    name: String,
    #[serde(default, deserialize_with = "optional_text")]
    description: Option<String>,
    #[serde(deserialize_with = "number")]
    price: f64,
    #[serde(deserialize_with = "number")]
    qty: i64,
    #[serde(deserialize_with = "boolean")]
    active: bool,
    #[serde(deserialize_with = "texts")]
    tags: Vec<String>,
    #[serde(deserialize_with = "dims")]
    dims: Dims,
}

#[derive(Deserialize)]
#[serde(remote = "Dims")]
struct TypedDims {
    #[serde(deserialize_with = "number")]
    w: f64,
    #[serde(deserialize_with = "number")]
    h: f64,
    #[serde(deserialize_with = "text")]
    label: String,
}

#[derive(Deserialize)]
struct Text {
    #[serde(rename = "S")]
    text: String,
}

fn text<'de, D: Deserializer<'de>>(json: D) -> Result<String, D::Error> {
    Text::deserialize(json).map(|value| value.text)
}

fn optional_text<'de, D: Deserializer<'de>>(json: D) -> Result<Option<String>, D::Error> {
    text(json).map(Some)
}

fn number<'de, D: Deserializer<'de>, T: FromStr<Err: Display>>(json: D) -> Result<T, D::Error> {
    #[derive(Deserialize)]
    struct Number<'j> {
        #[serde(rename = "N", borrow)]
        digits: Cow<'j, str>,
    }
    Number::deserialize(json)?.digits.parse().map_err(D::Error::custom)
}

fn boolean<'de, D: Deserializer<'de>>(json: D) -> Result<bool, D::Error> {
    #[derive(Deserialize)]
    struct Bool {
        #[serde(rename = "BOOL")]
        is: bool,
    }
    Bool::deserialize(json).map(|value| value.is)
}

fn texts<'de, D: Deserializer<'de>>(json: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    struct Texts {
        #[serde(rename = "L")]
        texts: Vec<Text>,
    }
    Texts::deserialize(json).map(|value| value.texts.into_iter().map(|element| element.text).collect())
}

fn dims<'de, D: Deserializer<'de>>(json: D) -> Result<Dims, D::Error> {
    #[derive(Deserialize)]
    struct Map {
        #[serde(rename = "M", with = "TypedDims")]
        dims: Dims,
    }
    Map::deserialize(json).map(|value| value.dims)
}
