//! Code that was generated for another generation of the runtime.

dyntastic::generation!(10);

fn main() {}
