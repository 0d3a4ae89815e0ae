//! Computed fields: attributes that are made of other fields of an item.

mod expiry;

use super::keys::one_of;
use super::part_forms::{self, Text};
use super::paths::rust_path;
use super::resolver::Resolver;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::model::{Computation, Computed, Field, KeyPart, PartForm, Scalar, Type};
use crate::schema::{FieldDecl, ModelDecl, Schema, Spanned};
use crate::sources::Span;
use crate::terms::FieldRole;
use crate::text::show;

/// Takes the computed fields out of the fields of models.
pub(super) fn separate(schema: &mut Schema) {
    for model in &mut schema.models {
        let all = std::mem::take(&mut model.fields);
        (model.computed, model.fields) = all.into_iter().partition(is_computed);
    }
}

fn is_computed(field: &FieldDecl) -> bool {
    field.computed.is_some() || field.ttl.as_ref().is_some_and(|ttl| ttl.from.is_some())
}

/// Reports computed fields in structs that are not models.
pub(super) fn refuse(fields: &[FieldDecl], resolver: &mut Resolver<'_>) {
    for field in fields {
        let expiry = || field.ttl.as_ref().filter(|ttl| ttl.from.is_some()).map(|ttl| ttl.span);
        if let Some(span) = field.computed.as_ref().map(|computed| computed.span).or_else(expiry) {
            let message = format!("the field `{}` is computed, but is not a field of a model", show(&field.name.value));
            let diagnostic = Diagnostic::new(Code::BadComputed, message).at(span, "writes compute whole attributes");
            resolver.report(diagnostic.help("leave it out here; a field of the model itself can be computed"));
        }
    }
}

/// The fields of a model, and its computed ones after them.
pub(super) fn attributes<'s>(
    fields: &[(&'s FieldDecl, Field)],
    computed: &[(&'s FieldDecl, Field)],
) -> Vec<(&'s FieldDecl, Field)> {
    fields.iter().chain(computed).cloned().collect()
}

/// How the computed fields of a model are made; `None` if one has a mistake. `fields` are its other ones. A field that is
/// made of a sensitive one becomes sensitive.
pub(super) fn resolve(
    declared: &mut [(&FieldDecl, Field)],
    fields: &[(&FieldDecl, Field)],
    resolver: &mut Resolver<'_>,
) -> Option<Vec<Computed>> {
    let mut rules = Vec::with_capacity(declared.len());
    for (decl, field) in &*declared {
        if let (Some(ttl), None) = (&decl.ttl, &decl.computed) {
            let by = expiry::resolve(decl, field, ttl, &Fields { stored: fields, computed: declared });
            rules.extend(resolver.keep(by));
            continue;
        }
        let Some(rule) = &decl.computed else { continue };
        if let Some((span, key)) = own_key(decl) {
            let message = format!("the computed field `{}` cannot have `{key}`", show(&decl.name.value));
            let diagnostic =
                Diagnostic::new(Code::BadComputed, message).at(span, "its value follows from other fields");
            resolver.report(diagnostic.help(format!("drop `{key}`, or `computed`")));
            continue;
        }
        let rule = Rule { text: rule, decl, field };
        let of = Fields { stored: fields, computed: declared };
        let by = match rule.is_text() {
            true => rule.text(&of),
            false => rule.function(&of),
        };
        rules.extend(resolver.keep(by));
    }
    if rules.len() != declared.len() {
        return None;
    }
    let computed = declared.iter_mut().zip(rules).map(|((_, field), by)| {
        field.sensitive |= by.fields().iter().any(|field| field.sensitive);
        Computed { field: field.clone(), by }
    });
    Some(computed.collect())
}

/// Lets patches set the fields as a whole of which others are computed: a part of one does not tell their values.
pub(super) fn keep_whole(fields: &mut [(&FieldDecl, Field)], computed: &[Computed]) {
    for (_, field) in fields {
        field.whole = computed.iter().any(|of| of.by.fields().iter().any(|part| part.name == field.name));
    }
}

/// A key of a field that says what its values are, or how they are stored.
fn own_key(decl: &FieldDecl) -> Option<(Span, &'static str)> {
    let format = decl.format.as_ref().map(|of| (of.span, "format"));
    let empty = decl.empty.as_ref().map(|of| (of.span, "empty"));
    let precision = decl.precision.as_ref().map(|of| (of.span, "precision"));
    let transform = decl.transform.first().map(|of| (of.span, "transform"));
    let encrypt = decl.seal.encrypt.as_ref().map(|of| (of.key.span, "encrypt"));
    let compress = decl.seal.compress.as_ref().map(|of| (of.span, "compress"));
    let key_only = decl.key_only.map(|span| (span, "stored"));
    let sequence = decl.sequence.span.map(|span| (span, "sequence"));
    let role = decl.role.as_ref().map(|of| (of.span, "role"));
    let ttl = decl.ttl.as_ref().filter(|_| decl.computed.is_some()).map(|of| (of.span, "ttl"));
    let unique = decl.unique.map(|span| (span, "unique"));
    let json = decl.json.span.map(|span| (span, "serde"));
    let attributes = decl.extras.attributes.first().map(|of| (of.span, "attributes"));
    let fake = decl.fake.as_ref().map(|of| (of.span, "fake"));
    let default = decl.default.as_ref().map(|of| (of.span(), "default"));
    let constraint = decl.constraints.first().map(|of| (of.key.span, of.key.value));
    let all = [format, empty, precision, transform, encrypt, compress, key_only, sequence, ttl, role, unique, json];
    all.into_iter().chain([attributes, fake, default, constraint]).flatten().next()
}

/// The fields of a model.
struct Fields<'f> {
    stored: &'f [(&'f FieldDecl, Field)],
    computed: &'f [(&'f FieldDecl, Field)],
}

