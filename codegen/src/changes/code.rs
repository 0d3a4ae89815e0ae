//! The catalogue of changes: one stable code each, and the levels of what they break.

use std::fmt;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal,)+) => {
        /// The stable code of a kind of change between two schemas, such as `C0401`.
        ///
        /// [`explanation`](Self::explanation) describes it. A code keeps its meaning for ever.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum ChangeCode {
            $($(#[doc = $doc])+ $name,)+
        }

        impl ChangeCode {
            /// Every code, in the order of the catalogue.
            pub const ALL: &'static [ChangeCode] = &[$(ChangeCode::$name,)+];

            /// The code as reports print it.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(ChangeCode::$name => $code,)+
                }
            }
        }
    };
}

codes! {
    /// A model is new.
    ModelAdded = "C0101",
    /// A model is gone.
    ModelRemoved = "C0102",
    /// A model's items are in another table.
    OtherTable = "C0103",
    /// The key attributes of a table change.
    TableKey = "C0104",
    /// The discriminator of a shared table, or a model's value of it, changes.
    Discriminator = "C0105",
    /// A setting of a table changes, which DynamoDB changes in place.
    TableSetting = "C0106",
    /// Stored attributes without a field are kept, or no longer kept.
    UnknownAttributes = "C0107",
    /// Reads check more, or less.
    ChecksOnRead = "C0108",
    /// A model has another name, and the same items.
    ModelRenamed = "C0109",
    /// A function that changes whole items before they are written, or after they are read, is another one.
    Hook = "C0110",

    /// The keys of a model's items change.
    KeysMove = "C0201",
    /// The keys of a model's items in an index change.
    IndexKeysMove = "C0202",
    /// The condition under which items are in an index changes.
    IndexCondition = "C0203",
    /// A field or a combination of fields becomes unique.
    UniqueAdded = "C0204",
    /// A field or a combination of fields is no longer unique.
    UniqueRemoved = "C0205",
    /// The values of a unique field are reserved in another text.
    UniqueTexts = "C0206",
    /// The shards of the hash key of an index change.
    IndexShards = "C0207",

    /// An index is new.
    IndexAdded = "C0301",
    /// An index is gone.
    IndexRemoved = "C0302",
    /// The keys, the projection or the name of an index change.
    IndexChanged = "C0303",

    /// A field is new.
    FieldAdded = "C0401",
    /// A field is gone.
    FieldRemoved = "C0402",
    /// A field has another name in Rust, and the same attribute.
    FieldRenamed = "C0403",
    /// A field is stored under another attribute.
    AttributeRenamed = "C0404",
    /// A field must have a value.
    FieldRequired = "C0405",
    /// A field may be without a value.
    FieldOptional = "C0406",
    /// The default of a field changes.
    DefaultChanged = "C0407",
    /// The type of a field changes.
    TypeChanged = "C0408",
    /// The stored form of a field changes.
    StoredForm = "C0409",
    /// The transforms or the precision of a field change.
    Normalised = "C0410",
    /// Items store a field, or leave it to the key.
    Stored = "C0411",
    /// The role of a field changes.
    Role = "C0412",
    /// A constraint allows less.
    ConstraintTightened = "C0413",
    /// A constraint allows more.
    ConstraintLoosened = "C0414",
    /// Debug texts show a field, or hide it.
    Sensitive = "C0415",
    /// Items have another schema version.
    SchemaVersion = "C0416",
    /// A field is compressed or encrypted in another way, or no longer.
    Sealed = "C0417",
    /// The values of an encrypted field have hashes in another way, or no longer.
    Searchable = "C0418",
    /// A field is computed, in another way, or no longer.
    Computed = "C0419",

    /// An enum, a type or a union is new.
    DefinitionAdded = "C0501",
    /// An enum, a type or a union is gone.
    DefinitionRemoved = "C0502",
    /// A definition of one name is of another kind.
    DefinitionKind = "C0503",
    /// A variant is new.
    VariantAdded = "C0504",
    /// A variant is gone.
    VariantRemoved = "C0505",
    /// A variant has another name in Rust, and the same stored value.
    VariantRenamed = "C0506",
    /// A variant is stored as another value.
    VariantValue = "C0507",
    /// An enum keeps other values, or no longer keeps them.
    OtherValues = "C0508",
    /// The tag of a union is another attribute.
    Tag = "C0509",

    /// A query, a projection, an input, a collection or a context is new.
    ApiAdded = "C0601",
    /// A query, a projection, an input, a collection or a context changes or is gone.
    ApiChanged = "C0602",
    /// A name in JSON changes.
    JsonName = "C0603",
    /// The derives or attributes of emitted code change.
    Extras = "C0604",
    /// The library of the times or decimals changes.
    Library = "C0605",
    /// Traits of serde or schemars are implemented, or no longer implemented.
    JsonTraits = "C0606",
    /// The context of a model changes, whose clients its operations take.
    Context = "C0607",
}

/// What a change breaks, from nothing to everything. A change can break several things; its level is the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Level {
    /// Nothing: each release reads the items of the other.
    Compatible,
    /// Code that uses the emitted API, or clients that send its JSON, may have to change.
    Api,
    /// The previous release, which still runs during a deployment, cannot read items that this one writes.
    Rollout,
    /// An index, or what serves as one, has to be built or built again.
    Index,
    /// Items written before have no value, and the field has no default.
    Default,
    /// Items written before cannot be read.
    Unreadable,
    /// Keys change, and items written before stay under their old keys.
    Keys,
    /// The table has to be replaced by another one.
    Table,
}

impl Level {
    /// Every level, the least one first.
    pub const ALL: [Level; 8] = [
        Level::Compatible,
        Level::Api,
        Level::Rollout,
        Level::Index,
        Level::Default,
        Level::Unreadable,
        Level::Keys,
        Level::Table,
    ];

    /// The name as reports print it.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Compatible => "compatible",
            Level::Api => "api",
            Level::Rollout => "rollout",
            Level::Index => "index",
            Level::Default => "default",
            Level::Unreadable => "unreadable",
            Level::Keys => "keys",
            Level::Table => "table",
        }
    }

    /// The meaning in one sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Level::Compatible => "nothing breaks",
            Level::Api => "code or clients that use the emitted API may have to change",
            Level::Rollout => "the previous release cannot read items that this one writes",
            Level::Index => "an index has to be built for the items written before",
            Level::Default => "items written before have no value, and there is no default",
            Level::Unreadable => "items written before cannot be read as what they are",
            Level::Keys => "items written before stay under their old keys, where they are not found",
            Level::Table => "the items stay in the old table",
        }
    }
}

impl fmt::Display for ChangeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
