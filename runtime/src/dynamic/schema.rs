//! The models of a schema, and what a person types of them: keys and conditions.

use super::description::{Described, Field, Step, Structure, Type};
use super::json_error::JsonError;
use super::model::{DynamicItem, DynamicKey, Loaded, enter, with_current};
use super::own_parts::OwnParts;
use super::queries::KeyFields;
use super::value::Value;
use crate::codec::{read_model, write_model};
use crate::description::Table;
use crate::ground::{AttributeMap, ReadError, Violations, WriteError};
use serde_json::value::RawValue;

/// The models of a schema.
#[derive(Debug)]
pub struct DynamicSchema {
    models: Vec<DynamicModel>,
}

/// A model of a schema.
#[derive(Clone, Copy)]
pub struct DynamicModel(pub(super) &'static Loaded);

impl std::fmt::Debug for DynamicModel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl DynamicSchema {
    /// The models of a description that the generator has made, each with its table.
    ///
    /// # Errors
    ///
    /// The description is of another version, or the command cannot work with a model.
    pub fn load(json: &str, tables: &[Table]) -> Result<Self, String> {
        Self::of(serde_json::from_str(json).map_err(|error| error.to_string())?, tables)
    }

    /// The models, as [`load`](Self::load) gives them, whose items keep attributes without a field, whatever the schema
    /// says: at every level, so that reading and writing an item loses nothing of it. A variant of a union that has no
    /// fields cannot keep any, so a value of it with others cannot be read.
    ///
    /// # Errors
    ///
    /// Those of `load`.
    pub fn load_keeping_unknown(json: &str, tables: &[Table]) -> Result<Self, String> {
        let mut described: Described = serde_json::from_str(json).map_err(|error| error.to_string())?;
        described.keep_unknown();
        Self::of(described, tables)
    }

    /// The models, as [`load_keeping_unknown`](Self::load_keeping_unknown) gives them, for copies of items: a time that
    /// an app would have to cut, since texts have six digits of a second, is written with nine.
    ///
    /// # Errors
    ///
    /// Those of `load`.
    pub fn load_for_copies(json: &str, tables: &[Table]) -> Result<Self, String> {
        let mut described: Described = serde_json::from_str(json).map_err(|error| error.to_string())?;
        described.keep_unknown();
        described.keeps_digits = true;
        Self::of(described, tables)
    }

    fn of(mut described: Described, tables: &[Table]) -> Result<Self, String> {
        described.without_keys();
        let schema: &'static Described = Box::leak(Box::new(described));
        let model = |(of, table): (_, &Table)| {
            let loaded: &'static Loaded = Box::leak(Box::new(Loaded::new(schema, of, *table)?));
            Ok(DynamicModel(loaded))
        };
        Ok(Self { models: schema.models.iter().zip(tables).map(model).collect::<Result<_, String>>()? })
    }

    /// The models, in the schema's order.
    pub fn models(&self) -> &[DynamicModel] {
        &self.models
    }
}

impl DynamicModel {
    /// Its name.
    pub fn name(self) -> &'static str {
        &self.0.of.structure.name
    }

    /// Its table.
    pub fn table(self) -> Table {
        self.0.table
    }

    /// Runs an operation of this model.
    pub async fn run<T>(self, operation: impl Future<Output = T>) -> T {
        with_current(self.0, None, operation).await
    }

    /// Runs a query of a table or an index.
    pub async fn run_on<T>(self, source: &KeyFields, operation: impl Future<Output = T>) -> T {
        with_current(self.0, source.index, operation).await
    }

    /// The paths of the app's own types in its items: without the app, such items can neither be read nor written.
    pub fn own_types(self) -> Vec<&'static str> {
        let mut found = OwnParts::default();
        found.structure(self.0.schema, &self.0.of.structure);
        found.types
    }

    /// The paths of the app's own checks of its items, which only the app can call.
    pub fn own_checks(self) -> Vec<&'static str> {
        let mut found = OwnParts::default();
        found.structure(self.0.schema, &self.0.of.structure);
        found.checks
    }

    /// The path of the app's function that changes each item before it is written, which only the app can call.
    pub fn before_write(self) -> Option<&'static str> {
        self.0.of.before_write.as_deref()
    }

    /// Whether upgrades of its items call functions of the app.
    pub fn has_own_upgrades(self) -> bool {
        let steps = self.0.of.versions.iter().flat_map(|versions| versions.upgrades.iter().flatten());
        steps.into_iter().any(|step| matches!(step, Step::Function(_)))
    }

    /// The fields, by their names in JSON, in the schema's order.
    pub fn fields(self) -> impl Iterator<Item = &'static str> {
        self.0.of.structure.fields.iter().map(|field| field.json.as_str())
    }

    /// The fields of the key, by their names in the schema.
    pub fn key_fields(self) -> impl Iterator<Item = &'static str> {
        self.0.key_fields().map(|field| field.name.as_str())
    }

    /// Reads an item from JSON.
    ///
    /// # Errors
    ///
    /// The JSON has another form.
    pub fn item_of_json(self, json: &str) -> Result<DynamicItem, JsonError> {
        DynamicItem::of_json(self.0, json)
    }

    /// Reads an item from JSON, and checks its values as a write does. Without all its fields, those that are there are
    /// checked.
    ///
    /// # Errors
    ///
    /// All mistakes.
    pub fn checked_item_of_json(self, json: &str) -> Result<DynamicItem, JsonError> {
        DynamicItem::checked_of_json(self.0, json)
    }

    /// Reads a stored item.
    ///
    /// # Errors
    ///
    /// It is no item of the model.
    pub fn read(self, stored: AttributeMap) -> Result<DynamicItem, ReadError> {
        enter(self.0, || read_model(stored))
    }

    /// The stored form of an item.
    ///
    /// # Errors
    ///
    /// DynamoDB cannot store a value.
    pub fn write(self, item: &DynamicItem) -> Result<AttributeMap, WriteError> {
        enter(self.0, || write_model(item))
    }

    /// Checks the values, as a write stores them.
    ///
    /// # Errors
    ///
    /// All violations.
    pub fn validate(self, item: &DynamicItem) -> Result<(), Violations> {
        enter(self.0, || crate::Item::validate(item))
    }

    /// The key of an item, by values that a person has typed for the fields of the key.
    ///
    /// # Errors
    ///
    /// A field is missing, is none of the key, or has no such value.
    pub fn key(self, typed: &[(String, String)]) -> Result<DynamicKey, String> {
        let names: Vec<&str> = self.key_fields().collect();
        let all = || format!("the key of `{}` has {}", self.name(), listed(&names));
        if let Some((name, _)) = typed.iter().find(|(name, _)| !names.contains(&name.as_str())) {
            return Err(format!("`{name}` is not a field of the key: {}", all()));
        }
        if let Some(name) = names.iter().find(|name| !typed.iter().any(|(typed, _)| typed == *name)) {
            return Err(format!("`{name}` is missing: {}", all()));
        }
        if let Some(name) = names.iter().find(|name| typed.iter().filter(|(typed, _)| typed == *name).count() > 1) {
            return Err(format!("`{name}` is given more than once"));
        }
        let mut values = Vec::new();
        for (name, text) in typed {
            let field = self.field(name)?;
            values.push((field, self.typed(field, text)?));
        }
        Ok(DynamicKey::new(self.0, |field| {
            values.iter().find(|(of, _)| std::ptr::eq(*of, field)).map(|(_, value)| value.clone())
        }))
    }

    /// The key of an item that was read or made.
    pub fn key_of(self, item: &DynamicItem) -> DynamicKey {
        DynamicKey::from(item)
    }

    /// The key attributes of a stored item.
    pub fn key_attributes_of(self, stored: &AttributeMap) -> AttributeMap {
        let names = self.0.table.key_names();
        names.iter().filter_map(|name| Some(((*name).to_owned(), stored.get(*name)?.clone()))).collect()
    }

    pub(super) fn field(self, name: &str) -> Result<&'static Field, String> {
        let fields = &self.0.of.structure.fields;
        let found = fields.iter().find(|field| field.name == name).or_else(|| fields.iter().find(|of| of.json == name));
        found.ok_or_else(|| {
            let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
            format!("`{}` has no field `{name}`: it has {}", self.name(), listed(&names))
        })
    }

    /// A field that a condition of a filter can have.
    pub(super) fn stored_field(self, name: &str) -> Result<&'static Field, String> {
        match self.field(name)? {
            field if field.key_only => Err(format!("items do not store `{}`: only a key has it", field.name)),
            field => Ok(field),
        }
    }

    /// The value of a field that a person has typed: the text as it is, or JSON. The schema's transforms are applied.
    pub(super) fn typed(self, field: &'static Field, text: &str) -> Result<Value, String> {
        let present = Structure::present(self.0.schema, field);
        let refuse = |error: JsonError| format!("`{}`: {error}", field.name);
        let mut value = match present.ty {
            Type::Scalar(of) => Value::Scalar(
                of.of_typed(text).map_err(|words| format!("`{}` has no value `{text}`: {words}", field.name))?,
            ),
            _ => {
                let json = |text: &str| RawValue::from_string(text.to_owned()).map_err(JsonError::from);
                let as_json = json(text).and_then(|json| present.of_json(&json, true));
                let quoted = || {
                    let quoted = serde_json::to_string(text).map_err(JsonError::from)?;
                    present.of_json(&json(&quoted)?, true)
                };
                as_json.or_else(|_| quoted()).map_err(refuse)?
            }
        };
        field.transform(self.0.schema, &mut value);
        Ok(value)
    }
}

pub(super) fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
