//! The views of patches: of the input that changes an item, and of a struct inside an item.

use super::inputs::{documented, optional};
use super::structure::role;
use super::{constraints, docs, field_types, json, rust};
use crate::model::{Default, Extras, Field, Input, Model, ModelSet, Named, StructType, Type};
use dyntastic_templates::{ChangeKind, ChangeView, FieldView, InsideView, PatchView, PatchedJson, StructView, TyView};

/// The view of the input that changes an item.
pub(super) fn of_model(set: &ModelSet, model: &Model, input: &Input) -> PatchView {
    let changed: Vec<Field> = input.fields.iter().map(|field| changed(set, field)).collect();
    let named = (input.type_name.as_str(), docs::patch(model));
    let of = documented(set, &model.name, named, (&changed, &input.fields), |field| role(model, field));
    patch(set, (&model.name, &model.extras), &input.fields, of, None)
}

/// The view of the patch of a struct that is stored inside an item.
pub(super) fn of_struct(set: &ModelSet, owner: &StructType, name: &str) -> PatchView {
    let mut fields = owner.fields.clone();
    fields.iter_mut().for_each(|field| field.extras.keep_general());
    let changed: Vec<Field> = fields.iter().map(|field| changed(set, field)).collect();
    let doc = docs::patch_of_struct(owner);
    let of = documented(set, &owner.name, (name, doc), (&changed, &fields), |_| None);
    let generic = |wanted| rust::free_generic(wanted, &owner.name, &[]);
    let (time_orders, validate) = (constraints::time_orders(&owner.fields), owner.validate.clone());
    let inside = InsideView { model: generic("M"), role: generic("R"), time_orders, validate };
    patch(set, (&owner.name, &owner.extras), &fields, of, Some(inside))
}

fn patch(
    set: &ModelSet,
    (owner, extras): (&str, &Extras),
    fields: &[Field],
    mut of: StructView,
    inside: Option<InsideView>,
) -> PatchView {
    of.derives.traits.push("Default");
    of.json.is_defaulted = set.serde.is_some();
    of.json.denies_unknown = set.serde.is_some() && extras.denies_unknown_fields();
    for (view, field) in of.fields.iter_mut().zip(fields) {
        let changed = changed(set, field);
        let given = Field { ty: changed.ty.present().clone(), default: Default::Required, ..changed };
        let present = field_types::of_field(&given);
        if !is_removable(field) {
            view.json = json::field(set, owner, &given);
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
        is_boxed: matches!(field.ty.present(), Type::Named(Named { boxed: true, .. })),
        kind: match (is_removable(field), set.patch_inside(field)) {
            (false, None) => ChangeKind::Set,
            (true, None) => ChangeKind::Patch,
            (false, Some(_)) => ChangeKind::MergeSome,
            (true, Some(_)) => ChangeKind::Merge,
        },
    };
    let changes = of.fields.iter().zip(fields).map(change).collect();
    PatchView { owner: owner.to_owned(), changes, of, inside }
}

/// The field of the patch: with a value that may be absent, and with the patch of a struct in its place.
fn changed(set: &ModelSet, field: &Field) -> Field {
    let mut changed = optional(field);
    if let (Some(patch), Type::Named(named)) = (set.patch_inside(field), field.ty.present()) {
        let of_patch = Named { name: patch.to_owned(), ..named.clone() };
        changed.ty = Type::Optional(Box::new(Type::Named(of_patch)));
    }
    changed
}

/// Whether an item without the attribute reads as one with a certain value. A factory would make another value at each
/// read.
fn is_removable(field: &Field) -> bool {
    !matches!(field.default, Default::Required | Default::Factory(_))
}
