//! Changes inside of structs that an item may not have.

use super::applied::{Applied, applied, last_index, put, value_at};
use super::attribute::Attribute;
use super::condition::Node;
use super::defaults::Defaults;
use super::document_path::DocumentPath;
use super::error::ExpressionError;
use super::outer::Outer;
use super::term::Term;
use super::update_parts::UpdateAction;
use crate::codec::{FromAttribute, Item, ToAttribute, ValueReader, write_value};
use crate::ground::{AttributeMap, ReadError, ReadErrorKind, Violations};
use crate::validate::Checked;
use aws_sdk_dynamodb::types::AttributeValue;
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// A struct that a patch changes inside.
#[derive(Clone)]
pub(super) struct StructChange {
    path: DocumentPath,
    complete: Complete,
}

/// Makes a whole struct of an attribute value: its defaults and transforms are applied, and its constraints checked.
type Complete = Arc<dyn Fn(&DocumentPath, AttributeValue) -> Result<AttributeValue, IncompleteStruct> + Send + Sync>;

/// Why a patch cannot create a struct.
#[derive(Debug)]
pub(crate) enum IncompleteStruct {
    /// The item has no struct at the path, and the patch does not give it all its fields.
    Missing(Box<MissingInStruct>),
    /// The item has nothing that holds the path.
    NoParent(DocumentPath),
    /// The item has another value at the path.
    Other(ReadError),
    /// The whole struct breaks constraints.
    Invalid(Violations),
}

impl IncompleteStruct {
    /// The struct at a path cannot be read.
    fn of<T: Item>(path: &DocumentPath, error: ReadError) -> Self {
        match error.kind() {
            ReadErrorKind::Missing => {
                let violations = Self::violations::<T>(path, &error, ("required", "it has no value"));
                let error = error.inside(&path.to_item_path());
                Self::Missing(Box::new(MissingInStruct { of: path.clone(), error, violations }))
            }
            // The update has calculated it.
            ReadErrorKind::Value { .. } => {
                Self::Invalid(Self::violations::<T>(path, &error, ("range", "its type does not hold the value")))
            }
            _ => Self::Other(error.inside(&path.to_item_path())),
        }
    }

