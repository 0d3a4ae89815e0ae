//! Numbers that increments change: their values, their bounds, and the writes of whole items beside them.

use crate::canned::{answering, error};
use crate::engine::{Engine, db, table_name};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::ops::Cause;
use dyntastic::prelude::*;
use dyntastic::rust_decimal::Decimal;
use dyntastic::serde_json::json;
use dyntastic::{Client, Error, Patch};
use dyntastic_tests::counters::{Account, Player, PlayerPatch, Post};
use futures_util::future::try_join_all;

fn player(name: &str) -> Player {
    Player::builder().game("chess").nick(name).build().unwrap()
}

async fn stored(db: &Client, name: &str) -> Player {
    Player::get(db, ("chess", name)).consistent_read().await.unwrap()
}

fn conflict<T: std::fmt::Debug>(result: dyntastic::Result<T>) -> &'static str {
    match result {
        Err(error @ Error::CounterConflict { counter, .. }) => {
            assert!(error.is_conflict() && !error.is_retryable(), "{error:?}");
            counter
        }
        other => unreachable!("{other:?}"),
    }
}

async fn put(db: &Client, table: String, item: &[(&str, AttributeValue)]) {
    let item = item.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    db.sdk().put_item().table_name(table).set_item(Some(item)).send().await.unwrap();
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn number(number: &str) -> AttributeValue {
    AttributeValue::N(number.to_owned())
}

#[tokio::test]
async fn an_increment_returns_the_new_value_and_counts_from_the_default() {
    let db = db().await;
    player("ada").insert(&db).await.unwrap();
    let key = ("chess", "ada");
    let score: i32 = Player::increment_score(&db, key, 5).await.unwrap();
    assert_eq!(score, 105);
    assert_eq!(Player::increment_score(&db, key, -10).await.unwrap(), 95);
    assert_eq!(Player::increment_wins(&db, key, 3_u64).await.unwrap(), 3);
    assert_eq!(Player::increment_wins(&db, key, -1_i64).await.unwrap(), 2);
    assert_eq!(Player::increment_wins(&db, key, 0).await.unwrap(), 2);
    let credit = Player::increment_credit(&db, key, Decimal::new(150, 2)).await.unwrap();
    assert_eq!(credit, Decimal::new(15, 1));
    assert_eq!(Player::increment_credit(&db, key, -2).await.unwrap(), Decimal::new(-5, 1));
    // More digits than the schema has, or the type reads, are not stored.
    for digits in [Decimal::ONE_THOUSAND / Decimal::from(3), Decimal::MAX, Decimal::new(1, 28)] {
        let error = Player::increment_credit(&db, key, digits).await.unwrap_err();
        assert!(matches!(error, Error::OutOfBounds(_)), "{digits}: {error}");
    }
    let ada = stored(&db, "ada").await;
    assert_eq!((ada.score, ada.wins, ada.credit), (95, 2, Decimal::new(-5, 1)));

    // An item from before the counters.
    put(&db, table_name::<Player>(&db), &[("game", text("chess")), ("nick", text("old"))]).await;
    assert_eq!(Player::increment_score(&db, ("chess", "old"), 1).await.unwrap(), 101);
    assert_eq!(Player::increment_wins(&db, ("chess", "old"), 1).await.unwrap(), 1);
    let old = stored(&db, "old").await;
    assert_eq!((old.score, old.wins), (101, 1));
}

#[tokio::test]
async fn an_increment_needs_an_item_or_creates_a_whole_one() {
    let db = db().await;
    Player::create_table(&db).await.unwrap();
    let missing = Player::increment_wins(&db, ("chess", "eve"), 1).await.unwrap_err();
    assert!(missing.is_not_found(), "{missing:?}");
    assert_eq!(Player::find(&db, ("chess", "eve")).await.unwrap(), None);
    assert_eq!(Player::increment_score(&db, ("chess", "eve"), 1).upsert().await.unwrap(), 101);
    assert_eq!(stored(&db, "eve").await, Player { score: 101, ..player("eve") });
    // The title of a post has no default.
    let error = Post::increment_likes(&db, "p1", 1).upsert().await.unwrap_err();
    assert!(matches!(&error, Error::IncompleteUpsert { missing, .. } if missing == "title"), "{error:?}");
}

#[tokio::test]
async fn an_increment_stays_within_the_type_and_the_bounds_or_changes_nothing() {
    let db = db().await;
    let ada = Player { score: 990, wins: u64::MAX - 1, ..player("ada") };
    ada.insert(&db).await.unwrap();
    let key = ("chess", "ada");
    for (by, is_within) in [(11, false), (-991, false), (i128::MAX, false), (10, true)] {
        let result = Player::increment_score(&db, key, by).await;
        match is_within {
            true => assert_eq!(result.unwrap(), 1000),
            false if Engine::current().returns_existing() => {
                assert!(
                    matches!(result, Err(Error::OutOfBounds(_) | Error::Write(_) | Error::Invalid(_))),
                    "{result:?}"
                );
            }
            false => assert!(result.is_err()),
        }
    }
    assert!(Player::increment_wins(&db, key, 2).await.is_err());
    assert!(Player::increment_wins(&db, key, -(1_i128 << 64)).await.is_err());
    assert_eq!(stored(&db, "ada").await, Player { score: 1000, ..ada });
    assert_eq!(Player::increment_wins(&db, key, 1).await.unwrap(), u64::MAX);
    // Not below 0, also from the default of an absent one.
    Player::builder().game("chess").nick("eve").build().unwrap().insert(&db).await.unwrap();
    let error = Player::increment_wins(&db, ("chess", "eve"), -1).await.unwrap_err();
    if Engine::current().returns_existing() {
        assert_eq!(error.to_string(), "Player.wins: its type holds 0 to 18446744073709551615");
    }
    assert_eq!(stored(&db, "eve").await, player("eve"));
}

#[tokio::test]
async fn increments_of_many_tasks_are_all_counted() {
    let db = db().await;
    player("ada").insert(&db).await.unwrap();
    let counted = (0..20).map(|_| async { Player::increment_wins(&db, ("chess", "ada"), 1).await });
    let mut values = try_join_all(counted).await.unwrap();
    values.sort_unstable();
    assert_eq!(values, (1..=20).collect::<Vec<u64>>(), "each has a value of its own");
}

#[tokio::test]
async fn a_write_of_a_whole_item_undoes_no_increment() {
    let db = db().await;
    player("ada").save(&db).await.unwrap();
    let mut stale = stored(&db, "ada").await;
    stale.name = "Ada".to_owned();
    stale.save(&db).await.unwrap();
    Player::increment_wins(&db, ("chess", "ada"), 1).await.unwrap();
    if !Engine::current().returns_existing() {
        assert!(stale.save(&db).await.unwrap_err().is_conflict());
        return;
    }
    assert_eq!(conflict(stale.save(&db).await), "wins");
    assert_eq!(conflict(stale.replace(&db).await), "wins");
    assert_eq!(conflict(stale.save(&db).condition(Player::A.name.eq("Ada")).await), "wins");
    let error = stale.save(&db).await.unwrap_err();
    let message = error.to_string().replace(&table_name::<Player>(&db), "T");
    assert_eq!(message, "Player: the counter wins of the item in the table T was changed since the item was read");
    // A new item that has the same key is stale too.
    assert_eq!(conflict(player("ada").save(&db).await), "wins");
    assert_eq!(stored(&db, "ada").await.wins, 1);
    // After it is read again, it is written. The struct cannot set the counter.
    let fresh = Player { name: "Ada L.".to_owned(), ..stored(&db, "ada").await };
    fresh.save(&db).await.unwrap();
    assert_eq!(conflict(Player { wins: 7, ..fresh.clone() }.save(&db).await), "wins");
    assert_eq!(stored(&db, "ada").await, fresh);
    // Two changes that cancel out are none.
    Player::increment_wins(&db, ("chess", "ada"), 4).await.unwrap();
    Player::increment_wins(&db, ("chess", "ada"), -4).await.unwrap();
    fresh.replace(&db).await.unwrap();
    // A deleted item has no increments to undo.
    fresh.delete(&db).await.unwrap();
    fresh.save(&db).await.unwrap();
    assert_eq!(stored(&db, "ada").await, fresh);
    // NULL stands for a counter that is absent.
    let null = AttributeValue::Null(true);
    put(&db, table_name::<Player>(&db), &[("game", text("chess")), ("nick", text("nil")), ("wins", null)]).await;
    let nil = player("nil");
    nil.save(&db).await.unwrap();
    assert_eq!(stored(&db, "nil").await, nil);
}

#[tokio::test]
async fn transactions_and_moves_undo_no_increment_either() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    player("ada").save(&db).await.unwrap();
    let stale = stored(&db, "ada").await;
    db.transaction().update::<Player>(("chess", "ada"), Player::A.wins.increment(2)).await.unwrap();
    assert_eq!(stored(&db, "ada").await.wins, 2);
    for is_put in [true, false] {
        let transaction = db.transaction();
        let sent = if is_put { transaction.put(&stale).await } else { transaction.replace(&stale).await };
        let Err(Error::TransactionCanceled(canceled)) = sent else { unreachable!("{sent:?}") };
        let causes: Vec<_> = canceled.reasons().iter().map(|reason| reason.cause()).collect();
        assert_eq!(causes, [Cause::CounterConflict { counter: "wins" }]);
    }
    let moved = Player { nick: "eve".to_owned(), ..stale };
    assert_eq!(conflict(Player::rekey(&db, ("chess", "ada"), &moved).await), "wins");
    Player::rekey(&db, ("chess", "ada"), &Player { wins: 2, ..moved }).await.unwrap();
    assert_eq!(stored(&db, "eve").await.wins, 2);
    // Unique fields make a save a transaction.
    let post = Post::builder().post_id("p1").title("One").build().unwrap();
    post.save(&db).await.unwrap();
    assert_eq!(Post::increment_likes(&db, "p1", 1).await.unwrap(), 1);
    assert_eq!(conflict(post.save(&db).await), "likes");
    let renamed = Post::update_by_key(&db, "p1", (Post::A.title.set("Two"), Post::A.likes.increment(1))).await.unwrap();
    assert_eq!((renamed.title.as_str(), renamed.likes), ("Two", 2));
}

