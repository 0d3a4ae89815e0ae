//! A model's inputs: structs with the values that clients send.

use super::keys::one_of;
use super::names;
use super::resolver::Resolver;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::model::{Default, Field, FieldRole, Input, Inputs, Model, StructType, TypeDefinition};
use crate::schema::{FieldDecl, InputDecl, ModelDecl, Spanned};
use crate::text::show;
use quote::ToTokens;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Path, Token};

/// The inputs; `None` if one has a mistake.
pub(super) fn resolve(declared: &ModelDecl, model: &Model, resolver: &mut Resolver<'_>) -> Option<Inputs> {
    let fields: Vec<(&FieldDecl, Field)> = declared.fields.iter().zip(model.fields.iter().cloned()).collect();
    let of = |kind: &str, declared_as: &Option<InputDecl>, is_sent: fn(&Model, &Field) -> bool, resolver: &mut _| {
        let Some(input) = declared_as else { return Some(None) };
        let origin = format!("the input `{kind}` of model `{}`", show(&declared.name.value));
        one(input, origin, &fields, |field| is_sent(model, field), resolver).map(Some)
    };
    let create = of("create", &declared.inputs.create, is_created, resolver);
    let patch = of("patch", &declared.inputs.patch, is_patched, resolver);
    let (mut create, mut patch) = (create?, patch?);
    let absent = create.iter_mut().flat_map(|of| &mut of.fields).filter(|field| field.has_default());
    absent.chain(patch.iter_mut().flat_map(|of| &mut of.fields)).for_each(keep_general);
    Some(Inputs { create, patch })
}

/// The patch of a struct that is stored inside an item, without its fields.
pub(super) fn name_patch(name: &Spanned<String>, of: &str, resolver: &mut Resolver<'_>) -> Option<Input> {
    let type_name = resolver.keep(names::type_name(name, "patch"))?;
    resolver.take(&type_name, format!("the patch of type `{of}`"), name.span)?;
    Some(Input { type_name, fields: Vec::new() })
}

/// Gives the patches of structs the fields of the structs.
pub(super) fn fill_patches(types: &mut [TypeDefinition]) {
    for StructType { fields, patch, .. } in types.iter_mut().flat_map(TypeDefinition::structs_mut) {
        if let Some(patch) = patch {
            patch.fields.clone_from(fields);
            patch.fields.iter_mut().for_each(keep_general);
        }
    }
}

/// Keeps the attributes, and the settings in them, that are not only for the field's own type.
fn keep_general(field: &mut Field) {
    let all = std::mem::take(&mut field.extras.attributes);
    field.extras.attributes = all.into_iter().filter_map(general).collect();
}

fn one(
    declared: &InputDecl,
    origin: String,
    fields: &[(&FieldDecl, Field)],
    is_sent: impl Fn(&Field) -> bool,
    resolver: &mut Resolver<'_>,
) -> Option<Input> {
    let type_name = resolver.keep(names::type_name(&declared.name, "input"))?;
    resolver.take(&type_name, origin.clone(), declared.name.span)?;
    for name in &declared.without {
        if !fields.iter().any(|(decl, _)| decl.name.value == name.value) {
            let message = format!("the field `{}`, which {origin} leaves out, is not there", show(&name.value));
            let written = fields.iter().map(|(decl, _)| decl.name.value.as_str());
            let help = did_you_mean(&name.value, written).unwrap_or_else(|| one_of(fields).into());
            resolver.report(Diagnostic::new(Code::UnknownKeyField, message).at(name.span, "no such field").help(help));
            return None;
        }
    }
    let is_without = |decl: &FieldDecl| declared.without.iter().any(|name| name.value == decl.name.value);
    let sent = fields.iter().filter(|(decl, field)| is_sent(field) && is_in_json(field) && !is_without(decl));
    let fields: Vec<Field> = sent.map(|(_, field)| field.clone()).collect();
    if fields.is_empty() {
        let diagnostic = Diagnostic::new(Code::MissingKey, format!("{origin} has no fields"))
            .at(declared.name.span, "no field of the model can be sent");
        resolver.report(diagnostic.help("leave the input out, or give the model such a field"));
        return None;
    }
    Some(Input { type_name, fields })
}

/// Whether a client sends the field to make an item: neither writes nor a factory of keys give its value.
fn is_created(model: &Model, field: &Field) -> bool {
    let is_made = model.is_key(field) && matches!(field.default, Default::Factory(_));
    !is_made && !is_kept(field)
}

/// Whether an update can set the field.
fn is_patched(model: &Model, field: &Field) -> bool {
    !model.is_key(field) && !field.key_only && !is_kept(field)
}

/// Whether writes keep the field.
fn is_kept(field: &Field) -> bool {
    matches!(field.role, Some(FieldRole::Version | FieldRole::CreatedAt | FieldRole::UpdatedAt))
}

/// Whether serde reads the field.
fn is_in_json(field: &Field) -> bool {
    let settings = field.extras.attributes.iter().flat_map(|text| settings(text));
    let skips = |path: &Path| path.is_ident("skip") || path.is_ident("skip_deserializing");
    field.json_name.text().is_some() && !settings.map(|of| of.path().clone()).any(|path| skips(&path))
}

/// An attribute without the settings that name functions for the field's own type; `None` if it has no others.
fn general(text: String) -> Option<String> {
    if !settings(&text).iter().any(is_of_one_type) {
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
pub(super) fn settings(text: &str) -> Vec<Meta> {
    let of_json = attributes(text).into_iter().filter(is_of_json);
    of_json.flat_map(|of| of.parse_args_with(Settings::parse_terminated).unwrap_or_default()).collect()
}

type Settings = Punctuated<Meta, Token![,]>;

fn attributes(text: &str) -> Vec<Attribute> {
    Attribute::parse_outer.parse_str(text).unwrap_or_default()
}

/// Whether an attribute is one of serde or schemars.
fn is_of_json(attribute: &Attribute) -> bool {
    attribute.path().is_ident("serde") || attribute.path().is_ident("schemars")
}
