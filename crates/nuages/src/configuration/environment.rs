//! Settings in environment variables.

use std::ffi::OsStr;

use nuages_cache::DEFAULT_CACHE_ALIAS;
use nuages_http::Settings;

use super::error::ConfigurationError;
use super::sources::Sources;

/// Settings whose variable has no prefix, because hosts and other frameworks know it by that name.
const PLAIN: [&str; 4] = ["SECRET_KEY", "SECRET_KEY_FALLBACKS", "DATABASE_URL", "CACHE_URL"];

/// Before the name of any setting.
const PREFIX: &str = "NUAGES_";

pub(super) fn apply(sources: &Sources, settings: &mut Settings, errors: &mut Vec<ConfigurationError>) {
    let plain = PLAIN.into_iter().filter_map(|name| Some((name.to_owned(), name, sources.get(name)?)));
    let prefixed = sources.prefixed(PREFIX).into_iter();
    let prefixed = prefixed.map(|(name, value)| (format!("{PREFIX}{name}"), name, value));
    for (variable, name, value) in plain.chain(prefixed) {
        if let Err(message) = set(settings, name, value) {
            errors.push(ConfigurationError::in_variable(&variable, message));
        }
    }
}

fn set(settings: &mut Settings, name: &str, value: &OsStr) -> Result<(), String> {
    let text = value.to_str().ok_or("is not UTF-8")?;
    settings.set_text(name, text).map_err(|error| error.to_string())?;
    if name == "CACHE_URL" {
        // The environment goes before the file, whichever way the file names the default cache.
        settings.CACHES.remove(DEFAULT_CACHE_ALIAS);
    }
    Ok(())
}
