//! The error of a cookie that cannot be written.

use std::fmt;

/// A cookie that cannot be written as it was asked for. No value of a cookie is ever part of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CookieError {
    name: Box<str>,
    kind: CookieErrorKind,
}

/// What is wrong with a cookie.
///
/// ```
/// use nuages_cookies::{CookieErrorKind, ResponseCookies};
///
/// let mut cookies = ResponseCookies::default();
/// cookies.set("two words", 1);
/// let error = cookies.check().unwrap_err();
/// assert_eq!((error.name(), error.kind()), ("two words", &CookieErrorKind::IllegalName));
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum CookieErrorKind {
    /// The name is empty or has a character that is no letter, digit or one of ``!#$%&'*+-.^_`|~:``.
    IllegalName,
    /// The name is that of an attribute, in some letter case.
    ReservedName,
    /// The value has a character above U+00FF, which no escape exists for.
    IllegalValue(char),
    /// The value's `Display` failed.
    UnprintableValue,
    /// `max_age` came together with a date and time in `expires`.
    AgeAndDate,
    /// `max_age` is not a number.
    AgeNotANumber,
    /// `max_age` is infinite.
    AgeInfinite,
    /// `max_age` leads to a date outside the years 1 to 9999.
    DateOutOfRange(DateError),
    /// `same_site` is none of Lax, Strict and None.
    UnknownSameSite(Box<str>),
    /// The named attribute has this character: a `;`, a control character or one above U+00FF.
    IllegalAttribute(&'static str, char),
    /// A cookie named `__Host-…` has a domain, or a path other than `/`.
    HostPrefix(&'static str),
}

/// Which limit a date is beyond; Python raises another exception for each.
///
/// ```
/// use nuages_cookies::{CookieErrorKind, DateError, ResponseCookies};
///
/// let mut cookies = ResponseCookies::default();
/// cookies.set("theme", "dark").max_age(10_000_i64 * 365 * 24 * 60 * 60);
/// let error = cookies.check().unwrap_err();
/// assert_eq!(error.kind(), &CookieErrorKind::DateOutOfRange(DateError::Year));
/// assert_eq!(error.django_name(), "ValueError");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum DateError {
    /// The year is not one of 1 to 9999.
    Year,
    /// The year does not fit 32 bits.
    CalendarYear,
    /// The seconds do not fit 64 bits.
    Time,
}

impl CookieError {
    pub(crate) fn new(name: &str, kind: CookieErrorKind) -> Self {
        Self { name: name.into(), kind }
    }

    /// The cookie's name as it was given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What is wrong.
    pub const fn kind(&self) -> &CookieErrorKind {
        &self.kind
    }

    /// The class name of the exception that `set_cookie` of Django raises for this, or, where Django writes the cookie
    /// all the same, `CookieError`.
    ///
    /// ```
    /// use nuages_cookies::ResponseCookies;
    ///
    /// let mut cookies = ResponseCookies::default();
    /// cookies.set("theme", "dark").max_age(f64::INFINITY);
    /// assert_eq!(cookies.check().unwrap_err().django_name(), "OverflowError");
    /// ```
    pub const fn django_name(&self) -> &'static str {
        match &self.kind {
            CookieErrorKind::IllegalName
            | CookieErrorKind::ReservedName
            | CookieErrorKind::UnprintableValue
            | CookieErrorKind::IllegalAttribute(_, ..='\u{FF}')
            | CookieErrorKind::HostPrefix(_) => "CookieError",
            CookieErrorKind::IllegalValue(_) | CookieErrorKind::IllegalAttribute(..) => "UnicodeEncodeError",
            CookieErrorKind::AgeAndDate
            | CookieErrorKind::AgeNotANumber
            | CookieErrorKind::UnknownSameSite(_)
            | CookieErrorKind::DateOutOfRange(DateError::Year) => "ValueError",
            CookieErrorKind::AgeInfinite | CookieErrorKind::DateOutOfRange(DateError::Time) => {
                "OverflowError"
            }
            CookieErrorKind::DateOutOfRange(DateError::CalendarYear) => "OSError",
        }
    }
}

impl fmt::Display for CookieError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "cookie {:?}: {}", self.name, self.kind)
    }
}

impl fmt::Display for CookieErrorKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::IllegalName => formatter.write_str(
                "the name may only have letters, digits and !#$%&'*+-.^_`|~: and must not be empty",
            ),
            Self::ReservedName => formatter.write_str("the name is that of an attribute; choose another"),
            Self::IllegalValue(character) => write!(
                formatter,
                "the value has {character:?}, which no cookie can carry; percent-encode or base64-encode the value"
            ),
            Self::UnprintableValue => formatter.write_str("the value could not be turned into text"),
            Self::AgeAndDate => {
                formatter.write_str("max_age and a date in expires exclude each other; give one of the two")
            }
            Self::AgeNotANumber => formatter.write_str("max_age is not a number"),
            Self::AgeInfinite => formatter.write_str("max_age is infinite; give a number of seconds"),
            Self::DateOutOfRange(_) => formatter
                .write_str("max_age leads outside the years 1 to 9999; give a smaller number of seconds"),
            Self::UnknownSameSite(text) => {
                write!(formatter, "same_site is {text:?}; give Lax, Strict or None")
            }
            Self::IllegalAttribute(attribute, character) => {
                write!(
                    formatter,
                    "{attribute} has {character:?}, which it must not; take it out or percent-encode it"
                )
            }
            Self::HostPrefix(attribute) => write!(
                formatter,
                "browsers refuse a __Host- cookie with this {attribute}; leave {attribute} out or rename the cookie"
            ),
        }
    }
}

impl std::error::Error for CookieError {}
