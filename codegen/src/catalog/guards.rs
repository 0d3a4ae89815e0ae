//! The values that no two items share, and the items that reserve them. They are as the runtime makes them
//! (`ops/transaction/guard_item.rs`).

use super::entries::UniqueGuard;
use crate::model::{Field, KeyAttribute, Model};
use crate::pull::{LiveItem, LiveValue};

/// The discriminator and the range key of every guard, and the start of its hash key.
const GUARD: &str = "UNIQUE";
/// The attributes of a guard that hold the key of its owner.
const OWNER: [&str; 2] = ["unique_owner", "unique_owner_range"];

/// A unique field, or a unique combination of fields.
pub(super) struct Guarded<'m> {
    model: &'m Model,
    /// In the order of the guard's key.
    fields: Vec<&'m Field>,
}

/// The unique fields and combinations of a model.
pub(super) fn of(model: &Model) -> Vec<Guarded<'_>> {
    let single = model.unique().map(|field| vec![field]);
    let together = model.unique_together.iter().map(|fields| {
        let mut fields: Vec<&Field> = fields.iter().collect();
        fields.sort_unstable_by(|one, other| one.attribute.cmp(&other.attribute));
        fields
    });
    single.chain(together).map(|fields| Guarded { model, fields }).collect()
}

impl Guarded<'_> {
    pub(super) fn entry(&self) -> UniqueGuard {
        let values: Vec<String> = self.fields.iter().map(|field| format!("{{{}}}", field.name)).collect();
        let fields = self.fields.iter().map(|field| field.name.clone()).collect();
        UniqueGuard { fields, template: self.prefix() + &values.join("#") }
    }

    /// The guard of an item; `None` if the item lacks a value. `fields` are the stored values of all fields.
    pub(super) fn item(&self, item: &LiveItem, fields: &LiveItem) -> Option<LiveItem> {
        let text = |field: &&Field| match fields.get(&field.attribute)? {
            LiveValue::Text(text) => Some(text.clone()),
            LiveValue::Number(text) => Some(normal_number(text)),
            _ => None,
        };
        let texts: Vec<String> = self.fields.iter().map(text).collect::<Option<_>>()?;
        let value = match texts.as_slice() {
            [only] => only.clone(),
            several => several.iter().map(|text| escaped(text)).collect::<Vec<_>>().join("#"),
        };
        let keys: Vec<&KeyAttribute> = self.model.keys().collect();
        let mut guard = LiveItem::new();
        for (at, key) in keys.iter().enumerate() {
            let own = if at == 0 { self.prefix() + &value } else { GUARD.to_owned() };
            guard.insert(key.attribute.clone(), LiveValue::Text(own));
        }
        for (name, key) in OWNER.iter().zip(&keys) {
            guard.insert((*name).to_owned(), item.get(&key.attribute)?.clone());
        }
        let sharing = self.model.sharing.as_ref()?;
        if let Some((attribute, _)) = sharing.discriminator.first() {
            guard.insert(attribute.clone(), LiveValue::Text(GUARD.to_owned()));
        }
        if let Some(ttl) = &self.model.table.ttl
            && let Some(expiry @ LiveValue::Number(_)) = item.get(ttl)
        {
            guard.insert(ttl.clone(), expiry.clone());
        }
        Some(guard)
    }

    /// The text of the key before the values.
    fn prefix(&self) -> String {
        let values = self.model.sharing.iter().flat_map(|sharing| &sharing.discriminator);
        let model = values.map(|(_, value)| value.as_str()).collect::<Vec<_>>().join("#");
        let fields = self.fields.iter().map(|field| escaped(&field.attribute)).collect::<Vec<_>>().join("%2C");
        format!("{GUARD}#{}#{fields}#", escaped(&model))
    }
}

fn escaped(name: &str) -> String {
    name.replace('%', "%25").replace('#', "%23")
}

/// The text of a number in a guard's key: its digits without zeros at both ends, and their exponent.
fn normal_number(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{fraction}");
    let trimmed = all.trim_end_matches('0');
    let exponent = i128::try_from(all.len() - trimmed.len()).unwrap_or(0) - i128::try_from(fraction.len()).unwrap_or(0);
    match trimmed.trim_start_matches('0') {
        "" => "e0".to_owned(),
        digits => format!("{sign}{digits}e{exponent}"),
    }
}
