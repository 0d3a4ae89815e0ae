//! The values of a shared table's discriminator for each model.

use super::resolver::Resolver;
use super::shared_tables::Shared;
use super::unique::GUARD;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::schema::{DiscriminatorDecl, ModelDecl, Spanned};
use crate::sources::Span;
use crate::text::show;

/// An attribute and its value, as written.
type Value = (Spanned<String>, Spanned<String>);

/// The attributes of the table's discriminator, each with its value for the model.
pub(super) fn of_model(
    declared: &ModelDecl,
    shared: &Shared<'_>,
    resolver: &mut Resolver<'_>,
) -> Vec<(String, String)> {
    let attributes = shared.resolved.discriminator.as_slice();
    let values: Vec<(&String, &Spanned<String>)> = match (attributes, &declared.discriminator) {
        ([], Some(decl)) => {
            let message = format!("the table `{}` has no discriminator", show(&shared.resolved.name));
            let diagnostic = Diagnostic::new(Code::BadValue, message).at(decl.span(), "no attribute holds this");
            resolver.report(diagnostic.help("leave it out, or write `discriminator: kind` in the table"));
            return Vec::new();
        }
        ([], None) => return Vec::new(),
        ([only], None) => vec![(only, &declared.name)],
        ([only], Some(DiscriminatorDecl::Value(value))) => vec![(only, value)],
        (several, None) => {
            resolver.report(lacks(several, declared.name.span, shared, several));
            return Vec::new();
        }
        (several, Some(DiscriminatorDecl::Value(value))) => {
            resolver.report(lacks(several, value.span, shared, several));
            return Vec::new();
        }
        (attributes, Some(DiscriminatorDecl::Values { span, values })) => {
            each(attributes, (*span, values), shared, resolver)
        }
    };
    for (_, value) in &values {
        if value.value.is_empty() {
            let diagnostic = Diagnostic::new(Code::BadValue, "the value of the discriminator is empty");
            let help = "write the name of the model, such as `discriminator: CUSTOMER`, or leave it out";
            resolver.report(diagnostic.at(value.span, "it names an item's model").help(help));
        }
        if value.value == GUARD || value.value.contains('#') {
            let message = "the discriminator cannot have this value";
            let label =
                format!("`{GUARD}` marks the guards of unique values, and `#` separates the parts of their keys");
            let help = "give the model another one: `discriminator: CUSTOMER`";
            resolver.report(Diagnostic::new(Code::BadValue, message).at(value.span, label).help(help));
        }
    }
    values.into_iter().map(|(attribute, value)| (attribute.clone(), value.value.clone())).collect()
}

/// The value of each attribute. Reports attributes without one, and values of other attributes.
fn each<'d>(
    attributes: &'d [String],
    (span, values): (Span, &'d [Value]),
    shared: &Shared<'_>,
    resolver: &mut Resolver<'_>,
) -> Vec<(&'d String, &'d Spanned<String>)> {
    let of = |attribute: &&'d String| {
        values.iter().find(|(name, _)| name.value == **attribute).map(|(_, value)| (*attribute, value))
    };
    let found: Vec<_> = attributes.iter().filter_map(|attribute| of(&attribute)).collect();
    let unknown = values.iter().filter(|(name, _)| !attributes.contains(&name.value));
    let mut has_unknown = false;
    for (name, _) in unknown {
        has_unknown = true;
        let message = format!("`{}` is no attribute of the table's discriminator", show(&name.value));
        let help = did_you_mean(&name.value, attributes.iter().map(String::as_str));
        let diagnostic = Diagnostic::new(Code::BadValue, message)
            .at(name.span, "no such attribute")
            .related(shared.declared.name.span, "the table")
            .help(help.unwrap_or_else(|| format!("leave it out: the table names {}", list(attributes)).into()));
        resolver.report(diagnostic);
    }
    let missing: Vec<String> = attributes.iter().filter(|attribute| of(attribute).is_none()).cloned().collect();
    // A misspelled attribute is one mistake.
    if !missing.is_empty() && !has_unknown {
        resolver.report(lacks(&missing, span, shared, attributes));
    }
    found
}

/// The mistake of a model without values of some attributes of the discriminator.
fn lacks(missing: &[String], at: Span, shared: &Shared<'_>, all: &[String]) -> Diagnostic {
    let form: Vec<String> = all.iter().map(|attribute| format!("{}: …", show(attribute))).collect();
    Diagnostic::new(Code::BadValue, format!("the model has no value of {}", list(missing)))
        .at(at, "all attributes of the discriminator name the model")
        .related(shared.declared.name.span, "the table")
        .help(format!("write `discriminator: {{ {} }}`", form.join(", ")))
}

fn list(attributes: &[String]) -> String {
    attributes.iter().map(|attribute| format!("`{}`", show(attribute))).collect::<Vec<_>>().join(" and ")
}
