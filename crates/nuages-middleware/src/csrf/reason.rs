//! Why a request was refused.

use std::fmt;

use super::token::BadFormat;

/// Why a request was refused; as text, it is what Django says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CsrfReason {
    /// The `Origin` header names another site.
    BadOrigin(String),
    /// Over HTTPS there must be an `Origin` or a `Referer` header.
    NoReferer,
    /// The `Referer` header is no URL of a page.
    MalformedReferer,
    /// The page was not loaded over HTTPS.
    InsecureReferer,
    /// The `Referer` header names another site.
    BadReferer(String),
    /// The visitor has no secret yet: cookies are off, or the form is older than the cookie.
    NoCookie,
    /// The cookie holds no secret.
    BadCookie(TokenFault),
    /// Neither the form nor a header has a token.
    TokenMissing,
    /// The token does not belong to the secret.
    BadToken {
        /// Where it stood: none for the form, else the name of the header.
        header: Option<String>,
        /// What is wrong with it.
        fault: TokenFault,
    },
}

/// What is wrong with a token or a secret.
///
/// ```
/// use nuages_middleware::csrf::{CsrfReason, TokenFault};
///
/// let reason = CsrfReason::BadToken { header: Some("X-CSRFToken".into()), fault: TokenFault::Length };
/// assert_eq!(reason.to_string(), "CSRF token from the 'X-CSRFToken' HTTP header has incorrect length.");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenFault {
    /// It is shorter or longer than tokens are.
    Length,
    /// It has other characters than letters and digits.
    Characters,
    /// It is one of another secret.
    Incorrect,
}

impl From<BadFormat> for TokenFault {
    fn from(format: BadFormat) -> Self {
        match format {
            BadFormat::Length => Self::Length,
            BadFormat::Characters => Self::Characters,
        }
    }
}

impl fmt::Display for TokenFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Length => "has incorrect length",
            Self::Characters => "has invalid characters",
            Self::Incorrect => "incorrect",
        })
    }
}

impl fmt::Display for CsrfReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadOrigin(origin) => {
                write!(f, "Origin checking failed - {origin} does not match any trusted origins.")
            }
            Self::NoReferer => f.write_str("Referer checking failed - no Referer."),
            Self::MalformedReferer => f.write_str("Referer checking failed - Referer is malformed."),
            Self::InsecureReferer => {
                f.write_str("Referer checking failed - Referer is insecure while host is secure.")
            }
            Self::BadReferer(referer) => {
                write!(f, "Referer checking failed - {referer} does not match any trusted origins.")
            }
            Self::NoCookie => f.write_str("CSRF cookie not set."),
            Self::BadCookie(fault) => write!(f, "CSRF cookie {fault}."),
            Self::TokenMissing => f.write_str("CSRF token missing."),
            Self::BadToken { header: None, fault } => write!(f, "CSRF token from POST {fault}."),
            Self::BadToken { header: Some(name), fault } => {
                write!(f, "CSRF token from the '{name}' HTTP header {fault}.")
            }
        }
    }
}

impl CsrfReason {
    /// What the developer can do about it, for the page of debug mode.
    pub(super) fn advice(&self) -> &'static str {
        match self {
            Self::BadOrigin(_) | Self::BadReferer(_) => {
                "The form is on a page of another origin. If that page is yours, add its origin, scheme included, to \
                 CSRF_TRUSTED_ORIGINS. Behind a proxy that speaks HTTPS, SECURE_PROXY_SSL_HEADER must say so, and the \
                 proxy must be in TRUSTED_PROXIES."
            }
            Self::NoReferer | Self::MalformedReferer | Self::InsecureReferer => {
                "Over HTTPS a browser must say which page it comes from. Look for an extension or a Referrer-Policy of \
                 \"no-referrer\" that keeps it from doing so; \"same-origin\" works."
            }
            Self::NoCookie | Self::BadCookie(_) => {
                "The page with the form sets the cookie when it asks for the token: call get_token(&request) there, and \
                 see that the browser keeps cookies (CSRF_COOKIE_SECURE needs HTTPS)."
            }
            Self::TokenMissing | Self::BadToken { .. } => {
                "Put get_token(&request) into a hidden field csrfmiddlewaretoken of every form that is posted, or send it \
                 in the header X-CSRFToken. A page that was open while somebody logged in has an old token: load it anew."
            }
        }
    }
}
