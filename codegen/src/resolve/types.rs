//! Parses the text of a type: `string`, `list<u8>`, `map<string, set<uuid>>?`.

use super::foreign_types::translate;
use super::scope::Scope;
use crate::diagnostic::{Code, Diagnostic, Help, Place, ours};
use crate::model::{Named, NamedKind, Scalar, Type};
use crate::schema::Spanned;
use crate::sources::Span;
use crate::text::show;

/// The maximum nesting of a type: DynamoDB allows 32 levels in an item.
const MAX_DEPTH: usize = 16;

/// Parses the text of a type. A type that holds a type with mistakes is `None`, without another mistake.
pub(crate) fn parse(written: &Spanned<String>, scope: &Scope) -> Result<Option<Type>, Diagnostic> {
    let mut parser = TypeParser { text: &written.value, at: 0, span: written.span, scope, holds_broken: false };
    let ty = parser.whole();
    if parser.holds_broken { Ok(None) } else { ty.map(Some) }
}

/// "CreateTable", VectorIndexes: the maximum number of dimensions.
const MAX_DIMENSIONS: u16 = 4096;

struct TypeParser<'t> {
    text: &'t str,
    at: usize,
    span: Span,
    scope: &'t Scope,
    /// Whether the text holds a type with mistakes.
    holds_broken: bool,
}

impl<'t> TypeParser<'t> {
    fn whole(&mut self) -> Result<Type, Diagnostic> {
        let ty = self.ty(0)?;
        self.space();
        match self.rest().chars().next() {
            None => Ok(ty),
            Some(odd) => Err(self.syntax(self.at, format!("the type ends before `{}`", odd.escape_debug()))),
        }
    }

    fn ty(&mut self, depth: usize) -> Result<Type, Diagnostic> {
        self.space();
        let start = self.at;
        if depth > MAX_DEPTH {
            return Err(self
                .not_allowed(start, format!("types nest at most {MAX_DEPTH} levels"))
                .help("define structs under `types:`, and name them here"));
        }
        let name = self.name()?;
        let ty = match name {
            "json" => Type::Json,
            "list" => Type::List(Box::new(self.argument(name, depth)?)),
            "set" => self.set(depth)?,
            "map" => self.map(depth)?,
            "vector" => self.vector()?,
            _ => match self.scope.scalar(name).map(Type::Scalar).or_else(|| self.scope.find(name)) {
                Some(ty) => ty,
                None if self.broken_name(start) => Type::Json,
                None => return Err(self.unknown(start, name)),
            },
        };
        if !self.eat('?') {
            return Ok(ty);
        }
        if self.eat('?') {
            return Err(self
                .not_allowed(start, "one `?` makes it optional; a second has no effect".to_owned())
                .help("drop the second `?`"));
        }
        Ok(Type::Optional(Box::new(ty)))
    }

    fn argument(&mut self, of: &str, depth: usize) -> Result<Type, Diagnostic> {
        self.expect('<', &format!("`{of}` needs the type of its elements: `{of}<string>`"))?;
        let ty = self.ty(depth + 1)?;
        self.expect('>', "a `>` closes it")?;
        Ok(ty)
    }

    fn set(&mut self, depth: usize) -> Result<Type, Diagnostic> {
        let start = self.at;
        match self.argument("set", depth)? {
            Type::Scalar(scalar) if scalar.is_float() => Err(self
                .not_allowed(start, "floats round, so a set cannot distinguish its elements".to_owned())
                .help("use a set of integers or strings, or a list")),
            Type::Named(Named { kind: NamedKind::Rust { eq: false, .. }, .. }) => Err(self
                .not_allowed(start, "the elements of a set need an equality and an order".to_owned())
                .help("write `eq: true` in the type, or use a list")),
            element if element.key_kind().is_some() => Ok(Type::Set(Box::new(element))),
            _ => Err(self
                .not_allowed(start, "a set holds strings, numbers or binary values".to_owned())
                .help("use a list, or a set of a scalar type")),
        }
    }

    fn map(&mut self, depth: usize) -> Result<Type, Diagnostic> {
        self.expect('<', "`map` needs the types of its keys and values: `map<string, u8>`")?;
        self.space();
        let start = self.at;
        if self.ty(depth + 1)? != Type::Scalar(Scalar::String) {
            return Err(self
                .not_allowed(start, "the keys of a map are strings".to_owned())
                .help("write `map<string, …>`"));
        }
        self.expect(',', "a map has keys and values: `map<string, u8>`")?;
        let value = self.ty(depth + 1)?;
        self.expect('>', "a `>` closes it")?;
        Ok(Type::Map(Box::new(value)))
    }

    fn vector(&mut self) -> Result<Type, Diagnostic> {
        self.expect('<', "a vector has a number of dimensions: `vector<1536>`")?;
        self.space();
        let start = self.at;
        let rest = self.rest();
        self.at += rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let dimensions = self.text.get(start..self.at).unwrap_or_default().parse().ok();
        let Some(dimensions) = dimensions.filter(|dimensions| (1..=MAX_DIMENSIONS).contains(dimensions)) else {
            return Err(self
                .not_allowed(start, format!("a vector has 1 to {MAX_DIMENSIONS} dimensions"))
                .help("write the number that the embedding model gives: `vector<1536>`"));
        };
        self.expect('>', "a `>` closes it")?;
        Ok(Type::Vector(dimensions))
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn eat(&mut self, expected: char) -> bool {
        self.space();
        let found = self.rest().starts_with(expected);
        if found {
            self.at += expected.len_utf8();
        }
        found
    }

    fn expect(&mut self, expected: char, why: &str) -> Result<(), Diagnostic> {
        if self.eat(expected) {
            return Ok(());
        }
        Err(self.syntax(self.at, format!("expected `{expected}`: {why}")))
    }

    fn name(&mut self) -> Result<&'t str, Diagnostic> {
        let rest = self.rest();
        let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        if length == 0 {
            return Err(self.syntax(self.at, "expected the name of a type".to_owned()));
        }
        self.at += length;
        Ok(rest.get(..length).unwrap_or(rest))
    }

