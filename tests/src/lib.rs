//! Every expected output of the golden cases, compiled as strictly as its users may.

#![deny(warnings, missing_docs)]
#![allow(clippy::module_inception, reason = "cases are named after their models")]

#[path = "../cases/aliases/expected/src/lib.rs"]
pub mod aliases;
#[path = "../cases/bounds/expected/src/lib.rs"]
pub mod bounds;
#[path = "../cases/by_key/expected/src/lib.rs"]
pub mod by_key;
#[path = "../cases/computed/expected/src/lib.rs"]
pub mod computed;
#[path = "../cases/constraints/expected/src/lib.rs"]
pub mod constraints;
#[path = "../cases/contexts/expected/src/lib.rs"]
pub mod contexts;
#[path = "../cases/counters/expected/src/lib.rs"]
pub mod counters;
#[path = "../cases/defaults/expected/src/lib.rs"]
pub mod defaults;
#[path = "../cases/deprecated/expected/src/lib.rs"]
pub mod deprecated;
#[path = "../cases/derived_names/expected/src/lib.rs"]
pub mod derived_names;
#[path = "../cases/derives/expected/src/lib.rs"]
pub mod derives;
#[path = "../cases/discriminators/expected/src/lib.rs"]
pub mod discriminators;
#[path = "../cases/empty_values/expected/src/lib.rs"]
pub mod empty_values;
#[path = "../cases/everything/expected/src/lib.rs"]
pub mod everything;
#[path = "../cases/foreign_electrodb/expected/src/lib.rs"]
pub mod foreign_electrodb;
#[path = "../cases/foreign_modyne/expected/src/lib.rs"]
pub mod foreign_modyne;
#[path = "../cases/foreign_onetable/expected/src/lib.rs"]
pub mod foreign_onetable;
#[path = "../cases/foreign_online_shop/expected/src/lib.rs"]
pub mod foreign_online_shop;
#[path = "../cases/foreign_pynamodb/expected/src/lib.rs"]
pub mod foreign_pynamodb;
#[path = "../cases/foreign_toolbox/expected/src/lib.rs"]
pub mod foreign_toolbox;
#[path = "../cases/formats_of_fields/expected/src/lib.rs"]
pub mod formats_of_fields;
#[path = "../cases/hooks/expected/src/lib.rs"]
pub mod hooks;
#[path = "../cases/index_only/expected/src/lib.rs"]
pub mod index_only;
#[path = "../cases/indexes/expected/src/lib.rs"]
pub mod indexes;
#[path = "../cases/inputs/expected/src/lib.rs"]
pub mod inputs;
#[path = "../cases/jiff_types/expected/src/lib.rs"]
pub mod jiff_types;
#[path = "../cases/json_fields/expected/src/lib.rs"]
pub mod json_fields;
#[path = "../cases/json_names/expected/src/lib.rs"]
pub mod json_names;
#[path = "../cases/json_schemas/expected/src/lib.rs"]
pub mod json_schemas;
#[path = "../cases/key_forms/expected/src/lib.rs"]
pub mod key_forms;
#[path = "../cases/key_only/expected/src/lib.rs"]
pub mod key_only;
#[path = "../cases/key_texts/expected/src/lib.rs"]
pub mod key_texts;
#[path = "../cases/keys/expected/src/lib.rs"]
pub mod keys;
#[path = "../cases/lifetimes/expected/src/lib.rs"]
pub mod lifetimes;
#[path = "../cases/lints/expected/src/lib.rs"]
pub mod lints;
#[path = "../cases/module_tree/expected/mod.rs"]
pub mod module_tree;
#[path = "../cases/names/expected/src/lib.rs"]
pub mod names;
#[path = "../cases/near_constants/expected/src/lib.rs"]
pub mod near_constants;
#[path = "../cases/nested/expected/src/lib.rs"]
pub mod nested;
#[path = "../cases/nested_patches/expected/src/lib.rs"]
pub mod nested_patches;
#[path = "../cases/paths/expected/src/lib.rs"]
pub mod paths;
#[path = "../cases/precision/expected/src/lib.rs"]
pub mod precision;
#[path = "../cases/pydantic/expected/src/lib.rs"]
pub mod pydantic;
#[path = "../cases/python/expected/src/lib.rs"]
pub mod python;
#[path = "../cases/queries/expected/src/lib.rs"]
pub mod queries;
#[path = "../cases/reuse/expected/src/lib.rs"]
pub mod reuse;
#[path = "../cases/roles/expected/src/lib.rs"]
pub mod roles;
#[path = "../cases/scalars/expected/src/lib.rs"]
pub mod scalars;
#[path = "../cases/schema_versions/expected/src/lib.rs"]
pub mod schema_versions;
#[path = "../cases/seals/expected/src/lib.rs"]
pub mod seals;
#[path = "../cases/separators/expected/src/lib.rs"]
pub mod separators;
#[path = "../cases/several_files/expected/src/lib.rs"]
pub mod several_files;
#[path = "../cases/shadows/expected/src/lib.rs"]
pub mod shadows;
#[path = "../cases/shards/expected/src/lib.rs"]
pub mod shards;
#[path = "../cases/shared_projections/expected/src/lib.rs"]
pub mod shared_projections;
#[path = "../cases/shop/expected/src/lib.rs"]
pub mod shop;
#[path = "../cases/soft_delete/expected/src/lib.rs"]
pub mod soft_delete;
#[path = "../cases/sparse/expected/src/lib.rs"]
pub mod sparse;
#[path = "../cases/streams/expected/src/lib.rs"]
pub mod streams;
#[path = "../cases/tables/expected/src/lib.rs"]
pub mod tables;
#[path = "../cases/time_types/expected/src/lib.rs"]
pub mod time_types;
#[path = "../cases/transforms/expected/src/lib.rs"]
pub mod transforms;
#[path = "../cases/union_types/expected/src/lib.rs"]
pub mod union_types;
#[path = "../cases/unique/expected/src/lib.rs"]
pub mod unique;
#[path = "../cases/unique_together/expected/src/lib.rs"]
pub mod unique_together;
#[path = "../cases/unknown/expected/src/lib.rs"]
pub mod unknown;
#[path = "../cases/upserts/expected/src/lib.rs"]
pub mod upserts;
#[path = "../cases/vectors/expected/src/lib.rs"]
pub mod vectors;
#[path = "../cases/warnings/expected/src/lib.rs"]
pub mod warnings;
#[path = "../cases/web/expected/src/lib.rs"]
pub mod web;

