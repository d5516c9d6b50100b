//! How important a message is.

/// How important a message is (`django.contrib.messages.constants`): a number, so that a project may have levels of its
/// own between and beyond these.
///
/// ```
/// use nuages_contrib::messages::Level;
/// assert!(Level::ERROR > Level::WARNING && Level::new(55) > Level::ERROR);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[doc(alias = "MESSAGE_LEVEL")]
#[doc(alias = "DEFAULT_LEVELS")]
pub struct Level(i64);

impl Level {
    /// For developers; not recorded unless `MESSAGE_LEVEL` is lowered to 10.
    pub const DEBUG: Self = Self(10);
    /// For users: what happened.
    pub const INFO: Self = Self(20);
    /// What a user did has worked.
    pub const SUCCESS: Self = Self(25);
    /// Something has not failed yet, but may soon.
    pub const WARNING: Self = Self(30);
    /// What a user did has not worked.
    pub const ERROR: Self = Self(40);

    /// A level of the project's own.
    #[must_use]
    pub const fn new(number: i64) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }

    /// The tag that messages of this level have unless `MESSAGE_TAGS` says otherwise; none for levels of a project's own.
    #[must_use]
    pub fn default_tag(self) -> &'static str {
        match self {
            Self::DEBUG => "debug",
            Self::INFO => "info",
            Self::SUCCESS => "success",
            Self::WARNING => "warning",
            Self::ERROR => "error",
            _ => "",
        }
    }
}

impl From<i64> for Level {
    fn from(number: i64) -> Self {
        Self(number)
    }
}
