//! Typed expressions: attributes, conditions and updates of one model, and the writer that turns them into DynamoDB's
//! text.
//!
//! Emitted models have their attributes as `Model::A`. An attribute knows its model and the type of its values. So an
//! expression that DynamoDB would refuse, or that would match no item, does not compile.
//!
//! ```no_run
//! # use dyntastic::Client;
//! # use dyntastic::prelude::*;
//! # use example_models::*;
//! # async fn example(db: Client, mut product: Product) -> dyntastic::Result<()> {
//! let is_cheap = Product::A.on_sale.eq(true) & Product::A.price_cents.lt(1_000);
//! product.update(&db, Product::A.price_cents.add(100)).condition(is_cheap).await?;
//! # Ok(())
//! # }
//! ```

mod applied;
mod attribute;
mod attribute_kind;
mod capability;
mod condition;
mod defaults;
mod document_path;
mod error;
mod growth;
mod key_condition;
mod number_bounds;
mod operand;
mod outer;
mod patch;
mod projection;
mod range;
mod requirement;
mod role_capability;
mod roles;
mod searched;
mod struct_changes;
mod term;
mod transformed;
mod untyped;
mod update;
mod update_parts;
mod upgrades;
mod violations;
mod writer;

pub use attribute::Attribute;
pub use attribute_kind::{
    AttributeKind, Computed, Counter, Defaulted, DeletedAt, HashKey, InOtherForm, Inner, KeyOnly, LastNumber,
    LeadingRangeKey, NonEmpty, Optional, Plain, RangeKey, Sealed, Searchable, UnorderedRangeKey, Version,
};
pub use capability::{Container, Count, HasSize, Number, NumberRange, Ordered, Prefixed, Step};
pub use condition::{AttributeType, Comparison, Condition, Size};
pub use defaults::Defaults;
pub use document_path::DocumentPath;
pub use error::ExpressionError;
pub(crate) use error::UnwritableExpression;
pub use operand::{ByPath, ByValue, Expression, Operand};
#[cfg(feature = "schemars")]
#[doc(hidden)]
pub use patch::nothing_required;
#[cfg(feature = "serde")]
#[doc(hidden)]
pub use patch::present;
#[doc(hidden)]
pub use patch::{CheckWhole, FieldChange, change, change_inside, change_inside_of, whole};
pub use patch::{Patch, Patched, StructPatch};
pub use projection::{PartialItem, Projection};
pub use range::{Equal, InCondition, IntoRange, IsEqual, Range, RangeCondition, Within};
pub use role_capability::{AbsentRole, EqualRole, ExistingRole, Removable, Settable, StoredRole, Updatable};
pub use update::{ByOption, IntoUpdate, Many, One, SetElements, SetValue, UpdateExpression};

pub(crate) use condition::Node;
pub(crate) use key_condition::KeyCondition;
pub(crate) use requirement::Requirements;
pub(crate) use struct_changes::{IncompleteStruct, MissingInStruct, StructChanges, UpdateOfItem};
pub(crate) use term::{Term, Unsealed};
pub(crate) use update_parts::{UpdateAction, UpdateParts};
pub(crate) use writer::{Expressions, Writer};
