//! The words of other schema languages, and this language's replacement for each. They come from JSON Schema, OpenAPI,
//! Pydantic, SQL and its mappers, the AWS SDKs, and Rust.

mod words;

use super::Help;
use words::WORDS;

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
    /// An entry of `contexts:`.
    Context,
    Enum,
    Variant,
    Union,
    UnionVariant,
    Field,
    /// The map under a field's `serde:`.
    FieldJson,
    /// The map under a field's `encrypt:`.
    Encrypt,
    /// The map under a field's `sequence:`.
    Sequence,
    /// The map under a field's `ttl:`.
    Ttl,
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
    /// The map under a template's `shards:`.
    Shards,
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

#[cfg(test)]
mod tests {
    use super::*;
    use Ours::Is;
    use Place::*;

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
