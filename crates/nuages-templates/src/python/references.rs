//! HTML's character references, as Python's `html.unescape` resolves them.
//!
//! Those by name are htmlize's. Of those by number a browser keeps characters that Python drops.

use std::borrow::Cow;

/// What the numbers from 0x80 mean: the characters of Windows, as far as it has them.
const C1: [char; 32] = [
    '\u{20ac}', '\u{81}', '\u{201a}', '\u{192}', '\u{201e}', '\u{2026}', '\u{2020}', '\u{2021}', '\u{2c6}',
    '\u{2030}', '\u{160}', '\u{2039}', '\u{152}', '\u{8d}', '\u{17d}', '\u{8f}', '\u{90}', '\u{2018}',
    '\u{2019}', '\u{201c}', '\u{201d}', '\u{2022}', '\u{2013}', '\u{2014}', '\u{2dc}', '\u{2122}', '\u{161}',
    '\u{203a}', '\u{153}', '\u{9d}', '\u{17e}', '\u{178}',
];

/// The text without its references.
pub(crate) fn html_unescape(text: &str) -> Cow<'_, str> {
    let Some((mut start, mut length)) = number(text, 0) else { return htmlize::unescape(text) };
    let (mut resolved, mut rest) = (String::with_capacity(text.len()), 0);
    loop {
        resolved.push_str(&htmlize::unescape(&text[rest..start]));
        resolved.extend(character(&text[start..start + length]));
        rest = start + length;
        match number(text, rest) {
            Some(next) => (start, length) = next,
            None => {
                resolved.push_str(&htmlize::unescape(&text[rest..]));
                return Cow::Owned(resolved);
            }
        }
    }
}

/// Where the next reference by number begins, from `from` on, and how long it is.
fn number(text: &str, from: usize) -> Option<(usize, usize)> {
    text[from..].match_indices("&#").find_map(|(at, _)| {
        let digits = &text[from + at + 2..];
        let count = match digits.strip_prefix(['x', 'X']) {
            Some(digits) => run(digits, |c| c.is_ascii_hexdigit()).map(|count| count + 1),
            None => run(digits, |c| c.is_ascii_digit()),
        }?;
        let semicolon = usize::from(digits[count..].starts_with(';'));
        Some((from + at, 2 + count + semicolon))
    })
}

/// How many bytes of such characters a text begins with; none is no number.
fn run(text: &str, is_digit: impl Fn(char) -> bool) -> Option<usize> {
    let count = text.find(|c| !is_digit(c)).unwrap_or(text.len());
    (count > 0).then_some(count)
}

/// What a reference by number stands for; nothing, if that is no character.
fn character(reference: &str) -> Option<char> {
    let digits = reference[2..].trim_end_matches(';');
    let (digits, radix) = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (digits, 10),
    };
    // What has too many digits is beyond Unicode.
    let code = u32::from_str_radix(digits, radix).unwrap_or(u32::MAX);
    match code {
        0 => Some(char::REPLACEMENT_CHARACTER),
        0x80..=0x9f => C1.get(code as usize - 0x80).copied(),
        0x01..=0x08 | 0x0b | 0x0e..=0x1f | 0x7f | 0xfdd0..=0xfdef => None,
        // The last two of each plane are no characters, up to the last plane.
        _ if code <= 0x0010_ffff && code & 0xfffe == 0xfffe => None,
        _ => Some(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved_as_python_does() {
        // Written by Python 3.11: `html.unescape(text)`.
        let cases = [
            ("plain", "plain"),
            ("a&#1;b&#x7f;c&#xfdd0;d&#x1ffff;e", "abcde"),
            ("&#0;&#xd800;&#x110000;&#99999999999999999999;", "\u{fffd}\u{fffd}\u{fffd}\u{fffd}"),
            ("&#128;&#x9F;&#129;&#13;", "\u{20ac}\u{178}\u{81}\r"),
            ("&#38;lt;&#60&#X3e", "&lt;<>"),
            ("&#;&#x;&#xg;&#", "&#;&#x;&#xg;&#"),
            ("&notit;&amp&#33;&ampx&nosuch;", "\u{ac}it;&!&x&nosuch;"),
            ("&lt&#1;;", "<;"),
        ];
        for (text, resolved) in cases {
            assert_eq!(html_unescape(text), resolved, "{text}");
        }
    }
}
