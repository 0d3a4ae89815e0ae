//! The schema versions of a model's items, and the upgrades between them.

use super::resolver::Resolver;
use super::shared_keys::Placed;
use super::{constraints, defaults, paths};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::model::{
    Conversion, Default, Field, FieldRole, Index, KeyKind, Projection, Scalar, SchemaVersions, StoredForm, Type,
    UpgradeStep,
};
use crate::schema::{DefaultDecl, FieldDecl, ModelDecl, Spanned, UpgradeStepDecl};
use crate::text::show;

/// Takes the field of the schema version out of a model's fields, and resolves the upgrades. The outer `None` is a
/// mistake.
pub(super) fn resolve(
    declared: &ModelDecl,
    fields: &mut Vec<(&FieldDecl, Field)>,
    place: &mut Placed,
    resolver: &mut Resolver<'_>,
) -> Option<Option<SchemaVersions>> {
    let start = resolver.found.mark();
    let Some(at) = fields.iter().position(|(_, field)| field.role == Some(FieldRole::SchemaVersion)) else {
        if let Some(first) = declared.upgrades.first() {
            let message = format!("model `{}` has upgrades, but its items have no version", show(&declared.name.value));
            let diagnostic = Diagnostic::new(Code::BadUpgrade, message)
                .at(first.from.span, "no field has the role `schema_version`")
                .help("add a field that stores it: `schema_version: { type: u32, role: schema_version }`");
            resolver.report(diagnostic);
            return None;
        }
        return Some(None);
    };
    let (decl, version) = fields.remove(at);
    check_indexes(decl, &version, &mut place.indexes, resolver);
    let first = declared.upgrades.first().map_or(1, |first| first.from.value);
    for (upgrade, expected) in declared.upgrades.iter().zip(first..) {
        if upgrade.from.value != expected {
            let message = format!("the upgrade from version {expected} is missing");
            let diagnostic = Diagnostic::new(Code::BadUpgrade, message)
                .at(upgrade.from.span, format!("expected `{expected}`"))
                .help("an upgrade leads to the next version: list them in order, without gaps");
            resolver.report(diagnostic);
            break;
        }
    }
    let context = Context { declared, version: &version, fields, place };
    let upgrades = declared.upgrades.iter().enumerate().map(|(number, upgrade)| {
        let steps = upgrade.steps.iter().enumerate();
        steps.filter_map(|(step, declared)| context.step(declared, (number, step), resolver)).collect()
    });
    let upgrades = upgrades.collect();
    let versions = SchemaVersions { attribute: version.attribute, first, upgrades };
    resolver.found.is_sound_since(start).then_some(Some(versions))
}

/// Checks that indexes with a part of each item hold the version, and leaves the field out of their structs.
fn check_indexes(decl: &FieldDecl, version: &Field, indexes: &mut [Index], resolver: &mut Resolver<'_>) {
    for index in indexes {
        let Projection::Fields { fields, include } = &mut index.projection else { continue };
        fields.retain(|field| field.name != version.name);
        if !include.contains(&version.attribute) {
            let name = show(&version.attribute);
            let message = format!("the index `{}` does not hold the schema version `{name}`", show(&index.index_name));
            let diagnostic = Diagnostic::new(Code::BadUpgrade, message)
                .at(decl.name.span, "the forms of the attributes in its entries would not be known")
                .help(format!("add `{name}` to the `projection:` of the index, or write `projection: all`"));
            resolver.report(diagnostic);
        }
    }
}

/// The model whose upgrades are resolved.
struct Context<'m> {
    declared: &'m ModelDecl,
    version: &'m Field,
    fields: &'m [(&'m FieldDecl, Field)],
    place: &'m Placed,
}

