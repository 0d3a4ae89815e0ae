//! A model that is known only at run time.

use super::description::{
    Described, Factory, Field, IndexDescription, ModelDescription, StoredKeyKind, Structure, Type,
};
use super::json_error::JsonError;
use super::scalar::Scalar;
use super::value::{StructValue, Typed, Value, Written};
use super::{layout, leaked, sealed::seals, upgrades::upgrades};
use crate::codec::{
    Item, ItemReader, ItemWriter, ReadStored, Slot, StoredKey, ToAttribute, UnknownAttributes, Upgrades,
};
use crate::description::{KeyAttribute, KeyTemplate, Layout, Roles, Seals, Setting, Table};
use crate::ground::{JsonNames, ReadError, ReadErrorKind, Violations};
use crate::ops::model::{Counters, Key, Model, TableItem};
use crate::ops::{ConsistentSource, Index, Source};
use crate::validate::Transforms;
use std::cell::Cell;
use std::fmt;
use std::future::poll_fn;
use std::pin::pin;

/// A model of a schema, with the constants that emitted code would have.
pub(super) struct Loaded {
    pub(super) schema: &'static Described,
    pub(super) of: &'static ModelDescription,
    pub(super) table: Table,
    pub(super) layout: Layout,
    roles: Roles,
    upgrades: Upgrades,
    seals: Seals,
    /// The attributes of the fields, and then those of the stored key.
    names: &'static [&'static str],
    key_only: &'static [&'static str],
    pub(super) indexes: Vec<(&'static IndexDescription, Index, &'static [KeyTemplate])>,
}

#[derive(Clone, Copy)]
struct Current {
    model: &'static Loaded,
    index: Option<usize>,
}

thread_local! {
    /// The model whose constants the hidden functions of `Item`, `Model` and `Source` return. They have no receiver.
    static CURRENT: Cell<Option<Current>> = const { Cell::new(None) };
}

/// Runs a future with a model as the current one, also if other models' futures run between its steps.
pub(super) async fn with_current<T>(model: &'static Loaded, index: Option<usize>, run: impl Future<Output = T>) -> T {
    let mut run = pin!(run);
    poll_fn(|context| {
        let outer = CURRENT.replace(Some(Current { model, index }));
        let polled = run.as_mut().poll(context);
        CURRENT.set(outer);
        polled
    })
    .await
}

/// The same for a function.
pub(super) fn enter<T>(model: &'static Loaded, run: impl FnOnce() -> T) -> T {
    let outer = CURRENT.replace(Some(Current { model, index: None }));
    let result = run();
    CURRENT.set(outer);
    result
}

/// The current model.
pub(super) fn current_model() -> Option<&'static Loaded> {
    CURRENT.get().map(|current| current.model)
}

fn current<T>(of: impl FnOnce(&'static Loaded) -> T, otherwise: T) -> T {
    CURRENT.get().map_or(otherwise, |current| of(current.model))
}

impl Loaded {
    pub(super) fn new(schema: &'static Described, of: &'static ModelDescription, table: Table) -> Result<Self, String> {
        let stored = of.structure.fields.iter().filter(|field| !field.key_only).map(|field| field.attribute.as_str());
        let keys = of.stored_key.iter().flat_map(|key| &key.attributes).map(|(attribute, _)| attribute.as_str());
        let key_only = of.structure.fields.iter().filter(|field| field.key_only).map(|field| field.attribute.as_str());
        let with_constants = |index: &'static IndexDescription| {
            let (constant, templates) = layout::index(index);
            (index, constant, templates)
        };
        Ok(Self {
            schema,
            of,
            table,
            layout: layout::layout(of),
            roles: layout::roles(of),
            upgrades: upgrades(of)?,
            seals: seals(of, &table),
            names: leaked::names(stored.chain(keys).collect()),
            key_only: leaked::names(key_only.collect()),
            indexes: of.indexes.iter().map(with_constants).collect(),
        })
    }

    /// The fields of its key.
    pub(super) fn key_fields(&self) -> impl Iterator<Item = &'static Field> {
        let of = self.of;
        of.hash.iter().chain(&of.range).filter_map(|position| of.structure.fields.get(*position))
    }
}

