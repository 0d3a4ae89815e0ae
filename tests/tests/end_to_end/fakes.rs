//! Made-up values of models: they fulfil every constraint, DynamoDB takes them, and the same seed makes the same ones.

use dyntastic::Violations;
use dyntastic::aws_sdk_dynamodb::config::BehaviorVersion;
use dyntastic::fake::{self, Fake, Random};
use dyntastic::prelude::*;
use dyntastic::testing;
use dyntastic_tests::constraints::{self, Account, Contact};
use dyntastic_tests::everything::{self, Everything};
use dyntastic_tests::formats_of_fields::{self, Sale, Visit};
use dyntastic_tests::separators::{self, File, Tenant};
use dyntastic_tests::{jiff_types, time_types};
use example_models::{Customer, Order, Product, User};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

/// Made-up values, each of a seed.
fn made<M: Fake + PartialEq + Debug>(count: u64) -> Vec<M> {
    let make = |seed| M::fake(&mut Random::new(seed)).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
    let items: Vec<M> = (0..count).map(make).collect();
    items.iter().for_each(|item| Violations::of(M::NAME, item).unwrap());
    assert_eq!(items, (0..count).map(make).collect::<Vec<M>>(), "a seed makes the same value");
    items
}

/// Checks that the made-up items of models are stored and read as they are.
macro_rules! stored {
    ($tables:expr, $count:expr, $($model:ty),*) => {{
        let db = testing::start($tables).await.unwrap().client();
        $(
            for item in made::<$model>($count) {
                #[allow(unused_mut, reason = "only saves of some models change the item")]
                let mut item = item;
                item.save(&db).await.unwrap_or_else(|error| panic!("{item:?}: {error}"));
                let key = <$model as TableItem>::Key::from(&item);
                assert_eq!(<$model>::get(&db, key).await.unwrap(), item);
            }
        )*
    }};
}

fn make<M: Fake + PartialEq + Debug>(seed: u64) -> Result<(), Violations> {
    let made = M::fake(&mut Random::new(seed))?;
    Violations::of(M::NAME, &made)?;
    assert_eq!(M::fake(&mut Random::new(seed)), Ok(made), "a seed makes the same value");
    Ok(())
}

/// The number of different keys of so many items.
macro_rules! keys {
    ($model:ty) => {
        |items| {
            let mut random = Random::new(4);
            let config = dyntastic::aws_sdk_dynamodb::Config::builder().behavior_version(BehaviorVersion::latest());
            let client = Client::from_conf(config.build());
            let key = |_| {
                let made = <$model>::fake(&mut random).unwrap_or_else(|error| panic!("{error}"));
                let request = <$model>::get(&client, <$model as TableItem>::Key::from(&made)).into_inner().unwrap();
                let key: BTreeMap<_, _> = request.get_key().iter().flatten().collect();
                format!("{key:?}")
            };
            (0..items).map(key).collect::<BTreeSet<String>>().len()
        }
    };
}

type Checked = fn(u64) -> Result<(), Violations>;
type Counted = fn(usize) -> usize;

/// The models of cases with made-up values, and those of the random schemas.
const MODELS: &[(&str, Checked, Counted)] = include!(concat!(env!("OUT_DIR"), "/faked.rs"));

#[test]
fn values_of_all_models_are_made_up() {
    let mut failed = Vec::new();
    for (name, make, _) in MODELS {
        let broken = (0..8).find_map(|seed| make(seed).err().map(|broken| (seed, broken)));
        failed.extend(broken.map(|(seed, broken)| format!("{name}, seed {seed}: {broken}")));
    }
    assert!(MODELS.len() > 50 && failed.is_empty(), "{} of {}:\n{}", failed.len(), MODELS.len(), failed.join("\n"));
}

/// As many items as there are keys have different ones.
#[test]
fn keys_of_all_models_differ_from_item_to_item() {
    const ITEMS: usize = 200;
    let mut same = Vec::new();
    for (name, _, keys) in MODELS {
        let different = keys(ITEMS);
        // Fewer are all that there are, and the first items have each of them once.
        let repeated = different < ITEMS && keys(different) < different;
        same.extend(repeated.then(|| format!("{name}: {different} of {ITEMS}")));
    }
    assert!(same.is_empty(), "{}", same.join("\n"));
}

