//! Attributes for which a struct has no fields.

use crate::ground::AttributeMap;
use std::fmt;

/// The attributes of an item for which its struct has no fields. A read keeps them, and a save writes them again.
///
/// A model has them with `unknown_attributes: keep` in the schema.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client) -> dyntastic::Result<()> {
/// let mut user = User::get(&db, "user123").await?;
/// if let Some(address) = &mut user.address {
///     address.unknown.as_map_mut().remove("legacy_id");
/// }
/// user.save(&db).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default, PartialEq)]
pub struct UnknownAttributes(AttributeMap);

impl UnknownAttributes {
    pub(crate) fn new(attributes: AttributeMap) -> Self {
        Self(attributes)
    }

    /// The attributes, as the SDK's attribute map.
    pub fn as_map(&self) -> &AttributeMap {
        &self.0
    }

    /// The attributes, as the SDK's attribute map, to change them.
    pub fn as_map_mut(&mut self) -> &mut AttributeMap {
        &mut self.0
    }
}

/// Shows the names and omits the values, because debug texts hold none.
impl fmt::Debug for UnknownAttributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// An object without properties: the attributes are not part of a model's JSON.
#[cfg(feature = "schemars")]
impl schemars::JsonSchema for UnknownAttributes {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "UnknownAttributes".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "object" })
    }
}