/// An item of the current model.
#[derive(Clone)]
pub struct DynamicItem {
    pub(super) model: &'static Loaded,
    pub(super) value: StructValue,
    /// Whether writes leave its version and its times as they are.
    pub(super) is_as_it_is: bool,
}

/// The key of an item.
#[derive(Clone)]
pub struct DynamicKey {
    values: Vec<(Typed, &'static str, Value)>,
}

/// An index of the current model.
#[derive(Debug)]
pub enum DynamicIndex {}

impl DynamicItem {
    pub(super) fn of_json(model: &'static Loaded, json: &str) -> Result<Self, JsonError> {
        let value = model.of.structure.of_json(model.schema, super::json::entries(serde_json::from_str(json)?)?)?;
        if let Some(versions) = model.of.versions.as_ref()
            && value.unknown.as_map().contains_key(&versions.attribute)
        {
            return Err(JsonError::new(format_args!(
                "`{}` is the schema version, which every write makes",
                versions.attribute
            )));
        }
        Ok(Self { model, value, is_as_it_is: false })
    }

    pub(super) fn checked_of_json(model: &'static Loaded, json: &str) -> Result<Self, JsonError> {
        let read = Self::of_json(model, json);
        let mut value = match &read {
            Ok(item) => item.value.clone(),
            // Text that is no object has no values to check.
            Err(_) => match serde_json::from_str(json).map_err(JsonError::from).and_then(super::json::entries) {
                Ok(entries) => model.of.structure.readable_of_json(model.schema, entries),
                Err(_) => return read,
            },
        };
        let structure = &model.of.structure;
        structure.transform(model.schema, &mut value);
        let mut violations = Violations::new(&structure.name);
        violations.in_json(structure.names_in_json(), |violations| match &read {
            Ok(_) => structure.check(model.schema, &value, violations),
            Err(_) => structure.check_fields(model.schema, &value, violations),
        });
        match (read, violations.finish()) {
            (read, Ok(())) => read,
            (read, Err(violations)) => Err(JsonError::of(violations).after(read.err())),
        }
    }

    /// The item in JSON, on one line.
    ///
    /// # Errors
    ///
    /// A value has no form in JSON.
    pub fn to_json(&self) -> Result<String, JsonError> {
        let mut json = String::new();
        self.model.of.structure.write_json(self.model.schema, &self.value, None, &mut json)?;
        Ok(json)
    }

    /// The same item, which writes store with the version and the times that it has: an item of a copy.
    #[must_use]
    pub fn as_it_is(mut self) -> Self {
        self.is_as_it_is = true;
        self
    }

    fn number(&self, at: Option<usize>) -> Option<u64> {
        match self.value.fields.get(at?)? {
            Value::Scalar(Scalar::U32(value)) => Some((*value).into()),
            Value::Scalar(Scalar::U64(value)) => Some(*value),
            _ => None,
        }
    }

    fn set_made(&mut self, at: Option<usize>, by: Factory, only_absent: bool) {
        let field = at.and_then(|at| Some((self.model.of.structure.fields.get(at)?, self.value.fields.get_mut(at)?)));
        let Some((field, value)) = field else { return };
        if only_absent && !matches!(value, Value::None) {
            return;
        }
        if let Type::Scalar(ty) = Structure::present(self.model.schema, field).ty
            && let Some(made) = ty.made(by)
        {
            *value = Value::Scalar(made);
        }
    }
}

impl DynamicKey {
    pub(super) fn new(model: &'static Loaded, values: impl Fn(&'static Field) -> Option<Value>) -> Self {
        let value = |field: &'static Field| {
            let mut value = values(field)?;
            field.transform(model.schema, &mut value);
            Some((Structure::present(model.schema, field), field.attribute.as_str(), value))
        };
        Self { values: model.key_fields().filter_map(value).collect() }
    }
}

/// Omits the values, because debug texts hold none.
impl fmt::Debug for DynamicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.iter().map(|(_, attribute, _)| attribute)).finish()
    }
}

/// Omits the values, because debug texts hold none.
impl fmt::Debug for DynamicItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(&self.model.of.structure.name).finish_non_exhaustive()
    }
}

impl Key for DynamicKey {
    type Model = DynamicItem;

