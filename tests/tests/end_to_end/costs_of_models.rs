//! The calculated writes of every model of the golden cases, the cases of costs, the sample and the example, and the
//! capacity that the engine reports for them: of new items, of updates of each kind of field, and of deletions.

use crate::described::Described;
use crate::engine::Engine;
use crate::meter::{Meter, metered};
use crate::random::Random;
use crate::seeds::{rounds, seed};
use dyntastic::dynamic::{DynamicItem, DynamicModel, DynamicSchema};
use dyntastic::ops::Save;
use dyntastic::serde_json::{self, Map, Value};
use dyntastic::{Client, KeyAttribute, Model, SecondaryIndex, Table};
use dyntastic_catalog::attributes;
use dyntastic_codegen::{
    CatalogField, CatalogKey, CatalogModel, CostPart, CostSource, KeySegment, ModelCost, Prices, RequestCost,
    TableDescription, TableIndex, TableKey, TableKeyKind, catalog, cost, items, read_sources,
};
use std::path::PathBuf;
use std::time::Duration;

/// The bytes up to which an estimate leaves room for the items that are written: all of them are one unit.
const SMALL: u64 = 700;

/// A model with its cost, its description and its example items.
struct Costed {
    model: DynamicModel,
    cost: ModelCost,
    catalog: CatalogModel,
    described: Described,
    table: TableDescription,
    db: Client,
    meter: Meter,
    wrong: Vec<String>,
    /// The rows whose units the engine reported.
    reached: usize,
}

/// The write units of the table itself: no engine has replicas.
fn writes(request: &RequestCost) -> f64 {
    let is_own = |part: &&CostPart| !matches!(part.source, CostSource::Replica(_));
    request.parts.iter().filter(is_own).map(|part| part.write_units).sum()
}

impl Costed {
    fn request(&self, name: &str) -> Option<&RequestCost> {
        self.cost.requests.iter().find(|of| of.name == name)
    }

    /// Compares the most write units of a request with the calculated ones.
    fn check(&mut self, name: &str, most: f64) {
        let wanted = writes(self.request(name).unwrap());
        match most == wanted {
            true => self.reached += 1,
            false => self.wrong.push(format!("{} {name}: {most} write units; calculated: {wanted}", self.cost.name)),
        }
    }

    /// The write units since the last call.
    fn written(&self) -> f64 {
        self.meter.take().writes.values().sum()
    }

    async fn save(&self, item: &mut DynamicItem) -> Result<f64, dyntastic::Error> {
        self.written();
        self.model.run(async { Save::new(&self.db, item).await }).await?;
        Ok(self.written())
    }

    fn item(&self, json: &Map<String, Value>) -> Option<DynamicItem> {
        let item = self.model.item_of_json(&Value::Object(json.clone()).to_string()).ok()?;
        self.model.validate(&item).is_ok().then_some(item)
    }

    /// The fields that an update of this name changes.
    fn fields(&self, name: &str) -> Vec<String> {
        let Some(index) = name.strip_prefix("update of the key of ") else {
            let names = name.strip_prefix("update of ").into_iter().flat_map(|names| names.split(" and "));
            return names.map(str::to_owned).collect();
        };
        if let Some(index) = self.catalog.indexes.iter().find(|of| of.index_name == index) {
            let keys = index.hash_key.iter().chain(&index.range_key).flat_map(fields_of);
            return keys.chain(index.when.iter().map(|(field, _)| field.clone())).collect();
        }
        // The model does not name it, and its items have the attributes of its keys.
        let index = self.table.indexes.iter().find(|of| of.name == index).unwrap();
        let is_key =
            |attribute: &str| index.hash_key.iter().chain(&index.range_key).any(|key| key.attribute == attribute);
        self.catalog.fields.iter().filter(|field| is_key(&field.attribute)).map(|field| field.name.clone()).collect()
    }

    /// The example items, as new ones.
    fn examples(&self) -> Vec<DynamicItem> {
        let version = self.described.of["fields"].as_array().into_iter().flatten().find(|field| {
            let is_it = |of: &CatalogField| field["name"] == of.name.as_str() && of.role == Some("version");
            self.catalog.fields.iter().any(is_it)
        });
        let examples = self.catalog.examples.iter().filter_map(|of| self.model.read(attributes(&of.item)).ok());
        let new = |item: DynamicItem| {
            let mut json: Map<String, Value> = serde_json::from_str(&item.to_json().unwrap()).unwrap();
            if let Some(version) = version {
                json.insert(version["json"].as_str().unwrap().to_owned(), 0.into());
            }
            self.item(&json)
        };
        examples.filter_map(new).collect()
    }

    async fn delete(&self, item: &DynamicItem) -> f64 {
        self.written();
        let key = self.model.key_of(item);
        self.model.run(async { DynamicItem::delete_by_key(&self.db, key).await }).await.unwrap();
        self.written()
    }

