//! The emitted models accept their example items: each reads its items, finds no violation, and writes them as they are.
//! Guards are as an insert makes them. The calls of access patterns compile.

use dyntastic::TableItem;
use dyntastic::codec::{AttributeMap, read_model, write_model};
use dyntastic_catalog::{attributes, normal};
use dyntastic_codegen::{Catalog, CatalogModel, read_sources};
use std::fmt::Debug;
use std::path::{Path, PathBuf};

include!(concat!(env!("OUT_DIR"), "/cases.rs"));

/// The example items of a schema, and the failures.
struct Items {
    catalog: Catalog,
    failures: Vec<String>,
}

impl Items {
    fn of(schema: &str) -> Self {
        let schema = Path::new(schema);
        let mut files: Vec<PathBuf> = match schema.is_dir() {
            true => std::fs::read_dir(schema).unwrap().map(|entry| entry.unwrap().path()).collect(),
            false => vec![schema.to_owned()],
        };
        files.retain(|file| file.extension().is_some_and(|extension| extension == "yaml"));
        files.sort();
        let catalog = dyntastic_codegen::catalog(&read_sources(&files).unwrap()).unwrap();
        Self { catalog, failures: Vec::new() }
    }

    fn model(&self, name: &str) -> &CatalogModel {
        self.catalog.models.iter().find(|model| model.name == name).unwrap()
    }

    fn check<M: TableItem + PartialEq + Debug>(&mut self, name: &str) {
        let model = self.model(name);
        let mut failures = Vec::new();
        // Only the app knows which values its own functions and types allow.
        if let Some(reason) = model.no_examples.as_ref().filter(|reason| !reason.contains("the app's")) {
            failures.push(format!("{name} has no examples: {reason}"));
        }
        // An example has the values before they are sealed, and only a client has keys.
        let is_sealed = model.fields.iter().any(|field| field.sealed.is_some());
        let is_encrypted = model.fields.iter().any(|field| field.sealed.is_some_and(|how| how != "compressed"));
        for example in model.examples.iter().filter(|_| !is_encrypted) {
            let stored = match is_sealed {
                true => write_model(&read_model::<M>(attributes(&example.item)).unwrap()).unwrap(),
                false => attributes(&example.item),
            };
            if let Err(failure) = read_and_written::<M>(stored) {
                failures.push(format!("{name}: {failure}\n{:#?}", example.item));
            }
        }
        self.failures.extend(failures);
    }

    fn end(&self) {
        assert!(self.failures.is_empty(), "{}", self.failures.join("\n\n"));
    }
}

#[test]
fn each_model_has_three_examples_if_its_values_can_be_made() {
    let mut fewer = Vec::new();
    for (name, schema) in CASES.iter().filter(|(name, _)| *name != "sampled") {
        let read = Items::of(schema);
        let models = read.catalog.models.iter().filter(|model| model.examples.len() < 3);
        fewer.extend(models.map(|model| {
            let reason = model.no_examples.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
            format!("{name}.{}{reason}", model.name)
        }));
    }
    let expected = [
        "computed.User: the app's function `crate::own_types::rank` computes `rank`",
        "computed.Ticket: the app's function `crate::own_types::urgency` computes `urgency`",
        "constraints.Account: the app's function `crate::own_types::check_account` checks its items",
        // Their keys are enums with few variants, or are the same for all items.
        "derived_names.First",
        "derived_names.Members",
        "hooks.Page: the app's function `crate::hooked::count_words` changes its items (`before_write`)",
        "hooks.Contact: the app's function `crate::hooked::normalise` changes its items (`before_write`)",
        "hooks.Label: the app's function `crate::hooked::in_capitals` changes its items (`after_read`)",
        "nested_patches.Person: the app's function `crate::own_types::check_street` checks `home`",
        "nested_patches.Parcel: the app's function `crate::own_types::label` computes `label`",
        "paths.User: the app's function `crate::own_types::r#try` checks its items",
        "precision.Visit: the app's function `crate::own_types::times` computes `times`",
        "scalars.Scalars: `length` holds the app's own type `crate::own_types::Meters`",
        "shadows.Key",
        "shadows.Item",
        "shop.Settings",
        "streams.Tally",
        "transforms.Member: the app's function `crate::own_types::check_member` checks its items",
    ];
    assert_eq!(fewer, expected);
}

fn read_and_written<M: TableItem + PartialEq + Debug>(stored: AttributeMap) -> Result<(), String> {
    let item: M = read_model(stored.clone()).map_err(|error| error.to_string())?;
    item.validate().map_err(|violations| violations.to_string())?;
    let (written, stored) = (normal(write_model(&item).map_err(|error| error.to_string())?), normal(stored));
    if written == stored {
        return Ok(());
    }
    let names = stored.keys().chain(written.keys());
    let other = names.filter(|name| stored.get(*name) != written.get(*name));
    let shown = other.map(|name| format!("{name}: {:?} was written as {:?}", stored.get(name), written.get(name)));
    Err(shown.collect::<Vec<_>>().join("\n"))
}

/// Inserts the example items of a model, and compares their guards with those in the table.
macro_rules! inserted {
    ($items:ident, $model:ty, $name:literal) => {
        $crate::inserted!($items, $model, $name, |db: &dyntastic::Client, _item: &$model| db.clone())
    };
    ($items:ident, $model:ty, $name:literal, $client:expr) => {{
        #[allow(unused_imports)]
        use dyntastic::prelude::{InContext as _, Stamped as _, Unstamped as _};
        let client = $client;
        let db = dyntastic::local::start().await.unwrap().client();
        for example in $items.model($name).examples.clone() {
            #[allow(unused_mut)]
            let mut item: $model = dyntastic::codec::read_model(dyntastic_catalog::attributes(&example.item)).unwrap();
            item.insert(&client(&db, &item)).await.unwrap();
            for guard in &example.guards {
                let mut guard = dyntastic_catalog::attributes(guard);
                crate::prolong($items.model($name), &mut guard, &dyntastic::codec::write_model(&item).unwrap());
                crate::compare::<$model>(&db, $items.model($name), guard).await;
            }
        }
    }};
}
pub(crate) use inserted;

/// Gives a guard the time to live that the write has given to its item (`ttl: 30d`).
fn prolong(model: &CatalogModel, guard: &mut AttributeMap, written: &AttributeMap) {
    for field in model.fields.iter().filter(|field| field.role == Some("ttl")) {
        if let (Some(ends), Some(of_item)) = (guard.get_mut(&field.attribute), written.get(&field.attribute)) {
            ends.clone_from(of_item);
        }
    }
}

/// Compares a guard with the stored one.
async fn compare<M: TableItem>(db: &dyntastic::Client, model: &CatalogModel, guard: AttributeMap) {
    let table = dyntastic::ops::TableExists::<M>::new(db).into_inner().unwrap().get_table_name().clone().unwrap();
    let names = std::iter::once(&model.hash_key).chain(&model.range_key).map(|key| key.attribute.clone());
    let key = names.map(|name| (name.clone(), guard[&name].clone())).collect();
    let stored = db.sdk().get_item().table_name(table).set_key(Some(key)).send().await.unwrap().item;
    assert_eq!(stored, Some(guard), "{}", model.name);
}