    fn write(&self, writer: &mut ItemWriter<'_>) {
        for (typed, attribute, value) in &self.values {
            writer.attribute(attribute, &Written(*typed, value));
        }
    }
}

impl From<&DynamicItem> for DynamicKey {
    fn from(item: &DynamicItem) -> Self {
        let fields = &item.model.of.structure.fields;
        Self::new(item.model, |field| {
            let position = fields.iter().position(|of| std::ptr::eq(of, field))?;
            item.value.fields.get(position).cloned()
        })
    }
}

/// The place of a field's value.
struct Place<'v> {
    schema: &'static Described,
    field: &'static Field,
    value: &'v mut Option<Value>,
}

impl Slot for Place<'_> {
    fn read(&mut self, reader: &mut ItemReader<'_>) -> Result<(), ReadError> {
        *self.value = self.field.read(self.schema, reader)?;
        Ok(())
    }
}

fn read<'r>(model: &'static Loaded, from: &mut ItemReader<'r>) -> Result<DynamicItem, ReadError> {
    if !model.seals.attributes.is_empty() {
        from.opened(&model.seals)?;
    }
    from.upgraded(&model.upgrades)?;
    let (schema, structure) = (model.schema, &model.of.structure);
    let mut values: Vec<Option<Value>> = vec![None; structure.fields.len()];
    let places = |values: &mut Vec<Option<Value>>, key_only: bool, run: &mut dyn FnMut(&mut [&mut dyn Slot]) -> _| {
        let fields = structure.fields.iter().zip(values).filter(|(field, _)| field.key_only == key_only);
        let mut places: Vec<Place<'_>> = fields.map(|(field, value)| Place { schema, field, value }).collect();
        let mut slots: Vec<&mut dyn Slot> = places.iter_mut().map(|place| place as &mut dyn Slot).collect();
        run(&mut slots)
    };
    let of_key: Vec<ReadStored<'r>> = model
        .of
        .stored_key
        .iter()
        .flat_map(|key| &key.attributes)
        .map(|(_, kind)| match kind {
            StoredKeyKind::Hash => StoredKey::hash_key as ReadStored<'r>,
            StoredKeyKind::Range => StoredKey::range_key,
            StoredKeyKind::Index => StoredKey::index_key,
        })
        .collect();
    let mut key = StoredKey::default();
    places(&mut values, false, &mut |slots| {
        key = from.fields_and_key(model.names, slots, &of_key)?;
        Ok(())
    })?;
    let is_sensitive = model.of.stored_key.as_ref().is_some_and(|key| key.is_sensitive);
    let hide = |error: ReadError| if is_sensitive { error.hidden() } else { error };
    if !model.key_only.is_empty() {
        places(&mut values, true, &mut |slots| key.fields(model.layout, model.key_only, slots).map_err(hide))?;
    }
    let unknown = match structure.keeps_unknown {
        true => from.unknown_beside(&structure.made.iter().map(String::as_str).collect::<Vec<_>>()),
        false => UnknownAttributes::default(),
    };
    let value = structure.finish(schema, values, unknown)?;
    if let Some(stored) = model.of.stored_key.as_ref().filter(|stored| stored.is_checked) {
        let mut transformed = value.clone();
        structure.transform(schema, &mut transformed);
        let fields = stored.values.iter().filter_map(|at| structure.fields.get(*at).zip(transformed.fields.get(*at)));
        let written: Vec<Written<'_>> =
            fields.map(|(field, value)| Written(Structure::present(schema, field), value)).collect();
        let written: Vec<&dyn ToAttribute> = written.iter().map(|value| value as &dyn ToAttribute).collect();
        key.check(model.layout, &written).map_err(hide)?;
    }
    let item = DynamicItem { model, value, is_as_it_is: false };
    if structure.validate_on_read { from.validated(item) } else { Ok(item) }
}

impl Item for DynamicItem {
    const NAME: &'static str = "Item";

