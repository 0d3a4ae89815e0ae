//! The values of fields, structs and unions.

use super::key_texts::Rules;
use super::matching::Patterns;
use super::{Maker, Reason, factory, times};
use crate::model::{
    Constraint, Factory, Field, Literal, Named, StructType, Transform, Type, TypeDefinition, UnionType,
};
use crate::pull::{LiveItem, LiveValue};
use chrono::NaiveDateTime;

/// The place of a value, on which it depends besides its type and constraints.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    /// The name of its field.
    pub(super) name: &'p str,
    /// The name of the model or struct that has the field.
    pub(super) owner: &'p str,
    /// Different numbers give different values.
    pub(super) number: usize,
    pub(super) moment: NaiveDateTime,
    /// The transforms that do not change it.
    pub(super) transforms: &'p [Transform],
    pub(super) rules: &'p Rules,
    /// The value that a condition asks for.
    pub(super) wanted: Option<&'p Literal>,
    pub(super) factory: Option<Factory>,
    pub(super) patterns: &'p Patterns,
    /// The structs around it.
    pub(super) path: &'p [&'p str],
}

impl Maker<'_> {
    /// The stored value of a field; `None` if it is absent.
    pub(super) fn field(&self, field: &Field, place: &Place<'_>) -> Result<Option<LiveValue>, Reason> {
        let made = self.value(place, field.ty.present(), &field.form, &field.constraints);
        match made {
            Err(_) if matches!(field.ty, Type::Optional(_)) => Ok(None),
            // An empty set has no attribute.
            Ok(LiveValue::Texts(of)) if of.is_empty() => Ok(None),
            Ok(value) => Ok(Some(value)),
            Err(reason) => Err(reason),
        }
    }

    /// The value of a type that the schema defines.
    pub(super) fn named(
        &self,
        place: &Place<'_>,
        named: &Named,
        constraints: &[Constraint],
    ) -> Result<LiveValue, Reason> {
        if let Some(of) = self.structs.get(named.name.as_str()) {
            return self.structure(of, place).map(LiveValue::Map);
        }
        match self.definitions.get(named.name.as_str()) {
            Some(TypeDefinition::Enum(of)) => super::values::variant(place, of, constraints),
            Some(TypeDefinition::Union(of)) => self.union(of, place),
            _ => Err(format!("`{}` holds the app's own type `{}`", place.name, named.name)),
        }
    }

    fn structure(&self, of: &StructType, place: &Place<'_>) -> Result<LiveItem, Reason> {
        if let Some(path) = &of.validate {
            return Err(format!("the app's function `{path}` checks `{}`", place.name));
        }
        if place.path.contains(&of.name.as_str()) {
            return Err(format!("`{}` holds itself", of.name));
        }
        let path: Vec<&str> = place.path.iter().copied().chain([of.name.as_str()]).collect();
        let moments = times::of(&of.fields, place.number);
        let rules = Rules::default();
        let mut item = LiveItem::new();
        for field in &of.fields {
            let place = Place {
                name: &field.name,
                owner: &of.name,
                number: place.number,
                moment: times::moment(&moments, field),
                transforms: &field.transform,
                rules: &rules,
                wanted: None,
                factory: factory(field),
                patterns: &self.patterns,
                path: &path,
            };
            if let Some(value) = self.field(field, &place)? {
                item.insert(field.attribute.clone(), value);
            }
        }
        Ok(item)
    }

    fn union(&self, of: &UnionType, place: &Place<'_>) -> Result<LiveValue, Reason> {
        let mut reason = format!("`{}` has no variant", of.name);
        for at in 0..of.variants.len() {
            let Some(variant) = of.variants.get((place.number + at) % of.variants.len()) else { continue };
            let held = variant.of.as_ref().and_then(|name| self.structs.get(name.as_str()));
            let made = held.map_or_else(|| Ok(LiveItem::new()), |of| self.structure(of, place));
            match made {
                Ok(mut item) => {
                    item.insert(of.tag.clone(), LiveValue::Text(variant.value.clone()));
                    return Ok(LiveValue::Map(item));
                }
                Err(of) => reason = of,
            }
        }
        Err(reason)
    }
}
