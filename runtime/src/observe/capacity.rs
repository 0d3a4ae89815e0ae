//! The capacity that requests consumed, by table and index.

use super::throttling::Access;
use aws_sdk_dynamodb::types as sdk;
use std::collections::BTreeMap;
use std::iter::Sum;
use std::ops::{Add, AddAssign};

/// The capacity that requests consumed, as DynamoDB reported it, by table and index.
///
/// ```no_run
/// # use dyntastic::{Capacity, Client};
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client, alice: User) -> dyntastic::Result<()> {
/// let (user, mut used) = User::get(&db, "user123").with_capacity().await?;
/// let ((), of_save) = alice.save(&db).with_capacity().await?;
/// used += of_save;
/// println!("{} units, {} of them for reads", used.total(), used.read_units());
/// println!("{} for the index", used.table("users").index("by_email").total());
/// # Ok(())
/// # }
/// ```
///
/// It is the sum of all responses: those of pages, of the requests of a batch, of reads that a write needs, of guards
/// of unique fields, and of requests that are sent again. DynamoDB reports no capacity with an error. So it is not
/// known what a request consumed whose condition failed, that was throttled, or whose response was lost.
///
/// The names of tables are those in DynamoDB, with the prefix of the client.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Capacity {
    tables: BTreeMap<String, TableCapacity>,
}

/// The capacity that requests consumed of a table and of its indexes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TableCapacity {
    own: Units,
    indexes: BTreeMap<String, Units>,
    vector_indexes: BTreeMap<String, VectorBytes>,
}

/// Read and write capacity units.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Units {
    read: f64,
    write: f64,
}

/// The bytes that DynamoDB counts for a vector index, in place of capacity units.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct VectorBytes {
    searched: f64,
    written: f64,
}

static UNUSED: TableCapacity =
    TableCapacity { own: Units::NONE, indexes: BTreeMap::new(), vector_indexes: BTreeMap::new() };

impl Capacity {
    /// The read and write units of all tables.
    pub fn total(&self) -> f64 {
        self.units().total()
    }

    /// The read units of all tables.
    pub fn read_units(&self) -> f64 {
        self.units().read
    }

    /// The write units of all tables.
    pub fn write_units(&self) -> f64 {
        self.units().write
    }

    /// The capacity of the table with this name in DynamoDB; nothing if no request used it.
    pub fn table(&self, name: &str) -> &TableCapacity {
        self.tables.get(name).unwrap_or(&UNUSED)
    }

    /// The tables that requests used, by their names in DynamoDB.
    pub fn tables(&self) -> impl Iterator<Item = (&str, &TableCapacity)> {
        self.tables.iter().map(|(name, of)| (name.as_str(), of))
    }

    /// Whether no response reported capacity.
    pub(crate) fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    fn units(&self) -> Units {
        self.tables.values().map(TableCapacity::units).sum()
    }

    /// Adds the capacity of a response. `table` is the table of the request.
    pub(crate) fn add(&mut self, consumed: &sdk::ConsumedCapacity, access: Access, table: &str) {
        let of = self.tables.entry(consumed.table_name().unwrap_or(table).to_owned()).or_default();
        let indexes = [consumed.global_secondary_indexes(), consumed.local_secondary_indexes()];
        let mut in_indexes = Units::NONE;
        for (name, capacity) in indexes.into_iter().flatten().flatten() {
            let units = Units::of(capacity, access);
            in_indexes += units;
            *of.indexes.entry(name.clone()).or_default() += units;
        }
        of.own += match consumed.table() {
            Some(own) => Units::of(own, access),
            None => {
                let all = access.units(consumed.capacity_units().unwrap_or_default());
                Units { read: all.read - in_indexes.read, write: all.write - in_indexes.write }
            }
        };
        for (name, bytes) in consumed.vector_indexes().into_iter().flatten() {
            of.add_vector_index(name, bytes);
        }
    }

    /// Adds the capacity of a search in a vector index.
    pub(crate) fn add_search(&mut self, consumed: &sdk::VectorCapacity, table: &str, index: &str) {
        self.tables.entry(table.to_owned()).or_default().add_vector_index(index, consumed);
    }
}

