//! Cursors that clients hold: their form stays, and the form before it is still taken.

use crate::engine::config;
use aws_smithy_http_client::test_util::infallible_client_fn;
use aws_smithy_types::body::SdkBody;
use dyntastic::chrono::{TimeZone, Utc};
use dyntastic::ops::{Page, Query, Scan, Source};
use dyntastic::prelude::*;
use dyntastic::serde_json::{self, Value, json};
use dyntastic::{Client, Error};
use dyntastic_tests::indexes::{Order, Provisioned};
use dyntastic_tests::keys::{ByBytes, ByNumbers, ByTextAndBytes};
use dyntastic_tests::queries::{Entry, Measurement, Word};
use dyntastic_tests::shop;
use std::sync::{Arc, Mutex};

/// A client that is always given this answer, and the last request that it sent.
async fn answered(answer: Value) -> (Client, Arc<Mutex<Value>>) {
    let (answer, last) = (answer.to_string(), Arc::new(Mutex::new(Value::Null)));
    let sent = last.clone();
    let http = infallible_client_fn(move |request: http::Request<SdkBody>| {
        *sent.lock().unwrap() = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
        http::Response::new(SdkBody::from(answer.clone()))
    });
    (Client::from_conf(config().await.to_builder().http_client(http).build()), last)
}

/// A query or scan that may go on from a cursor.
trait Reading {
    async fn page_from(self, cursor: Option<&str>) -> dyntastic::Result<(usize, Option<String>)>;
}

fn outcome<T>(page: Page<T>) -> (usize, Option<String>) {
    (page.items.len(), page.next)
}

impl<S: Source> Reading for Query<S> {
    async fn page_from(self, cursor: Option<&str>) -> dyntastic::Result<(usize, Option<String>)> {
        match cursor {
            None => self.page().await.map(outcome),
            Some(cursor) => self.cursor(cursor).page().await.map(outcome),
        }
    }
}

impl<S: Source> Reading for Scan<S> {
    async fn page_from(self, cursor: Option<&str>) -> dyntastic::Result<(usize, Option<String>)> {
        match cursor {
            None => self.page().await.map(outcome),
            Some(cursor) => self.cursor(cursor).page().await.map(outcome),
        }
    }
}

/// The cursor of a page that ended at a key.
async fn made<R: Reading>(read: impl Fn(&Client) -> R, key: &Value) -> String {
    let (db, _) = answered(json!({ "Items": [], "Count": 0, "ScannedCount": 1, "LastEvaluatedKey": key })).await;
    read(&db).page_from(None).await.unwrap().1.unwrap()
}

/// The key that is read from with a cursor.
async fn taken<R: Reading>(read: impl Fn(&Client) -> R, cursor: &str) -> dyntastic::Result<Value> {
    let (db, last) = answered(json!({ "Items": [], "Count": 0, "ScannedCount": 0 })).await;
    read(&db).page_from(Some(cursor)).await?;
    let request = last.lock().unwrap();
    Ok(request["ExclusiveStartKey"].clone())
}

/// For each reading, the key that a page of it ended at, its cursor as it was without a version, and as it is.
macro_rules! golden {
    ($($name:literal $read:expr, $key:tt, $before:literal, $now:literal;)*) => {
        $({
            let (read, key) = ($read, json!($key));
            assert_eq!(made(read, &key).await, $now, "{}", $name);
            for cursor in [$before, $now] {
                assert_eq!(taken(read, cursor).await.unwrap(), key, "{}", $name);
                let other = taken(|db| Entry::query(db, "another"), cursor).await.unwrap_err();
                assert!(matches!(other, Error::Cursor), "{}: {other}", $name);
            }
        })*
    };
}