    /// The violation of the value in a struct that cannot be read.
    fn violations<T: Item>(
        path: &DocumentPath,
        error: &ReadError,
        (code, message): (&'static str, &str),
    ) -> Violations {
        let mut json_path = error.path().clone();
        json_path.rename_outermost(|attribute| T::model_json_names().of(attribute));
        let mut violations = Violations::new("");
        violations.add(code, message, Vec::new());
        let of_struct = violations.inside(error.path(), &json_path);
        of_struct.inside(&path.to_item_path(), &path.to_json_path())
    }
}

/// A field that a patch does not give to a struct which it has to create.
#[derive(Debug)]
pub(crate) struct MissingInStruct {
    /// The path of the struct.
    pub(crate) of: DocumentPath,
    pub(crate) error: ReadError,
    /// The same, by its paths.
    pub(crate) violations: Violations,
}

impl StructChange {
    pub(super) fn of<M, T: Item + ToAttribute + FromAttribute + 'static, R>(attribute: &Attribute<M, T, R>) -> Self {
        let check = attribute.rules.check.unwrap_or(|of: Checked<'_, T>| of.nested().done());
        let outer = attribute.outer.clone();
        let complete = move |path: &DocumentPath, stored: AttributeValue| {
            let mut whole = <T as FromAttribute>::read(ValueReader::new(stored.clone()))
                .map_err(|error| IncompleteStruct::of::<T>(path, error))?;
            if let Some(change) = T::model_transforms() {
                change(&mut whole);
            }
            let value = write_value(&whole).unwrap_or(stored);
            let own = Violations::of_update(path, &whole, check);
            match own.or_else(|| Outer::violations_of_element(&outer, path, &value)) {
                Some(violations) => Err(IncompleteStruct::Invalid(violations)),
                None => Ok(value),
            }
        };
        Self { path: attribute.path().clone(), complete: Arc::new(complete) }
    }
}

/// The structs that the patches of an update change inside, each once, the outer ones first.
#[derive(Clone, Default)]
pub(crate) struct StructChanges {
    each: Vec<StructChange>,
    /// The defaults of the attributes that are structs.
    defaults: AttributeMap,
}

/// An update as it is for one item: an absent struct is set as a whole.
#[derive(Debug)]
pub(crate) struct UpdateOfItem {
    pub(crate) actions: Vec<UpdateAction>,
    /// The conditions that the item has these structs, and no others of the patches.
    pub(crate) conditions: Vec<Node>,
}

impl StructChanges {
    pub(super) fn new(each: &[StructChange]) -> Self {
        let mut each = each.to_vec();
        // DynamoDB appends elements beyond the end of a list, in the order of their indexes.
        each.sort_by_key(|change| (change.path.rest().len(), last_index(&change.path)));
        let mut known = Vec::new();
        each.retain(|change| {
            let is_new = !known.contains(&change.path);
            known.push(change.path.clone());
            is_new
        });
        Self { each, defaults: AttributeMap::new() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.each.is_empty()
    }

    /// Whether a patch changes the struct in an attribute inside.
    pub(crate) fn are_in(&self, attribute: &str) -> bool {
        self.each.iter().any(|change| change.path.attribute() == attribute && change.path.rest().is_empty())
    }

    /// Whether a patch changes a struct at any depth in an attribute.
    pub(crate) fn are_inside(&self, attribute: &str) -> bool {
        self.each.iter().any(|change| change.path.attribute() == attribute)
    }

    /// An absent struct begins with its default.
    pub(crate) fn set_defaults(&mut self, defaults: &Defaults) {
        for change in &self.each {
            let name = change.path.attribute();
            if let Some(Term::Value(Ok(Some(value)))) = defaults.term(name) {
                self.defaults.insert(name.to_owned(), value.clone());
            }
        }
    }

    /// The attributes that hold structs which an item does not have.
    pub(crate) fn absent_in(&self, item: &AttributeMap) -> Vec<&'static str> {
        let absent = self.each.iter().filter(|change| is_absent(value_at(&change.path, item)));
        absent.map(|change| change.path.attribute()).collect()
    }

    /// The mistake of an action that sets or removes a struct, or what holds it, beside a patch of it.
    pub(crate) fn overlap(&self, actions: &[UpdateAction]) -> Option<ExpressionError> {
        let of_all =
            self.each.iter().flat_map(|change| actions.iter().map(move |action| (&change.path, action.path())));
        let (one, other) = { of_all }.find(|(of, action)| of.overlaps(action) && !action.is_inside(of))?;
        Some(ExpressionError::Overlap(one.to_item_path(), other.to_item_path()))
    }

    /// The conditions that an item has all the structs.
    pub(crate) fn all_exist(&self) -> Vec<Node> {
        self.each.iter().map(|change| exists(&change.path)).collect()
    }

    /// The update of an item; `None` is a new item.
    ///
    /// # Errors
    ///
    /// The update cannot create an absent struct as a whole.
    pub(crate) fn of_item(
        &self,
        actions: &[UpdateAction],
        item: Option<&AttributeMap>,
    ) -> Result<UpdateOfItem, IncompleteStruct> {
        let none = AttributeMap::new();
        let stored = item.unwrap_or(&none);
        let mut conditions = Vec::new();
        let mut created: Vec<&StructChange> = Vec::new();
        for change in &self.each {
            if created.iter().any(|outer| change.path.is_inside(&outer.path)) {
                continue;
            }
            match value_at(&change.path, stored) {
                Some(AttributeValue::M(_)) => conditions.push(exists(&change.path)),
                absent @ (None | Some(AttributeValue::Null(_))) => {
                    conditions.push(Node::is_still(&change.path, absent));
                    created.push(change);
                }
                Some(other) => {
                    if let Err(error @ IncompleteStruct::Other(_)) = (change.complete)(&change.path, other.clone()) {
                        return Err(error);
                    }
                }
            }
        }
        if created.is_empty() {
            return Ok(UpdateOfItem { actions: actions.to_vec(), conditions });
        }
        let begun = self.begun(stored);
        if let Some(change) = created.iter().find(|change| is_absent(value_at(&change.path, &begun))) {
            return Err(IncompleteStruct::NoParent(change.path.clone()));
        }
        let is_inside = |action: &UpdateAction| created.iter().any(|outer| action.path().is_inside(&outer.path));
        let (inside, mut left): (Vec<UpdateAction>, Vec<UpdateAction>) =
            actions.iter().cloned().partition(|action| is_inside(action));
        let Some(after) = applied(&inside, &begun) else {
            return Ok(UpdateOfItem { actions: actions.to_vec(), conditions });
        };
        conditions.extend(unchanged(&inside, item, &created));
        for StructChange { path, complete } in created {
            let Some(value) = after.value_at(path) else { continue };
            let whole = complete(path, value.clone()).map_err(|error| self.innermost(path, &after, error))?;
            left.push(UpdateAction::Set(path.clone(), Term::attribute_value(whole)));
        }
        Ok(UpdateOfItem { actions: left, conditions })
    }

