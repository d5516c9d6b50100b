//! `stringformat`: Python's formatting with `%`.

use minijinja::value::ValueKind;
use minijinja::{Error, State, Value};

use super::input::{LONGEST_PADDING, raised, required};
use super::{ArgCount, Filter};
use crate::python;

pub(super) const FILTERS: &[Filter] = &[Filter::new("stringformat", ArgCount::Required, stringformat).safe()];

fn stringformat(_: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
    let format = format!("%{}", python::str(required("stringformat", arg)?));
    // A tuple would be taken apart, and is a text instead.
    let text;
    let value = if value.is_tuple() {
        text = Value::from(python::str(value));
        &text
    } else {
        value
    };
    match formatted(&format, value) {
        Ok(text) => Ok(Value::from(text)),
        Err(Refused::Silently) => Ok(Value::from("")),
        Err(Refused::NoKey(key)) => Err(raised(format!("the filter stringformat finds no key {key:?}"))),
        Err(Refused::TooLong) => {
            Err(raised(format!("the filter stringformat writes at most {LONGEST_PADDING} characters")))
        }
        Err(Refused::Infinite) => {
            Err(raised("the filter stringformat cannot turn infinity into a whole number"))
        }
    }
}

/// Why a value cannot be formatted.
enum Refused {
    /// Python's `TypeError` and `ValueError`, which give an empty text.
    Silently,
    /// Python's `KeyError`.
    NoKey(String),
    /// It would fill the memory.
    TooLong,
    /// Python's `OverflowError`.
    Infinite,
}

/// A conversion: what stands between `%` and the letter, and the letter.
#[derive(Default)]
struct Conversion {
    left: bool,
    plus: bool,
    blank: bool,
    alternate: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
}

fn formatted(format: &str, value: &Value) -> Result<String, Refused> {
    let mut text = String::new();
    let mut used = false;
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            text.push(c);
            continue;
        }
        let keyed = match chars.next_if_eq(&'(') {
            Some(_) => Some(key(&mut chars, value)?),
            None => None,
        };
        let conversion = Conversion::read(&mut chars)?;
        let letter = chars.next().ok_or(Refused::Silently)?;
        if letter == '%' {
            text.push('%');
            continue;
        }
        let is_keyed = keyed.is_some();
        let value = keyed.as_ref().unwrap_or(value);
        if !is_keyed && std::mem::replace(&mut used, true) {
            return Err(Refused::Silently);
        }
        conversion.write(&mut text, letter, value)?;
    }
    // Python complains of a value that was not asked for, except of a dictionary or list.
    let optional = matches!(value.kind(), ValueKind::Map | ValueKind::Seq | ValueKind::Iterable);
    if used || optional { Ok(text) } else { Err(Refused::Silently) }
}

/// `%(key)s` of a dictionary.
fn key(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, value: &Value) -> Result<Value, Refused> {
    let mut name = String::new();
    let mut depth = 1;
    for c in chars.by_ref() {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        if depth == 0 {
            if value.kind() != ValueKind::Map {
                return Err(Refused::Silently);
            }
            let found = value.get_attr(&name).ok().filter(|found| !found.is_undefined());
            return found.ok_or(Refused::NoKey(name));
        }
        name.push(c);
    }
    Err(Refused::Silently)
}

