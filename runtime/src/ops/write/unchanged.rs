//! Fields of index keys and computed fields that an update does not set, and the stored forms in which what is made of
//! them is still correct.
//!
//! A struct does not know how its fields are stored. Absent, NULL and the default itself may all read as the default,
//! and other writers may spell a value in other ways. The first request accepts the forms that are known to read as
//! the value. If DynamoDB refuses it, the returned item shows whether the field was changed or has another form.

use super::expectation::Cause;
use crate::codec::{normal_number, read_as_stored, write_as_it_is};
use crate::expr::{Defaults, DocumentPath, Node, Term, UpdateAction};
use crate::ground::defects::Defect;
use crate::ground::{AttributeMap, defects};
use crate::keys::Keys;
use crate::ops::TableItem;
use aws_sdk_dynamodb::types::AttributeValue;

/// A field that must be unchanged.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::ops) struct Unchanged {
    /// The index key or computed field that is made of the field.
    key: &'static str,
    field: &'static str,
    /// The expected value; `None` if the field must be absent.
    value: Option<AttributeValue>,
    /// Whether the field may also be absent.
    or_absent: bool,
    /// Whether the field may also be NULL.
    or_null: bool,
    origin: Origin,
}

/// The origin of the expected value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// The struct that was read.
    Struct,
    /// The default that an upsert gives a new item.
    Default,
    /// The same default, where the upsert also makes the index key if the item has none.
    DefaultOfNewKey,
    /// The same, of a field on which a condition of the index key depends.
    ConditionOfNewKey,
    /// A default that is not what an absent field reads as, of a computed field: an item with the computed value must
    /// have the field too, or the default would change it.
    DefaultOfComputed,
    /// The same, where the computed field has no value for the default.
    DefaultOfNoValue,
}

impl Unchanged {
    /// A field of an item that was read.
    pub(in crate::ops) fn as_read(
        key: &'static str,
        field: &'static str,
        value: Option<&AttributeValue>,
        defaults: &Defaults,
    ) -> Self {
        let or_absent = value.is_none_or(|value| {
            let may_be_absent = defaults.reads_as(field, value) || defaults.is_made(field);
            may_be_absent && !defects::has(Defect::DefaultsAreStored)
        });
        Self { key, field, value: value.cloned(), or_absent, or_null: or_absent, origin: Origin::Struct }
    }

    /// A field that an upsert sets to its default where it is absent.
    pub(in crate::ops) fn of_default(
        key: &'static str,
        field: &'static str,
        value: &AttributeValue,
        defaults: &Defaults,
    ) -> Self {
        let or_null = defaults.reads_as(field, value);
        Self { key, field, value: Some(value.clone()), or_absent: true, or_null, origin: Origin::Default }
    }

    /// A field that a new item does not have.
    pub(in crate::ops) fn absent(key: &'static str, field: &'static str) -> Self {
        Self { key, field, value: None, or_absent: true, or_null: true, origin: Origin::Default }
    }

    /// The same condition, which a stored item with the index key fulfils too.
    pub(in crate::ops) fn unless_it_has_the_key(self) -> Self {
        Self { origin: Origin::DefaultOfNewKey, ..self }
    }

    /// The same for a field of a condition of the index key.
    pub(in crate::ops) fn unless_it_has_the_key_of_a_condition(self) -> Self {
        Self { origin: Origin::ConditionOfNewKey, ..self }
    }

    /// The same of a computed field, whose value the default may change: a stored item that has both fulfils it. If the
    /// computed field has no value for the default, an item without it fulfils it too. `None` if nothing can change.
    pub(in crate::ops) fn unless_it_has_both(self, has_value: bool) -> Option<Self> {
        let origin = match (self.or_null, has_value) {
            // Absent and the default read alike.
            (true, true) => Origin::DefaultOfNewKey,
            (true, false) => return None,
            (false, true) => Origin::DefaultOfComputed,
            (false, false) => Origin::DefaultOfNoValue,
        };
        Some(Self { origin, ..self })
    }

