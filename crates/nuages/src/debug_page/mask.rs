//! What no page shows: values whose name tells that they are secret, and the same values wherever they turn up.

use std::borrow::Cow;

use nuages_http::HttpRequest;

/// What stands in the place of a secret.
pub(super) const MASKED: &str = "\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}";

/// Names that hide their values: Django's `SafeExceptionReporterFilter.hidden_settings`, and more.
const TELLING: [&str; 15] = [
    "API",
    "AUTH",
    "TOKEN",
    "KEY",
    "SECRET",
    "PASS",
    "PWD",
    "SIGNATURE",
    "COOKIE",
    "SESSION",
    "CREDENTIAL",
    "CSRF",
    "CARD",
    "CVV",
    "NONCE",
];

/// Settings and headers with such a word in their name whose values are no secrets.
const HARMLESS: [&str; 12] = [
    "SESSION_ENGINE",
    "SESSION_CACHE_ALIAS",
    "SESSION_SAVE_EVERY_REQUEST",
    "SESSION_EXPIRE_AT_BROWSER_CLOSE",
    "PASSWORD_HASHERS",
    "CSRF_TRUSTED_ORIGINS",
    "CSRF_USE_SESSIONS",
    "CSRF_HEADER_NAME",
    "CSRF_FAILURE_VIEW",
    "SIGNED_COOKIE_LEGACY_SALT_FALLBACK",
    "CACHE_KEY_PREFIX",
    "CACHE_MIDDLEWARE_KEY_PREFIX",
];

/// How the cookies are called and what they carry along is no secret either; only their values are.
const HARMLESS_PREFIXES: [&str; 2] = ["SESSION_COOKIE_", "CSRF_COOKIE_"];

/// Shorter texts are left where they are: they would blot out half of the page.
const SHORTEST: usize = 5;

/// Does a name tell that its value is secret?
pub(super) fn is_telling(name: &str) -> bool {
    let upper = name.to_ascii_uppercase().replace('-', "_");
    if HARMLESS.contains(&&*upper) || HARMLESS_PREFIXES.iter().any(|prefix| upper.starts_with(prefix)) {
        return false;
    }
    TELLING.iter().any(|word| upper.contains(word))
}

/// The secrets of one request and its site.
pub(super) struct Mask {
    secrets: Vec<String>,
}

impl Mask {
    pub(super) fn of(request: &HttpRequest) -> Self {
        let settings = request.settings();
        let mut mask = Self { secrets: Vec::new() };
        for key in std::iter::once(&settings.SECRET_KEY).chain(&settings.SECRET_KEY_FALLBACKS) {
            mask.learn(&String::from_utf8_lossy(key.as_bytes()));
        }
        for url in [&settings.DATABASE_URL, &settings.CACHE_URL] {
            mask.learn(password_of(url.as_str()));
        }
        for (_, value) in request.COOKIES.iter() {
            mask.learn(&value);
        }
        for (name, value) in request.headers.iter().filter(|(name, _)| is_telling(name)) {
            mask.learn(&value);
            // Basic …, Bearer …
            if name.eq_ignore_ascii_case("authorization")
                && let Some((_, credentials)) = value.split_once(' ')
            {
                mask.learn(credentials);
            }
        }
        for (name, values) in request.GET.lists().filter(|(name, _)| is_telling(name)) {
            let _known = name;
            values.iter().for_each(|value| mask.learn(value));
        }
        mask
    }

    /// From now on this text is hidden.
    pub(super) fn learn(&mut self, secret: &str) {
        if secret.len() >= SHORTEST && !self.secrets.iter().any(|known| known == secret) {
            self.secrets.push(secret.to_owned());
            // The longest first, so that none leaves a rest of another.
            self.secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        }
    }

    /// The text without any secret that is known.
    pub(super) fn hide<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut text = Cow::Borrowed(text);
        for secret in &self.secrets {
            if text.contains(secret.as_str()) {
                text = Cow::Owned(text.replace(secret.as_str(), MASKED));
            }
        }
        text
    }

    /// A value as it may be shown beside its name.
    pub(super) fn value(&self, name: &str, value: &str) -> String {
        if is_telling(name) && !value.is_empty() { MASKED.to_owned() } else { self.hide(value).into_owned() }
    }
}

fn password_of(url: &str) -> &str {
    let after = url.split_once("://").map_or("", |(_, after)| after);
    let credentials = after.rsplit_once('@').map_or("", |(credentials, _)| credentials);
    credentials.split_once(':').map_or("", |(_, password)| password)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for name in [
            "SECRET_KEY",
            "api_key",
            "Authorization",
            "password",
            "user_pass",
            "X-CSRFToken",
            "sessionid",
            "Cookie",
            "signature",
            "Set-Cookie",
            "AWS_CREDENTIALS",
            "Proxy-Authorization",
            "credit_card",
        ] {
            assert!(is_telling(name), "{name}");
        }
        for name in ["DEBUG", "ALLOWED_HOSTS", "SESSION_COOKIE_AGE", "page", "User-Agent", "SESSION_ENGINE"] {
            assert!(!is_telling(name), "{name}");
        }
    }

    #[test]
    fn passwords_of_urls() {
        assert_eq!(password_of("postgres://me:p@ss@db/x"), "p@ss");
        assert_eq!(password_of("sqlite:///db.sqlite3"), "");
        assert_eq!(password_of("redis://localhost"), "");
    }
}
