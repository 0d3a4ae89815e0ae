//! The tables of a schema in DynamoDB: the differences between them, and the changes that remove these.
//!
//! Emitted code has the tables of its schema as the constant `TABLES`.
//!
#![cfg_attr(feature = "local", doc = "```")]
#![cfg_attr(not(feature = "local"), doc = "```ignore")]
//! use dyntastic::tables;
//! use example_models::TABLES;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> dyntastic::Result<()> {
//! let db = dyntastic::local::start().await?.client();
//! tables::ensure(&db, TABLES).await?; // at the start of an app, or of a test
//! assert!(tables::plan(&db, TABLES).await?.is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! [`ensure`] creates tables and adds what they lack. [`plan`] compares them, and [`Plan::apply`] also removes what the
//! schema does not have. The commands `dyntastic plan` and `dyntastic apply` do the same from a schema file.

pub use super::table::{Apply, Change, Ensure, Plan, Progress, ensure, plan};
