/// How many slots a Redis Cluster divides its keys into.
pub(super) const SLOTS: u16 = 16_384;

/// The slot of a key: CRC16 (XMODEM) of what stands in its first braces, or of all of it.
pub(super) fn slot(key: &[u8]) -> u16 {
    let braces = key.iter().position(|byte| *byte == b'{').and_then(|open| {
        let inside = key.get(open + 1..)?;
        let length = inside.iter().position(|byte| *byte == b'}')?;
        inside.get(..length).filter(|tag| !tag.is_empty())
    });
    crc16(braces.unwrap_or(key)) % SLOTS
}

fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc: u16, byte| {
        (0..8).fold(crc ^ (u16::from(*byte) << 8), |crc, _| {
            if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_cluster_keyslot_says() {
        assert_eq!(crc16(b"123456789"), 0x31c3);
        for (key, expected) in [
            ("foo", 12182),
            ("bar", 5061),
            ("", 0),
            ("{user1000}.following", 3443),
            ("{user1000}.followers", 3443),
            ("foo{}{bar}", 8363),
            ("foo{{bar}}zap", 4015),
            ("foo{bar}{zap}", 5061),
        ] {
            assert_eq!(slot(key.as_bytes()), expected, "{key}");
        }
    }
}
