//! How much a test does: a little at every push, and as much as the list of attacks asks for when there is time.

/// `few`, or `many` if LONG_TESTS is set.
pub(crate) fn times(few: usize, many: usize) -> usize {
    if std::env::var_os("LONG_TESTS").is_some_and(|value| !value.is_empty()) { many } else { few }
}