    /// Whether this name is a type with mistakes, and skips it. Such a name may hold characters that a valid one does
    /// not.
    fn broken_name(&mut self, start: usize) -> bool {
        let rest = self.text.get(start..).unwrap_or_default();
        let name = rest.split(['<', '>', ',', '?', ' ']).next().unwrap_or_default();
        let is_broken = self.scope.broken.file || self.scope.broken.types.contains(name);
        if is_broken {
            self.at = start + name.len();
            self.holds_broken = true;
        }
        is_broken
    }

    fn unknown(&self, start: usize, name: &str) -> Diagnostic {
        let part = self.part(start, start + name.len());
        if self.scope.models.contains(name) {
            let message = format!("`{}` is a model, not a type of a field", show(name));
            return Diagnostic::new(Code::UnknownType, message)
                .at(part, "a model's values are items of a table")
                .help("keep its key here, such as `order_id: string`, or define a struct under `types:`");
        }
        let diagnostic =
            Diagnostic::new(Code::UnknownType, format!("there is no type `{}`", show(name))).at(part, "unknown type");
        match self.translated().map(Help::from).or_else(|| Some(ours(&[Place::Type], name)?.help(""))) {
            Some(help) => diagnostic.help(help),
            None => diagnostic.help_nearest(
                name,
                self.scope.all_names(),
                "a type is built in, such as `string`, `i64` or `datetime`, or an entry of `scalars:`, `enums:`, `types:` or `unions:`",
            ),
        }
    }

    fn syntax(&self, at: usize, why: String) -> Diagnostic {
        let help = self.translated().unwrap_or_else(|| {
            "a type is a name such as `string`, with `<…>` for what it holds, and `?` for optional".to_owned()
        });
        Diagnostic::new(Code::TypeSyntax, format!("`{}` is not a type", show(self.text)))
            .at(self.part(at, at + 1), why)
            .help(help)
    }

    /// The replacement of the text, if it is a type of another language.
    fn translated(&self) -> Option<String> {
        let ours = translate(self.text, self.scope).filter(|ours| ours != self.text)?;
        let mut parser = TypeParser { text: &ours, at: 0, span: self.span, scope: self.scope, holds_broken: false };
        parser.whole().is_ok().then(|| format!("write `{ours}`"))
    }

    fn not_allowed(&self, start: usize, why: String) -> Diagnostic {
        Diagnostic::new(Code::TypeNotAllowed, format!("the type `{}` cannot be stored", show(self.text)))
            .at(self.part(start, self.at.max(start + 1)), why)
    }

    /// The place of a part of the text, or of all of it if quotes or escapes make the part uncertain.
    fn part(&self, start: usize, end: usize) -> Span {
        if self.span.end - self.span.start != self.text.len() || !self.text.is_ascii() {
            return self.span;
        }
        let start = self.span.start + start.min(self.text.len().saturating_sub(1));
        Span { start, end: (self.span.start + end).clamp(start, self.span.end), ..self.span }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Int;

    fn parsed(text: &str) -> Result<Type, Code> {
        let span = Span { file: 0, start: 0, end: text.len() };
        let scope = Scope::new(&crate::schema::Schema::default());
        let ty = parse(&Spanned { value: text.to_owned(), span }, &scope);
        ty.map(Option::unwrap).map_err(|diagnostic| diagnostic.code())
    }

    #[test]
    fn types_nest() {
        let u8 = Type::Scalar(Scalar::Int(Int::U8));
        assert_eq!(
            parsed(" map < string , list<u8?> > ? "),
            Ok(Type::Optional(Box::new(Type::Map(Box::new(Type::List(Box::new(Type::Optional(Box::new(u8)))))))))
        );
        assert_eq!(parsed("vector< 1536 >?"), Ok(Type::Optional(Box::new(Type::Vector(1536)))));
        assert_eq!(parsed("set<uuid>"), Ok(Type::Set(Box::new(Type::Scalar(Scalar::Uuid)))));
    }

    #[test]
    fn text_that_is_not_a_type_is_refused() {
        assert_eq!(parsed("strnig"), Err(Code::UnknownType));
        for text in ["", "?", "list", "list<", "list<u8", "list<u8>>", "map<string>", "string string", "<u8>", "vector"]
        {
            assert_eq!(parsed(text), Err(Code::TypeSyntax), "{text}");
        }
        let deep = format!("{}u8{}", "list<".repeat(5000), ">".repeat(5000));
        for text in [
            "u8??",
            "set<f64>",
            "set<bool>",
            "set<list<u8>>",
            "set<string?>",
            "map<u8, u8>",
            "vector<0>",
            "vector<4097>",
            "set<vector<3>>",
            &deep,
        ] {
            assert_eq!(parsed(text), Err(Code::TypeNotAllowed), "{text}");
        }
    }
}
