//! What editors ask of a schema: no text and no place makes an answer fail, and every answer is a place in the text.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use crate::rounds;
use dyntastic_codegen::{
    Analysis, Code, Diagnostic, Edit, Level, Place, Severity, Sources, analyse, changes, complete, diagnose, lint,
    rename,
};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

/// The schemas of the golden cases.
static SCHEMAS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let cases = fs::read_dir("../tests/cases").unwrap().map(|case| case.unwrap().path().join("models.yaml"));
    let texts = cases.filter_map(|file| fs::read_to_string(file).ok());
    texts.filter(|text| (1..4_000).contains(&text.len())).collect()
});

fn analysed(text: &str) -> Analysis {
    let read = |_: &Path| Ok(vec![("models.yaml".to_owned(), text.as_bytes().to_vec())]);
    let mut analysis = analyse(Path::new("models.yaml"), read);
    diagnose(&mut analysis);
    analysis
}

/// Asks everything about a place.
fn ask(analysis: &Analysis, offset: usize) {
    let text = analysis.text(0);
    let is_place = |place: Place| assert!(text.get(place.start..place.end).is_some(), "{place:?}\n{text}");
    let hover = analysis.hover(0, offset);
    hover.into_iter().for_each(|hover| is_place(hover.place));
    analysis.definition(0, offset).into_iter().for_each(is_place);
    let uses = analysis.references(0, offset);
    uses.iter().copied().for_each(is_place);
    if let Ok(edits) = rename(analysis, 0, offset, "renamed") {
        assert!(edits.len() >= uses.len());
        edits.iter().for_each(|edit| is_place(edit.place));
    }
    complete(analysis, text, offset);
}

proptest! {
    #![proptest_config(rounds::config(100))]

    #[test]
    fn every_place_of_any_text_has_an_answer(
        place in any::<prop::sample::Index>(),
        cut in any::<prop::sample::Index>(),
        pasted in prop::sample::select(vec!["", "{", "[", "\"", "'", ":", "- ", "\n", "  ", "#", "|\n", "ä😀", "? ", "&a", "}"]),
        removed in 0_usize..4,
        offsets in prop::collection::vec(any::<prop::sample::Index>(), 20),
    ) {
        let schema = place.get(&SCHEMAS);
        let cut = schema.char_indices().map(|(at, _)| at).nth(cut.index(schema.chars().count())).unwrap();
        let (before, after) = schema.split_at(cut);
        let text = format!("{before}{pasted}{}", after.chars().skip(removed).collect::<String>());
        let analysis = analysed(&text);
        for finding in analysis.findings() {
            let fixes = finding.fixes.iter().map(|fix| fix.edit.place);
            for place in fixes.chain([finding.place]) {
                prop_assert!(analysis.text(0).get(place.start..place.end).is_some());
            }
        }
        analysis.outline(0);
        for offset in offsets {
            ask(&analysis, offset.index(text.len() + 1));
        }
    }
}

proptest! {
    #![proptest_config(rounds::config(400))]

    /// No new name makes a mistake or changes what is stored, and a schema with mistakes gets no others.
    #[test]
    fn any_new_name_is_sound_or_refused(
        schema in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        word in any::<prop::sample::Index>(),
    ) {
        let schema = schema.get(&SCHEMAS);
        let analysis = analysed(schema);
        let places = names(&analysis);
        prop_assume!(!places.is_empty());
        let long = "n".repeat(500);
        let words = places.iter().map(|place| schema.get(place.start..place.end).unwrap());
        let words: Vec<&str> = words.chain(["self", "Self", "null", "True", "string", "new", "_", "ä", &long]).collect();
        let mistakes = |of: &Analysis| of.findings().filter(|of| of.severity == Severity::Error).count();
        if let Ok(edits) = rename(&analysis, 0, place.get(&places).start, words[word.index(words.len())]) {
            match mistakes(&analysis) {
                0 => assert_sound(schema, &edits),
                before => prop_assert!(mistakes(&analysed(&edited(schema, &edits))) <= before),
            }
        }
    }
}

#[test]
fn a_schema_with_a_new_name_is_sound() {
    let schema = fs::read_to_string("../models.example.yaml").unwrap();
    let analysis = analysed(&schema);
    assert_eq!(analysis.findings().count(), 0);
    let mut renamed = 0;
    for place in names(&analysis) {
        match rename(&analysis, 0, place.start, "renamed_name") {
            Ok(edits) => {
                assert_sound(&schema, &edits);
                renamed += 1;
            }
            // The models of a collection have fields of one name in their hash keys.
            Err(reason) => assert!(reason.contains(Code::BadCollection.as_str()), "{reason}"),
        }
    }
    assert!(renamed > 60, "{renamed}");
}

