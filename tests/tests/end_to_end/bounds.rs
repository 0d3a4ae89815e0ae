//! What updates calculate stays what its type holds and what the schema allows: numbers, collections, copies.

use crate::engine::{Engine, db};
use crate::random::Random;
use dyntastic::expr::{IntoUpdate, UpdateExpression};
use dyntastic::prelude::*;
use dyntastic::rust_decimal::Decimal;
use dyntastic::{Client, Error, Violations};
use dyntastic_tests::bounds::{Part, Tally, TallyAttributes};
use std::collections::{BTreeMap, BTreeSet};

const A: TallyAttributes = Tally::A;

fn texts<const N: usize>(texts: [&str; N]) -> BTreeSet<String> {
    texts.into_iter().map(str::to_owned).collect()
}

fn tally() -> Tally {
    let builder = Tally::builder()
        .id("t")
        .labels(texts(["a", "b"]))
        .numbers(BTreeSet::from([1]))
        .list(vec!["x".to_owned()])
        .distinct(vec!["x".to_owned()])
        .pairs(BTreeMap::from([("p".to_owned(), 1)]))
        .counts(vec![1])
        .name("name")
        .nickname("a long nickname")
        .part(Part::builder().marks(texts(["m"])).build().unwrap());
    builder.build().unwrap()
}

fn both(one: UpdateExpression<Tally>, other: UpdateExpression<Tally>) -> UpdateExpression<Tally> {
    vec![one, other].into_update()
}

async fn saved() -> (Client, Tally) {
    let db = db().await;
    let tally = tally();
    tally.save(&db).await.unwrap();
    (db, tally)
}

async fn stored(db: &Client) -> Tally {
    Tally::get(db, "t").consistent_read().await.unwrap()
}

