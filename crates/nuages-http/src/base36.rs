//! Numbers in base 36, for compact URLs: `django.utils.http.int_to_base36` and `base36_to_int`.

use std::error::Error;
use std::fmt;

use crate::char_class::plain_number;

const BASE: u32 = 36;

/// Every 64-bit number fits into so many digits; longer text is refused.
const MAX_DIGITS: usize = 13;

/// The number in base 36, lower case.
///
/// ```
/// use nuages_http::base36::int_to_base36;
///
/// assert_eq!(int_to_base36(1_295)?, "zz");
/// # Ok::<(), nuages_http::base36::Base36Error>(())
/// ```
///
/// # Errors
///
/// [`Base36Error::Negative`] for a negative number.
pub fn int_to_base36(number: impl Into<i128>) -> Result<String, Base36Error> {
    let mut rest = u128::try_from(number.into()).map_err(|_| Base36Error::Negative)?;
    let mut digits = Vec::new();
    loop {
        let digit =
            u32::try_from(rest % u128::from(BASE)).ok().and_then(|digit| char::from_digit(digit, BASE));
        digits.extend(digit);
        rest /= u128::from(BASE);
        if rest == 0 {
            break;
        }
    }
    Ok(digits.iter().rev().collect())
}

/// The number that this text is in base 36, read as Python's `int(text, 36)` does: with a sign, blanks around it, single
/// underscores between digits and decimal digits of any script.
///
/// ```
/// use nuages_http::base36::base36_to_int;
///
/// assert_eq!(base36_to_int("zz")?, 1_295);
/// # Ok::<(), nuages_http::base36::Base36Error>(())
/// ```
///
/// # Errors
///
/// [`Base36Error`] for more than 13 characters and for what is no number.
pub fn base36_to_int(text: &str) -> Result<i128, Base36Error> {
    if text.chars().nth(MAX_DIGITS).is_some() {
        return Err(Base36Error::TooLarge);
    }
    let number = plain_number(text, |c| c.is_digit(BASE)).ok_or(Base36Error::Invalid)?;
    i128::from_str_radix(&number, BASE).map_err(|_| Base36Error::Invalid)
}

/// A number cannot be written or read in base 36 (ValueError).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Base36Error {
    /// A negative number has no text.
    Negative,
    /// The text has more than 13 characters.
    TooLarge,
    /// The text is no number.
    Invalid,
}

impl Base36Error {
    /// The class of the exception in Django or Python.
    #[must_use]
    pub fn django_name(&self) -> &'static str {
        "ValueError"
    }
}

impl fmt::Display for Base36Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Negative => "a negative number cannot be written in base 36",
            Self::TooLarge => "base 36 input too large: 13 digits hold every 64-bit number",
            Self::Invalid => "not a number in base 36: use digits and the letters a to z",
        })
    }
}

impl Error for Base36Error {}
