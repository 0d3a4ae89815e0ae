//! The condition that an item is as it was read.

use crate::codec::names_of;
use crate::description::{Discriminator, Roles};
use crate::expr::{DocumentPath, Node, Term};
use crate::ground::{AttributeMap, Names};
use crate::ops::TableItem;
use crate::ops::model::ModelFacts;
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::BTreeSet;

/// The maximum of attributes that the condition of an item with a version compares beside it. DynamoDB allows 300
/// operators in an expression, and guards need some of them.
const MAX_COMPARED: usize = 120;

/// The condition that an item of the model has the attributes that were read, and lacks those of `names` that it
/// lacked. Of an item with a version and many attributes, it compares the version alone.
pub(in crate::ops) fn is_as_read(roles: &Roles, stored: &AttributeMap, names: &BTreeSet<&'static str>) -> Node {
    let absent: Vec<&str> = names.iter().copied().filter(|name| !stored.contains_key(*name)).collect();
    if let Some(version) = roles.stored_version(stored).filter(|version| *version > 0)
        && stored.len() + absent.len() > MAX_COMPARED
    {
        return roles.is_version(version);
    }
    let equal = |(name, value): (&String, &AttributeValue)| {
        Node::Compare(Term::Attribute(name.clone()), "=", Term::attribute_value(value.clone()))
    };
    let lacked = absent.into_iter().map(|name| Node::is_still(&DocumentPath::root(name), None));
    Node::And(stored.iter().map(equal).chain(lacked).collect())
}

/// The attributes that a model's items may have: those that the model reads, and those that it makes.
pub(in crate::ops) fn names_of_items<M: TableItem>() -> BTreeSet<&'static str> {
    names_that_items_have(names_of::<M>(), ModelFacts::of::<M>())
}

fn names_that_items_have(read: Names, model: ModelFacts) -> BTreeSet<&'static str> {
    let keys = model.layout().keys.iter().map(|template| template.attribute);
    let made = model.layout().made().map(|made| made.attribute());
    let discriminator = model.layout().discriminator.into_iter().flat_map(Discriminator::names);
    read.iter().copied().chain(keys).chain(made).chain(discriminator).chain(model.upgrades().attribute).collect()
}