    async fn compare(&mut self, random: &mut Random) {
        let examples = self.examples();
        if examples.is_empty() {
            self.wrong.push(format!("{} has no example in JSON", self.cost.name));
            return;
        }
        let (mut inserts, mut saves, mut deletes) = (Vec::new(), Vec::new(), Vec::new());
        for example in &examples {
            let mut item = example.clone();
            self.written();
            self.model.run(async { Save::insert(&self.db, &mut item).await }).await.unwrap();
            inserts.push(self.written());
            deletes.push(self.delete(&item).await);
            let mut item = example.clone();
            saves.push(self.save(&mut item).await.unwrap());
            self.delete(&item).await;
        }
        let most = |units: Vec<f64>| units.into_iter().fold(0.0, f64::max);
        self.check("insert", most(inserts));
        self.check("save", most(saves));
        self.check("delete", most(deletes));
        let names: Vec<String> = self.cost.requests.iter().map(|of| of.name.clone()).collect();
        let is_possible = |name: &&String| {
            name.starts_with("update") && !self.changing(name).is_empty() && !self.are_counters(&self.fields(name))
        };
        let updates: Vec<&String> = names.iter().filter(is_possible).collect();
        for name in updates {
            let (wanted, mut found) = (writes(self.request(name).unwrap()), 0.0);
            for example in &examples {
                if found < wanted {
                    found = self.updates(name, example, random).await.max(found);
                }
            }
            self.check(name, found);
        }
    }

    /// Whether only increments change these fields, those of the key apart, so that no save does.
    fn are_counters(&self, fields: &[String]) -> bool {
        let is_counter = |name: &&String| {
            self.catalog
                .fields
                .iter()
                .any(|field| field.name == **name && matches!(field.role, Some("counter" | "sequence")))
        };
        let mut others = fields.iter().filter(|name| !self.model.key_fields().any(|of| of == name.as_str())).peekable();
        others.peek().is_some() && others.all(|name| is_counter(&name))
    }

    /// The fields that an update of this name may change, as the description has them.
    fn changing(&self, name: &str) -> Vec<&Value> {
        let special: Vec<String> = self.cost.requests.iter().flat_map(|of| self.fields(&of.name)).collect();
        let own = self.fields(name);
        let is_key = |field: &str| self.model.key_fields().any(|of| of == field);
        Described::fields(&self.described.of)
            .filter(|field| {
                let name = field["name"].as_str().unwrap();
                let has_role =
                    self.catalog.fields.iter().any(|of| of.name == name && of.role.is_some_and(|of| of != "ttl"));
                !is_key(name) && !has_role && (own.iter().any(|of| of == name) || !special.iter().any(|of| of == name))
            })
            .collect()
    }

    /// The most write units of random updates: of an item with values of its own, which a save writes over it. A few are
    /// enough that reach the calculated number.
    async fn updates(&self, name: &str, example: &DynamicItem, random: &mut Random) -> f64 {
        let fields = self.changing(name);
        // A save of an item with guards is a transaction, also if it changes none of them.
        let request = self.request(name).unwrap();
        let has_guards = !self.catalog.unique.is_empty();
        let is_alone = has_guards && !request.parts.iter().any(|part| part.source == CostSource::Transaction);
        let of_table = |part: &&CostPart| part.source == CostSource::Table;
        let twice = if is_alone { request.parts.iter().find(of_table).unwrap().write_units } else { 0.0 };
        let mut most: f64 = 0.0;
        let mut stored = example.clone();
        let original: Map<String, Value> = serde_json::from_str(&example.to_json().unwrap()).unwrap();
        for round in 0..400 {
            if round > 0 && most == writes(request) {
                break;
            }
            // As it was, with the version that it has by now.
            let mut before: Map<String, Value> = serde_json::from_str(&stored.to_json().unwrap()).unwrap();
            let mut after = Map::new();
            for field in &fields {
                let json = field["json"].as_str().unwrap();
                match original.get(json) {
                    Some(value) => drop(before.insert(json.to_owned(), value.clone())),
                    None => drop(before.remove(json)),
                }
                if round == 0 || random.below(2) == 0 {
                    let value = self.described.value(random, &field["ty"], 0);
                    after.insert(json.to_owned(), serde_json::from_str(&value).unwrap());
                }
            }
            let Some(mut item) = self.item(&before) else { continue };
            if self.save(&mut item).await.is_err() {
                continue;
            }
            stored = item;
            let mut changed: Map<String, Value> = serde_json::from_str(&stored.to_json().unwrap()).unwrap();
            for (json, value) in after {
                let earlier = changed.insert(json.clone(), value);
                // A value that the field cannot have stays as it was.
                if self.item(&changed).is_none() {
                    match earlier {
                        Some(value) => drop(changed.insert(json, value)),
                        None => drop(changed.remove(&json)),
                    }
                }
            }
            let Some(mut item) = self.item(&changed) else { continue };
            if round == 11 {
                // A time of the last write that is stored in seconds is another one by then.
                tokio::time::sleep(Duration::from_millis(1_100)).await;
            }
            if let Ok(units) = self.save(&mut item).await {
                most = most.max(units - twice);
                stored = item;
            }
        }
        self.delete(&stored).await;
        most
    }
}

