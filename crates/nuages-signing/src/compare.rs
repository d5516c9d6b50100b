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
    if left.len() != right.len() {
        return false;
    }
    // Eight bytes at a time: the guard against the optimiser costs as much for a word as for a byte.
    let (left_words, left_rest) = left.as_chunks::<8>();
    let (right_words, right_rest) = right.as_chunks::<8>();
    let mut equal = left_rest.ct_eq(right_rest);
    for (left, right) in left_words.iter().zip(right_words) {
        equal &= word(left).ct_eq(&word(right));
    }
    equal.into()
}

fn word(bytes: &[u8; 8]) -> u64 {
    u64::from_ne_bytes(*bytes)
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
    #[test]
    fn sees_a_difference_of_one_bit_anywhere() {
        for len in 0..40 {
            let left = vec![0x55; len];
            assert!(constant_time_compare(&left, &left.clone()));
            for at in 0..len {
                let mut right = left.clone();
                *right.get_mut(at).unwrap() ^= 1;
                assert!(!constant_time_compare(&left, &right), "byte {at} of {len}");
            }
        }
    }
}
