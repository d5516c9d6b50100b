//! Where a project's SECRET_KEY stands, and how a new one gets there.

use std::path::{Path, PathBuf};

use toml_edit::{Array, DocumentMut, Item, Value};
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::{environment_file, files};

const KEY: &str = "SECRET_KEY";
const FALLBACKS: &str = "SECRET_KEY_FALLBACKS";

/// The same by the names of every setting, which go before the short ones.
const PREFIXED: [&str; 2] = ["NUAGES_SECRET_KEY", "NUAGES_SECRET_KEY_FALLBACKS"];

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
    /// The key is in the environment, or there is none, or a new one there would not be read, or hide the former ones.
    pub(super) fn find(folder: &Path, is_set: impl Fn(&str) -> bool) -> Result<Self, Failure> {
        for name in [KEY, FALLBACKS].into_iter().chain(PREFIXED) {
            if is_set(name) {
                return Err(Failure::new(format_args!(
                    "{name} is set in the environment, which goes before every file: where it is set, put the value of \
                     {KEY} before those of {FALLBACKS}, separated by commas, and a new one (`nuages secret generate`) in {KEY}"
                )));
            }
        }
        let variables = Self::read(Kind::Variables, folder.join(environment_file::NAME))?;
        let settings = Self::read(Kind::Settings, folder.join("settings.toml"))?;
        variables.refuse_what_is_unclear()?;
        let (key, fallbacks) = (variables.variable(KEY)?, variables.variable(FALLBACKS)?);
        let in_settings = settings.document()?;
        if key.as_ref().is_some_and(|key| !key.is_empty()) {
            if fallbacks.is_none() && in_settings.contains_key(FALLBACKS) {
                return Err(elsewhere(&settings.path, &variables.path, ", separated by commas"));
            }
            return Ok(variables);
        }
        // An empty variable hides the setting all the same.
        if key.is_none() && in_settings.get(KEY).is_some_and(|key| key.as_str() != Some("")) {
            if fallbacks.is_some() {
                return Err(elsewhere(&variables.path, &settings.path, ""));
            }
            return Ok(settings);
        }
        let key_file = Self::read(Kind::KeyFile, folder.join(".secret_key"))?;
        if !key_file.text.trim().is_empty() {
            return Ok(key_file);
        }
        Err(Failure::new(
            "there is no SECRET_KEY in .env, settings.toml or .secret_key; with DEBUG the site makes one when it runs, else: nuages secret generate",
        ))
    }

    /// A file; one that is not there is as good as empty.
    fn read(kind: Kind, path: PathBuf) -> Result<Self, Failure> {
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Self { kind, path, text: Zeroizing::new(text) }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Ok(Self { kind, path, text: Zeroizing::default() })
            }
            Err(error) => Err(Failure::at(&path, "cannot be read", &error)),
        }
    }

    /// Names that have the key in `.env` in a way in which a new one would not be the one that is read.
    fn refuse_what_is_unclear(&self) -> Result<(), Failure> {
        let variables = environment_file::read(&self.path, &self.text)?;
        let count = |wanted: &str| variables.iter().filter(|(name, _)| name == wanted).count();
        if let Some(name) = PREFIXED.into_iter().find(|name| count(name) > 0) {
            return Err(Failure::new(format_args!(
                "{}: {name} goes before every other place of a key; call it {} there, and try again",
                self.path.display(),
                name.trim_start_matches("NUAGES_")
            )));
        }
        match [KEY, FALLBACKS].into_iter().find(|name| count(name) > 1) {
            Some(name) => Err(Failure::new(format_args!(
                "{}: {name} is there more than once, and the last goes before the others; take them away, and try again",
                self.path.display()
            ))),
            None => Ok(()),
        }
    }

    /// The value of a variable of `.env`.
    fn variable(&self, wanted: &str) -> Result<Option<Zeroizing<String>>, Failure> {
        let variables = environment_file::read(&self.path, &self.text)?;
        let found = variables.into_iter().find(|(name, _)| name == wanted);
        Ok(found.map(|(_, value)| Zeroizing::new(value)))
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
                Zeroizing::new(format!("{}\n{}\n", &*make(former), self.text.trim_end()))
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
        let (key, older) = (self.variable(KEY)?, self.variable(FALLBACKS)?);
        let former = key.as_ref().map_or("", |key| key.as_str());
        if former.contains(',') {
            return Err(Failure::new(format_args!(
                "{}: the present key has a comma, which separates the keys of {FALLBACKS} there; move the keys to settings.toml",
                self.path.display()
            )));
        }
        let older = older.filter(|older| !older.is_empty());
        let older = Zeroizing::new(match &older {
            Some(older) => format!("{former},{}", older.as_str()),
            None => former.to_owned(),
        });
        let (key, mut text) = (make(former), Zeroizing::new(String::new()));
        for line in self.text.lines() {
            match name_of(line) {
                Some(KEY) => {
                    text.push_str(&format!("{KEY}={}\n{FALLBACKS}={}\n", &*key, &*as_value(&older)));
                }
                Some(FALLBACKS) => {}
                _ => {
                    text.push_str(line);
                    text.push('\n');
                }
            }
        }
        Ok(text)
    }
}

