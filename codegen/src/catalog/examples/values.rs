//! Values by their types and stored forms.

use super::structs::Place;
use super::{Maker, Reason, numbers, texts, times};
use crate::model::{Constraint, EnumType, EnumValue, Literal, Scalar, StoredForm, Type};
use crate::pull::{LiveItem, LiveValue};
use crate::resolve::holds;
use std::collections::BTreeSet;

/// The number of elements of a collection, if its constraints allow it. One inside of so many structs has one element,
/// so that types in types in types have small examples.
const ELEMENTS: u64 = 2;
const DEEP: usize = 3;

impl Maker<'_> {
    /// A value of a type in a stored form.
    pub(super) fn value(
        &self,
        place: &Place<'_>,
        ty: &Type,
        form: &StoredForm,
        constraints: &[Constraint],
    ) -> Result<LiveValue, Reason> {
        let left = self.left.get().checked_sub(1).ok_or("an item would have too many values")?;
        self.left.set(left);
        let custom =
            constraints.iter().find_map(|of| if let Constraint::Custom(path) = of { Some(path) } else { None });
        if let Some(path) = custom {
            return Err(format!("the app's function `{path}` checks `{}`", place.name));
        }
        match ty {
            Type::Scalar(scalar) => scalar_value(place, *scalar, form, constraints),
            Type::Json => Ok(json(place, form)),
            Type::Vector(dimensions) => {
                let all = (0..usize::from(*dimensions))
                    .map(|at| numbers::float(&Place { number: place.number + at, ..*place }, true, &[]));
                all.map(|text| text.map(LiveValue::Number)).collect::<Result<_, _>>().map(LiveValue::List)
            }
            Type::Named(named) => self.named(place, named, constraints),
            Type::Optional(of) => self.value(place, of, form, &of_elements(constraints, present)),
            Type::List(of) => {
                let is_unique = constraints.contains(&Constraint::UniqueItems);
                let elements = self.elements(place, of, &of_elements(constraints, items), constraints)?;
                Ok(LiveValue::List(if is_unique { distinct(elements, constraints)? } else { elements }))
            }
            Type::Set(of) => {
                let elements = self.elements(place, of, &of_elements(constraints, items), constraints)?;
                set(distinct(elements, constraints)?, form)
            }
            Type::Map(of) => self.map(place, of, constraints),
        }
    }

    /// The elements of a collection; none if an element cannot be made and none is needed.
    fn elements(
        &self,
        place: &Place<'_>,
        ty: &Type,
        inner: &[Constraint],
        constraints: &[Constraint],
    ) -> Result<Vec<LiveValue>, Reason> {
        let (least, most) = bounds(constraints);
        let mut elements = Vec::new();
        let count = if place.path.len() < DEEP { ELEMENTS } else { 1 };
        for at in 0..count.clamp(least, most.max(least)) {
            let number = place.number + usize::try_from(at).unwrap_or(0);
            let moment = times::later(place.moment, at);
            let place = Place { number, moment, wanted: None, factory: None, ..*place };
            match self.value(&place, ty, &StoredForm::Own, inner) {
                Ok(value) => elements.push(value),
                Err(_) if least == 0 => return Ok(Vec::new()),
                Err(reason) => return Err(reason),
            }
        }
        Ok(elements)
    }

    fn map(&self, place: &Place<'_>, ty: &Type, constraints: &[Constraint]) -> Result<LiveValue, Reason> {
        let of_keys = of_elements(constraints, keys);
        let values = self.elements(place, ty, &of_elements(constraints, entries), constraints)?;
        let (least, _) = bounds(constraints);
        let mut map = LiveItem::new();
        for (at, value) in values.into_iter().enumerate() {
            let place = Place { number: place.number + at, wanted: None, factory: None, ..*place };
            match texts::text(&place, &of_keys) {
                Ok(key) => drop(map.insert(key, value)),
                Err(_) if least == 0 => return Ok(LiveValue::Map(LiveItem::new())),
                Err(reason) => return Err(reason),
            }
        }
        match u64::try_from(map.len()).is_ok_and(|count| count >= least) {
            true => Ok(LiveValue::Map(map)),
            false => Err(format!("too few keys were found for `{}`", place.name)),
        }
    }
}

fn items(of: &Constraint) -> Option<&[Constraint]> {
    if let Constraint::Items(inner) = of { Some(inner) } else { None }
}

fn keys(of: &Constraint) -> Option<&[Constraint]> {
    if let Constraint::Keys(inner) = of { Some(inner) } else { None }
}

fn entries(of: &Constraint) -> Option<&[Constraint]> {
    if let Constraint::Values(inner) = of { Some(inner) } else { None }
}

fn present(of: &Constraint) -> Option<&[Constraint]> {
    if let Constraint::Present(inner) = of { Some(inner) } else { None }
}

/// The constraints of elements.
fn of_elements(constraints: &[Constraint], of: fn(&Constraint) -> Option<&[Constraint]>) -> Vec<Constraint> {
    constraints.iter().filter_map(of).flatten().cloned().collect()
}

