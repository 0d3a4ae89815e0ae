//! `dyntastic query`.

use super::super::Stop;
use super::ItemsArgs;
use super::filter::{Compared, conditions};
use super::output::{ItemFormat, Output};
use clap::Args;
use dyntastic::dynamic::{Comparison, DynamicIndex, DynamicItem, DynamicModel, KeyFields};
use dyntastic::ops::{Items, OneHashKey, Read, Source};
use dyntastic::{Client, Condition};
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(crate) struct Query {
    /// A model of the schema; with an index or an access pattern after a point: User.by_email.
    #[arg(value_name = "MODEL[.SOURCE]")]
    source: String,
    /// The fields of the hash key with their values, and comparisons with those of the range key, in their order:
    /// customer_id=c1 'placed_at>=2024-02-01T00:00:00Z'. A field takes one of = < <= > >= ^= (begins with), or two
    /// bounds, >= and <=. Of an access pattern, the values by their names. None where the hash key is one text.
    #[arg(value_name = "CONDITION")]
    conditions: Vec<String>,
    #[command(flatten)]
    items: ItemsArgs,
    /// Only the items that also meet it, as for `scan`. May be given several times.
    #[arg(long, value_name = "CONDITION")]
    filter: Vec<String>,
    /// At most so many items.
    #[arg(long, value_name = "ITEMS", value_parser = crate::arguments::items, allow_negative_numbers = true)]
    limit: Option<usize>,
    /// From the largest range key to the smallest.
    #[arg(long)]
    descending: bool,
    /// Include all writes before the read, at twice the cost. Not of a global index.
    #[arg(long)]
    consistent: bool,
    /// The format of the items.
    #[arg(long, value_enum, default_value_t = ItemFormat::Json)]
    format: ItemFormat,
}

/// Comparisons of a query: the values of the hash key, and those with the range key.
type Asked = (Vec<(String, String)>, Vec<(String, Comparison, Vec<String>)>);

