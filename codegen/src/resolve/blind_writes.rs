//! Writes that have the key of an item alone, and attributes that are made of a field that they change.

use super::Resolved;
use super::resolver::Resolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Field, Index, KeyAttribute, Model};
use crate::schema::{KeyDecl, ModelDecl};
use crate::sources::Span;
use crate::terms::FieldRole;
use crate::text::show;

/// Reports attributes that such a write could not keep: they are also made of fields that it does not know.
pub(crate) fn check(models: &[Resolved<'_>], resolver: &mut Resolver<'_>) {
    for (declared, model) in models {
        let writes = Writes::of(model);
        for index in &model.indexes {
            let made =
                index.keys().filter(|key| !key.is_stored() && !model.keys().any(|of| of.attribute == key.attribute));
            for key in made {
                let fields: Vec<&Field> = key.fields().chain(index.when.iter().map(|when| &when.field)).collect();
                let what = format!("the key `{}` of the index `{}`", show(&key.attribute), show(&index.name));
                let found = writes.unable(model, &fields);
                resolver
                    .found
                    .extend(found.map(|of| of.diagnostic(Code::BadKeyTemplate, &what, place(declared, index, key))));
            }
        }
        for computed in &model.computed {
            let Some(of) = writes.unable(model, &computed.by.fields()) else { continue };
            let name = declared.computed.iter().find(|decl| decl.name.value == computed.field.name);
            let span = name.map_or(declared.name.span, |decl| decl.name.span);
            let what = format!("the computed field `{}`", show(&computed.field.name));
            resolver.report(of.diagnostic(Code::BadComputed, &what, span));
        }
    }
}

/// The writes of a model that have a key alone.
struct Writes {
    deletes: bool,
    counts: bool,
}

/// Why a write could not keep an attribute.
struct Unable<'m> {
    write: &'static str,
    /// The field that it changes.
    changed: &'m Field,
    /// A field that it does not know.
    unknown: &'m Field,
}

impl Writes {
    fn of(model: &Model) -> Self {
        let has = |role| model.role(role).is_some();
        Self { deletes: has(FieldRole::DeletedAt), counts: has(FieldRole::Counter) || has(FieldRole::Sequence) }
    }

    fn unable<'m>(&self, model: &Model, fields: &[&'m Field]) -> Option<Unable<'m>> {
        let by_all = |field: &Field| field.role == Some(FieldRole::UpdatedAt) || field.lifetime.is_some();
        let by_deletion = |field: &Field| by_all(field) || field.role == Some(FieldRole::DeletedAt);
        let of_key = |field: &Field| model.keys().any(|key| key.has(&field.name));
        let unable = |write, changes: &dyn Fn(&Field) -> bool| {
            let changed = fields.iter().find(|field| changes(field))?;
            let unknown = fields.iter().find(|field| !changes(field) && !of_key(field))?;
            Some(Unable { write, changed, unknown })
        };
        let deletion = || unable("`soft_delete_by_key` and `restore`", &by_deletion);
        let count = || unable("`increment` and sequences", &by_all);
        let deletion = self.deletes.then(deletion).flatten();
        deletion.or_else(|| self.counts.then(count).flatten())
    }
}

impl Unable<'_> {
    fn diagnostic(&self, code: Code, what: &str, at: Span) -> Diagnostic {
        let (changed, unknown) = (show(&self.changed.name), show(&self.unknown.name));
        let message = format!("{} could not keep {what}", self.write);
        Diagnostic::new(code, message)
            .at(at, format!("they change `{changed}`, and do not know `{unknown}`"))
            .help(format!("make it of `{changed}` and fields of the table's key alone, or without `{changed}`"))
    }
}

fn place(declared: &ModelDecl, index: &Index, key: &KeyAttribute) -> Span {
    let mut templates = declared.index_keys.iter().flat_map(|KeyDecl { templates, .. }| templates);
    let template = templates.find(|template| template.attribute.value == key.attribute).map(|of| of.attribute.span);
    let own = || declared.indexes.iter().find(|of| of.name.value == index.name).map(|of| of.name.span);
    template.or_else(own).unwrap_or(declared.name.span)
}
