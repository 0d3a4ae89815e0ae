//! Values in brackets on one line.

use super::document::{Document, Form, Piece, Shape};

/// A value on one line; `None` if it cannot be on one: it has a comment, or a text with several lines.
pub(super) fn one_line(document: &Document<'_>, piece: &Piece) -> Option<String> {
    let comment = document.comments.partition_point(|comment| comment.start < piece.start);
    if document.comments.get(comment).is_some_and(|comment| comment.start < piece.end) {
        return None;
    }
    match &piece.shape {
        Shape::Empty => Some(String::new()),
        Shape::Scalar => joined(document.slice(piece.start..piece.end)),
        Shape::Lines { .. } | Shape::Map { form: Form::Block, .. } | Shape::List { form: Form::Block, .. } => None,
        Shape::Map { entries, form } => {
            let entries = entries.iter().map(|entry| {
                let key = joined(document.slice(entry.key.clone()))?;
                let value = one_line(document, &entry.value)?;
                let colon = if entry.colon { ":" } else { "" };
                let space = if value.is_empty() { "" } else { " " };
                Some(format!("{key}{colon}{space}{value}"))
            });
            let entries = entries.collect::<Option<Vec<_>>>()?.join(", ");
            Some(match form {
                Form::Pair => entries,
                _ if entries.is_empty() => "{}".to_owned(),
                _ => format!("{{ {entries} }}"),
            })
        }
        Shape::List { items, .. } => {
            let items = items.iter().map(|item| one_line(document, &item.value)).collect::<Option<Vec<_>>>()?;
            Some(format!("[{}]", items.join(", ")))
        }
    }
}

/// A text whose lines YAML joins by spaces, on one line.
fn joined(text: &str) -> Option<String> {
    let lines: Vec<&str> = text.split('\n').map(str::trim).collect();
    match lines.as_slice() {
        [_] => Some(text.to_owned()),
        lines if lines.iter().any(|line| line.is_empty() || line.ends_with('\\')) => None,
        lines => Some(lines.join(" ")),
    }
}