impl Conversion {
    fn read(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<Self, Refused> {
        let mut conversion = Self::default();
        while let Some(flag) = chars.next_if(|c| "-+ #0".contains(*c)) {
            match flag {
                '-' => conversion.left = true,
                '+' => conversion.plus = true,
                ' ' => conversion.blank = true,
                '#' => conversion.alternate = true,
                _ => conversion.zero = true,
            }
        }
        conversion.width = number(chars)?;
        if chars.next_if_eq(&'.').is_some() {
            conversion.precision = Some(number(chars)?);
        }
        chars.next_if(|c| "hlL".contains(*c));
        Ok(conversion)
    }

    fn write(&self, text: &mut String, letter: char, value: &Value) -> Result<(), Refused> {
        match letter {
            's' => self.pad_text(text, &python::str(value)),
            'r' => self.pad_text(text, &python::repr(value)),
            'a' => self.pad_text(text, &ascii(&python::repr(value))),
            'c' => self.pad_text(text, &character(value)?),
            'd' | 'i' | 'u' => {
                let number = whole(value)?;
                let digits = number.unsigned_abs().to_string();
                self.pad_number(text, number < 0, "", &self.at_least(&digits));
            }
            'o' | 'x' | 'X' => {
                let is_number = matches!(value.kind(), ValueKind::Number if value.is_integer())
                    || value.kind() == ValueKind::Bool;
                let number = if is_number { python::int(value) } else { None }.ok_or(Refused::Silently)?;
                let size = number.unsigned_abs();
                let (digits, prefix) = match letter {
                    'o' => (format!("{size:o}"), "0o"),
                    'x' => (format!("{size:x}"), "0x"),
                    _ => (format!("{size:X}"), "0X"),
                };
                self.pad_number(
                    text,
                    number < 0,
                    if self.alternate { prefix } else { "" },
                    &self.at_least(&digits),
                );
            }
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
                let is_number = matches!(value.kind(), ValueKind::Number | ValueKind::Bool);
                let number = if is_number { python::float(value) } else { None }.ok_or(Refused::Silently)?;
                let digits = self.float(letter, number.abs());
                let digits = if letter.is_ascii_uppercase() { digits.to_ascii_uppercase() } else { digits };
                let negative = number.is_sign_negative() && !number.is_nan();
                self.pad_number(text, negative, "", &digits);
            }
            _ => return Err(Refused::Silently),
        }
        Ok(())
    }

    /// A text, cut by the precision and padded with blanks.
    fn pad_text(&self, text: &mut String, value: &str) {
        let value: String = value.chars().take(self.precision.unwrap_or(usize::MAX)).collect();
        let width = self.width;
        text.push_str(&if self.left { format!("{value:<width$}") } else { format!("{value:>width$}") });
    }

    /// A number's digits with its sign, padded with blanks or, after the sign, with zeros.
    fn pad_number(&self, text: &mut String, negative: bool, prefix: &str, digits: &str) {
        let sign = match negative {
            true => "-",
            false if self.plus => "+",
            false if self.blank => " ",
            false => "",
        };
        let missing = self.width.saturating_sub(sign.len() + prefix.len() + digits.len());
        let (before, zeros, after) = match (self.left, self.zero) {
            (true, _) => (0, 0, missing),
            (false, true) => (0, missing, 0),
            (false, false) => (missing, 0, 0),
        };
        text.extend(std::iter::repeat_n(' ', before));
        text.push_str(sign);
        text.push_str(prefix);
        text.extend(std::iter::repeat_n('0', zeros));
        text.push_str(digits);
        text.extend(std::iter::repeat_n(' ', after));
    }

    /// Digits with zeros before them, up to the precision.
    fn at_least(&self, digits: &str) -> String {
        format!("{digits:0>width$}", width = self.precision.unwrap_or_default())
    }

    fn float(&self, letter: char, number: f64) -> String {
        if !number.is_finite() {
            return python::float_repr(number);
        }
        let precision = self.precision.unwrap_or(6);
        let text = match letter.to_ascii_lowercase() {
            'e' => exponential(number, precision),
            'f' => format!("{number:.precision$}"),
            _ => return self.general(number, precision.max(1)),
        };
        let bare = self.alternate && precision == 0;
        match text.split_once('e') {
            Some((mantissa, exponent)) if bare => format!("{mantissa}.e{exponent}"),
            None if bare => format!("{text}."),
            _ => text,
        }
    }

    /// The shorter of the two forms, without zeros at the end of the fraction.
    fn general(&self, number: f64, precision: usize) -> String {
        let rounded = format!("{number:.*e}", precision - 1);
        let exponent: i64 =
            rounded.split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or_default();
        let digits = i64::try_from(precision).unwrap_or(i64::MAX);
        let strip = |text: &str| match text.contains('.') && !self.alternate {
            true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
            false => text.to_owned(),
        };
        if (-4..digits).contains(&exponent) {
            let decimals = usize::try_from(digits - 1 - exponent).unwrap_or_default();
            return strip(&format!("{number:.decimals$}"));
        }
        let text = exponential(number, precision - 1);
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "+00"));
        format!("{}e{exponent}", strip(mantissa))
    }
}

