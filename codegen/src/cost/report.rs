//! The cost of a schema, as plain data.

use super::prices::Prices;
use std::fmt;

/// What the requests of a schema cost. From [`cost`](crate::cost()).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Cost {
    /// The models, in the order of the schema.
    pub models: Vec<ModelCost>,
    /// The prices.
    pub prices: Prices,
}

/// What the requests of a model cost.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ModelCost {
    /// Its name.
    pub name: String,
    /// The name of its table, or the environment variable with it.
    pub table: String,
    /// Whether the table has provisioned throughput; otherwise it is paid per request.
    pub is_provisioned: bool,
    /// The bytes of a usual item.
    pub size: u64,
    /// Whether the size is an estimate by types and constraints, and not the schema's `size:`.
    pub is_estimated: bool,
    /// The names of its vector indexes, whose units are not counted: DynamoDB bills the bytes that writes and searches of
    /// them process.
    pub vector_indexes: Vec<String>,
    /// Its operations and its access patterns.
    pub requests: Vec<RequestCost>,
    /// Reads of the table, and then of each index that holds its items.
    pub reads: Vec<ReadCost>,
}

/// What eventually consistent reads of a table or an index cost.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ReadCost {
    /// The index's name in DynamoDB; `None` for the table.
    pub index: Option<String>,
    /// The bytes of a usual item.
    pub size: u64,
    /// The read units of one item.
    pub one: f64,
    /// The items of a whole page, which has 1 MB.
    pub page_items: u64,
    /// The read units of a whole page.
    pub page: f64,
}

/// What a request costs.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RequestCost {
    /// The operation, such as `insert`, or the name of the access pattern.
    pub name: String,
    /// Whether it is an access pattern, an entry of `queries:`.
    pub is_access_pattern: bool,
    /// The items that an access pattern reads.
    pub items: Option<u64>,
    /// The requests per second, if the schema says.
    pub rate: Option<f64>,
    /// The units, by what uses them.
    pub parts: Vec<CostPart>,
    /// The money of a month of 730 hours, with the rate. For a table with provisioned throughput, that of the units that
    /// the rate needs.
    pub month: Option<f64>,
}

/// The units of a request that one thing uses.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CostPart {
    /// What uses them.
    pub source: CostSource,
    /// Read units.
    pub read_units: f64,
    /// Write units.
    pub write_units: f64,
}

/// What uses units.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CostSource {
    /// The item in the table.
    Table,
    /// A secondary index.
    Index {
        /// Its name in DynamoDB.
        name: String,
        /// Whether not every item is in it. The units are those of an item that is.
        is_sparse: bool,
    },
    /// The guard of a unique field or combination of fields.
    Guard(String),
    /// The transaction, which writes its items twice.
    Transaction,
    /// The replica of the table in this region, to which DynamoDB copies what is written to the table and its indexes.
    Replica(String),
}

impl RequestCost {
    /// The read units of a request.
    pub fn read_units(&self) -> f64 {
        self.parts.iter().map(|part| part.read_units).sum()
    }

    /// The write units of a request.
    pub fn write_units(&self) -> f64 {
        self.parts.iter().map(|part| part.write_units).sum()
    }
}

impl Cost {
    /// The money of a month: of all requests with a rate. `None` without one.
    pub fn month(&self) -> Option<f64> {
        let mut months = self.models.iter().flat_map(|model| &model.requests).filter_map(|request| request.month);
        let first = months.next()?;
        Some(first + months.sum::<f64>())
    }
}

impl fmt::Display for CostSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CostSource::Table => f.write_str("the item"),
            CostSource::Index { name, is_sparse: false } => write!(f, "index {name}"),
            CostSource::Index { name, is_sparse: true } => write!(f, "index {name}, if the item is in it"),
            CostSource::Guard(name) => write!(f, "guard of {name}"),
            CostSource::Transaction => f.write_str("as a transaction"),
            CostSource::Replica(region) => write!(f, "replica in {region}"),
        }
    }
}
