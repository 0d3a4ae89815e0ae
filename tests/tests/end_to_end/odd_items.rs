//! Items that DynamoDB does not send or that do not fit their model, amid others. Both codecs read them in the same way.

use crate::both_codecs::{both, same};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::codec::ReadErrorKind;
use dyntastic::{Error, Model};
use dyntastic_tests::nested::{self, Payment, PaymentCard};
use dyntastic_tests::shop::{Address, ShopItem};

/// An address, with other attributes before and after its own.
fn address(before: &str, label: &str, after: &str) -> String {
    format!(
        r#"{{{before}"pk":{{"S":"CUSTOMER#c1"}},"sk":{{"S":"ADDRESS#{label}"}},"customer_id":{{"S":"c1"}},
            "label":{{"S":"{label}"}},"city":{{"S":"Oslo"}}{after}}}"#
    )
}

fn page(items: &[String]) -> Vec<u8> {
    format!(r#"{{"Count":{0},"Items":[{1}],"ScannedCount":{0}}}"#, items.len(), items.join(",")).into_bytes()
}

const OWN: &str = r#""kind":{"S":"Address"},"#;

/// Damage in an item of another model is none of this model's business.
#[tokio::test]
async fn a_damaged_item_of_another_model_is_left_out() {
    let foreign = [
        r#"{"kind":{"S":"Customer"},"name":{"BOOL":true}}"#,
        r#"{"name":{"X":"of a later version"},"kind":{"S":"Customer"}}"#,
        r#"{"kind":{"N":"7"},"label":{"S":"x"}}"#,
        r#"{"label":{"NULL":true}}"#,
        "{}",
    ];
    for foreign in foreign {
        let answer = page(&[address(OWN, "a", ""), foreign.to_owned(), address(OWN, "b", "")]);
        for found in both(&answer, async |db| Address::query(&db, "c1").all().await).await {
            let labels: Vec<String> = found.unwrap().into_iter().map(|address| address.label).collect();
            assert_eq!(labels, ["a", "b"], "{foreign}");
        }
    }
}

/// A damaged item of its own model is an error, whatever stands around it.
#[tokio::test]
async fn a_damaged_item_beside_foreign_ones_is_an_error_with_its_key() {
    let damaged = address(OWN, "b", "").replace(r#""city":{"S":"Oslo"}"#, r#""city":{"N":"1"}"#);
    let foreign = r#"{"kind":{"S":"Customer"},"name":{"BOOL":true}}"#.to_owned();
    let answer = page(&[address(OWN, "a", ""), foreign, damaged]);
    for found in both(&answer, async |db| Address::query(&db, "c1").page().await).await {
        let Err(Error::Damaged(damaged)) = found else { unreachable!("{found:?}") };
        assert_eq!(damaged.to_string(), "Address.city: expected S, found N");
        assert_eq!(damaged.key()["sk"], AttributeValue::S("ADDRESS#b".to_owned()));
    }
}

/// JSON that DynamoDB does not write is no attribute type of a later SDK. Nobody knows the model of such an item, so it is not
/// left out.
#[tokio::test]
async fn an_item_in_broken_json_is_malformed() {
    let more = r#","more":{"L":[7]}"#;
    for kind in [OWN, r#""kind":{"S":"Return"},"#] {
        let answer = page(&[address(OWN, "a", ""), address(kind, "b", more)]);
        let [wire, map] = both(&answer, async |db| Address::query(&db, "c1").page().await).await;
        let Err(Error::Damaged(damaged)) = wire else { unreachable!("{wire:?}") };
        assert_eq!(*damaged.error().kind(), ReadErrorKind::Malformed);
        assert_eq!(damaged.to_string(), "Address: the item is not written as DynamoDB writes items");
        assert_eq!(damaged.key()["sk"], AttributeValue::S("ADDRESS#b".to_owned()));
        assert!(matches!(map, Err(Error::Service(_))), "the SDK refuses the whole page: {map:?}");
    }
}

/// Of two attributes of one name, the last one counts: for the SDK, and so for both codecs.
#[tokio::test]
async fn of_two_discriminators_the_last_one_counts() {
    let last = r#","kind":{"S":"Address"}"#;
    let cases = [
        (address(r#""kind":{"S":"Return"},"#, "b", last), true),
        (address(r#""kind":{"N":"1"},"#, "b", last), true),
        (address(OWN, "b", last), true),
        (address(OWN, "b", r#","kind":{"S":"Return"}"#), false),
        (address(OWN, "b", r#","kind":{"S":"Customer"}"#), false),
        (address(OWN, "b", r#","kind":{"N":"1"}"#), false),
        (address(r#""kind":{"S":"Return"},"#, "b", r#","kind":{"S":"Visit"}"#), false),
    ];
    for (item, is_address) in cases {
        let answer = page(&[address(OWN, "a", ""), item.clone()]);
        for found in both(&answer, async |db| Address::query(&db, "c1").all().await).await {
            assert_eq!(found.unwrap().len(), if is_address { 2 } else { 1 }, "{item}");
        }
        same(&answer, async |db| ShopItem::scan(&db).all().await, &item).await;
        let [found, _] = both(&answer, async |db| ShopItem::scan(&db).all().await).await;
        assert_eq!(matches!(found.as_deref(), Ok([_, ShopItem::Address(_)])), is_address, "{item}");
    }
}

/// Of two tags of a union, the last one counts too.
#[tokio::test]
async fn of_two_tags_the_last_one_counts() {
    let card = Payment::Card(PaymentCard { number: "1".to_owned(), holder: None });
    let cases = [
        (r#""kind":{"S":"cash"},"number":{"S":"1"},"kind":{"S":"CARD"}"#, Some(card.clone())),
        (r#""kind":{"S":"CARD"},"number":{"S":"1"},"kind":{"S":"cash"}"#, Some(Payment::Cash)),
        (r#""kind":{"N":"1"},"number":{"S":"1"},"kind":{"S":"CARD"}"#, Some(card.clone())),
        (r#""number":{"S":"1"},"kind":{"S":"CARD"},"kind":{"S":"CARD"}"#, Some(card)),
        (r#""kind":{"S":"cash"},"kind":{"N":"1"}"#, None),
        (r#""kind":{"S":"CARD"},"number":{"S":"1"},"kind":{"S":"coin"}"#, None),
    ];
    for (payment, expected) in cases {
        let order = format!(
            r#"{{"order_id":{{"S":"o"}},"level":{{"N":"1"}},"ports":{{"NS":["1"]}},"statuses":{{"L":[]}},"lines":{{"L":[]}},
            "address":{{"M":{{"street":{{"S":"a"}},"city":{{"S":"b"}},"zip.code":{{"S":"c"}}}}}},
            "by_region":{{"M":{{}}}},"payment":{{"M":{{{payment}}}}}}}"#
        );
        let answer = page(&[order]);
        let scan = async |db| nested::Order::scan(&db).all().await;
        same(&answer, scan, payment).await;
        for found in both(&answer, scan).await {
            match (found, &expected) {
                (Ok(orders), Some(_)) => assert_eq!(orders[0].payment, expected, "{payment}"),
                (Err(Error::Damaged(damaged)), None) => {
                    assert!(damaged.to_string().starts_with("Order.payment.kind: "), "{payment}: {damaged}");
                }
                (found, _) => unreachable!("{payment}: {found:?}"),
            }
        }
    }
}

/// The key of a damaged item is the one that the item has, not another of its name.
#[tokio::test]
async fn of_two_keys_in_a_damaged_item_the_last_one_counts() {
    let item = r#"{"order_id":{"S":"first"},"level":{"S":"high"},"order_id":{"S":"last"}}"#;
    let answer = page(&[item.to_owned()]);
    for found in both(&answer, async |db| nested::Order::scan(&db).page().await).await {
        let Err(Error::Damaged(damaged)) = found else { unreachable!("{found:?}") };
        assert_eq!(damaged.key()["order_id"], AttributeValue::S("last".to_owned()));
    }
}
