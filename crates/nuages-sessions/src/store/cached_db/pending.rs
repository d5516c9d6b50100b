//! The mark of an entry that is being looked up or written.

use bytes::Bytes;
use nuages_signing::get_random_string;

use crate::key::VALID_KEY_CHARS;

/// Random, so that nobody takes another's mark for his own.
const NONCE: usize = 16;

/// PROTO 4 and SHORT_BINUNICODE of 16 bytes; then POP, NONE, STOP.
const HEAD: &[u8] = b"\x80\x04\x8c\x10";
const TAIL: &[u8] = b"0N.";

/// A new mark: a pickle that pushes its nonce, drops it and means None. Django, which looks for a dictionary, takes it for
/// a miss and asks the row, as we do.
pub(super) fn mark() -> Bytes {
    let nonce = get_random_string(NONCE, VALID_KEY_CHARS);
    [HEAD, nonce.as_bytes(), TAIL].concat().into()
}

/// Is it a mark, of whomsoever?
pub(super) fn is_mark(entry: &[u8]) -> bool {
    let nonce = entry.strip_prefix(HEAD).and_then(|rest| rest.strip_suffix(TAIL));
    nonce.is_some_and(|nonce| nonce.len() == NONCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_unique_and_known() {
        let (one, two) = (mark(), mark());
        assert_ne!(one, two);
        assert!(is_mark(&one) && is_mark(&two));
        for other in [&b""[..], b"{}", b"\x80\x04N.", b"\x80\x04\x8c\x10short0N."] {
            assert!(!is_mark(other));
        }
    }
}
