//! Media types and the Accept header: `django.http.request.MediaType` and what `HttpRequest` chooses by it.

use std::cmp::Ordering;
use std::error::Error;
use std::fmt;
use std::str::FromStr;

use crate::char_class::{plain_number, strip};
use crate::header_parameters::{HeaderParameterError, HeaderParameters, parse_header_parameters};

/// A media type, or a range of them such as `text/*`, with its parameters.
///
/// ```
/// use nuages_http::media_type::MediaType;
///
/// let accepted: MediaType = "Text/*; q=0.5".parse()?;
/// assert_eq!(accepted.to_string(), "text/*; q=0.5");
/// assert!(accepted.matches(&"text/html".parse()?));
/// assert_eq!((accepted.quality(), accepted.specificity()), (0.5, 1));
/// # Ok::<(), nuages_http::header_parameters::HeaderParameterError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaType {
    main_type: String,
    sub_type: String,
    params: HeaderParameters,
    /// The parameters but `q`, which is about the range and not of the type.
    range_params: HeaderParameters,
}

impl FromStr for MediaType {
    type Err = HeaderParameterError;

    /// Any text is a media type, if its parameters can be read; one without a slash matches nothing.
    fn from_str(line: &str) -> Result<Self, Self::Err> {
        let (full_type, params) = parse_header_parameters(line)?;
        let (main_type, sub_type) = full_type.split_once('/').unwrap_or((&full_type, ""));
        let mut range_params = params.clone();
        range_params.remove("q");
        Ok(Self { main_type: main_type.to_owned(), sub_type: sub_type.to_owned(), params, range_params })
    }
}

impl MediaType {
    /// What stands before the slash, in lower case.
    #[must_use]
    pub fn main_type(&self) -> &str {
        &self.main_type
    }

    /// What stands behind the slash, in lower case.
    #[must_use]
    pub fn sub_type(&self) -> &str {
        &self.sub_type
    }

    /// All parameters.
    #[must_use]
    pub fn params(&self) -> &HeaderParameters {
        &self.params
    }

    /// The parameters but `q`.
    #[must_use]
    pub fn range_params(&self) -> &HeaderParameters {
        &self.range_params
    }

    /// Whether the two stand for the same type, `*` for any. Parameters must be equal, but those of `self` may be more
    /// where `other` has none.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        let same = |one: &str, other: &str| {
            !one.is_empty() && !other.is_empty() && (one == other || one == "*" || other == "*")
        };
        same(&self.main_type, &other.main_type)
            && same(&self.sub_type, &other.sub_type)
            && (other.range_params.is_empty() || self.range_params == other.range_params)
    }

    /// How much it is wanted, from 0 to 1 in thousandths: the parameter `q`, and 1 without one or for a wrong one.
    #[must_use]
    pub fn quality(&self) -> f64 {
        let quality = self.params.get("q").and_then(float).filter(|quality| (0.0..=1.0).contains(quality));
        // To the nearest of the decimal digits, as Python rounds.
        quality.and_then(|quality| format!("{quality:.3}").parse().ok()).unwrap_or(1.0)
    }

    /// How narrow it is: 0 for `*/*`, 1 for `text/*`, 2 for a type, 3 for a type with parameters.
    #[must_use]
    pub fn specificity(&self) -> u8 {
        match (self.main_type.as_str(), self.sub_type.as_str()) {
            ("*", _) => 0,
            (_, "*") => 1,
            _ if self.range_params.is_empty() => 2,
            _ => 3,
        }
    }
}

/// Python's `float`.
fn float(text: &str) -> Option<f64> {
    plain_number(text, |c| c.is_ascii_digit())?.parse().ok()
}

impl fmt::Display for MediaType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.main_type)?;
        if !self.sub_type.is_empty() {
            write!(formatter, "/{}", self.sub_type)?;
        }
        self.params.iter().try_for_each(|(name, value)| write!(formatter, "; {name}={value}"))
    }
}

