//! The table of all settings: name, type, default, meaning.

use std::collections::BTreeMap;
use std::fmt;

use nuages_cookies::SameSite;
use nuages_signing::{SecretKey, SecretKeys};

use super::caches::CacheSetting;
use super::message_tag::MessageTag;
use super::static_dir::StaticDir;
use super::templates::TemplateSetting;
use super::value::{
    ConnectionUrl, FromSetting, OutageSetting, ProxyHeader, SameSiteSetting, SettingError, SettingValue,
};

/// What the table knows of one setting.
///
/// ```
/// use nuages_http::Settings;
///
/// let age = Settings::TABLE.iter().find(|info| info.name == "SESSION_COOKIE_AGE");
/// assert_eq!(age.map(|info| info.takes), Some("a whole number"));
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SettingInfo {
    /// Its name, which is Django's where Django has it.
    pub name: &'static str,
    /// What it takes.
    pub takes: &'static str,
    /// Its default, as source text.
    pub default: &'static str,
    /// What it means.
    pub doc: &'static str,
}

macro_rules! settings {
    ($($(#[doc = $doc:literal])+ $name:ident: $kind:ty = $default:expr;)+) => {
        /// Every setting, under Django's name and with Django's default.
        ///
        /// ```
        /// use nuages_http::Settings;
        /// let settings = Settings { SESSION_COOKIE_AGE: 3600, ..Settings::default() };
        /// assert_eq!(settings.SESSION_COOKIE_NAME, "sessionid");
        /// ```
        #[derive(Clone)]
        #[expect(non_snake_case, reason = "the names are Django's")]
        #[doc(alias = "django.conf.settings")]
        #[doc(alias = "DJANGO_SETTINGS_MODULE")]
        pub struct Settings {
            $($(#[doc = $doc])+ pub $name: $kind,)+
        }

        impl Default for Settings {
            fn default() -> Self {
                Self { $($name: $default,)+ }
            }
        }

        /// Keys and passwords are masked.
        impl fmt::Debug for Settings {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct("Settings")$(.field(stringify!($name), &self.$name))+.finish()
            }
        }

        impl Settings {
            /// The whole table, in order.
            pub const TABLE: &'static [SettingInfo] = &[$(SettingInfo {
                name: stringify!($name),
                takes: <$kind as FromSetting>::TAKES,
                default: stringify!($default),
                doc: concat!($($doc, "\n"),+),
            },)+];

            /// Every setting with its value as text, keys and passwords masked.
            ///
            /// ```
            /// let settings = nuages_http::Settings::default();
            /// assert!(settings.shown().contains(&("DEBUG", "false".to_owned())));
            /// ```
            #[must_use]
            pub fn shown(&self) -> Vec<(&'static str, String)> {
                vec![$((stringify!($name), format!("{:?}", self.$name))),+]
            }

            /// Sets one setting from a value of a configuration file.
            ///
            /// # Errors
            /// An unknown name (the message names the nearest), or a value of another type.
            pub fn set(&mut self, name: &str, value: &SettingValue) -> Result<(), SettingError> {
                match name {
                    $(stringify!($name) => self.$name = named(name, FromSetting::from_value(value))?,)+
                    _ => return Err(unknown(name)),
                }
                Ok(())
            }

            /// Sets one setting from text, as an environment variable holds it.
            ///
            /// # Errors
            /// As [`set`](Self::set).
            pub fn set_text(&mut self, name: &str, text: &str) -> Result<(), SettingError> {
                match name {
                    $(stringify!($name) => self.$name = named(name, FromSetting::from_text(text))?,)+
                    _ => return Err(unknown(name)),
                }
                Ok(())
            }
        }
    };
}

