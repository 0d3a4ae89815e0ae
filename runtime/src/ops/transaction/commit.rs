//! Sends a transaction until its outcome is known.
//!
//! Each request body has one token, which all its attempts share. So DynamoDB applies the body at most once, even if
//! a response was lost. A new plan is another body with its own token. It is made only after DynamoDB has said that
//! it did not apply the body before.

use super::action::Action;
use super::canceled::{Reason, TransactionCanceled};
use super::unique::{CommitPlan, Knowledge, Purpose};
use crate::codec::RawItem;
use crate::expr::Node;
use crate::ground::defects::Defect;
use crate::ground::{AttributeMap, defects};
use crate::ops::table::missing_table;
use crate::ops::transaction::{unique, upgrade};
use crate::ops::write::{Expectation, Unchanged};
use crate::ops::{Error, Result};
use crate::transport::{Client, Operation, backoff, send_write};
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::CancellationReason;
use fnv::FnvHashSet;
use std::collections::BTreeMap;

/// The maximum of actions in one transaction ("Constraints in Amazon DynamoDB", Transactions).
pub(in crate::ops) const MAX_ACTIONS: usize = 100;
/// The maximum of bytes of all items in one transaction (same page).
const MAX_BYTES: usize = 4 * 1024 * 1024;
/// The maximum of attempts, those with new plans included.
const ATTEMPTS: u32 = 8;

/// The settings of a transaction.
#[derive(Debug, Clone, Default)]
pub(in crate::ops) struct Settings {
    /// The number of actions in the earlier chunks.
    pub(in crate::ops) before: usize,
    pub(in crate::ops) token: Option<String>,
    pub(in crate::ops) return_existing: bool,
}

/// The items before the transaction, for the actions on unique fields.
pub(in crate::ops) type Before = Vec<Option<AttributeMap>>;

/// The fields that must be unchanged, in their stored forms. The keys are the positions of actions whose stored items
/// have other forms than the first request asked for.
type Forms = BTreeMap<usize, Vec<Unchanged>>;

/// The next step of a commit.
enum State {
    /// Reads the items that the actions replace, and plans the writes of their guards.
    Planning(Knowledge, Forms),
    /// Sends one request body with its token.
    Sending(RequestBody),
}

/// The parts of a request body that the actions do not hold, and its token.
struct RequestBody {
    plan: CommitPlan,
    forms: Forms,
    token: String,
    /// Whether an attempt may have been applied, or may still be applied.
    may_be_applied: bool,
}

impl RequestBody {
    /// The final error of the request. A cancellation decides earlier attempts too, because they had the same token.
    fn ended(&self, error: Error) -> Error {
        match error {
            error @ (Error::MaybeApplied(_) | Error::TransactionCanceled(_) | Error::NotUnique { .. }) => error,
            error if self.may_be_applied => Error::MaybeApplied(Box::new(error)),
            error => error,
        }
    }
}

/// The outcome of a request.
enum Outcome {
    Done,
    /// Nothing was changed, or DynamoDB is still applying the request. The same request may succeed later.
    Busy(Error),
    /// Nothing was changed: the plan is out of date, or stored fields have these other forms.
    Stale(Error, Forms),
    /// Nothing was changed: stored items are of earlier schema versions. These actions upgrade them.
    Outdated(Error, Vec<Result<Action>>),
    /// Nothing was changed: a table is missing.
    MissingTable(Error),
    /// Nothing was changed, or the outcome is unknown.
    Failed(Error),
}

/// Sends one transaction, and repeats it while other writers conflict with it.
pub(in crate::ops) async fn commit(client: &Client, actions: &mut [Action], settings: Settings) -> Result<Before> {
    if actions.is_empty() {
        return Ok(Vec::new());
    }
    check_token(actions, settings.token.as_deref())?;
    // All attempts send the same sealed values.
    for action in actions.iter_mut().filter(|action| action.is_unsealed()) {
        Box::pin(action.seal()).await?;
    }
    let actions = &*actions;
    let mut attempts = Attempts(0);
    let mut state = State::Planning(Knowledge::Items, Forms::new());
    loop {
        state = match state {
            State::Planning(knowledge, forms) => {
                let plan = unique::plan(client, actions, knowledge).await?;
                let token = settings.token.clone().unwrap_or_else(new_token);
                State::Sending(RequestBody { plan, forms, token, may_be_applied: false })
            }
            State::Sending(mut request) => {
                if defects::has(Defect::TokenPerAttempt) {
                    request.token = new_token();
                }
                let targets = || actions.iter().map(|action| &*action.target);
                let creations = missing_table::before_write(client, targets()).await;
                match send(actions, &request, &settings).await.map_err(|error| request.ended(error))? {
                    Outcome::Done => return Ok(request.plan.into_items()),
                    Outcome::Failed(error) => return Err(request.ended(error)),
                    Outcome::Busy(error) => {
                        request.may_be_applied = matches!(error, Error::MaybeApplied(_));
                        attempts.next(error).await?;
                        State::Sending(request)
                    }
                    Outcome::Outdated(error, outdated) => {
                        attempts.next(error).await?;
                        for upgrade in outdated {
                            upgrade::run(client, &mut upgrade?).await?;
                        }
                        State::Planning(Knowledge::Items, request.forms)
                    }
                    Outcome::Stale(error, forms) => {
                        attempts.next(error).await?;
                        request.forms.extend(forms);
                        State::Planning(Knowledge::ItemsAndGuards, request.forms)
                    }
                    Outcome::MissingTable(error) => {
                        request.may_be_applied |= matches!(error, Error::MaybeApplied(_));
                        let error = request.ended(error);
                        // No item of a missing table can be changed or deleted.
                        if !actions.iter().any(Action::makes_item) {
                            return Err(error);
                        }
                        let error = missing_table::create_any(client, targets(), creations, error).await;
                        let error = error.map_err(|error| request.ended(error))?;
                        attempts.next(error).await?;
                        State::Sending(request)
                    }
                }
            }
        };
    }
}

