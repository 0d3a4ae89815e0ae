//! The tables in DynamoDB, each with all that models and entries of `tables:` write about it.

use crate::schema::{Schema, SettingDecl, TableDecl};
use crate::terms::Throughput;
use std::collections::HashMap;

/// The declarations of each table, by the text of its name.
pub(super) struct WrittenTables<'s>(HashMap<&'s str, Vec<&'s TableDecl>>);

impl<'s> WrittenTables<'s> {
    pub(super) fn of(schema: &'s Schema) -> Self {
        // A model with a `key` names an entry of `tables:`.
        let own = schema.models.iter().filter(|model| model.key.is_none()).map(|model| &model.table);
        let mut tables: HashMap<&str, Vec<&TableDecl>> = HashMap::new();
        for table in schema.tables.iter().map(|shared| &shared.table).chain(own) {
            if let Some(name) = &table.name {
                tables.entry(text(name)).or_default().push(table);
            }
        }
        Self(tables)
    }

    /// All declarations of the table of one of them, in their order.
    pub(super) fn all_of<'t>(&self, table: &'t TableDecl) -> Vec<&'t TableDecl>
    where
        's: 't,
    {
        let Some(named) = table.name.as_ref().and_then(|name| self.0.get(text(name))) else { return vec![table] };
        named.iter().copied().filter(|of| place(of) == place(table)).collect()
    }

    /// The provisioned units of the table of a declaration.
    pub(super) fn throughput(&self, table: &TableDecl) -> Option<Throughput> {
        self.all_of(table).into_iter().find_map(|of| of.create.throughput.as_ref()).map(|units| units.value)
    }
}

/// The value, or the variable.
fn text(of: &SettingDecl) -> &str {
    match of {
        SettingDecl::Value(value) | SettingDecl::Env { variable: value, .. } => &value.value,
    }
}

/// The name, the region and the host, each with whether it is a variable's, and the variable's default.
fn place(of: &TableDecl) -> [Option<(bool, &str, Option<&str>)>; 3] {
    fn setting(of: &SettingDecl) -> (bool, &str, Option<&str>) {
        match of {
            SettingDecl::Value(value) => (false, &value.value, None),
            SettingDecl::Env { variable, default } => {
                (true, &variable.value, default.as_ref().map(|default| default.value.as_str()))
            }
        }
    }
    [&of.name, &of.region, &of.host].map(|of| of.as_ref().map(setting))
}