    /// Whether a stored item with the index key fulfils the condition.
    fn is_of_new_key(&self) -> bool {
        matches!(self.origin, Origin::DefaultOfNewKey | Origin::ConditionOfNewKey)
    }

    /// The attributes that decide whether it holds.
    pub(in crate::ops) fn attributes(&self) -> [&'static str; 2] {
        [self.key, self.field]
    }

    pub(in crate::ops) fn is_of(&self, other: &Self) -> bool {
        self.field == other.field && self.origin == other.origin
    }

    /// Adds an action that stores the value that a factory made when the item was read. The next read would make
    /// another value, which the index key would not have.
    pub(in crate::ops) fn pin(&self, actions: &mut Vec<UpdateAction>, defaults: &Defaults) {
        if self.origin != Origin::Struct || !defaults.is_made(self.field) {
            return;
        }
        let path = DocumentPath::root(self.field);
        let as_read = match self.value.clone() {
            Some(value) => UpdateAction::Set(path, Term::attribute_value(value)),
            None => UpdateAction::Remove(path),
        };
        match actions.iter_mut().find(|action| action.path().attribute() == self.field) {
            Some(action) => *action = as_read,
            None => actions.push(as_read),
        }
    }

    pub(in crate::ops) fn node(&self) -> Node {
        let path = || Term::Path(DocumentPath::root(self.field));
        let mut any = Vec::new();
        if self.is_of_new_key() {
            any.push(Node::Call("attribute_exists", vec![Term::Path(DocumentPath::root(self.key))]));
        }
        if self.or_absent {
            any.push(Node::Call("attribute_not_exists", vec![path()]));
        }
        let forms = self.value.iter().cloned().chain(self.or_null.then_some(AttributeValue::Null(true)));
        any.extend(forms.map(|form| Node::Compare(path(), "=", Term::attribute_value(form))));
        let node = match any.len() {
            1 => any.pop().unwrap_or(Node::None),
            _ => Node::Or(any),
        };
        let call = |function, name| Node::Call(function, vec![Term::Path(DocumentPath::root(name))]);
        let exists = |name| call("attribute_exists", name);
        let has_no_key = || call("attribute_not_exists", self.key);
        match self.origin {
            Origin::DefaultOfComputed => Node::Or(vec![
                Node::And(vec![exists(self.key), exists(self.field)]),
                Node::And(vec![has_no_key(), node]),
            ]),
            Origin::DefaultOfNoValue => Node::Or(vec![exists(self.field), has_no_key()]),
            _ => node,
        }
    }

    /// Whether an item fulfils the condition; `None` if no item exists.
    fn holds(&self, item: Option<&AttributeMap>) -> bool {
        let has = |name| item.is_some_and(|item| item.contains_key(name));
        match self.origin {
            _ if self.is_of_new_key() && has(self.key) => return true,
            Origin::DefaultOfComputed if has(self.key) => return has(self.field),
            Origin::DefaultOfNoValue => return has(self.field) || !has(self.key),
            _ => {}
        }
        match (item.and_then(|item| item.get(self.field)), &self.value) {
            (None, _) => self.or_absent,
            (Some(AttributeValue::Null(true)), value) => self.or_null || *value == Some(AttributeValue::Null(true)),
            (Some(AttributeValue::N(stored)), Some(AttributeValue::N(value))) => {
                normal_number(stored) == normal_number(value)
            }
            (Some(stored), value) => Some(stored) == value.as_ref(),
        }
    }

    /// The same field in its stored form.
    fn as_stored(&self, item: &AttributeMap) -> Self {
        let value = item.get(self.field).cloned();
        Self { or_absent: value.is_none(), or_null: false, value, ..*self }
    }
}

