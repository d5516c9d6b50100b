//! Django's settings, put into the words of ours.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::answer::Answer;
use super::{Shared, caches, database, direct, middleware, reasons};
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
    let fallbacks = translation.answer.get("SECRET_KEY_FALLBACKS").as_array().into_iter().flatten();
    let keys: Vec<&str> = [translation.answer.get("SECRET_KEY")]
        .into_iter()
        .chain(fallbacks)
        .filter_map(Value::as_str)
        .collect();
    let fits = |key: &&str| !key.is_empty() && key.trim() == *key && !key.contains(['\n', '\r']);
    match keys.first() {
        Some(key) if fits(key) => {}
        _ => {
            return Err(Failure::new(
                "Django's SECRET_KEY is empty, no text, or has spaces at its ends; without it nothing can be shared",
            ));
        }
    }
    let mut text = String::new();
    for key in keys.iter().filter(|key| fits(key)) {
        text.push_str(key);
        text.push('\n');
    }
    let older = keys.len().saturating_sub(1);
    translation.taken(match older {
        0 => "SECRET_KEY, in .secret_key".to_owned(),
        _ => format!("SECRET_KEY and {older} of SECRET_KEY_FALLBACKS, in .secret_key"),
    });
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
        Value::Number(number) => number.as_i64()?.into(),
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
    }

    #[test]
    fn a_remark_stays_a_remark() {
        let shared = translated(serde_json::json!({"A\nDEBUG = true\n#": 1}));
        assert!(!shared.settings.lines().any(|line| line.starts_with("DEBUG")), "{}", shared.settings);
    }
}
