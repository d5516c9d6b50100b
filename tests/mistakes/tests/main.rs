//! Each program in `mistakes/` is refused, with the words beside it: they tell what to do. The other part of the words is
//! the compiler's own; `TRYBUILD=overwrite cargo test -p mistakes` takes them as a newer one says them.

#[test]
fn the_compiler_says_what_to_do() {
    let mistakes = trybuild::TestCases::new();
    mistakes.compile_fail("tests/mistakes/*.rs");
}
