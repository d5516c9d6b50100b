//! Settings that have the same name and the same meaning here.

use serde_json::Value;

use super::translation::{Translation, toml};

/// Taken over as they are. `None` of Python is false here.
const SAME: &[&str] = &[
    "DEBUG",
    "ALLOWED_HOSTS",
    "APPEND_SLASH",
    "PREPEND_WWW",
    "USE_X_FORWARDED_HOST",
    "USE_X_FORWARDED_PORT",
    "SECURE_PROXY_SSL_HEADER",
    "DATA_UPLOAD_MAX_MEMORY_SIZE",
    "DATA_UPLOAD_MAX_NUMBER_FIELDS",
    "DATA_UPLOAD_MAX_NUMBER_FILES",
    "FILE_UPLOAD_MAX_MEMORY_SIZE",
    "SESSION_COOKIE_NAME",
    "SESSION_COOKIE_AGE",
    "SESSION_COOKIE_DOMAIN",
    "SESSION_COOKIE_PATH",
    "SESSION_COOKIE_SECURE",
    "SESSION_COOKIE_HTTPONLY",
    "SESSION_COOKIE_SAMESITE",
    "SESSION_SAVE_EVERY_REQUEST",
    "SESSION_EXPIRE_AT_BROWSER_CLOSE",
    "SESSION_CACHE_ALIAS",
    "CSRF_USE_SESSIONS",
    "CSRF_COOKIE_NAME",
    "CSRF_COOKIE_AGE",
    "CSRF_COOKIE_DOMAIN",
    "CSRF_COOKIE_PATH",
    "CSRF_COOKIE_SECURE",
    "CSRF_COOKIE_HTTPONLY",
    "CSRF_COOKIE_SAMESITE",
    "CSRF_HEADER_NAME",
    "CSRF_TRUSTED_ORIGINS",
    "MESSAGE_LEVEL",
    "CACHE_MIDDLEWARE_SECONDS",
    "CACHE_MIDDLEWARE_KEY_PREFIX",
    "LOGIN_URL",
    "STATIC_URL",
    "SECURE_HSTS_SECONDS",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_HSTS_PRELOAD",
    "SECURE_CONTENT_TYPE_NOSNIFF",
    "SECURE_SSL_REDIRECT",
    "SECURE_SSL_HOST",
    "SECURE_CROSS_ORIGIN_OPENER_POLICY",
    "X_FRAME_OPTIONS",
    "SILENCED_SYSTEM_CHECKS",
];

/// Those of them that are true or false. To Python every value is one of the two: `DEBUG = int(os.environ["DEBUG"])`.
const FLAGS: &[&str] = &[
    "DEBUG",
    "APPEND_SLASH",
    "PREPEND_WWW",
    "USE_X_FORWARDED_HOST",
    "USE_X_FORWARDED_PORT",
    "SESSION_COOKIE_SECURE",
    "SESSION_COOKIE_HTTPONLY",
    "SESSION_SAVE_EVERY_REQUEST",
    "SESSION_EXPIRE_AT_BROWSER_CLOSE",
    "CSRF_USE_SESSIONS",
    "CSRF_COOKIE_SECURE",
    "CSRF_COOKIE_HTTPONLY",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_HSTS_PRELOAD",
    "SECURE_CONTENT_TYPE_NOSNIFF",
    "SECURE_SSL_REDIRECT",
];

/// Paths, which begin in Django's folder.
const PATHS: &[&str] = &["SESSION_FILE_PATH", "FILE_UPLOAD_TEMP_DIR", "STATIC_ROOT"];

/// Regular expressions; ours have no look-around.
const PATTERNS: &[&str] = &["DISALLOWED_USER_AGENTS", "SECURE_REDIRECT_EXEMPT"];

const STORAGES: &[&str] = &["fallback.FallbackStorage", "cookie.CookieStorage", "session.SessionStorage"];

const HASHERS: &[&str] = &[
    "PBKDF2PasswordHasher",
    "PBKDF2SHA1PasswordHasher",
    "Argon2PasswordHasher",
    "BCryptSHA256PasswordHasher",
    "BCryptPasswordHasher",
    "ScryptPasswordHasher",
    "MD5PasswordHasher",
];

/// Whether a setting is looked at here.
pub(super) fn knows(name: &str) -> bool {
    let others = [
        "SESSION_ENGINE",
        "SESSION_SERIALIZER",
        "MESSAGE_STORAGE",
        "MESSAGE_TAGS",
        "PASSWORD_HASHERS",
        "SECURE_REFERRER_POLICY",
        "STATICFILES_DIRS",
        "SIGNED_COOKIE_LEGACY_SALT_FALLBACK",
        "USE_TZ",
        "TIME_ZONE",
    ];
    [SAME, PATHS, PATTERNS, &others].iter().any(|names| names.contains(&name))
}

