//! A folder of static files.

use super::value::{FromSetting, SettingError, SettingValue};

/// One entry of `STATICFILES_DIRS`: a folder, and under which prefix its files are found.
///
/// ```
/// use nuages_http::{Settings, StaticDir};
/// let mut settings = Settings::default();
/// settings.set_text("STATICFILES_DIRS", "assets,vendor=/srv/vendor")?;
/// assert_eq!(settings.STATICFILES_DIRS[1], StaticDir { prefix: "vendor".into(), path: "/srv/vendor".into() });
/// # Ok::<(), nuages_http::SettingError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaticDir {
    /// What stands before the names of its files, without a slash at the end; empty for nothing.
    pub prefix: String,
    /// The folder.
    pub path: String,
}

/// The text `folder`, the list `["prefix", "folder"]`, or the text `prefix=folder`.
impl FromSetting for StaticDir {
    const TAKES: &'static str = "a folder, or a prefix and a folder such as [\"vendor\", \"/srv/vendor\"]";

    fn from_value(value: &SettingValue) -> Result<Self, SettingError> {
        match value {
            SettingValue::Text(text) => Self::from_text(text),
            SettingValue::List(items) => match items.as_slice() {
                [SettingValue::Text(prefix), SettingValue::Text(path)] => {
                    Ok(Self { prefix: prefix.clone(), path: path.clone() })
                }
                _ => Err(SettingError::new(format!("takes {}", Self::TAKES))),
            },
            _ => Err(SettingError::new(format!("takes {}", Self::TAKES))),
        }
    }

    fn from_text(text: &str) -> Result<Self, SettingError> {
        let (prefix, path) = text.split_once('=').unwrap_or(("", text));
        if path.is_empty() {
            return Err(SettingError::new(format!("takes {}", Self::TAKES)));
        }
        Ok(Self { prefix: prefix.to_owned(), path: path.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        let plain = StaticDir { prefix: String::new(), path: "assets".into() };
        let prefixed = StaticDir { prefix: "vendor".into(), path: "/srv".into() };
        let text = |text: &str| SettingValue::Text(text.into());
        assert_eq!(StaticDir::from_value(&text("assets")), Ok(plain));
        assert_eq!(StaticDir::from_text("vendor=/srv"), Ok(prefixed.clone()));
        assert_eq!(
            StaticDir::from_value(&SettingValue::List(vec![text("vendor"), text("/srv")])),
            Ok(prefixed)
        );
        for wrong in
            [text(""), text("vendor="), SettingValue::List(vec![text("a")]), SettingValue::Integer(1)]
        {
            assert!(StaticDir::from_value(&wrong).is_err(), "{wrong:?}");
        }
    }
}
