//! `Accept-Encoding`: which compressed variants a client takes.

/// An encoding of which there may be a file beside the plain one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Brotli,
    Gzip,
}

impl Encoding {
    /// Both, the better one first.
    pub(super) const ALL: [Self; 2] = [Self::Brotli, Self::Gzip];

    /// Its name in headers.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// What the name of the compressed file ends with.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }

    /// Does the client take it?
    pub(super) fn is_accepted(self, header: &str) -> bool {
        let mut any = false;
        // Nobody sends more than a handful.
        for offer in header.split(',').take(32) {
            let mut parts = offer.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            let refused = parts.any(|parameter| {
                parameter
                    .split_once('=')
                    .is_some_and(|(key, value)| key.trim().eq_ignore_ascii_case("q") && is_zero(value.trim()))
            });
            if name.eq_ignore_ascii_case(self.name()) {
                return !refused;
            }
            any |= name == "*" && !refused;
        }
        any
    }
}

fn is_zero(quality: &str) -> bool {
    quality.starts_with('0') && quality.bytes().all(|byte| matches!(byte, b'0' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepted() {
        for (header, br, gzip) in [
            ("gzip, deflate, br", true, true),
            ("GZIP;q=0.5", false, true),
            ("br;q=0, gzip;q=0.000", false, false),
            ("*", true, true),
            ("*;q=0", false, false),
            ("br;q=0, *", false, true),
            ("identity", false, false),
            ("", false, false),
            ("gzip;q=x", false, true),
        ] {
            let found = [Encoding::Brotli, Encoding::Gzip].map(|encoding| encoding.is_accepted(header));
            assert_eq!(found, [br, gzip], "{header}");
        }
    }
}
