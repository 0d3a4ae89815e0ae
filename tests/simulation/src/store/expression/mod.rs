//! DynamoDB's expressions: read once, with their names and values in place, and evaluated on items.

mod condition;
mod parser;
mod path;
mod projection;
mod tokens;
mod update;

pub use condition::Condition;
pub use parser::Expressions;
pub use projection::project;
pub use update::Update;
