//! The settings of sessions.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use nuages_cookies::SameSite;
use nuages_http::{OutageSetting, Settings};

/// The settings that sessions read, under Django's names in lower case and with Django's defaults.
///
/// ```
/// use nuages_sessions::SessionConfig;
///
/// let config = SessionConfig { cookie_age: 3600, ..SessionConfig::default() };
/// assert_eq!(config.cookie_name, "sessionid");
/// ```
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "they are Django's settings")]
pub struct SessionConfig {
    /// SESSION_COOKIE_NAME.
    pub cookie_name: String,
    /// SESSION_COOKIE_AGE, in seconds: two weeks.
    pub cookie_age: i64,
    /// SESSION_COOKIE_DOMAIN.
    pub cookie_domain: Option<String>,
    /// SESSION_COOKIE_PATH.
    pub cookie_path: String,
    /// SESSION_COOKIE_SECURE.
    pub cookie_secure: bool,
    /// SESSION_COOKIE_HTTPONLY.
    pub cookie_httponly: bool,
    /// SESSION_COOKIE_SAMESITE; none leaves the attribute out.
    pub cookie_samesite: Option<SameSite>,
    /// SESSION_SAVE_EVERY_REQUEST.
    pub save_every_request: bool,
    /// SESSION_EXPIRE_AT_BROWSER_CLOSE.
    pub expire_at_browser_close: bool,
    /// How long an operation of the store may take; 2 s. Not in Django.
    pub store_deadline: Duration,
    /// SESSION_OUTAGE. Not in Django.
    pub outage: OutageSetting,
    /// SESSION_ABSOLUTE_AGE, in seconds. Not in Django.
    pub absolute_age: Option<i64>,
    /// SESSION_HASH_KEYS. Not in Django.
    pub hash_keys: bool,
}

impl Default for SessionConfig {
    fn default() -> Self {
        Self::from(&Settings::default())
    }
}

impl From<&Settings> for SessionConfig {
    fn from(settings: &Settings) -> Self {
        Self {
            cookie_name: settings.SESSION_COOKIE_NAME.clone(),
            cookie_age: settings.SESSION_COOKIE_AGE,
            cookie_domain: settings.SESSION_COOKIE_DOMAIN.clone(),
            cookie_path: settings.SESSION_COOKIE_PATH.clone(),
            cookie_secure: settings.SESSION_COOKIE_SECURE,
            cookie_httponly: settings.SESSION_COOKIE_HTTPONLY,
            cookie_samesite: settings.SESSION_COOKIE_SAMESITE.0,
            save_every_request: settings.SESSION_SAVE_EVERY_REQUEST,
            expire_at_browser_close: settings.SESSION_EXPIRE_AT_BROWSER_CLOSE,
            store_deadline: Duration::from_secs(2),
            outage: settings.SESSION_OUTAGE,
            absolute_age: settings.SESSION_ABSOLUTE_AGE.map(i64::from),
            hash_keys: settings.SESSION_HASH_KEYS,
        }
    }
}

/// SESSION_ENGINE: where sessions are kept. Read from its name or from Django's dotted path.
///
/// ```
/// use nuages_sessions::EngineName;
///
/// assert_eq!("db".parse::<EngineName>(), "django.contrib.sessions.backends.db".parse());
/// assert!("django.contrib.sessions.backends.disk".parse::<EngineName>().is_err());
/// assert_eq!(EngineName::CachedDb.as_str(), "cached_db");
/// assert!(EngineName::CachedDb.needs_cache() && EngineName::CachedDb.needs_database());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[doc(alias = "SESSION_ENGINE")]
pub enum EngineName {
    /// In the table `django_session`.
    Db,
    /// In a file each.
    File,
    /// In a cache.
    Cache,
    /// In the table `django_session`, and in a cache in front of it.
    CachedDb,
    /// In the cookie itself, signed.
    SignedCookies,
}

impl EngineName {
    const ALL: [Self; 5] = [Self::Db, Self::File, Self::Cache, Self::CachedDb, Self::SignedCookies];

    /// Are its sessions in the database?
    #[must_use]
    pub fn needs_database(self) -> bool {
        matches!(self, Self::Db | Self::CachedDb)
    }

    /// Are its sessions in a cache?
    #[must_use]
    pub fn needs_cache(self) -> bool {
        matches!(self, Self::Cache | Self::CachedDb)
    }

    /// The short name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Db => "db",
            Self::File => "file",
            Self::Cache => "cache",
            Self::CachedDb => "cached_db",
            Self::SignedCookies => "signed_cookies",
        }
    }
}

impl FromStr for EngineName {
    type Err = UnknownEngine;

    fn from_str(text: &str) -> Result<Self, UnknownEngine> {
        let short = text.strip_prefix("django.contrib.sessions.backends.").unwrap_or(text);
        let known = Self::ALL.into_iter().find(|engine| engine.as_str() == short);
        known.ok_or_else(|| UnknownEngine(text.to_owned()))
    }
}

impl fmt::Display for EngineName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A SESSION_ENGINE that does not exist.
///
/// ```
/// use nuages_sessions::EngineName;
/// assert!("disk".parse::<EngineName>().unwrap_err().to_string().contains("disk"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownEngine(String);

impl fmt::Display for UnknownEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = EngineName::ALL.map(EngineName::as_str).join(", ");
        write!(f, "there is no session engine {:?}; use one of {known}, or Django's path of it", self.0)
    }
}

impl std::error::Error for UnknownEngine {}

/// SESSION_FILE_PATH, or the system's folder for temporary files.
pub(crate) fn file_path(settings: &Settings) -> PathBuf {
    settings.SESSION_FILE_PATH.as_ref().map_or_else(std::env::temp_dir, PathBuf::from)
}
