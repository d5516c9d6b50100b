//! The text between a value and its signature.

use std::{error, fmt};

/// The separator could be part of a signature, so a value could not be told from it (`ValueError` in Django).
///
/// ```
/// use nuages_signing::{SeparatorError, Signer};
///
/// let error: SeparatorError = Signer::new("key").sep("-").unwrap_err();
/// assert!(error.to_string().starts_with("unsafe separator \"-\""));
/// assert!(Signer::new("key").sep("--:").is_ok());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeparatorError {
    separator: String,
}

impl fmt::Display for SeparatorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "unsafe separator {:?}: it must contain a character other than the letters A to z, digits, '-', '_' and '='",
            self.separator
        )
    }
}

impl error::Error for SeparatorError {}

/// Accepts what Django's pattern `^[A-z0-9-_=]*$` does not match.
pub(crate) fn check(separator: &str) -> Result<(), SeparatorError> {
    // In Python `$` also matches before one final line feed.
    let text = separator.strip_suffix('\n').unwrap_or(separator);
    // "A-z" takes in the six signs between upper and lower case, the underscore among them.
    if text.bytes().all(|byte| matches!(byte, b'A'..=b'z' | b'0'..=b'9' | b'-' | b'=')) {
        return Err(SeparatorError { separator: separator.to_owned() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_python() {
        for separator in [":", "::", "a:", "@", "{", "~", " ", "\n\n", "\r", "-\r", "é", "😀", "/", ".", ";;"]
        {
            assert_eq!(check(separator), Ok(()), "{separator:?}");
        }
        for separator in
            ["", "a", "Z", "9", "-", "_", "=", "^", "`", "\\", "[", "]", "-=", "\n", "-\n", "a\n"]
        {
            let error = check(separator).unwrap_err();
            assert!(error.to_string().contains(&format!("{separator:?}")), "{error}");
        }
    }
}
