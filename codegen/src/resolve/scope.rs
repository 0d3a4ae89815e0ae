//! The known types by name.

use super::built_in;
use crate::keywords::identifier;
use crate::model::{EnumVariant, JsonName, Named, NamedKind, Scalar, StoredForm, TimeKind, Type};
use crate::schema::{Broken, FieldJsonDecl, Schema};
use crate::terms::{DecimalType, RenameAll, TimeTypes};
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The types of a schema by their names in it, and the libraries that it chooses.
#[derive(Debug)]
pub(crate) struct Scope {
    names: HashMap<String, Entry>,
    /// The names in the schema, by the names in Rust.
    written: HashMap<String, String>,
    /// The definitions with mistakes: their names are known, their contents are not.
    pub(crate) broken: Broken,
    /// The names of the models, which cannot be types of fields.
    pub(crate) models: HashSet<String>,
    /// The names of the scalars, which are replaced before.
    scalars: Vec<String>,
    /// The names of all types, for helps.
    all: OnceCell<Arc<[String]>>,
    time_types: TimeTypes,
    decimal: DecimalType,
    /// The `rename_all` of serde, if its traits are implemented.
    serde: Option<Option<RenameAll>>,
    /// The default forms of times, for fields without a format.
    pub(crate) forms: Vec<(TimeKind, StoredForm)>,
}

#[derive(Debug)]
struct Entry {
    named: Named,
    /// The variants of an enum, by their names in the schema.
    variants: Vec<(String, String)>,
    /// Whether all fields of a struct have defaults.
    has_default: bool,
}

impl Scope {
    pub(crate) fn new(schema: &Schema) -> Self {
        Self {
            names: HashMap::new(),
            written: HashMap::new(),
            broken: schema.broken.clone(),
            models: schema
                .models
                .iter()
                .map(|model| model.name.value.clone())
                .chain(schema.broken.models.iter().cloned())
                .collect(),
            scalars: schema.scalars.iter().map(|scalar| scalar.name.value.clone()).collect(),
            all: OnceCell::new(),
            // chrono is the most widely used library of dates.
            time_types: schema.time_types.as_ref().map_or(TimeTypes::Chrono, |types| types.value),
            decimal: schema.decimal.as_ref().map_or(DecimalType::RustDecimal, |decimal| decimal.value),
            serde: schema
                .serde
                .as_ref()
                .map(|serde| serde.value)
                .filter(|serde| serde.on)
                .map(|serde| serde.rename_all),
            forms: Vec::new(),
        }
    }

    pub(crate) fn define_enum(
        &mut self,
        written: &str,
        name: &str,
        kind: NamedKind,
        variants: &[(&str, &EnumVariant)],
    ) {
        let variants =
            variants.iter().map(|(written, variant)| ((*written).to_owned(), variant.name.clone())).collect();
        let named = Named { name: name.to_owned(), kind, boxed: false };
        self.insert(written, Entry { named, variants, has_default: false });
    }

    pub(crate) fn define(&mut self, written: &str, name: &str, kind: NamedKind) {
        let named = Named { name: name.to_owned(), kind, boxed: false };
        self.insert(written, Entry { named, variants: Vec::new(), has_default: false });
    }

    fn insert(&mut self, written: &str, entry: Entry) {
        self.written.insert(entry.named.name.clone(), written.to_owned());
        self.names.insert(written.to_owned(), entry);
        self.all = OnceCell::new();
    }

    /// Records a type as one with mistakes, unless it is defined elsewhere.
    pub(crate) fn note_broken(&mut self, written: &str) {
        if !self.names.contains_key(written) {
            self.broken.types.insert(written.to_owned());
        }
    }

    /// Records that all fields of a struct have defaults.
    pub(crate) fn set_default(&mut self, written: &str) {
        if let Some(entry) = self.names.get_mut(written) {
            entry.has_default = true;
        }
    }

    /// Whether values have a form in JSON.
    pub(crate) fn has_json(&self) -> bool {
        self.serde.is_some()
    }

    /// The name in JSON of a field with this name in Rust.
    pub(crate) fn json_name(&self, name: &str, declared: &FieldJsonDecl) -> JsonName {
        match (declared.skip, &declared.name) {
            (Some(_), _) => JsonName::Skipped,
            (None, Some(own)) => JsonName::Own(own.value.clone()),
            (None, None) => {
                let identifier = identifier(name);
                let name = identifier.strip_prefix("r#").unwrap_or(&identifier);
                let rename_all = self.serde.flatten();
                JsonName::Derived(rename_all.map_or_else(|| name.to_owned(), |rename_all| rename_all.apply(name)))
            }
        }
    }

    /// The type of a name.
    pub(crate) fn find(&self, written: &str) -> Option<Type> {
        self.names.get(written).map(|entry| Type::Named(entry.named.clone()))
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    /// The names of all types, including built-in ones.
    pub(crate) fn all_names(&self) -> Arc<[String]> {
        self.all
            .get_or_init(|| {
                let own = self.names.keys().chain(&self.scalars).cloned();
                built_in::names().map(str::to_owned).chain(own).collect()
            })
            .clone()
    }

    /// The variants of an enum: their names in the schema, and in Rust.
    pub(crate) fn variants(&self, named: &Named) -> &[(String, String)] {
        self.entry(named).map_or(&[], |entry| &entry.variants)
    }

    /// Whether all fields of a struct have defaults.
    pub(crate) fn has_default(&self, named: &Named) -> bool {
        self.entry(named).is_some_and(|entry| entry.has_default)
    }

    fn entry(&self, named: &Named) -> Option<&Entry> {
        self.names.get(self.written.get(&named.name)?)
    }

    /// The scalar type of a built-in name.
    pub(crate) fn scalar(&self, name: &str) -> Option<Scalar> {
        let time = |kind| Scalar::Time(kind, self.time_types);
        Some(match name {
            "decimal" => Scalar::Decimal(self.decimal),
            "datetime" => time(TimeKind::DateTime),
            "date" => time(TimeKind::Date),
            "time" => time(TimeKind::Time),
            "naive_datetime" => time(TimeKind::NaiveDateTime),
            "duration" => time(TimeKind::Duration),
            _ => return built_in::scalar(name),
        })
    }
}
