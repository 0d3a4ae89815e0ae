//! The prices of units.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// The hours of a month, as AWS calculates.
const HOURS: f64 = 730.0;

/// The highest price, far above those of any currency, so that what is calculated with it is a number.
const HIGHEST: f64 = 1e9;

/// The prices of read and write units in a region, without storage, taxes, free tiers and discounts.
///
/// ```
/// use dyntastic_codegen::Prices;
///
/// let own = Prices::of_json(
///     r#"{
///     "source": "our contract", "date": "2026-01-01", "region": "eu-west-1", "currency": "EUR",
///     "standard": { "on_demand": { "read": 0.1, "write": 0.6 }, "provisioned": { "read": 0.0001, "write": 0.0006 } },
///     "standard_infrequent_access": {
///         "on_demand": { "read": 0.2, "write": 0.8 }, "provisioned": { "read": 0.0002, "write": 0.0009 }
///     } }"#,
/// )?;
/// assert_eq!((own.currency.as_str(), Prices::default().currency.as_str()), ("EUR", "USD"));
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Prices {
    /// The page or the contract that they are from.
    #[serde(deserialize_with = "printable")]
    pub source: String,
    /// The day since which they hold, such as `2024-11-01`.
    #[serde(deserialize_with = "printable")]
    pub date: String,
    /// The region.
    #[serde(deserialize_with = "printable")]
    pub region: String,
    /// The currency, such as `USD`.
    #[serde(deserialize_with = "printable")]
    pub currency: String,
    /// Those of tables of the class Standard.
    pub standard: ClassPrices,
    /// Those of tables of the class Standard-Infrequent Access.
    pub standard_infrequent_access: ClassPrices,
}

/// The prices of tables of one class.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ClassPrices {
    /// A million units of a table that is paid per request.
    pub on_demand: UnitPrices,
    /// A unit per second of a table with provisioned throughput, for an hour.
    pub provisioned: UnitPrices,
}

/// The prices of read and of write units.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct UnitPrices {
    /// Of read units.
    #[serde(deserialize_with = "price")]
    pub read: f64,
    /// Of write units.
    #[serde(deserialize_with = "price")]
    pub write: f64,
}

impl Prices {
    /// Prices from JSON of the form of `codegen/src/cost/prices.json` in the repository.
    ///
    /// # Errors
    ///
    /// The reason and its place, if the text has another form, a text in it has a control character, or a price is not a
    /// number from 0 to 1,000,000,000.
    pub fn of_json(text: &str) -> Result<Self, String> {
        // Editors of Windows begin a file with a byte order mark.
        serde_json::from_str(text.strip_prefix('\u{feff}').unwrap_or(text)).map_err(|error| error.to_string())
    }

    /// The price of so many units per second for a month.
    pub(super) fn month(&self, billing: Billing, reads: f64, writes: f64) -> f64 {
        let class = if billing.is_infrequent_access { self.standard_infrequent_access } else { self.standard };
        let (of, hours) = match billing.is_provisioned {
            true => (class.provisioned, HOURS),
            false => (class.on_demand, HOURS * 3_600.0 / 1_000_000.0),
        };
        (reads * of.read + writes * of.write) * hours
    }
}

/// A text without control characters, which a terminal could obey.
fn printable<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    match text.chars().any(char::is_control) {
        true => Err(D::Error::custom(format_args!("{text:?} has a control character"))),
        false => Ok(text),
    }
}

fn price<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let price = f64::deserialize(deserializer)?;
    match (0.0..=HIGHEST).contains(&price) {
        true => Ok(price),
        false => Err(D::Error::custom(format_args!("{price:e} is not a price: it is a number from 0 to {HIGHEST}"))),
    }
}

/// Those of us-east-1, from the page "Amazon DynamoDB pricing", with their date.
impl Default for Prices {
    fn default() -> Self {
        // The file is a part of this crate, and a test reads it.
        let none = UnitPrices { read: 0.0, write: 0.0 };
        let none = ClassPrices { on_demand: none, provisioned: none };
        Self::of_json(include_str!("prices.json")).unwrap_or(Self {
            source: String::new(),
            date: String::new(),
            region: String::new(),
            currency: String::new(),
            standard: none,
            standard_infrequent_access: none,
        })
    }
}

/// How a table is paid.
#[derive(Debug, Clone, Copy)]
pub(super) struct Billing {
    pub(super) is_provisioned: bool,
    pub(super) is_infrequent_access: bool,
}
