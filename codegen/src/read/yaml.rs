//! Reads YAML text into nodes. It refuses anchors, merge keys, tags and repeated keys, since YAML parsers do not agree
//! on them.

use super::ambiguity::Ambiguity;
use super::syntax;
use crate::diagnostic::{Code, Diagnostic};
use crate::node::{Entry, Kind, Node};
use crate::sources::{Source, Span};
use crate::text::show;
use saphyr_parser::{Event, Parser, ScalarStyle, StrInput};
use std::collections::HashMap;

/// The maximum nesting of lists and maps; the schema language itself needs eight levels.
const MAX_DEPTH: usize = 64;

/// The file's document, and the mistakes after which reading can go on.
pub(super) fn parse(file: usize, source: &Source) -> Result<(Node, Vec<Diagnostic>), Diagnostic> {
    let end = Span { file, start: source.text.len(), end: source.text.len() };
    if let Some(at) = source.not_utf8_at {
        let diagnostic = Diagnostic::new(Code::NotUtf8, "the file is not valid UTF-8")
            .at(Span { file, start: at, end: at + '\u{fffd}'.len_utf8() }, "this byte is not UTF-8")
            .help("save the file as UTF-8");
        return Err(diagnostic);
    }
    let mut reader = NodeReader {
        file,
        offsets: Offsets::new(&source.text),
        text: &source.text,
        parser: Parser::new_from_str(&source.text),
        found: Vec::new(),
    };
    let root = match reader.document()? {
        Some(root) => root,
        None => Node { span: end, kind: Kind::Map(Vec::new()) },
    };
    Ok((root, reader.found))
}

struct NodeReader<'s> {
    file: usize,
    text: &'s str,
    offsets: Offsets,
    parser: Parser<'s, StrInput<'s>>,
    found: Vec<Diagnostic>,
}

