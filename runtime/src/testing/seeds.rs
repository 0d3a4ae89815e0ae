//! Files of items.

use crate::codec::Item;
use crate::ground::Violations;
use crate::ops::{Error, Running, Save, TableItem};
use crate::transport::Client;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::fmt;
use std::path::Path;

/// The models whose items a seed file may have. The file is JSON, or YAML with the feature `yaml`: a list of items for each
/// model, with the names of the model's JSON (`serde:` in the schema). Fields with a default may be absent.
///
/// ```json
/// {
///   "User": [{ "userId": "u1", "name": "Alice", "email": "alice@example.com" }],
///   "Product": [{ "productId": "67e55044-10b1-426f-9247-bb680e5fe0c8", "name": "Rye", "priceCents": 420 }]
/// }
/// ```
///
/// ```
/// use dyntastic::testing::{self, Seeds};
/// use example_models::{Product, TABLES, User};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let path = std::env::temp_dir().join(format!("dyntastic-seeds-{}.json", std::process::id()));
/// # std::fs::write(&path, r#"{ "User": [{ "userId": "u1", "name": "Alice", "email": "alice@example.com" }] }"#)?;
/// let db = testing::start(TABLES).await?.client();
/// let items = Seeds::new().model::<User>().model::<Product>().load(&db, &path).await?;
/// assert_eq!(items, 1);
/// # std::fs::remove_file(path)?;
/// # Ok(())
/// # }
/// ```
#[derive(Default)]
#[must_use = "items are written by `load`"]
pub struct Seeds(Vec<SeedModel>);

struct SeedModel {
    name: &'static str,
    read: Read,
}

/// Reads an item, or tells its mistakes.
type Read = fn(Value) -> Result<Box<dyn Seed>, Vec<String>>;

/// An item that is to be written.
trait Seed: Send {
    fn insert(self: Box<Self>, client: Client) -> Running<'static, ()>;
}

impl<M: TableItem + Send + Sync + 'static> Seed for M {
    fn insert(mut self: Box<Self>, client: Client) -> Running<'static, ()> {
        Box::pin(async move { Save::insert(&client, &mut *self).await })
    }
}

impl Seeds {
    /// No models.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a model.
    pub fn model<M: TableItem + DeserializeOwned + Send + Sync + 'static>(mut self) -> Self {
        self.0.push(SeedModel { name: M::NAME, read: read::<M> });
        self
    }

    /// Inserts the items of a file, model by model in the order of the file, and returns their number. All items are checked
    /// before the first one is written.
    ///
    /// # Errors
    ///
    /// [`SeedError`] if the file cannot be read, items break constraints, a model is unknown, or an item cannot be written: it
    /// names each item by its model and its place in the list, which begins with 0.
    pub async fn load(self, client: &Client, file: impl AsRef<Path>) -> Result<usize, SeedError> {
        let file = file.as_ref();
        let failed = |mistakes: Vec<String>| SeedError { file: file.display().to_string(), mistakes, source: None };
        let text = std::fs::read_to_string(file).map_err(|error| failed(vec![error.to_string()]))?;
        let models = parse(file, &text).map_err(|mistake| failed(vec![mistake]))?;
        let (mut items, mut mistakes) = (Vec::new(), Vec::new());
        for (name, listed) in models {
            let Some(model) = self.0.iter().find(|model| model.name == name) else {
                let known: Vec<&str> = self.0.iter().map(|model| model.name).collect();
                mistakes.push(format!("{name}: no such model was added, but {}", known.join(", ")));
                continue;
            };
            let Value::Array(listed) = listed else {
                mistakes.push(format!("{name}: a model has a list of items"));
                continue;
            };
            for (number, item) in listed.into_iter().enumerate() {
                let place = format!("{name}[{number}]");
                match (model.read)(item) {
                    Ok(item) => items.push((place, item)),
                    Err(broken) => mistakes.extend(broken.into_iter().map(|broken| format!("{place}{broken}"))),
                }
            }
        }
        if !mistakes.is_empty() {
            return Err(failed(mistakes));
        }
        let count = items.len();
        for (place, item) in items {
            item.insert(client.clone()).await.map_err(|error| SeedError {
                source: Some(Box::new(error)),
                ..failed(vec![format!("{place}: it was not written")])
            })?;
        }
        Ok(count)
    }
}

impl fmt::Debug for Seeds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|model| model.name)).finish()
    }
}

/// The lists of a file, by the names of their models.
fn parse(file: &Path, text: &str) -> Result<Map<String, Value>, String> {
    let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match extension {
        #[cfg(feature = "yaml")]
        "yaml" | "yml" => serde_yaml::from_str(text).map_err(|error| error.to_string()),
        #[cfg(not(feature = "yaml"))]
        "yaml" | "yml" => Err("YAML needs the feature `yaml` of dyntastic".to_owned()),
        _ => serde_json::from_str(text).map_err(|error| error.to_string()),
    }
}

/// An item of a model, or what is wrong with it, each after its place in the item.
fn read<M: TableItem + DeserializeOwned + Send + Sync + 'static>(json: Value) -> Result<Box<dyn Seed>, Vec<String>> {
    let mut item: M = serde_path_to_error::deserialize(json).map_err(|error| {
        let place = error.path().to_string();
        let place = if place == "." { String::new() } else { format!(".{place}") };
        vec![format!("{place}: {}", error.inner())]
    })?;
    if let Some(transforms) = <M as Item>::model_transforms() {
        transforms(&mut item);
    }
    match Violations::of(M::NAME, &item) {
        Ok(()) => Ok(Box::new(item)),
        Err(broken) => Err(broken
            .iter()
            .map(|violation| match violation.json_path().to_string() {
                place if place.is_empty() => format!(": {}", violation.message()),
                place => format!(".{place}: {}", violation.message()),
            })
            .collect()),
    }
}

/// What is wrong with a seed file. Its text names the file, and each item and field with a mistake in a line of its own.
#[derive(Debug)]
pub struct SeedError {
    file: String,
    mistakes: Vec<String>,
    source: Option<Box<Error>>,
}

impl SeedError {
    /// The mistakes, such as `User[1].email: it is an e-mail address`.
    pub fn mistakes(&self) -> &[String] {
        &self.mistakes
    }
}

impl fmt::Display for SeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, mistake) in self.mistakes.iter().enumerate() {
            let end = if number == 0 { "" } else { "\n" };
            write!(f, "{end}{}: {mistake}", self.file)?;
        }
        Ok(())
    }
}

impl std::error::Error for SeedError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|error| error as _)
    }
}
