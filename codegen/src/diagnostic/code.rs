//! The catalogue of mistakes and lints: one stable code each.

use std::fmt;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal,)+) => {
        /// The stable code of a kind of mistake, such as `D0101`, or of a lint, such as `L0101`.
        ///
        /// [`explanation`](Self::explanation) describes it. A code keeps its meaning for ever; the code of a removed
        /// mistake is not used again.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Code {
            /// Every code, in the order of the catalogue.
            pub const ALL: &'static [Code] = &[$(Code::$name,)+];

            /// The code as diagnostics print it.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Code::$name => $code,)+
                }
            }
        }
    };
}

codes! {
    /// The text is not valid YAML.
    Syntax = "D0001",
    /// The file is not valid UTF-8.
    NotUtf8 = "D0002",
    /// One map has the same key twice.
    DuplicateKey = "D0003",
    /// Anchors, aliases, merge keys and tags are refused: every value is written where it is used.
    Indirection = "D0004",
    /// Lists and maps are nested too deeply.
    TooDeep = "D0005",
    /// The file holds more than one YAML document.
    ManyDocuments = "D0006",
    /// There is no model to generate.
    NoModels = "D0007",
    /// A schema file cannot be read.
    Unreadable = "D0008",

    /// The schema language has no such key at this place.
    UnknownKey = "D0101",
    /// A key that is required is missing.
    MissingKey = "D0102",
    /// The value is of the wrong kind, such as a list where text is expected.
    WrongKind = "D0103",
    /// The value is not one of the allowed values, or it is out of its bounds.
    BadValue = "D0104",
    /// The file asks for a version of the schema language that this generator does not know.
    LanguageVersion = "D0105",

    /// The name cannot be made a Rust identifier.
    BadName = "D0201",
    /// Two names become the same Rust identifier.
    NameCollision = "D0202",
    /// DynamoDB refuses this attribute name.
    BadAttributeName = "D0203",
    /// Two fields are stored under the same attribute name.
    DuplicateAttribute = "D0204",
    /// DynamoDB refuses this table name.
    BadTableName = "D0205",
    /// A doc text holds characters that Rust comments refuse.
    BadDoc = "D0206",

    /// There is no such type.
    UnknownType = "D0301",
    /// The type's text does not follow the grammar.
    TypeSyntax = "D0302",
    /// The type is not allowed at this place, such as a list in a set.
    TypeNotAllowed = "D0303",
    /// The type is endless: every value of it would hold another value of it.
    EndlessType = "D0304",
    /// The variants of an enum or union contradict each other.
    BadVariants = "D0305",
    /// A trait cannot be derived: a field does not implement it.
    BadDerive = "D0306",
    /// A scalar or a mixin cannot be used as it is.
    BadReuse = "D0307",

    /// A key names a field that the model does not have.
    UnknownKeyField = "D0401",
    /// The field's type cannot be a key: DynamoDB's keys are strings, numbers or binary.
    BadKeyType = "D0402",
    /// Hash key and range key are the same field.
    SameKeyTwice = "D0403",
    /// Settings of one table contradict each other.
    TableConflict = "D0404",
    /// DynamoDB refuses the index: its name, the number of indexes, or a local index without a range key of its own.
    BadIndex = "D0405",
    /// The template of a shared table's key is not valid.
    BadKeyTemplate = "D0406",
    /// Items of two models of one table may have the same key.
    KeysMeet = "D0407",
    /// A field cannot have the role.
    BadRole = "D0408",
    /// A field cannot be unique.
    BadUnique = "D0409",
    /// The models of a collection do not have the same table and hash key.
    BadCollection = "D0410",
    /// A key would be empty, or longer than DynamoDB allows.
    BadKeyValue = "D0411",
    /// A field must be stored, because the key does not have it, or because something needs its attribute.
    MustBeStored = "D0412",
    /// An upgrade between schema versions cannot be run, or leads nowhere.
    BadUpgrade = "D0413",
    /// A service uses something that the schema does not have.
    BadService = "D0414",
    /// A field cannot be encrypted or compressed.
    BadSeal = "D0415",
    /// A hash key cannot be divided into shards in this way.
    BadShards = "D0416",
    /// A field cannot be computed in this way.
    BadComputed = "D0417",
    /// A model cannot have a `before_write` beside what changes parts of its items.
    BadHook = "D0418",
    /// A model cannot have a context as it is, or a field of a context is not one that clients can hold.
    BadContext = "D0419",

    /// The default is not a value of the field's type.
    BadDefault = "D0501",
    /// The field cannot have a default.
    DefaultNotAllowed = "D0502",

    /// A constraint does not fit the field's type, contradicts another one, or is broken by the field's default.
    BadConstraint = "D0601",

    /// A text default looks like the name of a factory.
    TextLikeFactory = "D0701",
    /// An index has the same key as another index or the table.
    SurplusIndex = "D0702",
    /// A constraint allows a key value that DynamoDB refuses.
    LooseKey = "D0703",
    /// An entry of `tables:` has no models.
    IdleTable = "D0704",
    /// A derived `Default` has a value that the constraints of its field refuse.
    BrokenDefault = "D0705",
    /// A policy names an action that DynamoDB does not have.
    UnknownAction = "D0706",

    /// The generator itself is at fault.
    Internal = "D0901",

    /// All items have one hash key.
    ConstantHashKey = "L0101",
    /// The hash key is the time, rounded.
    RoundedTimeHashKey = "L0102",
    /// The hash key has few values.
    FewHashKeys = "L0103",
    /// All writers share one counter.
    SharedCounter = "L0104",

    /// No access pattern reads the index.
    UnreadIndex = "L0201",
    /// An access pattern reads items of other models, and filters them out.
    FilteredQuery = "L0202",
    /// An access pattern reads every item.
    WholeQuery = "L0203",
    /// An index holds whole items, and its access patterns use few of their fields.
    WideProjection = "L0204",

    /// The constraints allow an item that is larger than DynamoDB stores.
    LargeItem = "L0301",
    /// Nothing bounds a list or map of structs.
    UnboundedItem = "L0302",

    /// An `allow:` has no effect.
    IdleAllow = "L0901",
}

/// Whether a diagnostic stops generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Severity {
    /// A mistake: nothing is generated.
    Error,
    /// Code is generated, but it is probably not the intended code.
    Warning,
}

impl Code {
    /// The severity of diagnostics with this code, where warnings are not denied.
    pub fn severity(self) -> Severity {
        match self {
            Code::TextLikeFactory
            | Code::SurplusIndex
            | Code::LooseKey
            | Code::IdleTable
            | Code::BrokenDefault
            | Code::UnknownAction => Severity::Warning,
            lint if lint.is_lint() => Severity::Warning,
            _ => Severity::Error,
        }
    }

    /// Whether it is a lint: a schema that is valid, and will be slow or expensive. Only `lint` finds it, and an `allow:` in the schema accepts it.
    pub fn is_lint(self) -> bool {
        self.as_str().starts_with('L')
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
