//! The shards of hash keys: in the table, another shard is another key; in an index, a query asks all shards.

use super::{Change, ChangeCode, Level};
use crate::model::{Field, Index, KeyAttribute, Type};
use crate::schema::ModelDecl;
use crate::text::show;

/// How the shards of a key differ.
pub(super) fn difference(old: &KeyAttribute, new: &KeyAttribute) -> String {
    let (is, was) = (count(new), count(old));
    if is != was {
        return format!("is {is}, and was {was}");
    }
    match (by(new), by(old)) {
        (is, was) if is != was => format!("is in shards by {is}, and was by {was}"),
        (is, _) => format!("is in shards by {is}, whose texts change"),
    }
}

/// Compares the shards of the hash key of an index, which has some before and after. `are_chosen_so` says whether the
/// same texts choose the shard of an item.
pub(super) fn compare_index(
    ((old, old_decl), (new, new_decl)): ((&Index, &ModelDecl), (&Index, &ModelDecl)),
    are_chosen_so: bool,
    model: &str,
) -> Option<Change> {
    let number = |key: &KeyAttribute| key.shards.as_ref().map_or(0, |shards| shards.count);
    let (before, after) = (old.hash_key.first()?, new.hash_key.first()?);
    let (was, is) = (number(before), number(after));
    if was == is && are_chosen_so {
        return None;
    }
    let message = format!(
        "`{}` of model `{model}` in the index `{}` {}",
        show(&after.attribute),
        show(&new.index_name),
        difference(before, after)
    );
    let are_in_alike = optional(before) == optional(after);
    let is_lost = is < was || !are_in_alike || tells_shards(new);
    let mut change = Change::new(ChangeCode::IndexShards, message)
        .breaks_if(is_lost, Level::Keys)
        .breaks_if(is > was || tells_shards(old), Level::Rollout)
        .new_at(new_decl.shards_span(&after.attribute), "now")
        .old_at(old_decl.shards_span(&before.attribute), "before");
    if is > was {
        change = change.note("queries of the previous release do not ask the new shards");
    }
    if is < was {
        change = change
            .note("queries do not ask the last shards, where items written before stay until they are written again");
    }
    if tells_shards(new) {
        change = change
            .note("a query whose conditions tell the shard asks it alone, and items written before are in others");
    }
    if !are_in_alike {
        change = change.note("an item without a value of such a field is not in the index, once it is written again");
    }
    Some(match is_lost {
        true => change.help("save every item of the model again once the previous release has stopped"),
        false => change.note("queries ask all shards, so they find the items written before"),
    })
}

/// Whether conditions on the key of an index can tell the shard, so that a query asks it alone.
fn tells_shards(index: &Index) -> bool {
    let mut by = index.hash_key.iter().flat_map(KeyAttribute::sharded_by);
    by.all(|field| index.keys().any(|key| key.determines(&field.name)))
}

/// The shards of a key in words.
fn count(key: &KeyAttribute) -> String {
    key.shards.as_ref().map_or_else(|| "in none".to_owned(), |shards| format!("in {} shards", shards.count))
}

fn by(key: &KeyAttribute) -> String {
    let names: Vec<String> = key.sharded_by().map(|field| format!("`{}`", field.name)).collect();
    names.join(", ")
}

/// The fields without which an item has no shard.
fn optional(key: &KeyAttribute) -> Vec<&str> {
    let optional = key.sharded_by().filter(|field| matches!(field.ty, Type::Optional(_)));
    let mut names: Vec<&str> = optional.map(|field: &Field| field.attribute.as_str()).collect();
    names.sort_unstable();
    names
}
