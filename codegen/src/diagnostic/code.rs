//! The catalogue of mistakes: one stable code each.

use std::fmt;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal,)+) => {
        /// The stable code of a kind of mistake, such as `D0101`.
        ///
        /// [`explanation`](Self::explanation) tells more. A code keeps its meaning for ever; a code that is no longer used is not given to another mistake.
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
    /// Anchors, aliases, merge keys and tags are refused: every value stands where it is used.
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
    /// The value is none of those allowed, or out of its bounds.
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
    /// The type cannot stand at this place, such as a list in a set.
    TypeNotAllowed = "D0303",
    /// A type that has no end: every value of it would hold another one.
    EndlessType = "D0304",
    /// The variants of an enum or union contradict each other.
    BadVariants = "D0305",

    /// A key names a field that the model does not have.
    UnknownKeyField = "D0401",
    /// The field's type cannot be a key: DynamoDB's keys are strings, numbers or binary.
    BadKeyType = "D0402",
    /// Hash key and range key are the same field.
    SameKeyTwice = "D0403",
    /// Settings of one table contradict each other.
    TableConflict = "D0404",
    /// DynamoDB refuses the index: its name, its number, or a local index without what it needs.
    BadIndex = "D0405",
    /// A key of a shared table cannot be made so.
    BadKeyTemplate = "D0406",
    /// Two models of one table may have one key.
    KeysMeet = "D0407",
    /// A field cannot have the role.
    BadRole = "D0408",
    /// A field cannot be unique.
    BadUnique = "D0409",
    /// The models of a collection do not fit.
    BadCollection = "D0410",
    /// A key would be empty, or longer than DynamoDB takes.
    BadKeyValue = "D0411",

    /// The default is no value of the field's type.
    BadDefault = "D0501",
    /// The field cannot have a default.
    DefaultNotAllowed = "D0502",

    /// A constraint does not fit the field's type, contradicts another one, or is broken by the field's default.
    BadConstraint = "D0601",

    /// A text that looks like the name of a factory.
    TextLikeFactory = "D0701",
    /// An index that another index, or the table, serves.
    SurplusIndex = "D0702",
    /// A constraint allows a key what DynamoDB refuses.
    LooseKey = "D0703",
    /// A table of `tables:` that no model is in.
    IdleTable = "D0704",

    /// The generator itself is at fault.
    Internal = "D0901",
}

/// How grave it is what a diagnostic tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Severity {
    /// Nothing is generated.
    Error,
    /// Code is generated, and is hardly what was meant.
    Warning,
}

impl Code {
    /// The severity of diagnostics with this code, where warnings are not denied.
    pub fn severity(self) -> Severity {
        match self {
            Code::TextLikeFactory | Code::SurplusIndex | Code::LooseKey | Code::IdleTable => Severity::Warning,
            _ => Severity::Error,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
