//! Tables that several models share, or that variables name.

use super::Resolved;
use super::resolver::Resolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{KeyAttribute, Model, Setting};
use crate::schema::{ModelDecl, Schema, SettingDecl};
use crate::sources::Span;
use crate::text::show;
use std::collections::HashMap;

/// Checks that the models of one table agree on it: one CreateTable creates it for all of them.
pub(crate) fn agree(models: &mut [Resolved<'_>], resolver: &mut Resolver<'_>) {
    let mut first_of = HashMap::new();
    let mut ttl_of = HashMap::new();
    // The models of each table that say something else than those before them.
    let mut saying: HashMap<_, Vec<(&ModelDecl, &Model)>> = HashMap::new();
    // Those that contradict others, so that a model that says the same as one of them is no further mistake.
    let mut refused: HashMap<_, Vec<(String, &Model)>> = HashMap::new();
    let mut defaults = HashMap::new();
    for (declared, model) in &*models {
        if let Setting::Env { variable, default } = &model.table.name {
            let (first, first_default) = *defaults.entry(variable).or_insert((declared, default));
            if default != first_default {
                let text = |default: &Option<String>| match default {
                    Some(name) => format!("here its default is `{}`", show(name)),
                    None => "here it has no default".to_owned(),
                };
                let message = format!("the variable `{}` names two tables", show(variable));
                let diagnostic = Diagnostic::new(Code::TableConflict, message)
                    .at(declared.name.span, text(default))
                    .related(first.name.span, text(first_default))
                    .help("a variable names one table: give it one default, or use another variable");
                resolver.report(diagnostic);
            }
        }
        let table = (&model.table.name, &model.table.region, &model.table.host);
        let (first, first_model) = *first_of.entry(table).or_insert((declared, model));
        let refused = refused.entry(table).or_default();
        let same = same_keys(model, first_model);
        let is_known = |refused: &[(String, &Model)], what: &str, agrees: &dyn Fn(&Model) -> bool| {
            refused.iter().any(|(of, other)| of == what && agrees(other))
        };
        if !same && !is_known(refused, "", &|other| same_keys(model, other)) {
            refused.push((String::new(), model));
            let diagnostic = Diagnostic::new(Code::TableConflict, "two models share a table but not its keys")
                .at(declared.name.span, format!("model `{}` has other keys", show(&declared.name.value)))
                .related(first.name.span, format!("model `{}` is in the same table", show(&first.name.value)))
                .help("give them the same key attributes, or tables of their own");
            resolver.report(diagnostic);
        }
        let earlier = saying.entry(table).or_default();
        let other = earlier.iter().find_map(|(of, earlier)| Some((*of, earlier.table.disagrees(&model.table)?)));
        if other.is_none() && earlier.iter().all(|(_, earlier)| earlier.table != model.table) {
            earlier.push((declared, model));
        }
        if let Some((first, what)) = other.filter(|_| same)
            && !is_known(refused, &what, &|other| other.table.disagrees(&model.table).is_none())
        {
            refused.push((what.clone(), model));
            let message = format!("two models share a table but not {}", show(&what));
            let diagnostic = Diagnostic::new(Code::TableConflict, message)
                .at(declared.name.span, format!("model `{}` has another one", show(&declared.name.value)))
                .related(first.name.span, format!("model `{}` is in the same table", show(&first.name.value)))
                .help("a table has one: say the same in both models, or in one of them");
            resolver.report(diagnostic);
        }
        let Some(ttl) = model.table.ttl.as_ref().filter(|_| same) else { continue };
        let (first, first_ttl) = *ttl_of.entry(table).or_insert((declared, ttl));
        let is_known = is_known(refused, "time to live", &|other| other.table.ttl.as_ref() == Some(ttl));
        if ttl != first_ttl && !is_known {
            refused.push(("time to live".to_owned(), model));
            let message = "two models share a table but not the attribute of its time to live";
            let diagnostic = Diagnostic::new(Code::TableConflict, message)
                .at(declared.name.span, format!("here it is `{}`", show(ttl)))
                .related(first.name.span, format!("here it is `{}`", show(first_ttl)))
                .help("a table has one: give the fields the same `attribute:`");
            resolver.report(diagnostic);
        }
    }
    let ttls: Vec<Option<String>> = models
        .iter()
        .map(|(_, model)| {
            let table = (&model.table.name, &model.table.region, &model.table.host);
            ttl_of.get(&table).map(|(_, ttl)| (*ttl).clone())
        })
        .collect();
    for ((_, model), ttl) in models.iter_mut().zip(ttls) {
        model.table.ttl = ttl;
    }
}

pub(super) fn same_keys(one: &Model, other: &Model) -> bool {
    let same = |one: &KeyAttribute, other: &KeyAttribute| one.attribute == other.attribute && one.kind == other.kind;
    same(&one.hash_key, &other.hash_key)
        && match (&one.range_key, &other.range_key) {
            (None, None) => true,
            (Some(one), Some(other)) => same(one, other),
            _ => false,
        }
}

/// Checks that the default of a variable is the name of one table: without the variable, two would be one.
pub(super) fn check_defaults(models: &[Resolved<'_>], resolver: &mut Resolver<'_>) {
    // The first model of each table, by the name that the table has without variables.
    let mut first_of = HashMap::new();
    for of in models {
        let (_, Model { table, .. }) = of;
        let (Setting::Value(name) | Setting::Env { default: Some(name), .. }) = &table.name else { continue };
        let tables: &mut Vec<&Resolved<'_>> = first_of.entry((name, &table.region, &table.host)).or_default();
        if tables.iter().any(|(_, other)| other.table.name == table.name) {
            continue;
        }
        tables.push(of);
        let [first, .., _] = tables.as_slice() else { continue };
        let variable = match (&table.name, &first.1.table.name) {
            // Other defaults of one variable are another mistake.
            (Setting::Env { variable, .. }, Setting::Env { variable: other, .. }) if variable == other => continue,
            (Setting::Env { variable, .. }, _) | (_, Setting::Env { variable, .. }) => variable,
            _ => continue,
        };
        let message = format!("without the variable `{}`, two tables have the name `{}`", show(variable), show(name));
        resolver.report(
            Diagnostic::new(Code::TableConflict, message)
                .at(name_span(of, resolver.schema), "one of them")
                .related(name_span(first, resolver.schema), "the other")
                .help("give the variable another default, or write the same name in both"),
        );
    }
}

/// The place of the name of a model's table.
fn name_span((declared, model): &Resolved<'_>, schema: &Schema) -> Span {
    let sharing = model.sharing.as_ref();
    let shared = sharing.and_then(|of| schema.tables.iter().find(|table| table.name.value == of.table));
    let name = shared.map_or(&declared.table.name, |shared| &shared.table.name);
    match name {
        Some(SettingDecl::Env { default: Some(default), .. }) => default.span,
        Some(name) => name.span(),
        None => shared.map_or(declared.name.span, |shared| shared.name.span),
    }
}