/// What a computed field is made of.
struct Rule<'d> {
    text: &'d Spanned<String>,
    decl: &'d FieldDecl,
    field: &'d Field,
}

const BRACES: &str = "write a field in braces: `'{first} {last}'`";
const CALL: &str = "such as `crate::rank(points, level)`, with the fields that the function takes";

impl Rule<'_> {
    /// Whether it is a text with fields, and not a function with its fields.
    fn is_text(&self) -> bool {
        let text = self.text.value.trim();
        let is_call = text.ends_with(')') && text.split_once('(').is_some_and(|(path, _)| is_path(path));
        !is_call && !is_path(text)
    }

    fn refuse(&self, label: &str) -> Diagnostic {
        let message = format!("the field `{}` cannot be computed like this", show(&self.decl.name.value));
        Diagnostic::new(Code::BadComputed, message).at(self.text.span, label)
    }

    /// `{first} {last}`.
    fn text(&self, fields: &Fields<'_>) -> Result<Computation, Diagnostic> {
        let of_type = self.decl.ty.as_ref().map_or(self.decl.name.span, |ty| ty.span);
        if *self.field.ty.present() != Type::Scalar(Scalar::String) {
            let message = format!("the computed field `{}` is a text", show(&self.decl.name.value));
            return Err(Diagnostic::new(Code::BadComputed, message)
                .at(of_type, "another type")
                .related(self.text.span, "the text")
                .help("give it the type `string`, or name a function: `computed: crate::rank(points, level)`"));
        }
        let mut parts = Vec::new();
        let mut rest = self.text.value.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            let (inside, after) =
                after.split_once('}').ok_or_else(|| self.refuse("a `{` is not closed").help(BRACES))?;
            if before.contains('}') {
                return Err(self.refuse("a `}` closes nothing").help(BRACES));
            }
            if inside.contains('{') {
                return Err(self.refuse("a `{` is not closed").help(BRACES));
            }
            let (name, stated) = match inside.split_once(':') {
                Some((name, stated)) => (name, Some(stated)),
                None => (inside, None),
            };
            let field = self.part(name, fields)?;
            parts.push(KeyPart {
                before: before.to_owned(),
                field: field.clone(),
                form: self.form(field, stated)?,
                stated: stated.map(str::to_owned),
                is_open: false,
                is_beside: false,
            });
            rest = after;
        }
        if rest.contains('}') {
            return Err(self.refuse("a `}` closes nothing").help(BRACES));
        }
        if parts.is_empty() {
            return Err(self.refuse("it is made of no field").help(BRACES));
        }
        let optional = parts.iter().find(|part| matches!(part.field.ty, Type::Optional(_)));
        match (optional, matches!(self.field.ty, Type::Optional(_))) {
            (Some(part), false) => {
                let message = format!("the computed field `{}` may be absent", show(&self.decl.name.value));
                let label = format!("an item without `{}` has no such text", show(&part.field.name));
                return Err(Diagnostic::new(Code::BadComputed, message)
                    .at(of_type, label)
                    .help("write `type: 'string?'`, or make the text of required fields"));
            }
            (None, true) => {
                let message = format!("the computed field `{}` is never absent", show(&self.decl.name.value));
                return Err(Diagnostic::new(Code::BadComputed, message)
                    .at(of_type, "each field of its text is required")
                    .help("write `type: string`"));
            }
            _ => {}
        }
        Ok(Computation::Text { parts, end: rest.to_owned() })
    }

    /// The form of a field in the text: integers are as they are.
    fn form(&self, field: &Field, stated: Option<&str>) -> Result<PartForm, Diagnostic> {
        let text = Text { span: self.text.span, what: "text", code: Code::BadComputed, is_key: false };
        Ok(match part_forms::resolve(&text, field, stated)? {
            PartForm::Integer(_) => PartForm::Plain,
            form => form,
        })
    }

    /// `crate::rank(points, level)`.
    fn function(&self, fields: &Fields<'_>) -> Result<Computation, Diagnostic> {
        let text = self.text.value.trim();
        let (path, listed) = match text.strip_suffix(')').and_then(|text| text.split_once('(')) {
            Some((path, listed)) => (path, listed),
            None => (text, ""),
        };
        let path = rust_path(&Spanned { value: path.trim_end().to_owned(), span: self.text.span }, "function")?;
        if listed.trim().is_empty() {
            let of_all = fields.stored.iter().map(|(_, field)| field).filter(|field| changing(field).is_none());
            let some: Vec<String> = of_all.take(2).map(|field| show(&field.name)).collect();
            let written = path.strip_prefix("::").filter(|_| !text.starts_with("::")).unwrap_or(&path);
            return Err(self
                .refuse("updates keep its value, and need to know the fields that the function takes")
                .help(format!("name them: `computed: {}({})`", show(written), some.join(", "))));
        }
        let mut of = Vec::new();
        for name in listed.split(',').map(str::trim) {
            let bare = name.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
            if let Some(bare) = bare {
                let label = format!("`{}` is in braces", show(bare));
                let help = "only a text has braces: a function takes the fields by their names, `crate::rank(points)`";
                return Err(self.refuse(&label).help(help));
            }
            if name.is_empty() {
                return Err(self.refuse("the name of a field is missing").help(CALL));
            }
            of.push(self.part(name, fields)?.clone());
        }
        Ok(Computation::Function { path, of })
    }

    /// A field that it is made of.
    fn part<'f>(&self, name: &str, fields: &Fields<'f>) -> Result<&'f Field, Diagnostic> {
        let is_it = |(decl, _): &&(&FieldDecl, Field)| decl.name.value == name;
        if let Some((of, _)) = fields.computed.iter().find(is_it) {
            let what =
                if of.name.value == self.decl.name.value { "it is made of itself" } else { "it is computed too" };
            let message = format!("the field `{}` cannot be computed of `{}`", show(&self.decl.name.value), show(name));
            let diagnostic = Diagnostic::new(Code::BadComputed, message).at(self.text.span, what);
            return Err(match &of.computed {
                Some(own) if of.name.value != self.decl.name.value => diagnostic
                    .related(own.span, "computed here")
                    .help("name the fields that it is made of in its place"),
                _ => diagnostic.help("name other fields"),
            });
        }
        let Some((_, field)) = fields.stored.iter().find(is_it) else {
            let written = fields.stored.iter().map(|(decl, _)| decl.name.value.as_str());
            let help = did_you_mean(name, written).unwrap_or_else(|| one_of(fields.stored).into());
            let message = format!(
                "the field `{}` is computed of `{}`, which is not a field of the model",
                show(&self.decl.name.value),
                show(name)
            );
            return Err(Diagnostic::new(Code::UnknownKeyField, message).at(self.text.span, "no such field").help(help));
        };
        match unfit(field) {
            None => Ok(field),
            Some((label, help)) => {
                let message =
                    format!("the field `{}` cannot be computed of `{}`", show(&self.decl.name.value), show(name));
                Err(Diagnostic::new(Code::BadComputed, message).at(self.text.span, label).help(help))
            }
        }
    }
}

