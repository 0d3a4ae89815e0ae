//! Attributes that are made of fields, index keys and computed ones, and the updates that change these fields.

use super::keys::write_key_fields;
use super::new_item::if_absent;
use super::unchanged::Unchanged;
use crate::codec::write_as_it_is;
use crate::description::{Discriminator, Made};
use crate::expr::{Defaults, DocumentPath, Term, UpdateAction};
use crate::ground::defects::Defect;
use crate::ground::{AttributeMap, WriteError, defects};
use crate::ops::model::ModelFacts;
use crate::ops::{Error, Result, TableItem};
use aws_sdk_dynamodb::types::AttributeValue;
use std::cell::LazyCell;

/// The defaults of a model's fields, which few updates need.
pub(super) type LazyDefaults<'d> = LazyCell<Defaults, Box<dyn FnOnce() -> Defaults + 'd>>;

/// The changes of an update that keep made attributes consistent with their fields.
#[derive(Debug, Default)]
pub(in crate::ops) struct Kept {
    /// The actions beside the update's own.
    pub(in crate::ops) actions: Vec<UpdateAction>,
    /// The fields that the update does not set: they must be as they were read.
    pub(in crate::ops) unchanged: Vec<Unchanged>,
}

/// The known attributes of the item that an update changes.
#[derive(Debug)]
pub(in crate::ops) struct Known {
    /// The fields of the item's key, which no write changes.
    key: AttributeMap,
    /// All attributes as they were read; `None` for an update by key.
    item: Option<AttributeMap>,
}

/// The value that an update leaves in a field.
pub(in crate::ops) enum Left<'u> {
    Set(&'u AttributeValue),
    Removed,
    Calculated,
    Untouched,
}

/// What is known of a field after an update.
enum After<'v> {
    /// The update sets or removes it, or it is in the key.
    Known(Option<&'v AttributeValue>),
    /// It keeps its stored value, which must be this one.
    Stored(Option<&'v AttributeValue>, Unchanged),
    Unknown,
}

impl After<'_> {
    fn keep(
        self,
        field: &'static str,
        values: &mut AttributeMap,
        unchanged: &mut Vec<Unchanged>,
        missing: &mut Vec<&'static str>,
    ) {
        let value = match self {
            After::Known(value) => value,
            After::Stored(value, of) => {
                if !unchanged.iter().any(|earlier| earlier.is_of(&of)) {
                    unchanged.push(of);
                }
                value
            }
            After::Unknown => {
                if !missing.contains(&field) {
                    missing.push(field);
                }
                None
            }
        };
        values.extend(value.map(|value| (field.to_owned(), value.clone())));
    }
}

fn refuse(model: ModelFacts, made: Made, why: String) -> Error {
    Error::IndexKey { model: model.name(), key: made.attribute(), why }
}

impl Known {
    /// The attributes that are known from the key alone.
    pub(in crate::ops) fn key<M: TableItem>(key: &M::Key) -> Result<Self, WriteError> {
        Ok(Self { key: write_key_fields(key)?, item: None })
    }

    /// The attributes of an item that was read. No index key holds a field that is sealed.
    pub(in crate::ops) fn item<M: TableItem>(item: &M, key: &M::Key) -> Result<Self, WriteError> {
        Ok(Self { item: Some(write_as_it_is(item.transformed().as_ref())?), ..Self::key::<M>(key)? })
    }

    /// Calculates how an update of a model changes its made attributes. The update sets their fields to the defaults
    /// where it would remove them. It also stores the values that a factory has made for the struct.
    pub(in crate::ops) fn kept(
        &self,
        model: ModelFacts,
        own: &mut Vec<UpdateAction>,
        defaults: &LazyDefaults<'_>,
        upsert: bool,
    ) -> Result<Kept> {
        let mut kept = Kept::default();
        let is_part = |name: &str| model.layout().made().any(|made| made.fields().any(|field| field == name));
        for action in own.iter_mut() {
            if let UpdateAction::Remove(path) = action
                && path.rest().is_empty()
                && is_part(path.attribute())
                && let Some(default) = defaults.term(path.attribute())
            {
                *action = UpdateAction::Set(path.clone(), default.clone());
            }
        }
        for made in model.layout().made() {
            if matches!(made, Made::Computed(_)) && !upsert && defects::has(Defect::ComputedFieldsStay) {
                continue;
            }
            if !made.fields().all(|field| is_left(field, own, upsert)) {
                self.rewrite(model, made, own, upsert, defaults, &mut kept)?;
            } else if upsert {
                self.make(model, made, own, defaults, &mut kept)?;
            }
        }
        if upsert {
            kept.actions.extend(self.new_item(model, own));
        }
        Ok(kept)
    }