/// Asserts that an edited schema has no mistakes and stores the same.
fn assert_sound(schema: &str, edits: &[Edit]) {
    let text = edited(schema, edits);
    let sources = |text: &str| {
        let mut sources = Sources::new();
        sources.add("models.yaml", text);
        sources
    };
    let changes = changes(&sources(schema), &sources(&text)).unwrap_or_else(|mistakes| panic!("{mistakes}\n{text}"));
    for change in changes.iter() {
        assert!(change.level() <= Level::Api, "{}\n{schema}\n{text}", change.message());
    }
}

fn edited(schema: &str, edits: &[Edit]) -> String {
    let mut text = schema.to_owned();
    for edit in edits.iter().rev() {
        text.replace_range(edit.place.start..edit.place.end, &edit.text);
    }
    text
}

/// The first place of each name that can be changed.
fn names(analysis: &Analysis) -> Vec<Place> {
    let offsets = analysis.text(0).char_indices().map(|(offset, _)| offset);
    let places = offsets.filter_map(|offset| analysis.can_rename(0, offset).filter(|place| place.start == offset));
    places.filter(|place| analysis.definition(0, place.start) == Some(*place)).collect()
}

/// The fields of a context are those of its models too.
#[test]
fn editors_know_contexts_and_their_fields() {
    let schema = "dyntastic: 1\ncontexts:\n  Tenant: { doc: A company., fields: { tenant_id: { type: string, doc: Its id. } } }\n\
        models:\n  User:\n    table: users\n    context: Tenant\n    hash_key: tenant_id\n    range_key: id\n    fields: { id: string }\n";
    let analysis = analysed(schema);
    assert_eq!(analysis.findings().map(|of| of.message.clone()).collect::<Vec<_>>(), [""; 0]);
    let at = |text: &str| schema.find(text).unwrap() + text.len() - 1;
    let (of_context, of_key) = (at("context: Tenant"), at("hash_key: tenant_id"));
    for (used, defined) in [(of_context, "  Tenant"), (of_key, "{ tenant_id")] {
        let definition = analysis.definition(0, used).unwrap();
        assert_eq!(definition.end, at(defined) + 1);
        assert_eq!(analysis.references(0, used).len(), 2);
    }
    let hover = |offset| analysis.hover(0, offset).unwrap().markdown;
    assert!(hover(of_context).contains("A company."), "{}", hover(of_context));
    assert!(hover(of_key).contains("Its id."), "{}", hover(of_key));
    assert!(hover(at("  User")).contains("the context `Tenant`"), "{}", hover(at("  User")));
    let words = |offset| complete(&analysis, schema, offset).into_iter().map(|of| of.word).collect::<Vec<_>>();
    assert_eq!(words(of_context), ["Tenant"]);
    assert_eq!(words(of_key), ["id", "tenant_id"]);
    let edits = rename(&analysis, 0, of_context, "Company").unwrap();
    assert!(edited(schema, &edits).contains("context: Company"), "{edits:?}");
    let edits = rename(&analysis, 0, of_key, "company_id").unwrap();
    let text = edited(schema, &edits);
    assert!(
        text.contains("company_id: { attribute: tenant_id, type: string") && text.contains("hash_key: company_id"),
        "{text}"
    );
    assert_sound(schema, &edits);
    let outline = analysis.outline(0);
    assert_eq!(outline[0].name, "contexts");
    assert_eq!(outline[0].children[0].children[0].name, "tenant_id");
}

#[test]
fn editors_see_every_lint() {
    let mut seen = BTreeSet::new();
    for case in fs::read_dir("../tests/lints").unwrap() {
        let schema = fs::read_to_string(case.unwrap().path().join("models.yaml")).unwrap();
        let mut sources = Sources::new();
        sources.add("models.yaml", &schema);
        let lints = lint(&sources).unwrap();
        let analysis = analysed(&schema);
        let shown: Vec<Code> = analysis.findings().map(|finding| finding.code).filter(|code| code.is_lint()).collect();
        assert_eq!(shown, lints.iter().map(Diagnostic::code).collect::<Vec<_>>());
        seen.extend(shown);
    }
    assert_eq!(seen.len(), Code::ALL.iter().filter(|code| code.is_lint()).count());
}
