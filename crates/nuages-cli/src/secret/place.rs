//! Where a project's SECRET_KEY stands, and how a new one gets there.

use std::path::{Path, PathBuf};

use toml_edit::{Array, DocumentMut, Item, Value};
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::files;

const KEY: &str = "SECRET_KEY";
const FALLBACKS: &str = "SECRET_KEY_FALLBACKS";

/// A file with a key. Its text holds secrets, so no message quotes it.
#[derive(Debug)]
pub(super) struct Place {
    kind: Kind,
    path: PathBuf,
    text: Zeroizing<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// `.env`: variables, a line each.
    Variables,
    /// `settings.toml`.
    Settings,
    /// `.secret_key`: the key, then the former ones, a line each.
    KeyFile,
}

impl Place {
    /// The place that the site reads, of a project in this folder; `is_set` tells of a variable of the environment.
    ///
    /// # Errors
    /// The key is in the environment, or there is none.
    pub(super) fn find(folder: &Path, is_set: impl Fn(&str) -> bool) -> Result<Self, Failure> {
        for name in [KEY, FALLBACKS, "NUAGES_SECRET_KEY", "NUAGES_SECRET_KEY_FALLBACKS"] {
            if is_set(name) {
                return Err(Failure::new(format_args!(
                    "{name} is set in the environment, which goes before every file: where it is set, put the value of \
                     {KEY} before those of {FALLBACKS}, separated by commas, and a new one (`nuages secret generate`) in {KEY}"
                )));
            }
        }
        let places =
            [(Kind::Variables, ".env"), (Kind::Settings, "settings.toml"), (Kind::KeyFile, ".secret_key")];
        for (kind, name) in places {
            let path = folder.join(name);
            let text = match std::fs::read_to_string(&path) {
                Ok(text) => Zeroizing::new(text),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                Err(error) => return Err(Failure::at(&path, "cannot be read", &error)),
            };
            let place = Self { kind, path, text };
            if place.has_key()? {
                return Ok(place);
            }
        }
        Err(Failure::new(
            "there is no SECRET_KEY in .env, settings.toml or .secret_key; with DEBUG the site makes one when it runs, else: nuages secret generate",
        ))
    }

    fn has_key(&self) -> Result<bool, Failure> {
        Ok(match self.kind {
            Kind::Variables => {
                self.text.lines().any(|line| variable(line).is_some_and(|(name, _)| name == KEY))
            }
            Kind::Settings => self.document()?.contains_key(KEY),
            Kind::KeyFile => !self.text.trim().is_empty(),
        })
    }

    /// Writes the key that `make` gives for the former one, and keeps that as a fallback; gives the file.
    ///
    /// # Errors
    /// The file is not as it should be, or cannot be written.
    pub(super) fn rotate(&self, make: impl FnOnce(&str) -> Zeroizing<String>) -> Result<&Path, Failure> {
        let text = match self.kind {
            Kind::Variables => self.in_variables(make)?,
            Kind::Settings => self.in_settings(make)?,
            Kind::KeyFile => {
                let former = self.text.lines().next().unwrap_or_default().trim_end();
                Zeroizing::new(format!("{}\n{}\n", &*make(former), self.text.trim()))
            }
        };
        files::replace(&self.path, text.as_bytes())?;
        Ok(&self.path)
    }

    fn document(&self) -> Result<DocumentMut, Failure> {
        // Only its position: the error's own text quotes the line.
        self.text.parse().map_err(|error: toml_edit::TomlError| {
            let before = self.text.get(..error.span().map_or(0, |span| span.start)).unwrap_or_default();
            let line = before.matches('\n').count().saturating_add(1);
            Failure::new(format_args!("{}:{line}: is not TOML: {}", self.path.display(), error.message()))
        })
    }

    fn in_settings(
        &self,
        make: impl FnOnce(&str) -> Zeroizing<String>,
    ) -> Result<Zeroizing<String>, Failure> {
        let wrong = |name, what| {
            Failure::new(format_args!("{}: {name} is no {what}; correct it first", self.path.display()))
        };
        let mut document = self.document()?;
        let Some(Value::String(former)) = document.get(KEY).and_then(Item::as_value).cloned() else {
            return Err(wrong(KEY, "text"));
        };
        let mut value = Value::from(make(former.value()).as_str());
        // A comment behind the key stays behind it.
        *value.decor_mut() = former.decor().clone();
        if let Some(item) = document.get_mut(KEY) {
            *item = Item::Value(value);
        }
        let fallbacks = document.entry(FALLBACKS).or_insert_with(|| Item::Value(Array::new().into()));
        let fallbacks = fallbacks.as_array_mut().ok_or_else(|| wrong(FALLBACKS, "list"))?;
        fallbacks.insert(0, former.value().as_str());
        if let Some(next) = fallbacks.get_mut(1)
            && next.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default().is_empty()
        {
            next.decor_mut().set_prefix(" ");
        }
        Ok(Zeroizing::new(document.to_string()))
    }

