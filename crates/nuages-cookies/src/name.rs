//! Which names cookies may have.

use crate::error::CookieErrorKind;
use crate::quoting;

/// The names that `http.cookies` keeps for attributes, in any letter case.
const RESERVED: [&str; 9] =
    ["expires", "path", "comment", "domain", "max-age", "secure", "httponly", "version", "samesite"];

/// Refuses names that `http.cookies` refuses: what is left can end no pair and start no attribute.
pub(crate) fn check(name: &str) -> Result<(), CookieErrorKind> {
    if RESERVED.iter().any(|reserved| name.eq_ignore_ascii_case(reserved)) {
        Err(CookieErrorKind::ReservedName)
    } else if name.is_empty() || !name.bytes().all(quoting::is_legal) {
        Err(CookieErrorKind::IllegalName)
    } else {
        Ok(())
    }
}

/// What a browser holds a cookie of this name to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Prefix {
    /// Nothing.
    None,
    /// `__Secure-`: it must be `Secure`.
    Secure,
    /// `__Host-`: it must be `Secure`, of this very host, and for every path.
    Host,
}

impl Prefix {
    /// The prefix in its exact spelling, which is the one that Django looks for.
    pub(crate) fn of(name: &str) -> Self {
        if name.starts_with("__Secure-") {
            Self::Secure
        } else if name.starts_with("__Host-") {
            Self::Host
        } else {
            Self::None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Cases 265-271 of the attack list, the names among them.
    #[test]
    fn names_that_python_refuses_are_refused() {
        for name in ["a", "a.b-c_d", "!#$%&'*+-.^_`|~:", "__Host-x", "partitioned", "paths"] {
            assert_eq!(check(name), Ok(()), "{name:?}");
        }
        for name in [
            "",
            " ",
            "a b",
            "a;b",
            "a=b",
            "a,b",
            "a\"b",
            "a\r\nb",
            "a\0",
            "a\tb",
            "ü",
            "\u{10d}\u{10a}",
            "a/b",
            "(a)",
            "a\\",
        ] {
            assert_eq!(check(name), Err(CookieErrorKind::IllegalName), "{name:?}");
        }
        for name in ["expires", "Path", "HttpOnly", "MAX-AGE", "samesite", "Version", "comment"] {
            assert_eq!(check(name), Err(CookieErrorKind::ReservedName), "{name:?}");
        }
    }
}
