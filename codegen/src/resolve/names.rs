//! Converts names of a schema to Rust identifiers, checks them against the keywords, and keeps them unique.

use crate::diagnostic::{Code, Diagnostic};
use crate::schema::Spanned;
use crate::sources::Span;
use crate::text::show;
use heck::{ToSnakeCase, ToUpperCamelCase};
use std::collections::HashMap;

/// The maximum length of a name: some systems refuse longer file names.
const LONGEST: usize = 120;

/// A type's name in upper camel case.
pub(crate) fn type_name(written: &Spanned<String>, what: &str) -> Result<String, Diagnostic> {
    let name = identifier(written, what, str::to_upper_camel_case)?;
    if name == "Self" {
        let diagnostic = refuse(written, what, "`Self` has a meaning of its own in Rust");
        return Err(match what {
            "variant" => diagnostic.help(format!(
                "give it another name: `{{ name: itself, value: {} }}` is stored as this",
                show(&written.value)
            )),
            _ => diagnostic.help("give it another name, such as `Itself`"),
        });
    }
    Ok(name)
}

/// A field's name in snake case. It may be a keyword: the views make an identifier of it.
pub(crate) fn field_name(written: &Spanned<String>) -> Result<String, Diagnostic> {
    identifier(written, "field", snake_case).map_err(|diagnostic| {
        diagnostic.help("give the field a Rust name, and write `attribute:` for the name in DynamoDB")
    })
}

/// The name of a method or a parameter, in snake case.
pub(crate) fn member_name(written: &Spanned<String>, what: &str) -> Result<String, Diagnostic> {
    identifier(written, what, snake_case)
}

fn identifier(written: &Spanned<String>, what: &str, convert: fn(&str) -> String) -> Result<String, Diagnostic> {
    let text = &written.value;
    if let Some(odd) = text.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))) {
        let odd = show(&odd.to_string());
        return Err(bad_name(written, what, &format!("`{odd}` is not allowed in a Rust name")));
    }
    if text.len() > LONGEST {
        return Err(bad_name(written, what, &format!("a name has at most {LONGEST} characters")));
    }
    let name = convert(text);
    match name.chars().next() {
        None => Err(bad_name(written, what, "a name has at least one letter")),
        Some(first) if first.is_ascii_digit() => {
            Err(bad_name(written, what, "a Rust name does not begin with a digit"))
        }
        Some(_) => Ok(name),
    }
}

/// A name in snake case. Most names already are.
fn snake_case(text: &str) -> String {
    let is_snake = text
        .split('_')
        .all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()));
    if is_snake { text.to_owned() } else { text.to_snake_case() }
}

fn refuse(written: &Spanned<String>, what: &str, why: &str) -> Diagnostic {
    let article = if matches!(what, "enum" | "index" | "input") { "an" } else { "a" };
    let message = format!("`{}` cannot be the name of {article} {what}", show(&written.value));
    Diagnostic::new(Code::BadName, message).at(written.span, why)
}

fn bad_name(written: &Spanned<String>, what: &str, why: &str) -> Diagnostic {
    let diagnostic = refuse(written, what, why);
    // A field's help also names `attribute:`.
    if what == "field" {
        diagnostic
    } else {
        diagnostic.help("such as `UserProfile`, or `user_profile`: letters, digits and `_`")
    }
}

/// The types that are emitted for a struct, each with its description.
pub(crate) fn of_struct(name: &str, of: &str) -> [(String, String); 5] {
    [
        (name.to_owned(), of.to_owned()),
        (format!("{name}Attributes"), format!("the attributes `{name}Attributes` of {of}")),
        (format!("{name}Builder"), format!("the builder `{name}Builder` of {of}")),
        (format!("{name}Values"), format!("the values `{name}Values` of {of}")),
        (format!("{name}Fields"), format!("the required fields `{name}Fields` of {of}")),
    ]
}

/// The identifiers of one Rust namespace, each with its origin.
#[derive(Debug, Default)]
pub(crate) struct Namespace {
    taken: HashMap<String, (String, Span)>,
}

impl Namespace {
    /// Whether an identifier is taken.
    pub(crate) fn has(&self, identifier: &str) -> bool {
        self.taken.contains_key(identifier)
    }

    /// Takes an identifier; a taken one is a mistake. `origin` describes its use, such as "model `User`" or "the
    /// builder of model `User`".
    pub(crate) fn take(&mut self, identifier: &str, origin: String, span: Span) -> Result<(), Diagnostic> {
        if let Some((first, first_span)) = self.taken.get(identifier) {
            let message = format!("two things would be called `{identifier}` in Rust");
            return Err(Diagnostic::new(Code::NameCollision, message)
                .at(span, origin)
                .related(*first_span, first.clone())
                .help("rename one of them"));
        }
        self.taken.insert(identifier.to_owned(), (origin, span));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> Spanned<String> {
        Spanned { value: text.to_owned(), span: Span { file: 0, start: 0, end: 0 } }
    }

    #[test]
    fn names_are_converted() {
        assert_eq!(type_name(&written("user_profile"), "model").unwrap(), "UserProfile");
        assert_eq!(field_name(&written("userId")).unwrap(), "user_id");
        assert_eq!(field_name(&written("_id")).unwrap(), "id");
        assert_eq!(field_name(&written("type")).unwrap(), "type");
    }

    #[test]
    fn names_in_snake_case_stay() {
        for text in ["user", "user_id", "a1b", "v2_x", "2fa", "x_2"] {
            assert_eq!(snake_case(text), text.to_snake_case());
            assert_eq!(snake_case(text), text);
        }
    }

    #[test]
    fn text_that_is_not_a_name_is_refused() {
        for text in ["", "_", "9lives", "a b", "a\"", "{", "*/", "\n", "naïve", "a.b", &"x".repeat(200)] {
            assert!(field_name(&written(text)).is_err(), "{text:?}");
            assert!(type_name(&written(text), "model").is_err(), "{text:?}");
        }
        assert!(type_name(&written("self"), "model").is_err());
    }
}
