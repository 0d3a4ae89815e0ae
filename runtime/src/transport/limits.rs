//! The limits of the capacity that requests consume per second: which of them hold for a request.

use super::request::Reach;
use super::target::{Place, Target};
use crate::observe::{Access, Capacity};
use crate::rate_limit::{Permit, RateLimit, ambient};
use std::collections::BTreeSet;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use tokio::time::Instant;

/// The limits of a client's tables, by their names in DynamoDB and their places.
#[derive(Debug, Clone, Default)]
pub(crate) struct TableLimits(Option<Arc<[NamedLimit]>>);

type NamedLimit = ((String, Place), RateLimit);

/// The limits of one request.
#[derive(Debug)]
pub(crate) struct Limits {
    access: Access,
    each: Vec<LimitOf>,
    /// Whether the request waits for them.
    is_waiting: bool,
}

#[derive(Debug)]
struct LimitOf {
    limit: RateLimit,
    /// The tables of which it counts the capacity; `None` for all.
    tables: Option<BTreeSet<String>>,
}

/// Waits for the permits of all limits.
pub(super) type Admission = Pin<Box<dyn Future<Output = Vec<Permit>> + Send>>;

/// Permits of a request that waits for more of them. If it is dropped, it was not sent.
#[derive(Default)]
struct Unsent(Vec<Permit>);

/// What a request consumed.
pub(super) enum Used<'c> {
    Units(&'c Capacity),
    Nothing,
    /// It may have consumed something, and no capacity was reported: with an error, by an engine that reports none, or
    /// since the request was dropped.
    Unknown,
}

impl TableLimits {
    pub(super) fn new(named: Vec<NamedLimit>) -> Self {
        Self((!named.is_empty()).then(|| named.into()))
    }
}

impl Drop for Unsent {
    fn drop(&mut self) {
        self.0.drain(..).for_each(Permit::not_consumed);
    }
}

impl Limits {
    /// The limits of a request on a target; `reach` is called if the client's tables have limits.
    pub(super) fn of<'r>(target: &Target, access: Access, reach: impl Fn() -> &'r Reach) -> Self {
        let mut limits = Self { access, each: Vec::new(), is_waiting: true };
        let Some((ambient, is_waiting)) = ambient() else { return limits };
        limits.is_waiting = is_waiting;
        for limit in ambient {
            limits.add(limit, None);
        }
        for ((table, place), limit) in target.limits.0.iter().flat_map(|limits| limits.iter()) {
            if *place == target.place && reach().tables.contains(table) {
                limits.add(limit.clone(), Some(table));
            }
        }
        limits
    }

    /// Adds a limit, which counts each unit once.
    fn add(&mut self, limit: RateLimit, table: Option<&String>) {
        if !limit.limits(self.access) {
            return;
        }
        let known = self.each.iter_mut().find(|of| of.limit.is_same(&limit));
        match (known, table) {
            (Some(LimitOf { tables: Some(tables), .. }), Some(table)) => {
                tables.insert(table.clone());
            }
            (Some(_), _) => {}
            (None, table) => {
                let tables = table.map(|table| BTreeSet::from([table.clone()]));
                self.each.push(LimitOf { limit, tables });
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.each.is_empty()
    }

    /// Waits for the permits; `None` for a request that does not wait.
    pub(super) fn admission(self: &Arc<Self>, operation: &'static str) -> Option<Admission> {
        if self.is_empty() || !self.is_waiting {
            return None;
        }
        let limits = Arc::clone(self);
        Some(Box::pin(async move {
            let mut permits = Unsent::default();
            for of in &limits.each {
                permits.0.push(of.limit.admit(limits.access, operation).await);
            }
            mem::take(&mut permits.0)
        }))
    }

    /// The permits of a request that does not wait.
    pub(super) fn at_once(&self, operation: &'static str) -> Vec<Permit> {
        if self.is_waiting {
            return Vec::new();
        }
        self.each.iter().map(|of| of.limit.admit_at_once(self.access, operation)).collect()
    }

    /// Slows down, since DynamoDB throttled an attempt that was sent at a time: the limits of the throttled tables, or
    /// all if these are not known.
    pub(super) fn slow_down(&self, sent_at: Instant, throttled: &[&str]) {
        // A request may name a table by its ARN, which ends in `/NAME`.
        let is_named =
            |table: &String| throttled.iter().any(|name| table == name || table.rsplit('/').next() == Some(name));
        let is_throttled =
            |of: &LimitOf| of.tables.as_ref().is_none_or(|tables| throttled.is_empty() || tables.iter().any(is_named));
        for of in self.each.iter().filter(|of| is_throttled(of)) {
            of.limit.slow_down(self.access, sent_at);
        }
    }

    /// Counts what the request consumed that had the permits.
    pub(super) fn settle(&self, permits: Vec<Permit>, used: Used<'_>) {
        for (of, permit) in self.each.iter().zip(permits) {
            match (&used, &of.tables) {
                (Used::Units(capacity), None) => permit.consumed(capacity.total()),
                (Used::Units(capacity), Some(tables)) => {
                    permit.consumed(tables.iter().map(|table| capacity.table(table).total()).sum());
                }
                (Used::Nothing, _) => permit.not_consumed(),
                (Used::Unknown, _) => drop(permit),
            }
        }
    }
}
