//! The text of a seed file, and its values.

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::collections::HashSet;
use std::fmt;
use std::path::Path;

/// The lists of a file, by the names of their models.
///
/// # Errors
///
/// What is wrong with it, with the place. A name that is there twice in a map is wrong too: parsers take the last one.
pub(super) fn parse(file: &Path, text: &str) -> Result<Map<String, Value>, String> {
    // Editors on Windows begin a file with this mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match extension.to_ascii_lowercase().as_str() {
        #[cfg(feature = "yaml")]
        "yaml" | "yml" => {
            only_once(serde_yaml::Deserializer::from_str(text))?;
            serde_yaml::from_str(text).map_err(|error| error.to_string())
        }
        #[cfg(not(feature = "yaml"))]
        "yaml" | "yml" => Err("YAML needs the feature `yaml` of dyntastic".to_owned()),
        _ => {
            only_once(&mut serde_json::Deserializer::from_str(text))?;
            serde_json::from_str(text).map_err(|error| error.to_string())
        }
    }
}

/// Finds the first name that a map has twice.
fn only_once<'de, D: Deserializer<'de>>(of: D) -> Result<(), String> {
    let mut track = serde_path_to_error::Track::new();
    OnlyOnce.deserialize(serde_path_to_error::Deserializer::new(of, &mut track)).map_err(|error| {
        match track.path().to_string() {
            // The parser was inside of a name.
            place if place == "." || place.contains('?') => error.to_string(),
            place => format!("{place}: {error}"),
        }
    })
}

#[derive(Clone, Copy)]
struct OnlyOnce;

impl<'de> DeserializeSeed<'de> for OnlyOnce {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, of: D) -> Result<(), D::Error> {
        of.deserialize_any(self)
    }
}

macro_rules! scalars {
    ($($visit:ident: $scalar:ty,)*) => {$(
        fn $visit<E: Error>(self, _: $scalar) -> Result<(), E> {
            Ok(())
        }
    )*};
}

impl<'de> Visitor<'de> for OnlyOnce {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of JSON")
    }

    scalars! {
        visit_bool: bool,
        visit_i64: i64,
        visit_i128: i128,
        visit_u64: u64,
        visit_u128: u128,
        visit_f64: f64,
        visit_str: &str,
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut of: A) -> Result<(), A::Error> {
        while of.next_element_seed(self)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut of: A) -> Result<(), A::Error> {
        let mut names = HashSet::new();
        while let Some(name) = of.next_key::<String>()? {
            if let Some(name) = names.replace(name) {
                return Err(Error::custom(format_args!("`{name}` is there twice")));
            }
            of.next_value_seed(self)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use std::path::Path;

    fn mistake(name: &str, text: &str) -> String {
        parse(Path::new(name), text).unwrap_err()
    }

    #[test]
    fn a_name_is_there_once() {
        assert_eq!(mistake("a.json", r#"{"User":[],"User":[]}"#), "`User` is there twice at line 1 column 17");
        let nested = "{\"User\":[{},\n{\"id\":\"a\",\"at\":{\"x\":[1.5,{\"y\":1,\"y\":-1}]}}]}";
        assert_eq!(mistake("a.json", nested), "User[1].at.x[1]: `y` is there twice at line 2 column 35");
        #[cfg(feature = "yaml")]
        {
            let twice = mistake("a.yaml", "User: [{id: a}]\nUser: []\n");
            assert!(twice.contains("`User` is there twice"), "{twice}");
            let twice = mistake("a.YML", "User:\n- id: a\n  list: [1, ~, {b: x, b: y}]\n");
            assert!(twice.contains("User[0].list[2]: `b` is there twice"), "{twice}");
        }
    }

    #[test]
    fn the_extension_tells_the_form() {
        let name = |file, text| parse(Path::new(file), text).unwrap().keys().next().cloned();
        for file in ["a.json", "A.JSON", "seeds", "a.txt"] {
            assert_eq!(name(file, "\u{feff}{ \"User\": [] }").as_deref(), Some("User"), "{file}");
        }
        #[cfg(feature = "yaml")]
        for file in ["a.yaml", "a.yml", "A.YAML", "a.Yml"] {
            assert_eq!(name(file, "\u{feff}User: []").as_deref(), Some("User"), "{file}");
        }
        assert!(mistake("a.json", "{").starts_with("EOF while parsing"), "{}", mistake("a.json", "{"));
        assert!(mistake("a.json", "{} {}").starts_with("trailing"), "{}", mistake("a.json", "{} {}"));
    }
}
