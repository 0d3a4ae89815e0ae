//! Queries and scans before their requests are written, whatever their items are.

use super::binding::Binding;
use super::cursor::Position;
use super::read_plan::ReadPlan;
use super::sharded::{Plan, ShardedPlan};
use super::side_by_side::Parts;
use super::source::{Source, SourceFacts};
use crate::description::{Discriminator, KeyTemplate, Layout, Seal};
use crate::expr::{DocumentPath, Expressions, KeyCondition, Node, Term, Writer};
use crate::ground::seconds_now;
use crate::ops::write::{hash_conditions, is_unhashed};
use crate::ops::{Error, Result};
use crate::transport::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use std::fmt;

/// A query or scan before its request is written.
#[derive(Clone)]
pub(in crate::ops) struct Reading {
    of: SourceFacts,
    pub(in crate::ops) client: Client,
    /// The key condition of a query; a scan has none.
    pub(in crate::ops) key_condition: Option<KeyCondition>,
    filter: Node,
    /// Whether a filter leaves out the items of other models. Otherwise they are left out when the response is read.
    pub(in crate::ops) filters_model: bool,
    pub(in crate::ops) skip_expired: bool,
    pub(in crate::ops) with_deleted: bool,
    pub(in crate::ops) deny_unknown: bool,
    pub(in crate::ops) deny_empty: bool,
    pub(in crate::ops) descending: bool,
    pub(in crate::ops) consistent: bool,
    pub(in crate::ops) limit: Option<usize>,
    pub(in crate::ops) page_size: Option<u32>,
    pub(in crate::ops) cursor: Option<String>,
    /// Whether the items are read to be written, and only counted.
    pub(in crate::ops) is_dry: bool,
}

impl Reading {
    pub(in crate::ops) fn new<S: Source>(client: &Client, key_condition: Option<KeyCondition>) -> Self {
        Self::of(SourceFacts::of::<S>(), client, key_condition)
    }

    fn of(of: SourceFacts, client: &Client, key_condition: Option<KeyCondition>) -> Self {
        Self {
            client: client.clone(),
            filter: Node::None,
            // A filter pays off if items of other models may be among the model's own.
            filters_model: of.is_mixed || key_condition.is_none(),
            of,
            key_condition,
            skip_expired: false,
            with_deleted: false,
            deny_unknown: false,
            deny_empty: false,
            descending: false,
            consistent: false,
            limit: None,
            page_size: None,
            cursor: None,
            is_dry: false,
        }
    }

    /// The same read of the keys alone: the table's and the index's.
    pub(in crate::ops) fn of_keys(self) -> Self {
        Self { of: self.of.not_full(), filters_model: true, ..self }
    }

    /// The same read with whole items.
    pub(in crate::ops) fn full(self) -> Self {
        Self { of: self.of.full(), deny_unknown: false, deny_empty: false, ..self }
    }

    /// Whether the source has whole items.
    pub(super) fn holds_whole(&self) -> bool {
        self.of.holds_whole()
    }

    pub(in crate::ops) fn filter(&mut self, filter: Node) {
        let earlier = std::mem::replace(&mut self.filter, Node::None);
        self.filter = Node::all([earlier, filter.of_hashes(&self.of.seals)]);
    }

    /// Adds a condition on the hash key to those of a query.
    pub(super) fn hash_key(&mut self, equals: Node) {
        let equals = equals.of_hashes(&self.of.seals);
        self.key_condition.get_or_insert_default().hash.push(equals);
    }

    fn conditions(&mut self) -> impl Iterator<Item = &mut Node> {
        self.key_condition.iter_mut().flat_map(|of| &mut of.hash).chain([&mut self.filter])
    }

    /// Whether it compares hashes of searchable fields that are not made yet.
    pub(super) fn is_unsealed(&self) -> bool {
        self.key_condition.iter().flat_map(|of| &of.hash).chain([&self.filter]).any(is_unhashed)
    }

