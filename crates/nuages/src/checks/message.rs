//! What a check says.

use std::fmt;

use clap::ValueEnum;

/// How grave a message is, as in Django.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
#[value(rename_all = "UPPER")]
pub(crate) enum Level {
    Debug,
    Info,
    Warning,
    Error,
    Critical,
}

impl Level {
    /// All levels, the gravest first.
    pub(crate) const ALL: [Self; 5] = [Self::Critical, Self::Error, Self::Warning, Self::Info, Self::Debug];

    /// The heading of messages of this level.
    pub(crate) fn heading(self) -> &'static str {
        match self {
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warning => "WARNINGS",
            Self::Error => "ERRORS",
            Self::Critical => "CRITICAL",
        }
    }
}

/// What a check has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) level: Level,
    pub(crate) id: &'static str,
    pub(crate) text: String,
    pub(crate) hint: String,
}

impl Message {
    pub(crate) fn error(id: &'static str, text: impl fmt::Display, hint: impl fmt::Display) -> Self {
        Self { level: Level::Error, id, text: text.to_string(), hint: hint.to_string() }
    }

    pub(crate) fn warning(id: &'static str, text: impl fmt::Display, hint: impl fmt::Display) -> Self {
        Self { level: Level::Warning, id, text: text.to_string(), hint: hint.to_string() }
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.id, self.text)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, "\n    hint: {}", self.hint) }
    }
}
