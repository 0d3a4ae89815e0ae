//! The paths in code: in its `use` items, its bodies and signatures, and the arguments of its macros.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::BTreeSet;

/// A path, by its names.
pub(crate) type Names = Vec<String>;

/// The paths of code, without code that only tests compile. Single names and paths from outside the crate
/// (`::std::fmt`) are left out.
pub(crate) fn paths(code: TokenStream) -> BTreeSet<Names> {
    let mut found = BTreeSet::new();
    scan(code, &[], &mut found);
    found
}

/// Whether an attribute is `cfg(test)`, or `cfg(all(test, …))`.
pub(crate) fn is_cfg_test(attribute: &TokenStream) -> bool {
    let text = attribute.to_string().replace(' ', "");
    text == "cfg(test)" || text.starts_with("cfg(all(test,")
}

/// Finds the paths of code. In the braces of a `use`, `outer` is the path before them.
fn scan(code: TokenStream, outer: &[String], found: &mut BTreeSet<Names>) {
    let tokens: Vec<TokenTree> = code.into_iter().collect();
    let mut at = 0;
    let mut is_for_tests = false;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match token {
            TokenTree::Group(of) if is_for_tests => is_for_tests = of.delimiter() != Delimiter::Brace,
            TokenTree::Group(of) => scan(of.stream(), &[], found),
            TokenTree::Punct(of) if of.as_char() == ';' => is_for_tests = false,
            TokenTree::Punct(of) if of.as_char() == '#' => {
                if let Some(TokenTree::Group(attribute)) = tokens.get(at) {
                    is_for_tests |= is_cfg_test(&attribute.stream());
                }
            }
            // The rest belongs to a path from outside, or to a type in `<…>`.
            TokenTree::Punct(_) if are_colons(&tokens, at - 1) => at = path(&tokens, at + 1).1,
            TokenTree::Ident(word) if word == "pub" => at += usize::from(is_visibility(tokens.get(at))),
            TokenTree::Ident(word) if word == "as" && !outer.is_empty() => at += 1,
            TokenTree::Ident(_) => {
                let (names, end) = path(&tokens, at - 1);
                let names = [outer, &names].concat();
                let after = if are_colons(&tokens, end) { tokens.get(end + 2) } else { None };
                at = end;
                match after {
                    _ if is_for_tests => {}
                    Some(TokenTree::Group(of)) if of.delimiter() == Delimiter::Brace => {
                        scan(of.stream(), &names, found);
                        at = end + 3;
                    }
                    Some(TokenTree::Punct(of)) if of.as_char() == '*' => _ = found.insert(names),
                    _ if names.len() > 1 => _ = found.insert(names),
                    _ => {}
                }
            }
            _ => {}
        }
    }
}

/// The names from a token on, with `::` between them, and the place of their end.
fn path(tokens: &[TokenTree], start: usize) -> (Names, usize) {
    let mut names = Vec::new();
    let mut at = start;
    while let Some(TokenTree::Ident(name)) = tokens.get(at) {
        names.push(name.to_string());
        if !(are_colons(tokens, at + 1) && matches!(tokens.get(at + 3), Some(TokenTree::Ident(_)))) {
            return (names, at + 1);
        }
        at += 3;
    }
    (names, at)
}

fn are_colons(tokens: &[TokenTree], at: usize) -> bool {
    let is_colon = |at| matches!(tokens.get(at), Some(TokenTree::Punct(of)) if of.as_char() == ':');
    is_colon(at) && is_colon(at + 1)
}

/// Whether this is the part after `pub`: `(crate)`, `(super)`, `(in …)`.
fn is_visibility(token: Option<&TokenTree>) -> bool {
    let Some(TokenTree::Group(of)) = token else { return false };
    let words: Vec<String> = of.stream().into_iter().map(|token| token.to_string()).collect();
    match words.as_slice() {
        [word] => ["crate", "self", "super"].contains(&word.as_str()),
        [first, ..] => first == "in",
        [] => false,
    }
}