settings! {
    /// The key of every signature. It must be set, long and secret.
    SECRET_KEY: SecretKey = SecretKey::from("");
    /// Former keys: what they signed is still read, nothing is signed with them.
    SECRET_KEY_FALLBACKS: Vec<SecretKey> = Vec::new();
    /// Also read signed cookies that Django up to 5.2.14 wrote. Django's default is true; ours is false, because that format lets a value move between (`ab`, `c`) and (`a`, `bc`).
    SIGNED_COOKIE_LEGACY_SALT_FALLBACK: bool = false;
    /// Helpful error pages, for development only.
    DEBUG: bool = false;
    /// Hosts that this site answers for; `.example.com` takes subdomains along, `*` takes all. With DEBUG and an empty list: localhost.
    ALLOWED_HOSTS: Vec<String> = Vec::new();
    /// Where the database is: `sqlite:///db.sqlite3` (relative), `sqlite:////srv/db.sqlite3` (absolute), `postgres://user:password@host/database`, `mysql://user:password@host/database`.
    DATABASE_URL: ConnectionUrl = ConnectionUrl::from("sqlite:///db.sqlite3");
    /// Caches by alias, each with BACKEND, LOCATION, TIMEOUT, KEY_PREFIX, VERSION and OPTIONS. Without `default` in it CACHE_URL is the default cache.
    CACHES: BTreeMap<String, CacheSetting> = BTreeMap::new();
    /// Where the default cache is: `locmem://`, `file:///var/cache/site`, `db://my_cache_table`, `redis://localhost:6379/1`, `memcached://localhost:11211`, `dummy://`.
    CACHE_URL: ConnectionUrl = ConnectionUrl::from("locmem://");
    /// A prefix of every key of the cache of CACHE_URL (Django's KEY_PREFIX).
    CACHE_KEY_PREFIX: String = String::new();
    /// The version of every key of the cache of CACHE_URL (Django's VERSION).
    CACHE_VERSION: i64 = 1;
    /// The form of the values in the cache of CACHE_URL: `json`, or `pickle`, by which a Django shares it; none: as the URL says, or `json`. Not in Django.
    CACHE_SERIALIZER: Option<String> = None;

    /// Redirect a path that matches no route to the same path with a slash, if that one matches.
    APPEND_SLASH: bool = true;
    /// Redirect to the host with `www.` in front.
    PREPEND_WWW: bool = false;
    /// Regular expressions; a User-Agent in which one is found gets 403.
    DISALLOWED_USER_AGENTS: Vec<String> = Vec::new();
    /// Take the host from X-Forwarded-Host, if the peer is in TRUSTED_PROXIES.
    USE_X_FORWARDED_HOST: bool = false;
    /// Take the port from X-Forwarded-Port, if the peer is in TRUSTED_PROXIES.
    USE_X_FORWARDED_PORT: bool = false;
    /// The header by which a proxy in TRUSTED_PROXIES says that the client came over HTTPS.
    SECURE_PROXY_SSL_HEADER: Option<ProxyHeader> = None;
    /// Whose forwarded headers count: IP addresses, networks such as `10.0.0.0/8`, `loopback`, `unix`. Not in Django.
    TRUSTED_PROXIES: Vec<String> = vec!["loopback".to_owned(), "unix".to_owned()];
    /// The most bytes of a body that are read into memory; none: no limit.
    DATA_UPLOAD_MAX_MEMORY_SIZE: Option<usize> = Some(2_621_440);
    /// The most fields of a query or a form; none: no limit.
    DATA_UPLOAD_MAX_NUMBER_FIELDS: Option<usize> = Some(1000);
    /// The most files of a form; none: no limit.
    DATA_UPLOAD_MAX_NUMBER_FILES: Option<usize> = Some(100);
    /// The most bytes of a form's files that are kept in memory; beyond it they go to temporary files.
    FILE_UPLOAD_MAX_MEMORY_SIZE: usize = 2_621_440;
    /// The folder of those temporary files; none: the system's folder for temporary files.
    FILE_UPLOAD_TEMP_DIR: Option<String> = None;

    /// Where sessions are kept: `db`, `file`, `cache`, `cached_db`, `signed_cookies`, or Django's dotted path of one of them.
    SESSION_ENGINE: String = "django.contrib.sessions.backends.db".to_owned();
    /// The name of the session cookie.
    SESSION_COOKIE_NAME: String = "sessionid".to_owned();
    /// The age of a session, in seconds: two weeks.
    SESSION_COOKIE_AGE: i64 = 1_209_600;
    /// The domain of the session cookie; none: this host only.
    SESSION_COOKIE_DOMAIN: Option<String> = None;
    /// The path of the session cookie.
    SESSION_COOKIE_PATH: String = "/".to_owned();
    /// Send the session cookie over HTTPS only.
    SESSION_COOKIE_SECURE: bool = false;
    /// Hide the session cookie from scripts.
    SESSION_COOKIE_HTTPONLY: bool = true;
    /// SameSite of the session cookie: `Lax`, `Strict`, `None`, or false to leave it out.
    SESSION_COOKIE_SAMESITE: SameSiteSetting = SameSiteSetting(Some(SameSite::Lax));
    /// Save the session and send its cookie on every request.
    SESSION_SAVE_EVERY_REQUEST: bool = false;
    /// Sessions end with the browser.
    SESSION_EXPIRE_AT_BROWSER_CLOSE: bool = false;
    /// The folder of the engine `file`; none: the system's folder for temporary files.
    SESSION_FILE_PATH: Option<String> = None;
    /// The cache of the engines `cache` and `cached_db`.
    SESSION_CACHE_ALIAS: String = "default".to_owned();
    /// What a page that needs its session gets while the store is away: `error` (status 503), or `anonymous`, as in Django: an empty session, and the cookie is deleted. Not in Django.
    SESSION_OUTAGE: OutageSetting = OutageSetting::Error;
    /// Seconds after which a session ends however active it is, counted from its first save (ASVS 7.3.2); none: never. Not in Django.
    SESSION_ABSOLUTE_AGE: Option<u32> = None;
    /// Keep only a hash of each session key in the store, so that a stolen copy of it opens no session. Django cannot share such a store. Not in Django.
    SESSION_HASH_KEYS: bool = false;
    /// Keep an index of the sessions of each user in the database, so that a user can see them and end them. Not in Django.
    SESSION_INDEX: bool = false;
    /// Seconds between two deletions of expired sessions by the server itself; none: only `clearsessions` deletes. Not in Django.
    SESSION_SWEEP_INTERVAL: Option<u32> = None;

    /// How passwords are hashed: names of algorithms, or Django's dotted paths; new ones by the first, old ones are read by all.
    PASSWORD_HASHERS: Vec<String> =
        ["pbkdf2_sha256", "pbkdf2_sha1", "argon2", "bcrypt_sha256", "scrypt"].map(str::to_owned).into();

    /// Keep the secret of the CSRF tokens in the session in place of a cookie.
    CSRF_USE_SESSIONS: bool = false;
    /// The name of the CSRF cookie.
    CSRF_COOKIE_NAME: String = "csrftoken".to_owned();
    /// The age of the CSRF cookie, in seconds: a year; none: until the browser closes.
    CSRF_COOKIE_AGE: Option<i64> = Some(31_449_600);
    /// The domain of the CSRF cookie; none: this host only.
    CSRF_COOKIE_DOMAIN: Option<String> = None;
    /// The path of the CSRF cookie.
    CSRF_COOKIE_PATH: String = "/".to_owned();
    /// Send the CSRF cookie over HTTPS only.
    CSRF_COOKIE_SECURE: bool = false;
    /// Hide the CSRF cookie from scripts; those that send the token in a header must read it from the page then.
    CSRF_COOKIE_HTTPONLY: bool = false;
    /// SameSite of the CSRF cookie: `Lax`, `Strict`, `None`, or false to leave it out.
    CSRF_COOKIE_SAMESITE: SameSiteSetting = SameSiteSetting(Some(SameSite::Lax));
    /// The header in which scripts send the token, as CGI names it.
    CSRF_HEADER_NAME: String = "HTTP_X_CSRFTOKEN".to_owned();
    /// Other origins whose pages may send forms here: `https://shop.example.com`, `https://*.example.com`.
    CSRF_TRUSTED_ORIGINS: Vec<String> = Vec::new();

    /// Where messages are kept until they are shown: `fallback`, `cookie`, `session`, or Django's dotted path of one.
    MESSAGE_STORAGE: String = "django.contrib.messages.storage.fallback.FallbackStorage".to_owned();
    /// The lowest level of messages that are recorded: 20, INFO.
    MESSAGE_LEVEL: i64 = 20;
    /// Tags of levels beside or in place of the usual ones: `[[50, "critical"]]`, or `50:critical` in the environment.
    MESSAGE_TAGS: Vec<MessageTag> = Vec::new();

    /// Seconds that `cache_page` keeps a page if it is not told: ten minutes.
    CACHE_MIDDLEWARE_SECONDS: i64 = 600;
    /// A prefix of the keys of cached pages, for sites that share a cache.
    CACHE_MIDDLEWARE_KEY_PREFIX: String = String::new();

    /// Where `login_required` and its like send who is not logged in: a URL, or the name of a route.
    LOGIN_URL: String = "/accounts/login/".to_owned();

    /// The templates: DIRS, the folders that are searched first; APP_DIRS, whether those of the apps follow; OPTIONS.
    TEMPLATES: TemplateSetting = TemplateSetting::default();
    /// The time zone in which templates show times, by its name in the IANA database. Django's default is America/Chicago, its
    /// new projects say UTC.
    TIME_ZONE: String = "UTC".to_owned();

    /// The URL of static files, ending with a slash; relative to the site, or of another host.
    STATIC_URL: String = "/static/".to_owned();
    /// The folder into which `collectstatic` copies static files, and from which they are served without DEBUG.
    STATIC_ROOT: Option<String> = None;
    /// Folders of static files: `["assets"]`, or with a prefix `[["vendor", "/srv/vendor"]]`.
    STATICFILES_DIRS: Vec<StaticDir> = Vec::new();
    /// `manifest`: names with a hash of the content, cached for ever; `plain`: names as they are; or Django's dotted paths of these. Django's default is plain, ours is manifest.
    STATICFILES_STORAGE: String = "manifest".to_owned();
    /// A static file that is missing in the manifest is an error.
    STATICFILES_MANIFEST_STRICT: bool = true;
    /// Seconds that browsers may keep a static file without a hash in its name. Not in Django (`WHITENOISE_MAX_AGE`).
    STATIC_MAX_AGE: u32 = 60;
    /// The encodings into which `collectstatic` compresses: `gzip`, `br`. Not in Django.
    STATIC_PRECOMPRESS: Vec<String> = vec!["gzip".to_owned(), "br".to_owned()];
    /// Let pages of other sites read static files, fonts above all. Not in Django (`WHITENOISE_ALLOW_ALL_ORIGINS`).
    STATIC_ALLOW_ALL_ORIGINS: bool = false;

    /// Seconds that browsers shall remember to use HTTPS only; 0 sends no header.
    SECURE_HSTS_SECONDS: i64 = 0;
    /// HSTS for the subdomains too.
    SECURE_HSTS_INCLUDE_SUBDOMAINS: bool = false;
    /// Allow the site into browsers' preload lists.
    SECURE_HSTS_PRELOAD: bool = false;
    /// Send `X-Content-Type-Options: nosniff`.
    SECURE_CONTENT_TYPE_NOSNIFF: bool = true;
    /// Redirect every request to HTTPS.
    SECURE_SSL_REDIRECT: bool = false;
    /// The host to redirect to; none: the host of the request.
    SECURE_SSL_HOST: Option<String> = None;
    /// Regular expressions of paths (without the first slash) that are not redirected to HTTPS.
    SECURE_REDIRECT_EXEMPT: Vec<String> = Vec::new();
    /// The header Referrer-Policy; several values are separated by commas; none: no header.
    SECURE_REFERRER_POLICY: Option<String> = Some("same-origin".to_owned());
    /// The header Cross-Origin-Opener-Policy; none: no header.
    SECURE_CROSS_ORIGIN_OPENER_POLICY: Option<String> = Some("same-origin".to_owned());
    /// The header X-Frame-Options: `DENY` or `SAMEORIGIN`.
    X_FRAME_OPTIONS: String = "DENY".to_owned();

    /// Ids of checks whose messages `check` neither shows nor fails for: `["security.W021"]`.
    SILENCED_SYSTEM_CHECKS: Vec<String> = Vec::new();
}

