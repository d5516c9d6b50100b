//! Percent encoding as Python's `urllib.parse` has it: the other rules of this crate are sets of safe characters.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};

/// What `quote` always escapes: all but letters, digits and `_.-~`.
pub(crate) const RESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'_').remove(b'.').remove(b'-').remove(b'~');

/// What `quote` escapes by default: the slash is safe.
pub(crate) const PATH: AsciiSet = RESERVED.remove(b'/');

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// Python's `quote` of text in UTF-8.
pub(crate) fn quote<'a>(text: &'a str, escaped: &'static AsciiSet) -> Cow<'a, str> {
    utf8_percent_encode(text, escaped).into()
}

/// Python's `unquote_to_bytes`: a percent sign that starts no escape stays.
pub(crate) fn unquote_to_bytes(bytes: &[u8]) -> Cow<'_, [u8]> {
    percent_decode(bytes).into()
}

/// Appends `%XX`.
pub(crate) fn push_escaped(output: &mut String, byte: u8) {
    output.push('%');
    for digit in [byte >> 4, byte & 0xf] {
        output.push(HEX.get(usize::from(digit)).copied().map_or('0', char::from));
    }
}

fn is_always_safe(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'~')
}

/// Python's `quote_plus(bytes)`, the form encoding: a blank becomes a plus sign.
pub(crate) fn push_quoted_plus(output: &mut String, bytes: &[u8]) {
    for &byte in bytes {
        match byte {
            b' ' => output.push('+'),
            _ if is_always_safe(byte) => output.push(char::from(byte)),
            _ => push_escaped(output, byte),
        }
    }
}

/// Python's `quote(bytes, safe)`; bytes of `safe` that are not ASCII do not count.
pub(crate) fn push_quoted(output: &mut String, bytes: &[u8], safe: &[u8]) {
    for &byte in bytes {
        if is_always_safe(byte) || byte.is_ascii() && safe.contains(&byte) {
            output.push(char::from(byte));
        } else {
            push_escaped(output, byte);
        }
    }
}
