//! The view of a model's schema versions.

use super::rust::literal;
use super::{defaults, field_types};
use crate::model::{Conversion, KeyAttribute, Literal, Model, UpgradeStep};
use dyntastic_templates::{UpgradeStepView, UpgradesView, ValueView, VersionedView};

/// The constant with the schema versions of a model's items; `None` without any.
pub(super) fn upgrades(model: &Model) -> Option<UpgradesView> {
    let versions = model.versions.as_ref()?;
    let keys = std::iter::once(&model.hash_key).chain(&model.range_key);
    Some(UpgradesView {
        attribute: literal(&versions.attribute),
        keys: keys.map(|key: &KeyAttribute| literal(&key.attribute)).collect(),
        first: versions.first,
        current: versions.current(),
        upgrades: versions.upgrades.iter().map(|steps| steps.iter().map(step).collect()).collect(),
    })
}

/// How a struct with a part of the model's fields is read; `None` if its items have no versions.
pub(super) fn versioned(model: &Model, is_whole: bool) -> Option<VersionedView> {
    let method = if is_whole { "upgraded" } else { "of_current_version" };
    model.versions.as_ref().map(|_| VersionedView { model: model.name.clone(), method })
}

fn step(step: &UpgradeStep) -> UpgradeStepView {
    let call = |method, arguments| UpgradeStepView::Call { method, arguments };
    match step {
        UpgradeStep::Rename { from, to } => call("rename", vec![literal(from), literal(to)]),
        UpgradeStep::Split { attribute, parts, end } => {
            let parts: Vec<String> = parts
                .iter()
                .map(|(before, attribute)| format!("({}, {})", literal(before), literal(attribute)))
                .collect();
            call("split", vec![literal(attribute), format!("&[{}]", parts.join(", ")), literal(end)])
        }
        UpgradeStep::Convert { attribute, to } => {
            let method = match to {
                Conversion::Number => "to_number",
                Conversion::Text => "to_text",
                Conversion::Boolean => "to_boolean",
                Conversion::List => "to_list",
            };
            call(method, vec![literal(attribute)])
        }
        UpgradeStep::Default { field, value: Some(Literal::Text(text)) } => {
            call("set_default", vec![literal(&field.attribute), literal(text)])
        }
        UpgradeStep::Default { field, value } => UpgradeStepView::Default {
            attribute: literal(&field.attribute),
            ty: field_types::value_type(field),
            value: value.as_ref().map_or(ValueView::Default, defaults::value),
            form: field_types::form(field),
        },
        UpgradeStep::Remove { attribute } => UpgradeStepView::Remove(literal(attribute)),
        UpgradeStep::Function { path } => UpgradeStepView::Function(path.clone()),
    }
}
