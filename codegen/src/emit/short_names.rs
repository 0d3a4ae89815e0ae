//! Absolute paths to the names that people write.
//!
//! Templates name everything outside of the schema by its absolute path (`::dyntastic::ops::Query`), which is right wherever it
//! stands. Where code has a module to itself, the paths become short names with `use` lines here, unless another name of the
//! module is in the way: the path stays then. A file that is included into a module of the app's keeps all.

use fnv::{FnvBuildHasher, FnvHashMap, FnvHashSet};
use std::collections::{BTreeMap, BTreeSet};
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
    /// Each absolute path once.
    paths: Vec<Path<'c>>,
    places: Vec<Place>,
    /// The other identifiers that no path leads to.
    names: FnvHashSet<&'c str>,
}

struct Path<'c> {
    /// Without its leading colons.
    text: &'c str,
    is_macro: bool,
}

/// Where an absolute path stands, and its number among the paths.
struct Place {
    start: usize,
    path: usize,
}

/// The short forms of paths, and the `use` lines that they need.
#[derive(Default)]
pub(super) struct ShortNames<'c> {
    /// What each path becomes; `None` where it stays.
    short: Vec<Option<&'c str>>,
    uses: BTreeSet<&'c str>,
    absolute: bool,
}

impl<'c> Scanned<'c> {
    /// Reads code that parses.
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
    /// Names for the paths of code that has a module to itself.
    pub(super) fn of(code: &Scanned<'c>) -> Self {
        let absolute = code.names.contains("dyntastic") || code.names.contains("std");
        let mut names = Self { absolute, ..Self::default() };
        let mut named: FnvHashMap<&str, &str> = FnvHashMap::default();
        for Path { text, is_macro } in &code.paths {
            let short = match used(text).filter(|_| !is_macro) {
                Some((used, name)) if !code.names.contains(name) && *named.entry(name).or_insert(used) == used => {
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

enum Token<'c> {
    /// An identifier that no path leads to, and that is no member.
    Name(&'c str),
    /// A path without its leading colons, which are at `start`.
    Path { start: usize, text: &'c str, is_macro: bool },
}

/// What a byte is outside of texts and comments.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Space,
    /// Code that parses has no words that are not ASCII, but for characters.
    Word,
    Sign,
}

#[expect(clippy::indexing_slicing, reason = "the index is below the length")]
static KINDS: [Kind; 256] = {
    let mut kinds = [Kind::Sign; 256];
    let mut byte = 0;
    while byte < 256 {
        kinds[byte] = match byte as u8 {
            b' ' | b'\t' | b'\n' | b'\r' => Kind::Space,
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | 0x80.. => Kind::Word,
            _ => Kind::Sign,
        };
        byte += 1;
    }
    kinds
};

fn kind(byte: u8) -> Kind {
    KINDS.get(usize::from(byte)).copied().unwrap_or(Kind::Sign)
}

/// Looks through code that parses.
struct Scanner<'c> {
    code: &'c str,
    at: usize,
    /// Where stands what goes on with a path, or is a member: right behind a word, a dot or a `>`.
    behind: Option<usize>,
    /// Whether an associated type or a function is named next: these are in nobody's way, and the code has no others.
    names_member: bool,
}

impl<'c> Scanner<'c> {
    fn new(code: &'c str) -> Self {
        Self { code, at: 0, behind: None, names_member: false }
    }

    fn rest(&self) -> &'c str {
        self.code.get(self.at..).unwrap_or_default()
    }

    fn is_before(&self, text: &[u8]) -> bool {
        self.code.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(text))
    }

    fn skip_line(&mut self) {
        self.at += self.rest().find('\n').unwrap_or(self.rest().len());
    }

    /// Goes behind the bytes of one kind.
    fn skip(&mut self, of: Kind) {
        let (bytes, mut at) = (self.code.as_bytes(), self.at);
        while bytes.get(at).is_some_and(|byte| kind(*byte) == of) {
            at += 1;
        }
        self.at = at;
    }

    fn word(&mut self) -> &'c str {
        let start = self.at;
        self.skip(Kind::Word);
        self.code.get(start..self.at).unwrap_or_default()
    }

    /// The path after its leading colons.
    fn path(&mut self) -> &'c str {
        let start = self.at;
        loop {
            self.skip(Kind::Word);
            match self.rest().as_bytes() {
                [b':', b':', next, ..] if kind(*next) == Kind::Word => self.at += 2,
                _ => return self.code.get(start..self.at).unwrap_or_default(),
            }
        }
    }

    /// Goes behind the quote that ends a text or a character, which has begun before.
    fn quoted(&mut self, quote: u8) {
        while let Some(byte) = self.code.as_bytes().get(self.at) {
            self.at += if *byte == b'\\' { 2 } else { 1 };
            if *byte == quote {
                return;
            }
        }
    }

    /// Goes behind a raw text, whose `r` was read.
    fn raw_text(&mut self) {
        let hashes = self.rest().bytes().take_while(|byte| *byte == b'#').count();
        let end = format!("\"{}", "#".repeat(hashes));
        let text = self.rest().get(hashes + 1..).unwrap_or_default();
        self.at += hashes + 1 + text.find(&end).map_or(text.len(), |at| at + end.len());
    }

    /// Goes behind a sign, and what begins with it.
    fn sign(&mut self, sign: u8) {
        self.at += 1;
        match sign {
            b'"' => self.quoted(sign),
            b'\'' => {
                let [next, after, ..] = self.rest().as_bytes() else { return };
                // A lifetime, or a character.
                if kind(*next) == Kind::Word && next.is_ascii() && *after != b'\'' {
                    self.skip(Kind::Word);
                } else {
                    self.quoted(sign);
                }
            }
            b'/' if self.is_before(b"/") => self.skip_line(),
            b'-' | b'=' if self.is_before(b">") => self.at += 1,
            b'.' | b'>' => self.behind = Some(self.at),
            _ => {}
        }
    }
}

impl<'c> Iterator for Scanner<'c> {
    type Item = Token<'c>;

    fn next(&mut self) -> Option<Token<'c>> {
        loop {
            self.skip(Kind::Space);
            let start = self.at;
            let first = *self.code.as_bytes().get(start)?;
            let goes_on = self.behind == Some(start) || self.names_member;
            self.names_member = false;
            if kind(first) == Kind::Word {
                let mut word = self.word();
                match (word, self.rest().as_bytes()) {
                    ("r" | "br" | "cr", [b'"', ..] | [b'#', b'"' | b'#', ..]) => {
                        self.raw_text();
                        continue;
                    }
                    ("r", [b'#', ..]) => {
                        self.at += 1;
                        word = self.word();
                    }
                    _ => {}
                }
                self.names_member = matches!(word, "type" | "fn");
                self.behind = Some(self.at);
                if !goes_on {
                    return Some(Token::Name(word));
                }
            } else if first == b':' && self.is_before(b"::") {
                self.at += 2;
                if goes_on {
                    self.behind = Some(self.at);
                    continue;
                }
                let text = self.path();
                self.behind = Some(self.at);
                let is_macro = self.is_before(b"!");
                if is_macro && text.ends_with("::required_fields") {
                    self.skip_line();
                }
                return Some(Token::Path { start, text, is_macro });
            } else {
                self.sign(first);
            }
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
