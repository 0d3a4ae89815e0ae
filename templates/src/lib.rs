//! The templates of the code that dyntastic-codegen emits, and the views that feed them.
//!
//! A view is flat: strings and lists of strings, ready to be placed. The templates hold no logic beyond
//! loops and choices between forms; what the strings say is decided in dyntastic-codegen. Strings of Rust
//! code are called by what they are: an *identifier* may be raw (`r#type`), a *literal* has its quotes and
//! escapes, a *path* is absolute, and a *doc* is a list of string literals, one a line.

mod imports;
mod index;
mod manifest;
mod model;
mod projection;
mod root;
mod shared_table;
mod structure;
mod types;

pub use askama::Template;
pub use imports::{ImportView, ImportsView};
pub use index::IndexView;
pub use manifest::ManifestView;
pub use model::{KeyFieldView, ModelView, ParameterView, QueryView, RolesView, TableView};
pub use projection::ProjectionView;
pub use root::RootView;
pub use shared_table::{CollectionView, HashFieldView, MemberView, RawKeyView, SharedTableView};
pub use structure::{FieldView, StoredKeyView, StructView};
pub use types::{EnumView, TypeView, UnionView, VariantView};
