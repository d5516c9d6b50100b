//! One setting's value: read from a configuration file or from text in the environment.

use std::fmt;

use nuages_cookies::SameSite;
use nuages_signing::SecretKey;

/// A value as a configuration file knows it, before it has the type of its setting.
///
/// ```
/// use nuages_http::{SettingValue, Settings};
///
/// let mut settings = Settings::default();
/// settings.set("SESSION_COOKIE_AGE", &SettingValue::Integer(3600))?;
/// assert_eq!(settings.SESSION_COOKIE_AGE, 3600);
/// let error = settings.set("SESSION_COOKIE_AGE", &SettingValue::Bool(true)).unwrap_err();
/// assert!(error.to_string().contains("found a boolean"));
/// # Ok::<(), nuages_http::SettingError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum SettingValue {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<SettingValue>),
    /// Names and values, in order.
    Table(Vec<(String, SettingValue)>),
    /// Anything that no setting takes (a float, a date), by its name.
    Other(&'static str),
}

impl SettingValue {
    fn kind(&self) -> &'static str {
        match self {
            Self::Bool(_) => "a boolean",
            Self::Integer(_) => "a whole number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Other(kind) => kind,
        }
    }
}

/// A setting that cannot be taken: what was wrong, and what it takes. It never shows the value of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingError {
    message: String,
}

impl SettingError {
    /// An error with this message.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }

    fn expected(takes: &str, found: &SettingValue) -> Self {
        Self::new(format!("takes {takes}, found {}", found.kind()))
    }
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SettingError {}

/// A type that a setting can have.
///
/// ```
/// use nuages_http::{FromSetting, OutageSetting};
///
/// assert_eq!(OutageSetting::from_text("anonymous"), Ok(OutageSetting::Anonymous));
/// assert_eq!(Vec::<String>::from_text("a.example,b.example")?, ["a.example", "b.example"]);
/// assert!(bool::from_text("perhaps").is_err());
/// # Ok::<(), nuages_http::SettingError>(())
/// ```
pub trait FromSetting: Sized {
    /// What the setting takes, for messages: "a whole number, such as 3600".
    const TAKES: &'static str;

    /// Reads a value of a configuration file.
    ///
    /// # Errors
    /// If the value has another type, or is none that this type knows.
    fn from_value(value: &SettingValue) -> Result<Self, SettingError>;

    /// Reads text, as an environment variable holds it.
    ///
    /// # Errors
    /// If the text is none that this type knows.
    fn from_text(text: &str) -> Result<Self, SettingError> {
        Self::from_value(&SettingValue::Text(text.to_owned()))
    }
}

fn is_none(text: &str) -> bool {
    text.is_empty() || text.eq_ignore_ascii_case("none")
}

impl FromSetting for bool {
    const TAKES: &'static str = "true or false";

    fn from_value(value: &SettingValue) -> Result<Self, SettingError> {
        match value {
            SettingValue::Bool(found) => Ok(*found),
            other => Err(SettingError::expected(Self::TAKES, other)),
        }
    }

    fn from_text(text: &str) -> Result<Self, SettingError> {
        match text.to_ascii_lowercase().as_str() {
            "1" | "true" | "yes" | "on" => Ok(true),
            "0" | "false" | "no" | "off" | "" => Ok(false),
            _ => Err(SettingError::new(format!("takes true or false, found {text:?}"))),
        }
    }
}

macro_rules! whole_number {
    ($($kind:ty),*) => {$(
        impl FromSetting for $kind {
            const TAKES: &'static str = "a whole number";

            fn from_value(value: &SettingValue) -> Result<Self, SettingError> {
                match value {
                    SettingValue::Integer(found) => Self::try_from(*found)
                        .map_err(|_| SettingError::new(format!("takes {}, {found} is out of range", Self::TAKES))),
                    other => Err(SettingError::expected(Self::TAKES, other)),
                }
            }

            fn from_text(text: &str) -> Result<Self, SettingError> {
                text.trim().parse().map_err(|_| SettingError::new(format!("takes {}, found {text:?}", Self::TAKES)))
            }
        }
    )*};
}
whole_number!(i64, u32, usize);

impl FromSetting for String {
    const TAKES: &'static str = "text";

    fn from_value(value: &SettingValue) -> Result<Self, SettingError> {
        match value {
            SettingValue::Text(found) => Ok(found.clone()),
            other => Err(SettingError::expected(Self::TAKES, other)),
        }
    }
}

impl FromSetting for SecretKey {
    const TAKES: &'static str = "text";

