//! Limits for the number of emitted lines. They may only fall.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use dyntastic_codegen::{Form, Options, Sources, generate};
use std::fmt::Write;

/// The lines of the model `Model` with these fields.
fn lines(fields: &str) -> usize {
    let schema = format!("dyntastic: 1\nmodels:\n  Model:\n    table: models\n    hash_key: id\n    fields:\n{fields}");
    let mut sources = Sources::new();
    sources.add("models.yaml", schema);
    let files = generate(&sources, &Options::new(Form::Module)).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    files.get("model.rs").unwrap().lines().count()
}

fn required(number: usize) -> String {
    (0..number).fold("      id: string\n".to_owned(), |mut fields, number| {
        writeln!(fields, "      a_field_{number}: string").unwrap();
        fields
    })
}

/// The model of `benchmarks/schema`.
const OF_THE_BENCHMARK: &str = "      id: string\n      name: string\n      description: string?\n      count: u32\n      \
    total: i64\n      price: f64\n      active: bool\n      tags: set<string>\n      photos: list<string>\n      \
    stock: map<string, u32>\n      note: string?\n      rank: u8?\n";

#[test]
fn a_model_is_short() {
    assert!(lines(OF_THE_BENCHMARK) <= 260, "{}", lines(OF_THE_BENCHMARK));
}

#[test]
fn every_further_field_costs_the_same() {
    let [few, more, many] = [6, 48, 96].map(|number| lines(&required(number)));
    assert!((more - few) <= 42 * 17, "{few} {more}");
    assert!((many - more) <= 48 * 17, "{more} {many}");
    assert!(lines(&required(47)) < 1000);
}