/// A new random token of 32 characters.
fn new_token() -> String {
    format!("{:032x}", fastrand::u128(..))
}

/// The number of attempts.
struct Attempts(u32);

impl Attempts {
    /// Waits before the next attempt, or returns the error if the attempts are used up.
    async fn next(&mut self, error: Error) -> Result<()> {
        self.0 += 1;
        if self.0 >= ATTEMPTS {
            return Err(error);
        }
        tokio::time::sleep(backoff::delay(self.0 - 1)).await;
        Ok(())
    }
}

/// Sends a request once. The SDK may retry it.
async fn send(actions: &[Action], request: &RequestBody, settings: &Settings) -> Result<Outcome> {
    let RequestBody { plan, forms, token, .. } = request;
    let Some(first) = actions.first() else { return Ok(Outcome::Done) };
    let target = &first.target;
    let guards = plan.guards.iter().map(|guard| &guard.action);
    let all: Vec<&Action> = actions.iter().chain(guards).collect();
    check(&all, actions.len(), settings.before)?;
    let mut encoder = target.encoder(Operation::TransactWriteItems);
    let mut items = Vec::with_capacity(all.len());
    for (position, action) in all.iter().enumerate() {
        let returns_item = settings.return_existing || action.unique.is_some();
        let unchanged = forms.get(&position).unwrap_or(&action.expectation.unchanged);
        let unchanged: Vec<Node> = unchanged.iter().map(Unchanged::node).collect();
        let beside = std::iter::once(plan.condition(position)).chain(&unchanged);
        items.push(action.to_sdk(beside, plan.update(position), returns_item, encoder.as_mut())?);
    }
    let sdk = target.sdk.transact_write_items().set_transact_items(Some(items)).client_request_token(token);
    let error = match send_write!(target, sdk, &encoder) {
        Ok(_) => return Ok(Outcome::Done),
        Err(error) => error,
    };
    Ok(match error.sdk.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(reasons)) => {
            for item in reasons.cancellation_reasons().iter().filter_map(CancellationReason::item) {
                target.prepare_read(item).await;
            }
            canceled(actions, request, settings, &error.sdk)
        }
        // DynamoDB may still apply it after the last attempt.
        Some(TransactWriteItemsError::TransactionInProgressException(_)) => {
            Outcome::Busy(target.write_error("TransactWriteItems", error))
        }
        _ => match target.write_error("TransactWriteItems", error) {
            error if error.is_missing_table() => Outcome::MissingTable(error),
            error => Outcome::Failed(error),
        },
    })
}

