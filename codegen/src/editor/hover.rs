//! What a name, a key of the language or a mistake is, in Markdown.

use super::examples::type_and_format;
use super::symbols::{Key, Space};
use super::{Analysis, Place, get, language, text_of};
use crate::diagnostic::Code;
use crate::node::{Kind, Node};
use crate::sources::Span;

/// A text about a place.
#[derive(Debug, Clone)]
pub struct Hover {
    /// The place.
    pub place: Place,
    /// The text, as Markdown.
    pub markdown: String,
}

impl Analysis {
    /// What is at a place: the name's definition, the key made by a template, the description of a key of the language,
    /// and the explanations of mistakes.
    pub fn hover(&self, file: usize, offset: usize) -> Option<Hover> {
        let mut path = Vec::new();
        let root = self.root(file);
        let found = root.and_then(|root| innermost(root, offset, &mut path));
        let name = self.symbols().at(file, offset);
        let mut parts = Vec::new();
        let mut place = found.map(|(span, _)| span);
        if let Some((span, key)) = name {
            parts.extend(self.named(key));
            place = Some(span);
        }
        if let Some((_, is_key)) = found {
            let keys: Vec<&str> = path.iter().map(String::as_str).collect();
            if !is_key {
                parts.extend(self.template(&keys));
            } else if name.is_none() {
                parts.extend(language::description(&keys));
            }
        }
        for finding in self.findings() {
            let is_here = finding.place.file == file && (finding.place.start..=finding.place.end).contains(&offset);
            if is_here && finding.code != Code::Internal {
                parts.push(format!("## {}", finding.code.explanation()));
                place = place.or(Some(Span { file, start: finding.place.start, end: finding.place.end }));
            }
        }
        (!parts.is_empty()).then_some(Hover { place: place?.into(), markdown: parts.join("\n\n") })
    }

    fn named(&self, key: &Key) -> Option<String> {
        let path = self.symbols().path(key);
        let entry = self.entry(&path);
        let node = entry.map(|entry| &entry.value);
        let doc = node.and_then(|node| text_of(node, "doc"));
        let name = &key.name;
        let mut text = match (key.space, path.first().copied().unwrap_or_default()) {
            (Space::Field, _) => return self.field_text(key, node),
            (Space::Type, section) => {
                let kind = section.trim_end_matches('s');
                let stored = self.stored_form(name, None);
                format!("```yaml\n{name}\n```\nA {kind}. Stored as {stored}.").replace("A enum", "An enum")
            }
            (Space::Model, _) => {
                let table = node
                    .and_then(|node| text_of(node, "table").or_else(|| text_of(&get(node, "table")?.value, "name")));
                let hook = |key, what| {
                    let path = node.and_then(|node| text_of(node, key))?;
                    Some(format!(" `{path}` changes its items {what}."))
                };
                let before_write = hook("before_write", "before they are written").unwrap_or_default();
                let after_read = hook("after_read", "after they are read").unwrap_or_default();
                let table = table.unwrap_or("…");
                let context = node.and_then(|node| text_of(node, "context"));
                let context = context.map(|context| format!(" Its clients have the context `{context}`."));
                let context = context.unwrap_or_default();
                format!("```yaml\n{name}\n```\nA model in the table `{table}`.{context}{before_write}{after_read}")
            }
            (Space::Table, _) => format!("```yaml\n{name}\n```\nA table that several models share."),
            (Space::Mixin, _) => format!("```yaml\n{name}\n```\nFields that several definitions take."),
            (Space::Context, _) => format!("```yaml\n{name}\n```\nFields of models whose values a client holds."),
            (Space::Collection, _) => format!("```yaml\n{name}\n```\nItems of several models with the same hash key."),
            (Space::Index, _) => format!("```yaml\n{name}\n```\nAn index of `{}`.", key.owner.split('/').next_back()?),
            (Space::Variant, _) => format!("A variant of `{}`.", key.owner.split('/').next_back()?),
        };
        if let Some(doc) = doc {
            text = format!("{text}\n\n{}", doc.trim_end());
        }
        Some(text)
    }

