//! The constants in which emitted code describes a model: its table, keys, indexes, layout and roles.

mod discriminator;
mod key_limit;
mod key_part;
mod key_template;
mod layout;
mod part_times;
mod replica;
mod roles;
mod table;
mod vector_index;
mod when;

pub(crate) use discriminator::Discriminator;
pub(crate) use key_limit::Limit;
pub use key_part::KeyPart;
pub(crate) use key_part::{HIGHEST, refusal};
pub use key_template::KeyTemplate;
pub use layout::Layout;
pub use part_times::StoredTime;
pub use replica::Replica;
pub(crate) use roles::{Count, Timestamp};
pub use roles::{Roles, VersionType};
pub use table::{KeyAttribute, SecondaryIndex, Setting, StreamView, Table, TableClass};
pub(crate) use table::{KeyKind, Projection, UnsetVariable};
pub use vector_index::{Distance, VectorIndex};
pub use when::When;
