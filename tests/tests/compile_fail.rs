//! Programs that must not compile, one misuse a file, and what the compiler says of each.

#[test]
fn misuses_do_not_compile() {
    trybuild::TestCases::new().compile_fail("compile_fail/*.rs");
}
