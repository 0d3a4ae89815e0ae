//! DynamoDB computes no sealed value, and copies none: an update sets it as a whole, or removes it.

use dyntastic_tests::seals::Secret;

fn main() {
    let added = Secret::A.balance.add(1);
    let pushed = Secret::A.words.append("a");
    let inserted = Secret::A.tags.add("a");
    let copied = Secret::A.note.set(Secret::A.password);
    let shown = Secret::A.title.set(Secret::A.note);
    let removed = Secret::A.pin.remove();
    let _ = (added, pushed, inserted, copied, shown, removed);
}