    fn field_text(&self, key: &Key, node: Option<&Node>) -> Option<String> {
        let Some(node) = node else { return Some(format!("The field `{}`.", key.name)) };
        let (ty, format) = type_and_format(node);
        let attribute = text_of(node, "attribute").unwrap_or(&key.name);
        let stored = sealed(node).unwrap_or_else(|| self.stored_form(ty, format));
        let is_stored = get(node, "stored").is_none_or(|stored| stored.value.to::<bool>() != Some(false));
        let place = match is_stored {
            true => format!("The attribute `{attribute}`, stored as {stored}."),
            false => "Only the key has it.".to_owned(),
        };
        let computed = text_of(node, "computed").map(|by| format!(" Computed: `{by}`.")).unwrap_or_default();
        let mut text = format!("```yaml\n{}: {ty}\n```\n{place}{computed}", key.name);
        if let Some(doc) = text_of(node, "doc") {
            text = format!("{text}\n\n{}", doc.trim_end());
        }
        Some(text)
    }

    /// The key or the text that the template at a path makes.
    fn template(&self, path: &[&str]) -> Option<String> {
        if let ["models", model, "fields", _, "computed"] = path {
            let text = self.entry(path)?.value.as_text().filter(|text| text.contains('{'))?;
            return Some(format!("A text such as `{}`.", self.text_example(model, text, false)));
        }
        let (model, template) = match path {
            ["models", model, "key", _] | ["models", model, "indexes", _, _] => (model, self.entry(path)?),
            ["models", model, "key", of @ .., "template"] | ["models", model, "indexes", _, of @ .., "template"]
                if of.len() == 1 =>
            {
                (model, self.entry(path)?)
            }
            _ => return None,
        };
        let text = template.value.as_text().filter(|_| get_key(self, model))?;
        let attribute = path.strip_suffix(&["template"]).and_then(|path| self.entry(path));
        let is_sharded = attribute.is_some_and(|entry| get(&entry.value, "shards").is_some());
        let number = if is_sharded { ", then the number of the item's shard" } else { "" };
        Some(format!("A key such as `{}`{number}.", self.text_example(model, text, true)))
    }
}

/// The stored form of a field that is compressed or encrypted.
fn sealed(field: &Node) -> Option<String> {
    let key = get(field, "encrypt").map(|encrypt| key_of(&encrypt.value).unwrap_or("…"));
    let is_searchable = get(field, "encrypt").is_some_and(|encrypt| get(&encrypt.value, "searchable").is_some());
    let hash = if is_searchable { ", and its hash beside it" } else { "" };
    Some(match (get(field, "compress"), key) {
        (None, None) => return None,
        (Some(_), None) => "B, compressed".to_owned(),
        (None, Some(key)) => format!("B, encrypted with the key `{key}`{hash}"),
        (Some(_), Some(key)) => format!("B, compressed and encrypted with the key `{key}`{hash}"),
    })
}

/// The name of the key in an `encrypt:`.
pub(super) fn key_of(encrypt: &Node) -> Option<&str> {
    encrypt.as_text().or_else(|| text_of(encrypt, "key"))
}

/// Whether a model has templates of keys.
fn get_key(analysis: &Analysis, model: &str) -> bool {
    analysis.entry(&["models", model, "key"]).is_some()
}

/// The key or text at an offset: its place, and whether it is a key. The path leads to it.
fn innermost(node: &Node, offset: usize, path: &mut Vec<String>) -> Option<(Span, bool)> {
    match &node.kind {
        Kind::Map(entries) => {
            let after = entries.partition_point(|entry| entry.key_span.start <= offset);
            let entry = entries.get(after.checked_sub(1)?)?;
            path.push(entry.key.clone());
            if offset <= entry.key_span.end {
                return Some((entry.key_span, true));
            }
            innermost(&entry.value, offset, path)
        }
        Kind::List(items) => {
            path.push("-".to_owned());
            let after = items.partition_point(|item| item.span.start <= offset);
            innermost(items.get(after.checked_sub(1)?)?, offset, path)
        }
        Kind::Scalar { .. } => ((node.span.start..=node.span.end).contains(&offset) && node.span.start < node.span.end)
            .then_some((node.span, false)),
    }
}
