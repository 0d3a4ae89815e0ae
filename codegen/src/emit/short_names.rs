//! Absolute paths to the names that people write.
//!
//! Templates name everything outside of the schema by its absolute path (`::dyntastic::ops::Query`), which is right wherever it
//! stands. Where code has a module to itself, the paths become short names with `use` lines here, unless another name of the
//! module is in the way: the path stays then. A file that is included into a module of the app's keeps all.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write;

/// What every module has without a `use`.
const PRELUDE: &[&str] = &[
    "std::boxed::Box",
    "std::clone::Clone",
    "std::convert::From",
    "std::convert::Into",
    "std::default::Default",
    "std::iter::IntoIterator",
    "std::option::Option",
    "std::result::Result",
    "std::string::String",
    "std::vec::Vec",
];

/// Modules that are named before what is in them.
const MODULES: &[&str] = &["dyntastic::ops", "std::fmt"];

/// The paths and the other names in emitted code.
pub(super) struct Scanned<'c> {
    code: &'c str,
    /// Where each absolute path is, without its leading colons.
    paths: Vec<(usize, &'c str, bool)>,
    /// The other identifiers that no path leads to, in their order.
    names: Vec<&'c str>,
}

/// The short forms of paths, and the `use` lines that they need.
#[derive(Default)]
pub(super) struct ShortNames<'c> {
    /// What each path becomes; `None` where it stays.
    short: HashMap<&'c str, Option<&'c str>>,
    uses: BTreeSet<&'c str>,
    absolute: bool,
}

impl<'c> Scanned<'c> {
    /// Reads code that parses.
    pub(super) fn new(code: &'c str) -> Self {
        let mut scanned = Self { code, paths: Vec::new(), names: Vec::new() };
        let mut scanner = Scanner { code, start: 0, at: 0 };
        // What goes on with a path stands right behind it.
        let mut behind = None;
        // The names of associated types and of methods are in nobody's way; the code has no others.
        let mut names_member = false;
        while let Some(token) = scanner.next() {
            let goes_on = behind == Some(scanner.start) || names_member;
            names_member = matches!(token, Token::Word("type" | "fn"));
            match token {
                Token::Colons if !goes_on => {
                    let start = scanner.start;
                    let path = scanner.path();
                    let is_macro = scanner.rest().starts_with('!');
                    if is_macro && path.ends_with("::required_fields") {
                        scanner.skip_line();
                    }
                    scanned.paths.push((start, path, is_macro));
                }
                Token::Word(word) if !goes_on => scanned.names.push(word),
                _ => {}
            }
            behind = (token != Token::Other).then_some(scanner.at);
        }
        scanned.names.sort_unstable();
        scanned.names.dedup();
        scanned
    }

    fn has(&self, name: &str) -> bool {
        self.names.binary_search(&name).is_ok()
    }
}

impl<'c> ShortNames<'c> {
    /// Names for the paths of code that has a module to itself.
    pub(super) fn of(code: &Scanned<'c>) -> Self {
        let absolute = code.has("dyntastic") || code.has("std");
        let mut names = Self { absolute, ..Self::default() };
        let mut named: HashMap<&str, &str> = HashMap::new();
        for &(_, path, is_macro) in &code.paths {
            if is_macro || names.short.contains_key(path) {
                continue;
            }
            let short = match used(path) {
                Some((used, name)) if !code.has(name) && *named.entry(name).or_insert(used) == used => {
                    if !PRELUDE.contains(&used) {
                        names.uses.insert(used);
                    }
                    path.get(used.len() - name.len()..)
                }
                _ => None,
            };
            names.short.insert(path, short);
        }
        names
    }

