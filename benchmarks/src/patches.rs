//! The cases that update by a patch.

use crate::by_hand::{Attributes, number, text};
use crate::clients::Clients;
use crate::models::{AddressPatch, Parcel, ParcelPatch, Sheet};
use crate::run::{Case, case, contender};
use aws_sdk_dynamodb as sdk;
use dyntastic::Patch;
use dyntastic::prelude::*;
use sdk::operation::update_item::builders::UpdateItemFluentBuilder;
use sdk::types::{AttributeValue, ReturnValue};
use serde_json::json;
use std::collections::HashMap;
use std::hint::black_box;

/// A parcel, and its address, as one writes them by hand.
struct ByHand {
    id: String,
    weight: f64,
    street: String,
    city: String,
    zip_code: Option<String>,
    note: Option<String>,
    sent: bool,
}

fn parcel_of(mut item: Attributes) -> Option<ByHand> {
    let mut address = match item.remove("address")? {
        AttributeValue::M(address) => address,
        _ => return None,
    };
    Some(ByHand {
        id: text(&mut item, "id")?,
        weight: number(&mut item, "weight")?,
        street: text(&mut address, "street")?,
        city: text(&mut address, "city")?,
        zip_code: text(&mut address, "zip_code"),
        note: text(&mut address, "note"),
        sent: matches!(item.remove("sent"), Some(AttributeValue::Bool(true))),
    })
}

fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

/// The case that sets two fields of a struct in an item, and removes one.
pub async fn nested(name: &'static str) -> Case {
    let address =
        json!({ "street": { "S": "Long Street 12" }, "city": { "S": "Dresden" }, "zip_code": { "S": "01067" } });
    let parcel = json!({
        "id": { "S": "parcel#1" }, "weight": { "N": "1.25" }, "sent": { "BOOL": false }, "address": { "M": address },
    });
    let clients = Clients::new(name, "parcels", json!({ "Attributes": parcel }).to_string());
    let contenders = vec![
        contender("SDK + hand-written", || async {
            let request = clients.sdk.update_item().table_name("parcels").key("id", s("parcel#1"));
            let request = request
                .update_expression("SET #n0.#n1 = :v0, #n0.#n2 = :v1 REMOVE #n0.#n3")
                .condition_expression("attribute_exists(#n4) AND attribute_type(#n0, :v2)")
                .expression_attribute_names("#n0", "address")
                .expression_attribute_names("#n1", "street")
                .expression_attribute_names("#n2", "city")
                .expression_attribute_names("#n3", "note")
                .expression_attribute_names("#n4", "id")
                .expression_attribute_values(":v0", s("Long Street 12"))
                .expression_attribute_values(":v1", s("Dresden"))
                .expression_attribute_values(":v2", s("M"))
                .return_values(ReturnValue::AllNew);
            let item = request.send().await.expect("an update").attributes.expect("an item");
            let ByHand { id, weight, street, city, zip_code, note, sent } = parcel_of(item).expect("a parcel");
            black_box((id, weight, street, city, zip_code, note, sent));
        }),
        contender("dyntastic wire", || async {
            let address = AddressPatch {
                street: Some("Long Street 12".to_owned()),
                city: Some("Dresden".to_owned()),
                note: Patch::Remove,
                ..AddressPatch::default()
            };
            let patch = ParcelPatch { address: Some(address), ..ParcelPatch::default() };
            let updated = Parcel::update_by_key(&clients.wire, "parcel#1", patch).await.expect("an update");
            drop(black_box(updated));
        }),
    ];
    case(name, 200, contenders).await
}

/// The parts of an update, as one collects them by hand.
#[derive(Default)]
struct Changes {
    names: HashMap<String, String>,
    values: HashMap<String, AttributeValue>,
    sets: Vec<String>,
    removes: Vec<String>,
}

impl Changes {
    fn name(&mut self, name: &str) -> usize {
        let number = self.names.len();
        self.names.insert(format!("#n{number}"), name.to_owned());
        number
    }

    fn set(&mut self, name: &str, value: AttributeValue) {
        let number = self.name(name);
        self.values.insert(format!(":v{number}"), value);
        self.sets.push(format!("#n{number} = :v{number}"));
    }

    fn remove(&mut self, name: &str) {
        let number = self.name(name);
        self.removes.push(format!("#n{number}"));
    }

    fn request(mut self, request: UpdateItemFluentBuilder) -> UpdateItemFluentBuilder {
        let part = |word: &str, of: &[String]| (!of.is_empty()).then(|| format!("{word} {}", of.join(", ")));
        let parts = [part("SET", &self.sets), part("REMOVE", &self.removes)];
        let update = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        self.names.insert("#id".to_owned(), "id".to_owned());
        request
            .update_expression(update)
            .condition_expression("attribute_exists(#id)")
            .set_expression_attribute_names(Some(self.names))
            .set_expression_attribute_values(Some(self.values))
            .return_values(ReturnValue::AllNew)
    }
}

