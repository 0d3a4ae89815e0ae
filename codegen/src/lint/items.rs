//! Items that can grow beyond what DynamoDB stores.

use super::Finding;
use super::places::{Entry, Place, structs};
use crate::diagnostic::{Code, Diagnostic};
use crate::item_sizes::ItemSizes;
use crate::model::{Constraint, Field, ModelSet, Named, NamedKind, Type};
use crate::schema::Schema;
use std::collections::HashMap;

/// The largest item, in bytes: 400 kB.
const LARGEST: u64 = 400 * 1024;

pub(super) fn check<'s>(models: &[Place<'s>], set: &'s ModelSet, schema: &'s Schema) -> Vec<Finding<'s>> {
    let structs = structs(set, schema);
    let sizes = ItemSizes::new(set);
    let mut found = Vec::new();
    for place in models {
        if let Some(diagnostic) = large(place, &sizes) {
            found.push(Finding { diagnostic, allow: place.allow() });
        }
        for (field, decl) in reachable(place, &structs) {
            if let Some(held) = unbounded(field) {
                let message = format!("nothing bounds `{}`, and an item holds at most 400 kB", field.name);
                let diagnostic = Diagnostic::new(Code::UnboundedItem, message)
                    .at(decl.name.span, format!("each update may add another {held}"))
                    .help("state the most that there are, `max_items: 100`, or give them items of their own");
                found.push(Finding { diagnostic, allow: place.allow() });
            }
        }
    }
    found
}

/// An item whose constraints allow more than DynamoDB stores.
fn large<'s>(place: &Place<'s>, sizes: &ItemSizes<'s>) -> Option<Diagnostic> {
    let allowed = sizes.item(place.model).allowed;
    let fields = place.fields();
    let (largest, decl) = fields.iter().max_by_key(|(field, _)| sizes.attribute(field).allowed)?;
    (allowed > LARGEST).then(|| {
        let message = format!("the constraints of model `{}` allow items of {} kB", place.model.name, allowed / 1024);
        Diagnostic::new(Code::LargeItem, message)
            .at(
                decl.name.span,
                format!("{} kB of them are `{}`", sizes.attribute(largest).allowed / 1024, largest.name),
            )
            .help(
                "DynamoDB stores at most 400 kB in an item: lower `max_length` or `max_items`, divide it into several \
                   items, or keep large values elsewhere, with their place in the item",
            )
    })
}

/// The fields of a model, and those of the structs in them, at any depth.
fn reachable<'s>(place: &Place<'s>, structs: &HashMap<&'s str, Vec<Entry<'s>>>) -> Vec<Entry<'s>> {
    let mut found = place.fields();
    let mut seen: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some((field, _)) = found.get(at).copied() {
        let named = field
            .ty
            .parts()
            .find_map(|part| if let Type::Named(Named { name, .. }) = part { Some(name) } else { None });
        if let Some(name) = named.filter(|name| !seen.contains(&name.as_str())) {
            seen.push(name);
            found.extend(structs.get(name.as_str()).into_iter().flatten().copied());
        }
        at += 1;
    }
    found
}

/// The name of the struct or union of which a list or a map holds any number.
fn unbounded(field: &Field) -> Option<&str> {
    let inner = match field.ty.present() {
        Type::List(inner) | Type::Map(inner) => inner.present(),
        _ => return None,
    };
    let is_bounded = field.constraints.iter().any(|of| matches!(of, Constraint::MaxItems(_)));
    match inner {
        Type::Named(Named { name, kind: NamedKind::Struct | NamedKind::Union, .. }) if !is_bounded => Some(name),
        _ => None,
    }
}
