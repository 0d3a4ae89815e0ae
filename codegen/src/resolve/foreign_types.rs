//! Translates types of other languages to this one's: `Option<Vec<String>>` is `list<string>?`.

use super::built_in;
use super::scope::Scope;
use crate::diagnostic::{Ours, Place, ours};
use crate::model::Type;

/// The maximum nesting of a translated type.
const MAX_DEPTH: usize = 16;

/// The schema language's type for a type of another language; `None` if that is not certain.
pub(super) fn translate(text: &str, scope: &Scope) -> Option<String> {
    let mut translator = Translator { rest: text, scope };
    let ty = translator.alternatives(0)?;
    translator.rest.trim().is_empty().then_some(ty)
}

struct Translator<'t> {
    rest: &'t str,
    scope: &'t Scope,
}

impl<'t> Translator<'t> {
    /// `string | null`.
    fn alternatives(&mut self, depth: usize) -> Option<String> {
        let mut types = Vec::new();
        let mut is_optional = false;
        loop {
            let start = self.rest;
            match self.name() {
                Some(name) if ["null", "None", "undefined", "nil"].contains(&name) => is_optional = true,
                _ => {
                    self.rest = start;
                    types.push(self.one(depth)?);
                }
            }
            if !self.eat("|") {
                break;
            }
        }
        let [ty] = types.as_slice() else { return None };
        Some(if is_optional { optional(ty) } else { ty.clone() })
    }

    /// `Vec<String>`, `List[str]`, `varchar(40)`, `[string]`, `string[]`.
    fn one(&mut self, depth: usize) -> Option<String> {
        if depth > MAX_DEPTH {
            return None;
        }
        let mut ty = if self.eat("[") {
            let element = self.alternatives(depth + 1)?;
            self.eat("]").then(|| format!("list<{element}>"))?
        } else {
            self.eat("&");
            let name = self.name()?;
            match name.to_lowercase().as_str() {
                // Its parameter is the time zone.
                "datetime" => {
                    self.skip_arguments();
                    "datetime".to_owned()
                }
                _ => {
                    let arguments = self.arguments(depth)?;
                    self.of_name(name, &arguments)?
                }
            }
        };
        loop {
            if self.eat("[]") {
                ty = format!("list<{ty}>");
            } else if self.eat("?") {
                ty = optional(&ty);
            } else if !self.eat("!") {
                return Some(ty);
            }
        }
    }

    fn skip_arguments(&mut self) {
        let rest = self.rest.trim_start();
        if let Some((_, after)) = rest.strip_prefix('<').and_then(|inner| inner.split_once('>')) {
            self.rest = after;
        }
    }

    fn arguments(&mut self, depth: usize) -> Option<Vec<String>> {
        let is_array = self.rest.trim_start().starts_with("[]");
        let closing = [("<", ">"), ("[", "]"), ("(", ")")];
        let Some((_, close)) = closing.into_iter().find(|(open, _)| !is_array && self.eat(open)) else {
            return Some(Vec::new());
        };
        let mut arguments = Vec::new();
        loop {
            let digits = self.rest.trim_start();
            let length = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
            match digits.get(..length).filter(|digits| !digits.is_empty()) {
                Some(number) => {
                    self.rest = digits.get(length..)?;
                    arguments.push(number.to_owned());
                }
                None => arguments.push(self.alternatives(depth + 1)?),
            }
            if self.eat(close) {
                return Some(arguments);
            }
            if !self.eat(",") {
                return None;
            }
        }
    }

    fn of_name(&self, name: &str, arguments: &[String]) -> Option<String> {
        let plain = name.to_lowercase();
        Some(match (plain.as_str(), arguments) {
            ("option" | "optional" | "maybe" | "nullable", [of]) => optional(of),
            ("vec", [of]) if of == "u8" => "bytes".to_owned(),
            ("vec" | "list" | "array" | "sequence" | "vecdeque", [of]) => format!("list<{of}>"),
            ("set" | "hashset" | "btreeset" | "frozenset", [of]) => format!("set<{of}>"),
            ("map" | "hashmap" | "btreemap" | "dict" | "record" | "mapping", [key, value]) => {
                format!("map<{key}, {value}>")
            }
            ("box" | "arc" | "rc" | "cow" | "required", [of]) => of.clone(),
            ("varchar" | "char" | "decimal" | "numeric", _) | (_, []) => self.leaf(name)?,
            _ => return None,
        })
    }

    fn leaf(&self, name: &str) -> Option<String> {
        let is_type = |name: &str| match self.scope.find(name) {
            Some(Type::Named(_)) => true,
            _ => built_in::is_built_in(name) && !["list", "set", "map", "vector"].contains(&name),
        };
        let lower = name.to_lowercase();
        match ours(&[Place::Type], name) {
            _ if is_type(name) => Some(name.to_owned()),
            _ if is_type(&lower) => Some(lower),
            Some(Ours::Is(word)) => Some(word.to_owned()),
            _ => None,
        }
    }

    /// The last part of a path: `chrono::DateTime`, `datetime.date`.
    fn name(&mut self) -> Option<&'t str> {
        loop {
            let text = self.rest.trim_start();
            let length = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
            let name = text.get(..length).filter(|name| !name.is_empty())?;
            self.rest = text.get(length..)?;
            if !self.eat("::") && !self.eat(".") {
                return Some(name);
            }
        }
    }

    fn eat(&mut self, expected: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(expected);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }
}

fn optional(ty: &str) -> String {
    format!("{}?", ty.trim_end_matches('?'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_other_languages_are_translated() {
        let scope = Scope::new(&crate::schema::Schema::default());
        for (written, ours) in [
            ("Option<Vec<String>>", "list<string>?"),
            ("HashMap<String, Option<u32>>", "map<string, u32?>"),
            ("std::collections::BTreeSet<Uuid>", "set<uuid>"),
            ("chrono::DateTime<chrono::Utc>", "datetime"),
            ("Vec<u8>", "bytes"),
            ("Optional[List[str]]", "list<string>?"),
            ("dict[str, int]", "map<string, i64>"),
            ("str | None", "string?"),
            ("string[]", "list<string>"),
            ("[String!]!", "list<string>"),
            ("VARCHAR(255)", "string"),
            ("decimal(10, 2)", "decimal"),
            ("Box<i64>", "i64"),
        ] {
            assert_eq!(translate(written, &scope).as_deref(), Some(ours), "{written}");
        }
        let deep = "Vec<".repeat(5_000);
        for unknown in ["", "Foo", "Vec", "number", "string | int", "Vec<Foo>", "Vec<String", "<", "a b", &deep] {
            assert_eq!(translate(unknown, &scope), None, "{unknown}");
        }
    }
}
