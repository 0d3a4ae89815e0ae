//! The views of a model's inputs.

use super::structure::{self, role};
use super::{docs, field_types, json};
use crate::model::{Default, Field, Input, Model, ModelSet, Type};
use dyntastic_templates::{
    ChangeView, CreateView, FieldView, PatchView, PatchedJson, SentView, StateView, StructView, TyView,
};

/// The view of the input that makes an item; `built` is the model's struct.
pub(super) fn create_view(set: &ModelSet, model: &Model, input: &Input, built: &StructView) -> CreateView {
    let missing: Vec<&str> = input.missing(model).iter().map(|field| field.name.as_str()).collect();
    let required = built.fields.iter().filter(|field| field.is_required);
    let required = required.map(|field| match missing.contains(&field.name.as_str()) {
        true => StateView::Unset(model.name.clone(), field.marker.clone()),
        false => StateView::Set,
    });
    let changed = |field: &Field| if field.has_default() { optional(field) } else { field.clone() };
    let changed: Vec<Field> = input.fields.iter().map(changed).collect();
    let of = sent(set, model, input, &docs::create(model, input), &changed);
    let sent = |(view, _): (&FieldView, &Field)| SentView { setter: view.setter.clone(), ident: view.ident.clone() };
    let fields = of.fields.iter().zip(&input.fields);
    let (defaulted, given): (Vec<_>, Vec<_>) = fields.partition(|(_, field)| field.has_default());
    CreateView {
        model: model.name.clone(),
        link: docs::link(&model.name),
        state: state(required.collect()),
        is_complete: missing.is_empty(),
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

/// The view of the input that changes an item.
pub(super) fn patch_view(set: &ModelSet, model: &Model, input: &Input) -> PatchView {
    let changed: Vec<Field> = input.fields.iter().map(optional).collect();
    let mut of = sent(set, model, input, &docs::patch(model), &changed);
    of.derives.traits.push("Default");
    of.json.is_defaulted = set.serde.is_some();
    for (view, field) in of.fields.iter_mut().zip(&input.fields) {
        let present = field_types::of_field(&Field { ty: field.ty.present().clone(), ..field.clone() });
        if !is_removable(field) {
            let required = Field { default: Default::Required, ..field.clone() };
            view.json = json::field(set, &model.name, &required);
            view.json.stand_in = view.json.stand_in.take().or_else(|| set.json_schema.then_some(present));
        } else {
            view.ty = TyView::Patch(Box::new(present));
        }
        view.json.hides_default = false;
        view.json.patched = set.serde.map(|_| match is_removable(field) {
            true => PatchedJson::Removable,
            false => PatchedJson::Present,
        });
    }
    let change = |(view, field): (&FieldView, &Field)| ChangeView {
        ident: view.ident.clone(),
        is_removable: is_removable(field),
    };
    let changes = of.fields.iter().zip(&input.fields).map(change).collect();
    PatchView { model: model.name.clone(), changes, of }
}

/// An input's struct with these fields, the docs of which are the model's.
fn sent(set: &ModelSet, model: &Model, input: &Input, doc: &[String], fields: &[Field]) -> StructView {
    let mut of = structure::plain(set, &model.name, (&input.type_name, doc), fields, |field| role(model, field));
    for (view, field) in of.fields.iter_mut().zip(&input.fields) {
        view.doc = docs::lines(&docs::field(field, role(model, field).map(|role| role.text)));
    }
    of
}

/// The field, with a value that may be absent.
fn optional(field: &Field) -> Field {
    let ty = Type::Optional(Box::new(field.ty.present().clone()));
    Field { ty, default: Default::Absent, ..field.clone() }
}

/// Whether an item without the attribute reads as one with a certain value. A factory would make another value at each
/// read.
fn is_removable(field: &Field) -> bool {
    !matches!(field.default, Default::Required | Default::Factory(_))
}