impl<'s> NodeReader<'s> {
    fn document(&mut self) -> Result<Option<Node>, Diagnostic> {
        let mut root = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => return Ok(root),
                Event::Nothing | Event::StreamStart | Event::DocumentEnd => {}
                Event::DocumentStart(_) if root.is_some() => {
                    let diagnostic = Diagnostic::new(Code::ManyDocuments, "the file holds more than one document")
                        .at(span, "the second document starts here")
                        .help("move it to a file of its own: several files can form one model set");
                    return Err(diagnostic);
                }
                Event::DocumentStart(_) => {}
                event => root = Some(self.value(event, span, 0)?),
            }
        }
    }

    fn next(&mut self) -> Result<(Event<'s>, Span), Diagnostic> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => {
                let start = self.offsets.byte(span.start.index());
                let end = self.offsets.byte(span.end.index()).max(start);
                Ok((event, Span { file: self.file, start, end }))
            }
            Some(Err(error)) => {
                let at = self.offsets.byte(error.marker().index());
                Err(syntax::explain(self.file, self.text, at, error.info()))
            }
            None => Ok((Event::StreamEnd, self.char_at(self.text.len()))),
        }
    }

    /// A value, which is the same to all parsers.
    fn value(&mut self, event: Event<'s>, span: Span, depth: usize) -> Result<Node, Diagnostic> {
        let node = self.node(event, span, depth)?;
        if let Kind::Scalar { text, plain: true } = &node.kind
            && let Some(ambiguity) = Ambiguity::of(text)
        {
            self.refuse_ambiguous(text, ambiguity, node.span);
        }
        Ok(node)
    }

    fn node(&mut self, event: Event<'s>, span: Span, depth: usize) -> Result<Node, Diagnostic> {
        if depth > MAX_DEPTH {
            let diagnostic = Diagnostic::new(Code::TooDeep, "lists and maps are nested too deeply")
                .at(self.char_at(span.start), format!("deeper than {MAX_DEPTH} levels"))
                .help("close the open brackets, or remove the surplus ones");
            return Err(diagnostic);
        }
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_indirection(anchor != 0, tag.is_some(), span);
                let plain = style == ScalarStyle::Plain;
                Ok(Node { span: self.trim(span), kind: Kind::Scalar { text: text.into_owned(), plain } })
            }
            Event::Alias(_) => {
                self.refuse_indirection(true, false, span);
                Ok(Node { span, kind: Kind::Scalar { text: String::new(), plain: true } })
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_indirection(anchor != 0, tag.is_some(), span);
                let mut items = Vec::new();
                loop {
                    let (event, item_span) = self.next()?;
                    if matches!(event, Event::SequenceEnd | Event::StreamEnd) {
                        return Ok(Node { span: self.whole(span, item_span), kind: Kind::List(items) });
                    }
                    items.push(self.value(event, item_span, depth + 1)?);
                }
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_indirection(anchor != 0, tag.is_some(), span);
                self.map(span, depth)
            }
            _ => Ok(Node { span, kind: Kind::Scalar { text: String::new(), plain: true } }),
        }
    }

    fn map(&mut self, span: Span, depth: usize) -> Result<Node, Diagnostic> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut seen: HashMap<String, Span> = HashMap::new();
        loop {
            let (event, key_span) = self.next()?;
            if matches!(event, Event::MappingEnd | Event::StreamEnd) {
                return Ok(Node { span: self.whole(span, key_span), kind: Kind::Map(entries) });
            }
            let key_node = self.node(event, key_span, depth + 1)?;
            let (event, value_span) = self.next()?;
            let value = self.value(event, value_span, depth + 1)?;
            let key_span = key_node.span;
            if self.joins_type(&mut entries, &key_node, &value) {
                continue;
            }
            let Kind::Scalar { text: key, plain } = key_node.kind else {
                let diagnostic = Diagnostic::new(Code::WrongKind, "a key must be text")
                    .at(self.char_at(key_span.start), "this key is a list or a map")
                    .help("write a name; a text that begins with `{` or `[` needs quotes");
                self.found.push(diagnostic);
                continue;
            };
            if key == "<<" {
                self.refuse_indirection(true, false, key_span);
                continue;
            }
            if let (true, Some(ambiguity)) = (plain, Ambiguity::of_key(&key)) {
                self.refuse_ambiguous(&key, ambiguity, key_span);
            }
            if let Some(first) = seen.insert(key.clone(), key_span) {
                let diagnostic =
                    Diagnostic::new(Code::DuplicateKey, format!("one map has the key `{}` twice", show(&key)))
                        .at(key_span, "again here")
                        .related(first, "first here")
                        .help("remove one of them, or rename it");
                self.found.push(diagnostic);
                continue;
            }
            entries.push(Entry { key, key_span, value });
        }
    }

    /// Whether a key is the rest of a type without quotes: `{ stock: map<string, u8> }` is two entries in YAML.
    fn joins_type(&mut self, entries: &mut [Entry], key: &Node, value: &Node) -> bool {
        let (Some(Entry { key: name, value: begun, .. }), Kind::Scalar { text: rest, plain: true }, true) =
            (entries.last_mut(), &key.kind, value.is_null())
        else {
            return false;
        };
        let Kind::Scalar { text, plain: true } = &mut begun.kind else { return false };
        let is_open = |text: &str| text.matches('<').count() > text.matches('>').count();
        let named = text.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
        if !named.starts_with('<') || named.len() == text.len() || !is_open(text) {
            return false;
        }
        *text = format!("{text}, {rest}");
        begun.span.end = key.span.end;
        if !is_open(text) {
            let diagnostic = Diagnostic::new(Code::TypeSyntax, "inside braces, a type with a `,` needs quotes")
                .at(begun.span, "YAML takes it for two entries")
                .help(format!("quote the type: `{}: \"{}\"`", show(name), show(text)));
            self.found.push(diagnostic);
        }
        true
    }

    /// Refuses a text without quotes that some YAML parsers read as another value.
    fn refuse_ambiguous(&mut self, text: &str, ambiguity: Ambiguity, span: Span) {
        let (diagnostic, label) = ambiguity.diagnostic(text);
        self.found.push(diagnostic.at(span, label).yielding());
    }

    fn refuse_indirection(&mut self, anchor: bool, tag: bool, span: Span) {
        let what = match (anchor, tag) {
            (true, _) => "anchors, aliases and merge keys",
            (_, true) => "tags",
            _ => return,
        };
        let diagnostic = Diagnostic::new(Code::Indirection, format!("{what} are not part of the schema language"))
            .at(self.char_at(span.start), "here")
            .help("write the value where it is used");
        self.found.push(diagnostic);
    }

    /// The place of a list or map, from its start to its end.
    fn whole(&self, start: Span, end: Span) -> Span {
        self.trim(Span { end: end.end.max(start.end), ..start })
    }

    /// The place without the white space that the scanner adds to a value's end.
    fn trim(&self, span: Span) -> Span {
        let text = self.text.get(span.start..span.end).unwrap_or("");
        Span { end: span.start + text.trim_end().len(), ..span }
    }

    fn char_at(&self, start: usize) -> Span {
        let length = self.text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        Span { file: self.file, start, end: start + length }
    }
}

/// The byte offsets of characters: the scanner counts characters, everything else counts bytes.
pub(crate) enum Offsets {
    /// In ASCII, characters and bytes have the same offsets.
    Ascii { length: usize },
    /// The byte offset of each character, and of the end.
    Unicode(Vec<usize>),
}

impl Offsets {
    pub(crate) fn new(text: &str) -> Self {
        if text.is_ascii() {
            Self::Ascii { length: text.len() }
        } else {
            let starts = text.char_indices().map(|(offset, _)| offset);
            Self::Unicode(starts.chain([text.len()]).collect())
        }
    }

    pub(crate) fn byte(&self, character: usize) -> usize {
        match self {
            Self::Ascii { length } => character.min(*length),
            Self::Unicode(starts) => starts.get(character).or(starts.last()).copied().unwrap_or_default(),
        }
    }
}
