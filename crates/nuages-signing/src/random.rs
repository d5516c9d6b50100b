//! Random text.

use rand::{Rng, RngExt, rand_core::UnwrapErr, rngs::SysRng};

/// The alphabet of [`get_random_string`] in Django: ASCII letters and digits, 5.95 bits a character.
pub const RANDOM_STRING_CHARS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// A text of `len` characters, each drawn evenly from `allowed` by the operating system's random generator
/// (`django.utils.crypto.get_random_string`).
///
/// An empty alphabet means [`RANDOM_STRING_CHARS`], so the result always has the length asked for.
///
/// ```
/// use nuages_signing::{RANDOM_STRING_CHARS, get_random_string};
///
/// let key = get_random_string(32, RANDOM_STRING_CHARS);
/// assert_eq!(key.len(), 32);
/// ```
#[must_use]
pub fn get_random_string(len: usize, allowed: &str) -> String {
    let allowed = if allowed.is_empty() { RANDOM_STRING_CHARS } else { allowed };
    let mut rng = UnwrapErr(SysRng);
    let mut text = String::with_capacity(len);
    if !allowed.is_ascii() {
        let alphabet: Vec<char> = allowed.chars().collect();
        text.extend((0..len).filter_map(|_| alphabet.get(rng.random_range(0..alphabet.len()))));
        return text;
    }
    // One call to the system fills a block; bytes beyond the last whole multiple of the alphabet are thrown away,
    // or its first characters would come up more often.
    let alphabet = allowed.as_bytes();
    let size = alphabet.len();
    if size > 256 {
        text.extend(
            (0..len).filter_map(|_| alphabet.get(rng.random_range(0..size))).map(|byte| char::from(*byte)),
        );
        return text;
    }
    let fair = 256_usize.saturating_sub(256_usize.checked_rem(size).unwrap_or_default());
    let mut block = [0_u8; 64];
    while text.len() < len {
        rng.fill_bytes(&mut block);
        let missing = len.saturating_sub(text.len());
        let fair_bytes = block.iter().map(|byte| usize::from(*byte)).filter(|byte| *byte < fair);
        let drawn = fair_bytes.filter_map(|byte| alphabet.get(byte.checked_rem(size)?));
        text.extend(drawn.take(missing).map(|byte| char::from(*byte)));
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn has_the_length_and_the_alphabet_asked_for() {
        let wide: String = (0..300).filter_map(|code| char::from_u32(0x4E00 + code)).collect();
        let long = RANDOM_STRING_CHARS.repeat(5);
        for allowed in ["a", "ab", RANDOM_STRING_CHARS, "äöü", &wide, &long] {
            for len in [0, 1, 31, 32, 1000] {
                let text = get_random_string(len, allowed);
                assert_eq!(text.chars().count(), len);
                assert!(text.chars().all(|character| allowed.contains(character)), "{text}");
            }
        }
        assert_eq!(get_random_string(12, "").len(), 12);
    }

    #[test]
    fn every_character_is_as_likely() {
        // 10 of 256 leaves a remainder: without rejection the first six digits would be 4 % more likely.
        let mut counts = HashMap::new();
        for digit in get_random_string(1_000_000, "0123456789").chars() {
            *counts.entry(digit).or_insert(0_i32) += 1;
        }
        // The standard deviation is 300; the bias to be seen would be 1,500 and more.
        assert!(counts.values().all(|count| (count - 100_000).abs() < 2000), "{counts:?}");
    }

    #[test]
    fn never_the_same_twice() {
        assert_ne!(get_random_string(32, RANDOM_STRING_CHARS), get_random_string(32, RANDOM_STRING_CHARS));
    }
}