#[tokio::test]
async fn updates_and_patches_leave_counters() {
    let db = db().await;
    player("ada").save(&db).await.unwrap();
    let mut ada = stored(&db, "ada").await;
    Player::increment_wins(&db, ("chess", "ada"), 1).await.unwrap();
    let changed = Player { name: "Ada".to_owned(), wins: 9, score: 7, ..ada.clone() };
    let patch = ada.changes_to(&changed);
    assert_eq!(patch, PlayerPatch { name: Patch::Set("Ada".to_owned()) });
    ada.update(&db, patch).await.unwrap();
    assert_eq!((ada.name.as_str(), ada.wins, ada.score), ("Ada", 1, 100));
    // Of an item that was read, beside other actions.
    ada.update(&db, (Player::A.name.set("A"), Player::A.wins.increment(1))).await.unwrap();
    assert_eq!((ada.name.as_str(), ada.wins), ("A", 2));
    Player::update_by_key(&db, ("chess", "ada"), Player::A.name.set("B")).upsert().await.unwrap();
    assert_eq!(stored(&db, "ada").await.wins, 2);
}

#[tokio::test]
async fn an_increment_has_the_options_of_an_update() {
    let db = db().await;
    player("ada").save(&db).await.unwrap();
    let key = ("chess", "ada");
    let (wins, used) = Player::increment_wins(&db, key, 1).with_capacity().await.unwrap();
    assert_eq!(wins, 1);
    assert!(used.write_units() >= 1.0);
    let few = || Player::A.wins.lt(2_u64);
    assert_eq!(Player::increment_wins(&db, key, 1).condition(few()).if_matches().await.unwrap(), Some(2));
    if Engine::current().returns_existing() {
        assert_eq!(Player::increment_wins(&db, key, 1).condition(few()).if_matches().await.unwrap(), None);
    }
    let before = Player::increment_wins(&db, key, 1).return_old().await.unwrap();
    assert_eq!(before.unwrap().wins, 2);
    // An index that is sorted by a counter follows it.
    player("eve").save(&db).await.unwrap();
    Player::increment_score(&db, ("chess", "eve"), 50).await.unwrap();
    let best = Player::query_by_score(&db, "chess").descending().all().await.unwrap();
    let best: Vec<_> = best.iter().map(|of| (of.nick.as_str(), of.score)).collect();
    assert_eq!(best, [("eve", 150), ("ada", 100)]);
}

