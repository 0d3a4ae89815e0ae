//! Places of values in items.

use std::borrow::Cow;
use std::fmt;

/// The place of a value in an item, such as `dims.w` or `lines[2]["in stock"]`.
///
/// ```
/// use dyntastic::codec::Path;
///
/// assert_eq!(Path::from("name").to_string(), "name");
/// assert_eq!(Path::from("in stock").to_string(), r#"["in stock"]"#);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Path {
    /// From the innermost outwards, the order in which errors add them.
    segments: Vec<Segment>,
}

/// One step of a [`Path`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// The name of an attribute of an item, or of an entry of a map.
    Name(String),
    /// The index of an element of a list, counted from 0.
    Index(usize),
}

impl Path {
    /// The steps, from the item inwards.
    pub fn segments(&self) -> impl Iterator<Item = &Segment> {
        self.segments.iter().rev()
    }

    pub(crate) fn push_outer(&mut self, segment: Segment) {
        self.segments.push(segment);
    }

    /// Puts the path inside the value at the path `outer`.
    pub(crate) fn push_outer_path(&mut self, outer: &Self) {
        self.segments.extend_from_slice(&outer.segments);
    }

    /// Gives the attribute at the start of the path another name.
    pub(crate) fn rename_outermost(&mut self, name: impl FnOnce(&str) -> Cow<'_, str>) {
        if let Some(Segment::Name(attribute)) = self.segments.last_mut() {
            *attribute = name(attribute).into_owned();
        }
    }

    /// Replaces the outermost `from` steps by the path `to`.
    pub(crate) fn move_to(&mut self, from: usize, to: &Self) {
        self.segments.truncate(self.segments.len().saturating_sub(from));
        self.push_outer_path(to);
    }
}

impl From<&str> for Segment {
    fn from(name: &str) -> Self {
        Segment::Name(name.to_owned())
    }
}

impl From<&str> for Path {
    fn from(attribute: &str) -> Self {
        Self { segments: vec![attribute.into()] }
    }
}

/// `dims.w`; names that are not plain are quoted: `lines[2]["in stock"]`.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, segment) in self.segments().enumerate() {
            match segment {
                Segment::Index(index) => write!(f, "[{index}]")?,
                Segment::Name(name) if !is_plain(name) => write!(f, "[{name:?}]")?,
                Segment::Name(name) if position == 0 => f.write_str(name)?,
                Segment::Name(name) => write!(f, ".{name}")?,
            }
        }
        Ok(())
    }
}

/// A model's name and a path in an item of it: `Product.dims.w`, `Product["price/eur"]`.
pub(crate) fn qualified(model: &str, path: &Path) -> String {
    let path = path.to_string();
    match path.starts_with('[') || model.is_empty() || path.is_empty() {
        true => format!("{model}{path}"),
        false => format!("{model}.{path}"),
    }
}

fn is_plain(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && chars.all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_read_from_the_model_inwards() {
        let mut path = Path::default();
        for segment in [Segment::Name("in stock".into()), Segment::Index(2), Segment::Name("lines".into())] {
            path.push_outer(segment);
        }
        assert_eq!(path.to_string(), "lines[2][\"in stock\"]");
        assert_eq!(qualified("Product", &path), "Product.lines[2][\"in stock\"]");
        assert_eq!(qualified("Product", &Path::from("price/eur")), "Product[\"price/eur\"]");
    }
}
