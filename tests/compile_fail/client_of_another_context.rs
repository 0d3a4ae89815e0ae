//! The client is of the model's context.

use dyntastic::prelude::*;
use dyntastic::{Client, ContextClient};
use dyntastic_tests::contexts::{Note, Site};

async fn get(site: &ContextClient<Site>) -> dyntastic::Result<Note> {
    Note::get(site, 1).await
}

fn main() {}