    /// Makes the hashes that it compares.
    ///
    /// # Errors
    ///
    /// The client has no key, or its provider fails.
    pub(in crate::ops) async fn seal(&mut self) -> Result<()> {
        if self.is_unsealed() {
            let target = self.client.target_of(self.of.model, self.of.table)?;
            hash_conditions(&target, self.conditions()).await?;
        }
        Ok(())
    }

    pub(super) fn model(&self) -> &'static str {
        self.of.model
    }

    /// The parts of a read, at their places or at those of a state: the segments of a scan, or the shards of a query.
    pub(in crate::ops) fn parts(
        &self,
        segments: Option<u32>,
        projection: Option<&[DocumentPath]>,
        state: Option<&str>,
    ) -> Result<Parts> {
        let parts = self.plan_projected(projection)?.into_parts();
        Parts::new(parts.into_iter().unzip(), segments, self.is_dry, state)
    }

    /// The conditions that a stored item must meet to be one that this read finds, for the items of each of its parts;
    /// the last one is also that of the parts after it.
    pub(in crate::ops) fn conditions_of_parts(&self) -> Result<Vec<Node>> {
        let filter = self.own_filter();
        let Some(index) = self.of.index else { return Ok(vec![filter]) };
        let Some(condition) = &self.key_condition else {
            let exists =
                |name: &&'static str| Node::Call("attribute_exists", vec![Term::Path(DocumentPath::root(name))]);
            return Ok(vec![Node::all(index.keys.iter().map(exists).chain([filter]))]);
        };
        let shards = match self.of.keys.first().and_then(|key| key.shards) {
            None => vec![None],
            Some(shards) => match condition.shard(self.of.keys, shards) {
                None => (0..shards.count).map(Some).collect(),
                shard => vec![shard],
            },
        };
        let of_shard = |shard| {
            let keys = condition.expressions(self.of.model, self.of.keys, shard);
            Ok(Node::all([keys.map_err(|error| error.named(self.of.json_names))?, filter.clone()]))
        };
        shards.into_iter().map(of_shard).collect()
    }

    /// The plan of one segment of a scan.
    pub(in crate::ops) fn plan_segment(&self, segment: (u32, u32)) -> Result<ReadPlan> {
        let wanted = self.limit.map(|limit| limit.max(1));
        Ok(ReadPlan { segment: Some(segment), ..self.plan_one(None, self.cursor.as_deref(), wanted, None)? })
    }

    /// The plan of one page of exactly `limit` items. It reads one more item, to know whether a next page exists.
    pub(in crate::ops) fn plan_page(&self, projection: Option<&[DocumentPath]>) -> Result<Plan> {
        self.plan_ahead(1, projection)
    }

    pub(in crate::ops) fn plan(&self) -> Result<Plan> {
        self.plan_projected(None)
    }

    /// The plan with a projection: each item has these values and its keys.
    pub(in crate::ops) fn plan_projected(&self, projection: Option<&[DocumentPath]>) -> Result<Plan> {
        self.plan_ahead(0, projection)
    }

    fn plan_ahead(&self, ahead: usize, projection: Option<&[DocumentPath]>) -> Result<Plan> {
        let wanted = self.limit.map(|limit| limit.saturating_add(ahead).max(1));
        let (Some(condition), Some(shards)) = (&self.key_condition, self.of.keys.first().and_then(|key| key.shards))
        else {
            return Ok(Plan::One(Box::new(self.plan_one(None, self.cursor.as_deref(), wanted, projection)?)));
        };
        match condition.shard(self.of.keys, shards) {
            None => {
                let of_shard = wanted.map(|wanted| share(wanted, shards.count));
                let plan = |shard| self.plan_one(Some(shard), None, of_shard, projection);
                let shards = (0..shards.count).map(plan).collect::<Result<_>>()?;
                let range_names = self.of.keys.iter().skip(1).map(|key| key.attribute).collect();
                Ok(Plan::Sharded(ShardedPlan::new(shards, range_names, self.cursor.as_deref())?))
            }
            shard => Ok(Plan::One(Box::new(self.plan_one(shard, self.cursor.as_deref(), wanted, projection)?))),
        }
    }

    /// The plan of a scan, or of a query for one hash key, which may be a shard.
    fn plan_one(
        &self,
        shard: Option<u16>,
        cursor: Option<&str>,
        wanted: Option<usize>,
        projection: Option<&[DocumentPath]>,
    ) -> Result<ReadPlan> {
        let of = &self.of;
        let target = self.client.target_of(of.model, of.table)?;
        let mut writer = Writer::new(target.model);
        let expressions = |condition: &KeyCondition| condition.expressions(of.model, of.keys, shard);
        let keys = self.key_condition.as_ref().map(expressions).transpose();
        let keys = keys.map_err(|error| error.named(of.json_names))?;
        let key_condition = match &keys {
            Some(node) => writer.condition(node)?,
            None => None,
        };
        self.check_expiry()?;
        let (own, filter) = (self.own_model(), self.own_filter());
        let mut compared = Vec::new();
        filter.paths(&mut compared);
        self.check_held(&compared, "the filter compares")?;
        let projected: Vec<&DocumentPath> = projection.into_iter().flatten().filter(|_| !of.is_full).collect();
        self.check_held(&projected, "is read")?;
        // The filter on the model leaves out few items, unless items of other models may be among the model's own.
        let is_unfiltered =
            filter == Node::None && (own == Node::None || (!of.is_mixed && self.key_condition.is_some()));
        let page_size = self.page_size(wanted.filter(|_| is_unfiltered))?;
        let filter = writer.conditions([&own, &filter])?;
        let key_names = of.key_names();
        let checked = of.layout.discriminator.filter(|_| own == Node::None || of.is_full);
        let checked_names = checked.into_iter().flat_map(Discriminator::names);
        let needed = key_names.iter().copied().chain(checked_names).chain(of.schema_version);
        let needed: Vec<&'static str> = needed.collect();
        // Only whole items can be upgraded.
        let projection = projection.filter(|_| of.schema_version.is_none() || !of.holds_whole());
        let projection = projection.map(|paths| writer.projection(paths, &needed)).transpose()?;
        let Expressions { names, values } = writer.finish();
        let index = of.index.map(|index| index.name);
        let bound_to = Binding { table: &target.table, index, key_condition: keys.as_ref() };
        let start = cursor.map(|text| Position::decode(text, &key_names, bound_to)).transpose()?;
        let binding = bound_to.hash();
        let hash = of.keys.first().filter(|_| shard.is_some()).map(|key| key.attribute);
        let shard = hash.and_then(|hash| Some((hash, keys.as_ref()?.equal(hash)?.clone())));
        Ok(ReadPlan {
            page_size,
            target,
            index,
            key_names,
            full: of.is_full.then(|| of.table.key_names()),
            hidden_by: self.hidden_by(),
            checked,
            key_condition,
            filter,
            projection,
            names,
            values,
            descending: self.descending,
            consistent: self.consistent,
            limit: self.limit,
            segment: None,
            binding,
            start,
            shard,
        })
    }

    /// The filter that leaves out the items of other models, if the read has one.
    fn own_model(&self) -> Node {
        let layout = &self.of.layout;
        if layout.by_key {
            // The key condition of a query that is not mixed finds the model's own items alone.
            let is_needed = self.of.is_mixed || self.key_condition.is_none();
            return if is_needed { own_keys(layout) } else { Node::None };
        }
        let discriminator = layout.discriminator.filter(|_| self.filters_model);
        discriminator.map_or(Node::None, Node::is_of)
    }

    /// The user's filter, and the filters for expired and for deleted items.
    fn own_filter(&self) -> Node {
        let mut filters = Vec::new();
        if let Some(attribute) = self.of.table.ttl
            && self.skip_expired
        {
            filters.push(not_expired(attribute));
        }
        if self.hidden_by().is_some() {
            filters.push(self.of.roles.has_deletion(false));
        }
        filters.push(self.filter.clone());
        Node::all(filters)
    }

    /// Checks that a filter can leave out expired items: DynamoDB has no filters on the keys of what is read.
    fn check_expiry(&self) -> Result<()> {
        let Some(attribute) = self.of.table.ttl.filter(|_| self.skip_expired && self.key_condition.is_some()) else {
            return Ok(());
        };
        let is_key = match self.of.index {
            Some(index) => index.keys.contains(&attribute),
            None => self.of.table.key_names().contains(&attribute),
        };
        let reason = || {
            format!(
                "`skip_expired` cannot filter by `{attribute}`, a key of this query: read from now on, by `.range(…)`"
            )
        };
        if is_key { Err(Error::invalid("Query", reason())) } else { Ok(()) }
    }

    /// The attribute that makes the read leave out an item. An index by it has deleted items alone.
    fn hidden_by(&self) -> Option<&'static str> {
        let attribute = self.of.hidden_by.filter(|_| !self.with_deleted)?;
        let is_made_of = self.of.keys.iter().any(|key| key.made_of().any(|field| field == attribute));
        let is_key = self.of.index.is_some_and(|index| index.keys.contains(&attribute) || is_made_of);
        (!is_key).then_some(attribute)
    }

    /// Checks that the index has these attributes: DynamoDB takes others as absent in every item.
    fn check_held(&self, paths: &[&DocumentPath], used: &str) -> Result<()> {
        let Some(index) = self.of.index else { return Ok(()) };
        let Some(path) = paths.iter().find(|path| self.of.table.is_missing(index.name, path.attribute())) else {
            return Ok(());
        };
        let operation = if self.key_condition.is_some() { "Query" } else { "Scan" };
        let is_sealed = |seal: &Seal| [Some(seal.attribute), seal.hash].contains(&Some(path.attribute()));
        let fix = if self.of.seals.attributes.iter().any(is_sealed) {
            "give the index `projection: all`"
        } else {
            "add it to the `projection` of the index"
        };
        let reason = format!("the index `{}` does not hold `{}`, which {used}: {fix}", index.name, path.attribute());
        Err(Error::invalid(operation, reason))
    }

    /// The maximum of items that DynamoDB reads for one page, of which so many are wanted.
    fn page_size(&self, wanted: Option<usize>) -> Result<Option<i32>> {
        if self.page_size == Some(0) {
            return Err(Error::invalid("Query", "page_size must be at least 1"));
        }
        let wanted = wanted.map(|wanted| u32::try_from(wanted).unwrap_or(u32::MAX));
        let size = match (self.page_size, wanted) {
            (Some(size), Some(wanted)) => Some(size.min(wanted)),
            (size, wanted) => size.or(wanted),
        };
        Ok(size.map(|size| i32::try_from(size).unwrap_or(i32::MAX)))
    }
}

