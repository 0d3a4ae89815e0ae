//! `if_not_exists` of a field whose empty value counts as absent.

use dyntastic_tests::empty_values::Customer;

fn main() {
    let set = Customer::A.note.set_default("none");
    let value = Customer::A.note.or("none");
    let _ = (set, value);
}
