//! Shortens absolute paths to names with `use` lines.
//!
//! Templates name every item outside the schema by its absolute path (`::dyntastic::ops::Query`), which is right at
//! every place. In code with a module of its own, the paths become short names with `use` lines. A path stays if its
//! short name conflicts with another name of the module. A file that is included into a module of the app keeps all
//! paths.

use super::scanner::{Scanner, Token};
use crate::model::DERIVES;
use fnv::{FnvBuildHasher, FnvHashMap, FnvHashSet};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// The names that every module has without a `use`.
const PRELUDE: &[&str] = &[
    "std::boxed::Box",
    "std::clone::Clone",
    "std::convert::AsRef",
    "std::convert::From",
    "std::convert::Into",
    "std::default::Default",
    "std::iter::IntoIterator",
    "std::option::Option",
    "std::result::Result",
    "std::string::String",
    "std::vec::Vec",
];

/// Functions that are called without their module.
const FUNCTIONS: &[&str] = &["dyntastic::builder::required"];

/// Modules whose items keep the module's name: `ops::Query`.
const MODULES: &[&str] = &["dyntastic::ops", "std::fmt"];

/// The paths and the other names in emitted code.
pub(super) struct Scanned<'c> {
    code: &'c str,
    /// Each absolute path once.
    paths: Vec<Path<'c>>,
    places: Vec<Place>,
    /// The other identifiers, which are not part of a path.
    names: FnvHashSet<&'c str>,
}

struct Path<'c> {
    /// Without its leading colons.
    text: &'c str,
    is_macro: bool,
}

/// The place of an absolute path, and its number among the paths.
struct Place {
    start: usize,
    path: usize,
}

/// The short forms of paths, and the `use` lines that they need.
#[derive(Default)]
pub(super) struct ShortNames<'c> {
    /// The short name of each path; `None` if the path stays.
    short: Vec<Option<&'c str>>,
    uses: BTreeSet<&'c str>,
    absolute: bool,
}

impl<'c> Scanned<'c> {
    /// Scans code that parses.
    pub(super) fn new(code: &'c str) -> Self {
        let names = FnvHashSet::with_capacity_and_hasher(512, FnvBuildHasher::default());
        let mut scanned = Self { code, paths: Vec::new(), places: Vec::new(), names };
        let mut known: FnvHashMap<&str, usize> = FnvHashMap::default();
        for token in Scanner::new(code) {
            match token {
                Token::Name(name) => _ = scanned.names.insert(name),
                Token::Path { start, text, is_macro } => {
                    let path = *known.entry(text).or_insert(scanned.paths.len());
                    if path == scanned.paths.len() {
                        scanned.paths.push(Path { text, is_macro });
                    }
                    scanned.places.push(Place { start, path });
                }
            }
        }
        scanned
    }
}

impl<'c> ShortNames<'c> {
    /// The short names for code with a module of its own.
    pub(super) fn of(code: &Scanned<'c>) -> Self {
        let absolute = code.names.contains("dyntastic") || code.names.contains("std");
        let mut names = Self { absolute, ..Self::default() };
        let mut named: FnvHashMap<&str, &str> = FnvHashMap::default();
        for Path { text, is_macro } in &code.paths {
            let short = match used(text).filter(|_| !is_macro) {
                Some((used, name))
                    if !code.names.contains(name)
                        && (used.starts_with("std::") || !DERIVES.contains(&name))
                        && *named.entry(name).or_insert(used) == used =>
                {
                    if !PRELUDE.contains(&used) {
                        names.uses.insert(used);
                    }
                    text.get(used.len() - name.len()..)
                }
                _ => None,
            };
            names.short.push(short);
        }
        names
    }

    /// The code with the short names.
    pub(super) fn apply(&self, scanned: &Scanned<'_>) -> String {
        let mut code = String::with_capacity(scanned.code.len());
        let mut done = 0;
        for Place { start, path } in &scanned.places {
            let Some(Path { text, is_macro }) = scanned.paths.get(*path) else { continue };
            code.push_str(scanned.code.get(done..*start).unwrap_or_default());
            match self.short.get(*path).copied().flatten() {
                Some(short) => code.push_str(short),
                None if *is_macro && !self.absolute => code.push_str(text),
                None => {
                    code.push_str("::");
                    code.push_str(text);
                }
            }
            done = start + 2 + text.len();
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

/// The part of a path that a `use` imports, and its short name.
fn used(path: &str) -> Option<(&str, &str)> {
    if let Some(module) = MODULES.iter().find(|module| path.starts_with(**module)) {
        return Some((path.get(..module.len())?, path.get(module.rfind(':')? + 1..module.len())?));
    }
    if FUNCTIONS.contains(&path) {
        return Some((path, path.get(path.rfind(':')? + 1..)?));
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
    fn a_taken_name_stays_a_path() {
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
    fn the_names_of_derives_are_not_taken() {
        let (uses, code) = shortened(
            "#[derive(Debug, Default, ::dyntastic::serde::Serialize)] struct A; impl ::std::default::Default for A {} \
             #[derive(Clone)] struct Clone; impl ::std::clone::Clone for A {}",
        );
        assert_eq!(
            code,
            "#[derive(Debug, Default, Serialize)] struct A; impl Default for A {} #[derive(Clone)] struct Clone; \
             impl ::std::clone::Clone for A {}"
        );
        assert_eq!(uses, "use dyntastic::serde::Serialize;\n");
    }

    #[test]
    fn derives_of_one_name_stay_apart() {
        let (uses, code) = shortened(
            "#[derive(Debug, ::derive_more::Display, ::strum::Display, ::educe::Hash)] struct A; #[derive(Hash)] struct B;",
        );
        assert_eq!(
            code,
            "#[derive(Debug, Display, ::strum::Display, ::educe::Hash)] struct A; #[derive(Hash)] struct B;"
        );
        assert_eq!(uses, "use derive_more::Display;\n");
    }

    #[test]
    fn texts_and_characters_are_left_alone() {
        let code = "#[a(\"::std::x::Y \\\" ::dyntastic::Z\", r#\"::std::q::R \" \"#, '\"', '\\'')] /// ::std::d::E\nfn f<'a>() {}";
        assert_eq!(shortened(code), (String::new(), code.to_owned()));
    }
}
