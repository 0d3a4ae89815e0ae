//! The state of a read whose parts are read side by side, as text for the app to keep.

use super::cursor::{Place, opened, read_key, sealed, write_key};
use super::read_plan::ReadPlan;
use crate::ops::{Error, Result};

/// The first byte of a state.
const VERSION: u8 = 1;
/// The binding of the checksum, so that no cursor is taken for a state.
const BINDING: u64 = 0x73_74_61_74_65;
/// What is added to the hash of a key condition: for the order of a query, and for a dry run.
const BACKWARDS: u64 = 1;
const DRY: u64 = 2;

/// What a state is bound to: a model, a table, an index, the hash of a key condition, the order, and whether the items were
/// only counted. With another filter, the place is as good.
#[derive(Debug, Clone)]
pub(super) struct BoundTo {
    model: &'static str,
    table: String,
    index: &'static str,
    binding: u64,
    /// [`BACKWARDS`] and [`DRY`].
    way: u64,
    pub(super) names: Vec<&'static str>,
}

impl BoundTo {
    pub(super) fn of(plan: &ReadPlan, is_dry: bool) -> Self {
        let is_backwards = plan.descending != plan.is_backwards();
        Self {
            model: plan.target.model,
            table: plan.target.table.clone(),
            index: plan.index.unwrap_or_default(),
            binding: plan.binding,
            way: if is_backwards { BACKWARDS } else { 0 } | if is_dry { DRY } else { 0 },
            names: plan.key_names.clone(),
        }
    }

    /// The state as URL-safe text: the version, the names, the number of parts, the place in each of them, and a
    /// checksum.
    pub(super) fn encode<'p>(&self, places: impl ExactSizeIterator<Item = &'p Place>) -> String {
        let mut bytes = vec![VERSION];
        for name in [self.model, &self.table, self.index] {
            // Names in DynamoDB have at most 255 bytes.
            bytes.extend(u16::try_from(name.len()).unwrap_or(u16::MAX).to_be_bytes());
            bytes.extend(name.as_bytes());
        }
        bytes.extend(self.binding.wrapping_add(self.way).to_be_bytes());
        bytes.extend(u32::try_from(places.len()).unwrap_or(u32::MAX).to_be_bytes());
        for place in places {
            match place {
                Place::Start => bytes.push(b'<'),
                Place::After(key) => {
                    bytes.push(b'=');
                    write_key(key, &self.names, &mut bytes);
                }
                Place::End => bytes.push(b'>'),
            }
        }
        sealed(bytes, BINDING)
    }

    /// Reads the places from the text of a state.
    ///
    /// # Errors
    ///
    /// The state is of another read, or was changed.
    pub(super) fn decode(&self, text: &str, parts: usize) -> Result<Vec<Place>> {
        let refuse = |why: String| Err(Error::Resume { model: self.model, why });
        let changed = || "the state is no state of a read, or was changed or cut".to_owned();
        let Some(content) = opened(text, BINDING) else { return refuse(changed()) };
        let mut rest = match content.split_first() {
            Some((&VERSION, rest)) => rest,
            Some(_) => return refuse("the state was made by another release: start again without it".to_owned()),
            None => return refuse(changed()),
        };
        let rest = &mut rest;
        for (what, name) in [("model", self.model), ("table", &self.table), ("index", self.index)] {
            match read_name(rest) {
                Some(found) if found == name => {}
                Some(found) => {
                    let of = |name: &str| match name {
                        "" => "the table itself".to_owned(),
                        name => format!("the {what} {name:?}"),
                    };
                    return refuse(format!("the state is of {}, and not of {}", of(found), of(name)));
                }
                None => return refuse(changed()),
            }
        }
        let Some((binding, count)) = read_numbers(rest) else { return refuse(changed()) };
        let way = binding.wrapping_sub(self.binding);
        if way & !(BACKWARDS | DRY) != 0 {
            return refuse("the state is of a query with other conditions on its keys".to_owned());
        }
        if way & BACKWARDS != self.way & BACKWARDS {
            return refuse("the state is of a query in the other order".to_owned());
        }
        if way & DRY > self.way & DRY {
            return refuse("the state is of a dry run, which has written nothing".to_owned());
        }
        if count as usize != parts {
            return refuse(format!("the state is of {count} segments, and not of {parts}"));
        }
        match self.read_places(rest, parts) {
            Some(places) => Ok(places),
            None => refuse(changed()),
        }
    }

    fn read_places(&self, rest: &mut &[u8], parts: usize) -> Option<Vec<Place>> {
        let mut places = Vec::with_capacity(parts);
        for _ in 0..parts {
            let (tag, after) = rest.split_first()?;
            *rest = after;
            places.push(match tag {
                b'<' => Place::Start,
                b'>' => Place::End,
                _ => Place::After(read_key(rest, &self.names)?),
            });
        }
        rest.is_empty().then_some(places)
    }
}

