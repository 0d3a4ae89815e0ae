//! The description of a vector index.

use super::key_attribute::KeyAttribute;
use super::secondary_index::Projection;

/// A vector index of a table: it finds the items whose vectors are most similar to another one ("Vector search in Amazon
/// DynamoDB"). Only a table that is paid per request has vector indexes, at most five.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VectorIndex {
    pub(crate) name: &'static str,
    /// The attribute with the vectors.
    pub(crate) attribute: &'static str,
    pub(crate) dimensions: u16,
    pub(crate) distance: Distance,
    /// The attribute that divides the index: each search is in one of its values.
    pub(crate) hash_key: Option<KeyAttribute>,
    /// The other attributes by which a search filters.
    pub(crate) filterable: &'static [KeyAttribute],
    pub(crate) projection: Projection,
}

/// The function that compares two vectors ("CreateTable", DistanceFunction).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Distance {
    /// One minus the cosine of the angle between them: 0 for the same direction, 2 for the opposite one.
    Cosine,
    /// The distance between their ends: 0 for equal vectors.
    Euclidean,
    /// The sum of the products of their values: the more, the more similar.
    DotProduct,
}

impl VectorIndex {
    /// A vector index that holds whole items.
    pub const fn new(name: &'static str, attribute: &'static str, dimensions: u16, distance: Distance) -> Self {
        Self { name, attribute, dimensions, distance, hash_key: None, filterable: &[], projection: Projection::All }
    }

    /// Divides the index by an attribute, so that each search is in one of its values.
    #[must_use]
    pub const fn hash_key(mut self, key: KeyAttribute) -> Self {
        self.hash_key = Some(key);
        self
    }

    /// Lets searches filter by these attributes.
    #[must_use]
    pub const fn filterable(mut self, attributes: &'static [KeyAttribute]) -> Self {
        self.filterable = attributes;
        self
    }

    /// Makes the index hold only the keys of the table and the attributes of its searches.
    #[must_use]
    pub const fn keys_only(mut self) -> Self {
        self.projection = Projection::KeysOnly;
        self
    }

    /// Makes the index hold the keys of the table, the attributes of its searches, and these attributes.
    #[must_use]
    pub const fn include(mut self, attributes: &'static [&'static str]) -> Self {
        self.projection = Projection::Include(attributes);
        self
    }

    /// The attributes that a search compares.
    pub(crate) fn searched(&self) -> impl Iterator<Item = &KeyAttribute> {
        self.hash_key.iter().chain(self.filterable)
    }
}

impl Distance {
    /// DynamoDB's word.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Distance::Cosine => "COSINE",
            Distance::Euclidean => "EUCLIDEAN",
            Distance::DotProduct => "DOT_PRODUCT",
        }
    }
}