/// The minimum and the maximum number of elements.
fn bounds(constraints: &[Constraint]) -> (u64, u64) {
    let (mut least, mut most) = (0, u64::MAX);
    for constraint in constraints {
        match constraint {
            Constraint::MinItems(of) => least = least.max(*of),
            Constraint::MaxItems(of) => most = most.min(*of),
            _ => {}
        }
    }
    (least, most)
}

/// The elements without repetition.
fn distinct(elements: Vec<LiveValue>, constraints: &[Constraint]) -> Result<Vec<LiveValue>, Reason> {
    let mut found: Vec<LiveValue> = Vec::with_capacity(elements.len());
    for element in elements {
        if !found.contains(&element) {
            found.push(element);
        }
    }
    match u64::try_from(found.len()).is_ok_and(|count| count >= bounds(constraints).0) {
        true => Ok(found),
        false => Err("too few different elements were found".to_owned()),
    }
}

fn set(mut elements: Vec<LiveValue>, form: &StoredForm) -> Result<LiveValue, Reason> {
    if *form == StoredForm::List {
        elements.sort_by(numbers::order);
        return Ok(LiveValue::List(elements));
    }
    let (mut texts, mut numbers, mut binaries) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for element in elements {
        match element {
            LiveValue::Text(text) => drop(texts.insert(text)),
            LiveValue::Number(number) => drop(numbers.insert(number)),
            LiveValue::Binary(bytes) => drop(binaries.insert(bytes)),
            _ => return Err("a set has texts, numbers or binary values".to_owned()),
        }
    }
    Ok(match (numbers.is_empty(), binaries.is_empty()) {
        (false, _) => LiveValue::Numbers(numbers),
        (_, false) => LiveValue::Binaries(binaries),
        _ => LiveValue::Texts(texts),
    })
}

fn json(place: &Place<'_>, form: &StoredForm) -> LiveValue {
    let note = format!("{} {}", place.name.replace('_', " "), place.number + 1);
    match form {
        StoredForm::Text => LiveValue::Text(serde_json::json!({ "note": note }).to_string()),
        _ => LiveValue::Map(LiveItem::from([("note".to_owned(), LiveValue::Text(note))])),
    }
}

/// The stored value of an enum's variant.
pub(super) fn variant(place: &Place<'_>, of: &EnumType, constraints: &[Constraint]) -> Result<LiveValue, Reason> {
    let wanted = of
        .variants
        .iter()
        .position(|variant| matches!(place.wanted, Some(Literal::Variant(_, name)) if *name == variant.name));
    let first = wanted.unwrap_or(place.number);
    let count = of.variants.len().max(1);
    let variants = (0..count).filter_map(|at| of.variants.get((first + at) % count));
    let fits = |name: &str| {
        let literal = Literal::Variant(of.name.clone(), name.to_owned());
        constraints.iter().all(|constraint| holds(constraint, &literal))
    };
    let variant = variants.into_iter().find(|variant| fits(&variant.name));
    match variant.map(|variant| &variant.value) {
        Some(EnumValue::Text(text)) => Ok(LiveValue::Text(text.clone())),
        Some(EnumValue::Number(number)) => Ok(LiveValue::Number(number.to_string())),
        None => Err(format!("no variant of `{}` fits `{}`", of.name, place.name)),
    }
}

fn scalar_value(
    place: &Place<'_>,
    scalar: Scalar,
    form: &StoredForm,
    constraints: &[Constraint],
) -> Result<LiveValue, Reason> {
    let number = |text: String| match form {
        StoredForm::Text => LiveValue::Text(text),
        StoredForm::Digits(digits) => LiveValue::Text(format!("{text:0>digits$}")),
        _ => LiveValue::Number(text),
    };
    Ok(match scalar {
        Scalar::String => LiveValue::Text(texts::text(place, constraints)?),
        Scalar::Bool => {
            let value = match place.wanted {
                Some(Literal::Bool(value)) => *value,
                _ => place.number.is_multiple_of(2),
            };
            match form {
                StoredForm::ZeroOrOne => LiveValue::Number(u8::from(value).to_string()),
                StoredForm::Text => LiveValue::Text(value.to_string()),
                _ => LiveValue::Bool(value),
            }
        }
        Scalar::Int(int) => number(numbers::integer(place, int, constraints)?),
        Scalar::F32 => number(numbers::float(place, true, constraints)?),
        Scalar::F64 => number(numbers::float(place, false, constraints)?),
        Scalar::Decimal(of) => number(numbers::decimal(place, of, constraints)?),
        Scalar::Bytes => {
            let number = u8::try_from(place.number % 256).unwrap_or(0);
            LiveValue::Binary(vec![0xda, 0x7a, number])
        }
        Scalar::Time(kind, _) => times::stored(kind, form, place.moment, place.number),
        other => LiveValue::Text(texts::of_type(place, other)),
    })
}