    /// The error of a struct that cannot be created, or of the innermost struct in it that causes it.
    fn innermost(&self, path: &DocumentPath, after: &Applied, error: IncompleteStruct) -> IncompleteStruct {
        if !matches!(error, IncompleteStruct::Missing(_)) {
            return error;
        }
        let mut inside = self.each.iter().rev().filter(|change| change.path.is_inside(path));
        let inner = inside.find_map(|StructChange { path, complete }| {
            complete(path, after.value_at(path)?.clone()).err().filter(|of| matches!(of, IncompleteStruct::Missing(_)))
        });
        inner.unwrap_or(error)
    }

    /// The item whose absent structs have begun.
    fn begun<'i>(&self, item: &'i AttributeMap) -> Cow<'i, AttributeMap> {
        let mut begun = Cow::Borrowed(item);
        for change in &self.each {
            if is_absent(value_at(&change.path, &begun)) {
                let first = self.first(change, &begun);
                put(&change.path, begun.to_mut(), Some(first));
            }
        }
        begun
    }

    /// The value with which an absent struct begins: its default, or one without fields.
    fn first(&self, change: &StructChange, item: &AttributeMap) -> AttributeValue {
        let default = match self.each.iter().rev().find(|outer| change.path.is_inside(&outer.path)) {
            None => value_at(&change.path, &self.defaults).cloned(),
            // The outer struct sets the defaults of its fields, if it can be read without this one.
            Some(outer) => value_at(&outer.path, item).and_then(|stored| {
                let whole = (outer.complete)(&outer.path, stored.clone()).ok()?;
                let mut with_defaults = item.clone();
                put(&outer.path, &mut with_defaults, Some(whole));
                value_at(&change.path, &with_defaults).cloned()
            }),
        };
        default.filter(AttributeValue::is_m).unwrap_or_else(|| AttributeValue::M(HashMap::new()))
    }
}

/// The conditions that the values which actions inside of created structs copy are still those of the item.
fn unchanged(inside: &[UpdateAction], item: Option<&AttributeMap>, created: &[&StructChange]) -> Vec<Node> {
    let mut paths = Vec::new();
    for action in inside {
        if let UpdateAction::Set(_, term) = action {
            term.paths(&mut paths);
        }
    }
    paths.retain(|path| !created.iter().any(|of| path.is_inside(&of.path)));
    paths.into_iter().map(|path| Node::is_still(path, item.and_then(|item| value_at(path, item)))).collect()
}

fn is_absent(value: Option<&AttributeValue>) -> bool {
    matches!(value, None | Some(AttributeValue::Null(_)))
}

fn exists(path: &DocumentPath) -> Node {
    Node::Call("attribute_type", vec![Term::Path(path.clone()), Term::value("M")])
}

impl fmt::Debug for StructChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.to_item_path())
    }
}

/// Leaves out the values: no text holds them.
impl fmt::Debug for StructChanges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.each).finish()
    }
}
