//! The hooks of a model: functions of the app that see each whole item.

use super::paths;
use super::resolver::Resolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Hooks;
use crate::schema::{ModelDecl, Spanned};
use crate::sources::Span;
use crate::terms::FieldRole;
use crate::text::show;

/// The hooks; `None` if one has a mistake.
pub(super) fn resolve(declared: &ModelDecl, resolver: &mut Resolver<'_>) -> Option<Hooks> {
    let before_write = resolver.keep(paths::function_path(declared.hooks.before_write.as_ref()));
    let after_read = resolver.keep(paths::function_path(declared.hooks.after_read.as_ref()));
    if let Some(hook) = &declared.hooks.before_write {
        refuse_updates(hook, declared, resolver)?;
    }
    Some(Hooks { before_write: before_write?, after_read: after_read? })
}

/// Refuses what changes parts of items, which a `before_write` would not see.
fn refuse_updates(hook: &Spanned<String>, declared: &ModelDecl, resolver: &mut Resolver<'_>) -> Option<()> {
    let start = resolver.found.mark();
    let name = show(&declared.name.value);
    let mut refuse = |what: String, span: Span, label: &str, help: String| {
        let message = format!("model `{name}` cannot have {what} beside `before_write`");
        let diagnostic = Diagnostic::new(Code::BadHook, message).at(span, label);
        resolver.report(diagnostic.related(hook.span, "it needs the whole item").help(help));
    };
    for field in &declared.fields {
        let field_name = show(&field.name.value);
        let span = field.role.as_ref().map_or(field.name.span, |role| role.span);
        let role = field.role.as_ref().map(|role| role.value);
        let (what, label) = match role {
            Some(FieldRole::Counter) => {
                (format!("the counter `{field_name}`"), "an increment changes a part of an item")
            }
            Some(FieldRole::Sequence) => {
                (format!("the sequence `{field_name}`"), "a block of numbers changes a part of an item")
            }
            Some(FieldRole::DeletedAt) => {
                (format!("`{field_name}` with the role `deleted_at`"), "`soft_delete` changes a part of an item")
            }
            _ => continue,
        };
        let help = match role {
            Some(FieldRole::DeletedAt) => {
                "leave out the role: set the time yourself, and save the item; or leave out `before_write`"
            }
            _ => "keep it in a model of its own, or leave out `before_write`",
        };
        let help = help.to_owned();
        refuse(what, span, label, help);
    }
    if let Some(patch) = &declared.inputs.patch {
        let what = format!("the patch `{}`", show(&patch.name.value));
        let help = "leave it out: read the item, change it and save it; or leave out `before_write`".to_owned();
        refuse(what, patch.name.span, "a patch changes parts of an item", help);
    }
    if let Some(rate) = &declared.rate.update {
        let help = "leave it out, or count these writes under `save`".to_owned();
        refuse("a rate of updates".to_owned(), rate.span, "no update changes its items", help);
    }
    resolver.found.is_sound_since(start).then_some(())
}
