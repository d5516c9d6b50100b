//! Comparison of secrets.

use subtle::ConstantTimeEq;

/// Whether both are equal, in a time that depends on their lengths alone
/// (`django.utils.crypto.constant_time_compare`).
///
/// ```
/// assert!(nuages_signing::constant_time_compare(b"token", b"token"));
/// assert!(!nuages_signing::constant_time_compare(b"token", b"toker"));
/// ```
#[must_use]
pub fn constant_time_compare(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares() {
        for (left, right, equal) in [("", "", true), ("a", "", false), ("a", "ab", false), ("ä", "ä", true)]
        {
            assert_eq!(constant_time_compare(left.as_bytes(), right.as_bytes()), equal, "{left:?} {right:?}");
        }
    }
}
