//! The input leaves two required fields to the handler, which sets one of them.

use dyntastic_tests::inputs::{AccountBuilder, CreateAccount};

fn account(input: CreateAccount) {
    let _ = AccountBuilder::from(input).owner("root").build();
}

fn main() {}
