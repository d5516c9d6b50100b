//! Character classes as Python has them, where they differ from Rust's.

use std::sync::LazyLock;

use regex::Regex;

/// Python's `str.isspace`: Rust's white space and the four separators U+001C to U+001F.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// Python's `str.strip()`.
pub(crate) fn strip(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// `\w` of Python's `re`: letters, numbers and the underscore, but no combining marks.
pub(crate) fn is_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '_';
    }
    c.is_alphanumeric() && matches(&WORD, c)
}

/// Whether the Unicode category is one of "other": controls, formats, private use, unassigned.
pub(crate) fn is_other(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_control() } else { matches(&OTHER, c) }
}

/// Python's `str.isprintable` of one character: none of the categories "other" and "separator", but for the space.
pub(crate) fn is_printable(c: char) -> bool {
    if c.is_ascii() { !c.is_ascii_control() } else { !matches(&OTHER, c) && !matches(&SEPARATOR, c) }
}

/// Should a pattern not compile, nothing matches, and the caller's answer is the strict one.
// Not configuration: a compiled pattern.
static WORD: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\A[\p{L}\p{N}]\z").ok());
// Not configuration: a compiled pattern.
static OTHER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\A\p{C}\z").ok());
// Not configuration: a compiled pattern.
static SEPARATOR: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\A\p{Z}\z").ok());

fn matches(class: &LazyLock<Option<Regex>>, c: char) -> bool {
    class.as_ref().is_some_and(|class| class.is_match(c.encode_utf8(&mut [0; 4])))
}

/// The digits zero of Unicode's decimal systems; one to nine follow each.
const ZEROS: [u32; 66] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50,
    0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40,
    0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x11066,
    0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950,
    0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x16ac0, 0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6,
    0x1e140, 0x1e2f0, 0x1e950, 0x1fbf0,
];

/// The text that Python's `int` and `float` read: stripped, decimal digits of all scripts as ASCII, and single underscores
/// between digits left out. None where an underscore stands elsewhere.
pub(crate) fn plain_number(text: &str, is_digit: impl Fn(char) -> bool) -> Option<String> {
    let mut number = String::with_capacity(text.len());
    let mut after_digit = false;
    let mut gap = false;
    // Python strips the separators U+001C to U+001F here only where other characters are not ASCII.
    let text = if text.is_ascii() { text.trim_matches(|c: char| c.is_whitespace()) } else { strip(text) };
    for c in text.chars() {
        let c = decimal(c);
        if c == '_' {
            if !after_digit {
                return None;
            }
            after_digit = false;
            gap = true;
            continue;
        }
        after_digit = is_digit(c);
        if gap && !after_digit {
            return None;
        }
        gap = false;
        number.push(c);
    }
    (!gap).then_some(number)
}

fn decimal(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    let code = u32::from(c);
    let before = ZEROS.partition_point(|zero| *zero <= code);
    let digit = before.checked_sub(1).and_then(|at| ZEROS.get(at)).and_then(|zero| code.checked_sub(*zero));
    digit.filter(|digit| *digit < 10).and_then(|digit| char::from_digit(digit, 10)).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::{is_other, is_word, plain_number, strip};

    #[test]
    fn spaces_are_pythons() {
        assert_eq!(strip("\u{1c}\u{a0}\t x\u{3000}\u{1f}"), "x");
        assert_eq!(strip("\u{200b}x"), "\u{200b}x");
    }

    #[test]
    fn words_hold_no_marks() {
        for (c, expected) in [
            ('a', true),
            ('_', true),
            ('\u{b2}', true),
            ('\u{301}', false),
            ('\u{24b6}', false),
            ('-', false),
        ] {
            assert_eq!(is_word(c), expected, "{c:?}");
        }
    }

    #[test]
    fn other_characters() {
        for (c, expected) in [
            ('\u{7f}', true),
            ('\u{ad}', true),
            ('\u{200b}', true),
            ('\u{e000}', true),
            ('\u{e9}', false),
            (' ', false),
        ] {
            assert_eq!(is_other(c), expected, "{c:?}");
        }
    }

    #[test]
    fn numbers_are_read_as_python_reads_them() {
        for (text, expected) in [
            (" 1_0 ", Some("10")),
            ("\u{661}\u{662}", Some("12")),
            ("\u{ff13}", Some("3")),
            ("_1", None),
            ("1_", None),
            ("1__0", None),
            ("1_.5", None),
            ("1\u{1c}", Some("1\u{1c}")),
            ("\u{661}\u{1c}", Some("1")),
            ("", Some("")),
        ] {
            assert_eq!(plain_number(text, |c| c.is_ascii_digit()).as_deref(), expected, "{text:?}");
        }
    }
}
