//! Pairs of schemas: one model before and after an edit. Fixed seeds choose the types of some of them, and which edits
//! others have at once.

use crate::edits::{EDITS, Edit, MODELS};
use crate::types;
use dyntastic_codegen::{Changes, Diagnostics, Sources, changes};

/// A model before and after.
pub struct Pair {
    /// What the edit does.
    pub name: String,
    pub old: Side,
    pub new: Side,
}

/// One side of a pair: the parts of its schema, and items that its model may have written.
#[derive(Clone, Default)]
pub struct Side {
    pub enums: String,
    pub types: String,
    pub unions: String,
    pub tables: String,
    pub model: String,
    /// In DynamoDB's JSON.
    pub items: Vec<String>,
}

/// A source of random choices (xorshift64*).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33).unwrap_or(0) % most
    }

    pub fn one<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }
}

impl Side {
    /// The whole schema of this side.
    pub fn schema(&self) -> String {
        whole(std::iter::once(self))
    }
}

impl Pair {
    /// What changes between the sides, or the mistakes of one of them.
    pub fn changes(&self) -> Result<Changes, Diagnostics> {
        let (mut old, mut new) = (Sources::new(), Sources::new());
        old.add("old.yaml", self.old.schema());
        new.add("new.yaml", self.new.schema());
        changes(&old, &new)
    }
}

/// One schema of many sides.
pub fn whole<'s>(sides: impl Iterator<Item = &'s Side> + Clone) -> String {
    let all = |of: fn(&Side) -> &str| sides.clone().map(of).collect::<String>();
    let sections = [
        ("enums", all(|side| &side.enums)),
        ("types", all(|side| &side.types)),
        ("unions", all(|side| &side.unions)),
        ("tables", all(|side| &side.tables)),
        ("models", all(|side| &side.model)),
    ];
    let sections = sections.into_iter().filter(|(_, text)| !text.is_empty());
    let sections: String = sections.map(|(name, text)| format!("{name}:\n{text}")).collect();
    format!("dyntastic: 1\nserde: true\n{sections}")
}

/// The pairs, each with a model of its own name. `of_random_types` of them have random types.
pub fn pairs(of_random_types: usize) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for edit in EDITS {
        pairs.push(of_edits(&[edit], pairs.len()));
    }
    for (name, old, new) in MODELS {
        let number = pairs.len();
        pairs.push(Pair { name: (*name).to_owned(), old: old.side(number), new: new.side(number) });
    }
    // Some of the edits at once, so that none hides another.
    let mut random = Random::new(7);
    for _ in 0..12 {
        pairs.push(of_edits(&[random.one(EDITS), random.one(EDITS), random.one(EDITS)], pairs.len()));
    }
    for _ in 0..of_random_types {
        let pair = std::iter::repeat_with(|| types::pair(&mut random, pairs.len())).take(1000);
        pairs.extend(pair.into_iter().find(|pair| pair.changes().is_ok_and(|changes| !changes.is_empty())));
    }
    for pair in &pairs {
        assert!(pair.changes().is_ok(), "{}: {:?}", pair.name, pair.changes());
    }
    pairs
}

/// A pair with these edits, each of a field of its own.
fn of_edits(edits: &[&Edit], number: usize) -> Pair {
    let side = |of: fn(&Edit) -> crate::edits::Part| {
        let (mut fields, mut settings, mut side) = (String::new(), String::new(), Side::default());
        let mut items = vec!["\"id\": {\"S\": \"a\"}".to_owned()];
        for (position, edit) in edits.iter().enumerate() {
            let part = of(edit);
            let field = format!("f{position}");
            let fill = |text: &str| text.replace('$', &field).replace('@', &format!("{number}x{position}"));
            let line = |text: &str| if text.is_empty() { String::new() } else { format!("  {}\n", fill(text)) };
            side.enums.push_str(&line(part.enums));
            side.types.push_str(&line(part.types));
            side.unions.push_str(&line(part.unions));
            if !part.field.is_empty() {
                fields.push_str(&format!("      {}\n", fill(part.field)));
            }
            if !settings.contains(part.settings) {
                settings.push_str(part.settings);
            }
            // Every item has one of the values of each field.
            let values: Vec<&str> = part.values.iter().copied().filter(|value| !value.is_empty()).collect();
            if let [first, rest @ ..] = values.as_slice() {
                let attribute = fill(part.attribute);
                let with = |item: &String, value: &str| format!("{item}, \"{attribute}\": {value}");
                let more: Vec<String> = rest.iter().map(|value| with(&items[0], value)).collect();
                items = items.iter().map(|item| with(item, first)).chain(more).collect();
            }
        }
        side.model = format!(
            "  M{number}:\n    table: t-{number}\n    hash_key: id\n{settings}    fields:\n      id: string\n{fields}"
        );
        side.items = items.iter().map(|item| format!("{{{item}}}")).collect();
        side
    };
    let names: Vec<&str> = edits.iter().map(|edit| edit.name).collect();
    Pair { name: names.join(", and "), old: side(|edit| edit.old), new: side(|edit| edit.new) }
}
