//! Decimal numbers of any length, as far as `floatformat` needs them.

use crate::python;

/// A number of Python's `Decimal`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Decimal {
    /// Digits, of which the last counts tens to the power of the exponent.
    Finite {
        /// Whether there is a minus.
        negative: bool,
        /// Digits as numbers, without zeros in front; at least one.
        digits: Vec<u8>,
        /// The power of ten of the last digit.
        exponent: i64,
    },
    /// Infinity, and what is no number.
    Special,
}

impl Decimal {
    /// `Decimal(text)`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = python::trim(text).replace('_', "");
        let (negative, rest) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, &*text),
        };
        let lower = rest.to_ascii_lowercase();
        let payload = lower.strip_prefix("snan").or_else(|| lower.strip_prefix("nan"));
        if matches!(&*lower, "inf" | "infinity")
            || payload.is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
        {
            return Some(Self::Special);
        }
        let (mantissa, exponent) = match lower.split_once('e') {
            Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
            None => (&*lower, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = || whole.bytes().chain(fraction.bytes());
        if all().next().is_none() || !all().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let mut digits: Vec<u8> = all().map(|byte| byte - b'0').skip_while(|digit| *digit == 0).collect();
        if digits.is_empty() {
            digits.push(0);
        }
        let exponent = exponent.saturating_sub(i64::try_from(fraction.len()).unwrap_or(i64::MAX));
        Some(Self::Finite { negative, digits, exponent })
    }
}

/// An exponent; one beyond 64 bits is as good as the largest.
fn parse_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let extreme = if text.starts_with('-') { i64::MIN / 2 } else { i64::MAX / 2 };
    Some(text.parse::<i64>().map_or(extreme, |exponent| exponent.clamp(i64::MIN / 2, i64::MAX / 2)))
}

/// A number as text with exactly so many decimals, the half rounded away from zero.
///
/// The caller has bounded the exponent.
pub(super) fn rounded(negative: bool, digits: &[u8], exponent: i64, places: usize) -> String {
    let mut digits = digits.to_vec();
    // How many of the last digits fall away, or how many zeros are added.
    let excess = -exponent - i64::try_from(places).unwrap_or(i64::MAX);
    if excess > 0 {
        let excess = usize::try_from(excess).unwrap_or(usize::MAX);
        let kept = digits.len().saturating_sub(excess);
        let up = excess <= digits.len() && digits.get(kept).is_some_and(|digit| *digit >= 5);
        digits.truncate(kept);
        if up {
            increment(&mut digits);
        }
    } else {
        digits.extend(std::iter::repeat_n(0, usize::try_from(-excess).unwrap_or_default()));
    }
    let missing = (places + 1).saturating_sub(digits.len());
    let text: String =
        std::iter::repeat_n(0, missing).chain(digits).map(|digit| char::from(b'0' + digit)).collect();
    let (whole, fraction) = text.split_at(text.len() - places);
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let minus = if negative && text.bytes().any(|byte| byte != b'0') { "-" } else { "" };
    if places == 0 { format!("{minus}{whole}") } else { format!("{minus}{whole}.{fraction}") }
}

fn increment(digits: &mut Vec<u8>) {
    for digit in digits.iter_mut().rev() {
        if *digit < 9 {
            *digit += 1;
            return;
        }
        *digit = 0;
    }
    digits.insert(0, 1);
}

/// A number's text with a comma before every three digits of its whole part.
pub(super) fn grouped(number: &str) -> String {
    let (sign, number) = number.strip_prefix('-').map_or(("", number), |number| ("-", number));
    let (whole, fraction) = number.find('.').map_or((number, ""), |point| number.split_at(point));
    let count = whole.chars().count();
    let mut text = String::with_capacity(number.len() + number.len() / 3 + 1);
    text.push_str(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (count - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text.push_str(fraction);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_rounded_away_from_zero() {
        for (text, places, wanted) in [
            ("34.25", 1, "34.3"),
            ("34.24999", 1, "34.2"),
            ("-0.05", 1, "-0.1"),
            ("-0.04", 1, "0.0"),
            ("9.99", 1, "10.0"),
            ("0.6", 0, "1"),
            ("0.4", 0, "0"),
            ("5e-10", 3, "0.000"),
            ("1e3", 2, "1000.00"),
            ("0.5", 0, "1"),
            ("0.05", 0, "0"),
            ("1", 3, "1.000"),
        ] {
            let Some(Decimal::Finite { negative, digits, exponent }) = Decimal::parse(text) else {
                panic!("{text}")
            };
            assert_eq!(rounded(negative, &digits, exponent, places), wanted, "{text} {places}");
        }
    }

    #[test]
    fn what_is_no_decimal_is_refused() {
        for text in ["", "x", "1.2.3", "1e", "e5", "--1", ".", "1 2", "0x1"] {
            assert_eq!(Decimal::parse(text), None, "{text:?}");
        }
        for text in ["inf", "-Infinity", "NaN", "snan12"] {
            assert_eq!(Decimal::parse(text), Some(Decimal::Special), "{text:?}");
        }
    }

    #[test]
    fn groups_are_of_three() {
        for (number, wanted) in [("1", "1"), ("1000", "1,000"), ("-123456.789", "-123,456.789"), ("", "")] {
            assert_eq!(grouped(number), wanted);
        }
    }
}