    fn model_name() -> &'static str {
        current(|model| model.of.structure.name.as_str(), Self::NAME)
    }

    fn model_json_names() -> JsonNames {
        current(|model| model.of.structure.names_in_json(), JsonNames::SAME)
    }

    fn model_layout() -> Layout {
        current(|model| model.layout, Layout::OWN)
    }

    fn model_upgrades() -> Upgrades {
        current(|model| model.upgrades, Upgrades::NONE)
    }

    fn model_seals() -> Seals {
        current(|model| model.seals, Seals::NONE)
    }

    fn model_transforms() -> Option<Transforms<Self>> {
        Some(|item| item.model.of.structure.transform(item.model.schema, &mut item.value))
    }

    fn read(reader: &mut ItemReader<'_>) -> Result<Self, ReadError> {
        match CURRENT.get() {
            Some(current) => read(current.model, reader),
            None => Err(ReadError::new(ReadErrorKind::NoModel)),
        }
    }

    fn write(&self, writer: &mut ItemWriter<'_>) {
        self.model.of.structure.write(self.model.schema, &self.value, writer);
        self.write_computed(writer);
        if let Some(attribute) = self.model.upgrades.attribute {
            writer.attribute(attribute, &self.model.upgrades.current());
        }
    }

    fn check(&self, violations: &mut Violations) {
        self.model.of.structure.check(self.model.schema, &self.value, violations);
    }
}

impl Model for DynamicItem {}

impl TableItem for DynamicItem {
    type Key = DynamicKey;
    const TABLE: Table = Table::new(Setting::value(""), KeyAttribute::string(""));

    fn model_table() -> Table {
        current(|model| model.table, Self::TABLE)
    }

    fn model_roles() -> Roles {
        current(|model| model.roles, Roles::NONE)
    }

    fn version(&self) -> Option<u64> {
        let at = self.model.of.version.filter(|_| !self.is_as_it_is)?;
        Some(self.number(Some(at)).unwrap_or_default())
    }

    fn counters(&self, counters: &mut Counters) {
        let structure = &self.model.of.structure;
        for at in self.model.of.counters.iter().filter(|_| !self.is_as_it_is) {
            if let Some((field, value)) = structure.fields.get(*at).zip(self.value.fields.get(*at)) {
                counters.value(&field.attribute, &Written(Structure::present(self.model.schema, field), value));
            }
        }
    }

    fn is_deleted(&self) -> bool {
        let at = self.model.of.deleted_at;
        let value = at.and_then(|at| self.value.fields.get(at));
        value.is_some_and(|value| !matches!(value, Value::None))
    }

    /// The command shows what is stored.
    fn hidden_by() -> Option<&'static str> {
        None
    }

    fn stamped(&self, is_new: bool) -> Option<Self> {
        let ModelDescription { version, created_at, updated_at, lifetime, .. } = self.model.of;
        version.or(*created_at).or(*updated_at).or(lifetime.map(|(at, _)| at))?;
        let mut item = self.clone();
        // A stored item has been written once.
        if self.is_as_it_is && self.number(*version) != Some(0) {
            return Some(item);
        }
        if let Some(Value::Scalar(value)) = version.and_then(|at| item.value.fields.get_mut(at)) {
            match value {
                Scalar::U32(value) => *value = value.saturating_add(1),
                Scalar::U64(value) => *value = value.saturating_add(1),
                _ => {}
            }
        }
        if self.is_as_it_is {
            return Some(item);
        }
        item.set_made(*created_at, Factory::Now, !is_new);
        item.set_made(*updated_at, Factory::Now, false);
        if let Some((at, seconds)) = lifetime {
            item.set_made(Some(*at), Factory::Expiry(*seconds), false);
        }
        Some(item)
    }
}

impl Source for DynamicIndex {
    type Model = DynamicItem;
    type Item = DynamicItem;
    const INDEX: Option<Index> = None;

    fn source_index() -> Option<Index> {
        let Current { model, index } = CURRENT.get()?;
        model.indexes.get(index?).map(|(_, index, _)| *index)
    }

    fn source_keys() -> &'static [KeyTemplate] {
        let index = CURRENT.get().and_then(|Current { model, index }| model.indexes.get(index?));
        index.map_or(&[], |(_, _, templates)| templates)
    }

    fn source_is_mixed() -> bool {
        let index = CURRENT.get().and_then(|Current { model, index }| model.indexes.get(index?));
        index.is_some_and(|(index, _, _)| index.mixed)
    }
}

/// The caller does not ask a global index for it.
impl ConsistentSource for DynamicIndex {}
