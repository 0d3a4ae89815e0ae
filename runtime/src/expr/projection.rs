//! The attributes that a read returns of each item.

use super::attribute::Attribute;
use super::attribute_kind::AttributeKind;
use super::document_path::DocumentPath;
use super::role_capability::StoredRole;
use crate::codec::{FromAttribute, Item, ItemReader, ValueReader};
use crate::ground::{Names, ReadError, ReadErrorKind};

/// The attributes of the model `M` that a read returns. A tuple of attributes returns a tuple of their values, each
/// an `Option` if the value may be absent. A struct of the schema's `projections:` returns the struct.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client) -> dyntastic::Result<()> {
/// let names = User::scan(&db).project((User::A.name, User::A.email)).all().await?;
/// # Ok(())
/// # }
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
    fn read(&self, item: &mut ItemReader<'_>) -> Result<Self::Output, ReadError>;
}

/// A struct with some of a model's attributes, for [`Query::project_into`](crate::ops::Query::project_into).
pub trait PartialItem: Item + Send + 'static {
    /// The model of the attributes.
    type Model;

    /// The attributes of the struct.
    const ATTRIBUTES: Names;
}

/// Reads the value of an attribute, from the value at the start of its path.
fn read<M, T: FromAttribute, R: StoredRole>(
    attribute: &Attribute<M, T, R>,
    root: ValueReader<'_>,
) -> Result<Option<T>, ReadError> {
    let path = attribute.path();
    let reader = match path.rest() {
        [] => Ok(Some(root)),
        _ => root.value().map(|root| path.find_in(&root).cloned().map(ValueReader::new)),
    };
    let value = reader.and_then(|reader| match reader {
        Some(reader) if reader.is_null() => Ok(T::from_null()),
        Some(reader) if R::EMPTY_IS_ABSENT => reader.unless_empty()?.map(T::read).transpose(),
        Some(reader) => T::read(reader).map(Some),
        None => Ok(None),
    });
    value.map_err(|error| error.within_name(path.attribute()))
}

fn project<M, T, R: AttributeKind>(
    attribute: &Attribute<M, T, R>,
    value: Option<T>,
) -> Result<R::Projected<T>, ReadError> {
    let missing = || ReadError::new(ReadErrorKind::Missing).within_name(attribute.path().attribute());
    R::project(value).ok_or_else(missing)
}

macro_rules! tuples {
    ($(($($ty:ident $role:ident $at:tt),+))*) => {$(
        impl<M: 'static, $($ty: FromAttribute + Send + 'static, $role: AttributeKind + StoredRole + 'static),+> Projection<M>
            for ($(Attribute<M, $ty, $role>,)+)
        where
            $($role::Projected<$ty>: Send + 'static),+
        {
            type Output = ($($role::Projected<$ty>,)+);

            fn paths(&self) -> Vec<DocumentPath> {
                vec![$(self.$at.path().clone()),+]
            }

            fn read(&self, item: &mut ItemReader<'_>) -> Result<Self::Output, ReadError> {
                let mut values = ($(None::<$ty>,)+);
                item.values([$(self.$at.path().attribute()),+], |index, reader| {
                    match index {
                        $($at => values.$at = read(&self.$at, reader)?,)+
                        _ => {}
                    }
                    Ok(())
                })?;
                Ok(($(project(&self.$at, values.$at)?,)+))
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
