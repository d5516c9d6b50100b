//! Django's five built-in converters, matched by hand.
//!
//! Each is equal to its regular expression in Django: `int` `[0-9]+`, `str` `[^/]+`, `slug` `[-a-zA-Z0-9_]+`,
//! `uuid` lower-case hexadecimal digits 8-4-4-4-12, `path` `.+` (which stops at a line feed).

use uuid::Uuid;

use crate::converter::ValueType;
use crate::value::CaptureValue;

/// Python reads no integer of more digits (`sys.get_int_max_str_digits`), so Django does not match one.
const MAX_INT_DIGITS: usize = 4300;

const UUID_LENGTH: usize = 36;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Builtin {
    Int,
    Path,
    Slug,
    Str,
    Uuid,
}

impl Builtin {
    pub(crate) const NAMES: [&'static str; 5] = ["int", "path", "slug", "str", "uuid"];

    pub(crate) fn by_name(name: &str) -> Option<Self> {
        match name {
            "int" => Some(Self::Int),
            "path" => Some(Self::Path),
            "slug" => Some(Self::Slug),
            "str" => Some(Self::Str),
            "uuid" => Some(Self::Uuid),
            _ => None,
        }
    }

    /// The regular expression, as Django has it.
    pub(crate) fn regex(self) -> &'static str {
        match self {
            Self::Int => "[0-9]+",
            Self::Path => ".+",
            Self::Slug => "[-a-zA-Z0-9_]+",
            Self::Str => "[^/]+",
            Self::Uuid => "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        }
    }

    pub(crate) fn value_type(self) -> ValueType {
        match self {
            Self::Int => ValueType::Int,
            Self::Uuid => ValueType::Uuid,
            Self::Path | Self::Slug | Self::Str => ValueType::Str,
        }
    }

    /// The length in bytes of the longest text at the start that the converter accepts; 0 if there is none.
    pub(crate) fn run(self, text: &str) -> usize {
        let bytes = text.as_bytes();
        let until = |stop: fn(&u8) -> bool| bytes.iter().position(stop).unwrap_or(bytes.len());
        match self {
            Self::Int => until(|b| !b.is_ascii_digit()),
            Self::Slug => until(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))),
            Self::Str => until(|b| *b == b'/'),
            Self::Path => until(|b| *b == b'\n'),
            Self::Uuid => match bytes.get(..UUID_LENGTH) {
                Some(head) if is_uuid(head) => UUID_LENGTH,
                _ => 0,
            },
        }
    }

    /// Tells whether a capture that is followed by this character always ends there.
    pub(crate) fn ends_before(self, next: char) -> bool {
        match self {
            Self::Int => !next.is_ascii_digit(),
            Self::Slug => !(next.is_ascii_alphanumeric() || matches!(next, '-' | '_')),
            Self::Str => next == '/',
            Self::Path => next == '\n',
            Self::Uuid => true,
        }
    }

    /// Reads what [`run`](Self::run) has found; `None` for an integer that is too large.
    pub(crate) fn read(self, text: &str) -> Option<CaptureValue<'_>> {
        match self {
            Self::Int => read_int(text).map(CaptureValue::Int),
            Self::Uuid => Uuid::try_parse(text).ok().map(CaptureValue::Uuid),
            Self::Path | Self::Slug | Self::Str => Some(CaptureValue::from(text)),
        }
    }

    /// Tells whether every text that `other` accepts is accepted here (line feeds in `str` set aside for `path`).
    pub(crate) fn covers(self, other: Self) -> bool {
        match self {
            Self::Path => true,
            Self::Str => other != Self::Path,
            Self::Slug => matches!(other, Self::Slug | Self::Int | Self::Uuid),
            Self::Int | Self::Uuid => other == self,
        }
    }
}

fn is_uuid(text: &[u8]) -> bool {
    text.iter().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
    })
}

/// Reads decimal digits; `None` beyond `i128` or Python's limit.
fn read_int(digits: &str) -> Option<i128> {
    if digits.len() > MAX_INT_DIGITS {
        return None;
    }
    // Eighteen digits always fit into 64 bits, where arithmetic is cheap.
    if digits.len() <= 18 {
        return Some(i128::from(digits.bytes().fold(0_i64, |sum, digit| sum * 10 + i64::from(digit & 15))));
    }
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers() {
        let cases: [(&str, Option<i128>); 6] = [
            ("0", Some(0)),
            ("007", Some(7)),
            ("999999999999999999", Some(999_999_999_999_999_999)),
            ("9223372036854775808", Some(1 << 63)),
            ("170141183460469231731687303715884105727", Some(i128::MAX)),
            ("170141183460469231731687303715884105728", None),
        ];
        for (text, number) in cases {
            assert_eq!(read_int(text), number, "{text}");
        }
        assert_eq!(read_int(&format!("{}1", "0".repeat(4299))), Some(1));
        assert_eq!(read_int(&"0".repeat(4301)), None);
    }

    #[test]
    fn runs_end_where_the_regular_expression_does() {
        let uuid = "c335544e-0000-4000-8000-0123456789ab";
        let cases = [
            (Builtin::Int, "12a", 2),
            (Builtin::Int, "٣", 0),
            (Builtin::Slug, "a-b_9.c", 5),
            (Builtin::Slug, "é", 0),
            (Builtin::Str, "a\né/b", 4),
            (Builtin::Path, "a/b\nc", 3),
            (Builtin::Path, "\n", 0),
            (Builtin::Uuid, uuid, 36),
            (Builtin::Uuid, "C335544E-0000-4000-8000-0123456789AB", 0),
            (Builtin::Uuid, "c335544e", 0),
        ];
        for (converter, text, length) in cases {
            assert_eq!(converter.run(text), length, "{converter:?} {text:?}");
        }
        assert_eq!(Builtin::Uuid.run(&format!("{uuid}9é")), 36);
    }
}