/// The fields in a key, and those that choose its shard.
fn fields_of(key: &CatalogKey) -> Vec<String> {
    let name = |segment: &KeySegment| match segment {
        KeySegment::Field { name, .. } => Some(name.clone()),
        KeySegment::Text(_) => None,
    };
    let chosen = key.shards.iter().flat_map(|shards| shards.by.iter().cloned());
    key.segments.iter().filter_map(name).chain(chosen).collect()
}

/// The keys, the indexes and the time to live of a table.
fn table(of: &TableDescription) -> Table {
    let key = |key: &TableKey| {
        let attribute = key.attribute.clone().leak();
        match key.kind {
            TableKeyKind::String => KeyAttribute::string(attribute),
            TableKeyKind::Number => KeyAttribute::number(attribute),
            TableKeyKind::Binary => KeyAttribute::binary(attribute),
        }
    };
    let keys = |keys: &[TableKey]| -> &'static [KeyAttribute] { keys.iter().map(key).collect::<Vec<_>>().leak() };
    let index = |of: &TableIndex| {
        let make = if of.local { SecondaryIndex::local } else { SecondaryIndex::global };
        let index = make(of.name.clone().leak(), keys(&of.hash_key)).range_key(keys(&of.range_key));
        match &of.include {
            None => index,
            Some(include) if include.is_empty() => index.keys_only(),
            Some(include) => {
                let names = include.iter().map(|name| &*name.clone().leak());
                index.include(names.collect::<Vec<&'static str>>().leak())
            }
        }
    };
    let indexes: Vec<SecondaryIndex> = of.indexes.iter().map(index).collect();
    let mut table = Table::named("costed", key(&of.hash_key)).indexes(indexes.leak());
    if let Some(of) = &of.range_key {
        table = table.range_key(key(of));
    }
    match &of.ttl {
        Some(ttl) => table.ttl(ttl.clone().leak()),
        None => table,
    }
}

/// The files of each schema.
fn schemas() -> Vec<Vec<PathBuf>> {
    let folders = ["cases", "costs"].into_iter().flat_map(|folder| std::fs::read_dir(folder).unwrap());
    let mut all: Vec<Vec<PathBuf>> = folders
        .map(|folder| {
            let files = std::fs::read_dir(folder.unwrap().path()).unwrap().map(|file| file.unwrap().path());
            let mut files: Vec<PathBuf> =
                files.filter(|file| file.extension().is_some_and(|of| of == "yaml")).collect();
            files.sort();
            files
        })
        .collect();
    all.sort();
    all.extend([vec!["sample.yaml".into()], vec!["../models.example.yaml".into()]]);
    all
}

#[tokio::test]
async fn the_writes_of_every_model_are_those_that_the_engine_reports() {
    if !Engine::current().reports_indexes() || !Engine::current().reports_transactions() {
        return;
    }
    let mut random = Random::new(seed(31));
    let (mut wrong, mut reached, mut skipped) = (Vec::new(), 0, 0);
    // A part of the models by itself, and all in CI.
    let step = if rounds(1) > 1 { 1 } else { 4 };
    let mut number = 0_usize;
    for files in schemas() {
        // A case of mistakes has no models.
        let Ok(sources) = read_sources(&files) else { continue };
        let (Ok(description), Ok(catalog)) = (items(&sources), catalog(&sources)) else { continue };
        let cost = cost(&sources, &Prices::default()).unwrap();
        let tables: Vec<Table> =
            description.models.iter().map(|model| table(&description.tables[model.table])).collect();
        let schema = DynamicSchema::load(&description.json, &tables).unwrap();
        let json: Value = serde_json::from_str(&description.json).unwrap();
        for (at, (cost, catalog)) in cost.models.into_iter().zip(catalog.models).enumerate() {
            number += 1;
            if !number.is_multiple_of(step) {
                continue;
            }
            let model = schema.models()[at];
            // The sizes of sealed values are no matter of types.
            let is_sealed = catalog.fields.iter().any(|field| field.sealed.is_some());
            let is_whole = model.own_types().is_empty()
                && model.own_checks().is_empty()
                && !model.has_own_upgrades()
                && !is_sealed;
            if !is_whole || cost.size > SMALL || catalog.examples.is_empty() {
                skipped += 1;
                continue;
            }
            let described =
                Described { model, of: json["models"][at]["structure"].clone(), types: json["types"].clone() };
            let (db, meter) = metered().await;
            let table = description.tables[description.models[at].table].clone();
            let mut costed =
                Costed { model, cost, catalog, described, table, db, meter, wrong: Vec::new(), reached: 0 };
            costed.compare(&mut random).await;
            reached += costed.reached;
            wrong.extend(costed.wrong.into_iter().map(|wrong| format!("{}: {wrong}", files[0].display())));
        }
    }
    assert!(wrong.is_empty(), "{} wrong, {reached} right:\n{}", wrong.len(), wrong.join("\n"));
    assert!(reached > 1_000 / step && skipped < 100 / step, "{reached} {skipped}");
}
