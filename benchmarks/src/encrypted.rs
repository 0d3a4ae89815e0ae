//! The cases with an encrypted field.

use crate::by_hand::text;
use crate::clients::Clients;
use crate::models::Letter;
use crate::run::{Case, case, contender};
use crate::server::Server;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::rand;
use aws_sdk_dynamodb as sdk;
use dyntastic::keys::LocalKeys;
use dyntastic::prelude::*;
use sdk::primitives::Blob;
use sdk::types::AttributeValue;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::hint::black_box;

const SECRET: [u8; 32] = [7; 32];

fn letter(number: usize) -> Letter {
    let body = format!("Dear {number}, ").repeat(40);
    Letter { id: format!("letter#{number}"), sender: "Ada".to_owned(), body }
}

fn ours(server: &Server) -> Client {
    let keys = LocalKeys::new("2026", SECRET).expect("a key");
    Client::builder().encryption_key("letters", keys).from_conf(server.config().build())
}

/// As one encrypts by hand: a nonce at random, and the table, the key and the attribute as additional data.
struct ByHand(LessSafeKey);

impl ByHand {
    fn new() -> Self {
        Self(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &SECRET).expect("a key")))
    }

    fn item(&self, letter: &Letter) -> HashMap<String, AttributeValue> {
        let mut nonce = [0; 12];
        rand::fill(&mut nonce).expect("random bytes");
        let mut body = letter.body.clone().into_bytes();
        let sealed = self.0.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad(&letter.id), &mut body);
        sealed.expect("a sealed body");
        HashMap::from([
            ("id".to_owned(), AttributeValue::S(letter.id.clone())),
            ("sender".to_owned(), AttributeValue::S(letter.sender.clone())),
            ("body".to_owned(), AttributeValue::B(Blob::new([&nonce[..], &body].concat()))),
        ])
    }

    fn letter(&self, mut item: HashMap<String, AttributeValue>) -> Option<Letter> {
        let (id, sender) = (text(&mut item, "id")?, text(&mut item, "sender")?);
        let AttributeValue::B(body) = item.remove("body")? else { return None };
        let mut body = body.into_inner();
        let mut sealed = body.split_off(12);
        let nonce = Nonce::try_assume_unique_for_key(&body).ok()?;
        let opened = self.0.open_in_place(nonce, aad(&id), &mut sealed).ok()?;
        Some(Letter { id, sender, body: std::str::from_utf8(opened).ok()?.to_owned() })
    }
}

fn aad(id: &str) -> Aad<String> {
    Aad::from(format!("letters/{id}/body"))
}

pub async fn put(name: &'static str) -> Case {
    let clients = Clients::new(name, "letters", json!({}).to_string());
    let ours = ours(&Server::new(json!({}).to_string()));
    let (item, by_hand) = (letter(1), ByHand::new());
    let contenders = vec![
        contender("SDK + hand-written", || async {
            let request = clients.sdk.put_item().table_name("letters").set_item(Some(by_hand.item(&item)));
            request.send().await.expect("a put");
        }),
        contender("dyntastic wire", || async { item.save(&ours).await.expect("a save") }),
    ];
    case(name, 200, contenders).await
}

fn in_json(item: &HashMap<String, AttributeValue>) -> Value {
    let value = |value: &AttributeValue| match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::B(blob) => json!({ "B": aws_smithy_types::base64::encode(blob) }),
        _ => json!({ "NULL": true }),
    };
    item.iter().map(|(name, of)| (name.clone(), value(of))).collect::<serde_json::Map<_, _>>().into()
}

/// The case that reads a page of items.
pub async fn query(name: &'static str, items: usize, operations: u32) -> Case {
    let page =
        |items: Vec<Value>| json!({ "Count": items.len(), "ScannedCount": items.len(), "Items": items }).to_string();
    let (by_hand, letters): (_, Vec<Letter>) = (ByHand::new(), (0..items).map(letter).collect());
    let writer = ours(&Server::new(json!({}).to_string()));
    let sealed = letters.iter().map(|letter| {
        let request = letter.save(&writer).into_inner().expect("a request");
        in_json(request.get_item().as_ref().expect("an item"))
    });
    let ours = ours(&Server::new(page(sealed.collect())));
    let clients = Clients::new(name, "letters", page(letters.iter().map(|of| in_json(&by_hand.item(of))).collect()));
    let contenders = vec![
        contender("SDK + hand-written", || async {
            let output = clients.sdk.scan().table_name("letters").send().await.expect("a page");
            let read: Option<Vec<Letter>> =
                output.items.unwrap_or_default().into_iter().map(|item| by_hand.letter(item)).collect();
            drop(black_box(read.expect("letters")));
        }),
        contender("dyntastic wire", || async {
            drop(black_box(Letter::scan(&ours).page().await.expect("a page")));
        }),
    ];
    case(name, operations, contenders).await
}
