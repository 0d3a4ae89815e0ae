//! The view of the constant with all tables.

use super::model::table_view;
use crate::model::{ModelSet, WholeTable};
use dyntastic_templates::{DescribedView, TablesView};

/// The view of the constant; `None` without tables.
pub(crate) fn tables_view<'m>(set: &ModelSet, tables: &'m [WholeTable<'m>], in_app: bool) -> Option<TablesView<'m>> {
    let deprecated = set.deprecated();
    let is_deprecated = |of: &WholeTable<'_>| of.described_by.is_some_and(|ty| deprecated.contains(ty));
    let described = |of: &'m WholeTable<'m>| match of.described_by {
        Some(ty) => DescribedView::By(ty),
        None => DescribedView::Whole(Box::new(table_view(&of.table, of.hash_key, of.range_key))),
    };
    (!tables.is_empty()).then(|| TablesView {
        in_app,
        allows_deprecated: tables.iter().any(is_deprecated),
        tables: tables.iter().map(described).collect(),
    })
}
