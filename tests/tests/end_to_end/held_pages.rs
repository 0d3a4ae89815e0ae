//! How much of a long query is in memory at one time.

use aws_smithy_http_client::test_util::infallible_client_fn;
use aws_smithy_types::body::SdkBody;
use dyntastic::bytes::Bytes;
use dyntastic::serde_json::json;
use dyntastic::{Client, Codec};
use dyntastic_tests::queries::Entry;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const PAGES: usize = 200;
const ITEMS: usize = 3;

/// The bytes of a response, which know how many of their kind there are.
struct Held(Vec<u8>, Arc<AtomicUsize>);

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.1.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The client asks for the next page while the items of this one are used, and holds the bytes of no other page.
#[tokio::test]
async fn a_query_of_many_pages_holds_the_bytes_of_one() {
    for codec in [Codec::Wire, Codec::Map] {
        let (held, most, sent) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)), AtomicUsize::new(0));
        let (holding, peak) = (held.clone(), most.clone());
        let connector = infallible_client_fn(move |_: http::Request<SdkBody>| {
            let page = sent.fetch_add(1, Ordering::Relaxed);
            let key = |number: usize| json!({ "book": { "S": "a" }, "number": { "N": number.to_string() } });
            let items: Vec<_> = (0..ITEMS).map(|item| key(page * ITEMS + item)).collect();
            let mut body = json!({ "Count": ITEMS, "Items": items, "ScannedCount": ITEMS });
            if page + 1 < PAGES {
                body["LastEvaluatedKey"] = key((page + 1) * ITEMS - 1);
            }
            peak.fetch_max(holding.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
            let body = Bytes::from_owner(Held(body.to_string().into_bytes(), holding.clone()));
            http::Response::builder().status(200).body(SdkBody::from(body)).unwrap()
        });
        let config = crate::canned::config().http_client(connector);
        let db = Client::builder().codec(codec).from_conf(config.build());
        let mut stream = Entry::query(&db, "a").stream();
        let mut found = 0;
        while let Some(entry) = stream.try_next().await.unwrap() {
            assert_eq!(entry.number as usize, found);
            found += 1;
        }
        assert_eq!(found, PAGES * ITEMS);
        assert_eq!((most.load(Ordering::Relaxed), held.load(Ordering::Relaxed)), (1, 0), "{codec:?}");
    }
}
