//! Django's `CACHES`: caches by alias.

use std::collections::BTreeMap;
use std::fmt;

use super::value::{ConnectionUrl, FromSetting, SettingError, SettingValue};

/// One cache of `CACHES`, under Django's names and with Django's defaults.
///
/// ```
/// use nuages_http::{CacheSetting, Settings};
///
/// let sessions = CacheSetting { TIMEOUT: None, ..CacheSetting::new("redis", ["redis://localhost:6379/1"]) };
/// let settings = Settings { CACHES: [("sessions".to_owned(), sessions)].into(), ..Settings::default() };
/// assert_eq!(settings.CACHES["sessions"].VERSION, 1);
/// ```
#[derive(Clone, PartialEq, Eq)]
#[expect(non_snake_case, reason = "the names are Django's")]
pub struct CacheSetting {
    /// Which kind: `locmem`, `file`, `db`, `redis`, `memcached`, `dummy`, or the dotted path of Django's class.
    pub BACKEND: String,
    /// Where: a folder, a table, servers. A file may give one text instead of a list.
    pub LOCATION: Vec<ConnectionUrl>,
    /// How many seconds a value lives by default; none (in a file `"none"` or false): for ever.
    pub TIMEOUT: Option<i64>,
    /// What every key begins with.
    pub KEY_PREFIX: String,
    /// The version of every key.
    pub VERSION: i64,
    /// What else the backend takes: `MAX_ENTRIES`, `CULL_FREQUENCY`, `SERIALIZER`.
    pub OPTIONS: BTreeMap<String, String>,
}

const MEMBERS: &str = "BACKEND, LOCATION, TIMEOUT, KEY_PREFIX, VERSION and OPTIONS";

impl CacheSetting {
    /// A cache of this backend at these locations.
    pub fn new(backend: &str, locations: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        Self {
            BACKEND: backend.to_owned(),
            LOCATION: locations.into_iter().map(|location| location.as_ref().into()).collect(),
            TIMEOUT: Some(300),
            KEY_PREFIX: String::new(),
            VERSION: 1,
            OPTIONS: BTreeMap::new(),
        }
    }

    fn set(&mut self, name: &str, value: &SettingValue) -> Result<(), SettingError> {
        match name {
            "BACKEND" => self.BACKEND = FromSetting::from_value(value)?,
            "LOCATION" => {
                self.LOCATION = match value {
                    SettingValue::Text(text) => vec![text.as_str().into()],
                    list => FromSetting::from_value(list)?,
                }
            }
            "TIMEOUT" => self.TIMEOUT = FromSetting::from_value(value)?,
            "KEY_PREFIX" => self.KEY_PREFIX = FromSetting::from_value(value)?,
            "VERSION" => self.VERSION = FromSetting::from_value(value)?,
            "OPTIONS" => self.OPTIONS = options(value)?,
            "KEY_FUNCTION" => {
                return Err(SettingError::new("is code, which no file holds: give it to App::caches"));
            }
            _ => return Err(SettingError::new(format!("is not known; a cache has {MEMBERS}"))),
        }
        Ok(())
    }
}

/// The options' values stay hidden: a password may be among them.
impl fmt::Debug for CacheSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CacheSetting")
            .field("BACKEND", &self.BACKEND)
            .field("LOCATION", &self.LOCATION)
            .field("TIMEOUT", &self.TIMEOUT)
            .field("KEY_PREFIX", &self.KEY_PREFIX)
            .field("VERSION", &self.VERSION)
            .field("OPTIONS", &self.OPTIONS.keys().collect::<Vec<_>>())
            .finish()
    }
}

fn options(value: &SettingValue) -> Result<BTreeMap<String, String>, SettingError> {
    let SettingValue::Table(entries) = value else {
        return Err(SettingError::new("takes a table, such as { MAX_ENTRIES = 1000 }"));
    };
    let text = |(name, value): &(String, SettingValue)| {
        let text = match value {
            SettingValue::Text(text) => text.clone(),
            SettingValue::Integer(number) => number.to_string(),
            SettingValue::Bool(flag) => flag.to_string(),
            _ => return Err(SettingError::new(format!("{name} takes text, a whole number, true or false"))),
        };
        Ok((name.clone(), text))
    };
    entries.iter().map(text).collect()
}

