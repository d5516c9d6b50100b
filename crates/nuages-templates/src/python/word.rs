//! What Python takes for a letter or digit of a word.

use std::sync::LazyLock;

use regex::Regex;

/// What Python's `\w` matches: no vowel signs and no letters in circles, which are alphanumeric in Rust.
pub(crate) fn is_word(c: char) -> bool {
    // Not configuration: the compiled form of a pattern that is written here.
    static WORD: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^[\p{L}\p{N}]$").ok());
    let is_letter = || WORD.as_ref().is_some_and(|word| word.is_match(c.encode_utf8(&mut [0; 4])));
    c.is_ascii_alphanumeric() || c == '_' || (!c.is_ascii() && is_letter())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_pythons() {
        // Written by Python 3.11: `re.fullmatch(r"\w", c)`.
        for (c, expected) in [
            ('a', true),
            ('_', true),
            ('7', true),
            ('-', false),
            ('\u{e9}', true),
            ('\u{df}', true),
            ('\u{b2}', true),
            ('\u{2167}', true),
            ('\u{4e2d}', true),
            ('\u{93e}', false),
            ('\u{301}', false),
            ('\u{24d0}', false),
            ('\u{ad}', false),
        ] {
            assert_eq!(is_word(c), expected, "{c:?}");
        }
    }
}
