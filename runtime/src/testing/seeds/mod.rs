//! Files of items.

mod error;
mod file;
mod read;

pub use self::error::SeedError;

use self::file::parse;
use crate::ops::{Error, ItemIdentity, Running, Save, TableItem, insert_identity};
use crate::transport::Client;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::HashMap;
use std::fmt;
use std::path::Path;

/// The models whose items a seed file may have. The file is JSON, or YAML with the feature `yaml`: a list of items for each
/// model, with the names of the model's JSON (`serde:` in the schema). Fields with a default may be absent. A name that the
/// model does not have, or that is there twice, is a mistake.
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

/// Reads an item, or tells its mistakes, each after its place in the item.
type Read = fn(&Value) -> Result<Box<dyn Seed>, Vec<String>>;

/// The items of a file, each with its place in it.
type Placed = Vec<(String, Box<dyn Seed>)>;

/// An item that is to be written.
trait Seed: Send {
    /// What tells it from other items, or what an insert would find wrong with it.
    fn identity(&self, client: &Client) -> Result<ItemIdentity, Error>;

    fn insert(self: Box<Self>, client: Client) -> Running<'static, ()>;
}

impl<M: TableItem + Send + Sync + 'static> Seed for M {
    fn identity(&self, client: &Client) -> Result<ItemIdentity, Error> {
        insert_identity(client, self)
    }

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
    pub fn model<M: TableItem + DeserializeOwned + Serialize + PartialEq + Send + Sync + 'static>(mut self) -> Self {
        let read: Read = |json| Ok(Box::new(read::read::<M>(json)?));
        self.0.push(SeedModel { name: M::NAME, read });
        self
    }

    /// Inserts the items of a file, model by model in the order of the file, and returns their number. All items are checked
    /// before the first one is written, as an insert checks them: after the model's `before_write`, which is called for the check
    /// and again for the write.
    ///
    /// # Errors
    ///
    /// [`SeedError`] if the file cannot be read, items break constraints, a model or a field is unknown, two items have one key,
    /// or an item cannot be written: it names each item by its model and its place in the list, which begins with 0. If
    /// DynamoDB refuses an item, those before it stay: [`SeedError::written`] is their number.
    pub async fn load(self, client: &Client, file: impl AsRef<Path>) -> Result<usize, SeedError> {
        let file = file.as_ref();
        let text = std::fs::read_to_string(file).map_err(|error| SeedError::new(file, vec![error.to_string()]))?;
        let items = self.items(client, file, &text).map_err(|mistakes| SeedError::new(file, mistakes))?;
        let count = items.len();
        for (written, (place, item)) in items.into_iter().enumerate() {
            item.insert(client.clone()).await.map_err(|error| SeedError::unwritten(file, &place, error, written))?;
        }
        Ok(count)
    }

    /// The items of a file with their places, or the mistakes in it.
    fn items(&self, client: &Client, file: &Path, text: &str) -> Result<Placed, Vec<String>> {
        let (mut items, mut mistakes) = (Vec::new(), Vec::new());
        let mut places = HashMap::new();
        for (name, listed) in parse(file, text).map_err(|mistake| vec![mistake])? {
            let Some(model) = self.0.iter().find(|model| model.name == name) else {
                mistakes.push(self.unknown(&name));
                continue;
            };
            let Value::Array(listed) = listed else {
                mistakes.push(format!("{name}: a model has a list of items"));
                continue;
            };
            for (number, item) in listed.iter().enumerate() {
                let place = format!("{name}[{number}]");
                let found = (model.read)(item).and_then(|item| match item.identity(client) {
                    Ok(identity) => Ok((item, identity)),
                    Err(error) => Err(of_item(&error)),
                });
                match found {
                    Ok((item, identity)) => {
                        if let Some(earlier) = places.get(&identity) {
                            mistakes.push(format!("{place}: it has the key of {earlier}"));
                        } else {
                            places.insert(identity, place.clone());
                        }
                        items.push((place, item));
                    }
                    Err(broken) => mistakes.extend(broken.into_iter().map(|broken| format!("{place}{broken}"))),
                }
            }
        }
        if mistakes.is_empty() { Ok(items) } else { Err(mistakes) }
    }

    fn unknown(&self, name: &str) -> String {
        match self.0.as_slice() {
            [] => format!("{name}: no model was added: `Seeds::new().model::<{name}>()`"),
            models => {
                let known: Vec<&str> = models.iter().map(|model| model.name).collect();
                format!("{name}: no such model was added, but {}", known.join(", "))
            }
        }
    }
}

/// What an insert would find wrong with an item, each after its place in it.
fn of_item(error: &Error) -> Vec<String> {
    let Error::Invalid(violations) = error else { return vec![format!(": {error}")] };
    let shown = |place: String, message: &str| match place.is_empty() {
        true => format!(": {message}"),
        false => format!(".{place}: {message}"),
    };
    violations.iter().map(|of| shown(of.json_path().to_string(), of.message())).collect()
}

impl fmt::Debug for Seeds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|model| model.name)).finish()
    }
}
