//! Characters inside a JSON string.

use std::fmt::Write;

/// Whether Python writes all of these bytes as they are, in whatever style.
pub(crate) fn is_plain(text: &str) -> bool {
    // Looks at all bytes, and so at many at once.
    let is_plain = |byte: u8| (b' '..=b'~').contains(&byte) & (byte != b'"') & (byte != b'\\');
    text.bytes().fold(true, |plain, byte| plain & is_plain(byte))
}

/// Appends a character with the escapes of `json.dumps(ensure_ascii=ascii)`.
pub(crate) fn push_char(out: &mut String, character: char, ascii: bool) {
    match character {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        ' '..='~' => out.push(character),
        '\0'..='\u{1f}' => push_unit(out, character as u16),
        _ if !ascii => out.push(character),
        _ => {
            for unit in character.encode_utf16(&mut [0; 2]) {
                push_unit(out, *unit);
            }
        }
    }
}

/// Appends a UTF-16 unit as `\uXXXX`, in lower case.
pub(crate) fn push_unit(out: &mut String, unit: u16) {
    // Writing to a String cannot fail.
    let _ = write!(out, "\\u{unit:04x}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_as_python_does() {
        let cases = [
            ("a/'\"\\", r#"a/'\"\\"#, r#"a/'\"\\"#),
            (
                "\n\r\t\u{8}\u{c}\0\u{b}\u{1f}",
                r"\n\r\t\b\f\u0000\u000b\u001f",
                r"\n\r\t\b\f\u0000\u000b\u001f",
            ),
            ("~\u{7f}\u{80}", "~\\u007f\\u0080", "~\u{7f}\u{80}"),
            ("é\u{2028}\u{ffff}", r"\u00e9\u2028\uffff", "é\u{2028}\u{ffff}"),
            ("🦀\u{10ffff}", r"\ud83e\udd80\udbff\udfff", "🦀\u{10ffff}"),
        ];
        for (text, ascii, unicode) in cases {
            for (expected, escape) in [(ascii, true), (unicode, false)] {
                let mut out = String::new();
                text.chars().for_each(|character| push_char(&mut out, character, escape));
                assert_eq!(out, expected);
            }
        }
    }
}