macro_rules! changed {
    (
        $before:expr, $after:expr, $changes:expr;
        $($text:ident)*; $($note:ident)*; $($number:ident)*; $($flag:ident)*
    ) => {
        $(if $before.$text != $after.$text {
            $changes.set(stringify!($text), AttributeValue::S($after.$text.clone()));
        })*
        $(if $before.$note != $after.$note {
            match &$after.$note {
                Some(note) => $changes.set(stringify!($note), AttributeValue::S(note.clone())),
                None => $changes.remove(stringify!($note)),
            }
        })*
        $(if $before.$number != $after.$number {
            $changes.set(stringify!($number), AttributeValue::N($after.$number.to_string()));
        })*
        $(if $before.$flag != $after.$flag {
            $changes.set(stringify!($flag), AttributeValue::Bool($after.$flag));
        })*
    };
}

/// The update of the fields of a sheet that differ, by hand.
fn changes_by_hand(sdk: &sdk::Client, before: &Sheet, after: &Sheet) -> UpdateItemFluentBuilder {
    let mut changes = Changes::default();
    changed!(before, after, changes;
        text_00 text_01 text_02 text_03 text_04 text_05 text_06 text_07 text_08 text_09;
        note_00 note_01 note_02 note_03;
        number_00 number_01 number_02 number_03 number_04 number_05;
        flag_00 flag_01 flag_02);
    changes.request(sdk.update_item().table_name("sheets").key("id", s(&before.id)))
}

fn sheet() -> Sheet {
    let text = |of: usize| format!("the text number {of} of a sheet");
    Sheet {
        id: "sheet#000123456789".to_owned(),
        text_00: text(0),
        text_01: text(1),
        text_02: text(2),
        text_03: text(3),
        text_04: text(4),
        text_05: text(5),
        text_06: text(6),
        text_07: text(7),
        text_08: text(8),
        text_09: text(9),
        note_00: Some(text(10)),
        note_01: Some(text(11)),
        note_02: Some(text(12)),
        note_03: Some(text(13)),
        number_00: 1000,
        number_01: 1031,
        number_02: 1062,
        number_03: 1093,
        number_04: 1124,
        number_05: 1155,
        flag_00: false,
        flag_01: true,
        flag_02: false,
    }
}

/// The case that compares two values of 24 fields, four of which differ, and builds the request of the update.
pub async fn changes(name: &'static str) -> Case {
    let clients = Clients::new(name, "sheets", json!({}).to_string());
    let before = sheet();
    let changed =
        Sheet { text_03: "another text".to_owned(), note_01: None, number_02: 7, flag_02: true, ..before.clone() };
    let contenders = vec![
        contender("SDK + hand-written", || async {
            drop(black_box(changes_by_hand(&clients.sdk, &before, &changed)));
        }),
        contender("dyntastic wire", || async {
            let update = Sheet::update_by_key(&clients.wire, before.id.as_str(), before.changes_to(&changed));
            drop(black_box(update.into_inner().expect("a request")));
        }),
    ];
    case(name, 400, contenders).await
}

/// The case that compares two values of 24 fields, three of which differ: by hand, into a list of the fields.
pub async fn comparison(name: &'static str) -> Case {
    let before = sheet();
    let changed = Sheet { text_03: "another text".to_owned(), number_02: 7, flag_02: true, ..before.clone() };
    let contenders = vec![
        contender("SDK + hand-written", || async {
            drop(black_box(Fields::default().of(black_box(&before), black_box(&changed))));
        }),
        contender("dyntastic wire", || async { drop(black_box(black_box(&before).changes_to(black_box(&changed)))) }),
    ];
    case(name, 4_000, contenders).await
}

/// The fields that differ, and their values.
#[derive(Default)]
struct Fields(Vec<(&'static str, Option<AttributeValue>)>);

impl Fields {
    fn set(&mut self, name: &'static str, value: AttributeValue) {
        self.0.push((name, Some(value)));
    }

    fn remove(&mut self, name: &'static str) {
        self.0.push((name, None));
    }

    fn of(mut self, before: &Sheet, after: &Sheet) -> Self {
        changed!(before, after, self;
            text_00 text_01 text_02 text_03 text_04 text_05 text_06 text_07 text_08 text_09;
            note_00 note_01 note_02 note_03;
            number_00 number_01 number_02 number_03 number_04 number_05;
            flag_00 flag_01 flag_02);
        self
    }
}