pub(super) fn translate(translation: &mut Translation<'_>) {
    let answer = translation.answer;
    for name in SAME.iter().filter(|name| answer.is_explicit(name)) {
        match toml(answer.get(name)) {
            _ if FLAGS.contains(name) => translation.set(name, is_true(answer.get(name))),
            Some(value) => translation.set(name, value),
            None if answer.get(name).is_null() => translation.set(name, false),
            None => translation.leave(name, "its value is not plain; write it by hand"),
        }
    }
    for name in PATHS.iter().filter(|name| answer.is_explicit(name) && !answer.get(name).is_null()) {
        let path = translation.path(answer.text(name));
        translation.set(name, path.to_string_lossy().as_ref());
    }
    for name in PATTERNS.iter().filter(|name| answer.is_explicit(name)) {
        let patterns = answer.get(name).as_array().cloned().unwrap_or_default();
        let (odd, good): (Vec<Value>, Vec<Value>) = patterns.into_iter().partition(has_look_around);
        if let Some(value) =
            toml(&Value::Array(good)).filter(|value| value.as_array().is_some_and(|list| !list.is_empty()))
        {
            translation.set(name, value);
        }
        if !odd.is_empty() {
            translation.leave(
                name,
                "patterns with look-around, which are not matched in linear time; write them differently",
            );
        }
    }
    messages(translation);
    others(translation);
}

/// What `bool()` of Python makes of it.
fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

fn has_look_around(pattern: &Value) -> bool {
    let text = pattern.as_str().unwrap_or("(?=");
    ["(?=", "(?!", "(?<=", "(?<!", "(?P=", "\\1"].iter().any(|part| text.contains(part))
}

fn messages(translation: &mut Translation<'_>) {
    let answer = translation.answer;
    if answer.is_explicit("MESSAGE_STORAGE") {
        let storage = answer.text("MESSAGE_STORAGE");
        let known = storage
            .strip_prefix("django.contrib.messages.storage.")
            .is_some_and(|name| STORAGES.contains(&name));
        if known {
            translation.set("MESSAGE_STORAGE", storage);
        } else {
            translation.leave(
                "MESSAGE_STORAGE",
                "a storage of its own; here there are fallback, cookie and session",
            );
        }
    }
    if let (true, Some(tags)) = (answer.is_explicit("MESSAGE_TAGS"), answer.get("MESSAGE_TAGS").as_object()) {
        let pairs: toml_edit::Array = tags
            .iter()
            .filter_map(|(level, tag)| {
                let pair: toml_edit::Array =
                    [level.parse::<i64>().ok()?.into(), toml(tag)?].into_iter().collect();
                Some(toml_edit::Value::from(pair))
            })
            .collect();
        translation.set("MESSAGE_TAGS", pairs);
    }
}