impl TableCapacity {
    /// The read and write units of the table and its indexes.
    pub fn total(&self) -> f64 {
        self.units().total()
    }

    /// The read units of the table and its indexes.
    pub fn read_units(&self) -> f64 {
        self.units().read
    }

    /// The write units of the table and its indexes.
    pub fn write_units(&self) -> f64 {
        self.units().write
    }

    /// The units of the table itself, without its indexes.
    pub fn own(&self) -> Units {
        self.own
    }

    /// The units of an index; nothing if no request used it.
    pub fn index(&self, name: &str) -> Units {
        self.indexes.get(name).copied().unwrap_or_default()
    }

    /// The indexes that requests used.
    pub fn indexes(&self) -> impl Iterator<Item = (&str, Units)> {
        self.indexes.iter().map(|(name, units)| (name.as_str(), *units))
    }

    /// The bytes of a vector index; nothing if no request used it.
    pub fn vector_index(&self, name: &str) -> VectorBytes {
        self.vector_indexes.get(name).copied().unwrap_or_default()
    }

    /// The vector indexes that requests used.
    pub fn vector_indexes(&self) -> impl Iterator<Item = (&str, VectorBytes)> {
        self.vector_indexes.iter().map(|(name, bytes)| (name.as_str(), *bytes))
    }

    fn units(&self) -> Units {
        self.indexes.values().copied().chain([self.own]).sum()
    }

    fn add_vector_index(&mut self, name: &str, consumed: &sdk::VectorCapacity) {
        *self.vector_indexes.entry(name.to_owned()).or_default() += VectorBytes {
            searched: consumed.vector_search_request_bytes().unwrap_or_default(),
            written: consumed.vector_write_request_bytes().unwrap_or_default(),
        };
    }
}

impl Units {
    const NONE: Self = Self { read: 0.0, write: 0.0 };

    /// Read and write units together.
    pub fn total(self) -> f64 {
        self.read + self.write
    }

    /// The read units.
    pub fn read_units(self) -> f64 {
        self.read
    }

    /// The write units.
    pub fn write_units(self) -> f64 {
        self.write
    }

    /// Only transactions say whether their units are for reads or for writes.
    fn of(capacity: &sdk::Capacity, access: Access) -> Self {
        match (capacity.read_capacity_units(), capacity.write_capacity_units()) {
            (None, None) => access.units(capacity.capacity_units().unwrap_or_default()),
            (read, write) => Self { read: read.unwrap_or_default(), write: write.unwrap_or_default() },
        }
    }
}

impl VectorBytes {
    /// The bytes of searches.
    pub fn searched(self) -> f64 {
        self.searched
    }

    /// The bytes of writes that changed the index.
    pub fn written(self) -> f64 {
        self.written
    }
}

impl Access {
    fn units(self, units: f64) -> Units {
        match self {
            Access::Read => Units { read: units, write: 0.0 },
            Access::Write => Units { read: 0.0, write: units },
        }
    }
}

impl AddAssign for Units {
    fn add_assign(&mut self, other: Self) {
        self.read += other.read;
        self.write += other.write;
    }
}

impl Sum for Units {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::NONE, |mut sum, units| {
            sum += units;
            sum
        })
    }
}

impl AddAssign for VectorBytes {
    fn add_assign(&mut self, other: Self) {
        self.searched += other.searched;
        self.written += other.written;
    }
}

fn add_each<T: Copy + Default + AddAssign>(to: &mut BTreeMap<String, T>, other: &BTreeMap<String, T>) {
    for (name, of) in other {
        *to.entry(name.clone()).or_default() += *of;
    }
}

impl AddAssign<&Capacity> for Capacity {
    fn add_assign(&mut self, other: &Self) {
        for (name, other) in &other.tables {
            let of = self.tables.entry(name.clone()).or_default();
            of.own += other.own;
            add_each(&mut of.indexes, &other.indexes);
            add_each(&mut of.vector_indexes, &other.vector_indexes);
        }
    }
}

impl AddAssign for Capacity {
    fn add_assign(&mut self, other: Self) {
        *self += &other;
    }
}

impl Add for Capacity {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}

impl Sum for Capacity {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}