impl Settings {
    /// SECRET_KEY and its fallbacks.
    #[must_use]
    pub fn secret_keys(&self) -> SecretKeys {
        SecretKeys::new(self.SECRET_KEY.clone()).fallbacks(self.SECRET_KEY_FALLBACKS.iter().cloned())
    }
}

fn named<T>(name: &str, result: Result<T, SettingError>) -> Result<T, SettingError> {
    result.map_err(|error| SettingError::new(format!("{name} {error}")))
}

fn unknown(name: &str) -> SettingError {
    let nearest = Settings::TABLE
        .iter()
        .map(|info| (strsim::levenshtein(name, info.name), info.name))
        .min()
        .filter(|(distance, _)| *distance <= 1 + name.len() / 3);
    SettingError::new(match nearest {
        Some((_, nearest)) => format!("unknown setting {name}; did you mean {nearest}?"),
        None => format!("unknown setting {name}; remove it, or see the list of settings in the book"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_name_suggests_the_nearest() {
        let mut settings = Settings::default();
        let error = settings.set_text("SESSION_COOKE_AGE", "1").unwrap_err();
        assert_eq!(error.to_string(), "unknown setting SESSION_COOKE_AGE; did you mean SESSION_COOKIE_AGE?");
        let error = settings.set_text("ZZZ", "1").unwrap_err();
        assert!(error.to_string().starts_with("unknown setting ZZZ; remove it"));
    }

    #[test]
    fn a_wrong_type_names_the_setting() {
        let mut settings = Settings::default();
        let error = settings.set("SESSION_COOKIE_AGE", &SettingValue::Text("two weeks".into())).unwrap_err();
        assert_eq!(error.to_string(), "SESSION_COOKIE_AGE takes a whole number, found text");
    }

    #[test]
    fn secrets_do_not_print() {
        let settings = Settings { SECRET_KEY: "hush".into(), ..Settings::default() };
        assert!(!format!("{settings:?}").contains("hush"));
    }
}
