//! The tables of the page: their settings, and their items by the keys of the table, of indexes and of collections.

use super::grids::{Grid, Keys, Sample, samples};
use super::html::Html;
use super::models::{PatternView, pattern};
use super::values::counted;
use super::{anchors, values};
use dyntastic_codegen::{
    Catalog, CatalogCollection, CatalogTable, LiveValue, TableDescription, TableDistance, TableIndex, TableKey,
    TableKeyKind, TableReplica, TableSetting, TableStream, TableVectorIndex,
};

/// A table.
pub(super) struct TableView {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) doc: Html,
    /// Its settings, as names and values.
    pub(super) facts: Vec<(&'static str, Html)>,
    pub(super) grid: Option<Grid>,
    /// The models without example items, and the reasons.
    pub(super) without: Vec<Html>,
    pub(super) indexes: Vec<IndexView>,
    pub(super) collections: Vec<CollectionView>,
}

/// An index.
pub(super) struct IndexView {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) facts: Vec<(&'static str, Html)>,
    pub(super) grid: Option<Grid>,
    /// What stands in place of a grid.
    pub(super) without: &'static str,
}

/// A collection.
pub(super) struct CollectionView {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) doc: Html,
    pub(super) members: Html,
    pub(super) pattern: PatternView,
    pub(super) grid: Option<Grid>,
}

/// The tables of a catalog, in their order.
pub(super) fn of(catalog: &Catalog, ids: &[String]) -> Vec<TableView> {
    catalog.tables.iter().zip(ids).enumerate().map(|(at, (table, id))| view(catalog, at, table, id)).collect()
}

fn view(catalog: &Catalog, at: usize, table: &CatalogTable, id: &str) -> TableView {
    let description = &table.description;
    let samples = samples(catalog, table);
    let has_models = table.models.len() > 1 || samples.iter().any(|sample| sample.is_guard);
    let marked = marked(description);
    let keys = Keys {
        hash: vec![&description.hash_key.attribute],
        range: description.range_key.iter().map(|key| key.attribute.as_str()).collect(),
        include: None,
        marked: &marked,
    };
    let name = anchors::table_name(table);
    let without = catalog.models.iter().filter(|model| table.models.contains(&model.name)).filter_map(|model| {
        let reason = model.no_examples.as_ref()?;
        let link = Html::link(&anchors::model(&model.name), &model.name);
        Some(
            [Html::text("No example items of "), link, Html::text(": "), Html::coded(reason), Html::text(".")]
                .into_iter()
                .collect(),
        )
    });
    let collections = catalog.collections.iter().filter(|collection| collection.table == at);
    TableView {
        doc: Html::markdown(&table.doc),
        facts: facts(table),
        grid: Grid::of(format!("Example items of the table {name}"), &keys, &samples, has_models),
        without: without.collect(),
        indexes: description
            .indexes
            .iter()
            .map(|index| index_view(description, index, id, &samples, has_models))
            .chain(description.vector_indexes.iter().map(|index| vector_index_view(index, id)))
            .collect(),
        collections: collections.map(|of| collection(of, table, &samples)).collect(),
        id: id.to_owned(),
        name,
    }
}

/// The key attributes of a table and its indexes.
fn marked(description: &TableDescription) -> Vec<&str> {
    let of_indexes = description.indexes.iter().flat_map(|index| index.hash_key.iter().chain(&index.range_key));
    let keys = std::iter::once(&description.hash_key).chain(&description.range_key).chain(of_indexes);
    keys.map(|key| key.attribute.as_str()).collect()
}

