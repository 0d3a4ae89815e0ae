//! The view of a module's imports from other modules.

use crate::model::DERIVES;
use dyntastic_templates::{ImportView, ImportsView};
use std::collections::BTreeSet;

/// The view of a module's `use` lines, for the schema's types that it names.
pub(crate) fn imports_view<'m>(uses: &BTreeSet<&'m str>, module: impl Fn(&str) -> Option<&'m str>) -> ImportsView<'m> {
    let (derives, types): (Vec<&str>, Vec<&str>) = uses.iter().partition(|name| DERIVES.contains(name));
    let import = |name| Some(ImportView { name, module: module(name)? });
    ImportsView { types, from_modules: derives.into_iter().filter_map(import).collect() }
}
