//! Tables of the schema that are replicas of each other: one name in two regions, of which `replicas` names one.

use super::Resolved;
use super::resolver::Resolver;
use super::table_agreement::same_keys;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Setting, Table};
use crate::text::show;

/// A table with the first model in it, and what all its models say.
struct Whole<'r, 's> {
    first: &'r Resolved<'s>,
    table: Table,
}

/// Checks that tables which are replicas of each other agree on all that DynamoDB copies. A table is created once, and its
/// replicas from there.
pub(super) fn check(models: &[Resolved<'_>], resolver: &mut Resolver<'_>) {
    let mut tables: Vec<Whole<'_, '_>> = Vec::new();
    for model in models {
        match tables.iter_mut().find(|whole| whole.table.is_same(&model.1.table)) {
            Some(whole) => whole.table.add(&model.1.table),
            None => tables.push(Whole { first: model, table: model.1.table.clone() }),
        }
    }
    for (at, second) in tables.iter().enumerate() {
        for first in tables.iter().take(at) {
            if let Some(region) = shared_region(&first.table, &second.table) {
                resolver.found.extend(disagreement(first, second, region));
            }
        }
    }
}

/// The region of one of two tables, if it is a replica of the other one.
fn shared_region<'t>(one: &'t Table, other: &'t Table) -> Option<&'t str> {
    if one.name != other.name || one.host != other.host {
        return None;
    }
    let is_in = |region: &&str, of: &Table| of.replicas.iter().flatten().any(|replica| replica.region == *region);
    let of_other = region(other).filter(|region| is_in(region, one));
    of_other.or_else(|| region(one).filter(|region| is_in(region, other)))
}

/// The region that the schema gives to a table; that without its variable, if one decides it.
fn region(of: &Table) -> Option<&str> {
    match of.region.as_ref()? {
        Setting::Value(region) | Setting::Env { default: Some(region), .. } => Some(region),
        Setting::Env { default: None, .. } => None,
    }
}

fn disagreement(first: &Whole<'_, '_>, second: &Whole<'_, '_>, region: &str) -> Option<Diagnostic> {
    let (what, help) = if !same_keys(&first.first.1, &second.first.1) {
        ("its keys".to_owned(), "give them the same key attributes, or tables of other names")
    } else if first.table.replicas != second.table.replicas {
        let help = "write the same `replicas` in both: their tables are one in several regions";
        ("its replicas".to_owned(), help)
    } else {
        let what = copied(&first.table).disagrees(&copied(&second.table)).or_else(|| {
            let (one, other) = (first.table.ttl.as_ref()?, second.table.ttl.as_ref()?);
            (one != other).then(|| "its time to live".to_owned())
        })?;
        (what, "say the same in both: DynamoDB copies it to all replicas")
    };
    let message = format!("two models share a table of several regions but not {what}");
    let label = |whole: &Whole<'_, '_>| {
        let name = show(&whole.first.0.name.value);
        match self::region(&whole.table) {
            Some(region) => format!("model `{name}` is in the table in {}", show(region)),
            None => format!("model `{name}` is in the table in the client's region"),
        }
    };
    let diagnostic = Diagnostic::new(Code::TableConflict, message)
        .at(second.first.0.name.span, label(second))
        .related(first.first.0.name.span, label(first));
    Some(diagnostic.help(format!("`replicas` has {}: {help}", show(region))))
}

/// What DynamoDB copies of a table to its replicas ("How DynamoDB global tables work").
fn copied(of: &Table) -> Table {
    Table {
        table_class: None,
        deletion_protection: None,
        point_in_time_recovery: None,
        contributor_insights: None,
        kms_key: None,
        resource_policy: None,
        tags: Vec::new(),
        ..of.clone()
    }
}
