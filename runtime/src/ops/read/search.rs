//! Finding the items whose vectors are most similar to another one.

use super::items::damaged;
use super::keyed_reads::full_items;
use crate::codec::{FullItem, Item, RawItem, ToAttribute, write_value};
use crate::expr::{Attribute, Condition, Expressions, Node, Operand, Plain, Writer};
use crate::ground::defects::Defect;
use crate::ground::{IntoField, Vector, Violations, defects};
use crate::ops::model::HidesDeleted;
use crate::ops::write::ItemKey;
use crate::ops::{Error, Result, Running, TableItem};
use crate::transport::{Client, Decoder, Target, send};
use aws_sdk_dynamodb as sdk;
use sdk::operation::search_vectors::builders::SearchVectorsFluentBuilder;
use sdk::types::AttributeValue;
use std::collections::HashMap;
use std::marker::PhantomData;

/// "SearchVectors", TopK: the maximum number of items.
const MOST: u32 = 100;

/// The number of items without [`Search::top`].
const USUAL: u32 = 10;

/// A source of searches: a vector index. Emitted code implements it for the struct with the attributes that the index
/// holds.
pub trait SearchSource: Item + Send + 'static {
    /// The model of the items.
    type Model: TableItem;
    /// The name of the index.
    const INDEX: &'static str;
}

/// An item that a search has found.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(crate = "serde"))]
pub struct Scored<T> {
    /// What the index holds of the item, without its vector.
    pub item: T,
    /// How similar its vector is, by the distance of the index: with `cosine` and `euclidean`, less is more similar,
    /// and with `dot_product`, more is.
    pub score: f64,
}

/// Finds the items whose vectors are most similar to another one (SearchVectors), the most similar one first.
///
/// ```no_run
/// # use dyntastic::prelude::*;
/// # async fn example(db: Client, embedding: dyntastic::Vector<3>) -> dyntastic::Result<()> {
/// # use example_models::*;
/// let found = Document::search_by_embedding(&db, "acme", &embedding).top(5).filter(Document::A.language.eq("en")).await?;
/// for found in &found {
///     println!("{} {}", found.score, found.item.title);
/// }
/// # Ok(())
/// # }
/// ```
///
/// Items come from the index, which follows writes with a delay. The search is approximate: it may miss an item
/// ("Vector search in Amazon DynamoDB"). An index that was added to a table refuses searches until it has the items of
/// before, and for some minutes after it is active; that error is [retryable](Error::is_retryable).
#[must_use = "a search runs when it is awaited"]
pub struct Search<S: SearchSource> {
    client: Client,
    vector: Vec<f32>,
    /// The condition on the attribute that divides the index.
    hash_key: Node,
    filter: Node,
    top: u32,
    with_deleted: bool,
    source: PhantomData<fn() -> S>,
}

/// A [`Search`] that returns whole items. From [`Search::full`].
#[derive(Debug)]
#[must_use = "a search runs when it is awaited"]
pub struct FullSearch<S: SearchSource>(Search<S>);

impl<S: SearchSource> Search<S> {
    #[doc(hidden)]
    pub fn new<const N: usize, R>(
        client: &Client,
        _: Attribute<S::Model, Vector<N>, R>,
        vector: impl IntoField<Vector<N>>,
    ) -> Self {
        Self {
            client: client.clone(),
            vector: vector.into_field().into_vec(),
            hash_key: Node::None,
            filter: Node::None,
            top: USUAL,
            with_deleted: false,
            source: PhantomData,
        }
    }

    #[doc(hidden)]
    pub fn and_hash_key<T: ToAttribute, R>(
        mut self,
        hash_key: Attribute<S::Model, T, R>,
        value: impl IntoField<T>,
    ) -> Self {
        let value = Operand::<S::Model, T, _>::term(hash_key.transform(value.into_field()));
        self.hash_key = Node::key_equals::<Plain>(hash_key.path(), value);
        self
    }

    /// Finds at most this many items, 1 to 100. The default is 10.
    pub fn top(mut self, items: u32) -> Self {
        self.top = items;
        self
    }

    /// Finds only the items that also fulfil this condition. It compares attributes that the schema lists as
    /// `filterable` of the index ("SearchConditionExpression reference for vector indexes"). The search looks for
    /// similar items among those that fulfil it. A second filter must hold too.
    pub fn filter(mut self, filter: impl Into<Condition<S::Model>>) -> Self {
        let earlier = Condition::from_node(std::mem::replace(&mut self.filter, Node::None));
        self.filter = earlier.and(filter.into()).into_node();
        self
    }

    /// Includes the items that were deleted by [`soft_delete`](crate::model::SoftDelete::soft_delete). Without it, they are
    /// left out, so that there may be fewer than [`top`](Self::top).
    pub fn with_deleted(mut self) -> Self
    where
        S::Model: HidesDeleted,
    {
        self.with_deleted = true;
        self
    }

