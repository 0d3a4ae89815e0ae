//! Compares dyntastic with the SDK alone and with its peers. All do the same work in the same run, and the server's
//! responses cost nothing.

use dyntastic_benchmarks::by_hand::{Flat, Product};
use dyntastic_benchmarks::items::Form;
use dyntastic_benchmarks::run::Asked;
use dyntastic_benchmarks::{
    encrypted, pages, patches, plot, reads, searches, settings, streams, tables, watched, writes,
};
use std::path::Path;

const FORMS: [(Form, &str); 4] =
    [(Form::Regular, ""), (Form::Shuffled, " shuffled"), (Form::Sparse, " sparse"), (Form::Escaped, " escaped")];

/// The name of a case. It lives as long as the process.
fn case_name(name: String) -> &'static str {
    name.leak()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let asked = Asked::of_command_line();
    let (mut cases, mut settings) = (Vec::new(), Vec::new());
    asked.case(&mut cases, "get", reads::get).await;
    for (number, operations) in [(100, 40), (3000, 2)] {
        for (form, word) in FORMS {
            let name = case_name(format!("query {number} nested{word}"));
            asked.case(&mut cases, name, |name| reads::page::<Product>(name, form, number, operations)).await;
            let name = case_name(format!("query {number} flat{word}"));
            asked.case(&mut cases, name, |name| reads::page::<Flat>(name, form, number, operations)).await;
        }
        let name = |shape| case_name(format!("query {number} {shape}"));
        asked.case(&mut cases, name("wide"), |name| pages::wide(name, number)).await;
        asked.case(&mut cases, name("shared"), |name| pages::shared(name, number)).await;
        asked.case(&mut cases, name("collection"), |name| pages::collection(name, number)).await;
        asked.case(&mut cases, name("projected"), |name| pages::projected(name, number)).await;
        asked.case(&mut cases, name("tuples"), |name| pages::tuples(name, number)).await;
        asked.case(&mut cases, name("long"), |name| pages::long(name, number)).await;
        asked.case(&mut cases, name("numbers"), |name| pages::numbers(name, number)).await;
    }
    asked.case(&mut cases, "put", writes::put).await;
    asked.case(&mut cases, "condition and update", writes::update).await;
    asked.case(&mut cases, "batch_write 25 x 400 B", |name| writes::batch_write(name, 75, 40)).await;
    asked.case(&mut cases, "batch_write 25 x 40 kB", |name| writes::batch_write(name, 40_000, 4)).await;
    asked.case(&mut cases, "batch_write 25 of two models", writes::mixed_batch).await;
    asked.case(&mut cases, "transaction of 25 puts", writes::transaction).await;
    asked.case(&mut cases, "update of an index key", writes::index_key).await;
    asked.case(&mut cases, "update by a nested patch", patches::nested).await;
    asked.case(&mut cases, "changes of 24 fields", patches::comparison).await;
    asked.case(&mut cases, "update by changes of 24 fields", patches::changes).await;
    asked.case(&mut cases, "put encrypted", encrypted::put).await;
    asked.case(&mut cases, "scan 100 encrypted", |name| encrypted::query(name, 100, 40)).await;
    for found in [10, 100] {
        let name = case_name(format!("search {found}"));
        asked.case(&mut cases, name, |name| searches::search(name, found, 40)).await;
        let name = case_name(format!("search {found} whole"));
        asked.case(&mut cases, name, |name| searches::search_whole(name, found, 400 / found as u32)).await;
    }
    let mut changes = Vec::new();
    for (records, operations) in [(1, 200), (100, 20), (1000, 2)] {
        let name = case_name(format!("event of {records}"));
        asked.case(&mut changes, name, |name| streams::event(name, records, operations)).await;
        let name = case_name(format!("records {records}"));
        asked.case(&mut changes, name, |name| streams::records(name, records, operations)).await;
    }
    let mut watched = Vec::new();
    asked.case(&mut watched, "watched get", watched::get).await;
    asked.case(&mut watched, "watched query 100", watched::page).await;
    asked.case(&mut watched, "watched put", watched::put).await;
    asked.case(&mut settings, "settings get", settings::get).await;
    asked.case(&mut settings, "settings query 100", settings::page).await;
    if asked.is_all() {
        println!("{}\n{}\n{}", tables::times(&cases), tables::ratios(&cases), tables::allocations(&cases));
        println!("{}\n{}", settings::table(&settings), watched::table(&watched));
        plot::write(&Path::new(env!("CARGO_MANIFEST_DIR")).join("results.svg"), &cases)?;
    }
    Ok(())
}
