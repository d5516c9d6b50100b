//! The syntax of a Host header.

use std::net::Ipv6Addr;

/// The longest name that DNS has, with a port.
const LONGEST: usize = 255 + ":65535".len();

/// Whether the bytes are a host with an optional port that a site can have: a name of letters, digits, `-`, `.`
/// and `_`, or an IPv6 address in brackets.
///
/// Stricter than RFC 3986, which lets a name be empty or percent-encoded and hold `,` or `'`: whatever takes
/// such a name apart later, a redirect or a cache key, would have to be as careful as this.
/// Which of the well-formed hosts are served (ALLOWED_HOSTS) the application decides.
pub(crate) fn is_well_formed(host: &[u8]) -> bool {
    if host.len() > LONGEST {
        return false;
    }
    if let Some(rest) = host.strip_prefix(b"[") {
        let Some(end) = rest.iter().position(|byte| *byte == b']') else { return false };
        let (address, port) = rest.split_at(end);
        let is_address = str::from_utf8(address).is_ok_and(|address| address.parse::<Ipv6Addr>().is_ok());
        return is_address && is_port(port.get(1..).unwrap_or_default());
    }
    let end = host.iter().position(|byte| !is_name_byte(*byte)).unwrap_or(host.len());
    end > 0 && is_port(host.get(end..).unwrap_or_default())
}

/// The last well-formed host of a connection.
#[derive(Debug, Default)]
pub(crate) struct LastHost(Vec<u8>);

impl LastHost {
    /// [`is_well_formed`], with the answer to the last question remembered if it was yes.
    pub(crate) fn is_well_formed(&mut self, host: &[u8]) -> bool {
        // An empty host is remembered as little as it is well-formed.
        if !host.is_empty() && self.0 == host {
            return true;
        }
        let well_formed = is_well_formed(host);
        if well_formed {
            self.0.clear();
            self.0.extend_from_slice(host);
        }
        well_formed
    }
}

/// Which bytes a name may have; a table, because this looks at every request.
const NAME_BYTES: [bool; 256] = {
    let mut bytes = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let ascii = byte as u8;
        bytes[byte] = ascii.is_ascii_alphanumeric() || matches!(ascii, b'-' | b'.' | b'_');
        byte += 1;
    }
    bytes
};

fn is_name_byte(byte: u8) -> bool {
    NAME_BYTES[usize::from(byte)]
}

/// Nothing, or a colon and a number of 16 bits.
fn is_port(port: &[u8]) -> bool {
    let Some((colon, digits)) = port.split_first() else { return true };
    let number = digits.iter().fold(0_u32, |number, digit| {
        // Five digits at most: this cannot overflow.
        number.wrapping_mul(10).wrapping_add(u32::from(digit.wrapping_sub(b'0')))
    });
    *colon == b':'
        && (1..=5).contains(&digits.len())
        && digits.iter().all(u8::is_ascii_digit)
        && number <= u32::from(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::{LastHost, is_well_formed};

    #[test]
    fn hosts() {
        for host in [
            "example.com",
            "example.com.",
            "EXAMPLE.com:80",
            "a",
            "1.2.3.4:8000",
            "my_app:8000",
            "[::1]",
            "[::1]:8000",
            "[::ffff:1.2.3.4]:1",
            "xn--bcher-kva.example",
            "localhost:65535",
            "localhost:0",
        ] {
            assert!(is_well_formed(host.as_bytes()), "{host}");
        }
        for host in [
            "",
            ":80",
            "a b",
            "a/evil",
            "good@evil",
            "a#b",
            "a?b",
            "a\\b",
            "[::1",
            "::1",
            "a:x",
            "a:-80",
            "a:+80",
            "a:",
            "a:80:80",
            "a:65536",
            "a:000080",
            "a,b",
            "a\0b",
            "é",
            "\"a\"",
            "<script>",
            "a\tb",
            "%31",
            "a\x0bb",
            "[::1]x",
            "[::1]:",
            "[]",
            "[::1%eth0]",
            "[v1.a]",
            "a;b",
            "a=b",
            "a*",
            "[1.2.3.4]",
            "a]",
        ] {
            assert!(!is_well_formed(host.as_bytes()), "{host}");
        }
        assert!(!is_well_formed(b"a\xff"));
        assert!(is_well_formed(&[b'a'; 255]) && !is_well_formed(&[b'a'; 262]));
    }

    #[test]
    fn the_last_host_is_remembered_only_if_well_formed() {
        let mut last = LastHost::default();
        for _ in 0..2 {
            assert!(!last.is_well_formed(b""));
            assert!(last.is_well_formed(b"a"));
            assert!(last.is_well_formed(b"a"));
            assert!(!last.is_well_formed(b"a b"));
            assert!(!last.is_well_formed(b"a b"));
            assert!(last.is_well_formed(b"b:80"));
        }
    }
}
