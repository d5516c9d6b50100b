//! Floats as Python's `repr` prints them.

use std::fmt::Write;

/// Appends the shortest digits that read back as `value`, which must be finite.
pub(crate) fn push_f64(out: &mut String, value: f64) {
    push(out, format_args!("{value:e}"));
}

/// As [`push_f64`], with the digits that are enough for an `f32`.
pub(crate) fn push_f32(out: &mut String, value: f32) {
    push(out, format_args!("{value:e}"));
}

/// Rust's `{:e}` gives the same shortest digits as Python, as `-1.5e-7`; the rest is layout.
fn push(out: &mut String, scientific: std::fmt::Arguments<'_>) {
    let mut text = Short::default();
    if text.write_fmt(scientific).is_err() {
        return;
    }
    let text = text.as_str();
    let text = match text.strip_prefix('-') {
        Some(rest) => {
            out.push('-');
            rest
        }
        None => text,
    };
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let (head, tail) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    match exponent {
        // Python's repr changes to an exponent below 1e-4 and from 1e16 on.
        -4..=-1 => {
            out.push_str("0.");
            zeros(out, exponent.unsigned_abs().saturating_sub(1));
            out.push_str(head);
            out.push_str(tail);
        }
        0..=15 => {
            out.push_str(head);
            let whole = usize::try_from(exponent).unwrap_or_default();
            match tail.split_at_checked(whole) {
                Some((whole, "")) => {
                    out.push_str(whole);
                    out.push_str(".0");
                }
                Some((whole, fraction)) => {
                    out.push_str(whole);
                    out.push('.');
                    out.push_str(fraction);
                }
                None => {
                    out.push_str(tail);
                    let missing = whole.saturating_sub(tail.len());
                    zeros(out, u32::try_from(missing).unwrap_or_default());
                    out.push_str(".0");
                }
            }
        }
        _ => {
            out.push_str(mantissa);
            out.push('e');
            out.push(if exponent < 0 { '-' } else { '+' });
            let digits = exponent.unsigned_abs();
            if digits < 10 {
                out.push('0');
            }
            // Writing to a String cannot fail.
            let _ = write!(out, "{digits}");
        }
    }
}

fn zeros(out: &mut String, count: u32) {
    out.extend((0..count).map(|_| '0'));
}

/// Room for any `{:e}` float (at most 24 characters), without an allocation.
#[derive(Default)]
struct Short {
    bytes: [u8; 32],
    len: usize,
}

impl Short {
    fn as_str(&self) -> &str {
        self.bytes.get(..self.len).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

impl Write for Short {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let end = self.len.saturating_add(text.len());
        self.bytes.get_mut(self.len..end).ok_or(std::fmt::Error)?.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recorded from Python's `repr`.
    #[test]
    fn prints_as_python_does() {
        let cases = [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (-1.5, "-1.5"),
            (0.1, "0.1"),
            (0.2 + 0.1, "0.30000000000000004"),
            (100.0, "100.0"),
            (123456.789, "123456.789"),
            (0.001, "0.001"),
            (0.0001, "0.0001"),
            (0.00012345, "0.00012345"),
            (0.00001, "1e-05"),
            (0.000012345, "1.2345e-05"),
            (1e15, "1000000000000000.0"),
            (1.2345678901234567e15, "1234567890123456.8"),
            (9007199254740993.0, "9007199254740992.0"),
            (1e16, "1e+16"),
            (1.2345678901234568e17, "1.2345678901234568e+17"),
            (1e22, "1e+22"),
            (1e23, "1e+23"),
            (1e100, "1e+100"),
            (-1e-100, "-1e-100"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::MIN_POSITIVE, "2.2250738585072014e-308"),
        ];
        for (value, expected) in cases {
            let mut out = String::new();
            push_f64(&mut out, value);
            assert_eq!(out, expected);
        }
    }

    #[test]
    fn a_small_float_keeps_its_own_digits() {
        let mut out = String::new();
        push_f32(&mut out, 0.1);
        assert_eq!(out, "0.1");
    }
}
