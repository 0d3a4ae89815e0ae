//! How the values of a hash key spread over items.

use crate::model::{
    Constraint, Default, EnumType, Factory, Field, FieldRole, KeyAttribute, MadeOf, Named, NamedKind, PartForm, Scalar,
    Specifier, StoredForm, TimeForm, TimeKind, Type, TypeDefinition, When,
};

/// The values of one field of a key. The greater one tells more items apart.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Spread {
    /// So many; `None` if the schema does not state the number.
    Few(Option<usize>),
    /// The time, rounded to this.
    Rounded(Period),
    /// Many, or nothing says that they are few.
    Many,
}

/// What a time is rounded to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Period {
    Year,
    Month,
    Day,
    Hour,
    Minute,
}

impl Period {
    pub(super) fn name(self) -> &'static str {
        match self {
            Period::Year => "year",
            Period::Month => "month",
            Period::Day => "day",
            Period::Hour => "hour",
            Period::Minute => "minute",
        }
    }
}

/// What the rules know besides a key.
pub(super) struct Known<'s> {
    pub(super) types: &'s [TypeDefinition],
    /// The conditions under which an item has the key.
    pub(super) when: &'s [When],
}

impl Known<'_> {
    /// The fields of a hash key, each once, with its values in the form that tells the most items apart.
    pub(super) fn spreads<'k>(&self, hash_key: impl Iterator<Item = &'k KeyAttribute>) -> Vec<(&'k Field, Spread)> {
        let mut found: Vec<(&Field, Spread)> = Vec::new();
        for (field, spread) in hash_key.flat_map(|key| self.of_key(key)) {
            match found.iter_mut().find(|(earlier, _)| earlier.name == field.name) {
                Some((_, earlier)) if *earlier < spread => *earlier = spread,
                Some(_) => {}
                None => found.push((field, spread)),
            }
        }
        found
    }

    fn of_key<'k>(&self, key: &'k KeyAttribute) -> Vec<(&'k Field, Spread)> {
        match &key.made_of {
            MadeOf::Field(field) | MadeOf::Copy(field) | MadeOf::Hash(field) => {
                vec![(field, self.of_field(field, None))]
            }
            MadeOf::Template { parts, .. } => {
                parts.iter().map(|part| (&part.field, self.of_field(&part.field, Some(&part.form)))).collect()
            }
        }
    }

    fn of_field(&self, field: &Field, form: Option<&PartForm>) -> Spread {
        if let Some(when) = self.when.iter().find(|when| when.field.name == field.name) {
            return Spread::Few(Some(when.values.len()));
        }
        if let Some(Constraint::OneOf(texts)) = field.constraints.iter().find(|of| matches!(of, Constraint::OneOf(_))) {
            return Spread::Few(Some(texts.len()));
        }
        match field.ty.present() {
            Type::Scalar(Scalar::Bool) => Spread::Few(Some(2)),
            Type::Scalar(Scalar::String) if is_status(&field.name) => Spread::Few(None),
            Type::Named(Named { name, kind: NamedKind::Enum { .. }, .. }) => Spread::Few(self.variants(name)),
            Type::Scalar(Scalar::Time(kind, _)) => rounded(field, *kind, form).map_or(Spread::Many, Spread::Rounded),
            _ => Spread::Many,
        }
    }

    fn variants(&self, name: &str) -> Option<usize> {
        self.types.iter().find_map(|of| match of {
            TypeDefinition::Enum(EnumType { name: own, variants, .. }) if own == name => Some(variants.len()),
            _ => None,
        })
    }
}

/// Whether a text is called a status. AWS names a status code as an example of a bad partition key.
fn is_status(name: &str) -> bool {
    name == "status" || name.ends_with("_status")
}

/// What a time is rounded to in a key, if it is the time of now: of a datetime, since one that is rounded names a
/// period, and of a date only with `default: today`.
fn rounded(field: &Field, kind: TimeKind, form: Option<&PartForm>) -> Option<Period> {
    let pattern = match (form, &field.form) {
        (Some(PartForm::Time(TimeForm::Pattern(pattern))), _) | (_, StoredForm::Pattern(pattern)) => Some(pattern),
        _ => None,
    };
    match kind {
        TimeKind::DateTime | TimeKind::NaiveDateTime => match pattern?.specifiers.iter().max()? {
            Specifier::Year => Some(Period::Year),
            Specifier::Month => Some(Period::Month),
            Specifier::Day => Some(Period::Day),
            Specifier::Hour => Some(Period::Hour),
            Specifier::Minute => Some(Period::Minute),
            Specifier::Second | Specifier::Fraction(_) => None,
        },
        TimeKind::Date if matches!(field.default, Default::Factory(Factory::Today(_))) => Some(Period::Day),
        TimeKind::Date | TimeKind::Time | TimeKind::Duration => None,
    }
}

/// Whether each new item has a greater value of this field than the items before.
pub(super) fn grows(field: &Field) -> bool {
    let is_made = matches!(
        field.default,
        Default::Factory(
            Factory::Now(_)
                | Factory::Today(_)
                | Factory::Expiry(..)
                | Factory::Ulid
                | Factory::UlidText
                | Factory::UuidV7
                | Factory::UuidV7Text
        )
    );
    is_made || field.lifetime.is_some() || matches!(field.role, Some(FieldRole::CreatedAt | FieldRole::UpdatedAt))
}
