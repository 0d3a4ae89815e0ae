//! The fields of a model or a type.

use super::names::{self, Namespace};
use super::scope::Scope;
use super::{defaults, doc, keep, types};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::model::{Field, Scalar, StoredForm, TimeKind, Type};
use crate::read::show;
use crate::schema::{FieldDecl, Spanned};

/// The fields beside their declarations; `None` if any has a mistake.
pub(crate) fn resolve<'s>(
    declared: &'s [FieldDecl],
    scope: &Scope,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Vec<(&'s FieldDecl, Field)>> {
    let mut rust_names = Namespace::default();
    let mut attributes: Vec<&Spanned<String>> = Vec::new();
    let mut fields = Vec::with_capacity(declared.len());
    for decl in declared {
        let attribute = decl.attribute.as_ref().unwrap_or(&decl.name);
        check_attribute(attribute, &attributes, diagnostics);
        attributes.push(attribute);
        let name = keep(names::field_name(&decl.name), diagnostics).filter(|name| {
            let origin = format!("field `{}`", show(&decl.name.value));
            keep(rust_names.take(name, origin, decl.name.span), diagnostics).is_some()
        });
        let doc = doc::resolve(decl.doc.as_ref(), diagnostics);
        let ty = decl.ty.as_ref().and_then(|ty| keep(types::parse(ty, scope), diagnostics));
        let default = ty.as_ref().and_then(|ty| keep(defaults::resolve(decl.default.as_ref(), ty, scope), diagnostics));
        let form = ty.as_ref().and_then(|ty| keep(stored_form(decl.format.as_ref(), ty), diagnostics));
        if let (Some(name), Some(ty), Some(default), Some(form)) = (name, ty, default, form) {
            let attribute = attribute.value.clone();
            fields.push((decl, Field { name, attribute, doc, ty, form, default }));
        }
    }
    (fields.len() == declared.len()).then_some(fields)
}

const TIME_FORMATS: &[(&str, StoredForm)] = &[
    ("iso8601", StoredForm::Own),
    ("epoch_seconds", StoredForm::EpochSeconds),
    ("epoch_millis", StoredForm::EpochMillis),
];

fn stored_form(format: Option<&Spanned<String>>, ty: &Type) -> Result<StoredForm, Diagnostic> {
    let Some(format) = format else { return Ok(StoredForm::Own) };
    let Type::Scalar(Scalar::Time(TimeKind::DateTime, _)) = ty.present() else {
        return Err(Diagnostic::new(Code::TypeNotAllowed, "only a datetime has formats")
            .at(format.span, "the field has another type"));
    };
    let found = TIME_FORMATS.iter().find(|(name, _)| *name == format.value);
    found.map(|(_, form)| *form).ok_or_else(|| {
        let names = || TIME_FORMATS.iter().map(|(name, _)| *name);
        let help = did_you_mean(&format.value, names());
        Diagnostic::new(Code::BadValue, format!("there is no format `{}` of a datetime", show(&format.value)))
            .at(format.span, "unknown format")
            .help(help.unwrap_or_else(|| format!("the formats are {}", names().collect::<Vec<_>>().join(", "))))
    })
}

/// An attribute's name is one that DynamoDB takes, and no other field's.
fn check_attribute(attribute: &Spanned<String>, earlier: &[&Spanned<String>], diagnostics: &mut Vec<Diagnostic>) {
    // "Naming rules", in "Supported data types and naming rules in Amazon DynamoDB".
    if attribute.value.is_empty() || attribute.value.len() > 65_535 {
        let diagnostic = Diagnostic::new(Code::BadAttributeName, "DynamoDB refuses this attribute name")
            .at(attribute.span, "an attribute's name has 1 to 65,535 bytes");
        diagnostics.push(diagnostic);
    }
    if let Some(first) = earlier.iter().find(|first| first.value == attribute.value) {
        let name = show(&attribute.value);
        let diagnostic =
            Diagnostic::new(Code::DuplicateAttribute, format!("two fields are stored as the attribute `{name}`"))
                .at(attribute.span, "stored under the same name")
                .related(first.span, format!("`{name}` is taken here"))
                .help("give one of them another name in DynamoDB with `attribute:`");
        diagnostics.push(diagnostic);
    }
}
