//! The time for a schema with many mistakes grows in proportion to their number. The schemas have thousands of
//! mistakes, and the generator is not optimised, as in build.rs. The bound is generous: when each mistake was compared
//! with each name, the schemas took from 7 seconds to minutes. The time is that of the processor where the system tells
//! it for a thread, so that other work on the machine does not count.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use dyntastic_codegen::{Form, Options, Sources, generate};
use std::fmt::Write;
use std::time::{Duration, Instant};

const MANY: usize = 2_000;
const BOUND: Duration = Duration::from_secs(10);

fn lines(line: impl Fn(usize) -> String) -> String {
    (0..MANY).fold(String::new(), |mut lines, number| {
        writeln!(lines, "{}", line(number)).expect("a text takes what is written");
        lines
    })
}

fn model(fields: &str) -> String {
    format!("models:\n  M:\n    table: users\n    hash_key: id\n    fields:\n      id: string\n{fields}")
}

/// The processor's time that this thread has taken, as Linux tells it.
fn processor() -> Option<Duration> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

/// The number of mistakes, which must be reported in time.
fn reported(schema: &str) -> usize {
    let (begun, processor_begun) = (Instant::now(), processor());
    let mut sources = Sources::new();
    sources.add("models.yaml", format!("dyntastic: 1\n{schema}"));
    let mistakes =
        generate(&sources, &Options::new(Form::File)).map_err(|mistakes| (mistakes.len(), mistakes.render(false)));
    let (count, _) = mistakes.expect_err("the schema has mistakes");
    let taken = processor().zip(processor_begun).map(|(now, begun)| now - begun);
    let taken = taken.unwrap_or_else(|| begun.elapsed());
    assert!(taken < BOUND, "{count} mistakes took {taken:?}");
    count
}

#[test]
fn unknown_types_beside_as_many_enums() {
    let enums = lines(|number| format!("  Enum{number:04}: [a, b]"));
    let fields = lines(|number| format!("      f{number}: Enom{number:04}"));
    assert_eq!(reported(&format!("enums:\n{enums}{}", model(&fields))), MANY);
}

#[test]
fn unknown_types_with_long_names() {
    let long = "x".repeat(100);
    let enums = lines(|number| format!("  E{long}{number:04}: [a, b]"));
    let fields = lines(|number| format!("      f{number}: Q{long}{number:04}"));
    assert_eq!(reported(&format!("enums:\n{enums}{}", model(&fields))), MANY);
}

#[test]
fn unknown_variants_beside_as_many() {
    let variants = (0..MANY).map(|number| format!("variant_{number:04}")).collect::<Vec<_>>().join(", ");
    let fields = lines(|number| format!("      f{number}: {{ type: E, default: varyant_{number:04} }}"));
    assert_eq!(reported(&format!("enums:\n  E: [{variants}]\n{}", model(&fields))), MANY);
}

#[test]
fn unknown_keys_of_as_many_indexes() {
    let fields = lines(|number| format!("      field{number:04}: string"));
    let indexes = lines(|number| format!("      index{number:04}: {{ hash_key: feild{number:04} }}"));
    // One more diagnostic reports that there are too many.
    assert_eq!(reported(&format!("{}    indexes:\n{indexes}", model(&fields))), MANY + 1);
}

#[test]
fn unknown_tables_beside_as_many() {
    let tables = lines(|number| format!("  table{number:04}: {{ hash_key: {{ pk: string }} }}"));
    let models = lines(|number| {
        format!("  M{number:04}: {{ table: tabel{number:04}, key: {{ pk: 'A#{{id}}' }}, fields: {{ id: string }} }}")
    });
    assert_eq!(reported(&format!("tables:\n{tables}models:\n{models}")), MANY);
}

#[test]
fn a_set_of_many_values_of_which_one_is_there_twice() {
    let values = (0..20 * MANY).map(|number| number.to_string()).collect::<Vec<_>>().join(", ");
    let field = format!("      s: {{ type: set<u32>, default: [{values}, {}] }}\n", 20 * MANY - 1);
    assert_eq!(reported(&model(&field)), 1);
}

#[test]
fn names_of_a_million_letters() {
    let long = "x".repeat(1_000_000);
    let fields = format!("      a: {long}\n      b: list<{long}>\n");
    assert_eq!(reported(&model(&fields)), 2);
}

#[test]
fn mistakes_of_a_mixin_that_many_models_take() {
    let fields = lines(|number| format!("      f{number}: nothing_{number}"));
    let models = (0..20).fold(String::new(), |mut models, number| {
        let model = "table: users, hash_key: id, mixins: Wrong, fields: { id: string } }";
        writeln!(models, "  M{number}: {{ {model}").expect("a text takes what is written");
        models
    });
    assert_eq!(reported(&format!("mixins:\n  Wrong:\n    fields:\n{fields}models:\n{models}")), MANY);
}
