//! The projections of the indexes of shared tables.

use super::Resolved;
use super::draft::Draft;
use super::indexes::MOST_PROJECTED;
use super::resolver::Resolver;
use super::shared_tables::Shared;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::model::{Field, IndexDefinition, KeyAttribute, Model, Projection};
use crate::schema::{KeyDecl, ProjectionDecl, SharedIndexDecl, SharedTableDecl, Spanned};
use crate::text::show;

/// The attributes in an index besides its keys; `None` if it holds whole items. The discriminator is always among them.
pub(super) fn included(index: &SharedIndexDecl, table: &SharedTableDecl) -> Option<Vec<String>> {
    let named: &[Spanned<String>] = match &index.projection {
        ProjectionDecl::All => return None,
        ProjectionDecl::KeysOnly => &[],
        ProjectionDecl::Include(named) => named,
    };
    let of_table = table.hash_key.iter().chain(&table.range_key);
    let keys: Vec<&str> =
        of_table.chain(&index.hash_key).chain(&index.range_key).map(|key| key.attribute.value.as_str()).collect();
    let mut included: Vec<String> = Vec::new();
    for name in table.discriminator.iter().chain(named) {
        if !keys.contains(&name.value.as_str()) && !included.contains(&name.value) {
            included.push(name.value.clone());
        }
    }
    Some(included)
}

/// The fields of a model in an index; `None` if there are too few for its items.
pub(super) fn of_model(
    key: &KeyDecl,
    definition: &IndexDefinition,
    keys: (&[&KeyAttribute], &[KeyAttribute]),
    model: &Draft<'_>,
    shared: &Shared<'_>,
    resolver: &mut Resolver<'_>,
) -> Option<Projection> {
    let Some(include) = &definition.include else { return Some(Projection::All) };
    let (of_table, of_index) = keys;
    let is_key = |field: &Field| of_table.iter().copied().chain(of_index).any(|key| key.attribute == field.attribute);
    // The keys of the table are in every index.
    let is_held = |field: &Field| {
        field.key_only && of_table.iter().copied().chain(of_index).any(|key| key.determines(&field.name))
    };
    let is_in = |field: &Field| match field.key_only {
        true => is_held(field),
        false => is_key(field) || include.contains(&field.attribute),
    };
    let declared = shared.declared.indexes.iter().find(|index| index.name.value == key.name.value)?;
    let needed = crate::model::distinct(of_table.iter().flat_map(|key| key.fields()));
    let missing: Vec<String> =
        needed.into_iter().filter(|field| !is_in(field)).map(|field| show(&field.attribute)).collect();
    if !missing.is_empty() {
        let message = format!(
            "the index `{}` does not hold the fields of the key of model `{}`",
            show(&key.name.value),
            show(model.name)
        );
        let diagnostic = Diagnostic::new(Code::BadIndex, message)
            .at(key.name.span, "an item of the index would not know its key")
            .related(declared.name.span, "it projects others")
            .help(format!("add {} to its `projection:`, or write `projection: all`", missing.join(" and ")));
        resolver.report(diagnostic);
        return None;
    }
    let fields: Vec<Field> =
        model.attributes.iter().filter(|(_, field)| is_in(field)).map(|(_, field)| model.read(field, false)).collect();
    if fields.is_empty() {
        let message = format!("the index `{}` holds no field of model `{}`", show(&key.name.value), show(model.name));
        let diagnostic = Diagnostic::new(Code::BadIndex, message)
            .at(key.name.span, "its items there would be empty")
            .related(declared.name.span, "it projects others")
            .help("add a field of the model to its `projection:`, or write `projection: all`");
        resolver.report(diagnostic);
        return None;
    }
    Some(Projection::Fields { fields, include: include.clone() })
}

/// Checks that a model of the table has each projected attribute, and that they are not too many.
pub(super) fn check(models: &[Resolved<'_>], tables: &[Shared<'_>], resolver: &mut Resolver<'_>) {
    let is_complete = models.len() == resolver.schema.models.len();
    for table in tables {
        let of_table = || {
            let models = models.iter().map(|(_, model)| model);
            models.filter(|model| model.sharing.as_ref().is_some_and(|of| of.table == table.resolved.name))
        };
        let stored: Vec<&str> = of_table()
            .flat_map(Model::attributes)
            .filter(|field| !field.key_only)
            .map(|field| field.attribute.as_str())
            .chain(of_table().filter_map(|model| Some(model.versions.as_ref()?.attribute.as_str())))
            .collect();
        let of_keys: Vec<&str> = of_table()
            .flat_map(|model| model.indexes.iter().flat_map(|index| index.keys()).chain(model.keys()))
            .map(|key| key.attribute.as_str())
            .collect();
        let mut projected = 0;
        for (declared, index) in table.declared.indexes.iter().zip(&table.resolved.table.indexes) {
            let named: &[Spanned<String>] = match &declared.projection {
                ProjectionDecl::Include(named) => named,
                ProjectionDecl::All | ProjectionDecl::KeysOnly => &[],
            };
            let is_known = |name: &str| {
                stored.contains(&name)
                    || of_keys.contains(&name)
                    || table.resolved.discriminator.iter().any(|of| of == name)
            };
            // The attributes of a model with a mistake are not known.
            for name in named.iter().filter(|name| is_complete && !is_known(&name.value)) {
                let message = format!("no model of the table stores the attribute `{}`", show(&name.value));
                let help = did_you_mean(&name.value, stored.iter().copied());
                let help = help.unwrap_or_else(|| "name attributes of the fields of its models".to_owned().into());
                resolver.report(
                    Diagnostic::new(Code::UnknownKeyField, message).at(name.span, "no such attribute").help(help),
                );
            }
            let before = projected;
            projected += index.include.as_ref().map_or(0, Vec::len);
            if before <= MOST_PROJECTED && projected > MOST_PROJECTED {
                let message = format!("the indexes of a table project at most {MOST_PROJECTED} attributes by name");
                let diagnostic = Diagnostic::new(Code::BadIndex, message)
                    .at(declared.name.span, format!("up to this index, {projected}"))
                    .help("write `projection: all`, or name fewer");
                resolver.report(diagnostic);
            }
        }
    }
}