    fn from_value(value: &SettingValue) -> Result<Self, SettingError> {
        String::from_value(value).map(Self::from)
    }
}

/// Absent is written `none` (or empty) in the environment, and `false` or `"none"` in a file.
impl<T: FromSetting> FromSetting for Option<T> {
    const TAKES: &'static str = T::TAKES;

    fn from_value(value: &SettingValue) -> Result<Self, SettingError> {
        match value {
            SettingValue::Bool(false) => Ok(None),
            SettingValue::Text(text) if is_none(text) => Ok(None),
            other => T::from_value(other).map(Some),
        }
    }

    fn from_text(text: &str) -> Result<Self, SettingError> {
        if is_none(text) { Ok(None) } else { T::from_text(text).map(Some) }
    }
}

/// In the environment a list is separated by commas.
impl<T: FromSetting> FromSetting for Vec<T> {
    const TAKES: &'static str = "a list";

    fn from_value(value: &SettingValue) -> Result<Self, SettingError> {
        match value {
            SettingValue::List(items) => items.iter().map(T::from_value).collect(),
            other => Err(SettingError::expected(Self::TAKES, other)),
        }
    }

    fn from_text(text: &str) -> Result<Self, SettingError> {
        text.split(',').filter(|item| !item.is_empty()).map(T::from_text).collect()
    }
}

/// The attribute `SameSite` of a cookie. Unlike other settings `"None"` is a value of its own
/// (`SameSite=None`); the attribute is left out by `false`.
impl FromSetting for SameSiteSetting {
    const TAKES: &'static str = "\"Lax\", \"Strict\", \"None\", or false to leave the attribute out";

    fn from_value(value: &SettingValue) -> Result<Self, SettingError> {
        match value {
            SettingValue::Bool(false) => Ok(Self(None)),
            SettingValue::Text(text) => Self::from_text(text),
            other => Err(SettingError::expected(Self::TAKES, other)),
        }
    }

    fn from_text(text: &str) -> Result<Self, SettingError> {
        match text.to_ascii_lowercase().as_str() {
            "lax" => Ok(Self(Some(SameSite::Lax))),
            "strict" => Ok(Self(Some(SameSite::Strict))),
            "none" => Ok(Self(Some(SameSite::None))),
            "false" | "" => Ok(Self(None)),
            _ => Err(SettingError::new(format!("takes {}, found {text:?}", Self::TAKES))),
        }
    }
}

/// What [`Settings`](super::Settings) keeps for a `…_SAMESITE` setting; `None` leaves the attribute out.
///
/// ```
/// use nuages_http::{SameSite, SameSiteSetting, Settings};
///
/// let settings = Settings { SESSION_COOKIE_SAMESITE: SameSiteSetting(Some(SameSite::Strict)), ..Settings::default() };
/// assert_eq!(settings.SESSION_COOKIE_SAMESITE.0, Some(SameSite::Strict));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SameSiteSetting(pub Option<SameSite>);

/// What becomes of a page that needs its session while the store is away.
///
/// ```
/// use nuages_http::{OutageSetting, Settings};
/// assert_eq!(Settings::default().SESSION_OUTAGE, OutageSetting::Error);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OutageSetting {
    /// Status 503.
    #[default]
    Error,
    /// An empty session.
    Anonymous,
}

impl FromSetting for OutageSetting {
    const TAKES: &'static str = "\"error\" or \"anonymous\"";

    fn from_value(value: &SettingValue) -> Result<Self, SettingError> {
        match value {
            SettingValue::Text(text) if text.eq_ignore_ascii_case("error") => Ok(Self::Error),
            SettingValue::Text(text) if text.eq_ignore_ascii_case("anonymous") => Ok(Self::Anonymous),
            SettingValue::Text(text) => {
                Err(SettingError::new(format!("takes {}, found {text:?}", Self::TAKES)))
            }
            other => Err(SettingError::expected(Self::TAKES, other)),
        }
    }
}

/// Where a database or a cache is; its password never shows.
///
/// ```
/// use nuages_http::{ConnectionUrl, Settings};
///
/// let url = ConnectionUrl::from("postgres://ada:secret@db.example/site");
/// assert_eq!(url.masked(), "postgres://***@db.example/site");
/// let settings = Settings { DATABASE_URL: url, ..Settings::default() };
/// assert!(!format!("{settings:?}").contains("secret"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ConnectionUrl(String);

