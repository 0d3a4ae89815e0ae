//! The expressions of one request, which share names and values.

use super::path::{Path, Step};
use super::tokens::{Token, syntax, tokens};
use crate::store::failure::{Answer, Failure};
use crate::store::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The names and values of a request's expressions, and the used ones among them.
#[derive(Debug)]
pub struct Expressions<'r> {
    names: &'r BTreeMap<String, String>,
    values: &'r BTreeMap<String, Value>,
    used: BTreeSet<String>,
}

/// The parser of one expression.
pub(super) struct Parser<'r, 'x> {
    tokens: Vec<Token<'x>>,
    position: usize,
    expressions: &'x mut Expressions<'r>,
}

impl<'r> Expressions<'r> {
    /// The names and values of a request.
    pub fn new(names: &'r BTreeMap<String, String>, values: &'r BTreeMap<String, Value>) -> Self {
        Self { names, values, used: BTreeSet::new() }
    }

    /// Parses one expression to its end.
    pub(super) fn read<'x, T>(
        &'x mut self,
        expression: &'x str,
        read: impl FnOnce(&mut Parser<'r, 'x>) -> Answer<T>,
    ) -> Answer<T> {
        let tokens = tokens(expression)?;
        if tokens.is_empty() {
            return Err(Failure::invalid("Invalid expression: The expression can not be empty;"));
        }
        let mut parser = Parser { tokens, position: 0, expressions: self };
        let parsed = read(&mut parser)?;
        parser.end()?;
        Ok(parsed)
    }

    /// Checks that all names and values were used, because DynamoDB refuses unused ones.
    pub fn finish(self) -> Answer<()> {
        let unused = |name: &&String| !self.used.contains(*name);
        let of = |what: &str, name: &String| {
            Err(Failure::invalid(format!("Value provided in {what} unused in expressions: keys: {{{name}}}")))
        };
        if let Some(name) = self.names.keys().find(unused) {
            return of("ExpressionAttributeNames", name);
        }
        self.values.keys().find(unused).map_or(Ok(()), |name| of("ExpressionAttributeValues", name))
    }
}

impl<'r, 'x> Parser<'r, 'x> {
    pub(super) fn peek(&self) -> Option<Token<'x>> {
        self.tokens.get(self.position).copied()
    }

    pub(super) fn next(&mut self) -> Answer<Token<'x>> {
        let token = self.peek().ok_or_else(|| syntax("<EOF>"))?;
        self.position += 1;
        Ok(token)
    }

    pub(super) fn place(&self) -> usize {
        self.position
    }

    pub(super) fn token_at(&self, place: usize) -> Option<Token<'x>> {
        self.tokens.get(place).copied()
    }

    fn end(&self) -> Answer<()> {
        self.peek().map_or(Ok(()), |token| Err(syntax(&format!("{token:?}"))))
    }

    /// Skips a symbol if it is next, and says whether it was.
    pub(super) fn takes(&mut self, symbol: &str) -> bool {
        let is_next = self.peek() == Some(Token::Symbol(symbol));
        self.position += usize::from(is_next);
        is_next
    }

    pub(super) fn expect(&mut self, symbol: &str) -> Answer<()> {
        if self.takes(symbol) { Ok(()) } else { Err(syntax(&format!("{:?}", self.peek()))) }
    }

    /// Skips a keyword if it is next, and says whether it was.
    pub(super) fn takes_word(&mut self, keyword: &str) -> bool {
        let is_next = matches!(self.peek(), Some(Token::Word(word)) if word.eq_ignore_ascii_case(keyword));
        self.position += usize::from(is_next);
        is_next
    }

    /// Skips a function and its opening parenthesis if they are next, and says whether they were.
    pub(super) fn takes_function(&mut self, function: &str) -> bool {
        let is_next =
            self.peek() == Some(Token::Word(function)) && self.token_at(self.position + 1) == Some(Token::Symbol("("));
        self.position += if is_next { 2 } else { 0 };
        is_next
    }

    pub(super) fn path(&mut self) -> Answer<Path> {
        let attribute = self.name()?;
        let mut steps = Vec::new();
        loop {
            if self.takes(".") {
                steps.push(Step::Name(self.name()?));
            } else if self.takes("[") {
                let Token::Number(index) = self.next()? else { return Err(syntax("[")) };
                self.expect("]")?;
                steps.push(Step::Index(index));
            } else {
                return Ok(Path { attribute, steps });
            }
        }
    }

    fn name(&mut self) -> Answer<String> {
        match self.next()? {
            Token::Word(word) => Ok(word.to_owned()),
            Token::Name(name) => {
                let attribute = self.expressions.names.get(name).ok_or_else(|| {
                    let why = "An expression attribute name used in the document path is not defined";
                    Failure::invalid(format!("{why}; attribute name: {name}"))
                })?;
                if !self.expressions.used.contains(name) {
                    self.expressions.used.insert(name.to_owned());
                }
                Ok(attribute.clone())
            }
            other => Err(syntax(&format!("{other:?}"))),
        }
    }

    /// Reads the next token if it is a value.
    pub(super) fn takes_value(&mut self) -> Answer<Option<Value>> {
        let Some(Token::Value(name)) = self.peek() else { return Ok(None) };
        self.position += 1;
        let value = self.expressions.values.get(name).ok_or_else(|| {
            let why = "An expression attribute value used in expression is not defined";
            Failure::invalid(format!("{why}; attribute value: {name}"))
        })?;
        if !self.expressions.used.contains(name) {
            self.expressions.used.insert(name.to_owned());
        }
        Ok(Some(value.clone()))
    }
}
