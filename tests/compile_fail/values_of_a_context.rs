//! The client gives the values of a context to keys and builders, and they do not change.

use dyntastic::ContextClient;
use dyntastic::prelude::*;
use dyntastic_tests::contexts::{Note, NoteByText, OfficesItem, Tenant};

fn change(mut note: Note) -> Note {
    note.tenant_id = "other".to_owned();
    note
}

async fn get(tenant: &ContextClient<Tenant>) -> dyntastic::Result<Note> {
    Note::get(tenant, ("other", 1)).await
}

async fn raw(tenant: &ContextClient<Tenant>) -> dyntastic::Result<()> {
    tenant.transaction().delete::<OfficesItem>(("SITE#de#00001", "CLOSED")).await
}

fn read(json: &str) -> NoteByText {
    dyntastic::serde_json::from_str(json).unwrap()
}

fn build() -> Note {
    Note::builder().number(1).text("x").embedding([0.0, 1.0]).build().unwrap()
}

fn main() {}