impl ConnectionUrl {
    /// The whole URL, password included.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The URL as it may be shown: whatever stands between scheme and host is masked, and a password among its
    /// options.
    #[must_use]
    pub fn masked(&self) -> String {
        let url = match (self.0.find("://"), self.0.rfind('@')) {
            (Some(scheme), Some(at)) if at > scheme => {
                format!("{}://***{}", self.0.get(..scheme).unwrap_or(""), self.0.get(at..).unwrap_or(""))
            }
            _ => self.0.clone(),
        };
        let Some((place, options)) = url.split_once('?') else { return url };
        let masked = options.split('&').map(|option| match option.split_once('=') {
            Some((name, _)) if name.to_ascii_lowercase().contains("pass") => format!("{name}=***"),
            _ => option.to_owned(),
        });
        format!("{place}?{}", masked.collect::<Vec<_>>().join("&"))
    }
}

impl From<&str> for ConnectionUrl {
    fn from(url: &str) -> Self {
        Self(url.to_owned())
    }
}

impl fmt::Debug for ConnectionUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ConnectionUrl").field(&self.masked()).finish()
    }
}

impl FromSetting for ConnectionUrl {
    const TAKES: &'static str = "a URL, such as \"sqlite:///db.sqlite3\"";

    fn from_value(value: &SettingValue) -> Result<Self, SettingError> {
        String::from_value(value).map(Self)
    }
}

/// A header by which a proxy says that its client came over HTTPS, and the value that says so.
///
/// ```
/// use nuages_http::Settings;
///
/// let mut settings = Settings::default();
/// settings.set_text("SECURE_PROXY_SSL_HEADER", "X-Forwarded-Proto:https")?;
/// assert_eq!(settings.SECURE_PROXY_SSL_HEADER.map(|header| header.value).as_deref(), Some("https"));
/// # Ok::<(), nuages_http::SettingError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProxyHeader {
    /// The header's name: `X-Forwarded-Proto`.
    pub name: String,
    /// The value that means HTTPS: `https`.
    pub value: String,
}

/// `["HTTP_X_FORWARDED_PROTO", "https"]` as Django writes it, `["X-Forwarded-Proto", "https"]`, or the text
/// `X-Forwarded-Proto:https`.
impl FromSetting for ProxyHeader {
    const TAKES: &'static str = "a header and its value, such as [\"X-Forwarded-Proto\", \"https\"]";

    fn from_value(value: &SettingValue) -> Result<Self, SettingError> {
        match value {
            SettingValue::Text(text) => Self::from_text(text),
            SettingValue::List(items) => match items.as_slice() {
                [SettingValue::Text(name), SettingValue::Text(value)] => Ok(Self::new(name, value)),
                _ => Err(SettingError::new(format!("takes {}", Self::TAKES))),
            },
            other => Err(SettingError::expected(Self::TAKES, other)),
        }
    }

    fn from_text(text: &str) -> Result<Self, SettingError> {
        match text.split_once(':') {
            Some((name, value)) if !name.trim().is_empty() => Ok(Self::new(name, value)),
            _ => Err(SettingError::new("takes a header and its value, such as X-Forwarded-Proto:https")),
        }
    }
}

impl ProxyHeader {
    fn new(name: &str, value: &str) -> Self {
        let name = name.trim();
        let name = name.strip_prefix("HTTP_").unwrap_or(name).replace('_', "-");
        Self { name, value: value.trim().to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_the_environment() {
        assert_eq!(bool::from_text("On"), Ok(true));
        assert!(bool::from_text("perhaps").is_err());
        assert_eq!(i64::from_text("-3"), Ok(-3));
        assert_eq!(Option::<i64>::from_text("none"), Ok(None));
        assert_eq!(Vec::<String>::from_text("a,,b"), Ok(vec!["a".into(), "b".into()]));
        assert_eq!(SameSiteSetting::from_text("None"), Ok(SameSiteSetting(Some(SameSite::None))));
        assert_eq!(SameSiteSetting::from_text("false"), Ok(SameSiteSetting(None)));
        assert!(SameSiteSetting::from_text("loose").is_err());
    }

    #[test]
    fn proxy_header_in_three_spellings() {
        let expected = ProxyHeader { name: "X-FORWARDED-PROTO".into(), value: "https".into() };
        assert_eq!(ProxyHeader::new("HTTP_X_FORWARDED_PROTO", "https"), expected);
        assert_eq!(
            ProxyHeader::from_text("X-Forwarded-Proto: https").map(|h| h.name.to_uppercase()),
            Ok(expected.name)
        );
        assert!(ProxyHeader::from_text("https").is_err());
    }

    #[test]
    fn a_password_never_shows() {
        let url = ConnectionUrl::from("postgres://me:p@ss@db:5432/x");
        assert_eq!(format!("{url:?}"), "ConnectionUrl(\"postgres://***@db:5432/x\")");
    }
}
