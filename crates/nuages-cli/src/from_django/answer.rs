//! What the Django project says of itself.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::failure::Failure;

/// Its settings. They hold secrets: no message quotes them.
#[derive(Deserialize)]
pub(super) struct Answer {
    pub(super) django: String,
    pub(super) module: String,
    /// Names of settings that the project sets by itself.
    pub(super) explicit: BTreeSet<String>,
    pub(super) settings: Map<String, Value>,
}

impl Answer {
    /// Finds the answer in what the command has written; other things may stand around it.
    pub(super) fn read(said: &str) -> Result<Self, Failure> {
        let json = said.split_once("<<<nuages").and_then(|(_, rest)| rest.rsplit_once("nuages>>>"));
        let (json, _) = json.ok_or_else(|| {
            Failure::new(
                "the Django project ran, but did not tell its settings; is its manage.py one of Django's?",
            )
        })?;
        serde_json::from_str(json).map_err(|error| {
            Failure::new(format_args!(
                "what the Django project tells is not understood ({:?})",
                error.classify()
            ))
        })
    }

    pub(super) fn get(&self, name: &str) -> &Value {
        self.settings.get(name).unwrap_or(&Value::Null)
    }

    pub(super) fn text(&self, name: &str) -> &str {
        self.get(name).as_str().unwrap_or_default()
    }

    pub(super) fn is_explicit(&self, name: &str) -> bool {
        self.explicit.contains(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_among_other_words() {
        let said = "5 objects imported\n\n<<<nuages{\"django\":\"5.2\",\"module\":\"m\",\"explicit\":[\"A\"],\"settings\":{\"A\":\"nuages>>>\"}}nuages>>>\nbye";
        let answer = Answer::read(said).unwrap();
        assert_eq!((answer.django.as_str(), answer.text("A"), answer.text("B")), ("5.2", "nuages>>>", ""));
        assert!(answer.is_explicit("A") && !answer.is_explicit("B"));
        let error = Answer::read("<<<nuages{\"django\":\"hush\"nuages>>>").err().unwrap().to_string();
        assert!(!error.contains("hush"), "{error}");
        assert!(Answer::read("nothing").is_err());
    }
}