    /// The code with the short names.
    pub(super) fn apply(&self, scanned: &Scanned<'_>) -> String {
        let mut code = String::with_capacity(scanned.code.len());
        let mut done = 0;
        for &(start, path, is_macro) in &scanned.paths {
            code.push_str(scanned.code.get(done..start).unwrap_or_default());
            match self.short.get(path).copied().flatten() {
                Some(short) => code.push_str(short),
                None if is_macro && !self.absolute => code.push_str(path),
                None => {
                    code.push_str("::");
                    code.push_str(path);
                }
            }
            done = start + 2 + path.len();
        }
        code.push_str(scanned.code.get(done..).unwrap_or_default());
        code
    }

    /// The `use` lines.
    pub(super) fn uses(&self) -> String {
        let mut modules: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for path in &self.uses {
            if let Some((module, name)) = path.rsplit_once("::") {
                modules.entry(module).or_default().push(name);
            }
        }
        let root = if self.absolute { "::" } else { "" };
        let mut lines = String::new();
        for (module, names) in modules {
            let _ = match names.as_slice() {
                [name] => writeln!(lines, "use {root}{module}::{name};"),
                names => writeln!(lines, "use {root}{module}::{{{}}};", names.join(", ")),
            };
        }
        lines
    }
}

/// What of a path a `use` brings, and the name that it has then.
fn used(path: &str) -> Option<(&str, &str)> {
    if let Some(module) = MODULES.iter().find(|module| path.starts_with(**module)) {
        return Some((path.get(..module.len())?, path.get(module.rfind(':')? + 1..module.len())?));
    }
    let mut end = 0;
    let mut parts = path.split("::").peekable();
    while let Some(part) = parts.next() {
        let start = end;
        end += part.len();
        // A type, or the module of a function.
        let is_type = part.starts_with(|first: char| first.is_ascii_uppercase());
        let is_module =
            start > 0 && parts.peek().is_some_and(|next| next.starts_with(|c: char| c.is_ascii_lowercase()));
        let leads_to_function = is_module && path.get(end + 2..).is_some_and(|rest| !rest.contains("::"));
        if is_type || leads_to_function {
            return Some((path.get(..end)?, path.get(start..end)?));
        }
        end += 2;
    }
    None
}

#[derive(Clone, Copy, PartialEq)]
enum Token<'c> {
    Word(&'c str),
    Colons,
    /// A dot, or what closes the arguments of a type: a member or the rest of a path may follow.
    Leading,
    Other,
}

/// Whether a byte is one of a word. Beside texts and comments, code that parses has no others that are not ASCII.
fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

struct Scanner<'c> {
    code: &'c str,
    /// Where the last token begins, and where it ends.
    start: usize,
    at: usize,
}

impl<'c> Scanner<'c> {
    fn rest(&self) -> &'c str {
        self.code.get(self.at..).unwrap_or_default()
    }

    fn skip_line(&mut self) {
        self.at += self.rest().find('\n').unwrap_or(self.rest().len());
    }

    fn word(&mut self) -> &'c str {
        let rest = self.rest();
        let end = rest.bytes().position(|byte| !is_of_word(byte)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    /// The path after its leading colons.
    fn path(&mut self) -> &'c str {
        let start = self.at;
        loop {
            self.word();
            let next = self.rest().strip_prefix("::").and_then(|rest| rest.bytes().next());
            if !next.is_some_and(is_of_word) {
                return self.code.get(start..self.at).unwrap_or_default();
            }
            self.at += 2;
        }
    }

    /// Goes behind the quote that ends a text.
    fn text(&mut self) {
        let mut is_escaped = false;
        for (at, c) in self.rest().char_indices() {
            match c {
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = true,
                '"' => {
                    self.at += at + 1;
                    return;
                }
                _ => {}
            }
        }
        self.at = self.code.len();
    }

    /// Goes behind a raw text, whose `r` was read.
    fn raw_text(&mut self) {
        let hashes = self.rest().len() - self.rest().trim_start_matches('#').len();
        let end = format!("\"{}", "#".repeat(hashes));
        let text = self.rest().get(hashes + 1..).unwrap_or_default();
        self.at += hashes + 1 + text.find(&end).map_or(text.len(), |at| at + end.len());
    }
}

