//! Example items: made by types, formats and constraints, the same in each run, with values that related models share.

mod key_texts;
mod matching;
mod numbers;
mod structs;
mod texts;
mod times;
mod values;

use super::entries::{Example, Relation};
use super::{guards, indexes};
use crate::model::{
    Computation, Computed, Default, Factory, Field, Literal, Model, ModelSet, StructType, Type, TypeDefinition,
};
use crate::pull::{LiveItem, LiveValue};
use crate::terms::FieldRole;
use key_texts::Rules;
use matching::Patterns;
use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use structs::Place;

/// The number of example items of a model.
const EXAMPLES: usize = 3;

/// The maximum number of values in an item, nested ones included.
const MOST_VALUES: usize = 2_000;

/// The reason why a value cannot be made.
type Reason = String;

/// Makes the example items of a schema.
pub(super) struct Maker<'m> {
    set: &'m ModelSet,
    definitions: HashMap<&'m str, &'m TypeDefinition>,
    structs: HashMap<&'m str, &'m StructType>,
    /// The key fields that fields of other models name, by model and field.
    targets: HashMap<(&'m str, &'m str), (&'m str, &'m Field)>,
    /// The table of each model.
    table_of: &'m [usize],
    patterns: Patterns,
    /// The values that the current item may still have.
    left: Cell<usize>,
}

/// How an item's values are numbered.
#[derive(Clone, Copy)]
struct Numbering {
    number: usize,
    /// Whether the items share the items of other models that they name.
    is_spread: bool,
}

impl Numbering {
    /// The ways to number the values of the example with this number. Later ones avoid values of other examples.
    fn ways(number: usize) -> impl Iterator<Item = Self> {
        [(0, true), (0, false), (EXAMPLES, false), (2 * EXAMPLES, false)]
            .into_iter()
            .map(move |(shift, is_spread)| Self { number: number + shift, is_spread })
    }

    /// The number of the item that the field with this place among an item's references names.
    fn of_reference(self, place: usize) -> usize {
        match (self.is_spread, self.number, place % 2) {
            (false, number, _) => number,
            (true, 2, 0) | (true, 1, 1) => 1,
            (true, ..) => 0,
        }
    }
}

impl<'m> Maker<'m> {
    pub(super) fn new(set: &'m ModelSet, relations: &[Relation], table_of: &'m [usize]) -> Self {
        let structs = set.types.iter().flat_map(TypeDefinition::structs).map(|of| (of.name.as_str(), of)).collect();
        let models: HashMap<&str, &Model> = set.models.iter().map(|model| (model.name.as_str(), model)).collect();
        let field = |model: &str, field: &str| {
            let model = models.get(model)?;
            Some((model.name.as_str(), model.fields.iter().find(|of| of.name == *field)?))
        };
        let targets = relations.iter().filter_map(|of| {
            let (model, own) = field(&of.model, &of.field)?;
            Some(((model, own.name.as_str()), field(&of.target, &of.target_field)?))
        });
        Self {
            set,
            definitions: set.types.iter().map(|of| (of.name(), of)).collect(),
            structs,
            targets: targets.collect(),
            table_of,
            patterns: Patterns::default(),
            left: Cell::new(0),
        }
    }

    /// The examples of each model, or the reason why it has none.
    pub(super) fn examples(&self) -> Vec<Result<Vec<Example>, Reason>> {
        let mut taken = HashSet::new();
        let models = self.set.models.iter().zip(self.table_of);
        models.map(|(model, table)| self.of_model(model, *table, &mut taken)).collect()
    }

    fn of_model(
        &self,
        model: &'m Model,
        table: usize,
        taken: &mut HashSet<(usize, String)>,
    ) -> Result<Vec<Example>, Reason> {
        if let Some(path) = &model.validate {
            return Err(format!("the app's function `{path}` checks its items"));
        }
        let hooks = [("before_write", &model.hooks.before_write), ("after_read", &model.hooks.after_read)];
        if let Some((hook, path)) = hooks.into_iter().find_map(|(name, path)| Some((name, path.as_ref()?))) {
            return Err(format!("the app's function `{path}` changes its items (`{hook}`)"));
        }
        if let Some((of, path)) = model.computed.iter().find_map(|of| Some((of, function(of)?))) {
            return Err(format!("the app's function `{path}` computes `{}`", of.field.name));
        }
        let names: Vec<&str> = model.keys().map(|key| key.attribute.as_str()).collect();
        let key = |item: &LiveItem| {
            let values: Vec<Option<&LiveValue>> = names.iter().map(|name| item.get(*name)).collect();
            (table, format!("{values:?}"))
        };
        let mut examples = Vec::with_capacity(EXAMPLES);
        for number in 0..EXAMPLES {
            for numbering in Numbering::ways(number) {
                let example = self.example(model, numbering)?;
                let items = std::iter::once(&example.item).chain(&example.guards);
                let keys: Vec<_> = items.map(key).collect();
                if keys.iter().any(|key| taken.contains(key)) {
                    continue;
                }
                taken.extend(keys);
                examples.push(example);
                break;
            }
        }
        match examples.is_empty() {
            true => Err("no item was found whose key no other example has".to_owned()),
            false => Ok(examples),
        }
    }

