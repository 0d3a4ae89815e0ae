//! Made-up texts: those that a regular expression matches, and those that the name of a field suggests. `dyntastic docs`
//! shows them in example items, and the feature `fake` of `dyntastic` makes random items of them.

mod pattern;
mod words;

pub use pattern::{Choose, Pattern, SizedPattern};
pub use words::{is_person, known, singular_word};
