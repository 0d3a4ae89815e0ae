//! The texts that a field is known to have, from its type, its constraints and its default.

use crate::model::{
    Constraint, Default, EnumType, EnumValue, Factory, Field, Literal, TextFormat, Type, TypeDefinition,
};

/// Texts that the field may have: variants, allowed values, its default, or an example of its format.
pub(super) fn some(field: &Field, types: &[TypeDefinition]) -> Vec<String> {
    const UUID: &str = "67e55044-10b1-426f-9247-bb680e5fe0c8";
    let mut found = variants(field, types);
    for constraint in &field.constraints {
        match constraint {
            Constraint::OneOf(texts) => found.extend(texts.iter().cloned()),
            Constraint::Format(format) => found.extend(example(*format).map(str::to_owned)),
            _ => {}
        }
    }
    match &field.default {
        Default::Literal(Literal::Text(text)) => found.push(text.clone()),
        Default::Factory(Factory::UuidV4Text | Factory::UuidV7Text) => found.push(UUID.to_owned()),
        _ => {}
    }
    found
}

/// All texts of a field that has no others; `None` if it may have any.
pub(super) fn all(field: &Field, types: &[TypeDefinition]) -> Option<Vec<String>> {
    let one_of = field.constraints.iter().find_map(|constraint| match constraint {
        Constraint::OneOf(texts) => Some(texts.clone()),
        _ => None,
    });
    one_of.or_else(|| field.has_known_texts().then(|| variants(field, types)))
}

/// The stored texts or numbers of an enum's variants.
fn variants(field: &Field, types: &[TypeDefinition]) -> Vec<String> {
    let Type::Named(named) = field.ty.present() else { return Vec::new() };
    let found = types.iter().find_map(|definition| match definition {
        TypeDefinition::Enum(of) if of.name == named.name => Some(of),
        _ => None,
    });
    let variants = found.into_iter().flat_map(|EnumType { variants, .. }| variants);
    let text = |value: &EnumValue| match value {
        EnumValue::Text(text) => text.clone(),
        EnumValue::Number(number) => number.to_string(),
    };
    variants.map(|variant| text(&variant.value)).collect()
}

/// A text with the punctuation marks that all texts of the format have.
fn example(format: TextFormat) -> Option<&'static str> {
    match format {
        TextFormat::Email => Some("ann@example"),
        TextFormat::Url => Some("https://example"),
        TextFormat::Uuid => Some("67e55044-10b1-426f-9247-bb680e5fe0c8"),
        TextFormat::Ipv4 => Some("10.0.0.1"),
        TextFormat::Ipv6 => Some("::1"),
        TextFormat::E164 => Some("+4712345678"),
        TextFormat::Hostname | TextFormat::Slug => None,
    }
}
