//! Times to live that count from a field: `ttl: { after: 90d, from: placed_at }`.

use super::super::keys::unknown_field;
use super::{Fields, own_key, unfit};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Computation, Field, Scalar, TimeKind, Type};
use crate::schema::{FieldDecl, TtlDecl};
use crate::text::show;

/// The computation of the time when an item expires.
pub(super) fn resolve(
    decl: &FieldDecl,
    field: &Field,
    ttl: &TtlDecl,
    fields: &Fields<'_>,
) -> Result<Computation, Diagnostic> {
    let name = show(&decl.name.value);
    let Some(from) = &ttl.from else {
        return Err(Diagnostic::new(Code::BadComputed, format!("the field `{name}` is not computed")));
    };
    let own = own_key(decl).map(|(span, key)| (span, format!("drop `{key}`, or `ttl`")));
    if let Some((span, help)) = own {
        let message = format!("the field `{name}` follows from `{}`", show(&from.value));
        return Err(Diagnostic::new(Code::BadComputed, message).at(span, "its value is set by `ttl`").help(help));
    }
    let computed = fields.computed.iter().any(|(of, _)| of.name.value == from.value);
    let Some((_, source)) = fields.stored.iter().find(|(of, _)| of.name.value == from.value) else {
        if computed {
            let message = format!("a lifetime cannot count from `{}`", show(&from.value));
            let diagnostic = Diagnostic::new(Code::BadComputed, message).at(from.span, "it is computed too");
            return Err(diagnostic.help("name a stored field"));
        }
        return Err(unknown_field("start of a lifetime", from, fields.stored));
    };
    let refuse = |label: &str, help: &str| {
        let message = format!("a lifetime cannot count from `{}`", show(&from.value));
        Err(Diagnostic::new(Code::BadComputed, message).at(from.span, label).help(help))
    };
    if let Some((label, help)) = unfit(source) {
        let help = match source.role {
            Some(_) => "write `ttl: 30d` without `from`, which counts from each write",
            None => help,
        };
        return refuse(label, help);
    }
    if !matches!(source.ty.present(), Type::Scalar(Scalar::Time(TimeKind::DateTime, _))) {
        return refuse("it has another type", "name a field of type `datetime`");
    }
    let is_optional = |field: &Field| matches!(field.ty, Type::Optional(_));
    let place = decl.ty.as_ref().map_or(decl.name.span, |ty| ty.span);
    match (is_optional(source), is_optional(field)) {
        (true, false) => {
            let message = format!("the field `{name}` may be absent");
            let label = format!("an item without `{}` does not expire", show(&from.value));
            Err(Diagnostic::new(Code::BadComputed, message).at(place, label).help("write `type: 'datetime?'`"))
        }
        (false, true) => {
            let message = format!("the field `{name}` is never absent");
            let label = format!("each item has `{}`", show(&from.value));
            Err(Diagnostic::new(Code::BadComputed, message).at(place, label).help("write `type: datetime`"))
        }
        _ => Ok(Computation::Expiry { seconds: ttl.after.value, from: Box::new(source.clone()) }),
    }
}
