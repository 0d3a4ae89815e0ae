//! A scan would read the items of all contexts.

use dyntastic::ContextClient;
use dyntastic::prelude::*;
use dyntastic_tests::contexts::{Note, Tenant};

async fn scan(tenant: &ContextClient<Tenant>) -> dyntastic::Result<Vec<Note>> {
    Note::scan(tenant).all().await
}

fn main() {}