    fn in_variables(
        &self,
        make: impl FnOnce(&str) -> Zeroizing<String>,
    ) -> Result<Zeroizing<String>, Failure> {
        let value_of = |wanted: &str| {
            let found = self.text.lines().filter_map(variable).find(|(name, _)| *name == wanted);
            found.map(|(_, value)| value.trim_matches(['"', '\'']))
        };
        let former = value_of(KEY).unwrap_or_default();
        if former.contains(',') {
            return Err(Failure::new(format_args!(
                "{}: the present key has a comma, which separates the keys of {FALLBACKS} there; move the keys to settings.toml",
                self.path.display()
            )));
        }
        let (key, mut text) = (make(former), Zeroizing::new(String::new()));
        for line in self.text.lines() {
            match variable(line) {
                Some((KEY, _)) => {
                    let older = value_of(FALLBACKS).filter(|older| !older.is_empty());
                    let older = older.map(|older| format!(",{older}")).unwrap_or_default();
                    text.push_str(&format!("{KEY}={}\n{FALLBACKS}={former}{older}\n", &*key));
                }
                Some((FALLBACKS, _)) => {}
                _ => {
                    text.push_str(line);
                    text.push('\n');
                }
            }
        }
        Ok(text)
    }
}

fn variable(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let (name, value) = line.split_once('=').filter(|_| !line.starts_with('#'))?;
    Some((name.trim(), value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rotated(name: &str, text: &str) -> Result<String, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let place = Place::find(folder.path(), |_| false).map_err(|error| error.to_string())?;
        place
            .rotate(|former| Zeroizing::new(format!("after-{former}")))
            .map_err(|error| error.to_string())?;
        Ok(std::fs::read_to_string(&path).unwrap())
    }

    #[test]
    fn the_key_is_replaced_where_it_stands() {
        for (name, before, after) in [
            (".secret_key", "one", "after-one\none\n"),
            (".secret_key", "two\none\n", "after-two\ntwo\none\n"),
            (
                "settings.toml",
                "# top\nSECRET_KEY = \"one\" # keep\nDEBUG = true\n[CACHES.default]\nBACKEND = \"locmem\"\n",
                "# top\nSECRET_KEY = \"after-one\" # keep\nDEBUG = true\nSECRET_KEY_FALLBACKS = [\"one\"]\n[CACHES.default]\nBACKEND = \"locmem\"\n",
            ),
            (
                "settings.toml",
                "SECRET_KEY_FALLBACKS = [\"zero\"]\nSECRET_KEY = 'one'\n",
                "SECRET_KEY_FALLBACKS = [\"one\", \"zero\"]\nSECRET_KEY = \"after-one\"\n",
            ),
            (
                ".env",
                "# x\nA=1\nSECRET_KEY='one'\nB=2",
                "# x\nA=1\nSECRET_KEY=after-one\nSECRET_KEY_FALLBACKS=one\nB=2\n",
            ),
            (
                ".env",
                "SECRET_KEY_FALLBACKS=zero,minus\nSECRET_KEY=one\n",
                "SECRET_KEY=after-one\nSECRET_KEY_FALLBACKS=one,zero,minus\n",
            ),
        ] {
            assert_eq!(rotated(name, before).unwrap(), after, "{name}: {before}");
        }
    }

    #[test]
    fn what_cannot_be_rotated_shows_no_key() {
        for (name, text, part) in [
            ("settings.toml", "SECRET_KEY = \"hush", "settings.toml:1: is not TOML"),
            ("settings.toml", "SECRET_KEY = [\"hush\"]", "SECRET_KEY is no text"),
            (
                "settings.toml",
                "SECRET_KEY = \"hush\"\nSECRET_KEY_FALLBACKS = \"hush\"",
                "SECRET_KEY_FALLBACKS is no list",
            ),
            (".env", "SECRET_KEY=hush,hush", "has a comma"),
            (".secret_key", "\n", "there is no SECRET_KEY"),
            ("other", "", "there is no SECRET_KEY"),
        ] {
            let error = rotated(name, text).unwrap_err();
            assert!(error.contains(part) && !error.contains("hush"), "{error}");
        }
    }

    #[test]
    fn the_environment_goes_first() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(".secret_key"), "one\n").unwrap();
        for name in ["SECRET_KEY", "SECRET_KEY_FALLBACKS", "NUAGES_SECRET_KEY"] {
            let error = Place::find(folder.path(), |variable| variable == name).unwrap_err().to_string();
            assert!(error.starts_with(&format!("{name} is set in the environment")), "{error}");
        }
    }
}
