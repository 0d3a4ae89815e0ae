//! Characters that YAML refuses and editors hardly show: the diagnostics name the right character and fix.

use dyntastic_codegen::{Form, Options, Sources, generate};

#[test]
fn odd_characters_are_named() {
    for (doc, said) in [
        ("a\0b", ["the control character U+0000", "remove this character"]),
        ("\u{feff}a", ["a byte order mark (U+FEFF)", "remove this character"]),
        ("\"a\rb\"", ["a carriage return alone", "remove it, or write `\\r`"]),
        ("'a\rb'", ["a carriage return alone", "remove it, or write `\\r`"]),
        (
            "\"\\ud83d\\ude00\"",
            ["two halves of one character", "write the character itself, `\u{1f600}`, or `\\U0001F600`"],
        ),
        ("\"a\\qb\"", ["in double quotes, `\\` begins an escape", "single quotes keep the text unchanged: `'a\\qb'`"]),
    ] {
        let mut sources = Sources::new();
        let schema = format!(
            "dyntastic: 1\nmodels:\n  User:\n    doc: {doc}\n    table: users\n    hash_key: id\n    fields: {{ id: string }}\n"
        );
        sources.add("models.yaml", schema);
        let report = generate(&sources, &Options::new(Form::File)).map(|_| ()).unwrap_err().to_string();
        for said in said {
            assert!(report.contains(said), "{doc:?} is reported as:\n{report}");
        }
    }
}
