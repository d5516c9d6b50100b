//! Content codings, and which of them a client takes.

use nuages_signing::get_random_string;

use super::encoder::Encoder;
use super::gzip::Gzip;

/// A content coding.
///
/// ```
/// use nuages_middleware::Coding;
/// assert_eq!(Coding::Gzip.name(), "gzip");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Coding {
    /// `gzip`, which every client takes.
    Gzip,
    /// `br`, smaller texts (cargo feature `brotli`).
    #[cfg(feature = "brotli")]
    Brotli,
    /// `zstd`, faster (cargo feature `zstd`).
    #[cfg(feature = "zstd")]
    Zstd,
}

impl Coding {
    /// As it is called in headers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            #[cfg(feature = "brotli")]
            Self::Brotli => "br",
            #[cfg(feature = "zstd")]
            Self::Zstd => "zstd",
        }
    }

    /// Is it named in an Accept-Encoding header?
    pub(super) fn is_accepted(self, accepted: &str) -> bool {
        match self {
            // As Django, wherever the word stands.
            Self::Gzip => has_word(accepted, "gzip"),
            #[cfg(any(feature = "brotli", feature = "zstd"))]
            other => is_welcome(accepted, other.name()),
        }
    }

    /// A compressor, with padding of a random length of 0 to 99 bytes: the length of what is sent then says less about a
    /// secret on the page (the attack called BREACH).
    pub(super) fn encoder(self) -> std::io::Result<Box<dyn Encoder>> {
        let padding = padding();
        Ok(match self {
            Self::Gzip => Box::new(Gzip::new(&padding)),
            #[cfg(feature = "brotli")]
            Self::Brotli => Box::new(super::brotli::Brotli::new(&padding)?),
            #[cfg(feature = "zstd")]
            Self::Zstd => Box::new(super::zstd::Zstd::new(&padding)?),
        })
    }
}

/// `a` 0 to 99 times, as often as chance will have it.
fn padding() -> Vec<u8> {
    let digits = get_random_string(2, "0123456789");
    vec![b'a'; digits.parse().unwrap_or(0)]
}

/// Is this word in the text, not as a part of a longer one?
fn has_word(text: &str, word: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii();
    text.match_indices(word).any(|(at, _)| {
        let before = text.as_bytes().get(..at).and_then(<[u8]>::last);
        let after = text.as_bytes().get(at.saturating_add(word.len()));
        !before.is_some_and(|byte| is_part(*byte)) && !after.is_some_and(|byte| is_part(*byte))
    })
}

/// Is this coding named, and not with a quality of zero?
#[cfg(any(feature = "brotli", feature = "zstd"))]
fn is_welcome(accepted: &str, name: &str) -> bool {
    accepted.split(',').any(|element| {
        let (coding, parameters) = element.split_once(';').unwrap_or((element, ""));
        let quality = parameters.split(';').find_map(|parameter| parameter.trim().strip_prefix("q="));
        let refused = quality.is_some_and(|quality| quality.trim().parse::<f32>().is_ok_and(|q| q <= 0.0));
        coding.trim().eq_ignore_ascii_case(name) && !refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        for (text, there) in [
            ("gzip", true),
            ("br, gzip;q=1.0", true),
            ("gzip;q=0", true),
            ("x-gzip", true),
            ("xgzip", false),
            ("gzipped", false),
            ("deflate", false),
            ("", false),
        ] {
            assert_eq!(Coding::Gzip.is_accepted(text), there, "{text}");
        }
    }

    #[test]
    fn case_393_the_padding_varies() {
        let lengths: std::collections::HashSet<usize> = (0..200).map(|_| padding().len()).collect();
        assert!(lengths.len() > 50 && lengths.iter().all(|length| *length < 100), "{lengths:?}");
    }
}