/// Why nothing is computed of a field, and what to do.
fn unfit(field: &Field) -> Option<(&'static str, &'static str)> {
    changing(field)
        .or_else(|| Some(("an update could not see its value", "use another field")).filter(|_| field.seal.is_some()))
}

/// Why nothing is computed of a field that changes by itself, and what to do.
fn changing(field: &Field) -> Option<(&'static str, &'static str)> {
    let label = match field.role? {
        FieldRole::Version | FieldRole::UpdatedAt => "every write changes it",
        FieldRole::Counter | FieldRole::Sequence => "increments change it, and nothing else",
        FieldRole::SchemaVersion => "the struct does not have it",
        FieldRole::Ttl if field.lifetime.is_some() => "every write changes it",
        FieldRole::CreatedAt | FieldRole::DeletedAt | FieldRole::Ttl => return None,
    };
    Some((label, "use other fields"))
}

/// Whether a text is the path of a function, and has no fields in braces.
fn is_path(text: &str) -> bool {
    let text = text.trim();
    text.contains("::") && text.chars().all(|c| c.is_alphanumeric() || matches!(c, ':' | '_' | '#'))
}

/// The mistake that a part of a model names a computed field, which only an index and a projection can have.
pub(super) fn named(what: &str, name: &Spanned<String>, declared: &ModelDecl, help: &str) -> Option<Diagnostic> {
    let field = declared.computed.iter().find(|field| field.name.value == name.value)?;
    let message = format!("{what} `{}`, which is computed", show(&name.value));
    let diagnostic = Diagnostic::new(Code::BadComputed, message).at(name.span, "no stored field of the model");
    let diagnostic = match &field.computed {
        Some(computed) => diagnostic.related(computed.span, "computed here"),
        None => diagnostic,
    };
    Some(diagnostic.help(help))
}
