//! The client makes the keys of its context, and no struct of an item gives another one.

use dyntastic_tests::contexts::{NoteByText, NoteKey, OfficesItemKey};

fn main() {
    let _ = NoteKey { tenant_id: "other".to_owned(), number: 1 };
    let _ = OfficesItemKey { pk: "SITE#de#00001".to_owned(), sk: "CLOSED".to_owned() };
    let _ = NoteByText { tenant_id: "other".to_owned(), number: 1, text: "x".to_owned() };
}