fn others(translation: &mut Translation<'_>) {
    let answer = translation.answer;
    if answer.is_explicit("SECURE_REFERRER_POLICY") {
        let policy = match answer.get("SECURE_REFERRER_POLICY") {
            Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
            other => other.as_str().unwrap_or("none").to_owned(),
        };
        translation.set("SECURE_REFERRER_POLICY", policy);
    }
    if let (true, Some(hashers)) =
        (answer.is_explicit("PASSWORD_HASHERS"), answer.get("PASSWORD_HASHERS").as_array())
    {
        let is_known = |hasher: &&Value| {
            let name = hasher.as_str().and_then(|path| path.strip_prefix("django.contrib.auth.hashers."));
            name.is_some_and(|name| HASHERS.contains(&name))
        };
        let (known, unknown): (Vec<&Value>, Vec<&Value>) = hashers.iter().partition(is_known);
        if let Some(list) = known.into_iter().map(toml).collect::<Option<toml_edit::Array>>() {
            translation.set("PASSWORD_HASHERS", list);
        }
        for hasher in unknown {
            translation.leave(
                "PASSWORD_HASHERS",
                format_args!(
                    "{} is not known here; such passwords are refused",
                    hasher.as_str().unwrap_or("one")
                ),
            );
        }
    }
    if let (true, Some(folders)) =
        (answer.is_explicit("STATICFILES_DIRS"), answer.get("STATICFILES_DIRS").as_array())
    {
        let absolute = |path: &Value| Some(translation.path(path.as_str()?).to_string_lossy().into_owned());
        let list: Option<toml_edit::Array> = folders
            .iter()
            .map(|folder| match folder {
                Value::Array(pair) => {
                    let pair: toml_edit::Array =
                        [pair.first()?.as_str()?.to_owned(), absolute(pair.get(1)?)?].into_iter().collect();
                    Some(toml_edit::Value::from(pair))
                }
                path => absolute(path).map(toml_edit::Value::from),
            })
            .collect();
        match list {
            Some(list) => translation.set("STATICFILES_DIRS", list),
            None => translation.leave("STATICFILES_DIRS", "its value is not plain; write it by hand"),
        }
    }
    // The default is not the same on both sides.
    let zone = answer.text("TIME_ZONE");
    if !zone.is_empty() {
        translation.set("TIME_ZONE", zone);
    }
    // Every Django up to 5.2.14 writes signed cookies in the older form.
    let legacy = answer.get("SIGNED_COOKIE_LEGACY_SALT_FALLBACK").as_bool().unwrap_or(true);
    translation.remark("Signed cookies in the form of Django up to 5.2.14 are read too.");
    translation.set("SIGNED_COOKIE_LEGACY_SALT_FALLBACK", legacy);
    if !answer.get("SECURE_PROXY_SSL_HEADER").is_null()
        || answer.get("USE_X_FORWARDED_HOST") == &Value::Bool(true)
    {
        translation.leave(
            "TRUSTED_PROXIES",
            "Django believes forwarded headers of everybody, nuages those of this machine; add the addresses of your proxies: TRUSTED_PROXIES = [\"loopback\", \"10.0.0.0/8\"]",
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::translation::tests::translated;

    #[test]
    fn settings_of_the_same_name() {
        let shared = translated(json!({
            "DEBUG": true,
            "ALLOWED_HOSTS": ["a.example", ".b.example"],
            "SESSION_ENGINE": "django.contrib.sessions.backends.cached_db",
            "SESSION_COOKIE_DOMAIN": null,
            "SESSION_COOKIE_SAMESITE": "None",
            "CSRF_COOKIE_SAMESITE": false,
            "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"],
            "SECURE_REFERRER_POLICY": ["no-referrer", "same-origin"],
            "STATIC_ROOT": "collected",
            "STATICFILES_DIRS": ["assets", ["vendor", "/srv/vendor"]],
            "MESSAGE_TAGS": {"50": "critical"},
            "DISALLOWED_USER_AGENTS": ["^bot", "(?!good)"],
            "USE_TZ": true,
            "TIME_ZONE": "Europe/Zurich",
            "APPEND_SLASH": 0,
            "PREPEND_WWW": "yes",
            "CSRF_USE_SESSIONS": null,
            "SESSION_COOKIE_AGE": 5400.0,
        }));
        for line in [
            "DEBUG = true",
            "ALLOWED_HOSTS = [\"a.example\", \".b.example\"]",
            "SESSION_ENGINE = \"django.contrib.sessions.backends.cached_db\"",
            "SESSION_COOKIE_DOMAIN = false",
            "SESSION_COOKIE_SAMESITE = \"None\"",
            "CSRF_COOKIE_SAMESITE = false",
            "SECURE_PROXY_SSL_HEADER = [\"HTTP_X_FORWARDED_PROTO\", \"https\"]",
            "SECURE_REFERRER_POLICY = \"no-referrer, same-origin\"",
            "STATIC_ROOT = \"/srv/django/collected\"",
            "STATICFILES_DIRS = [\"/srv/django/assets\", [\"vendor\", \"/srv/vendor\"]]",
            "MESSAGE_TAGS = [[50, \"critical\"]]",
            "DISALLOWED_USER_AGENTS = [\"^bot\"]",
            "TIME_ZONE = \"Europe/Zurich\"",
            "APPEND_SLASH = false",
            "PREPEND_WWW = true",
            "CSRF_USE_SESSIONS = false",
            "SESSION_COOKIE_AGE = 5400",
            "SIGNED_COOKIE_LEGACY_SALT_FALLBACK = true",
        ] {
            assert!(shared.settings.lines().any(|found| found == line), "{line}: {}", shared.settings);
        }
        let left: Vec<&str> = shared.left.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(left, ["DISALLOWED_USER_AGENTS", "TRUSTED_PROXIES"]);
    }

    #[test]
    fn what_has_no_counterpart_is_told() {
        let shared = translated(json!({
            "MESSAGE_STORAGE": "mysite.messages",
            "PASSWORD_HASHERS": ["django.contrib.auth.hashers.PBKDF2PasswordHasher", "mysite.Hasher"],
            "SESSION_COOKIE_AGE": {"__code__": "mysite.Lazy"},
        }));
        let left: Vec<&str> = shared.left.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(left, ["SESSION_COOKIE_AGE", "MESSAGE_STORAGE", "PASSWORD_HASHERS"]);
        assert!(shared.settings.contains("# - MESSAGE_STORAGE: a storage of its own"));
        assert!(!shared.settings.contains("\nMESSAGE_STORAGE"));
    }
}
