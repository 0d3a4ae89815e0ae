//! Compares dyntastic with the SDK alone and with its peers. All do the same work in the same run, and the server's
//! responses cost nothing.

use dyntastic_benchmarks::by_hand::{Flat, Product};
use dyntastic_benchmarks::items::Form;
use dyntastic_benchmarks::run::Asked;
use dyntastic_benchmarks::{plot, reads, settings, tables, writes};
use std::path::Path;

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let asked = Asked::of_command_line();
    let (mut cases, mut settings) = (Vec::new(), Vec::new());
    asked.case(&mut cases, "get", reads::get).await;
    asked.case(&mut cases, "query 100 nested", |name| reads::page::<Product>(name, Form::Regular, 100, 40)).await;
    asked
        .case(&mut cases, "query 100 nested shuffled", |name| reads::page::<Product>(name, Form::Shuffled, 100, 40))
        .await;
    asked.case(&mut cases, "query 100 nested sparse", |name| reads::page::<Product>(name, Form::Sparse, 100, 40)).await;
    asked
        .case(&mut cases, "query 100 nested escaped", |name| reads::page::<Product>(name, Form::Escaped, 100, 40))
        .await;
    asked.case(&mut cases, "query 100 flat", |name| reads::page::<Flat>(name, Form::Regular, 100, 40)).await;
    asked.case(&mut cases, "query 100 flat shuffled", |name| reads::page::<Flat>(name, Form::Shuffled, 100, 40)).await;
    asked.case(&mut cases, "query 100 flat sparse", |name| reads::page::<Flat>(name, Form::Sparse, 100, 40)).await;
    asked.case(&mut cases, "query 100 flat escaped", |name| reads::page::<Flat>(name, Form::Escaped, 100, 40)).await;
    asked.case(&mut cases, "query 3000 nested", |name| reads::page::<Product>(name, Form::Regular, 3000, 2)).await;
    asked
        .case(&mut cases, "query 3000 nested shuffled", |name| reads::page::<Product>(name, Form::Shuffled, 3000, 2))
        .await;
    asked
        .case(&mut cases, "query 3000 nested sparse", |name| reads::page::<Product>(name, Form::Sparse, 3000, 2))
        .await;
    asked
        .case(&mut cases, "query 3000 nested escaped", |name| reads::page::<Product>(name, Form::Escaped, 3000, 2))
        .await;
    asked.case(&mut cases, "query 3000 flat", |name| reads::page::<Flat>(name, Form::Regular, 3000, 2)).await;
    asked.case(&mut cases, "query 3000 flat shuffled", |name| reads::page::<Flat>(name, Form::Shuffled, 3000, 2)).await;
    asked.case(&mut cases, "query 3000 flat sparse", |name| reads::page::<Flat>(name, Form::Sparse, 3000, 2)).await;
    asked.case(&mut cases, "query 3000 flat escaped", |name| reads::page::<Flat>(name, Form::Escaped, 3000, 2)).await;
    asked.case(&mut cases, "put", writes::put).await;
    asked.case(&mut cases, "condition and update", writes::update).await;
    asked.case(&mut cases, "batch_write 25 x 400 B", |name| writes::batch_write(name, 75, 40)).await;
    asked.case(&mut cases, "batch_write 25 x 40 kB", |name| writes::batch_write(name, 40_000, 4)).await;
    asked.case(&mut settings, "settings get", settings::get).await;
    asked.case(&mut settings, "settings query 100", settings::page).await;
    if asked.is_all() {
        println!("{}\n{}\n{}", tables::times(&cases), tables::ratios(&cases), tables::allocations(&cases));
        println!("{}", settings::table(&settings));
        plot::write(&Path::new(env!("CARGO_MANIFEST_DIR")).join("results.svg"), &cases)?;
    }
    Ok(())
}