pub mod hooked;
pub mod own_types;

/// Derive macros with the names of others.
pub mod own_derives {
    pub use dyntastic::serde::Deserialize as Serialize;
    /// One more of the same name.
    pub mod other {
        pub use dyntastic::schemars::JsonSchema as Serialize;
    }
}

/// Deprecated items in the form for `include!`, included.
pub mod deprecated_file {
    include!("../cases/deprecated_file/expected/models.rs");
}

/// The form for `include!`, included.
pub mod one_file {
    include!("../cases/one_file/expected/models.rs");
}

/// The README's comparison with Dyntastic: its models, and a function for each row.
#[allow(missing_docs)]
pub mod comparison {
    use dyntastic::chrono::{DateTime, Utc};
    use dyntastic::ops::Page;
    use dyntastic::prelude::*;

    include!(concat!(env!("OUT_DIR"), "/comparison/models.rs"));
    include!(concat!(env!("OUT_DIR"), "/comparison/rows.rs"));
}

/// The random schemas of `sample.yaml`, generated as modules when this crate is built.
#[allow(missing_docs)]
pub mod sampled {
    include!(concat!(env!("OUT_DIR"), "/sample.rs"));
    pub use self::sample::*;
}

/// The README, whose code is compiled and run.
#[doc = include_str!("../../README.md")]
pub mod readme {}
