//! Conditions of indexes: the values of fields with which an item is in an index.

use super::draft::Draft;
use super::keys::one_of;
use super::resolver::Resolver;
use super::{computed, defaults, holds};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::model::{
    Constraint, Field, FieldRole, Index, KeyAttribute, Literal, Named, NamedKind, Scalar, StoredForm, Type, When,
};
use crate::node::Node;
use crate::schema::{KeyDecl, Spanned, WhenDecl};
use crate::text::show;

/// The conditions of an index; `None` if one has a mistake. `keys` are the keys of the index, `of_table` the
/// keys of its table, and `earlier` the model's earlier indexes.
pub(super) fn resolve(
    key: &KeyDecl,
    keys: &[KeyAttribute],
    of_table: &[&KeyAttribute],
    earlier: &[Index],
    model: &Draft<'_>,
    resolver: &mut Resolver<'_>,
) -> Option<Vec<When>> {
    let declared = key.when.as_ref();
    let start = resolver.found.mark();
    let mut conditions = Vec::new();
    for (name, nodes) in declared.iter().flat_map(|when| &when.fields) {
        let condition = resolver.keep(condition(name, nodes, model, resolver));
        conditions.extend(condition);
    }
    if let Some(when) = declared.filter(|when| when.fields.is_empty()) {
        let diagnostic = Diagnostic::new(Code::BadIndex, "the condition has no fields")
            .at(when.span, "every item would be in the index")
            .help("leave it out, or name values: `when: { status: open }`");
        resolver.report(diagnostic);
    }
    if !resolver.found.is_sound_since(start) {
        return None;
    }
    let is_own = |key: &KeyAttribute| of_table.iter().any(|of| of.attribute == key.attribute);
    let mut made = keys.iter().filter(|key| !is_own(key) && !key.is_stored()).peekable();
    if let (Some(when), None) = (declared, made.peek()) {
        let message = format!("the index `{}` cannot have a condition", show(&key.name.value));
        let diagnostic = Diagnostic::new(Code::BadIndex, message)
            .at(when.span, "every item has the attributes of its key")
            .help("make one of its keys an attribute of the index alone, with a template such as `'STATUS#{status}'`");
        resolver.report(diagnostic);
    }
    for key_attribute in made {
        let has = |index: &&Index| index.keys().any(|other| other.attribute == key_attribute.attribute);
        if let Some(other) = earlier.iter().find(has).filter(|other| !are_same(&other.when, &conditions)) {
            let message = format!("the key `{}` has two conditions", show(&key_attribute.attribute));
            let label = format!("the index `{}` has the same key with another condition, or none", show(&other.name));
            let span = declared.map_or(key.name.span, |when| when.span);
            let help = "an attribute has one value: give both indexes the same `when:`, or keys of their own";
            resolver.report(Diagnostic::new(Code::BadIndex, message).at(span, label).help(help));
        }
    }
    resolver.found.is_sound_since(start).then_some(conditions)
}

fn are_same(one: &[When], other: &[When]) -> bool {
    one.len() == other.len()
        && one.iter().all(|one| other.iter().any(|of| of.field.name == one.field.name && of.values == one.values))
}

fn condition(
    name: &Spanned<String>,
    nodes: &[Node],
    model: &Draft<'_>,
    resolver: &Resolver<'_>,
) -> Result<When, Diagnostic> {
    let help = "use a stored field";
    if let Some(diagnostic) = computed::named("the condition of an index cannot have", name, model.declared, help) {
        return Err(diagnostic);
    }
    let Some((_, field)) = model.fields.iter().find(|(decl, _)| decl.name.value == name.value) else {
        let written = model.fields.iter().map(|(decl, _)| decl.name.value.as_str());
        let help = did_you_mean(&name.value, written).unwrap_or_else(|| one_of(model.fields).into());
        let message = format!("the condition has `{}`, which is not a field of the model", show(&name.value));
        return Err(Diagnostic::new(Code::UnknownKeyField, message).at(name.span, "no such field").help(help));
    };
    let refuse = |why: &str, help: &str| {
        let message = format!("the field `{}` cannot be in the condition of an index", show(&name.value));
        Err(Diagnostic::new(Code::BadIndex, message).at(name.span, why).help(help))
    };
    if !is_compared(field) {
        return refuse(
            "its values cannot be compared with those of a schema",
            "strings, integers, booleans and enums can: use such a field",
        );
    }
    if matches!(field.role, Some(FieldRole::Version)) {
        return refuse("every write changes it", "use another field");
    }
    if field.role.is_some_and(FieldRole::counts) {
        return refuse("an increment cannot know whether it changes the condition", "use another field");
    }
    if matches!(field.role, Some(FieldRole::SchemaVersion)) {
        return refuse("every write sets it to one value", "use another field");
    }
    if nodes.is_empty() {
        return refuse("it has no values", "such as `when: { status: open }`, or `{ status: [open, pending] }`");
    }
    let mut values = Vec::with_capacity(nodes.len());
    for node in nodes {
        let value = value(node, field, resolver)?;
        if values.contains(&value) {
            let diagnostic = Diagnostic::new(Code::BadIndex, "the condition has a value twice");
            return Err(diagnostic.at(node.span, "the same again").help("remove one of them"));
        }
        values.push(value);
    }
    if is_always_met(field, &values, resolver) {
        let message = format!("the condition has every value of the field `{}`", show(&name.value));
        return Err(Diagnostic::new(Code::BadIndex, message)
            .at(name.span, "every item would be in the index")
            .help("leave out the values whose items do not belong there, or the condition"));
    }
    Ok(When { field: field.clone(), values })
}

