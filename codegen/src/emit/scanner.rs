//! Reads the absolute paths and the other names in emitted code, byte by byte.

/// A name or path in code; texts, comments and signs are skipped.
pub(super) enum Token<'c> {
    /// An identifier that is not part of a path, and not a member.
    Name(&'c str),
    /// A path without its leading colons, which are at `start`.
    Path { start: usize, text: &'c str, is_macro: bool },
}

/// The kind of a byte outside texts and comments.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Space,
    /// A part of a word. Emitted words are ASCII; other bytes occur only in character literals.
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

/// Scans code that parses.
pub(super) struct Scanner<'c> {
    code: &'c str,
    at: usize,
    /// The place after a word, a dot or a `>`, where a path continues or a member follows.
    behind: Option<usize>,
    /// Whether the next name is an associated type's or a function's. Such names do not conflict with imports.
    names_member: bool,
    /// Whether it is in a list of derives. Its names are derive macros of the prelude, which nothing hides.
    in_derives: bool,
}

impl<'c> Scanner<'c> {
    pub(super) fn new(code: &'c str) -> Self {
        Self { code, at: 0, behind: None, names_member: false, in_derives: false }
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

    /// Skips the bytes of one kind.
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

    /// Skips the rest of a text or character, with its closing quote.
    fn quoted(&mut self, quote: u8) {
        while let Some(byte) = self.code.as_bytes().get(self.at) {
            self.at += if *byte == b'\\' { 2 } else { 1 };
            if *byte == quote {
                return;
            }
        }
    }

    /// Skips a raw text after its `r`.
    fn raw_text(&mut self) {
        let hashes = self.rest().bytes().take_while(|byte| *byte == b'#').count();
        let end = format!("\"{}", "#".repeat(hashes));
        let text = self.rest().get(hashes + 1..).unwrap_or_default();
        self.at += hashes + 1 + text.find(&end).map_or(text.len(), |at| at + end.len());
    }

    /// Skips a sign, and the text, comment or character that begins with it.
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
            b')' => self.in_derives = false,
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
                self.in_derives |= word == "derive" && self.is_before(b"(");
                if !goes_on && !self.in_derives {
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
