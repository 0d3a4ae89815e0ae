//! What editors ask of a schema: no text and no place makes an answer fail, and every answer is a place in the text.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod rounds;

use dyntastic_codegen::{Analysis, Code, Place, analyse, complete, diagnose};
use proptest::prelude::*;
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
    if let Ok(edits) = analysis.rename(0, offset, "renamed") {
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

/// A new name leaves no use of the old one.
#[test]
fn a_schema_with_a_new_name_is_sound() {
    let schema = fs::read_to_string("../models.example.yaml").unwrap();
    let analysis = analysed(&schema);
    assert_eq!(analysis.findings().count(), 0);
    let mut renamed = 0;
    for (offset, _) in schema.match_indices("  ") {
        let offset = offset + 2;
        let Some(place) = analysis.can_rename(0, offset).filter(|place| place.start == offset) else { continue };
        let mut text = schema.clone();
        let mut edits = analysis.rename(0, offset, "renamed_name").unwrap();
        edits.reverse();
        for edit in edits {
            text.replace_range(edit.place.start..edit.place.end, &edit.text);
        }
        let name = schema.get(place.start..place.end).unwrap();
        // The models of a collection have fields of one name in their hash keys, and lints know a status by its name.
        let renamed_text = analysed(&text);
        let mistakes = renamed_text.findings().filter(|of| !of.code.is_lint() && of.code != Code::BadCollection);
        let mistakes: Vec<_> = mistakes.map(|finding| finding.message).collect();
        assert!(mistakes.is_empty(), "{name}: {mistakes:?}\n{text}");
        renamed += 1;
    }
    assert!(renamed > 60, "{renamed}");
}
