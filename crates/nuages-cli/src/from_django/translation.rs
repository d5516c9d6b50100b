//! Django's settings, put into the words of ours.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::answer::Answer;
use super::{Shared, caches, database, direct, middleware, reasons, sessions};
use crate::failure::Failure;

/// What has been translated so far.
pub(super) struct Translation<'a> {
    pub(super) answer: &'a Answer,
    /// The folder in which Django runs, where its relative paths begin.
    pub(super) folder: &'a Path,
    lines: Vec<String>,
    tables: Vec<String>,
    variables: Vec<String>,
    features: Vec<&'static str>,
    taken: Vec<String>,
    left: Vec<(String, String)>,
}

impl Translation<'_> {
    /// A setting of ours, from a value of JSON that TOML has as well.
    pub(super) fn set(&mut self, name: &str, value: impl Into<toml_edit::Value>) {
        self.lines.push(format!("{name} = {}", value.into().to_string().trim()));
    }

    /// A remark above the next setting.
    pub(super) fn remark(&mut self, text: impl Display) {
        self.lines.push(format!("# {text}"));
    }

    /// A table of its own, below the settings.
    pub(super) fn table(&mut self, text: String) {
        self.tables.push(text);
    }

    /// A value that no file of the sources should have.
    pub(super) fn variable(&mut self, name: &str, value: &str) {
        self.variables.push(format!("{name}={value}"));
    }

    pub(super) fn feature(&mut self, name: &'static str) {
        if !self.features.contains(&name) {
            self.features.push(name);
        }
    }

    pub(super) fn taken(&mut self, line: impl Display) {
        self.taken.push(line.to_string());
    }

    pub(super) fn leave(&mut self, name: impl Display, why: impl Display) {
        self.left.push((name.to_string(), why.to_string()));
    }

    /// Whether something of this name is not taken over.
    pub(super) fn is_left(&self, name: &str) -> bool {
        self.left.iter().any(|(left, _)| left == name)
    }

    /// A path of Django's, from the root.
    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }
}

/// Translates all of it.
pub(super) fn translate(answer: &Answer, folder: &Path) -> Result<Shared, Failure> {
    let mut translation = Translation {
        answer,
        folder,
        lines: Vec::new(),
        tables: Vec::new(),
        variables: Vec::new(),
        features: Vec::new(),
        taken: Vec::new(),
        left: Vec::new(),
    };
    let secret_key = keys(&mut translation)?;
    direct::translate(&mut translation);
    database::translate(&mut translation);
    caches::translate(&mut translation);
    sessions::translate(&mut translation);
    middleware::translate(&mut translation);
    reasons::translate(&mut translation);
    translation.taken("cookies, CSRF tokens and messages, by the same names and in the same form");
    let settings = written(&translation);
    let Translation { variables, features, taken, left, .. } = translation;
    let variables = match variables.is_empty() {
        true => String::new(),
        false => format!(
            "# What holds a password. The command `nuages` sets it; git ignores this file.\n{}\n",
            variables.join("\n")
        ),
    };
    Ok(Shared { django: answer.django.clone(), settings, secret_key, variables, features, taken, left })
}

/// SECRET_KEY and its fallbacks, a line each.
fn keys(translation: &mut Translation<'_>) -> Result<String, Failure> {
    let answer = translation.answer;
    let fits = |key: &&str| !key.is_empty() && key.trim() == *key && !key.contains(['\n', '\r']);
    let Some(key) = answer.get("SECRET_KEY").as_str().filter(fits) else {
        return Err(Failure::new(
            "Django's SECRET_KEY is empty, no text, has several lines, or spaces at its ends; nothing can be shared without it, so \
             give Django another, and keep the present one in its SECRET_KEY_FALLBACKS",
        ));
    };
    let fallbacks = answer.get("SECRET_KEY_FALLBACKS").as_array().map(Vec::as_slice).unwrap_or_default();
    let older: Vec<&str> = fallbacks.iter().filter_map(Value::as_str).filter(fits).collect();
    let text = [&[key], older.as_slice()].concat().join("\n") + "\n";
    translation.taken(match older.len() {
        0 => "SECRET_KEY, in .secret_key".to_owned(),
        count => format!("SECRET_KEY and {count} of SECRET_KEY_FALLBACKS, in .secret_key"),
    });
    let odd = fallbacks.len().saturating_sub(older.len());
    if odd > 0 {
        translation.leave(
            "SECRET_KEY_FALLBACKS",
            format_args!("{odd} of them are empty, no text, have several lines, or spaces at their ends; what they signed is not read"),
        );
    }
    Ok(text)
}

