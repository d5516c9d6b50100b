//! Floats as Python writes them.

use std::fmt::Write;

/// `repr(float)`: the shortest digits that read back as the same number, in Python's layout.
pub(crate) fn float_repr(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    if number.is_infinite() {
        return if number < 0.0 { "-inf" } else { "inf" }.to_owned();
    }
    let (sign, digits, exponent) = shortest(number);
    if (-4..16).contains(&exponent) {
        let mut text = sign.to_owned();
        positional(&mut text, &digits, exponent);
        if !text.contains('.') {
            text.push_str(".0");
        }
        return text;
    }
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    let mut text = format!("{sign}{first}{point}{rest}e");
    exponent_text(&mut text, exponent);
    text
}

/// What Django prints for a float: its number format takes away an exponent, unless more than 200 digits would show.
pub(crate) fn decimal_text(number: f64) -> String {
    let text = float_repr(number);
    if !text.contains('e') {
        return text;
    }
    let (sign, digits, exponent) = shortest(number);
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    if (exponent + 1 - count).abs() + count > 200 {
        // Here Django has its Decimal written with all its digits and a bare exponent.
        return text.replace("e+0", "e+").replace("e-0", "e-");
    }
    let mut text = sign.to_owned();
    positional(&mut text, &digits, exponent);
    text
}

/// The sign, the digits and the decimal exponent of the first digit.
fn shortest(number: f64) -> (&'static str, String, i32) {
    let size = number.abs();
    let short = format!("{size:e}");
    // Of two texts that are as short and as near Python takes the even one, as rounding to that many digits does.
    let decimals = short.find('e').map_or(0, |end| end.saturating_sub(2));
    let even = format!("{size:.decimals$e}");
    let text = if even.parse() == Ok(size) { even } else { short };
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let sign = if number.is_sign_negative() { "-" } else { "" };
    (sign, mantissa.replace('.', ""), exponent.parse().unwrap_or_default())
}

/// The digits with a point where the exponent says, and zeros to get there.
fn positional(text: &mut String, digits: &str, exponent: i32) {
    let Ok(before) = usize::try_from(exponent + 1) else {
        text.push_str("0.");
        text.extend(std::iter::repeat_n('0', (-1 - exponent).unsigned_abs() as usize));
        text.push_str(digits);
        return;
    };
    if before == 0 {
        text.push_str("0.");
        text.push_str(digits);
    } else if before >= digits.len() {
        text.push_str(digits);
        text.extend(std::iter::repeat_n('0', before - digits.len()));
    } else {
        text.push_str(&digits[..before]);
        text.push('.');
        text.push_str(&digits[before..]);
    }
}

/// An exponent with its sign and at least two digits, as C and Python write it.
pub(crate) fn exponent_text(text: &mut String, exponent: i32) {
    let sign = if exponent < 0 { '-' } else { '+' };
    // Writing to a String cannot fail.
    let _ = write!(text, "{sign}{:02}", exponent.unsigned_abs());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_read_as_in_python() {
        for (number, repr, text) in [
            (0.0, "0.0", "0.0"),
            (-0.0, "-0.0", "-0.0"),
            (1.0, "1.0", "1.0"),
            (0.1, "0.1", "0.1"),
            (1.5, "1.5", "1.5"),
            (123_456_789.125, "123456789.125", "123456789.125"),
            (1e15, "1000000000000000.0", "1000000000000000.0"),
            (1e16, "1e+16", "10000000000000000"),
            (1.25e20, "1.25e+20", "125000000000000000000"),
            (0.0001, "0.0001", "0.0001"),
            (0.000_01, "1e-05", "0.00001"),
            (-1.5e-7, "-1.5e-07", "-0.00000015"),
            (669_298_323_458_134.2, "669298323458134.2", "669298323458134.2"),
            (5e-324, "5e-324", "5e-324"),
            (1e300, "1e+300", "1e+300"),
            (f64::INFINITY, "inf", "inf"),
            (f64::NEG_INFINITY, "-inf", "-inf"),
            (f64::NAN, "nan", "nan"),
        ] {
            assert_eq!(float_repr(number), repr);
            assert_eq!(decimal_text(number), text);
        }
    }
}
