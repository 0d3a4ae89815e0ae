//! The words of other schema languages, and this language's replacement for each. They come from JSON Schema, OpenAPI,
//! Pydantic, SQL and its mappers, the AWS SDKs, and Rust.

use super::Help;

/// The place of a word in a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// A key at the top of a file.
    Schema,
    Model,
    /// An entry of `types:`.
    Struct,
    /// An entry of `scalars:`.
    Scalar,
    /// An entry of `mixins:`.
    Mixin,
    Enum,
    Variant,
    Union,
    UnionVariant,
    Field,
    /// The map under a field's `serde:`.
    FieldJson,
    /// The map under a field's `encrypt:`.
    Encrypt,
    /// A field whose type is a string.
    TextField,
    /// A field whose type is a list, a set or a map.
    CollectionField,
    /// The constraints of the elements of a field's type.
    Items,
    Table,
    /// An entry of `tables:`.
    SharedTable,
    Create,
    /// An entry of `replicas:`.
    Replica,
    Throughput,
    Index,
    /// An entry of `vector_indexes:`.
    VectorIndex,
    Projection,
    Query,
    /// The map under `inputs:`.
    Inputs,
    Collection,
    /// The map of a key attribute's template.
    KeyTemplate,
    /// A key of a map that has no synonyms of its own.
    Other,
    /// A value, with the Rust type that it is read as.
    Value(&'static str),
    /// A type, such as `Option<String>`.
    Type,
    /// The format of a string.
    TextFormat,
    /// The format of a time.
    TimeFormat,
    Factory,
}