    fn rewrite(
        &self,
        model: ModelFacts,
        made: Made,
        own: &mut Vec<UpdateAction>,
        upsert: bool,
        defaults: &Defaults,
        kept: &mut Kept,
    ) -> Result<()> {
        let mut values = AttributeMap::new();
        let mut missing = Vec::new();
        let mut unchanged = Vec::new();
        let mut ended = None;
        for when in made.when() {
            match self.after(model, made, when.field, own, upsert, defaults)? {
                After::Known(value) if !when.holds(value) => ended = Some(None),
                After::Stored(value, field) if !when.holds(value) => drop(ended.get_or_insert(Some(field))),
                of => of.keep(when.field, &mut values, &mut unchanged, &mut missing),
            }
        }
        if let Some(field) = &ended {
            // One condition that does not hold is enough: the others, and the fields of the key, do not matter.
            (missing, unchanged) = (Vec::new(), field.iter().cloned().collect());
        } else {
            for field in made.made_of() {
                let of = self.after(model, made, field, own, upsert, defaults)?;
                of.keep(field, &mut values, &mut unchanged, &mut missing);
            }
        }
        let is_removed =
            made.needs_every_field() && made.made_of().any(|field| matches!(left(field, own), Left::Removed));
        if !missing.is_empty() && !is_removed {
            let missing = missing.join(" and ");
            let of = if made.when().is_empty() { "" } else { " and of its condition" };
            return Err(refuse(
                model,
                made,
                format!("does not set {missing}: set every field of it{of}, or update an item that was read"),
            ));
        }
        let key = match ended {
            Some(_) => None,
            None => render(model, made, &|field| values.get(field))?,
        };
        let path = DocumentPath::root(made.attribute());
        // The update itself sets an index key that is a field.
        if !own.iter().any(|action| action.path().overlaps(&path)) {
            kept.actions.push(match key {
                Some(key) => UpdateAction::Set(path, Term::attribute_value(key)),
                None => UpdateAction::Remove(path),
            });
        }
        if !is_removed {
            for field in unchanged {
                field.pin(own, defaults);
                if !kept.unchanged.iter().any(|earlier| earlier.is_of(&field)) {
                    kept.unchanged.push(field);
                }
            }
        }
        Ok(())
    }

