//! The indexes of a table as its description wants them, in the form of those that exist.

use crate::description::{KeyAttribute, Projection, SecondaryIndex, Table, VectorIndex};
use crate::ops::table::change::wide;
use crate::ops::table::live::{LiveIndex, LiveKey, LiveProjection, LiveVector};
use crate::ops::table::parts::scalar_type;

pub(super) fn declared_key(hash: &[KeyAttribute], range: &[KeyAttribute]) -> LiveKey {
    let attribute = |key: &KeyAttribute| (key.name.to_owned(), scalar_type(key.kind).as_str().to_owned());
    LiveKey { hash: hash.iter().map(attribute).collect(), range: range.iter().map(attribute).collect() }
}

/// The indexes of a table as they will be, with their names.
pub(super) fn all_wanted(table: &Table) -> impl Iterator<Item = (&'static str, LiveIndex)> {
    let secondary = table.indexes.iter().map(|index| (index.name, wanted(index)));
    secondary.chain(table.vector_indexes.iter().map(|index| (index.name, wanted_vector(index))))
}

pub(super) fn wanted(index: &SecondaryIndex) -> LiveIndex {
    LiveIndex {
        name: index.name.to_owned(),
        local: index.local,
        key: declared_key(index.hash_key, index.range_key),
        projection: declared_projection(index.projection),
        throughput: index.throughput.map(wide),
        ..LiveIndex::default()
    }
}

fn wanted_vector(index: &VectorIndex) -> LiveIndex {
    LiveIndex {
        name: index.name.to_owned(),
        key: declared_key(index.hash_key.as_slice(), index.filterable).sorted(),
        projection: declared_projection(index.projection),
        vector: Some(LiveVector {
            attribute: index.attribute.to_owned(),
            dimensions: index.dimensions.into(),
            distance: index.distance.as_str().to_owned(),
        }),
        ..LiveIndex::default()
    }
}

fn declared_projection(of: Projection) -> LiveProjection {
    match of {
        Projection::All => LiveProjection::All,
        Projection::KeysOnly => LiveProjection::Keys(Default::default()),
        Projection::Include(attributes) => {
            LiveProjection::Keys(attributes.iter().map(|attribute| (*attribute).to_owned()).collect())
        }
    }
}