fn index_view(
    table: &TableDescription,
    index: &TableIndex,
    table_id: &str,
    samples: &[Sample<'_>],
    has_models: bool,
) -> IndexView {
    let names = |keys: &'_ [TableKey]| keys.iter().map(|key| key.attribute.clone()).collect::<Vec<_>>();
    let (hash, range) = (names(&index.hash_key), names(&index.range_key));
    let marked = marked(table);
    let of_table = std::iter::once(&table.hash_key).chain(&table.range_key).map(|key| key.attribute.as_str());
    let include = index.include.as_ref().map(|include| of_table.chain(include.iter().map(String::as_str)).collect());
    let keys = Keys {
        hash: hash.iter().map(String::as_str).collect(),
        range: range.iter().map(String::as_str).collect(),
        include,
        marked: &marked,
    };
    let mut facts = vec![
        ("Kind", Html::text(if index.local { "local secondary index" } else { "global secondary index" })),
        ("Hash key", key_texts(&index.hash_key)),
    ];
    if !index.range_key.is_empty() {
        facts.push(("Range key", key_texts(&index.range_key)));
    }
    facts.push(("Projection", projection(index.include.as_deref())));
    facts.extend(index.throughput.map(|units| ("Throughput", throughput(units))));
    IndexView {
        id: format!("{table_id}.index.{}", anchors::slug(&index.name)),
        name: index.name.clone(),
        facts,
        grid: Grid::of(format!("Example items of the index {}", index.name), &keys, samples, has_models),
        without: "No example item is in it.",
    }
}

fn vector_index_view(index: &TableVectorIndex, table_id: &str) -> IndexView {
    let mut facts = vec![
        ("Kind", Html::text("vector index")),
        (
            "Vector",
            Html::markup("<code>{}</code>, {}", &[&index.attribute, &counted(index.dimensions.into(), "dimension")]),
        ),
        (
            "Distance",
            Html::text(match index.distance {
                TableDistance::Cosine => "cosine",
                TableDistance::Euclidean => "euclidean",
                TableDistance::DotProduct => "dot product",
            }),
        ),
    ];
    facts.extend(index.hash_key.as_ref().map(|key| ("Hash key", key_texts(std::slice::from_ref(key)))));
    if !index.filterable.is_empty() {
        facts.push(("Filterable", key_texts(&index.filterable)));
    }
    facts.push(("Projection", projection(index.include.as_deref())));
    IndexView {
        id: format!("{table_id}.index.{}", anchors::slug(&index.name)),
        name: index.name.clone(),
        facts,
        grid: None,
        without: "A search orders its items by their similarity.",
    }
}

/// What an index holds of its items.
fn projection(include: Option<&[String]>) -> Html {
    match include {
        None => Html::text("whole items"),
        Some([]) => Html::text("only the keys"),
        Some(include) => {
            let codes = include.iter().map(|name| Html::element("code", name)).collect();
            [Html::text("the keys and "), joined(codes)].into_iter().collect()
        }
    }
}

fn collection(of: &CatalogCollection, table: &CatalogTable, samples: &[Sample<'_>]) -> CollectionView {
    let description = &table.description;
    let index = of.pattern.index.as_ref();
    let index = index.and_then(|name| description.indexes.iter().find(|index| index.name == *name));
    let (hash, range): (Vec<&str>, Vec<&str>) = match index {
        None => (
            vec![&description.hash_key.attribute],
            description.range_key.iter().map(|key| key.attribute.as_str()).collect(),
        ),
        Some(index) => (
            index.hash_key.iter().map(|key| key.attribute.as_str()).collect(),
            index.range_key.iter().map(|key| key.attribute.as_str()).collect(),
        ),
    };
    let is_member = |sample: &&Sample<'_>| of.members.iter().any(|member| member.model == sample.model);
    let members: Vec<&Sample<'_>> = samples.iter().filter(is_member).collect();
    let hash_of = |sample: &Sample<'_>| {
        hash.iter().map(|name| sample.item.get(*name).cloned()).collect::<Option<Vec<LiveValue>>>()
    };
    // The hash key with items of the most models, and then the most items.
    let size = |key: &Vec<LiveValue>| {
        let same: Vec<&&Sample<'_>> = members.iter().filter(|sample| hash_of(sample).as_ref() == Some(key)).collect();
        let models: std::collections::BTreeSet<&str> = same.iter().map(|sample| sample.model).collect();
        (models.len(), same.len())
    };
    let mut keys: Vec<Vec<LiveValue>> = members.iter().filter_map(|sample| hash_of(sample)).collect();
    keys.sort_by(|one, other| {
        one.iter()
            .zip(other)
            .map(|(a, b)| values::order(a, b))
            .find(|order| order.is_ne())
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    keys.dedup();
    // Of several with the same size, the first.
    let best = keys.into_iter().rev().max_by_key(size);
    let shown: Vec<Sample<'_>> = members.into_iter().filter(|sample| hash_of(sample) == best).cloned().collect();
    let marked = marked(description);
    let keys = Keys { hash, range, include: None, marked: &marked };
    let member = |member: &dyntastic_codegen::CatalogMember| {
        let many = if member.single { "at most one" } else { "any number" };
        let link = Html::link(&anchors::model(&member.model), &member.model);
        [Html::element("code", &member.field), Html::text(": "), link, Html::text(&format!(", {many}"))]
            .into_iter()
            .collect()
    };
    let mut pattern = pattern(&of.pattern, format!("collection.{}.query", of.name), None);
    let cost = "0.5 read units for each 4 kB of its items, and 128 for a whole page of 1 MB";
    pattern.facts.push(("Cost", Html::text(cost)));
    CollectionView {
        id: format!("collection.{}", of.name),
        name: of.name.clone(),
        doc: Html::markdown(&of.doc),
        members: separated(of.members.iter().map(member).collect(), "; "),
        pattern,
        grid: Grid::of(format!("Example items of the collection {}", of.name), &keys, &shown, true),
    }
}

/// The settings of a table.
fn facts(table: &CatalogTable) -> Vec<(&'static str, Html)> {
    let description = &table.description;
    let keys = |key: &TableKey| key_texts(std::slice::from_ref(key));
    let mut facts = vec![("Name", setting(&description.name)), ("Hash key", keys(&description.hash_key))];
    facts.extend(description.range_key.as_ref().map(|key| ("Range key", keys(key))));
    if !table.discriminator.is_empty() {
        let names = table.discriminator.iter().map(|name| Html::element("code", name)).collect();
        facts.push(("Discriminator", joined(names)));
    }
    let links = table.models.iter().map(|name| Html::link(&anchors::model(name), name)).collect();
    facts.push(("Models", joined(links)));
    facts.push((
        "Billing",
        match description.throughput {
            None => Html::text("per request"),
            Some(units) => throughput(units),
        },
    ));
    if description.is_infrequent_access {
        facts.push(("Class", Html::text("Standard-Infrequent Access")));
    }
    facts.extend(description.region.as_ref().map(|of| ("Region", setting(of))));
    facts.extend(description.host.as_ref().map(|of| ("Host", setting(of))));
    facts.extend(description.ttl.as_ref().map(|of| ("Time to live", Html::element("code", of))));
    facts.extend(description.stream.map(|of| ("Stream", Html::text(stream(of)))));
    if let Some(replicas) = description.replicas.as_ref().filter(|replicas| !replicas.is_empty()) {
        facts.push(("Regions", separated(replicas.iter().map(replica).collect(), "; ")));
    }
    let key = description.kms_key.as_ref();
    facts.extend(key.map(|key| ("KMS key", Html::element("code", key))));
    facts.extend(on_demand_maximum(description).map(|most| ("On-demand maximum", most)));
    facts.extend(description.warm_throughput.map(|units| ("Warm throughput", throughput(units))));
    facts.extend(description.deletion_protection.map(|of| ("Deletion protection", Html::text(on(of)))));
    facts.extend(description.point_in_time_recovery.map(|of| ("Point-in-time recovery", Html::text(on(of)))));
    facts.extend(description.contributor_insights.map(|of| ("Contributor insights", Html::text(on(of)))));
    let policy = description.resource_policy().map(|policy| match policy.is_empty() {
        true => Html::text("none"),
        false => Html::element("code", &policy),
    });
    facts.extend(policy.map(|policy| ("Resource policy", policy)));
    if !description.tags.is_empty() {
        let tags = description.tags.iter().map(|(key, value)| Html::element("code", &format!("{key}={value}")));
        facts.push(("Tags", joined(tags.collect())));
    }
    facts
}

fn throughput((read, write): (u32, u32)) -> Html {
    Html::text(&format!("{} and {}", counted(read.into(), "read unit"), counted(write.into(), "write unit")))
}

/// A region of a table, with what it has of its own there.
fn replica(of: &TableReplica) -> Html {
    let key = of.kms_key.as_ref().map(|key| Html::markup(", KMS key <code>{}</code>", &[key]));
    let class = of.is_infrequent_access.map(|is| match is {
        true => Html::text(", Standard-Infrequent Access"),
        false => Html::text(", Standard"),
    });
    std::iter::once(Html::element("code", &of.region)).chain(key).chain(class).collect()
}

fn on_demand_maximum(of: &TableDescription) -> Option<Html> {
    let (read, write) = of.on_demand_maximum;
    let read = read.map(|units| counted(units.into(), "read unit"));
    let write = write.map(|units| counted(units.into(), "write unit"));
    let most: Vec<String> = read.into_iter().chain(write).collect();
    (!most.is_empty()).then(|| Html::text(&most.join(" and ")))
}

fn on(is_on: bool) -> &'static str {
    if is_on { "on" } else { "off" }
}

fn stream(of: TableStream) -> &'static str {
    match of {
        TableStream::KeysOnly => "keys",
        TableStream::NewImage => "new images",
        TableStream::OldImage => "old images",
        TableStream::NewAndOldImages => "new and old images",
    }
}

fn setting(of: &TableSetting) -> Html {
    match of {
        TableSetting::Value(value) => Html::element("code", value),
        TableSetting::Env { variable, default: None } => {
            Html::markup("the environment variable <code>{}</code>", &[variable])
        }
        TableSetting::Env { variable, default: Some(default) } => {
            Html::markup("the environment variable <code>{}</code>, or <code>{}</code>", &[variable, default])
        }
    }
}

fn key_texts(keys: &[TableKey]) -> Html {
    let key = |key: &TableKey| {
        let letter = match key.kind {
            TableKeyKind::String => "S",
            TableKeyKind::Number => "N",
            TableKeyKind::Binary => "B",
        };
        Html::markup("<code>{}</code> <span class=\"letter\">{}</span>", &[&key.attribute, letter])
    };
    joined(keys.iter().map(key).collect())
}

/// A list with commas.
pub(super) fn joined(parts: Vec<Html>) -> Html {
    separated(parts, ", ")
}

fn separated(parts: Vec<Html>, by: &'static str) -> Html {
    let mut all = Html::default();
    for part in parts {
        if !all.is_empty() {
            all.push(&Html::text(by));
        }
        all.push(&part);
    }
    all
}
