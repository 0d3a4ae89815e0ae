//! The benchmarks: the cases, their contenders, and the runner.

pub mod by_hand;
pub mod clients;
pub mod count;
pub mod encrypted;
pub mod first_request;
pub mod items;
pub mod pages;
pub mod patches;
pub mod peers;
pub mod plot;
pub mod reads;
pub mod run;
pub mod searches;
pub mod server;
pub mod settings;
pub mod shapes;
pub mod streams;
pub mod tables;
pub mod watched;
pub mod writes;

pub mod models {
    dyntastic::include_models!();
}
