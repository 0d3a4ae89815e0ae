//! Random tables that exist, with items.

use dyntastic_codegen::{LiveIndex, LiveItem, LiveKey, LiveTable, LiveValue, TableKeyKind};
use std::collections::BTreeMap;

/// A source of random values (xorshift64*).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33).unwrap() % most
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn text(&mut self) -> String {
        const WORDS: &[&str] = &[
            "a",
            "A",
            "USER",
            "user",
            "#",
            "|",
            "/",
            ":",
            "_",
            "-",
            ".",
            "'",
            "\"",
            "{",
            "}",
            "\n",
            "é",
            "1",
            "007",
            "true",
            "Self",
            "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
            "01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "2026-01-31",
            "2026-01-31T12:00:00.000Z",
            "2026-01-31T12:00:00",
            "UNIQUE",
            "$",
            " ",
            "type",
            "%",
        ];
        (0..=self.below(4)).map(|_| self.one(WORDS)).collect()
    }

    fn value(&mut self, depth: usize) -> LiveValue {
        match self.below(if depth > 2 { 5 } else { 10 }) {
            0 | 1 => LiveValue::Text(self.text()),
            2 => LiveValue::Number(
                self.one(&[
                    "0",
                    "-1",
                    "1.5",
                    "1767312000",
                    "1767312000123",
                    "1E30",
                    "99999999999999999999999999999999999999",
                    "7",
                ])
                .to_owned(),
            ),
            3 => LiveValue::Bool(self.below(2) == 0),
            4 => LiveValue::Null,
            5 => LiveValue::List((0..self.below(3)).map(|_| self.value(depth + 1)).collect()),
            6 => LiveValue::Map((0..self.below(3)).map(|_| (self.text(), self.value(depth + 1))).collect()),
            7 => LiveValue::Texts([self.text()].into()),
            8 => LiveValue::Numbers([self.one(&["1", "1.5", "1E30"]).to_owned()].into()),
            _ => LiveValue::Binary(vec![1]),
        }
    }

    fn key(&mut self, kind: TableKeyKind) -> LiveValue {
        match kind {
            TableKeyKind::String => {
                LiveValue::Text(format!("{}{}", self.one(&["USER#", "ORDER#", "a/", ""]), self.text()))
            }
            TableKeyKind::Number => LiveValue::Number(self.one(&["1", "-2", "1.5", "1767312000"]).to_owned()),
            TableKeyKind::Binary => LiveValue::Binary(vec![1, 2]),
        }
    }

    pub(crate) fn table(&mut self) -> LiveTable {
        const KINDS: [TableKeyKind; 6] = [
            TableKeyKind::String,
            TableKeyKind::String,
            TableKeyKind::String,
            TableKeyKind::String,
            TableKeyKind::Number,
            TableKeyKind::Binary,
        ];
        const NAMES: &[&str] =
            &["pk", "PK", "id", "user-id", "1st", "type", "é", "a.b", "self", "Id", "userId", "user_id"];
        let mut attributes: BTreeMap<String, TableKeyKind> = BTreeMap::new();
        let mut key = |random: &mut Self, taken: &[&str]| {
            let name = loop {
                let name = random.one(NAMES);
                if !taken.contains(&name) {
                    break name;
                }
            };
            let kind = *attributes.entry(name.to_owned()).or_insert(random.one(&KINDS));
            (name, kind)
        };
        let (hash, hash_kind) = key(self, &[]);
        let mut of_table = LiveKey { hash_key: vec![(hash.to_owned(), hash_kind)], ..LiveKey::default() };
        if self.below(2) == 0 {
            let (range, kind) = key(self, &[hash]);
            of_table.range_key = vec![(range.to_owned(), kind)];
        }
        let mut table = LiveTable::new(self.one(&["users", "my.table", "123", "Self-2"]), of_table);
        for number in 0..self.below(3) {
            let (hash, kind) = key(self, &[]);
            let mut index = LiveIndex::new(
                self.one(&["by-it", "gsi.1", "index"]).to_owned() + &number.to_string(),
                LiveKey { hash_key: vec![(hash.to_owned(), kind)], ..LiveKey::default() },
            );
            if self.below(2) == 0 {
                let (range, kind) = key(self, &[hash]);
                index.key.range_key = vec![(range.to_owned(), kind)];
            }
            index.include = self
                .one(&[None, None, Some(0), Some(2)])
                .map(|count: usize| (0..count).map(|at| format!("x{at}")).collect());
            table.indexes.push(index);
        }
        let of_table: Vec<String> =
            table.key.hash_key.iter().chain(&table.key.range_key).map(|(name, _)| name.clone()).collect();
        for _ in 0..self.below(12) {
            let mut item = LiveItem::new();
            for (name, kind) in &attributes {
                if of_table.contains(name) || self.below(2) == 0 {
                    item.insert(name.clone(), self.key(*kind));
                }
            }
            for name in ["kind", "x0", "x1", "status", "Größe", "a b"] {
                if self.below(3) > 0 {
                    item.insert(
                        name.to_owned(),
                        if name == "kind" {
                            LiveValue::Text(self.one(&["User", "Order"]).to_owned())
                        } else {
                            self.value(0)
                        },
                    );
                }
            }
            table.items.push(item);
        }
        table
    }
}
