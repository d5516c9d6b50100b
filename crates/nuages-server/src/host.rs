//! The syntax of a Host header.

use std::net::Ipv6Addr;

/// Whether the bytes are a host with an optional port that a site can have: a name of letters, digits, `-`, `.`
/// and `_`, or an IPv6 address in brackets.
///
/// Stricter than RFC 3986, which lets a name be empty or percent-encoded and hold `,` or `'`: whatever takes
/// such a name apart later, a redirect or a cache key, would have to be as careful as this.
/// Which of the well-formed hosts are served (ALLOWED_HOSTS) the application decides.
pub(crate) fn is_well_formed(host: &[u8]) -> bool {
    let (name, port) = match host.strip_prefix(b"[") {
        Some(rest) => {
            let Some(end) = rest.iter().position(|byte| *byte == b']') else { return false };
            let (address, port) = rest.split_at(end);
            let is_address = str::from_utf8(address).is_ok_and(|address| address.parse::<Ipv6Addr>().is_ok());
            return is_address && is_port(port.get(1..).unwrap_or_default());
        }
        None => match host.iter().position(|byte| *byte == b':') {
            Some(colon) => host.split_at(colon),
            None => (host, &[][..]),
        },
    };
    !name.is_empty() && name.iter().all(|byte| is_name_byte(*byte)) && is_port(port)
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_')
}

/// Nothing, or a colon and a number of 16 bits.
fn is_port(port: &[u8]) -> bool {
    match port.split_first() {
        None => true,
        Some((b':', digits)) => {
            (1..=5).contains(&digits.len())
                && digits.iter().all(u8::is_ascii_digit)
                && str::from_utf8(digits).is_ok_and(|digits| digits.parse::<u16>().is_ok())
        }
        Some(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_well_formed;

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
    }
}
