//! DynamoDB's expressions. They are parsed once, with their names and values resolved, and evaluated on items.

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
