//! Counters and sequences that all writers share.

use super::Finding;
use super::places::Place;
use crate::diagnostic::{Code, Diagnostic};

/// The counters of models with one item, and the sequences whose every number is a write of it.
pub(super) fn check<'s>(models: &[Place<'s>]) -> Vec<Finding<'s>> {
    let of_one_item = models.iter().filter(|place| place.model.key_fields().is_empty());
    let fields = of_one_item.flat_map(|place| place.fields().into_iter().map(move |of| (place, of)));
    let found = fields.filter_map(|(place, (field, decl))| {
        field.role.filter(|role| role.counts())?;
        let (label, help) = match field.block {
            None => (
                "each increment writes it",
                "put a number into the key that spreads it, `…#{shard}`, and add the items up",
            ),
            Some(1) => ("each number of the sequence writes it", "reserve several at once: `sequence: { block: 100 }`"),
            Some(_) => return None,
        };
        let message = format!("model `{}` has one item, which takes at most 1,000 writes a second", place.model.name);
        let diagnostic = Diagnostic::new(Code::SharedCounter, message).at(decl.name.span, label).help(help);
        Some(Finding { diagnostic, allow: place.allow_of_key() })
    });
    found.collect()
}
