//! What `expires` takes.

use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};

/// When a cookie expires: a date and time, a text that is sent as it is, or `None` for not given.
///
/// From a date and time both `Max-Age` and `expires` are computed; a naive one is in UTC. A text is sent as it is and
/// leaves `Max-Age` alone.
///
/// ```
/// use chrono::{TimeDelta, Utc};
/// use nuages_cookies::{Expires, ResponseCookies};
///
/// let tomorrow = Expires::from(Utc::now() + TimeDelta::days(1));
/// let mut cookies = ResponseCookies::default();
/// cookies.set("theme", "dark").expires(tomorrow);
/// cookies.set("visits", 1).expires("Wed, 01 Jan 2031 00:00:00 GMT");
/// assert!(cookies.check().is_ok());
/// cookies.set("theme", "dark").expires(Utc::now()).max_age(60);
/// assert!(cookies.check().is_err(), "which of the two?");
/// ```
#[derive(Clone, Default, Debug)]
pub struct Expires(pub(crate) Moment);

#[derive(Clone, Default, Debug)]
pub(crate) enum Moment {
    #[default]
    Unset,
    /// The beginning of Unix time, which deletes a cookie.
    Epoch,
    Text(Box<str>),
    At(DateTime<Utc>),
}

impl<Tz: TimeZone> From<DateTime<Tz>> for Expires {
    fn from(moment: DateTime<Tz>) -> Self {
        Self(Moment::At(moment.to_utc()))
    }
}

impl From<NaiveDateTime> for Expires {
    fn from(moment: NaiveDateTime) -> Self {
        moment.and_utc().into()
    }
}

impl From<Option<DateTime<Utc>>> for Expires {
    fn from(moment: Option<DateTime<Utc>>) -> Self {
        moment.map_or_else(Self::default, Self::from)
    }
}

impl From<&str> for Expires {
    fn from(text: &str) -> Self {
        Self(Moment::Text(text.into()))
    }
}

impl From<String> for Expires {
    fn from(text: String) -> Self {
        Self(Moment::Text(text.into()))
    }
}

impl From<&String> for Expires {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}
