//! Tables: which table a model has, its key attributes, and its settings.

use super::compare::Comparison;
use super::side::Side;
use super::{Change, ChangeCode, Level, indexes, seals};
use crate::model::{KeyKind, Model, Setting, SharedTable, Table};
use crate::schema::{FieldDecl, ModelDecl, SettingDecl, SharedTableDecl, TableDecl};
use crate::sources::Span;
use crate::terms::{FieldRole, Maximum};
use crate::text::show;

/// Compares the entries of `tables:` that both schemas have.
pub(super) fn compare_shared<'s>(found: &mut Comparison<'s>) {
    let (old, new) = (found.old, found.new);
    let models = |of: &'s SharedTable| {
        old.set.models.iter().filter(|model| model.sharing.as_ref().is_some_and(|sharing| sharing.table == of.name))
    };
    for is in &new.set.tables {
        let is_gone = |was: &&SharedTable| !new.set.tables.iter().any(|is| is.name == was.name);
        let renamed = || old.set.tables.iter().filter(is_gone).find(|was| was.table.is_same(&is.table));
        let Some(was) = old.set.tables.iter().find(|was| was.name == is.name).or_else(renamed) else { continue };
        let (Some(before), Some(after)) = (old.table(&was.name), new.table(&is.name)) else { continue };
        let spans = (before.name.span, after.name.span);
        let of = format!("table `{}`", show(&is.name));
        if was.name != is.name {
            let message =
                format!("{of} was called `{}`, and so are the names in the code of its items", show(&was.name));
            let change = Change::new(ChangeCode::ApiChanged, message)
                .breaks(Level::Api)
                .new_at(spans.1, "the same table")
                .old_at(spans.0, "the name before");
            found.add(change);
        }
        if !was.table.is_same(&is.table) {
            let (old, new) = (name_span(&before.table), name_span(&after.table));
            let sealed = seals::in_other_table(models(was), (&was.table, &is.table));
            let places = ((&was.table, old.unwrap_or(spans.0)), (&is.table, new.unwrap_or(spans.1)));
            found.add(sealed.into_iter().fold(other_table(places.0, places.1, &of), Change::note));
            continue;
        }
        let keys = |of: &SharedTable| [Some(of.hash_key.clone()), of.range_key.clone()];
        if keys(was) != keys(is) {
            let span = |of: &SharedTableDecl| of.hash_key.as_ref().map_or(of.name.span, |key| key.attribute.span);
            let text = |of: &SharedTable| key_text(keys(of).iter().flatten());
            let change = other_key((text(was), span(before)), (text(is), span(after)), &of);
            found.add(seals::bound(models(was)).into_iter().fold(change, Change::note));
            continue;
        }
        let settings = |side: &Side<'_>, of: &'s SharedTable, decl: &'s SharedTableDecl| {
            let is_in = |model: &Model| model.sharing.as_ref().is_some_and(|sharing| sharing.table == of.name);
            let expiry = side.models().filter(|(model, _)| is_in(model)).find_map(|(_, decl)| expiry(decl));
            let decls = vec![&decl.table];
            Settings { table: &of.table, decls, name: decl.name.span, expiry }
        };
        compare_creation((&was.table, &before.table, spans.0), (&is.table, &after.table, spans.1), &of, found);
        compare_settings(&settings(old, was, before), &settings(new, is, after), &of, found);
        indexes::compare_shared((was, before), (is, after), found);
    }
}

/// Compares the table of a model. Returns whether its items stay in the same table, under the same key attributes.
pub(super) fn compare_place(
    (was, old): (&Model, &ModelDecl),
    (is, new): (&Model, &ModelDecl),
    found: &mut Comparison<'_>,
) -> bool {
    let of = format!("model `{}`", is.name);
    let entry = |of: &Model| of.sharing.as_ref().map(|sharing| sharing.table.clone());
    let is_entry = entry(was).is_some() && entry(was) == entry(is);
    let is_same_key =
        was.keys().map(|key| (&key.attribute, key.kind)).eq(is.keys().map(|key| (&key.attribute, key.kind)));
    if !was.table.is_same(&is.table) {
        // A shared table that is another one is one change.
        if !is_entry {
            let span = |decl: &ModelDecl| name_span(&decl.table).unwrap_or(decl.name.span);
            let change = other_table((&was.table, span(old)), (&is.table, span(new)), &of);
            let sealed = seals::in_other_table([was], (&was.table, &is.table));
            found.add(sealed.into_iter().fold(change, Change::note));
        }
        return false;
    }
    if !is_same_key {
        if !is_entry {
            let span = |decl: &ModelDecl| decl.hash_key.as_ref().map_or(decl.name.span, |key| key.span);
            let text = |of: &Model| {
                let keys: Vec<(String, KeyKind)> = of.keys().map(|key| (key.attribute.clone(), key.kind)).collect();
                key_text(keys.iter())
            };
            let change = other_key((text(was), span(old)), (text(is), span(new)), &of);
            found.add(seals::bound([was]).into_iter().fold(change, Change::note));
        }
        return false;
    }
    true
}