#[tokio::test]
async fn made_up_items_are_stored_and_read_as_they_are() {
    stored!(everything::TABLES, 10, Everything);
    stored!(constraints::TABLES, 20, Account, constraints::Strict);
    stored!(separators::TABLES, 20, File, Tenant);
    stored!(formats_of_fields::TABLES, 20, Visit);
    stored!(jiff_types::TABLES, 10, jiff_types::Moments);
    stored!(time_types::TABLES, 10, time_types::Moments);
    stored!(example_models::TABLES, 20, User, Product, Customer, Order);
}

#[tokio::test]
async fn made_up_values_have_every_stored_form() {
    let db = testing::start(formats_of_fields::TABLES).await.unwrap().client();
    for mut sale in made::<Sale>(20) {
        sale.save(&db).await.unwrap();
        let read = Sale::get(&db, &sale).await.unwrap();
        // Its form has milliseconds, and the time of a write is finer.
        assert_eq!(Sale { updated_at: sale.updated_at, ..read }, sale);
    }
}

#[test]
fn made_up_values_differ_and_use_what_the_schema_allows() {
    let accounts: Vec<Account> = made(120);
    let keys: BTreeSet<&str> = accounts.iter().map(|account| account.account_id.as_str()).collect();
    assert!(keys.len() > 100, "{}", keys.len());
    assert!(keys.iter().all(|key| key.starts_with('a')));
    for is_absent in [true, false] {
        assert!(accounts.iter().any(|account| account.email.is_none() == is_absent));
        assert!(accounts.iter().any(|account| account.address.lines.is_empty() == is_absent));
        assert!(accounts.iter().any(|account| account.tree.is_none() == is_absent));
    }
    let contacts: BTreeSet<&str> = accounts
        .iter()
        .filter_map(|account| account.contact.as_ref())
        .map(|contact| match contact {
            Contact::Mail(_) => "mail",
            Contact::Post(_) => "post",
            Contact::Phone(_) => "phone",
            Contact::None => "none",
        })
        .collect();
    assert_eq!(contacts.len(), 4, "{contacts:?}");
    assert!(accounts.iter().any(|account| account.odd.is_some_and(|odd| odd > 100)), "the app's function makes them");
    assert!(accounts.iter().any(|account| account.code == "GREEN"));
    assert!(accounts.iter().any(|account| account.starts.is_some() && account.ends.is_some()));

    let users: Vec<User> = made(50);
    assert!(users.iter().all(|user| user.email.ends_with("@example.com")));
    assert!(users.iter().any(|user| user.name == "Grace Hopper"));
    let (customers, orders): (Vec<Customer>, Vec<Order>) = (made(50), made(50));
    assert!(customers.iter().all(|customer| customer.version == 0), "writes count it");
    let now = dyntastic::chrono::Utc::now();
    assert!(orders.iter().all(|order| order.ends_at.is_none_or(|ends| ends > now)), "no item expires");
}

#[test]
fn a_failing_value_is_made_plain_but_for_the_fields_that_matter() {
    let mut runner = TestRunner::deterministic();
    let fails = |account: &Account| account.seats.is_some() && account.tags.len() > 1;
    let mut tree = loop {
        let tree = fake::strategy::<Account>().new_tree(&mut runner).unwrap();
        if fails(&tree.current()) {
            break tree;
        }
    };
    let (seats, tags) = (tree.current().seats, tree.current().tags);
    let mut steps = 0;
    while tree.simplify() {
        steps += 1;
        if !fails(&tree.current()) {
            assert!(tree.complicate());
        }
    }
    let least = tree.current();
    Violations::of("Account", &least).unwrap();
    assert!(steps > 10 && fails(&least));
    assert_eq!((least.seats, &least.tags), (seats, &tags), "what matters stays");
    assert!(least.email.is_none() && least.addresses.is_empty() && least.tree.is_none() && least.plain.is_none());
}