impl FromSetting for BTreeMap<String, CacheSetting> {
    const TAKES: &'static str = "a table for each cache, such as [CACHES.default] with a BACKEND";

    fn from_value(value: &SettingValue) -> Result<Self, SettingError> {
        let SettingValue::Table(caches) = value else {
            return Err(SettingError::new(format!("takes {}", Self::TAKES)));
        };
        let mut read = Self::new();
        for (alias, members) in caches {
            let SettingValue::Table(members) = members else {
                return Err(SettingError::new(format!("{alias} takes a table with {MEMBERS}")));
            };
            let mut cache = CacheSetting::new("", [""; 0]);
            for (name, value) in members {
                let named = |error| SettingError::new(format!("{alias}.{name} {error}"));
                cache.set(name, value).map_err(named)?;
            }
            if cache.BACKEND.is_empty() {
                return Err(SettingError::new(format!("{alias} needs a BACKEND, such as \"locmem\"")));
            }
            read.insert(alias.clone(), cache);
        }
        Ok(read)
    }

    fn from_text(_text: &str) -> Result<Self, SettingError> {
        Err(SettingError::new(
            "is a table of settings.toml; the environment has CACHE_URL for the default cache",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(entries: &[(&str, SettingValue)]) -> SettingValue {
        SettingValue::Table(entries.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
    }

    fn text(text: &str) -> SettingValue {
        SettingValue::Text(text.to_owned())
    }

    fn read(members: &[(&str, SettingValue)]) -> Result<CacheSetting, SettingError> {
        let caches = table(&[("a", table(members))]);
        let mut caches = <BTreeMap<String, CacheSetting>>::from_value(&caches)?;
        caches.remove("a").ok_or_else(|| SettingError::new("lost"))
    }

    #[test]
    fn members() {
        let bare = read(&[("BACKEND", text("locmem"))]).unwrap();
        assert_eq!(bare, CacheSetting::new("locmem", [""; 0]));
        assert_eq!((bare.TIMEOUT, bare.VERSION), (Some(300), 1));
        let full = read(&[
            ("BACKEND", text("redis")),
            ("LOCATION", SettingValue::List(vec![text("redis://:hunter2@a"), text("redis://b")])),
            ("TIMEOUT", text("none")),
            ("KEY_PREFIX", text("p")),
            ("VERSION", SettingValue::Integer(2)),
            ("OPTIONS", table(&[("MAX_ENTRIES", SettingValue::Integer(5)), ("password", text("hunter2"))])),
        ])
        .unwrap();
        assert_eq!(full.TIMEOUT, None);
        assert_eq!(full.LOCATION.len(), 2);
        assert_eq!(full.OPTIONS["MAX_ENTRIES"], "5");
        assert!(!format!("{full:?}").contains("hunter2"), "{full:?}");
        let one = read(&[("BACKEND", text("file")), ("LOCATION", text("/a"))]).unwrap();
        assert_eq!(one.LOCATION, ["/a".into()]);
    }

    #[test]
    fn mistakes_name_their_place() {
        let backend = ("BACKEND", text("locmem"));
        let table = [
            (read(&[]), "a needs a BACKEND"),
            (read(&[backend.clone(), ("TIMEOUT", text("long"))]), "a.TIMEOUT takes a whole number"),
            (read(&[backend.clone(), ("TIMOUT", text("1"))]), "a.TIMOUT is not known; a cache has BACKEND"),
            (read(&[backend.clone(), ("KEY_FUNCTION", text("f"))]), "App::caches"),
            (read(&[backend.clone(), ("OPTIONS", text("x"))]), "a.OPTIONS takes a table"),
            (read(&[backend, ("OPTIONS", table(&[("X", table(&[]))]))]), "a.OPTIONS X takes text"),
        ];
        for (outcome, expected) in table {
            let message = outcome.unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
        }
    }
}
