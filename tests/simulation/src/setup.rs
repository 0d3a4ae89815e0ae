//! The beginning of a run: its tables, and items from before the models had all their fields.

use crate::check::upgrades;
use crate::choice::is_about_insides;
use crate::faults::Faults;
use crate::models::{ClubMember, Draft, Member, Note, Numbers, Sketch, Tally};
use crate::names;
use crate::network::Network;
use crate::random::{Pick, Random};
use crate::store::number::Number;
use crate::store::table::Table;
use crate::store::value::{Item, Value};
use crate::world::{State, World};
use dyntastic::Client;
use dyntastic::prelude::*;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The tables that the models create.
static TABLES: LazyLock<BTreeMap<String, Table>> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let made = runtime.expect("a runtime without threads and sockets can be built").block_on(async {
        let world = World::new(Faults::new(0));
        let db = Network(world.clone()).client();
        Member::create_table(&db).await?;
        ClubMember::create_table(&db).await?;
        Note::create_table(&db).await?;
        Draft::create_table(&db).await?;
        Sketch::create_table(&db).await?;
        Tally::create_table(&db).await?;
        Numbers::create_table(&db).await?;
        let tables = std::mem::take(&mut world.state().store.tables);
        Ok::<_, dyntastic::Error>(tables)
    });
    let mut tables = made.expect("the models can create their tables");
    tables.values_mut().for_each(|table| table.ready_at = 0);
    tables
});

/// Makes the tables once. This needs a run of its own.
pub fn make_tables() {
    LazyLock::force(&TABLES);
}

/// Prepares the beginning of a run.
pub async fn prepare(world: &World, db: &Client, seed: u64) {
    let mut random = Random::at(seed, &[41]);
    put_stored(&mut world.state(), &mut random);
    if is_about_insides(seed) {
        let mut random = Random::at(seed, &[42]);
        put_sketches(&mut world.state(), &mut random);
        put_badges(&mut world.state(), &mut random);
    }
    if random.chance(600) {
        put_members(db, &mut random).await;
    }
    if random.chance(300) {
        put_back(&mut world.state(), &mut random);
    }
}

/// Puts items back into the form of schema version 1.
fn put_back(state: &mut State, random: &mut Random) {
    let Some(shop) = state.store.tables.get("shop") else { return };
    let items: Vec<Item> = shop.items.values().map(|item| Item::clone(item)).collect();
    for mut item in items {
        let kind = item.get("kind").and_then(Value::text).map(str::to_owned);
        let Some(later) = upgrades::later(kind.as_deref()).filter(|_| random.chance(600)) else { continue };
        if let Some(value) = item.remove(later) {
            item.insert(upgrades::EARLIER.to_owned(), value);
        }
        item.remove(upgrades::VERSION);
        state.store.put("shop", item);
    }
}

/// Writes members with their guards by the models.
async fn put_members(db: &Client, random: &mut Random) {
    for number in 0..3 {
        let (id, email) = (names::id(number), names::email(number));
        let nick = random.chance(300).then(|| names::nick(number));
        if random.chance(800)
            && let Ok(mut member) = Member::builder().id(id.as_str()).email(email.as_str()).nick(nick).build()
        {
            // The insert creates the table if the run begins without it.
            let _ = member.insert(db).await;
        }
        if random.chance(200)
            && let Ok(member) = ClubMember::builder().id(id).email(email).build()
        {
            let _ = member.insert(db).await;
        }
    }
}

fn put_stored(state: &mut State, random: &mut Random) {
    for (name, table) in &*TABLES {
        // Writes create missing tables, so a run may begin without some of them.
        let is_there = match name.as_str() {
            "drafts" => random.chance(300),
            "notes" => random.chance(800),
            "numbers" | "sketches" | "tallies" => true,
            _ => random.chance(900),
        };
        if is_there {
            state.store.tables.insert(name.clone(), table.clone());
        }
    }
    for number in 0..names::EACH {
        let number = u8::try_from(number).unwrap_or_default();
        if random.chance(400) {
            let rank = *random.pick(&[Legacy::Absent, Legacy::Null]);
            let mut score = score(number, rank);
            if random.chance(850) {
                score.insert(upgrades::VERSION.to_owned(), integer(2));
            }
            state.store.put("shop", score);
        }
        if random.chance(300) {
            for at in 0..random.below(8) {
                let text = |text: &str| Value::S(text.to_owned());
                let item = [("book", text(&names::book(number))), ("number", integer(at)), ("text", text("first"))];
                state.store.put("notes", item.map(|(name, value)| (name.to_owned(), value)).into());
            }
        }
    }
}

fn put_sketches(state: &mut State, random: &mut Random) {
    let text = |text: String| Value::S(text);
    for number in (0..names::EACH).filter_map(|number| u8::try_from(number).ok()) {
        if random.chance(800) {
            let shape = names::shape(number).map(|of| Number::parse(&of.to_string()).map(Value::N));
            let item = [
                ("id", text(names::id(number))),
                ("album", text(names::album(0))),
                ("shape", Value::L(shape.into_iter().flatten().collect())),
            ];
            state.store.put("sketches", item.map(|(name, value)| (name.to_owned(), value)).into());
        }
    }
}

/// Badges, some of them with spans, which updates change inside.
fn put_badges(state: &mut State, random: &mut Random) {
    for number in 0..2 {
        let text = |text: String| Value::S(text);
        let span = [("low", integer(0)), ("high", integer(2))].map(|(name, value)| (name.to_owned(), value));
        let item = [
            ("pk", text(names::code(number))),
            ("sk", text("BADGE".to_owned())),
            ("kind", text("Badge".to_owned())),
            ("span", Value::M(span.into())),
        ];
        let mut item: Item = item.map(|(name, value)| (name.to_owned(), value)).into();
        if random.chance(300) {
            item.remove("span");
        }
        if random.chance(800) {
            state.store.put("shop", item);
        }
    }
}

/// The form in which a field is missing.
#[derive(Debug, Clone, Copy)]
enum Legacy {
    Absent,
    Null,
}

/// A score from before the model had ranks, levels and their index.
fn score(number: u8, rank: Legacy) -> Item {
    let text = |text: String| Value::S(text);
    let mut item: Item = [
        ("pk", text(format!("MEMBER#{}", names::id(number)))),
        ("sk", text(format!("SCORE#{}", names::game(0)))),
        ("kind", text("Score".to_owned())),
        ("id", text(names::id(number))),
        ("game", text(names::game(0))),
        ("points", integer(5)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    if let Legacy::Null = rank {
        item.insert("rank".to_owned(), Value::Null(true));
    }
    item
}

fn integer(number: u64) -> Value {
    Value::N(Number::from(i64::try_from(number).unwrap_or_default()))
}
