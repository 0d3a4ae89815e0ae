//! The templates of the code that dyntastic-codegen emits, and the views that feed them.
//!
//! A view holds the content of the emitted code: names, literals, flags, and the choice between forms. Only the
//! templates hold Rust code; they have no logic except loops and choices between forms. A view's Rust is single words
//! and the user's own code: an *identifier* may be raw (`r#type`), a *literal* has its quotes and escapes, a *path* is
//! the user's own, and a *doc* is a list of string literals, one per line. `parts/` has the templates that several
//! others include.

mod checks;
mod computed;
mod contexts;
mod imports;
mod index;
mod inputs;
mod json;
mod keys;
mod manifest;
mod model;
mod projection;
mod root;
mod shared_table;
mod structure;
mod table;
mod tables;
mod transforms;
mod types;
mod upgrades;
mod values;
mod vector_index;

pub use askama::Template;
pub use checks::{CheckView, ChecksView, KeyLengthView, TimeOrderView, TimeView};
pub use computed::{ArgumentView, ComputationView, ComputedView};
pub use contexts::{ClientView, ContextFieldView, ContextView, OwnContextView};
pub use imports::{ImportView, ImportsView};
pub use index::IndexView;
pub use inputs::{ChangeKind, ChangeView, CreateView, InsideView, PatchView, SentView, StateView};
pub use json::{
    DefaultedView, ElementsView, FieldJsonView, JsonDefault, JsonNamesView, JsonView, Keyword, KeywordView, PatchedJson,
};
pub use keys::{KeyPartView, KeyTemplateView, LayoutView, PartFormView, RoleView, ShardsView, WhenView};
pub use manifest::ManifestView;
pub use model::{
    ComparisonView, CounterView, DefaultView, KeyFieldView, LifetimeView, Made, MethodLinkView, ModelView,
    ParameterView, QueryView, RoleFieldView, RolesView, SequenceView, StampView, VersionView,
};
pub use projection::ProjectionView;
pub use root::{DeprecatedView, FileView, ModuleView, RootView};
pub use shared_table::{CollectionView, HashFieldView, MemberView, RawKeyView, SharedTableView};
pub use structure::{AliasView, DerivesView, FakeView, FieldView, PatternView, SealView, StoredKeyView, StructView};
pub use table::{
    KeyAttributeView, MaximumView, ReplicaView, SecondaryIndexView, SettingView, StreamView, TableView, UnitsView,
    VectorDefinitionView,
};
pub use tables::{DescribedView, TablesView};
pub use transforms::TransformView;
pub use types::{EnumView, TypeView, UnionView, VariantView};
pub use upgrades::{UpgradeStepView, UpgradesView, VersionedView};
pub use values::{FormView, TyView, ValueView, WrittenView};
pub use vector_index::VectorIndexView;

/// Whether a function has the name of a type. Clippy's `self_named_constructors` takes it for a constructor of the
/// type.
pub(crate) fn is_called(ty: &str, function: &str) -> bool {
    function.replace('_', "") == ty.to_lowercase()
}
