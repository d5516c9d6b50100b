//! What the settings say about messages, read once.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use nuages_http::{SameSite, Settings};
use nuages_middleware::SetupError;
use nuages_signing::{SecretKeys, TimestampSigner};

use super::level::Level;
use super::message::Message;

/// Where messages are kept: `MESSAGE_STORAGE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Storage {
    Cookie,
    Session,
    /// In the cookie as long as they fit, and the rest in the session.
    Fallback,
}

impl Storage {
    const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Cookie, "cookie", "django.contrib.messages.storage.cookie.CookieStorage"),
        (Self::Session, "session", "django.contrib.messages.storage.session.SessionStorage"),
        (Self::Fallback, "fallback", "django.contrib.messages.storage.fallback.FallbackStorage"),
    ];

    pub(super) fn uses_cookie(self) -> bool {
        self != Self::Session
    }

    pub(super) fn uses_session(self) -> bool {
        self != Self::Cookie
    }
}

impl FromStr for Storage {
    type Err = SetupError;

    fn from_str(text: &str) -> Result<Self, SetupError> {
        let known = Self::ALL.iter().find(|(_, short, path)| [*short, *path].contains(&text));
        known.map(|(storage, ..)| *storage).ok_or_else(|| {
            SetupError::new(format!(
                "MESSAGE_STORAGE is {text:?}; use \"fallback\", \"cookie\" or \"session\", or Django's path of one"
            ))
        })
    }
}

/// The settings of messages.
pub(super) struct Config {
    pub(super) storage: Storage,
    pub(super) level: Level,
    pub(super) debug: bool,
    tags: Vec<(Level, String)>,
    pub(super) signer: TimestampSigner,
    pub(super) cookie_domain: Option<String>,
    pub(super) cookie_secure: bool,
    pub(super) cookie_httponly: bool,
    pub(super) cookie_samesite: Option<SameSite>,
}

impl Config {
    pub(super) fn new(settings: &Settings) -> Result<Self, SetupError> {
        let tags = settings.MESSAGE_TAGS.iter().map(|tag| (Level::new(tag.level), tag.tag.clone())).collect();
        Ok(Self {
            storage: settings.MESSAGE_STORAGE.parse()?,
            level: Level::new(settings.MESSAGE_LEVEL),
            debug: settings.DEBUG,
            tags,
            signer: signer(settings),
            cookie_domain: settings.SESSION_COOKIE_DOMAIN.clone(),
            cookie_secure: settings.SESSION_COOKIE_SECURE,
            cookie_httponly: settings.SESSION_COOKIE_HTTPONLY,
            cookie_samesite: settings.SESSION_COOKIE_SAMESITE.0,
        })
    }

    /// The message with the tag that the project has for its level.
    pub(super) fn tagged(&self, message: Message) -> Message {
        match self.tags.iter().rev().find(|(level, _)| *level == message.level()) {
            Some((_, tag)) => message.with_level_tag(Cow::Owned(tag.clone())),
            None => message,
        }
    }
}

/// Django's cookie signer with the salt of messages; an empty fallback would be a key that everybody knows.
fn signer(settings: &Settings) -> TimestampSigner {
    let older = settings.SECRET_KEY_FALLBACKS.iter().filter(|key| !key.is_empty()).cloned();
    let keys = SecretKeys::new(settings.SECRET_KEY.clone()).fallbacks(older);
    TimestampSigner::new(keys.prefixed(b"django.http.cookies")).salt("django.contrib.messages")
}

/// Shows no key.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("storage", &self.storage)
            .field("level", &self.level)
            .finish_non_exhaustive()
    }
}
