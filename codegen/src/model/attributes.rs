//! The settings of serde and schemars in a user's attributes.

use super::Extras;
use quote::ToTokens;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Token};

impl Extras {
    /// Keeps the attributes, and the settings in them, that are not only for the field's own type.
    pub(crate) fn keep_general(&mut self) {
        let all = std::mem::take(&mut self.attributes);
        self.attributes = all.into_iter().filter_map(general).collect();
    }

    /// Whether serde refuses fields that are not known.
    pub(crate) fn denies_unknown_fields(&self) -> bool {
        let of_serde = |of: &Attribute| of.path().is_ident("serde");
        let all = self.attributes.iter().flat_map(|text| attributes(text)).filter(of_serde);
        all.flat_map(settings).any(|setting| setting.path().is_ident("deny_unknown_fields"))
    }
}

/// An attribute without the settings that name functions for the field's own type; `None` if it has no others.
fn general(text: String) -> Option<String> {
    if !json_settings(&text).iter().any(is_of_one_type) {
        return Some(text);
    }
    let kept = attributes(&text).into_iter().filter_map(|mut attribute| {
        if is_of_json(&attribute)
            && let Meta::List(list) = &mut attribute.meta
            && let Ok(settings) = list.parse_args_with(Settings::parse_terminated)
        {
            let general: Settings = settings.into_iter().filter(|setting| !is_of_one_type(setting)).collect();
            if general.is_empty() {
                return None;
            }
            list.tokens = general.into_token_stream();
        }
        Some(attribute.into_token_stream().to_string())
    });
    Some(kept.collect::<Vec<_>>().join(" ")).filter(|kept| !kept.is_empty())
}

/// Whether a setting names a function for the field's own type.
fn is_of_one_type(setting: &Meta) -> bool {
    const OF_TYPE: [&str; 4] = ["with", "serialize_with", "deserialize_with", "skip_serializing_if"];
    OF_TYPE.iter().any(|name| setting.path().is_ident(name))
        || matches!(setting, Meta::NameValue(of) if of.path.is_ident("default"))
}

/// The settings of serde and schemars in an attribute.
pub(crate) fn json_settings(text: &str) -> Vec<Meta> {
    let of_json = attributes(text).into_iter().filter(is_of_json);
    of_json.flat_map(settings).collect()
}

fn settings(attribute: Attribute) -> Settings {
    attribute.parse_args_with(Settings::parse_terminated).unwrap_or_default()
}

type Settings = Punctuated<Meta, Token![,]>;

fn attributes(text: &str) -> Vec<Attribute> {
    Attribute::parse_outer.parse_str(text).unwrap_or_default()
}

/// Whether an attribute is one of serde or schemars.
fn is_of_json(attribute: &Attribute) -> bool {
    attribute.path().is_ident("serde") || attribute.path().is_ident("schemars")
}
