//! The shape of a field's `sequence:`.

use super::keys::{Keys, What};
use super::reader::Reader;
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::schema::{FieldDecl, SequenceDecl, Spanned};
use crate::terms::FieldRole;

/// `{}`, or `{ start: 1000, block: 100 }`.
pub(super) fn sequence(keys: &mut Keys<'_, '_>) -> SequenceDecl {
    let none = SequenceDecl::default();
    let Some(entry) = keys.take("sequence") else { return none };
    let (span, what) = (entry.key_span, What::of(Place::Sequence, "`sequence`"));
    let keys = Keys::of(&entry.value, what, span, "sequence: { start: 1, block: 100 }", keys.reader);
    let Some(mut keys) = keys else { return none };
    let declared = SequenceDecl { span: Some(span), start: keys.value("start"), block: keys.value("block") };
    keys.finish();
    declared
}

/// Gives a field with a sequence its role.
pub(super) fn with_role(field: FieldDecl, reader: &mut Reader) -> FieldDecl {
    let Some(span) = field.sequence.span else { return field };
    if let Some(role) = &field.role {
        let diagnostic = Diagnostic::new(Code::BadRole, "the field has a role and a `sequence`");
        let diagnostic = diagnostic.at(span, "its numbers are reserved").related(role.span, "its role");
        reader.report(diagnostic.help("drop one of them"));
    }
    FieldDecl { role: Some(Spanned { value: FieldRole::Sequence, span }), ..field }
}
