//! New names for definitions. Stored names stay: an item of before is read as it was.

use super::symbols::{Key, Space, words};
use super::{Analysis, Edit, Finding, Place, get, text_of};
use crate::diagnostic::{Diagnostic, Severity};
use crate::node::{Kind, Node};
use crate::text::scalar;

impl Analysis {
    /// The place of the name at a place, if it can be renamed.
    pub fn can_rename(&self, file: usize, offset: usize) -> Option<Place> {
        let (span, key) = self.symbols().at(file, offset)?;
        is_ours(key.space).then(|| span.into())
    }

    /// The edits that give the name at a place another one, everywhere. What items store under the name stays: a field
    /// keeps its attribute, a table its name, a model of a shared table its discriminator. The schema may then have new
    /// mistakes.
    pub(crate) fn rename(&self, file: usize, offset: usize, name: &str) -> Result<Vec<Edit>, String> {
        if !(self.unreadable.is_empty() && (0..self.documents.len()).all(|file| self.is_read(file))) {
            return Err("a file of the schema cannot be read, or is not valid YAML".to_owned());
        }
        let found = self.symbols().at(file, offset).filter(|(_, key)| is_ours(key.space));
        let (_, key) = found.ok_or_else(|| "there is no name to change here".to_owned())?;
        let is_name =
            words(name).next().is_some_and(|(_, word)| word == name) && !name.starts_with(|c: char| c.is_numeric());
        if !is_name {
            return Err(format!("`{name}` is no name: it needs letters, digits and `_`, and no digit first"));
        }
        if name == key.name {
            return Ok(Vec::new());
        }
        if self.symbols().definition(&Key { name: name.to_owned(), ..key.clone() }).is_some() {
            return Err(format!("`{name}` is taken"));
        }
        let uses = self.symbols().uses(key).map(|span| Edit { place: span.into(), text: name.to_owned() });
        let mut edits: Vec<Edit> = uses.chain(self.keep_stored_name(key)).collect();
        edits.sort();
        edits.dedup();
        Ok(edits)
    }

    /// A mistake of the schema with a new name at a place that the schema with the old one, which this is, has not.
    pub(crate) fn new_mistake(&self, renamed: &Self, file: usize, offset: usize, name: &str) -> Option<Finding> {
        let old = self.symbols().at(file, offset).map_or("", |(_, key)| key.name.as_str());
        let with_name = |text: &str| {
            let (mut all, mut end) = (String::new(), 0);
            for (start, word) in words(text).filter(|(_, word)| *word == old) {
                all.push_str(text.get(end..start).unwrap_or_default());
                all.push_str(name);
                end = start + word.len();
            }
            all + text.get(end..).unwrap_or_default()
        };
        let mistakes = |of: &Self| -> Vec<Diagnostic> {
            of.diagnostics.iter().filter(|of| of.severity() == Severity::Error).cloned().collect()
        };
        let mut known: Vec<_> = mistakes(self).iter().map(|of| (of.code(), with_name(of.message()))).collect();
        let is_new = |of: &Diagnostic| {
            let of = (of.code(), of.message().to_owned());
            known.iter().position(|known| *known == of).map(|of| known.swap_remove(of)).is_none()
        };
        mistakes(renamed).into_iter().find(is_new).map(|mistake| renamed.finding(&mistake))
    }

    /// The edit that states the stored name which followed from the name.
    fn keep_stored_name(&self, key: &Key) -> Option<Edit> {
        let entry = self.entry(&self.symbols().path(key))?;
        let node = &entry.value;
        let setting = match key.space {
            Space::Field => {
                let is_stored = get(node, "stored").is_none_or(|stored| stored.value.to::<bool>() != Some(false));
                is_stored.then_some("attribute")?
            }
            Space::Table => "name",
            Space::Model => {
                let table = self.entry(&["tables", text_of(node, "table")?])?;
                let discriminator = text_of(&table.value, "discriminator")?;
                (discriminator != "by_key").then_some("discriminator")?
            }
            _ => return None,
        };
        if get(node, setting).is_some() {
            return None;
        }
        let stated = format!("{setting}: {}", scalar(&key.name));
        let place = |start, end| Place { file: node.span.file, start, end };
        let text = self.text(node.span.file);
        match &node.kind {
            Kind::Scalar { .. } => {
                let ty = text.get(node.span.start..node.span.end)?;
                let quoted = if ty.contains(['?', ',']) && !ty.starts_with(['"', '\'']) {
                    format!("\"{ty}\"")
                } else {
                    ty.to_owned()
                };
                Some(Edit {
                    place: place(node.span.start, node.span.end),
                    text: format!("{{ type: {quoted}, {stated} }}"),
                })
            }
            Kind::Map(entries) => {
                let first = entries.first()?.key_span.start;
                let text = match text.get(node.span.start..)?.starts_with('{') {
                    true => format!("{stated}, "),
                    false => format!("{stated}\n{}", " ".repeat(self.column(node, first))),
                };
                Some(Edit { place: place(first, first), text })
            }
            Kind::List(_) => None,
        }
    }

    fn column(&self, node: &Node, at: usize) -> usize {
        let before = self.text(node.span.file).get(..at).unwrap_or_default();
        before.len() - before.rfind('\n').map_or(0, |newline| newline + 1)
    }
}

/// Whether a name is only the schema's, and not in DynamoDB or in other words.
fn is_ours(space: Space) -> bool {
    !matches!(space, Space::Variant | Space::Index)
}
