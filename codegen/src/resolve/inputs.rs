//! A model's inputs: structs with the values that clients send.

use super::keys::one_of;
use super::resolver::Resolver;
use super::{computed, names};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::model::{Default, Field, FieldRole, Input, Inputs, Model, json_settings};
use crate::schema::{ExtrasDecl, FieldDecl, InputDecl, ModelDecl, Spanned};
use crate::text::show;
use syn::Path;

/// The inputs; `None` if one has a mistake.
pub(super) fn resolve(declared: &ModelDecl, model: &Model, resolver: &mut Resolver<'_>) -> Option<Inputs> {
    let fields: Vec<(&FieldDecl, Field)> = declared.fields.iter().zip(model.fields.iter().cloned()).collect();
    let of = |kind: &str,
              declared_as: &Option<InputDecl>,
              is_sent: fn(&Model, &Field) -> bool,
              resolver: &mut Resolver<'_>| {
        let Some(input) = declared_as else { return Some(None) };
        let origin = format!("the input `{kind}` of model `{}`", show(&declared.name.value));
        let has = format!("{origin} never has");
        let named = |name| computed::named(&has, name, declared, "no client sends it: leave it out here");
        if let Some(diagnostic) = input.without.iter().find_map(named) {
            resolver.report(diagnostic);
            return None;
        }
        one(input, origin, &fields, |field| is_sent(model, field), resolver).map(Some)
    };
    let create = of("create", &declared.inputs.create, is_created, resolver);
    let patch = of("patch", &declared.inputs.patch, is_patched, resolver);
    let (mut create, mut patch) = (create?, patch?);
    if let Some(patch) = &patch {
        let of = format!("model `{}`", show(&declared.name.value));
        let is_in_patch = |decl: &&FieldDecl| patch.fields.iter().any(|field| field.name == decl.name.value);
        check_json(&of, &declared.extras, declared.fields.iter().filter(is_in_patch), resolver)?;
    }
    let absent = create.iter_mut().flat_map(|of| &mut of.fields).filter(|field| field.has_default());
    absent.chain(patch.iter_mut().flat_map(|of| &mut of.fields)).for_each(|field| field.extras.keep_general());
    Some(Inputs { create, patch })
}

/// Refuses the settings of serde with which a patch would have other JSON than what it changes.
pub(super) fn check_json<'d>(
    of: &str,
    extras: &ExtrasDecl,
    fields: impl IntoIterator<Item = &'d FieldDecl>,
    resolver: &mut Resolver<'_>,
) -> Option<()> {
    const OTHER_JSON: [&str; 8] =
        ["rename_all", "rename_all_fields", "tag", "untagged", "transparent", "from", "try_from", "into"];
    let found = |text: &str, refused: &[&'static str]| {
        let is_there = |name: &&str| json_settings(text).iter().any(|setting| setting.path().is_ident(name));
        refused.iter().copied().find(is_there)
    };
    let start = resolver.found.mark();
    for text in &extras.attributes {
        if let Some(name) = found(&text.value, &OTHER_JSON) {
            let message = format!("`{name}` changes the JSON of {of}, and not that of its patch");
            let help = match name {
                "rename_all" => "write `serde: { rename_all: camelCase }` at the top of the file",
                _ => "remove it, or the patch",
            };
            let diagnostic = Diagnostic::new(Code::BadValue, message).at(text.span, "the patch would not have it");
            resolver.report(diagnostic.help(help));
        }
    }
    for field in fields {
        for text in &field.extras.attributes {
            if found(&text.value, &["flatten"]).is_some() {
                let name = show(&field.name.value);
                let message = format!("`flatten` puts the JSON of `{name}` into that of {of}, which has a patch");
                let diagnostic = Diagnostic::new(Code::BadValue, message)
                    .at(text.span, "the patch could not tell whether the value is absent")
                    .help(format!("remove `flatten`, so that `{name}` is an object of its own, or remove the patch"));
                resolver.report(diagnostic);
            }
        }
    }
    resolver.found.is_sound_since(start).then_some(())
}

/// The name of the patch of a struct that is stored inside an item.
pub(super) fn name_patch(name: &Spanned<String>, of: &str, resolver: &mut Resolver<'_>) -> Option<String> {
    let type_name = resolver.keep(names::type_name(name, "patch"))?;
    resolver.take(&type_name, format!("the patch of type `{of}`"), name.span)?;
    Some(type_name)
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

/// Whether a client sends the field to make an item: neither writes, nor a factory of keys, nor the
/// context give its value.
fn is_created(model: &Model, field: &Field) -> bool {
    let is_made = model.is_key(field) && matches!(field.default, Default::Factory(_));
    !is_made && !is_kept(field) && !model.is_of_context(field)
}

/// Whether an update can set the field.
fn is_patched(model: &Model, field: &Field) -> bool {
    !model.is_key(field) && !model.is_of_context(field) && !field.key_only && !is_kept(field)
}

/// Whether writes keep the field.
fn is_kept(field: &Field) -> bool {
    use FieldRole::{Counter, CreatedAt, DeletedAt, Sequence, UpdatedAt, Version};
    field.lifetime.is_some()
        || matches!(field.role, Some(Version | CreatedAt | UpdatedAt | DeletedAt | Counter | Sequence))
}

/// Whether serde reads the field.
fn is_in_json(field: &Field) -> bool {
    let settings = field.extras.attributes.iter().flat_map(|text| json_settings(text));
    let skips = |path: &Path| path.is_ident("skip") || path.is_ident("skip_deserializing");
    field.json_name.text().is_some() && !settings.map(|of| of.path().clone()).any(|path| skips(&path))
}