/// The fields in their stored forms. `None` if all have an expected form already, or if a field reads as another
/// value.
pub(in crate::ops) fn in_other_forms<M: TableItem>(
    unchanged: &[Unchanged],
    item: &AttributeMap,
    keys: Option<&Keys>,
) -> Option<Vec<Unchanged>> {
    // What `after_read` has changed is not what the keys that stay are made of.
    let written = |item| write_as_it_is(read_as_stored::<M>(item, keys).ok()?.transformed().as_ref()).ok();
    in_forms_that_read_alike(unchanged, item, &written)
}

fn in_forms_that_read_alike(
    unchanged: &[Unchanged],
    item: &AttributeMap,
    written: &dyn Fn(AttributeMap) -> Option<AttributeMap>,
) -> Option<Vec<Unchanged>> {
    if unchanged.iter().all(|field| field.holds(Some(item))) || defects::has(Defect::DefaultsAreStored) {
        return None;
    }
    let read = written(item.clone())?;
    let reads_so = |field: &Unchanged| read.get(field.field) == field.value.as_ref();
    let as_stored = |field: &Unchanged| match field.holds(Some(item)) {
        true => Some(field.clone()),
        false => reads_so(field).then(|| field.as_stored(item)),
    };
    unchanged.iter().map(as_stored).collect()
}

/// The cause of a failed update, if a field was changed; `None` if another condition failed.
pub(in crate::ops) fn cause(unchanged: &[Unchanged], item: Option<&AttributeMap>) -> Option<Cause> {
    let Unchanged { key, field, origin, .. } = *unchanged.iter().find(|field| !field.holds(item))?;
    Some(match origin {
        Origin::Struct => Cause::StaleIndexKey { key, field },
        Origin::Default | Origin::DefaultOfComputed | Origin::DefaultOfNoValue => {
            let help = "set every field of it, or update an item that was read";
            Cause::UnknownIndexKey { key, field, help }
        }
        Origin::ConditionOfNewKey => {
            Cause::UnknownIndexKey { key, field, help: "set it too, or update an item that was read" }
        }
        Origin::DefaultOfNewKey => {
            Cause::UnknownIndexKey { key, field, help: "it is older than the attribute: save it" }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> AttributeValue {
        AttributeValue::N(text.to_owned())
    }

    /// Which stored forms of the field are accepted: absent, NULL, the default 0, 0 in another form, 7.
    fn held(field: &Unchanged) -> [bool; 5] {
        let forms = [None, Some(AttributeValue::Null(true)), Some(number("0")), Some(number("0.0")), Some(number("7"))];
        forms.map(|form| field.holds(Some(&form.map(|form| ("rank".to_owned(), form)).into_iter().collect())))
    }

    #[test]
    fn a_field_may_have_the_forms_that_read_as_its_value() {
        let mut defaults = Defaults::default();
        defaults.replace("at", Term::attribute_value(number("1")));
        defaults.literal("rank", 0_u32);
        let read = |value: Option<&str>| Unchanged::as_read("key", "rank", value.map(number).as_ref(), &defaults);
        assert_eq!(held(&read(None)), [true, true, false, false, false]);
        assert_eq!(held(&read(Some("0"))), [true, true, true, true, false]);
        assert_eq!(held(&read(Some("7"))), [false, false, false, false, true]);
        let default = |value| Unchanged::of_default("key", "rank", &number(value), &defaults);
        assert_eq!(held(&default("0")), [true, true, true, true, false]);
        assert_eq!(held(&default("7")), [true, false, false, false, true], "NULL is not replaced, and reads as 0");
        let made = Unchanged::as_read("key", "at", Some(&number("5")), &defaults);
        assert!(made.or_absent, "the next read would make another value");
    }

    #[test]
    fn a_stored_index_key_is_correct() {
        let field = Unchanged::of_default("key", "rank", &number("0"), &Defaults::default());
        let other = AttributeMap::from([("key".to_owned(), number("1")), ("rank".to_owned(), number("7"))]);
        assert!(!field.holds(Some(&other)));
        assert!(field.clone().unless_it_has_the_key().holds(Some(&other)));
        assert!(field.holds(None), "a missing item fulfils it");
    }
}
