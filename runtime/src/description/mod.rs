//! The constants in which emitted code describes a model: its table, keys, indexes, layout and roles.

mod key_limit;
mod key_template;
mod layout;
mod roles;
mod table;
mod when;

pub(crate) use key_limit::Limit;
pub(crate) use key_template::{HIGHEST, refusal};
pub use key_template::{KeyPart, KeyTemplate};
pub use layout::Layout;
pub(crate) use roles::{Count, Timestamp};
pub use roles::{Roles, VersionType};
pub use table::{KeyAttribute, SecondaryIndex, Setting, StreamView, Table, TableClass};
pub(crate) use table::{KeyKind, Projection, UnsetVariable};
pub use when::When;
