//! The arguments of protocol 0, which are lines of text.

use super::error::PickleError;

const BAD_NUMBER: PickleError = PickleError::Malformed("a number cannot be read");
const BAD_TEXT: PickleError = PickleError::Malformed("a text cannot be read");

fn ascii(line: &[u8]) -> Result<&str, PickleError> {
    std::str::from_utf8(line).ok().filter(|text| text.is_ascii()).ok_or(BAD_NUMBER)
}

/// The digits of `INT` and `LONG`.
pub(super) fn integer(line: &[u8]) -> Result<i128, PickleError> {
    let text = ascii(line)?;
    let digits = text.strip_suffix('L').unwrap_or(text);
    digits.parse().map_err(|_| BAD_NUMBER)
}

/// What `repr` writes of a float.
pub(super) fn float(line: &[u8]) -> Result<f64, PickleError> {
    ascii(line)?.parse().map_err(|_| BAD_NUMBER)
}

/// The index of `GET` and `PUT`.
pub(super) fn index(line: &[u8]) -> Result<u64, PickleError> {
    ascii(line)?.parse().map_err(|_| BAD_NUMBER)
}

/// Latin-1 with `\uXXXX` and `\UXXXXXXXX`: Python's `raw-unicode-escape`.
pub(super) fn unicode(line: &[u8]) -> Result<String, PickleError> {
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((&byte, after)) = rest.split_first() {
        let length = match (byte, after.first()) {
            (b'\\', Some(b'u')) => 4,
            (b'\\', Some(b'U')) => 8,
            _ => {
                text.push(char::from(byte));
                rest = after;
                continue;
            }
        };
        let digits = after.get(1..=length).ok_or(BAD_TEXT)?;
        text.push(hex(digits)?);
        rest = after.get(length.saturating_add(1)..).unwrap_or_default();
    }
    Ok(text)
}

/// The `repr` of a text of Python 2, of ASCII alone, as Python 3 reads it unless told otherwise.
pub(super) fn quoted(line: &[u8]) -> Result<String, PickleError> {
    let (quote, inner) = match line {
        [b'\'', inner @ .., b'\''] => (b'\'', inner),
        [b'"', inner @ .., b'"'] => (b'"', inner),
        _ => return Err(BAD_TEXT),
    };
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'\\' {
            if byte == quote || !byte.is_ascii() {
                return Err(BAD_TEXT);
            }
            text.push(char::from(byte));
            continue;
        }
        let (&escape, after) = rest.split_first().ok_or(BAD_TEXT)?;
        rest = after;
        text.push(match escape {
            b'\\' | b'\'' | b'"' => char::from(escape),
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'x' => {
                let digits = rest.get(..2).ok_or(BAD_TEXT)?;
                rest = rest.get(2..).unwrap_or_default();
                Some(hex(digits)?).filter(char::is_ascii).ok_or(BAD_TEXT)?
            }
            _ => return Err(BAD_TEXT),
        });
    }
    Ok(text)
}

fn hex(digits: &[u8]) -> Result<char, PickleError> {
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return Err(BAD_TEXT);
    }
    let code = u32::from_str_radix(ascii(digits)?, 16).map_err(|_| BAD_TEXT)?;
    char::from_u32(code).ok_or(PickleError::Malformed("a text holds half a surrogate pair"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        assert_eq!(integer(b"-12L").unwrap(), -12);
        assert_eq!(float(b"1e+16").unwrap(), 1e16);
        assert!(float(b"nan").unwrap().is_nan());
        assert_eq!(unicode(b"\xe9\\u005c\\U0001f980\\x").unwrap(), "\u{e9}\\\u{1F980}\\x");
        assert_eq!(quoted(br#"'a\'\x41\n\\'"#).unwrap(), "a'A\n\\");
        for bad in [b"\\ud800".as_slice(), b"\\u12", b"\\U00110000", b"\\u+123", b"\\u"] {
            assert!(unicode(bad).is_err(), "{bad:?}");
        }
        for bad in [b"'".as_slice(), b"a", b"'a'b'", b"'\\'", b"'\\xff'", b"'\xff'", b"'\\x4'", b"'\\q'"] {
            assert!(quoted(bad).is_err(), "{bad:?}");
        }
        for bad in [b"".as_slice(), b"1_0", b" 1", b"0x1", "١".as_bytes()] {
            assert!(integer(bad).is_err(), "{bad:?}");
        }
    }
}