    /// The attribute that makes the search leave out an item.
    fn hidden_by(&self) -> Option<&'static str> {
        S::Model::hidden_by().filter(|_| !self.with_deleted)
    }

    /// Fetches each item whole from the table (BatchGetItem), with its vector. Items that were deleted in the meantime
    /// are left out; one that was changed has the score of the vector that the index had.
    pub fn full(self) -> FullSearch<S> {
        FullSearch(self)
    }

    /// The SDK's builder of SearchVectors, filled.
    ///
    /// # Errors
    ///
    /// The table's settings, the vector, the number of items or an expression is wrong.
    pub fn into_inner(self) -> Result<SearchVectorsFluentBuilder> {
        self.request(&self.client.target::<S::Model>()?)
    }

    fn request(&self, target: &Target) -> Result<SearchVectorsFluentBuilder> {
        let invalid = |reason: String| Error::invalid("SearchVectors", reason);
        if !(1..=MOST).contains(&self.top) {
            return Err(invalid(format!("top is 1 to {MOST}")));
        }
        let index = S::Model::model_table().vector_indexes.iter().find(|index| index.name == S::INDEX);
        let mut violations = Violations::new(target.model);
        violations.value(index.map_or("vector", |index| index.attribute), &self.vector, |of| of.finite().done());
        violations.finish()?;
        let mut compared = Vec::new();
        self.filter.paths(&mut compared);
        let is_filterable =
            |name: &str| index.is_none_or(|index| index.filterable.iter().any(|attribute| attribute.name == name));
        if let Some(path) = compared.iter().find(|path| !is_filterable(path.attribute())) {
            let (index, attribute) = (S::INDEX, path.attribute());
            let fix = match S::Model::model_seals().of(attribute) {
                Some(_) => "it is stored compressed or encrypted, so compare it after the search",
                None => "add it to the `filterable` of the index",
            };
            return Err(invalid(format!("the vector index `{index}` cannot filter by `{attribute}`: {fix}")));
        }
        let mut writer = Writer::new(target.model);
        let condition = writer.conditions([&self.hash_key, &self.filter])?;
        let Expressions { names, values } = writer.finish();
        let mut vector: Vec<AttributeValue> = Vec::with_capacity(self.vector.len());
        for value in &self.vector {
            vector.push(write_value(value)?);
        }
        let request = target.sdk.search_vectors().table_name(&target.table).index_name(S::INDEX);
        Ok(request
            .set_search_vector(Some(vector))
            .top_k(i32::try_from(self.top).unwrap_or(i32::MAX))
            .set_search_condition_expression(condition)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values))
    }

    /// The entries of the index with their scores, the most similar one first.
    async fn entries(&self, target: &Target) -> Result<Vec<(RawItem, f64)>> {
        let request = self.request(target)?;
        let sent = send!(target, request, &None::<Decoder>);
        let found = sent.map_err(|error| target.error("SearchVectors", error))?.search_results;
        let mut entries = Vec::new();
        for of in found.into_iter().flatten() {
            entries.push((target.raw_item(of.item.unwrap_or_default()).await, of.score));
        }
        Ok(entries)
    }
}

impl<S: SearchSource> IntoFuture for Search<S> {
    type Output = Result<Vec<Scored<S>>>;
    type IntoFuture = Running<'static, Vec<Scored<S>>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let target = self.client.target::<S::Model>()?;
            let names = S::Model::model_table().key_names();
            let read = |(entry, score): (RawItem, f64)| match entry.read_by(RawItem::read_part::<S>, &names) {
                Ok(item) => Ok(Scored { item, score }),
                Err((error, key)) => Err(damaged(error, key, target.model)),
            };
            let hidden_by = self.hidden_by();
            let is_shown = |(entry, _): &(RawItem, f64)| hidden_by.is_none_or(|by| !entry.is_hidden(by));
            self.entries(&target).await?.into_iter().filter(is_shown).map(read).collect()
        })
    }
}

impl<S: SearchSource> IntoFuture for FullSearch<S> {
    type Output = Result<Vec<Scored<S::Model>>>;
    type IntoFuture = Running<'static, Vec<Scored<S::Model>>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let Self(search) = self;
            let target = search.client.target::<S::Model>()?;
            let names = S::Model::model_table().key_names();
            let (entries, scores): (Vec<RawItem>, Vec<f64>) = search.entries(&target).await?.into_iter().unzip();
            let keys = entries.iter().map(|entry| ItemKey::of_raw(entry, &names));
            let by_place = defects::has(Defect::ScoresByPlace).then(|| scores.clone());
            let scores: HashMap<ItemKey, f64> = keys.zip(scores).collect();
            let mut items = full_items(&target, &names, entries, false).await?;
            if let Some(by) = search.hidden_by() {
                items.retain(|found| !found.item.is_hidden(by));
            }
            let read = |(place, FullItem { entry, item }): (usize, FullItem)| {
                let score = match &by_place {
                    Some(scores) => scores.get(place),
                    None => scores.get(&ItemKey::of_raw(&entry, &names)),
                };
                let score = score.copied().unwrap_or_default();
                match item.read_by(RawItem::read::<S::Model>, &names) {
                    Ok(item) => Ok(Scored { item, score }),
                    Err((error, key)) => Err(damaged(error, key, target.model)),
                }
            };
            items.into_iter().enumerate().map(read).collect()
        })
    }
}

debug_without_values!([S: SearchSource] Search<S>, "Search", S::Model);