impl Query {
    pub(crate) fn run(&self) -> Result<ExitCode, Stop> {
        let (name, source) = match self.source.split_once('.') {
            Some((model, source)) => (model, Some(source)),
            None => (self.source.as_str(), None),
        };
        let model = self.items.model(name)?;
        let source = model.source(source)?;
        if self.consistent && !source.is_consistent {
            return Err(Stop::Other("a global index cannot be read consistently: leave out --consistent".to_owned()));
        }
        let given = self.conditions.iter().map(|text| Compared::parse(text)).collect::<Result<Vec<_>, _>>()?;
        let (hash, range) =
            if source.asked.is_empty() { asked(model, &source, given) } else { pattern(&source, &given) }?;
        let filters = conditions(model, "--filter", &self.filter)?;
        self.items.run(async {
            let client = self.items.client().await?;
            let mut output = Output::new(model, self.format);
            let read = async {
                let mut stream = self.stream(&client, model, &source, filters, &hash, &range)?;
                while let Some(read) = stream.next().await {
                    output.read(read)?;
                }
                Ok::<_, Stop>(())
            };
            model.run_on(&source, read).await?;
            let unread = output.unread;
            output.end()?;
            Ok(if unread == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        })
    }

    fn stream(
        &self,
        client: &Client,
        model: DynamicModel,
        source: &KeyFields,
        filters: Vec<Condition<DynamicItem>>,
        hash: &[(String, String)],
        range: &[(String, Comparison, Vec<String>)],
    ) -> Result<Items<DynamicItem>, Stop> {
        if !model.is_index(source) {
            let query = model.query(client, hash, range)?;
            let query = if self.consistent { query.consistent_read() } else { query };
            return Ok(self.set(query, source, filters).stream());
        }
        let query = model.index_query(client, hash, range)?;
        let query = if self.consistent { query.consistent_read() } else { query };
        let query: Read<DynamicIndex, OneHashKey> = self.set(query, source, filters);
        Ok(if model.is_whole(source) { query.stream() } else { query.full().stream() })
    }

    fn set<S: Source<Model = DynamicItem, Item = DynamicItem>>(
        &self,
        mut query: Read<S, OneHashKey>,
        source: &KeyFields,
        filters: Vec<Condition<DynamicItem>>,
    ) -> Read<S, OneHashKey> {
        for filter in filters {
            query = query.filter(filter);
        }
        let of_pattern = source.limit.and_then(|limit| usize::try_from(limit).ok());
        if let Some(limit) = self.limit.or(of_pattern) {
            query = query.limit(limit);
        }
        if self.descending || source.descending { query.descending() } else { query }
    }
}

/// The comparisons with the fields of the keys. Two bounds of one field are one range.
fn asked(model: DynamicModel, source: &KeyFields, mut given: Vec<Compared>) -> Result<Asked, String> {
    let names = |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let mut hash = Vec::new();
    for field in &source.hash {
        let found = given.iter().position(|of| of.field == *field && of.comparison == Comparison::Eq);
        let missing = || format!("the hash key has {}: give each a value, {field}=…", names(&source.hash));
        hash.push(((*field).to_owned(), given.remove(found.ok_or_else(missing)?).value));
    }
    let mut range = Vec::new();
    let mut is_open = true;
    for field in &source.range {
        let of_field = |of: &Compared| of.field == *field;
        let own: Vec<Compared> = given.iter().filter(|of| of_field(of)).cloned().collect();
        given.retain(|of| !of_field(of));
        if own.is_empty() {
            is_open = false;
            continue;
        }
        if !is_open {
            return Err(format!(
                "`{field}` is compared only if the fields before it equal a value: {}",
                names(&source.range)
            ));
        }
        let compared = compared(field, own)?;
        is_open = compared.1 == Comparison::Eq;
        if let Some(refusal) = model.refuses(source, field, compared.1) {
            return Err(refusal);
        }
        range.push(compared);
    }
    match given.first() {
        None => Ok((hash, range)),
        Some(of) if hash.iter().any(|(field, _)| *field == of.field) => {
            Err(format!("`{}` is given more than once: the hash key has one value", of.field))
        }
        Some(of) => Err(format!(
            "`{}` is not of this key, whose hash key has {} and whose range key has {}: use --filter",
            of.field,
            names(&source.hash),
            if source.range.is_empty() { "no field".to_owned() } else { names(&source.range) }
        )),
    }
}

fn compared(field: &str, own: Vec<Compared>) -> Result<(String, Comparison, Vec<String>), String> {
    let refuse = || format!("`{field}` takes one comparison, or two bounds such as '{field}>=a' '{field}<=b'");
    match own.as_slice() {
        [one] if one.comparison != Comparison::Ne => Ok((field.to_owned(), one.comparison, vec![one.value.clone()])),
        [one, other] => {
            let (low, high) = match (one.comparison, other.comparison) {
                (Comparison::Ge, Comparison::Le) => (one, other),
                (Comparison::Le, Comparison::Ge) => (other, one),
                _ => return Err(refuse()),
            };
            Ok((field.to_owned(), Comparison::Between, vec![low.value.clone(), high.value.clone()]))
        }
        _ => Err(refuse()),
    }
}

/// The comparisons of an access pattern, whose values have names.
fn pattern(source: &KeyFields, given: &[Compared]) -> Result<Asked, String> {
    let parameters =
        || source.hash.iter().copied().chain(source.asked.iter().flat_map(|(_, _, names)| names.iter().copied()));
    let all = || parameters().map(|name| format!("{name}=…")).collect::<Vec<_>>().join(" ");
    let value = |name: &str| {
        let found = given.iter().find(|of| of.field == name && of.comparison == Comparison::Eq);
        found
            .map(|of| of.value.clone())
            .ok_or_else(|| format!("`{name}` has no value: the access pattern takes {}", all()))
    };
    if let Some(of) = given.iter().find(|of| !parameters().any(|name| name == of.field)) {
        return Err(format!("`{}` is no value of the access pattern, which takes {}", of.field, all()));
    }
    if let Some(of) = given.iter().find(|of| given.iter().filter(|other| other.field == of.field).count() > 1) {
        return Err(format!("`{}` is given more than once: the access pattern takes {}", of.field, all()));
    }
    let hash = source.hash.iter().map(|name| Ok(((*name).to_owned(), value(name)?))).collect::<Result<_, String>>()?;
    let compare = |(field, comparison, names): &(&str, Comparison, Vec<&str>)| {
        let values = names.iter().map(|name| value(name)).collect::<Result<_, String>>()?;
        Ok(((*field).to_owned(), *comparison, values))
    };
    Ok((hash, source.asked.iter().map(compare).collect::<Result<_, String>>()?))
}
