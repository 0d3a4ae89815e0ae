//! The views of transforms.

use crate::model::{Constraint, Field, ModelSet, Named, NamedKind, Precision, Transform, Type};
use dyntastic_templates::TransformView;

/// The transforms of a field's value, as a function; `owner` is the struct with the function of the field.
pub(super) fn of_field(set: &ModelSet, owner: &str, field: &Field) -> Option<TransformView> {
    match body(set, field).as_slice() {
        [] => None,
        [only @ (TransformView::Own(_) | TransformView::Nested)] => Some(only.clone()),
        _ => Some(TransformView::OfField(owner.to_owned(), field.name.clone())),
    }
}

/// The transforms of a field's value, one by one.
pub(super) fn body(set: &ModelSet, field: &Field) -> Vec<TransformView> {
    let own = field.transform.iter().map(|of| text(*of));
    let of_elements = field.constraints.iter().filter_map(inside);
    own.chain(of_elements).chain(nested(set, field, field.ty.present())).collect()
}

fn text(of: Transform) -> TransformView {
    TransformView::Own(match of {
        Transform::Trim => "trim",
        Transform::Lowercase => "lowercase",
        Transform::Uppercase => "uppercase",
    })
}

/// The transforms in the constraints of elements.
fn inside(constraint: &Constraint) -> Option<TransformView> {
    let each =
        |inner: &[Constraint]| Some(inner.iter().filter_map(inside).collect()).filter(|of: &Vec<_>| !of.is_empty());
    match constraint {
        Constraint::Transform(of) => Some(text(*of)),
        Constraint::Items(inner) => each(inner).map(|inner| TransformView::Each("items", inner)),
        Constraint::Values(inner) => each(inner).map(|inner| TransformView::Each("values", inner)),
        Constraint::Present(inner) => each(inner).map(TransformView::Present),
        _ => None,
    }
}

/// The transforms of the structs and the times that a type holds.
fn nested(set: &ModelSet, field: &Field, ty: &Type) -> Option<TransformView> {
    match ty {
        time if time.has_fraction() => Some(TransformView::Own(match field.precision? {
            Precision::Seconds => "seconds",
            Precision::Millis => "millis",
            Precision::Micros | Precision::Nanos => "micros",
        })),
        Type::Named(Named { name, kind: NamedKind::Struct | NamedKind::Union, .. }) => {
            set.transformed.contains(name).then_some(TransformView::Nested)
        }
        Type::List(inner) | Type::Set(inner) => {
            nested(set, field, inner).map(|inner| TransformView::Each("items", vec![inner]))
        }
        Type::Map(inner) => nested(set, field, inner).map(|inner| TransformView::Each("values", vec![inner])),
        Type::Optional(inner) => nested(set, field, inner).map(|inner| TransformView::Present(vec![inner])),
        _ => None,
    }
}
