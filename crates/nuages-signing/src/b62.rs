//! Numbers in base 62, as Django writes timestamps (`django.core.signing.b62_encode`).

use std::{error, fmt};

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The number in base 62, with digits 0-9, A-Z, a-z and a leading `-` if negative.
///
/// ```
/// assert_eq!(nuages_signing::b62::encode(1_700_000_000), "1r31eq");
/// assert_eq!(nuages_signing::b62::encode(-62), "-10");
/// ```
pub fn encode(number: i64) -> String {
    let mut text = String::new();
    push(&mut text, number);
    text
}

/// Appends the number in base 62.
pub(crate) fn push(text: &mut String, number: i64) {
    if number < 0 {
        text.push('-');
    }
    // 62^11 exceeds u64, so eleven digits hold every magnitude.
    let mut digits = [0_u8; 11];
    let mut rest = number.unsigned_abs();
    let mut used = 0_usize;
    for slot in digits.iter_mut().rev() {
        let digit = usize::try_from(rest.checked_rem(62).unwrap_or_default()).unwrap_or_default();
        *slot = ALPHABET.get(digit).copied().unwrap_or(b'0');
        used = used.saturating_add(1);
        rest /= 62;
        if rest == 0 {
            break;
        }
    }
    let start = digits.len().saturating_sub(used);
    text.extend(digits.iter().skip(start).map(|digit| char::from(*digit)));
}

/// Reads a number in base 62. Leading zeros and a lone `-` (zero) are accepted, as in Django.
///
/// ```
/// assert_eq!(nuages_signing::b62::decode("1r31eq"), Ok(1_700_000_000));
/// ```
///
/// # Errors
///
/// [`B62Error`] if the text is empty, has another character, or the number does not fit.
pub fn decode(text: &str) -> Result<i64, B62Error> {
    let (negative, digits) = sign(text)?;
    let mut number = 0_i64;
    for byte in digits.bytes() {
        let digit = i64::from(digit(byte)?);
        let digit = if negative { digit.checked_neg() } else { Some(digit) };
        number = number
            .checked_mul(62)
            .zip(digit)
            .and_then(|(number, digit)| number.checked_add(digit))
            .ok_or(B62Error::TooLarge)?;
    }
    Ok(number)
}

/// Reads a number of any length: exact up to 2^53, then the nearest float or so, at last infinite.
pub(crate) fn decode_f64(text: &str) -> Result<f64, B62Error> {
    let (negative, digits) = sign(text)?;
    let mut number = 0_f64;
    for byte in digits.bytes() {
        number = number * 62.0 + f64::from(digit(byte)?);
    }
    Ok(if negative { -number } else { number })
}

fn sign(text: &str) -> Result<(bool, &str), B62Error> {
    if text.is_empty() {
        return Err(B62Error::Empty);
    }
    Ok(match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    })
}

fn digit(byte: u8) -> Result<u8, B62Error> {
    match byte {
        b'0'..=b'9' => Ok(byte.wrapping_sub(b'0')),
        b'A'..=b'Z' => Ok(byte.wrapping_sub(b'A').wrapping_add(10)),
        b'a'..=b'z' => Ok(byte.wrapping_sub(b'a').wrapping_add(36)),
        _ => Err(B62Error::Digit),
    }
}

/// The text is no number in base 62, or not one of 64 bits.
///
/// ```
/// use nuages_signing::b62::{B62Error, decode};
///
/// assert_eq!(decode(""), Err(B62Error::Empty));
/// assert_eq!(decode("1.5"), Err(B62Error::Digit));
/// assert_eq!(decode("zzzzzzzzzzz"), Err(B62Error::TooLarge));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum B62Error {
    /// The text is empty.
    Empty,
    /// A character is no digit.
    Digit,
    /// The number does not fit into an `i64`.
    TooLarge,
}

impl fmt::Display for B62Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "an empty text is no base 62 number",
            Self::Digit => "base 62 digits are 0-9, A-Z and a-z",
            Self::TooLarge => "the base 62 number does not fit into 64 bits",
        })
    }
}

impl error::Error for B62Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extremes_round_trip() {
        for number in [i64::MIN, i64::MIN + 1, -1, 0, 61, 62, i64::MAX] {
            assert_eq!(decode(&encode(number)), Ok(number), "{number}");
        }
    }

    #[test]
    fn odd_texts_read_as_in_python() {
        for (text, number) in [
            ("-", Ok(0)),
            ("00", Ok(0)),
            ("-0", Ok(0)),
            ("", Err(B62Error::Empty)),
            ("--1", Err(B62Error::Digit)),
        ] {
            assert_eq!(decode(text), number, "{text:?}");
            assert_eq!(decode_f64(text).map(|number| number as i64), number, "{text:?}");
        }
        for text in ["!", "a!", "1 ", "é", "+1", "\0"] {
            assert_eq!(decode(text), Err(B62Error::Digit), "{text:?}");
            assert_eq!(decode_f64(text), Err(B62Error::Digit), "{text:?}");
        }
    }

    #[test]
    fn long_numbers_do_not_overflow() {
        assert_eq!(decode(&"z".repeat(60)), Err(B62Error::TooLarge));
        assert_eq!(decode(&format!("-{}", "z".repeat(60))), Err(B62Error::TooLarge));
        assert!(decode_f64(&"z".repeat(60)).is_ok_and(|number| number > 1e107 && number < 1e108));
        assert_eq!(decode_f64(&"z".repeat(4000)), Ok(f64::INFINITY));
    }
}
