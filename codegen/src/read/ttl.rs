//! The shape of a field's `ttl:`.

use super::keys::{Keys, What};
use super::reader::Reader;
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::node::{Entry, Kind};
use crate::schema::{FieldDecl, Spanned, TtlDecl};
use crate::terms::FieldRole;
use crate::text::show;

const FORM: &str = "ttl: { after: 90d, from: created_at }";
/// 100 years.
const MAX: u64 = 36_500 * 86_400;

/// `30d`, or `{ after: 90d, from: placed_at }`.
pub(super) fn ttl(keys: &mut Keys<'_, '_>) -> Option<TtlDecl> {
    let entry = keys.take("ttl")?;
    let span = entry.key_span;
    if !matches!(entry.value.kind, Kind::Map(_)) {
        let after = lifetime(entry, keys.reader)?;
        return Some(TtlDecl { span, after, from: None });
    }
    let mut keys = Keys::of(&entry.value, What::of(Place::Ttl, "`ttl`"), span, FORM, keys.reader)?;
    let after = keys.require("after", "say how long: `after: 90d`").and_then(|entry| lifetime(entry, keys.reader));
    let from = keys.require("from", "name the field with the time that it counts from, or write `ttl: 30d`");
    let from = from.and_then(|entry| keys.reader.text(entry));
    keys.finish();
    Some(TtlDecl { span, after: after?, from: Some(from?) })
}

/// The seconds of `30d`, `12h` or `1d12h`.
fn lifetime(entry: &Entry, reader: &mut Reader) -> Option<Spanned<u64>> {
    let text = match &entry.value.kind {
        Kind::Scalar { text, .. } if !entry.value.is_null() => Spanned { value: text.clone(), span: entry.value.span },
        _ => reader.text(entry)?,
    };
    let value = seconds(text.value.trim());
    if !value.is_some_and(|seconds| (1..=MAX).contains(&seconds)) {
        let message = format!("`{}` is no lifetime", show(&text.value));
        let label = if value.is_some() { "it is 1 second to 36500 days" } else { "numbers with units" };
        let help = "such as `30d`, `12h` or `1d12h`, with the units w, d, h, m and s; or, for a time that the app sets, \
                    `role: ttl`";
        reader.report(Diagnostic::new(Code::BadValue, message).at(text.span, label).help(help));
        return None;
    }
    value.map(|value| Spanned { value, span: text.span })
}

fn seconds(text: &str) -> Option<u64> {
    let (mut rest, mut sum, mut earlier) = (text, 0_u64, u64::MAX);
    while !rest.is_empty() {
        let (number, after) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit())?);
        let mut letters = after.chars();
        let unit: u64 = match letters.next()? {
            'w' => 604_800,
            'd' => 86_400,
            'h' => 3600,
            'm' => 60,
            's' => 1,
            _ => return None,
        };
        if unit >= earlier {
            return None;
        }
        sum = sum.checked_add(number.parse::<u64>().ok()?.checked_mul(unit)?)?;
        (rest, earlier) = (letters.as_str(), unit);
    }
    (!text.is_empty()).then_some(sum)
}

/// Gives a field with a lifetime its role. A field that counts from another one is computed, and has none.
pub(super) fn with_role(field: FieldDecl, reader: &mut Reader) -> FieldDecl {
    let Some(ttl) = &field.ttl else { return field };
    let span = ttl.span;
    if let Some(role) = &field.role {
        let (label, help) = match role.value {
            FieldRole::Ttl => ("its role, which `ttl` says too", "drop the role"),
            _ => ("its role", "drop one of them"),
        };
        let diagnostic = Diagnostic::new(Code::BadRole, "the field has a role and a `ttl`");
        let diagnostic = diagnostic.at(span, "the item expires then").related(role.span, label);
        reader.report(diagnostic.help(help));
    }
    match ttl.from {
        Some(_) => FieldDecl { role: None, ..field },
        None => FieldDecl { role: Some(Spanned { value: FieldRole::Ttl, span }), ..field },
    }
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn a_lifetime_has_units_from_the_longest_to_the_shortest() {
        let known = [("30d", 2_592_000), ("2w", 1_209_600), ("1d12h", 129_600), ("1h30m5s", 5405), ("0s", 0)];
        for (text, expected) in known {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
        for text in ["", "30", "d", "1h1d", "1d1d", "-1d", "1.5d", "30 d", "30D", "99999999999999999999w"] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