impl Context<'_> {
    /// A change. `at` is the number of its upgrade, and its own number there.
    fn step(&self, declared: &UpgradeStepDecl, at: (usize, usize), resolver: &mut Resolver<'_>) -> Option<UpgradeStep> {
        let step = match declared {
            UpgradeStepDecl::Rename { from, to } => self
                .changeable(from)
                .and_then(|()| is_another_name(from, to))
                .and_then(|()| self.made(to, at))
                .map(|()| UpgradeStep::Rename { from: from.value.clone(), to: to.value.clone() }),
            UpgradeStepDecl::Split { attribute, template } => self.changeable(attribute).and_then(|()| {
                let (parts, end) = parts(template)?;
                for (_, part) in &parts {
                    let part = Spanned { value: part.clone(), span: template.span };
                    self.made(&part, at)?;
                    self.has_kind(&part, at, Some(KeyKind::String), "text")?;
                }
                Ok(UpgradeStep::Split { attribute: attribute.value.clone(), parts, end })
            }),
            UpgradeStepDecl::Convert { attribute, to } => self.made(attribute, at).and_then(|()| {
                match to.value {
                    Conversion::Number => self.has_kind(attribute, at, Some(KeyKind::Number), "a number")?,
                    Conversion::Text => self.has_kind(attribute, at, Some(KeyKind::String), "text")?,
                    Conversion::Boolean => self.has_form(attribute, at, "a boolean", is_boolean)?,
                    Conversion::List => self.has_form(attribute, at, "a list", is_list)?,
                }
                Ok(UpgradeStep::Convert { attribute: attribute.value.clone(), to: to.value })
            }),
            UpgradeStepDecl::Default { attribute, value } => self.made(attribute, at).and_then(|()| {
                let Some((decl, field)) = self.field(&attribute.value) else {
                    let message = format!("no field is stored as `{}`", show(&attribute.value));
                    return Err(Diagnostic::new(Code::BadUpgrade, message)
                        .at(attribute.span, "the type of its value is not known")
                        .help("set it in a function, or in the last upgrade, under the name that the field has now"));
                };
                let ty = field.ty.present();
                let decl = FieldDecl { default: Some(DefaultDecl::Value(value.clone())), ..(*decl).clone() };
                let default = defaults::resolve(&decl, ty, &resolver.scope).map_err(|mistake| {
                    let Some(factory) = defaults::named_factory(value, ty) else { return mistake };
                    let message = format!("an upgrade cannot make a value with `{}`", factory.value);
                    Diagnostic::new(Code::BadUpgrade, message)
                        .at(factory.span, "each read of an older item would make another value")
                        .help("write a value, or make one of the item in a function")
                })?;
                constraints::resolve(&decl, ty, &default, resolver);
                let value = match default {
                    Default::Literal(value) => Some(value),
                    _ => None,
                };
                Ok(UpgradeStep::Default { field: Box::new(field.clone()), value })
            }),
            UpgradeStepDecl::Remove { attribute } => {
                self.changeable(attribute).map(|()| UpgradeStep::Remove { attribute: attribute.value.clone() })
            }
            UpgradeStepDecl::Function { path } => {
                paths::rust_path(path, "function").map(|path| UpgradeStep::Function { path })
            }
        };
        resolver.keep(step)
    }

    fn field(&self, attribute: &str) -> Option<&(&FieldDecl, Field)> {
        self.fields.iter().find(|(_, field)| field.attribute == attribute)
    }

    /// Checks that an upgrade may set an attribute, and that a field or a later change takes it.
    fn made(&self, attribute: &Spanned<String>, at: (usize, usize)) -> Result<(), Diagnostic> {
        self.changeable(attribute)?;
        if self.field(&attribute.value).is_some() || self.is_changed_after(&attribute.value, at) {
            return Ok(());
        }
        let message = format!("no field is stored as `{}`", show(&attribute.value));
        let help = did_you_mean(&attribute.value, self.fields.iter().map(|(_, field)| field.attribute.as_str()));
        Err(Diagnostic::new(Code::BadUpgrade, message)
            .at(attribute.span, "and no later upgrade changes it")
            .help(help.unwrap_or_else(|| "name the attribute of a field".to_owned().into())))
    }

    /// Checks that an attribute is none that upgrades leave alone.
    fn changeable(&self, attribute: &Spanned<String>) -> Result<(), Diagnostic> {
        let name = attribute.value.as_str();
        let Placed { keys: (hash_key, range_key), indexes, sharing, .. } = self.place;
        let of_table = || std::iter::once(hash_key).chain(range_key).any(|key| key.attribute == name);
        let of_index = || sharing.is_some() && indexes.iter().flat_map(Index::keys).any(|key| key.attribute == name);
        let mut discriminator = sharing.iter().flat_map(|sharing| &sharing.discriminator);
        let of_role = |role| self.field(name).is_some_and(|(_, field)| field.role == Some(role));
        let (label, help) = if name == self.version.attribute {
            ("it is the schema version, which writes set", "leave it out")
        } else if of_table() {
            ("it is a key of the table", "move items to other keys with a migration")
        } else if discriminator.any(|(attribute, _)| attribute == name) {
            ("it is the discriminator", "leave it out")
        } else if of_index() {
            ("writes make the key of an index of fields", "change the fields instead")
        } else if of_role(FieldRole::Version) {
            ("it counts the writes of the item", "leave it out")
        } else if self.is_unique(name) {
            ("its guards would belong to the earlier values", "migrate the items with `.change(…)` instead")
        } else {
            return Ok(());
        };
        let message = format!("an upgrade cannot change the attribute `{}`", show(name));
        Err(Diagnostic::new(Code::BadUpgrade, message).at(attribute.span, label).help(help))
    }

    /// Whether a field is unique, alone or with others.
    fn is_unique(&self, attribute: &str) -> bool {
        let together = || self.declared.unique.iter().flat_map(|unique| &unique.fields);
        self.field(attribute)
            .is_some_and(|(decl, field)| field.unique || together().any(|name| name.value == decl.name.value))
    }

    /// Whether a later change, or a function, may change an attribute.
    fn is_changed_after(&self, attribute: &str, (upgrade, step): (usize, usize)) -> bool {
        let steps = self.declared.upgrades.iter().enumerate().flat_map(|(number, of)| {
            let skipped = if number == upgrade { step + 1 } else { 0 };
            of.steps.iter().skip(if number < upgrade { of.steps.len() } else { skipped })
        });
        steps.into_iter().any(|step| match step {
            UpgradeStepDecl::Rename { from, .. } => from.value == attribute,
            UpgradeStepDecl::Split { attribute: of, .. }
            | UpgradeStepDecl::Convert { attribute: of, .. }
            | UpgradeStepDecl::Remove { attribute: of } => of.value == attribute,
            UpgradeStepDecl::Default { .. } => false,
            UpgradeStepDecl::Function { .. } => true,
        })
    }

    /// Checks that the field of an attribute is stored as a type of keys, if nothing changes the attribute later.
    fn has_kind(
        &self,
        attribute: &Spanned<String>,
        at: (usize, usize),
        kind: Option<KeyKind>,
        made: &str,
    ) -> Result<(), Diagnostic> {
        self.has_form(attribute, at, made, |field| field.key_kind() == kind)
    }

    fn has_form(
        &self,
        attribute: &Spanned<String>,
        at: (usize, usize),
        made: &str,
        fits: impl Fn(&Field) -> bool,
    ) -> Result<(), Diagnostic> {
        let Some((decl, field)) = self.field(&attribute.value) else { return Ok(()) };
        if fits(field) || self.is_changed_after(&attribute.value, at) {
            return Ok(());
        }
        let message = format!("the upgrade makes {made} of `{}`", show(&attribute.value));
        Err(Diagnostic::new(Code::BadUpgrade, message)
            .at(attribute.span, "its field is stored in another form")
            .related(decl.name.span, "this field")
            .help("convert it to the form of the field"))
    }
}

