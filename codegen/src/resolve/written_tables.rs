//! The tables in DynamoDB, each with all that models and entries of `tables:` write about it.

use crate::schema::{Schema, SettingDecl, TableDecl};
use crate::terms::Throughput;
use std::collections::HashMap;

/// The declarations of each table, by its place.
pub(super) struct WrittenTables<'s>(HashMap<Place<'s>, Vec<&'s TableDecl>>);

/// The name, the region and the host, each with whether it is a variable's, and the variable's default.
type Place<'s> = [Option<(bool, &'s str, Option<&'s str>)>; 3];

impl<'s> WrittenTables<'s> {
    pub(super) fn of(schema: &'s Schema) -> Self {
        // A model with a `key` names an entry of `tables:`.
        let own = schema.models.iter().filter(|model| model.key.is_none()).map(|model| &model.table);
        let mut tables: HashMap<Place<'_>, Vec<&TableDecl>> = HashMap::new();
        for table in schema.tables.iter().map(|shared| &shared.table).chain(own) {
            if table.name.is_some() {
                tables.entry(place(table)).or_default().push(table);
            }
        }
        Self(tables)
    }

    /// All declarations of the table of one of them, in their order.
    pub(super) fn all_of<'t>(&self, table: &'t TableDecl) -> Vec<&'t TableDecl>
    where
        's: 't,
    {
        self.0.get(&place(table)).map_or_else(|| vec![table], |all| all.to_vec())
    }

    /// The provisioned units of the table of a declaration.
    pub(super) fn throughput(&self, table: &TableDecl) -> Option<Throughput> {
        self.all_of(table).into_iter().find_map(|of| of.create.throughput.as_ref()).map(|units| units.value)
    }
}

fn place(of: &TableDecl) -> Place<'_> {
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
