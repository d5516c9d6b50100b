//! Relative paths begin at the base folder, wherever the process was started.

use std::path::Path;

use nuages_cache::CacheBackend;
use nuages_http::{ConnectionUrl, Settings};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::error::ConfigurationError;

/// What has a meaning of its own in the path of a database URL.
const MEANINGFUL: &AsciiSet = &CONTROLS.add(b'%').add(b'?');

/// Makes the relative paths of the settings begin at `base`.
pub(super) fn resolve(settings: &mut Settings, base: &Path) -> Result<(), ConfigurationError> {
    for (name, path) in [
        ("SESSION_FILE_PATH", &mut settings.SESSION_FILE_PATH),
        ("FILE_UPLOAD_TEMP_DIR", &mut settings.FILE_UPLOAD_TEMP_DIR),
    ] {
        if let Some(path) = path.as_mut().filter(|path| Path::new(path).is_relative()) {
            *path = text(&base.join(&*path), name)?;
        }
    }
    if let Some(path) = &mut settings.STATIC_ROOT
        && Path::new(path).is_relative()
    {
        *path = text(&base.join(&*path), "STATIC_ROOT")?;
    }
    for folder in &mut settings.STATICFILES_DIRS {
        if Path::new(&folder.path).is_relative() {
            folder.path = text(&base.join(&folder.path), "STATICFILES_DIRS")?;
        }
    }
    for folder in settings.TEMPLATES.DIRS.iter_mut().chain([&mut settings.TEMPLATES.APPS]) {
        if Path::new(folder).is_relative() {
            *folder = text(&base.join(&*folder), "TEMPLATES")?;
        }
    }
    if let Some(rest) = relative_files(settings.CACHE_URL.as_str()) {
        let base = text(base, "CACHE_URL")?;
        let base = utf8_percent_encode(base.trim_end_matches('/'), MEANINGFUL);
        let url = format!("file://{base}/{rest}");
        settings.CACHE_URL = ConnectionUrl::from(url.as_str());
    }
    for (alias, cache) in &mut settings.CACHES {
        if !matches!(CacheBackend::parse(&cache.BACKEND), Ok(CacheBackend::File)) {
            continue;
        }
        for location in &mut cache.LOCATION {
            let path = Path::new(location.as_str());
            if path.is_relative() && !location.as_str().is_empty() {
                let path = text(&base.join(path), &format!("CACHES {alias}.LOCATION"))?;
                *location = ConnectionUrl::from(path.as_str());
            }
        }
    }
    if let Some(rest) = relative_sqlite(settings.DATABASE_URL.as_str()) {
        let base = text(base, "DATABASE_URL")?;
        let base = utf8_percent_encode(base.trim_end_matches('/'), MEANINGFUL);
        let url = format!("sqlite:///{base}/{rest}");
        settings.DATABASE_URL = ConnectionUrl::from(url.as_str());
    }
    Ok(())
}

fn text(path: &Path, setting: &str) -> Result<String, ConfigurationError> {
    let text = path.to_str().map(ToOwned::to_owned);
    text.ok_or_else(|| {
        ConfigurationError::of_setting(setting, "the name of its folder is not UTF-8; write an absolute path")
    })
}

/// What follows `file://` in the URL of a cache whose path is relative.
fn relative_files(url: &str) -> Option<&str> {
    let (scheme, path) = url.split_once("://")?;
    let is_relative = !path.is_empty() && !path.starts_with(['/', '?']);
    (scheme.eq_ignore_ascii_case("file") && is_relative).then_some(path)
}

/// What follows `sqlite:///` in the URL of a file whose path is relative.
fn relative_sqlite(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once(':')?;
    if !scheme.eq_ignore_ascii_case("sqlite") && !scheme.eq_ignore_ascii_case("sqlite3") {
        return None;
    }
    let path = rest.strip_prefix("///")?;
    let name = path.split('?').next().unwrap_or(path);
    let escaped_slash = name.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("%2F"));
    let is_relative = !name.is_empty() && name != ":memory:" && !name.starts_with('/') && !escaped_slash;
    is_relative.then_some(path)
}

#[cfg(test)]
mod tests {
    use nuages_http::CacheSetting;

    use super::*;

    #[test]
    fn database_files() {
        let table = [
            ("sqlite:///db.sqlite3", "sqlite:////srv/a b%3F%25/db.sqlite3"),
            (
                "SQLite3:///data/a%20b.sqlite3?timeout=5",
                "sqlite:////srv/a b%3F%25/data/a%20b.sqlite3?timeout=5",
            ),
            ("sqlite:////var/db.sqlite3", "sqlite:////var/db.sqlite3"),
            ("sqlite:///%2Fvar/db.sqlite3", "sqlite:///%2Fvar/db.sqlite3"),
            ("sqlite:///:memory:", "sqlite:///:memory:"),
            ("sqlite:///:memory:?timeout=1", "sqlite:///:memory:?timeout=1"),
            ("sqlite://:memory:", "sqlite://:memory:"),
            ("sqlite:///", "sqlite:///"),
            ("sqlite:///?timeout=1", "sqlite:///?timeout=1"),
            ("postgres://me@host/db", "postgres://me@host/db"),
            ("nonsense", "nonsense"),
        ];
        for (url, expected) in table {
            let mut settings = Settings { DATABASE_URL: url.into(), ..Settings::default() };
            resolve(&mut settings, Path::new("/srv/a b?%")).unwrap();
            assert_eq!(settings.DATABASE_URL.as_str(), expected, "{url}");
        }
    }

    #[test]
    fn cache_folders() {
        for (url, expected) in [
            ("file://var/cache?timeout=1", "file:///srv/a b%3F%25/var/cache?timeout=1"),
            ("FILE:///var/cache", "FILE:///var/cache"),
            ("file://", "file://"),
            ("locmem://", "locmem://"),
        ] {
            let mut settings = Settings { CACHE_URL: url.into(), ..Settings::default() };
            for (backend, location) in [("file", "cache"), ("filebased", "cache"), ("redis", "host:1")] {
                settings.CACHES.insert(backend.to_owned(), CacheSetting::new(backend, [location]));
            }
            resolve(&mut settings, Path::new("/srv/a b?%")).unwrap();
            assert_eq!(settings.CACHE_URL.as_str(), expected, "{url}");
            assert_eq!(settings.CACHES["file"].LOCATION, ["/srv/a b?%/cache".into()]);
            assert_eq!(settings.CACHES["redis"].LOCATION, ["host:1".into()]);
        }
    }

    #[test]
    fn session_folders() {
        for (path, expected) in [("sessions", "/srv/sessions"), ("/tmp/s", "/tmp/s"), ("", "/srv/")] {
            let mut settings = Settings { SESSION_FILE_PATH: Some(path.to_owned()), ..Settings::default() };
            resolve(&mut settings, Path::new("/srv")).unwrap();
            assert_eq!(settings.SESSION_FILE_PATH.as_deref(), Some(expected));
        }
    }
}
