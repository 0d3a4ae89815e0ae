//! The shape of a table's policy, which is that of policies in IAM ("IAM JSON policy element reference").

use super::keys::{Keys, What};
use super::reader::{Reader, value_span, wrong_kind};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::node::{Entry, Kind, Node};
use crate::schema::{ConditionDecl, PolicyDecl, PrincipalsDecl, Spanned, StatementDecl};

const SAY_WHO: &str = "say who: `Principal: { AWS: \"123456789012\" }`";

const NO_PRINCIPAL: &str = "a statement names at least one principal";

const FORM: &str = "resource_policy: { Statement: { Effect: Allow, Principal: { AWS: \"123456789012\" }, \
                    Action: dynamodb:GetItem } }";

pub(super) fn read(entry: &Entry, reader: &mut Reader) -> Option<PolicyDecl> {
    if entry.value.as_text() == Some("none") {
        return Some(PolicyDecl { span: entry.key_span, version: None, id: None, statements: Vec::new() });
    }
    let what = What::of(Place::Other, "`resource_policy`");
    let mut keys = Keys::of(&entry.value, what, entry.key_span, FORM, reader)?;
    let (version, id) = (keys.text("Version"), keys.text("Id"));
    let statements = keys.require("Statement", "say who may do what, or write `resource_policy: none`");
    let help = "say who may do what, or write `resource_policy: none`";
    let statements =
        statements.filter(|entry| is_filled(entry, "a policy has at least one statement", help, keys.reader));
    let statements = statements.map(|entry| each(entry, |entry| statement(entry, keys.reader)));
    keys.finish();
    Some(PolicyDecl { span: entry.key_span, version, id, statements: statements? })
}

/// Whether an entry has at least one value, or a mistake says that it needs one.
fn is_filled(entry: &Entry, message: &str, help: &str, reader: &mut Reader) -> bool {
    let is_empty = match &entry.value.kind {
        Kind::List(values) => values.is_empty(),
        Kind::Map(entries) => entries.is_empty(),
        Kind::Scalar { .. } => false,
    };
    if is_empty {
        let diagnostic = Diagnostic::new(Code::BadValue, message).at(value_span(entry), "there is none");
        reader.report(diagnostic.help(help));
    }
    !is_empty
}

/// The values of one entry, or of all entries of its list.
fn each<T>(entry: &Entry, mut read: impl FnMut(&Entry) -> Option<T>) -> Vec<T> {
    let of = |value: &Node| Entry { value: value.clone(), ..entry.clone() };
    match &entry.value.kind {
        Kind::List(values) => values.iter().filter_map(|value| read(&of(value))).collect(),
        _ => read(entry).into_iter().collect(),
    }
}

fn statement(entry: &Entry, reader: &mut Reader) -> Option<StatementDecl> {
    let what = What::of(Place::Other, "the statement");
    let span = value_span(entry);
    let form = "Statement: { Effect: Allow, Principal: { AWS: \"123456789012\" }, Action: dynamodb:GetItem }";
    let mut keys = Keys::of(&entry.value, what, span, form, reader)?;
    let sid = keys.text("Sid");
    let effect = keys.require("Effect", "`Effect: Allow`, or `Effect: Deny`");
    let effect = effect.and_then(|entry| keys.reader.value(entry));
    let not_principal = keys.take("NotPrincipal");
    let principal = match not_principal {
        None => keys.require("Principal", SAY_WHO),
        some => some.filter(|_| keys.take("Principal").is_none()),
    };
    let principal = principal.and_then(|entry| principals(entry, keys.reader));
    let is_not_action = keys.take("NotAction").is_some();
    let has_action = is_not_action
        || keys.require("Action", "name the operations: `Action: [dynamodb:GetItem, dynamodb:Query]`").is_some();
    let action = keys.texts(if is_not_action { "NotAction" } else { "Action" });
    let is_not_resource = keys.take("NotResource").is_some();
    let resource = if is_not_resource { "NotResource" } else { "Resource" };
    if let Some(entry) = keys.take(resource) {
        let help = "leave `Resource` out: it is the table with its indexes";
        is_filled(entry, "a statement names at least one resource", help, keys.reader);
    }
    let resource = keys.texts(resource);
    let conditions = keys.take("Condition").map(|entry| self::conditions(entry, keys.reader)).unwrap_or_default();
    keys.finish();
    if !has_action {
        return None;
    }
    Some(StatementDecl {
        span,
        sid,
        effect: effect?.value,
        is_not_principal: not_principal.is_some(),
        principal: principal?,
        is_not_action,
        action,
        is_not_resource,
        resource,
        conditions,
    })
}

fn principals(entry: &Entry, reader: &mut Reader) -> Option<PrincipalsDecl> {
    if !matches!(entry.value.kind, Kind::Map(_)) {
        return reader.text(entry).map(PrincipalsDecl::Text);
    }
    let form = "Principal: { AWS: \"123456789012\" }";
    if !is_filled(entry, NO_PRINCIPAL, SAY_WHO, reader) {
        return None;
    }
    let kinds = reader.map_entries(&entry.value, "the principal", entry.key_span, form)?;
    let texts = |entry: &Entry| {
        is_filled(entry, NO_PRINCIPAL, SAY_WHO, reader);
        (Spanned { value: entry.key.clone(), span: entry.key_span }, each(entry, |entry| reader.text(entry)))
    };
    Some(PrincipalsDecl::Kinds(kinds.iter().map(texts).collect()))
}

/// The keys and values of each operator. Flags and numbers are texts in policies.
fn conditions(entry: &Entry, reader: &mut Reader) -> Vec<ConditionDecl> {
    let form = "Condition: { StringEquals: { aws:PrincipalOrgID: o-123 } }";
    let operators = reader.map_entries(&entry.value, "`Condition`", entry.key_span, form).unwrap_or_default();
    let mut read = |operator: &Entry| {
        let (none, help) = ("a condition has at least one key with a value", format!("write it as `{form}`"));
        is_filled(operator, none, &help, reader);
        let keys = reader.map_entries(&operator.value, "the condition", operator.key_span, form).unwrap_or_default();
        let values = keys.iter().map(|key| {
            is_filled(key, none, &help, reader);
            let text = |entry: &Entry| match &entry.value.kind {
                Kind::Scalar { text, .. } if !entry.value.is_null() => Some(text.clone()),
                _ => {
                    reader.report(wrong_kind(entry, "text or a list of texts").help(format!("write it as `{form}`")));
                    None
                }
            };
            (key.key.clone(), each(key, text))
        });
        let name = Spanned { value: operator.key.clone(), span: operator.key_span };
        ConditionDecl { operator: name, keys: values.collect() }
    };
    operators.iter().map(&mut read).collect()
}
