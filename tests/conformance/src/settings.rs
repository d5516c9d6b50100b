//! Settings from the environment, under their own names.

use std::env;

use nuages::prelude::*;

/// Every setting that the environment names; where it names none, what the protocol says.
pub(crate) fn from_environment() -> Result<Settings> {
    let mut settings = Settings {
        SECRET_KEY: "conformance-secret-key".into(),
        SIGNED_COOKIE_LEGACY_SALT_FALLBACK: true,
        DATABASE_URL: "sqlite:///:memory:".into(),
        // Django reads and writes the same cache.
        CACHE_SERIALIZER: Some("pickle".to_owned()),
        ..Settings::default()
    };
    let hashers = "pbkdf2_sha256,pbkdf2_sha1,argon2,bcrypt_sha256,bcrypt,scrypt,md5";
    settings.set_text("PASSWORD_HASHERS", hashers)?;
    settings.set_text("ALLOWED_HOSTS", "testserver,.example.com,localhost,127.0.0.1,[::1]")?;
    for setting in Settings::TABLE {
        if let Ok(text) = env::var(setting.name)
            && !text.is_empty()
        {
            settings.set_text(setting.name, &text)?;
        }
    }
    settings.DATABASE_URL = absolute(settings.DATABASE_URL.as_str()).as_str().into();
    Ok(settings)
}

/// Does MIDDLEWARE_EXTRA list this middleware?
pub(crate) fn has_extra(name: &str) -> bool {
    env::var("MIDDLEWARE_EXTRA").is_ok_and(|extra| extra.split(',').any(|listed| listed == name))
}

/// The protocol's SQLite files are absolute with three slashes as well as with four; ours would be relative with three.
fn absolute(url: &str) -> String {
    match url.strip_prefix("sqlite:///") {
        Some(path) if path != ":memory:" => format!("sqlite:////{}", path.trim_start_matches('/')),
        _ => url.to_owned(),
    }
}
