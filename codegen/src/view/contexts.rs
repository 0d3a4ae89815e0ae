//! The views of contexts, and of what models of one have besides others.

use super::{docs, field_types, rust};
use crate::model::{Context, Field, Model, ModelSet, Named, NamedKind, Type};
use dyntastic_templates::{ClientView, ContextFieldView, ContextView, OwnContextView, StructView};

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

/// A struct with fields of a model, of which the client gives those of the context.
pub(super) fn within(model: &Model, view: StructView, fields: &[Field]) -> StructView {
    let Some(context) = &model.context else { return view };
    let mut view = view;
    view.derives.is_of_context = true;
    for (view, field) in view.fields.iter_mut().zip(fields) {
        view.is_of_context = context.has(&field.name);
    }
    let own = fields.iter().filter(|field| context.has(&field.name)).map(field_view).collect();
    let key = context.key_type(&model.name);
    view.context = Some(OwnContextView { name: context.name.clone(), key, fields: own });
    view
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
