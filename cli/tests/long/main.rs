//! The tests of the command that take long: in one program, so that they run side by side.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    unreachable_pub,
    reason = "a test fails by panicking"
)]

#[path = "../command/mod.rs"]
mod command;
mod docs;
mod lsp;
mod sound_page;
