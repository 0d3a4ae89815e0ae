//! Code that was generated for another generation of the runtime.

dyntastic::generation!(7);

fn main() {}