fn is_another_name(from: &Spanned<String>, to: &Spanned<String>) -> Result<(), Diagnostic> {
    if from.value != to.value {
        return Ok(());
    }
    let message = format!("`{}` is renamed to itself", show(&to.value));
    Err(Diagnostic::new(Code::BadUpgrade, message).at(to.span, "the same name").help("leave it out"))
}

fn is_boolean(field: &Field) -> bool {
    *field.ty.present() == Type::Scalar(Scalar::Bool) && field.form == StoredForm::Own
}

fn is_list(field: &Field) -> bool {
    matches!(field.ty.present(), Type::List(_)) || field.form == StoredForm::List
}

/// The parts of a text and the attributes that get them: `USER#{owner_id}`.
fn parts(template: &Spanned<String>) -> Result<(Vec<(String, String)>, String), Diagnostic> {
    let refuse = |label: &str| {
        Diagnostic::new(Code::BadUpgrade, format!("`{}` splits no text", show(&template.value)))
            .at(template.span, label)
            .help("write constants, and in braces the attributes that get the text between them: `USER#{owner_id}`")
    };
    let (mut parts, mut rest) = (Vec::new(), template.value.as_str());
    while let Some((before, after)) = rest.split_once('{') {
        let (attribute, after) = after.split_once('}').ok_or_else(|| refuse("a brace is not closed"))?;
        if attribute.is_empty() {
            return Err(refuse("an attribute has no name"));
        }
        if !parts.is_empty() && before.is_empty() {
            return Err(refuse("nothing separates two attributes"));
        }
        if parts.iter().any(|(_, earlier)| earlier == attribute) {
            return Err(refuse("one attribute gets two parts"));
        }
        parts.push((before.to_owned(), attribute.to_owned()));
        rest = after;
    }
    if parts.is_empty() {
        return Err(refuse("no attribute gets a part"));
    }
    Ok((parts, rest.to_owned()))
}