fn name_span(table: &TableDecl) -> Option<Span> {
    [&table.name, &table.region, &table.host].into_iter().flatten().map(SettingDecl::span).next()
}

fn key_text<'k>(keys: impl Iterator<Item = &'k (String, KeyKind)>) -> String {
    let kind = |kind: KeyKind| match kind {
        KeyKind::String => "string",
        KeyKind::Number => "number",
        KeyKind::Binary => "binary",
    };
    keys.map(|(attribute, of)| format!("`{}` ({})", show(attribute), kind(*of))).collect::<Vec<_>>().join(" and ")
}

fn other_key((was, old): (String, Span), (is, new): (String, Span), of: &str) -> Change {
    Change::new(ChangeCode::TableKey, format!("the key of {of} is {is}, and was {was}"))
        .breaks(Level::Table)
        .breaks(Level::Rollout)
        .new_at(new, "the key now")
        .old_at(old, "the key before")
        .note("DynamoDB cannot change the key of a table")
        .help("give the new table another name, and copy the items")
}

fn other_table((was, old): (&Table, Span), (is, new): (&Table, Span), of: &str) -> Change {
    let settings = [("name", Some(&was.name), Some(&is.name)), ("region", was.region.as_ref(), is.region.as_ref())];
    let differs = settings.into_iter().find(|(_, was, is)| was != is);
    let (what, was, is) = differs.unwrap_or(("host", was.host.as_ref(), is.host.as_ref()));
    Change::new(
        ChangeCode::OtherTable,
        format!(
            "items of {of} are in another table: its {what} is {}, and was {}",
            setting_text(is),
            setting_text(was)
        ),
    )
    .breaks(Level::Table)
    .breaks(Level::Rollout)
    .new_at(new, "the table now")
    .old_at(old, "the table before")
    .help("keep the table, or copy the items before this release runs")
}

fn setting_text(of: Option<&Setting>) -> String {
    match of {
        Some(Setting::Value(text)) => format!("`{}`", show(text)),
        Some(Setting::Env { variable, default: None }) => format!("`${}`", show(variable)),
        Some(Setting::Env { variable, default: Some(default) }) => {
            format!("`${}`, or `{}`", show(variable), show(default))
        }
        None => "the client's".to_owned(),
    }
}

/// What becomes of the settings of a table that exists.
pub(super) const KEPT: &str = "a table that exists keeps its settings until `dyntastic apply` changes them";

/// The settings of a table, and their places.
struct Settings<'s> {
    table: &'s Table,
    /// What states them: the entry of `tables:`, or all models of the table.
    decls: Vec<&'s TableDecl>,
    /// The place of the model or the table.
    name: Span,
    /// The place of the field with the time to live.
    expiry: Option<Span>,
}

impl<'s> Settings<'s> {
    /// Those of a model's own table, which other models may have too.
    fn of_model(model: &'s Model, decl: &'s ModelDecl, side: &Side<'s>) -> Self {
        let (decls, expiries): (Vec<_>, Vec<_>) =
            side.models_of(&model.table).map(|(_, decl)| (&decl.table, expiry(decl))).unzip();
        let expiry = expiries.into_iter().flatten().next();
        Settings { table: &model.described, decls, name: decl.name.span, expiry }
    }

    /// The place of a setting, and of the table if it is not written.
    fn place(&self, setting: &str) -> Span {
        let all = || self.decls.iter().flat_map(|decl| &decl.written);
        let written = |name: &str| all().find(|of| of.value == name).map(|of| of.span);
        let place = match setting {
            TIME_TO_LIVE => self.expiry,
            "throughput" => written(setting).or_else(|| written("billing_mode")),
            _ => written(setting),
        };
        place.unwrap_or(self.name)
    }
}

/// The place of the field of a model that has the time to live.
fn expiry(decl: &ModelDecl) -> Option<Span> {
    let has_role = |field: &&FieldDecl| field.role.as_ref().is_some_and(|role| role.value == FieldRole::Ttl);
    let expiry = decl.computed.iter().find(|field| field.ttl.is_some());
    decl.fields.iter().find(has_role).or(expiry).map(|field| field.name.span)
}

const TIME_TO_LIVE: &str = "time to live";

/// The regions of a table that the new schema does not list. The last one has the table itself, which stays.
fn gone_regions<'t>(was: &'t Table, is: &Table) -> Vec<&'t str> {
    let Some(left) = is.replicas.as_ref().filter(|_| was.replicas.as_ref().is_some_and(|was| was.len() > 1)) else {
        return Vec::new();
    };
    let is_gone = |region: &&str| !left.iter().any(|replica| replica.region == *region);
    was.replicas.iter().flatten().map(|replica| replica.region.as_str()).filter(is_gone).collect()
}