/// This language's replacement for a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ours {
    /// A word of this language.
    Is(&'static str),
    /// A word of this language with another use, and how to use it.
    Key(&'static str, &'static str),
    /// A word of this language that was misspelled.
    Near(&'static str),
    /// A help text; `{}` is the name of the item that has the word.
    Says(&'static str),
}

impl Ours {
    /// The replacement, if it is one word.
    pub(crate) fn word(self) -> Option<&'static str> {
        match self {
            Ours::Is(word) | Ours::Key(word, _) | Ours::Near(word) => Some(word),
            Ours::Says(_) => None,
        }
    }

    /// The help for a schema that has the word; `name` is the item that has it.
    pub(crate) fn help(self, name: &str) -> Help {
        match self {
            Ours::Is(word) => Help::replacing(format!("it is called `{word}` here"), None, word),
            Ours::Near(word) => Help::replacing(format!("did you mean `{word}`?"), None, word),
            Ours::Key(_, help) | Ours::Says(help) => help.replace("{}", name).into(),
        }
    }
}

/// The replacement for a word, from the first of these places that has one.
pub(crate) fn find(places: &[Place], word: &str) -> Option<Ours> {
    let word = plain(word);
    let at = |place: &Place| {
        let mut rows = WORDS.iter().filter(|(places, ..)| places.contains(place));
        rows.find(|(_, words, _)| words.split(' ').any(|known| known == word)).map(|(.., ours)| *ours)
    };
    places.iter().find_map(at)
}

/// A word without case and separators: `minLength`, `min-length` and `MIN_LENGTH` are the same.
pub(crate) fn plain(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

use Ours::{Is, Key, Says};
use Place::*;

const OPTIONAL: &str = "a `?` after its type makes a field optional: `{}: string?`; inside braces, in quotes";
const REQUIRED: &str = "leave it out: a field is required unless its type ends in `?` or it has a default";
const HASH_KEY: &str = "the model names its key: `hash_key: {}`";
const RANGE_KEY: &str = "the model names its range key: `range_key: {}`";
const WHEN: &str = "only a key that is made by a template can be sparse: in a model of a shared table, write \
                    `when: { status: open }` beside the templates of its index";
const FILTER: &str = "leave it out: a call filters, `User::query_by_city(&db, city).filter(User::A.age.gt(17))`; `range` \
                      limits the range key";
const INDEX: &str = "the model lists its indexes: `indexes: { by_{}: { hash_key: {} } }`";
const ENCRYPT: &str = "name the key that encrypts it: `encrypt: personal`";
const SEALED: &str = "write it at the fields of this type, in the models";
const SEALED_WHOLE: &str = "write it beside `type`: the field is stored as one value";
const NO_WORD: &str = "leave it out: the schema language does not know it; `doc` can hold it";
const IN_TABLE: &str = "it belongs under `table:`, beside the table's `name`";
const IN_CREATE: &str = "it belongs under `create:` of the table: `table: { name: …, create: { … } }`";
const NO_INHERITANCE: &str =
    "leave it out, and write its fields here: there is no inheritance, but models can share structs under `types:`";

/// Places, the words that are replaced there, and their replacement.
const WORDS: &[(&[Place], &str, Ours)] = &[
    // Everywhere.
    (
        &[Model, Struct, Enum, Variant, Union, UnionVariant, Field, SharedTable, Projection, Query, Collection],
        "description comment comments title docs documentation summary docstring",
        Is("doc"),
    ),
    // The file.
    (&[Schema], "version openapi schema swagger apiversion", Key("dyntastic", "the file begins with `dyntastic: 1`")),
    (&[Schema], "schemas entities entity classes tablesandmodels components resources model", Is("models")),
    (&[Schema], "definitions defs structs records objects embedded messages", Is("types")),
    (&[Schema], "enumerations enum", Is("enums")),
    (&[Schema], "oneof anyof", Is("unions")),
    // Keys.
    (
        &[Model, SharedTable, Index],
        "partitionkey primarykey pk hash partition partitionkeyname hashkeyname hashkeys id keyattribute",
        Is("hash_key"),
    ),
    (&[Model, SharedTable, Index], "sortkey sk sort range sortkeyname rangekeys clusteringkey", Is("range_key")),
    (&[Index], "key field fields on column columns keys attributes", Is("hash_key")),
    (
        &[Model],
        "keys keyschema primarykeys",
        Key("hash_key", "name its fields: `hash_key: id`, and `range_key:` where the table has a sort key"),
    ),
    (
        &[Model, SharedTable],
        "gsi gsis globalsecondaryindexes globalsecondaryindex secondaryindexes globalindexes index indices",
        Is("indexes"),
    ),
    (
        &[Model, SharedTable],
        "lsi lsis localsecondaryindexes localsecondaryindex localindexes",
        Says("they belong under `indexes:` too, each with `local: true`"),
    ),
    // Models and structs.
    (&[Model, Struct, UnionVariant], "properties columns props members schema attributedefinitions", Is("fields")),
    (&[Model, Struct], "required", Says(REQUIRED)),
    (
        &[Model, Struct],
        "additionalproperties extra unknown allowextra strict",
        Says(
            "`unknown_attributes: keep` keeps the stored attributes without a field; `ignore`, the default, drops them",
        ),
    ),
    (&[Model, Struct], "extends inherits inherit allof base parent abstract", Says(NO_INHERITANCE)),
    (&[Model, Struct], "type kind", Says("leave it out: this is always a struct")),
    (&[Model, Struct], "validator validators check validation", Is("validate")),
    (&[Model, Struct, Enum, Union], "derives traits", Is("derive")),
    (&[Model], "tablename dbtable collection", Is("table")),
    (&[Model], "accesspatterns query finders", Is("queries")),
    (&[Model], "views projection", Is("projections")),
    (&[Model], "ttl timetolive ttlattribute expires", Says("give the field that holds the time `role: ttl`")),
    (
        &[Model],
        "timestamps createdat updatedat",
        Says("give fields of type `datetime` the roles: `role: created_at`, `role: updated_at`"),
    ),
    (&[Model], "region host endpoint endpointurl autocreate", Says(IN_TABLE)),
    (
        &[Model, Table],
        "billingmode billing throughput provisionedthroughput tags stream streams tableclass deletionprotection",
        Says(IN_CREATE),
    ),
    (
        &[Model, Struct],
        "enums types unions models tables collections",
        Says("it belongs at the top of the file, beside `models:`"),
    ),
    // Enums and unions.
    (&[Enum], "values members symbols items enum choices cases options constants", Is("variants")),
    (&[Enum], "type", Says("leave it out: values are text, or integers where each variant has a `value:`")),
    (&[Enum], "fallback unknown default open", Key("other", "`other: true` keeps values that are not a variant")),
    (&[Variant], "key id const symbol label variant", Is("name")),
    (&[Variant, UnionVariant], "code number stored int storedas", Is("value")),
    (&[Union], "discriminator discriminatorproperty propertyname type kind typefield tagname", Is("tag")),
    (&[Union], "oneof anyof members types options cases of", Is("variants")),
    (&[Items], "type of ref", Says("the type of a field includes the type of its elements: `type: list<string>`")),
    // Constraints, by the type of their field.
    (&[TextField], "min minlen minsize lengthmin", Is("min_length")),
    (&[TextField], "max maxlen maxsize lengthmax", Is("max_length")),
    (&[TextField], "length len size", Says("write `min_length` and `max_length`")),
    (&[CollectionField], "min minlen minlength minsize minproperties", Is("min_items")),
    (&[CollectionField], "max maxlen maxlength maxsize maxproperties", Is("max_items")),
    (&[CollectionField], "distinct uniqueelements unique", Is("unique_items")),
    (&[Field], "min ge gte minvalue atleast least", Is("minimum")),
    (&[Field], "max le lte maxvalue atmost most", Is("maximum")),
    (&[Field], "gt greaterthan above", Is("exclusive_minimum")),
    (&[Field], "lt lessthan below", Is("exclusive_maximum")),
    (&[Field], "minlen minsize", Is("min_length")),
    (&[Field], "maxlen maxsize", Is("max_length")),
    (&[Field], "step divisibleby", Is("multiple_of")),
    (&[Field], "regex regexp match matches pat", Is("pattern")),
    (&[Field], "enum choices allowed allowedvalues in literal literals oneof values options", Is("one_of")),
    (&[Field], "validator validators check", Is("validate")),
    (&[Field], "strip", Key("transform", "write `transform: trim`")),
    (&[Field], "lower tolower lowercase", Key("transform", "write `transform: lowercase`")),
    (&[Field], "upper toupper uppercase", Key("transform", "write `transform: uppercase`")),
    // Properties of fields.
    (&[Field], "optional nullable null allownull blank omitempty", Says(OPTIONAL)),
    (&[Field], "required mandatory notnull nonnull presence allowempty", Says(REQUIRED)),
    (&[Field], "primarykey partitionkey hashkey hash pk key iskey primary", Says(HASH_KEY)),
    (&[Field], "sortkey rangekey sk sort", Says(RANGE_KEY)),
    (&[Field], "range between bounds", Says("write `minimum` and `maximum`")),
    (&[Field], "index indexed gsi globalsecondaryindex lsi dbindex", Says(INDEX)),
    (&[Field], "column columnname attributename alias rename dbname dbfield fieldname name dynamodb", Is("attribute")),
    (&[Field], "datatype kind fieldtype dtype", Is("type")),
    (&[Field], "defaultfactory factory", Key("default", "a factory is a default too: `default: uuid_v4`, or `now`")),
    (&[Field], "defaultvalue initial fallback const", Is("default")),
    (
        &[Field],
        "autoincrement autogenerate autogenerated generated",
        Says("a factory makes values: `default: ulid`, `default: uuid_v7`"),
    ),
    (&[Field], "secret hidden private redact redacted writeonly password", Is("sensitive")),
    (&[Field], "isunique", Is("unique")),
    (
        &[Field],
        "keyonly virtual transient notstored computed",
        Says("write `stored: false` for a field that only the key has"),
    ),
    (&[Field], "ttl timetolive expires", Says("write `role: ttl`; the type is `datetime`")),
    (&[Field], "version versioned optimisticlock", Says("write `role: version`; the type is `u64`")),
    (&[Field], "autonow onupdate updatedat", Says("write `role: updated_at`; the type is `datetime`")),
    (&[Field], "autonowadd oncreate createdat", Says("write `role: created_at`; the type is `datetime`")),
    (&[Field], "jsonname json", Key("serde", "its name in JSON is `serde: { name: … }`")),
    (&[Field], "encryption encrypted encryptedwith cipher kms kmskey", Key("encrypt", ENCRYPT)),
    (&[Field], "compression compressed zstd gzip zip", Key("compress", "write `compress: zstd`")),
    (&[Scalar], "encrypt encryption encrypted compress compression compressed", Says(SEALED)),
    (&[Items], "encrypt encryption encrypted compress compression compressed", Says(SEALED_WHOLE)),
    (&[Encrypt], "name keyname with by id keyid kmskey", Is("key")),
    (&[Encrypt], "plain plaintext migrate migration existing old earlier before", Is("unencrypted")),
    (&[FieldJson], "rename renameall alias jsonname as", Is("name")),
    (&[FieldJson], "ignore exclude omit hidden skipserializing skipdeserializing", Is("skip")),
    (&[Field], "ref", Key("type", "name the type: `type: Address`, where `Address` is an entry of `types:`")),
    (
        &[Field],
        "properties fields",
        Says("a struct is an entry of `types:`, and its name is the field's type: `{}: Address`"),
    ),
    (
        &[Field],
        "additionalproperties patternproperties",
        Says("a map is a type with the types of its keys and values: `type: \"map<string, u32>\"`"),
    ),
    (&[Field], "readonly immutable deprecated example examples label", Says(NO_WORD)),
    // Tables.
    (&[Table, SharedTable], "tablename table", Is("name")),
    (&[Table, SharedTable], "endpoint endpointurl url uri address", Is("host")),
    (&[Table, SharedTable], "awsregion", Is("region")),
    (&[Table, SharedTable], "createifnotexists createtable autocreatetable", Is("auto_create")),
    (&[SharedTable], "type kind typeattribute entitytype discriminatorattribute tag", Is("discriminator")),
    (&[Create], "billing billingtype paymentmode mode", Is("billing_mode")),
    (&[Create], "provisionedthroughput capacity", Is("throughput")),
    (&[Create], "streams streamviewtype streamspecification streamview", Is("stream")),
    (&[Create], "class storageclass", Is("table_class")),
    (&[Create], "deletionprotectionenabled deleteprotection protected", Is("deletion_protection")),
    (&[Create], "pitr pointintimerecoveryenabled continuousbackups backups", Is("point_in_time_recovery")),
    (&[Create], "insights contributorinsightsspecification", Is("contributor_insights")),
    (
        &[Create],
        "encryption sse ssespecification serversideencryption kms kmskey kmsmasterkeyid kmskeyarn",
        Is("kms_key"),
    ),
    (&[Create], "ondemandthroughput maxthroughput maximum", Is("on_demand_maximum")),
    (&[Create], "warm warmthroughput", Is("warm_throughput")),
    (&[Create], "policy policydocument resourcebasedpolicy", Is("resource_policy")),
    (&[Create], "replica replicaregions globaltable regions replicationregions", Is("replicas")),
    (&[Replica], "kms kmskeyarn kmsmasterkeyid key", Is("kms_key")),
    (&[Replica], "class storageclass tableclassoverride", Is("table_class")),
    (&[Throughput], "rcu readcapacityunits readcapacity readunits", Is("read")),
    (&[Throughput], "wcu writecapacityunits writecapacity writeunits", Is("write")),
    // Indexes, queries and collections.
    (&[Index], "indexname", Is("name")),
    (&[VectorIndex], "indexname", Is("name")),
    (&[VectorIndex], "field attribute vectorattribute embedding on", Is("vector")),
    (&[VectorIndex], "distancefunction metric similarity distancemetric", Is("distance")),
    (&[VectorIndex], "partitionkey pk hash partition", Is("hash_key")),
    (&[VectorIndex], "filter filters inlinefilter searchschema filterableattributes", Is("filterable")),
    (&[VectorIndex], "dimensions dimension", Says("the type of the field has them: `vector<1536>`")),
    (&[VectorIndex], "projected include nonkeyattributes", Is("projection")),
    (&[Index], "projected projectiontype include includes nonkeyattributes project", Is("projection")),
    (&[Index], "type kind", Says("leave it out: an index is global; `local: true` makes it a local one")),
    (&[Index], "unique", Says("an index cannot make values unique: write `unique: true` on a field of a shared table")),
    (&[Index], "when where filter sparse condition if", Says(WHEN)),
    (&[Query], "key keycondition sort sortkey rangekey condition where between", Is("range")),
    (&[Query], "filter filterexpression filters", Says(FILTER)),
    (&[Query], "direction sortorder scanindexforward orderby", Is("order")),
    (&[Query], "using on indexname", Is("index")),
    (&[Query], "first top pagesize", Is("limit")),
    (&[Collection], "entities members items types", Is("models")),
    // Values.
    (&[Value("BillingMode")], "ondemand perrequest payasyougo", Is("pay_per_request")),
    (&[Value("TableClass")], "standardia infrequentaccess ia", Is("standard_infrequent_access")),
    (&[Value("StreamView")], "newandold both all", Is("new_and_old_images")),
    (&[Value("KeyKind")], "s str text uuid ulid datetime date varchar char", Is("string")),
    (&[Value("KeyKind")], "n int integer u8 u16 u32 u64 u128 i8 i16 i32 i64 i128 decimal float", Is("number")),
    (&[Value("KeyKind")], "b bytes blob", Is("binary")),
    (&[Value("Order")], "asc up forward", Is("ascending")),
    (&[Value("Order")], "desc down reverse backward", Is("descending")),
    (&[Value("FieldRole")], "created creation autonowadd", Is("created_at")),
    (&[Value("FieldRole")], "updated modified modifiedat lastmodified autonow", Is("updated_at")),
    (&[Value("FieldRole")], "timetolive expires expiry expiresat", Is("ttl")),
    (&[Value("FieldRole")], "versioned lock revision optimisticlock", Is("version")),
    (
        &[Value("FieldRole")],
        "hashkey partitionkey primarykey key pk rangekey sortkey sk",
        Says("the model names its keys: `hash_key:` and `range_key:`"),
    ),
    (&[Value("Compression")], "true yes on zstandard gzip gz zlib deflate lz4 snappy brotli", Is("zstd")),
    (&[Value("Compression")], "false no off none", Says("leave it out: a value is stored as it is")),
    (&[Value("Unencrypted")], "true yes allow accept keep", Is("read")),
    (
        &[Value("Unencrypted")],
        "false no refuse deny forbid error",
        Says("leave it out: a value that is not encrypted is refused"),
    ),
    (&[Value("UnknownDecl")], "allow true store preserve", Is("keep")),
    (&[Value("UnknownDecl")], "forbid false drop discard deny", Is("ignore")),
    (&[Value("Transform")], "strip", Is("trim")),
    (&[Value("Transform")], "lower tolower", Is("lowercase")),
    (&[Value("Transform")], "upper toupper", Is("uppercase")),
    (&[Value("RangeOperator")], "equals equal is", Is("eq")),
    (&[Value("RangeOperator")], "gte atleast from since after", Is("ge")),
    (&[Value("RangeOperator")], "lte atmost until before", Is("le")),
    (&[Value("RangeOperator")], "greaterthan", Is("gt")),
    (&[Value("RangeOperator")], "lessthan", Is("lt")),
    (&[Value("RangeOperator")], "startswith prefix beginswith", Is("begins_with")),
    (&[Value("bool")], "yes y on 1 enabled enable", Is("true")),
    (&[Value("bool")], "no n off 0 disabled disable none", Is("false")),
    // Types.
    (&[Type], "str text varchar char nvarchar s email slug password", Is("string")),
    (&[Type], "int integer bigint long int64 isize smallint", Is("i64")),
    (&[Type], "int32", Is("i32")),
    (&[Type], "int16 short", Is("i16")),
    (&[Type], "int8", Is("i8")),
    (&[Type], "uint usize uint64 unsigned", Is("u64")),
    (&[Type], "uint32", Is("u32")),
    (&[Type], "uint16", Is("u16")),
    (&[Type], "uint8 byte", Is("u8")),
    (&[Type], "float double float64 real", Is("f64")),
    (&[Type], "float32", Is("f32")),
    (&[Type], "boolean bit", Is("bool")),
    (&[Type], "binary blob b bytea bytearray buffer", Is("bytes")),
    (&[Type], "numeric money bigdecimal", Is("decimal")),
    (&[Type], "timestamp timestamptz instant datetimeoffset offsetdatetime zoned", Is("datetime")),
    (&[Type], "localdatetime naivedatetime primitivedatetime", Is("naive_datetime")),
    (&[Type], "naivedate localdate", Is("date")),
    (&[Type], "naivetime localtime", Is("time")),
    (&[Type], "timedelta interval timespan span signedduration", Is("duration")),
    (&[Type], "object any jsonb value unknown anything mixed", Is("json")),
    (&[Type], "guid uuidv4 uuidv7 uuid4 uuid7", Is("uuid")),
    (&[Type], "uri httpurl anyurl", Is("url")),
    (&[Type], "ipaddr ipaddress inet", Is("ip")),
    (&[Type], "ipv4addr ipv4address", Is("ipv4")),
    (&[Type], "ipv6addr ipv6address", Is("ipv6")),
    (&[Type], "ss stringset", Is("set<string>")),
    (&[Type], "ns numberset", Is("set<i64>")),
    (&[Type], "bs binaryset", Is("set<bytes>")),
    (
        &[Type],
        "number n",
        Says("write `i64` for whole numbers, `f64` for others, or `decimal` where no digit may be lost"),
    ),
    (&[Type], "array vec list l sequence slice", Says("write the type of its elements: `list<string>`")),
    (&[Type], "set hashset btreeset frozenset", Says("write the type of its elements: `set<string>`")),
    (
        &[Type],
        "map hashmap btreemap dict dictionary record m",
        Says("write the types of its keys and values: `map<string, u32>`"),
    ),
    (&[Type], "option optional nullable maybe", Says("a `?` makes a type optional: `string?`")),
    (&[Type], "enum", Says("define it under `enums:`, and write its name here: `enums: { Size: [small, large] }`")),
    (&[Type], "struct class", Says("define it under `types:`, and write its name here")),
    (&[Type], "union oneof anyof", Says("define it under `unions:`, and write its name here")),
    (&[Type], "null none nil", Says("a `?` after another type makes it optional: `string?`")),
    // Inputs.
    (&[Model], "uniquetogether uniqueconstraint uniqueconstraints uniquekeys uniquekey", Is("unique")),
    (&[Model], "dtos dto requests payloads bodies", Is("inputs")),
    (&[Model], "patch", Key("inputs", "write it under `inputs:`, such as `inputs: { patch: UserPatch }`")),
    (&[Enum, Union], "patch", Says("a patch is of a struct under `types:`; a value of `{}` is replaced as a whole")),
    (&[Inputs], "new insert post add", Is("create")),
    (&[Inputs], "update edit change modify", Is("patch")),
    // Formats and factories.
    (&[TextFormat], "datetime iso8601 rfc3339", Says("a time is a type of its own: `type: datetime`")),
    (&[TextFormat], "date", Says("a date is a type of its own: `type: date`")),
    (&[TextFormat], "time", Says("a time of day is a type of its own: `type: time`")),
    (&[TextFormat], "duration", Says("a duration is a type of its own: `type: duration`")),
    (&[TextFormat], "byte base64 binary", Says("bytes are a type of their own: `type: bytes`")),
    (&[TextFormat], "password", Says("write `sensitive: true` instead")),
    (&[TextFormat], "regex regexp", Says("write `pattern: '…'` instead")),
    (&[TextFormat], "int32 int64 float double decimal", Says("a number is a type of its own: `i64`, `f64`, `decimal`")),
    (&[TextFormat], "uri httpurl", Is("url")),
    (&[TextFormat], "phone phonenumber tel mobile", Is("e164")),
    (&[TextFormat], "host domain fqdn", Is("hostname")),
    (&[TextFormat], "mail emailaddress idnemail", Is("email")),
    (&[TextFormat], "uuid4 guid", Is("uuid")),
    (&[TimeFormat], "unix epoch timestamp unixtime unixtimestamp seconds unixseconds epochs", Is("epoch_seconds")),
    (&[TimeFormat], "unixms epochms millis milliseconds unixmillis", Is("epoch_millis")),
    (&[TimeFormat], "iso datetime rfc3339 isoformat date time", Is("iso8601")),
    (&[Factory], "uuid uuid4 randomuuid genrandomuuid guid", Is("uuid_v4")),
    (&[Factory], "uuid7", Is("uuid_v7")),
    (&[Factory], "utcnow currenttimestamp datetimenow datenow timestamp", Is("now")),
    (&[Factory], "currentdate datetoday", Is("today")),
    (&[Factory], "list dict set map vec", Says("leave the default out: a list, a set or a map begins empty")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_however_it_is_spelt() {
        for word in ["partition_key", "partitionKey", "PartitionKey", "PARTITION-KEY", "partition key"] {
            assert_eq!(find(&[Model], word), Some(Is("hash_key")), "{word}");
        }
        assert_eq!(find(&[Type], "partition_key"), None);
    }

    #[test]
    fn the_first_place_with_a_word_replaces_it() {
        assert_eq!(find(&[TextField, Field], "max"), Some(Is("max_length")));
        assert_eq!(find(&[CollectionField, Field], "max"), Some(Is("max_items")));
        assert_eq!(find(&[Field], "max"), Some(Is("maximum")));
    }

    #[test]
    fn every_word_is_plain_and_once_at_a_place() {
        let mut seen = std::collections::HashSet::new();
        for (places, words, _) in WORDS {
            for (place, word) in places.iter().flat_map(|place| words.split(' ').map(move |word| (place, word))) {
                assert_eq!(word, plain(word));
                assert!(seen.insert((format!("{place:?}"), word)), "{place:?}: {word}");
            }
        }
    }
}
