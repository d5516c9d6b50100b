//! The quoting of cookie values, as Python's `http.cookies` does it.
//!
//! A value made of harmless characters is written bare. Any other is put between double quotes, where `"` and `\` get a
//! backslash and every other unsafe character up to U+00FF becomes a backslash and three octal digits.

use std::borrow::Cow;

/// The punctuation that needs no quotes, and of which names may be made (part of `http.cookies._LegalChars`).
const LEGAL: &[u8] = b"!#$%&'*+-.^_`|~:";

/// What else stands for itself between the quotes (part of `http.cookies._UnescapedChars`).
const UNESCAPED: &[u8] = b" ()/<=>?@[]{}";

/// How a byte is written in a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Legal,
    Unescaped,
    Escaped,
}

const CLASSES: [Class; 256] = classes();

const fn classes() -> [Class; 256] {
    let mut classes = [Class::Escaped; 256];
    let mut rest: &mut [Class] = &mut classes;
    let mut byte: u8 = 0;
    while let Some((class, after)) = rest.split_first_mut() {
        if byte.is_ascii_alphanumeric() || contains(LEGAL, byte) {
            *class = Class::Legal;
        } else if contains(UNESCAPED, byte) {
            *class = Class::Unescaped;
        }
        byte = byte.wrapping_add(1);
        rest = after;
    }
    classes
}

const fn contains(mut bytes: &[u8], wanted: u8) -> bool {
    while let Some((byte, after)) = bytes.split_first() {
        if *byte == wanted {
            return true;
        }
        bytes = after;
    }
    false
}

fn class(byte: u8) -> Class {
    CLASSES.get(usize::from(byte)).copied().unwrap_or(Class::Escaped)
}

/// True for the characters that need no quotes, and of which names are made.
pub(crate) fn is_legal(byte: u8) -> bool {
    class(byte) == Class::Legal
}

/// Quotes a value for `Set-Cookie`; `Err` is the first character that no escape exists for (above U+00FF).
pub(crate) fn quote(value: &str) -> Result<Cow<'_, str>, char> {
    if !value.is_empty() && value.bytes().all(is_legal) {
        return Ok(Cow::Borrowed(value));
    }
    let mut quoted = String::with_capacity(value.len().saturating_mul(2).saturating_add(2));
    quoted.push('"');
    for character in value.chars() {
        match u8::try_from(character) {
            Ok(byte) if class(byte) != Class::Escaped => quoted.push(character),
            Ok(b'"') => quoted.push_str("\\\""),
            Ok(b'\\') => quoted.push_str("\\\\"),
            Ok(byte) => {
                quoted.push('\\');
                for shift in [6_u8, 3, 0] {
                    quoted.push(char::from(b'0' | (byte.unbounded_shr(shift.into()) & 7)));
                }
            }
            Err(_) => return Err(character),
        }
    }
    quoted.push('"');
    Ok(Cow::Owned(quoted))
}

/// The first character that [`quote`] has no escape for.
pub(crate) fn unwritable(value: &str) -> Option<char> {
    if value.is_ascii() { None } else { value.chars().find(|&character| character > '\u{FF}') }
}

/// Takes the quotes and escapes off a value of a `Cookie` header.
///
/// Anything that is not wholly between two double quotes is left as it came. The work is linear in the length.
pub(crate) fn unquote(value: Cow<'_, str>) -> Cow<'_, str> {
    let Some(inner) = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return value;
    };
    if !inner.contains('\\') {
        return match value {
            Cow::Borrowed(text) => {
                Cow::Borrowed(text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text))
            }
            Cow::Owned(_) => Cow::Owned(inner.to_owned()),
        };
    }
    let mut plain = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        rest = after;
        if let Some((character, after)) = octal(rest) {
            plain.push(character);
            rest = after;
        } else {
            let mut characters = rest.chars();
            match characters.next() {
                // Python's `.` matches no line feed, so this backslash stays.
                None | Some('\n') => plain.push('\\'),
                Some(character) => {
                    plain.push(character);
                    rest = characters.as_str();
                }
            }
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// The character of three octal digits, up to `377`, at the start of `text`, and what follows them.
fn octal(text: &str) -> Option<(char, &str)> {
    let (digits, after) = text.split_at_checked(3)?;
    let &[high @ b'0'..=b'3', middle @ b'0'..=b'7', low @ b'0'..=b'7'] = digits.as_bytes() else {
        return None;
    };
    let byte = ((high & 3) << 6) | ((middle & 7) << 3) | (low & 7);
    Some((char::from(byte), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_quoted_as_python_does() {
        for (value, quoted) in [
            ("", "\"\""),
            ("v", "v"),
            ("a:b|c~", "a:b|c~"),
            ("two words", "\"two words\""),
            ("a;b,c", "\"a\\073b\\054c\""),
            ("\"\\", "\"\\\"\\\\\""),
            ("\r\n\0\u{7f}", "\"\\015\\012\\000\\177\""),
            ("\u{80}é\u{ff}", "\"\\200\\351\\377\""),
        ] {
            assert_eq!(quote(value).as_deref(), Ok(quoted), "{value:?}");
            assert_eq!(unquote(Cow::Borrowed(quoted)), value, "{value:?}");
        }
        assert_eq!(quote("a\u{100}"), Err('\u{100}'));
    }

    #[test]
    fn escapes_are_taken_off_as_python_does() {
        for (text, plain) in [
            ("\"", "\""),
            ("\"\"", ""),
            ("\"a", "\"a"),
            ("\"\\400\\1\"", "4001"),
            ("\"\\378\"", "378"),
            ("\"\\\"", "\\"),
            ("\"x\\\"", "x\\"),
            ("\"\\\n\\a\"", "\\\na"),
            ("\"\\é\\☃\"", "é☃"),
            ("\"\\03\"", "03"),
            ("\"\\12é\"", "12é"),
        ] {
            assert_eq!(unquote(Cow::Borrowed(text)), plain, "{text:?}");
        }
    }

    // Case 249 of the attack list: quadratic in Python before CVE-2024-7592.
    #[test]
    fn many_backslashes_take_linear_time() {
        let text = format!("\"{}\"", "\\".repeat(14_000));
        assert_eq!(unquote(Cow::Borrowed(&text)).len(), 7_000);
        let text = format!("\"{}\"", "\\\n".repeat(500_000));
        assert_eq!(unquote(Cow::Borrowed(&text)).len(), 1_000_000);
    }
}
