//! The shape of scalars, mixins and contexts, which several definitions use.

use super::keys::{Keys, What};
use super::reader::Reader;
use super::types::{constraints, fields_of, transforms};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::node::{Entry, Kind};
use crate::schema::{ContextDecl, FieldDecl, MixinDecl, Spanned};
use crate::text::show;

/// An entry of `scalars:`: a type, or a type with constraints.
pub(super) fn scalar(entry: &Entry, reader: &mut Reader) -> Option<FieldDecl> {
    let name = Spanned { value: entry.key.clone(), span: entry.key_span };
    if matches!(entry.value.kind, Kind::Scalar { .. }) && !entry.value.is_null() {
        let ty = reader.text(entry)?;
        return Some(FieldDecl::of_type(name, Some(ty)));
    }
    let form = format!("{}: {{ type: string, min_length: 1 }}", show(&entry.key));
    let what = What::named(Place::Scalar, "scalar", entry);
    let mut keys = Keys::of(&entry.value, what, name.span, &form, reader)?;
    let ty = keys.require("type", "give the type that it stands for: `type: string`");
    let ty = ty.and_then(|entry| keys.reader.text(entry));
    let declared = FieldDecl {
        doc: keys.text("doc"),
        format: keys.text("format"),
        precision: keys.value("precision"),
        transform: keys.take("transform").map(|entry| transforms(entry, keys.reader)).unwrap_or_default(),
        sensitive: keys.value("sensitive").is_some_and(|sensitive| sensitive.value),
        fake: None,
        constraints: constraints(&mut keys),
        ..FieldDecl::of_type(name, ty)
    };
    keys.finish();
    for constraint in &declared.constraints {
        if matches!(constraint.key.value, "after" | "before") {
            let message =
                format!("`{}` compares a field with another one, and a scalar is no field", constraint.key.value);
            let diagnostic = Diagnostic::new(Code::BadReuse, message).at(constraint.key.span, "this names a field");
            reader.report(diagnostic.help("write it at the fields of this type"));
            return None;
        }
    }
    Some(declared).filter(|declared| declared.ty.is_some())
}

/// An entry of `mixins:`.
pub(super) fn mixin(entry: &Entry, reader: &mut Reader) -> Option<MixinDecl> {
    let name = Spanned { value: entry.key.clone(), span: entry.key_span };
    let what = What::named(Place::Mixin, "mixin", entry);
    let form = format!("{}: {{ fields: {{ created_at: datetime }} }}", show(&entry.key));
    let mut keys = Keys::of(&entry.value, what, name.span, &form, reader)?;
    let fields = fields_of(&mut keys, false);
    keys.finish();
    Some(MixinDecl { name, span: entry.value.span, fields: fields? })
}

/// An entry of `contexts:`.
pub(super) fn context(entry: &Entry, reader: &mut Reader) -> Option<ContextDecl> {
    let name = Spanned { value: entry.key.clone(), span: entry.key_span };
    let what = What::named(Place::Context, "context", entry);
    let form = format!("{}: {{ fields: {{ tenant_id: string }} }}", show(&entry.key));
    let mut keys = Keys::of(&entry.value, what, name.span, &form, reader)?;
    let doc = keys.text("doc");
    let fields = fields_of(&mut keys, false);
    keys.finish();
    Some(ContextDecl { name, span: entry.value.span, doc, fields: fields? })
}
