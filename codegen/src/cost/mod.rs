//! What the requests of a schema cost: units, and money at a rate.

mod json;
mod markdown;
mod prices;
mod report;
mod requests;
mod text;
mod units;

pub use prices::{ClassPrices, Prices, UnitPrices};
pub use report::{Cost, CostPart, CostSource, ModelCost, ReadCost, RequestCost};

use crate::item_sizes::ItemSizes;
use crate::model::{Model, ModelSet, Query, Replica, Setting, TableClass};
use crate::schema::{ModelDecl, QueryDecl, Schema, Spanned};
use prices::Billing;
use requests::Items;

/// What the requests of each model cost.
pub(crate) fn of_schema(set: &ModelSet, schema: &Schema, prices: &Prices) -> Cost {
    let sizes = ItemSizes::new(set);
    let models = set.models.iter().zip(&schema.models);
    let models = models.map(|(model, decl)| of_model(model, decl, &sizes, prices)).collect();
    Cost { models, prices: prices.clone() }
}

fn of_model<'m>(model: &'m Model, decl: &ModelDecl, sizes: &ItemSizes<'m>, prices: &Prices) -> ModelCost {
    let items = Items::new(model, sizes, decl.size);
    let (own, replicas) = regions(model, prices);
    let class = own.and_then(|own| own.table_class).unwrap_or(model.described.class());
    let billing = Billing {
        is_provisioned: model.described.throughput.is_some(),
        is_infrequent_access: class == TableClass::StandardInfrequentAccess,
    };
    let request = |name: String, rate: Option<&Spanned<f64>>, mut parts: Vec<CostPart>| {
        let copied = copied(&parts);
        let copies = replicas.iter().filter(|_| copied > 0.0);
        parts.extend(copies.map(|replica| CostPart {
            source: CostSource::Replica(replica.region.clone()),
            read_units: 0.0,
            write_units: copied,
        }));
        let mut request = RequestCost {
            name,
            is_access_pattern: false,
            items: None,
            rate: rate.map(|of| of.value),
            parts,
            month: None,
        };
        let month = |rate: f64| {
            let copied = |replica: &&Replica| {
                let class = replica.table_class.unwrap_or(model.described.class());
                let is_infrequent_access = class == TableClass::StandardInfrequentAccess;
                prices.month(Billing { is_infrequent_access, ..billing }, 0.0, rate * copied)
            };
            let own: f64 = request.parts.iter().filter(|part| !is_of_replica(part)).map(|part| part.write_units).sum();
            let own = prices.month(billing, rate * request.read_units(), rate * own);
            replicas.iter().map(copied).fold(own, |sum, of| sum + of)
        };
        request.month = request.rate.map(month);
        request
    };
    let rates = &decl.rate;
    let update = items.update(&[]);
    let mut requests = vec![
        request("get".to_owned(), rates.get.as_ref(), items.get()),
        request("insert".to_owned(), rates.insert.as_ref(), items.insert()),
        request("save".to_owned(), rates.save.as_ref(), items.save()),
    ];
    if model.hooks.before_write.is_none() {
        requests.push(request("update".to_owned(), rates.update.as_ref(), update.clone()));
    }
    let special = items.special_updates().into_iter().map(|(name, fields)| (name, items.update(&fields)));
    let special = special.filter(|(_, parts)| *parts != update && model.hooks.before_write.is_none());
    requests.extend(special.map(|(name, parts)| request(name, None, parts)));
    requests.extend(items.soft_delete().map(|parts| request("soft_delete".to_owned(), None, parts)));
    requests.push(request("delete".to_owned(), rates.delete.as_ref(), items.delete()));
    for (query, decl) in model.queries.iter().zip(&decl.queries) {
        let number = items_read(query, decl);
        let of = request(query.name.clone(), decl.rate.as_ref(), items.query(query, number, decl.items.is_some()));
        requests.push(RequestCost { is_access_pattern: true, items: Some(number), ..of });
    }
    ModelCost {
        name: model.name.clone(),
        table: match &model.table.name {
            Setting::Value(name) => name.clone(),
            Setting::Env { variable, .. } => format!("${variable}"),
        },
        is_provisioned: billing.is_provisioned,
        size: items.size,
        is_estimated: decl.size.is_none(),
        vector_indexes: model.vector_indexes.iter().map(|index| index.definition.index_name.clone()).collect(),
        requests,
        reads: items.reads(),
    }
}

/// The table's own entry among its regions, and the others. The own region is that of the prices if the schema does not
/// say, and otherwise the first one.
fn regions<'m>(model: &'m Model, prices: &Prices) -> (Option<&'m Replica>, Vec<&'m Replica>) {
    let own = match &model.table.region {
        Some(Setting::Value(region) | Setting::Env { default: Some(region), .. }) => region,
        _ => &prices.region,
    };
    let all = model.described.replicas.as_deref().unwrap_or_default();
    let own = all.iter().find(|replica| replica.region == *own).or(all.first());
    (own, all.iter().filter(|replica| Some(*replica) != own).collect())
}

/// The write units that each replica uses too: those of the table and its indexes, without what a transaction adds
/// ("Understanding Amazon DynamoDB billing for global tables").
fn copied(parts: &[CostPart]) -> f64 {
    parts.iter().filter(|part| part.source != CostSource::Transaction).map(|part| part.write_units).sum()
}

fn is_of_replica(part: &CostPart) -> bool {
    matches!(part.source, CostSource::Replica(_))
}

/// The items that an access pattern reads: as the schema says, at most its limit, and otherwise one.
fn items_read(query: &Query, decl: &QueryDecl) -> u64 {
    let limit = query.limit.map(u64::from);
    match (decl.items, limit) {
        (Some(items), Some(limit)) => items.min(limit),
        (items, limit) => items.or(limit).unwrap_or(1),
    }
}