/// The text of `settings.toml`.
fn written(translation: &Translation<'_>) -> String {
    let Answer { django, module, .. } = translation.answer;
    let mut text = format!(
        "# Settings that are shared with a Django project: those of its module {}, as Django {} has them.\n\
         # SECRET_KEY is in .secret_key{}; git ignores that.\n\n",
        one_line(module),
        one_line(django),
        if translation.variables.is_empty() { "" } else { ", what holds a password in .env" }
    );
    for line in &translation.lines {
        text.push_str(line);
        text.push('\n');
    }
    if !translation.left.is_empty() {
        text.push_str("\n# Not taken over:\n");
        for (name, why) in &translation.left {
            text.push_str(&format!("# - {}: {}\n", one_line(name), one_line(why)));
        }
    }
    for table in &translation.tables {
        text.push('\n');
        text.push_str(table);
    }
    text
}

/// A comment ends with its line.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A value of JSON as TOML has it; there is no null and no code in it.
pub(super) fn toml(value: &Value) -> Option<toml_edit::Value> {
    Some(match value {
        Value::Bool(value) => (*value).into(),
        // 60 * 60 * 1.5 is a whole number too.
        Value::Number(number) => match number.as_f64() {
            Some(value) if number.is_f64() && value.fract() == 0.0 && value.abs() < 1e15 => {
                (value as i64).into()
            }
            _ => number.as_i64()?.into(),
        },
        Value::String(text) => text.as_str().into(),
        Value::Array(items) => {
            let items: Option<Vec<toml_edit::Value>> = items.iter().map(toml).collect();
            toml_edit::Value::Array(items?.into_iter().collect())
        }
        Value::Null | Value::Object(_) => return None,
    })
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// What becomes of these settings, all of which the project sets by itself, beside a key.
    pub(in super::super) fn translated(settings: Value) -> Shared {
        let mut settings = settings.as_object().cloned().unwrap_or_default();
        let explicit: BTreeSet<String> = settings.keys().cloned().collect();
        settings.entry("SECRET_KEY").or_insert("the key of a Django project".into());
        let answer = Answer { django: "5.2".into(), module: "site.settings".into(), explicit, settings };
        let shared = translate(&answer, Path::new("/srv/django")).unwrap();
        shared.settings.parse::<toml_edit::DocumentMut>().unwrap();
        shared
    }

    #[test]
    fn keys_are_kept_apart() {
        let shared = translated(
            serde_json::json!({"SECRET_KEY": "now # \"x\"", "SECRET_KEY_FALLBACKS": ["before", "", " odd"]}),
        );
        assert_eq!(shared.secret_key, "now # \"x\"\nbefore\n");
        assert!(!shared.settings.contains("before") && !shared.settings.contains("now #"));
        assert!(shared.taken[0].contains("and 1 of SECRET_KEY_FALLBACKS"), "{}", shared.taken[0]);
        assert!(shared.left[0].1.starts_with("2 of them are empty"), "{:?}", shared.left);
    }

    #[test]
    fn a_fallback_is_no_key() {
        for key in [serde_json::json!({"__code__": "site.Key"}), "two\nlines".into(), " ".into(), Value::Null]
        {
            let settings = serde_json::json!({"SECRET_KEY": key, "SECRET_KEY_FALLBACKS": ["former"]});
            let answer = Answer {
                django: "5.2".into(),
                module: "site.settings".into(),
                explicit: BTreeSet::new(),
                settings: settings.as_object().cloned().unwrap_or_default(),
            };
            let error = translate(&answer, Path::new("/srv/django")).err().unwrap().to_string();
            assert!(error.contains("give Django another"), "{error}");
        }
    }

    #[test]
    fn a_remark_stays_a_remark() {
        let shared = translated(serde_json::json!({"A\nDEBUG = true\n#": 1}));
        assert!(!shared.settings.lines().any(|line| line.starts_with("DEBUG")), "{}", shared.settings);
    }
}
