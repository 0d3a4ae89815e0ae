//! The fields of a model or a struct, and the types that they need.

use super::Parts;
use super::guess::{Guess, Member};
use super::names::Names;
use super::texts::TextType;
use crate::text::scalar;
use heck::{ToSnakeCase, ToUpperCamelCase};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// The fields of a struct: their lines, and the names of their attributes' fields.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub(super) lines: String,
    pub(super) names: Names,
    /// The name of the field of each attribute.
    pub(super) of: BTreeMap<String, String>,
    /// The attributes that no field has.
    pub(super) left: Vec<String>,
    /// The table's time to live, if its values are not those of one.
    pub(super) odd_ttl: Option<String>,
}

/// The use of an attribute.
#[derive(Debug, Clone, Default)]
pub(super) struct Use {
    /// More settings of the field.
    pub(super) settings: Vec<String>,
    /// Whether it is a key or a part of one, and keeps its text.
    pub(super) is_key: bool,
    /// Whether it is the table's time to live.
    pub(super) is_ttl: bool,
    /// Whether no item shows its type, but the table's description.
    pub(super) is_described: bool,
}

impl Fields {
    /// Adds the field of an attribute. `owner` is the name of the struct.
    pub(super) fn add(
        &mut self,
        owner: &str,
        attribute: &str,
        member: &Member,
        of: Use,
        indent: &str,
        parts: &mut Parts,
    ) {
        let number = self.of.len() + 1;
        let mut settings = Vec::new();
        let declared = declared(owner, attribute, &member.guess, &of, &mut settings, parts);
        if of.is_ttl && !settings.iter().any(|setting| setting == TTL) {
            self.odd_ttl = Some(attribute.to_owned());
        }
        let Some(mut ty) = declared else {
            self.left.push(attribute.to_owned());
            return;
        };
        let name = self.names.member_name(attribute, &format!("attribute_{number}"));
        if member.present < member.of {
            ty.push('?');
        }
        if name != attribute {
            settings.push(format!("attribute: {}", scalar(attribute)));
        }
        settings.extend(of.settings);
        let evidence = match of.is_described {
            true => "  # by the description of the table".to_owned(),
            false => evidence(member, &ty, &member.guess),
        };
        let _ = match settings.is_empty() {
            true if plain(&ty) => writeln!(self.lines, "{indent}{}: {ty}{evidence}", scalar(&name)),
            true => writeln!(self.lines, "{indent}{}: \"{ty}\"{evidence}", scalar(&name)),
            false => {
                let ty = if plain(&ty) { ty } else { format!("\"{ty}\"") };
                writeln!(self.lines, "{indent}{}: {{ type: {ty}, {} }}{evidence}", scalar(&name), settings.join(", "))
            }
        };
        self.of.insert(attribute.to_owned(), name);
    }

    /// Adds a field that only the key has.
    pub(super) fn add_own(&mut self, name: &str, ty: TextType, count: usize, indent: &str) -> String {
        let name = self.names.member_name(name, "key_part");
        let _ = writeln!(self.lines, "{indent}{name}: {{ type: {}, stored: false }}  # in all {count} keys", ty.name());
        name
    }
}

const TTL: &str = "role: ttl";

fn plain(ty: &str) -> bool {
    !ty.contains(['<', '?', ',', ' '])
}

/// What the sample shows about a field, as counts.
fn evidence(member: &Member, ty: &str, guess: &Guess) -> String {
    let Member { present, of, .. } = member;
    let is = match guess {
        Guess::Text(text) if *text != TextType::String && ty.starts_with(text.name()) => {
            format!(", each a {}", text.name().replace('_', " "))
        }
        Guess::Variants(variants) if !ty.starts_with("string") => format!(", {} values", variants.len()),
        Guess::EpochSeconds | Guess::EpochMillis if ty.starts_with("datetime") => {
            ", each a time of this century".to_owned()
        }
        Guess::Json if *present > 0 => ", of several types".to_owned(),
        _ => String::new(),
    };
    match present == of {
        true => format!("  # in all {of}{is}"),
        false => format!("  # in {present} of {of}{is}"),
    }
}

