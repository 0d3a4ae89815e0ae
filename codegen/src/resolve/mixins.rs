//! Adds the fields of mixins to the models and types that take them.

use super::fields;
use super::resolver::Resolver;
use crate::diagnostic::{Code, Diagnostic, Found, Mark, did_you_mean};
use crate::schema::{Broken, FieldDecl, MixinDecl, Schema, Spanned, StructKind};
use crate::sources::Span;
use crate::text::show;
use std::collections::HashMap;
use std::mem;

/// Gives each model and struct the fields of its mixins, after its own.
pub(super) fn expand(schema: &mut Schema, found: &mut Found) {
    let mixins = mem::take(&mut schema.mixins);
    let mut named: HashMap<&str, &MixinDecl> = HashMap::new();
    for mixin in &mixins {
        if let Some(first) = named.get(mixin.name.value.as_str()) {
            found.push(twice(&mixin.name, &first.name, "mixin"));
        } else {
            named.insert(&mixin.name.value, mixin);
        }
    }
    let broken = &mut schema.broken;
    schema.models.retain_mut(|model| {
        let is_whole = add(&model.name, &mut model.fields, &model.mixins, &named, broken, found);
        is_whole || !broken.models.insert(model.name.value.clone())
    });
    schema.types.retain_mut(|ty| match &mut ty.kind {
        StructKind::Fields { fields, mixins: taken, .. } => {
            let is_whole = add(&ty.name, fields, taken, &named, broken, found);
            is_whole || !broken.types.insert(ty.name.value.clone())
        }
        StructKind::Rust { .. } => true,
    });
    schema.mixins = mixins;
}

/// Checks the fields of each mixin by themselves, also if nothing takes it. Comparisons with other fields are left to
/// the definitions that take it.
pub(super) fn check(resolver: &mut Resolver<'_>) {
    for mixin in &resolver.schema.mixins {
        let mut fields = mixin.fields.clone();
        for field in &mut fields {
            field.constraints.retain(|constraint| !matches!(constraint.key.value, "after" | "before"));
        }
        let start = resolver.found.mark();
        fields::resolve(&fields, resolver);
        let found = resolver.found.take_since(start);
        resolver.found.extend(found.iter().cloned());
        resolver.of_mixins.extend(found);
    }
}

/// Lets the diagnostics since the mark that point into a mixin or a context name the definition that has its fields. A
/// mistake of the mixin alone, and one that another definition has too, is already reported.
pub(super) fn name_taker(
    start: Mark,
    mixins: &[Spanned<String>],
    context: Option<&Spanned<String>>,
    owner: &str,
    resolver: &mut Resolver<'_>,
) {
    if mixins.is_empty() && context.is_none() || resolver.found.is_sound_since(start) {
        return;
    }
    let schema = resolver.schema;
    let mixin = |name: &Spanned<String>| schema.mixins.iter().find(|mixin| mixin.name.value == name.value);
    let mixins = mixins.iter().filter_map(|name| Some((mixin(name)?.span, name.span, "takes the mixin")));
    let of = |name: &Spanned<String>| schema.contexts.iter().find(|context| context.name.value == name.value);
    let context = context.and_then(|name| Some((of(name)?.span, name.span, "has the context")));
    let taken: Vec<(Span, Span, &str)> = mixins.chain(context).collect();
    for diagnostic in resolver.found.take_since(start) {
        let place = taken.iter().find(|(of, ..)| diagnostic.is_in(*of)).map(|(_, place, has)| (*place, has));
        resolver.found.extend(match place {
            Some((place, has)) if resolver.of_mixins.insert(diagnostic.clone()) => {
                Some(diagnostic.related(place, format!("{owner} {has}")))
            }
            Some(_) => None,
            None => Some(diagnostic),
        });
    }
}

/// A name that two scalars, mixins or contexts have.
pub(super) fn twice(name: &Spanned<String>, first: &Spanned<String>, what: &str) -> Diagnostic {
    Diagnostic::new(Code::NameCollision, format!("two {what}s are called `{}`", show(&name.value)))
        .at(name.span, "the second")
        .related(first.span, "the first")
        .help("rename one of them")
}

/// Adds the fields of mixins to a definition's own. Returns whether each of the mixins is readable.
fn add(
    owner: &Spanned<String>,
    fields: &mut Vec<FieldDecl>,
    taken: &[Spanned<String>],
    mixins: &HashMap<&str, &MixinDecl>,
    broken: &Broken,
    found: &mut Found,
) -> bool {
    let mut is_whole = true;
    for (number, name) in taken.iter().enumerate() {
        let owner = show(&owner.value);
        if let Some(first) = taken.iter().take(number).find(|first| first.value == name.value) {
            let message = format!("`{owner}` takes the mixin `{}` twice", show(&name.value));
            let diagnostic = Diagnostic::new(Code::BadReuse, message).at(name.span, "the second time");
            found.push(diagnostic.related(first.span, "the first time").help("drop one of them"));
            continue;
        }
        let Some(mixin) = mixins.get(name.value.as_str()) else {
            is_whole = false;
            if !broken.file && !broken.mixins.contains(&name.value) {
                let help = did_you_mean(&name.value, mixins.keys().copied());
                let diagnostic = Diagnostic::new(Code::BadReuse, format!("there is no mixin `{}`", show(&name.value)))
                    .at(name.span, "unknown mixin")
                    .help(
                        help.unwrap_or_else(|| "define it: `mixins: { Times: { fields: { … } } }`".to_owned().into()),
                    );
                found.push(diagnostic);
            }
            continue;
        };
        for field in &mixin.fields {
            if let Some(own) = fields.iter().find(|own| own.name.value == field.name.value) {
                let message = format!("`{owner}` has the field `{}` twice", show(&field.name.value));
                let diagnostic = Diagnostic::new(Code::BadReuse, message)
                    .at(own.name.span, "one of them")
                    .related(field.name.span, format!("and one in the mixin `{}`", show(&mixin.name.value)))
                    .help("drop or rename one of them");
                found.push(diagnostic);
            } else {
                fields.push(field.clone());
            }
        }
    }
    is_whole
}
