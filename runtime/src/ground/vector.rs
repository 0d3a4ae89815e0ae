//! Vectors of a fixed number of dimensions.

use super::{IntoField, Violations};
use std::ops::{Deref, DerefMut};

/// The value of a `vector<N>`: an embedding with `N` dimensions, in memory of its own.
///
/// It is made of an array, whose length the compiler checks, or of a `Vec` or a slice, whose length is checked at run
/// time. It is stored as a list, L, of numbers, the form that a vector index reads ("Working with vector indexes in
/// DynamoDB"), and is the same `f32`s when it is read.
///
/// ```
/// use dyntastic::Vector;
///
/// let unit = Vector::from([1.0, 0.0, 0.0]);
/// let model_output: Vec<f32> = vec![0.5, 0.25, -1.0];
/// let embedding: Vector<3> = model_output.try_into()?;
/// assert_eq!(embedding.iter().zip(unit.iter()).map(|(one, other)| one * other).sum::<f32>(), 0.5);
///
/// let short = Vector::<3>::try_from(vec![0.5]);
/// assert_eq!(short.unwrap_err().to_string(), "Vector: 3 dimensions, this has 1");
/// # Ok::<(), dyntastic::Violations>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Vector<const N: usize>(Box<[f32; N]>);

impl<const N: usize> Vector<N> {
    /// A vector of these values; `None` if they are not `N`.
    pub(crate) fn of(values: Vec<f32>) -> Option<Self> {
        values.into_boxed_slice().try_into().ok().map(Self)
    }

    /// The values.
    pub fn into_vec(self) -> Vec<f32> {
        (self.0 as Box<[f32]>).into_vec()
    }
}

impl<const N: usize> Deref for Vector<N> {
    type Target = [f32; N];

    fn deref(&self) -> &[f32; N] {
        &self.0
    }
}

impl<const N: usize> DerefMut for Vector<N> {
    fn deref_mut(&mut self) -> &mut [f32; N] {
        &mut self.0
    }
}

impl<const N: usize> AsRef<[f32]> for Vector<N> {
    fn as_ref(&self) -> &[f32] {
        self.0.as_slice()
    }
}

impl<const N: usize> From<[f32; N]> for Vector<N> {
    fn from(values: [f32; N]) -> Self {
        Self(Box::new(values))
    }
}

impl<const N: usize> From<Box<[f32; N]>> for Vector<N> {
    fn from(values: Box<[f32; N]>) -> Self {
        Self(values)
    }
}

/// Another number of values is a violation with the code `dimensions`.
impl<const N: usize> TryFrom<Vec<f32>> for Vector<N> {
    type Error = Violations;

    fn try_from(values: Vec<f32>) -> Result<Self, Violations> {
        let length = values.len();
        Self::of(values).ok_or_else(|| wrong_length(N, length))
    }
}

/// Another number of values is a violation with the code `dimensions`.
impl<const N: usize> TryFrom<&[f32]> for Vector<N> {
    type Error = Violations;

    fn try_from(values: &[f32]) -> Result<Self, Violations> {
        values.to_vec().try_into()
    }
}

impl<const N: usize> IntoField<Vector<N>> for [f32; N] {
    fn into_field(self) -> Vector<N> {
        self.into()
    }
}

impl<const N: usize> IntoField<Vector<N>> for &[f32; N] {
    fn into_field(self) -> Vector<N> {
        Vector(Box::new(*self))
    }
}

impl<const N: usize> IntoField<Option<Vector<N>>> for [f32; N] {
    fn into_field(self) -> Option<Vector<N>> {
        Some(self.into())
    }
}

fn wrong_length(dimensions: usize, length: usize) -> Violations {
    let mut violations = Violations::new("Vector");
    violations.add("dimensions", self::dimensions(dimensions, length), vec![("dimensions", dimensions.to_string())]);
    violations
}

/// What is wrong with a vector of another length.
pub(crate) fn dimensions(wanted: usize, length: usize) -> String {
    format!("{wanted} dimensions, this has {length}")
}

/// A list of numbers, as in the item.
#[cfg(feature = "serde")]
mod json {
    use super::Vector;
    use serde::de::{Deserialize, Deserializer, Error};
    use serde::ser::{Serialize, Serializer};

    impl<const N: usize> Serialize for Vector<N> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_seq(self.iter())
        }
    }

    impl<'de, const N: usize> Deserialize<'de> for Vector<N> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let values = Vec::deserialize(deserializer)?;
            let length = values.len();
            Self::of(values).ok_or_else(|| Error::invalid_length(length, &format!("{N} numbers").as_str()))
        }
    }
}

#[cfg(feature = "schemars")]
impl<const N: usize> schemars::JsonSchema for Vector<N> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Vector{N}").into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let number = generator.subschema_for::<f32>();
        schemars::json_schema!({ "type": "array", "items": number, "minItems": N, "maxItems": N })
    }
}