fn exponential(number: f64, precision: usize) -> String {
    let text = format!("{number:.precision$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
}

/// A width or precision; `*` would take it from further values, of which there are none.
fn number(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<usize, Refused> {
    let mut number = 0usize;
    while let Some(digit) = chars.peek().and_then(|c| c.to_digit(10)) {
        chars.next();
        number = number.saturating_mul(10).saturating_add(digit as usize);
    }
    if number > LONGEST_PADDING { Err(Refused::TooLong) } else { Ok(number) }
}

/// The number of `%d`, which no text is.
fn whole(value: &Value) -> Result<i128, Refused> {
    match value.kind() {
        ValueKind::Number | ValueKind::Bool => python::int(value).ok_or_else(|| match python::float(value) {
            Some(number) if number.is_nan() => Refused::Silently,
            _ => Refused::Infinite,
        }),
        _ => Err(Refused::Silently),
    }
}

/// The character of `%c`: one of a text, or that of a code.
fn character(value: &Value) -> Result<String, Refused> {
    match value.kind() {
        ValueKind::String if value.len() == Some(1) => Ok(python::str(value).into_owned()),
        ValueKind::Number | ValueKind::Bool if value.is_integer() || value.kind() == ValueKind::Bool => {
            let code =
                python::int(value).and_then(|code| u32::try_from(code).ok()).ok_or(Refused::Infinite)?;
            char::from_u32(code).map(String::from).ok_or(Refused::Infinite)
        }
        _ => Err(Refused::Silently),
    }
}

/// Python's `ascii()` of what `repr()` wrote.
fn ascii(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        let code = u32::from(c);
        escaped.push_str(&match code {
            0..=0x7f => c.to_string(),
            0x80..=0xff => format!("\\x{code:02x}"),
            0x100..=0xffff => format!("\\u{code:04x}"),
            _ => format!("\\U{code:08x}"),
        });
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_pythons() {
        for (format, value, wanted) in [
            ("d", Value::from(3.7), Some("3")),
            ("05d", Value::from(-42), Some("-0042")),
            ("+.3d", Value::from(7), Some("+007")),
            ("-5d|", Value::from(7), Some("7    |")),
            ("s", Value::from(vec![1]), Some("[1]")),
            (".2s", Value::from("abc"), Some("ab")),
            ("5s", Value::from("é"), Some("    é")),
            ("r", Value::from("é"), Some("'é'")),
            ("a", Value::from("é"), Some("'\\xe9'")),
            ("x", Value::from(255), Some("ff")),
            ("#X", Value::from(255), Some("0XFF")),
            ("#06o", Value::from(8), Some("0o0010")),
            ("x", Value::from(1.5), None),
            (".2f", Value::from(2.675), Some("2.67")),
            ("e", Value::from(12345.678), Some("1.234568e+04")),
            ("g", Value::from(1e-5), Some("1e-05")),
            ("g", Value::from(123_456_789.0), Some("1.23457e+08")),
            ("g", Value::from(100_000.0), Some("100000")),
            ("#.3g", Value::from(1.0), Some("1.00")),
            ("#.0f", Value::from(1.0), Some("1.")),
            (".0e", Value::from(15.0), Some("2e+01")),
            ("F", Value::from(f64::NEG_INFINITY), Some("-INF")),
            ("f", Value::from("1"), None),
            ("c", Value::from(65), Some("A")),
            ("c", Value::from("ab"), None),
            ("s %s", Value::from(1), None),
            ("s 100%%", Value::from(1), Some("1 100%")),
            ("%", Value::from(1), None),
            ("(a)s-%(b)d", minijinja::context! { a => 1, b => 2 }, Some("1-2")),
            ("(c)s", minijinja::context! { a => 1 }, None),
            ("*d", Value::from(1), None),
            ("", Value::from(1), None),
            ("ld", Value::from(5), Some("5")),
        ] {
            assert_eq!(formatted(&format!("%{format}"), &value).ok().as_deref(), wanted, "{format:?}");
        }
        assert!(matches!(formatted("%1000000000d", &Value::from(1)), Err(Refused::TooLong)));
    }
}