fn read_name<'b>(rest: &mut &'b [u8]) -> Option<&'b str> {
    let (length, after) = rest.split_first_chunk::<2>()?;
    let (name, after) = after.split_at_checked(u16::from_be_bytes(*length).into())?;
    *rest = after;
    std::str::from_utf8(name).ok()
}

fn read_numbers(rest: &mut &[u8]) -> Option<(u64, u32)> {
    let (binding, after) = rest.split_first_chunk::<8>()?;
    let (count, after) = after.split_first_chunk::<4>()?;
    *rest = after;
    Some((u64::from_be_bytes(*binding), u32::from_be_bytes(*count)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::AttributeMap;
    use aws_sdk_dynamodb::types::AttributeValue;

    fn bound() -> BoundTo {
        BoundTo { model: "Order", table: "shop".to_owned(), index: "", binding: 7, way: 0, names: vec!["pk", "sk"] }
    }

    fn places() -> Vec<Place> {
        let key = AttributeMap::from([
            ("pk".to_owned(), AttributeValue::S("c1".to_owned())),
            ("sk".to_owned(), AttributeValue::N("5".to_owned())),
        ]);
        vec![Place::Start, Place::After(key), Place::End]
    }

    fn why(bound: &BoundTo, text: &str, parts: usize) -> String {
        bound.decode(text, parts).unwrap_err().to_string()
    }

    #[test]
    fn a_state_is_read_as_it_was_written() {
        let text = bound().encode(places().iter());
        assert_eq!(bound().decode(&text, 3).unwrap(), places());
        assert_eq!(text, "AQAFT3JkZXIABHNob3AAAAAAAAAAAAAHAAAAAzw9UwACYzFOAAE1PtilAouCCAGB");
    }

    #[test]
    fn another_read_is_an_error_that_says_what_differs() {
        let text = bound().encode(places().iter());
        assert_eq!(why(&bound(), &text, 4), "Order: the state is of 3 segments, and not of 4");
        let other = BoundTo { table: "test".to_owned(), ..bound() };
        assert_eq!(why(&other, &text, 3), "Order: the state is of the table \"shop\", and not of the table \"test\"");
        let other = BoundTo { model: "User", ..bound() };
        assert_eq!(why(&other, &text, 3), "User: the state is of the model \"Order\", and not of the model \"User\"");
        let other = BoundTo { index: "gsi1", ..bound() };
        assert_eq!(why(&other, &text, 3), "Order: the state is of the table itself, and not of the index \"gsi1\"");
        for binding in [8, 2] {
            let other = BoundTo { binding, ..bound() };
            assert_eq!(why(&other, &text, 3), "Order: the state is of a query with other conditions on its keys");
        }
        for (way, other, says) in [
            (0, BACKWARDS, "the state is of a query in the other order"),
            (BACKWARDS, 0, "the state is of a query in the other order"),
            (DRY, 0, "the state is of a dry run, which has written nothing"),
            (DRY, DRY | BACKWARDS, "the state is of a query in the other order"),
        ] {
            let text = BoundTo { way, ..bound() }.encode(places().iter());
            let other = BoundTo { way: other, ..bound() };
            assert_eq!(why(&other, &text, 3), format!("Order: {says}"));
            assert_eq!(BoundTo { way: way | DRY, ..bound() }.decode(&text, 3).unwrap(), places());
        }
    }

    #[test]
    fn a_changed_text_is_an_error() {
        let text = bound().encode(places().iter());
        let changed = "Order: the state is no state of a read, or was changed or cut";
        for end in 0..text.len() {
            let cut: String = text.chars().take(end).collect();
            assert_eq!(why(&bound(), &cut, 3), changed);
        }
        for odd in ["no state", "é", &text.replacen("AQ", "Ag", 1), &format!("{text}A")] {
            assert_eq!(why(&bound(), odd, 3), changed, "{odd}");
        }
        let of_later_release = sealed(vec![9, 1, 2], BINDING);
        assert!(why(&bound(), &of_later_release, 3).contains("another release"));
    }
}
