//! The views of contexts, and of what models of one have besides others.

use super::{docs, field_types, rust};
use crate::model::{Context, Field, Model, ModelSet, Named, NamedKind, Type};
use dyntastic_templates::{ClientView, ContextFieldView, ContextView, OwnContextView};

/// The view of a context.
pub(crate) fn context_view(set: &ModelSet, context: &Context) -> ContextView {
    let hides = context.fields.iter().any(|field| field.sensitive);
    let eq = set.is_eq(&context.fields).then_some(["Eq", "Hash"]);
    let derives = (!hides).then_some("Debug").into_iter().chain(["Clone", "PartialEq"]);
    ContextView {
        name: context.name.clone(),
        name_literal: rust::literal(&context.name),
        doc: docs::lines(&docs::context(context)),
        derives: derives.chain(eq.into_iter().flatten()).collect(),
        fields: context.fields.iter().map(field_view).collect(),
    }
}

/// The context of a model.
pub(super) fn own(model: &Model) -> Option<OwnContextView> {
    let context = model.context.as_ref()?;
    Some(OwnContextView {
        name: context.name.clone(),
        key: context.key_type(&model.name),
        fields: context.fields.iter().map(field_view).collect(),
    })
}

/// The client that operations of models of a context take.
pub(super) fn client(context: Option<&Context>) -> ClientView {
    ClientView { context: context.map(|context| context.name.clone()) }
}

/// The field as one of the context, if it is one.
pub(super) fn field(context: Option<&Context>, field: &Field) -> Option<ContextFieldView> {
    context.filter(|context| context.has(&field.name)).map(|_| field_view(field))
}

fn field_view(field: &Field) -> ContextFieldView {
    ContextFieldView {
        ident: rust::identifier(&field.name),
        doc: docs::lines(&docs::field(field, None)),
        ty: field_types::ty(&field.ty),
        is_copy: field.ty.is_copy(),
        is_own: matches!(field.ty, Type::Named(Named { kind: NamedKind::Rust { .. }, .. })),
        debug_name: rust::literal(&field.name),
        sensitive: field.sensitive,
    }
}
