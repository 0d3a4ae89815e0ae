//! Code that was generated for another generation of the runtime.

dyntastic::generation!(5);

fn main() {}
