//! What requests consume, and what they tell: capacity, throttling, spans and metrics.
//!
//! ```no_run
//! # use dyntastic::Client;
//! # use dyntastic::prelude::*;
//! # use example_models::*;
//! # async fn example(db: Client) -> dyntastic::Result<()> {
//! let (user, used) = User::get(&db, "user123").with_capacity().await?;
//! println!("{} read units, {} of them of the table itself", used.read_units(), used.table("users").own().total());
//! # Ok(())
//! # }
//! ```

mod capacity;
mod meter;

pub use capacity::{Capacity, TableCapacity, Units, VectorBytes};
pub use meter::{Metered, WithCapacity};

pub(crate) use capacity::Access;
pub(crate) use meter::{Meter, meters};
