/// MurmurHash3 for 32 bits with seed 0, over characters as pymemcache takes them: each counts as its lowest byte,
/// and the length is that in characters.
pub(super) fn murmur3_32(text: &str) -> u32 {
    let mut hash = 0_u32;
    let mut length = 0_u32;
    let mut block = 0_u32;
    for character in text.chars() {
        let byte = u32::from(character) & 0xff;
        block |= byte << (8 * (length % 4));
        length = length.wrapping_add(1);
        if length.is_multiple_of(4) {
            hash = (hash ^ mix(block)).rotate_left(13).wrapping_mul(5).wrapping_add(0xe654_6b64);
            block = 0;
        }
    }
    hash ^= mix(block);
    hash ^= length;
    hash ^= hash >> 16;
    hash = hash.wrapping_mul(0x85eb_ca6b);
    hash ^= hash >> 13;
    hash = hash.wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}

/// Nothing of nothing, so that an empty rest changes no hash.
fn mix(block: u32) -> u32 {
    block.wrapping_mul(0xcc9e_2d51).rotate_left(15).wrapping_mul(0x1b87_3593)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_hashes() {
        for (text, hash) in [
            ("", 0),
            ("test", 0xba6b_d213),
            ("Hello, world!", 0xc036_3e43),
            ("The quick brown fox jumps over the lazy dog", 0x2e4f_f723),
        ] {
            assert_eq!(murmur3_32(text), hash, "{text}");
        }
    }
}