    /// What is known of a field after the update.
    fn after<'v>(
        &'v self,
        model: ModelFacts,
        made: Made,
        field: &'static str,
        own: &'v [UpdateAction],
        upsert: bool,
        defaults: &Defaults,
    ) -> Result<After<'v>> {
        Ok(match left(field, own) {
            Left::Set(value) => After::Known(Some(value)),
            Left::Removed => After::Known(None),
            Left::Calculated if !is_left(field, own, upsert) => {
                let is_inside =
                    |action: &UpdateAction| action.path().attribute() == field && !action.path().rest().is_empty();
                let how = if own.iter().any(is_inside) { "changes only a part of" } else { "lets DynamoDB calculate" };
                return Err(refuse(model, made, format!("{how} {field}: set it to a value")));
            }
            Left::Calculated | Left::Untouched => match (self.key.get(field), &self.item) {
                (Some(value), _) => After::Known(Some(value)),
                (None, Some(item)) => {
                    let value = item.get(field);
                    After::Stored(value, Unchanged::as_read(made.attribute(), field, value, defaults))
                }
                (None, None) => match default_of(field, own).filter(|_| upsert) {
                    Some(default) => {
                        let field = Unchanged::of_default(made.attribute(), field, default, defaults);
                        After::Stored(Some(default), field)
                    }
                    None => After::Unknown,
                },
            },
        })
    }

    /// Makes the attribute of a new item from the fields of its key and from defaults. A stored item already has the
    /// attribute, or it is older than the index or the computed field: then its fields must equal the defaults.
    fn make(
        &self,
        model: ModelFacts,
        made: Made,
        own: &[UpdateAction],
        defaults: &Defaults,
        kept: &mut Kept,
    ) -> Result<()> {
        let value_of = |field| self.key.get(field).or_else(|| default_of(field, own));
        let of_default = |field| {
            let default = default_of(field, own)?;
            Some(Unchanged::of_default(made.attribute(), field, default, defaults))
        };
        let not_of_key = |field: &&str| !self.key.contains_key(*field);
        let value = render(model, made, &value_of)?;
        let unchanged = |field| match (of_default(field), &value, made) {
            (Some(part), _, Made::Computed(_)) => part.unless_it_has_both(value.is_some()),
            (Some(part), Some(_), Made::Key(_)) => Some(part.unless_it_has_the_key()),
            (None, Some(_), _) => Some(Unchanged::absent(made.attribute(), field).unless_it_has_the_key()),
            (_, None, _) => None,
        };
        kept.unchanged.extend(made.made_of().filter(not_of_key).filter_map(unchanged));
        if let Some(value) = value {
            kept.actions.push(if_absent(made.attribute(), Term::attribute_value(value)));
            let conditions = made.when().iter().map(|when| when.field).filter(not_of_key).filter_map(of_default);
            kept.unchanged.extend(conditions.map(Unchanged::unless_it_has_the_key_of_a_condition));
        }
        Ok(())
    }

    /// The key fields and the discriminator that a new item needs beside the actions.
    fn new_item(&self, model: ModelFacts, own: &[UpdateAction]) -> Vec<UpdateAction> {
        let is_key = |name: &str| model.layout().keys.iter().any(|template| template.attribute == name);
        let pairs = model.layout().discriminator.into_iter().flat_map(Discriminator::pairs);
        let discriminator = pairs.map(|(attribute, value)| (attribute, AttributeValue::S(value.to_owned())));
        let parts = model.layout().keys.iter().flat_map(|template| template.parts);
        let fields = parts.filter_map(|part| Some((part.field, self.key.get(part.field)?.clone())));
        let mut actions: Vec<UpdateAction> = Vec::new();
        for (name, value) in fields.chain(discriminator) {
            let path = DocumentPath::root(name);
            let is_set = |action: &UpdateAction| action.path().overlaps(&path);
            if !is_key(name)
                && !model.layout().key_only.contains(&name)
                && !own.iter().any(is_set)
                && !actions.iter().any(is_set)
            {
                actions.push(UpdateAction::Set(path, Term::attribute_value(value)));
            }
        }
        actions
    }
}

/// Makes the value of an attribute; `None` if the item has none.
fn render<'v>(
    model: ModelFacts,
    made: Made,
    value_of: &'v dyn Fn(&'static str) -> Option<&'v AttributeValue>,
) -> Result<Option<AttributeValue>> {
    let value = made.render(value_of).and_then(|value| {
        if let (Made::Computed(of), Some(value)) = (made, &value) {
            model.table().check_index_keys(of.attribute, value)?;
        }
        Ok(value)
    });
    Ok(value.map_err(|error| error.of(model.name()).named(model.json_names()))?)
}

/// Whether an action keeps the stored value of a field, if there is one.
fn is_left(field: &str, own: &[UpdateAction], upsert: bool) -> bool {
    matches!(left(field, own), Left::Untouched) || upsert && default_of(field, own).is_some()
}

/// The default that an action sets a field to, if the field is absent.
pub(in crate::ops) fn default_of<'u>(field: &str, own: &'u [UpdateAction]) -> Option<&'u AttributeValue> {
    own.iter().find_map(|action| match action {
        UpdateAction::Set(path, Term::Call { function: "if_not_exists", arguments })
            if path.attribute() == field && path.rest().is_empty() =>
        {
            match arguments.as_slice() {
                [Term::Path(of), Term::Value(Ok(Some(value)))] if of == path => Some(value),
                _ => None,
            }
        }
        _ => None,
    })
}

pub(in crate::ops) fn left<'u>(field: &str, own: &'u [UpdateAction]) -> Left<'u> {
    let of_field = own.iter().find(|action| action.path().attribute() == field);
    match of_field {
        None => Left::Untouched,
        Some(action) if !action.path().rest().is_empty() => Left::Calculated,
        Some(UpdateAction::Set(_, Term::Value(Ok(Some(value))))) => Left::Set(value),
        // An unwritable value is reported when the update is written.
        Some(UpdateAction::Remove(_) | UpdateAction::Set(_, Term::Value(_))) => Left::Removed,
        Some(_) => Left::Calculated,
    }
}
