//! The secret and its masks: letters and digits, added up.

use nuages_signing::{constant_time_compare, get_random_string};

/// The alphabet of secrets and tokens, in the order in which letters are added.
const ALPHABET: &[u8; 62] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const SECRET_LENGTH: usize = 32;
const TOKEN_LENGTH: usize = 64;

/// What is wrong with a token or a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadFormat {
    Length,
    Characters,
}

/// A secret, unmasked: 32 letters and digits.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(String);

impl Secret {
    /// A new one, by the operating system's random generator.
    pub(super) fn random() -> Self {
        Self(random_text())
    }

    /// Of a cookie or a session, where Django before 4.0 kept it masked.
    pub(super) fn parse(text: &str) -> Result<Self, BadFormat> {
        check_format(text)?;
        Ok(Self(if text.len() == TOKEN_LENGTH { unmask(text) } else { text.to_owned() }))
    }

    /// A token for this secret, another one each time: what is compressed beside it gives nothing away (BREACH).
    pub(super) fn masked(&self) -> String {
        self.masked_by(random_text())
    }

    fn masked_by(&self, mask: String) -> String {
        let mut token = mask;
        let masked: Vec<char> = self
            .0
            .bytes()
            .zip(token.bytes())
            .map(|(letter, mask)| letter_at(index(letter) + index(mask)))
            .collect();
        token.extend(masked);
        token
    }

    /// Is this the secret, or a token for it? Compared in constant time.
    pub(super) fn matches(&self, token: &str) -> Result<bool, BadFormat> {
        let other = Self::parse(token)?;
        Ok(constant_time_compare(other.0.as_bytes(), self.0.as_bytes()))
    }

    /// As the cookie and the session hold it.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

fn random_text() -> String {
    get_random_string(SECRET_LENGTH, "")
}

/// The length in characters comes first, as Django counts and reports.
fn check_format(text: &str) -> Result<(), BadFormat> {
    if ![SECRET_LENGTH, TOKEN_LENGTH].contains(&text.chars().count()) {
        return Err(BadFormat::Length);
    }
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) { Ok(()) } else { Err(BadFormat::Characters) }
}

fn unmask(token: &str) -> String {
    let (mask, masked) = token.split_at_checked(SECRET_LENGTH).unwrap_or((token, ""));
    let size = ALPHABET.len();
    masked
        .bytes()
        .zip(mask.bytes())
        .map(|(letter, mask)| letter_at(index(letter) + size - index(mask)))
        .collect()
}

/// Its place in the alphabet; nothing else than letters and digits gets here.
fn index(letter: u8) -> usize {
    usize::from(match letter {
        b'a'..=b'z' => letter - b'a',
        b'A'..=b'Z' => letter - b'A' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        _ => 0,
    })
}

fn letter_at(index: usize) -> char {
    ALPHABET.get(index % ALPHABET.len()).map_or('a', |letter| char::from(*letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn django_masks() {
        let recorded = include_str!("../../tests/vectors/csrf.json");
        let texts = |name: &str| {
            let mark = format!("\"{name}\": \"");
            recorded.split(&mark).skip(1).map(|rest| rest.split('"').next().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(texts("alphabet"), [std::str::from_utf8(ALPHABET).unwrap()]);
        let (secrets, masks, tokens) = (texts("secret"), texts("mask"), texts("token"));
        assert!(secrets.len() >= 20 && secrets.len() == masks.len() && masks.len() == tokens.len());
        for ((secret, mask), token) in secrets.into_iter().zip(masks).zip(tokens) {
            let parsed = Secret::parse(secret).unwrap();
            assert_eq!(parsed.masked_by(mask.to_owned()), token);
            assert_eq!(unmask(token), secret);
            assert!(parsed.matches(token).unwrap() && parsed.matches(secret).unwrap());
        }
    }

    #[test]
    fn case_352_every_token_differs_and_is_good() {
        let secret = Secret::random();
        let (one, other) = (secret.masked(), secret.masked());
        assert_ne!(one, other);
        assert_eq!(one.len(), TOKEN_LENGTH);
        assert!(secret.matches(&one).unwrap() && secret.matches(&other).unwrap());
        assert!(!Secret::random().matches(&one).unwrap());
    }

    #[test]
    fn formats() {
        for (text, expected) in [
            ("", Err(BadFormat::Length)),
            (&*"a".repeat(31), Err(BadFormat::Length)),
            (&*"a".repeat(33), Err(BadFormat::Length)),
            (&*"a".repeat(7000), Err(BadFormat::Length)),
            (&*"!".repeat(32), Err(BadFormat::Characters)),
            (&*"\u{e9}".repeat(32), Err(BadFormat::Characters)),
            (&*"\u{e9}".repeat(16), Err(BadFormat::Length)),
            (&*"Z".repeat(32), Ok(())),
            (&*"9".repeat(64), Ok(())),
        ] {
            assert_eq!(check_format(text), expected, "{text}");
        }
    }
}
