//! The attributes that a read returns of each item.

use super::attribute::{Attribute, AttributeKind};
use super::document_path::DocumentPath;
use crate::codec::{FromAttribute, Item, ValueReader};
use crate::ground::{AttributeMap, Names, ReadError, ReadErrorKind};

/// The attributes of the model `M` that a read returns. A tuple of attributes returns a tuple of their values, each
/// an `Option` if the value may be absent. A struct of the schema's `projections:` returns the struct.
///
/// ```ignore
/// let names = User::scan(&db).project((User::A.name, User::A.email)).all().await?;
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no projection of `{M}`",
    label = "expected a tuple of up to 8 attributes of `{M}`"
)]
pub trait Projection<M>: Send + Sync + 'static {
    /// The result for one item.
    type Output: Send + 'static;
    #[doc(hidden)]
    fn paths(&self) -> Vec<DocumentPath>;
    #[doc(hidden)]
    fn read(&self, attributes: AttributeMap) -> Result<Self::Output, ReadError>;
}

/// A struct with some of a model's attributes, for [`Query::project_into`](crate::ops::Query::project_into).
pub trait PartialItem: Item + Send + 'static {
    /// The model of the attributes.
    type Model;

    /// The attributes of the struct.
    const ATTRIBUTES: Names;
}

fn read<M, T: FromAttribute, R: AttributeKind>(
    attribute: &Attribute<M, T, R>,
    attributes: &AttributeMap,
) -> Result<R::Projected<T>, ReadError> {
    let path = attribute.path();
    let value = match path.find(attributes).map(|value| ValueReader::new(value.clone())) {
        Some(reader) if reader.is_null() => Ok(T::from_null()),
        Some(reader) => T::read(reader).map(Some),
        None => Ok(None),
    };
    let projected = value.and_then(|value| R::project(value).ok_or_else(|| ReadError::new(ReadErrorKind::Missing)));
    projected.map_err(|error| error.within_name(path.attribute()))
}

macro_rules! tuples {
    ($(($($ty:ident $role:ident $at:tt),+))*) => {$(
        impl<M: 'static, $($ty: FromAttribute + Send + 'static, $role: AttributeKind + 'static),+> Projection<M>
            for ($(Attribute<M, $ty, $role>,)+)
        where
            $($role::Projected<$ty>: Send + 'static),+
        {
            type Output = ($($role::Projected<$ty>,)+);

            fn paths(&self) -> Vec<DocumentPath> {
                vec![$(self.$at.path().clone()),+]
            }

            fn read(&self, attributes: AttributeMap) -> Result<Self::Output, ReadError> {
                Ok(($(read(&self.$at, &attributes)?,)+))
            }
        }
    )*};
}

tuples! {
    (A Q 0)
    (A Q 0, B R 1)
    (A Q 0, B R 1, C S 2)
    (A Q 0, B R 1, C S 2, D T 3)
    (A Q 0, B R 1, C S 2, D T 3, E U 4)
    (A Q 0, B R 1, C S 2, D T 3, E U 4, F V 5)
    (A Q 0, B R 1, C S 2, D T 3, E U 4, F V 5, G W 6)
    (A Q 0, B R 1, C S 2, D T 3, E U 4, F V 5, G W 6, H X 7)
}
