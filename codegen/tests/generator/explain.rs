//! The explanations of the codes: each wrong example has exactly that mistake, and each right one has none.

use dyntastic_codegen::{Code, Diagnostics, Form, Options, Sources, generate, lint};

fn mistakes(schema: &str) -> Option<Diagnostics> {
    let mut sources = Sources::new();
    sources.add("models.yaml", schema);
    generate(&sources, &Options::new(Form::File).deny_warnings()).err()
}

/// The mistakes, and otherwise the lints.
fn lints(schema: &str) -> Option<Diagnostics> {
    let mut sources = Sources::new();
    sources.add("models.yaml", schema);
    let found = lint(&sources).unwrap_or_else(|mistakes| mistakes);
    mistakes(schema).or(Some(found).filter(|found| !found.is_empty()))
}

fn example<'e>(explanation: &'e str, heading: &str) -> Option<&'e str> {
    let (_, rest) = explanation.split_once(heading)?;
    Some(rest.split_once("```yaml\n")?.1.split_once("```")?.0)
}

#[test]
fn every_code_is_explained() {
    for code in Code::ALL {
        let explanation = code.explanation();
        assert!(!code.title().is_empty() && explanation.len() > 80, "{code}: {explanation}");
        assert_eq!(Code::find(&code.as_str().to_lowercase()), Some(*code));
        // A schema in UTF-8 cannot show these.
        if matches!(code, Code::NotUtf8 | Code::Unreadable | Code::Internal) {
            continue;
        }
        let mistakes = if code.is_lint() { lints } else { mistakes };
        let kind = if code.is_lint() { "warning[" } else { "error[" };
        let wrong = example(explanation, "Wrong:").unwrap_or_else(|| panic!("{code} shows nothing wrong"));
        let found = mistakes(wrong).unwrap_or_else(|| panic!("{code} is not wrong:\n{wrong}"));
        let text = found.render(false);
        let codes = text.matches(kind).count();
        assert!(codes > 0 && text.matches(&format!("{kind}{code}]")).count() == codes, "{code}: {text}");
        let right = example(explanation, "Right:").unwrap_or_else(|| panic!("{code} shows nothing right"));
        if let Some(found) = mistakes(right) {
            panic!("{code} is not right:\n{}", found.render(false));
        }
    }
    assert_eq!(Code::find("D9999"), None);
}
