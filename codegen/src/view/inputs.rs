//! The view of the input that makes an item.

use super::docs;
use super::structure::{self, Role, role};
use crate::model::{Default, Doc, Field, Input, Model, ModelSet, Type};
use dyntastic_templates::{CreateView, FieldView, SentView, StateView, StructView};

/// The view of the input that makes an item; `built` is the model's struct.
pub(super) fn create_view(set: &ModelSet, model: &Model, input: &Input, built: &StructView) -> CreateView {
    let missing: Vec<&str> = input.missing(model).iter().map(|field| field.name.as_str()).collect();
    let required = built.fields.iter().filter(|field| field.is_required && !field.is_of_context);
    let required = required.map(|field| match missing.contains(&field.name.as_str()) {
        true => StateView::Unset(model.name.clone(), field.marker.clone()),
        false => StateView::Set,
    });
    let changed = |field: &Field| if field.has_default() { optional(field) } else { field.clone() };
    let changed: Vec<Field> = input.fields.iter().map(changed).collect();
    let role = |field: &Field| role(model, field);
    let named = (input.type_name.as_str(), docs::create(model, input));
    let of = documented(set, &model.name, named, (&changed, &input.fields), role);
    let sent = |(view, _): (&FieldView, &Field)| SentView { setter: view.setter.clone(), ident: view.ident.clone() };
    let fields = of.fields.iter().zip(&input.fields);
    let (defaulted, given): (Vec<_>, Vec<_>) = fields.partition(|(_, field)| field.has_default());
    CreateView {
        model: model.name.clone(),
        link: docs::link(&model.name),
        context: model.context.as_ref().map(|context| context.name.clone()),
        state: state(required.collect()),
        is_complete: missing.is_empty(),
        has_setter_from: built.fields.iter().any(|field| field.setter == "from"),
        given: given.into_iter().map(sent).collect(),
        defaulted: defaulted.into_iter().map(sent).collect(),
        of,
    }
}

/// The state of a builder with these required fields: tuples, as [`structure::TUPLE`] has it.
fn state(mut of: Vec<StateView>) -> Option<StateView> {
    while of.len() > structure::TUPLE {
        let mut fields = of.into_iter().peekable();
        of = Vec::new();
        while fields.peek().is_some() {
            of.push(StateView::Tuple(fields.by_ref().take(structure::TUPLE).collect()));
        }
    }
    (!of.is_empty()).then_some(StateView::Tuple(of))
}

/// A struct with changed fields of its owner, which have the docs of the owner's fields.
pub(super) fn documented(
    set: &ModelSet,
    owner: &str,
    (name, doc): (&str, Doc),
    (changed, fields): (&[Field], &[Field]),
    role: impl Fn(&Field) -> Option<Role>,
) -> StructView {
    let mut of = structure::plain(set, owner, (name, &doc), changed, &role);
    for (view, field) in of.fields.iter_mut().zip(fields) {
        view.doc = docs::lines(&docs::field(field, role(field).map(|role| role.text)));
    }
    of
}

/// The field, with a value that may be absent.
pub(super) fn optional(field: &Field) -> Field {
    let ty = Type::Optional(Box::new(field.ty.present().clone()));
    Field { ty, default: Default::Absent, ..field.clone() }
}