/// Each update of an item: that it is done, or what it says if it is not.
async fn try_each(item: Tally, updates: impl IntoIterator<Item = (UpdateExpression<Tally>, Result<(), &'static str>)>) {
    let db = db().await;
    for (position, (update, expected)) in updates.into_iter().enumerate() {
        item.save(&db).await.unwrap();
        let done = Tally::update_by_key(&db, "t", update).await;
        match (done, expected) {
            (Ok(after), Ok(())) => {
                Violations::of("Tally", &after).unwrap();
                assert_eq!(stored(&db).await, after, "update {position}");
            }
            (Err(Error::OutOfBounds(violations)), Err(says)) => {
                assert_eq!(violations.to_string(), says, "update {position}");
                assert_eq!(stored(&db).await, item, "update {position}");
            }
            // The reason is in the item, and so is what else can be asked; the engine does not return it.
            (Err(Error::ConditionFailed(_) | Error::NotFound { .. }), _) if !Engine::current().returns_existing() => {
                assert_eq!(stored(&db).await, item, "update {position}");
            }
            (done, expected) => unreachable!("update {position}: {done:?}, {expected:?}"),
        }
    }
}

#[tokio::test]
async fn numbers_stay_what_their_types_hold() {
    const U8: Result<(), &str> = Err("Tally.small: its type holds 0 to 255");
    const I8: Result<(), &str> = Err("Tally.signed: its type holds -128 to 127");
    const U64: Result<(), &str> = Err("Tally.wide: its type holds 0 to 18446744073709551615");
    const U128: Result<(), &str> = Err("Tally.unsigned: its type holds 0 to 340282366920938463463374607431768211455");
    const WIDE: i128 = 100_000_000_000_000_000_000_000_000_000_000_000_000;
    try_each(
        tally(),
        [
            (A.small.add(255), Ok(())),
            (A.small.set(A.small - 1), U8),
            (A.small.set(255 - A.small), Ok(())),
            (A.small.set(A.small.plus(A.small)), Ok(())),
            (A.signed.add(127), Ok(())),
            (A.signed.add(-128), Ok(())),
            (A.signed.set(-128 - A.signed), Ok(())),
            (A.wide.add(u64::MAX), Ok(())),
            (A.wide.set(A.wide - 1), U64),
            (A.widest.add(WIDE), Ok(())),
            (A.widest.add(-WIDE), Ok(())),
            (A.unsigned.set(A.unsigned - 1), U128),
            (A.double.add(1e125), Ok(())),
            (A.real.add(3.0e38), Ok(())),
            (A.price.add(Decimal::MAX - Decimal::ONE), Ok(())),
        ],
    )
    .await;
    let item =
        Tally { small: 200, signed: -100, wide: u64::MAX, widest: WIDE, real: 3.0e38, price: Decimal::MAX, ..tally() };
    try_each(
        item,
        [
            (A.small.add(55), Ok(())),
            (A.small.add(56), U8),
            (A.small.set(A.small.plus(A.small)), U8),
            (A.small.set(A.small.minus(A.small)), Ok(())),
            (A.small.set(199 - A.small), U8),
            (A.small.set(A.small.or(0).plus(56)), U8),
            (A.signed.add(-28), Ok(())),
            (A.signed.add(-29), I8),
            (A.signed.set(A.signed - 29), I8),
            (A.signed.set(28 - A.signed), I8),
            (A.signed.set(27 - A.signed), Ok(())),
            (A.wide.add(1), U64),
            (
                A.widest.add(WIDE),
                Err("Tally.widest: its type holds -170141183460469231731687303715884105728 to \
                     170141183460469231731687303715884105727"),
            ),
            (
                A.real.add(1.0e38),
                Err("Tally.real: its type holds -340282350000000000000000000000000000000 to \
                     340282350000000000000000000000000000000"),
            ),
            (
                A.price.add(Decimal::ONE),
                Err("Tally.price: its type holds -79228162514264337593543950335 to 79228162514264337593543950335"),
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn numbers_stay_between_the_schemas_bounds() {
    const LOW: Result<(), &str> = Err("Tally.stock: at least 10");
    const HIGH: Result<(), &str> = Err("Tally.stock: at most 100");
    try_each(
        tally(),
        [
            (A.stock.add(50), Ok(())),
            (A.stock.add(51), HIGH),
            (A.stock.set(A.stock - 40), Ok(())),
            (A.stock.set(A.stock - 41), LOW),
            (A.stock.set(A.stock.plus(A.stock)), Ok(())),
            (A.stock.set(A.stock.minus(A.stock)), LOW),
            (A.ratio.add(0.4), Ok(())),
            (A.ratio.add(0.5), Err("Tally.ratio: less than 1")),
            (A.ratio.add(-0.5), Err("Tally.ratio: more than 0")),
            (A.ratio.set(1.0 - A.ratio), Ok(())),
            (A.even.add(2), Ok(())),
            (A.even.add(3), Err("Tally.even: a multiple of 2")),
            (A.price.set(A.price - Decimal::ONE), Ok(())),
            (A.price.set(A.price - Decimal::TWO), Err("Tally.price: at least 0")),
            // No number counts as 0.
            (A.rating.add(9), Ok(())),
            (A.rating.add(10), Err("Tally.rating: at most 9")),
            (A.part.then(Part::A.count).add(200), Ok(())),
            (A.part.then(Part::A.count).add(201), Err("Tally.part.count: at most 200")),
            (both(A.stock.add(1), A.small.set(A.small - 1)), Err("Tally.small: its type holds 0 to 255")),
        ],
    )
    .await;
}

#[tokio::test]
async fn collections_stay_as_large_and_as_small_as_the_schema_says() {
    const MOST: Result<(), &str> = Err("Tally.labels: at most 6 elements, this has 7");
    const LEAST: Result<(), &str> = Err("Tally.labels: at least 1 element, this has 0");
    const LIST: Result<(), &str> = Err("Tally.list: at most 4 elements, this has 5");
    let item = Tally { labels: texts(["a", "b", "c", "d", "e"]), list: vec!["x".to_owned(); 3], ..tally() };
    try_each(
        item,
        [
            (A.labels.add("f"), Ok(())),
            (A.labels.add("a"), Ok(())),
            (A.labels.add(["f", "g"]), MOST),
            (A.labels.add(["a", "f"]), Ok(())),
            (A.labels.add(["a", "b", "c", "d", "e", "f"]), Ok(())),
            (A.labels.add(["a", "b", "c", "d", "f", "g"]), MOST),
            (A.labels.delete(["a", "b", "c", "d"]), Ok(())),
            (A.labels.delete(["a", "b", "c", "d", "x"]), Ok(())),
            (A.labels.delete(["a", "b", "c", "d", "e"]), LEAST),
            (A.labels.delete(["x", "y"]), Ok(())),
            (A.numbers.add([2, 3]), Ok(())),
            (A.numbers.add([1, 2, 3]), Ok(())),
            (A.numbers.delete(1), Ok(())),
            (A.part.then(Part::A.marks).add("n"), Ok(())),
            (A.part.then(Part::A.marks).add(["n", "o"]), Err("Tally.part.marks: at most 2 elements, this has 3")),
            (A.list.append(["y"]), Ok(())),
            (A.list.prepend(["y", "z"]), LIST),
            (A.list.set(A.list.followed_by(vec!["y".to_owned()])), Ok(())),
            (A.list.set(A.list.preceded_by(A.list)), Err("Tally.list: at most 4 elements, this has 6")),
            (A.counts.set(A.digits.followed_by(vec![])), Err("Tally.counts: at least 1 element, this has 0")),
            (A.list.index(2).set("y"), Ok(())),
            (A.list.index(9).set("y"), Ok(())),
            (both(A.list.index(9).set("y"), A.list.index(10).set("y")), LIST),
            (A.distinct.append(["y"]), Ok(())),
            (A.distinct.append(["x"]), Err("Tally.distinct: no two elements are equal")),
            (A.distinct.index(1).set("x"), Err("Tally.distinct: no two elements are equal")),
            (A.pairs.key("q").set(1), Ok(())),
            (A.pairs.key("p").set(2), Ok(())),
            (A.pairs.key("p").add(8), Ok(())),
            (A.pairs.key("p").add(9), Err("Tally.pairs.p: at most 9")),
            (A.pairs.key("p").remove(), Err("Tally.pairs: at least 1 element, this has 0")),
            (A.pairs.key("x").remove(), Ok(())),
            (A.counts.index(0).add(9), Err("Tally.counts[0]: at most 9")),
            (A.counts.index(0).remove(), Err("Tally.counts: at least 1 element, this has 0")),
            (A.counts.index(1).remove(), Ok(())),
            (A.name.set(A.nickname), Err("Tally.name: at most 5 characters, this has 15")),
            (A.nickname.set(A.name), Ok(())),
        ],
    )
    .await;
    let full = Tally { pairs: ["p", "q", "r"].into_iter().map(|name| (name.to_owned(), 1)).collect(), ..tally() };
    try_each(
        full,
        [
            (A.pairs.key("p").set(2), Ok(())),
            (A.pairs.key("s").set(2), Err("Tally.pairs: at most 3 elements, this has 4")),
            (A.pairs.key("s").add(2), Err("Tally.pairs: at most 3 elements, this has 4")),
        ],
    )
    .await;
}

/// No condition tells how many digits a stored number has: with `multiple_of` the item is read first.
#[tokio::test]
async fn a_sum_of_decimals_with_more_digits_than_they_hold_is_refused() {
    const DIGITS: Result<(), &str> =
        Err("Tally.cents: its type holds -79228162514264337593543950335 to 79228162514264337593543950335");
    let large = Decimal::from(9_999_999_999_999_999_999_999_999_999_i128);
    let cent = Decimal::new(1, 2);
    try_each(
        Tally { cents: large, ..tally() },
        [
            (A.cents.add(cent), DIGITS),
            (A.cents.set(A.cents.minus(cent)), DIGITS),
            (A.cents.add(Decimal::ONE), Ok(())),
            (A.cents.set(A.cents.minus(large)), Ok(())),
        ],
    )
    .await;
    try_each(
        tally(),
        [(A.cents.add(cent), Ok(())), (A.cents.add(Decimal::new(1, 3)), Err("Tally.cents: a multiple of 0.01"))],
    )
    .await;
}

/// Other actions of the update take elements out before it, or it is put at the end of a list that is shorter.
#[tokio::test]
async fn elements_that_move_in_the_list_stay_in_bounds() {
    const SECOND: Result<(), &str> = Err("Tally.digits[2]: its type holds 0 to 255");
    let part = |tags: &[u8]| Part { tags: tags.to_vec(), ..Part::builder().build().unwrap() };
    let parts = vec![part(&[1]), part(&[1]), part(&[1, 7])];
    let item = Tally { digits: vec![1, 2, 200], parts, small: 100, ..tally() };
    let moved = |update: UpdateExpression<Tally>| both(A.digits.index(0).remove(), update);
    let two = |index: usize| A.digits.index(index).plus(A.small);
    let tagged = |index: usize| A.parts.index(index).then(Part::A.tags).index(0).set(7);
    let first = || A.parts.index(0).then(Part::A.tags).index(0).remove();
    try_each(
        item,
        [
            (A.digits.index(2).set(two(2)), SECOND),
            (moved(A.digits.index(2).set(two(2))), SECOND),
            (moved(A.digits.index(2).add(100)), SECOND),
            (moved(A.digits.index(1).set(two(1))), Ok(())),
            (A.digits.index(9).set(two(2)), Err("Tally.digits[9]: its type holds 0 to 255")),
            (A.digits.index(9).set(two(1)), Ok(())),
            (
                both(A.digits.index(9).set(two(2)), A.digits.index(8).set(1)),
                Err("Tally.digits[9]: its type holds 0 to 255"),
            ),
            (both(A.parts.index(0).remove(), tagged(2)), Err("Tally.parts[2].tags: no two elements are equal")),
            (both(A.parts.index(0).remove(), tagged(1)), Ok(())),
            (
                vec![A.parts.index(1).remove(), first(), tagged(2)].into_update(),
                Err("Tally.parts[2].tags: no two elements are equal"),
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn what_cannot_be_right_is_refused_before_anything_is_sent() {
    let nowhere = db().await;
    for (update, says) in [
        (A.list.append(["a", "b", "c", "d", "e"]), "Tally.list: at most 4 elements, this has 5"),
        (A.distinct.append(["a", "a"]), "Tally.distinct: no two elements are equal"),
        (A.numbers.add([1, 2, 3, 4]), "Tally.numbers: at most 3 elements, this has 4"),
        (A.pairs.key("p").set(10), "Tally.pairs.p: at most 9"),
        (A.counts.index(2).set(10), "Tally.counts[2]: at most 9"),
    ] {
        let error = Tally::update_by_key(&nowhere, "t", update).await.unwrap_err();
        assert!(matches!(error, Error::Invalid(_)), "{error:?}");
        assert_eq!(error.to_string(), says);
    }
    // Without its collections of one element or more, a new item would break its own constraints.
    let part = Part::builder().marks(texts(["m"])).build().unwrap();
    let new = vec![A.name.set("n"), A.nickname.set("n"), A.part.set(part)];
    let error = Tally::update_by_key(&nowhere, "new", new).upsert().await.unwrap_err();
    assert!(matches!(error, Error::IncompleteUpsert { .. }), "{error:?}");
    assert!(error.to_string().contains("labels, pairs, counts"), "{error}");
}

#[tokio::test]
async fn bounds_are_told_from_the_conditions_of_the_app() {
    if !Engine::current().returns_existing() {
        return;
    }
    let (db, item) = saved().await;
    let full = both(A.small.add(255), A.stock.add(50));
    let mut item = item;
    item.update(&db, full).await.unwrap();
    let over = || A.small.add(1);
    let error = item.update(&db, over()).condition(A.stock.eq(1)).await.unwrap_err();
    assert!(matches!(error, Error::OutOfBounds(_)), "{error:?}");
    assert!(!error.is_conflict() && !error.is_retryable());
    // A write that is refused for its bounds is no condition that does not hold.
    let error = item.update(&db, over()).if_matches().await.unwrap_err();
    assert!(matches!(error, Error::OutOfBounds(_)), "{error:?}");
    let part = Part::builder().marks(texts(["m"])).build().unwrap();
    let collections = || vec![A.labels.add("a"), A.pairs.set([("p".to_owned(), 1)]), A.counts.append([1])];
    let others = [over(), A.name.set("n"), A.nickname.set("n"), A.part.set(part.clone())];
    let all = || others.iter().cloned().chain(collections()).collect::<Vec<_>>();
    let error = Tally::update_by_key(&db, "t", all()).upsert().await.unwrap_err();
    assert!(matches!(error, Error::OutOfBounds(_)), "{error:?}");
    let new = vec![A.stock.set(A.stock.or(50).plus(50)), A.rating.add(9), A.name.set("n")];
    let new = new.into_iter().chain([A.nickname.set("n"), A.part.set(part)]).chain(collections()).collect::<Vec<_>>();
    let made = Tally::update_by_key(&db, "new", new).upsert().await.unwrap();
    assert_eq!((made.stock, made.rating), (100, Some(9)));
    let within = || A.small.set(A.small - 1);
    let error = item.update(&db, within()).condition(A.stock.eq(1)).await.unwrap_err();
    assert!(matches!(error, Error::ConditionFailed(_)), "{error:?}");
    assert!(!item.update(&db, within()).condition(A.stock.eq(1)).if_matches().await.unwrap());
    assert!(item.update(&db, within()).condition(A.stock.eq(100)).if_matches().await.unwrap());
    assert!(Tally::update_by_key(&db, "none", over()).await.unwrap_err().is_not_found());
    assert!(Tally::update_by_key(&db, "none", A.even.add(2)).await.unwrap_err().is_not_found());
    // What DynamoDB itself refuses is DynamoDB's to say.
    let error = Tally::update_by_key(&db, "t", A.rating.set(A.rating - 1)).await.unwrap_err();
    assert_eq!(error.code(), Some("ValidationException"), "{error:?}");
}

#[tokio::test]
async fn bounds_hold_in_transactions() {
    if !Engine::current().has_transactions() {
        return;
    }
    let (db, item) = saved().await;
    let mut other = item.clone();
    other.id = "other".to_owned();
    other.save(&db).await.unwrap();
    for over in [
        A.small.set(A.small - 1),
        A.stock.add(51),
        A.even.add(1),
        A.labels.add(["c", "d", "e", "f", "g"]),
        A.counts.index(0).add(9),
        A.name.set(A.nickname),
        A.stock.set(A.stock.minus(A.stock)),
    ] {
        let error =
            db.transaction().update::<Tally>("other", A.stock.add(1)).update::<Tally>("t", over).await.unwrap_err();
        assert!(matches!(error, Error::TransactionCanceled(_) | Error::OutOfBounds(_)), "{error:?}");
        assert_eq!(stored(&db).await, item);
        assert_eq!(Tally::get(&db, "other").consistent_read().await.unwrap(), other);
    }
    // More elements than a condition has cases for, of which most are there.
    let labels = A.labels.add(["a", "b", "c", "d", "e", "f"]);
    let twice = A.stock.set(A.stock.plus(A.stock));
    db.transaction().update::<Tally>("t", labels).update::<Tally>("other", twice).await.unwrap();
    assert_eq!(stored(&db).await.labels.len(), 6);
    let missing = db.transaction().update::<Tally>("none", A.even.add(2)).await.unwrap_err();
    assert!(matches!(missing, Error::TransactionCanceled(_)), "{missing:?}");
    db.transaction().update::<Tally>("t", A.even.add(2)).update::<Tally>("other", A.small.add(255)).await.unwrap();
    assert_eq!(stored(&db).await.even, 2);
}

/// Many writers of one item, near its bounds: whatever they do, it can be read and is sound, and what is refused has not
/// happened.
#[tokio::test]
async fn writers_that_meet_keep_the_bounds() {
    let (db, _) = saved().await;
    let writer = |seed: u64| {
        let db = db.clone();
        tokio::spawn(async move {
            let mut random = Random::new(seed);
            let mut even = 0;
            for _ in 0..40 {
                let label = ["a", "b", "c", "d", "e", "f", "g", "h"][usize::try_from(random.below(8)).unwrap()];
                let update = match random.below(6) {
                    0 => A.stock.add(7),
                    1 => A.stock.set(A.stock - 7),
                    2 => A.even.add(2),
                    3 => A.labels.add([label, "a", "b", "c", "d"]),
                    4 => A.labels.delete([label, "a"]),
                    _ => A.list.append([label]),
                };
                let is_even = format!("{update:?}").contains("even");
                match Tally::update_by_key(&db, "t", update).await {
                    Ok(after) => {
                        Violations::of("Tally", &after).unwrap();
                        even += if is_even { 2 } else { 0 };
                    }
                    Err(Error::OutOfBounds(_)) => {}
                    Err(error) if error.is_conflict() => {}
                    Err(Error::NotFound { .. }) if !Engine::current().returns_existing() => {}
                    Err(error) => unreachable!("{error:?}"),
                }
            }
            even
        })
    };
    let mut evens = 0;
    for writer in [1, 2, 3, 4].map(writer) {
        evens += writer.await.unwrap();
    }
    let item = stored(&db).await;
    Violations::of("Tally", &item).unwrap();
    assert_eq!(item.even, evens, "what is done is done once");
}