#[tokio::test]
async fn an_increment_raises_the_version_and_sets_the_time() {
    let db = db().await;
    let mut account = Account::builder().account_id("a").name("Ada").build().unwrap();
    account.save(&db).await.unwrap();
    let mut stale = account.clone();
    assert_eq!(Account::increment_logins(&db, "a", 1).await.unwrap(), 1);
    let now = Account::get(&db, "a").consistent_read().await.unwrap();
    assert_eq!((now.version, now.logins), (2, 1));
    assert!(now.updated_at > account.updated_at);
    let sent = stale.save(&db).await;
    assert!(matches!(sent, Err(Error::VersionConflict { expected: 1, .. })), "{sent:?}");
    account.refresh(&db).await.unwrap();
    account.save(&db).await.unwrap();
    assert_eq!((account.version, account.logins), (3, 1));
}

#[tokio::test]
async fn an_item_of_an_earlier_schema_version_is_upgraded_before_it_is_counted() {
    if !Engine::current().has_transactions() || !Engine::current().returns_existing() {
        return;
    }
    let db = db().await;
    Post::builder().post_id("p1").title("One").build().unwrap().insert(&db).await.unwrap();
    let old = |hearts: &str| {
        [
            ("pk", text("POST#p1")),
            ("sk", text("POST")),
            ("kind", text("Post")),
            ("post_id", text("p1")),
            ("title", text("One")),
            ("hearts", number(hearts)),
            ("v", number("1")),
        ]
    };
    put(&db, table_name::<Post>(&db), &old("4")).await;
    assert_eq!(Post::increment_likes(&db, "p1", 1).await.unwrap(), 5);
    // The count of an earlier release is not undone either.
    put(&db, table_name::<Post>(&db), &old("4")).await;
    let read = Post::get(&db, "p1").consistent_read().await.unwrap();
    put(&db, table_name::<Post>(&db), &old("6")).await;
    assert_eq!(conflict(read.save(&db).await), "likes");
    assert_eq!(Post::get(&db, "p1").consistent_read().await.unwrap().likes, 6);
}

