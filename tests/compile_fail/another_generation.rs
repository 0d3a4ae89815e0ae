//! Code that was generated for another generation of the runtime.

dyntastic::generation!(9);

fn main() {}