impl<'c> Iterator for Scanner<'c> {
    type Item = Token<'c>;

    fn next(&mut self) -> Option<Token<'c>> {
        loop {
            let rest = self.rest();
            let first = *rest.as_bytes().first()?;
            self.start = self.at;
            if first.is_ascii_whitespace() {
                self.at += rest.bytes().take_while(u8::is_ascii_whitespace).count();
                continue;
            }
            if rest.starts_with("//") {
                self.skip_line();
                continue;
            }
            if is_of_word(first) {
                let word = self.word();
                let is_raw_text = || self.rest().trim_start_matches('#').starts_with('"');
                if matches!(word, "r" | "br" | "cr") && is_raw_text() {
                    self.raw_text();
                    return Some(Token::Other);
                }
                if word == "r" && self.rest().starts_with('#') {
                    self.at += 1;
                    return Some(Token::Word(self.word()));
                }
                return Some(Token::Word(word));
            }
            if rest.starts_with("::") {
                self.at += 2;
                return Some(Token::Colons);
            }
            self.at += 1;
            return Some(match first {
                b'"' => {
                    self.text();
                    Token::Other
                }
                // A character, or a lifetime.
                b'\'' => {
                    let mut next = rest.chars().skip(1);
                    let is_escaped = next.next() == Some('\\');
                    if is_escaped || next.next() == Some('\'') {
                        let text = self.rest().get(usize::from(is_escaped) * 2..).unwrap_or_default();
                        self.at += usize::from(is_escaped) * 2 + text.find('\'').map_or(text.len(), |at| at + 1);
                    } else {
                        self.word();
                    }
                    Token::Other
                }
                b'-' | b'=' if self.rest().starts_with('>') => {
                    self.at += 1;
                    Token::Other
                }
                b'.' | b'>' => Token::Leading,
                _ => Token::Other,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shortened(code: &str) -> (String, String) {
        let scanned = Scanned::new(code);
        let names = ShortNames::of(&scanned);
        (names.uses(), names.apply(&scanned))
    }

    #[test]
    fn paths_become_names() {
        let (uses, code) = shortened(
            "impl ::dyntastic::Item for User { fn f(x: ::std::option::Option<::dyntastic::chrono::DateTime<U>>) -> \
             ::std::result::Result<(), ::std::fmt::Error> { ::dyntastic::factory::now(); Vec::<u8>::new(); \
             ::dyntastic::ops::Get::new(\"::std::a::B\") } }",
        );
        assert_eq!(
            code,
            "impl Item for User { fn f(x: Option<DateTime<U>>) -> Result<(), fmt::Error> { factory::now(); \
             Vec::<u8>::new(); ops::Get::new(\"::std::a::B\") } }"
        );
        assert_eq!(uses, "use dyntastic::{Item, factory, ops};\nuse dyntastic::chrono::DateTime;\nuse std::fmt;\n");
    }

    #[test]
    fn what_is_taken_stays() {
        let (uses, code) = shortened(
            "struct Item; impl ::dyntastic::Item for Item {} enum A { String(::std::string::String) } \
             fn f(x: <A as ::dyntastic::Model>::Key, y: A::B) { ::dyntastic::Key::f() }",
        );
        assert_eq!(
            code,
            "struct Item; impl ::dyntastic::Item for Item {} enum A { String(::std::string::String) } \
             fn f(x: <A as Model>::Key, y: A::B) { Key::f() }"
        );
        assert_eq!(uses, "use dyntastic::{Key, Model};\n");
    }

    #[test]
    fn texts_and_characters_are_left_alone() {
        let code = "#[a(\"::std::x::Y \\\" ::dyntastic::Z\", r#\"::std::q::R \" \"#, '\"', '\\'')] /// ::std::d::E\nfn f<'a>() {}";
        assert_eq!(shortened(code), (String::new(), code.to_owned()));
    }
}
