//! Settings from the environment, under their own names.

use std::env;

use nuages::prelude::*;

/// Every setting that the environment names; where it names none, what the protocol says.
pub(crate) fn from_environment() -> Result<Settings> {
    let mut settings = Settings {
        SECRET_KEY: "conformance-secret-key".into(),
        SIGNED_COOKIE_LEGACY_SALT_FALLBACK: true,
        DATABASE_URL: "sqlite:///:memory:".into(),
        ..Settings::default()
    };
    settings.set_text("ALLOWED_HOSTS", "testserver,.example.com,localhost,127.0.0.1,[::1]")?;
    for setting in Settings::TABLE {
        if let Ok(text) = env::var(setting.name)
            && !text.is_empty()
        {
            settings.set_text(setting.name, &text)?;
        }
    }
    Ok(settings)
}
