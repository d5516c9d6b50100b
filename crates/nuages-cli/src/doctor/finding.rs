//! What was found out about one thing.

use std::fmt;

use crate::terminal;

/// One thing: good, or bad with what mends it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Finding {
    about: String,
    text: String,
    fix: Option<String>,
}

impl Finding {
    pub(super) fn good(about: impl Into<String>, text: impl fmt::Display) -> Self {
        Self { about: about.into(), text: text.to_string(), fix: None }
    }

    pub(super) fn bad(about: impl Into<String>, text: impl fmt::Display, fix: impl fmt::Display) -> Self {
        Self { about: about.into(), text: text.to_string(), fix: Some(fix.to_string()) }
    }

    pub(super) fn is_bad(&self) -> bool {
        self.fix.is_some()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.is_bad() { terminal::bad("bad") } else { terminal::good("ok ") };
        write!(f, "{verdict}  {:<11}  {}", self.about, self.text)?;
        self.fix.iter().try_for_each(|fix| write!(f, "\n     {:<11}  → {}", "", terminal::bold(fix)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ansi::to_plain;

    #[test]
    fn lines() {
        assert_eq!(
            to_plain(&Finding::good("port", "8000 is free").to_string()),
            "ok   port         8000 is free"
        );
        assert_eq!(
            to_plain(&Finding::bad("port", "8000 is taken", "nuages runserver 8001").to_string()),
            "bad  port         8000 is taken\n                  → nuages runserver 8001"
        );
    }
}