/// The fallbacks of one file would hide those of the other, and what these signed would not be read any more.
fn elsewhere(from: &Path, to: &Path, how: &str) -> Failure {
    Failure::new(format_args!(
        "the key is in {}, and {FALLBACKS} in {}; move them to where the key is{how}, and try again",
        to.display(),
        from.display()
    ))
}

/// The name of a variable, of a line that sets one.
fn name_of(line: &str) -> Option<&str> {
    let (name, _) = line.trim().split_once('=')?;
    Some(name.trim())
}

/// A value as it is read again: with quotes where what stands at its ends would be taken off.
fn as_value(value: &str) -> Zeroizing<String> {
    let is_odd = value.trim() != value || value.starts_with(['"', '\'']);
    Zeroizing::new(if is_odd { format!("\"{value}\"") } else { value.to_owned() })
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
            (".secret_key", " one\n\n", "after- one\n one\n"),
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
            (".env", "SECRET_KEY=\"one' \"\n", "SECRET_KEY=after-one' \nSECRET_KEY_FALLBACKS=\"one' \"\n"),
            (".env", "SECRET_KEY='a\"'\n", "SECRET_KEY=after-a\"\nSECRET_KEY_FALLBACKS=a\"\n"),
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
            (".env", "SECRET_KEY=hush\nSECRET_KEY=hush\n", ".env: SECRET_KEY is there more than once"),
            (".env", "NUAGES_SECRET_KEY=hush\n", ".env: NUAGES_SECRET_KEY goes before every other place"),
            (".env", "SECRET_KEY hush\n", ".env:1: is no NAME=value"),
            (".env", "SECRET_KEY=\n", "there is no SECRET_KEY"),
            ("settings.toml", "SECRET_KEY = \"\"\n", "there is no SECRET_KEY"),
            (".secret_key", "\n", "there is no SECRET_KEY"),
            ("other", "", "there is no SECRET_KEY"),
        ] {
            let error = rotated(name, text).unwrap_err();
            assert!(error.contains(part) && !error.contains("hush"), "{error}");
        }
    }

    /// Both are `SECRET_KEY` for the site; the fallbacks that it reads must be those that a rotation writes.
    #[test]
    fn no_former_key_is_hidden() {
        for (files, expected) in [
            (
                [(".env", "SECRET_KEY_FALLBACKS=zero"), ("settings.toml", "SECRET_KEY = 'one'")],
                Err("move them"),
            ),
            (
                [(".env", "SECRET_KEY=one"), ("settings.toml", "SECRET_KEY_FALLBACKS = ['zero']")],
                Err("move them"),
            ),
            ([(".env", "SECRET_KEY_FALLBACKS=zero"), (".secret_key", "one")], Ok(".secret_key")),
            ([(".env", "SECRET_KEY="), (".secret_key", "one")], Ok(".secret_key")),
            ([("settings.toml", "SECRET_KEY = ''"), (".secret_key", "one")], Ok(".secret_key")),
            ([(".env", "SECRET_KEY=two"), ("settings.toml", "SECRET_KEY = 'one'")], Ok(".env")),
        ] {
            let folder = tempfile::tempdir().unwrap();
            for (name, text) in files {
                std::fs::write(folder.path().join(name), text).unwrap();
            }
            match (Place::find(folder.path(), |_| false), expected) {
                (Ok(place), Ok(name)) => assert_eq!(place.path, folder.path().join(name), "{files:?}"),
                (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
                (found, _) => panic!("{files:?}: {found:?}"),
            }
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