    fn example(&self, model: &'m Model, numbering: Numbering) -> Result<Example, Reason> {
        self.left.set(MOST_VALUES);
        let moments = times::of(&model.fields, numbering.number);
        let mut fields = LiveItem::new();
        let mut references = 0;
        for field in &model.fields {
            let target = self.targets.get(&(model.name.as_str(), field.name.as_str()));
            let mut number = numbering.number;
            if target.is_some() {
                number = numbering.of_reference(references);
                references += 1;
            }
            let (owner, of) = target.copied().unwrap_or((&model.name, field));
            let rules = Rules::of(model, field);
            let wanted = wanted(model, field, numbering.number);
            if field.role == Some(FieldRole::DeletedAt) {
                continue;
            }
            // Others show the sparse indexes, and what an item without the values looks like.
            if matches!(field.ty, Type::Optional(_)) && numbering.number % 2 == 1 && !field.key_only && wanted.is_none()
            {
                continue;
            }
            let place = Place {
                name: &of.name,
                owner,
                number,
                moment: times::moment(&moments, field),
                transforms: &field.transform,
                rules: &rules,
                wanted,
                factory: factory(of),
                patterns: &self.patterns,
                path: &[],
            };
            if let Some(value) = self.field(field, &place)? {
                fields.insert(field.attribute.clone(), value);
            }
        }
        let item = self.item(model, &fields, &moments)?;
        let guards = guards::of(model).iter().filter_map(|guarded| guarded.item(&item, &fields)).collect();
        Ok(Example { item, guards })
    }

    /// The whole item of the stored values of its fields, as a write stores it.
    fn item(&self, model: &Model, fields: &LiveItem, moments: &times::Moments) -> Result<LiveItem, Reason> {
        let mut item = fields.clone();
        for Computed { field, by } in &model.computed {
            let value = match by {
                Computation::Text { parts, end } => key_texts::text(parts, end, fields, moments).map(LiveValue::Text),
                Computation::Expiry { seconds, from } => fields.get(&from.attribute).map(|_| {
                    let ends = times::moment(moments, from).and_utc().timestamp().saturating_add_unsigned(*seconds);
                    LiveValue::Number(ends.to_string())
                }),
                Computation::Function { .. } => None,
            };
            if let Some(value) = value {
                item.insert(field.attribute.clone(), value);
            }
        }
        let missing = |attribute: &str| format!("no key `{attribute}` can be made");
        if let Some(sharing) = &model.sharing {
            for key in model.keys() {
                let text = key_texts::render(key, fields, moments).ok_or_else(|| missing(&key.attribute))?;
                item.insert(key.attribute.clone(), text);
            }
            let mut made: Vec<&str> = model.keys().map(|key| key.attribute.as_str()).collect();
            for index in &model.indexes {
                for key in index.keys().filter(|key| !key_texts::is_field(key)) {
                    if made.contains(&key.attribute.as_str()) {
                        continue;
                    }
                    made.push(&key.attribute);
                    let is_in = |when| indexes::holds(self.set, when, fields.get(&when.field.attribute));
                    if index.when.iter().all(is_in)
                        && let Some(text) = key_texts::render(key, fields, moments)
                    {
                        item.insert(key.attribute.clone(), text);
                    }
                }
            }
            for field in model.fields.iter().filter(|field| field.key_only) {
                item.remove(&field.attribute);
            }
            for (attribute, value) in &sharing.discriminator {
                item.insert(attribute.clone(), LiveValue::Text(value.clone()));
            }
        }
        if let Some(versions) = &model.versions {
            item.insert(versions.attribute.clone(), LiveValue::Number(versions.current().to_string()));
        }
        Ok(item)
    }
}

/// The value with which the item is in an index: every second example is in all of its model's indexes.
fn wanted<'m>(model: &'m Model, field: &Field, number: usize) -> Option<&'m Literal> {
    let conditions = model.indexes.iter().flat_map(|index| &index.when);
    let mut of_field = conditions.filter(|when| when.field.name == field.name);
    of_field.next().filter(|_| number.is_multiple_of(2)).and_then(|when| when.values.first())
}

/// The function that computes a field.
fn function(of: &Computed) -> Option<&str> {
    match &of.by {
        Computation::Function { path, .. } => Some(path),
        Computation::Text { .. } | Computation::Expiry { .. } => None,
    }
}

/// The factory that makes a field's values.
fn factory(of: &Field) -> Option<Factory> {
    match of.default {
        Default::Factory(factory) => Some(factory),
        _ => None,
    }
}
