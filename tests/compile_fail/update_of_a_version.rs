//! Every write raises the version itself.

use dyntastic_tests::roles::Page;

fn main() {
    let _ = Page::A.version.set(7_u32);
}
