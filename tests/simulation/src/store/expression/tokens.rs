//! The tokens of an expression.

use crate::store::failure::{Answer, Failure};

/// A token of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'e> {
    /// A name, a keyword or a function.
    Word(&'e str),
    /// `#name`
    Name(&'e str),
    /// `:value`
    Value(&'e str),
    /// A number: the index of a list's element.
    Number(usize),
    /// One of `( ) [ ] , . + -` and the comparators.
    Symbol(&'e str),
}

/// Splits an expression into its tokens.
pub fn tokens(expression: &str) -> Answer<Vec<Token<'_>>> {
    let mut tokens = Vec::with_capacity(expression.len() / 4);
    let mut rest = expression.trim_start();
    while let Some(first) = rest.chars().next() {
        let symbol = ["<>", "<=", ">=", "=", "<", ">", "(", ")", "[", "]", ",", ".", "+", "-"];
        let (token, length) = if let Some(symbol) = symbol.iter().find(|symbol| rest.starts_with(**symbol)) {
            (Token::Symbol(symbol), symbol.len())
        } else {
            let sigil = usize::from(first == '#' || first == ':');
            let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let end = rest[sigil..].find(|c| !word(c)).map_or(rest.len(), |end| end + sigil);
            let text = &rest[..end];
            let token = match first {
                _ if end == sigil => return Err(syntax(text)),
                '#' => Token::Name(text),
                ':' => Token::Value(text),
                c if c.is_ascii_digit() => Token::Number(text.parse().map_err(|_| syntax(text))?),
                _ => Token::Word(text),
            };
            (token, end)
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

/// The error of an expression that cannot be parsed.
pub fn syntax(at: &str) -> Failure {
    Failure::invalid(format!("Invalid expression: Syntax error; token: {at}"))
}
