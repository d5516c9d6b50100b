//! Relative paths begin at the base folder, wherever the process was started.

use std::path::Path;

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
    fn session_folders() {
        for (path, expected) in [("sessions", "/srv/sessions"), ("/tmp/s", "/tmp/s"), ("", "/srv/")] {
            let mut settings = Settings { SESSION_FILE_PATH: Some(path.to_owned()), ..Settings::default() };
            resolve(&mut settings, Path::new("/srv")).unwrap();
            assert_eq!(settings.SESSION_FILE_PATH.as_deref(), Some(expected));
        }
    }
}