/// The type of a field in the schema language; `None` if there is none.
fn declared(
    owner: &str,
    attribute: &str,
    guess: &Guess,
    of: &Use,
    settings: &mut Vec<String>,
    parts: &mut Parts,
) -> Option<String> {
    if of.is_ttl && !of.is_key && matches!(guess, Guess::EpochSeconds | Guess::Integer { is_time: true, .. }) {
        settings.push(TTL.to_owned());
        return Some("datetime".to_owned());
    }
    Some(match guess {
        Guess::Text(ty) => {
            // A key keeps its text, so its type must write it in the same way.
            let ty = if of.is_key && !is_canonical(*ty) { TextType::String } else { *ty };
            settings.extend(ty.format());
            ty.name().to_owned()
        }
        Guess::Variants(_) if of.is_key => "string".to_owned(),
        Guess::Variants(variants) => match write_enum(owner, attribute, variants, parts) {
            Some(name) => name,
            None => "string".to_owned(),
        },
        // The width of a key needs numbers without a sign.
        Guess::Integer { wide: false, negative: false, .. } if !of.settings.is_empty() => "u64".to_owned(),
        Guess::Integer { wide: false, .. } => "i64".to_owned(),
        Guess::Integer { .. } => "i128".to_owned(),
        Guess::Decimal { wide } => {
            parts.has_wide_decimals |= wide;
            "decimal".to_owned()
        }
        Guess::Float => "f64".to_owned(),
        Guess::EpochSeconds | Guess::EpochMillis if of.is_key => "i64".to_owned(),
        Guess::EpochSeconds => {
            settings.push("format: epoch_seconds".to_owned());
            "datetime".to_owned()
        }
        Guess::EpochMillis => {
            settings.push("format: epoch_millis".to_owned());
            "datetime".to_owned()
        }
        Guess::Bool => "bool".to_owned(),
        Guess::Bytes => "bytes".to_owned(),
        Guess::Set(of) => format!("set<{}>", element(owner, attribute, of, parts)?),
        Guess::List(of) => format!("list<{}>", element(owner, attribute, of, parts)?),
        Guess::Map(of) => format!("map<string, {}>", element(owner, attribute, of, parts)?),
        Guess::Struct(members) => write_struct(owner, attribute, members, parts)?,
        Guess::Vector(dimensions) => format!("vector<{dimensions}>"),
        Guess::Json => "json".to_owned(),
        Guess::Unknown => return None,
    })
}

fn element(owner: &str, attribute: &str, guess: &Guess, parts: &mut Parts) -> Option<String> {
    let mut settings = Vec::new();
    declared(owner, attribute, guess, &Use::default(), &mut settings, parts)
}

/// Whether texts of the type are written as they were read.
fn is_canonical(ty: TextType) -> bool {
    !matches!(ty, TextType::Datetime(form) | TextType::NaiveDatetime(form) if !form.is_own())
}

fn write_enum(owner: &str, attribute: &str, variants: &BTreeSet<String>, parts: &mut Parts) -> Option<String> {
    let camel: BTreeSet<String> = variants.iter().map(|variant| variant.to_upper_camel_case()).collect();
    if camel.len() < variants.len() || camel.contains("Self") || camel.contains("Other") {
        return None;
    }
    let name = parts.type_names.enum_name(&format!("{owner}_{attribute}"));
    let variants: Vec<String> = variants.iter().map(|variant| scalar(variant)).collect();
    let _ = writeln!(parts.enums, "  # `other` keeps values that the sample does not have.");
    let _ = writeln!(parts.enums, "  {name}: {{ other: true, variants: [{}] }}", variants.join(", "));
    Some(name)
}

fn write_struct(owner: &str, attribute: &str, members: &BTreeMap<String, Member>, parts: &mut Parts) -> Option<String> {
    let name = parts.type_names.struct_name(&format!("{owner}_{}", attribute.to_snake_case()));
    let mut fields = Fields::default();
    for (attribute, member) in members {
        fields.add(&name, attribute, member, Use::default(), "      ", parts);
    }
    if fields.lines.is_empty() {
        return None;
    }
    let _ = write!(parts.types, "  {name}:\n    unknown_attributes: keep\n    fields:\n{}", fields.lines);
    Some(name)
}