#[tokio::test(start_paused = true)]
async fn fault_an_increment_is_not_sent_again_after_a_lost_response_except_in_a_transaction() {
    if Engine::current() != Engine::Embedded {
        return;
    }
    let (db, requests) = answering(|_, _, before| match before {
        0 => error("InternalServerError"),
        _ => (200, json!({ "Attributes": { "wins": { "N": "1" } } })),
    });
    let unknown = Player::increment_wins(&db, ("chess", "ada"), 1).await.unwrap_err();
    assert!(matches!(unknown, Error::MaybeApplied(_)), "{unknown:?}");
    assert_eq!(requests.lock().unwrap().len(), 1);
    db.transaction().update::<Player>(("chess", "ada"), Player::A.wins.increment(1)).await.unwrap();

    // What is throttled was not applied.
    let (db, requests) = answering(|_, _, before| match before {
        0 => error("ThrottlingException"),
        _ => (200, json!({ "Attributes": { "wins": { "N": "1" } } })),
    });
    assert_eq!(Player::increment_wins(&db, ("chess", "ada"), 1).await.unwrap(), 1);
    let requests = requests.lock().unwrap();
    assert_eq!(requests.len(), 2);
    let body = &requests[0].1;
    assert_eq!(body["ReturnValues"], "UPDATED_NEW");
    assert_eq!(body["UpdateExpression"], "SET #n0 = if_not_exists(#n0, :v0) + :v1");
}
