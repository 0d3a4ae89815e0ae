//! The upgrades of a model's items.

use super::description::{Conversion, Described, ModelDescription, Step, Structure};
use super::leaked;
use super::model::current_model;
use super::value::Written;
use crate::codec::{StoredItem, Upgrade, Upgrades};
use crate::ground::ReadError;

/// The upgrade of the current model at a position.
fn upgrade<const AT: usize>(item: &mut StoredItem) -> Result<(), ReadError> {
    let found = current_model().and_then(|model| {
        let versions = model.of.versions.as_ref()?;
        Some((model.schema, versions.upgrades.get(AT)?))
    });
    let Some((schema, steps)) = found else { return Ok(()) };
    steps.iter().try_for_each(|of| step(schema, of, item))
}

fn step(schema: &'static Described, of: &'static Step, item: &mut StoredItem) -> Result<(), ReadError> {
    match of {
        Step::Rename(from, to) => item.rename(from, to),
        Step::Split(attribute, parts, end) => {
            let parts: Vec<(&str, &str)> =
                parts.iter().map(|(before, part)| (before.as_str(), part.as_str())).collect();
            item.split(attribute, &parts, end)
        }
        Step::Convert(attribute, Conversion::Number) => item.to_number(attribute),
        Step::Convert(attribute, Conversion::Text) => item.to_text(attribute),
        Step::Convert(attribute, Conversion::Boolean) => item.to_boolean(attribute),
        Step::Convert(attribute, Conversion::List) => item.to_list(attribute),
        Step::Default(field, value) => {
            let present = Structure::present(schema, field);
            let value = value.as_ref().map_or_else(|| present.empty(), |of| present.literal(of));
            match value {
                Some(value) => item.set_default(&field.attribute, &Written(present, &value)),
                None => Err(ReadError::value("a default", "the command cannot make it")),
            }
        }
        Step::Remove(attribute) => {
            item.remove(attribute);
            Ok(())
        }
        Step::Function(path) => {
            Err(ReadError::value("an upgrade by the schema", format_args!("only the app has the function `{path}`")))
        }
    }
}

macro_rules! upgrades_at {
    ($($at:literal)*) => { &[$(upgrade::<$at>),*] };
}

/// Upgrades are functions without data, so that each position has one.
const UPGRADES: &[Upgrade] = upgrades_at![
    0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31
    32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63
];

pub(super) fn upgrades(of: &'static ModelDescription) -> Result<Upgrades, String> {
    let Some(versions) = &of.versions else { return Ok(Upgrades::NONE) };
    let many =
        || format!("`{}` has more than {} upgrades: the command takes no more", of.structure.name, UPGRADES.len());
    let steps = UPGRADES.get(..versions.upgrades.len()).ok_or_else(many)?;
    let keys = leaked::names(versions.keys.iter().map(String::as_str).collect());
    Ok(Upgrades::new(&versions.attribute, keys, steps).from_version(versions.first))
}