/// Whether each item has one of the values.
fn is_always_met(field: &Field, values: &[Literal], resolver: &Resolver<'_>) -> bool {
    match &field.ty {
        Type::Scalar(Scalar::Bool) => values.len() == 2,
        Type::Scalar(Scalar::String) => field.constraints.iter().any(|constraint| match constraint {
            Constraint::OneOf(all) => all.iter().all(|text| values.contains(&Literal::Text(text.clone()))),
            _ => false,
        }),
        Type::Named(named) if matches!(named.kind, NamedKind::Enum { other: false, .. }) => {
            values.len() == resolver.scope.variants(named).len()
        }
        _ => false,
    }
}

/// Whether the stored form of each value is known here.
fn is_compared(field: &Field) -> bool {
    field.form == StoredForm::Own
        && match field.ty.present() {
            Type::Scalar(Scalar::String | Scalar::Bool | Scalar::Int(_)) => true,
            Type::Named(named) => matches!(named.kind, NamedKind::Enum { ignores_case: false, .. }),
            _ => false,
        }
}

/// A value of the field, which items can have.
fn value(node: &Node, field: &Field, resolver: &Resolver<'_>) -> Result<Literal, Diagnostic> {
    let refuse = |label: &str| {
        let message = format!("no item has this value of the field `{}`", show(&field.name));
        Diagnostic::new(Code::BadIndex, message).at(node.span, label)
    };
    let ty = field.ty.present();
    // An enum that keeps other values has them as texts.
    if let (Type::Named(Named { kind: NamedKind::Enum { other: true, number: false, .. }, .. }), Some(text)) =
        (ty, node.as_text())
        && defaults::literal(node, ty, &resolver.scope).is_err()
    {
        return Ok(Literal::Text(text.to_owned()));
    }
    let Ok(literal) = defaults::literal(node, ty, &resolver.scope) else {
        let diagnostic = refuse("it is not of the field's type");
        let Type::Named(named) = ty else {
            let form = match ty {
                Type::Scalar(Scalar::Bool) => "true",
                Type::Scalar(Scalar::Int(_)) => "1",
                _ => "open",
            };
            return Err(diagnostic.help(format!("write a value of its type, such as `{}: {form}`", show(&field.name))));
        };
        let names = || resolver.scope.variants(named).iter().map(|(written, _)| written.as_str());
        let help = did_you_mean(node.as_text().unwrap_or_default(), names());
        let all = || format!("the variants are {}", names().collect::<Vec<_>>().join(", ")).into();
        return Err(diagnostic.help(help.unwrap_or_else(all)));
    };
    let present = match &field.ty {
        Type::Optional(_) => Literal::Some(Box::new(literal.clone())),
        _ => literal.clone(),
    };
    if !field.constraints.iter().all(|constraint| holds::holds(constraint, &present)) {
        return Err(refuse("it breaks a constraint of the field").help("write another value, or change the constraint"));
    }
    if let Literal::Text(text) = &literal
        && holds::transformed(text, &field.transform) != *text
    {
        let to = show(&holds::transformed(text, &field.transform));
        return Err(refuse("the field's transforms would change it").help(format!("write `{to}`")));
    }
    Ok(literal)
}

/// The mistake that the key of a table has a condition.
pub(super) fn of_table(when: &WhenDecl) -> Diagnostic {
    Diagnostic::new(Code::BadIndex, "the key of a table has no condition")
        .at(when.span, "every item has it")
        .help("write `when:` in an entry of the model's `indexes:`")
}