/// The number of items to read at once from each shard for so many of all. Few shards have more of them, and these are
/// asked once more.
fn share(wanted: usize, shards: u16) -> usize {
    let mean = wanted.div_ceil(usize::from(shards.max(1)));
    wanted.min(mean.saturating_add(2 * mean.isqrt() + 1))
}

/// The condition that the keys of an item begin as those of a model's items.
fn own_keys(layout: &Layout) -> Node {
    let begins = |template: &KeyTemplate| {
        let path = Term::Path(DocumentPath::root(template.attribute));
        let text = Term::attribute_value(AttributeValue::S(template.beginning().to_owned()));
        match template.parts {
            [] if template.shards.is_none() => Some(Node::Compare(path, "=", text)),
            _ if template.beginning().is_empty() => None,
            _ => Some(Node::Call("begins_with", vec![path, text])),
        }
    };
    let mut nodes: Vec<Node> = layout.keys.iter().filter_map(begins).collect();
    match nodes.len() {
        0 | 1 => nodes.pop().unwrap_or(Node::None),
        _ => Node::And(nodes),
    }
}

/// The condition that an item has not expired.
fn not_expired(attribute: &'static str) -> Node {
    let path = || Term::Path(DocumentPath::root(attribute));
    Node::Or(vec![
        Node::Call("attribute_not_exists", vec![path()]),
        Node::Compare(path(), ">", Term::value(&seconds_now())),
    ])
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reading").field("model", &self.of.model).finish_non_exhaustive()
    }
}
