//! The constants in which emitted code describes a model: its table, keys, indexes, layout and roles.

mod discriminator;
mod key_attribute;
mod key_limit;
mod key_part;
mod key_template;
mod layout;
mod part_times;
mod replica;
mod roles;
mod seal;
mod secondary_index;
mod setting;
mod table;
mod vector_index;
mod when;

pub(crate) use discriminator::Discriminator;
pub use key_attribute::KeyAttribute;
pub(crate) use key_attribute::KeyKind;
pub(crate) use key_limit::Limit;
pub use key_part::KeyPart;
pub(crate) use key_part::{HIGHEST, refusal};
pub use key_template::KeyTemplate;
pub use layout::Layout;
pub use part_times::StoredTime;
pub use replica::Replica;
pub(crate) use roles::{Count, Timestamp};
pub use roles::{Roles, VersionType};
pub use seal::{Seal, Seals};
pub(crate) use secondary_index::Projection;
pub use secondary_index::SecondaryIndex;
pub use setting::Setting;
pub(crate) use setting::UnsetVariable;
pub use table::{StreamView, Table, TableClass};
pub use vector_index::{Distance, VectorIndex};
pub use when::When;