/// The outcome of a canceled request.
fn canceled<R>(
    actions: &[Action],
    RequestBody { plan, forms, .. }: &RequestBody,
    settings: &Settings,
    error: &SdkError<TransactWriteItemsError, R>,
) -> Outcome {
    let Some(TransactWriteItemsError::TransactionCanceledException(canceled)) = error.as_service_error() else {
        return Outcome::Failed(Error::TransactionCanceled(Box::new(TransactionCanceled::new(Vec::new()))));
    };
    let mut reasons: Vec<Reason> = Vec::new();
    let (mut is_stale, mut other_forms, mut refused) = (false, Forms::new(), None);
    let mut outdated = Vec::new();
    for (position, reason) in canceled.cancellation_reasons().iter().enumerate() {
        let Some(code) = reason.code().filter(|code| *code != "None") else { continue };
        let failed = code == Reason::CONDITION;
        let guard = position.checked_sub(actions.len()).and_then(|position| plan.guards.get(position));
        let index = guard.map_or(position, |guard| guard.of);
        let Some(action) = actions.get(index) else { continue };
        let reason = Reason::new(settings.before + index, action, code, reason.message(), reason.item().cloned());
        let reason = match guard {
            Some(guard) if failed && guard.purpose == Purpose::Claim => {
                refused.get_or_insert_with(|| unique::not_unique(action, guard.field));
                reason.into_conflict()
            }
            Some(_) if failed => {
                is_stale = true;
                reason.into_conflict()
            }
            None if failed && reason.item().is_some_and(|item| action.expectation.is_outdated(item)) => {
                let upgrade = reason.item().zip(action.upgrade).map(|(item, upgrade)| upgrade(&action.target, item));
                outdated.extend(upgrade);
                reason.into_conflict()
            }
            None if failed && plan.is_stale(index, reason.item()) => {
                is_stale = true;
                reason.into_conflict()
            }
            None if failed => {
                let Expectation { unchanged, other_forms: of, .. } = &action.expectation;
                let unchanged = forms.get(&index).unwrap_or(unchanged);
                // A token of the caller forbids another body.
                let item = reason.item().filter(|_| settings.token.is_none());
                let keys = action.target.keys.as_ref();
                other_forms.extend(item.and_then(|item| of(unchanged, item, keys)).map(|forms| (index, forms)));
                reason
            }
            _ => reason,
        };
        if !reasons.iter().any(|earlier| earlier.index() == reason.index()) {
            reasons.push(reason);
        }
    }
    reasons.sort_by_key(Reason::index);
    let canceled = TransactionCanceled::new(reasons);
    let is_refused = canceled.is_condition();
    let is_passing = canceled.is_conflict();
    let canceled = if settings.return_existing { canceled } else { canceled.without_items() };
    let canceled = Error::TransactionCanceled(Box::new(canceled));
    match refused {
        _ if !outdated.is_empty() => Outcome::Outdated(canceled, outdated),
        _ if is_stale || !other_forms.is_empty() => Outcome::Stale(canceled, other_forms),
        _ if is_refused => Outcome::Failed(canceled),
        Some(refused) => Outcome::Failed(refused),
        None if is_passing => Outcome::Busy(canceled),
        None => Outcome::Failed(canceled),
    }
}

/// Checks that a token of the caller can belong to one request body: each call must send the same body.
fn check_token(actions: &[Action], token: Option<&str>) -> Result<()> {
    let Some(token) = token else { return Ok(()) };
    let refuse = |why: String| Err(Error::invalid("TransactWriteItems", why));
    if !(1..=36).contains(&token.chars().count()) {
        return refuse("a token has 1 to 36 characters".to_owned());
    }
    for action in actions {
        let reason = if action.unique.is_some() {
            "unique fields, whose guards depend on stored items"
        } else if !action.expectation.structs.are_none() {
            "a patch of a struct, which depends on the stored item"
        } else if action.expectation.needs_read() {
            "an update whose bounds depend on the stored item"
        } else if let Some(differs) = action.differs {
            &format!("{differs}, which differ from call to call")
        } else {
            continue;
        };
        let model = action.target.model;
        return refuse(format!(
            "a token needs the same request in each call, and {model} has {reason}; leave the token out"
        ));
    }
    Ok(())
}

/// Checks the limits of DynamoDB. `own` is the number of the caller's actions, without guards; `before` is the number
/// of actions in earlier chunks.
fn check(actions: &[&Action], own: usize, before: usize) -> Result<()> {
    let refuse = |why: String| Err(Error::invalid("TransactWriteItems", why));
    if actions.len() > MAX_ACTIONS {
        let guards = match actions.len() - own {
            0 => String::new(),
            guards => format!(", {guards} of them for guards of unique fields"),
        };
        let count = actions.len();
        return refuse(format!("a transaction has at most {MAX_ACTIONS} actions, this one has {count}{guards}"));
    }
    let bytes = |of_item| actions.iter().map(|action| action.request.size(of_item)).sum::<usize>();
    let bytes = if bytes(RawItem::size) > MAX_BYTES { bytes(RawItem::counted_size) } else { 0 };
    if bytes > MAX_BYTES {
        return refuse(format!("a transaction has at most 4 MB, this one has {bytes} bytes"));
    }
    let mut seen = FnvHashSet::default();
    let first = actions.first().map(|action| &action.target.place);
    for (index, action) in actions.iter().enumerate() {
        let target = &action.target;
        if Some(&target.place) != first {
            return refuse(format!(
                "{}: its table is in another region, or on another host, than the first table",
                target.model
            ));
        }
        if !seen.insert((&target.table, &action.identity)) {
            let index = before + index;
            return refuse(format!("{}: action {index} is on the same item as an earlier action", target.model));
        }
    }
    Ok(())
}

/// Writes one item with unique fields, and returns the item as it was before.
pub(in crate::ops) async fn commit_one(client: &Client, action: &mut Action) -> Result<Option<AttributeMap>> {
    let settings = Settings { return_existing: true, ..Settings::default() };
    // Boxed: most writes have no unique fields, and their futures stay small.
    let before = Box::pin(commit(client, std::slice::from_mut(action), settings)).await?;
    Ok(before.into_iter().next().flatten())
}
