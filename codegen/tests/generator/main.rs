//! The generator, from a schema to what it makes of it.

mod beginners;
mod build_script;
mod cases;
mod changes;
mod cost;
mod editor;
mod emitted_lines;
mod emitted_rust;
mod explain;
mod format;
mod golden;
mod hostile;
mod json_schema;
mod key_attributes;
mod lint;
mod many_mistakes;
mod odd_characters;
mod pull;
mod random_schemas;
mod rooms;
mod rounds;
mod services;
mod shown_schemas;
mod whole_tables;