/// Compares the settings of a model's own table: once, whichever of its models state them.
pub(super) fn compare_own<'s>(
    (was, old): (&'s Model, &'s ModelDecl),
    (is, new): (&'s Model, &'s ModelDecl),
    found: &mut Comparison<'s>,
) {
    let of = format!("model `{}`", is.name);
    compare_creation((&was.table, &old.table, old.name.span), (&is.table, &new.table, new.name.span), &of, found);
    if !found.pair_tables(&was.table, &is.table) {
        return;
    }
    let is_shared = [(found.old, was), (found.new, is)].iter().any(|(side, of)| side.models_of(&of.table).count() > 1);
    let of = if is_shared { format!("table {}", setting_text(Some(&is.table.name))) } else { of };
    let settings = (Settings::of_model(was, old, found.old), Settings::of_model(is, new, found.new));
    compare_settings(&settings.0, &settings.1, &of, found);
}

/// Compares whether writes create a table. Replicas decide it if it is not written.
fn compare_creation(
    (was, old, old_name): (&Table, &TableDecl, Span),
    (is, new, new_name): (&Table, &TableDecl, Span),
    of: &str,
    found: &mut Comparison<'_>,
) {
    if was.auto_create == is.auto_create || old.auto_create.is_none() && new.auto_create.is_none() {
        return;
    }
    let place = |decl: &TableDecl, name| {
        decl.written.iter().find(|of| of.value == "auto_create").map_or(name, |written| written.span)
    };
    let change = Change::new(ChangeCode::TableSetting, format!("the auto_create of {of} changes"))
        .new_at(place(new, new_name), "now")
        .old_at(place(old, old_name), "before");
    found.add(change);
}

/// Compares the settings that DynamoDB changes in place.
fn compare_settings(old: &Settings<'_>, new: &Settings<'_>, of: &str, found: &mut Comparison<'_>) {
    let (was, is) = (old.table, new.table);
    /// Whether two settings differ, and whether the new schema leaves it to the table.
    fn stated<T: PartialEq>(was: &Option<T>, is: &Option<T>) -> (bool, bool) {
        (was != is, is.is_none())
    }
    let is_other_policy = match (&was.resource_policy, &is.resource_policy) {
        (Some(was), Some(policy)) => !is.is_same_policy(was, policy),
        (was, policy) => was.is_some() || policy.is_some(),
    };
    // Their order says nothing.
    let is_other = |one: &[(String, String)], other: &[(String, String)]| {
        one.len() != other.len() || one.iter().any(|tag| !other.contains(tag))
    };
    let settings = [
        ("throughput", (was.throughput != is.throughput, false)),
        ("table_class", (was.class() != is.class(), false)),
        ("deletion_protection", stated(&was.deletion_protection, &is.deletion_protection)),
        ("point_in_time_recovery", stated(&was.point_in_time_recovery, &is.point_in_time_recovery)),
        ("contributor_insights", stated(&was.contributor_insights, &is.contributor_insights)),
        ("kms_key", stated(&was.kms_key, &is.kms_key)),
        (
            "on_demand_maximum",
            (was.on_demand_maximum != is.on_demand_maximum, is.on_demand_maximum == Maximum::default()),
        ),
        ("warm_throughput", stated(&was.warm_throughput, &is.warm_throughput)),
        ("resource_policy", (is_other_policy, is.resource_policy.is_none())),
        ("replicas", stated(&was.replicas, &is.replicas)),
        ("stream", (was.stream != is.stream, false)),
        ("tags", (is_other(&was.tags, &is.tags), is.tags.iter().all(|tag| was.tags.contains(tag)))),
        (TIME_TO_LIVE, (was.ttl != is.ttl, false)),
    ];
    for (setting, (is_other, is_left)) in settings {
        if !is_other {
            continue;
        }
        let changes = match setting {
            "tags" | "replicas" | "contributor_insights" => "change",
            _ => "changes",
        };
        let change = Change::new(ChangeCode::TableSetting, format!("the {setting} of {of} {changes}"))
            .new_at(new.place(setting), "now")
            .old_at(old.place(setting), "before");
        let gone = gone_regions(was, is);
        found.add(match setting {
            "replicas" if !gone.is_empty() => change
                .breaks(Level::Rollout)
                .note(format!(
                    "apps in {}{} lose their table when its replica is deleted",
                    if is.replicas.as_ref().is_some_and(Vec::is_empty) { "all but one of " } else { "" },
                    gone.join(", ")
                ))
                .help("let nothing read or write there any more; a replica is deleted only by its name"),
            _ if is_left => change.note("a table that exists keeps what the schema no longer states"),
            _ => change.note(KEPT),
        });
    }
}