/// The types of an Accept header, the most wanted first: Django's `request.accepted_types`.
///
/// ```
/// use nuages_http::media_type::AcceptedTypes;
///
/// let accepted = AcceptedTypes::parse("text/*;q=0.8, application/json")?;
/// assert!(accepted.accepts("text/html")?);
/// assert_eq!(accepted.preferred(&["text/html", "application/json"])?, Some("application/json"));
/// # Ok::<(), nuages_http::media_type::AcceptError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedTypes {
    by_preference: Vec<MediaType>,
    /// Indices of the above, the narrowest type first.
    by_precedence: Vec<usize>,
}

impl AcceptedTypes {
    /// The types of this header; without a header, Django reads `*/*`. A type of quality 0 is left out.
    ///
    /// # Errors
    ///
    /// [`AcceptError`] if the parameters of one cannot be read.
    pub fn parse(header: &str) -> Result<Self, AcceptError> {
        let mut by_preference = Vec::new();
        for token in header.split(',').filter(|token| !strip(token).is_empty()) {
            let media_type: MediaType = token.parse()?;
            if media_type.quality() != 0.0 {
                by_preference.push((media_type.quality(), media_type.specificity(), media_type));
            }
        }
        let descending = |one: f64, other: f64| other.partial_cmp(&one).unwrap_or(Ordering::Equal);
        by_preference.sort_by(|one, other| descending(one.0, other.0).then(other.1.cmp(&one.1)));
        let mut by_precedence: Vec<usize> = (0..by_preference.len()).collect();
        // The sort is stable: within one specificity the order of quality stays.
        by_precedence.sort_by_key(|at| {
            by_preference.get(*at).map(|(_, specificity, _)| std::cmp::Reverse(*specificity))
        });
        Ok(Self {
            by_preference: by_preference.into_iter().map(|(_, _, media_type)| media_type).collect(),
            by_precedence,
        })
    }

    /// The types, the most wanted first.
    pub fn iter(&self) -> impl Iterator<Item = &MediaType> {
        self.by_preference.iter()
    }

    /// Whether the client accepts this type.
    ///
    /// # Errors
    ///
    /// [`AcceptError`] if the parameters of the type cannot be read.
    pub fn accepts(&self, media_type: &str) -> Result<bool, AcceptError> {
        Ok(self.accepted_type(media_type)?.is_some())
    }

    /// The accepted type that fits this one best, by being the narrowest.
    ///
    /// # Errors
    ///
    /// [`AcceptError`] if the parameters of the type cannot be read.
    pub fn accepted_type(&self, media_type: &str) -> Result<Option<&MediaType>, AcceptError> {
        Ok(self.position(media_type)?.and_then(|at| self.by_preference.get(at)))
    }

    fn position(&self, media_type: &str) -> Result<Option<usize>, AcceptError> {
        let media_type: MediaType = media_type.parse()?;
        let fits =
            |at: &usize| self.by_preference.get(*at).is_some_and(|accepted| media_type.matches(accepted));
        Ok(self.by_precedence.iter().copied().find(fits))
    }

    /// Which of the offered types the client wants most; the first of several: Django's `get_preferred_type`.
    ///
    /// # Errors
    ///
    /// [`AcceptError`] if the parameters of an offered type cannot be read.
    pub fn preferred<'a>(&self, offered: &[&'a str]) -> Result<Option<&'a str>, AcceptError> {
        let mut best: Option<(usize, &str)> = None;
        // As Django: an empty list of accepted types reads nothing.
        let offered = if self.by_preference.is_empty() { &[] } else { offered };
        for media_type in offered {
            if let Some(at) = self.position(media_type)?
                && best.is_none_or(|(before, _)| at < before)
            {
                best = Some((at, media_type));
            }
        }
        Ok(best.map(|(_, media_type)| media_type))
    }
}

/// An Accept header, or an offered media type, has parameters that cannot be read (ValueError or TypeError).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptError(HeaderParameterError);

impl AcceptError {
    /// The class of the exception in Django or Python.
    #[must_use]
    pub fn django_name(&self) -> &'static str {
        self.0.django_name()
    }
}

impl fmt::Display for AcceptError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the parameters of a media type cannot be read")
    }
}

impl Error for AcceptError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

impl From<HeaderParameterError> for AcceptError {
    fn from(error: HeaderParameterError) -> Self {
        Self(error)
    }
}