#[tokio::test]
async fn cursors_keep_their_form_and_the_form_before_is_taken() {
    let at = || Utc.with_ymd_and_hms(2024, 2, 1, 12, 0, 0).unwrap();
    golden! {
        "a hash key of text" |db: &Client| Entry::query(db, "a"),
            { "book": { "S": "a" }, "number": { "N": "3" } }, "AVMAAWFOAAEz8aag-Rp6Jfc", "AwFTAAFhTgABMwDZBQc_fAvB";
        "text that has to be escaped" |db: &Client| Entry::query(db, "it's \"a\" \\ b\n\u{1}\u{301}e\u{301}\u{1F600}\u{200b}"),
            { "book": { "S": "it's \"a\" \\ b\n\u{1}\u{301}e\u{301}\u{1F600}\u{200b}" }, "number": { "N": "3" } }, "AVMAGml0J3MgImEiIFwgYgoBzIFlzIHwn5iA4oCLTgABM64gDoVkgE21", "AwFTABppdCdzICJhIiBcIGIKAcyBZcyB8J-YgOKAi04AATMf1O65qXwkWw";
        "a comparison" |db: &Client| Entry::query(db, "a").range(Entry::A.number.ge(2)),
            { "book": { "S": "a" }, "number": { "N": "3" } }, "AVMAAWFOAAEzYzAP30w9ol4", "AwFTAAFhTgABM7gYv8CACxQy";
        "between" |db: &Client| Entry::query(db, "a").range(Entry::A.number.between(2, 9)),
            { "book": { "S": "a" }, "number": { "N": "3" } }, "AVMAAWFOAAEzVkgGxtClkx4", "AwFTAAFhTgABM0JprOd8F0RG";
        "begins with" |db: &Client| Word::query(db, "no").range(Word::A.word.begins_with("f")),
            { "language": { "S": "no" }, "word": { "S": "fisk" } }, "AVMAAm5vUwAEZmlza3gK-Z0n-ILU", "AwFTAAJub1MABGZpc2t7ARrEbhpVyw";
        "a time" |db: &Client| Measurement::query(db, "s").range(Measurement::A.at.lt(at())),
            { "sensor": { "S": "s" }, "at": { "S": "2024-02-01T11:00:00.000000Z" } }, "AVMAAXNTABsyMDI0LTAyLTAxVDExOjAwOjAwLjAwMDAwMFr-7YN2-Uxsdw", "AwFTAAFzUwAbMjAyNC0wMi0wMVQxMTowMDowMC4wMDAwMDBaMguwP2g37Oc";
        "an index" |db: &Client| Entry::query_by_note(db, "n"),
            { "note": { "S": "n" }, "length": { "N": "4" }, "book": { "S": "a" }, "number": { "N": "3" } }, "AVMAAWFOAAEzUwABbk4AATS6xgjt7XpAbA", "AwFTAAFhTgABM1MAAW5OAAE0UAQhTNtQwK8";
        "an index's range" |db: &Client| Order::query_by_placed_at(db, "c").range(dyntastic_tests::indexes::OrderByPlacedAt::A.placed_at.gt(at())),
            { "customer": { "S": "c" }, "number": { "N": "1" }, "placed/at": { "S": "2024-02-01T13:00:00.000000Z" } }, "AVMAAWNOAAExUwAbMjAyNC0wMi0wMVQxMzowMDowMC4wMDAwMDBaIzIBVpERWrE", "AwFTAAFjTgABMVMAGzIwMjQtMDItMDFUMTM6MDA6MDAuMDAwMDAwWgiE4XOMWylS";
        "numbers" |db: &Client| ByNumbers::query(db, 7_u64).range(ByNumbers::A.part.gt(-3)),
            { "id": { "N": "7" }, "part": { "N": "-2" } }, "AU4AATdOAAItMmr7CE6GlMuq", "AwFOAAE3TgACLTLWiULNtSakhw";
        "bytes" |db: &Client| ByTextAndBytes::query(db, "a").range(ByTextAndBytes::A.part.ge(vec![0_u8, 1, 255])),
            { "id": { "S": "a" }, "part": { "B": "AAL/" } }, "AVMAAWFCAAMAAv_bMvRShLTuLQ", "AwFTAAFhQgADAAL_iUy8ZO8wI-M";
        "a hash key of bytes" |db: &Client| ByBytes::query(db, vec![0_u8, 1, 255]),
            { "id": { "B": "AAH/" } }, "AUIAAwAB_6JrK-U-4YpU", "AwFCAAMAAf-TfCspYSha0w";
        "an index by number of a table by bytes" |db: &Client| Provisioned::query_by_kind(db, -1_i8),
            { "kind": { "N": "-1" }, "id": { "B": "AAH/" } }, "AUIAAwAB_04AAi0xafZ8z_Zmbnc", "AwFCAAMAAf9OAAItMdFXFqjG7RTk";
        "keys made of fields" |db: &Client| shop::Order::query(db, "c1"),
            { "pk": { "S": "CUSTOMER#c1" }, "sk": { "S": "ORDER#2024-02-01T12:01:00.000000Z#o1" } }, "AVMAC0NVU1RPTUVSI2MxUwAkT1JERVIjMjAyNC0wMi0wMVQxMjowMTowMC4wMDAwMDBaI28xMkd_rqazDgg", "AwFTAAtDVVNUT01FUiNjMVMAJE9SREVSIzIwMjQtMDItMDFUMTI6MDE6MDAuMDAwMDAwWiNvMT-Ve9MTh2iA";
        "a range of fields" |db: &Client| shop::Order::query(db, "c1").range(shop::Order::A.placed_at.ge(at())),
            { "pk": { "S": "CUSTOMER#c1" }, "sk": { "S": "ORDER#2024-02-01T12:01:00.000000Z#o1" } }, "AVMAC0NVU1RPTUVSI2MxUwAkT1JERVIjMjAyNC0wMi0wMVQxMjowMTowMC4wMDAwMDBaI28x5uBhaMIkDbI", "AwFTAAtDVVNUT01FUiNjMVMAJE9SREVSIzIwMjQtMDItMDFUMTI6MDE6MDAuMDAwMDAwWiNvMZf0qMDB8F5_";
        "a constant key" |db: &Client| shop::Settings::query(db),
            { "pk": { "S": "SETTINGS" }, "sk": { "S": "SETTINGS" } }, "AVMACFNFVFRJTkdTUwAIU0VUVElOR1PrBV2g9QbwoA", "AwFTAAhTRVRUSU5HU1MACFNFVFRJTkdTtlkMtpU0ng4";
        "a shared index" |db: &Client| shop::Order::query_gsi1(db, shop::Status::Paid),
            { "pk": { "S": "CUSTOMER#c1" }, "sk": { "S": "ORDER#x#o1" }, "gsi1pk": { "S": "STATUS#paid" }, "gsi1sk": { "S": "PRIORITY#0#post" } }, "AVMAC0NVU1RPTUVSI2MxUwAKT1JERVIjeCNvMVMAC1NUQVRVUyNwYWlkUwAPUFJJT1JJVFkjMCNwb3N0RuLcBALWU9A", "AwFTAAtDVVNUT01FUiNjMVMACk9SREVSI3gjbzFTAAtTVEFUVVMjcGFpZFMAD1BSSU9SSVRZIzAjcG9zdAAcY9xIF6mx";
        "a scan" |db: &Client| Entry::scan(db),
            { "book": { "S": "a" }, "number": { "N": "3" } }, "AVMAAWFOAAEza-jhUL9J82M", "AwFTAAFhTgABMzFieLi5ps_1";
        "a scan by bytes" |db: &Client| ByBytes::scan(db), { "id": { "B": "AAH/" } }, "AUIAAwAB_yqs4tNvfWHO", "AwFCAAMAAf_5nuNBNfjYCQ";
        "a scan of an index" |db: &Client| Entry::scan_by_note(db),
            { "note": { "S": "n" }, "length": { "N": "4" }, "book": { "S": "a" }, "number": { "N": "3" } }, "AVMAAWFOAAEzUwABbk4AATR6JgWjSRGPRg", "AwFTAAFhTgABM1MAAW5OAAE0dfRuz0jeWVk";
        "a scan of a shared table" |db: &Client| shop::Order::scan(db),
            { "pk": { "S": "CUSTOMER#c1" }, "sk": { "S": "ORDER#x#o1" } }, "AVMAC0NVU1RPTUVSI2MxUwAKT1JERVIjeCNvMc65VL-XGkJ-", "AwFTAAtDVVNUT01FUiNjMVMACk9SREVSI3gjbzEVor_GJ0Dcbw";
    }
}

#[tokio::test]
async fn a_cursor_without_a_version_goes_backwards_too() {
    let (db, last) = answered(json!({ "Items": [], "Count": 0, "ScannedCount": 0 })).await;
    Entry::query(&db, "a").cursor("AlMAAWFOAAE0PklZ4Dpz6Ys").page().await.unwrap();
    let request = last.lock().unwrap();
    assert_eq!(request["ExclusiveStartKey"], json!({ "book": { "S": "a" }, "number": { "N": "4" } }));
    assert_eq!(request["ScanIndexForward"], json!(false));
}
