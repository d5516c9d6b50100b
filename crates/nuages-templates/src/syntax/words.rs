//! The words of a tag: split at spaces, but not inside of quotes.

use crate::python::{is_space, is_word};

/// Splits the contents of a tag, and keeps what stands in quotes or in `_("…")` together, as Django's `split_contents`.
pub(crate) fn words(contents: &str) -> Vec<String> {
    let mut split = quoted(contents).into_iter();
    let mut found = Vec::new();
    while let Some(word) = split.next() {
        let mut word = word.to_owned();
        if word.starts_with("_(\"") || word.starts_with("_('") {
            let ending = format!("{})", &word[2..3]);
            while !word.ends_with(&ending) {
                let Some(more) = split.next() else { break };
                word.push(' ');
                word.push_str(more);
            }
        }
        found.push(word);
    }
    found
}

/// Splits at spaces outside of quotes.
fn quoted(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text.trim_start_matches(is_space);
    while !rest.is_empty() {
        let end = word_end(rest);
        found.push(&rest[..end]);
        rest = rest[end..].trim_start_matches(is_space);
    }
    found
}

/// Where the first word of a text ends. A quote that nothing closes is a letter as any other.
fn word_end(text: &str) -> usize {
    let mut at = 0;
    let mut strings = 0;
    while let Some(letter) = text[at..].chars().next() {
        if is_space(letter) {
            break;
        }
        if !matches!(letter, '"' | '\'') {
            at += letter.len_utf8();
            continue;
        }
        match string_end(&text[at..], letter) {
            Some(length) => at += length,
            // As in Django: behind a string the lone quote starts a word of its own.
            None if strings > 0 => break,
            None => return text.find(is_space).unwrap_or(text.len()),
        }
        strings += 1;
    }
    at
}

/// The length of the string in quotes at the start of a text, if it is closed.
pub(crate) fn string_end(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if letter == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// What a string in quotes says: its own quote and backslashes lose their backslash, nothing else.
pub(crate) fn unescape(literal: &str) -> Option<String> {
    let quote = literal.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let inner = literal.strip_prefix(quote)?.strip_suffix(quote)?;
    Some(inner.replace(&format!("\\{quote}"), &quote.to_string()).replace("\\\\", "\\"))
}

/// Splits `name=value`; the name is letters, digits and underscores, and the value is not empty.
pub(crate) fn keyword(word: &str) -> (Option<&str>, &str) {
    match word.split_once('=') {
        Some((name, value)) if !value.is_empty() && is_name(name) => (Some(name), value),
        _ => (None, word),
    }
}

/// Whether a text is what Python's `\w+` matches.
pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_split_as_django_splits_it() {
        let cases: &[(&str, &[&str])] = &[
            ("a b  c", &["a", "b", "c"]),
            (r#"a "b c" d"#, &["a", r#""b c""#, "d"]),
            (r#"a "b \" c" d"#, &["a", r#""b \" c""#, "d"]),
            (r#"a x|default:"b c" d"#, &["a", r#"x|default:"b c""#, "d"]),
            (r#"a _("b c") d"#, &["a", r#"_("b c")"#, "d"]),
            (r#"a "b c"d"#, &["a", r#""b c"d"#]),
            (r#"a "b c"#, &["a", "\"b", "c"]),
            ("", &[]),
        ];
        for (contents, expected) in cases {
            assert_eq!(words(contents), *expected, "{contents:?}");
        }
    }

    #[test]
    fn a_keyword_has_a_name_and_a_value() {
        assert_eq!(keyword("a=b"), (Some("a"), "b"));
        assert_eq!(keyword("a=b=c"), (Some("a"), "b=c"));
        assert_eq!(keyword("a="), (None, "a="));
        assert_eq!(keyword("'a=b'"), (None, "'a=b'"));
        assert_eq!(keyword("a|b:'='"), (None, "a|b:'='"));
    }

    #[test]
    fn a_string_loses_the_backslashes_that_quote() {
        assert_eq!(unescape(r#""a\"b""#).as_deref(), Some("a\"b"));
        assert_eq!(unescape(r"'a\\b\n'").as_deref(), Some(r"a\b\n"));
        assert_eq!(unescape("a"), None);
        assert_eq!(unescape("'"), None);
    }
}
