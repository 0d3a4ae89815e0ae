//! The client makes the keys of its context.

use dyntastic_tests::contexts::NoteKey;

fn main() {
    let _ = NoteKey { tenant_id: "other".to_owned(), number: 1 };
}
